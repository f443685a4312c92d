"""Thumbnails: both sizes, the picture's shape and colours."""

import pytest

from imagine_desktop.domain.pixels import PixelFormat
from imagine_desktop.imaging import decode, thumbnail
from imagine_desktop.imaging.decode import Undecodable
from tests.imaging import samples
from tests.imaging.samples import encoded, halves, opened


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("size", "small", "large"),
    [
        ((2048, 1024), (256, 128), (512, 256)),
        ((600, 1200), (128, 256), (256, 512)),
        ((300, 300), (256, 256), (300, 300)),
        ((40, 20), (40, 20), (40, 20)),
        ((3000, 2), (256, 1), (512, 1)),
    ],
)
def test_both_sizes_keep_the_shape_and_never_grow(
    kind: str, size: tuple[int, int], small: tuple[int, int], large: tuple[int, int]
) -> None:
    made = thumbnail.make(encoded(halves(size), kind))
    assert (opened(made.small).size, opened(made.large).size) == (small, large)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L"])
def test_other_modes_have_thumbnails_too(mode: str) -> None:
    made = thumbnail.make(encoded(halves((900, 300)).convert("RGBA").convert(mode), "PNG"))
    assert opened(made.large).mode == "RGB"


def test_photo_is_turned_in_its_thumbnail() -> None:
    assert opened(thumbnail.make(samples.telling_photo(6)).small).size == (40, 80)


def test_thumbnail_looks_like_its_picture() -> None:
    pixels = decode.pixels(thumbnail.make(encoded(halves((1024, 512)), "JPEG")).small)
    assert (pixels.width, pixels.height, pixels.format) == (256, 128, PixelFormat.RGB32)
    blue, _, red, _ = pixels.data[:4]
    assert red > 180
    assert blue < 60


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff\xe0", encoded(halves((2000, 2000)), "JPEG")[:3000]])
def test_damaged_picture_has_no_thumbnail(data: bytes) -> None:
    with pytest.raises(Undecodable):
        thumbnail.make(data)
