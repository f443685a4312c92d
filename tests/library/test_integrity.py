"""What is wrong with the pictures is told, remembered, and never mended by deleting."""

import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from imagine_desktop.domain.record import PictureId, SessionId
from imagine_desktop.errors import LibraryDamaged, LibraryError
from imagine_desktop.library.library import Library
from tests.library.conftest import ASKED, add_turn, charge, save


@pytest.fixture
def files(library: Library, session: SessionId) -> dict[PictureId, Path]:
    """Three saved pictures."""
    ids = add_turn(library, session, "T1", replace(ASKED, count=3))
    charge(library, "T1", *["https://a"] * 3)
    return {one: save(library, "T1", one, b"\xff\xd8\xff" + os.urandom(500)) for one in ids}


def test_every_flipped_bit_is_found_and_a_file_that_comes_back_is_whole_again(
    library: Library, files: dict[PictureId, Path]
) -> None:
    picture_id, path = next(iter(files.items()))
    data = path.read_bytes()
    for bit in (0, 8 * 250, 8 * len(data) - 1):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        [wrong] = library.integrity.verify().wrong
        assert (wrong.picture_id, wrong.is_missing) == (picture_id, False)
        assert path.read_bytes() == flipped
    path.unlink()
    [wrong] = library.integrity.verify().wrong
    assert wrong.is_missing
    path.write_bytes(data)
    assert library.integrity.verify().wrong == ()


def test_quick_reads_only_what_looks_changed(library: Library, files: dict[PictureId, Path]) -> None:
    assert len(library.integrity.verify(is_quick=True).read) == 3
    assert library.integrity.verify(is_quick=True).read == ()
    changed = next(iter(files))
    files[changed].write_bytes(files[changed].read_bytes())
    os.utime(files[changed], (1, 1))
    assert [one.picture_id for one in library.integrity.verify(is_quick=True).read] == [changed]
    assert len(library.integrity.verify().read) == 3


def test_the_longest_unchecked_are_checked_once_a_day(library: Library, files: dict[PictureId, Path]) -> None:
    first = library.integrity.verify_oldest()
    assert first is not None
    assert len(first.read) == 3
    assert library.integrity.verify_oldest() is None


@pytest.mark.skipif(os.name == "nt", reason="pipes and links of Unix")
def test_a_pipe_a_folder_and_a_link_out_in_a_pictures_place_are_told_at_once(
    library: Library, files: dict[PictureId, Path], tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    pipe, folder, link = files.values()
    outside.write_bytes(link.read_bytes())
    for path in (pipe, folder, link):
        path.unlink()
    os.mkfifo(pipe)
    folder.mkdir()
    link.symlink_to(outside)
    assert {wrong.picture_id for wrong in library.integrity.verify().wrong} == set(files)


def test_foreign_files_are_told_and_kept(library: Library, files: dict[PictureId, Path]) -> None:
    here = next(iter(files.values())).parent
    for number in range(100):
        (here / f"holiday {number}.jpg").write_bytes(b"a person's own")
    (here / "all").symlink_to("/")
    found = library.integrity.foreign_files()
    assert len(found) == 101
    assert all((library.folder / path).is_symlink() or (library.folder / path).is_file() for path in found)
    assert library.integrity.verify().wrong == ()


@pytest.mark.parametrize("path", ["../outside", "/etc/hostname", "a\0b", ""])
def test_a_path_that_leads_out_is_not_read(library: Library, files: dict[PictureId, Path], path: str) -> None:
    library.close()
    with closing(sqlite3.connect(library.folder / "library.db")) as db:
        db.execute("UPDATE pictures SET path = ? WHERE id = 1", (path,))
        db.commit()
    again = Library.open(library.folder, "a test")
    [wrong] = again.integrity.verify().wrong
    assert wrong.picture_id == 1
    again.close()


def test_a_database_that_does_not_hold_together_is_told(library: Library) -> None:
    for number in range(300):
        library.ledger.add_session(f"Session {number} " + "x" * 400)
    library.integrity.check_database()
    library.close()
    path = library.folder / "library.db"
    data = bytearray(path.read_bytes())
    data[-4096 * 3 :] = os.urandom(4096 * 3)
    path.write_bytes(data)
    again = Library.open_reading(library.folder)
    with pytest.raises(LibraryDamaged):
        again.integrity.check_database()
    again.close()


@pytest.mark.parametrize(
    "hostile",
    [
        "CREATE TRIGGER t AFTER INSERT ON sessions BEGIN DELETE FROM pictures; END",
        "CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c",
        "DROP TRIGGER events_are_not_changed; CREATE TRIGGER events_are_not_changed BEFORE UPDATE ON events"
        " BEGIN DELETE FROM pictures; END",
    ],
)
def test_triggers_and_views_of_others_never_run(
    library: Library, files: dict[PictureId, Path], hostile: str
) -> None:
    library.close()
    path = library.folder / "library.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(hostile)
    before = path.read_bytes()
    again = Library.open(library.folder, "a test")
    assert "did not make" in again.read_only
    assert again.integrity.verify().wrong == ()
    with pytest.raises(LibraryError, match="reading only"):
        again.ledger.add_session("x")
    again.close()
    assert path.read_bytes() == before


def test_a_view_in_a_tables_place_is_refused(library: Library, files: dict[PictureId, Path]) -> None:
    library.close()
    with closing(sqlite3.connect(library.folder / "library.db")) as db:
        db.executescript("ALTER TABLE thumbnails RENAME TO t; CREATE VIEW thumbnails AS SELECT 1 FROM t")
    with pytest.raises(LibraryDamaged, match="no table thumbnails"):
        Library.open(library.folder, "a test")
    with pytest.raises(LibraryDamaged, match="no table thumbnails"):
        Library.open_reading(library.folder)
