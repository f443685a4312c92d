"""When a lost answer is looked for, by a clock of the test's own: to the second, and not after a day."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from imagine_desktop.domain.budget import Budget
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.domain.job import Event
from imagine_desktop.domain.record import TurnId, TurnState
from imagine_desktop.domain.request import Request
from imagine_desktop.engine import search
from imagine_desktop.engine.search import GIVEN_UP, Search
from imagine_desktop.engine.workshop import Patience, Workshop
from imagine_desktop.library.library import Library

TURN = TurnId("01LOST")


class Clock:
    """Time that passes only while somebody waits for it."""

    def __init__(self) -> None:
        self.now = time.time()
        self.began = self.now

    def time(self) -> float:
        return self.now

    monotonic = time

    async def pause(self, seconds: float) -> None:
        self.now += seconds
        await asyncio.sleep(0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The search's clock."""
    made = Clock()
    monkeypatch.setattr(search, "time", made)
    monkeypatch.setattr(search, "_pause", made.pause)
    return made


@pytest.fixture
def lost(library: Library) -> TurnId:
    """A turn whose answer was lost and whose copies may be found."""
    session = library.ledger.add_session("Harbour")
    request = Request("a harbour", "grok-imagine-image")
    library.ledger.add_turn(
        TURN,
        session,
        request,
        [],
        delivery=Delivery.URL,
        profile="127.0.0.1",
        is_counted=True,
        estimate_ticks=1,
    )
    library.ledger.start_sending(TURN, is_stored=True)
    library.ledger.end(TURN, TurnState.UNKNOWN, "lost")
    return TURN


def searching(library: Library, catalog: Catalog, looked: Callable[[], None]) -> tuple[Search, list[Event]]:
    """A search that notes when it looks, and never gets through to anybody."""
    heard: list[Event] = []
    workshop = Workshop(library, catalog, Patience(), heard.append, Budget())

    def connection_to(_profile: str) -> None:
        looked()

    return Search(workshop, connection_to, lambda _turn_id: None), heard


async def until(reached: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that other tasks bring about."""
    async with asyncio.timeout(10):
        while not await reached():
            await asyncio.sleep(0.005)


async def test_a_lost_answer_is_looked_for_at_the_set_times_and_given_up_after_a_day(
    library: Library, catalog: Catalog, clock: Clock, lost: TurnId
) -> None:
    times: list[int] = []
    finder, heard = searching(library, catalog, lambda: times.append(round(clock.now - clock.began)))
    finder.watch(lost)
    await finder.watched(lost)
    assert times == [5, 30, 120, 600, 3600]

    async def is_given_up() -> bool:
        turn = library.records.turn(lost)
        return turn is not None and turn.error == GIVEN_UP

    await until(is_given_up)
    turn = library.records.turn(lost)
    assert turn is not None
    assert turn.state is TurnState.UNKNOWN
    assert clock.now - turn.created == pytest.approx(86_401, abs=1)
    assert times == [5, 30, 120, 600, 3600]
    async with asyncio.timeout(10):
        while not heard:  # it is told once it is written down
            await asyncio.sleep(0.005)
    await finder.aclose()
    assert len(heard) == 1


async def test_each_start_looks_once_more_until_a_day_has_passed(
    library: Library, catalog: Catalog, clock: Clock, lost: TurnId
) -> None:
    looks: list[float] = []
    finder, _ = searching(library, catalog, lambda: looks.append(clock.now))
    for after_s in (60, 7200, 86_000):
        clock.now = clock.began + after_s
        assert not await finder.look(lost)
    clock.now = clock.began + 86_402
    for _ in range(2):
        assert await finder.look(lost)
    assert len(looks) == 3
    turn = library.records.turn(lost)
    assert turn is not None
    assert (turn.state, turn.error) == (TurnState.UNKNOWN, GIVEN_UP)
    assert library.records.spent_ticks(0) == 1  # it goes on counting as spent
