"""A database made anew from the pictures and the stories beside them."""

import json
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from imagine_desktop.domain.act import RenameSession
from imagine_desktop.domain.record import PictureId, PictureState, SessionId, SourceKind, TurnId, TurnState
from imagine_desktop.domain.request import AddressSource, PictureSource
from imagine_desktop.errors import LibraryBusy, LibraryDamaged, LibraryError
from imagine_desktop.library import backup, swap
from imagine_desktop.library.ledger import Charge
from imagine_desktop.library.library import Library
from imagine_desktop.library.rebuild import rebuild, restore
from tests.library.conftest import ASKED, add_turn, charge, make_older, save


def filled(library: Library, session: SessionId) -> tuple[PictureId, ...]:
    """A turn of two pictures, an edit of the second of them, and an unsaved third turn; the saved ids."""
    first = add_turn(library, session, "T1", replace(ASKED, count=2))
    charge(library, "T1", "https://a", "https://b", cost=4_000)
    edit = replace(ASKED, prompt="at dawn", sources=(PictureSource(first[1]), AddressSource("https://c/d.png")))
    second = add_turn(library, session, "T2", edit)
    library.ledger.start_sending(TurnId("T2"))
    library.ledger.charge(TurnId("T2"), Charge(("https://c",), 3_000, revised_prompts=("at a misty dawn",)))
    for turn_id, picture_id in (("T1", first[0]), ("T1", first[1]), ("T2", second[0])):
        save(library, turn_id, picture_id, b"\xff\xd8\xff" + turn_id.encode() + bytes([picture_id]))
    add_turn(library, session, "T3")
    return (*first, *second)


def test_ids_turns_sessions_sources_costs_and_lineage_come_back(
    folder: Path, library: Library, session: SessionId
) -> None:
    ids = filled(library, session)
    before = library.records.pictures(ids)
    turns = library.records.turns()[:2]
    library.close()
    old = b"no database" * 1000
    (folder / "library.db").write_bytes(old)
    rebuilt = rebuild(folder, "a test")
    assert (rebuilt.session_count, rebuilt.turn_count, rebuilt.picture_count, rebuilt.left) == (1, 2, 3, ())
    assert rebuilt.base is None
    assert rebuilt.replaced is not None
    assert rebuilt.replaced.read_bytes() == old
    again = Library.open(folder, "a test")
    assert again.records.pictures(ids) == before
    for turn, restored in zip(turns, again.records.turns(), strict=True):
        assert restored.sources == turn.sources
        assert restored == replace(turn, http_status=None)
    assert again.records.children(ids[1]) == [ids[2]]
    assert again.records.spent_ticks(0) == 7_000
    assert again.damaged() == []
    assert add_turn(again, session, "T4")[0] > 1000  # an id of the lost third turn is not given again
    again.close()


def test_a_library_without_its_database_is_not_taken_for_a_new_one(
    folder: Path, library: Library, session: SessionId
) -> None:
    filled(library, session)
    library.close()
    (folder / "library.db").unlink()
    with pytest.raises(LibraryDamaged, match=r"no library\.db"):
        Library.open(folder, "a test")
    assert not (folder / "library.db").exists()
    assert rebuild(folder, "a test").replaced is None
    Library.open(folder, "a test").close()


def test_missing_places_missing_files_and_lost_parents_are_told_in_the_rows(
    folder: Path, library: Library, session: SessionId
) -> None:
    ids = filled(library, session)
    gone = library.picture_path(ids[0])
    parent = library.picture_path(ids[1])
    library.close()
    gone.unlink()  # its story stays: it may come back
    parent.unlink()
    parent.with_name(parent.name + ".json").unlink()
    (folder / "library.db").unlink()
    rebuild(folder, "a test")
    again = Library.open(folder, "a test")
    [first, second] = again.records.turns()
    states = [picture.state for picture in again.records.pictures(first.picture_ids)]
    assert states == [PictureState.SAVED, PictureState.NOT_MADE]
    assert second.parent_id is None
    assert second.sources[0].kind is SourceKind.PICTURE
    assert [picture_id for picture_id, _ in again.damaged()] == [ids[0]]
    gone.write_bytes(b"\xff\xd8\xffT1" + bytes([ids[0]]))
    assert again.damaged() == []
    again.close()


def test_a_turn_whose_answer_is_kept_is_left_for_recovery(
    folder: Path, library: Library, session: SessionId
) -> None:
    [first, _] = add_turn(library, session, "T1", replace(ASKED, count=2))
    charge(library, "T1", "https://a", "https://b", cost=4_000)
    save(library, "T1", first)
    [turn] = library.records.turns()
    library.files.keep_answer(turn, "S", 200, {}, b"{}")
    (folder / "spool" / "T0.resp").write_bytes(b"damaged")
    library.close()
    (folder / "library.db").unlink()
    assert rebuild(folder, "a test").left == ("spool/T0.resp",)
    again = Library.open(folder, "a test")
    [turn] = again.records.unfinished_turns()
    assert turn.state is TurnState.SENDING
    states = [picture.state for picture in again.records.pictures(turn.picture_ids)]
    assert states == [PictureState.SAVED, PictureState.PENDING]
    again.close()


def test_files_without_a_story_and_hostile_stories_are_told_and_kept(
    folder: Path, library: Library, session: SessionId
) -> None:
    ids = filled(library, session)
    picture = library.picture_path(ids[0])
    library.close()
    story = json.loads(picture.with_name(picture.name + ".json").read_text())
    here = picture.parent
    hostile = {
        "a.jpg.json": b"\xff",
        "b.jpg.json": b"[" * 100_000,
        "c.jpg.json": json.dumps({**story, "turn": {**story["turn"], "id": "../../x"}}).encode(),
        "d.jpg.json": json.dumps({**story, "picture": {**story["picture"], "id": 10**30}}).encode(),
        "e.jpg.json": json.dumps({**story, "sources": [{"kind": "DROP TABLE"}]}).encode(),
        "f.jpg": b"no story",
    }
    for name, data in hostile.items():
        (here / name).write_bytes(data)
    shutil.copy(picture.with_name(picture.name + ".json"), here / "copy.jpg.json")
    (here / "link.jpg.json").symlink_to(picture.with_name(picture.name + ".json"))
    (here / "linked").symlink_to(folder.parent, target_is_directory=True)
    rebuilt = rebuild(folder, "a test")
    assert rebuilt.picture_count == 3
    left = {Path(path).name for path in rebuilt.left}
    assert {*hostile, "link.jpg.json", "linked"} <= left
    assert len(left & {"copy.jpg", picture.name}) == 1  # one place, one picture
    assert all((here / name).read_bytes() == data for name, data in hostile.items())


def test_two_pictures_of_one_id_both_stay(folder: Path, library: Library, session: SessionId) -> None:
    ids = filled(library, session)
    picture = library.picture_path(ids[2])
    library.close()
    beside = picture.with_name(picture.name + ".json")
    story = json.loads(beside.read_text())
    story["picture"]["id"] = ids[0]
    beside.write_text(json.dumps(story))
    assert rebuild(folder, "a test").picture_count == 3
    again = Library.open(folder, "a test")
    assert again.damaged() == []
    assert again.records.saved_count() == 3
    again.close()


def test_the_old_log_stays_with_the_old_database(folder: Path, library: Library, session: SessionId) -> None:
    filled(library, session)
    copy = folder.parent / "copy"
    shutil.copytree(folder, copy)  # as a killed owner leaves it, its log not folded in
    log = (copy / "library.db-wal").read_bytes()
    assert log
    kept = rebuild(copy, "a test").replaced
    assert kept is not None
    assert kept.with_name(kept.name + "-wal").read_bytes() == log
    with closing(sqlite3.connect(kept)) as old:
        assert old.execute("SELECT COUNT(*) FROM turns").fetchone() == (3,)


def test_an_answer_of_which_nothing_else_is_left_gets_its_turn_again(
    folder: Path, library: Library, session: SessionId
) -> None:
    library.curation.do(RenameSession(session, "Harbour"))
    edit = replace(ASKED, count=2, sources=(AddressSource("https://c/d.png"),))
    add_turn(library, session, "T1", edit)
    library.ledger.start_sending(TurnId("T1"))
    [turn] = library.records.turns()
    library.files.keep_answer(turn, "Harbour", 200, {}, b"{}")
    library.close()
    (folder / "library.db").unlink()
    rebuilt = rebuild(folder, "a test")
    assert (rebuilt.session_count, rebuilt.turn_count, rebuilt.picture_count, rebuilt.left) == (1, 1, 0, ())
    again = Library.open(folder, "a test")
    [entered] = again.records.unfinished_turns()
    assert replace(entered, picture_ids=turn.picture_ids) == turn
    assert again.records.session_name(entered.session_id) == "Harbour"
    assert again.records.spent_ticks(0) == 1000
    again.close()


def known_by_rows_alone(library: Library, session: SessionId) -> None:
    """What no file beside a picture tells."""
    library.curation.do(RenameSession(session, "Renamed"))
    library.ledger.add_session("Empty")
    library.ledger.start_sending(TurnId("T3"))
    library.ledger.end(TurnId("T3"), TurnState.UNKNOWN, "lost", http_status=503)


def assert_known(folder: Path) -> None:
    """It is known again, and the pictures are whole."""
    again = Library.open(folder, "a test")
    assert [one.name for one in again.records.sessions()] == ["Empty", "Renamed"]
    third = again.records.turn(TurnId("T3"))
    assert third is not None
    assert (third.state, third.http_status, third.error) == (TurnState.UNKNOWN, 503, "lost")
    assert again.records.spent_ticks(0) == 8_000
    assert again.damaged() == []
    with closing(sqlite3.connect(folder / "library.db")) as db:
        events = db.execute("SELECT to_state FROM events WHERE turn = 'T3' ORDER BY seq").fetchall()
    assert events == [("queued",), ("sending",), ("unknown",)]
    again.close()


def test_a_whole_database_is_gone_by_with_all_that_it_alone_knows(
    folder: Path, library: Library, session: SessionId
) -> None:
    filled(library, session)
    known_by_rows_alone(library, session)
    library.close()
    rebuilt = rebuild(folder, "a test")
    assert (rebuilt.base, rebuilt.picture_count) == (folder / "library.db", 3)
    assert_known(folder)


def spoil(path: Path, sql: str) -> None:
    """Change a backup as no damage to the disk would."""
    with closing(sqlite3.connect(path)) as db:
        db.execute(sql)
        db.commit()


def test_of_a_damaged_library_the_newest_good_backup_is_gone_by(
    folder: Path, library: Library, session: SessionId
) -> None:
    filled(library, session)
    known_by_rows_alone(library, session)
    good = library.back_up()
    bad = library.back_up()
    bad.write_bytes(bad.read_bytes()[:8192])
    for sql in (
        "CREATE TRIGGER theirs AFTER INSERT ON turns BEGIN DELETE FROM thumbnails; END",
        "UPDATE pictures SET turn = 'nobody' WHERE id = 1",
        "UPDATE sessions SET name = CAST(x'ff' AS TEXT)",
    ):
        spoil(library.back_up(), sql)
    later = add_turn(library, session, "T5")
    charge(library, "T5", "https://e", cost=0)
    save(library, "T5", later[0], b"\xff\xd8\xff later")
    library.close()
    (folder / "library.db").write_bytes(b"no database" * 1000)
    kept = {path: path.read_bytes() for path in backup.listed(folder)}
    rebuilt = rebuild(folder, "a test")
    assert (rebuilt.base, rebuilt.picture_count, rebuilt.left) == (good, 4, ())
    assert {path: path.read_bytes() for path in backup.listed(folder)} == kept
    again = Library.open(folder, "a test")
    assert [turn.id for turn in again.records.turns()] == ["T1", "T2", "T3", "T5"]
    again.close()
    assert_known(folder)


def test_a_backup_of_an_earlier_version_is_brought_up_to_date_and_pushes_out_no_other(folder: Path) -> None:
    path = make_older(folder, 3)
    made = [backup.make(path) for _ in range(backup.KEPT)]
    assert restore(folder, "a test", made[0]).base == made[0]
    assert backup.listed(folder) == made
    library = Library.open(folder, "a test")
    assert [one.name for one in library.records.sessions()] == ["old"]
    library.close()


def test_restore_goes_back_to_a_backup_and_enters_the_pictures_that_came_since(
    folder: Path, library: Library, session: SessionId
) -> None:
    first = add_turn(library, session, "T1", replace(ASKED, count=2))
    charge(library, "T1", "https://a", "https://b", cost=4_000)
    save(library, "T1", first[0])
    earlier = library.back_up()
    save(library, "T1", first[1])
    second = add_turn(library, session, "T2")
    charge(library, "T2", "https://c", cost=3_000)
    save(library, "T2", second[0])
    library.back_up()
    library.curation.do(RenameSession(session, "Renamed since"))
    library.close()
    before = (folder / "library.db").read_bytes()
    rebuilt = restore(folder, "a test", earlier)
    assert rebuilt.replaced is not None
    assert rebuilt.replaced.read_bytes() == before
    assert (rebuilt.base, rebuilt.picture_count, rebuilt.turn_count) == (earlier, 3, 2)
    again = Library.open(folder, "a test")
    pictures = again.records.pictures([*first, *second])
    assert [picture.state for picture in pictures] == [PictureState.SAVED] * 3
    assert again.records.spent_ticks(0) == 7_000
    assert again.records.sessions()[0].name != "Renamed since"
    assert again.damaged() == []
    assert again.records.unfinished_turns() == []
    again.close()


def test_restore_of_a_backup_that_is_not_good_changes_nothing(folder: Path, library: Library) -> None:
    made = library.back_up()
    with pytest.raises(LibraryBusy):
        restore(folder, "a test", made)
    library.close()
    made.write_bytes(b"no database" * 1000)
    before = {path: path.read_bytes() for path in folder.rglob("*.db") if path.is_file()}
    for chosen, error in ((made, LibraryDamaged), (None, LibraryDamaged), (folder / "none.db", LibraryError)):
        with pytest.raises(error):
            restore(folder, "a test", chosen)
    assert {path: path.read_bytes() for path in folder.rglob("*.db") if path.is_file()} == before
    made.unlink()
    with pytest.raises(LibraryError, match="no backup"):
        restore(folder, "a test")
    assert not list(folder.glob(".library.db*"))


@pytest.mark.skipif(sys.platform == "win32", reason="links of Unix")
@pytest.mark.parametrize("step", ["link", "unlink", "replace"])
def test_a_replacement_that_broke_off_is_taken_back_with_the_log(
    folder: Path, library: Library, session: SessionId, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    filled(library, session)
    copy = folder.parent / "copy"
    shutil.copytree(folder, copy)  # as a killed owner leaves it, its log not folded in
    new = copy / "new.db"
    shutil.copy(copy / "library.db", new)
    before = {name: (copy / name).read_bytes() for name in ("library.db", "library.db-wal")}
    links = iter((os.link,))  # the first one succeeds

    def break_off(*arguments: Path) -> None:
        next(links, _break_off)(*arguments)

    with monkeypatch.context() as broken:
        if step == "link":
            broken.setattr(os, "link", break_off)
        else:
            broken.setattr(Path, step, _break_off)
        with pytest.raises(KeyboardInterrupt):
            swap.put_in_place(copy, new)
    swap.undo(copy)
    assert {name: (copy / name).read_bytes() for name in before} == before
    assert not list(copy.glob("library.db.replaced-*"))
    again = Library.open(copy, "a test")
    assert len(again.records.turns()) == 3
    again.close()


def _break_off(*_arguments: object, **_options: object) -> None:
    raise KeyboardInterrupt


def test_rebuild_needs_a_library_that_nobody_has_open(folder: Path, library: Library, tmp_path: Path) -> None:
    with pytest.raises(LibraryBusy):
        rebuild(folder, "a test")
    with pytest.raises(LibraryError, match="no library"):
        rebuild(tmp_path / "nowhere", "a test")
    assert not (tmp_path / "nowhere").exists()
