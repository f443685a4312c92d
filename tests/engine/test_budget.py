"""Limits in whole jobs against a real sandbox process: what would exceed them is never sent."""

import asyncio
from dataclasses import replace

import pytest

from imagine_desktop.domain.budget import Budget
from imagine_desktop.domain.job import Event, JobState, WarningPassed
from imagine_desktop.domain.record import PictureState, SessionId, TurnState
from imagine_desktop.domain.request import Request
from imagine_desktop.engine.engine import Engine
from imagine_desktop.errors import LimitReached
from imagine_desktop.library.library import Library
from tests.conftest import SandboxServer

PROMPT = Request("a harbour at night", "grok-imagine-image", "16:9", "1k")
PRICE = 200_000_000
GENERATIONS = "/v1/images/generations"


@pytest.fixture
def session(library: Library) -> SessionId:
    """A session to work in."""
    return library.ledger.add_session("Harbour")


@pytest.mark.parametrize("room", [0, 1, 3])
async def test_twenty_jobs_at_once_overspend_nothing(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer, room: int
) -> None:
    engine.set_jobs_at_once(20)
    await engine.finished(engine.submit(replace(PROMPT, count=2), session).id)
    limit = (2 + room) * PRICE + PRICE - 1
    engine.set_budget(Budget(limit_day_ticks=limit, limit_month_ticks=limit))
    jobs = [engine.submit(replace(PROMPT, prompt=f"boat {number}"), session) for number in range(20)]
    ended = await asyncio.gather(*(engine.finished(job.id) for job in jobs))

    refused = [job for job in ended if job.state is JobState.FAILED]
    assert len(refused) == 20 - room
    assert all(isinstance(job.error, LimitReached) for job in refused)
    assert len(sandbox.requests(GENERATIONS)) == len(sandbox.charges()) == 1 + room
    assert library.records.spending().day_ticks == (2 + room) * PRICE <= limit
    for job in refused:
        turn = library.records.turn(job.id)
        assert turn is not None
        assert (turn.state, turn.cost_ticks) == (TurnState.NOT_SENT, None)
        assert turn.error.startswith("Nothing was sent or charged")
        [picture] = library.records.pictures(turn.picture_ids)
        assert picture.state is PictureState.NOT_MADE


async def test_a_lost_answer_keeps_its_price_reserved(
    engine: Engine, session: SessionId, sandbox: SandboxServer
) -> None:
    engine.set_budget(Budget(limit_day_ticks=PRICE))
    sandbox.fault(path=GENERATIONS, action="drop", charge=True)
    first = await engine.finished(engine.submit(PROMPT, session).id)
    second = await engine.finished(engine.submit(PROMPT, session).id)
    assert first.state is JobState.UNKNOWN
    assert isinstance(second.error, LimitReached)
    assert len(sandbox.requests(GENERATIONS)) == 1


async def test_a_limit_set_while_a_job_waits_holds_it_back(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    sandbox.fault(path=GENERATIONS, action="answer", status=429, headers={"retry-after": "0.2"})
    job = engine.submit(PROMPT, session)
    while not any(under_way.state is JobState.WAITING for under_way in engine.jobs()):
        await asyncio.sleep(0.01)
    assert library.records.spending().day_ticks == 0
    engine.set_budget(Budget(limit_month_ticks=PRICE - 1))
    ended = await engine.finished(job.id)
    assert isinstance(ended.error, LimitReached)
    assert len(sandbox.requests(GENERATIONS)) == 1
    assert sandbox.charges() == []


async def test_a_model_without_a_price_is_sent_only_without_a_limit(
    engine: Engine, session: SessionId, sandbox: SandboxServer
) -> None:
    unknown = replace(PROMPT, model="model-of-tomorrow")
    engine.set_budget(Budget(limit_day_ticks=10**12))
    refused = await engine.finished(engine.submit(unknown, session).id)
    assert isinstance(refused.error, LimitReached)
    assert sandbox.requests(GENERATIONS) == []
    engine.set_budget(Budget(warn_day_ticks=10**12))
    await engine.finished(engine.submit(unknown, session).id)
    assert len(sandbox.requests(GENERATIONS)) == 1


async def test_the_warning_is_told_once_and_stops_nothing(engine: Engine, session: SessionId) -> None:
    heard: list[Event] = []
    engine.subscribe(heard.append)
    engine.set_budget(Budget(warn_day_ticks=2 * PRICE))
    for _ in range(4):
        job = await engine.finished(engine.submit(PROMPT, session).id)
        assert job.state is JobState.DONE
    warnings = [event for event in heard if isinstance(event, WarningPassed)]
    assert warnings == [WarningPassed(3 * PRICE, 2 * PRICE)]


async def test_a_warning_that_was_passed_before_is_not_told_again(engine: Engine, session: SessionId) -> None:
    await engine.finished(engine.submit(PROMPT, session).id)
    heard: list[Event] = []
    engine.subscribe(heard.append)
    engine.set_budget(Budget(warn_day_ticks=PRICE - 1))
    await engine.finished(engine.submit(PROMPT, session).id)
    assert not any(isinstance(event, WarningPassed) for event in heard)
