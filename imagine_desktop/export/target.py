"""Where exported files go: each appears whole under its name or not at all, and never over another unasked.

While a file is being written it has a hidden name, which its process holds locked. What a process that was
killed left under such a name is removed by the next export into the same folder.
"""

import os
import secrets
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from imagine_desktop.export.naming import Names
from imagine_desktop.library import blobs

if sys.platform != "win32":
    import fcntl

_PART, _END = ".imagine-", ".part"
_LEFT_S = 86_400.0  # where files cannot be locked, a part of which nothing was heard for so long is a leftover
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class OnCollision(StrEnum):
    """What becomes of a file whose name is taken by one that was there before."""

    NUMBER = "number"
    SKIP = "skip"
    REPLACE = "replace"


Ask = Callable[[Path], OnCollision]  # of the first name that is taken; the answer holds for all; may raise


class Target:
    """A folder, made where it is missing, and the names that this export has given in it.

    Raises DiskFull or LibraryError, as its methods do.
    """

    def __init__(self, folder: Path, on_collision: OnCollision | Ask = OnCollision.NUMBER) -> None:
        self.folder = folder
        self._on_collision = on_collision
        self._names = Names()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:
            reason = error if isinstance(error, OSError) else OSError("its name cannot be used")
            raise blobs.explained(reason, folder) from error
        _remove_leftovers(folder)

    def write(self, stem: str, extension: str, fill: Callable[[BinaryIO], None]) -> Path | None:
        """Have `fill` write a file under the name; None where it was skipped.

        `stem` is a safe name. Two files of one export never replace each other, whatever is chosen.
        """
        path = self.folder / next(self._names.candidates(stem, extension))
        if os.path.lexists(path) and self._decided(path) is OnCollision.SKIP:
            self._names.give(path.name)
            return None
        temporary = self.folder / f"{_PART}{secrets.token_hex(8)}{_END}"
        try:
            with os.fdopen(_opened(temporary), "wb") as file:
                fill(file)
                file.flush()
                os.fsync(file.fileno())
                if os.name != "nt":  # still locked, until it has its name; there an open file keeps its name
                    return self._publish(temporary, stem, extension)
            return self._publish(temporary, stem, extension)
        except OSError as error:
            raise blobs.explained(error, path) from error
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)

    def sync(self) -> None:
        """Make the names durable."""
        with suppress(OSError):  # some network folders cannot: the files themselves are written
            blobs.sync_folder(self.folder)

    def _decided(self, path: Path) -> OnCollision:
        """What becomes of a name that is taken; the first time somebody may be asked."""
        if not isinstance(self._on_collision, OnCollision):
            self._on_collision = self._on_collision(path)
        return self._on_collision

    def _publish(self, temporary: Path, stem: str, extension: str) -> Path | None:
        for name in self._names.candidates(stem, extension):
            path = self.folder / name
            try:
                if self._on_collision is OnCollision.REPLACE:
                    temporary.replace(path)
                else:
                    _rename_to_new(temporary, path)
            except FileExistsError:
                match self._decided(path):  # it may have appeared while the file was being written
                    case OnCollision.SKIP:
                        self._names.give(name)
                        return None
                    case OnCollision.NUMBER:
                        continue
                temporary.replace(path)
            self._names.give(name)
            return path
        raise AssertionError("there is always another name")


def _opened(path: Path) -> int:
    """Make a file and hold it for this process. Raises OSError.

    Windows lets nobody remove an open file; elsewhere it is locked, and made again where another export took it
    for a leftover before it was.
    """
    descriptor = os.open(path, _FLAGS, 0o644)
    if sys.platform != "win32":
        with suppress(OSError):  # a network folder without locks: see `_is_left`
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink == 0:
            os.close(descriptor)
            return _opened(path)
    return descriptor


def _remove_leftovers(folder: Path) -> None:
    """Remove what killed exports left, and nothing that another one is writing just now."""
    with suppress(OSError):
        for entry in list(os.scandir(folder)):
            if (
                entry.name.startswith(_PART)
                and entry.name.endswith(_END)
                and entry.is_file(follow_symlinks=False)
            ):
                with suppress(OSError):
                    if _is_left(entry.path):
                        Path(entry.path).unlink()


def _is_left(path: str) -> bool:
    """Whether nobody is writing a part any more. Raises OSError, as where its process holds it."""
    if sys.platform == "win32":
        return True  # its removal fails as long as it is open
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return time.time() - os.fstat(descriptor).st_mtime > _LEFT_S
    finally:
        os.close(descriptor)
    return True


def _rename_to_new(temporary: Path, path: Path) -> None:
    """Rename where the name is free, in one step; raises FileExistsError where it is not."""
    if os.name == "nt":
        temporary.rename(path)  # never replaces on Windows
        return
    try:
        os.link(temporary, path, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:  # FAT and some network folders have no links: take the name first, then replace it
        os.close(os.open(path, _FLAGS, 0o644))
        try:
            temporary.replace(path)
        except OSError:
            path.unlink()
            raise
