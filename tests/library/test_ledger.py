"""What was asked and what it cost: every transition, and that nothing of it is lost or changed."""

import json
import sqlite3
from dataclasses import replace

import pytest

from imagine_desktop.domain.act import RenameSession
from imagine_desktop.domain.record import PictureState, SessionId, TurnId, TurnState
from imagine_desktop.domain.request import AddressSource, PictureSource
from imagine_desktop.library.ledger import Charge
from imagine_desktop.library.library import Library
from tests.library.conftest import ASKED, add_turn, charge, save

T1 = TurnId("01AAAAAAAAAAAAAAAAAAAAAAAA")


def state(library: Library, turn_id: str = T1) -> tuple[TurnState, int | None, str | None]:
    """A turn's state and cost."""
    turn = library.records.turn(TurnId(turn_id))
    assert turn is not None
    return turn.state, turn.cost_ticks, turn.cost_source


def pictures(library: Library, turn_id: str = T1) -> list[PictureState]:
    """The states of a turn's pictures."""
    turn = library.records.turn(TurnId(turn_id))
    assert turn is not None
    return [picture.state for picture in library.records.pictures(turn.picture_ids)]


def events(library: Library) -> list[tuple[str | None, str]]:
    """All changes of state."""
    connection = sqlite3.connect(library.folder / "library.db")
    rows = connection.execute("SELECT from_state, to_state FROM events ORDER BY seq").fetchall()
    connection.close()
    return rows


def test_turn_keeps_all_that_decided_its_result(library: Library, session: SessionId) -> None:
    request = replace(
        ASKED,
        count=2,
        quality="low",
        sources=(AddressSource("https://a.example/b.jpg"), AddressSource("https://c")),
    )
    ids = add_turn(library, session, T1, request, estimate_ticks=7)
    turn = library.records.turn(T1)
    assert turn is not None
    assert (turn.prompt, turn.model, turn.aspect_ratio, turn.resolution, turn.quality, turn.count) == (
        request.prompt,
        request.model,
        "16:9",
        "1k",
        "low",
        2,
    )
    assert (turn.state, turn.estimate_ticks, turn.cost_ticks) == (TurnState.QUEUED, 7, None)
    assert turn.picture_ids == ids
    assert [source.name for source in turn.sources] == ["https://a.example/b.jpg", "https://c"]
    assert library.records.sessions()[0].name == "a harbour at night"


def test_every_change_of_state_is_an_event_that_cannot_be_altered(library: Library, session: SessionId) -> None:
    add_turn(library, session, T1)
    library.ledger.start_sending(T1)
    library.ledger.wait(T1, "rate limit")
    library.ledger.start_sending(T1)
    library.ledger.charge(T1, Charge(("https://a",), 5))
    assert events(library) == [
        (None, "queued"),
        ("queued", "sending"),
        ("sending", "waiting"),
        ("waiting", "sending"),
        ("sending", "charged"),
    ]
    connection = sqlite3.connect(library.folder / "library.db")
    for sql in ("UPDATE events SET note = 'x'", "DELETE FROM events"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            connection.execute(sql)
    connection.close()


@pytest.mark.parametrize(
    ("addresses", "expected", "shares"),
    [
        (("https://a", "https://b", None), ["pending"] * 3, [300, 300, 300]),
        (("https://a",), ["pending", "not made", "not made"], [900, None, None]),
        (("https://a", ""), ["pending", "withheld", "not made"], [450, 450, None]),
        (("", "", ""), ["withheld"] * 3, [300] * 3),
        (("https://a",) * 5, ["pending"] * 5, [180] * 5),
    ],
)
def test_charge_gives_every_picture_its_place(
    library: Library,
    session: SessionId,
    addresses: tuple[str | None, ...],
    expected: list[str],
    shares: list[int | None],
) -> None:
    add_turn(library, session, T1, replace(ASKED, count=3))
    ids = charge(library, T1, *addresses, cost=900)
    assert len(ids) == len(addresses)
    assert pictures(library) == expected
    turn = library.records.turn(T1)
    assert turn is not None
    assert [picture.cost_ticks for picture in library.records.pictures(turn.picture_ids)] == shares
    assert state(library) == (TurnState.CHARGED, 900, "usage")
    pending = library.records.pending_places(T1)
    assert [place.url for place in pending.values()] == [address for address in addresses if address != ""]


def test_cost_that_the_api_does_not_tell_is_the_estimate(library: Library, session: SessionId) -> None:
    add_turn(library, session, T1, estimate_ticks=77)
    charge(library, T1, "https://a")
    assert state(library) == (TurnState.CHARGED, 77, "estimate")


@pytest.mark.parametrize(
    ("end", "left"),
    [
        (TurnState.NOT_SENT, PictureState.NOT_MADE),
        (TurnState.REJECTED, PictureState.NOT_MADE),
        (TurnState.CHARGED_NO_IMAGE, PictureState.NOT_MADE),
        (TurnState.UNKNOWN, PictureState.PENDING),
    ],
)
def test_end_without_pictures_closes_their_places_unless_they_may_come(
    library: Library, session: SessionId, end: TurnState, left: PictureState
) -> None:
    add_turn(library, session, T1, replace(ASKED, count=2))
    library.ledger.end(T1, end, "why", http_status=500, request_id="r")
    assert state(library)[0] is end
    assert pictures(library) == [left, left]
    turn = library.records.turn(T1)
    assert turn is not None
    assert (turn.error, turn.http_status, turn.request_id) == ("why", 500, "r")
    assert (turn in library.records.unfinished_turns()) is (end is TurnState.UNKNOWN)


@pytest.mark.parametrize(("cost", "end"), [(9, TurnState.CHARGED_NO_IMAGE), (None, TurnState.REJECTED)])
def test_moderation_withholds_all_and_keeps_its_cost(
    library: Library, session: SessionId, cost: int | None, end: TurnState
) -> None:
    add_turn(library, session, T1, replace(ASKED, count=2))
    library.ledger.start_sending(T1)
    library.ledger.withhold(T1, "withheld", cost, "r")
    assert state(library)[:2] == (end, cost)
    assert pictures(library) == [PictureState.WITHHELD] * 2


def test_charged_turn_is_never_made_unknown_again(library: Library, session: SessionId) -> None:
    add_turn(library, session, T1)
    charge(library, T1, "https://a", cost=5)
    library.ledger.end(T1, TurnState.UNKNOWN, "closed in this moment")
    assert state(library) == (TurnState.CHARGED, 5, "usage")


def test_a_picture_that_came_is_not_called_lost_by_who_comes_late(library: Library, session: SessionId) -> None:
    [picture_id] = add_turn(library, session, "T1", replace(ASKED, count=1))
    charge(library, "T1", "https://a")
    save(library, "T1", picture_id)
    library.ledger.lose_picture(picture_id, "It cannot be had any more.")
    library.ledger.explain_picture(picture_id, "The line is slow.")
    picture = library.records.picture(picture_id)
    assert picture is not None
    assert (picture.state, picture.reason) == (PictureState.SAVED, "")


def test_spent_counts_what_is_or_may_be_paid_and_not_the_sandbox(library: Library, session: SessionId) -> None:
    for number, end in enumerate(
        (None, TurnState.NOT_SENT, TurnState.REJECTED, TurnState.UNKNOWN, TurnState.CHARGED_NO_IMAGE)
    ):
        add_turn(library, session, f"T{number}", estimate_ticks=10**number)
        if end is not None:
            library.ledger.end(TurnId(f"T{number}"), end, "", cost_ticks=7 if number == 4 else None)
    add_turn(library, session, "T5", estimate_ticks=500_000)
    library.ledger.start_sending(TurnId("T5"))
    add_turn(library, session, "T6", is_counted=False)
    charge(library, "T6", "https://a", cost=10**9)
    assert library.records.spent_ticks(0) == 1_000 + 7 + 500_000
    assert library.records.spent_ticks(4e9) == 0


def test_sidecar_tells_the_whole_story_beside_the_untouched_bytes(library: Library, session: SessionId) -> None:
    library.curation.do(RenameSession(session, "Häfen \U0001f6a2"))
    first = add_turn(library, session, "T0")[0]
    charge(library, "T0", "https://a", cost=3)
    save(library, "T0", first)
    [second] = add_turn(
        library, session, T1, replace(ASKED, prompt="“now”\nat dawn", sources=(PictureSource(first),))
    )
    charge(library, T1, None, cost=400)
    data = b"\xff\xd8\xff exactly these bytes"
    file = save(library, T1, second, data)
    assert file.read_bytes() == data
    story = json.loads(file.with_name(file.name + ".json").read_text(encoding="utf-8"))
    assert story["turn"]["prompt"] == "“now”\nat dawn"
    assert story["turn"]["cost_ticks"] == 400
    assert story["picture"]["bytes"] == len(data)
    assert (story["picture"]["width"], story["picture"]["mime"]) == (8, "image/jpeg")
    assert story["sources"] == [
        {"kind": "picture", "name": f"picture {first}", "picture_id": first, "frozen": None}
    ]
    assert library.records.children(first) == [second]
