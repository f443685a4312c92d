"""The program with its window: event loop, hooks, objects, shutdown. The only importer of qasync."""

import argparse
import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QTimer, QtMsgType, Signal, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from imagine_desktop import diagnostics, options, paths, secrets, settings
from imagine_desktop.api import profiles
from imagine_desktop.api.connection import Connection
from imagine_desktop.api.profiles import Choice
from imagine_desktop.domain import catalog
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.engine.engine import Engine
from imagine_desktop.engine.models import PriceLists
from imagine_desktop.engine.workshop import Patience
from imagine_desktop.errors import ImagineError, LibraryBusy
from imagine_desktop.library.library import Library
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import SANDBOX, Profile, Settings
from imagine_desktop.ui import plain
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.start import Start
from imagine_desktop.ui.studio import Studio

_log = logging.getLogger(__name__)
_COLLECT_EVERY_MS = 10_000
_CLOSE_WITHIN_S = 60.0
_FIRST_PICTURES_S = 0.3  # for the window and its first pictures; what takes processor time waits so long
_INTERRUPTED = 130
_OFFSCREEN_LACKS = "This plugin does not support"


@dataclass(frozen=True, slots=True)
class Launch:
    """What a run starts with. `wanted` is used instead of `profile` as soon as the keyring gave its key."""

    library: Path
    settings_path: Path
    settings: Settings
    profile: Profile
    key: Secret | None = None
    wanted: Choice | None = None
    files: tuple[Path, ...] = ()
    answer_s: float = 300.0
    is_tour: bool = False


Drive = Callable[[Studio], Awaitable[int]]


def has_display() -> bool:
    """Whether a window can be seen. `QT_QPA_PLATFORM` set by the person counts as a yes."""
    if os.environ.get("QT_QPA_PLATFORM"):
        return True
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run(arguments: Sequence[str]) -> int:
    """Open the window and run until it is closed; returns the exit code."""
    given = _parser().parse_args(arguments)
    for path in given.files:
        if not path.exists():
            print(f"{path} is neither a verb nor a file; see --help.", file=sys.stderr)
            return 2
    try:
        launch = _launch(given)
    except ImagineError as error:
        print(error.sentences, file=sys.stderr)
        return 2
    return start(launch)


def start(launch: Launch, drive: Drive | None = None) -> int:
    """Run the window; `drive` works it in the person's place and then closes it."""
    QGuiApplication.setApplicationName("Imagine Desktop")
    QGuiApplication.setDesktopFileName("imagine-desktop")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("another kind of Qt application runs already")
    app.setQuitOnLastWindowClosed(False)  # or closing a dialog could end the loop in the middle of a job
    theme.apply(app, theme.scheme(launch.settings.appearance))
    reporter = _Reporter()
    from qasync import QEventLoop

    with (
        _qt_messages_logged(),
        _collecting_in_window_thread(app),
        diagnostics.catching_all(lambda _error, report_id: reporter.reported.emit(report_id)),
        asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner,
    ):
        return runner.run(_main(launch, reporter, drive))


class _Reporter(QObject):
    """Carries an unexpected error's report id from whichever thread to the window's.

    Signals:
        reported: the id under which the log has it.
    """

    reported = Signal(str)


class _Closing:
    """The moment at which the window is to go, and with which exit code."""

    def __init__(self) -> None:
        self.asked: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def ask(self, code: int = 0) -> None:
        if not self.asked.done():
            self.asked.set_result(code)


async def _main(launch: Launch, reporter: _Reporter, drive: Drive | None) -> int:
    loop = asyncio.get_running_loop()
    pool = ThreadPoolExecutor(2, thread_name_prefix="default")
    loop.set_default_executor(pool)  # qasync's own has ten threads and loses SystemExit
    closing = _Closing()
    _report_loop_errors(loop, reporter)
    _listen_to_signals(loop, closing)
    try:
        library = Library.open(launch.library, "the window")
    except LibraryBusy as error:
        from imagine_desktop.ui.doorbell import ring

        if ring(launch.library, launch.files):
            return 0
        return await _say_and_end(error)
    except ImagineError as error:
        return await _say_and_end(error)
    known = catalog.parse(paths.resource("catalog.toml").read_text(encoding="utf-8"))
    engine = _engine(launch, library, known)
    studio = Studio(
        Start(
            library=library,
            catalog=known,
            engine=engine,
            settings=launch.settings,
            settings_path=launch.settings_path,
            profile=launch.profile,
            key=launch.key,
            wanted=launch.wanted.profile if launch.wanted else None,
            is_firm=launch.wanted is not None and launch.wanted.is_firm,
            spare_key=launch.wanted.spare_key if launch.wanted else None,
            files=launch.files,
        )
    )
    reporter.reported.connect(studio.tell_unexpected, Qt.ConnectionType.QueuedConnection)
    studio.connection_wanted.connect(lambda profile, key: engine.use(Connection(profile, key)))
    studio.close_wanted.connect(closing.ask)
    studio.window.show()
    starting = loop.create_task(_after_first_frame(studio, engine, launch), name="after the first frame")
    driving = loop.create_task(_driven(drive, studio, closing), name="drive") if drive is not None else None
    try:
        code = await closing.asked
    finally:
        await engine.aclose(_CLOSE_WITHIN_S)
        tasks = [task for task in (starting, driving) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        studio.close()
        library.close()
        pool.shutdown()
    for task in tasks:
        if not task.cancelled():
            task.result()  # an error in it is the program's
    return code


def _engine(launch: Launch, library: Library, known: Catalog) -> Engine:
    engine = Engine(
        library,
        known,
        Connection(launch.profile, launch.key),
        jobs_at_once=launch.settings.jobs_at_once,
        patience=Patience(answer_s=launch.answer_s),
        budget=launch.settings.budget,
        price_lists=PriceLists(launch.settings_path.with_name("models.json"), known),
    )
    engine.set_sends_originals(launch.settings.send_originals)
    return engine


async def _after_first_frame(studio: Studio, engine: Engine, launch: Launch) -> None:
    """Finish what an earlier run left; nothing else is sent before the person acts."""
    if not studio.is_read_only:
        from imagine_desktop.ui.doorbell import Doorbell  # brings QtNetwork, as below

        Doorbell(launch.library, studio).rung.connect(studio.come_forward)
    await asyncio.sleep(_FIRST_PICTURES_S)
    gc.freeze()  # what was made at the start stays, and need not be gone through again and again
    if not launch.is_tour:
        studio.after_first_frame()
        engine.load_prices()
    if studio.is_read_only:
        return
    found = await engine.recover()
    if found.saved_count:
        studio.tell(f"Saved what an earlier run paid for: {_count(found.saved_count, 'picture')}.")
    if found.news_count:
        earlier = _count(found.news_count, "earlier request")
        studio.tell(f"The history shows {earlier} of unknown outcome: not sent again, may have been charged.")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


async def _driven(drive: Drive, studio: Studio, closing: _Closing) -> None:
    code = 1
    try:
        code = await drive(studio)
    finally:
        closing.ask(code)


async def _say_and_end(error: ImagineError) -> int:
    """Say why there is no window, in a small one and on stderr."""
    print(error.sentences, file=sys.stderr)
    if QGuiApplication.platformName() == "offscreen":
        return 1
    box = plain.message_box(None, "Imagine Desktop", error.sentences)
    box.addButton("Close", box.ButtonRole.AcceptRole)
    read = asyncio.Event()
    box.finished.connect(read.set)
    box.open()
    await read.wait()
    return 1


def _report_loop_errors(loop: asyncio.AbstractEventLoop, reporter: _Reporter) -> None:
    def on_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception):
            reporter.reported.emit(diagnostics.report(error))
        else:
            _log.error("event loop: %s", context.get("message"))

    loop.set_exception_handler(on_loop_error)


def _listen_to_signals(loop: asyncio.AbstractEventLoop, closing: _Closing) -> None:
    if sys.platform == "win32":
        signal.signal(signal.SIGINT, lambda *_: closing.ask(_INTERRUPTED))
        return
    loop.add_signal_handler(signal.SIGINT, closing.ask, _INTERRUPTED)
    loop.add_signal_handler(signal.SIGTERM, closing.ask, 0)


@contextmanager
def _collecting_in_window_thread(app: QApplication) -> Iterator[None]:
    """The garbage collector has crashed PySide6 when it ran in another thread: it runs from a timer here."""
    was_automatic = gc.isenabled()
    gc.disable()
    timer = QTimer(app, interval=_COLLECT_EVERY_MS, timerType=Qt.TimerType.VeryCoarseTimer)
    timer.timeout.connect(gc.collect)
    timer.start()
    try:
        yield
    finally:
        timer.deleteLater()
        gc.unfreeze()
        if was_automatic:
            gc.enable()


@contextmanager
def _qt_messages_logged() -> Iterator[None]:
    levels = {QtMsgType.QtDebugMsg: logging.DEBUG, QtMsgType.QtInfoMsg: logging.INFO}

    def write(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
        is_known = message.startswith(_OFFSCREEN_LACKS)
        _log.log(logging.DEBUG if is_known else levels.get(kind, logging.WARNING), "Qt: %s", message)

    before = qInstallMessageHandler(write)
    try:
        yield
    finally:
        qInstallMessageHandler(before)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="imagine-desktop", parents=[options.shared()])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="pictures that become sources")
    return parser


def _launch(given: argparse.Namespace) -> Launch:
    try:
        diagnostics.start_log(paths.log())
    except OSError:  # the library lies there too, and says in a window what is wrong
        logging.getLogger().addHandler(logging.NullHandler())
    kept = settings.load(paths.settings())
    session_key = secrets.take_from_environment()
    choice = profiles.choose(given.profile, given.base_url, kept, session_key)
    folder = given.library or kept.library
    return Launch(
        library=Path(folder).expanduser().absolute() if folder else paths.library(),
        settings_path=paths.settings(),
        settings=kept,
        profile=SANDBOX if choice.needs_key else choice.profile,
        key=choice.key,
        wanted=choice if choice.needs_key else None,  # the keyring is asked once the window is there
        files=tuple(given.files),
        answer_s=given.timeout,
    )
