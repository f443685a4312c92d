"""The engine: takes requests, runs several jobs at once, tells what happens. Its verbs are synchronous."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TypeVar

from imagine_desktop.api.connection import Connection
from imagine_desktop.api.wire import Answer
from imagine_desktop.domain.budget import Budget
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.domain.job import CatalogChanged, Event, Job, JobState, KeyChecked, PricesRefused
from imagine_desktop.domain.record import SessionId, TurnId, TurnState
from imagine_desktop.domain.request import Request
from imagine_desktop.engine import recovery, sources, ulid
from imagine_desktop.engine.attempt import Attempt
from imagine_desktop.engine.importer import Importer
from imagine_desktop.engine.keys import Keys
from imagine_desktop.engine.models import Known, PriceLists
from imagine_desktop.engine.queue import JobQueue
from imagine_desktop.engine.recovery import Recovered
from imagine_desktop.engine.resuming import Resumer
from imagine_desktop.engine.search import Search
from imagine_desktop.engine.workshop import Patience, Purse, Workshop, stop
from imagine_desktop.errors import BadInput, ImagineError
from imagine_desktop.library.library import Library
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import Profile

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class Engine:
    """Runs jobs on the running event loop; what comes of them is told to subscribers, in that loop's thread."""

    def __init__(
        self,
        library: Library,
        catalog: Catalog,
        connection: Connection,
        *,
        jobs_at_once: int = 4,
        patience: Patience | None = None,
        budget: Budget | None = None,
        price_lists: PriceLists | None = None,
    ) -> None:
        self._subscribers: list[Callable[[Event], None]] = []
        self._workshop = Workshop(library, catalog, patience or Patience(), self._publish, budget or Budget())
        self._connection = connection
        self._price_lists = price_lists
        self._old_connections: list[Connection] = []
        self._queue = JobQueue(jobs_at_once)
        self._keys = Keys(self._publish)
        self._attempts: dict[TurnId, Attempt] = {}
        self._tasks: dict[TurnId, asyncio.Task[None]] = {}
        self._submitted: set[TurnId] = set()
        self._beside: set[asyncio.Task[object]] = set()
        self._resumer = Resumer(self._workshop, self._connection_to)
        self._search = Search(self._workshop, self._connection_to, self._go_on_later)
        self._importer = Importer(self._workshop)
        self._newest_id = TurnId("")  # of the turns submitted
        self._recovering = asyncio.Lock()
        self._is_closing = False

    def subscribe(self, hear: Callable[[Event], None]) -> Callable[[], None]:
        """Tell `hear` every event from now on; the returned function ends that."""
        self._subscribers.append(hear)
        return lambda: self._subscribers.remove(hear)

    def submit(
        self,
        request: Request,
        session_id: SessionId,
        *,
        delivery: Delivery = Delivery.URL,
        in_front: bool = False,
        retry_of: TurnId | None = None,
    ) -> Job:
        """Start a job. Raises BadInput for a request that cannot be sent; nothing is sent then."""
        for problem in request.validate(self._workshop.catalog):
            if problem.blocks:
                raise BadInput(problem.field, problem.message)
        if self._is_closing:
            raise BadInput("Generate", "the program is closing")
        self._newest_id = TurnId(ulid.new(after=self._newest_id))
        job = Job(self._newest_id, session_id, request.as_sent(), JobState.PREPARING, time.monotonic())
        attempt = Attempt(
            job,
            self._workshop,
            self._connection,
            self._queue,
            self._keys,
            delivery=delivery,
            in_front=in_front,
            retry_of=retry_of,
        )
        self._attempts[job.id] = attempt
        self._submitted.add(job.id)
        task = asyncio.get_running_loop().create_task(attempt.run(), name=f"job {job.id}")
        self._tasks[job.id] = task
        task.add_done_callback(lambda ended: self._on_ended(job.id, ended))
        if self._price_lists is not None:
            self._start(self._renew_prices(self._price_lists, at_once=False), "renew prices")
        return job

    def try_again(self, turn_id: TurnId) -> Job:
        """Send what a turn asked for once more, as a new turn, which may cost again: at a person's word.

        Raises BadInput where there is no such turn, or it is still under way.
        """
        turn = self._workshop.library.records.turn(turn_id)
        if turn is None or turn.is_import or turn_id in self._tasks:
            raise BadInput("Try again", "this turn is not one that has ended")
        request = sources.request_of(turn, self._workshop.library)
        return self.submit(request, turn.session_id, delivery=Delivery(turn.delivery), retry_of=turn_id)

    def cancel(self, job_id: TurnId) -> None:
        """Stop a job. What may be paid is only let go: its answer is kept, and it is not sent again."""
        attempt, task = self._attempts.get(job_id), self._tasks.get(job_id)
        if attempt is None or task is None:
            return
        if attempt.may_be_paid:
            attempt.let_go()
        else:
            task.cancel()

    def import_pictures(self, paths: Sequence[Path], session_name: str = "") -> None:
        """Copy a person's own pictures into the library, see `importing`; ImportChanged tells how far it is.

        Raises BadInput while another import is under way.
        """
        self._importer.start(paths, session_name)

    def cancel_import(self) -> None:
        """Stop the import under way; what was added stays."""
        self._importer.cancel()

    def jobs(self) -> tuple[Job, ...]:
        """The jobs under way, in the order in which they were submitted."""
        return tuple(attempt.job for attempt in self._attempts.values())

    def use(self, connection: Connection) -> None:
        """Send later jobs to another profile; those under way keep theirs, unless their key is refused.

        What was left unfinished there can now be looked for.
        """
        self._old_connections.append(self._connection)
        self._connection = connection
        self._keys.bring(connection)
        self._start(self._recover_for_profile(), "recover for profile")
        self.load_prices()

    def check_key(self, profile: Profile, key: Secret) -> None:
        """Ask a profile's API about a key; KeyChecked tells what it said."""
        self._start(self._check_key(Connection(profile, key)), "check key")

    def load_prices(self) -> None:
        """Use the models and prices that the profile's API listed last; CatalogChanged tells them."""
        if self._price_lists is not None:
            self._start(self._load_prices(self._price_lists), "load prices")

    def renew_prices(self) -> None:
        """Ask the profile's API for its models and prices now; CatalogChanged or PricesRefused tells."""
        if self._price_lists is not None:
            self._start(self._renew_prices(self._price_lists, at_once=True), "renew prices")

    def set_jobs_at_once(self, count: int) -> None:
        """Change how many requests are at the API at once."""
        self._queue.set_places(count)

    def set_budget(self, budget: Budget) -> None:
        """Change the limits; every request that is not yet at the API is held to the new ones."""
        self._workshop.purse = Purse(budget)

    def set_sends_originals(self, sends_originals: bool) -> None:
        """Send files as they are from now on, or their pixels alone."""
        self._workshop.sends_originals = sends_originals

    async def finished(self, job_id: TurnId) -> Job:
        """Wait for a job's end; returns its last snapshot. Cancelled, the job goes on."""
        attempt, task = self._attempts[job_id], self._tasks[job_id]
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
        return attempt.job

    async def recover(self) -> Recovered:
        """Finish what an earlier run left unfinished; see `recovery`. This run's own jobs are left alone.

        Closing the engine cancels it.
        """
        return await self._start(self._recover(), "recover")

    async def looked_for(self, turn_id: TurnId) -> None:
        """Wait until a turn whose outcome is unknown was found, or is not looked for any more in this run."""
        await self._search.watched(turn_id)

    async def aclose(self, deadline_s: float = 60.0) -> None:
        """End: drop what is not sent, await what may be paid up to the deadline; recovery has the rest."""
        self._is_closing = True
        self._importer.cancel()
        for job_id in list(self._tasks):
            self.cancel(job_id)
        if self._tasks:
            _, late = await asyncio.wait(list(self._tasks.values()), timeout=deadline_s)
            await stop(late)
        await stop(self._beside)
        await self._search.aclose()
        await self._importer.aclose()
        await self._resumer.aclose()
        for connection in (self._connection, *self._old_connections):
            await connection.aclose()
        self._workshop.close()

    async def _check_key(self, connection: Connection) -> None:
        try:
            client = await connection.client()
            about = await client.check_key()
        except ImagineError as error:
            self._publish(KeyChecked(error))
        else:
            self._publish(KeyChecked(None, about))
        finally:
            await connection.aclose()

    async def _load_prices(self, lists: PriceLists) -> None:
        name = self._connection.profile.name
        self._use_prices(name, await self._workshop.work(lists.known, name))

    async def _renew_prices(self, lists: PriceLists, *, at_once: bool) -> None:
        """Ask where that is due, or at once. Fails silently where nobody asked for it: the old list stays."""
        connection, work = self._connection, self._workshop.work
        name = connection.profile.name
        try:
            if not at_once and not await work(lists.is_due, name):
                return
            lists.note_asked(name)
            client = await connection.client()
            known = await work(lists.keep, name, await client.models())
        except ImagineError as error:
            _log.info("models and prices stay as they are: %s", error.message)
            if at_once:
                self._publish(PricesRefused(error))
            return
        self._use_prices(name, known)

    def _use_prices(self, profile_name: str, known: Known) -> None:
        if profile_name == self._connection.profile.name:  # another may have been chosen meanwhile
            self._workshop.catalog = known.catalog
            self._publish(CatalogChanged(known.catalog, known.fetched_at))

    def _start(self, work: Coroutine[object, object, _T], name: str) -> "asyncio.Task[_T]":
        """Run something beside the jobs; what is unfinished when the program ends is dropped."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
        return task

    async def _recover(self) -> Recovered:
        async with self._recovering:
            return await recovery.recover(self._workshop, self._submitted, self._search, self._resumer)

    async def _recover_for_profile(self) -> None:
        """Look at what earlier runs left, and at this run's own jobs that lost their answer."""
        records = self._workshop.library.records
        try:
            await self.recover()
            for turn in await self._workshop.work(records.unfinished_turns):
                if turn.id in self._submitted and turn.state is TurnState.UNKNOWN:
                    await self._search.look(turn.id)
        except ImagineError as error:
            _log.warning("what an earlier run left was not looked at: %s", error.message)

    def _connection_to(self, profile_name: str) -> Connection | None:
        """The connection to a profile; a sandbox of an earlier run is gone, and none is started to look."""
        for connection in (self._connection, *reversed(self._old_connections)):
            profile = connection.profile
            if profile.name == profile_name and (connection.is_open or not profile.is_sandbox):
                return connection
        return None

    def _publish(self, event: Event) -> None:
        for hear in tuple(self._subscribers):
            hear(event)

    def _go_on_later(self, turn_id: TurnId, held: Answer | None = None) -> None:
        self._resumer.go_on_later(turn_id, held)

    def _on_ended(self, job_id: TurnId, task: asyncio.Task[None]) -> None:
        attempt = self._attempts.pop(job_id)
        del self._tasks[job_id]
        if attempt.is_to_go_on:
            self._go_on_later(job_id, attempt.held)
        elif attempt.job.state is JobState.UNKNOWN and not self._is_closing:
            self._search.watch(job_id)
        if not task.cancelled() and (error := task.exception()) is not None:
            asyncio.get_running_loop().call_exception_handler(
                {"message": "a job failed unexpectedly", "exception": error, "task": task}
            )
