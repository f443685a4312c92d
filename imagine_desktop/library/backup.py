"""Backups of the library's database: whole and checked before they get their names, the newest ten kept."""

import calendar
import os
import re
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

from imagine_desktop.errors import DiskFull, LibraryDamaged, LibraryError
from imagine_desktop.library import blobs

KEPT = 10
_DAY_S = 86_400
_NAME = re.compile(r"library-(\d{8}-\d{6})\.db")
_TIME = "%Y%m%d-%H%M%S"


def listed(folder: Path) -> list[Path]:
    """The backups in a library's folder, the oldest first."""
    try:
        return sorted(path for path in (folder / "backups").iterdir() if _NAME.fullmatch(path.name))
    except OSError:
        return []


def is_due(path: Path) -> bool:
    """Whether a database has no backup, or changed since its last one, or that one is older than a day."""
    try:
        last_s = listed(path.parent)[-1].stat().st_mtime
    except (IndexError, OSError):
        return True
    changed_s = [part.stat().st_mtime for part in (path, path.with_name(path.name + "-wal")) if part.exists()]
    return max(changed_s, default=0.0) > last_s or not 0 <= time.time() - last_s < _DAY_S


def make(path: Path) -> Path:
    """Back up a database, also while its owner writes; returns the backup's file.

    Raises LibraryDamaged where the database is, and then no backup is dropped for it; DiskFull or LibraryError.
    """
    folder = path.parent / "backups"
    temporary = folder / f".library.{os.getpid()}.part"
    try:
        blobs.make_folder(folder)
        _drop_leftovers(folder)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        os.close(os.open(temporary, flags, 0o600))
        copy(path, temporary)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        backup = folder / _next_name(path.parent)
        temporary.replace(backup)
        blobs.sync_folder(folder)
        for old in listed(path.parent)[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise blobs.explained(error, folder) from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
    return backup


def check(path: Path) -> None:
    """Raises LibraryDamaged where a database does not hold together."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
            [found] = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        raise LibraryDamaged(f"{path} is damaged: {error}.") from error
    if found != "ok":
        raise LibraryDamaged(f"{path} is damaged: {' '.join(str(found).split())}.")


def copy(path: Path, to: Path) -> None:
    """Copy a database into an empty file, also while its owner writes, and check the copy. Raises as `make`."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
            connection.execute("VACUUM INTO ?", (str(to),))
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise LibraryDamaged(f"{path} is damaged: {error}.") from error
        if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
            raise DiskFull(f"No backup could be made: {error}.", "Free some space.") from error
        raise LibraryError(f"No backup could be made: {error}.") from error
    check(to)


def _next_name(folder: Path) -> str:
    """Named for the time, and always after the backups that there are, whatever the clock says."""
    now = int(time.time())
    for last in listed(folder)[-1:]:
        found = _NAME.fullmatch(last.name)
        with suppress(ValueError):
            now = max(now, calendar.timegm(time.strptime(found[1] if found else "", _TIME)) + 1)
    return f"library-{time.strftime(_TIME, time.gmtime(now))}.db"


def _drop_leftovers(folder: Path) -> None:
    """Remove what a killed process left half made."""
    for part in folder.glob(".library.*.part*"):
        if time.time() - part.stat().st_mtime > _DAY_S or part.name == f".library.{os.getpid()}.part":
            part.unlink(missing_ok=True)
