"""How much one picture differs from another, pixel by pixel."""

from functools import reduce
from typing import TYPE_CHECKING

from imagine_desktop.domain.pixels import Difference
from imagine_desktop.imaging import decode

if TYPE_CHECKING:
    from PIL import Image

_MOST_PIXELS = 16_000_000  # above it both are compared at half the size, or less


def between(before: bytes, after: bytes) -> Difference:
    """The difference of two pictures in the size of the second, into which the first is fitted.

    A pixel's level is that of the channel which changed most. What the first does not cover has changed
    altogether. Raises Undecodable.
    """
    from PIL import Image, ImageChops

    first, second = (decode.open_image(data) for data in (before, after))
    while second.width * second.height > _MOST_PIXELS:
        first, second = first.reduce(2), second.reduce(2)  # both alike, or their edges would differ
    mode = "RGBa" if _has_alpha(first) or _has_alpha(second) else "RGB"
    first, second = (_in_mode(image, mode) for image in (first, second))
    fitted, corner = _fitted(first, second.size)
    part = second.crop((*corner, corner[0] + fitted.width, corner[1] + fitted.height))
    bands = ImageChops.difference(fitted, part).split()
    levels = Image.new("L", second.size, 255)
    levels.paste(reduce(ImageChops.lighter, bands), corner)
    return Difference(levels.tobytes(), levels.width, levels.height, tuple(levels.histogram()))


def _fitted(image: "Image.Image", size: tuple[int, int]) -> tuple["Image.Image", tuple[int, int]]:
    """An image as large as it can be in a frame of that size, and where its corner lies there."""
    from PIL import Image

    scale = min(size[0] / image.width, size[1] / image.height)
    width, height = (max(1, round(side * scale)) for side in image.size)
    if (width, height) != image.size:
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    return image, ((size[0] - width) // 2, (size[1] - height) // 2)


def _has_alpha(image: "Image.Image") -> bool:
    return image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info


def _in_mode(image: "Image.Image", mode: str) -> "Image.Image":
    if mode == "RGBa":
        return image.convert("RGBA").convert("RGBa")  # what is see-through has no colour of its own
    return image.convert(mode)
