"""The library's connections: one that writes, one that reads for each thread that asks."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from imagine_desktop.errors import LibraryError
from imagine_desktop.library import blobs, schema, texts
from imagine_desktop.library.place import Place


class Access(StrEnum):
    """How a database is opened."""

    OWN = "own"  # by its one owner, for writing
    SHARED = "shared"  # for reading, beside an owner that may write
    SEALED = "sealed"  # for reading, while nobody can write


class Database:
    """`library.db` in a place, opened for writing by its owner, or only for reading."""

    def __init__(self, path: Path, place: Place, access: Access) -> None:
        self._path = path
        self._place = place
        self._connect_reader = schema.connect_sealed if access is Access.SEALED else schema.connect_reader
        self._write_lock = threading.Lock()
        self._thread = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._writer = schema.connect(path) if access is Access.OWN else None
        if self._writer is not None:
            path.chmod(0o600)
        try:
            if self._writer is not None:
                with self.transaction():
                    pass  # its end indexes what came in without this class: by a migration, by a rebuild
            # Also so that a damaged or newer file is reported when it is opened.
            schema.strangers(self.reader(), path)
            schema.require_present_tables(self.reader(), path)
        except LibraryError:
            self.close()
            raise

    @property
    def may_write(self) -> bool:
        """Whether transactions are possible."""
        return self._writer is not None

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A durable all-or-nothing change. Raises DiskFull, or LibraryError where this may only read."""
        if self._writer is None:
            raise LibraryError("The library is open for reading only.")
        self._place.require()
        with self._write_lock:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
                try:
                    yield self._writer
                    texts.refresh(self._writer)
                    self._writer.execute("COMMIT")
                except BaseException:
                    if self._writer.in_transaction:  # SQLite ends it by itself where the disk is full
                        self._writer.execute("ROLLBACK")
                    raise
            except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
                raise  # ours, not the file's
            except sqlite3.DatabaseError as error:
                raise schema.explained(error, "The library could not be written") from error
            except OSError as error:
                raise blobs.explained(error, self._path) from error

    def reader(self) -> sqlite3.Connection:
        """This thread's reading connection. Raises LibraryGone where it would be one to another folder."""
        connection: sqlite3.Connection | None = getattr(self._thread, "connection", None)
        if connection is None:
            self._place.require()
            connection = self._connect_reader(self._path)
            connection.row_factory = sqlite3.Row
            self._thread.connection = connection
            self._readers.append(connection)
        return connection

    def rows(self, sql: str, *values: str | float | None) -> list[sqlite3.Row]:
        """What a query finds. Raises LibraryError where the file is damaged or gone."""
        with self.reading() as db:
            return db.execute(sql, values).fetchall()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """This thread's reading connection. Raises LibraryError where the file is damaged or gone."""
        try:
            yield self.reader()
        except sqlite3.ProgrammingError:
            raise  # ours, not the file's
        except sqlite3.DatabaseError as error:
            raise schema.explained(error, "The library could not be read") from error

    def close(self) -> None:
        """Close every connection; the last one folds the write-ahead log into the file."""
        for reader in self._readers:
            reader.close()
        self._readers.clear()
        with self._write_lock:
            if self._writer is not None:
                self._writer.close()
                self._writer = None
