"""Emptying the trash: what goes, what stays, and what a later rebuild or restore makes of it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from imagine_desktop.domain.act import Collect, MakeCollection, SetNote, Star, Trash
from imagine_desktop.domain.budget import Grouping
from imagine_desktop.domain.record import PictureId, PictureState, SessionId, Turn, TurnId
from imagine_desktop.domain.request import FileSource, PictureSource
from imagine_desktop.domain.sight import Scope, ScopeKind
from imagine_desktop.errors import BadInput
from imagine_desktop.library import backup
from imagine_desktop.library.emptying import Emptied
from imagine_desktop.library.library import Library
from imagine_desktop.library.rebuild import rebuild, restore
from tests.library.conftest import ALL, ASKED, add_turn, charge, save, shown

TRASH = Scope(ScopeKind.TRASH)


def bin_them(library: Library, *numbers: int) -> None:
    """Move pictures to the trash."""
    library.curation.do(Trash(tuple(map(PictureId, numbers))))


def empty(library: Library) -> Emptied:
    """Empty the trash, to the end."""
    return library.curation.empty_trash(lambda done, of: None, lambda: False)


def files(folder: Path) -> set[str]:
    """All files of pictures, sources and answers."""
    return {
        str(path.relative_to(folder))
        for name in ("images", "inputs", "spool", "quarantine")
        for path in (folder / name).rglob("*")
        if path.is_file()
    }


@pytest.fixture
def edited(library: Library, session: SessionId, tmp_path: Path) -> Library:
    """Picture 1, of a file; 2 and 3, edits of it in one turn; 4, another picture of the same file."""
    frozen = library.files.freeze_source(b"a photo", "jpg")
    photo = FileSource(tmp_path / "photo.jpg")
    for turn, request in (
        ("T1", replace(ASKED, sources=(photo,))),
        ("T2", replace(ASKED, prompt="edited", count=2, sources=(PictureSource(PictureId(1)),))),
        ("T3", replace(ASKED, sources=(photo,))),
    ):
        ids = add_turn(library, session, turn, request)
        charge(library, turn, *["https://a"] * request.count, cost=1000)
        for one in ids:
            save(library, turn, one, b"\xff\xd8\xff of %d" % one)
            library.ledger.add_thumbnails(one, b"small", b"large")
        library.files.keep_answer(turn_of(library, turn), "S", 200, {}, b"{}")
    with closing(sqlite3.connect(library.folder / "library.db", isolation_level=None)) as db:
        db.execute("UPDATE turn_sources SET frozen = ? WHERE kind = 'file'", (frozen,))
    return library


def turn_of(library: Library, turn_id: str) -> Turn:
    """A turn that there is."""
    turn = library.records.turn(TurnId(turn_id))
    assert turn is not None
    return turn


def test_emptying_removes_every_byte_and_keeps_row_lineage_and_cost(edited: Library) -> None:
    before = files(edited.folder)
    edited.curation.do(Star((PictureId(1),), is_on=True))
    edited.curation.do(SetNote(PictureId(1), "mine"))
    edited.curation.do(MakeCollection("Best", (PictureId(1), PictureId(2))))
    size = edited.records.pictures([PictureId(1)])[0].byte_count
    bin_them(edited, 1)
    assert files(edited.folder) == before
    heard: list[tuple[int, int]] = []
    emptied = edited.curation.empty_trash(lambda done, of: heard.append((done, of)), lambda: False)
    assert (emptied.count, emptied.byte_count, emptied.kept_count, heard) == (1, size, 0, [(1, 1)])
    gone = {path for path in before if "T1" in path}
    assert len(gone) == 3
    assert files(edited.folder) == before - gone  # the photo is T3's too
    [picture] = edited.records.pictures([PictureId(1)])
    assert (picture.state, picture.path, picture.sha256) == (PictureState.DELETED, None, None)
    assert (picture.is_starred, picture.note, picture.trashed, picture.byte_count) == (False, "", None, 0)
    assert (picture.cost_ticks, picture.width) == (1000, 8)
    assert edited.records.thumbnails([PictureId(1)], large=False) == {}
    assert turn_of(edited, "T2").parent_id == 1
    assert turn_of(edited, "T1").cost_ticks == 1000
    assert edited.records.spent_ticks(0) == 3000
    [total] = edited.records.sums(Grouping.SESSION)
    assert (total.picture_count, total.spent_ticks) == (4, 3000)
    assert [one.picture_count for one in edited.records.collections()] == [1]
    assert edited.damaged() == []
    assert edited.integrity.foreign_files() == []
    assert shown(edited) == [4, 2, 3]
    with pytest.raises(BadInput, match="picture 1 is deleted"):
        edited.picture_path(PictureId(1))
    for act in (Star((PictureId(1),), is_on=True), Trash((PictureId(1),))):
        with pytest.raises(BadInput, match="picture 1 was deleted"):
            edited.curation.do(act)


def test_what_is_shared_goes_with_the_last_that_needs_it(edited: Library) -> None:
    bin_them(edited, 1, 2, 4)
    assert empty(edited).count == 3
    assert {path for path in files(edited.folder) if not path.startswith("images")} == set()
    assert turn_of(edited, "T1").sources[0].frozen is None
    assert shown(edited, words="harbour") == []
    assert shown(edited, words="edited") == [3]


def test_a_file_that_two_rows_name_stays_with_the_other(edited: Library) -> None:
    with closing(sqlite3.connect(edited.folder / "library.db", isolation_level=None)) as db:
        db.execute("UPDATE pictures SET path = (SELECT path FROM pictures WHERE id = 2) WHERE id = 3")
    bin_them(edited, 2)
    empty(edited)
    assert edited.picture_path(PictureId(3)).is_file()


def test_nothing_outside_the_library_is_removed(edited: Library, tmp_path: Path) -> None:
    outside = tmp_path / "outside.jpg"
    outside.write_bytes(b"not ours")
    link = edited.picture_path(PictureId(4))
    link.unlink()
    link.symlink_to(outside)
    with closing(sqlite3.connect(edited.folder / "library.db", isolation_level=None)) as db:
        db.execute("UPDATE pictures SET path = '../../outside.jpg' WHERE id = 1")
        db.execute("UPDATE pictures SET path = ? WHERE id = 2", (str(outside),))
    bin_them(edited, 1, 2, 4)
    assert empty(edited).count == 3
    assert outside.read_bytes() == b"not ours"
    assert not link.is_symlink()


def test_what_a_job_needs_stays_in_the_trash_until_it_has_ended(edited: Library, session: SessionId) -> None:
    add_turn(edited, session, "T4", replace(ASKED, sources=(PictureSource(PictureId(4)),)))
    bin_them(edited, 1, 4)
    emptied = empty(edited)
    assert (emptied.count, emptied.kept_count) == (1, 1)
    assert "In the trash stay 1 that" in emptied.text
    assert edited.picture_path(PictureId(4)).is_file()
    charge(edited, "T4", "https://a")
    assert empty(edited).count == 1


def test_emptying_can_be_stopped_between_pictures(edited: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imagine_desktop.library.emptying._AT_ONCE", 1)
    bin_them(edited, 1, 2, 3)
    heard: list[int] = []
    emptied = edited.curation.empty_trash(lambda done, of: heard.append(done), lambda: bool(heard))
    assert (emptied.count, emptied.kept_count, heard) == (1, 0, [1])
    assert shown(edited) == [4]
    assert edited.records.trash_size()[0] == 2


def test_a_picture_that_was_imported_deleted_and_imported_again_is_new(edited: Library) -> None:
    digest = edited.records.pictures([PictureId(4)])[0].sha256
    assert digest is not None
    bin_them(edited, 4)
    assert edited.imports.has(digest)
    empty(edited)
    assert not edited.imports.has(digest)


def test_failed_pictures_can_be_deleted_with_what_was_kept_of_them(edited: Library, session: SessionId) -> None:
    [lost] = add_turn(edited, session, "T4")
    charge(edited, "T4", "https://a")
    kept = edited.files.quarantine(TurnId("T4"), lost, b"no picture")
    edited.ledger.lose_picture(lost, "It is no picture.")
    bin_them(edited, lost)
    empty(edited)
    assert not (edited.folder / kept).exists()


@pytest.mark.parametrize(
    "lose", [Path.unlink, lambda path: path.write_bytes(b"no database" * 999), lambda _: None]
)
def test_a_rebuild_brings_no_deleted_picture_back(edited: Library, lose: Callable[[Path], object]) -> None:
    folder = edited.folder
    bin_them(edited, 1, 2)
    empty(edited)
    edited.close()
    before = files(folder)
    lose(folder / "library.db")
    rebuilt = rebuild(folder, "a test")
    assert (rebuilt.picture_count, rebuilt.left) == (2, ())
    again = Library.open(folder, "a test")
    assert shown(again) == [4, 3]
    assert again.damaged() == []
    assert {path for path in files(folder) if not path.startswith("spool")} == {
        path for path in before if not path.startswith("spool")
    }
    again.close()


def test_stars_notes_collections_and_trash_outlive_a_rebuild_and_a_restore(edited: Library) -> None:
    folder = edited.folder
    edited.curation.do(Star((PictureId(4),), is_on=True))
    edited.curation.do(SetNote(PictureId(3), "on the wall"))
    edited.curation.do(MakeCollection("Best", (PictureId(4),)))
    edited.curation.do(Collect(edited.records.collections()[0].id, (PictureId(3),)))
    edited.curation.keep_search("mine", ALL)
    bin_them(edited, 1, 2)
    empty(edited)
    bin_them(edited, 3)
    edited.back_up()
    edited.close()
    for repair in (rebuild, restore):
        repair(folder, "a test")
        again = Library.open(folder, "a test")
        [deleted, _, trashed, starred] = again.records.pictures([PictureId(n) for n in (1, 2, 3, 4)])
        assert deleted.state is PictureState.DELETED
        assert (trashed.note, trashed.trashed is None) == ("on the wall", False)
        assert starred.is_starred
        assert [(one.name, one.picture_count) for one in again.records.collections()] == [("Best", 1)]
        assert [one.name for one in again.records.saved_searches()] == ["mine"]
        assert shown(again) == [4]
        assert shown(again, TRASH, "wall") == [3]
        again.close()


def test_an_earlier_backup_still_knows_and_what_is_gone_is_told(edited: Library) -> None:
    folder = edited.folder
    made = edited.back_up()
    bin_them(edited, 1)
    assert "earlier backups still have their thumbnails" in empty(edited).text
    edited.close()
    restore(folder, "a test", made)
    again = Library.open(folder, "a test")
    [(number, text)] = again.damaged()
    assert (number, "No such file" in text) == (1, True)
    backup.check(folder / "library.db")
    again.close()
