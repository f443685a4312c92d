"""Which picture stands in the centre, and which two are compared."""

from PySide6.QtCore import QObject, Signal

from imagine_desktop.domain.record import Picture, PictureId, PictureState
from imagine_desktop.library.library import Library
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.picture.about import About, read_about
from imagine_desktop.ui.picture.compare import CompareView
from imagine_desktop.ui.picture.pair import Subject
from imagine_desktop.ui.picture.viewer import PictureViewer

_ROWS_AHEAD = 64  # rows are read a page at a time, and a held key goes 30 rows a second


class Display(QObject):
    """Feeds the picture view and the comparison.

    Signals:
        shown: a picture now stands in the picture view; carries its PictureId.
        compared: two pictures now lie in the comparison.
        not_comparable: a sentence that says why there is nothing to compare with.
    """

    shown = Signal(object)
    compared = Signal()
    not_comparable = Signal(str)

    def __init__(
        self,
        library: Library,
        model: GalleryModel,
        thumbnails: Thumbnails,
        viewer: PictureViewer,
        compare: CompareView,
        background: Background,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._records = library.records
        self._model = model
        self._thumbnails = thumbnails
        self._viewer = viewer
        self._compare = compare
        self._background = background
        self._wanted: PictureId | None = None
        self._direction = 1
        self._is_reading = False
        self._is_due = False  # to be read again: it changed while it was read
        viewer.step_requested.connect(self.step)
        viewer.lineage_requested.connect(self._follow_lineage)
        viewer.picture_requested.connect(self.open)
        viewer.compare_with_requested.connect(self._on_compare_with_requested)

    def open(self, picture_id: PictureId) -> None:
        """Show a picture large: at once where the gallery knows it, and what the library knows of it after."""
        self._wanted = picture_id
        row = self._model.row_of(picture_id)
        picture = None if row is None else self._model.picture(row)
        if picture is not None:
            self._put(picture, row)
            self.shown.emit(picture_id)
        self._read_about()

    def renew(self, picture_id: PictureId) -> None:
        """Show a picture's newest state, if it is the one shown."""
        if self._viewer.picture_id == picture_id:
            self._read_about()

    def step(self, by: int) -> None:
        """Go to a neighbour in the gallery's order."""
        from_id = self._wanted or self._viewer.picture_id
        row = None if from_id is None else self._model.row_of(from_id)
        count = self._model.rowCount()
        if row is not None and 0 <= row + by < count:
            self._direction = by
            ahead = min(max(row + by * _ROWS_AHEAD, 0), count - 1)
            self._model.picture(ahead)
            self.open(self._model.id_at(row + by))

    def compare_with_parent(self, picture_id: PictureId) -> None:
        """Lay a picture on the one that it was made from."""

        def find() -> tuple[Subject, Subject] | None:
            picture = self._records.picture(picture_id)
            turn = None if picture is None else self._records.turn(picture.turn_id)
            parent = None if turn is None or turn.parent_id is None else self._records.picture(turn.parent_id)
            if picture is None or parent is None:
                return None
            return Subject(parent, self._records.turn(parent.turn_id)), Subject(picture, turn)

        self._background.run(find, self._show_comparison)

    def compare_two(self, before: PictureId, after: PictureId) -> None:
        """Lay any picture on any other."""
        if before == after:
            self.not_comparable.emit("Choose another picture to compare this one with.")
            return

        def find() -> tuple[Subject, Subject] | None:
            found = self._records.pictures([before, after])
            if len(found) < 2:
                return None
            first, second = (Subject(one, self._records.turn(one.turn_id)) for one in found)
            return first, second

        self._background.run(find, self._show_comparison)

    def _on_compare_with_requested(self, picture_id: PictureId) -> None:
        shown = self._viewer.picture_id
        if shown is not None:
            self.compare_two(picture_id, shown)

    def _follow_lineage(self, direction: int) -> None:
        shown = self._viewer.picture_id
        if shown is None:
            return

        def find() -> PictureId | None:
            if direction > 0:
                return next(iter(self._records.children(shown)), None)
            picture = self._records.picture(shown)
            turn = None if picture is None else self._records.turn(picture.turn_id)
            return None if turn is None else turn.parent_id

        self._background.run(find, lambda found: None if found is None else self.open(found))

    def _put(self, picture: Picture, row: int | None) -> None:
        preview = self._thumbnails.pixmap(picture.id)
        self._viewer.show_picture(picture, row=row, neighbours=self._neighbours(row), preview=preview)

    def _neighbours(self, row: int | None) -> list[PictureId]:
        """What may be looked at next, the likeliest first; only what is on the disk as far as is known."""
        if row is None:
            return []
        rows = (row + step * self._direction for step in (1, -1, 2))
        known = (self._model.picture(one) for one in rows if 0 <= one < self._model.rowCount())
        return [one.id for one in known if one is not None and one.state is PictureState.SAVED]

    def _read_about(self) -> None:
        """Read what is known of the picture wanted last; one read at a time, however fast they pass."""
        self._is_due = self._is_reading
        if self._is_reading or self._wanted is None:
            return
        self._is_reading = True
        wanted = self._wanted

        def failed(error: Exception) -> None:
            self._is_reading = False
            raise error

        self._background.run(
            lambda: read_about(self._library, wanted), lambda about: self._on_about(wanted, about), failed
        )

    def _on_about(self, picture_id: PictureId, about: About | None) -> None:
        self._is_reading = False
        if self._is_due:
            self._read_about()
        if about is not None and picture_id == self._wanted:
            is_new = self._viewer.picture_id != picture_id
            self._put(about.picture, self._model.row_of(picture_id))
            self._viewer.show_about(about)
            if is_new:
                self.shown.emit(picture_id)

    def _show_comparison(self, pair: tuple[Subject, Subject] | None) -> None:
        if pair is None:
            self.not_comparable.emit("This picture was not made from another one of the library.")
            return
        if any(one.picture.state is not PictureState.SAVED for one in pair):
            self.not_comparable.emit("One of the two is not here: only saved pictures can be compared.")
            return
        for one in pair:
            one.preview = self._thumbnails.pixmap(one.picture.id)
        self._compare.compare(*pair)
        self.compared.emit()
