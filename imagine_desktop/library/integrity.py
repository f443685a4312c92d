"""Whether the library still holds what was delivered. What is wrong is told; nothing is changed or deleted."""

import json
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from imagine_desktop.domain.record import PictureId
from imagine_desktop.errors import LibraryError
from imagine_desktop.library import backup, blobs
from imagine_desktop.library.database import Database
from imagine_desktop.library.files import Files

_DAY_S = 86_400
_SHARE = 100  # a hundredth of the pictures a day
_AT_ONCE = 500
_READERS = 2  # one waits for the disk or opens files while the other computes

_SAVED = """
SELECT p.id, p.path, p.sha256, c.bytes, c.mtime_ns FROM pictures p LEFT JOIN checks c ON c.picture = p.id
WHERE p.state = 'saved'
"""
_AMONG = "AND p.id IN (SELECT value FROM json_each(?)) ORDER BY p.id"
_OLDEST = "ORDER BY c.checked, p.id LIMIT ?"  # what was never checked comes first


@dataclass(frozen=True, slots=True)
class Wrong:
    """A saved picture whose file is missing, or not what was delivered."""

    picture_id: PictureId
    is_missing: bool
    text: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A picture that was found whole, and how its file looked then."""

    picture_id: PictureId
    byte_count: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found. `read` are the whole pictures whose bytes were read; the others looked unchanged."""

    count: int
    wrong: tuple[Wrong, ...]
    read: tuple[Checked, ...]


class Integrity:
    """Checks a library's pictures against their rows, its folder for files of others, its database."""

    def __init__(self, folder: Path, database: Database, files: Files) -> None:
        self._folder = folder
        self._database = database
        self._files = files

    def verify(self, ids: Sequence[PictureId] | None = None, *, is_quick: bool = False) -> Verified:
        """Check those saved pictures, or all, by their content: about a gigabyte a second.

        Quick, a file that has the size and time at which it was found whole is not read again.
        """
        if ids is None:
            rows = self._database.rows(_SAVED + "ORDER BY p.id")
        else:
            rows = self._database.rows(_SAVED + _AMONG, json.dumps(list(ids)))
        wrong, read = [], []

        def check(row: sqlite3.Row) -> Wrong | Checked | None:
            before = (row["bytes"], row["mtime_ns"]) if is_quick else None
            return self._check(PictureId(row["id"]), row["path"], row["sha256"], before)

        with ThreadPoolExecutor(_READERS, thread_name_prefix="verify") as pool:
            for start in range(0, len(rows), _AT_ONCE):
                for found in pool.map(check, rows[start : start + _AT_ONCE]):
                    if isinstance(found, Wrong):
                        wrong.append(found)
                    elif found is not None:
                        read.append(found)
        self.remember(read)
        return Verified(len(rows), tuple(wrong), tuple(read))

    def verify_oldest(self) -> Verified | None:
        """Once a day, check a hundredth of the pictures: those whose last check is the longest ago."""
        [row] = self._database.rows(
            "SELECT COUNT(*) AS saved, (SELECT MAX(checked) FROM checks) AS last FROM pictures"
            " WHERE state = 'saved'"
        )
        if row["last"] is not None and 0 <= time.time() - row["last"] < _DAY_S:
            return None
        oldest = self._database.rows(_SAVED + _OLDEST, max(20, row["saved"] // _SHARE))
        return self.verify([PictureId(row["id"]) for row in oldest])

    def remember(self, checked: Sequence[Checked]) -> None:
        """Note when pictures were found whole, where this may write."""
        if not self._database.may_write:
            return
        now = time.time()
        for start in range(0, len(checked), _AT_ONCE):
            with self._database.transaction() as db:
                db.executemany(
                    "INSERT OR REPLACE INTO checks(picture, checked, bytes, mtime_ns) VALUES(?, ?, ?, ?)",
                    [
                        (one.picture_id, now, one.byte_count, one.mtime_ns)
                        for one in checked[start : start + _AT_ONCE]
                    ],
                )

    def foreign_files(self) -> list[str]:
        """Files among the pictures that no row names, relative to the folder. Links are not followed."""
        own = {str(row["path"]) for row in self._database.rows("SELECT path FROM pictures WHERE path NOTNULL")}
        return [
            path
            for path in walk(self._folder, "images")
            if path not in own and path.removesuffix(".json") not in own
        ]

    def check_database(self) -> None:
        """Raises LibraryDamaged where the database does not hold together."""
        backup.check(self._folder / "library.db")

    def _check(
        self,
        picture_id: PictureId,
        path: str | None,
        sha256: str | None,
        before: tuple[int | None, int | None] | None,
    ) -> Wrong | Checked | None:
        """None: it looks as it did when it was found whole."""
        try:
            file = self._files.absolute(path or "")
            if before is not None:
                looks = file.stat()
                if before == (looks.st_size, looks.st_mtime_ns):
                    return None
            digest, found = blobs.hash_file(file)
        except LibraryError as error:
            return Wrong(picture_id, False, error.message)
        except OSError as error:
            is_missing = isinstance(error, FileNotFoundError)
            return Wrong(picture_id, is_missing, f"{path} cannot be read: {error.strerror}.")
        if digest != sha256:
            return Wrong(picture_id, False, f"{path} is not what was delivered.")
        return Checked(picture_id, found.st_size, found.st_mtime_ns)


def walk(folder: Path, relative: str) -> Iterator[str]:
    """All below a folder that is no folder, in order, relative to the first; links are not followed."""
    found: list[str] = []
    _collect(folder, relative, found)
    return iter(found)


def _collect(folder: Path, relative: str, found: list[str]) -> None:
    try:
        with os.scandir(f"{folder}/{relative}") as entries:
            below = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except OSError:
        return
    for name, is_folder in below:
        if is_folder:
            _collect(folder, f"{relative}/{name}", found)
        else:
            found.append(f"{relative}/{name}")
