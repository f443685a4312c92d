"""Pictures in a folder: readable names, in order, never over another file."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from imagine_desktop.domain.record import PictureId
from imagine_desktop.errors import LibraryError
from imagine_desktop.export import folder as folders
from imagine_desktop.library.library import Library
from tests.library.conftest import ASKED, add_turn, charge, save


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Two turns of two pictures each, the fourth not saved."""
    opened = Library.open(tmp_path / "library", "a test")
    session = opened.ledger.add_session("S")
    for turn in ("T1", "T2"):
        add_turn(opened, session, turn, replace(ASKED, count=2))
        charge(opened, turn, "https://a", "https://b")
    for picture_id, turn in ((1, "T1"), (2, "T1"), (3, "T2")):
        save(opened, turn, PictureId(picture_id), b"\xff\xd8\xff" + bytes([picture_id]))
    yield opened
    opened.close()


IDS = [PictureId(number) for number in (1, 2, 3, 4)]


def test_names_tell_date_turn_and_place_of_the_delivered_bytes(library: Library, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    written = folders.export(
        library, IDS, tmp_path / "a" / "out", lambda done, of: told.append((done, of))
    ).files
    day = time.strftime("%Y-%m-%d")
    assert [path.name for path in written] == [f"{day}_001_1.jpg", f"{day}_001_2.jpg", f"{day}_002_1.jpg"]
    assert [path.read_bytes()[-1] for path in written] == [1, 2, 3]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_no_file_is_ever_replaced(library: Library, tmp_path: Path) -> None:
    first = folders.export(library, IDS[:1], tmp_path / "out").files[0]
    first.write_bytes(b"the person's own")
    if os.name != "nt":
        first.with_stem(first.stem + " (2)").symlink_to(tmp_path / "nowhere")
    again = folders.export(library, IDS[:1], tmp_path / "out").files[0]
    assert again.name == f"{first.stem} (3).jpg" if os.name != "nt" else f"{first.stem} (2).jpg"
    assert first.read_bytes() == b"the person's own"
    assert not (tmp_path / "nowhere").exists()


def test_failure_is_said_in_words_and_leaves_no_half_file(library: Library, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryError):
        folders.export(library, IDS, tmp_path / "file")
    library.picture_path(PictureId(2)).unlink()
    with pytest.raises(LibraryError, match=r"T1-1\.jpg cannot be read"):
        folders.export(library, IDS, tmp_path / "out")
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_save_as_replaces_whole_what_the_person_chose(library: Library, tmp_path: Path) -> None:
    target = tmp_path / "mine.jpg"
    target.write_bytes(b"older")
    folders.save_as(library, PictureId(2), target)
    assert target.read_bytes() == b"\xff\xd8\xff\x02"
    (tmp_path / "taken").mkdir()
    with pytest.raises(LibraryError):
        folders.save_as(library, PictureId(2), tmp_path / "taken")
    library.picture_path(PictureId(3)).unlink()
    with pytest.raises(LibraryError):
        folders.save_as(library, PictureId(3), target)
    assert target.read_bytes() == b"\xff\xd8\xff\x02"
