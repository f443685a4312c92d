"""Answers that were lost are found where the API keeps them, and nothing is ever sent a second time."""

import asyncio
import time
from dataclasses import replace

import pytest

from imagine_desktop.api.connection import Connection
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.domain.job import Event, Job, JobState, Told
from imagine_desktop.domain.record import PictureState, SessionId, Turn, TurnId, TurnState
from imagine_desktop.domain.request import Request
from imagine_desktop.engine.engine import Engine
from imagine_desktop.engine.search import GIVEN_UP
from imagine_desktop.engine.workshop import Patience
from imagine_desktop.errors import BadInput, NotAllowed, OutcomeUnknown, Withheld
from imagine_desktop.library.library import Library
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import Profile, profile_at
from tests import canary
from tests.conftest import SandboxServer
from tests.engine.conftest import QUICK

PROMPT = Request("a harbour at night", "grok-imagine-image", "1:1", count=2)
COST = 400_000_000
POST = "/v1/images/generations"
WAYS = {"neither": (False, False), "deferred": (True, False), "stored": (False, True), "both": (True, True)}


@pytest.fixture(params=["both"])
def profile(request: pytest.FixtureRequest, sandbox: SandboxServer) -> Profile:
    """With the ways to find a lost answer that a test asks for; both where it does not say."""
    defers, stores = WAYS[request.param]
    return replace(profile_at(sandbox.base_url), defers=defers, stores=stores)


@pytest.fixture
def session(library: Library) -> SessionId:
    """A session to work in."""
    return library.ledger.add_session("Harbour")


async def done(engine: Engine, session: SessionId, request: Request = PROMPT) -> Job:
    """A job run to its end, and its answer looked for where it was lost."""
    job = await engine.finished(engine.submit(request, session).id)
    await engine.looked_for(job.id)
    return job


def turn(library: Library, turn_id: TurnId) -> Turn:
    """The turn as it stands."""
    found = library.records.turn(turn_id)
    assert found is not None
    return found


def states(library: Library, job: Job) -> list[PictureState]:
    """The states of its turn's pictures."""
    return [picture.state for picture in library.records.pictures(turn(library, job.id).picture_ids)]


def assert_saved_once(library: Library, sandbox: SandboxServer, job: Job, source: str) -> None:
    """All pictures are here, different and whole, for one charge; no copy of them is left at the API."""
    saved = turn(library, job.id)
    assert (saved.state, saved.cost_ticks, saved.cost_source) == (TurnState.CHARGED, COST, source)
    assert states(library, job) == [PictureState.SAVED] * 2
    assert len({picture.sha256 for picture in library.records.pictures(saved.picture_ids)}) == 2
    assert library.damaged() == []
    assert len(sandbox.charges()) == 1
    assert library.records.copies_of_saved(saved.profile, 0) == {}


async def test_deferred_answer_is_fetched_under_its_durable_id(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    job = await done(engine, session)
    assert job.state is JobState.DONE
    assert_saved_once(library, sandbox, job, "usage")
    [posted] = sandbox.requests(POST)
    body = posted["body"]
    assert isinstance(body, dict)
    assert body["deferred"] is True
    assert body["storage_options"] == {"filename": f"{job.id}.jpg", "expires_after": 86_400}
    assert turn(library, job.id).provider_id is not None
    assert len([e for e in sandbox.requests("/v1/files/") if e["method"] == "DELETE"]) == 2


async def test_deferred_goes_with_addresses_only(
    engine: Engine, session: SessionId, sandbox: SandboxServer
) -> None:
    job = await engine.finished(engine.submit(PROMPT, session, delivery=Delivery.BASE64).id)
    assert job.state is JobState.DONE
    body = sandbox.requests(POST)[0]["body"]
    assert isinstance(body, dict)
    assert "deferred" not in body
    assert "storage_options" in body


@pytest.mark.parametrize("profile", ["stored", "both"], indirect=True)
async def test_lost_answer_is_found_in_files_by_name(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    heard: list[Event] = []
    engine.subscribe(heard.append)
    sandbox.fault(path=POST, action="drop", charge=True)
    job = await done(engine, session)
    assert job.state is JobState.UNKNOWN
    assert job.error is not None
    assert job.error.hint == "It is looked for; trying again may cost again."
    assert_saved_once(library, sandbox, job, "estimate")
    assert len(sandbox.requests(POST)) == 1
    assert any(isinstance(event, Told) for event in heard)


@pytest.mark.parametrize("profile", ["neither", "deferred"], indirect=True)
async def test_lost_answer_without_a_trace_stays_unknown(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    sandbox.fault(path=POST, action="drop", charge=True)
    job = await done(engine, session)
    assert turn(library, job.id).state is TurnState.UNKNOWN
    assert library.records.spent_ticks(0) == COST
    assert len(sandbox.requests("/")) == 1


@pytest.mark.parametrize("profile", ["deferred"], indirect=True)
async def test_deferred_request_that_took_too_long_is_found_later(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    sandbox.fault(path="/v1/images/*", method="GET", action="answer", status=404, times=3)
    job = await done(engine, session)
    assert job.state is JobState.UNKNOWN
    assert_saved_once(library, sandbox, job, "usage")


@pytest.mark.parametrize("status", [408, 429, 503])
async def test_asking_for_pictures_is_tried_again(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer, status: int
) -> None:
    sandbox.fault(path="/v1/images/*", method="GET", action="answer", status=status)
    job = await done(engine, session)
    assert job.state is JobState.DONE
    assert_saved_once(library, sandbox, job, "usage")


async def test_absence_is_no_proof_while_pictures_may_still_come(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    sandbox.fault(path=POST, action="drop", charge=True)
    for _ in range(2):
        sandbox.fault(path="/v1/files", method="GET", action="answer", status=200, body={"data": []})
    job = await done(engine, session)
    assert_saved_once(library, sandbox, job, "estimate")


@pytest.mark.parametrize("prompt", ["[sandbox:moderated] a boat", "[sandbox:failed] a boat"])
async def test_deferred_failure_says_what_it_means_for_the_money(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer, prompt: str
) -> None:
    job = await done(engine, session, replace(PROMPT, prompt=prompt))
    if "moderated" in prompt:
        assert isinstance(job.error, Withheld)
        assert turn(library, job.id).state is TurnState.CHARGED_NO_IMAGE
        assert states(library, job) == [PictureState.WITHHELD] * 2
    else:
        assert isinstance(job.error, OutcomeUnknown)
        assert job.error.message == "The API says that it could not make the pictures."
    assert len(sandbox.requests(POST)) == 1


async def test_permission_that_a_deferred_request_lacks_is_not_charged(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    failed = {
        "request_id": "x",
        "status": "failed",
        "error": {"code": "permission_denied", "message": "no credit"},
    }
    sandbox.fault(path="/v1/images/*", method="GET", action="answer", status=200, body=failed)
    job = await done(engine, session)
    assert isinstance(job.error, NotAllowed)
    assert turn(library, job.id).state is TurnState.REJECTED


@pytest.mark.parametrize(
    ("status", "message", "left"),
    [
        (400, "Argument not supported: deferred", {"storage_options"}),
        (422, "storage_options: unknown field", {"deferred"}),
        (400, "neither deferred nor storage_options is supported", set()),
    ],
)
async def test_refused_way_is_left_out_for_this_run_and_said(
    engine: Engine,
    library: Library,
    session: SessionId,
    sandbox: SandboxServer,
    status: int,
    message: str,
    left: set[str],
) -> None:
    heard: list[Event] = []
    engine.subscribe(heard.append)
    body = {"code": "invalid-argument", "error": message}
    sandbox.fault(path=POST, action="answer", status=status, body=body)
    jobs = [await done(engine, session) for _ in range(2)]
    assert [job.state for job in jobs] == [JobState.DONE] * 2
    sent = [entry["body"] for entry in sandbox.requests(POST)]
    assert [set(s) & {"deferred", "storage_options"} for s in sent if isinstance(s, dict)] == [
        {"deferred", "storage_options"},
        left,
        left,
    ]
    assert len([event for event in heard if isinstance(event, Told)]) == 1
    assert len(sandbox.charges()) == 2


async def test_refusal_that_was_charged_is_not_sent_again(
    engine: Engine, session: SessionId, sandbox: SandboxServer
) -> None:
    body = {"error": "deferred is refused", "usage": {"cost_in_usd_ticks": 5}}
    sandbox.fault(path=POST, action="answer", status=400, body=body)
    await done(engine, session)
    assert len(sandbox.requests(POST)) == 1


async def test_data_answer_to_a_deferred_request_is_the_answer(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    answer = {"data": [{}, {}], "usage": {"cost_in_usd_ticks": 7}}
    sandbox.fault(path=POST, action="answer", status=200, body=answer)
    job = await done(engine, session)
    assert (turn(library, job.id).state, turn(library, job.id).cost_ticks) == (TurnState.CHARGED, 7)
    assert [entry for entry in sandbox.requests("/v1/images/") if entry["method"] == "GET"] == []


async def test_expired_address_is_made_good_by_the_copy_in_files(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    job = await done(engine, session, replace(PROMPT, prompt="[sandbox:expired] a boat"))
    assert job.state is JobState.DONE
    assert_saved_once(library, sandbox, job, "usage")


async def test_address_that_refuses_is_made_good_by_the_copy_in_files(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    sandbox.fault(path="/*.jpeg", method="GET", action="answer", status=451, times=0)
    job = await done(engine, session)
    assert_saved_once(library, sandbox, job, "usage")


async def test_address_that_may_answer_later_is_not_given_up_for_a_copy_that_is_gone(
    library: Library, session: SessionId, sandbox: SandboxServer, catalog: Catalog, profile: Profile
) -> None:
    hurried = replace(QUICK, proof_s=0, download_s=0)
    engine = Engine(library, catalog, Connection(profile, Secret("k")), patience=hurried)
    sandbox.fault(path="/*.jpeg", method="GET", action="answer", status=503, times=0)
    sandbox.fault(path="/v1/files/*/content", action="answer", status=404, times=0)
    job = await done(engine, session)
    await engine.aclose(5)
    assert states(library, job) == [PictureState.PENDING] * 2


@pytest.mark.parametrize("status", [404, 410])
async def test_deferred_id_is_believed_to_be_unknown_at_the_third_time(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer, status: int
) -> None:
    sandbox.fault(path="/v1/images/*", method="GET", action="answer", status=status, times=2)
    job = await done(engine, session)
    assert job.state is JobState.DONE
    assert_saved_once(library, sandbox, job, "usage")


async def test_missing_copy_may_still_come_while_the_request_is_young(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    sandbox.fault(path="/v1/files/*/content", action="answer", status=404, times=2)
    job = await done(engine, session, replace(PROMPT, prompt="[sandbox:expired] a boat"))
    assert states(library, job) == [PictureState.PENDING] * 2
    async with asyncio.timeout(10):
        while states(library, job) != [PictureState.SAVED] * 2:
            await asyncio.sleep(0.02)
    assert len(sandbox.requests(POST)) == 1


@pytest.mark.parametrize("profile", ["stored"], indirect=True)
async def test_copy_that_the_answer_did_not_name_is_found_by_the_name_that_was_asked_for(
    library: Library, session: SessionId, sandbox: SandboxServer, catalog: Catalog, profile: Profile
) -> None:
    engine = Engine(library, catalog, Connection(profile, Secret("k")), patience=QUICK)
    without_ids = {
        "data": [{"url": sandbox.base_url.removesuffix("/v1") + "/gone.jpeg"}] * 2,
        "usage": {"cost_in_usd_ticks": COST},
    }
    sandbox.fault(path=POST, action="answer", status=200, charge=True, body=without_ids)
    job = await done(engine, session)
    assert states(library, job) == [PictureState.SAVED] * 2
    assert len(sandbox.charges()) == 1
    await engine.aclose(5)


async def test_expired_address_without_its_copy_is_lost_and_says_so(
    library: Library, session: SessionId, sandbox: SandboxServer, catalog: Catalog, profile: Profile
) -> None:
    late = replace(QUICK, proof_s=0)
    engine = Engine(library, catalog, Connection(profile, Secret("k")), patience=late)
    sandbox.fault(path="/v1/files/*/content", action="answer", status=404, times=0)
    job = await done(engine, session, replace(PROMPT, prompt="[sandbox:expired] a boat"))
    await engine.aclose(5)
    assert states(library, job) == [PictureState.LOST] * 2
    [reason, _] = [p.reason for p in library.records.pictures(job.picture_ids)]
    assert reason.startswith("Paid, lost: address expired.")


@pytest.mark.parametrize("profile", ["stored"], indirect=True)
async def test_next_start_finds_what_this_one_lost(
    library: Library, session: SessionId, sandbox: SandboxServer, catalog: Catalog, profile: Profile
) -> None:
    first = Engine(
        library, catalog, Connection(profile, Secret(canary.KEY)), patience=replace(QUICK, look_after_s=())
    )
    sandbox.fault(path=POST, action="drop", charge=True)
    job = await done(first, session)
    await first.aclose(1)
    second = Engine(library, catalog, Connection(profile, Secret(canary.KEY)), patience=QUICK)
    found = await second.recover()
    await second.aclose(1)
    assert (found.turn_count, found.saved_count, found.unknown_count) == (1, 2, 0)
    assert_saved_once(library, sandbox, job, "estimate")


async def test_lost_answers_of_a_profile_are_looked_for_once_it_is_used(
    library: Library, session: SessionId, sandbox: SandboxServer, catalog: Catalog, profile: Profile
) -> None:
    first = Engine(
        library, catalog, Connection(profile, Secret(canary.KEY)), patience=replace(QUICK, look_after_s=())
    )
    sandbox.fault(path=POST, action="drop", charge=True)
    job = await done(first, session)
    await first.aclose(1)
    other = replace(profile, name="elsewhere")
    second = Engine(library, catalog, Connection(other, Secret(canary.KEY)), patience=QUICK)
    assert (await second.recover()).unknown_count == 1
    second.use(Connection(profile, Secret(canary.KEY)))
    give_up_s = time.monotonic() + 10
    while states(library, job) != [PictureState.SAVED] * 2:
        assert time.monotonic() < give_up_s
        await asyncio.sleep(0.02)
    await second.aclose(5)


async def test_answer_that_is_being_found_is_not_fetched_a_second_time_by_a_pass_of_recovery(
    library: Library, session: SessionId, sandbox: SandboxServer, catalog: Catalog, profile: Profile
) -> None:
    stored = replace(profile, defers=False)
    first = Engine(library, catalog, Connection(stored, Secret("k")), patience=replace(QUICK, look_after_s=()))
    sandbox.fault(path=POST, action="drop", charge=True)
    job = await done(first, session)
    await first.aclose(1)
    second = Engine(library, catalog, Connection(stored, Secret("k")), patience=QUICK)
    sandbox.fault(path="/v1/files", method="GET", action="answer", status=404)
    sandbox.fault(path="/v1/files/*/content", delay=1, times=2)
    assert (await second.recover()).unknown_count == 1
    while len(fetched := sandbox.requests("/v1/files/")) < 2:
        await asyncio.sleep(0.02)
    second.use(Connection(stored, Secret("k")))
    await second.looked_for(job.id)
    assert_saved_once(library, sandbox, job, "estimate")
    fetched = [entry for entry in sandbox.requests("/v1/files/") if entry["method"] == "GET"]
    assert len(fetched) == 2
    await second.aclose(5)


async def test_after_a_day_an_unknown_turn_says_that_it_was_not_found(
    library: Library, session: SessionId, sandbox: SandboxServer, catalog: Catalog, profile: Profile
) -> None:
    hasty = Patience(answer_s=5, poll_s=0.05, look_after_s=(0,), look_for_s=0)
    engine = Engine(library, catalog, Connection(profile, Secret(canary.KEY)), patience=hasty)
    sandbox.fault(path=POST, action="drop", charge=True)
    job = await done(engine, session)
    await engine.aclose(1)
    assert (turn(library, job.id).state, turn(library, job.id).error) == (TurnState.UNKNOWN, GIVEN_UP)
    assert {picture.reason for picture in library.records.pictures(job.picture_ids)} == {GIVEN_UP}
    assert sandbox.requests("/v1/files") == []


@pytest.mark.parametrize("profile", ["neither"], indirect=True)
async def test_trying_again_is_a_new_turn_that_names_the_old_one(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    sandbox.fault(path=POST, action="drop", charge=True)
    lost = await done(engine, session)
    again = await engine.finished(engine.try_again(lost.id).id)
    assert again.state is JobState.DONE
    assert turn(library, again.id).retry_of == lost.id
    assert turn(library, lost.id).state is TurnState.UNKNOWN
    assert library.records.spent_ticks(0) == 2 * COST
    with pytest.raises(BadInput):
        engine.try_again(TurnId("nobody"))
