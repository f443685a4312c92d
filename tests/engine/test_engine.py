"""Jobs against a real sandbox process: what is saved, what is said, what is charged."""

import asyncio
import base64
import json
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from PIL import Image

from imagine_desktop.api import wire
from imagine_desktop.api.connection import Connection
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.domain.job import Event, Job, JobChanged, JobState, PicturesAdded
from imagine_desktop.domain.record import PictureState, SessionId, TurnState
from imagine_desktop.domain.request import AddressSource, FileSource, PictureSource, Request
from imagine_desktop.engine import arrival
from imagine_desktop.engine.engine import Engine
from imagine_desktop.errors import BadInput, OutcomeUnknown, Withheld
from imagine_desktop.library.library import Library
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import Profile
from tests import canary
from tests.conftest import SandboxServer
from tests.engine.conftest import QUICK
from tests.imaging.samples import encoded, halves

PICTURE = base64.b64encode(encoded(halves(), "PNG")).decode()
PROMPT = Request("a harbour at night", "grok-imagine-image", "16:9", "1k")


@pytest.fixture
def session(library: Library) -> SessionId:
    """A session to work in."""
    return library.ledger.add_session("Harbour")


async def done(engine: Engine, request: Request, session: SessionId, delivery: Delivery = Delivery.URL) -> Job:
    """A job, run to its end."""
    return await engine.finished(engine.submit(request, session, delivery=delivery).id)


@pytest.mark.parametrize("delivery", Delivery)
async def test_generated_pictures_are_saved_as_delivered_with_their_story(
    engine: Engine, library: Library, session: SessionId, delivery: Delivery
) -> None:
    job = await done(engine, replace(PROMPT, count=3), session, delivery)

    assert job.state is JobState.DONE
    assert job.error is None
    turn = library.records.turn(job.id)
    assert turn is not None
    assert (turn.state, turn.cost_ticks, turn.cost_source) == (TurnState.CHARGED, 600_000_000, "usage")
    pictures = library.records.pictures(turn.picture_ids)
    assert [picture.state for picture in pictures] == [PictureState.SAVED] * 3
    assert len({picture.sha256 for picture in pictures}) == 3
    for picture in pictures:
        file = library.picture_path(picture.id)
        with Image.open(file) as image:
            assert image.size == (picture.width, picture.height) == (1408, 768)
        story = json.loads(file.with_name(file.name + ".json").read_text())
        assert story["turn"]["prompt"] == PROMPT.prompt
        assert story["picture"]["sha256"] == picture.sha256
    assert library.damaged() == []
    assert not list((library.folder / "spool").iterdir())


async def test_address_delivery_keeps_the_bytes_of_the_address(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    job = await done(engine, PROMPT, session)
    [served] = [entry for entry in sandbox.requests("/") if entry["method"] == "GET"]
    origin = sandbox.base_url.removesuffix("/v1")
    async with httpx.AsyncClient() as http:
        delivered = (await http.get(origin + str(served["path"]))).content
    assert library.picture_path(job.picture_ids[0]).read_bytes() == delivered
    assert "authorization" not in served["headers"]  # type: ignore[operator]  # a mapping, from JSON


async def test_paid_request_has_a_length_and_its_turn_as_id(
    engine: Engine, session: SessionId, sandbox: SandboxServer
) -> None:
    job = await done(engine, PROMPT, session)
    [sent] = sandbox.requests("/v1/images/generations")
    headers = sent["headers"]
    assert isinstance(headers, dict)
    assert int(headers["content-length"]) > 0
    assert "transfer-encoding" not in headers
    assert headers["x-client-request-id"] == job.id


async def test_edits_of_edits_make_a_lineage_and_one_source_sends_no_ratio(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    first = await done(engine, PROMPT, session)
    source = PictureSource(first.picture_ids[0])
    second = await done(engine, replace(PROMPT, prompt="as a pencil sketch", sources=(source,)), session)
    third = await done(
        engine, replace(PROMPT, prompt="make it snow", sources=(PictureSource(second.picture_ids[0]),)), session
    )
    edits = sandbox.requests("/v1/images/edits")
    for sent in edits:
        body = sent["body"]
        assert isinstance(body, dict)
        assert "aspect_ratio" not in body
        assert "image" in body
    turn = library.records.turn(third.id)
    assert turn is not None
    assert turn.parent_id == second.picture_ids[0]
    assert library.records.children(first.picture_ids[0]) == list(second.picture_ids)


async def test_several_sources_of_every_kind_go_in_the_order_given(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer, tmp_path: Path
) -> None:
    file = tmp_path / "photo.png"
    Image.new("RGB", (64, 48), "teal").save(file)
    made = await done(engine, PROMPT, session)
    address = AddressSource("https://pictures.example/bridge.jpg")
    request = replace(
        PROMPT,
        prompt="put <IMAGE_0> beside <IMAGE_1>",
        sources=(FileSource(file), address, PictureSource(made.picture_ids[0])),
    )
    job = await done(engine, request, session)

    assert job.state is JobState.DONE
    [sent] = sandbox.requests("/v1/images/edits")
    body = sent["body"]
    assert isinstance(body, dict)
    assert body["aspect_ratio"] == "16:9"
    assert len(body["images"]) == 3
    turn = library.records.turn(job.id)
    assert turn is not None
    names = [source.name for source in turn.sources]
    assert names == ["photo.png", address.url, f"picture {made.picture_ids[0]}"]
    assert turn.sources[0].frozen is not None
    assert (library.folder / turn.sources[0].frozen).is_file()


async def test_placeholders_come_before_the_pictures(engine: Engine, session: SessionId) -> None:
    heard: list[Event] = []
    engine.subscribe(heard.append)
    job = await done(engine, replace(PROMPT, count=2), session)
    added = [event for event in heard if isinstance(event, PicturesAdded)]
    states = [event.job.state for event in heard if isinstance(event, JobChanged)]
    assert [event.picture_ids for event in added] == [job.picture_ids]
    assert states[0] is JobState.QUEUED
    assert states.index(JobState.SENDING) < states.index(JobState.DOWNLOADING) < states.index(JobState.DONE)
    assert heard.index(added[0]) < len(heard) - 3


async def test_only_so_many_requests_are_at_the_api_at_once(
    engine: Engine, session: SessionId, sandbox: SandboxServer
) -> None:
    engine.set_jobs_at_once(2)
    sandbox.fault(path="/v1/images/generations", times=0, delay=0.2)
    sending: list[int] = []

    def count(_event: Event) -> None:
        sending.append(sum(job.state is JobState.SENDING for job in engine.jobs()))

    engine.subscribe(count)
    jobs = [engine.submit(replace(PROMPT, prompt=f"boat {number}"), session) for number in range(5)]
    ended = await asyncio.gather(*(engine.finished(job.id) for job in jobs))
    assert {job.state for job in ended} == {JobState.DONE}
    assert max(sending) == 2
    assert len(sandbox.requests("/v1/images/generations")) == 5


async def test_cancel_while_queued_sends_nothing(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    engine.set_jobs_at_once(1)
    sandbox.fault(path="/v1/images/generations", delay=0.3)
    first = engine.submit(PROMPT, session)
    second = engine.submit(replace(PROMPT, prompt="never sent"), session)
    while not any(job.id == second.id and job.state is JobState.QUEUED for job in engine.jobs()):
        await asyncio.sleep(0.01)
    engine.cancel(second.id)
    ended = await asyncio.gather(engine.finished(first.id), engine.finished(second.id))
    assert [job.state for job in ended] == [JobState.DONE, JobState.CANCELLED]
    turn = library.records.turn(second.id)
    assert turn is not None
    assert turn.state is TurnState.NOT_SENT
    assert len(sandbox.requests("/v1/images/generations")) == 1


async def test_cancelled_job_ends_also_where_its_end_cannot_be_written_down(
    engine: Engine,
    library: Library,
    session: SessionId,
    sandbox: SandboxServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    sandbox.fault(path="/v1/images/*", action="answer", status=429, headers={"retry-after": "9"}, body={})
    waits, states = asyncio.Event(), []

    def hear(event: Event) -> None:
        if isinstance(event, JobChanged):
            states.append(event.job.state)
            if event.job.state is JobState.WAITING:
                waits.set()

    engine.subscribe(hear)
    job_id = engine.submit(PROMPT, session).id
    await waits.wait()
    elsewhere = library.folder.rename(library.folder.with_name("elsewhere"))
    engine.cancel(job_id)
    assert (await engine.finished(job_id)).state is states[-1] is JobState.CANCELLED
    elsewhere.rename(library.folder)
    assert "could not be written down" in caplog.text


async def test_cancel_while_sending_keeps_the_paid_picture(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    sandbox.fault(path="/v1/images/generations", delay=0.3)
    job = engine.submit(PROMPT, session)
    while not any(under_way.state is JobState.SENDING for under_way in engine.jobs()):
        await asyncio.sleep(0.01)
    engine.cancel(job.id)
    ended = await engine.finished(job.id)
    assert ended.is_cancelling
    assert ended.state is JobState.DONE
    assert library.damaged(ended.picture_ids) == []
    assert library.records.saved_count() == 1


@pytest.mark.parametrize("is_closed", [False, True])
async def test_what_was_let_go_and_refused_is_not_sent_again(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer, is_closed: bool
) -> None:
    sandbox.fault(
        path="/v1/images/*", action="answer", status=429, headers={"retry-after": "0.1"}, body={}, delay=0.5
    )
    job = engine.submit(PROMPT, session)
    while not sandbox.requests():
        await asyncio.sleep(0.02)
    ending = asyncio.create_task(engine.finished(job.id))
    await asyncio.sleep(0)
    if is_closed:
        await engine.aclose(10)
    else:
        engine.cancel(job.id)
    assert (await ending).state is JobState.CANCELLED
    turn = library.records.turn(job.id)
    assert turn is not None
    assert turn.state is TurnState.NOT_SENT
    assert sandbox.charges() == []
    assert len(sandbox.requests()) == 1


async def test_lost_answer_is_unknown_and_never_sent_again(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    sandbox.fault(path="/v1/images/generations", action="drop", charge=True)
    job = await done(engine, PROMPT, session)
    assert job.state is JobState.UNKNOWN
    assert isinstance(job.error, OutcomeUnknown)
    turn = library.records.turn(job.id)
    assert turn is not None
    assert turn.state is TurnState.UNKNOWN
    assert len(sandbox.requests("/v1/images/generations")) == 1
    assert len(sandbox.charges()) == 1


async def test_mistake_of_the_program_before_the_request_is_sent_is_not_called_a_charge(
    engine: Engine,
    library: Library,
    session: SessionId,
    sandbox: SandboxServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> tuple[str, bytes]:
        raise ZeroDivisionError

    monkeypatch.setattr(wire, "encode", fail)
    with pytest.raises(ZeroDivisionError):
        await done(engine, PROMPT, session)
    [turn] = library.records.turns()
    assert turn.state is TurnState.NOT_SENT
    assert "nothing charged" in turn.error
    assert "may have been charged" not in turn.error
    assert sandbox.requests() == []
    assert "a job failed unexpectedly" in caplog.text


async def test_rate_limit_is_waited_for_and_tried_again(
    engine: Engine, session: SessionId, sandbox: SandboxServer
) -> None:
    sandbox.fault(path="/v1/images/generations", action="answer", status=429, headers={"retry-after": "0.1"})
    job = await done(engine, PROMPT, session)
    assert job.state is JobState.DONE
    assert len(sandbox.requests("/v1/images/generations")) == 2
    assert len(sandbox.charges()) == 1


async def test_rate_limit_that_was_billed_is_not_tried_again(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    body = {"code": "resource-exhausted", "error": "Too many requests.", "usage": {"cost_in_usd_ticks": 7}}
    headers = {"retry-after": "0.1"}
    sandbox.fault(path="/v1/images/generations", action="answer", status=429, headers=headers, body=body)
    job = await done(engine, PROMPT, session)
    assert job.state is JobState.FAILED
    assert len(sandbox.requests("/v1/images/generations")) == 1
    turn = library.records.turn(job.id)
    assert turn is not None
    assert (turn.state, turn.cost_ticks) == (TurnState.CHARGED_NO_IMAGE, 7)


async def test_moderated_request_is_withheld_and_its_cost_is_kept(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    moderated = {
        "code": "imagine:content-moderated",
        "error": "Generated image rejected by content moderation.",
        "usage": {"cost_in_usd_ticks": 200_000_000},
    }
    sandbox.fault(path="/v1/images/generations", action="answer", status=400, body=moderated)
    job = await done(engine, PROMPT, session)
    assert isinstance(job.error, Withheld)
    turn = library.records.turn(job.id)
    assert turn is not None
    assert (turn.state, turn.cost_ticks) == (TurnState.CHARGED_NO_IMAGE, 200_000_000)
    assert library.records.pictures(turn.picture_ids)[0].state is PictureState.WITHHELD


async def test_expired_address_loses_one_picture_and_keeps_the_others(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    sandbox.fault(path="/v1/images/generations", action="expire")
    job = await done(engine, replace(PROMPT, count=2), session)
    assert job.state is JobState.FAILED
    states = {picture.state for picture in library.records.pictures(job.picture_ids)}
    assert states == {PictureState.LOST}


async def test_download_that_fails_once_is_tried_again(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer
) -> None:
    sandbox.fault(method="GET", action="answer", status=503)
    job = await done(engine, PROMPT, session)
    assert job.state is JobState.DONE
    assert library.records.saved_count() == 1


async def test_further_try_that_hangs_ends_when_the_patience_for_a_download_does(
    library: Library,
    session: SessionId,
    sandbox: SandboxServer,
    catalog: Catalog,
    profile: Profile,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(arrival, "_LEAST_TRY_S", 0.3)
    patience = replace(QUICK, download_s=6)
    engine = Engine(library, catalog, Connection(profile, Secret(canary.KEY)), patience=patience)
    sandbox.fault(path="/*.jpeg", method="GET", action="answer", status=503)
    sandbox.fault(path="/*.jpeg", method="GET", action="hang", times=0)
    job = await done(engine, PROMPT, session)  # not 30 s more, in which this test would be over
    await engine.aclose(1)
    assert job.error is not None
    assert "took too long" in job.error.message
    [picture] = library.records.pictures(job.picture_ids)
    assert picture.state is PictureState.PENDING


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"prompt": "  \n"}, "Prompt"),
        ({"count": 0}, "Images"),
        ({"count": 11}, "Images"),
        ({"aspect_ratio": "7:5"}, "Aspect ratio"),
        ({"resolution": "4k"}, "Resolution"),
        ({"resolution": "1.5k"}, "Resolution"),
        ({"sources": (AddressSource("http://pictures.example/a.jpg"),)}, "Sources"),
        ({"sources": (AddressSource("ftp://pictures.example/a.jpg"),)}, "Sources"),
        ({"sources": (PictureSource(1),) * 4}, "Sources"),  # type: ignore[arg-type]  # a plain number will do
    ],
)
async def test_bad_input_names_its_field_and_sends_nothing(
    engine: Engine,
    library: Library,
    session: SessionId,
    sandbox: SandboxServer,
    change: dict[str, object],
    field: str,
) -> None:
    with pytest.raises(BadInput) as caught:
        engine.submit(replace(PROMPT, **change), session)  # type: ignore[arg-type]
    assert caught.value.field == field
    assert library.records.turns(session) == []
    assert sandbox.requests() == []


async def test_source_that_is_no_picture_writes_and_sends_nothing(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer, tmp_path: Path
) -> None:
    file = tmp_path / "picture.jpg"
    file.write_text("this is text")
    job = await done(engine, replace(PROMPT, sources=(FileSource(file),)), session)
    assert job.state is JobState.FAILED
    assert isinstance(job.error, BadInput)
    assert library.records.turns(session) == []
    assert sandbox.requests() == []


async def test_what_the_api_tells_besides_the_pictures_is_kept(
    engine: Engine, library: Library, sandbox: SandboxServer
) -> None:
    told = {
        "data": [
            {
                "b64_json": PICTURE,
                "revised_prompt": "a boat\x00, by dawn\u2028in oil",
                "mime_type": "image/png",
            },
            {"b64_json": PICTURE, "respect_moderation": False, "future": {"a": [1]}},
            {"b64_json": PICTURE, "revised_prompt": 7},
        ],
        "model": "grok-imagine-image-2.0",
        "usage": {"cost_in_usd_ticks": 600_000_000, "input_tokens": None},
        "future": [None],
    }
    sandbox.fault(path="/v1/images/generations", action="answer", status=200, body=json.dumps(told))
    session = library.ledger.add_session()
    job = engine.submit(Request("a boat", "grok-imagine-image", count=3), session)
    await engine.finished(job.id)
    turn = library.records.turn(job.id)
    assert turn is not None
    assert turn.model_served == "grok-imagine-image-2.0"
    assert turn.request_id
    first, second, third = library.records.pictures(turn.picture_ids)
    assert first.revised_prompt == "a boat, by dawn\nin oil"
    assert (second.state, third.revised_prompt) == (PictureState.WITHHELD, "")
    assert first.path is not None
    sidecar = json.loads(library.files.absolute(first.path + ".json").read_text())
    assert sidecar["picture"]["revised_prompt"] == first.revised_prompt
