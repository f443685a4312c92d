"""A turn once more: into the prompt panel to look over, or, where it may have been charged, after asking."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from imagine_desktop.domain.record import Turn, TurnId, TurnState
from imagine_desktop.engine import sources
from imagine_desktop.library.library import Library
from imagine_desktop.ui import plain
from imagine_desktop.ui.background import Background

TRY_AGAIN = "Try again (may cost again)"


class Repeat(QObject):
    """Takes a turn that is to be run again.

    Signals:
        loaded: the turn's Request, for the prompt panel.
        try_again_wanted: the id of a turn of unknown outcome, after the person was asked.
    """

    loaded = Signal(object)
    try_again_wanted = Signal(object)

    def __init__(self, library: Library, background: Background, window: QWidget) -> None:
        super().__init__(window)
        self._library = library
        self._background = background
        self._window = window

    def run_again(self, turn_id: TurnId) -> None:
        """Read the turn, then load its request or ask."""
        self._background.run(lambda: self._library.records.turn(turn_id), self._take)

    def _take(self, turn: Turn | None) -> None:
        if turn is None:
            return
        if turn.state is TurnState.UNKNOWN:
            self._ask(turn)
        else:
            self.loaded.emit(sources.request_of(turn, self._library))

    def _ask(self, turn: Turn) -> None:
        box = plain.message_box(
            self._window,
            "Run again",
            f"It is not known whether this was charged: {turn.error}\n\nRunning it again may cost again.",
        )
        again = box.addButton(TRY_AGAIN, box.ButtonRole.AcceptRole)
        box.setDefaultButton(box.addButton("Cancel", box.ButtonRole.RejectRole))
        again.clicked.connect(lambda: self.try_again_wanted.emit(turn.id))
        box.open()
