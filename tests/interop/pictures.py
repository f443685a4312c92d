"""What the tests ask of a picture."""

from io import BytesIO
from statistics import correlation

from PIL import Image, ImageChops, ImageStat

_SMALL = (48, 32)


def jpeg(data: bytes) -> Image.Image:
    """The whole picture, which must be a sound JPEG."""
    with Image.open(BytesIO(data), formats=["JPEG"]) as opened:
        opened.load()
        return opened.convert("RGB")


def opened(data: bytes) -> Image.Image:
    """A source, whatever it is."""
    with Image.open(BytesIO(data)) as source:
        return source.convert("RGB")


def likeness(one: Image.Image, other: Image.Image) -> float:
    """How far light and dark lie in the same places: 1 for the same structure, near 0 for another."""
    return correlation(*(list(image.convert("L").resize(_SMALL).tobytes()) for image in (one, other)))


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of a pixel's channel, of 255."""
    small = [image.resize(_SMALL) for image in (one, other)]
    return sum(ImageStat.Stat(ImageChops.difference(*small)).mean) / 3


def saturation(image: Image.Image) -> float:
    """The mean saturation, of 255."""
    return ImageStat.Stat(image.convert("HSV")).mean[1]
