"""The database's tables, by numbered migrations, and the settings that every connection gets."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from imagine_desktop.errors import DiskFull, LibraryDamaged, LibraryError, LibraryTooNew
from imagine_desktop.library import backup

_FIRST = """
CREATE TABLE sessions(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    created REAL NOT NULL
) STRICT;
CREATE TABLE turns(
    id TEXT PRIMARY KEY,              -- a ULID
    session INTEGER NOT NULL REFERENCES sessions,
    created REAL NOT NULL,
    state TEXT NOT NULL CHECK(state IN ('queued', 'sending', 'not sent', 'waiting', 'rejected', 'charged',
                                        'charged, no image', 'unknown')),
    prompt TEXT NOT NULL,
    model TEXT NOT NULL,
    aspect_ratio TEXT NOT NULL,
    resolution TEXT NOT NULL,
    quality TEXT,
    count INTEGER NOT NULL,
    delivery TEXT NOT NULL,
    profile TEXT NOT NULL,
    is_counted INTEGER NOT NULL,      -- 0: the sandbox's, shown and never counted as spent
    estimate_ticks INTEGER NOT NULL,
    cost_ticks INTEGER,
    cost_source TEXT,                 -- 'usage': the API said so; 'estimate': by the catalogue's prices
    attempt INTEGER NOT NULL DEFAULT 0,
    sent_at REAL,
    done_at REAL,
    http_status INTEGER,
    x_request_id TEXT,
    model_served TEXT,
    retry_of TEXT REFERENCES turns,
    error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX turns_by_session ON turns(session, id);
CREATE INDEX turns_unfinished ON turns(state) WHERE state IN ('queued', 'sending', 'waiting', 'unknown');
CREATE TABLE turn_sources(
    turn TEXT NOT NULL REFERENCES turns,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK(kind IN ('picture', 'file', 'address')),
    name TEXT NOT NULL,
    picture INTEGER REFERENCES pictures,
    frozen TEXT,                      -- the exact bytes taken from a file, relative to the folder
    PRIMARY KEY(turn, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX sources_by_picture ON turn_sources(picture) WHERE picture IS NOT NULL;
CREATE TABLE pictures(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    turn TEXT NOT NULL REFERENCES turns,
    position INTEGER NOT NULL,
    state TEXT NOT NULL CHECK(state IN ('pending', 'saved', 'withheld', 'lost', 'not made')),
    created REAL NOT NULL,
    url TEXT,
    path TEXT,                        -- relative to the folder
    mime TEXT,
    sha256 TEXT,
    bytes INTEGER NOT NULL DEFAULT 0,
    width INTEGER NOT NULL DEFAULT 0,
    height INTEGER NOT NULL DEFAULT 0,
    cost_ticks INTEGER,
    note TEXT NOT NULL DEFAULT '',
    UNIQUE(turn, position)
) STRICT;
CREATE INDEX pictures_pending ON pictures(turn) WHERE state = 'pending';
CREATE TABLE events(
    seq INTEGER PRIMARY KEY,
    turn TEXT NOT NULL,
    at REAL NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TABLE thumbnails(
    picture INTEGER PRIMARY KEY REFERENCES pictures,
    small BLOB NOT NULL,
    large BLOB NOT NULL
) STRICT;
"""
# Day and month are summed up before every paid request: at 50,000 turns in 0.3 ms by this index, without in 26.
_EXPENSES = """
CREATE INDEX turns_by_expense ON turns(COALESCE(sent_at, created)) WHERE is_counted;
"""

# What a lost answer is found by: the API's id of a deferred request, and the pictures' copies in its Files.
_TRACES = """
ALTER TABLE turns ADD COLUMN provider_id TEXT;
ALTER TABLE turns ADD COLUMN is_stored INTEGER NOT NULL DEFAULT 0;
ALTER TABLE pictures ADD COLUMN file_id TEXT;
CREATE INDEX pictures_with_copies ON pictures(id) WHERE file_id IS NOT NULL;
"""
# When a saved picture was last found to be what was delivered, and how its file looked then.
_CHECKS = """
CREATE TABLE checks(
    picture INTEGER PRIMARY KEY REFERENCES pictures,
    checked REAL NOT NULL,
    bytes INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL
) STRICT;
"""
# The prompt that the API made of the person's, where it tells.
_REVISED = "ALTER TABLE pictures ADD COLUMN revised_prompt TEXT NOT NULL DEFAULT '';"

# A person's own pictures: what their turn stands for instead of a request, and what tells a second copy.
_IMPORTS = """
ALTER TABLE turns ADD COLUMN imported_from TEXT;
CREATE INDEX pictures_by_content ON pictures(sha256) WHERE sha256 IS NOT NULL;
"""

MIGRATIONS = (_FIRST, _EXPENSES, _TRACES, _CHECKS, _REVISED, _IMPORTS)
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
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            "PRAGMA trusted_schema=OFF; PRAGMA secure_delete=ON; PRAGMA fullfsync=ON;"
        )
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            connection.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version={number}; COMMIT;")
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
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
        for script in MIGRATIONS[: _version(connection, path)]:
            model.executescript(script)
        own = set(model.execute(_PARTS))
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
