"""Which pictures a sight shows: scopes, filters, words, sections; the index that words are looked up in."""

import random
import sqlite3
import time
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagine_desktop.domain.act import SetNote, Trash
from imagine_desktop.domain.record import PictureId, SessionId, TurnId
from imagine_desktop.domain.request import FileSource, PictureSource
from imagine_desktop.domain.sight import Filter, Headers, Origin, Scope, ScopeKind, Section, Sight
from imagine_desktop.library import finding, texts
from imagine_desktop.library.library import Library
from tests.library.conftest import ALL, ASKED, add_turn, charge, shown


def date(library: Library, **moments: float) -> None:
    """Let turns be from other times."""
    with closing(sqlite3.connect(library.folder / "library.db", isolation_level=None)) as db:
        for turn, moment in moments.items():
            db.execute("UPDATE turns SET created = ? WHERE id = ?", (moment, turn))


@pytest.fixture
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A zone far from Greenwich."""
    if not hasattr(time, "tzset"):
        pytest.skip("a zone can be chosen on Unix only")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_the_first_of_what_is_found_are_the_newest(library: Library, session: SessionId) -> None:
    for turn in ("T1", "T2", "T3"):
        add_turn(library, session, turn, replace(ASKED, prompt="a fox", count=2))
    for sight in (
        ALL,
        replace(ALL, words="fox"),
        replace(ALL, words="f"),
        Sight(Scope(ScopeKind.SESSION, session)),
    ):
        whole = list(library.records.found(sight).ids)
        assert whole == [5, 6, 3, 4, 1, 2]
        for most in (0, 1, 3, 6, 7):
            assert list(library.records.found(sight, most=most).ids) == whole[:most]
    assert list(library.records.found(ALL, Headers.SESSION, 3).ids) == [5, 6, 3]


@pytest.mark.usefixtures("zone")
def test_days_are_those_of_the_local_calendar(library: Library, session: SessionId) -> None:
    for turn, count in (("T1", 1), ("T2", 2), ("T3", 3)):
        add_turn(library, session, turn, replace(ASKED, count=count))
    # Midnight in New Zealand, where summer time is 13 hours ahead, was 11 o'clock by Greenwich.
    date(library, T1=1_609_412_399.5, T2=1_609_412_400.0, T3=1_609_498_799.5)
    found = library.records.found(ALL, Headers.DAY)
    assert list(found.ids) == [4, 5, 6, 2, 3, 1]
    assert found.sections == (
        Section("Friday, 1 January 2021", "2021-01-01", 5),
        Section("Thursday, 31 December 2020", "2020-12-31", 1),
    )
    assert Section.of_day(1_609_412_400.0, 5) == found.sections[0]


def test_a_time_that_no_calendar_knows_has_a_section_all_the_same(library: Library, session: SessionId) -> None:
    for number, moment in enumerate((-1e18, 1e300, 0.0, 4e10), 1):
        add_turn(library, session, f"T{number}")
        date(library, **{f"T{number}": moment})
    found = library.records.found(ALL, Headers.DAY)
    assert len(found.ids) == sum(section.count for section in found.sections) == 4


def test_by_sessions_the_newest_comes_first_whatever_its_turns(library: Library, session: SessionId) -> None:
    other = library.ledger.add_session("Other")
    add_turn(library, other, "T1")
    add_turn(library, session, "T2", replace(ASKED, count=2))
    found = library.records.found(ALL, Headers.SESSION)
    assert list(found.ids) == [1, 2, 3]
    sections = {one.id: one for one in library.records.sessions()}
    assert found.sections == (
        Section.of_session(sections[other], 1),
        Section.of_session(sections[session], 2),
    )
    assert library.records.found(ALL).sections == ()


def test_filters_leave_out_what_does_not_pass(library: Library, session: SessionId, tmp_path: Path) -> None:
    add_turn(library, session, "T1")
    add_turn(library, session, "T2", replace(ASKED, model="other", sources=(PictureSource(PictureId(1)),)))
    add_turn(library, session, "T3", replace(ASKED, aspect_ratio="1:1", count=3))
    charge(library, "T3", "", None)
    with closing(sqlite3.connect(library.folder / "library.db", isolation_level=None)) as db:
        db.execute("UPDATE turns SET imported_from = 'a/b.jpg' WHERE id = 'T1'")
        db.execute("UPDATE pictures SET is_starred = 1 WHERE id = 2")
    date(library, T1=1.0, T2=2.0, T3=3.0)
    expected = {
        Filter(): [3, 4, 2, 1],
        Filter(since=2.0): [3, 4, 2],
        Filter(until=2.0): [1],
        Filter(since=2.0, until=3.0): [2],
        Filter(models=frozenset({"other"})): [2],
        Filter(models=frozenset({"other", ASKED.model})): [3, 4, 2, 1],
        Filter(ratios=frozenset({"1:1"})): [3, 4],
        Filter(origins=frozenset({Origin.GENERATED})): [3, 4],
        Filter(origins=frozenset({Origin.EDITED})): [2],
        Filter(origins=frozenset({Origin.IMPORTED, Origin.EDITED})): [2, 1],
        Filter(is_starred=True): [2],
        Filter(is_troubled=True): [3, 5],
        Filter(is_troubled=True, since=4.0): [],
    }
    for limits, ids in expected.items():
        assert shown(library, limits=limits) == ids
        assert shown(library, Scope(ScopeKind.SESSION, session), "harbour", limits) == ids
        assert sum(
            s.count for s in library.records.found(Sight(ALL.scope, "", limits), Headers.DAY).sections
        ) == len(ids)
    assert library.records.models() == [ASKED.model, "other"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Über den Dächern", "über DÄCHERN"),
        ("STRASSE", "straße"),
        ("straße", "STRASSE"),
        ("ΟΔΟΣ", "οδος"),
        (unicodedata.normalize("NFD", "Café"), unicodedata.normalize("NFC", "CAFÉ")),
        ("猫と月", "と"),
        ("猫と月のある夜", "月のあ"),
        ("ships 🚢🚢 at sea", "🚢"),
        ('he said "now" (twice)', '"now" (twice)'),
        ("rock-and-roll * 50% off_today", "k-an * 0% f_t"),
        ("C:\\new\\table", "\\n \\table"),
        ("AND OR NOT NEAR", "near not or and"),
        ("a" * 300 + "b", "a" * 300 + "b"),
        (" ".join(f"word{n}" for n in range(150)), " ".join(f"word{n}" for n in range(150))),
        ("q w e r t y u", "q w e r t y u"),
    ],
)
def test_text_is_found_as_a_person_expects(library: Library, session: SessionId, text: str, words: str) -> None:
    [hit] = add_turn(library, session, "T1", replace(ASKED, prompt=f"before {text} after"))
    add_turn(library, session, "T2", replace(ASKED, prompt="before and after"))
    assert shown(library, words=words) == [hit]
    assert shown(library, words=f"BEFORE {words}") == [hit]
    assert shown(library, words=f"{words} absent") == []
    assert shown(library, words=words + "Z") == []


def test_notes_and_names_of_files_are_searched_and_a_note_is_its_pictures_own(
    library: Library, session: SessionId, tmp_path: Path
) -> None:
    edit = replace(ASKED, count=2, sources=(FileSource(tmp_path / "Grandmother 1954.jpg"),))
    add_turn(library, session, "T1", edit)
    add_turn(library, session, "T2", replace(ASKED, prompt="another"))
    with closing(sqlite3.connect(library.folder / "library.db", isolation_level=None)) as db:
        db.execute("UPDATE turns SET imported_from = 'Holiday/IMG_7.jpg', prompt = '' WHERE id = 'T2'")
    done = library.curation.do(SetNote(PictureId(2), "for the Kitchen wall"))
    assert shown(library, words="grandmother harbour") == [1, 2]
    assert shown(library, words="kitchen") == [2]
    assert shown(library, words="kitchen 1954 NIGHT") == [2]
    assert shown(library, words="holiday img_7") == [3]
    assert shown(library, words="another") == []
    library.curation.do(SetNote(PictureId(2), "somewhere else"))
    assert shown(library, words="kitchen") == []
    library.curation.do(done.inverse)
    assert shown(library, words="somewhere") == []
    assert shown(library, words="harbour") == [1, 2]


_PIECES = st.sampled_from(
    ["fox", "Fo", "x", "snow", "Ü", "ß", "SS", '"', "%", "_", "*", "-", "猫", "🦊", "e\u0301", "É"]
)
_TEXT = st.lists(_PIECES, max_size=6).map("".join)
_TEXTS = st.lists(st.tuples(_TEXT, _TEXT), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=_TEXTS, asked=st.lists(_TEXT, max_size=3), few=st.sampled_from([0, 2000]))
def test_search_finds_what_comparing_every_text_finds(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    written: list[tuple[str, str]],
    asked: list[str],
    few: int,
) -> None:
    monkeypatch.setattr(finding, "_FEW", few)
    library = Library.open(tmp_path_factory.mktemp("searched") / "library", "a test")
    try:
        session = library.ledger.add_session("S")
        for number, (prompt, note) in enumerate(written, 1):
            add_turn(library, session, f"T{number}", replace(ASKED, prompt=prompt, count=2))
            library.curation.do(SetNote(PictureId(2 * number), note))
        library.curation.do(Trash(()))
        words = texts.fold(" ".join(asked)).split()
        expected = [
            picture
            for number, (prompt, note) in reversed(list(enumerate(written, 1)))
            for picture, text in ((2 * number - 1, prompt), (2 * number, f"{prompt}\n{note}"))
            if all(word in texts.fold(text) for word in words)
        ]
        assert shown(library, words=" ".join(asked)) == expected
    finally:
        library.close()


def test_the_order_is_that_of_the_rows_however_they_came(library: Library, session: SessionId) -> None:
    chance = random.Random(5)
    other = library.ledger.add_session("Other")
    names = [f"T{number:04}" for number in range(300)]
    chance.shuffle(names)
    for name in names:
        add_turn(library, chance.choice((session, other)), name, replace(ASKED, count=chance.randint(1, 4)))
    turns = {turn.id: turn for turn in library.records.turns()}
    expected = [p for name in sorted(names, reverse=True) for p in turns[TurnId(name)].picture_ids]
    assert shown(library) == shown(library, words="harbour") == shown(library, words="h") == expected
    assert list(library.records.found(ALL, Headers.DAY).ids) == expected
    of_session = [
        p for p in expected if any(p in t.picture_ids and t.session_id == session for t in turns.values())
    ]
    assert shown(library, Scope(ScopeKind.SESSION, session)) == of_session


def test_what_another_wrote_is_indexed_at_the_next_start(
    folder: Path, library: Library, session: SessionId
) -> None:
    add_turn(library, session, "T1")
    library.close()
    with closing(sqlite3.connect(folder / "library.db", isolation_level=None)) as db:
        db.execute("UPDATE turns SET prompt = 'changed elsewhere'")
    again = Library.open(folder, "a test")
    assert (shown(again, words="elsewhere"), shown(again, words="harbour")) == ([1], [])
    with closing(sqlite3.connect(folder / "library.db")) as db:
        assert db.execute("SELECT COUNT(*) FROM unindexed").fetchone() == (0,)
        db.execute("INSERT INTO words(words) VALUES('integrity-check')")  # it and the texts agree
    again.close()
