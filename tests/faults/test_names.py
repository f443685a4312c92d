"""Whatever a prompt is, its pictures' files lie inside the folder, under names that every system can read."""

import json
import random
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from imagine_desktop.domain import prompts
from imagine_desktop.domain.record import Picture, PictureId, PictureState, SessionId, Turn, TurnId, TurnState
from imagine_desktop.domain.request import Request
from imagine_desktop.engine import ulid
from imagine_desktop.errors import LibraryError
from imagine_desktop.export import folder as folders
from imagine_desktop.library.files import Files
from imagine_desktop.library.library import Library
from imagine_desktop.library.place import Place
from tests.library.conftest import add_turn, charge, save

COUNT, FOREIGN_IDS = 20_000, 2_000
MOST_BYTES = 255  # of one name, on the file systems in use
RESERVED = {"con", "prn", "aux", "nul", *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(10))}
READABLE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]*[0-9A-Za-z]")
NASTY = [
    *(
        "",
        " ",
        ".",
        "..",
        "../",
        "../../etc/passwd",
        "/etc/passwd",
        "~",
        "~root/x",
        "C:\\Windows",
        "\\\\host\\share",
    ),
    *(
        "CON",
        "con.txt",
        "NUL",
        "NUL.txt",
        "aux.",
        "COM1",
        "LPT9.jpg",
        "a:b",
        "a:$DATA",
        "a|b",
        'a"b',
        "a<b>",
        "a?b*",
    ),
    *(
        "-rf",
        "--help",
        ".hidden",
        "dot.",
        "space ",
        "tab\t",
        "line\nbreak",
        "\r\n",
        "nul\0byte",
        "bell\x07",
        "\x1b[2J",
    ),
    *(
        "é",
        "e\u0301" * 60,
        "漢字" * 90,
        "🦜" * 80,
        "👨‍👩‍👧‍👦" * 20,
        "\u202egpj.exe",
        "\u200f\u200e",
        "\ufeff",
        "\u2028",
        "\ud800",
        "\udfff\ud800",
    ),
    *(
        "a" * 255,
        "a" * 256,
        "é" * 128,
        "x" * 5000,
        "%2e%2e%2f",
        "%00",
        "$(rm -rf ~)",
        "`id`",
        "; ls",
        "&& x",
        "'",
        "\\",
    ),
]


def hostile_texts(seed: int, count: int) -> Iterator[str]:
    """So many texts of every nasty kind, and made of several; the same for the same seed."""
    chance = random.Random(seed)
    yield from NASTY
    for _ in range(count - len(NASTY)):
        parts = chance.choices(NASTY, k=chance.choice((1, 2, 2, 3)))
        letter = chr(
            chance.choice((chance.randrange(0x80), chance.randrange(0x3000), chance.randrange(0x110000)))
        )
        yield chance.choice(("", letter)).join(parts) + letter * chance.choice((0, 1, 70))


def a_turn(turn_id: str, prompt: str, index: int = 0) -> tuple[Turn, Picture]:
    """A turn and one of its pictures, as the library gives them."""
    picture = Picture(
        PictureId(1), TurnId(turn_id), SessionId(1), index, PictureState.SAVED, 1.8e9, "1:1", prompt=prompt
    )
    turn = Turn(
        id=TurnId(turn_id),
        session_id=SessionId(1),
        created=1.8e9,
        state=TurnState.CHARGED,
        prompt=prompt,
        model="m",
        aspect_ratio="1:1",
        resolution="1k",
        quality=None,
        count=1,
        sources=(),
        picture_ids=(PictureId(1),),
        estimate_ticks=0,
        cost_ticks=0,
        cost_source=None,
        profile="xai",
        delivery="url",
    )
    return turn, picture


def assert_fit_for_every_system(name: str) -> None:
    """A name that Windows, macOS and Linux all take, and that a person can read and type."""
    assert READABLE.fullmatch(name), name
    assert len(name.encode()) <= MOST_BYTES
    assert name.partition(".")[0].lower() not in RESERVED


def files_in(folder: Path) -> Files:
    """The part of a library that names its files."""
    folder.mkdir()
    return Files(folder, Place(folder))


def test_20000_hostile_prompts_give_distinct_names_inside_the_folder(tmp_path: Path) -> None:
    files, root = files_in(tmp_path / "library"), (tmp_path / "library").resolve()
    names = set()
    for number, text in enumerate(hostile_texts(1, COUNT)):
        turn, picture = a_turn(ulid.new(), text)
        relative = files.picture_path(turn, picture.index, "jpg")
        if not number % 20:  # this looks at the disk
            assert files.absolute(relative).is_relative_to(root / "images")
        for name in (*Path(relative).parts, Path(relative).name + ".json"):
            assert_fit_for_every_system(name)
        names.add(relative.lower())  # as file systems compare that know no case
    assert len(names) == COUNT


def test_hostile_ids_of_a_foreign_library_lead_nowhere_outside_it(tmp_path: Path) -> None:
    files, root = files_in(tmp_path / "library"), (tmp_path / "library").resolve()
    refused = 0
    for text in hostile_texts(2, FOREIGN_IDS):
        turn, _ = a_turn(text, "a boat")
        for name in (files.picture_path(turn, 0, "jpg"), text):
            try:
                assert files.absolute(name).is_relative_to(root)
            except LibraryError:
                refused += 1
    assert refused > FOREIGN_IDS // 10
    with suppress(LibraryError):
        files.answer(TurnId("../../../../etc/passwd"))


@pytest.mark.timeout(120)
def test_hostile_prompts_are_saved_told_and_exported(tmp_path: Path) -> None:
    library = Library.open(tmp_path / "above" / "library", "a test")
    texts = [text for text in hostile_texts(3, 360) if prompts.normalised(text)]
    assert len(texts) >= 300
    try:
        session = library.ledger.add_session("../" + "CON")
        ids = []
        for number, text in enumerate(texts):
            request = replace(Request("a boat", "m", "1:1"), prompt=prompts.normalised(text))
            [picture_id] = add_turn(library, session, turn_id := ulid.new(), request)
            charge(library, turn_id, "https://a")
            path = save(library, turn_id, picture_id, b"\xff\xd8\xff" + str(number).encode())
            told = json.loads(path.with_name(path.name + ".json").read_text("utf-8"))
            assert told["turn"]["prompt"] == request.prompt
            ids.append(picture_id)
        written = folders.export(library, ids, tmp_path / "above" / "out").files
    finally:
        library.close()
    assert len(written) == len({path.name.lower() for path in written}) == len(texts)
    assert {path.parent for path in written} == {tmp_path / "above" / "out"}
    assert [path.read_bytes()[3:] for path in written] == [str(number).encode() for number in range(len(texts))]
    for path in written:
        assert_fit_for_every_system(path.name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["above"]
    assert sorted(path.name for path in (tmp_path / "above").iterdir()) == ["library", "out"]
