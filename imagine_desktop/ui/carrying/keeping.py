"""Pixels from the clipboard or a drop, kept as a file: everything that takes pictures takes files."""

import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from imagine_desktop import paths
from imagine_desktop.errors import LibraryError
from imagine_desktop.library import blobs

_FORMATS = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp", "image/gif": ".gif"}
_KEPT_S = 86_400.0  # what is sent is kept in the library; a draft does not keep its sources


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture as bytes that nobody has looked at yet or, where the system decodes, as an image."""

    data: bytes | QImage
    extension: str


def is_kind(mime_type: str) -> bool:
    """Whether the engine decodes pictures of that type."""
    return mime_type in _FORMATS


def pixels_of(mime: QMimeData) -> Pixels | None:
    """The picture that something dragged or copied holds; it must be taken out before the event is over."""
    for name, extension in _FORMATS.items():
        if data := bytes(mime.data(name).data()):
            return Pixels(data, extension)
    image = mime.imageData()
    return Pixels(QImage(image), ".png") if isinstance(image, QImage) and not image.isNull() else None


def keep(pixels: Pixels) -> Path:
    """Write a file of its own for them; blocks. Raises LibraryError."""
    folder = paths.home() / "pasted"
    stem = time.strftime("pasted %Y-%m-%d %H.%M.%S")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(1, 1000):
            name = f"{stem}{f' ({number})' if number > 1 else ''}{pixels.extension}"
            path = folder / name
            try:
                path.touch(0o600, exist_ok=False)
            except FileExistsError:
                continue
            _write(pixels.data, path)
            return path
    except OSError as error:
        raise blobs.explained(error, folder) from error
    raise LibraryError("The picture could not be kept.", "Wait a second and paste it again.")


def tidy() -> None:
    """Remove what was kept a day ago and longer; blocks."""
    folder = paths.home() / "pasted"
    for path in folder.glob("pasted *") if folder.is_dir() else ():
        try:
            if time.time() - path.lstat().st_mtime > _KEPT_S:
                path.unlink()
        except OSError:  # gone meanwhile, or to stay: it is tried again at every start
            continue


def _write(data: bytes | QImage, path: Path) -> None:
    if isinstance(data, bytes):
        path.write_bytes(data)
    elif not data.save(str(path)):
        path.unlink()
        raise LibraryError("The picture could not be kept.", "Is the disk full?")
