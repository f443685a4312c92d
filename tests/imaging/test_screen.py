"""Pictures for the screen: the same pixels as Pillow's, and bounded memory whatever the file claims."""

import io
import subprocess
import sys
import tracemalloc

import pytest
from PIL import Image

from imagine_desktop.domain.pixels import PixelFormat
from imagine_desktop.imaging import decode, screen
from imagine_desktop.imaging.decode import TooLarge, Undecodable
from tests.imaging import samples
from tests.imaging.samples import encoded, halves


def _cloud(size: tuple[int, int]) -> Image.Image:
    return Image.effect_noise((40, 30), 90).convert("RGB").resize(size, Image.Resampling.BICUBIC)


@pytest.mark.parametrize("is_urgent", [False, True])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pixels_are_those_of_the_plain_decode(kind: str, is_urgent: bool) -> None:
    data = encoded(_cloud((300, 200)), kind)
    shown, plain = screen.shown(data, is_urgent=is_urgent), decode.pixels(data)
    assert (shown.width, shown.height, shown.note) == (300, 200, "")
    assert shown.pixels.format is PixelFormat.RGB32
    assert shown.pixels.stride_bytes == 1200
    offs = [abs(a - b) for a, b in zip(shown.pixels.data, plain.data, strict=True)]
    assert max(offs[0::4] + offs[1::4] + offs[2::4]) <= 4  # two versions of libjpeg round differently


def test_it_is_urgent_before_the_fast_decoder_is_there() -> None:
    code = (
        "import io, sys; from PIL import Image; from imagine_desktop.imaging import screen\n"
        "buffer = io.BytesIO(); Image.new('RGB', (64, 48), (9, 8, 7)).save(buffer, 'JPEG')\n"
        "shown = screen.shown(buffer.getvalue(), is_urgent=True)\n"
        "assert (shown.width, shown.height) == (64, 48)\n"
        "assert 'numpy' not in sys.modules\n"
        "screen.shown(buffer.getvalue())\n"
        "assert 'simplejpeg' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_at_any_scale(orientation: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = samples.telling_photo(orientation)
    size = (80, 40) if orientation < 5 else (40, 80)
    whole = screen.shown(data)
    assert ((whole.width, whole.height), (whole.pixels.width, whole.pixels.height)) == (size, size)
    monkeypatch.setattr(screen, "MOST_PIXELS", 1000)
    reduced = screen.shown(data)
    assert (reduced.width, reduced.height) == size
    assert (reduced.pixels.width, reduced.pixels.height) == (size[0] // 2, size[1] // 2)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_picture_is_reduced_and_keeps_its_size(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "MOST_PIXELS", 5_000)
    data = encoded(halves((400, 200)), kind)
    shown = screen.shown(data)
    assert (shown.width, shown.height) == (400, 200)
    assert shown.pixels.width * shown.pixels.height <= 5_000
    left, right = shown.pixels.data[:3], shown.pixels.data[4 * shown.pixels.width - 4 :][:3]
    assert all(
        abs(a - b) < 6 for a, b in zip((*left, *right), (*samples.RED[::-1], *samples.BLUE[::-1]), strict=True)
    )


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_jpeg_of_300_megapixels_is_shown_within_a_tenth_of_its_memory() -> None:
    code = (
        "import resource, sys; from imagine_desktop.imaging import screen\n"
        "data = sys.stdin.buffer.read()\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "shown = screen.shown(data)\n"
        "after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(shown.width, shown.height, shown.pixels.width, (after - before) // 1024)\n"
    )
    data = encoded(Image.new("RGB", (20_000, 15_000), (200, 100, 50)), "JPEG", quality=50)
    run = [sys.executable, "-c", code]
    told = subprocess.run(run, input=data, capture_output=True, check=True, timeout=250).stdout.split()
    width, height, shown_width, megabytes = map(int, told)
    assert (width, height, shown_width) == (20_000, 15_000, 5_000)
    assert megabytes < 350  # in full it would be 1,200


def test_a_progressive_jpeg_that_large_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "MOST_PIXELS", 5_000)
    monkeypatch.setattr(decode, "MAX_PIXELS", 10_000)
    data = encoded(halves((400, 200)), "JPEG", progressive=True)
    with pytest.raises(TooLarge, match="400 × 200"):
        screen.shown(data)
    assert screen.shown(encoded(halves((400, 200)), "JPEG")).pixels.width == 100


@pytest.mark.parametrize("size", [(100_000, 100_000), (20_000, 15_000), (2**31 - 1, 1)])
def test_a_png_that_claims_too_much_is_refused_by_its_size(size: tuple[int, int]) -> None:
    tracemalloc.start()
    with pytest.raises(TooLarge, match=f"{size[0]} × {size[1]}"):
        screen.shown(samples.png_claiming(*size))
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("part", [0.2, 0.6, 0.97])
def test_a_picture_cut_short_is_damaged_not_half_shown(kind: str, part: float) -> None:
    data = encoded(_cloud((300, 200)), kind)
    with pytest.raises(Undecodable, match=r"damaged|no JPEG"):
        screen.shown(data[: int(len(data) * part)])


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"<svg/>", bytes(1000)], ids=range(4))
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(Undecodable):
        screen.shown(data)


@pytest.mark.parametrize("mode", ["CMYK", "L"])
def test_odd_jpegs_have_their_colours(mode: str) -> None:
    data = encoded(halves().convert(mode), "JPEG")
    expected = Image.open(io.BytesIO(data)).convert("RGB").getpixel((10, 10))
    assert isinstance(expected, tuple)
    found = screen.shown(data).pixels.data[4 * 80 * 10 + 40 :][:3]
    assert all(abs(a - b) <= 3 for a, b in zip(found, expected[::-1], strict=True))


def test_what_is_see_through_stays_so() -> None:
    shown = screen.shown(encoded(Image.new("RGBA", (40, 20), (200, 100, 50, 0)), "PNG"))
    assert shown.pixels.format is PixelFormat.ARGB32
    assert shown.pixels.data[3] == 0
