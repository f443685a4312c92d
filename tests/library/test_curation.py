"""Stars, notes, collections, sessions: each act in one transaction, and undone by its inverse."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagine_desktop.domain.act import (
    LONGEST_NAME,
    LONGEST_NOTE,
    Act,
    Collect,
    MakeCollection,
    MoveToSession,
    RemoveCollection,
    RenameCollection,
    RenameSession,
    Restore,
    SetNote,
    Several,
    Star,
    Trash,
    Uncollect,
)
from imagine_desktop.domain.record import CollectionId, PictureId, SessionId, TurnId
from imagine_desktop.domain.sight import Filter, Origin, SavedSearch, Scope, ScopeKind, Sight
from imagine_desktop.errors import BadInput, LibraryError
from imagine_desktop.library.library import Library
from tests.library.conftest import ALL, ASKED, add_turn, charge, save, shown

Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture
def filled(library: Library) -> Library:
    """Two sessions, three turns of two saved pictures: 1 to 6. Collection 1 has the first and the last."""
    harbour, forest = library.ledger.add_session("Harbour"), library.ledger.add_session("Forest")
    for number, session in enumerate((harbour, harbour, forest), 1):
        ids = add_turn(library, session, f"T{number}", replace(ASKED, count=2, prompt=f"prompt {number}"))
        charge(library, f"T{number}", "https://a", "https://b", cost=10)
        for one in ids:
            save(library, f"T{number}", one)
    library.curation.do(MakeCollection("Best", ids_of(1, 6)))
    return library


def ids_of(*numbers: int) -> tuple[PictureId, ...]:
    """Pictures' ids."""
    return tuple(map(PictureId, numbers))


def rows(library: Library) -> Rows:
    """All that an act may change; of a time in the trash only whether there is one."""
    with closing(sqlite3.connect(library.folder / "library.db")) as db:
        return {
            "pictures": db.execute(
                "SELECT id, turn, state, path, is_starred, note, trashed IS NULL FROM pictures ORDER BY id"
            ).fetchall(),
            "turns": db.execute("SELECT id, session, prompt, cost_ticks FROM turns ORDER BY id").fetchall(),
            "sessions": db.execute("SELECT * FROM sessions ORDER BY id").fetchall(),
            "collections": db.execute("SELECT * FROM collections ORDER BY id").fetchall(),
            "members": db.execute("SELECT * FROM members ORDER BY collection, picture").fetchall(),
            "texts": db.execute("SELECT turn, picture, folded FROM texts ORDER BY turn, picture").fetchall(),
        }


_SOME = st.lists(st.sampled_from(ids_of(1, 2, 3, 4, 5, 6)), max_size=6).map(tuple)
_TURNS = st.lists(st.sampled_from([TurnId("T1"), TurnId("T2"), TurnId("T3")]), max_size=3).map(tuple)
_WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
_ONE = st.one_of(
    st.builds(Star, _SOME, st.booleans()),
    st.builds(SetNote, st.sampled_from(ids_of(1, 2, 3)), _WORDS),
    st.builds(Trash, _SOME),
    st.builds(Restore, _SOME),
    st.builds(MakeCollection, st.sampled_from(["Blue", "Ärger"]), _SOME),
    st.builds(RenameCollection, st.just(CollectionId(1)), st.sampled_from(["Better", "BEST"])),
    st.builds(RemoveCollection, st.just(CollectionId(1))),
    st.builds(Collect, st.just(CollectionId(1)), _SOME),
    st.builds(Uncollect, st.just(CollectionId(1)), _SOME),
    st.builds(MoveToSession, _TURNS, st.sampled_from([SessionId(1), SessionId(2)])),
    st.builds(RenameSession, st.just(SessionId(1)), st.sampled_from(["Night", "Harbour"])),
)
_ACTS: st.SearchStrategy[Act] = _ONE | st.lists(_ONE, max_size=3).map(lambda acts: Several(tuple(acts)))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(_ACTS, min_size=1, max_size=5))
def test_inverses_in_turn_give_back_every_row(filled: Library, acts: list[Act]) -> None:
    stages = [rows(filled)]
    inverses: list[Act] = []
    for act in acts:
        try:
            inverses.append(filled.curation.do(act).inverse)
        except BadInput:  # as a collection that is gone: then nothing of it was done
            assert rows(filled) == stages[-1]
            continue
        stages.append(rows(filled))
    for inverse in reversed(inverses):
        assert rows(filled) == stages.pop()
        filled.curation.do(inverse)
    assert rows(filled) == stages.pop()


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (Star(ids_of(1, 99), is_on=True), "no picture 99"),
        (SetNote(PictureId(0), "x"), "no picture 0"),
        (SetNote(PictureId(1), "x" * (LONGEST_NOTE + 1)), "10,001 characters"),
        (Trash(ids_of(7)), "picture 7 is still on its way"),
        (MakeCollection(" \n "), "needs a name"),
        (MakeCollection("x" * (LONGEST_NAME + 1)), "201 characters"),
        (MakeCollection("bEST"), "one called Best already"),
        (MakeCollection("New", ids_of(1), CollectionId(1)), "a collection 1 already"),
        (RenameCollection(CollectionId(9), "New"), "not there any more"),
        (RemoveCollection(CollectionId(9)), "not there any more"),
        (Collect(CollectionId(9), ids_of(1)), "not there any more"),
        (Uncollect(CollectionId(9), ids_of(1)), "not there any more"),
        (MoveToSession((TurnId("T1"), TurnId("T9")), SessionId(1)), "no turn T9"),
        (MoveToSession((TurnId("T1"),), SessionId(9)), "not there any more"),
        (MoveToSession((TurnId("T1"), TurnId("T4")), SessionId(2)), "still under way"),
        (RenameSession(SessionId(1), ""), "needs a name"),
        (Several((Star(ids_of(1), is_on=True), Trash(ids_of(7)))), "still on its way"),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_of_it_is_done(filled: Library, act: Act, told: str) -> None:
    add_turn(filled, SessionId(1), "T4")
    before = rows(filled)
    with pytest.raises(BadInput, match=told):
        filled.curation.do(act)
    assert rows(filled) == before


def test_the_trash_is_nowhere_else_and_restoring_gives_back_everything(filled: Library) -> None:
    filled.curation.do(Star(ids_of(1, 2), is_on=True))
    before = {scope: shown(filled, scope) for scope in every_scope()}
    done = filled.curation.do(Trash(ids_of(1, 3)))
    assert done.text == "2 pictures moved to the trash."
    assert (done.picture_ids, done.session_ids) == (ids_of(1, 3), (SessionId(1),))
    for scope in every_scope():
        assert shown(filled, scope) == [number for number in before[scope] if number not in (1, 3)]
    assert shown(filled, words="prompt 1") == [2]
    assert shown(filled, Scope(ScopeKind.TRASH)) == [3, 1]
    assert filled.records.trash_size() == (2, 18)
    assert [session.picture_count for session in filled.records.sessions()] == [2, 2]
    assert [one.picture_count for one in filled.records.collections()] == [1]
    assert filled.records.saved_count() == 4
    trashed = filled.records.picture(PictureId(1))
    assert trashed is not None
    assert trashed.trashed is not None
    assert not trashed.is_whole
    filled.curation.do(done.inverse)
    assert {scope: shown(filled, scope) for scope in every_scope()} == before
    assert filled.records.trash_size() == (0, 0)


def every_scope() -> Iterator[Scope]:
    """Every place but the trash."""
    yield from (ALL.scope, Scope(ScopeKind.STARRED), Scope(ScopeKind.COLLECTION, 1))
    yield from (Scope(ScopeKind.SESSION, 1), Scope(ScopeKind.SESSION, 2))


def test_moved_turns_are_found_in_their_new_session(filled: Library) -> None:
    done = filled.curation.do(MoveToSession((TurnId("T1"), TurnId("T3")), SessionId(2)))
    assert done.text == "1 turn moved to Forest."
    assert (done.picture_ids, done.session_ids) == (ids_of(1, 2), (SessionId(1), SessionId(2)))
    assert shown(filled, Scope(ScopeKind.SESSION, 2)) == [5, 6, 1, 2]


def test_a_session_without_turns_may_lose_its_name_again(library: Library, session: SessionId) -> None:
    done = library.curation.do(RenameSession(session, "Named early"))
    library.curation.do(done.inverse)
    assert library.records.session_name(session) == ""


def test_collections_are_known_by_name_and_by_picture(filled: Library) -> None:
    filled.curation.do(MakeCollection("  a\tsecond\n", ids_of(1)))
    assert [one.name for one in filled.records.collections()] == ["a second", "Best"]
    assert [one.name for one in filled.records.collections_of(PictureId(1))] == ["a second", "Best"]
    assert [one.name for one in filled.records.collections_of(PictureId(6))] == ["Best"]
    named = filled.records.collection_named("A SECOND")
    assert named is not None
    assert (named.picture_count, filled.records.collection_named("no such")) == (1, None)


def test_a_saved_search_is_what_was_searched_for(library: Library) -> None:
    sight = Sight(
        Scope(ScopeKind.COLLECTION, 3),
        'a "b" Ü',
        Filter(1.5, None, frozenset({"m"}), frozenset({"1:1"}), frozenset({Origin.EDITED}), is_troubled=True),
    )
    library.curation.keep_search("mine", ALL)
    library.curation.keep_search(" mine ", sight)
    library.curation.keep_search("another", ALL)
    assert library.records.saved_searches() == [SavedSearch("another", ALL), SavedSearch("mine", sight)]
    library.curation.drop_search("mine")
    assert library.records.saved_searches() == [SavedSearch("another", ALL)]
    with pytest.raises(BadInput, match="needs a name"):
        library.curation.keep_search(" ", ALL)


def test_a_saved_search_of_a_later_version_is_left_alone(library: Library, folder: Path) -> None:
    with closing(sqlite3.connect(folder / "library.db", isolation_level=None)) as db:
        db.execute('INSERT INTO searches VALUES(\'later\', \'{"scope": {"kind": "dream"}}\')')
    library.curation.keep_search("mine", ALL)
    assert library.records.saved_searches() == [SavedSearch("mine", ALL)]


@pytest.mark.parametrize(
    "write",
    [
        lambda library: library.curation.do(Star(ids_of(1), is_on=True)),
        lambda library: library.curation.empty_trash(print, bool),
        lambda library: library.curation.keep_search("mine", ALL),
    ],
)
def test_a_library_open_for_reading_refuses(filled: Library, write: Callable[[Library], object]) -> None:
    filled.curation.do(Trash(ids_of(2)))
    with (
        closing(Library.open_reading(filled.folder)) as reading,
        pytest.raises(LibraryError, match="reading only"),
    ):
        write(reading)
