"""The database's file: made private, durable by its settings, and never changed where it is not ours."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from imagine_desktop.domain.record import Picture, PictureId, PictureState, Place, SessionId, TurnId
from imagine_desktop.errors import LibraryDamaged, LibraryError, LibraryTooNew
from imagine_desktop.library import backup, schema
from imagine_desktop.library.library import Library
from tests.library.conftest import make_older, shown


def open_as_owner(folder: Path) -> Library:
    """Open to write."""
    return Library.open(folder, "a test")


OPENINGS = (open_as_owner, Library.open_reading)


@pytest.mark.skipif(os.name == "nt", reason="permissions of Unix")
def test_everything_is_for_the_person_alone(folder: Path) -> None:
    before = os.umask(0o022)
    try:
        library = Library.open(folder, "a test")
        library.ledger.add_session("S")
    finally:
        os.umask(before)
    modes = {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in (folder, *folder.iterdir())}
    library.close()
    assert modes.pop("library") == 0o700
    assert {"library.db", "library.db-wal", "library.db-shm", "library.lock"} <= set(modes)
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700


def test_writing_connection_is_durable_and_careful(tmp_path: Path) -> None:
    connection = schema.connect(tmp_path / "library.db")
    found = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in (
            "journal_mode",
            "synchronous",
            "foreign_keys",
            "trusted_schema",
            "secure_delete",
            "user_version",
        )
    }
    connection.close()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "secure_delete": 1,
        "user_version": len(schema.MIGRATIONS),
    }


@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
def test_newer_library_is_refused_and_not_changed(folder: Path, journal: str) -> None:
    folder.mkdir(parents=True)
    path = folder / "library.db"
    newer = sqlite3.connect(path)
    newer.executescript(f"PRAGMA journal_mode={journal}; CREATE TABLE futures(a); PRAGMA user_version=999;")
    newer.close()
    before = path.read_bytes()
    for act in OPENINGS:
        with pytest.raises(LibraryTooNew, match="newer version"):
            act(folder)
    assert path.read_bytes() == before


def test_an_older_library_says_how_it_is_brought_up_to_date(folder: Path) -> None:
    make_older(folder, len(schema.MIGRATIONS) - 1)
    with pytest.raises(LibraryError, match="older version") as caught:
        Library.open_reading(folder)
    assert "imagine-desktop recover" in caught.value.sentences
    Library.open(folder, "a test").close()
    Library.open_reading(folder).close()


def test_another_programs_database_is_refused_and_not_changed(folder: Path) -> None:
    folder.mkdir(parents=True)
    path = folder / "library.db"
    other = sqlite3.connect(path)
    other.executescript("CREATE TABLE books(title);")
    other.close()
    before = path.read_bytes()
    for act in OPENINGS:
        with pytest.raises(LibraryError, match=r"another program's|no library"):
            act(folder)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "damage", [b"this is no database at all, only text" * 200, b"SQLite format 3\x00" + bytes(5000)]
)
def test_damaged_file_is_an_error_in_words_and_is_kept(folder: Path, damage: bytes) -> None:
    folder.mkdir(parents=True)
    (folder / "library.db").write_bytes(damage)
    for act in OPENINGS:
        with pytest.raises(LibraryError, match=r"library\.db"):
            act(folder)
    assert (folder / "library.db").read_bytes() == damage
    (folder / "library.db").unlink()
    Library.open(folder, "a test").close()  # the lock was let go


@pytest.mark.parametrize("script", ["", "PRAGMA journal_mode=WAL", "CREATE TABLE a(b); DROP TABLE a"])
def test_a_library_whose_making_was_broken_off_is_made(folder: Path, script: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "library.db").touch()
    with closing(sqlite3.connect(folder / "library.db")) as connection:
        connection.executescript(script)
    library = Library.open(folder, "a test")
    assert library.records.turns() == []
    library.close()


def test_an_emptied_database_is_not_made_again_beside_pictures(folder: Path) -> None:
    (folder / "images").mkdir(parents=True)
    (folder / "library.db").touch()
    with pytest.raises(LibraryDamaged, match=r"has pictures and its library\.db is empty"):
        Library.open(folder, "a test")
    assert (folder / "library.db").read_bytes() == b""


def test_damaged_page_is_an_error_in_words(folder: Path) -> None:
    library = Library.open(folder, "a test")
    for number in range(200):
        library.ledger.add_session(f"Session {number} " + "x" * 500)
    library.close()
    data = bytearray((folder / "library.db").read_bytes())
    data[4096:] = os.urandom(len(data) - 4096)
    (folder / "library.db").write_bytes(data)
    by_page = r"cannot be read|could not be read"
    with (
        pytest.raises(LibraryError, match=by_page),
        closing(Library.open_reading(folder)) as reading,
    ):
        reading.records.sessions()


def test_place_that_cannot_be_a_library_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "folder" / "library.db").mkdir(parents=True)
    for folder in (
        tmp_path / "file",
        tmp_path / "file" / "below",
        tmp_path / "folder",
        tmp_path / ("x" * 300),
        Path("a\0b"),
    ):
        for act in OPENINGS:
            with pytest.raises(LibraryError):
                act(folder)


def test_a_library_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    old = sqlite3.connect(path)
    old.executescript(
        f"{schema.MIGRATIONS[0]} PRAGMA user_version=1; INSERT INTO sessions(name, created) VALUES('S', 1);"
    )
    old.close()
    connection = schema.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone()[0] == len(schema.MIGRATIONS)
    assert connection.execute("SELECT name FROM sessions").fetchall() == [("S",)]
    assert connection.execute("PRAGMA index_info(turns_by_expense)").fetchall() == [(0, -2, None)]
    connection.close()


def test_turns_of_the_first_version_have_nothing_to_be_found_by(folder: Path) -> None:
    folder.mkdir(parents=True)
    first = sqlite3.connect(folder / "library.db")
    first.executescript(
        f"{schema.MIGRATIONS[0]} PRAGMA user_version=1; INSERT INTO sessions VALUES(1, 'S', 0);"
        "INSERT INTO turns(id, session, created, state, prompt, model, aspect_ratio, resolution, count,"
        " delivery, profile, is_counted, estimate_ticks)"
        " VALUES('T', 1, 0, 'unknown', 'p', 'm', 'auto', '1k', 1, 'url', 'xai', 1, 5);"
        "INSERT INTO pictures(turn, position, state, created) VALUES('T', 0, 'pending', 0);"
    )
    first.close()
    library = Library.open(folder, "a test")
    [turn] = library.records.turns()
    places = library.records.pending_places(turn.id)
    library.close()
    assert (turn.provider_id, turn.is_stored, turn.can_be_found) == (None, False, False)
    assert list(places.values()) == [Place()]


def test_the_rows_of_the_sixth_version_are_kept_and_searched(folder: Path) -> None:
    path = make_older(
        folder,
        6,
        "INSERT INTO turns(id, session, created, state, prompt, model, aspect_ratio, resolution, count,"
        " delivery, profile, is_counted, estimate_ticks, cost_ticks)"
        " VALUES('T', 1, 9, 'charged', 'ein Hafen', 'm', '1:1', '1k', 2, 'url', 'xai', 1, 5, 7);"
        "INSERT INTO pictures VALUES(3, 'T', 0, 'saved', 9, 'u', 'images/a.jpg', 'image/jpeg', 'ab', 10, 8, 6,"
        " 4, '', 'f', 'revised');"
        "INSERT INTO pictures(id, turn, position, state, created, note)"
        " VALUES(4, 'T', 1, 'withheld', 9, 'why');"
        "INSERT INTO turn_sources VALUES('T', 0, 'file', 'Kai.jpg', NULL, 'inputs/x.jpg');"
        "INSERT INTO turn_sources VALUES('T', 1, 'picture', '3', 3, NULL);"
        "INSERT INTO thumbnails VALUES(3, x'01', x'02');"
        "INSERT INTO checks VALUES(3, 1, 2, 3);"
        "UPDATE sqlite_sequence SET seq = 70 WHERE name = 'pictures'",
    )
    library = Library.open(folder, "a test")
    saved, withheld = library.records.pictures([PictureId(3), PictureId(4)])
    assert saved == Picture(
        id=PictureId(3),
        turn_id=TurnId("T"),
        session_id=SessionId(1),
        index=0,
        state=PictureState.SAVED,
        created=9,
        aspect_ratio="1:1",
        path="images/a.jpg",
        mime="image/jpeg",
        width=8,
        height=6,
        byte_count=10,
        sha256="ab",
        cost_ticks=4,
        child_count=1,
        prompt="ein Hafen",
        revised_prompt="revised",
    )
    assert (withheld.state, withheld.reason, withheld.note) == (PictureState.WITHHELD, "why", "")
    assert library.records.thumbnails([PictureId(3)], large=True) == {3: b"\x02"}
    assert shown(library, words="HAFEN kai") == [3, 4]
    assert library.imports.reserve() == 71
    library.close()
    assert len(backup.listed(folder)) == 1
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("SELECT picture, checked FROM checks").fetchall() == [(3, 1)]
    assert schema.look_for_strangers(path) == []


def test_rows_that_contradict_each_other_are_not_brought_up_to_date_and_nothing_is_changed(
    folder: Path,
) -> None:
    path = make_older(folder, 6, "INSERT INTO thumbnails VALUES(99, x'', x'')")
    with pytest.raises(LibraryDamaged, match="contradict"):
        Library.open(folder, "a test")
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (6,)
        assert db.execute("SELECT picture FROM thumbnails").fetchall() == [(99,)]
