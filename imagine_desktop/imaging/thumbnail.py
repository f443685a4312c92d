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


def _scaled(data: bytes) -> "Image.Image":
    """The picture, a JPEG decoded at the least scale that still covers the large thumbnail."""
    if decode.sniff(data) != "image/jpeg":
        return decode.open_image(data)
    import simplejpeg  # brings numpy: never at start
    from PIL import Image

    (width, height), is_turned = decode.header(data)
    shrink = max(width, height) / LARGE_PX
    if is_turned or shrink < 1:
        return decode.open_image(data)
    try:
        array = simplejpeg.decode_jpeg(
            data,
            colorspace="RGB",
            min_width=round(width / shrink),
            min_height=round(height / shrink),
            min_factor=1,
        )
    except ValueError:
        return decode.open_image(data)  # says what is wrong with it
    return Image.fromarray(array)


def _jpeg(image: "Image.Image") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()
