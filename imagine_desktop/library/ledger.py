"""The record of what was asked for and what it cost, written before and after every step that can cost money.

The order is what makes it safe: a turn is SENDING, durably, before a byte leaves; it is CHARGED with its
pictures' places and its cost in one transaction; a picture is SAVED only after its file is on disk. Each
change of a turn's state adds an event that is never altered.
"""

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass

from imagine_desktop.domain import money, prompts
from imagine_desktop.domain.budget import Budget, Spending
from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.domain.record import (
    PictureId,
    PictureState,
    SessionId,
    SourceKind,
    TurnId,
    TurnState,
)
from imagine_desktop.domain.request import AddressSource, FileSource, PictureSource, Request, Source
from imagine_desktop.library import reentry, spending
from imagine_desktop.library.database import Database
from imagine_desktop.library.sidecar import Story

_NOT_MADE = "UPDATE pictures SET state = 'not made', reason = ? WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Charge:
    """What an answer says: each picture's address (None where its bytes came along, "" where it was withheld).

    `cost_ticks` is None where the answer does not tell, and the turn's estimate stands in. `file_ids` are the
    pictures' copies in the API's Files, in the same order, where there are any.
    """

    addresses: tuple[str | None, ...]
    cost_ticks: int | None
    http_status: int | None = None
    request_id: str | None = None
    model_served: str | None = None
    revised_prompts: tuple[str, ...] = ()
    file_ids: tuple[str | None, ...] = ()


class Ledger:
    """Writes turns and pictures. Every method is one durable transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_session(self, name: str = "") -> SessionId:
        """A new session; one without a name takes the beginning of its first prompt."""
        with self._database.transaction() as db:
            cursor = db.execute("INSERT INTO sessions(name, created) VALUES(?, ?)", (name, time.time()))
            return SessionId(int(cursor.lastrowid or 0))

    def add_turn(
        self,
        turn_id: TurnId,
        session_id: SessionId,
        request: Request,
        frozen: Sequence[str | None],
        *,
        delivery: Delivery,
        profile: str,
        is_counted: bool,
        estimate_ticks: int,
        retry_of: TurnId | None = None,
    ) -> tuple[PictureId, ...]:
        """A queued turn with a place for each of its pictures; nothing has been sent.

        `frozen` holds, for each source, where its exact bytes lie in the library, if they came from outside.
        """
        now = time.time()
        with self._database.transaction() as db:
            db.execute(
                "UPDATE sessions SET name = ? WHERE id = ? AND name = ''",
                (prompts.first_line(request.prompt, 48), session_id),
            )
            db.execute(
                "INSERT INTO turns(id, session, created, state, prompt, model, aspect_ratio, resolution,"
                " quality, count, delivery, profile, is_counted, estimate_ticks, retry_of)"
                " VALUES(?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    turn_id,
                    session_id,
                    now,
                    request.prompt,
                    request.model,
                    request.aspect_ratio,
                    request.resolution,
                    request.quality,
                    request.count,
                    delivery,
                    profile,
                    is_counted,
                    estimate_ticks,
                    retry_of,
                ),
            )
            for position, source in enumerate(request.sources):
                db.execute(
                    "INSERT INTO turn_sources VALUES(?, ?, ?, ?, ?, ?)",
                    (turn_id, position, *_source_columns(source), frozen[position]),
                )
            _add_event(db, turn_id, None, TurnState.QUEUED)
            return tuple(_add_picture(db, turn_id, position, now) for position in range(request.count))

    def restore_turn(self, story: Story) -> bool:
        """Enter a turn again of which only the kept answer is left; False where it has its row.

        It is SENDING, at its estimate, until the answer is entered.
        """
        with self._database.transaction() as db:
            return reentry.enter(db, story)

    def start_sending(
        self,
        turn_id: TurnId,
        budget: Budget | None = None,
        *,
        is_price_known: bool = True,
        is_stored: bool = False,
    ) -> Spending:
        """The intent: committed before a byte leaves, with the estimate counted as spent from here on.

        Returns what was spent before. Raises LimitReached where the estimate does not fit into the budget;
        then nothing is changed. `sent_at` is the time of the expense (`spending.now`), not the clock's alone.
        `is_stored` says that the request asks for copies of its pictures in the API's Files.
        """
        with self._database.transaction() as db:
            before = spending.at(db, spending.now(db))
            is_counted, estimate = db.execute(
                "SELECT is_counted, estimate_ticks FROM turns WHERE id = ?", (turn_id,)
            ).fetchone()
            if budget is not None and is_counted:
                budget.require_room(before, estimate if is_price_known else None)
            _move(db, turn_id, TurnState.SENDING)
            db.execute(
                "UPDATE turns SET attempt = attempt + 1, sent_at = ?, is_stored = ? WHERE id = ?",
                (before.at, is_stored, turn_id),
            )
            return before

    def defer(self, turn_id: TurnId, provider_id: str) -> None:
        """The API took the request and gave the id under which its answer will be."""
        with self._database.transaction() as db:
            db.execute("UPDATE turns SET provider_id = ? WHERE id = ?", (provider_id, turn_id))

    def wait(self, turn_id: TurnId, note: str) -> None:
        """The request was not accepted and is to be sent again; nothing was charged."""
        with self._database.transaction() as db:
            _move(db, turn_id, TurnState.WAITING, note)

    def end(
        self,
        turn_id: TurnId,
        state: TurnState,
        error: str,
        *,
        cost_ticks: int | None = None,
        http_status: int | None = None,
        request_id: str | None = None,
    ) -> None:
        """The turn ended without pictures: NOT_SENT, REJECTED, CHARGED_NO_IMAGE or UNKNOWN.

        Where the outcome is unknown its pictures stay pending. A turn that is charged stays so.
        """
        settled = PictureState.PENDING if state is TurnState.UNKNOWN else PictureState.NOT_MADE
        with self._database.transaction() as db:
            _end(db, turn_id, state, error, settled, cost_ticks, http_status, request_id)

    def withhold(self, turn_id: TurnId, error: str, cost_ticks: int | None, request_id: str | None) -> None:
        """The API's moderation refused the whole turn; where it says a cost, that was charged."""
        state = TurnState.CHARGED_NO_IMAGE if cost_ticks else TurnState.REJECTED
        with self._database.transaction() as db:
            _end(db, turn_id, state, error, PictureState.WITHHELD, cost_ticks, 400, request_id)

    def charge(self, turn_id: TurnId, charge: Charge) -> tuple[PictureId, ...]:
        """The answer came: cost and every picture's place, in one transaction.

        Returns the turn's picture ids in the answer's order, more or fewer than were asked for as it may be.
        Places that the answer does not fill are closed as not made, withheld ones as withheld.
        """
        with self._database.transaction() as db:
            _move(db, turn_id, TurnState.CHARGED)
            count = max(len(charge.addresses), 1)
            estimate = int(
                db.execute("SELECT estimate_ticks FROM turns WHERE id = ?", (turn_id,)).fetchone()[0]
            )
            cost = estimate if charge.cost_ticks is None else charge.cost_ticks
            paid = f"{'about ' if charge.cost_ticks is None else ''}{money.usd(cost)}"
            db.execute(
                "UPDATE turns SET cost_ticks = ?, cost_source = ?, http_status = ?, x_request_id = ?,"
                " model_served = ?, done_at = ?, error = '' WHERE id = ?",
                (
                    cost,
                    "estimate" if charge.cost_ticks is None else "usage",
                    charge.http_status,
                    charge.request_id,
                    charge.model_served,
                    time.time(),
                    turn_id,
                ),
            )
            ids = [
                PictureId(row[0])
                for row in db.execute("SELECT id FROM pictures WHERE turn = ? ORDER BY position", (turn_id,))
            ]
            for position in range(len(ids), len(charge.addresses)):
                ids.append(_add_picture(db, turn_id, position, time.time()))
            file_ids = charge.file_ids or (None,) * len(charge.addresses)
            revised = charge.revised_prompts or ("",) * len(charge.addresses)
            for picture_id, address, file_id, prompt in zip(
                ids, charge.addresses, file_ids, revised, strict=False
            ):
                withheld = address == ""
                db.execute(
                    "UPDATE pictures SET url = ?, file_id = ?, cost_ticks = ?, state = ?, reason = ?,"
                    " revised_prompt = ? WHERE id = ? AND state = 'pending'",
                    (
                        address or None,
                        file_id,
                        cost // count,
                        PictureState.WITHHELD if withheld else PictureState.PENDING,
                        f"The API's moderation withheld it; charged {paid}. Change the prompt."
                        if withheld
                        else "",
                        prompt,
                        picture_id,
                    ),
                )
            for picture_id in ids[len(charge.addresses) :]:
                made = f"The API made {len(charge.addresses)} of {len(ids)} pictures"
                reason = f"{made}; charged {paid}. Send the request again for more."
                db.execute(_NOT_MADE, (reason, picture_id))
            return tuple(ids[: len(charge.addresses)])

    def save_picture(
        self,
        picture_id: PictureId,
        *,
        path: str,
        mime: str,
        sha256: str,
        byte_count: int,
        width: int,
        height: int,
        thumbnails: tuple[bytes, bytes] | None = None,
    ) -> None:
        """The picture's file is on disk, whole; its thumbnails, small and large, are kept with that."""
        with self._database.transaction() as db:
            if thumbnails is not None:
                _keep_thumbnails(db, picture_id, *thumbnails)
            db.execute(
                "UPDATE pictures SET state = 'saved', path = ?, mime = ?, sha256 = ?, bytes = ?,"
                " width = ?, height = ?, reason = '' WHERE id = ?",
                (path, mime, sha256, byte_count, width, height, picture_id),
            )

    def lose_picture(self, picture_id: PictureId, reason: str) -> None:
        """The picture was paid for and cannot be had any more; one that has come meanwhile stays."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE pictures SET state = 'lost', reason = ? WHERE id = ? AND state = 'pending'",
                (reason, picture_id),
            )

    def forget_copy(self, picture_id: PictureId) -> None:
        """The picture's copy in the API's Files is gone."""
        with self._database.transaction() as db:
            db.execute("UPDATE pictures SET file_id = NULL WHERE id = ?", (picture_id,))

    def explain_turn(self, turn_id: TurnId, reason: str) -> None:
        """Say what is known by now of a turn that stays as it is, and of its pictures that are not here."""
        with self._database.transaction() as db:
            state = _state(db, turn_id)
            db.execute("UPDATE turns SET error = ? WHERE id = ?", (reason, turn_id))
            db.execute("UPDATE pictures SET reason = ? WHERE turn = ? AND state = 'pending'", (reason, turn_id))
            _add_event(db, turn_id, state, state, reason)

    def explain_picture(self, picture_id: PictureId, reason: str) -> None:
        """Say why a picture is not here yet."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE pictures SET reason = ? WHERE id = ? AND state = 'pending'", (reason, picture_id)
            )

    def add_thumbnails(self, picture_id: PictureId, small: bytes, large: bytes) -> None:
        """Keep a picture's thumbnails, both JPEG."""
        with self._database.transaction() as db:
            _keep_thumbnails(db, picture_id, small, large)


def _source_columns(source: Source) -> tuple[SourceKind, str, PictureId | None]:
    match source:
        case PictureSource(picture_id):
            return SourceKind.PICTURE, source.name, picture_id
        case FileSource(path):
            return SourceKind.FILE, path.name, None
        case AddressSource(url):
            return SourceKind.ADDRESS, url, None


def _keep_thumbnails(db: sqlite3.Connection, picture_id: PictureId, small: bytes, large: bytes) -> None:
    db.execute("INSERT OR REPLACE INTO thumbnails VALUES(?, ?, ?)", (picture_id, small, large))


def _add_picture(db: sqlite3.Connection, turn_id: TurnId, position: int, now: float) -> PictureId:
    cursor = db.execute(
        "INSERT INTO pictures(turn, position, state, created) VALUES(?, ?, 'pending', ?)",
        (turn_id, position, now),
    )
    return PictureId(int(cursor.lastrowid or 0))


def _end(
    db: sqlite3.Connection,
    turn_id: TurnId,
    state: TurnState,
    error: str,
    pictures: PictureState,
    cost_ticks: int | None,
    http_status: int | None,
    request_id: str | None,
) -> None:
    """End a turn without pictures; `pictures` is what becomes of those pending."""
    if _state(db, turn_id) == TurnState.CHARGED:
        return  # the answer was entered in the moment in which its job was broken off
    _move(db, turn_id, state, error)
    cost_source = None if cost_ticks is None else "usage"
    db.execute(
        "UPDATE turns SET error = ?, cost_ticks = ?, cost_source = ?, http_status = ?, x_request_id = ?,"
        " done_at = ? WHERE id = ?",
        (error, cost_ticks, cost_source, http_status, request_id, time.time(), turn_id),
    )
    db.execute(
        "UPDATE pictures SET state = ?, reason = ? WHERE turn = ? AND state = 'pending'",
        (pictures, error, turn_id),
    )


def _state(db: sqlite3.Connection, turn_id: TurnId) -> str:
    return str(db.execute("SELECT state FROM turns WHERE id = ?", (turn_id,)).fetchone()[0])


def _move(db: sqlite3.Connection, turn_id: TurnId, state: TurnState, note: str = "") -> None:
    before = _state(db, turn_id)
    db.execute("UPDATE turns SET state = ? WHERE id = ?", (state, turn_id))
    _add_event(db, turn_id, before, state, note)


def _add_event(db: sqlite3.Connection, turn_id: TurnId, before: str | None, after: str, note: str = "") -> None:
    db.execute(
        "INSERT INTO events(turn, at, from_state, to_state, note) VALUES(?, ?, ?, ?, ?)",
        (turn_id, time.time(), before, after, note),
    )
