"""`list`, `library` and `export` on a library that is there."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from imagine_desktop.domain.act import MakeCollection, SetNote, Star, Trash
from imagine_desktop.domain.record import PictureId
from imagine_desktop.library.library import Library
from tests.cli.conftest import Ended
from tests.library.conftest import ASKED, add_turn, charge, save

Run = Callable[..., Ended]


@pytest.fixture
def library(home: Path) -> Iterator[Library]:
    """A library that another holds: two turns of two pictures, the last one still pending."""
    opened = Library.open(home / "library", "the window")
    session = opened.ledger.add_session("Harbour")
    for turn in ("T1", "T2"):
        add_turn(opened, session, turn, replace(ASKED, count=2))
        charge(opened, turn, "https://a", "https://b", cost=700_000_000)
    for picture_id, turn in ((1, "T1"), (2, "T1"), (3, "T2")):
        save(opened, turn, PictureId(picture_id), b"\xff\xd8\xff" + bytes([picture_id]))
    yield opened
    opened.close()


def test_list_tells_turns_and_pictures(here: Run, library: Library) -> None:
    ended = here("list")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert len(lines) == 6
    assert "Harbour  a harbour at night  (charged)" in lines[0]
    assert lines[1].split()[:2] == ["1", "saved"]
    turns = json.loads(here("list", "--json").out)["turns"]
    assert [picture["id"] for turn in turns for picture in turn["pictures"]] == [1, 2, 3, 4]
    assert turns[0]["session"] == "Harbour"
    assert turns[1]["pictures"][1]["path"] is None


def test_verify_tells_what_is_damaged(here: Run, library: Library) -> None:
    whole = here("library", "verify")
    assert (whole.code, whole.out) == (0, "3 of 3 saved pictures are whole.\n")
    library.picture_path(PictureId(1)).unlink()
    library.picture_path(PictureId(2)).write_bytes(b"flipped")
    damaged = here("library", "verify")
    assert (damaged.code, damaged.out) == (1, "1 of 3 saved pictures are whole.\n")
    assert [line.split(":")[0] for line in damaged.err.splitlines()] == ["Picture 1", "Picture 2"]


def test_export_is_in_order_of_a_session_or_as_asked(here: Run, library: Library, tmp_path: Path) -> None:
    ended = here("export", "--session", " Harbour ", "--to", str(tmp_path / "out"))
    assert ended.code == 0
    assert [Path(line).read_bytes()[-1] for line in ended.out.splitlines()] == [1, 2, 3]
    ended = here("export", "--picture", "3", "--picture", "1", "--to", str(tmp_path / "out"))
    assert [Path(line).read_bytes()[-1] for line in ended.out.splitlines()] == [3, 1]
    assert len(list((tmp_path / "out").iterdir())) == 5


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--session", "Nobody"), 2, "Session: there is no session Nobody"),
        (("--picture", "4"), 2, "Sources: picture 4 is pending, not saved"),
        (("--picture", "9" * 30), 2, "Sources: there is no picture 9"),
        (("--picture", "x"), 2, "--picture"),
        ((), 2, "--session"),
        (("--picture", "1", "--session", "Harbour"), 2, "not allowed with"),
        (("--picture", "1", "--template", "{seed}"), 2, "{seed} is none of its fields"),
    ],
)
def test_export_of_what_is_not_there_writes_nothing(
    here: Run, library: Library, tmp_path: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    ended = here("export", *arguments, "--to", str(tmp_path / "out"))
    assert ended.code == code
    assert told in ended.err
    assert not (tmp_path / "out").exists()


def test_damaged_library_is_an_error_in_words(here: Run, home: Path) -> None:
    (home / "library").mkdir(parents=True)
    (home / "library" / "library.db").write_bytes(b"no database at all, only text" * 300)
    for verb in (("list",), ("ledger",), ("library", "verify"), ("recover",)):
        ended = here(*verb)
        assert ended.code == 1
        assert ended.err.count("\n") == 1
        assert "cannot be read as a library" in ended.err


def curate(library: Library) -> None:
    """A star and a note for the first picture, a collection of it and the third, the second in the trash."""
    library.curation.do(Star((PictureId(1),), is_on=True))
    library.curation.do(SetNote(PictureId(1), "for the\nwall"))
    library.curation.do(MakeCollection("Best", (PictureId(1), PictureId(3))))
    library.curation.do(Trash((PictureId(2),)))


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ((), [1, 3, 4]),
        (("--session", "Harbour"), [1, 3, 4]),
        (("--session", "Harbour", "--search", "NIGHT harb"), [1, 3, 4]),
        (("--search", "wall"), [1]),
        (("--search", '100% "absent'), []),
        (("--starred",), [1]),
        (("--collection", "best"), [1, 3]),
        (("--collection", "best", "--starred", "--search", "wall"), [1]),
        (("--trash",), [2]),
        (("--trash", "--starred"), []),
    ],
)
def test_list_takes_scopes_words_and_stars(
    here: Run, library: Library, asked: tuple[str, ...], ids: list[int]
) -> None:
    curate(library)
    turns = json.loads(here("list", *asked, "--json").out)["turns"]
    assert [picture["id"] for turn in turns for picture in turn["pictures"]] == ids
    lines = [line for line in here("list", *asked).out.splitlines() if line.startswith("    ")]
    assert [int(line.split()[0]) for line in lines] == ids


def test_list_tells_stars_notes_and_collections(here: Run, library: Library) -> None:
    curate(library)
    [turn] = json.loads(here("list", "--starred", "--json").out)["turns"]
    [picture] = turn["pictures"]
    assert (picture["is_starred"], picture["note"], picture["collections"]) == (True, "for the\nwall", ["Best"])
    assert here("list", "--starred").out.splitlines()[1].endswith("★  'for the\\nwall'")
    ended = here("list", "--collection", "None such")
    assert (ended.code, ended.err) == (2, "Collection: there is no collection None such\n")


def test_export_takes_a_collection_and_searches_notes_and_leaves_the_trash(
    here: Run, library: Library, tmp_path: Path
) -> None:
    curate(library)

    def exported(*scope: str) -> list[int]:
        ended = here("export", *scope, "--to", str(tmp_path / "out"))
        assert ended.code == 0, ended.err
        return [Path(line).read_bytes()[-1] for line in ended.out.splitlines()]

    assert exported("--collection", "BEST") == [1, 3]
    assert exported("--search", "wall night") == [1]
    assert exported("--session", "Harbour") == [1, 3]
    for scope, told in (
        (("--collection", "Worst"), "Collection: there is no collection Worst"),
        (("--picture", "1", "2"), "Pictures: picture 2 is in the trash"),
    ):
        ended = here("export", *scope, "--to", str(tmp_path / "out"))
        assert (ended.code, ended.err) == (2, told + "\n")


def test_the_trash_is_told_beside_the_window_and_emptied_without_it(here: Run, library: Library) -> None:
    assert here("library", "trash").out == "0 pictures in the trash, 0.0 MB.\n"
    curate(library)
    assert here("library", "trash").out == "1 picture in the trash, 0.0 MB.\n"
    ended = here("library", "trash", "--empty", "--yes")
    assert (ended.code, "open in the window" in ended.err) == (1, True)
    path = library.picture_path(PictureId(2))
    library.close()
    asked = here("library", "trash", "--empty")
    assert (asked.code, asked.err) == (
        2,
        "Library: there is nobody to ask. Add --yes to empty the trash all the same.\n",
    )
    assert path.is_file()
    ended = here("library", "trash", "--empty", "--yes")
    assert (ended.code, ended.out.startswith("1 picture removed for good")) == (0, True)
    assert not path.exists()
    assert here("library", "trash").out == "0 pictures in the trash, 0.0 MB.\n"
    assert here("library", "verify", "--empty").code == 2


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1), ("", 1)])
def test_emptying_asks_on_a_terminal(
    here: Run, library: Library, monkeypatch: pytest.MonkeyPatch, answer: str, code: int
) -> None:
    curate(library)
    library.close()
    terminal = io.StringIO(answer)
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    ended = here("library", "trash", "--empty")
    assert ended.code == code
    assert "1 picture in the trash, 0.0 MB. Remove for good?" in ended.err
    assert ("removed for good" in ended.out) == (code == 0)
