"""One unfinished turn taken on from wherever it was left, without ever sending a paid request again."""

from imagine_desktop.api import wire
from imagine_desktop.api.connection import Connection
from imagine_desktop.domain.job import TurnChanged
from imagine_desktop.domain.record import Turn, TurnState
from imagine_desktop.engine import ending
from imagine_desktop.engine.arrival import Arrival
from imagine_desktop.engine.workshop import Workshop
from imagine_desktop.errors import (
    AddressExpired,
    ApiError,
    DiskFull,
    DownloadError,
    ImagineError,
    LibraryGone,
    NotAPicture,
    NotSent,
    OutcomeUnknown,
)
from imagine_desktop.settings import allows_loopback


def is_passing(error: ImagineError) -> bool:
    """Whether what kept paid pictures away may be over later."""
    if isinstance(error, DownloadError):
        return error.may_retry and not isinstance(error, AddressExpired | NotAPicture)
    return isinstance(error, DiskFull | LibraryGone)


async def finish(workshop: Workshop, turn: Turn, connection: Connection | None) -> list[ImagineError]:
    """Take a turn as far as it goes now; returns what keeps pictures away. Raises ImagineError."""
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
            return await _arrive(workshop, turn, Arrival(workshop, turn.id, fetcher, connection), answer)
        finally:
            await fetcher.aclose()
    return []


async def _arrive(
    workshop: Workshop, turn: Turn, arrival: Arrival, answer: wire.Answer | None
) -> list[ImagineError]:
    if turn.state is not TurnState.CHARGED and answer is not None:
        try:
            await arrival.accept(answer)
        except ApiError as error:
            if turn.state is TurnState.SENDING:
                await _end(workshop, turn, error, may_be_paid=True)
            return []
    return await arrival.collect(answer)


async def _end(workshop: Workshop, turn: Turn, error: ImagineError, *, may_be_paid: bool) -> None:
    await workshop.store(ending.record, workshop.library, turn.id, error, may_be_paid=may_be_paid)
    workshop.publish(TurnChanged(turn.id, turn.session_id))
