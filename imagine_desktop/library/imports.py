"""What is written of a person's own pictures: entered in batches, each file durable before its row."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

from imagine_desktop.domain.record import Picture, PictureId, Turn
from imagine_desktop.library.database import Database
from imagine_desktop.library.files import StoredPicture

_TURN = """
INSERT INTO turns(id, session, created, state, prompt, model, aspect_ratio, resolution, count, delivery,
                  profile, is_counted, estimate_ticks, done_at, imported_from)
VALUES(?, ?, ?, 'charged', ?, ?, ?, ?, 1, ?, ?, 0, 0, ?, ?)
"""
_PICTURE = """
INSERT INTO pictures(id, turn, position, state, created, path, mime, sha256, bytes, width, height)
VALUES(?, ?, 0, 'saved', ?, ?, ?, ?, ?, ?, ?)
"""
_EVENT = "INSERT INTO events(turn, at, from_state, to_state, note) VALUES(?, ?, NULL, 'charged', 'imported')"
_RESERVED_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Copied:
    """A picture whose file is in the library, and its thumbnails, small and large."""

    turn: Turn
    picture: Picture
    stored: StoredPicture
    thumbnails: tuple[bytes, bytes]


class Imports:
    """Writes imported pictures. `reserve` and `has` may be called in any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reserving = threading.Lock()
        self._reserved: list[int] = []

    def reserve(self) -> PictureId:
        """An id that no other picture gets: the file beside a picture names it before there is a row."""
        with self._reserving:
            if not self._reserved:
                first = self._reserve_some()
                self._reserved.extend(reversed(range(first, first + _RESERVED_AT_ONCE)))
            return PictureId(self._reserved.pop())

    def has(self, sha256: str) -> bool:
        """Whether a picture of that content was ever entered, and was not deleted since."""
        return bool(
            self._database.rows(
                "SELECT 1 FROM pictures WHERE sha256 = ? AND state != 'deleted' LIMIT 1", sha256
            )
        )

    def enter(self, batch: Sequence[Copied]) -> None:
        """Their turns and pictures, in one durable transaction."""
        now = time.time()
        with self._database.transaction() as db:
            db.executemany(_TURN, [_turn_row(one.turn, now) for one in batch])
            db.executemany(_PICTURE, [_picture_row(one) for one in batch])
            db.executemany(_EVENT, [(one.turn.id, now) for one in batch])
            db.executemany(
                "INSERT INTO thumbnails VALUES(?, ?, ?)", [(one.picture.id, *one.thumbnails) for one in batch]
            )

    def _reserve_some(self) -> int:
        with self._database.transaction() as db:
            if db.execute("SELECT 1 FROM sqlite_sequence WHERE name = 'pictures'").fetchone() is None:
                db.execute("INSERT INTO sqlite_sequence VALUES('pictures', 0)")
            [last] = db.execute(
                "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'pictures' RETURNING seq",
                (_RESERVED_AT_ONCE,),
            ).fetchone()
        return int(last) - _RESERVED_AT_ONCE + 1


def _turn_row(turn: Turn, now: float) -> tuple[str | float | None, ...]:
    return (
        turn.id,
        turn.session_id,
        turn.created,
        turn.prompt,
        turn.model,
        turn.aspect_ratio,
        turn.resolution,
        turn.delivery,
        turn.profile,
        now,
        turn.imported_from,
    )


def _picture_row(one: Copied) -> tuple[str | float | None, ...]:
    picture, stored = one.picture, one.stored
    return (
        picture.id,
        one.turn.id,
        picture.created,
        stored.path,
        picture.mime,
        stored.sha256,
        picture.byte_count,
        picture.width,
        picture.height,
    )
