"""Limits hold to the tick, by local days and months, whatever the clock does."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from imagine_desktop.domain.budget import Budget
from imagine_desktop.domain.record import SessionId, TurnId, TurnState
from imagine_desktop.errors import Charged, LimitReached
from imagine_desktop.library.ledger import Charge
from imagine_desktop.library.library import Library
from tests.library.conftest import add_turn

SetClock = Callable[[str], None]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[SetClock]:
    """Sets the computer's clock, in Berlin's time, which has summer time."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()

    def put(moment: str) -> None:
        seconds = datetime.fromisoformat(moment).timestamp()
        monkeypatch.setattr(time, "time", lambda: seconds)

    yield put
    monkeypatch.undo()
    time.tzset()


def send(
    library: Library, session: SessionId, turn: str, budget: Budget, ticks: int = 10, *, is_counted: bool = True
) -> bool:
    """Queue and send a turn; whether the budget let it."""
    add_turn(library, session, turn, estimate_ticks=ticks, is_counted=is_counted)
    try:
        library.ledger.start_sending(TurnId(turn), budget)
    except LimitReached:
        return False
    return True


def state(library: Library, turn: str) -> TurnState:
    """A turn's state."""
    found = library.records.turn(TurnId(turn))
    assert found is not None
    return found.state


def test_a_limit_is_reached_to_the_tick(library: Library, session: SessionId) -> None:
    budget = Budget(limit_day_ticks=30)
    assert [send(library, session, f"T{n}", budget) for n in range(4)] == [True, True, True, False]
    assert not send(library, session, "T5", budget, 1)
    assert send(library, session, "T6", Budget(limit_day_ticks=31), 1)
    assert library.records.spending().day_ticks == 31


def test_a_refused_turn_is_left_as_it_was(library: Library, session: SessionId) -> None:
    assert not send(library, session, "T1", Budget(limit_day_ticks=9))
    assert state(library, "T1") is TurnState.QUEUED
    assert library.records.spending().month_ticks == 0


def test_the_refusal_says_limit_spent_price_and_next_step(library: Library, session: SessionId) -> None:
    cents = 10**8
    assert send(library, session, "T1", Budget(), 998 * cents)
    add_turn(library, session, "T2", estimate_ticks=4 * cents)
    with pytest.raises(LimitReached) as day:
        library.ledger.start_sending(TurnId("T2"), Budget(limit_day_ticks=1000 * cents))
    assert day.value.charged is Charged.NO
    assert day.value.sentences == (
        "Nothing was sent or charged: this would cost $0.04, and $9.98 of today's limit of $10.00 is spent or "
        "reserved. Raise the limit in the settings, or go on tomorrow."
    )
    with pytest.raises(LimitReached, match=r"this month's limit of \$10\.01") as month:
        library.ledger.start_sending(TurnId("T2"), Budget(limit_month_ticks=1001 * cents))
    assert "next month" in month.value.hint


def test_a_price_that_nobody_knows_is_refused_under_a_limit_only(library: Library, session: SessionId) -> None:
    add_turn(library, session, "T1", estimate_ticks=0)
    with pytest.raises(LimitReached, match="price of this model is not known"):
        library.ledger.start_sending(TurnId("T1"), Budget(limit_month_ticks=10**12), is_price_known=False)
    library.ledger.start_sending(TurnId("T1"), Budget(warn_day_ticks=1), is_price_known=False)
    assert state(library, "T1") is TurnState.SENDING


def test_the_sandbox_is_neither_counted_nor_held_back(library: Library, session: SessionId) -> None:
    budget = Budget(limit_day_ticks=10)
    assert send(library, session, "T1", budget, 1000, is_counted=False)
    assert send(library, session, "T2", budget)
    assert send(library, session, "T3", budget, 1000, is_counted=False)
    assert library.records.spending().day_ticks == 10


def test_unknown_outcomes_count_in_full_and_waiting_or_refused_ones_not_at_all(
    library: Library, session: SessionId
) -> None:
    budget = Budget(limit_day_ticks=20)
    assert send(library, session, "T1", budget)
    library.ledger.end(TurnId("T1"), TurnState.UNKNOWN, "lost")
    assert send(library, session, "T2", budget)
    assert not send(library, session, "T3", budget)
    library.ledger.wait(TurnId("T2"), "rate limit")
    library.ledger.start_sending(TurnId("T3"), budget)
    with pytest.raises(LimitReached):  # its place was taken while it waited
        library.ledger.start_sending(TurnId("T2"), budget)
    library.ledger.end(TurnId("T3"), TurnState.REJECTED, "no")
    library.ledger.start_sending(TurnId("T2"), budget)
    library.ledger.charge(TurnId("T2"), Charge(("https://a",), 4))
    assert library.records.spending().day_ticks == 14


def test_a_refusal_that_was_billed_counts(library: Library, session: SessionId) -> None:
    assert send(library, session, "T1", Budget())
    library.ledger.end(TurnId("T1"), TurnState.REJECTED, "rate limit", cost_ticks=7)
    assert library.records.spending().day_ticks == 7
    assert library.records.spent_ticks(0) == 7


def test_twenty_threads_at_the_limit_spend_nothing_over_it(library: Library, session: SessionId) -> None:
    budget = Budget(limit_day_ticks=35)
    sent: list[bool] = []
    for n in range(20):
        add_turn(library, session, f"T{n}", estimate_ticks=10)

    def start(turn: TurnId) -> None:
        try:
            library.ledger.start_sending(turn, budget)
            sent.append(True)
        except LimitReached:
            sent.append(False)

    threads = [threading.Thread(target=start, args=(TurnId(f"T{n}"),)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sent.count(True), len(sent)) == (3, 20)


def test_day_and_month_begin_at_local_midnight(library: Library, session: SessionId, clock: SetClock) -> None:
    budget = Budget(limit_day_ticks=10, limit_month_ticks=30)
    for number, (moment, is_let) in enumerate(
        [
            ("2026-03-29T00:00", True),
            ("2026-03-29T23:59:59", False),  # the day of 23 hours
            ("2026-03-30T00:00", True),
            ("2026-03-31T23:59:59", True),
            ("2026-04-01T00:00", True),  # 22:00 of March by Greenwich
            ("2026-04-02T00:00", True),
            ("2026-04-03T00:00", True),
            ("2026-04-04T00:00", False),  # the month's
            ("2026-05-01T00:00", True),
        ]
    ):
        clock(moment)
        assert send(library, session, f"T{number}", budget) is is_let, moment


@pytest.mark.parametrize("back_to", ["2026-06-14T12:00", "2026-05-01T12:00", "2016-06-15T12:00", "1970-01-02"])
def test_a_clock_that_is_set_back_does_not_reset_the_budget(
    library: Library, session: SessionId, clock: SetClock, back_to: str
) -> None:
    budget = Budget(limit_day_ticks=20, limit_month_ticks=1000)
    clock("2026-06-15T12:00")
    assert send(library, session, "T1", budget)
    clock(back_to)
    assert library.records.spending().day_ticks == 10
    assert send(library, session, "T2", budget)  # counted on the fifteenth, as the first
    assert not send(library, session, "T3", budget)
    clock("2026-06-15T13:00")
    assert not send(library, session, "T4", budget)
    clock("2026-06-16T00:00")
    assert send(library, session, "T5", budget)


def test_what_cost_nothing_in_a_wrong_future_does_not_move_the_day(
    library: Library, session: SessionId, clock: SetClock
) -> None:
    budget = Budget(limit_day_ticks=10)
    clock("2036-06-15T12:00")
    assert send(library, session, "T1", budget)
    library.ledger.end(TurnId("T1"), TurnState.NOT_SENT, "no network")
    clock("2026-06-15T12:00")
    assert send(library, session, "T2", budget)
    clock("2026-06-16T12:00")
    assert send(library, session, "T3", budget)


def test_a_turn_counts_on_the_day_on_which_it_is_sent(
    library: Library, session: SessionId, clock: SetClock
) -> None:
    clock("2026-06-15T23:59")
    add_turn(library, session, "T1", estimate_ticks=10)
    clock("2026-06-16T00:01")
    library.ledger.start_sending(TurnId("T1"), Budget(limit_day_ticks=10))
    assert not send(library, session, "T2", Budget(limit_day_ticks=10))
