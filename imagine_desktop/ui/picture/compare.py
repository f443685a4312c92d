"""Before and after: the modes in which two pictures are compared, and what else differs between them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from imagine_desktop.domain import contrast, prompts
from imagine_desktop.domain.record import PictureId
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.compose.segments import Segments
from imagine_desktop.ui.picture.beside import BesideMode
from imagine_desktop.ui.picture.blink import BlinkMode
from imagine_desktop.ui.picture.contrastpanel import ContrastPanel
from imagine_desktop.ui.picture.full import FullPictures
from imagine_desktop.ui.picture.heat import HeatMode, Measure
from imagine_desktop.ui.picture.pair import Pair, Subject
from imagine_desktop.ui.picture.slider import SliderMode
from imagine_desktop.ui.picture.stage import Mode, Stage
from imagine_desktop.ui.picture.strip import Strip
from imagine_desktop.ui.shell.theme import STEP, Colours

_Key = Qt.Key


class _Bar(QWidget):
    """The modes, and at the right what can be set in the one in use."""

    def __init__(self, names: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.modes = Segments("Way to compare", self)
        self.modes.offer(names, {})
        self.modes.setMinimumWidth(self.modes.sizeHint().width() + 2 * STEP * len(names))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4 * STEP, STEP, 4 * STEP, STEP)
        self._row.setSpacing(2 * STEP)
        self._row.addWidget(self.modes)
        self._row.addStretch(1)

    def add_controls(self, controls: QWidget) -> None:
        controls.setParent(self)
        controls.hide()
        self._row.addWidget(controls)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = Colours.of(self.palette()), QPainter(self)
        painter.fillRect(event.rect(), colours.panel)
        painter.fillRect(0, self.height() - 1, self.width(), 1, colours.line)


class CompareView(QWidget):
    """Two pictures on a stage, the modes above it, the words and parameters below.

    Signals:
        closed: Escape was pressed, or Close.
    """

    closed = Signal()

    def __init__(
        self, fulls: FullPictures, measure: Measure, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._fulls = fulls
        self._pair: Pair | None = None
        self.slider = SliderMode(self)
        self.beside = BesideMode(self)
        self.blink = BlinkMode(self)
        self.heat = HeatMode(measure, background, self)
        self._modes: tuple[Mode, ...] = (self.slider, self.beside, self.blink, self.heat)
        self._mode: Mode = self.slider
        self._bar = _Bar([mode.name for mode in self._modes], self)
        self.stage = Stage(self.slider, self)
        self.contrast = ContrastPanel(self)
        self._strip = Strip(self)
        self._swap = self._strip.add_button("Swap", "Swap before and after (X)", "refresh-cw")
        self._words = self._strip.add_button("Words", "Show or hide what else differs (I)", "info")
        self._close = self._strip.add_button("Close", "Back (Esc)", "x")
        self._build()
        self.setAccessibleName("Compare")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._acts = self._keys()
        self._connect()
        self.set_mode(self.slider)

    @property
    def mode(self) -> Mode:
        """How the two are compared now."""
        return self._mode

    @property
    def picture_ids(self) -> tuple[PictureId, PictureId] | None:
        """The pictures before and after."""
        return (self._pair.before.picture.id, self._pair.after.picture.id) if self._pair else None

    @property
    def messages(self) -> tuple[str, str]:
        """What is said in place of each picture."""
        return (self._pair.before.message, self._pair.after.message) if self._pair else ("", "")

    @property
    def facts(self) -> str:
        """What is said of the sizes of the two, and of the keys."""
        return self._strip.facts

    def compare(self, before: Subject, after: Subject) -> None:
        """Lay two pictures on one another, the line in the middle."""
        self.slider.set_position(0.5)
        self._show(Pair(before, after))
        self._ask_for_pictures()

    def swap(self) -> None:
        """Make the one before the one after."""
        if self._pair is not None:
            self._show(self._pair.swapped())

    def set_mode(self, mode: Mode) -> None:
        """Compare in another way."""
        if mode is not self._mode:
            self._mode.end()
        self._mode = mode
        for one in self._modes:
            if one.controls is not None:
                one.controls.setVisible(one is mode)
        self._bar.modes.set_value(mode.name)
        self.stage.set_mode(mode)
        self._begin()
        self._describe()

    def next_mode(self) -> None:
        """Go on to the next way to compare."""
        self.set_mode(self._modes[(self._modes.index(self._mode) + 1) % len(self._modes)])

    def toggle_contrast(self) -> None:
        """Show or hide what else differs."""
        self.contrast.setVisible(self.contrast.isHidden())
        self._words.setChecked(not self.contrast.isHidden())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = _Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        step = 0.1 if modifiers & Qt.KeyboardModifier.ShiftModifier else 0.02
        line = {
            _Key.Key_Left: self.slider.position - step,
            _Key.Key_Right: self.slider.position + step,
            _Key.Key_Home: 0.0,
            _Key.Key_End: 1.0,
        }
        if key in (_Key.Key_Plus, _Key.Key_Equal) or event.matches(QKeySequence.StandardKey.ZoomIn):
            self.stage.zoom_by(1)
        elif key == _Key.Key_Minus or event.matches(QKeySequence.StandardKey.ZoomOut):
            self.stage.zoom_by(-1)
        elif (key, modifiers) in self._acts:
            self._acts[key, modifiers]()
        elif key in line and self._mode is self.slider:
            self.slider.set_position(line[key])
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_for_pictures()
        self._begin()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._mode.end()
        for side in self._pair.sides if self._pair else ():
            side.full = None
        self._fulls.release()

    def _build(self) -> None:
        for mode in self._modes:
            if mode.controls is not None:
                self._bar.add_controls(mode.controls)
        self._words.setCheckable(True)
        self._words.setChecked(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._bar)
        layout.addWidget(self.stage, 1)
        layout.addWidget(self.contrast)
        layout.addWidget(self._strip)

    def _connect(self) -> None:
        for mode in self._modes:
            mode.changed.connect(self.stage.update)
        self._bar.modes.picked.connect(self._on_mode_picked)
        self._swap.clicked.connect(self.swap)
        self._words.clicked.connect(self.toggle_contrast)
        self._close.clicked.connect(self._on_close_clicked)
        self._fulls.ready.connect(self._on_full_ready)
        self._fulls.failed.connect(self._on_full_failed)

    def _keys(self) -> dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[], None]]:
        plain, control = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
        return {
            (_Key.Key_M, plain): self.next_mode,
            (_Key.Key_X, plain): self.swap,
            (_Key.Key_I, plain): self.toggle_contrast,
            (_Key.Key_Space, plain): self._on_space_pressed,
            (_Key.Key_0, control): self.stage.fit,
            (_Key.Key_1, control): lambda: self.stage.set_zoom(1.0),
            (_Key.Key_2, control): self.stage.fill,
            (_Key.Key_Escape, plain): self.closed.emit,
        }

    def _show(self, pair: Pair) -> None:
        self._pair = pair
        self.stage.set_pair(pair)
        self._begin()
        self._describe()
        before, after = pair.before, pair.after
        spans = contrast.words(before.picture.prompt, after.picture.prompt)
        parameters = contrast.parameters((before.picture, before.turn), (after.picture, after.turn))
        self.contrast.show_contrast(spans, parameters)

    def _ask_for_pictures(self) -> None:
        """Show the two as they are, at once where they are ready."""
        if self._pair is not None:
            for side in self._pair.sides:
                side.full = self._fulls.get(side.picture.id)
            self._fulls.want([self._pair.after.picture.id, self._pair.before.picture.id])

    def _begin(self) -> None:
        if self._pair is not None and self.isVisible():
            self._mode.begin(self._pair)

    def _describe(self) -> None:
        """Say which two these are, what can be done, and where their sizes differ."""
        pair = self._pair
        if pair is None:
            self._strip.describe("", "")
            return
        before, after = (prompts.first_line(side.picture.prompt) for side in pair.sides)
        self.setAccessibleDescription(f"Before: {before}. After: {after}.")
        first, second = (f"{side.size.width()} × {side.size.height()}" for side in pair.sides)
        sizes = first if pair.are_of_one_size else f"{first} fitted to {second}"
        self._strip.describe(self._mode.hint, sizes)

    def _on_mode_picked(self, name: str) -> None:
        self.set_mode(next(mode for mode in self._modes if mode.name == name))

    def _on_space_pressed(self) -> None:
        if self._mode is self.blink:
            self.blink.flip_by_hand()
        else:
            self.set_mode(self.blink)

    def _on_full_ready(self, picture_id: PictureId) -> None:
        for side in self._pair.sides if self._pair else ():
            if side.picture.id == picture_id:
                side.full, side.message = self._fulls.get(picture_id), ""
                self._refresh()

    def _on_full_failed(self, picture_id: PictureId, reason: str) -> None:
        for side in self._pair.sides if self._pair else ():
            if side.picture.id == picture_id:
                side.message = reason
                self._refresh()

    def _refresh(self) -> None:
        if self._pair is not None:
            self.stage.set_pair(self._pair)
            self._describe()

    def _on_close_clicked(self) -> None:
        self.closed.emit()
