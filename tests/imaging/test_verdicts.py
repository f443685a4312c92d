"""The fast way through a JPEG refuses what Pillow's full decode refuses, and nothing else."""

import io
import random
from collections.abc import Callable

import pytest
from PIL import Image

from imagine_desktop.imaging import decode, thumbnail
from imagine_desktop.imaging.decode import Undecodable
from tests.imaging.samples import encoded

_PHOTO = Image.frombytes("RGB", (200, 160), random.Random(1).randbytes(96_000)).resize((600, 480))
_KINDS = {
    "usual": encoded(_PHOTO, "JPEG", quality=80),
    "full colour": encoded(_PHOTO, "JPEG", quality=80, subsampling=0),
    "progressive": encoded(_PHOTO, "JPEG", quality=80, progressive=True),
    "grey": encoded(_PHOTO.convert("L"), "JPEG", quality=80),
    "restarts": encoded(_PHOTO, "JPEG", quality=80, restart_marker_rows=2),
    "CMYK": encoded(_PHOTO.convert("CMYK"), "JPEG", quality=80),
}
_MARKERS = (0x01, 0xC0, 0xC4, 0xD0, 0xD3, 0xD9, 0xDA, 0xDB, 0xE1, 0xFE)


def _cut(chance: random.Random, data: bytes) -> bytes:
    return data[: chance.randrange(20, len(data))]


def _overwritten(chance: random.Random, data: bytes) -> bytes:
    return _with(data, chance.randrange(2, len(data) - 2), chance.randbytes(2))


def _header_overwritten(chance: random.Random, data: bytes) -> bytes:
    return _with(data, chance.randrange(2, _scan(data) + 12), chance.randbytes(1))


def _shortened(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(_scan(data), len(data) - 600)
    return data[:at] + data[at + chance.choice((1, 2, 16, 500)) :]


def _blanked(chance: random.Random, data: bytes) -> bytes:
    return _with(data, at := chance.randrange(_scan(data) + 14, len(data)), bytes(len(data) - at))


def _marked(chance: random.Random, data: bytes) -> bytes:
    at = chance.randrange(_scan(data) + 14, len(data) - 3)
    return _with(data, at, bytes((0xFF, chance.choice(_MARKERS))))


def _with(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def _scan(data: bytes) -> int:
    return data.index(b"\xff\xda")


def _fully_decoded(data: bytes) -> tuple[int, int] | None:
    """The size, or None where Pillow's own decode of the whole picture refuses it."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
            image.load()
            return image.size
    except Exception:  # noqa: BLE001 - fed with anything, a decoder raises anything
        return None


def _judged(judge: Callable[[bytes], decode.Facts], data: bytes) -> tuple[int, int] | None:
    try:
        facts = judge(data)
    except Undecodable:
        return None
    return facts.width, facts.height


def _with_thumbnails(data: bytes) -> decode.Facts:
    return thumbnail.examine(data)[0]


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("damage", [_cut, _overwritten, _header_overwritten, _shortened, _blanked, _marked])
def test_damage_is_judged_as_by_a_full_decode(
    kind: str, damage: Callable[[random.Random, bytes], bytes]
) -> None:
    chance = random.Random(f"{kind} {damage.__name__}")
    for _ in range(2):
        data = damage(chance, _KINDS[kind])
        expected = _fully_decoded(data)
        assert _judged(_with_thumbnails, data) == expected
        assert _judged(decode.examine, data) == expected


@pytest.mark.parametrize("kind", _KINDS)
def test_whole_pictures_are_accepted_with_anything_behind_them(kind: str) -> None:
    for data in (_KINDS[kind], _KINDS[kind] + b"\0", _KINDS[kind] + bytes(range(256)) * 8):
        assert _judged(_with_thumbnails, data) == _judged(decode.examine, data) == (600, 480)


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("missing", [1, 2, 3, 4, 5, 6])
def test_a_picture_without_its_last_bytes_is_judged_as_by_a_full_decode(kind: str, missing: int) -> None:
    data = _KINDS[kind][:-missing]  # Pillow may take one that lacks nothing but its end marker
    assert _judged(_with_thumbnails, data) == _judged(decode.examine, data) == _fully_decoded(data)


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("part", [0.6, 0.97])
def test_a_picture_cut_short_is_refused(kind: str, part: float) -> None:
    data = _KINDS[kind][: int(len(_KINDS[kind]) * part)]
    assert _judged(_with_thumbnails, data) is _judged(decode.examine, data) is None


def test_the_usual_kinds_are_read_the_fast_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decode, "open_image", None)
    for kind in ("usual", "full colour", "progressive", "grey", "restarts"):
        assert _judged(_with_thumbnails, _KINDS[kind]) == (600, 480)
