"""Pictures as the screen needs them: as fast as they can be had, and within a fixed amount of memory."""

import io
import sys
from typing import TYPE_CHECKING

from imagine_desktop.domain.pixels import PixelFormat, Pixels, Shown
from imagine_desktop.imaging import decode

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS = 32_000_000  # what is shown of a picture at most: 128 MB
_SHRINKS = (1, 2, 4, 8)  # the scales at which libjpeg reads a picture without holding more of it


def shown(data: bytes, *, is_urgent: bool = False) -> Shown:
    """A picture of any size, reduced to MOST_PIXELS where it has more.

    Where it is urgent the fast decoder is used only if it is there already: to import it takes longer than to
    do without. Raises Undecodable, and its kind TooLarge for what cannot be read in part.
    """
    if decode.sniff(data) != "image/jpeg":
        return _shown_of(decode.open_image(data))
    return _fast(data, is_urgent) or _shown_of(*_drafted(data))


def _fast(data: bytes, is_urgent: bool) -> Shown | None:
    """A JPEG by libjpeg-turbo, in the window's own order of bytes; None where Pillow is to judge it."""
    if is_urgent and "simplejpeg" not in sys.modules:
        return None
    import simplejpeg  # brings numpy: never at start

    (width, height), is_turned = decode.header(data)
    shrink = _shrink_of(width, height)
    if is_turned or shrink != 1:
        return None
    try:
        array = simplejpeg.decode_jpeg(data, colorspace="BGRX")
    except ValueError:
        return None
    pixels = Pixels(memoryview(array).cast("B"), width, height, width * 4, PixelFormat.RGB32)
    return Shown(pixels, width, height)


def _drafted(data: bytes) -> tuple["Image.Image", tuple[int, int]]:
    """A JPEG, read at the scale that it is shown at, and the size that it would have in full."""
    from PIL import Image, ImageOps

    with decode.judging():
        image = Image.open(io.BytesIO(data), formats=("JPEG",))
        size = image.size
        shrink = _shrink_of(*size)
        if not shrink or (image.info.get("progressive") and size[0] * size[1] > decode.MAX_PIXELS):
            limit = decode.MAX_PIXELS if shrink else MOST_PIXELS * _SHRINKS[-1] ** 2
            raise decode.too_large(size, limit)  # libjpeg holds all of a progressive one, at any scale
        if shrink > 1:
            image.draft(None, (-(-size[0] // shrink), -(-size[1] // shrink)))
        image.load()
        turned = ImageOps.exif_transpose(image)
    is_across = (turned.width < turned.height) != (image.width < image.height)
    return turned, (size[1], size[0]) if is_across else size


def _shrink_of(width: int, height: int) -> int:
    """The least of the scales that brings a picture below MOST_PIXELS; 0 where none does."""
    return next((one for one in _SHRINKS if width * height <= MOST_PIXELS * one * one), 0)


def _shown_of(image: "Image.Image", size: tuple[int, int] | None = None) -> Shown:
    width, height = size or image.size
    shrink = _shrink_of(*image.size)
    return Shown(decode.to_pixels(image.reduce(shrink) if shrink > 1 else image), width, height)
