"""A new database from the pictures and the stories beside them; the old one is renamed, and nothing deleted.

What only the database knew is not in it: sessions without pictures, names given later, requests whose outcome
is unknown. A kept answer whose turn has a story is entered again by the next recovery.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from imagine_desktop.domain.record import TurnState
from imagine_desktop.errors import LibraryError
from imagine_desktop.library import blobs, schema
from imagine_desktop.library.integrity import walk
from imagine_desktop.library.lock import LibraryLock
from imagine_desktop.library.sidecar import Sidecar, parse
from imagine_desktop.settings import SANDBOX

_DATABASE = "library.db"
_NEW = ".library.db.rebuilt"
_LOGS = ("-wal", "-shm", "-journal")
_USUAL_BYTES = 32 * 1024
_MOST_BYTES = 4 * 1024 * 1024  # of a sidecar
_AT_ONCE = 2000
_ROOM = 1000  # for ids that pictures without a story may have had: no id is given twice

_ADD_TURN = """
INSERT INTO turns(id, session, created, state, prompt, model, aspect_ratio, resolution, quality, count,
                  delivery, profile, is_counted, estimate_ticks, cost_ticks, cost_source, attempt, sent_at,
                  done_at, x_request_id, model_served, retry_of, imported_from)
VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?)
"""
_ADD_PICTURE = """
INSERT INTO pictures(id, turn, position, state, created, path, mime, sha256, bytes, width, height, cost_ticks)
VALUES(?, ?, ?, 'saved', ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ADD_SOURCE = "INSERT INTO turn_sources(turn, position, kind, name, picture, frozen) VALUES(?, ?, ?, ?, ?, ?)"
_ADD_PLACE = "INSERT INTO pictures(turn, position, state, created, note) VALUES(?, ?, ?, ?, ?)"
_NOT_FOUND = "No picture was found here when the library was rebuilt."
_Row = tuple[str | int | float | None, ...]


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it. `left` are files that nothing tells about; `damaged` is where the old database is."""

    session_count: int
    turn_count: int
    picture_count: int
    left: tuple[str, ...]
    damaged: Path | None


def rebuild(folder: Path, holder: str) -> Rebuilt:
    """Make a library's database anew; interrupted at any moment, it can be done again.

    Raises LibraryBusy while another process has the library, DiskFull or LibraryError.
    """
    new = folder / _NEW
    try:
        if not folder.is_dir():
            raise LibraryError(f"There is no library in {folder} yet.")
        lock = LibraryLock(folder, holder)
        try:
            for part in (new, *(new.with_name(_NEW + log) for log in _LOGS)):
                part.unlink(missing_ok=True)  # of an earlier try that was interrupted
            gathered = _write(folder, new)
            with new.open("rb+") as file:
                os.fsync(file.fileno())
            damaged = _put_in_place(folder, new)
        finally:
            lock.release()
    except OSError as error:
        raise blobs.explained(error, folder) from error
    except sqlite3.DatabaseError as error:
        raise schema.explained(error, "The library could not be rebuilt") from error
    return Rebuilt(
        len(gathered.sessions),
        len(gathered.places),
        gathered.picture_count,
        tuple(gathered.left),
        damaged,
    )


@dataclass(slots=True)
class _Gathered:
    """What was read so far, and rows that are still to be written."""

    kept_answers: frozenset[str]
    sessions: dict[int, tuple[str, float]] = field(default_factory=dict)
    places: dict[str, set[int]] = field(default_factory=dict)
    ids: set[int] = field(default_factory=set)
    top_id: int = 0
    picture_count: int = 0
    left: list[str] = field(default_factory=list)
    turns: list[_Row] = field(default_factory=list)
    pictures: list[_Row] = field(default_factory=list)
    sources: list[_Row] = field(default_factory=list)
    unfilled: dict[str, tuple[int, float, bool]] = field(default_factory=dict)
    without_id: list[_Row] = field(default_factory=list)

    def take(self, path: str, story: Sidecar) -> bool:
        """Enter a picture; False where its place is another's already."""
        picture, turn = story.picture, story.turn
        places = self.places.get(turn.id)
        if places is None:
            places = self.places[turn.id] = set()
            self._take_turn(story)
        elif picture.index in places:
            return False
        places.add(picture.index)
        row = (
            turn.id,
            picture.index,
            picture.created,
            path,
            picture.mime,
            picture.sha256,
            picture.bytes,
            picture.width,
            picture.height,
            picture.cost_ticks,
        )
        if picture.id in self.ids:  # two libraries in one folder: the later picture gets another id
            self.without_id.append((None, *row))
        else:
            self.ids.add(picture.id)
            self.pictures.append((picture.id, *row))
        self.top_id = max(self.top_id, picture.id)
        self.picture_count += 1
        return True

    def _take_turn(self, story: Sidecar) -> None:
        turn, session = story.turn, story.session
        _, begun = self.sessions.get(session.id, ("", turn.created))
        self.sessions[session.id] = (session.name, min(begun, turn.created))
        has_answer = turn.id in self.kept_answers
        # Of the plain types: SQLite's module takes much longer for an enumeration's member or a truth value.
        state = (TurnState.SENDING if has_answer else TurnState.CHARGED).value
        cost = turn.cost_ticks
        self.turns.append(
            (
                turn.id,
                session.id,
                turn.created,
                state,
                turn.prompt,
                turn.model,
                turn.aspect_ratio,
                turn.resolution,
                turn.quality,
                turn.count,
                turn.delivery,
                turn.profile,
                int(turn.profile != SANDBOX.name and turn.imported_from is None),
                cost or 0,
                cost,
                turn.cost_source,
                turn.created,
                story.picture.created,
                turn.request_id,
                turn.model_served,
                turn.retry_of,
                turn.imported_from,
            )
        )
        if turn.count > 1 or story.picture.index:
            self.unfilled[turn.id] = (turn.count, turn.created, has_answer)
        for position, source in enumerate(story.sources):
            self.top_id = max(self.top_id, source.picture_id or 0)
            self.sources.append((turn.id, position, source.kind, source.name, source.picture_id, source.frozen))


def _write(folder: Path, new: Path) -> _Gathered:
    """Fill a new database with all that the folder tells."""
    answers = (folder / "spool").glob("*.resp")
    gathered = _Gathered(frozenset(path.stem for path in answers))
    with closing(schema.connect(new)) as db:
        # Nobody sees this file before it is whole: no log, one fsync, references checked at the end.
        db.executescript(
            "PRAGMA foreign_keys=OFF; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "PRAGMA cache_size=-65536; BEGIN;"
        )
        for path, story in _stories(folder, gathered.left):
            if not gathered.take(path, story):
                gathered.left.append(path)
            if len(gathered.pictures) >= _AT_ONCE:
                _flush(db, gathered)
        _flush(db, gathered)
        _complete(db, gathered)
        untold = sorted(gathered.kept_answers - gathered.places.keys())
        gathered.left.extend(f"spool/{turn}.resp" for turn in untold)
        db.execute("COMMIT")
        db.execute("PRAGMA journal_mode=WAL")
    return gathered


def _stories(folder: Path, left: list[str]) -> Iterator[tuple[str, Sidecar]]:
    """Every picture's path and story. A picture whose file is gone keeps its row: the file may come back."""
    pictures: set[str] = set()
    for path in walk(folder, "images"):
        if not path.endswith(".json"):
            pictures.add(path)
            continue
        try:
            story = parse(_read(f"{folder}/{path}"))
        except (LibraryError, OSError):
            left.append(path)
            continue
        picture = path[: -len(".json")]
        pictures.discard(picture)  # its name sorts before its story's
        yield picture, story
    left.extend(sorted(pictures))


def _read(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    try:
        data = os.read(descriptor, _USUAL_BYTES)
        return data if len(data) < _USUAL_BYTES else data + os.read(descriptor, _MOST_BYTES)
    finally:
        os.close(descriptor)


def _flush(db: sqlite3.Connection, gathered: _Gathered) -> None:
    db.executemany(_ADD_TURN, gathered.turns)
    db.executemany(_ADD_PICTURE, gathered.pictures)
    db.executemany(_ADD_SOURCE, gathered.sources)
    for rows in (gathered.turns, gathered.pictures, gathered.sources):
        rows.clear()


def _complete(db: sqlite3.Connection, gathered: _Gathered) -> None:
    """Sessions, places without a picture, and references to what is not here any more."""
    db.executemany(
        "INSERT INTO sessions(id, name, created) VALUES(?, ?, ?)",
        [(number, name, begun) for number, (name, begun) in gathered.sessions.items()],
    )
    db.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = 'pictures'", (gathered.top_id + _ROOM,))
    db.executemany(_ADD_PICTURE, gathered.without_id)
    for turn, (count, created, has_answer) in gathered.unfilled.items():
        missing = set(range(count)).difference(gathered.places[turn])
        if not missing:
            continue
        what = ("pending", created, "") if has_answer else ("not made", created, _NOT_FOUND)
        db.executemany(_ADD_PLACE, [(turn, position, *what) for position in sorted(missing)])
    db.execute(
        "UPDATE turn_sources SET picture = NULL"
        " WHERE picture NOTNULL AND picture NOT IN (SELECT id FROM pictures)"
    )
    db.execute(
        "UPDATE turns SET retry_of = NULL WHERE retry_of NOTNULL AND retry_of NOT IN (SELECT id FROM turns)"
    )
    if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise LibraryError("The pictures' stories contradict each other.")


def _put_in_place(folder: Path, new: Path) -> Path | None:
    """Give the new database its name; the old one, with its log, keeps its bytes under another."""
    path = folder / _DATABASE
    damaged = _free_name(folder)
    had_one = path.exists()
    for log in _LOGS:  # first: a log beside another database would be folded into it
        with suppress(FileNotFoundError):
            path.with_name(_DATABASE + log).rename(damaged.with_name(damaged.name + log))
    if had_one:
        try:
            os.link(path, damaged)  # so that there is a database at every moment
        except OSError:
            path.rename(damaged)
    new.replace(path)
    blobs.sync_folder(folder)
    return damaged if had_one else None


def _free_name(folder: Path) -> Path:
    """A name that nothing has, nor a log of an earlier try."""
    at = time.time()
    while True:
        name = f"{_DATABASE}.damaged-{time.strftime('%Y%m%d-%H%M%S', time.gmtime(at))}"
        if not any(folder.glob(name + "*")):
            return folder / name
        at += 1
