"""What a process that died left unfinished is taken to its end, without ever sending a paid request again."""

import asyncio
import time
from collections.abc import Collection, Coroutine, Mapping
from dataclasses import dataclass

from imagine_desktop.domain.job import PicturesAdded, TurnChanged
from imagine_desktop.domain.record import PictureState, Turn, TurnId, TurnState
from imagine_desktop.engine.resuming import Resumer
from imagine_desktop.engine.search import Search
from imagine_desktop.engine.workshop import Workshop, stop


@dataclass(frozen=True, slots=True)
class Recovered:
    """What one pass found: turns looked at, pictures now saved, turns whose outcome is still unknown.

    `news_count` is how many of the last were not known to be unknown before, `late_count` how many turns
    could not be taken to their end within the time of a pass.
    """

    turn_count: int
    saved_count: int
    unknown_count: int
    news_count: int
    late_count: int


async def recover(workshop: Workshop, own: Collection[TurnId], search: Search, resumer: Resumer) -> Recovered:
    """Finish every unfinished turn but this process's own, which may grow meanwhile. Publishes what changes.

    The pass ends after `Patience.pass_s`; downloads that take longer go on behind it.
    """
    records = workshop.library.records
    give_up_s = time.monotonic() + workshop.patience.pass_s
    await _restore(workshop, own)
    turns = [turn for turn in await workshop.work(records.unfinished_turns) if turn.id not in own]
    before = await _saved_count(workshop, turns)
    await workshop.work(workshop.library.drop_settled_answers, own)
    late = {turn.id for turn in turns}
    going_on = {turn.id: resumer.go_on(turn.id) for turn in turns if not search.is_at(turn.id)}
    late -= await _ended_in_time(going_on, give_up_s)
    looks = {turn.id: _task(search.look(turn.id)) for turn in turns}
    try:
        late |= looks.keys() - await _ended_in_time(looks, give_up_s)
    finally:
        await stop(looks.values())
    after = await _saved_count(workshop, turns)
    left = await workshop.work(records.unfinished_turns)
    unknown = [turn for turn in left if turn.state is TurnState.UNKNOWN and turn.id not in own]
    for turn in unknown:
        search.watch(turn.id)
    told = {turn.id for turn in turns if turn.state is TurnState.UNKNOWN}
    news = [turn for turn in unknown if turn.id not in told]
    return Recovered(len(turns), after - before, len(unknown), len(news), len(late))


async def _restore(workshop: Workshop, own: Collection[TurnId]) -> None:
    """Enter the turns again of which only the raw answer is left."""
    for turn_id in await workshop.store(workshop.library.restore_turns, own):
        turn = await workshop.work(workshop.library.records.turn, turn_id)
        if turn is not None:
            workshop.publish(PicturesAdded(turn.session_id, turn.id, turn.picture_ids))
            workshop.publish(TurnChanged(turn.id, turn.session_id))


def _task(look: Coroutine[object, object, bool]) -> "asyncio.Task[bool]":
    return asyncio.get_running_loop().create_task(look, name="look for lost answers")


async def _ended_in_time(tasks: "Mapping[TurnId, asyncio.Task[object]]", give_up_s: float) -> set[TurnId]:
    """Wait for tasks until then; those that ended. An unexpected error in one is the program's."""
    if tasks:
        await asyncio.wait(tasks.values(), timeout=max(0.0, give_up_s - time.monotonic()))
    ended = {turn_id for turn_id, task in tasks.items() if task.done()}
    for turn_id in ended:
        if not tasks[turn_id].cancelled():
            tasks[turn_id].result()
    return ended


async def _saved_count(workshop: Workshop, turns: list[Turn]) -> int:
    ids = [picture_id for turn in turns for picture_id in turn.picture_ids]
    pictures = await workshop.work(workshop.library.records.pictures, ids)
    return sum(picture.state is PictureState.SAVED for picture in pictures)
