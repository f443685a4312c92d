"""What a process that died left unfinished is taken to its end, without ever sending a paid request again."""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass

from imagine_desktop.api import wire
from imagine_desktop.api.connection import Connection
from imagine_desktop.domain.job import TurnChanged
from imagine_desktop.domain.record import PictureState, Turn, TurnId, TurnState
from imagine_desktop.engine import ending
from imagine_desktop.engine.arrival import Arrival
from imagine_desktop.engine.search import Search
from imagine_desktop.engine.workshop import Workshop
from imagine_desktop.errors import ApiError, ImagineError, NotSent, OutcomeUnknown
from imagine_desktop.settings import allows_loopback

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recovered:
    """What one pass found: turns looked at, pictures now saved, turns whose outcome is still unknown.

    `news_count` is how many of the last were not known to be unknown before.
    """

    turn_count: int
    saved_count: int
    unknown_count: int
    news_count: int


async def recover(
    workshop: Workshop,
    own: Collection[TurnId],
    search: Search,
    connection_to: Callable[[str], Connection | None],
) -> Recovered:
    """Finish every unfinished turn but this process's own, which may grow meanwhile. Publishes what changes."""
    records = workshop.library.records
    turns = [turn for turn in await workshop.work(records.unfinished_turns) if turn.id not in own]
    before = await _saved_count(workshop, turns)
    await workshop.work(workshop.library.drop_settled_answers, own)
    await asyncio.gather(*(_try(workshop, turn, connection_to(turn.profile)) for turn in turns))
    await asyncio.gather(*(search.look(turn.id) for turn in turns))
    after = await _saved_count(workshop, turns)
    left = await workshop.work(records.unfinished_turns)
    unknown = [turn for turn in left if turn.state is TurnState.UNKNOWN and turn.id not in own]
    for turn in unknown:
        search.watch(turn.id)
    told = {turn.id for turn in turns if turn.state is TurnState.UNKNOWN}
    news = [turn for turn in unknown if turn.id not in told]
    return Recovered(len(turns), after - before, len(unknown), len(news))


async def _try(workshop: Workshop, turn: Turn, connection: Connection | None) -> None:
    """Finish one turn; one that cannot be finished now must not keep the others from it."""
    try:
        await _finish(workshop, turn, connection)
    except ImagineError as error:
        _log.warning("turn %s is left for the next start: %s", turn.id, error.message)


async def _finish(workshop: Workshop, turn: Turn, connection: Connection | None) -> None:
    kept = await workshop.work(workshop.library.files.answer, turn.id)
    answer = wire.Answer(*kept) if kept is not None else None
    if turn.state in (TurnState.QUEUED, TurnState.WAITING):
        unsent = NotSent("The program ended before this was sent.")
        await _end(workshop, turn, unsent, may_be_paid=False)
    elif turn.state is TurnState.SENDING and answer is None:
        unknown = OutcomeUnknown("The program ended before the answer came.")
        await _end(workshop, turn, unknown, may_be_paid=True)
    elif turn.state is TurnState.CHARGED or answer is not None:
        from imagine_desktop.api.fetch import Fetcher  # brings httpx: not at every start

        fetcher = Fetcher(allow_loopback=allows_loopback(turn.profile))
        try:
            await _arrive(workshop, turn, Arrival(workshop, turn.id, fetcher, connection), answer)
        finally:
            await fetcher.aclose()


async def _arrive(workshop: Workshop, turn: Turn, arrival: Arrival, answer: wire.Answer | None) -> None:
    if turn.state is not TurnState.CHARGED and answer is not None:
        try:
            await arrival.accept(answer)
        except ApiError as error:
            if turn.state is TurnState.SENDING:
                await _end(workshop, turn, error, may_be_paid=True)
            return
    await arrival.collect(answer)


async def _end(workshop: Workshop, turn: Turn, error: ImagineError, *, may_be_paid: bool) -> None:
    await workshop.store(ending.record, workshop.library, turn.id, error, may_be_paid=may_be_paid)
    workshop.publish(TurnChanged(turn.id, turn.session_id))


async def _saved_count(workshop: Workshop, turns: list[Turn]) -> int:
    ids = [picture_id for turn in turns for picture_id in turn.picture_ids]
    pictures = await workshop.work(workshop.library.records.pictures, ids)
    return sum(picture.state is PictureState.SAVED for picture in pictures)
