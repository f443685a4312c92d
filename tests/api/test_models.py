"""The API's list of models: read leniently, in the right units, never into nonsense."""

import json

import pytest

from imagine_desktop.api import models
from imagine_desktop.api.client import Client
from imagine_desktop.api.wire import Answer
from imagine_desktop.domain.catalog import ANY, Catalog, Listed
from imagine_desktop.errors import ApiError, BadKey
from imagine_desktop.secrets import Secret
from tests.conftest import SandboxServer

CENT = 10**8


def answer(*entries: object, status: int = 200) -> Answer:
    """An answer that lists these."""
    return Answer(status, {}, json.dumps({"models": entries}).encode())


async def test_the_sandbox_lists_what_the_catalogue_holds(catalog: Catalog, sandbox: SandboxServer) -> None:
    client = Client(sandbox.base_url, Secret("k"))
    try:
        listed = models.read(await client.models())
    finally:
        await client.aclose()
    updated = catalog.updated(listed)
    assert [model.id for model in updated.models] == [model.id for model in catalog.models]
    for before, after in zip(catalog.models, updated.models, strict=True):
        assert (after.resolutions, after.qualities) == (before.resolutions, before.qualities)
        assert dict(after.prices_ticks) == dict(before.prices_ticks)
        assert after.max_prompt_length == 8000


def test_a_single_price_is_in_cents_and_tiers_are_in_ticks() -> None:
    tiers = [
        {"quality": "low", "resolution": "1k", "price_per_image": 400_000_000},
        {"quality": None, "resolution": "2k", "price_per_image": 5},
        {"resolution": "1k", "price_per_image": 0},
        {"price_per_image": "free"},
        None,
    ]
    [flat, tiered] = models.parse(
        answer(
            {"id": "a", "image_price": 6, "pricing": [], "aliases": ["a-1", 7, "b c"]},
            {"id": "b", "image_price": 6, "pricing": tiers, "max_prompt_length": 1024},
        )
    )
    assert flat == Listed("a", ("a-1",), None, {(ANY, ANY): 6 * CENT})
    assert tiered == Listed("b", (), 1024, {("low", "1k"): 4 * CENT, (ANY, "2k"): 5})


@pytest.mark.parametrize("price", [None, True, -1, 0, "6", 1e300, [], 10**30])
def test_what_is_no_price_is_none(price: object) -> None:
    [listed] = models.parse(answer({"id": "a", "image_price": price, "max_prompt_length": price}))
    assert listed.prices_ticks == {}


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"{}", b'{"models": 7}', b'{"models": [{"id": "two words"}, 1]}', b"[" * 9999],
)
def test_what_is_no_list_of_models_is_refused(body: bytes) -> None:
    with pytest.raises(ApiError, match="was not understood"):
        models.parse(Answer(200, {}, body))


def test_a_refused_list_is_no_matter_of_money() -> None:
    with pytest.raises(ApiError, match="answered 503") as caught:
        models.parse(Answer(503, {}, b"<html>"))
    assert caught.value.charged == "no"
    with pytest.raises(BadKey):
        models.parse(Answer(401, {}, b""))


def test_models_that_make_no_pictures_are_left_out() -> None:
    [listed] = models.parse(
        answer({"id": "talks", "output_modalities": ["text"]}, {"id": "draws", "output_modalities": ["image"]})
    )
    assert listed.id == "draws"
