"""The start in two steps: pictures first, then everything else, and nothing moves or is lost in between."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtTest import QTest

from imagine_desktop import app
from imagine_desktop.library.library import Library
from imagine_desktop.settings import Settings
from imagine_desktop.ui.opening import Opening
from imagine_desktop.ui.studio import Studio

Act = Callable[[Opening], object]


@pytest.fixture
def when_painted(monkeypatch: pytest.MonkeyPatch) -> Callable[[Act], None]:
    """Does something in every window opened from now on, when its pictures are on the screen."""

    def install(act: Act) -> None:
        def open_window(library: Library, settings: Settings) -> Opening:
            opening = Opening(library, settings)
            opening.painted.connect(lambda: act(opening))
            return opening

        monkeypatch.setattr(app, "Opening", open_window)

    return install


def started(launch: app.Launch, act: Callable[[Studio], Awaitable[None]]) -> None:
    """Run the window, do something in it once it is complete, close it."""

    async def whole(studio: Studio) -> int:
        async with asyncio.timeout(25):
            await act(studio)
        return 0

    assert app.start(launch, whole) == 0


def place(opening: Opening) -> QRect:
    """Where the tiles are in the window."""
    viewport = opening.window.gallery.grid.viewport()
    return QRect(viewport.mapTo(opening.window, QPoint(0, 0)), viewport.size())


def test_pictures_are_painted_first_and_what_follows_moves_nothing(
    launch: app.Launch, when_painted: Callable[[Act], None]
) -> None:
    async def make(studio: Studio) -> None:
        studio.draft.prompt = "two boats"
        studio.draft.count = 2
        studio.window.panel.send_requested.emit()
        while len(studio.saved_pictures()) < 2 or studio.live_jobs():
            await asyncio.sleep(0.01)

    started(launch, make)
    first: list[tuple[int, bool, bool, QRect]] = []

    def look(opening: Opening) -> None:
        grid = opening.window.gallery.grid
        is_bare = not hasattr(opening.window, "panel")
        first.append((opening.model.rowCount(), grid.lacks_pictures(), is_bare, place(opening)))

    when_painted(look)

    async def compare(studio: Studio) -> None:
        [opening] = studio.findChildren(Opening)
        await asyncio.sleep(0.1)
        assert first == [(2, False, True, place(opening))]
        assert studio.window.panel.isVisible()
        assert studio.window.history.isVisible()
        assert studio.session_id is not None

    started(launch, compare)


def test_what_is_typed_before_the_panel_is_there_goes_into_the_prompt(
    launch: app.Launch, when_painted: Callable[[Act], None]
) -> None:
    when_painted(lambda opening: QTest.keyClicks(opening.window.focusWidget(), "A red boat"))

    async def look(studio: Studio) -> None:
        while studio.draft.prompt != "A red boat":
            await asyncio.sleep(0.01)

    started(launch, look)


def test_a_window_closed_at_once_ends_the_program(
    launch: app.Launch, when_painted: Callable[[Act], None]
) -> None:
    when_painted(lambda opening: opening.window.close())
    assert app.start(launch) == 0


def test_an_error_before_the_window_is_complete_is_told_once_it_is(
    launch: app.Launch, when_painted: Callable[[Act], None], caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_opening: Opening) -> None:
        raise RuntimeError("too early")

    when_painted(fail)
    told: list[str] = []

    async def look(studio: Studio) -> None:
        from PySide6.QtWidgets import QLabel

        told.extend(label.text() for label in studio.window.centre.findChildren(QLabel))

    started(launch, look)
    assert any("Something went wrong" in text for text in told)
    caplog.clear()


_SPY = """
import sys, threading
from dataclasses import replace
from pathlib import Path

class Spy:
    def find_spec(self, name, path=None, target=None):
        if name.startswith(("PySide6", "shiboken6", "imagine_desktop.ui", "imagine_desktop.running")):
            print(name, threading.current_thread() is threading.main_thread())
sys.meta_path.insert(0, Spy())

from imagine_desktop import app
from imagine_desktop.settings import SANDBOX, Settings
home = Path(sys.argv[1])
launch = app.Launch(home / "library", home / "settings.toml", Settings(), SANDBOX)

async def end(studio):
    return 0

sys.exit(app.start(launch, end))
"""


def test_what_knows_qt_is_imported_in_the_windows_thread_alone(home: Path) -> None:
    """PySide6 makes its classes when they are first touched, and crashes where two threads do so at once."""
    home.mkdir()
    done = subprocess.run([sys.executable, "-c", _SPY, str(home)], capture_output=True, text=True, check=True)
    threads = dict(line.split() for line in done.stdout.splitlines())
    assert {"PySide6.QtCore", "PySide6.QtNetwork", "imagine_desktop.ui.studio"} <= threads.keys()
    assert [name for name, is_main in threads.items() if is_main != "True"] == []
