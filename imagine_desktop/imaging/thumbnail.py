"""Small copies of pictures for the grid: two sizes from one decode, JPEG."""

import io
from typing import TYPE_CHECKING, NamedTuple

from imagine_desktop.domain.pixels import Pixels
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
    from PIL import Image

    image = _scaled(data)
    if image.mode != "RGB":
        ground = Image.new("RGB", image.size, (128, 128, 128))
        rgba = image.convert("RGBA")
        ground.paste(rgba, mask=rgba.getchannel("A"))
        image = ground
    image.thumbnail((LARGE_PX, LARGE_PX), Image.Resampling.BICUBIC, reducing_gap=2.0)
    large = _jpeg(image)
    image.thumbnail((SMALL_PX, SMALL_PX), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return Thumbnails(_jpeg(image), large)


def read(jpeg: bytes) -> Pixels:
    """The pixels of a thumbnail made here."""
    return decode.pixels(jpeg)


def _scaled(data: bytes) -> "Image.Image":
    """The picture, a JPEG decoded at the least scale that still covers the large thumbnail."""
    if decode.sniff(data) != "image/jpeg":
        return decode.open_image(data)
    import simplejpeg  # brings numpy: never at start
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as header:
            turned = header.getexif().get(0x0112, 1) != 1
            shrink = max(header.size) / LARGE_PX
            size = header.size
        if turned or shrink < 1:
            return decode.open_image(data)
        array = simplejpeg.decode_jpeg(
            data,
            colorspace="RGB",
            min_width=round(size[0] / shrink),
            min_height=round(size[1] / shrink),
            min_factor=1,
        )
    except (OSError, SyntaxError, ValueError):
        return decode.open_image(data)  # says what is wrong with it
    return Image.fromarray(array)


def _jpeg(image: "Image.Image") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()
