"""Backups: whole, checked, in order, ten of them."""

import os
import re
import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path

import pytest

from imagine_desktop.domain.record import SessionId
from imagine_desktop.errors import LibraryDamaged
from imagine_desktop.library import backup, schema
from imagine_desktop.library.library import Library
from tests.library.conftest import add_turn, make_older


def test_backup_holds_what_is_committed_and_opens_as_a_library(
    folder: Path, library: Library, session: SessionId
) -> None:
    add_turn(library, session, "T1")
    made = library.back_up()
    assert re.fullmatch(r"library-\d{8}-\d{6}\.db", made.name)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    add_turn(library, session, "T2")
    with closing(sqlite3.connect(made)) as copy:
        assert copy.execute("SELECT id FROM turns").fetchall() == [("T1",)]
        assert copy.execute("PRAGMA user_version").fetchone() == (len(schema.MIGRATIONS),)


def test_ten_are_kept_in_order_whatever_the_clock_says(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for now in (2e9, *(1e9 + number for number in range(11))):
        monkeypatch.setattr(time, "time", lambda now=now: now)
        made.append(library.back_up())
    theirs = library.folder / "backups" / "mine.db"
    theirs.write_text("not of the program's naming")
    made.append(library.back_up())
    assert backup.listed(library.folder) == made[-backup.KEPT :]
    assert theirs.exists()
    assert len(list((library.folder / "backups").iterdir())) == backup.KEPT + 1


def test_backup_is_due_after_a_change_and_after_a_day(library: Library, session: SessionId) -> None:
    assert library.back_up_if_due() is not None
    assert library.back_up_if_due() is None
    [last] = backup.listed(library.folder)
    now = time.time()
    os.utime(last, (now - 90_000, now - 90_000))
    newest = library.back_up_if_due()
    assert newest is not None
    add_turn(library, session, "T1")
    os.utime(newest, (now - 60, now - 60))
    assert library.back_up_if_due() is not None


def test_a_damaged_database_drops_no_good_backup(folder: Path, library: Library) -> None:
    for number in range(300):
        library.ledger.add_session(f"Session {number} " + "x" * 400)
    for _ in range(backup.KEPT):
        library.back_up()
    good = [path.read_bytes() for path in backup.listed(folder)]
    library.close()
    data = bytearray((folder / "library.db").read_bytes())
    data[8192:] = os.urandom(len(data) - 8192)
    (folder / "library.db").write_bytes(data)
    with pytest.raises(LibraryDamaged):
        backup.make(folder / "library.db")
    assert [path.read_bytes() for path in backup.listed(folder)] == good
    assert len(list((folder / "backups").iterdir())) == backup.KEPT


def test_an_older_library_is_backed_up_before_it_is_migrated(folder: Path) -> None:
    make_older(folder, 1)
    library = Library.open(folder, "a test")
    [made] = backup.listed(folder)
    with closing(sqlite3.connect(made)) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (1,)
        assert copy.execute("SELECT name FROM sessions").fetchall() == [("old",)]
    library.close()
    Library.open(folder, "a test").close()
    assert backup.listed(folder) == [made]
