"""What is on the screen first: the window in its final shape, with the newest pictures in it."""

from collections.abc import Iterable
from typing import NamedTuple, cast

from PySide6.QtCore import QObject, QTimer, Signal

from imagine_desktop.domain.record import Picture, PictureId, SessionId
from imagine_desktop.domain.sight import NO_FILTER, Found
from imagine_desktop.engine.pictures import PictureReader
from imagine_desktop.library.library import Library
from imagine_desktop.settings import Settings
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.gallery.contents import find, kept
from imagine_desktop.ui.gallery.flaws import Flaws
from imagine_desktop.ui.gallery.model import PAGE, GalleryModel
from imagine_desktop.ui.gallery.page import GalleryPage
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.shell.window import MainWindow

_AT_MOST_MS = 1000  # a slow disk holds up its pictures, not the rest of the window


class Newest(NamedTuple):
    """The session that is open at a start, if there is one, what the gallery shows, and its first rows."""

    session_id: SessionId | None
    found: Found
    pictures: list[Picture]


class Opening(QObject):
    """Owns the window and what shows pictures in it; the studio adds everything else once they are painted.

    Signals:
        painted: the newest pictures are on the screen, or there are none, or they are long in coming.
    """

    painted = Signal()

    def __init__(self, library: Library, settings: Settings) -> None:
        super().__init__()
        self.library = library
        self.background = Background(self)
        self.background.run(lambda: _read(library, settings), self._show)
        self.newest: Newest | None = None  # until it was read
        self.reader = PictureReader(library)
        self.model = GalleryModel(library.records.pictures, self.background, self)
        self.thumbnails = Thumbnails(self.reader.thumbnails, self.background, self)
        self.window = MainWindow(GalleryPage(self.model, self.thumbnails))
        self.window.arrange(settings.window, settings.panels)
        self.window.gallery.grid.set_tile_px(settings.tile_px)
        sight, _ = kept(settings)
        self.window.gallery.bar.show_scope(sight.scope)
        self.window.gallery.bar.show_filter(
            "…" if sight.filter != NO_FILTER else ""
        )  # it has its place at once
        self.window.gallery.grid.set_flaws(Flaws(self.reader.flaws, self.background, self))
        self.is_close_wanted = False  # asked for while nobody can answer yet
        self.window.close_requested.connect(self._on_close_requested)
        self._is_painted = False
        self._soon = QTimer(self, singleShot=True, interval=0)  # after the paint that is due
        self._soon.timeout.connect(self._on_painted)
        self.thumbnails.ready.connect(self._look)
        QTimer.singleShot(_AT_MOST_MS, self, self._on_painted)

    def _on_close_requested(self) -> None:
        self.is_close_wanted = True

    def _show(self, newest: Newest) -> None:
        if self._is_painted:
            return  # the studio reads anew what was so long in coming
        self.newest = newest
        if newest.found.ids:
            self.model.set_ids(
                cast(Iterable[PictureId], newest.found.ids), newest.pictures, newest.found.sections
            )
        self._look()

    def _look(self) -> None:
        """See whether there is nothing more to wait for."""
        grid = self.window.gallery.grid
        if self.newest is not None and not (self.newest.found.ids and grid.lacks_pictures()):
            self._soon.start()

    def _on_painted(self) -> None:
        if not self._is_painted:
            self._is_painted = True
            self.thumbnails.ready.disconnect(self._look)
            self.painted.emit()


def _read(library: Library, settings: Settings) -> Newest:
    session_id = library.records.newest_session_id()
    found = find(library.records, *kept(settings), session_id)
    return Newest(session_id, found, library.records.pictures([PictureId(one) for one in found.ids[:PAGE]]))
