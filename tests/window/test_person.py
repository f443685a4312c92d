"""A person's way through a large gallery in a real window: import, find, look, compare, save, delete, undo."""

import colorsys
from pathlib import Path

import pytest
from PIL import Image

from imagine_desktop.domain.record import Picture, PictureId
from imagine_desktop.domain.sight import Scope, ScopeKind, Sight
from tests.window.conftest import Start, library_in
from tests.window.desktop import Desktop, until
from tests.window.program import Control, Program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(500)]
_COUNT = 2000


def photos(folder: Path) -> None:
    """So many small pictures in twenty folders, each of another colour."""
    for number in range(_COUNT):
        place = folder / f"trip {number // 100:02}"
        place.mkdir(parents=True, exist_ok=True)
        colour = colorsys.hsv_to_rgb(number / _COUNT, 0.6, 0.8)
        image = Image.new("RGB", (320, 240), tuple(round(255 * part) for part in colour))
        image.putpixel((number % 320, number // 320), (255, 255, 255))
        image.save(place / f"photo {number:04}.jpg", quality=80)


def shown(home: Path, kind: ScopeKind) -> list[Picture]:
    """The pictures of a scope, as they are in the library now."""
    with library_in(home) as library:
        found = library.records.found(Sight(Scope(kind)))
        return library.records.pictures([PictureId(one) for one in found.ids])


def tiles(window: Program) -> list[Control]:
    """The tiles in sight."""
    return [one for one in window.below("Gallery") if one.name.startswith("Picture ")]


def tile(window: Program, start: str) -> Control:
    """The tile in sight whose name begins so."""
    return until(lambda: [one for one in tiles(window) if one.name.startswith(start)], start)[0]


def test_2000_pictures_are_imported_found_compared_starred_exported_deleted_and_back(
    desktop: Desktop, start: Start, home: Path, tmp_path: Path
) -> None:
    photos(tmp_path / "photos")
    window = start()
    desktop.press("ctrl+shift+o")
    until(lambda: window.named("Choose"), "the folder dialog")
    desktop.type(str(tmp_path / "photos"))
    desktop.press("Return", "Return")  # the first takes the suggestion
    until(lambda: len(shown(home, ScopeKind.ALL)) == _COUNT, "the import", 200)
    tile(window, "Picture 1 of 2000")
    until(lambda: window.named("2,000 pictures"), "the count")

    desktop.click(*tile(window, "Picture 2 of 2000").centre)
    desktop.press("End")
    last = tile(window, "Picture 2000 of 2000")
    assert "saved" in last.name

    desktop.press("ctrl+f")
    desktop.type("photo 0042")
    only = tile(window, "Picture 1 of 1,")
    desktop.click(*only.centre, times=2)
    picture = window.view("Picture")
    assert "photo 0042" in picture.name + picture.description

    desktop.press("Escape")
    desktop.press("ctrl+f", "Escape")  # clears the search
    one, other = until(lambda: [tile for tile in tiles(window) if "of 2000" in tile.name][4:6], "all again")
    desktop.click(*one.centre)
    desktop.key_click("alt", *other.centre)
    window.view("Compare")
    for mode in ("Side by side", "Blink", "Slider", "Difference"):
        window.act(mode)
    until(lambda: "% changed" in window.control("Changed pixels").description, "the difference")
    desktop.press("Escape")

    desktop.click(*tile(window, one.name).centre)
    desktop.press("s")
    [starred] = until(lambda: shown(home, ScopeKind.STARRED), "the star")

    desktop.press("ctrl+shift+s")
    window.act("HTML page")
    window.act("Export folder", "write", str(tmp_path / "out"))
    window.act("Export now")
    [page] = until(lambda: list((tmp_path / "out").glob("*.html")), "the page")
    assert page.read_text(encoding="utf-8").count("data:image/jpeg;base64,") == 1
    until(lambda: not window.named("Export now"), "the end of the dialog")

    desktop.press("Delete")
    until(lambda: [one.id for one in shown(home, ScopeKind.TRASH)] == [starred.id], "the trash")
    until(lambda: window.named("1,999 pictures"), "the count without it")
    desktop.press("ctrl+z")
    until(lambda: shown(home, ScopeKind.TRASH) == [], "the way back")
    until(lambda: window.named("2,000 pictures"), "the count with it")
    assert [one.id for one in shown(home, ScopeKind.STARRED)] == [starred.id]
    with library_in(home) as library:
        assert library.damaged() == []
