"""What the library holds, read: sessions, turns, pictures, thumbnails; in whichever thread asks."""

import json
import sqlite3
from collections.abc import Iterable, Sequence

from imagine_desktop.domain.budget import Grouping, Spending, Sum
from imagine_desktop.domain.record import (
    Collection,
    CollectionId,
    Picture,
    PictureId,
    PictureState,
    Place,
    Session,
    SessionId,
    SourceKind,
    Turn,
    TurnId,
    TurnSource,
    TurnState,
)
from imagine_desktop.domain.sight import Found, Headers, SavedSearch, Sight
from imagine_desktop.library import finding, searches, spending, texts
from imagine_desktop.library.database import Database

_SESSIONS = """
SELECT s.id, s.name, s.created, (SELECT COUNT(*) FROM turns WHERE session = s.id) AS turns,
       (SELECT COUNT(*) FROM turns t JOIN pictures p ON p.turn = t.id
        WHERE t.session = s.id AND p.state = 'saved' AND p.trashed IS NULL) AS pictures,
       (SELECT TOTAL(COALESCE(cost_ticks, 0)) FROM turns WHERE session = s.id) AS cost
FROM sessions s
"""
_AMONG = "WHERE s.id IN (SELECT value FROM json_each(?))"
_PICTURES = """
SELECT p.*, t.session, t.aspect_ratio, t.prompt,
       (SELECT COUNT(*) FROM turn_sources s WHERE s.picture = p.id) AS children
FROM pictures p JOIN turns t ON t.id = p.turn WHERE p.id IN (SELECT value FROM json_each(?))
"""
_COLLECTIONS = """
SELECT c.id, c.name, c.created,
       (SELECT COUNT(*) FROM members m JOIN pictures p ON p.id = m.picture
        WHERE m.collection = c.id AND p.trashed IS NULL AND p.state NOT IN ('not made', 'deleted')) AS pictures
FROM collections c
"""
_NAMES = """
SELECT m.picture, c.name FROM members m JOIN collections c ON c.id = m.collection
WHERE m.picture IN (SELECT value FROM json_each(?)) ORDER BY m.picture, c.id
"""
_SMALL = "SELECT picture, small AS jpeg FROM thumbnails WHERE picture IN (SELECT value FROM json_each(?))"
_LARGE = "SELECT picture, large AS jpeg FROM thumbnails WHERE picture IN (SELECT value FROM json_each(?))"


class Records:
    """Reads records from the library's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sessions(self) -> list[Session]:
        """All sessions, the newest first."""
        return [_session(row) for row in self._rows(_SESSIONS + "ORDER BY s.id DESC")]

    def sessions_of(self, ids: Iterable[SessionId]) -> list[Session]:
        """The sessions of those ids."""
        rows = self._rows(_SESSIONS + _AMONG, json.dumps(list(ids)))
        return [_session(row) for row in rows]

    def newest_session_id(self) -> SessionId | None:
        """The session that was begun last, if there is any."""
        newest = self._rows("SELECT MAX(id) AS id FROM sessions")[0]["id"]
        return None if newest is None else SessionId(newest)

    def session_named(self, name: str) -> Session | None:
        """The newest session of that name."""
        rows = self._rows(_SESSIONS + "WHERE s.name = ? ORDER BY s.id DESC LIMIT 1", name)
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

    def turns_of(self, ids: Iterable[TurnId]) -> list[Turn]:
        """The turns of those ids, the oldest first."""
        listed = json.dumps(list(ids))
        return self._turns(
            self._rows("SELECT * FROM turns WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id", listed)
        )

    def turn_numbers(self, session_id: SessionId) -> dict[TurnId, int]:
        """Each turn's number in its session, from 1."""
        rows = self._rows("SELECT id FROM turns WHERE session = ? ORDER BY id", session_id)
        return {TurnId(row["id"]): number for number, row in enumerate(rows, 1)}

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

    def found(self, sight: Sight, headers: Headers = Headers.NONE, most: int | None = None) -> Found:
        """The pictures to show and the sections they fall into, or the first `most` of them.

        The newest turn comes first; divided by sessions, the newest session.
        """
        with self._database.reading() as db:
            return finding.find(db, sight, headers, most)

    def models(self) -> list[str]:
        """The models that turns were asked of, by name."""
        return [
            row["model"] for row in self._rows("SELECT DISTINCT model FROM turns WHERE model != '' ORDER BY 1")
        ]

    def collections(self) -> list[Collection]:
        """All collections, by name."""
        return sorted(map(_collection, self._rows(_COLLECTIONS)), key=lambda one: texts.fold(one.name))

    def collection_named(self, name: str) -> Collection | None:
        """The collection of that name, whatever the case."""
        return next((one for one in self.collections() if texts.fold(one.name) == texts.fold(name)), None)

    def collections_of(self, picture_id: PictureId) -> list[Collection]:
        """The collections that a picture is in, by name."""
        rows = self._rows("SELECT collection FROM members WHERE picture = ?", picture_id)
        ids = {row["collection"] for row in rows}
        return [one for one in self.collections() if one.id in ids]

    def collection_names(self, ids: Iterable[PictureId]) -> dict[PictureId, list[str]]:
        """The names of the collections that pictures are in, for those that are in any."""
        names: dict[PictureId, list[str]] = {}
        for row in self._rows(_NAMES, json.dumps(list(ids))):
            names.setdefault(PictureId(row["picture"]), []).append(row["name"])
        return names

    def saved_searches(self) -> list[SavedSearch]:
        """The searches that were kept, by name."""
        found = [searches.read(row["name"], row["sight"]) for row in self._rows("SELECT * FROM searches")]
        return sorted(filter(None, found), key=lambda one: texts.fold(one.name))

    def is_emptying_unfinished(self) -> bool:
        """Whether a process died while it emptied the trash."""
        return bool(
            self._rows(
                "SELECT 1 FROM pictures INDEXED BY pictures_trashed"
                " WHERE trashed IS NOT NULL AND state = 'deleted' LIMIT 1"
            )
        )

    def trash_size(self) -> tuple[int, int]:
        """How many pictures are in the trash, and how many bytes they have."""
        [row] = self._rows(
            "SELECT COUNT(*) AS n, TOTAL(bytes) AS size FROM pictures INDEXED BY pictures_trashed"
            " WHERE trashed IS NOT NULL AND state != 'deleted'"
        )
        return row["n"], int(row["size"])

    def children(self, picture_id: PictureId) -> list[PictureId]:
        """The saved pictures that were made from a picture, the oldest first."""
        rows = self._rows(
            "SELECT p.id FROM turn_sources s JOIN pictures p ON p.turn = s.turn"
            " WHERE s.picture = ? AND p.state = 'saved' AND p.trashed IS NULL ORDER BY p.turn, p.position",
            picture_id,
        )
        return [PictureId(row["id"]) for row in rows]

    def pending_places(self, turn_id: TurnId) -> dict[PictureId, Place]:
        """Where a turn's pictures that are not here yet can be had."""
        rows = self._rows("SELECT id, url, file_id FROM pictures WHERE turn = ? AND state = 'pending'", turn_id)
        return {PictureId(row["id"]): Place(row["url"], row["file_id"]) for row in rows}

    def copies_of_saved(self, profile: str, since: float) -> dict[PictureId, str]:
        """The copies in a profile's Files that are not needed any more, of turns made since a time."""
        rows = self._rows(
            "SELECT p.id, p.file_id FROM pictures p JOIN turns t ON t.id = p.turn WHERE p.file_id IS NOT NULL"
            " AND p.state = 'saved' AND t.profile = ? AND t.created >= ?",
            profile,
            since,
        )
        return {PictureId(row["id"]): row["file_id"] for row in rows}

    def thumbnails(self, ids: Iterable[PictureId], *, large: bool) -> dict[PictureId, bytes]:
        """Thumbnails as JPEG, of those pictures that have one."""
        rows = self._rows(_LARGE if large else _SMALL, json.dumps(list(ids)))
        return {PictureId(row["picture"]): row["jpeg"] for row in rows}

    def saved_count(self) -> int:
        """How many pictures the library holds, without those in the trash."""
        return int(
            self._rows("SELECT COUNT(*) AS n FROM pictures WHERE state = 'saved' AND trashed IS NULL")[0]["n"]
        )

    def spent_ticks(self, since: float) -> int:
        """What has been spent since a time, in ticks: real costs, and the estimates of what is not known yet.

        The sandbox's pictures are not counted.
        """
        with self._database.reading() as db:
            return spending.since(db, since)

    def spending(self) -> Spending:
        """What is spent or reserved today and this month."""
        with self._database.reading() as db:
            return spending.at(db, spending.now(db))

    def sums(self, grouping: Grouping) -> list[Sum]:
        """Costs added up by day, model or session."""
        with self._database.reading() as db:
            return spending.sums(db, grouping)

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
        provider_id=row["provider_id"],
        is_stored=bool(row["is_stored"]),
        imported_from=row["imported_from"],
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
        reason=row["reason"],
        prompt=row["prompt"],
        revised_prompt=row["revised_prompt"],
        is_starred=bool(row["is_starred"]),
        note=row["note"],
        trashed=row["trashed"],
    )


def _collection(row: sqlite3.Row) -> Collection:
    return Collection(CollectionId(row["id"]), row["name"], row["created"], row["pictures"])
