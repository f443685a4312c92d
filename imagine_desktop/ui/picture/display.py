"""Which picture stands in the centre, and which two are compared."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from imagine_desktop.domain.record import Picture, PictureId, PictureState, Turn
from imagine_desktop.library.records import Records
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.picture.compare import CompareView
from imagine_desktop.ui.picture.viewer import PictureViewer


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
        records: Records,
        model: GalleryModel,
        thumbnails: Thumbnails,
        viewer: PictureViewer,
        compare: CompareView,
        background: Background,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._records = records
        self._model = model
        self._thumbnails = thumbnails
        self._viewer = viewer
        self._compare = compare
        self._background = background
        viewer.step_requested.connect(self.step)
        viewer.lineage_requested.connect(self._follow_lineage)

    def open(self, picture_id: PictureId) -> None:
        """Show a picture large."""
        self._read(picture_id, self._show)

    def renew(self, picture_id: PictureId) -> None:
        """Show a picture's newest state, if it is the one shown."""
        if self._viewer.picture_id == picture_id:
            self._read(picture_id, self._put)

    def step(self, by: int) -> None:
        """Go to a neighbour in the gallery's order."""
        shown = self._viewer.picture_id
        row = None if shown is None else self._model.row_of(shown)
        if row is not None and 0 <= row + by < self._model.rowCount():
            self.open(self._model.id_at(row + by))

    def compare_with_parent(self, picture_id: PictureId) -> None:
        """Lay a picture on the one that it was made from."""

        def find() -> tuple[Picture, Picture] | None:
            picture = self._records.picture(picture_id)
            turn = None if picture is None else self._records.turn(picture.turn_id)
            parent = None if turn is None or turn.parent_id is None else self._records.picture(turn.parent_id)
            return None if picture is None or parent is None else (parent, picture)

        self._background.run(find, self._show_comparison)

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

    def _read(self, picture_id: PictureId, done: Callable[[Picture, Turn | None], None]) -> None:
        def read() -> tuple[Picture, Turn | None] | None:
            picture = self._records.picture(picture_id)
            return None if picture is None else (picture, self._records.turn(picture.turn_id))

        self._background.run(read, lambda found: None if found is None else done(*found))

    def _show(self, picture: Picture, turn: Turn | None) -> None:
        self._put(picture, turn)
        self.shown.emit(picture.id)

    def _put(self, picture: Picture, turn: Turn | None) -> None:
        self._viewer.show_picture(picture, turn, self._thumbnails.pixmap(picture.id))

    def _show_comparison(self, pair: tuple[Picture, Picture] | None) -> None:
        if pair is None:
            self.not_comparable.emit("This picture was not made from another one of the library.")
            return
        before, after = pair
        if after.state is not PictureState.SAVED:
            self.not_comparable.emit("This picture is not here yet.")
            return
        pixmap = self._thumbnails.pixmap
        self._compare.compare(before, after, pixmap(before.id), pixmap(after.id))
        self.compared.emit()
