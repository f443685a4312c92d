"""One picture, large: zoomed, moved about, and left for its neighbours."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QElapsedTimer, QPoint, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QHideEvent, QKeyEvent, QKeySequence, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from imagine_desktop.domain import prompts
from imagine_desktop.domain.record import Picture, PictureId, PictureState, Turn
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.picture.about import About
from imagine_desktop.ui.picture.canvas import Canvas
from imagine_desktop.ui.picture.details import Details
from imagine_desktop.ui.picture.filmstrip import Filmstrip
from imagine_desktop.ui.picture.full import FullPictures
from imagine_desktop.ui.picture.strip import Strip, facts_of, prompt_tip
from imagine_desktop.ui.picture.topbar import TopBar

_Key = Qt.Key
_WALKING_MS, _REST_MS = 200, 60  # a held key repeats every 25 to 50 ms; a busy computer is late
_ZOOM_IN = (_Key.Key_Plus, _Key.Key_Equal)


class PictureViewer(QWidget):
    """Shows a picture by its thumbnail at once, and by itself as soon as it is decoded.

    Signals:
        step_requested: -1 for the one before in the gallery's order, 1 for the one after.
        lineage_requested: -1 for the picture it was made from, 1 for the first one made from it.
        picture_requested: the PictureId of another one to show.
        edit_requested, compare_requested, star_requested, trash_requested: the PictureId.
        compare_with_requested: a PictureId to lay this one against.
        note_changed: the PictureId, and the person's new words about it.
        save_requested: a list of one PictureId.
        menu_requested: where on the screen, and the PictureId.
        closed: Escape was pressed.
    """

    step_requested = Signal(int)
    lineage_requested = Signal(int)
    picture_requested = Signal(object)
    edit_requested = Signal(object)
    compare_requested = Signal(object)
    compare_with_requested = Signal(object)
    star_requested = Signal(object)
    trash_requested = Signal(object)
    note_changed = Signal(object, str)
    save_requested = Signal(object)
    menu_requested = Signal(QPoint, object)
    closed = Signal()

    def __init__(
        self, fulls: FullPictures, model: GalleryModel, thumbnails: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._fulls = fulls
        self._model = model
        self._thumbnails = thumbnails
        self._picture: Picture | None = None
        self._neighbours: list[PictureId] = []
        self._changed = QElapsedTimer()
        self._is_walking = False
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._bar = TopBar(thumbnails, self)
        self._canvas = Canvas(self)
        self._details = Details(self)
        self._filmstrip = Filmstrip(model, thumbnails, self)
        self._strip = Strip(self)
        self._zoom = self._strip.add_button("100 %", "Fit (Ctrl+0), 100 % (Ctrl+1) or fill (Ctrl+2)")
        self._compare = self._strip.add_button("Compare", "Compare with its source (C)", "git-compare")
        self._save = self._strip.add_button("Save as…", "Save a copy (Ctrl+S)", "download")
        self._edit = self._strip.add_button(
            "Edit this", "Make it the source of an edit (E)", "square-pen", is_quiet=False
        )
        self._build()
        self.setAccessibleName("Picture")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._connect()
        self._acts = self._keys()
        self._enable_buttons()

    @property
    def canvas(self) -> Canvas:
        """The surface that the picture lies on."""
        return self._canvas

    @property
    def details(self) -> Details:
        """The panel with all that is known of the picture."""
        return self._details

    @property
    def filmstrip(self) -> Filmstrip:
        """The gallery's pictures in a row."""
        return self._filmstrip

    @property
    def bar(self) -> TopBar:
        """What stands above the picture."""
        return self._bar

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

    def show_picture(
        self,
        picture: Picture,
        *,
        row: int | None = None,
        neighbours: Sequence[PictureId] = (),
        preview: QPixmap | None = None,
    ) -> None:
        """Show a picture, which the gallery has at a row; one that is shown already keeps its zoom.

        The neighbours are decoded after it, in their order.
        """
        before, self._picture = self._picture, picture
        is_same = before is not None and before.id == picture.id
        if not is_same:
            self._describe(picture, None)
            self._bar.lineage.show_way((), 0)
            self._details.show_about(None, picture.id)
        self._bar.show_place(row, self._model.rowCount())
        self._filmstrip.set_current(picture.id, row)
        self._enable_buttons()
        if is_same and before is not None and before.path == picture.path:
            return
        if is_same:
            self._fulls.forget(picture.id)
        size = QSize(picture.width, picture.height)
        self._canvas.show_picture(size, preview, self._fulls.get(picture.id))
        self._neighbours = list(neighbours)
        self._is_walking = self._changed.isValid() and self._changed.elapsed() < _WALKING_MS
        self._changed.start()
        self._rest.stop()
        if self._is_walking:
            self._fulls.want([])  # what was passed is not decoded any more
        if picture.state is not PictureState.SAVED:
            self._canvas.show_message(picture.reason or f"This picture is {picture.state.value}.")

    def show_about(self, about: About) -> None:
        """Tell what the library knows of the picture that is shown."""
        self._picture = about.picture
        self._describe(about.picture, about.turn)
        self._bar.lineage.show_way((*about.ancestors, about.picture), about.picture.child_count)
        self._details.show_about(about, about.picture.id)
        self._enable_buttons()

    def toggle_details(self) -> None:
        """Show or hide all that is known of the picture."""
        self._details.setVisible(self._details.isHidden())
        self._show_toggles()

    def toggle_filmstrip(self) -> None:
        """Show or hide the row of pictures."""
        self._filmstrip.setVisible(self._filmstrip.isHidden())
        self._show_toggles()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = _Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key in _ZOOM_IN or event.matches(QKeySequence.StandardKey.ZoomIn):
            self._canvas.zoom_by(1)
        elif key == _Key.Key_Minus or event.matches(QKeySequence.StandardKey.ZoomOut):
            self._canvas.zoom_by(-1)
        elif (key, modifiers) in self._acts:
            self._acts[key, modifiers]()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._picture is not None:
            self.menu_requested.emit(event.globalPos(), self._picture.id)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._details.note.tell()
        self._fulls.release()

    def _build(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._canvas, 1)
        middle.addWidget(self._details)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._bar)
        layout.addLayout(middle, 1)
        layout.addWidget(self._filmstrip)
        layout.addWidget(self._strip)
        self._details.hide()
        self._show_toggles()

    def _connect(self) -> None:
        self._fulls.ready.connect(self._on_full_ready)
        self._fulls.failed.connect(self._on_full_failed)
        self._thumbnails.ready.connect(self._on_thumbnails_ready)
        self._canvas.seen.connect(self._on_canvas_seen)
        self._rest.timeout.connect(self._ask_for_pictures)
        self._canvas.zoom_changed.connect(self._on_canvas_zoom_changed)
        self._zoom.clicked.connect(self._on_zoom_clicked)
        self._compare.clicked.connect(self._on_compare_clicked)
        self._save.clicked.connect(self._on_save_clicked)
        self._edit.clicked.connect(self._on_edit_clicked)
        self._details.note_changed.connect(self.note_changed)
        self._details.note.left.connect(self.setFocus)
        self._bar.star.clicked.connect(self._on_star_clicked)
        self._bar.details.clicked.connect(self.toggle_details)
        self._bar.filmstrip.clicked.connect(self.toggle_filmstrip)
        self._bar.lineage.child_requested.connect(self._on_child_requested)
        for way in (self._bar.lineage, self._filmstrip):
            way.picked.connect(self.picture_requested)
            way.compare_requested.connect(self.compare_with_requested)

    def _keys(self) -> dict[tuple[Qt.Key, Qt.KeyboardModifier], Callable[[], None]]:
        plain, control = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
        return {
            (_Key.Key_0, control): self._canvas.fit,
            (_Key.Key_1, control): lambda: self._canvas.set_zoom(1.0),
            (_Key.Key_2, control): self._canvas.fill,
            (_Key.Key_Left, plain): partial(self.step_requested.emit, -1),
            (_Key.Key_Right, plain): partial(self.step_requested.emit, 1),
            (_Key.Key_Up, plain): partial(self.lineage_requested.emit, -1),
            (_Key.Key_Down, plain): partial(self.lineage_requested.emit, 1),
            (_Key.Key_Escape, plain): self.closed.emit,
            (_Key.Key_E, plain): self._on_edit_clicked,
            (_Key.Key_C, plain): self._on_compare_clicked,
            (_Key.Key_S, plain): self._on_star_clicked,
            (_Key.Key_Delete, plain): self._on_trash_requested,
            (_Key.Key_I, plain): self.toggle_details,
            (_Key.Key_F, plain): self.toggle_filmstrip,
        }

    def _describe(self, picture: Picture, turn: Turn | None) -> None:
        prompt = turn.title if turn else picture.prompt
        title, tip = prompts.first_line(prompt, 300), prompt_tip(prompt, picture)
        self._strip.describe(title, facts_of(picture, turn), tip)
        self.setAccessibleDescription(tip if picture.revised_prompt else title)

    def _enable_buttons(self) -> None:
        is_saved = self._picture is not None and self._picture.state is PictureState.SAVED
        for button in (self._zoom, self._compare, self._save, self._edit):
            button.setEnabled(is_saved)
        is_starred = self._picture is not None and self._picture.is_starred
        self._bar.show_star(is_on=is_starred, is_enabled=is_saved)

    def _show_toggles(self) -> None:
        self._bar.details.setChecked(not self._details.isHidden())
        self._bar.filmstrip.setChecked(not self._filmstrip.isHidden())

    def _on_canvas_seen(self) -> None:
        """Decode no sooner: it would hold up the first paint. While a key is held down, wait until it rests."""
        if self._is_walking:
            self._rest.start()
        else:
            self._ask_for_pictures()

    def _ask_for_pictures(self) -> None:
        is_saved = self._picture is not None and self._picture.state is PictureState.SAVED
        self._fulls.want([self._picture.id] if self._picture and is_saved else [], self._neighbours)

    def _on_full_ready(self, picture_id: PictureId) -> None:
        full = self._fulls.get(picture_id) if picture_id == self.picture_id else None
        if full is not None and not self._canvas.is_sharp:
            self._canvas.show_full(full)

    def _on_full_failed(self, picture_id: PictureId, reason: str) -> None:
        if picture_id == self.picture_id:
            self._canvas.show_message(reason)

    def _on_thumbnails_ready(self, picture_ids: Sequence[PictureId]) -> None:
        if self.picture_id in picture_ids and not self._canvas.is_sharp and self._picture is not None:
            preview = self._thumbnails.pixmap(self._picture.id)
            if preview is not None:
                self._canvas.show_preview(preview)

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

    def _on_star_clicked(self) -> None:
        self._enable_buttons()  # the star follows the library, not the click
        if self._bar.star.isEnabled():
            self.star_requested.emit(self.picture_id)

    def _on_trash_requested(self) -> None:
        if self._picture is not None:
            self.trash_requested.emit(self._picture.id)

    def _on_child_requested(self) -> None:
        self.lineage_requested.emit(1)
