"""Bytes from outside: judged by content and within limits, refused in words, never a crash."""

import time
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from imagine_desktop.domain.pixels import PixelFormat
from imagine_desktop.imaging import decode, thumbnail
from imagine_desktop.imaging.decode import Facts, Undecodable
from tests.imaging import samples
from tests.imaging.samples import encoded, halves

KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
SAMPLES = {kind: encoded(halves((64, 48)), kind) for kind in KINDS}


@pytest.mark.parametrize(("kind", "mime"), KINDS.items())
def test_kind_and_size_are_read_from_the_content(kind: str, mime: str) -> None:
    facts = decode.examine(SAMPLES[kind])
    assert facts == Facts(mime, 64, 48)
    assert facts.extension in ("jpg", "png", "webp", "gif")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"%PDF-1.7",
        b"BM" + bytes(100),
        encoded(halves(), "TIFF"),
        encoded(halves(), "BMP"),
        encoded(halves(), "ICO"),
        bytes(10_000),
    ],
    ids=range(13),
)
def test_what_is_no_supported_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Undecodable):
        decode.examine(data)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.2, 0.6, 0.97])
def test_picture_cut_short_is_refused(kind: str, part: float) -> None:
    data = encoded(Image.effect_noise((200, 150), 80).convert("RGB"), kind)
    with pytest.raises(Undecodable):
        decode.examine(data[: int(len(data) * part)])


@pytest.mark.parametrize("side", [100_000, 2**31 - 1, 8_001])
def test_picture_of_too_many_pixels_is_refused_before_it_is_decoded(side: int) -> None:
    began_s = time.process_time()
    with pytest.raises(Undecodable, match=r"megapixels|damaged"):
        decode.examine(samples.png_claiming(side, side))
    assert time.process_time() - began_s < 0.5


@pytest.mark.parametrize("orientation", range(1, 9))
def test_picture_is_turned_as_its_orientation_says(orientation: int) -> None:
    image = decode.open_image(samples.telling_photo(orientation))
    assert image.size == ((80, 40) if orientation < 5 else (40, 80))
    far = {
        1: (70, 20),
        2: (10, 20),
        3: (10, 20),
        4: (70, 20),
        5: (20, 70),
        6: (20, 70),
        7: (20, 10),
        8: (20, 10),
    }
    red, _, blue = image.getpixel(far[orientation])  # type: ignore[misc]  # a pixel of three bands
    assert blue > red


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (encoded(Image.new("CMYK", (40, 20), (0, 255, 255, 0)), "JPEG"), (0, 0, 254)),
        (encoded(Image.new("L", (40, 20), 90), "PNG"), (90, 90, 90)),
        (encoded(Image.new("L", (40, 20), 90), "JPEG"), (90, 90, 90)),
        (encoded(Image.new("1", (40, 20), 1), "PNG"), (255, 255, 255)),
        (encoded(halves((40, 20)).quantize(4), "PNG"), samples.RED[::-1]),
        (samples.sixteen_bit_grey(32_768), (128, 128, 128)),
        (samples.sixteen_bit_grey(500, transparency=500), (1, 1, 1)),
    ],
    ids=["CMYK", "grey", "grey JPEG", "bits", "palette", "16 bits", "16 bits and a see-through grey"],
)
def test_odd_modes_become_the_colours_that_they_show(data: bytes, expected: tuple[int, int, int]) -> None:
    pixels = decode.pixels(data)
    assert (pixels.width, pixels.height, pixels.stride_bytes) == (40, 20, 160)
    assert pixels.format is PixelFormat.RGB32
    assert all(abs(a - b) <= 2 for a, b in zip(pixels.data[:3], expected, strict=True))
    small = samples.opened(thumbnail.make(data).small)
    shown = small.getpixel((0, 0))
    assert isinstance(shown, tuple)
    assert all(abs(a - b) <= 3 for a, b in zip(shown, expected[::-1], strict=True))


@pytest.mark.parametrize(
    "data",
    [
        encoded(Image.new("RGBA", (40, 20), (200, 100, 50, 0)), "PNG"),
        encoded(Image.new("LA", (40, 20), (200, 0)), "PNG"),
        encoded(Image.new("L", (40, 20), 7), "PNG", transparency=7),
        encoded(Image.new("RGB", (40, 20), (1, 2, 3)), "PNG", transparency=(1, 2, 3)),
        encoded(halves((40, 20)).quantize(4), "PNG", transparency=halves((40, 20)).quantize(4).tobytes()[0]),
        encoded(Image.new("RGBA", (40, 20), (0, 0, 0, 0)), "GIF"),
    ],
    ids=["RGBA", "LA", "grey", "RGB", "palette", "GIF"],
)
def test_transparency_is_kept(data: bytes) -> None:
    pixels = decode.pixels(data)
    assert pixels.format is PixelFormat.ARGB32
    assert pixels.data[3] == 0


def test_only_the_first_frame_is_shown() -> None:
    both = encoded(halves(), "GIF", save_all=True, append_images=[Image.new("RGB", (80, 40), "green")])
    assert decode.pixels(both).data[:3] == decode.pixels(encoded(halves(), "GIF")).data[:3]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kind=st.sampled_from(sorted(KINDS)),
    changes=st.lists(
        st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=6)), min_size=1, max_size=8
    ),
    telling=st.booleans(),
)
def test_damaged_bytes_are_a_picture_or_refused_and_nothing_else(
    kind: str, changes: list[tuple[int, bytes]], telling: bool
) -> None:
    data = bytearray(samples.telling_photo(6, kind) if telling and kind != "GIF" else SAMPLES[kind])
    for place, new in changes:
        at = place % len(data)
        data[at : at + len(new)] = new
    for act in (decode.examine, decode.pixels, thumbnail.make):
        with suppress(Undecodable):
            act(bytes(data))
