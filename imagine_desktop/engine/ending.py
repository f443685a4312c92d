"""How a turn that brought no pictures is written down: what happened, and what it says of the money."""

from imagine_desktop.domain.record import TurnId, TurnState
from imagine_desktop.errors import ApiError, ImagineError, OutcomeUnknown, TooManyRequests, Withheld
from imagine_desktop.library.library import Library


def record(library: Library, turn_id: TurnId, error: ImagineError, *, may_be_paid: bool) -> None:
    """Enter the end of a turn in the ledger; blocks.

    `may_be_paid` says that the request may have arrived whole. The raw answer is kept as long as the outcome is
    unknown, and dropped where it is settled.
    """
    answer = error if isinstance(error, ApiError) else ApiError("")
    if isinstance(error, Withheld):
        library.ledger.withhold(turn_id, error.sentences, error.cost_ticks, error.request_id)
    else:
        library.ledger.end(
            turn_id,
            _state(error, answer.cost_ticks, may_be_paid=may_be_paid),
            error.sentences,
            cost_ticks=answer.cost_ticks,
            http_status=answer.status,
            request_id=answer.request_id or None,
        )
    if isinstance(error, ApiError) and not isinstance(error, OutcomeUnknown):
        library.files.drop_answer(turn_id)


def _state(error: ImagineError, cost_ticks: int | None, *, may_be_paid: bool) -> TurnState:
    if isinstance(error, TooManyRequests):
        return TurnState.CHARGED_NO_IMAGE if cost_ticks else TurnState.REJECTED
    if not may_be_paid:
        return TurnState.NOT_SENT
    if isinstance(error, OutcomeUnknown) or not isinstance(error, ApiError):
        return TurnState.UNKNOWN
    return TurnState.CHARGED_NO_IMAGE if cost_ticks else TurnState.REJECTED
