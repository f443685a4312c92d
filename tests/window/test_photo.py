"""A person's photo, edited turn after turn with mouse and keys in a real window."""

import statistics
from pathlib import Path

import pytest
from PIL import Image

from imagine_desktop.domain.record import Picture, PictureState, SourceKind
from tests.window.conftest import Start, library_in
from tests.window.desktop import Desktop, until
from tests.window.program import Program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(200)]
PHOTO = Path(__file__).parents[1] / "data" / "coffee.jpg"
_GRID = (24, 16)
_TILE_EDGE_PX = 8  # between a tile's cell and its picture


def likeness(one: Image.Image, other: Image.Image) -> float:
    """How alike two pictures are in what is light and what is dark: 1 the same, 0 nothing in common."""
    light, dark = (
        list(image.convert("L").resize(_GRID, Image.Resampling.BOX).tobytes()) for image in (one, other)
    )
    return statistics.correlation(light, dark)


def saved(home: Path, count: int) -> list[Picture]:
    """The library's pictures, the oldest first, as soon as so many are saved."""

    def find() -> list[Picture] | None:
        with library_in(home) as library:
            ids = [picture_id for turn in library.records.turns() for picture_id in turn.picture_ids]
            pictures = library.records.pictures(ids)
        done = [picture for picture in pictures if picture.state is PictureState.SAVED]
        return done if len(done) >= count else None

    return until(find, f"{count} saved pictures")


def tile(window: Program, words: str) -> tuple[int, int, int, int]:
    """Where the tile lies whose name holds these words and that it is saved."""

    def find() -> list[tuple[int, int, int, int]]:
        return [one.box for one in window.below("Gallery") if words in one.name and "saved" in one.name]

    return until(find, f"a saved tile of {words!r}")[0]


def test_a_photo_is_edited_twice_with_mouse_and_keys(
    desktop: Desktop, start: Start, home: Path, tmp_path: Path
) -> None:
    window = start(str(PHOTO))
    window.control("Source 0: coffee.jpg")
    window.click("Prompt")
    desktop.type("make it an oil painting")
    desktop.press("ctrl+Return")
    saved(home, 1)
    left, top, width, height = tile(window, "oil painting")
    desktop.click(left + width // 2, top + height // 2)
    desktop.press_until("e", lambda: window.named("Source 0: picture 1"))
    window.click("Prompt")
    desktop.press("ctrl+a")
    desktop.type("make it a watercolour")
    until(lambda: not window.named("Jobs"), "the end of the jobs strip, which makes the button move")
    window.click("Generate")
    first, second = saved(home, 2)
    with library_in(home) as library:
        delivered = Image.open(library.picture_path(second.id))
    box = tile(window, "watercolour")
    shown = until(lambda: seen_alike(desktop, tmp_path, box, delivered), "the picture in its tile")
    assert shown.getcolors(500) is None  # there are more
    window.click("Turn 2, edit: make it a watercolour, 1 picture, saved, $0.022")
    window.view("Picture")  # the click has opened it
    desktop.click(*until(lambda: window.named("Edit this"), "Edit this")[-1].centre)
    window.control("Source 0: picture 2")

    with library_in(home) as library:
        photo = Image.open(PHOTO)
        oil, watercolour = (Image.open(library.picture_path(picture.id)) for picture in (first, second))
        earlier, later = library.records.turns()
        [frozen] = earlier.sources
        assert frozen.kind is SourceKind.FILE
        assert frozen.frozen is not None
        sent = Image.open(library.files.absolute(frozen.frozen))
        assert sent.size == photo.size
        assert likeness(photo, sent) > 0.999
        assert [source.picture_id for source in later.sources] == [first.id]
        assert library.damaged() == []
    for image, picture in ((oil, first), (watercolour, second)):
        image.load()
        assert image.format == "JPEG"
        assert image.size == (picture.width, picture.height)
        assert image.width / image.height == pytest.approx(photo.width / photo.height, rel=0.03)
        assert 0.8 < image.width * image.height / 1024**2 < 1.25
        assert 0.7 < likeness(photo, image) < 0.9999
        assert likeness(photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT), image) < 0.7
    assert likeness(oil, watercolour) > 0.7


def seen_alike(
    desktop: Desktop, folder: Path, box: tuple[int, int, int, int], picture: Image.Image
) -> Image.Image | None:
    """The part of the screen where a picture is to be, if that picture is to be seen there."""
    left, top, width, height = box
    wide = width - 2 * _TILE_EDGE_PX
    high = round(wide * picture.height / picture.width)
    left, top = left + _TILE_EDGE_PX, top + (height - high) // 2
    shown = desktop.screenshot(folder / "window.png").crop((left, top, left + wide, top + high))
    return shown if likeness(shown, picture) > 0.92 else None
