"""The history: every session, and the turns of the chosen one as a branching tree."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from imagine_desktop.domain.record import Picture, PictureId, Session, SessionId, Turn
from imagine_desktop.ui.history.buttons import RowButtons
from imagine_desktop.ui.history.model import HistoryModel
from imagine_desktop.ui.history.nodes import Thumbnails
from imagine_desktop.ui.history.view import HistoryView
from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.shell.theme import STEP

WIDTH = 320
_PASSED_ON = (
    *("session_chosen", "picture_chosen", "edit_requested", "compare_requested", "run_again_requested"),
    *("star_requested", "trash_requested", "menu_requested"),
)


class HistorySidebar(QWidget):
    """Shows what it is given and says what the person wants; changes nothing itself.

    Signals:
        session_chosen: a session's id.
        rename_requested: a session's id and its new name.
        picture_chosen: the id of a picture to show.
        edit_requested: the id of a picture to edit.
        compare_requested: the id of a picture to compare with its parent.
        star_requested, trash_requested: a list of one PictureId.
        run_again_requested: the id of a turn to send once more.
        menu_requested: where on the screen to open a menu, and the picture's id.
    """

    session_chosen = Signal(object)
    rename_requested = Signal(object, str)
    picture_chosen = Signal(object)
    edit_requested = Signal(object)
    compare_requested = Signal(object)
    star_requested = Signal(object)
    trash_requested = Signal(object)
    run_again_requested = Signal(object)
    menu_requested = Signal(QPoint, object)

    def __init__(self, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("History")
        self._model = HistoryModel(self)
        area = QWidget(self)
        self._view = HistoryView(self._model, thumbnails, area)
        self._buttons = RowButtons(self._view, area)
        self._empty = PlainLabel("Your sessions and their turns appear here.", self)
        self._empty.setProperty("kind", "quiet")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setMargin(6 * STEP)
        self._empty.hide()  # until it is known that there are none
        self._build(area)
        self._connect()

    @property
    def view(self) -> HistoryView:
        """The list of sessions and turns."""
        return self._view

    @property
    def sessions(self) -> tuple[Session, ...]:
        """All sessions, the newest first."""
        return self._model.sessions

    def set_sessions(self, sessions: Sequence[Session]) -> None:
        """Show these sessions, in whatever order they come."""
        self._model.set_sessions(sessions)
        self._empty.setVisible(not sessions)

    def update_sessions(self, sessions: Sequence[Session]) -> None:
        """Show sessions as they now are, or for the first time."""
        self._model.update_sessions(sessions)
        self._empty.hide()

    def set_current_session(self, session_id: SessionId) -> None:
        """Open a session; `set_turns` fills it."""
        self._model.set_current_session(session_id)
        if self._view.turn_at(self._view.currentIndex()) is None:
            self._view.setCurrentIndex(self._model.index_of(session_id))

    def set_turns(self, session_id: SessionId, turns: Sequence[Turn]) -> None:
        """Show a session's turns, oldest first; those of a session that is not open are left alone."""
        if session_id == self._model.current_session:
            is_opening = not self._model.has_turns
            self._model.set_turns(turns)
            if is_opening and turns and self._view.turn_at(self._view.currentIndex()) is None:
                self._view.scrollTo(self._model.index_of(turns[0].id))

    def update_turns(self, turns: Sequence[Turn]) -> None:
        """Show turns as they now are, or for the first time."""
        self._model.update_turns(turns)

    def update_pictures(self, pictures: Sequence[Picture]) -> None:
        """Take note of which pictures are saved, withheld or lost, as far as their turn does not say so."""
        self._model.update_pictures(pictures)

    def set_current_picture(self, picture_id: PictureId | None) -> None:
        """Follow the picture that is being looked at, as soon as its turn is here."""
        self._view.show_picture(picture_id)

    def _build(self, area: QWidget) -> None:
        title = PlainLabel("History", self)
        title.setProperty("kind", "title")
        title.setAccessibleName("History:")  # the name alone belongs to the whole
        header = QHBoxLayout()
        header.setContentsMargins(3 * STEP, 4 * STEP, 2 * STEP, 3 * STEP)
        header.addWidget(title)
        header.addStretch()
        inside = QVBoxLayout(area)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._view)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(header)
        column.addWidget(self._empty)
        column.addWidget(area, 1)
        self.setMinimumWidth(240)
        self.setFocusProxy(self._view)

    def _connect(self) -> None:
        self._model.rename_requested.connect(self.rename_requested)
        for name in _PASSED_ON:
            getattr(self._view, name).connect(getattr(self, name))
