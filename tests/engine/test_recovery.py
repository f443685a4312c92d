"""What a process that died leaves is taken to its right end from every point, and never by paying again."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from imagine_desktop.api import wire
from imagine_desktop.api.client import Client
from imagine_desktop.api.connection import Connection
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.domain.job import Event, PicturesAdded
from imagine_desktop.domain.record import PictureId, PictureState, SessionId, Turn, TurnId, TurnState
from imagine_desktop.domain.request import Request
from imagine_desktop.engine.engine import Engine
from imagine_desktop.library.ledger import Charge
from imagine_desktop.library.library import Library
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import Profile
from tests import canary
from tests.conftest import SandboxServer
from tests.engine.conftest import QUICK

TURN = TurnId("01CRASHED00000000000000000")
ASKED = Request("a harbour at night", "grok-imagine-image", count=2)
ESTIMATE = 400_000_000


@pytest.fixture
def session(library: Library) -> SessionId:
    """A session to work in."""
    return library.ledger.add_session("Harbour")


@pytest.fixture
def crashed(library: Library, session: SessionId) -> tuple[PictureId, ...]:
    """A queued turn; its pictures' ids."""
    return add_turn(library, session, TURN)


def add_turn(library: Library, session: SessionId, turn_id: str) -> tuple[PictureId, ...]:
    """One more queued turn."""
    return library.ledger.add_turn(
        TurnId(turn_id),
        session,
        ASKED,
        [],
        delivery=Delivery.URL,
        profile="127.0.0.1",
        is_counted=True,
        estimate_ticks=ESTIMATE,
    )


async def paid_answer(
    sandbox: SandboxServer, catalog: Catalog, delivery: Delivery = Delivery.URL
) -> wire.Answer:
    """The answer that the dead process got; afterwards the sandbox remembers no request."""
    client = Client(sandbox.base_url, Secret(canary.KEY))
    path, body = wire.encode(ASKED, [], delivery, catalog)
    answer = await client.post(path, body, TURN, 10)
    await client.aclose()
    sandbox.control("DELETE", "requests")
    return answer


def spool(library: Library, answer: wire.Answer, turn_id: TurnId = TURN) -> None:
    """The answer was made durable."""
    known = library.records.turn(turn_id)
    assert known is not None
    library.files.keep_answer(known, "Harbour", answer.status, answer.headers, answer.body)


def enter(library: Library, answer: wire.Answer) -> None:
    """The answer was entered in the ledger."""
    reply = wire.parse(answer)
    library.ledger.charge(
        TURN, Charge(tuple(image.url or None for image in reply.images), reply.cost_ticks, 200)
    )


def turn(library: Library) -> Turn:
    """The turn as it stands."""
    found = library.records.turn(TURN)
    assert found is not None
    return found


def states(library: Library) -> list[PictureState]:
    """Its pictures' states."""
    return [picture.state for picture in library.records.pictures(turn(library).picture_ids)]


def assert_saved(library: Library, sandbox: SandboxServer) -> None:
    """Both pictures are on disk, whole, at the price of one request, and the answer is not needed any more."""
    assert turn(library).state is TurnState.CHARGED
    assert turn(library).cost_ticks == ESTIMATE
    assert states(library) == [PictureState.SAVED] * 2
    assert library.damaged() == []
    assert library.files.answer(TURN) is None
    assert set(library.records.thumbnails(turn(library).picture_ids, large=False)) == set(
        turn(library).picture_ids
    )
    assert_nothing_posted(sandbox)


def assert_nothing_posted(sandbox: SandboxServer) -> None:
    """No paid request left."""
    assert [entry for entry in sandbox.requests("/") if entry["method"] == "POST"] == []


@pytest.mark.parametrize("waits", [False, True])
async def test_turn_that_was_never_sent_ends_unpaid(
    engine: Engine, library: Library, sandbox: SandboxServer, crashed: tuple[PictureId, ...], waits: bool
) -> None:
    if waits:
        library.ledger.start_sending(TURN)
        library.ledger.wait(TURN, "rate limit")
    found = await engine.recover()
    assert (found.turn_count, found.saved_count, found.unknown_count) == (1, 0, 0)
    assert turn(library).state is TurnState.NOT_SENT
    assert states(library) == [PictureState.NOT_MADE] * 2
    assert library.records.spent_ticks(0) == 0
    assert sandbox.requests("/") == []


async def test_turn_sent_without_an_answer_is_unknown_and_counts_as_spent(
    engine: Engine, library: Library, sandbox: SandboxServer, crashed: tuple[PictureId, ...]
) -> None:
    library.ledger.start_sending(TURN)
    found = await engine.recover()
    assert found.unknown_count == 1
    assert turn(library).state is TurnState.UNKNOWN
    assert states(library) == [PictureState.PENDING] * 2
    assert library.records.spent_ticks(0) == ESTIMATE
    assert sandbox.requests("/") == []
    assert (await engine.recover()).unknown_count == 1


@pytest.mark.parametrize("delivery", Delivery)
async def test_kept_answer_becomes_pictures(
    engine: Engine,
    library: Library,
    sandbox: SandboxServer,
    catalog: Catalog,
    crashed: tuple[PictureId, ...],
    delivery: Delivery,
) -> None:
    library.ledger.start_sending(TURN)
    spool(library, await paid_answer(sandbox, catalog, delivery))
    found = await engine.recover()
    assert (found.turn_count, found.saved_count, found.unknown_count) == (1, 2, 0)
    assert_saved(library, sandbox)
    assert (await engine.recover()).turn_count == 0


@pytest.mark.parametrize("delivery", Delivery)
async def test_entered_answer_becomes_pictures(
    engine: Engine,
    library: Library,
    sandbox: SandboxServer,
    catalog: Catalog,
    crashed: tuple[PictureId, ...],
    delivery: Delivery,
) -> None:
    answer = await paid_answer(sandbox, catalog, delivery)
    library.ledger.start_sending(TURN)
    spool(library, answer)
    enter(library, answer)
    assert (await engine.recover()).saved_count == 2
    assert_saved(library, sandbox)


@pytest.mark.parametrize("is_of_an_earlier_version", [False, True])
async def test_answer_whose_row_is_lost_is_entered_again(
    library: Library,
    sandbox: SandboxServer,
    catalog: Catalog,
    profile: Profile,
    crashed: tuple[PictureId, ...],
    tmp_path: Path,
    is_of_an_earlier_version: bool,
) -> None:
    library.ledger.start_sending(TURN)
    asked = turn(library)
    spool(library, await paid_answer(sandbox, catalog))
    other = Library.open(tmp_path / "restored", "a test")  # as from a backup made before the turn
    other.ledger.add_session("Another")
    kept = library.folder / "spool" / f"{TURN}.resp"
    (other.folder / "spool").mkdir()
    data = kept.read_bytes()
    if is_of_an_earlier_version:
        head, _, body = data.partition(b"\n")
        fields = json.loads(head)
        data = json.dumps({"status": fields["status"], "headers": fields["headers"]}).encode() + b"\n" + body
    (other.folder / "spool" / kept.name).write_bytes(data)
    engine = Engine(other, catalog, Connection(profile, Secret("k")), patience=QUICK)
    heard: list[Event] = []
    engine.subscribe(heard.append)
    found = await engine.recover()
    if is_of_an_earlier_version:  # of no known profile: no address on this computer is asked
        assert found.turn_count == 1
        assert turn(other).cost_ticks == ESTIMATE
        assert states(other) == [PictureState.LOST] * 2
        assert other.records.sessions()[0].name == "Recovered"
    else:
        assert found.saved_count == 2
        assert_saved(other, sandbox)
        same = ("id", "created", "prompt", "model", "aspect_ratio", "count", "estimate_ticks", "profile")
        assert [getattr(turn(other), name) for name in same] == [getattr(asked, name) for name in same]
        assert other.records.session_name(turn(other).session_id) == "Harbour"
    assert other.records.spent_ticks(0) == ESTIMATE
    assert any(isinstance(event, PicturesAdded) for event in heard)
    assert (await engine.recover()).turn_count == 0
    await engine.aclose(5)
    other.close()


async def test_answer_of_an_unknown_turn_is_read_again(
    engine: Engine, library: Library, sandbox: SandboxServer, catalog: Catalog, crashed: tuple[PictureId, ...]
) -> None:
    library.ledger.start_sending(TURN)
    library.ledger.end(TURN, TurnState.UNKNOWN, "closed before it was read")
    spool(library, await paid_answer(sandbox, catalog))
    await engine.recover()
    assert_saved(library, sandbox)
    assert turn(library).error == ""


async def test_file_under_its_final_name_is_adopted_without_the_network(
    engine: Engine, library: Library, sandbox: SandboxServer, catalog: Catalog, crashed: tuple[PictureId, ...]
) -> None:
    answer = await paid_answer(sandbox, catalog, Delivery.BASE64)
    delivered = [wire.decode_base64(image.base64) for image in wire.parse(answer).images]
    library.ledger.start_sending(TURN)
    library.ledger.charge(
        TURN, Charge(("http://127.0.0.1:9/gone.jpg", "http://127.0.0.1:9/gone.jpg"), ESTIMATE)
    )
    for picture, data in zip(library.records.pictures(crashed), delivered, strict=True):
        library.files.store_picture(
            data, turn(library), picture, session_name="S", extension="jpg", mime="image/jpeg", size=(1, 1)
        )
    (library.folder / "images" / ".left.part").write_bytes(b"half")
    await engine.recover()
    assert_saved(library, sandbox)
    assert [library.picture_path(picture_id).read_bytes() for picture_id in crashed] == delivered
    assert sandbox.requests("/") == []


MODERATED = {
    "code": "imagine:content-moderated",
    "error": "Generated image rejected by content moderation.",
    "usage": {"cost_in_usd_ticks": 5},
}


ALL_WITHHELD = {"data": [{}, {}], "usage": {"cost_in_usd_ticks": 5}}


@pytest.mark.parametrize(
    ("status", "body", "expected", "picture", "cost", "is_kept"),
    [
        (400, MODERATED, TurnState.CHARGED_NO_IMAGE, PictureState.WITHHELD, 5, False),
        (400, {"error": "bad"}, TurnState.REJECTED, PictureState.NOT_MADE, None, False),
        (503, {"error": "busy"}, TurnState.UNKNOWN, PictureState.PENDING, None, True),
        (200, {"data": 7}, TurnState.UNKNOWN, PictureState.PENDING, None, True),
        (200, ALL_WITHHELD, TurnState.CHARGED, PictureState.WITHHELD, 5, False),
    ],
)
async def test_kept_answer_without_pictures_ends_as_it_says(
    engine: Engine,
    library: Library,
    sandbox: SandboxServer,
    crashed: tuple[PictureId, ...],
    status: int,
    body: object,
    expected: TurnState,
    picture: PictureState,
    cost: int | None,
    is_kept: bool,
) -> None:
    library.ledger.start_sending(TURN)
    spool(library, wire.Answer(status, {}, json.dumps(body).encode()))
    for _ in range(2):
        await engine.recover()
        assert (turn(library).state, turn(library).cost_ticks) == (expected, cost)
        assert states(library) == [picture] * 2
        assert (library.files.answer(TURN) is not None) is is_kept
    assert sandbox.requests("/") == []


async def test_expired_address_loses_its_picture_and_says_so(
    engine: Engine, library: Library, sandbox: SandboxServer, catalog: Catalog, crashed: tuple[PictureId, ...]
) -> None:
    answer = await paid_answer(sandbox, catalog)
    library.ledger.start_sending(TURN)
    enter(library, answer)
    sandbox.control("POST", "expire")
    await engine.recover()
    assert states(library) == [PictureState.LOST] * 2
    assert all("address" in picture.reason for picture in library.records.pictures(crashed))
    assert_nothing_posted(sandbox)
    assert (await engine.recover()).turn_count == 0


async def test_picture_whose_answer_is_gone_keeps_its_place(
    engine: Engine, library: Library, sandbox: SandboxServer, crashed: tuple[PictureId, ...]
) -> None:
    library.ledger.start_sending(TURN)
    library.ledger.charge(TURN, Charge((None, None), 5))
    await engine.recover()
    assert turn(library).state is TurnState.CHARGED
    assert states(library) == [PictureState.PENDING] * 2
    assert sandbox.requests("/") == []


async def test_one_damaged_turn_does_not_keep_the_others_from_their_end(
    engine: Engine,
    library: Library,
    sandbox: SandboxServer,
    catalog: Catalog,
    session: SessionId,
    crashed: tuple[PictureId, ...],
) -> None:
    library.ledger.start_sending(TURN)
    spool(library, await paid_answer(sandbox, catalog))
    for number, damage in enumerate((b"", b"nonsense", b'{"status": 200}\n')):
        name = f"0{number}DAMAGED"
        add_turn(library, session, name)
        library.ledger.start_sending(TurnId(name))
        (library.folder / "spool" / f"{name}.resp").write_bytes(damage)
    found = await engine.recover()
    assert (found.turn_count, found.saved_count) == (4, 2)
    assert_saved(library, sandbox)


async def test_settled_and_half_written_answers_are_dropped_and_no_others(
    engine: Engine, library: Library, sandbox: SandboxServer, session: SessionId, crashed: tuple[PictureId, ...]
) -> None:
    add_turn(library, session, "0SETTLED")
    add_turn(library, session, "0UNKNOWN")
    for name in ("0SETTLED", "0UNKNOWN"):
        library.ledger.start_sending(TurnId(name))
        spool(library, wire.Answer(503, {}, b"busy"), TurnId(name))
    library.ledger.end(TurnId("0SETTLED"), TurnState.REJECTED, "no")
    (library.folder / "spool" / "0NOBODYS.resp").write_bytes(b"damaged, and of no turn")
    (library.folder / "spool" / f".{TURN}.resp.part").write_bytes(b"half")
    await engine.recover()
    left = sorted(path.name for path in (library.folder / "spool").iterdir())
    assert left == ["0NOBODYS.resp", "0UNKNOWN.resp"]


async def test_paid_answer_is_fetched_even_where_a_picture_of_it_is_unusable(
    engine: Engine, library: Library, sandbox: SandboxServer, catalog: Catalog, crashed: tuple[PictureId, ...]
) -> None:
    answer = await paid_answer(sandbox, catalog, Delivery.BASE64)
    fields = json.loads(answer.body)
    fields["data"][0]["b64_json"] = "bm8gcGljdHVyZQ=="
    library.ledger.start_sending(TURN)
    spool(library, replace(answer, body=json.dumps(fields).encode()))
    await engine.recover()
    assert states(library) == [PictureState.LOST, PictureState.SAVED]
    [kept] = (library.folder / "quarantine").iterdir()
    assert kept.read_bytes() == b"no picture"
    assert kept.name in library.records.pictures(crashed)[0].reason
