"""The prompts that pictures bring along, as several programs write them, and texts that only look so."""

import json

import pytest
from PIL import Image, PngImagePlugin

from imagine_desktop.domain.story import Story
from imagine_desktop.imaging import metadata, peers
from tests.imaging.samples import encoded

SETTINGS = "\nNegative prompt: blurry\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512"
GRAPH = {
    "3": {"class_type": "KSampler", "inputs": {"seed": 1, "positive": ["11", 0], "negative": ["7", 0]}},
    "11": {"class_type": "ConditioningCombine", "inputs": {"conditioning": ["6", 0]}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a lighthouse", "clip": ["4", 1]}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["4", 1]}},
}
CIRCLE = {"1": {"inputs": {"positive": ["2", 0]}}, "2": {"inputs": {"text": ["2", 0]}}}


def png(key: str, text: str, *, is_international: bool = False, is_packed: bool = False) -> bytes:
    """A picture with one text in it."""
    info = PngImagePlugin.PngInfo()
    if is_international:
        info.add_itxt(key, text, zip=is_packed)
    else:
        info.add_text(key, text, zip=is_packed)
    return encoded(Image.new("RGB", (8, 8)), "PNG", pnginfo=info)


def commented(comment: bytes, kind: str = "JPEG") -> bytes:
    """A picture with a user comment in its EXIF."""
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = comment
    return encoded(Image.new("RGB", (8, 8)), kind, exif=exif.tobytes())


@pytest.mark.parametrize(
    ("key", "text", "prompt"),
    [
        ("parameters", f"a castle,\nat dawn{SETTINGS}", "a castle,\nat dawn"),
        ("parameters", "a castle\nSteps: 20, Seed: 1", "a castle"),
        ("invokeai_metadata", json.dumps({"positive_prompt": "a harbour", "seed": 1}), "a harbour"),
        ("sd-metadata", json.dumps({"image": {"prompt": [{"prompt": "a fox", "weight": 1}]}}), "a fox"),
        ("sd-metadata", json.dumps({"image": {"prompt": "a fox"}}), "a fox"),
        ("prompt", json.dumps(GRAPH), "a lighthouse"),
    ],
)
@pytest.mark.parametrize("is_international", [False, True])
def test_a_png_tells_the_prompt_of_its_program(
    key: str, text: str, prompt: str, *, is_international: bool
) -> None:
    assert peers.prompt(png(key, text, is_international=is_international)) == prompt


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
@pytest.mark.parametrize("code", ["utf-16-be", "utf-16-le"])
def test_a_user_comment_tells_it_too(kind: str, code: str) -> None:
    assert peers.prompt(commented(b"UNICODE\0" + f"a café{SETTINGS}".encode(code), kind)) == "a café"
    assert peers.prompt(commented(b"ASCII\0\0\0" + f"a cafe{SETTINGS}".encode(), kind)) == "a cafe"


def test_this_programs_own_story_goes_first() -> None:
    told = png("parameters", f"another's{SETTINGS}")
    assert peers.prompt(metadata.embed(told, Story("mine", "grok-imagine-image"))) == "mine"


def test_what_is_written_as_latin_1_is_read_so() -> None:
    assert peers.prompt(png("parameters", f"caf\xe9{SETTINGS}")) == "café"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("parameters", "scanned by somebody"),
        ("Comment", f"a castle{SETTINGS}"),
        ("prompt", "a plain text"),
        ("prompt", json.dumps(CIRCLE)),
        ("prompt", json.dumps({"1": {"inputs": {"positive": "loose"}}, "2": 7})),
        ("prompt", "[" * 100_000),
        ("invokeai_metadata", json.dumps({"positive_prompt": 7})),
        ("sd-metadata", json.dumps({"image": ["fox"]})),
        ("sd-metadata", "null"),
    ],
)
def test_what_is_not_as_expected_tells_nothing(key: str, text: str) -> None:
    assert peers.prompt(png(key, text)) == ""


@pytest.mark.parametrize(
    "comment", [b"", b"UNICODE\0", b"JIS\0\0\0\0\0Steps: 1", b"no code", b"ASCII\0\0\0fox"]
)
def test_a_comment_that_is_none_tells_nothing(comment: bytes) -> None:
    assert peers.prompt(commented(comment)) == ""


def test_a_long_prompt_is_cut_and_a_packed_one_left() -> None:
    assert len(peers.prompt(png("parameters", "x" * 500_000 + SETTINGS))) == peers.MOST_CHARACTERS
    assert peers.prompt(png("parameters", "x" * 500_000 + SETTINGS, is_packed=True)) == ""


def test_damage_tells_nothing() -> None:
    whole = png("parameters", f"a castle{SETTINGS}")
    for length in range(0, len(whole), 7):
        assert peers.prompt(whole[:length]) in ("", "a castle")
    for data in (b"", b"GIF89a", commented(b"ASCII\0\0\0x")[:40]):
        assert peers.prompt(data) == ""
