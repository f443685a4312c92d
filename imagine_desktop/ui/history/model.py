"""The history's rows: sessions, newest first, and under the chosen one its turns as a tree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from imagine_desktop.domain import prompts
from imagine_desktop.domain.record import Picture, PictureId, Session, SessionId, Turn, TurnId
from imagine_desktop.ui import plain
from imagine_desktop.ui.history import captions, tree
from imagine_desktop.ui.history.tree import TurnRow

Index = QModelIndex | QPersistentModelIndex
_NONE = QModelIndex()


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session's own row; `is_open` where its turns follow."""

    session: Session
    is_open: bool


Row = SessionRow | TurnRow


class HistoryModel(QAbstractListModel):
    """A flat list of rows; what changes in it moves no other row.

    Signals:
        rename_requested: a session's id and the name that the person gave it.
    """

    rename_requested = Signal(object, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._sessions: tuple[Session, ...] = ()
        self._current: SessionId | None = None
        self._turns: dict[TurnId, Turn] = {}
        self._rows: list[Row] = []
        self._states: dict[PictureId, captions.State] = {}
        self._places: dict[SessionId | TurnId, int] = {}
        self._turn_of: dict[PictureId, TurnId] = {}
        self.lane_count = 1

    @property
    def current_session(self) -> SessionId | None:
        """The session whose turns are shown."""
        return self._current

    @property
    def sessions(self) -> tuple[Session, ...]:
        """All sessions, the newest first."""
        return self._sessions

    @property
    def has_turns(self) -> bool:
        """Whether the current session's turns are shown."""
        return bool(self._turns)

    @property
    def states(self) -> captions.States:
        """The states of pictures, where they were told."""
        return self._states

    def set_sessions(self, sessions: Sequence[Session]) -> None:
        """Show these sessions, newest first."""
        self._sessions = tuple(sorted(sessions, key=lambda s: (s.created, s.id), reverse=True))
        self._lay_out()

    def update_sessions(self, sessions: Sequence[Session]) -> None:
        """Show sessions as they now are; those not known yet join the others."""
        news = {session.id: session for session in sessions}
        known = {session.id: session for session in self._sessions} | news
        if len(known) > len(self._sessions):
            self.set_sessions(list(known.values()))
            return
        self._sessions = tuple(known.values())
        self._put([SessionRow(session, session.id == self._current) for session in news.values()])

    def set_current_session(self, session_id: SessionId) -> None:
        """Open a session; its turns are still to be set."""
        if session_id != self._current:
            self._current = session_id
            self._turns = {}
            self._states = {}
            self._lay_out()

    def set_turns(self, turns: Sequence[Turn]) -> None:
        """Show these turns of the current session, oldest first."""
        self._turns = {turn.id: turn for turn in turns}
        self._lay_out()

    def update_turns(self, turns: Sequence[Turn]) -> None:
        """Show turns as they now are, or for the first time."""
        ours = {turn.id: turn for turn in turns if turn.session_id == self._current}
        is_same_tree = all(_links(turn) == _links(self._turns.get(turn.id)) for turn in ours.values())
        self._turns.update(ours)
        if not is_same_tree:
            self._lay_out()
            return
        rows = [self._rows[self._places[one]] for one in ours if one in self._places]
        self._put([replace(row, turn=ours[row.turn.id]) for row in rows if isinstance(row, TurnRow)])

    def update_pictures(self, pictures: Sequence[Picture]) -> None:
        """Take note of pictures' states; a turn of which nothing is left may go, or come back."""
        ours = {p.id: captions.state_of(p) for p in pictures if p.session_id == self._current}
        news = {one for one, state in ours.items() if self._states.get(one) is not state}
        turns = {self._turn_of[one] for one in news if one in self._turn_of}
        before = {turn for turn in turns if self._is_gone(self._turns[turn])}
        self._states.update(ours)
        if before != {turn for turn in turns if self._is_gone(self._turns[turn])}:
            self._lay_out()
        self._tell_looks([self._places[turn] for turn in turns if turn in self._places])

    def row_at(self, index: Index) -> Row:
        """The row of a valid index."""
        return self._rows[index.row()]

    def index_of(self, row_id: SessionId | TurnId) -> QModelIndex:
        """Where a session or turn stands; invalid where it is not shown."""
        place = self._places.get(row_id)
        return _NONE if place is None else self.index(place)

    def index_of_picture(self, picture_id: PictureId) -> QModelIndex:
        """Where the turn that made a picture stands; invalid where it is not shown."""
        turn_id = self._turn_of.get(picture_id)
        return _NONE if turn_id is None else self.index_of(turn_id)

    def rowCount(self, parent: Index = _NONE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if isinstance(row, SessionRow):
            return self._session_data(row.session, role)
        if role == Qt.ItemDataRole.DisplayRole:
            return prompts.first_line(row.turn.title, 160)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return captions.turn_text(row, self._states)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain.tip(captions.turn_tip(row.turn))
        return None

    def _session_data(self, session: Session, role: int) -> str | None:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return captions.session_name(session)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return captions.session_text(session, date.today())
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for a session's new name; the name shown follows when the library has it."""
        row = self._rows[index.row()]
        name = prompts.first_line(str(value), 120)
        if role != Qt.ItemDataRole.EditRole or isinstance(row, TurnRow) or name in ("", row.session.name):
            return False
        self.rename_requested.emit(row.session.id, name)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        if index.isValid() and isinstance(self._rows[index.row()], SessionRow):
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def _lay_out(self) -> None:
        branches = tree.rows(list(self._turns.values()), self._is_gone)
        lane_count = 1 + max((row.lane for row in branches), default=0)
        is_wider, self.lane_count = lane_count != self.lane_count, lane_count
        self._turn_of = {
            picture_id: turn.id for turn in self._turns.values() for picture_id in turn.picture_ids
        }
        rows: list[Row] = []
        for session in self._sessions:
            is_open = session.id == self._current
            rows.append(SessionRow(session, is_open))
            if is_open:
                rows.extend(branches)
        changed = self._replace(rows)
        if is_wider and rows:
            changed = [0, len(rows) - 1]
        if changed:
            self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))

    def _is_gone(self, turn: Turn) -> bool:
        return captions.is_tombstone(turn, self._states)

    def _put(self, rows: Sequence[Row]) -> None:
        """Replace single rows by what they are now; all others stay as and where they are."""
        places = [self._places[_id(row)] for row in rows]
        for place, row in zip(places, rows, strict=True):
            self._rows[place] = row
        self._tell_looks(places)

    def _replace(self, rows: list[Row]) -> list[int]:
        """Take over new rows so that the view keeps its place: what stayed, before and after, is not moved.

        Returns where rows are that were there before and look different now.
        """
        before = {_id(row): row for row in self._rows}
        old, new = list(before), [_id(row) for row in rows]
        head = _common(old, new)
        tail = _common(old[head:][::-1], new[head:][::-1])
        if head + tail < len(old):
            self.beginRemoveRows(_NONE, head, len(old) - tail - 1)
            del self._rows[head : len(old) - tail]
            self._note_places()
            self.endRemoveRows()
        if head + tail < len(new):
            self.beginInsertRows(_NONE, head, len(new) - tail - 1)
            self._rows[head:head] = rows[head : len(new) - tail]
            self._note_places()
            self.endInsertRows()
        self._rows = rows
        return [place for place, row in enumerate(rows) if before.get(_id(row), row) != row]

    def _note_places(self) -> None:
        self._places = {_id(row): place for place, row in enumerate(self._rows)}

    def _tell_looks(self, places: Iterable[int]) -> None:
        """Say that rows look different; they are as high as before."""
        for place in places:
            self.dataChanged.emit(self.index(place), self.index(place), [Qt.ItemDataRole.DisplayRole])


def _id(row: Row) -> SessionId | TurnId:
    return row.session.id if isinstance(row, SessionRow) else row.turn.id


def _links(turn: Turn | None) -> tuple[PictureId | None, tuple[PictureId, ...]] | None:
    """What decides a turn's place in the tree."""
    return None if turn is None else (turn.parent_id, turn.picture_ids)


def _common(some: list[SessionId | TurnId], others: list[SessionId | TurnId]) -> int:
    """How many of the first items are the same in both."""
    pairs = zip(some, others, strict=False)
    return next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(some), len(others)))
