"""Pictures on their way out: dragged to another program or to the prompt panel, or copied."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QFont, QGuiApplication, QImage, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from imagine_desktop.domain.record import PictureId
from imagine_desktop.engine.pictures import PictureReader
from imagine_desktop.errors import BadInput, ImagineError
from imagine_desktop.export.copies import Style
from imagine_desktop.library.library import Library
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.carrying import keeping
from imagine_desktop.ui.carrying.handout import Handout
from imagine_desktop.ui.carrying.parcel import Contents, Parcel, eager
from imagine_desktop.ui.images import image_of
from imagine_desktop.ui.shell.theme import STEP, Colours

_T = TypeVar("_T")
MOST_PICTURES = 200  # each becomes a file while somebody waits; what is more is an export
_MOST_PIXELS = 32_000_000  # as pixels for a program that takes no file; 128 MB
_PIXMAP_PX = 112
_MOST_SHOWN = 3


class Giving(QObject):
    """Hands pictures out as copies: nobody can move or change the library's own files.

    Signals:
        failed: an ImagineError.
    """

    failed = Signal(object)

    def __init__(
        self,
        library: Library,
        reader: PictureReader,
        background: Background,
        style: Callable[[], Style],
        thumbnail: Callable[[PictureId], QPixmap | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._library = library
        self._reader = reader
        self._background = background
        self._style = style
        self._thumbnail = thumbnail
        self._handout = Handout(library)

    def drag(self, source: QWidget, ids: Sequence[PictureId]) -> None:
        """Drag saved pictures from a widget, until the mouse lets go; called in a mouse event."""
        parcel = Parcel(ids, self._contents(ids))
        drag = QDrag(source)
        drag.setMimeData(parcel)
        shown = [pixmap for one in ids[:_MOST_SHOWN] if (pixmap := self._thumbnail(one)) is not None]
        drag.setPixmap(drag_pixmap(shown, len(ids), source.devicePixelRatioF(), source.palette()))
        drag.setHotSpot(QPoint(-2 * STEP, -2 * STEP))  # beside the pointer: what is below it stays in sight
        drag.exec(Qt.DropAction.CopyAction)
        if parcel.error is not None:
            self.failed.emit(parcel.error)

    def copy(self, ids: Sequence[PictureId]) -> None:
        """Put pictures on the clipboard as files, a single one as pixels too."""
        style = self._style()

        def make() -> tuple[Sequence[Path], QImage | None]:
            return self._files(ids, style), self._image(ids[0]) if len(ids) == 1 else None

        def put(made: tuple[Sequence[Path], QImage | None]) -> None:
            QGuiApplication.clipboard().setMimeData(eager(ids, *made))

        if ids:
            self._background.run(make, put, self._on_failed)

    def copy_prompt(self, picture_id: PictureId) -> None:
        """Put a picture's prompt on the clipboard."""

        def put(prompt: str) -> None:
            if prompt:
                QGuiApplication.clipboard().setText(prompt)
            else:
                self.failed.emit(BadInput("Prompt", "this picture has none"))

        self._background.run(lambda: self._prompts([picture_id]), put, self._on_failed)

    def tidy(self) -> None:
        """Remove what earlier processes left, off the window's thread."""

        def tidy() -> None:
            self._handout.tidy()
            keeping.tidy()

        self._background.run(tidy, lambda _: None)

    def close(self) -> None:
        """Remove the copies; nothing is handed out after this."""
        self._handout.close()

    def _contents(self, ids: Sequence[PictureId]) -> Contents:
        style = self._style()

        def files() -> "Future[Sequence[Path]]":
            return self._started(lambda: self._files(ids, style))

        def prompts() -> "Future[str]":
            return self._started(lambda: self._prompts(ids[:MOST_PICTURES]))

        def image() -> "Future[QImage]":
            return self._started(lambda: self._image(ids[0]) or QImage())

        return Contents(files, prompts, image if len(ids) == 1 else None)

    def _started(self, work: Callable[[], _T]) -> "Future[_T]":
        """Begin work whose error is the parcel's business."""
        return self._background.run(work, lambda _: None, lambda _: None)

    def _files(self, ids: Sequence[PictureId], style: Style) -> Sequence[Path]:
        if len(ids) > MOST_PICTURES:
            raise BadInput(
                "Pictures",
                f"{len(ids):,} are too many to be carried as files; {MOST_PICTURES} at most.",
                "Export them instead.",
            )
        return self._handout.copies(ids, style)

    def _prompts(self, ids: Sequence[PictureId]) -> str:
        """The pictures' prompts, each once."""
        return "\n\n".join(dict.fromkeys(p.prompt for p in self._library.records.pictures(ids) if p.prompt))

    def _image(self, picture_id: PictureId) -> QImage | None:
        """A picture's pixels, unless they are very many: then its file has to do."""
        picture = self._library.records.picture(picture_id)
        if picture is None or picture.width * picture.height > _MOST_PIXELS:
            return None
        return image_of(self._reader.full(picture_id))

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, ImagineError):
            raise error
        self.failed.emit(error)


def drag_pixmap(shown: Sequence[QPixmap], count: int, dpr: float, palette: QPalette) -> QPixmap:
    """What hangs on the pointer: the first pictures one over the other and, of several, how many there are."""
    colours = Colours.of(palette)
    side = _PIXMAP_PX + STEP * (_MOST_SHOWN - 1)
    made = QPixmap(QSize(side, side) * dpr)
    made.setDevicePixelRatio(dpr)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    for depth in reversed(range(min(count, _MOST_SHOWN))):
        place = QRectF(depth * STEP, (min(count, _MOST_SHOWN) - 1 - depth) * STEP, _PIXMAP_PX, _PIXMAP_PX)
        if depth < len(shown):
            size = QSize(shown[depth].size()).scaled(_PIXMAP_PX, _PIXMAP_PX, Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(place.left(), place.top(), size.width(), size.height())
            painter.drawPixmap(place, shown[depth], QRectF(shown[depth].rect()))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.setBrush(colours.raised)
        painter.setPen(QPen(colours.line, 1))
        painter.drawRect(place)
    if count > 1:
        _paint_count(painter, colours, count)
    painter.end()
    return made


def _paint_count(painter: QPainter, colours: Colours, count: int) -> None:
    font = QFont(painter.font())
    font.setBold(True)
    painter.setFont(font)
    text = f"{count:,}"
    width = max(24, painter.fontMetrics().horizontalAdvance(text) + 4 * STEP)
    badge = QRectF(STEP, _PIXMAP_PX - 24 - STEP, width, 24)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.accent)
    painter.drawRoundedRect(badge, 12, 12)
    painter.setPen(colours.on_accent)
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
