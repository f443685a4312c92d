"""Small copies of pictures for the grid: two sizes from one decode, JPEG."""

import io
from typing import TYPE_CHECKING, NamedTuple

from imagine_desktop.imaging import decode

if TYPE_CHECKING:
    from PIL import Image

SMALL_PX = 256
LARGE_PX = 512
_QUALITY = 88


class Thumbnails(NamedTuple):
    """JPEG bytes; the longer side measures SMALL_PX and LARGE_PX, or the picture's own where it is smaller."""

    small: bytes
    large: bytes


def make(data: bytes) -> Thumbnails:
    """Both thumbnails of a picture. Raises Undecodable."""
    return examine(data)[1]


def examine(data: bytes) -> tuple[decode.Facts, Thumbnails]:
    """The facts of a whole picture, as `decode.examine` has them, and its thumbnails. Raises Undecodable."""
    from PIL import Image

    size, image = _decoded(data)
    if image.mode != "RGB":
        ground = Image.new("RGB", image.size, (128, 128, 128))
        rgba = image.convert("RGBA")
        ground.paste(rgba, mask=rgba.getchannel("A"))
        image = ground
    image.thumbnail((LARGE_PX, LARGE_PX), Image.Resampling.BICUBIC, reducing_gap=2.0)
    large = _jpeg(image)
    # Half of the large one, or nearly: averages of four pixels take a tenth of the time of a cubic filter.
    image.thumbnail((SMALL_PX, SMALL_PX), Image.Resampling.BICUBIC, reducing_gap=1.0)
    return decode.Facts(decode.sniff(data) or "", *size), Thumbnails(_jpeg(image), large)


def _decoded(data: bytes) -> tuple[tuple[int, int], "Image.Image"]:
    """The picture's size, and its pixels: of a JPEG at the least scale that still covers the large thumbnail.

    Every block is read at any scale, so that a picture cut short is found.
    """
    scaled = _scaled(data) if decode.sniff(data) == "image/jpeg" else None
    if scaled is not None:
        return scaled
    image = decode.open_image(data)
    return image.size, image


def _scaled(data: bytes) -> tuple[tuple[int, int], "Image.Image"] | None:
    """The same of a JPEG; None where Pillow is to judge it."""
    import simplejpeg  # brings numpy: never at start
    from PIL import Image

    size, is_turned = decode.header(data)
    shrink = max(size) / LARGE_PX
    if is_turned or shrink < 1 or size[0] * size[1] > decode.MAX_PIXELS:
        return None
    try:
        array = simplejpeg.decode_jpeg(
            data,
            colorspace="RGB",
            min_width=round(size[0] / shrink),
            min_height=round(size[1] / shrink),
            min_factor=1,
        )
    except ValueError:
        return None
    return size, Image.fromarray(array)


def _jpeg(image: "Image.Image") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()
