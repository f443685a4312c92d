"""Two pictures in turn in the same place: what differs jumps to the eye."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QSlider, QStyle, QWidget

from imagine_desktop.ui.picture.pair import Pair
from imagine_desktop.ui.picture.stage import Mode, Stage
from imagine_desktop.ui.plain import PlainLabel, set_tip
from imagine_desktop.ui.shell.theme import STEP

_FASTEST_MS, _SLOWEST_MS, _USUAL_MS = 400, 2000, 800  # three flashes a second are too many for some people
_SPEED_STEP_MS = 200


def is_motion_reduced() -> bool:
    """Whether the desktop asks programs to move nothing by themselves."""
    return QApplication.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0


class BlinkMode(Mode):
    """Shows one of the two; the space bar or a timer brings the other."""

    name = "Blink"
    hint = "Space shows the other one"

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._shows_after = False
        self._timer = QTimer(self, interval=_USUAL_MS)
        self._timer.timeout.connect(self.flip)
        self.controls = controls = QWidget(parent)
        self._play = QPushButton("Automatic", controls)
        self._speed = QSlider(Qt.Orientation.Horizontal, controls)
        self._build(controls)

    @property
    def shows_after(self) -> bool:
        """Which of the two is seen now."""
        return self._shows_after

    @property
    def is_running(self) -> bool:
        """Whether they change by themselves."""
        return self._timer.isActive()

    def begin(self, pair: Pair) -> None:
        self._shows_after = False
        if not is_motion_reduced():
            self._timer.start()
        self._play.setChecked(self.is_running)

    def end(self) -> None:
        self._timer.stop()

    def flip(self) -> None:
        """Show the other one."""
        self._shows_after = not self._shows_after
        self.changed.emit()

    def flip_by_hand(self) -> None:
        """Show the other one, and let it stay."""
        self._timer.stop()
        self._play.setChecked(False)
        self.flip()

    def paint(self, painter: QPainter, stage: Stage, pair: Pair) -> None:
        side, word = (pair.after, "After") if self._shows_after else (pair.before, "Before")
        pane = stage.panes()[0]
        stage.paint_side(painter, side, pane)
        stage.paint_label(painter, stage.visible(), word, side, is_left=not self._shows_after)

    def _build(self, controls: QWidget) -> None:
        self._play.setCheckable(True)
        self._play.setProperty("kind", "quiet")
        set_tip(self._play, "Change by themselves; Space stops it")
        self._play.clicked.connect(self._on_play_clicked)
        self._speed.setRange(0, (_SLOWEST_MS - _FASTEST_MS) // _SPEED_STEP_MS)
        self._speed.setValue((_SLOWEST_MS - _USUAL_MS) // _SPEED_STEP_MS)
        self._speed.setFixedWidth(96)
        self._speed.setAccessibleName("Speed")
        set_tip(self._speed, "How fast they change")
        self._speed.valueChanged.connect(self._on_speed_changed)
        row = QHBoxLayout(controls)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * STEP)
        row.addWidget(self._play)
        row.addWidget(PlainLabel("Speed", controls))
        row.addWidget(self._speed)

    def _on_play_clicked(self, is_on: bool) -> None:
        if is_on:
            self._timer.start()
        else:
            self._timer.stop()

    def _on_speed_changed(self, speed: int) -> None:
        self._timer.setInterval(_SLOWEST_MS - speed * _SPEED_STEP_MS)
