"""Models and prices come from the API after the first act, once a day, and stay where that fails."""

import asyncio
import json
import stat
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from imagine_desktop.api.connection import Connection
from imagine_desktop.domain.budget import Budget
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.job import CatalogChanged, Event, JobState, KeyChecked, PricesRefused
from imagine_desktop.domain.request import Request
from imagine_desktop.engine.engine import Engine
from imagine_desktop.engine.models import PriceLists
from imagine_desktop.library.library import Library
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import Profile
from tests.conftest import SandboxServer

LISTED = "/v1/image-generation-models"
NEW = {
    "models": [
        {"id": "grok-imagine-image", "image_price": 5, "output_modalities": ["image"]},
        {"id": "grok-next", "pricing": [{"quality": "low", "resolution": "1k", "price_per_image": 10**8}]},
    ]
}


@asynccontextmanager
async def running(
    library: Library, catalog: Catalog, profile: Profile, path: Path
) -> AsyncIterator[tuple[Engine, list[Event]]]:
    """An engine with lists of prices in a file, and what it tells."""
    events: list[Event] = []
    engine = Engine(library, catalog, Connection(profile, Secret("k")), price_lists=PriceLists(path, catalog))
    engine.subscribe(events.append)
    try:
        yield engine, events
    finally:
        await engine.aclose(5)


async def told(events: list[Event], kind: type[Event]) -> Event:
    """The first event of that kind."""
    while not (found := [event for event in events if isinstance(event, kind)]):
        await asyncio.sleep(0.01)
    return found[0]


async def made(engine: Engine, library: Library) -> JobState:
    """The end of one job."""
    session = library.ledger.add_session()
    job = engine.submit(Request("a boat", "grok-imagine-image"), session)
    return (await engine.finished(job.id)).state


async def test_prices_are_asked_for_after_the_first_act_and_once_a_day(
    library: Library, catalog: Catalog, profile: Profile, sandbox: SandboxServer, tmp_path: Path
) -> None:
    path = tmp_path / "kept" / "models.json"
    sandbox.fault(path=LISTED, method="GET", action="answer", status=200, body=json.dumps(NEW))
    async with running(library, catalog, profile, path) as (engine, events):
        engine.load_prices()
        before = await told(events, CatalogChanged)
        assert isinstance(before, CatalogChanged)
        assert (before.catalog, before.fetched_at) == (catalog, None)
        assert sandbox.requests("/v1/") == []
        events.clear()
        assert await made(engine, library) is JobState.DONE
        changed = await told(events, CatalogChanged)
        assert isinstance(changed, CatalogChanged)
        assert changed.catalog.model("grok-imagine-image").price_ticks(None, "1k") == 5 * 10**8
        assert changed.catalog.model("grok-next").is_known
        assert abs((changed.fetched_at or 0) - time.time()) < 60
        await made(engine, library)
        await asyncio.sleep(0.1)
    assert len(sandbox.requests(LISTED)) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    async with running(library, catalog, profile, path) as (engine, events):
        await made(engine, library)
        engine.load_prices()
        kept = await told(events, CatalogChanged)
        assert isinstance(kept, CatalogChanged)
        assert kept == changed
    assert len(sandbox.requests(LISTED)) == 1


@pytest.mark.parametrize("age_s", [90_000, -3600])
def test_a_list_is_due_when_it_is_a_day_old_or_of_the_future(
    catalog: Catalog, tmp_path: Path, age_s: float
) -> None:
    path = tmp_path / "models.json"
    path.write_text(json.dumps({"xai": {"fetched_at": time.time() - age_s, "answer": NEW}}))
    lists = PriceLists(path, catalog)
    assert lists.is_due("xai")
    assert lists.known("xai").catalog.model("grok-next").is_known
    lists.note_asked("xai")
    assert not lists.is_due("xai")
    assert lists.is_due("other")
    assert lists.known("other").catalog is catalog


@pytest.mark.parametrize("text", ["{", "[]", '{"xai": 7}', '{"xai": {"fetched_at": "x", "answer": {}}}', "\0"])
def test_a_damaged_file_of_prices_is_as_none(
    catalog: Catalog, tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "models.json"
    path.write_text(text)
    assert PriceLists(path, catalog).known("xai").catalog is catalog
    assert PriceLists(path, catalog).is_due("xai")
    assert "cannot be read" in caplog.text


async def test_a_failure_is_silent_unless_the_person_asked_and_the_old_list_stays(
    library: Library, catalog: Catalog, profile: Profile, sandbox: SandboxServer, tmp_path: Path
) -> None:
    sandbox.fault(path=LISTED, method="GET", action="answer", status=404, times=2)
    async with running(library, catalog, profile, tmp_path / "models.json") as (engine, events):
        assert await made(engine, library) is JobState.DONE
        while len(sandbox.requests(LISTED)) < 1:
            await asyncio.sleep(0.01)
        engine.renew_prices()
        refused = await told(events, PricesRefused)
        assert isinstance(refused, PricesRefused)
        assert refused.error.hint
        assert not any(isinstance(event, CatalogChanged) for event in events)
        engine.renew_prices()
        assert isinstance(await told(events, CatalogChanged), CatalogChanged)


async def test_a_model_without_a_price_is_usable_and_refused_while_a_limit_is_set(
    library: Library, catalog: Catalog, profile: Profile, sandbox: SandboxServer, tmp_path: Path
) -> None:
    async with running(library, catalog, profile, tmp_path / "models.json") as (engine, _):
        engine.set_budget(Budget(limit_day_ticks=10**12))
        session = library.ledger.add_session()
        job = engine.submit(Request("a boat", "grok-of-tomorrow"), session)
        ended = await engine.finished(job.id)
        assert ended.error is not None
        assert "price" in ended.error.sentences
    assert sandbox.requests() == []


async def test_the_key_test_says_what_the_key_is(
    library: Library, catalog: Catalog, profile: Profile, tmp_path: Path
) -> None:
    async with running(library, catalog, profile, tmp_path / "models.json") as (engine, events):
        engine.check_key(profile, Secret("xai-0123456789abcdef"))
        checked = await told(events, KeyChecked)
        assert isinstance(checked, KeyChecked)
        assert checked.error is None
        assert "“Sandbox” (xai-...cdef)" in checked.about
