"""What all jobs share: library, catalogue, threads for work that blocks, and who hears what happened."""

import asyncio
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import ParamSpec, TypeVar

from imagine_desktop.domain.budget import Budget, Spending
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.job import Event
from imagine_desktop.library.library import Library

_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to go on trying, in seconds.

    `answer_s` bounds one answer, further tries of a request that was not sent included; `download_s` bounds
    one picture's download; `expired_pause_s` is the pause before an address that answered 404 is asked again.
    A deferred request is asked about after `poll_s`, then ever more slowly. A lost answer is looked for
    `look_after_s` after its loss, and at each start until it is `look_for_s` old; before `proof_s` what is
    not there yet may still come. Recovery's pass ends after `pass_s`, and what it fetches goes on behind it.
    What is paid for and has no room on the disk looks for room every `room_s`. A job whose key is refused
    waits `key_s` for another, which only a window can bring.
    """

    answer_s: float = 300.0
    download_s: float = 86_400.0
    expired_pause_s: float = 10.0
    poll_s: float = 1.0
    look_after_s: tuple[float, ...] = (5.0, 30.0, 120.0, 600.0, 3600.0)
    look_for_s: float = 86_400.0
    proof_s: float = 600.0
    pass_s: float = 60.0
    room_s: float = 5.0
    key_s: float = 0.0


class Gate:
    """Holds every job back while the API's rate limit lasts."""

    def __init__(self) -> None:
        self._opens_s = 0.0

    def close_for(self, pause_s: float) -> None:
        """Let no request out for that long."""
        self._opens_s = max(self._opens_s, time.monotonic() + pause_s)

    @property
    def remaining_s(self) -> float:
        """How long it stays closed."""
        return max(0.0, self._opens_s - time.monotonic())


class Purse:
    """The budget in force, and whether its warning was told today."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self._day: tuple[int, ...] = ()
        self._is_told = False

    def passes_warning(self, before: Spending, price_ticks: int) -> bool:
        """Whether an expense makes the day's spending pass the warning for the first time.

        What was past it when this day was first looked at has been told by an earlier run.
        """
        day = time.localtime(before.at)[:3]
        if day != self._day:
            self._day, self._is_told = day, self.budget.is_warned_at(before.day_ticks)
        is_news = not self._is_told and self.budget.is_warned_at(before.day_ticks + price_ticks)
        self._is_told = self._is_told or is_news
        return is_news


class Workshop:
    """Threads: one for the library's writes, so that they keep their order, and two for pictures."""

    def __init__(
        self,
        library: Library,
        catalog: Catalog,
        patience: Patience,
        publish: Callable[[Event], None],
        budget: Budget,
    ) -> None:
        self.library = library
        self.catalog = catalog
        self.patience = patience
        self.publish = publish
        self.gate = Gate()
        self.purse = Purse(budget)
        self.sends_originals = False  # of the person's files, instead of their pixels alone
        self._store_pool = ThreadPoolExecutor(1, thread_name_prefix="library")
        self._work_pool = ThreadPoolExecutor(2, thread_name_prefix="work")

    async def store(self, write: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run a write of the library in its thread.

        A write that has begun is never abandoned: cancelled meanwhile, this waits for its end.
        """
        return await self._finish(self._store_pool, partial(write, *args, **kwargs))

    async def work(self, do: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Run something that computes or blocks in a thread."""
        return await self._finish(self._work_pool, partial(do, *args, **kwargs))

    def close(self) -> None:
        """Wait for what runs in the threads and end them."""
        self._work_pool.shutdown()
        self._store_pool.shutdown()

    async def _finish(self, pool: ThreadPoolExecutor, call: Callable[[], _T]) -> _T:
        future = asyncio.get_running_loop().run_in_executor(pool, call)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            if not future.done():
                await asyncio.wait([future])
            raise


async def stop(tasks: "Iterable[asyncio.Task[_T]]") -> None:
    """Cancel those of the tasks that have not ended, and wait for their end."""
    left = [task for task in tasks if not task.done()]
    for task in left:
        task.cancel()
    if left:
        await asyncio.wait(left)
