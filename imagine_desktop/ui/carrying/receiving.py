"""Pictures on their way in: dropped on the window, or pasted."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QGuiApplication

from imagine_desktop.domain.imports import Look
from imagine_desktop.engine import importing
from imagine_desktop.errors import BadInput
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.carrying import keeping
from imagine_desktop.ui.carrying.offer import Offer, offer_of
from imagine_desktop.ui.carrying.overlay import DropOverlay
from imagine_desktop.ui.carrying.zones import import_zone, source_zone
from imagine_desktop.ui.compose.draft import Draft
from imagine_desktop.ui.compose.intake import Intake
from imagine_desktop.ui.importing import Importing
from imagine_desktop.ui.shell.window import MainWindow

_PASTED = "Pasted"  # the session of pixels that are imported


class Receiving(QObject):
    """Shows where something can be dropped while it is dragged over the window, and takes it."""

    def __init__(
        self,
        draft: Draft,
        intake: Intake,
        importer: Importing,
        background: Background,
        read_only: Callable[[], str],
        window: MainWindow,
    ) -> None:
        super().__init__(window)
        self._draft = draft
        self._intake = intake
        self._importer = importer
        self._background = background
        self._read_only = read_only
        self._window = window
        self._offer = Offer()
        self._overlay = DropOverlay(window)
        self._overlay.dropped_as_source.connect(self.take_as_source)
        self._overlay.dropped_to_import.connect(self._import)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The window's own share: what enters it is met with the overlay, which hears of all that follows."""
        if isinstance(event, QDragEnterEvent):
            offer = offer_of(event.mimeData())
            is_own_text = event.source() is not None and not offer.picture_ids
            if not offer or is_own_text:
                return False
            self._begin(offer)
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            return True
        if event.type() is QEvent.Type.DragMove:
            return True
        if event.type() is QEvent.Type.DragLeave:
            QTimer.singleShot(0, self._overlay.end_unless_entered)
        return False

    def take_as_source(self, mime: QMimeData) -> None:
        """Make sources of pictures, and of a text a part of the prompt."""
        offer = offer_of(mime)
        if offer.picture_ids:
            self._intake.add_pictures(offer.picture_ids)
        elif offer.files:
            self._intake.take_files(offer.files)
        elif offer.addresses:
            self._intake.take_addresses(offer.addresses)
        elif offer.has_pixels and (pixels := keeping.pixels_of(mime)) is not None:
            self._intake.take_pixels(pixels)
        elif offer.text:
            self._window.panel.write(offer.text)
        else:
            what = (
                f"{offer.other} is no picture here"
                if offer.other
                else "there is no picture, file, address or text"
            )
            self._intake.refused.emit(BadInput("Sources", f"{what}; JPEG, PNG, WebP and GIF are taken"))

    def paste(self) -> None:
        """Take what the clipboard holds."""
        self.take_as_source(QGuiApplication.clipboard().mimeData() or QMimeData())  # None where it is empty

    def _import(self, mime: QMimeData) -> None:
        offer = offer_of(mime)
        if offer.files:
            self._importer.take(offer.files)
        elif (pixels := keeping.pixels_of(mime)) is not None:
            self._background.run(
                lambda: keeping.keep(pixels),
                lambda path: self._importer.take([path], _PASTED),
                self._intake.fail,
            )
        else:
            self._intake.refused.emit(BadInput("Import", "the picture was not handed over"))

    def _begin(self, offer: Offer) -> None:
        self._offer = offer
        panel, toolbar_px = self._window.panel, self._window.centre.mapTo(self._window, QPoint()).y()
        whole = self._window.rect().adjusted(0, toolbar_px, 0, -self._window.statusBar().height())
        self._overlay.place(whole, panel.width() if panel.isVisible() else whole.width() // 3)
        self._show(offer, None)
        if offer.files:
            self._background.run(lambda: importing.look(offer.files), lambda look: self._on_looked(offer, look))

    def _on_looked(self, offer: Offer, look: Look) -> None:
        if self._overlay.isVisible() and offer is self._offer:
            self._show(offer, look)

    def _show(self, offer: Offer, look: Look | None) -> None:
        used = len(self._draft.sources)
        self._overlay.show_zones(
            source_zone(offer, look, self._draft.offer, used), import_zone(offer, look, self._read_only())
        )
