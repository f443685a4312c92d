"""A turn entered again from the story that stands before its kept answer, in whatever database lost its row."""

import sqlite3
import time

from imagine_desktop.library.sidecar import SessionStory, Story
from imagine_desktop.settings import SANDBOX

_NOTE = "Entered again from the answer that was kept."
_ADD_TURN = """
INSERT INTO turns(id, session, created, state, prompt, model, aspect_ratio, resolution, quality, count,
                  delivery, profile, is_counted, estimate_ticks, attempt, sent_at, retry_of, provider_id,
                  is_stored)
VALUES(?, ?, ?, 'sending', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, (SELECT id FROM turns WHERE id = ?), ?, ?)
"""
_ADD_SOURCE = """
INSERT INTO turn_sources(turn, position, kind, name, picture, frozen)
VALUES(?, ?, ?, ?, (SELECT id FROM pictures WHERE id = ?), ?)
"""
_ADD_PICTURE = "INSERT INTO pictures(turn, position, state, created) VALUES(?, ?, 'pending', ?)"
_ADD_EVENT = "INSERT INTO events(turn, at, to_state, note) VALUES(?, ?, 'sending', ?)"


def enter(db: sqlite3.Connection, story: Story) -> bool:
    """Add the turn, with places for its pictures, as one that is being sent; False where it is there."""
    turn = story.turn
    if db.execute("SELECT 1 FROM turns WHERE id = ?", (turn.id,)).fetchone() is not None:
        return False
    db.execute(
        _ADD_TURN,
        (
            turn.id,
            _session(db, story.session, turn.created),
            turn.created,
            *turn.asked,
            int(turn.profile != SANDBOX.name),
            turn.estimate_ticks or 0,
            turn.created,
            turn.retry_of,
            turn.provider_id,
            int(turn.is_stored),
        ),
    )
    for position, source in enumerate(story.sources):
        row = (turn.id, position, source.kind, source.name, source.picture_id, source.frozen)
        db.execute(_ADD_SOURCE, row)
    for position in range(turn.count):
        db.execute(_ADD_PICTURE, (turn.id, position, turn.created))
    db.execute(_ADD_EVENT, (turn.id, time.time(), _NOTE))
    return True


def _session(db: sqlite3.Connection, story: SessionStory, created: float) -> int:
    """The session of that id and name, or else the newest of that name, or a new one."""
    row = db.execute(
        "SELECT id FROM sessions WHERE name = ? ORDER BY id = ? DESC, id DESC LIMIT 1", (story.name, story.id)
    ).fetchone()
    if row is not None:
        return int(row[0])
    cursor = db.execute("INSERT INTO sessions(name, created) VALUES(?, ?)", (story.name, created))
    return int(cursor.lastrowid or 0)
