"""One job's life: sources frozen, intent committed, request sent once, answer kept, pictures on disk."""

import asyncio
import itertools
import logging
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from imagine_desktop.api import wire
from imagine_desktop.api.connection import Connection
from imagine_desktop.domain import money
from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.domain.job import (
    Job,
    JobChanged,
    JobState,
    PicturesAdded,
    Told,
    TurnChanged,
    WarningPassed,
)
from imagine_desktop.domain.record import PictureId, PictureState, TurnId
from imagine_desktop.engine import deferred, ending, sources
from imagine_desktop.engine.arrival import Arrival, keep
from imagine_desktop.engine.finishing import is_passing
from imagine_desktop.engine.keys import Keys
from imagine_desktop.engine.queue import JobQueue
from imagine_desktop.engine.workshop import Workshop
from imagine_desktop.errors import (
    BadKey,
    ImagineError,
    LibraryError,
    NotSent,
    OutcomeUnknown,
    TooManyRequests,
    Withheld,
)

_log = logging.getLogger(__name__)
_NOT_SENT_TRIES = 5
_RATE_LIMIT_TRIES = 8
_TELL_EVERY_S = 0.25  # how often a growing number is looked at; with ten jobs more would keep the window busy
LOOKED_FOR = "It is looked for; trying again may cost again."
CANCELLED = "Cancelled."


class Attempt:
    """Runs one job. `job` is its newest snapshot; each change is published.

    `is_to_go_on` says that it ended with pictures that are paid for and may still come; `held` is its answer
    where that could not be made durable.
    """

    def __init__(
        self,
        job: Job,
        workshop: Workshop,
        connection: Connection,
        queue: JobQueue,
        keys: Keys,
        *,
        delivery: Delivery,
        in_front: bool = False,
        retry_of: TurnId | None = None,
    ) -> None:
        self.job = job
        self.may_be_paid = False
        self.is_to_go_on = False
        self.held: wire.Answer | None = None
        self._has_answer = False
        self._workshop = workshop
        self._connection = connection
        self._queue = queue
        self._keys = keys
        self._delivery = delivery
        self._in_front = in_front
        self._retry_of = retry_of
        self._is_recorded = False
        self._is_charged = False
        self._can_be_found = False  # its answer, should it be lost
        self._received: dict[PictureId, int] = {}
        self._told_s = 0.0  # when subscribers last heard how much of the pictures is here

    async def run(self) -> None:
        """Take the job to its end; every expected failure becomes its state."""
        try:
            await self._run()
        except asyncio.CancelledError:
            # The library's thread may be busy: this one durable write is worth the moment it takes.
            closed = OutcomeUnknown("The program was closed before the answer came.")
            self._record_end(closed if self.may_be_paid else NotSent(CANCELLED))
            self.is_to_go_on = self.held is not None
            self._change(JobState.UNKNOWN if self.may_be_paid else JobState.CANCELLED, ended_s=time.monotonic())
            raise
        except ImagineError as error:
            await self._give_up(error)
        except Exception:
            failed = "The program failed in the middle of this job.", "See the log before you try again."
            await self._give_up(OutcomeUnknown(*failed) if self.may_be_paid else NotSent(*failed))
            raise

    def let_go(self) -> None:
        """Stop a job that may be paid: its answer is still awaited and kept; it is not sent again."""
        self._change(is_cancelling=True)

    async def _run(self) -> None:
        workshop, job = self._workshop, self.job
        library, limits = workshop.library, workshop.catalog.limits
        frozen = await workshop.work(
            sources.freeze, job.request.sources, library, limits, sends_originals=workshop.sends_originals
        )
        await workshop.store(self._record, tuple(source.frozen for source in frozen))
        workshop.publish(PicturesAdded(job.session_id, job.id, self.job.picture_ids))
        answer = await self._sent(frozen, in_front=self._in_front)
        while await self._gets_another_key(answer):
            answer = await self._sent(frozen, in_front=True)
        self._change(JobState.DOWNLOADING)
        self.held, self._has_answer = answer, True
        await keep(workshop, job.id, answer)
        self.held = None
        arrival = Arrival(workshop, job.id, self._connection.fetcher(), self._connection, self._on_received)
        ids = await arrival.accept(answer)
        self._is_charged = True
        self._change(picture_ids=ids)
        errors = await arrival.collect(answer)
        self.is_to_go_on = any(is_passing(error) for error in errors)
        await self._finish(errors[0] if errors else None)
        await arrival.drop_copies()

    async def _sent(self, frozen: Sequence[sources.FrozenSource], *, in_front: bool) -> wire.Answer:
        """The answer to the request, which is sent when a place at the API is free."""
        self._change(JobState.QUEUED)
        await self._queue.enter(in_front=in_front)
        try:
            self._change(JobState.PREPARING, started_s=time.monotonic())
            addresses = await self._workshop.work(self._addresses, frozen)
            return await self._answer(addresses)
        finally:
            self._queue.leave()

    async def _gets_another_key(self, answer: wire.Answer) -> bool:
        """Where an answer refuses the key, and charges nothing: wait for another, at no place at the API."""
        refusal = wire.error(answer) if answer.status in (400, 401) else None
        patience_s = self._workshop.patience.key_s
        if not isinstance(refusal, BadKey) or refusal.cost_ticks or not patience_s:
            return False
        self.may_be_paid = False
        self._end_if_let_go()
        await self._workshop.store(self._workshop.library.ledger.wait, self.job.id, refusal.message)
        self._change(JobState.QUEUED, error=refusal)
        connection = await self._keys.after(self._connection, patience_s)
        if connection is None:
            raise refusal
        self._connection = connection
        return True

    def _addresses(self, frozen: Sequence[sources.FrozenSource]) -> list[str]:
        """The sources as they are sent, where there is space for what comes. Blocks; raises DiskFull."""
        self._workshop.library.require_space()
        return sources.addresses(frozen, self._workshop.library)

    def _record(self, frozen: tuple[str | None, ...]) -> None:
        job, workshop, profile = self.job, self._workshop, self._connection.profile
        ids = workshop.library.ledger.add_turn(
            job.id,
            job.session_id,
            job.request,
            frozen,
            delivery=self._delivery,
            profile=profile.name,
            is_counted=not profile.is_sandbox,
            estimate_ticks=job.request.estimate_ticks(workshop.catalog) or 0,
            retry_of=self._retry_of,
        )
        self._is_recorded = True
        self.job = replace(job, picture_ids=ids)

    async def _answer(self, addresses: list[str]) -> wire.Answer:
        """The answer to the request; where the API defers it, its id is durable before it is asked after."""
        workshop = self._workshop
        give_up_s = time.monotonic() + workshop.patience.answer_s
        answer = await self._send(addresses, give_up_s)
        provider_id = wire.deferred_id(answer)
        if not provider_id:
            return answer
        try:
            await workshop.store(workshop.library.ledger.defer, self.job.id, provider_id)
        except LibraryError as error:  # a full disk: this process knows the id all the same
            _log.warning("the id of deferred job %s is not durable: %s", self.job.id, error.message)
        self._can_be_found = True
        client = await self._connection.client()
        return await deferred.wait(client, provider_id, workshop.patience, give_up_s)

    async def _send(self, addresses: list[str], give_up_s: float) -> wire.Answer:
        """Send the request; again only where it provably did not arrive, or was refused for certain."""
        workshop, job = self._workshop, self.job
        client = await self._connection.client()
        for tries in itertools.count(1):
            await self._wait_at_gate()
            traces = self._connection.traces(self._delivery, job.id)
            path, body = await workshop.work(
                wire.encode, job.request, addresses, self._delivery, workshop.catalog, traces
            )
            await self._start_sending(is_stored=bool(traces.copy_name))
            error: NotSent | TooManyRequests
            try:
                answer = await client.post(path, body, job.id, max(give_up_s - time.monotonic(), 1))
                refused = wire.refused(answer, traces)
                if refused != wire.NO_TRACES:
                    await self._go_on_without(refused)
                    self._end_if_let_go()
                    continue
                refusal = wire.error(answer) if answer.status == 429 else None
                if not isinstance(refusal, TooManyRequests):
                    return answer
                error = refusal
                # Billed, it is no refusal: once more would pay twice for one click.
                may_retry = tries < _RATE_LIMIT_TRIES and not refusal.cost_ticks
            except NotSent as not_sent:
                error = not_sent
                may_retry = tries < _NOT_SENT_TRIES and not_sent.may_retry
            self.may_be_paid = False
            pause_s = error.retry_after_s or random.uniform(0, min(2**tries, 30))  # noqa: S311 - jitter
            if not may_retry or time.monotonic() + pause_s > give_up_s:
                raise error
            self._end_if_let_go()
            if isinstance(error, TooManyRequests):
                workshop.gate.close_for(pause_s)
            await workshop.store(workshop.library.ledger.wait, job.id, error.message)
            self._change(JobState.WAITING, retry_in_s=pause_s, error=error)
            await asyncio.sleep(pause_s)
        raise AssertionError("the loop ends by return or raise")

    async def _start_sending(self, *, is_stored: bool) -> None:
        """Write the intent down and reserve its price. Raises LimitReached where that exceeds the budget."""
        workshop, purse = self._workshop, self._workshop.purse
        price = self.job.request.estimate_ticks(workshop.catalog)
        start = partial(
            workshop.library.ledger.start_sending, is_price_known=price is not None, is_stored=is_stored
        )
        before = await workshop.store(start, self.job.id, purse.budget)
        self.may_be_paid = True
        self._can_be_found = is_stored
        self._change(JobState.SENDING, retry_in_s=None, error=None)
        if not self._connection.profile.is_sandbox and purse.passes_warning(before, price or 0):
            day_ticks = before.day_ticks + (price or 0)
            workshop.publish(WarningPassed(day_ticks, purse.budget.warn_day_ticks))

    def _end_if_let_go(self) -> None:
        """For a request that was refused, or did not arrive: what the person stopped is not sent again."""
        if self.job.is_cancelling:
            raise asyncio.CancelledError

    async def _go_on_without(self, refused: wire.Traces) -> None:
        """The server refuses a way to find lost answers, and charged nothing: it is asked for no more."""
        self.may_be_paid = False
        self._connection.give_up(refused)
        names = {"deferred requests": refused.is_deferred, "copies in Files": bool(refused.copy_name)}
        what = " and ".join(name for name, is_refused in names.items() if is_refused)
        note = f"The API refuses {what}; requests go without for as long as this program runs."
        await self._workshop.store(self._workshop.library.ledger.wait, self.job.id, note)
        self._workshop.publish(Told(note))

    async def _wait_at_gate(self) -> None:
        while (pause_s := self._workshop.gate.remaining_s) > 0:
            self._change(JobState.WAITING, retry_in_s=pause_s)
            await asyncio.sleep(pause_s)

    async def _finish(self, error: ImagineError | None) -> None:
        pictures = await self._workshop.work(self._workshop.library.records.pictures, self.job.picture_ids)
        saved = sum(picture.state is PictureState.SAVED for picture in pictures)
        if error is None and any(picture.state is PictureState.WITHHELD for picture in pictures):
            turn = await self._workshop.work(self._workshop.library.records.turn, self.job.id)
            cost_ticks = turn.cost_ticks if turn is not None else None
            withheld = (
                "The API's moderation withheld a picture." if saved else "The API's moderation withheld it."
            )
            error = Withheld(
                withheld,
                "The others are kept." if saved else "",
                cost_ticks=cost_ticks,
                cost=money.usd(cost_ticks or 0),
            )
        state = JobState.DONE if saved else JobState.FAILED
        self._change(state, saved_count=saved, error=error, ended_s=time.monotonic())

    async def _give_up(self, error: ImagineError) -> None:
        if self.held is not None or (self._has_answer and is_passing(error)):
            self.is_to_go_on = True
            error.hint = (
                f"{error.hint} What was paid for goes on by itself then."
                if error.hint
                else "It is paid for and is tried again."
            )
            self._end_failed(error)
            return
        if isinstance(error, OutcomeUnknown) and self.may_be_paid and self._can_be_found:
            error.hint = LOOKED_FOR
        await self._workshop.store(self._record_end, error)
        self._end_failed(error)

    def _record_end(self, error: ImagineError) -> None:
        """Write down how the job ended without pictures, if that is possible; blocks for one commit."""
        if not self._is_recorded or self._is_charged:
            return
        try:
            ending.record(self._workshop.library, self.job.id, error, may_be_paid=self.may_be_paid)
        except LibraryError:  # recovery finds the turn as it was left
            _log.exception("the end of job %s could not be written down", self.job.id)

    def _end_failed(self, error: ImagineError) -> None:
        state = JobState.UNKNOWN if isinstance(error, OutcomeUnknown) and self.may_be_paid else JobState.FAILED
        self._change(state, error=error, ended_s=time.monotonic())
        if self._is_recorded:
            self._workshop.publish(TurnChanged(self.job.id, self.job.session_id))

    def _on_received(self, picture_id: PictureId, count: int) -> None:
        self._received[picture_id] = count
        now_s = time.monotonic()
        if now_s - self._told_s >= _TELL_EVERY_S:
            self._told_s = now_s
            self._change(received_bytes=sum(self._received.values()))

    def _change(self, state: JobState | None = None, **changes: object) -> None:
        self.job = replace(self.job, state=state or self.job.state, **changes)  # type: ignore[arg-type]  # a Job's
        self._workshop.publish(JobChanged(self.job))
