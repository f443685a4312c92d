"""Pictures follow their words, differ among each other, and edits work on what they are given."""

from io import BytesIO

import httpx
import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from imagine_desktop.sandbox import effects, painter, words
from tests.sandbox.conftest import data_uri, encoded, photo, pictures

SIZE = (512, 384)
EDITS = [
    "an oil painting",
    "in the style of Van Gogh",
    "watercolour",
    "pencil sketch",
    "coloured pencils",
    "pop art",
    "anime style",
    "make it night",
    "winter with snow",
    "black and white",
    "sepia",
    "make it sunset",
    "golden hour",
    "at dawn",
    "autumn",
    "cyberpunk neon",
    "pixel art",
    "a mosaic",
    "blur the background",
    "add rain",
    "add fog",
    "zoom in",
    "more vivid",
    "turn everything upside around into frobs",
]


def difference(one: Image.Image, other: Image.Image) -> float:
    """The mean difference a channel, 0..255."""
    return sum(ImageStat.Stat(ImageChops.difference(one, other)).mean) / 3


def likeness(one: Image.Image, other: Image.Image) -> float:
    """How far light and dark lie in the same places: the correlation of two pictures' broad tones."""
    a, b = (
        list(image.convert("L").filter(ImageFilter.GaussianBlur(6)).resize((24, 18)).tobytes())
        for image in (one, other)
    )
    mean_a, mean_b = sum(a) / len(a), sum(b) / len(b)
    together = sum((x - mean_a) * (y - mean_b) for x, y in zip(a, b, strict=True))
    spread = sum((x - mean_a) ** 2 for x in a) * sum((y - mean_b) ** 2 for y in b)
    return float(together / spread**0.5)


@pytest.mark.parametrize(
    ("prompt", "setting", "light", "weather", "figure"),
    [
        ("a mountain lake at sunset", "lake", "sunset", "", ""),
        ("City skyline at NIGHT in the rain", "city", "night", "rain", ""),
        ("a red fox in a snowy forest, morning", "forest", "dawn", "snow", "fox"),
        ("portrait of an old man by the sea", "sea", "", "", "portrait"),
        ("a cup of coffee", "", "", "", "coffee"),
    ],
)
def test_prompt_is_read(prompt: str, setting: str, light: str, weather: str, figure: str) -> None:
    brief = words.read(prompt, 0)
    assert brief.setting == setting or not setting
    assert brief.light == light or not light
    assert (brief.weather, brief.figure) == (weather, figure)


@pytest.mark.parametrize("kind", sorted(words.SETTINGS) + sorted(words.FIGURES))
def test_everything_that_can_be_named_can_be_drawn(kind: str) -> None:
    name = {**words.SETTINGS, **words.FIGURES}[kind].split()[0]
    image = painter.scene(name, (256, 192), 0)
    assert image.size == (256, 192)
    assert min(ImageStat.Stat(image).stddev) > 8


@pytest.mark.parametrize("prompt", ["", "ど", "🦊" * 400, "a\x00b\n\n<b>", "x" * 20_000, "[sandbox:unknown]"])
def test_strange_prompts_are_drawn(prompt: str) -> None:
    data = painter.jpeg(prompt, (320, 240), 0, [], False)
    assert Image.open(BytesIO(data)).size == (320, 240)


def test_pictures_of_a_request_differ_and_come_again(api: httpx.Client) -> None:
    body = {"prompt": "a lighthouse by the sea", "n": 3, "response_format": "b64_json", "aspect_ratio": "1:1"}
    first, second = (api.post("/images/generations", json=body).json()["data"] for _ in range(2))
    assert first == second
    one, two, three = pictures(api.post("/images/generations", json=body))
    assert min(difference(one, two), difference(two, three), difference(one, three)) > 8


def test_night_is_darker_than_day() -> None:
    night, day = (painter.scene(f"mountains at {time}", SIZE, 0).convert("L") for time in ("night", "noon"))
    assert ImageStat.Stat(night).mean[0] < ImageStat.Stat(day).mean[0] - 40


def test_ribbon_stands_at_the_bottom_left_at_one_place() -> None:
    plain = painter.scene("a meadow", (1024, 1024), 0)
    for prompt in ("a meadow", "a meadow " + "with very many flowers " * 20):
        ribboned = Image.open(BytesIO(painter.jpeg(prompt, (1024, 1024), 0, [plain], False)))
        area = ribboned.crop((24, 960, 760, 1000)).convert("L")
        assert ImageStat.Stat(area).mean[0] < 95
        assert area.histogram()[190:].count(0) < 66


@pytest.mark.parametrize("instruction", EDITS)
def test_edit_changes_the_picture_that_it_is_given_and_keeps_its_structure(instruction: str) -> None:
    source = photo(SIZE)
    edited, note = effects.edit([source], instruction, SIZE, 0)
    assert edited.size == SIZE
    assert difference(edited, source) > 5
    if instruction != "zoom in":
        assert abs(likeness(edited, source)) > 0.35
    assert (note == effects.UNKNOWN) == ("frobs" in instruction)


@pytest.mark.parametrize(
    "thing", ["moon", "sun", "birds", "balloon", "boat", "tree", "stars", "rainbow", "cat", "flowers", "car"]
)
def test_added_thing_is_seen_and_the_rest_stays(thing: str) -> None:
    source = photo(SIZE)
    edited, note = effects.edit([source], f"add a {thing}", SIZE, 0)
    changed = ImageChops.difference(edited, source).convert("L").point([0] * 12 + [255] * 244)
    share = ImageStat.Stat(changed).mean[0] / 255
    assert 0.001 < share < 0.6
    assert not note


def test_replacing_and_removing_work_on_the_middle() -> None:
    source = photo(SIZE)
    middle = (180, 150, 330, 330)
    for instruction in ("replace the dog with a cat", "swap the ball for a fox", "remove the ball"):
        edited, note = effects.edit([source], instruction, SIZE, 0)
        assert difference(edited.crop(middle), source.crop(middle)) > 8
        assert difference(edited.crop((0, 0, 60, 384)), source.crop((0, 0, 60, 384))) < 3
        assert not note


def test_several_sources_are_all_seen() -> None:
    sources = [Image.new("RGB", SIZE, colour) for colour in ((220, 30, 30), (30, 200, 40), (30, 60, 220))]
    for instruction in ("put them together", "side by side"):
        joined, _ = effects.edit(sources, instruction, SIZE, 0)
        for place, channel in ((0.12, 0), (0.5, 1), (0.88, 2)):
            pixel = joined.getpixel((round(SIZE[0] * place), 190))
            assert isinstance(pixel, tuple)
            assert pixel[channel] == max(pixel)


def test_style_of_another_picture_lends_its_colours() -> None:
    content, style = photo(SIZE), painter.scene("desert at sunset", SIZE, 0)
    styled, _ = effects.edit([content, style], "put <IMAGE_0> in the style of <IMAGE_1>", SIZE, 0)
    own, lent = ImageStat.Stat(content).mean, ImageStat.Stat(style).mean
    got = ImageStat.Stat(styled).mean
    assert sum(abs(a - b) for a, b in zip(got, lent, strict=True)) < sum(
        abs(a - b) for a, b in zip(own, lent, strict=True)
    )
    assert likeness(styled, content) > 0.6


def test_variations_of_an_edit_differ(api: httpx.Client) -> None:
    body = {
        "prompt": "watercolour",
        "n": 2,
        "response_format": "b64_json",
        "image": {"url": data_uri(encoded(photo()))},
    }
    one, two = pictures(api.post("/images/edits", json=body))
    assert difference(one, two) > 2


def test_address_elsewhere_is_stood_in_for_without_the_internet(api: httpx.Client) -> None:
    body = {
        "prompt": "black and white",
        "response_format": "b64_json",
        "image": {"url": "https://example.com/photos/sailing-boat.jpg"},
    }
    (image,) = pictures(api.post("/images/edits", json=body))
    assert image.size == (1184, 880)
