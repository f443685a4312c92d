"""A request is checked before anything is sent, and every problem names its field."""

from dataclasses import replace
from pathlib import Path

import pytest

from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.record import PictureId
from imagine_desktop.domain.request import (
    AddressSource,
    FileSource,
    PictureSource,
    Request,
    Source,
    address_problem,
)

GOOD = Request("a harbour", "grok-imagine-image")
V2 = replace(GOOD, model="grok-imagine-image-2.0")
FILE = FileSource(Path("a.jpg"))


def blocking(request: Request, catalog: Catalog) -> list[str]:
    """The fields that keep it from being sent."""
    return [problem.field for problem in request.validate(catalog) if problem.blocks]


def remarks(request: Request, catalog: Catalog) -> list[str]:
    """The fields that something is worth knowing about."""
    return [problem.field for problem in request.validate(catalog) if not problem.blocks]


def test_every_choice_of_the_catalogue_may_be_sent(catalog: Catalog) -> None:
    for model in catalog.models:
        for ratio in catalog.ratios:
            for resolution in model.resolutions:
                for quality in (None, *model.qualities):
                    for count in (1, 10):
                        request = Request("x", model.id, ratio.id, resolution, quality, count)
                        assert request.validate(catalog) == ()


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (replace(GOOD, prompt=""), "Prompt"),
        (replace(GOOD, prompt=" \n\t"), "Prompt"),
        (replace(GOOD, prompt="\x00\x1b\ud800"), "Prompt"),
        (replace(GOOD, model=""), "Model"),
        (replace(GOOD, model="a b"), "Model"),
        (replace(GOOD, model="a\nb"), "Model"),
        (replace(GOOD, model="\ud800"), "Model"),
        (replace(GOOD, count=0), "Images"),
        (replace(GOOD, count=11), "Images"),
        (replace(GOOD, count=-(2**70)), "Images"),
        (replace(GOOD, aspect_ratio="16:10"), "Aspect ratio"),
        (replace(GOOD, aspect_ratio=""), "Aspect ratio"),
        (replace(GOOD, resolution="1K"), "Resolution"),
        (replace(GOOD, resolution="1.5k"), "Resolution"),
        (replace(GOOD, quality="best"), "Quality"),
        (replace(V2, quality="high"), "Quality"),
        (replace(GOOD, sources=(FILE,) * 4), "Sources"),
        (replace(V2, sources=(FILE,) * 6), "Sources"),
    ],
)
def test_what_cannot_be_sent_names_its_field(catalog: Catalog, request_: Request, field: str) -> None:
    assert blocking(request_, catalog) == [field]


def test_unknown_model_takes_every_known_choice_at_an_unknown_price(catalog: Catalog) -> None:
    request = replace(
        GOOD, model="grok-imagine-image-9", quality="high", resolution="1.5k", sources=(FILE,) * 5
    )
    assert blocking(request, catalog) == []
    assert request.estimate_ticks(catalog) is None


def test_what_will_be_left_out_is_told(catalog: Catalog) -> None:
    assert remarks(replace(GOOD, quality="low"), catalog) == ["Quality"]
    assert remarks(replace(GOOD, aspect_ratio="1:1", sources=(FILE,)), catalog) == ["Aspect ratio"]
    assert remarks(replace(GOOD, prompt="<IMAGE_1> and <IMAGE_0>", sources=(FILE,)), catalog) == ["Prompt"]
    assert remarks(replace(GOOD, prompt="a sign that says <IMAGE_7>"), catalog) == []


@pytest.mark.parametrize(
    ("request_", "ticks"),
    [
        (replace(GOOD, count=4), 800_000_000),
        (replace(GOOD, count=4, sources=(FILE, FILE)), 840_000_000),
        (replace(GOOD, model="grok-imagine-image-2026-03-02"), 200_000_000),
        (replace(V2, resolution="2k", quality="low", count=2), 1_200_000_000),
        (V2, 600_000_000),
        (replace(V2, quality="auto", resolution="1.5k", sources=(FILE,)), 800_000_000),
    ],
)
def test_estimate_is_the_documented_price(catalog: Catalog, request_: Request, ticks: int) -> None:
    assert request_.estimate_ticks(catalog) == ticks


@pytest.mark.parametrize(
    "url", ["https://a.example/b.jpg?c=1", "HTTPS://A.EXAMPLE", "http://localhost:1/a", "http://[::1]/"]
)
def test_address_of_the_web_or_this_computer_may_be_a_source(url: str) -> None:
    assert address_problem(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://a.example/b.jpg",
        "http://127.0.0.1.evil.example/",
        "http://127.0.0.1@evil.example/",
        "https://person:word@a.example/",
        "https://a b.example/",
        "https://a.example/\n",
        "https://[::1",
        "https://a.example:99999/",
        "https://",
        "ftp://a.example",
        "file:///etc/passwd",
        "data:image/png;base64,AA==",
        "https://a.example/\ud800",
        "x" * 100_000,
    ],
)
def test_other_addresses_are_refused_in_few_words(url: str, catalog: Catalog) -> None:
    problem = address_problem(url)
    assert problem
    assert len(problem) < 120
    assert blocking(replace(GOOD, sources=(AddressSource(url),)), catalog) == ["Sources"]


@pytest.mark.parametrize(
    ("source", "name"),
    [(FILE, "a.jpg"), (AddressSource("https://a"), "https://a"), (PictureSource(PictureId(7)), "picture 7")],
)
def test_source_has_a_name_that_the_person_knows(source: Source, name: str) -> None:
    assert source.name == name
