"""What is wrong with the files of saved pictures; blocks, and is called in a thread."""

from collections.abc import Sequence
from enum import Enum

from imagine_desktop.domain.record import Picture, PictureId, PictureState
from imagine_desktop.errors import LibraryError
from imagine_desktop.imaging import decode
from imagine_desktop.library import blobs
from imagine_desktop.library.library import Library

_SLACK_S = 86_400.0  # a row is made when a picture is asked for, its file when it comes


class Flaw(Enum):
    """Something wrong with a picture's file: what a tile says of it, and a sentence more."""

    MISSING = ("File missing", "The picture's file is gone from the library's folder.")
    UNREADABLE = ("File unreadable", "The picture's file cannot be opened: look at the folder's permissions.")
    EMPTY = ("File empty", "The picture's file holds nothing.")
    REPLACED = ("File replaced", "The picture's file is not the one that was saved.")
    DAMAGED = ("File damaged", "The picture's file cannot be read as a picture.")

    def __init__(self, text: str, detail: str) -> None:
        self.text = text
        self.detail = detail


def flaws(library: Library, ids: Sequence[PictureId]) -> dict[PictureId, Flaw]:
    """Those of the pictures whose file is not as it was saved.

    A look at its size and time is enough for a file that nobody touched since its row was made; one that was
    is read whole, and compared by its hash.
    """
    found = {}
    for picture in library.records.pictures(ids):
        flaw = _flaw(library, picture)
        if flaw is not None:
            found[picture.id] = flaw
    return found


def _flaw(library: Library, picture: Picture) -> Flaw | None:
    if picture.state is not PictureState.SAVED or picture.path is None:
        return None
    try:
        path = library.files.absolute(picture.path)
        status = path.stat()
        if status.st_size == 0:
            return Flaw.EMPTY
        if status.st_size == picture.byte_count and status.st_mtime <= picture.created + _SLACK_S:
            return None
        data = path.read_bytes()
    except FileNotFoundError:
        return Flaw.MISSING
    except (OSError, LibraryError):
        return Flaw.UNREADABLE
    if len(data) == picture.byte_count and blobs.sha256(data) == picture.sha256:
        return None
    try:
        decode.examine(data)
    except decode.Undecodable:
        return Flaw.DAMAGED
    return Flaw.REPLACED
