"""Contact sheets: pages of small pictures with captions, to print or to look through."""

import io
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO

from imagine_desktop.domain.record import PictureId
from imagine_desktop.errors import LibraryError
from imagine_desktop.export.exhibit import Exhibit, exhibits
from imagine_desktop.export.outcome import Progress
from imagine_desktop.imaging import decode
from imagine_desktop.library.library import Library

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

COLUMNS, ROWS = 4, 5
PAGE_PX = (1654, 2339)  # A4 at 200 dots an inch
_DPI = 200
_MARGIN, _GAP = 84, 28
_CAPTION = 72
_HEAD = 72
_PAPER, _WALL, _INK, _QUIET = "#ffffff", "#f1f1f3", "#1c1d1f", "#62656c"


def page_count(picture_count: int) -> int:
    """How many pages so many pictures take."""
    return -(-picture_count // (COLUMNS * ROWS))


def pages(
    library: Library, ids: Sequence[PictureId], title: str, progress: Progress
) -> "Iterator[Image.Image]":
    """The pages, one after the other; blocks. Raises LibraryError where a picture cannot be read."""
    from PIL import Image, ImageDraw

    shown = exhibits(library, ids)
    for number in range(1, page_count(len(ids)) + 1):
        page = Image.new("RGB", PAGE_PX, _PAPER)
        draw = ImageDraw.Draw(page)
        right = f"{number} of {page_count(len(ids))}"
        _write(draw, (_MARGIN, _MARGIN - 12), title, 30, _INK, PAGE_PX[0] - 2 * _MARGIN - 200)
        width = _font(22).getlength(right)
        draw.text((PAGE_PX[0] - _MARGIN - width, _MARGIN - 6), right, _QUIET, _font(22))
        for cell, one in enumerate(islice(shown, COLUMNS * ROWS)):
            _place(library, page, draw, one, cell)
            progress(one.number, len(ids))
        yield page


def save(page: "Image.Image", extension: str, file: BinaryIO) -> None:
    """Write a page as `.jpg` or `.png`."""
    made = io.BytesIO()  # Pillow would tell a full disk as an encoder's error
    if extension.lower() == ".png":
        page.save(made, "PNG", dpi=(_DPI, _DPI))
    else:
        page.save(made, "JPEG", quality=90, subsampling=0, dpi=(_DPI, _DPI))
    file.write(made.getbuffer())


def _place(
    library: Library, page: "Image.Image", draw: "ImageDraw.ImageDraw", shown: Exhibit, cell: int
) -> None:
    """Draw one picture with its caption into a cell, counted along the rows."""
    from PIL import Image

    wide = (PAGE_PX[0] - 2 * _MARGIN - (COLUMNS - 1) * _GAP) // COLUMNS
    high = (PAGE_PX[1] - 2 * _MARGIN - _HEAD - (ROWS - 1) * _GAP) // ROWS
    left = _MARGIN + cell % COLUMNS * (wide + _GAP)
    top = _MARGIN + _HEAD + cell // COLUMNS * (high + _GAP)
    box = (wide, high - _CAPTION)
    relative = shown.picture.path or ""
    try:
        image = decode.open_image(library.files.read(relative))
    except decode.Undecodable as error:
        raise LibraryError(f"{relative} cannot be shown: {error}.") from error
    image.thumbnail(box, Image.Resampling.LANCZOS)
    draw.rectangle((left, top, left + wide - 1, top + box[1] - 1), _WALL)
    at = (left + (wide - image.width) // 2, top + (box[1] - image.height) // 2)
    rgba = image.convert("RGBA")
    page.paste(rgba, at, rgba)
    day = time.strftime("%Y-%m-%d", time.localtime(shown.turn.created))
    below = top + box[1] + 8
    _write(draw, (left, below), f"{shown.picture.id}  {shown.turn.prompt}", 19, _INK, wide)
    about = " · ".join((day, shown.turn.aspect_ratio, shown.turn.resolution, f"turn {shown.turn_number}"))
    _write(draw, (left, below + 28), about, 17, _QUIET, wide)


def _write(
    draw: "ImageDraw.ImageDraw", at: tuple[int, int], text: str, size: int, colour: str, width: int
) -> None:
    """Text on one line, cut where it would be wider; characters that the font lacks are left out."""
    font = _font(size)
    line = "".join(c for c in " ".join(text.split())[:200] if _has(c))
    line = " ".join(line.split())
    while line and font.getlength(line) > width:
        line = line.removesuffix("…")[:-1].rstrip() + "…" if len(line) > 2 else ""
    draw.text(at, line, colour, font)


@lru_cache(maxsize=8)
def _font(size: int) -> "ImageFont.FreeTypeFont | ImageFont.ImageFont":
    """Pillow's own font: the sheet looks the same on every computer."""
    from PIL import ImageFont

    return ImageFont.load_default(size)


@lru_cache(maxsize=4096)
def _has(character: str) -> bool:
    """Whether the font draws the character as something else than its sign for what it lacks."""
    if character in " …·" or (character.isascii() and character.isprintable()):
        return True
    font = _font(19)
    return character.isprintable() and bytes(font.getmask(character)) != bytes(font.getmask("\U0010fffd"))
