"""What is uploaded of a person's picture: its pixels, turned as it is shown, and nothing else."""

import os
import socket
from pathlib import Path

import pytest
from PIL import Image

from imagine_desktop.errors import BadInput
from imagine_desktop.imaging import prepare
from tests.imaging import samples
from tests.imaging.samples import LIMITS, encoded, halves, opened


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_upload_tells_nothing_but_its_pixels(kind: str, orientation: int) -> None:
    photo = samples.telling_photo(orientation, kind)
    told = sum(secret in photo for secret in samples.SECRETS)
    assert told >= 3
    upload = prepare.prepare(photo, "photo", LIMITS)
    assert not any(secret in upload.data for secret in samples.SECRETS)
    image = opened(upload.data)
    assert not image.getexif()
    assert not {"comment", "exif", "icc_profile", "xmp", "Author"} & set(image.info)
    assert image.size == (upload.width, upload.height) == ((80, 40) if orientation == 1 else (40, 80))
    assert upload.mime == ("image/jpeg" if kind == "JPEG" else "image/png")


def test_transparency_of_a_png_is_kept() -> None:
    source = halves(mode="RGBA")
    source.putpixel((3, 3), (9, 8, 7, 0))
    upload = prepare.prepare(encoded(source, "PNG"), "logo", LIMITS)
    assert upload.mime == "image/png"
    assert opened(upload.data).getpixel((3, 3)) == (9, 8, 7, 0)


def test_sixteen_bit_grey_is_sent_as_the_grey_that_it_shows() -> None:
    upload = prepare.prepare(samples.sixteen_bit_grey(32_768), "scan", LIMITS)
    assert opened(upload.data).getpixel((5, 5)) == (128, 128, 128)


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_upload_fits_the_limit_however_noisy_the_picture(mode: str) -> None:
    bands = [Image.effect_noise((2100, 1600), 120) for _ in mode]
    source = Image.merge(mode, bands)
    data = encoded(source, "PNG", compress_level=1)
    assert len(data) > 9_000_000
    upload = prepare.prepare(data, "noise", LIMITS)
    assert len(upload.data) <= LIMITS.max_upload_bytes
    assert (upload.width, upload.height) == (2100, 1600)


def test_what_no_jpeg_can_hold_and_no_png_shrinks_is_refused_in_words() -> None:
    noise = Image.frombytes("RGB", (66_000, 60), os.urandom(66_000 * 60 * 3))
    with pytest.raises(BadInput, match="too large to send"):
        prepare.prepare(encoded(noise, "PNG", compress_level=1), "ribbon", LIMITS)


def test_library_picture_goes_back_unchanged_unless_it_is_too_large_or_moves() -> None:
    jpeg = encoded(halves(), "JPEG")
    assert prepare.unchanged(jpeg, "picture 1", LIMITS).data is jpeg
    assert prepare.unchanged(encoded(halves(), "GIF"), "picture 2", LIMITS).mime == "image/png"
    large = jpeg + bytes(LIMITS.max_upload_bytes)
    assert len(prepare.unchanged(large, "picture 3", LIMITS).data) < 10_000
    with pytest.raises(BadInput, match="picture 4"):
        prepare.unchanged(b"nothing", "picture 4", LIMITS)


def test_file_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(b"x" * 300_000)
    assert prepare.read_file(file, LIMITS) == b"x" * 300_000


@pytest.mark.skipif(os.name == "nt", reason="FIFOs, devices and sockets of Unix")
def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    fifo, link, large, bound = (tmp_path / name for name in ("fifo", "link", "large.png", "socket"))
    os.mkfifo(fifo)
    link.symlink_to("/dev/zero")
    with large.open("wb") as file:
        file.truncate(LIMITS.max_source_bytes + 1)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(bound))
        for path, why in (
            (fifo, "not a file"),
            (Path("/dev/zero"), "not a file"),
            (link, "not a file"),
            (tmp_path, "not a file"),
            (bound, "cannot be opened"),
            (tmp_path / "missing.png", "no file"),
            (tmp_path / ("x" * 300), "cannot be opened"),
            (Path("a\0b"), "name cannot be used"),
            (large, "larger than 50 MB"),
        ):
            with pytest.raises(BadInput, match=why) as caught:
                prepare.read_file(path, LIMITS)
            assert caught.value.field == "Sources"


@pytest.mark.parametrize(
    "data", [b"", b"<svg/>", samples.png_claiming(8_001, 8_001), encoded(halves(), "JPEG")[:-200]], ids=range(4)
)
def test_what_is_no_whole_picture_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"holiday\.jpg") as caught:
        prepare.prepare(data, "holiday.jpg", LIMITS)
    assert caught.value.field == "Sources"
