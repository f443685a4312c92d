"""What the history says of sessions and turns."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from imagine_desktop.domain.record import PictureId, PictureState, Session, SessionId, Turn, TurnState
from imagine_desktop.ui.history import captions, tree

MakeTurn = Callable[..., Turn]


def test_a_turn_says_number_kind_prompt_count_outcome_and_cost(make_turn: MakeTurn) -> None:
    rows = tree.rows([make_turn(1, (1,)), make_turn(2, (2, 3, 4, 5), 1, prompt="make it\nnight")])
    assert captions.turn_text(rows[0], {}) == "Turn 1, generate: prompt 1, 1 picture, saved, $0.02"
    assert captions.turn_text(rows[1], {}) == "Turn 2, edit: make it night, 4 pictures, saved, $0.08"


def test_a_turn_that_came_back_partly_says_what_is_missing(make_turn: MakeTurn) -> None:
    turn = make_turn(1, (1, 2, 3))
    states = {PictureId(2): PictureState.WITHHELD}
    assert captions.turn_line(turn, states) == "16:9 · 2k · 2 of 3 · $0.06"
    assert "2 saved, 1 withheld" in captions.turn_text(tree.rows([turn])[0], states)
    assert captions.saved_pictures(turn, states) == (1, 3)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (TurnState.QUEUED, "queued"),
        (TurnState.SENDING, "sending…"),
        (TurnState.WAITING, "waiting · not charged"),
        (TurnState.NOT_SENT, "not sent · not charged"),
        (TurnState.REJECTED, "failed · no charge reported"),
        (TurnState.CHARGED_NO_IMAGE, "withheld"),
        (TurnState.UNKNOWN, "unknown · may be charged"),
    ],
)
def test_every_other_state_is_named_with_what_it_means_for_money(
    make_turn: MakeTurn, state: TurnState, words: str
) -> None:
    assert captions.turn_line(make_turn(1, state=state), {}) == words


def test_what_was_charged_without_a_picture_is_said(make_turn: MakeTurn) -> None:
    turn = make_turn(1, state=TurnState.CHARGED_NO_IMAGE, cost_ticks=2 * 10**8)
    assert captions.turn_line(turn, {}) == "withheld · $0.02"


def test_days_are_as_exact_as_a_list_needs() -> None:
    today = date(2026, 11, 21)

    def at(*moment: int) -> str:
        return captions.day(datetime(*moment).timestamp(), today)  # type: ignore[arg-type]

    assert at(2026, 11, 21, 9, 5) == "today 09:05"
    assert at(2026, 11, 20, 23, 59) == "yesterday"
    assert at(2026, 3, 2).startswith("2 ")
    assert at(2025, 3, 2).endswith(" 2025")


def test_a_session_says_its_pictures_and_cost() -> None:
    session = Session(SessionId(1), "Harbour", 0.0, picture_count=1241, cost_ticks=3 * 10**10)
    assert captions.session_line(session) == "1,241 pictures · $3.00"
    assert captions.session_text(session, date(2026, 1, 1)).startswith(
        "Session Harbour, 1,241 pictures, $3.00, "
    )


def test_an_imported_picture_is_known_by_its_file(make_turn: MakeTurn) -> None:
    turn = replace(make_turn(1, (1,)), prompt="", cost_ticks=None, imported_from="Holiday/day 2/beach.jpg")
    assert captions.turn_line(turn, {}) == "imported"
    assert captions.turn_text(tree.rows([turn])[0], {}) == "Turn 1, import: beach.jpg, 1 picture, saved"
    assert captions.turn_tip(turn) == "Holiday/day 2/beach.jpg"
