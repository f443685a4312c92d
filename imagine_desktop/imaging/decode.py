"""Bytes from outside to facts and pixels: judged by content, within limits, never by Qt.

Only JPEG, PNG, WebP and GIF are ever handed to a decoder; SVG, EPS, PDF and the like are not pictures here.
"""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from imagine_desktop.domain.pixels import PixelFormat, Pixels

if TYPE_CHECKING:
    from PIL import Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_PIXELS = 64_000_000
_ORIENTATION, _GPS = 0x0112, 0x8825  # EXIF's tags
_COMMENTS = {"comment", "xmp", "XML:com.adobe.xmp"}
_MIMES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif"}


class Undecodable(ValueError):
    """The bytes are no picture of a supported kind, not whole, or too large; the text says which."""


class TooLarge(Undecodable):
    """It may well be a picture, but has more pixels than there is memory for."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a whole picture is: its kind by content and its size in pixels as it is shown."""

    mime: str
    width: int
    height: int

    @property
    def extension(self) -> str:
        """The usual file name extension of its kind."""
        return EXTENSIONS[self.mime]


def sniff(data: bytes) -> str | None:
    """The MIME type that the first bytes say, or None where it is no supported picture."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    return None


def open_image(data: bytes, max_pixels: int = MAX_PIXELS) -> "Image.Image":
    """The first frame, fully decoded, turned as its orientation says.

    Raises Undecodable. A picture cut short is refused: only a full decode finds that.
    """
    from PIL import Image, ImageOps  # slow to import; not needed before the window is shown

    if sniff(data) is None:
        raise Undecodable("it is no JPEG, PNG, WebP or GIF picture")
    with judging():
        image = Image.open(io.BytesIO(data), formats=FORMATS)
        if image.width * image.height > max_pixels:
            raise too_large(image.size, max_pixels)
        image.load()
        return ImageOps.exif_transpose(_in_eight_bits(image))


def too_large(size: tuple[int, int], max_pixels: int) -> TooLarge:
    """What to raise for a picture of that size."""
    millions = max_pixels // 1_000_000
    return TooLarge(f"it measures {size[0]} × {size[1]}; {millions} megapixels is the limit")


def header(data: bytes) -> tuple[tuple[int, int], bool]:
    """A picture's size as it is stored, and whether it is shown turned, undecoded. Raises Undecodable."""
    from PIL import Image

    with judging(), Image.open(io.BytesIO(data), formats=FORMATS) as image:
        return image.size, image.getexif().get(_ORIENTATION, 1) != 1


def exif(data: bytes) -> "Image.Exif":
    """A picture's EXIF, undecoded. Raises Undecodable."""
    from PIL import Image

    with judging(), Image.open(io.BytesIO(data), formats=FORMATS) as image:
        return image.getexif()


def extras(data: bytes) -> tuple[str, ...]:
    """What a picture's file tells besides its pixels, in words for the person. Raises Undecodable."""
    from PIL import Image

    with judging(), Image.open(io.BytesIO(data), formats=FORMATS) as image:
        exif = image.getexif()
        is_told = {
            "position": bool(exif.get_ifd(_GPS)),
            "camera data": bool(set(exif) - {_ORIENTATION, _GPS}),
            "comments": bool(_COMMENTS & image.info.keys()) or bool(getattr(image, "text", {})),
        }
    return tuple(what for what, is_so in is_told.items() if is_so)


def examine(data: bytes, max_pixels: int = MAX_PIXELS) -> Facts:
    """The facts of a whole picture. Raises Undecodable."""
    mime = sniff(data) or ""
    size = _size_of_whole_jpeg(data, max_pixels) if mime == "image/jpeg" else None
    return Facts(mime, *(size or open_image(data, max_pixels).size))


def pixels(data: bytes, max_pixels: int = MAX_PIXELS) -> Pixels:
    """The picture's pixels, ready for the window. Raises Undecodable."""
    return to_pixels(open_image(data, max_pixels))


def _size_of_whole_jpeg(data: bytes, max_pixels: int) -> tuple[int, int] | None:
    """The size of a JPEG of which every block can be read; None where Pillow is to judge it.

    This reads a picture at 2k in a fifth of the time, and while it does other threads may run Python: Pillow
    keeps them waiting while it clears 16 MB for the pixels.
    """
    import simplejpeg  # brings numpy: never at start

    size, is_turned = header(data)
    if is_turned or size[0] * size[1] > max_pixels:
        return None
    try:
        simplejpeg.decode_jpeg(data, colorspace="GRAY", min_width=1, min_height=1, min_factor=8)
    except ValueError:
        return None
    return size


@contextmanager
def judging() -> Iterator[None]:
    """Makes Undecodable of all that a decoder says; Pillow warns of size and damage, which are judged here."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # Pillow would call a large picture an attack, and not say how large it is
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Undecodable:
        raise
    except Image.DecompressionBombError as error:  # before `open_image` can look
        raise Undecodable("it claims to have more megapixels than can be decoded") from error
    except Exception as error:  # fed with anything, a decoder raises anything, `struct.error` among it
        raise Undecodable("the picture is damaged or incomplete") from error


def _in_eight_bits(image: "Image.Image") -> "Image.Image":
    """The image as it is shown: Pillow's own conversion would turn nearly all of 65,536 greys white."""
    if not image.mode.startswith("I"):
        return image
    shown = image.point(lambda grey: grey * (1 / 256)).convert("L")
    shown.info.pop("transparency", None)  # a grey in 16 bits, which names no grey in 8
    return shown


def to_pixels(image: "Image.Image") -> Pixels:
    """An image's pixels in the byte order that the window paints without converting."""
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    if has_alpha:
        data = image.convert("RGBA").tobytes("raw", "BGRA")
        return Pixels(data, image.width, image.height, image.width * 4, PixelFormat.ARGB32)
    data = image.convert("RGB").tobytes("raw", "BGRX")
    return Pixels(data, image.width, image.height, image.width * 4, PixelFormat.RGB32)
