"""The database brought up to date by numbered migrations, and the settings that every connection gets."""

import functools
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from imagine_desktop.errors import DiskFull, LibraryDamaged, LibraryError, LibraryTooNew
from imagine_desktop.library import backup, migrations

MIGRATIONS = migrations.ALL
_READING = "PRAGMA query_only=ON; PRAGMA trusted_schema=OFF;"
_PARTS = "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'trigger', 'view')"
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def connect(path: Path, *, makes_backup: bool = True) -> sqlite3.Connection:
    """A connection that writes, its tables brought up to date; a backup comes before any migration.

    Raises LibraryTooNew for a newer version's file, LibraryError for one that is no library.
    """
    # SQLite's log and shared memory take over who may read the file: it must not be SQLite that makes it.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with _opened(path, str(path)) as connection:
        version = _version(connection, path)  # before anything could be changed
        if version == 0 and connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None:
            raise LibraryError(f"{path} is another program's database.", "Nothing was changed.")
        if makes_backup and 0 < version < len(MIGRATIONS):
            backup.make(path)
        # FULL: with NORMAL a power cut loses every row since the last checkpoint.
        connection.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=OFF;"
            "PRAGMA trusted_schema=OFF; PRAGMA secure_delete=ON; PRAGMA fullfsync=ON;"
        )
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            # Foreign keys are off: a table that others refer to may be made anew. So they are checked.
            connection.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version={number};")
            if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
                connection.execute("ROLLBACK")
                raise LibraryDamaged(f"{path} cannot be brought up to date: its rows contradict each other.")
            connection.execute("COMMIT")
        connection.execute("PRAGMA foreign_keys=ON")
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that only reads. Raises LibraryTooNew or LibraryError as `connect` does."""
    return _reader(path, "mode=ro", _READING)


def connect_sealed(path: Path) -> sqlite3.Connection:
    """A connection that only reads and makes no file beside the database: for a full or a read-only disk.

    Only while nobody else can write: it takes no locks. A log that is still to be folded in is read through
    an index in memory; `immutable` would leave the log out.
    """
    return _reader(path, *_sealed(path))


@contextmanager
def adding_many(connection: sqlite3.Connection) -> Iterator[None]:
    """While many rows are added to a file that nobody sees yet; `texts.make_anew` then indexes all of them."""
    connection.executescript(migrations.NOT_KEPT_UP)
    yield
    connection.executescript(migrations.KEPT_UP)


def is_unmade(path: Path) -> bool:
    """Whether there is no table in a database yet: its maker was killed, or its disk full, before the first.

    Raises LibraryError for a file that is no database.
    """
    if not path.exists():
        return True
    how, settings = _sealed(path)
    with _opened(path, f"{path.absolute().as_uri()}?{how}") as connection, closing(connection):
        connection.executescript(settings)
        return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def require_present_tables(connection: sqlite3.Connection, path: Path) -> None:
    """Raises LibraryError where an older version wrote the file: its rows lack what this one reads."""
    if _version(connection, path) < len(MIGRATIONS):
        raise LibraryError(
            f"The library {path.parent} was written by an older version of this program.",
            "Open it once where it can be written: in the window, or by `imagine-desktop recover`.",
        )


def look_for_strangers(path: Path) -> list[str]:
    """What `strangers` finds in a file, before anything is written to it."""
    with closing(connect_sealed(path)) as connection:
        return strangers(connection, path)


def strangers(connection: sqlite3.Connection, path: Path) -> list[str]:
    """Triggers and views that this program did not make. Raises LibraryDamaged where a table is missing."""
    own = _own_parts(_version(connection, path))
    try:
        found = set(connection.execute(_PARTS))
    except sqlite3.DatabaseError as error:
        raise explained(error, f"{path} cannot be read as a library") from error
    except UnicodeDecodeError as error:
        raise _misnamed(path) from error
    missing = {name for kind, name, _ in own if kind == "table"} - {
        name for kind, name, _ in found if kind == "table"
    }
    if missing:
        raise LibraryDamaged(f"{path} cannot be read as a library: it has no table {min(missing)}.")
    return sorted(f"{kind} {name}" for kind, name, _ in found - own if kind != "table")


@functools.cache
def _own_parts(version: int) -> frozenset[tuple[str, str, str]]:
    """The tables, triggers and views of a version; each start compares with them twice."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
        for script in MIGRATIONS[:version]:
            model.executescript(script)
        return frozenset(model.execute(_PARTS))


def explained(error: sqlite3.DatabaseError, what: str) -> LibraryError:
    """An error of SQLite's as one that a person can act on; `what` is what did not work."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return DiskFull(f"{what}: the disk is full.", "Free some space.")
    if code in _DAMAGED:
        return LibraryDamaged(f"{what}: {error}.")
    return LibraryError(f"{what}: {error}.")


def _sealed(path: Path) -> tuple[str, str]:
    """How a connection is opened that takes no locks, and its settings."""
    log = path.with_name(path.name + "-wal")
    if not (log.is_file() and log.stat().st_size):
        return "immutable=1", _READING
    how = "mode=ro" if os.name == "nt" else "mode=ro&vfs=unix-none"
    return how, "PRAGMA locking_mode=EXCLUSIVE;" + _READING


def _reader(path: Path, how: str, settings: str) -> sqlite3.Connection:
    with _opened(path, f"{path.absolute().as_uri()}?{how}") as connection:
        connection.executescript(settings)
        if _version(connection, path) == 0:
            raise LibraryError(f"{path} is no library.")
    return connection


@contextmanager
def _opened(path: Path, address: str) -> Iterator[sqlite3.Connection]:
    """A connection that stays open unless preparing it fails."""
    try:
        connection = sqlite3.connect(
            address, uri=address.startswith("file:"), timeout=5, isolation_level=None, check_same_thread=False
        )
    except sqlite3.DatabaseError as error:
        raise LibraryError(f"{path} cannot be opened: {error}.") from error
    try:
        yield connection
    except sqlite3.DatabaseError as error:
        connection.close()
        raise explained(error, f"{path} cannot be read as a library") from error
    except UnicodeDecodeError as error:
        connection.close()
        raise _misnamed(path) from error
    except LibraryError:
        connection.close()
        raise


def _misnamed(path: Path) -> LibraryDamaged:
    return LibraryDamaged(f"{path} cannot be read as a library: its tables' names are damaged.")


def _version(connection: sqlite3.Connection, path: Path) -> int:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise LibraryTooNew(
            f"The library {path.parent} was written by a newer version of this program.",
            "Nothing was changed; install the newer version to use it.",
        )
    return version
