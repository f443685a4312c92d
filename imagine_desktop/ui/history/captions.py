"""What the history says of sessions and turns, in words."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum

from imagine_desktop.domain import money, prompts
from imagine_desktop.domain.record import Picture, PictureId, PictureState, Session, Turn, TurnState
from imagine_desktop.ui.history.tree import TurnRow


class Trashed(StrEnum):
    """What stands in the place of a picture's state while it is in the trash."""

    TRASHED = "in the trash"


State = PictureState | Trashed
States = Mapping[PictureId, State]
_GONE: tuple[State, ...] = (PictureState.DELETED, Trashed.TRASHED)

_UNFINISHED = {
    TurnState.QUEUED: "queued",
    TurnState.SENDING: "sending…",
    TurnState.NOT_SENT: "not sent · not charged",
    TurnState.WAITING: "waiting · not charged",
    TurnState.REJECTED: "failed · no charge reported",
    TurnState.CHARGED_NO_IMAGE: "withheld",
    TurnState.UNKNOWN: "unknown · may be charged",
}


def session_name(session: Session) -> str:
    """What a session is called; it is named by its first prompt."""
    return session.name or "New session"


def session_line(session: Session) -> str:
    """How much a session holds and has cost."""
    return f"{_pictures(session.picture_count)} · {money.usd(session.cost_ticks)}"


def session_text(session: Session, today: date) -> str:
    """A session as a screen reader says it."""
    parts = (session_name(session), session_line(session).replace(" ·", ","), day(session.created, today))
    return "Session " + ", ".join(parts)


def day(created: float, today: date) -> str:
    """When that was, as exactly as a list needs it: the hour today, else the day."""
    moment = datetime.fromtimestamp(created)
    days = (today - moment.date()).days
    if days == 0:
        return f"today {moment:%H:%M}"
    if days == 1:
        return "yesterday"
    return f"{moment.day} {moment:%b}" if moment.year == today.year else f"{moment.day} {moment:%b %Y}"


def turn_line(turn: Turn, states: States) -> str:
    """A turn's shape, resolution, count where it is not 1, and cost, or what became of it instead."""
    if turn.is_import:
        return _outcome(turn, states) if is_tombstone(turn, states) else "imported"
    if turn.state is not TurnState.CHARGED:
        return " · ".join(filter(None, (_UNFINISHED[turn.state], _cost(turn))))
    if is_tombstone(turn, states):
        return " · ".join(filter(None, (_outcome(turn, states), _cost(turn))))
    saved = len(saved_pictures(turn, states))
    count = f"{saved} of {turn.count}" if saved != turn.count else str(turn.count) if saved > 1 else ""
    return " · ".join(filter(None, (turn.aspect_ratio, turn.resolution, count, _cost(turn))))


def turn_text(row: TurnRow, states: States) -> str:
    """A turn as a screen reader says it: `Turn 3, edit: make it night, 4 pictures, saved, $0.08`."""
    turn = row.turn
    kind = "import" if turn.is_import else "edit" if turn.is_edit else "generate"
    said = f"Turn {row.number}, {kind}: {prompts.first_line(turn.title)}"
    parts = (said, _pictures(turn.count), _outcome(turn, states), _cost(turn))
    return ", ".join(filter(None, parts))


def turn_tip(turn: Turn) -> str:
    """All of a turn's prompt, or the file that it was imported from, and what went wrong."""
    return "\n\n".join(filter(None, (turn.prompt, turn.imported_from, turn.error)))


def state_of(picture: Picture) -> State:
    """A picture's state as the history shows it."""
    if picture.trashed is not None and picture.state is not PictureState.DELETED:
        return Trashed.TRASHED
    return picture.state


def picture_state(picture_id: PictureId, turn: Turn, states: States) -> State:
    """A picture's state, or what its turn's state says of it while it is not known."""
    if picture_id in states:
        return states[picture_id]
    if turn.state is TurnState.CHARGED:
        return PictureState.SAVED
    if turn.state is TurnState.CHARGED_NO_IMAGE:
        return PictureState.WITHHELD
    return PictureState.PENDING if is_under_way(turn) else PictureState.NOT_MADE


def is_under_way(turn: Turn) -> bool:
    """Whether more is to come of the turn."""
    return turn.state in (TurnState.QUEUED, TurnState.SENDING, TurnState.WAITING)


def saved_pictures(turn: Turn, states: States) -> tuple[PictureId, ...]:
    """The turn's pictures that can be shown and edited."""
    return tuple(p for p in turn.picture_ids if picture_state(p, turn, states) is PictureState.SAVED)


def is_tombstone(turn: Turn, states: States) -> bool:
    """Whether a turn's pictures are all in the trash or deleted, or never were; nothing more is to come."""
    found = [picture_state(picture_id, turn, states) for picture_id in turn.picture_ids]
    is_left = any(state in (PictureState.PENDING, PictureState.SAVED) for state in found)
    return not is_under_way(turn) and not is_left and any(state in _GONE for state in found)


def came_to_nothing(turn: Turn, states: States) -> bool:
    """Whether the turn has ended, its downloads too, and never had a picture."""
    hopeful = (PictureState.PENDING, PictureState.SAVED, *_GONE)
    found = [picture_state(picture_id, turn, states) for picture_id in turn.picture_ids]
    return not is_under_way(turn) and not any(state in hopeful for state in found)


def _outcome(turn: Turn, states: States) -> str:
    if turn.state is not TurnState.CHARGED:
        return _UNFINISHED[turn.state].replace(" ·", ",")
    found = [picture_state(picture_id, turn, states) for picture_id in turn.picture_ids]
    if all(state is PictureState.SAVED for state in found):
        return "saved"
    kinds: tuple[State, ...] = (*PictureState, *Trashed)
    if len(set(found)) == 1 and found[0] in _GONE:
        return str(found[0])
    return ", ".join(f"{found.count(state)} {state}" for state in kinds if state in found)


def _cost(turn: Turn) -> str:
    if turn.cost_ticks is None or (turn.cost_ticks == 0 and turn.state is not TurnState.CHARGED):
        return ""
    return f"{'≈' if turn.cost_source == 'estimate' else ''}{money.usd(turn.cost_ticks)}"


def _pictures(count: int) -> str:
    return "1 picture" if count == 1 else f"{count:,} pictures"
