"""The program with its window: what is opened first, and what follows once it is on the screen.

The only importer of qasync. `start` is the order of it all: a person sees the newest pictures before the
parts that act are imported.
"""

import argparse
import asyncio
import gc
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMessageLogContext, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from imagine_desktop import diagnostics, options, paths, secrets, settings
from imagine_desktop.api import profiles
from imagine_desktop.errors import ImagineError, LibraryBusy
from imagine_desktop.library.library import Library
from imagine_desktop.settings import SANDBOX
from imagine_desktop.ui import plain
from imagine_desktop.ui.opening import Opening
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.start import Launch, Reports

if TYPE_CHECKING:
    from imagine_desktop.ui.studio import Studio

__all__ = ["Drive", "Launch", "has_display", "run", "start"]

_log = logging.getLogger(__name__)
_COLLECT_EVERY_MS = 10_000
_M_MMAP_THRESHOLD, _LARGE_BYTES = -3, 128 * 1024  # glibc's malloc.h, and what it begins with
_OFFSCREEN_LACKS = "This plugin does not support"
_WITHOUT_QT = ("imagine_desktop.engine.engine", "imagine_desktop.export.order")
_WITH_QT = (
    "imagine_desktop.ui.compose.panel",
    "imagine_desktop.ui.history.sidebar",
    "imagine_desktop.ui.picture.viewer",
    "imagine_desktop.ui.picture.compare",
    "imagine_desktop.ui.shell.configuration",
    "imagine_desktop.ui.export.exporting",
    "imagine_desktop.ui.carrying.receiving",
    "imagine_desktop.ui.studio",
)
Drive = Callable[["Studio"], Awaitable[int]]


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
    _keep_pixels_off_the_heap()
    QGuiApplication.setApplicationName("Imagine Desktop")
    QGuiApplication.setDesktopFileName("imagine-desktop")
    # The style is named here: `setStyle` would hand it back, and to wrap a style takes a tenth of the start.
    app = QApplication.instance() or QApplication([*sys.argv[:1], "-style", "fusion"])
    if not isinstance(app, QApplication):
        raise TypeError("another kind of Qt application runs already")
    app.setQuitOnLastWindowClosed(False)  # or closing a dialog could end the loop in the middle of a job
    theme.apply(app, theme.scheme(launch.settings.appearance))
    reports = Reports()
    with (
        _qt_messages_logged(),
        _collecting_in_window_thread(app),
        diagnostics.catching_all(lambda _error, report_id: reports.add(report_id)),
    ):
        try:
            library = Library.open(launch.library, "the window")
        except LibraryBusy as error:
            from imagine_desktop.ui.doorbell import ring

            return 0 if ring(launch.library, launch.files) else _in_loop(app, _say(error))
        except ImagineError as error:
            return _in_loop(app, _say(error))
        opening = Opening(library, launch.settings)  # the window, and in a thread the newest pictures
        opening.window.show()
        return _in_loop(app, _work(opening, launch, reports, drive))


def _keep_pixels_off_the_heap() -> None:
    """Let glibc go on taking large blocks from the system, to which it gives them back when they are freed.

    Else it stops with the first one that is freed, and scrolling through 10,000 tiles leaves 200 MB of holes in
    the heap. Other C libraries do not do so. It is said before there are threads: glibc asks for that.
    """
    if sys.platform == "linux":
        import ctypes

        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)


def _in_loop(app: QApplication, main: Coroutine[None, None, int]) -> int:
    """Run the one loop that there is, Qt's and that of the coroutines."""
    with asyncio.Runner(loop_factory=lambda: QEventLoop(app)) as runner:
        return runner.run(main)


async def _work(opening: Opening, launch: Launch, reports: Reports, drive: Drive | None) -> int:
    """Let Qt show the pictures; then import what follows while the window stays alive.

    PySide6 makes its classes when they are first touched, and crashes where two threads do so at once: only
    what knows no Qt is imported in a thread, the rest here, a part at a time.
    """
    painted = asyncio.Event()
    opening.painted.connect(painted.set)
    await painted.wait()
    with ThreadPoolExecutor(2, thread_name_prefix="default") as pool:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(pool)  # qasync's own has ten threads and loses SystemExit
        for name in _WITHOUT_QT:
            await loop.run_in_executor(pool, import_module, name)
        for name in _WITH_QT:
            await asyncio.sleep(0)
            import_module(name)
        from imagine_desktop import running  # the engine, the window's other parts

        return await running.run(opening, launch, reports, drive)


async def _say(error: ImagineError) -> int:
    """Say why there is no window, in a small one and on stderr."""
    print(error.sentences, file=sys.stderr)
    if QGuiApplication.platformName() == "offscreen":
        return 1
    box = plain.message_box(None, "Imagine Desktop", error.sentences)
    box.addButton("Close", box.ButtonRole.AcceptRole)
    closed = asyncio.Event()
    box.finished.connect(closed.set)
    box.open()
    await closed.wait()
    return 1


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
        wanted=choice.profile if choice.needs_key else None,  # the keyring is asked once the window is there
        is_firm=choice.needs_key and choice.is_firm,
        spare_key=choice.spare_key if choice.needs_key else None,
        files=tuple(given.files),
        answer_s=given.timeout,
    )
