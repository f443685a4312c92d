"""What a person does to the library, each act in one durable transaction that says how it is undone."""

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence

from imagine_desktop.domain import prompts
from imagine_desktop.domain.act import (
    LONGEST_NAME,
    LONGEST_NOTE,
    Act,
    Collect,
    Done,
    MakeCollection,
    MoveToSession,
    RemoveCollection,
    RenameCollection,
    RenameSession,
    Restore,
    SetNote,
    Several,
    Star,
    Trash,
    Uncollect,
)
from imagine_desktop.domain.record import CollectionId, PictureId, PictureState, SessionId, TurnId, TurnState
from imagine_desktop.domain.sight import Sight
from imagine_desktop.errors import BadInput
from imagine_desktop.library import emptying, searches, texts
from imagine_desktop.library.database import Database
from imagine_desktop.library.emptying import Emptied
from imagine_desktop.library.files import Files

_STATES = "SELECT id, state FROM pictures WHERE id IN (SELECT value FROM json_each(?))"
_SESSIONS_OF = """
SELECT DISTINCT t.session FROM pictures p JOIN turns t ON t.id = p.turn
WHERE p.id IN (SELECT value FROM json_each(?)) ORDER BY 1
"""
_STAR = """
UPDATE pictures SET is_starred = ?2
WHERE id IN (SELECT value FROM json_each(?1)) AND is_starred != ?2 RETURNING id
"""
_TRASH = """
UPDATE pictures SET trashed = ?2
WHERE id IN (SELECT value FROM json_each(?1)) AND trashed IS NULL RETURNING id
"""
_RESTORE = """
UPDATE pictures SET trashed = NULL
WHERE id IN (SELECT value FROM json_each(?)) AND trashed IS NOT NULL RETURNING id
"""
_COLLECT = """
INSERT INTO members(collection, picture) SELECT ?2, value FROM json_each(?1)
WHERE value NOT IN (SELECT picture FROM members WHERE collection = ?2) RETURNING picture
"""
_UNCOLLECT = """
DELETE FROM members WHERE collection = ?2 AND picture IN (SELECT value FROM json_each(?1)) RETURNING picture
"""
_TURNS = "SELECT id, session, state FROM turns WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
_MOVE = "UPDATE turns SET session = ?2 WHERE id IN (SELECT value FROM json_each(?1)) AND session != ?2"
_PICTURES_OF = "SELECT id FROM pictures WHERE turn IN (SELECT value FROM json_each(?)) ORDER BY id"
_KEEP_SEARCH = "INSERT INTO searches(name, sight) VALUES(?, ?)"
_UNDER_WAY = (TurnState.QUEUED, TurnState.SENDING, TurnState.WAITING)


class Curation:
    """Writes stars, notes, collections, the trash, and saved searches."""

    def __init__(self, database: Database, files: Files) -> None:
        self._database = database
        self._files = files

    def do(self, act: Act) -> Done:
        """Do an act, wholly or not at all.

        Raises BadInput where it cannot be done, LibraryError where nothing can be written.
        """
        with self._database.transaction() as db:
            return _do(db, act)

    def empty_trash(self, on_progress: Callable[[int, int], None], is_stopped: Callable[[], bool]) -> Emptied:
        """Remove what is in the trash for good; `on_progress` hears how many pictures of how many are done.

        Stopped, or killed, it has removed each picture wholly or not at all; see `emptying`.
        """
        return emptying.empty(self._database, self._files, on_progress, is_stopped)

    def finish_emptying(self) -> None:
        """Remove what a dead process had begun to remove."""
        emptying.finish(self._database, self._files)

    def keep_search(self, name: str, sight: Sight) -> None:
        """Keep a search under a name; one that has the name is replaced. Raises BadInput for a bad name."""
        name = _name(name, "Search")
        with self._database.transaction() as db:
            _drop_search(db, name)
            db.execute(_KEEP_SEARCH, (name, searches.write(sight)))

    def drop_search(self, name: str) -> None:
        """Forget a saved search."""
        with self._database.transaction() as db:
            _drop_search(db, name)


def _do(db: sqlite3.Connection, act: Act) -> Done:
    match act:
        case Star():
            return _star(db, act)
        case SetNote():
            return _set_note(db, act)
        case Trash():
            return _trash(db, act)
        case Restore():
            return _restore(db, act)
        case MakeCollection():
            return _make_collection(db, act)
        case RenameCollection():
            return _rename_collection(db, act)
        case RemoveCollection():
            return _remove_collection(db, act)
        case Collect():
            return _collect(db, act)
        case Uncollect():
            return _uncollect(db, act)
        case MoveToSession():
            return _move(db, act)
        case RenameSession():
            return _rename_session(db, act)
        case Several():
            return _several(db, act)


def _star(db: sqlite3.Connection, act: Star) -> Done:
    ids = _present(db, act.picture_ids)
    changed = _pictures(db.execute(_STAR, (ids, int(act.is_on))))
    text = f"{_count(changed)} starred." if act.is_on else f"{_count(changed)} without a star."
    return Done(text, Star(changed, not act.is_on), changed)


def _set_note(db: sqlite3.Connection, act: SetNote) -> Done:
    ids = _present(db, (act.picture_id,))
    text = prompts.normalised(act.text)
    if len(text) > LONGEST_NOTE:
        raise BadInput("Note", f"it has {len(text):,} characters, {LONGEST_NOTE:,} is the most")
    [before] = db.execute("SELECT note FROM pictures WHERE id = ?", (act.picture_id,)).fetchone()
    db.execute("UPDATE pictures SET note = ? WHERE id IN (SELECT value FROM json_each(?))", (text, ids))
    changed = (act.picture_id,) if text != before else ()
    return Done("Note kept." if text else "Note removed.", SetNote(act.picture_id, before), changed)


def _trash(db: sqlite3.Connection, act: Trash) -> Done:
    ids = _present(db, act.picture_ids)
    for number, state in db.execute(_STATES, (ids,)):
        if state == PictureState.PENDING:
            raise BadInput("Trash", f"picture {number} is still on its way", "Wait until its job has ended.")
    changed = _pictures(db.execute(_TRASH, (ids, time.time())))
    return Done(f"{_count(changed)} moved to the trash.", Restore(changed), changed, _sessions(db, changed))


def _restore(db: sqlite3.Connection, act: Restore) -> Done:
    changed = _pictures(db.execute(_RESTORE, (_present(db, act.picture_ids),)))
    return Done(f"{_count(changed)} restored.", Trash(changed), changed, _sessions(db, changed))


def _make_collection(db: sqlite3.Connection, act: MakeCollection) -> Done:
    name = _free_name(db, act.name)
    if act.id is not None and _has_collection(db, act.id):
        raise BadInput("Collection", f"there is a collection {act.id} already")
    created = time.time() if act.created is None else act.created
    cursor = db.execute("INSERT INTO collections(id, name, created) VALUES(?, ?, ?)", (act.id, name, created))
    number = CollectionId(int(cursor.lastrowid or 0))
    added = _pictures(db.execute(_COLLECT, (_present(db, act.picture_ids), number)))
    return Done(f"Collection {name} made.", RemoveCollection(number), added, collection_id=number)


def _rename_collection(db: sqlite3.Connection, act: RenameCollection) -> Done:
    before = _collection_name(db, act.id)
    name = _free_name(db, act.name, but=act.id)
    db.execute("UPDATE collections SET name = ? WHERE id = ?", (name, act.id))
    return Done(f"{before} is called {name} now.", RenameCollection(act.id, before), collection_id=act.id)


def _remove_collection(db: sqlite3.Connection, act: RemoveCollection) -> Done:
    name = _collection_name(db, act.id)
    [created] = db.execute("SELECT created FROM collections WHERE id = ?", (act.id,)).fetchone()
    members = _pictures(db.execute("DELETE FROM members WHERE collection = ? RETURNING picture", (act.id,)))
    db.execute("DELETE FROM collections WHERE id = ?", (act.id,))
    inverse = MakeCollection(name, members, act.id, created)
    return Done(f"Collection {name} removed; its pictures stay.", inverse, members, collection_id=act.id)


def _collect(db: sqlite3.Connection, act: Collect) -> Done:
    name, number = _collection_name(db, act.collection_id), act.collection_id
    added = _pictures(db.execute(_COLLECT, (_present(db, act.picture_ids), number)))
    return Done(f"{_count(added)} added to {name}.", Uncollect(number, added), added, collection_id=number)


def _uncollect(db: sqlite3.Connection, act: Uncollect) -> Done:
    name, number = _collection_name(db, act.collection_id), act.collection_id
    gone = _pictures(db.execute(_UNCOLLECT, (json.dumps(act.picture_ids), number)))
    return Done(f"{_count(gone)} taken out of {name}.", Collect(number, gone), gone, collection_id=number)


def _move(db: sqlite3.Connection, act: MoveToSession) -> Done:
    name = _session_name(db, act.session_id)
    before: dict[SessionId, list[TurnId]] = {}
    rows = db.execute(_TURNS, (json.dumps(act.turn_ids),)).fetchall()
    missing = set(act.turn_ids) - {row[0] for row in rows}
    if missing:
        raise BadInput("Turns", f"there is no turn {min(missing)} in the library")
    for turn, session, state in rows:
        if state in _UNDER_WAY:
            raise BadInput("Turns", "one of them is still under way", "Wait until its job has ended.")
        if session != act.session_id:
            before.setdefault(session, []).append(turn)
    moved = [turn for turns in before.values() for turn in turns]
    db.execute(_MOVE, (json.dumps(moved), act.session_id))
    back = tuple(MoveToSession(tuple(turns), session) for session, turns in before.items())
    turns = f"{len(moved)} turn{'' if len(moved) == 1 else 's'}"
    return Done(
        f"{turns} moved to {name or 'another session'}.",
        back[0] if len(back) == 1 else Several(back),
        _pictures(db.execute(_PICTURES_OF, (json.dumps(moved),))),
        tuple(sorted({act.session_id, *before})),
    )


def _rename_session(db: sqlite3.Connection, act: RenameSession) -> Done:
    before = _session_name(db, act.session_id)
    # One without turns may have no name: it takes the beginning of its first prompt.
    is_new = db.execute("SELECT 1 FROM turns WHERE session = ? LIMIT 1", (act.session_id,)).fetchone() is None
    name = "" if is_new and not act.name else _name(act.name, "Session")
    db.execute("UPDATE sessions SET name = ? WHERE id = ?", (name, act.session_id))
    text = f"The session is called {name} now." if name else "The session has no name now."
    return Done(text, RenameSession(act.session_id, before), session_ids=(act.session_id,))


def _several(db: sqlite3.Connection, act: Several) -> Done:
    done = [_do(db, one) for one in act.acts]
    return Done(
        " ".join(one.text for one in done),
        Several(tuple(one.inverse for one in reversed(done))),
        tuple(dict.fromkeys(number for one in done for number in one.picture_ids)),
        tuple(dict.fromkeys(number for one in done for number in one.session_ids)),
    )


def _present(db: sqlite3.Connection, ids: Sequence[PictureId]) -> str:
    """The ids as JSON, each once. Raises BadInput where one is of no picture, or of one that was deleted."""
    listed = json.dumps(sorted(set(ids)))
    states = dict(db.execute(_STATES, (listed,)).fetchall())
    for number in sorted(set(ids)):
        if number not in states:
            raise BadInput("Pictures", f"there is no picture {number} in the library")
        if states[number] == PictureState.DELETED:
            raise BadInput("Pictures", f"picture {number} was deleted")
    return listed


def _pictures(rows: Iterable[tuple[int]]) -> tuple[PictureId, ...]:
    return tuple(sorted(PictureId(row[0]) for row in rows))


def _sessions(db: sqlite3.Connection, ids: Sequence[PictureId]) -> tuple[SessionId, ...]:
    return tuple(SessionId(row[0]) for row in db.execute(_SESSIONS_OF, (json.dumps(ids),)))


def _count(ids: Sequence[PictureId]) -> str:
    return f"{len(ids):,} picture{'' if len(ids) == 1 else 's'}"


def _name(text: str, field: str) -> str:
    """A name on one line. Raises BadInput for none, or one that is too long."""
    name = " ".join(prompts.normalised(text).split())
    if not name:
        raise BadInput(field, "it needs a name")
    if len(name) > LONGEST_NAME:
        raise BadInput(field, f"its name has {len(name):,} characters, {LONGEST_NAME} is the most")
    return name


def _free_name(db: sqlite3.Connection, text: str, but: CollectionId | None = None) -> str:
    name = _name(text, "Collection")
    for number, taken in db.execute("SELECT id, name FROM collections").fetchall():
        if number != but and texts.fold(taken) == texts.fold(name):
            raise BadInput("Collection", f"there is one called {taken} already")
    return name


def _has_collection(db: sqlite3.Connection, number: CollectionId) -> bool:
    return db.execute("SELECT 1 FROM collections WHERE id = ?", (number,)).fetchone() is not None


def _collection_name(db: sqlite3.Connection, number: CollectionId) -> str:
    row = db.execute("SELECT name FROM collections WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise BadInput("Collection", "it is not there any more")
    return str(row[0])


def _session_name(db: sqlite3.Connection, number: SessionId) -> str:
    row = db.execute("SELECT name FROM sessions WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise BadInput("Session", "it is not there any more")
    return str(row[0])


def _drop_search(db: sqlite3.Connection, name: str) -> None:
    db.execute("DELETE FROM searches WHERE name = ?", (name,))
