"""Goes on with paid turns until their pictures are here: past a full disk, a folder that went, a dead network.

A task for each turn, for as long as the program runs and at most as long as a download may take; what is left
then is for the next start. Nothing is sent again.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable

from imagine_desktop.api.connection import Connection
from imagine_desktop.api.wire import Answer
from imagine_desktop.domain.job import Told
from imagine_desktop.domain.record import TurnId
from imagine_desktop.engine.arrival import keep
from imagine_desktop.engine.finishing import finish, is_passing
from imagine_desktop.engine.workshop import Workshop, stop
from imagine_desktop.errors import ImagineError, LibraryError

_log = logging.getLogger(__name__)
_LONGEST_PAUSE_S = 30


class Resumer:
    """Runs the tasks. `connection_to` gives the open connection of a profile."""

    def __init__(self, workshop: Workshop, connection_to: Callable[[str], Connection | None]) -> None:
        self._workshop = workshop
        self._connection_to = connection_to
        self._tasks: dict[TurnId, asyncio.Task[None]] = {}

    def go_on(self, turn_id: TurnId) -> "asyncio.Task[None]":
        """Take a turn on now, and again as long as what keeps its pictures away may pass."""
        return self._tasks.get(turn_id) or self._start(turn_id, None, after_s=0)

    def go_on_later(self, turn_id: TurnId, held: Answer | None) -> None:
        """Take a turn of this run on after a pause; `held` is its answer where that could not be kept."""
        if turn_id not in self._tasks:
            self._start(turn_id, held, after_s=1)

    async def aclose(self) -> None:
        """Stop; the next start goes on."""
        await stop(self._tasks.values())

    def _start(self, turn_id: TurnId, held: Answer | None, after_s: float) -> "asyncio.Task[None]":
        task = asyncio.get_running_loop().create_task(
            self._run(turn_id, held, after_s), name=f"go on with {turn_id}"
        )
        self._tasks[turn_id] = task
        task.add_done_callback(lambda _: self._tasks.pop(turn_id))
        return task

    async def _run(self, turn_id: TurnId, held: Answer | None, after_s: float) -> None:
        patience = self._workshop.patience
        give_up_s = time.monotonic() + patience.download_s
        has_waited = after_s > 0
        while True:
            try:
                await self._wait(after_s)
                if held is not None:
                    await keep(self._workshop, turn_id, held)
                    held = None
                errors = await self._finish(turn_id)
            except asyncio.CancelledError:
                if held is not None:  # the last chance to make a paid answer durable
                    await self._keep_at_last(turn_id, held)
                raise
            except ImagineError as error:
                errors = [error]
            for reason in errors:
                _log.warning("turn %s is not finished yet: %s", turn_id, reason.message)
            if held is None and not any(is_passing(reason) for reason in errors):
                if has_waited and not errors:
                    self._workshop.publish(Told("The pictures that had to wait are saved."))
                return
            after_s, has_waited = min(max(2 * after_s, 1), _LONGEST_PAUSE_S), True
            if time.monotonic() + after_s > give_up_s:
                return

    async def _wait(self, after_s: float) -> None:
        """A pause, and then until the library is there and has room."""
        await asyncio.sleep(random.uniform(0.5, 1) * after_s)  # noqa: S311 - jitter
        has_room = self._workshop.library.has_room
        while after_s and not await self._workshop.work(has_room):  # noqa: ASYNC110 - disks announce nothing
            await asyncio.sleep(self._workshop.patience.room_s)

    async def _finish(self, turn_id: TurnId) -> list[ImagineError]:
        turn = await self._workshop.work(self._workshop.library.records.turn, turn_id)
        return [] if turn is None else await finish(self._workshop, turn, self._connection_to(turn.profile))

    async def _keep_at_last(self, turn_id: TurnId, answer: Answer) -> None:
        try:
            await keep(self._workshop, turn_id, answer)
        except LibraryError:
            _log.exception("the answer of turn %s could not be kept", turn_id)
