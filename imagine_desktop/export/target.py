"""Where exported files go: each appears whole under its name or not at all, and never over another unasked."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from imagine_desktop.export.naming import Names
from imagine_desktop.library import blobs

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class OnCollision(StrEnum):
    """What becomes of a file whose name is taken by one that was there before."""

    NUMBER = "number"
    SKIP = "skip"
    REPLACE = "replace"


class Target:
    """A folder, made where it is missing, and the names that this export has given in it.

    Raises DiskFull or LibraryError, as its methods do.
    """

    def __init__(self, folder: Path, on_collision: OnCollision = OnCollision.NUMBER) -> None:
        self.folder = folder
        self._on_collision = on_collision
        self._names = Names()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:
            reason = error if isinstance(error, OSError) else OSError("its name cannot be used")
            raise blobs.explained(reason, folder) from error

    def write(self, stem: str, extension: str, fill: Callable[[BinaryIO], None]) -> Path | None:
        """Have `fill` write a file under the name; None where it was skipped.

        `stem` is a safe name. Two files of one export never replace each other, whatever is chosen.
        """
        path = self.folder / next(self._names.candidates(stem, extension))
        if self._on_collision is OnCollision.SKIP and os.path.lexists(path):
            self._names.give(path.name)
            return None
        temporary = self.folder / f".{secrets.token_hex(8)}.part"
        try:
            with os.fdopen(os.open(temporary, _FLAGS, 0o644), "wb") as file:
                fill(file)
                file.flush()
                os.fsync(file.fileno())
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

    def _publish(self, temporary: Path, stem: str, extension: str) -> Path | None:
        if self._on_collision is OnCollision.REPLACE:
            path = self.folder / self._names.fresh(stem, extension)
            temporary.replace(path)
            return path
        names = self._names.candidates(stem, extension)
        while True:
            name = next(names)
            path = self.folder / name
            try:
                _rename_to_new(temporary, path)
            except FileExistsError:
                if self._on_collision is OnCollision.SKIP:  # it appeared while the file was being written
                    self._names.give(name)
                    return None
                continue
            self._names.give(name)
            return path


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
