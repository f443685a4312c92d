"""What goes out of a person's picture (P13): its pixels as they saw them, nothing else, said before."""

import json
import random
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from imagine_desktop.domain.catalog import Catalog, Limits
from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.domain.request import FileSource, Request
from imagine_desktop.engine import sources
from imagine_desktop.imaging import decode, prepare
from imagine_desktop.library.library import Library
from tests.imaging.samples import LIMITS, encoded, halves, opened

CANARIES = tuple(f"Canary{number:02d}{'x' * 6}" for number in range(12))
KINDS = ("JPEG", "PNG", "WEBP", "GIF")
TURNED = {1: "RL", 2: "LR", 3: "LR", 4: "RL", 5: "TB", 6: "TB", 7: "BT", 8: "BT"}


def exif_of(orientation: int) -> Image.Exif:
    """A camera's account of a photo: six canaries, and how it was held."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    for tag, canary in zip((0x010E, 0x010F, 0x013B, 0x8298), CANARIES, strict=False):
        exif[tag] = canary
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[29] = "N", (48.0, 51.0, 29.0), CANARIES[4]
    exif.get_ifd(0x8769)[0xA431] = CANARIES[5]  # the camera's serial number
    return exif


def telling(kind: str, orientation: int = 1) -> bytes:
    """A picture of that kind that holds every canary, wherever the format has room for one."""
    options: dict[str, object] = {}
    if kind != "GIF":
        options |= {"exif": exif_of(orientation), "icc_profile": CANARIES[6].encode()}
    if kind in ("JPEG", "GIF"):
        options |= {"comment": CANARIES[7].encode()}
    if kind in ("JPEG", "WEBP"):
        options |= {"xmp": CANARIES[8].encode()}
    if kind == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Author", CANARIES[7])
        text.add_text("Comment", CANARIES[8] * 20, zip=False)
        text.add_itxt("XML:com.adobe.xmp", CANARIES[9])
        options |= {"pnginfo": text}
    # What follows the picture's end: another picture, a name, a note.
    tail = b"".join(canary.encode() for canary in CANARIES)
    return encoded(halves(), kind, **options) + b"PK\x03\x04" + tail


def held(data: bytes) -> set[str]:
    """The canaries in some bytes, as they are, in UTF-16, in base64 at each of three places, or as hex."""
    import base64

    found = set()
    for canary in CANARIES:
        plain = canary.encode()
        shapes = [plain, canary.encode("utf-16-le"), plain.hex().encode()]
        shapes += [base64.b64encode(b"x" * shift + plain)[4:-4] for shift in range(3)]
        if any(shape in data for shape in shapes):
            found.add(canary)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_no_canary_of_twelve_is_in_the_body(kind: str, tmp_path: Path, catalog: Catalog) -> None:
    from imagine_desktop.api import wire

    photo = telling(kind)
    assert held(photo) == set(CANARIES)
    file = tmp_path / f"{CANARIES[0]}.{kind.lower()}"
    file.write_bytes(photo)
    library = Library.open(tmp_path / "library", "a test")
    try:
        request = Request("make it night", catalog.default_model, sources=(FileSource(file),))
        frozen = sources.freeze(request.sources, library, catalog.limits)
        inside = sources.addresses(frozen, library)
    finally:
        library.close()
    _, body = wire.encode(request, inside, Delivery.URL, catalog)
    assert held(body) == set()
    assert held(wire.decode_base64(json.loads(body)["image"]["url"])) == set()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_picture_goes_out_as_it_was_seen(kind: str, orientation: int) -> None:
    upload = prepare.prepare(telling(kind, orientation), "photo", LIMITS)
    image = opened(upload.data).convert("RGB")
    assert image.size == ((80, 40) if orientation < 5 else (40, 80))
    shown = decode.open_image(telling(kind, orientation)).convert("RGB")
    for place in ((5, 5), (image.width - 6, image.height - 6)):
        assert max(abs(a - b) for a, b in zip(image.getpixel(place), shown.getpixel(place), strict=True)) < 12  # type: ignore[arg-type]


def described(data: bytes, limits: Limits = LIMITS, *, originals: bool = False) -> str:
    """What is said of these bytes before they are sent."""
    make = prepare.unchanged if originals else prepare.prepare
    return prepare.described(data, make(data, "photo", limits)).sentence


def test_what_becomes_of_a_file_is_said_with_what_is_left_out() -> None:
    said = described(telling("JPEG"))
    assert said.startswith("2 KB JPEG 80×40 → JPEG 95 %, ")
    assert said.endswith("; position, camera data and comments removed")
    assert described(encoded(halves(), "PNG")) == "1 KB PNG 80×40 → PNG, 1 KB"
    assert described(telling("GIF")).endswith(" GIF 80×40 → PNG, 1 KB; comments removed")
    turned = described(telling("WEBP", 6))
    assert " WebP 40×80 → PNG" in turned


def test_a_large_png_becomes_the_best_jpeg_that_fits() -> None:
    noise = Image.frombytes("RGB", (1200, 1000), random.Random(1).randbytes(3_600_000))
    limits = Limits(LIMITS.max_count, LIMITS.max_source_bytes, LIMITS.max_source_pixels, 2_000_000)
    data = encoded(noise, "PNG", compress_level=1)
    upload = prepare.prepare(data, "noise", limits)
    assert (upload.mime, upload.quality) == ("image/jpeg", 85)
    assert 1_000_000 < len(upload.data) <= 2_000_000
    assert len(encoded(noise, "JPEG", quality=90, subsampling=0)) > 2_000_000
    assert described(data, limits).startswith("3.6 MB PNG 1200×1000 → JPEG 85 %, 1.")
    assert prepare.prepare(data, "noise", LIMITS).mime == "image/png"


def test_original_bytes_go_out_where_that_was_chosen_and_the_api_takes_them() -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        data = telling(kind)
        upload = prepare.unchanged(data, "photo", LIMITS)
        assert upload.data is data
        assert described(data, originals=True).endswith(
            ", sent as it is, with position, camera data and comments"
        )
    assert " → PNG" in described(telling("GIF"), originals=True)
    photo = telling("JPEG")
    small = Limits(1, 10**8, 10**8, len(photo) - 1)
    assert " → JPEG" in described(photo, small, originals=True)


def test_the_file_on_the_disk_is_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(telling("JPEG"))
    before = (file.read_bytes(), file.stat().st_mtime_ns)
    prepare.prepare(prepare.read_file(file, LIMITS), file.name, LIMITS)
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before
