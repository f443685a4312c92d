"""Enters into a database all that the folder tells: pictures by the stories beside them, and kept answers.

What a story tells wins over the row that is there; what only the row knows stays.
"""

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from imagine_desktop.domain.record import TurnState
from imagine_desktop.errors import LibraryError
from imagine_desktop.library import reentry
from imagine_desktop.library.files import answer_story
from imagine_desktop.library.integrity import walk
from imagine_desktop.library.sidecar import Sidecar, parse
from imagine_desktop.settings import SANDBOX

_USUAL_BYTES = 32 * 1024
_MOST_BYTES = 4 * 1024 * 1024  # of a sidecar
_READ_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_AT_ONCE = 2000
_ROOM = 1000  # for ids that pictures without a story may have had: no id is given twice

_ADD_TURN = """
INSERT INTO turns(id, session, created, state, prompt, model, aspect_ratio, resolution, quality, count,
                  delivery, profile, is_counted, estimate_ticks, cost_ticks, cost_source, attempt, sent_at,
                  done_at, x_request_id, model_served, retry_of, provider_id, is_stored, imported_from)
VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT(id) DO UPDATE SET
    state = CASE state WHEN 'charged' THEN state ELSE excluded.state END,
    error = CASE state WHEN 'charged' THEN error ELSE '' END,
    created = excluded.created, prompt = excluded.prompt, model = excluded.model,
    aspect_ratio = excluded.aspect_ratio, resolution = excluded.resolution, quality = excluded.quality,
    count = excluded.count, delivery = excluded.delivery, profile = excluded.profile,
    is_counted = excluded.is_counted, cost_ticks = COALESCE(excluded.cost_ticks, cost_ticks),
    cost_source = COALESCE(excluded.cost_source, cost_source),
    x_request_id = COALESCE(excluded.x_request_id, x_request_id),
    model_served = COALESCE(excluded.model_served, model_served)
"""
_ADD_PICTURE = """
INSERT INTO pictures(id, turn, position, state, created, path, mime, sha256, bytes, width, height, cost_ticks,
                     revised_prompt)
VALUES(?, ?, ?, 'saved', ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT(turn, position) DO UPDATE SET
    state = 'saved', created = excluded.created, path = excluded.path, mime = excluded.mime,
    sha256 = excluded.sha256, bytes = excluded.bytes, width = excluded.width, height = excluded.height,
    cost_ticks = excluded.cost_ticks, revised_prompt = excluded.revised_prompt, reason = ''
WHERE state != 'deleted'
"""
_ADD_SOURCE = """
INSERT OR IGNORE INTO turn_sources(turn, position, kind, name, picture, frozen) VALUES(?, ?, ?, ?, ?, ?)
"""
_ADD_PLACE = "INSERT OR IGNORE INTO pictures(turn, position, state, created, reason) VALUES(?, ?, ?, ?, ?)"
_ADD_SESSION = "INSERT OR IGNORE INTO sessions(id, name, created) VALUES(?, ?, ?)"
_HELD = "SELECT id, turn, position FROM pictures"
_NOT_FOUND = "No picture was found here when the library was rebuilt."
_Row = tuple[str | int | float | None, ...]


def enter(db: sqlite3.Connection, folder: Path) -> list[str]:
    """Enter the pictures and the kept answers, in a transaction of the caller's with foreign keys off.

    Returns the files, relative to the folder, that nothing tells about. Raises LibraryError or OSError.
    """
    answers = {path.stem: path for path in (folder / "spool").glob("*.resp")}
    holders = {number: (turn, place) for number, turn, place in db.execute(_HELD)}
    gathered = _Gathered(frozenset(answers), holders, left=[])
    for path, story in _stories(folder, gathered.left):
        if not gathered.take(path, story):
            gathered.left.append(path)
        if len(gathered.pictures) >= _AT_ONCE:
            _flush(db, gathered)
    _flush(db, gathered)
    _complete(db, gathered)
    for name in sorted(answers.keys() - gathered.places.keys()):
        try:
            reentry.enter(db, answer_story(answers[name]))
        except LibraryError:
            gathered.left.append(f"spool/{name}.resp")
    if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise LibraryError("The pictures' stories contradict each other.")
    return gathered.left


@dataclass(slots=True)
class _Gathered:
    """What was read so far, and rows that are still to be written. `holders` tells whose a picture's id is."""

    kept_answers: frozenset[str]
    holders: dict[int, tuple[str, int]]
    left: list[str]
    sessions: dict[int, tuple[str, float]] = field(default_factory=dict)
    places: dict[str, set[int]] = field(default_factory=dict)
    top_id: int = 0
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
            picture.revised_prompt,
        )
        place = (turn.id, picture.index)
        if self.holders.setdefault(picture.id, place) == place:
            self.pictures.append((picture.id, *row))
        else:  # two libraries in one folder: the later picture gets another id
            self.without_id.append((None, *row))
        self.top_id = max(self.top_id, picture.id)
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
                *turn.asked,
                int(turn.profile != SANDBOX.name and turn.imported_from is None),
                (cost or 0) if turn.estimate_ticks is None else turn.estimate_ticks,
                cost,
                turn.cost_source,
                turn.created,
                story.picture.created,
                turn.request_id,
                turn.model_served,
                turn.retry_of,
                turn.provider_id,
                int(turn.is_stored),
                turn.imported_from,
            )
        )
        if turn.count > 1 or story.picture.index:
            self.unfilled[turn.id] = (turn.count, turn.created, has_answer)
        for position, source in enumerate(story.sources):
            self.top_id = max(self.top_id, source.picture_id or 0)
            self.sources.append((turn.id, position, source.kind, source.name, source.picture_id, source.frozen))


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
    descriptor = os.open(path, _READ_FLAGS)
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
    db.executemany(_ADD_SESSION, [(number, name, begun) for number, (name, begun) in gathered.sessions.items()])
    db.execute(
        "UPDATE sqlite_sequence SET seq = MAX(seq, ?) WHERE name = 'pictures'", (gathered.top_id + _ROOM,)
    )
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
