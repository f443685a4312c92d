"""An empty library, and turns to put into it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.domain.record import PictureId, SessionId, TurnId
from imagine_desktop.domain.request import Request
from imagine_desktop.domain.sight import NO_FILTER, Filter, Scope, ScopeKind, Sight
from imagine_desktop.library import schema
from imagine_desktop.library.ledger import Charge
from imagine_desktop.library.library import Library

ALL = Sight(Scope(ScopeKind.ALL))
ASKED = Request("a harbour at night", "grok-imagine-image", "16:9")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the library lies."""
    return tmp_path / "above" / "library"


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    """An empty library."""
    opened = Library.open(folder, "a test")
    yield opened
    opened.close()


def make_older(folder: Path, version: int, rows: str = "") -> Path:
    """A library as an earlier version left it, with a session; its database."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "library.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as older:
        older.executescript("PRAGMA journal_mode=WAL;" + "".join(schema.MIGRATIONS[:version]))
        older.executescript(f"INSERT INTO sessions VALUES(1, 'old', 0); {rows}; PRAGMA user_version={version};")
    return path


def shown(library: Library, scope: Scope = ALL.scope, words: str = "", limits: Filter = NO_FILTER) -> list[int]:
    """The pictures of a sight, in order."""
    return list(library.records.found(Sight(scope, words, limits)).ids)


@pytest.fixture
def session(library: Library) -> SessionId:
    """A session without a name."""
    return library.ledger.add_session()


def add_turn(
    library: Library,
    session: SessionId,
    turn_id: str,
    request: Request = ASKED,
    *,
    is_counted: bool = True,
    estimate_ticks: int = 1000,
) -> tuple[PictureId, ...]:
    """A queued turn; its pictures' ids."""
    return library.ledger.add_turn(
        TurnId(turn_id),
        session,
        request,
        [None] * len(request.sources),
        delivery=Delivery.URL,
        profile="xai",
        is_counted=is_counted,
        estimate_ticks=estimate_ticks,
    )


def charge(
    library: Library, turn_id: str, *addresses: str | None, cost: int | None = None
) -> tuple[PictureId, ...]:
    """The answer of a turn came."""
    library.ledger.start_sending(TurnId(turn_id))
    return library.ledger.charge(TurnId(turn_id), Charge(addresses, cost))


def save(library: Library, turn_id: str, picture_id: PictureId, data: bytes = b"\xff\xd8\xff bytes") -> Path:
    """Store a picture's bytes and say so; its file."""
    turn = library.records.turn(TurnId(turn_id))
    picture = library.records.picture(picture_id)
    assert turn is not None
    assert picture is not None
    stored = library.files.store_picture(
        data, turn, picture, session_name="S", extension="jpg", mime="image/jpeg", size=(8, 6)
    )
    library.ledger.save_picture(
        picture_id,
        path=stored.path,
        mime="image/jpeg",
        sha256=stored.sha256,
        byte_count=len(data),
        width=8,
        height=6,
    )
    return library.picture_path(picture_id)
