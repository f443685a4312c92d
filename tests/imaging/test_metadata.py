"""The story inside a picture's file: written beside the compressed picture, read back from anything."""

import io
import json
import random
import shutil
import struct
import subprocess
import tracemalloc
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops
from PIL.Image import Exif

from imagine_desktop.domain.story import Story
from imagine_desktop.imaging import metadata, xmp

PROMPT = 'a harbour at "night" — <IMAGE_0> & fog\nzwei Möwen, 港 🦊'
STORY = Story(
    prompt=PROMPT,
    model="grok-imagine-image",
    aspect_ratio="16:9",
    resolution="2k",
    quality="medium",
    count=4,
    created=1_700_000_000.0,
    id="01ARZ3NDEKTSV4RRFFQ69G5FAV-2",
    sources=("01ARZ3NDEKTSV4RRFFQ69G5FAA-0", "file"),
)
READ = replace(STORY, created=0.0)


def picture(mode: str = "RGB") -> Image.Image:
    noise = random.Random(1).randbytes(61 * 37 * len(mode))
    return Image.frombytes(mode, (61, 37), noise)


def encoded(kind: str, mode: str = "RGB", **options: object) -> bytes:
    buffer = io.BytesIO()
    picture(mode).save(buffer, kind, **options)
    return buffer.getvalue()


SAMPLES = {
    "jpeg": encoded("JPEG"),
    "progressive jpeg": encoded("JPEG", progressive=True, dpi=(72, 72)),
    "grey jpeg": encoded("JPEG", "L"),
    "png": encoded("PNG"),
    "png, several pieces": encoded("PNG", "RGBA", compress_level=0),
    "webp": encoded("WEBP", quality=80),
    "webp, odd": encoded("WEBP", quality=35),
    "lossless webp": encoded("WEBP", lossless=True),
    "lossless webp, alpha": encoded("WEBP", "RGBA", lossless=True),
    "webp, alpha": encoded("WEBP", "RGBA", quality=80),
    "webp, profile": encoded("WEBP", icc_profile=b"profile"),
}


def compressed(data: bytes) -> list[bytes]:
    """The compressed picture inside a file, and the tables that decode it."""
    if data.startswith(b"\xff\xd8"):
        return [data[data.index(b"\xff\xdb") :]]  # from the first quantisation table on
    if data.startswith(b"\x89PNG"):
        return [
            data[a:b]
            for name, a, b in metadata.png_chunks(data)
            if name in (b"IHDR", b"IDAT", b"PLTE", b"tRNS")
        ]
    wanted = (b"VP8 ", b"VP8L", b"ALPH", b"ICCP")
    return [data[a:b] for name, a, b, _ in metadata._riff(data) if name in wanted]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_picture_is_untouched_and_the_story_comes_back(name: str) -> None:
    plain = SAMPLES[name]
    told = metadata.embed(plain, STORY)
    assert compressed(told) == compressed(plain)
    assert metadata.story(plain) is None
    assert metadata.story(told) == READ
    with Image.open(io.BytesIO(plain)) as before, Image.open(io.BytesIO(told)) as after:
        assert (before.size, before.mode, before.format) == (after.size, after.mode, after.format)
        assert before.tobytes() == after.tobytes()
        assert before.info.get("icc_profile") == after.info.get("icc_profile")
        assert bytes(after.getexif()[0x010E], "latin-1").decode() == PROMPT
        assert xmp.TRAINED.encode() in after.info["xmp"]
    assert metadata.story(metadata.embed(told, replace(STORY, prompt="another"))) == replace(
        READ, prompt="another"
    )


def test_png_tells_it_as_text_too() -> None:
    with Image.open(io.BytesIO(metadata.embed(SAMPLES["png"], STORY))) as image:
        image.load()
        assert image.info["Description"] == PROMPT
        assert image.info["Software"] == xmp.TOOL


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_the_api_delivered_stays_and_orientation_with_it(kind: str) -> None:
    exif = Exif()
    exif[0x0112], exif[0x013B] = 6, "the API"
    plain = encoded(kind, exif=exif)
    told = metadata.embed(plain, STORY)
    with Image.open(io.BytesIO(told)) as image:
        assert (image.getexif()[0x0112], image.getexif()[0x013B]) == (6, "the API")
        assert 0x010E not in image.getexif()
    assert metadata.story(told) == READ
    assert told.count(b"Exif\0\0") <= 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_another_packet_is_replaced(kind: str) -> None:
    plain = encoded(kind) if kind == "PNG" else encoded(kind, xmp=b"<x/>")
    if kind == "PNG":
        plain = plain[:-12] + metadata._chunk(b"iTXt", metadata._PNG_XMP + b"\0\0\0\0<x/>") + plain[-12:]
    told = metadata.embed(plain, STORY)
    assert b"<x/>" not in told
    assert metadata.story(told) == READ


def signed(kind: str) -> bytes:
    """A picture with the place where content credentials are."""
    if kind == "JPEG":
        return SAMPLES["jpeg"][:2] + b"\xff\xeb\x00\x08JP\0\1xx"[:10] + SAMPLES["jpeg"][2:]
    if kind == "PNG":
        return SAMPLES["png"][:33] + metadata._chunk(b"caBX", b"jumb") + SAMPLES["png"][33:]
    whole = SAMPLES["webp"] + metadata._riff_chunk(b"C2PA", b"jumb")
    return whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (encoded("GIF", "L"), "no place"),
        (b"", "no place"),
        (b"\xff\xd8\xff\x01", "damaged"),
        (SAMPLES["jpeg"][:100], "damaged"),
        (SAMPLES["png"][:60], "damaged"),
        (SAMPLES["webp"][:60], "damaged"),
        (SAMPLES["png"][:33] + SAMPLES["png"][-12:], "damaged"),
        (signed("JPEG"), "signed"),
        (signed("PNG"), "signed"),
        (signed("WEBP"), "signed"),
    ],
)
def test_what_cannot_carry_it_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(metadata.CannotCarry, match=why):
        metadata.embed(data, STORY)


def test_a_prompt_too_long_for_a_jpeg_segment_is_refused_and_fits_elsewhere() -> None:
    long = replace(STORY, prompt="港" * 30_000)
    with pytest.raises(metadata.CannotCarry, match="too long"):
        metadata.embed(SAMPLES["jpeg"], long)
    for name in ("png", "webp"):
        read = metadata.story(metadata.embed(SAMPLES[name], long))
        assert read is not None
        assert read.prompt == long.prompt


@pytest.mark.parametrize("name", ["jpeg", "png", "webp"])
def test_hostile_prompts_stay_text(name: str) -> None:
    for prompt in (
        "]]></rdf:li><x/>",
        "<!DOCTYPE x>&amp;&#0;",
        "\0\x1b\ufffe\ud800a",
        "<?xpacket end='w'?>",
        "--><script>alert(1)</script>",
        "&" * 5_000,
    ):
        read = metadata.story(metadata.embed(SAMPLES[name], replace(STORY, prompt=prompt)))
        assert read is not None
        assert read.prompt == prompt.replace("\0", "").replace("\x1b", "").replace("\ufffe", "").replace(
            "\ud800", ""
        )


def with_packet(packet: bytes) -> bytes:
    """A PNG with any packet."""
    return (
        SAMPLES["png"][:33]
        + metadata._chunk(b"iTXt", metadata._PNG_XMP + b"\0\0\0\0" + packet)
        + SAMPLES["png"][33:]
    )


BOMB = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>"""
OURS = xmp.packet(STORY)


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"<",
        b"\xff" * 50,
        BOMB + OURS,
        OURS.replace(b"<x:xmpmeta", BOMB + b"<x:xmpmeta", 1),
        b'<?xml version="1.0" encoding="none-such"?><x/>',
        OURS[:-200],
        OURS + b" " * xmp.MOST_BYTES,
        b"<a>" * 200_000,
        xmp.packet(replace(STORY, prompt=" \n ")),
        xmp.packet(replace(STORY, prompt="x" * 100_001)),
        OURS.replace(b"AIPromptInformation", b"Headline").replace(b"imagine:", b"other:"),
    ],
)
def test_what_is_no_story_of_ours_is_none(packet: bytes) -> None:
    assert xmp.parse(packet) is None
    assert metadata.story(with_packet(packet)) is None


def test_wrong_values_are_passed_over() -> None:
    wrong = replace(
        STORY, model="a b", aspect_ratio="x" * 101, resolution="<b>", quality="\u202e", count=99, id="a b"
    )
    read = xmp.parse(xmp.packet(wrong))
    assert read == Story(prompt=PROMPT, model="", sources=STORY.sources)


def test_values_as_attributes_are_read_as_other_programs_write_them() -> None:
    head, tail = OURS.split(b"    xmlns:imagine=", 1)
    moved = head + b'    imagine:Model="m" imagine:AspectRatio="1:1" xmlns:imagine=' + tail
    for name in (b"Model", b"AspectRatio"):
        start, end = b"<imagine:" + name + b">", b"</imagine:" + name + b">"
        moved = moved[: moved.index(start)] + moved[moved.index(end) + len(end) :]
    read = xmp.parse(moved)
    assert read is not None
    assert (read.model, read.aspect_ratio) == ("m", "1:1")


def test_a_60_mb_text_is_not_read() -> None:
    packet = zlib.compress(b" " * 60_000_000)
    bomb = (
        SAMPLES["png"][:33]
        + metadata._chunk(b"iTXt", metadata._PNG_XMP + b"\1\0\0\0" + packet)
        + SAMPLES["png"][33:]
    )
    plain = with_packet(b" " * 60_000_000)
    tracemalloc.start()
    try:
        assert metadata.story(bomb) is None
        assert metadata.story(plain) is None
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def test_no_damage_makes_reading_or_writing_fail_otherwise() -> None:
    chance = random.Random(7)
    told = [metadata.embed(SAMPLES[name], STORY) for name in ("jpeg", "png", "webp")]
    for _ in range(600):
        damaged = bytearray(chance.choice(told))
        for _ in range(chance.randrange(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        cut = bytes(damaged[: chance.randrange(len(damaged) + 1)] if chance.random() < 0.3 else damaged)
        metadata.story(cut)
        try:
            metadata.embed(cut, STORY)
        except metadata.CannotCarry:
            continue


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
@pytest.mark.parametrize("name", SAMPLES)
def test_exiftool_reads_it(name: str, tmp_path: Path) -> None:
    path = tmp_path / "told"
    path.write_bytes(metadata.embed(SAMPLES[name], STORY))
    command = [
        "exiftool",
        "-j",
        "-G1",
        "-struct",
        "-validate",
        "-warning",
        "-error",
        "-a",
        "-e",
        "-all:all",
        str(path),
    ]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    (read,) = json.loads(ended.stdout)
    assert read["XMP-iptcExt:DigitalSourceType"] == xmp.TRAINED
    assert read["XMP-dc:Description"] == PROMPT
    assert read["XMP-xmpMM:DocumentID"].endswith(STORY.id)
    assert read["XMP-xmpMM:DerivedFrom"]["DocumentID"].endswith(STORY.sources[0])
    assert read["IFD0:ImageDescription"] == PROMPT
    assert read["ExifIFD:DateTimeOriginal"] == "2023:11:14 22:13:20"
    assert "ExifTool:Error" not in read
    with Image.open(path) as image, Image.open(io.BytesIO(SAMPLES[name])) as before:
        assert ImageChops.difference(image.convert("RGBA"), before.convert("RGBA")).getbbox() is None
