"""The window at work: the engine, what an earlier run left, and the end.

It comes when the newest pictures are on the screen; see `app.start`.
"""

import asyncio
import gc
import logging
import math
import signal
import sys
from collections.abc import Awaitable, Callable

from PySide6.QtCore import Qt

from imagine_desktop import diagnostics, paths
from imagine_desktop.api.connection import Connection
from imagine_desktop.domain import catalog
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.engine.engine import Engine
from imagine_desktop.engine.models import PriceLists
from imagine_desktop.engine.workshop import Patience
from imagine_desktop.errors import ImagineError
from imagine_desktop.library.library import Library
from imagine_desktop.ui.doorbell import Doorbell
from imagine_desktop.ui.opening import Opening
from imagine_desktop.ui.shell.notices import NoticeKind
from imagine_desktop.ui.start import Launch, Reports
from imagine_desktop.ui.studio import Studio

_log = logging.getLogger(__name__)
_CLOSE_WITHIN_S = 60.0
_SETTLED_S = 0.3  # what takes processor time and shows nothing waits so long
_INTERRUPTED = 130
_DAY_S = 86_400.0
_LONG_S = 60.0  # for a notice that nobody waits for
Drive = Callable[[Studio], Awaitable[int]]


class _Closing:
    """The moment at which the window is to go, and with which exit code."""

    def __init__(self) -> None:
        self.asked: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def ask(self, code: int = 0) -> None:
        if not self.asked.done():
            self.asked.set_result(code)


async def run(opening: Opening, launch: Launch, reports: Reports, drive: Drive | None) -> int:
    """Complete the window and run it until it is closed; returns the exit code.

    `reports` carries the ids of unexpected errors; `drive` works the complete window in the person's place.
    """
    loop = asyncio.get_running_loop()
    closing = _Closing()
    _report_loop_errors(loop, reports)
    _listen_to_signals(loop, closing)
    library = opening.library
    known = catalog.parse(paths.resource("catalog.toml").read_text(encoding="utf-8"))
    engine = _engine(launch, library, known)
    studio = Studio(opening, engine, known, launch)
    for complete in studio.steps:
        await asyncio.sleep(0)  # the window stays alive
        complete()
    for report_id in reports.ids:
        studio.tell_unexpected(report_id)
    reports.reported.connect(studio.tell_unexpected, Qt.ConnectionType.QueuedConnection)
    studio.connection_wanted.connect(lambda profile, key: engine.use(Connection(profile, key)))
    studio.close_wanted.connect(closing.ask)
    if opening.is_close_wanted:
        closing.ask()
    starting = loop.create_task(_settle(studio, engine, launch), name="settle")
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
        patience=Patience(answer_s=launch.answer_s, key_s=_DAY_S),
        budget=launch.settings.budget,
        price_lists=PriceLists(launch.settings_path.with_name("models.json"), known),
    )
    engine.set_sends_originals(launch.settings.send_originals)
    return engine


async def _settle(studio: Studio, engine: Engine, launch: Launch) -> None:
    """Finish what an earlier run left; nothing else is sent before the person acts."""
    if not studio.is_read_only:
        Doorbell(launch.library, studio).rung.connect(studio.come_forward)
    await asyncio.sleep(_SETTLED_S)
    gc.freeze()  # what was made at the start stays, and need not be gone through again and again
    if not launch.is_tour:
        studio.after_first_frame()
        engine.load_prices()
    if studio.is_read_only:
        return
    try:
        found = await engine.recover()
    except ImagineError as error:
        studio.window.notices.show_error(error)
        return
    if found.saved_count:
        text = f"Saved what an earlier run paid for: {_count(found.saved_count, 'picture')}."
        studio.window.notices.show(text, NoticeKind.SUCCESS, timeout_s=_LONG_S)
    if found.news_count:
        earlier = _count(found.news_count, "earlier request")
        text = f"The history shows {earlier} of unknown outcome: not sent again, may have been charged."
        studio.window.notices.show(text, NoticeKind.WARNING, timeout_s=math.inf)  # it is about money


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


async def _driven(drive: Drive, studio: Studio, closing: _Closing) -> None:
    code = 1
    try:
        code = await drive(studio)
    finally:
        closing.ask(code)


def _report_loop_errors(loop: asyncio.AbstractEventLoop, reports: Reports) -> None:
    def on_loop_error(_loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception):
            reports.add(diagnostics.report(error))
        else:
            _log.error("event loop: %s", context.get("message"))

    loop.set_exception_handler(on_loop_error)


def _listen_to_signals(loop: asyncio.AbstractEventLoop, closing: _Closing) -> None:
    if sys.platform == "win32":
        signal.signal(signal.SIGINT, lambda *_: closing.ask(_INTERRUPTED))
        return
    loop.add_signal_handler(signal.SIGINT, closing.ask, _INTERRUPTED)
    loop.add_signal_handler(signal.SIGTERM, closing.ask, 0)
