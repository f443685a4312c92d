"""What of the library is in sight: the session, the gallery's pictures, the history's turns, the totals."""

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from imagine_desktop.domain import money
from imagine_desktop.domain.act import Act, Done, MoveToSession, Several
from imagine_desktop.domain.budget import Budget, Spending
from imagine_desktop.domain.record import Picture, PictureId, Session, SessionId, Turn, TurnId
from imagine_desktop.errors import ImagineError, LibraryError
from imagine_desktop.library.library import Library
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.gallery.contents import Contents
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.opening import Newest
from imagine_desktop.ui.shell.window import MainWindow

_RENEW_AFTER_MS = 60
_MANY = 500  # pictures of one act that are not read one by one
_LOOK_AGAIN_S = 3600.0  # for midnight; a computer that slept is behind by an hour at most


def until_midnight_s(now: float) -> float:
    """Seconds from a time until today's spending is another day's; a day may have 23 or 25 hours."""
    year, month, day, *_ = time.localtime(now)
    return time.mktime((year, month, day + 1, 0, 0, 0, 0, 0, -1)) - now


def spend_text(spending: Spending, budget: Budget) -> str:
    """What the status bar says of today's spending, and of the month's where it is limited."""
    text = f"Today {money.usd(spending.day_ticks)}"
    if budget.limit_day_ticks:
        text += f" of {money.usd(budget.limit_day_ticks)}"
    if budget.is_warned_at(spending.day_ticks):
        text += ", past your warning"
    if budget.limit_month_ticks:
        text += f" · Month {money.usd(spending.month_ticks)} of {money.usd(budget.limit_month_ticks)}"
    return text


class Shelf(QObject):
    """Reads rows off the window's thread and hands them to gallery, history and status bar.

    Signals:
        session_changed: another session is the current one.
    """

    session_changed = Signal()

    def __init__(
        self,
        library: Library,
        background: Background,
        contents: Contents,
        model: GalleryModel,
        thumbnails: Thumbnails,
        window: MainWindow,
        budget: Budget,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.session_id: SessionId | None = None
        self._library = library
        self._background = background
        self._contents = contents
        self._model = model
        self._thumbnails = thumbnails
        self._window = window
        self._budget = budget
        self._waiting: list[Callable[[SessionId], None]] = []  # for the first session
        self._changed_sessions: set[SessionId] = set()
        self._changed_turns: set[TurnId] = set()
        self._changed_pictures: set[PictureId] = set()
        self._renew = QTimer(self, singleShot=True, interval=_RENEW_AFTER_MS)
        self._renew.timeout.connect(self._read_changes)
        self._midnight = QTimer(self, singleShot=True)
        self._midnight.setTimerType(Qt.TimerType.VeryCoarseTimer)  # to the second; a coarse one is off by 5 %
        self._midnight.timeout.connect(self._read_totals)

    def fill(self, newest: Newest | None) -> None:
        """Show what the gallery does not: it has the pictures of the newest session, where that was read."""
        if newest is None:
            self._background.run(self._library.records.newest_session_id, self._open)
        elif newest.session_id is not None:
            self.session_id = newest.session_id
            self._window.history.set_current_session(newest.session_id)
            self.read_turns()
        self._contents.start(self.session_id, is_filled=newest is not None)
        self._read_sessions()
        self._read_totals()

    def _open(self, session_id: SessionId | None) -> None:
        if session_id is not None and self.session_id is None:
            self.choose_session(session_id)

    def choose_session(self, session_id: SessionId) -> None:
        """Make a session the current one and show it."""
        self.session_id = session_id
        self._window.history.set_current_session(session_id)
        self._contents.set_session(session_id)
        self.read_turns()

    def start_session(self) -> None:
        """Make a new session the current one; it is named by its first prompt."""
        self._background.run(self._library.ledger.add_session, self._on_session_added)

    def show_session_named(self, name: str) -> None:
        """Pictures joined the newest session of that name: make it the current one, and count anew."""

        def show(session: Session | None) -> None:
            if session is not None:
                self._on_session_added(session.id)
            self._read_totals()

        self._background.run(lambda: self._library.records.session_named(name), show)

    def with_session(self, act: Callable[[SessionId], None]) -> None:
        """Call `act` with the current session, made first where there is none: one for all that wait for it."""
        if self.session_id is not None:
            act(self.session_id)
            return

        def added(session_id: SessionId) -> None:
            self._on_session_added(session_id)
            waiting, self._waiting = self._waiting, []
            for one in waiting:
                one(session_id)

        def refused(error: Exception) -> None:
            self._waiting.clear()
            if not isinstance(error, ImagineError):
                raise error
            self._window.notices.show_error(
                LibraryError(f"Nothing was sent or charged: {error.message}", error.hint)
            )

        self._waiting.append(act)
        if len(self._waiting) == 1:
            self._background.run(self._library.ledger.add_session, added, refused)

    def set_budget(self, budget: Budget) -> None:
        """Show spending beside these limits."""
        self._budget = budget
        self._read_totals()

    def add(self, session_id: SessionId, picture_ids: Sequence[PictureId]) -> None:
        """New pictures join the gallery, if they belong to what it shows."""
        self._contents.add(session_id, picture_ids)

    def follow(self, act: Act, done: Done) -> None:
        """Something was done to the library: show it everywhere as it now is."""
        self._contents.follow(act, done.picture_ids)
        self._changed_sessions.update(done.session_ids)
        if isinstance(act, MoveToSession | Several) or len(done.picture_ids) > _MANY:
            self.read_turns()  # with the pictures of this session alone
        else:
            self._changed_pictures.update(done.picture_ids)
        self._renew.start()

    def read_anew(self) -> None:
        """Much has changed at once: read everything that is in sight."""
        self._contents.read()
        self.read_turns()
        self._read_sessions()
        self._read_totals()

    def renew_picture(self, picture_id: PictureId) -> None:
        """A picture's row changed."""
        self._changed_pictures.add(picture_id)
        self._thumbnails.forget([picture_id])
        self._renew.start()

    def renew_turn(self, turn_id: TurnId, session_id: SessionId) -> None:
        """A turn's row changed."""
        if session_id == self.session_id:
            self._changed_turns.add(turn_id)
        self._changed_sessions.add(session_id)
        self._renew.start()

    def read_turns(self) -> None:
        """Read the current session's turns into the history."""
        session_id = self.session_id
        if session_id is None:
            return
        records = self._library.records

        def read() -> tuple[list[Turn], list[Picture]]:
            turns = records.turns(session_id)
            return turns, records.pictures([one for turn in turns for one in turn.picture_ids])

        def show(found: tuple[list[Turn], list[Picture]]) -> None:
            self._window.history.update_pictures(found[1])  # first: they say which turns are hidden
            self._window.history.set_turns(session_id, found[0])

        self._background.run(read, show)

    def _on_session_added(self, session_id: SessionId) -> None:
        self._read_sessions()
        self.choose_session(session_id)
        self.session_changed.emit()

    def _read_changes(self) -> None:
        turn_ids, picture_ids = list(self._changed_turns), list(self._changed_pictures)
        session_ids = set(self._changed_sessions)
        for changed in (self._changed_sessions, self._changed_turns, self._changed_pictures):
            changed.clear()
        self._model.refresh(picture_ids)
        records = self._library.records

        def read() -> tuple[list[Session], list[Turn], list[Picture]]:
            turns = [turn for turn in map(records.turn, turn_ids) if turn is not None]
            pictures = records.pictures(picture_ids)
            session_ids.update(picture.session_id for picture in pictures)
            return records.sessions_of(session_ids), turns, pictures

        def show(found: tuple[list[Session], list[Turn], list[Picture]]) -> None:
            sessions, turns, pictures = found
            self._window.history.update_sessions(sessions)
            self._window.history.update_turns(turns)
            self._window.history.update_pictures(pictures)

        self._background.run(read, show)
        self._read_totals()

    def _read_sessions(self) -> None:
        self._background.run(self._library.records.sessions, self._show_sessions)

    def _show_sessions(self, sessions: Sequence[Session]) -> None:
        self._window.history.set_sessions(sessions)
        if self.session_id is not None:
            self._window.history.set_current_session(self.session_id)

    def _read_totals(self) -> None:
        records = self._library.records

        def show(totals: tuple[Spending, int]) -> None:
            self._window.set_spend(spend_text(totals[0], self._budget))
            self._window.set_library(totals[1])
            self._midnight.start(round(1000 * min(until_midnight_s(time.time()) + 1, _LOOK_AGAIN_S)))

        self._background.run(lambda: (records.spending(), records.saved_count()), show)
