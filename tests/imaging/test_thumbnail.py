"""Thumbnails: both sizes, the picture's shape and colours."""

import pytest
from PIL import Image

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


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("size", [(64, 48), (1400, 900)])
def test_facts_are_those_of_the_picture_itself(kind: str, size: tuple[int, int]) -> None:
    data = encoded(halves(size), kind)
    facts, made = thumbnail.examine(data)
    assert facts == decode.examine(data) == decode.Facts(f"image/{kind.lower()}", *size)
    assert made == thumbnail.make(data)


def test_facts_of_a_turned_photo_are_as_it_is_shown() -> None:
    data = samples.telling_photo(6)
    assert thumbnail.examine(data)[0] == decode.examine(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.2, 0.6, 0.97])
def test_large_picture_cut_short_is_refused(kind: str, part: float) -> None:
    data = encoded(Image.effect_noise((1400, 900), 80).convert("RGB"), kind)
    with pytest.raises(Undecodable):
        thumbnail.examine(data[: int(len(data) * part)])


def test_jpeg_of_too_many_pixels_is_refused() -> None:
    data = bytearray(encoded(halves((2000, 1000)), "JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = (9000).to_bytes(2) + (9000).to_bytes(2)  # height and width as declared
    with pytest.raises(Undecodable, match="megapixels"):
        thumbnail.examine(bytes(data))
