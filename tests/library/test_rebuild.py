"""A database made anew from the pictures and the stories beside them."""

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from imagine_desktop.domain.record import PictureId, PictureState, SessionId, SourceKind, TurnState
from imagine_desktop.domain.request import AddressSource, PictureSource
from imagine_desktop.errors import LibraryBusy, LibraryDamaged, LibraryError
from imagine_desktop.library.library import Library
from imagine_desktop.library.rebuild import rebuild
from tests.library.conftest import ASKED, add_turn, charge, save


def filled(library: Library, session: SessionId) -> tuple[PictureId, ...]:
    """A turn of two pictures, an edit of the second of them, and an unsaved third turn; the saved ids."""
    first = add_turn(library, session, "T1", replace(ASKED, count=2))
    charge(library, "T1", "https://a", "https://b", cost=4_000)
    edit = replace(ASKED, prompt="at dawn", sources=(PictureSource(first[1]), AddressSource("https://c/d.png")))
    second = add_turn(library, session, "T2", edit)
    charge(library, "T2", "https://c", cost=3_000)
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
    old = (folder / "library.db").read_bytes()
    rebuilt = rebuild(folder, "a test")
    assert (rebuilt.session_count, rebuilt.turn_count, rebuilt.picture_count, rebuilt.left) == (1, 2, 3, ())
    assert rebuilt.damaged is not None
    assert rebuilt.damaged.read_bytes() == old
    again = Library.open(folder, "a test")
    assert again.records.pictures(ids) == before
    for turn, restored in zip(turns, again.records.turns(), strict=True):
        assert restored.sources == turn.sources
        assert restored == replace(turn, estimate_ticks=restored.estimate_ticks, http_status=None)
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
    assert rebuild(folder, "a test").damaged is None
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
    damaged = rebuild(copy, "a test").damaged
    assert damaged is not None
    assert damaged.with_name(damaged.name + "-wal").read_bytes() == log
    with closing(sqlite3.connect(damaged)) as old:
        assert old.execute("SELECT COUNT(*) FROM turns").fetchone() == (3,)


def test_rebuild_needs_a_library_that_nobody_has_open(folder: Path, library: Library, tmp_path: Path) -> None:
    with pytest.raises(LibraryBusy):
        rebuild(folder, "a test")
    with pytest.raises(LibraryError, match="no library"):
        rebuild(tmp_path / "nowhere", "a test")
    assert not (tmp_path / "nowhere").exists()
