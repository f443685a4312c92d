"""A new database from a good earlier one and from the pictures with the stories beside them.

The old one is renamed and nothing is deleted. What no good database knows and no file tells, as the name that a
session was given last or a request without pictures, is in the renamed file alone.
"""

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from imagine_desktop.errors import DiskFull, LibraryDamaged, LibraryError
from imagine_desktop.library import backup, blobs, rescan, schema, swap, texts
from imagine_desktop.library.lock import LibraryLock

_NEW = f".{swap.DATABASE}.rebuilt"
_ALL_TEXT = (
    "SELECT * FROM sessions",
    "SELECT * FROM turns",
    "SELECT * FROM turn_sources",
    "SELECT * FROM pictures",
    "SELECT * FROM events",
    "SELECT * FROM collections",
    "SELECT * FROM members",
    "SELECT * FROM searches",
)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What the library holds now. `left` are files that nothing tells about.

    `base` is the database that was gone by, `replaced` where the old one is kept; None where there was none.
    """

    session_count: int
    turn_count: int
    picture_count: int
    left: tuple[str, ...]
    base: Path | None
    replaced: Path | None


def rebuild(folder: Path, holder: str) -> Rebuilt:
    """Make a library's database anew: from itself if it is whole, or the newest good backup, and the pictures.

    Interrupted at any moment, it can be done again. Raises LibraryBusy while another process has the library,
    DiskFull or LibraryError.
    """
    return _make_anew(folder, holder, None)


def restore(folder: Path, holder: str, chosen: Path | None = None) -> Rebuilt:
    """Go back to a backup, or to the newest good one, and enter the pictures that it does not know.

    Raises as `rebuild` does, and LibraryDamaged or LibraryError where the backup is not good, or none is.
    """
    backups = [chosen] if chosen is not None else backup.listed(folder)[::-1]
    if not backups:
        raise LibraryError(
            f"There is no backup in {folder}.", "`imagine-desktop library rebuild` goes by the pictures."
        )
    return _make_anew(folder, holder, backups)


def _make_anew(folder: Path, holder: str, bases: list[Path] | None) -> Rebuilt:
    new = folder / _NEW
    try:
        if not folder.is_dir():
            raise LibraryError(f"There is no library in {folder} yet.")
        lock = LibraryLock(folder, holder)
        try:
            swap.undo(folder)
            base = _begin(new, _own_bases(folder) if bases is None else bases, is_needed=bases is not None)
            rebuilt = _fill(folder, new, base)
            with new.open("rb+") as file:
                os.fsync(file.fileno())
            replaced = swap.put_in_place(folder, new)
        finally:
            lock.release()
    except OSError as error:
        raise blobs.explained(error, folder) from error
    except sqlite3.DatabaseError as error:
        raise schema.explained(error, "The library could not be rebuilt") from error
    counts, left = rebuilt
    return Rebuilt(*counts, tuple(left), base, replaced)


def _own_bases(folder: Path) -> list[Path]:
    path = folder / swap.DATABASE
    return [*([path] if path.exists() else []), *reversed(backup.listed(folder))]


def _begin(new: Path, bases: Iterable[Path], *, is_needed: bool) -> Path | None:
    """Copy the first base that is good; returns it. Raises what is wrong with the last one if one is needed."""
    wrong: LibraryError | None = None
    for base in bases:
        _clear(new)
        try:
            _copy(base, new)
        except DiskFull:
            raise
        except LibraryError as error:
            wrong = error
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            wrong = LibraryDamaged(f"{base} is damaged: {error}.")
        else:
            return base
    _clear(new)
    if wrong is not None and is_needed:
        raise wrong
    return None


def _clear(new: Path) -> None:
    for name in (new.name, *(new.name + log for log in swap.LOGS)):
        new.with_name(name).unlink(missing_ok=True)  # also of an earlier try that was interrupted


def _copy(base: Path, new: Path) -> None:
    """A good database's copy. Raises LibraryError, DatabaseError or UnicodeDecodeError for one that is not."""
    if not base.is_file():
        raise LibraryError(f"There is no backup {base}.")
    backup.check(base)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    os.close(os.open(new, flags, 0o600))
    backup.copy(base, new)
    strangers = schema.look_for_strangers(new)
    if strangers:
        raise LibraryError(f"{base} holds what this program did not make: {strangers[0]}.")
    schema.connect(new, makes_backup=False).close()  # brought up to date, it has every table
    with closing(schema.connect_sealed(new)) as db:
        if db.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise LibraryDamaged(f"{base} is damaged.")
        if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise LibraryDamaged(f"{base} is damaged: its rows contradict each other.")
        for sql in _ALL_TEXT:  # reads it: a changed byte may have left what is no text
            for _ in db.execute(sql):
                pass


def _fill(folder: Path, new: Path, base: Path | None) -> tuple[tuple[int, int, int], list[str]]:
    """Enter all that the folder tells; the counts of sessions, turns and saved pictures, and what is left."""
    with closing(schema.connect(new, makes_backup=False)) as db:
        # Nobody sees this file before it is whole: no log, one fsync, references checked at the end.
        db.executescript(
            "PRAGMA foreign_keys=OFF; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;PRAGMA cache_size=-65536;"
        )
        with schema.adding_many(db):
            db.execute("BEGIN")
            left = rescan.enter(db, folder)
            texts.make_anew(db)
            if base is not None:  # it may be another's, and what was checked then is checked anew
                db.execute("DELETE FROM checks")
            counts = db.execute(
                "SELECT (SELECT COUNT(*) FROM sessions), (SELECT COUNT(*) FROM turns),"
                " (SELECT COUNT(*) FROM pictures WHERE state = 'saved')"
            ).fetchone()
            db.execute("COMMIT")
        db.execute("PRAGMA journal_mode=WAL")
    return counts, left
