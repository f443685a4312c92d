"""Empties the trash. The one place that removes a person's pictures, and only what they put there.

A picture's row is durably 'deleted', still with its path and the time of its trashing, before any of its files
goes; when all are gone, durably, the row loses both. A process that dies in between leaves that mark, and the
next start removes the rest. The row stays: history shows that a picture was there, and the ledger what it cost.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from imagine_desktop.library.database import Database
from imagine_desktop.library.files import Files

_AT_ONCE = 1000
_DUE = "SELECT id, bytes FROM pictures WHERE trashed IS NOT NULL AND state != 'deleted' ORDER BY id"
# A source of a job under way is still to be read.
_MARK = """
UPDATE pictures SET state = 'deleted', is_starred = 0, note = '', reason = '', revised_prompt = '', url = NULL,
                    file_id = NULL
WHERE id IN (SELECT value FROM json_each(?)) AND trashed IS NOT NULL AND id NOT IN
    (SELECT s.picture FROM turn_sources s JOIN turns t ON t.id = s.turn
     WHERE t.state IN ('queued', 'sending', 'waiting') AND s.picture IS NOT NULL)
RETURNING id
"""
_BEGUN = "SELECT id FROM pictures WHERE trashed IS NOT NULL AND state = 'deleted' ORDER BY id"
_FILES = "SELECT id, turn, path FROM pictures WHERE id IN (SELECT value FROM json_each(?))"
# Another's database may name a file twice.
_SHARED = """
SELECT path FROM pictures WHERE state != 'deleted' AND path IN (SELECT value FROM json_each(?))
"""
# Their answers are not needed any more; a rebuild would take from them what was deleted.
_SETTLED = """
SELECT turn FROM pictures WHERE turn IN (SELECT value FROM json_each(?))
GROUP BY turn HAVING TOTAL(state = 'pending') = 0
"""
# Turns of which nothing is left, and what was kept for them and for no other turn.
_GONE = """
SELECT turn FROM pictures WHERE turn IN (SELECT value FROM json_each(?))
GROUP BY turn HAVING TOTAL(state NOT IN ('deleted', 'not made')) = 0
"""
_FROZEN = """
SELECT DISTINCT frozen FROM turn_sources WHERE frozen IS NOT NULL AND turn IN (SELECT value FROM json_each(?1))
    AND frozen NOT IN (SELECT frozen FROM turn_sources WHERE frozen IS NOT NULL
                       AND turn NOT IN (SELECT value FROM json_each(?1)))
"""
_FORGET = """
UPDATE pictures SET trashed = NULL, path = NULL, sha256 = NULL, bytes = 0
WHERE id IN (SELECT value FROM json_each(?))
"""
_THAW = "UPDATE turn_sources SET frozen = NULL WHERE frozen IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Emptied:
    """How many pictures were removed for good, and their bytes.

    `kept_count` are sources of jobs under way, `late_count` those whose files the system would not let go.
    """

    count: int
    byte_count: int
    kept_count: int = 0
    late_count: int = 0

    @property
    def text(self) -> str:
        """What is said of it."""
        pictures = f"{self.count:,} picture{'' if self.count == 1 else 's'}"
        said = f"{pictures} removed for good, {self.byte_count / 1e6:,.1f} MB freed."
        if self.kept_count:
            said += f" In the trash stay {self.kept_count:,} that a job still needs."
        if self.late_count:
            said += f" The files of {self.late_count:,} are held by the system; the next start removes them."
        return f"{said} History keeps their prompts and costs; earlier backups still have their thumbnails."


def empty(
    database: Database, files: Files, on_progress: Callable[[int, int], None], is_stopped: Callable[[], bool]
) -> Emptied:
    """Remove what is in the trash, some at a time, until it is empty or `is_stopped`."""
    finish(database, files)
    due = {int(row["id"]): int(row["bytes"]) for row in database.rows(_DUE)}
    ids = list(due)
    count = byte_count = kept_count = late_count = 0
    for start in range(0, len(ids), _AT_ONCE):
        if is_stopped():
            break
        group = ids[start : start + _AT_ONCE]
        marked = mark(database, group)
        removed = remove(database, files, marked)
        count += len(removed)
        byte_count += sum(due[number] for number in removed)
        kept_count += len(group) - len(marked)
        late_count += len(marked) - len(removed)
        on_progress(min(start + _AT_ONCE, len(ids)), len(ids))
    return Emptied(count, byte_count, kept_count, late_count)


def finish(database: Database, files: Files) -> None:
    """Remove the files of what is marked: a process died, or the system would not let them go."""
    begun = [int(row["id"]) for row in database.rows(_BEGUN)]
    for start in range(0, len(begun), _AT_ONCE):
        remove(database, files, begun[start : start + _AT_ONCE])


def mark(database: Database, ids: Sequence[int]) -> list[int]:
    """Say durably that these are to go, but for those that a job needs; returns the ids marked."""
    with database.transaction() as db:
        marked = [int(row[0]) for row in db.execute(_MARK, (json.dumps(ids),))]
        listed = (json.dumps(marked),)
        db.execute("DELETE FROM thumbnails WHERE picture IN (SELECT value FROM json_each(?))", listed)
        db.execute("DELETE FROM checks WHERE picture IN (SELECT value FROM json_each(?))", listed)
        db.execute("DELETE FROM members WHERE picture IN (SELECT value FROM json_each(?))", listed)
    return marked


def remove(database: Database, files: Files, ids: Sequence[int]) -> list[int]:
    """Remove the files of pictures that are marked, then their paths; returns the ids of those.

    What the system does not let go stays marked.
    """
    with database.reading() as db:
        rows = db.execute(_FILES, (json.dumps(ids),)).fetchall()
        paths = [row["path"] for row in rows if row["path"] is not None]
        shared = {row["path"] for row in db.execute(_SHARED, (json.dumps(paths),))}
        turns = (json.dumps(sorted({row["turn"] for row in rows})),)
        settled = [row["turn"] for row in db.execute(_SETTLED, turns)]
        gone = [row["turn"] for row in db.execute(_GONE, turns)]
        frozen = [row["frozen"] for row in db.execute(_FROZEN, (json.dumps(gone),))]
    own = {row["id"]: _files_of(files, row, has_file=row["path"] not in shared) for row in rows}
    left = files.remove([path for paths in own.values() for path in paths] + frozen)
    removed = [number for number, paths in own.items() if not left.intersection(paths)]
    for turn in settled:
        files.drop_answer(turn)
    with database.transaction() as db:
        db.execute(_FORGET, (json.dumps(removed),))
        db.execute(_THAW, (json.dumps([path for path in frozen if path not in left]),))
    return removed


def _files_of(files: Files, row: sqlite3.Row, *, has_file: bool) -> list[str]:
    """A picture's files, its story before it: a story alone would be taken for that of a missing picture."""
    paths = [files.quarantine_path(row["turn"], row["id"])]
    if row["path"] is not None and has_file:
        paths += [f"{row['path']}.json", row["path"]]
    return paths
