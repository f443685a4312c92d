"""Reading the library: order, search, damage, space; and that its files stay inside it."""

import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagine_desktop.domain.record import PictureId, PictureState, SessionId, TurnId
from imagine_desktop.domain.sight import Scope, ScopeKind
from imagine_desktop.errors import BadInput, DiskFull, LibraryError
from imagine_desktop.library import library as libraries
from imagine_desktop.library.library import Library
from tests.library.conftest import ASKED, add_turn, charge, save, shown


def test_gallery_shows_the_newest_turn_first_its_pictures_in_order(
    library: Library, session: SessionId
) -> None:
    other = library.ledger.add_session("Other")
    first = add_turn(library, session, "T1", replace(ASKED, count=2))
    second = add_turn(library, other, "T2", replace(ASKED, count=2))
    third = add_turn(library, session, "T3")
    charge(library, "T2", "https://a")
    assert shown(library) == [*third, second[0], *first]
    assert shown(library, Scope(ScopeKind.SESSION, session)) == [*third, *first]
    assert [found.name for found in library.records.sessions()] == ["Other", "a harbour at night"]
    assert [turn.id for turn in library.records.turns()] == ["T1", "T2", "T3"]


@pytest.mark.parametrize(
    "words", ["100%", "snake_case", '"quoted"', "it's", "back\\slash", "* NEAR(", "İstanbul", "🦜"]
)
def test_search_finds_words_literally(library: Library, session: SessionId, words: str) -> None:
    [hit] = add_turn(library, session, "T1", replace(ASKED, prompt=f"a harbour {words} at night"))
    add_turn(
        library, session, "T2", replace(ASKED, prompt="a harbour 1000 snakeXcase quoted its backslash NEAR")
    )
    assert shown(library, words=words) == [hit]
    assert shown(library, words=f"night {words} HARBOUR") == [hit]
    assert shown(library, words=f"{words} absent") == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("%_\\'\"*(){}:"), max_size=30))
def test_no_search_text_fails(library: Library, words: str) -> None:
    if not library.records.turns():
        add_turn(library, library.ledger.add_session(), "T1")
    found = shown(library, words=words)
    assert bool(found) is all(word.lower() in ASKED.prompt for word in words.split())


@pytest.mark.parametrize(
    "words", ["x" * 100_000, "x" * 101, " ".join(map(str, range(5000))), "a \ud800", "a\0b"]
)
def test_search_text_beyond_every_prompt_finds_nothing(
    library: Library, session: SessionId, words: str
) -> None:
    add_turn(library, session, "T1")
    assert shown(library, words=words) == []


def test_session_is_made_once_for_its_name(library: Library) -> None:
    assert library.session("A").id == library.session("A").id
    assert library.session("a").id != library.session("A").id


def test_damage_is_found_in_flipped_missing_and_replaced_files(library: Library, session: SessionId) -> None:
    ids = add_turn(library, session, "T1", replace(ASKED, count=4))
    charge(library, "T1", *["https://a"] * 4)
    files = [save(library, "T1", picture_id, b"\xff\xd8\xff" + os.urandom(500)) for picture_id in ids]
    assert library.damaged() == []
    data = bytearray(files[0].read_bytes())
    data[100] ^= 1
    files[0].write_bytes(data)
    files[1].unlink()
    files[2].unlink()
    files[2].symlink_to("/etc/hostname")
    assert [picture_id for picture_id, _ in library.damaged()] == list(ids[:3])
    assert library.damaged([ids[3]]) == []
    assert "outside" in dict(library.damaged())[ids[2]]
    assert library.records.saved_count() == 4


@pytest.mark.parametrize("relative", ["../outside", "/etc/passwd", "images/../../outside", "a\0b"])
def test_path_that_leads_outside_is_refused(library: Library, relative: str) -> None:
    with pytest.raises(LibraryError):
        library.files.absolute(relative)


def test_a_turn_whose_id_leads_outside_reads_and_deletes_nothing_there(library: Library) -> None:
    outside = library.folder.parent / "x.resp"
    outside.write_text("kept")
    turn = TurnId("../../x")
    for act in (library.files.answer, library.files.drop_answer):
        with pytest.raises(LibraryError, match="outside"):
            act(turn)
    assert outside.read_text() == "kept"


def test_only_a_saved_picture_has_a_file(library: Library, session: SessionId) -> None:
    [picture_id] = add_turn(library, session, "T1")
    for asked in (picture_id, PictureId(999), PictureId(2**62)):
        with pytest.raises(BadInput) as caught:
            library.picture_path(asked)
        assert caught.value.field == "Sources"


def test_too_little_space_stops_before_anything_is_paid(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.require_space()
    monkeypatch.setattr(libraries, "_LEAST_FREE_BYTES", 1 << 60)
    with pytest.raises(DiskFull, match="MB are free"):
        library.require_space()


def test_same_source_is_frozen_once_however_many_jobs_begin_with_it(library: Library) -> None:
    data = os.urandom(3_000_000)
    found: list[str] = []
    gate = threading.Barrier(6)

    def freeze() -> None:
        gate.wait()
        found.append(library.files.freeze_source(data, "png"))

    threads = [threading.Thread(target=freeze) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1
    assert library.files.read(found[0]) == data
    assert len(list((library.folder / "inputs").iterdir())) == 1


def test_raw_answer_is_kept_whole_and_a_damaged_one_is_an_error_in_words(
    library: Library, session: SessionId
) -> None:
    turn = TurnId("T1")
    add_turn(library, session, turn)
    [known] = library.records.turns()
    assert library.files.answer(turn) is None
    library.files.keep_answer(known, "S", 200, {"x-request-id": "é\n"}, b'{"data":\n\x00\xff}')
    assert library.files.answer(turn) == (200, {"x-request-id": "é\n"}, b'{"data":\n\x00\xff}')
    for damage in (b"", b"{}\n", b"[1]\nx", b"\xff\n", b'{"status": "x", "headers": {}}\n'):
        (library.folder / "spool" / "T1.resp").write_bytes(damage)
        for read in (library.files.answer, library.files.story_of_answer):
            with pytest.raises(LibraryError):
                read(turn)
    library.files.drop_answer(turn)
    library.files.drop_answer(turn)
    assert library.files.answer(turn) is None


def test_paid_bytes_that_are_no_picture_are_kept(library: Library) -> None:
    path = library.files.quarantine(TurnId("T1"), PictureId(3), b"odd")
    assert library.files.read(path) == b"odd"


def test_history_survives_being_closed(folder: Path, library: Library, session: SessionId) -> None:
    [picture_id] = add_turn(library, session, "T1")
    charge(library, "T1", "https://a", cost=5)
    save(library, "T1", picture_id)
    library.ledger.add_thumbnails(picture_id, b"small", b"large")
    library.close()
    again = Library.open(folder, "a test")
    assert again.records.pictures([picture_id])[0].state is PictureState.SAVED
    assert again.records.thumbnails([picture_id], large=True) == {picture_id: b"large"}
    assert again.damaged() == []
    again.close()


def test_an_answer_that_cannot_be_removed_stays_and_breaks_nothing(library: Library) -> None:
    stubborn = library.folder / "spool" / "T1.resp" / "a folder in its place"
    stubborn.mkdir(parents=True)
    library.files.drop_answer(TurnId("T1"))
    assert stubborn.is_dir()
