"""What the library holds, read: sessions, turns, pictures, thumbnails; in whichever thread asks."""

import json
import sqlite3
from collections.abc import Iterable, Sequence

from imagine_desktop.domain.record import (
    Picture,
    PictureId,
    PictureState,
    Session,
    SessionId,
    SourceKind,
    Turn,
    TurnId,
    TurnSource,
    TurnState,
)
from imagine_desktop.library.database import Database

_SESSIONS = """
SELECT s.id, s.name, s.created, COUNT(DISTINCT t.id) AS turns,
       COUNT(p.id) FILTER (WHERE p.state = 'saved') AS pictures,
       (SELECT TOTAL(COALESCE(cost_ticks, 0)) FROM turns WHERE session = s.id) AS cost
FROM sessions s LEFT JOIN turns t ON t.session = s.id LEFT JOIN pictures p ON p.turn = t.id
"""
_PICTURES = """
SELECT p.*, t.session, t.aspect_ratio, t.prompt,
       (SELECT COUNT(*) FROM turn_sources s WHERE s.picture = p.id) AS children
FROM pictures p JOIN turns t ON t.id = p.turn WHERE p.id IN (SELECT value FROM json_each(?))
"""
_GALLERY = """
SELECT p.id FROM pictures p JOIN turns t ON t.id = p.turn
WHERE p.state != 'not made' AND (?1 IS NULL OR t.session = ?1)
  AND NOT EXISTS (SELECT 1 FROM json_each(?2) WHERE t.prompt NOT LIKE value ESCAPE '\\')
ORDER BY p.turn DESC, p.position
"""
_SPENT = """
SELECT TOTAL(COALESCE(cost_ticks, estimate_ticks)) AS spent FROM turns
WHERE is_counted AND created >= ? AND state IN ('sending', 'charged', 'charged, no image', 'unknown')
"""
_SMALL = "SELECT picture, small AS jpeg FROM thumbnails WHERE picture IN (SELECT value FROM json_each(?))"
_LARGE = "SELECT picture, large AS jpeg FROM thumbnails WHERE picture IN (SELECT value FROM json_each(?))"


class Records:
    """Reads records from the library's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sessions(self) -> list[Session]:
        """All sessions, the newest first."""
        return [_session(row) for row in self._rows(_SESSIONS + "GROUP BY s.id ORDER BY s.id DESC")]

    def session_named(self, name: str) -> Session | None:
        """The newest session of that name."""
        rows = self._rows(_SESSIONS + "WHERE s.name = ? GROUP BY s.id ORDER BY s.id DESC LIMIT 1", name)
        return _session(rows[0]) if rows else None

    def session_name(self, session_id: SessionId) -> str:
        """A session's name; empty where there is no such session."""
        rows = self._rows("SELECT name FROM sessions WHERE id = ?", session_id)
        return str(rows[0]["name"]) if rows else ""

    def turns(self, session_id: SessionId | None = None) -> list[Turn]:
        """The turns of a session, or all, the oldest first."""
        if session_id is None:
            return self._turns(self._rows("SELECT * FROM turns ORDER BY id"))
        return self._turns(self._rows("SELECT * FROM turns WHERE session = ? ORDER BY id", session_id))

    def turn(self, turn_id: TurnId) -> Turn | None:
        """One turn, if there is such a one."""
        turns = self._turns(self._rows("SELECT * FROM turns WHERE id = ?", turn_id))
        return turns[0] if turns else None

    def unfinished_turns(self) -> list[Turn]:
        """Turns that a dead process left: not ended, or with pictures that are not here yet."""
        return self._turns(
            self._rows(
                "SELECT * FROM turns WHERE state IN ('queued', 'sending', 'waiting', 'unknown')"
                " OR id IN (SELECT turn FROM pictures WHERE state = 'pending') ORDER BY id"
            )
        )

    def pictures(self, ids: Sequence[PictureId]) -> list[Picture]:
        """The pictures of those ids, in that order, without those that do not exist."""
        rows = self._rows(_PICTURES, json.dumps(list(ids)))
        by_id = {row["id"]: _picture(row) for row in rows}
        return [by_id[picture_id] for picture_id in ids if picture_id in by_id]

    def picture(self, picture_id: PictureId) -> Picture | None:
        """One picture, if there is such a one."""
        pictures = self.pictures([picture_id])
        return pictures[0] if pictures else None

    def gallery(self, session_id: SessionId | None = None, words: str = "") -> list[PictureId]:
        """The pictures to show, of a session or of all, the newest turn first.

        With `words`, only those whose prompt holds every one of them, found literally.
        """
        if "\0" in words:
            return []  # SQLite would look for what stands before it; no prompt holds one
        patterns = [
            "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
            for word in words.split()
        ]
        return [PictureId(row["id"]) for row in self._rows(_GALLERY, session_id, json.dumps(patterns))]

    def children(self, picture_id: PictureId) -> list[PictureId]:
        """The saved pictures that were made from a picture, the oldest first."""
        rows = self._rows(
            "SELECT p.id FROM turn_sources s JOIN pictures p ON p.turn = s.turn"
            " WHERE s.picture = ? AND p.state = 'saved' ORDER BY p.turn, p.position",
            picture_id,
        )
        return [PictureId(row["id"]) for row in rows]

    def pending_addresses(self, turn_id: TurnId) -> dict[PictureId, str | None]:
        """Where a turn's pictures that are not here yet can be fetched; None: only the answer has them."""
        rows = self._rows("SELECT id, url FROM pictures WHERE turn = ? AND state = 'pending'", turn_id)
        return {PictureId(row["id"]): row["url"] for row in rows}

    def thumbnails(self, ids: Iterable[PictureId], *, large: bool) -> dict[PictureId, bytes]:
        """Thumbnails as JPEG, of those pictures that have one."""
        rows = self._rows(_LARGE if large else _SMALL, json.dumps(list(ids)))
        return {PictureId(row["picture"]): row["jpeg"] for row in rows}

    def saved_count(self) -> int:
        """How many pictures the library holds."""
        return int(self._rows("SELECT COUNT(*) AS n FROM pictures WHERE state = 'saved'")[0]["n"])

    def spent_ticks(self, since: float) -> int:
        """What has been spent since a time, in ticks: real costs, and the estimates of what is not known yet.

        The sandbox's pictures are not counted.
        """
        return int(self._rows(_SPENT, since)[0]["spent"])

    def _turns(self, rows: Sequence[sqlite3.Row]) -> list[Turn]:
        ids = json.dumps([row["id"] for row in rows])
        pictures: dict[str, list[PictureId]] = {}
        for row in self._rows(
            "SELECT turn, id FROM pictures WHERE turn IN (SELECT value FROM json_each(?))"
            " ORDER BY turn, position",
            ids,
        ):
            pictures.setdefault(row["turn"], []).append(PictureId(row["id"]))
        sources: dict[str, list[TurnSource]] = {}
        for row in self._rows(
            "SELECT * FROM turn_sources WHERE turn IN (SELECT value FROM json_each(?)) ORDER BY turn, position",
            ids,
        ):
            source = TurnSource(SourceKind(row["kind"]), row["name"], row["picture"], row["frozen"])
            sources.setdefault(row["turn"], []).append(source)
        return [
            _turn(row, tuple(sources.get(row["id"], ())), tuple(pictures.get(row["id"], ()))) for row in rows
        ]

    def _rows(self, sql: str, *values: str | float | None) -> list[sqlite3.Row]:
        return self._database.rows(sql, *values)


def _session(row: sqlite3.Row) -> Session:
    return Session(
        SessionId(row["id"]), row["name"], row["created"], row["turns"], row["pictures"], int(row["cost"])
    )


def _turn(row: sqlite3.Row, sources: tuple[TurnSource, ...], picture_ids: tuple[PictureId, ...]) -> Turn:
    return Turn(
        id=TurnId(row["id"]),
        session_id=SessionId(row["session"]),
        created=row["created"],
        state=TurnState(row["state"]),
        prompt=row["prompt"],
        model=row["model"],
        aspect_ratio=row["aspect_ratio"],
        resolution=row["resolution"],
        quality=row["quality"],
        count=row["count"],
        sources=sources,
        picture_ids=picture_ids,
        estimate_ticks=row["estimate_ticks"],
        cost_ticks=row["cost_ticks"],
        cost_source=row["cost_source"],
        profile=row["profile"],
        delivery=row["delivery"],
        model_served=row["model_served"],
        http_status=row["http_status"],
        request_id=row["x_request_id"],
        retry_of=row["retry_of"],
        error=row["error"],
    )


def _picture(row: sqlite3.Row) -> Picture:
    return Picture(
        id=PictureId(row["id"]),
        turn_id=TurnId(row["turn"]),
        session_id=SessionId(row["session"]),
        index=row["position"],
        state=PictureState(row["state"]),
        created=row["created"],
        aspect_ratio=row["aspect_ratio"],
        path=row["path"],
        mime=row["mime"],
        width=row["width"],
        height=row["height"],
        byte_count=row["bytes"],
        sha256=row["sha256"],
        cost_ticks=row["cost_ticks"],
        child_count=row["children"],
        note=row["note"],
        prompt=row["prompt"],
    )
