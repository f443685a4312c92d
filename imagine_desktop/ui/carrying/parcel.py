"""What is dragged out of the window, in every form that somebody may ask for; each is made when asked for."""

import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QMetaType, QMimeData, QUrl
from PySide6.QtGui import QImage

from imagine_desktop.domain.record import PictureId
from imagine_desktop.errors import ImagineError

_PICTURE_IDS = "application/x-imagine-picture-ids"
_URLS, _TEXT, _IMAGE = "text/uri-list", "text/plain", "application/x-qt-image"
_PROCESS = secrets.token_hex(8)  # the ids of another process may be those of another library
_PATIENCE_S = 20.0  # a library on a disk that does not answer must not hold up the desktop for ever


@dataclass(frozen=True, slots=True)
class Contents:
    """The forms of some pictures, made in a thread: their files, their prompts, the pixels of a single one."""

    files: Callable[[], "Future[Sequence[Path]]"]
    prompts: Callable[[], "Future[str]"]
    image: Callable[[], "Future[QImage]"] | None


class Parcel(QMimeData):
    """Pictures of the library: their ids for this window, files, text and pixels for all others.

    `error` is why something that was asked for could not be given.
    """

    def __init__(self, ids: Sequence[PictureId], contents: Contents) -> None:
        super().__init__()
        self._ids = ids_as_bytes(ids)
        self._contents = contents
        self._made: dict[str, object] = {}
        self._formats = [_PICTURE_IDS, _URLS, _TEXT, *([_IMAGE] if contents.image else [])]
        self.error: ImagineError | None = None

    def formats(self) -> list[str]:
        return self._formats

    def hasFormat(self, mime_type: str) -> bool:
        return mime_type in self._formats

    def retrieveData(self, mime_type: str, _preferred: QMetaType | QMetaType.Type) -> object:
        if mime_type == _PICTURE_IDS:
            return QByteArray(self._ids)
        if mime_type not in self._made and mime_type in self._formats:
            try:
                self._made[mime_type] = self._make(mime_type)
            except ImagineError as error:
                self.error = error
            except TimeoutError:
                self.error = ImagineError("The pictures could not be read in time.")
        return self._made.get(mime_type)

    def _make(self, mime_type: str) -> object:
        contents = self._contents
        if mime_type == _URLS:
            return [QUrl.fromLocalFile(str(path)) for path in contents.files().result(_PATIENCE_S)]
        if mime_type == _TEXT:
            return contents.prompts().result(_PATIENCE_S)
        return contents.image().result(_PATIENCE_S) if contents.image else None


def eager(ids: Sequence[PictureId], files: Sequence[Path], image: QImage | None) -> QMimeData:
    """The same for the clipboard, which may be asked when this process has come to its end."""
    data = QMimeData()
    data.setData(_PICTURE_IDS, ids_as_bytes(ids))
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    if image is not None:
        data.setImageData(image)
    return data


def ids_as_bytes(ids: Sequence[PictureId]) -> bytes:
    """Pictures of this process's library, as they are dragged about in its window."""
    return f"{_PROCESS}:{','.join(map(str, ids))}".encode()


def ids_in(mime: QMimeData) -> tuple[PictureId, ...]:
    """The library pictures that something dragged or copied names, if it comes from this very process."""
    if not mime.hasFormat(_PICTURE_IDS):
        return ()
    process, _, numbers = bytes(mime.data(_PICTURE_IDS).data()).decode("ascii", "replace").partition(":")
    return tuple(PictureId(int(n)) for n in numbers.split(",")) if process == _PROCESS and numbers else ()
