"""What a search looks through: prompts, notes, and the names of files, kept up to date with the rows.

Text and words are folded alike: composed, and without regard to upper and lower case.
"""

import json
import sqlite3
import unicodedata

_AT_ONCE = 1000
_DUE = "SELECT turn FROM unindexed LIMIT ?"
_TURNS = (
    "SELECT id, prompt, COALESCE(imported_from, '') FROM turns WHERE id IN (SELECT value FROM json_each(?))"
)
_NAMES = """
SELECT turn, name FROM turn_sources WHERE kind = 'file' AND turn IN (SELECT value FROM json_each(?))
ORDER BY turn, position
"""
_NOTES = """
SELECT turn, id, note FROM pictures
WHERE note != '' AND state != 'deleted' AND turn IN (SELECT value FROM json_each(?))
"""
# Nobody looks for a turn of which nothing is left.
_GONE = """
SELECT turn FROM pictures WHERE turn IN (SELECT value FROM json_each(?))
GROUP BY turn HAVING TOTAL(state = 'deleted') > 0 AND TOTAL(state NOT IN ('deleted', 'not made')) = 0
"""
_HELD = "SELECT turn, picture, id, folded FROM texts WHERE turn IN (SELECT value FROM json_each(?))"
_FORGET_WORDS = "INSERT INTO words(words, rowid, folded) VALUES('delete', ?, ?)"
_FORGET = "DELETE FROM texts WHERE id = ?"
_NEXT = "SELECT COALESCE(MAX(id), 0) + 1 FROM texts"
_KEEP = "INSERT INTO texts(id, turn, picture, folded) VALUES(?, ?, ?, ?)"
_KEEP_WORDS = "INSERT INTO words(rowid, folded) VALUES(?, ?)"
_POINT = """
UPDATE pictures SET text_id = found.id
FROM (SELECT p.id AS picture,
             COALESCE((SELECT id FROM texts WHERE turn = p.turn AND picture = p.id),
                      (SELECT id FROM texts WHERE turn = p.turn AND picture IS NULL)) AS id
      FROM pictures p WHERE p.turn IN (SELECT value FROM json_each(?))) AS found
WHERE pictures.id = found.picture AND pictures.text_id IS NOT found.id
"""
_DONE = "DELETE FROM unindexed WHERE turn IN (SELECT value FROM json_each(?))"


def fold(text: str) -> str:
    """Text as it is compared: one form of each character, and of its cases."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def make_anew(db: sqlite3.Connection) -> None:
    """Index all turns, whatever the index holds now, in a transaction of the caller's."""
    db.execute("DELETE FROM texts")
    db.execute("INSERT INTO words(words) VALUES('delete-all')")
    db.execute("DELETE FROM unindexed")
    db.execute("INSERT INTO unindexed SELECT id FROM turns")
    refresh(db)


def refresh(db: sqlite3.Connection) -> None:
    """Index the turns that changed, in a transaction of the caller's."""
    while due := [row[0] for row in db.execute(_DUE, (_AT_ONCE,))]:
        turns = json.dumps(due)
        _index(db, turns)
        db.execute(_DONE, (turns,))


def _index(db: sqlite3.Connection, turns: str) -> None:
    wanted = _wanted(db, turns)
    for turn, picture, number, folded in db.execute(_HELD, (turns,)).fetchall():
        if wanted.get((turn, picture)) == folded:
            del wanted[turn, picture]
        else:
            db.execute(_FORGET_WORDS, (number, folded))
            db.execute(_FORGET, (number,))
    [first] = db.execute(_NEXT).fetchone()
    added = [(number, *whose, folded) for number, (whose, folded) in enumerate(wanted.items(), first)]
    db.executemany(_KEEP, added)
    db.executemany(_KEEP_WORDS, [(number, folded) for number, *_, folded in added])
    db.execute(_POINT, (turns,))


def _wanted(db: sqlite3.Connection, turns: str) -> dict[tuple[str, int | None], str]:
    """Every text that there should be, by its turn and, where it has a note, its picture."""
    parts = {turn: [prompt, imported] for turn, prompt, imported in db.execute(_TURNS, (turns,))}
    for turn, name in db.execute(_NAMES, (turns,)):
        parts[turn].append(name)
    for [turn] in db.execute(_GONE, (turns,)):
        del parts[turn]
    wanted: dict[tuple[str, int | None], str] = {
        (turn, None): fold("\n".join(filter(None, texts))) for turn, texts in parts.items()
    }
    for turn, picture, note in db.execute(_NOTES, (turns,)):
        if turn in parts:
            wanted[turn, picture] = f"{wanted[turn, None]}\n{fold(note)}"
    return wanted
