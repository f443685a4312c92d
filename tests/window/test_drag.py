"""Pictures dragged with the mouse between the program and another one, on a real screen."""

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from imagine_desktop.domain.record import PictureId
from imagine_desktop.imaging import metadata
from imagine_desktop.library.library import Library
from tests.export.conftest import branching, jpeg
from tests.window.conftest import Start, library_in
from tests.window.desktop import Desktop, until
from tests.window.program import Program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(200)]
_WIDTH = 1000


class Neighbour:
    """The other program, to the right of the window."""

    centre = (1270, 350)

    def __init__(self, desktop: Desktop, said: Path, *files: Path) -> None:
        place = ("1120", "100", "300", "500")
        self._said = said
        with said.open("w") as output:
            self._process = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("neighbour.py")), *place, *map(str, files)],
                env=dict(desktop.environment),
                stdout=output,
            )
        until(self._lines, "the other program")

    @property
    def pid(self) -> int:
        return self._process.pid

    def told(self, drop: int = 1) -> Mapping[str, object]:
        """What was dropped on it first, or later; waits until it is."""
        told = json.loads(until(lambda: self._lines()[drop:], "a drop")[0])
        assert isinstance(told, dict)
        return told

    def close(self) -> None:
        self._process.kill()
        self._process.wait()

    def _lines(self) -> list[str]:
        return self._said.read_text().splitlines()


@contextlib.contextmanager
def beside(desktop: Desktop, window: Program, folder: Path, *files: Path) -> Iterator[Neighbour]:
    """The other program beside the window."""
    neighbour = Neighbour(desktop, folder / "said.txt", *files)
    try:
        desktop.focus(neighbour.pid)
        desktop.resize(window.process.pid, _WIDTH, 900)
        yield neighbour
    finally:
        neighbour.close()


@pytest.fixture
def shown(home: Path) -> Iterator[Library]:
    """Pictures of a library that the window opens."""
    branching(home / "library").close()
    with library_in(home) as library:
        yield library


def tile(window: Program, words: str) -> tuple[int, int]:
    """The middle of the tile whose name holds these words."""
    found = until(lambda: [one for one in window.below("Gallery") if words in one.name], f"a tile of {words!r}")
    return found[0].centre


def test_a_picture_dragged_out_is_a_copy_with_pixels_and_prompt(
    desktop: Desktop, start: Start, shown: Library, tmp_path: Path
) -> None:
    window = start()
    window.ready()
    with beside(desktop, window, tmp_path) as neighbour:
        desktop.drag(tile(window, "from outside"), neighbour.centre)
        told = neighbour.told()
    assert (told["may_move"], told["text"], told["pixels"]) == (False, "from outside", [64, 64])
    files = told["files"]
    assert isinstance(files, list)
    copy = Path(files[0])
    story = metadata.story(copy.read_bytes())
    assert story is not None
    assert story.prompt == "from outside"
    assert copy.name.endswith("_004_1.jpg")
    own = shown.picture_path(PictureId(5))
    assert own.read_bytes() == jpeg(5)
    assert own.stat().st_nlink == 1


def test_all_that_is_selected_goes_at_once(
    desktop: Desktop, start: Start, shown: Library, tmp_path: Path
) -> None:
    window = start()
    window.ready()
    with beside(desktop, window, tmp_path) as neighbour:
        x, y = tile(window, "from outside")
        desktop.click(x, y)
        desktop.press("ctrl+a")
        time.sleep(1)  # or it would be a double click
        desktop.drag((x, y), neighbour.centre)
        told = neighbour.told()
    files = told["files"]
    assert isinstance(files, list)
    assert len(set(files)) == 5
    assert all(size > 0 for size in told["sizes"])  # type: ignore[attr-defined]
    assert told["pixels"] is None


def test_a_picture_dropped_left_is_a_source_and_in_the_middle_joins_the_library(
    desktop: Desktop, start: Start, shown: Library, tmp_path: Path
) -> None:
    photo = tmp_path / "my photo.jpg"
    photo.write_bytes(jpeg(1) + b"my own")
    window = start()
    window.ready()
    with beside(desktop, window, tmp_path, photo) as neighbour:
        desktop.drag(neighbour.centre, (150, 500))
        window.control("Source 0: my photo.jpg")
        desktop.drag(neighbour.centre, (_WIDTH // 2 + 50, 500))
        until(lambda: shown.records.saved_count() == 6, "the imported picture")


def test_a_tile_dragged_to_the_panel_is_a_source(
    desktop: Desktop, start: Start, shown: Library, tmp_path: Path
) -> None:
    window = start()
    window.ready()
    desktop.resize(window.process.pid, _WIDTH, 900)
    x, y = tile(window, "from outside")
    desktop.drag((x, y), (150, 500))
    window.control("Source 0: picture 5")


def test_a_turn_of_the_history_and_the_picture_view_are_dragged_out_too(
    desktop: Desktop, start: Start, shown: Library, tmp_path: Path
) -> None:
    window = start()
    window.ready()
    with beside(desktop, window, tmp_path) as neighbour:
        rows = until(lambda: [r for r in window.below("Sessions and turns") if "alert(1)" in r.name], "a turn")
        left, top, *_ = rows[0].box
        desktop.drag((left + 60, top + 30), neighbour.centre)
        assert "alert(1)" in str(neighbour.told()["text"])
        assert window.named("Gallery"), "a press that is a drag opens nothing"
        desktop.click(left + 60, top + 30)
        desktop.drag(window.view("Picture").centre, neighbour.centre)
        assert neighbour.told(2)["pixels"] == [2000, 1000]
