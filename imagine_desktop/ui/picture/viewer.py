"""One picture, large: zoomed, moved about, and left for its neighbours."""

from collections.abc import Callable
from concurrent.futures import Future

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QPixmap
from PySide6.QtWidgets import QVBoxLayout, QWidget

from imagine_desktop.domain import prompts
from imagine_desktop.domain.pixels import Pixels
from imagine_desktop.domain.record import Picture, PictureId, PictureState, Turn
from imagine_desktop.errors import ImagineError
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.images import image_of
from imagine_desktop.ui.picture.canvas import Canvas
from imagine_desktop.ui.picture.mipmap import Mipmap
from imagine_desktop.ui.picture.strip import Strip, facts_of, prompt_tip

ReadFull = Callable[[PictureId], Pixels]

_Key = Qt.Key
_STEPS = {_Key.Key_Left: -1, _Key.Key_Right: 1}
_LINEAGE = {_Key.Key_Up: -1, _Key.Key_Down: 1}
_ZOOM_IN = (_Key.Key_Plus, _Key.Key_Equal)


class PictureViewer(QWidget):
    """Shows a picture by its thumbnail at once, and by itself as soon as it is decoded.

    Signals:
        step_requested: -1 for the one before in the gallery's order, 1 for the one after.
        lineage_requested: -1 for the picture it was made from, 1 for the first one made from it.
        edit_requested, compare_requested: the PictureId.
        save_requested: a list of one PictureId.
        menu_requested: where on the screen, and the PictureId.
        closed: Escape was pressed.
    """

    step_requested = Signal(int)
    lineage_requested = Signal(int)
    edit_requested = Signal(object)
    compare_requested = Signal(object)
    save_requested = Signal(object)
    menu_requested = Signal(QPoint, object)
    closed = Signal()

    def __init__(self, read_full: ReadFull, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._read_full = read_full
        self._background = background
        self._picture: Picture | None = None
        self._loading: Future[Mipmap] | None = None
        self._canvas = Canvas(self)
        self._strip = Strip(self)
        self._zoom = self._strip.add_button("100 %", "Fit (Ctrl+0) or 100 % (Ctrl+1)")
        self._compare = self._strip.add_button("Compare", "Compare with its source (C)", "git-compare")
        self._save = self._strip.add_button("Save as…", "Save a copy (Ctrl+S)", "download")
        self._edit = self._strip.add_button(
            "Edit this", "Make it the source of an edit (E)", "square-pen", is_quiet=False
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._canvas, 1)
        layout.addWidget(self._strip)
        self.setAccessibleName("Picture")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._canvas.zoom_changed.connect(self._on_canvas_zoom_changed)
        self._zoom.clicked.connect(self._on_zoom_clicked)
        self._compare.clicked.connect(self._on_compare_clicked)
        self._save.clicked.connect(self._on_save_clicked)
        self._edit.clicked.connect(self._on_edit_clicked)
        self._enable_buttons()

    @property
    def canvas(self) -> Canvas:
        """The surface that the picture lies on."""
        return self._canvas

    @property
    def picture_id(self) -> PictureId | None:
        """The picture shown."""
        return self._picture.id if self._picture else None

    def chosen(self) -> list[PictureId]:
        """The picture shown, where it is saved."""
        shown = self._picture
        return [shown.id] if shown is not None and shown.state is PictureState.SAVED else []

    def pulled_at(self, position: QPoint) -> list[PictureId]:
        """What the mouse drags away from there: a picture that is shown larger is moved about instead."""
        is_on_it = self._canvas.is_fit and self._canvas.target().contains(QPointF(position))
        return self.chosen() if is_on_it else []

    def show_picture(self, picture: Picture, turn: Turn | None = None, preview: QPixmap | None = None) -> None:
        """Show a picture; the one that is shown already keeps its zoom, and only its text is renewed."""
        before, self._picture = self._picture, picture
        prompt = turn.title if turn else picture.prompt
        title, tip = prompts.first_line(prompt, 300), prompt_tip(prompt, picture)
        self._strip.describe(title, facts_of(picture, turn), tip)
        self.setAccessibleDescription(tip if picture.revised_prompt else title)
        self._enable_buttons()
        if before is not None and (before.id, before.path) == (picture.id, picture.path):
            return
        if self._loading is not None:
            self._loading.cancel()
        self._canvas.show_preview(QSize(picture.width, picture.height), preview)
        if picture.state is PictureState.SAVED:
            self._load(picture.id)
        else:
            self._canvas.show_message(picture.reason or f"This picture is {picture.state.value}.")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = _Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        is_control = modifiers == Qt.KeyboardModifier.ControlModifier
        if is_control and key == _Key.Key_0:
            self._canvas.fit()
        elif is_control and key == _Key.Key_1:
            self._canvas.set_zoom(1.0)
        elif key in _ZOOM_IN or event.matches(QKeySequence.StandardKey.ZoomIn):
            self._canvas.zoom_by(1)
        elif key == _Key.Key_Minus or event.matches(QKeySequence.StandardKey.ZoomOut):
            self._canvas.zoom_by(-1)
        elif modifiers:
            super().keyPressEvent(event)
        elif key in _STEPS:
            self.step_requested.emit(_STEPS[key])
        elif key in _LINEAGE:
            self.lineage_requested.emit(_LINEAGE[key])
        elif key == _Key.Key_Escape:
            self.closed.emit()
        elif key == _Key.Key_E:
            self._on_edit_clicked()
        elif key == _Key.Key_C:
            self._on_compare_clicked()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._picture is not None:
            self.menu_requested.emit(event.globalPos(), self._picture.id)

    def _load(self, picture_id: PictureId) -> None:
        self._loading = self._background.run(
            lambda: Mipmap(image_of(self._read_full(picture_id))),
            lambda full: self._on_loaded(picture_id, full),
            lambda error: self._on_load_failed(picture_id, error),
        )

    def _on_loaded(self, picture_id: PictureId, full: Mipmap) -> None:
        if picture_id == self.picture_id:
            self._canvas.show_full(full)

    def _on_load_failed(self, picture_id: PictureId, error: Exception) -> None:
        if not isinstance(error, ImagineError):
            raise error
        if picture_id == self.picture_id:
            self._canvas.show_message(error.sentences)

    def _enable_buttons(self) -> None:
        is_saved = self._picture is not None and self._picture.state is PictureState.SAVED
        for button in (self._zoom, self._compare, self._save, self._edit):
            button.setEnabled(is_saved)

    def _on_canvas_zoom_changed(self, zoom: float) -> None:
        self._zoom.setText(f"{zoom * 100:.0f} %")

    def _on_zoom_clicked(self) -> None:
        if self._canvas.is_fit:
            self._canvas.set_zoom(1.0)
        else:
            self._canvas.fit()

    def _on_edit_clicked(self) -> None:
        if self._edit.isEnabled():
            self.edit_requested.emit(self.picture_id)

    def _on_compare_clicked(self) -> None:
        if self._compare.isEnabled():
            self.compare_requested.emit(self.picture_id)

    def _on_save_clicked(self) -> None:
        self.save_requested.emit([self.picture_id])
