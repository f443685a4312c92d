"""A person's way through a large gallery in a real window: import, find, look, compare, save, delete, undo."""

import colorsys
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from tests.window.conftest import Start, library_in
from tests.window.desktop import Desktop, until
from tests.window.program import Program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
_COUNT = 2000


def photos(folder: Path) -> None:
    """So many small pictures, each of another colour, in twenty folders."""
    for number in range(_COUNT):
        place = folder / f"trip {number // 100:02}"
        place.mkdir(parents=True, exist_ok=True)
        colour = colorsys.hsv_to_rgb(number / _COUNT, 0.6, 0.8)
        image = Image.new("RGB", (320, 240), tuple(round(255 * part) for part in colour))
        image.putpixel((number % 320, number // 320), (255, 255, 255))
        image.save(place / f"photo {number:04}.jpg", quality=80)


def test_import_2000_find_compare_star_export_delete_and_undo(
    desktop: Desktop, start: Start, home: Path, at_sandbox: Mapping[str, str], tmp_path: Path
) -> None:
    photos(tmp_path / "photos")
    window = start(**at_sandbox)
    desktop.press("ctrl+shift+o")
    until(lambda: window.named("Choose") or window.named("Open"), "the folder dialog")
    desktop.type(str(tmp_path / "photos"))
    desktop.press("Return", "Return")  # the first takes the suggestion
    until(lambda: saved_count(home) == _COUNT, "the import", 200)
    desktop.screenshot(Path("/tmp/shots/person.png"))
    print([ (c.name,c.role) for c in window.controls()])


def saved_count(home: Path) -> int:
    with library_in(home) as library:
        return library.records.saved_count()
