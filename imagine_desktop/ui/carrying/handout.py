"""Copies of the library's pictures for other programs, under names that a person can read.

Copies, not links: a program that saves what was dropped on it would write through a link into the library's own
file. They are made when somebody asks for them, as an export makes them, in a folder of this process, and go
when it ends; what a process that was killed left goes at a later start.
"""

import itertools
import os
import secrets
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

from imagine_desktop import paths
from imagine_desktop.domain.record import PictureId
from imagine_desktop.errors import BadInput, LibraryBusy
from imagine_desktop.export import exhibit
from imagine_desktop.export.copies import Style, copies
from imagine_desktop.export.naming import Names
from imagine_desktop.library import blobs
from imagine_desktop.library.library import Library
from imagine_desktop.library.lock import LibraryLock

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class Handout:
    """Makes the copies; every function blocks and may be called in any thread."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._root = paths.home() / "carried"
        self._numbers = itertools.count(1)
        self._making = threading.Lock()
        self._folder: Path | None = None
        self._lock: LibraryLock | None = None

    def copies(self, ids: Sequence[PictureId], style: Style) -> tuple[Path, ...]:
        """A file for each of the pictures that is saved, in order.

        Raises BadInput where none is, LibraryError where a picture's file is missing, or DiskFull.
        """
        chosen = exhibit.saved(self._library, ids)
        if not chosen:
            raise BadInput("Pictures", "none of them is saved yet")
        names, made = Names(), []
        try:
            folder = self._own_folder() / str(next(self._numbers))
            folder.mkdir(mode=0o700)
            for copy in copies(self._library, chosen, style):
                path = folder / names.fresh(copy.stem, copy.extension)
                with os.fdopen(os.open(path, _FLAGS, 0o600), "wb") as file:
                    file.write(copy.data)
                made.append(path)
        except OSError as error:
            raise blobs.explained(error, self._root) from error
        return tuple(made)

    def tidy(self) -> None:
        """Remove what processes left that are no more."""
        for folder in self._root.iterdir() if self._root.is_dir() else ():
            if folder != self._folder and folder.is_dir() and not folder.is_symlink():
                try:
                    LibraryLock(folder, "tidying").release()
                except (LibraryBusy, OSError):  # it is in use, or not ours to judge
                    continue
                shutil.rmtree(folder, ignore_errors=True)

    def close(self) -> None:
        """Remove the copies."""
        with self._making:
            if self._lock is not None:
                self._lock.release()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = self._lock = None

    def _own_folder(self) -> Path:
        """The folder of this process, locked for as long as it lives. Raises OSError."""
        with self._making:
            if self._folder is None:
                made = self._root / secrets.token_hex(8)
                made.mkdir(mode=0o700, parents=True)
                self._lock = LibraryLock(made, "a window")
                self._folder = made
            return self._folder
