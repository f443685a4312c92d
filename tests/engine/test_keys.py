"""A key that is refused in the middle of the work: jobs wait, free of charge, and go on with another."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from imagine_desktop.api.connection import Connection
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.job import Event, JobState, Told
from imagine_desktop.domain.record import SessionId, TurnState
from imagine_desktop.domain.request import Request
from imagine_desktop.engine.engine import Engine
from imagine_desktop.errors import BadKey
from imagine_desktop.library.library import Library
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import Profile
from tests.conftest import SandboxServer
from tests.engine.conftest import QUICK

PROMPT = Request("a harbour at night", "grok-imagine-image", "1:1")
OLD, NEW = "the-key-that-was-revoked", "the-key-that-came-after"


@pytest.fixture
def session(library: Library) -> SessionId:
    """A session to work in."""
    return library.ledger.add_session("Harbour")


@pytest.fixture
async def engine(
    library: Library, catalog: Catalog, profile: Profile, sandbox: SandboxServer
) -> AsyncIterator[Engine]:
    """An engine with one place at the API, whose key is refused."""
    sandbox.fault(path="/v1/images/*", key=OLD, action="answer", status=401, times=0)
    patient = replace(QUICK, key_s=20)
    made = Engine(library, catalog, Connection(profile, Secret(OLD)), patience=patient, jobs_at_once=1)
    yield made
    await made.aclose(5)


async def until(reached: Callable[[], bool]) -> None:
    """Wait for something that other tasks bring about."""
    async with asyncio.timeout(15):
        while not reached():
            await asyncio.sleep(0.02)


async def test_jobs_wait_for_another_key_and_the_person_is_told_once(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer, profile: Profile
) -> None:
    heard: list[Event] = []
    engine.subscribe(heard.append)
    ids = [engine.submit(PROMPT, session).id for _ in range(3)]
    await until(lambda: len(sandbox.requests()) == 3)  # none holds the one place
    await until(lambda: all(isinstance(job.error, BadKey) for job in engine.jobs()))
    assert {turn.state for turn in library.records.turns()} == {TurnState.WAITING}
    assert library.records.spent_ticks(0) == 0
    ending = asyncio.gather(*(engine.finished(job_id) for job_id in ids))
    engine.use(Connection(profile, Secret(NEW)))
    assert [job.state for job in await ending] == [JobState.DONE] * 3
    assert len(sandbox.charges()) == 3
    assert sum(isinstance(event, Told) and "key" in event.text for event in heard) == 1


async def test_job_that_was_queued_with_the_old_key_goes_on_with_the_one_that_came_meanwhile(
    engine: Engine, session: SessionId, sandbox: SandboxServer, profile: Profile
) -> None:
    job_id = engine.submit(PROMPT, session).id
    engine.use(Connection(profile, Secret(NEW)))
    assert (await engine.finished(job_id)).state is JobState.DONE
    assert len(sandbox.requests("/v1/images/generations")) == 2


async def test_waiting_job_takes_no_place_from_another_profile_and_can_be_cancelled(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer, profile: Profile
) -> None:
    waiting = engine.submit(PROMPT, session)
    await until(lambda: any(isinstance(job.error, BadKey) for job in engine.jobs()))
    engine.use(Connection(replace(profile, name="localhost"), Secret(NEW)))
    assert (await engine.finished(engine.submit(PROMPT, session).id)).state is JobState.DONE
    engine.cancel(waiting.id)
    assert (await engine.finished(waiting.id)).state is JobState.CANCELLED
    turn = library.records.turn(waiting.id)
    assert turn is not None
    assert turn.state is TurnState.NOT_SENT
    assert len(sandbox.charges()) == 1


async def test_where_no_other_key_comes_the_job_ends_as_refused(
    library: Library, catalog: Catalog, session: SessionId, sandbox: SandboxServer, profile: Profile
) -> None:
    sandbox.fault(path="/v1/images/*", key=OLD, action="answer", status=401, times=0)
    hasty = replace(QUICK, key_s=0.2)
    engine = Engine(library, catalog, Connection(profile, Secret(OLD)), patience=hasty)
    job = await engine.finished(engine.submit(PROMPT, session).id)
    await engine.aclose(5)
    assert (job.state, type(job.error)) == (JobState.FAILED, BadKey)
    [turn] = library.records.turns()
    assert "not charged" in turn.error
