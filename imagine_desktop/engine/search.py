"""Looks for answers that were lost: at set times, where they can be found, and never by sending again."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from imagine_desktop.api import copies, wire
from imagine_desktop.api.connection import Connection
from imagine_desktop.domain.job import Told, TurnChanged
from imagine_desktop.domain.record import Turn, TurnId, TurnState
from imagine_desktop.engine import deferred, ending
from imagine_desktop.engine.arrival import Arrival, keep
from imagine_desktop.engine.finishing import is_passing
from imagine_desktop.engine.workshop import Workshop
from imagine_desktop.errors import ApiError, ImagineError, OutcomeUnknown

if TYPE_CHECKING:
    from imagine_desktop.api.client import Client

_log = logging.getLogger(__name__)
_AFTER_S = 1.0
GIVEN_UP = (
    "Not found in a day, it is looked for no more; it may have been charged. "
    "Your account at the API shows what it cost; trying again may cost again."
)


class Search:
    """Finds what became of turns whose outcome is unknown. `connection_to` gives the open one of a profile.

    `go_on` is told the turns that were found and whose pictures are not all here yet.
    """

    def __init__(
        self,
        workshop: Workshop,
        connection_to: Callable[[str], Connection | None],
        go_on: Callable[[TurnId], None],
    ) -> None:
        self._workshop = workshop
        self._connection_to = connection_to
        self._go_on = go_on
        self._looking: set[TurnId] = set()
        self._watches: dict[TurnId, asyncio.Task[None]] = {}
        self._endings: set[asyncio.Task[None]] = set()

    def watch(self, turn_id: TurnId) -> None:
        """Look for a turn's answer at the times that patience sets, until it is found."""
        if turn_id in self._watches:
            return
        task = asyncio.get_running_loop().create_task(self._watch(turn_id), name=f"look for {turn_id}")
        self._watches[turn_id] = task
        task.add_done_callback(lambda _: self._watches.pop(turn_id))

    async def watched(self, turn_id: TurnId) -> None:
        """Wait until a turn is not looked for any more in this run."""
        if (task := self._watches.get(turn_id)) is not None:
            await asyncio.wait([task])

    async def aclose(self) -> None:
        """Stop looking; the next start goes on."""
        tasks = [*self._watches.values(), *self._endings]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def look(self, turn_id: TurnId) -> bool:
        """Look once; whether there is nothing more to look for."""
        turn = await self._workshop.work(self._workshop.library.records.turn, turn_id)
        if turn is None or turn.state is not TurnState.UNKNOWN or not turn.can_be_found:
            return True
        if time.time() - turn.created > self._workshop.patience.look_for_s:
            await self._give_up(turn)
            return True
        connection = self._connection_to(turn.profile)
        if connection is None or turn_id in self._looking:
            return False
        self._looking.add(turn_id)
        try:
            return await self._find(turn, connection)
        except ImagineError as error:
            _log.info("the answer of turn %s was not found yet: %s", turn_id, error.message)
            return False
        finally:
            self._looking.discard(turn_id)

    async def _watch(self, turn_id: TurnId) -> None:
        began_s = time.monotonic()
        for after_s in self._workshop.patience.look_after_s:
            turn = await self._workshop.work(self._workshop.library.records.turn, turn_id)
            if turn is None or turn.state is not TurnState.UNKNOWN or not turn.can_be_found:
                return
            await _pause(max(0.0, began_s + after_s - time.monotonic()))
            if await self.look(turn_id):
                return
        give_up = asyncio.get_running_loop().create_task(self._at_last(turn_id), name=f"give up {turn_id}")
        self._endings.add(give_up)
        give_up.add_done_callback(self._endings.discard)

    async def _at_last(self, turn_id: TurnId) -> None:
        """Nobody looks any more in this run: say so once the time is up, should it run for so long."""
        turn = await self._workshop.work(self._workshop.library.records.turn, turn_id)
        if turn is not None:
            await _pause(max(0.0, turn.created + self._workshop.patience.look_for_s - time.time()) + _AFTER_S)
            await self.look(turn_id)

    async def _find(self, turn: Turn, connection: Connection) -> bool:
        client = await connection.client()
        arrival = Arrival(self._workshop, turn.id, connection.fetcher(), connection)
        answer = None
        try:
            answer = await self._deferred_answer(client, turn, arrival)
        except OutcomeUnknown as error:  # the copies may be there all the same
            _log.info("turn %s: %s", turn.id, error.message)
        except ApiError as error:  # found, and it says that there are no pictures
            await self._end(turn, error)
            return True
        if answer is None and not await self._has_copies(client, turn, arrival):
            return False
        errors = await arrival.collect(answer)
        await arrival.drop_copies()
        if any(is_passing(error) for error in errors):
            self._go_on(turn.id)
            return True
        self._workshop.publish(Told("The pictures of a lost answer were found; nothing was sent again."))
        return True

    async def _deferred_answer(self, client: "Client", turn: Turn, arrival: Arrival) -> wire.Answer | None:
        """The answer to a deferred request, kept and entered; None where there is none. Raises ApiError."""
        answer = await deferred.ask(client, turn.provider_id) if turn.provider_id is not None else None
        if answer is not None:
            await keep(self._workshop, turn.id, answer)
            await arrival.accept(answer)
        return answer

    async def _has_copies(self, client: "Client", turn: Turn, arrival: Arrival) -> bool:
        """Whether the copies of the turn's pictures are there; then they are entered."""
        found = await copies.find(client, turn.id) if turn.is_stored else ()
        is_late = time.time() - turn.created > self._workshop.patience.proof_s
        if not found or (len(found) < turn.count and not is_late):
            return False  # absence is no proof yet: the API may still be at it
        await arrival.accept_copies([file.id for file in found])
        return True

    async def _end(self, turn: Turn, error: ApiError) -> None:
        workshop = self._workshop
        await workshop.store(ending.record, workshop.library, turn.id, error, may_be_paid=True)
        workshop.publish(TurnChanged(turn.id, turn.session_id))

    async def _give_up(self, turn: Turn) -> None:
        if turn.error != GIVEN_UP:
            await self._workshop.store(self._workshop.library.ledger.explain_turn, turn.id, GIVEN_UP)
            self._workshop.publish(TurnChanged(turn.id, turn.session_id))


async def _pause(seconds: float) -> None:
    await asyncio.sleep(seconds)
