"""A library that cannot be written is read; one whose folder went away is left alone."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from imagine_desktop.domain.record import PictureId, SessionId
from imagine_desktop.errors import DiskFull, LibraryError, LibraryGone
from imagine_desktop.library import library as libraries
from imagine_desktop.library.library import Library
from tests.library.conftest import add_turn, charge, save


def mount(*arguments: str) -> None:
    """Mount, or skip with the reason."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root may mount")
    done = subprocess.run(["mount", *arguments], check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"cannot mount here: {done.stderr.strip()}")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of the test's own."""
    point = tmp_path / "disk"
    point.mkdir()
    mount("-t", "tmpfs", "-o", "size=300m", "tmpfs", str(point))
    yield point
    subprocess.run(["umount", "-l", str(point)], check=True)


def killed(library: Library) -> None:
    """Leave the library as a killed owner does: its log not folded in, the index of it gone."""
    folder = library.folder
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    library.close()
    shutil.rmtree(folder)
    copy.rename(folder)
    (folder / "library.db-shm").unlink()


def fill(folder: Path) -> tuple[Library, PictureId]:
    """A library with one saved picture."""
    library = Library.open(folder, "a test")
    [picture_id] = add_turn(library, library.ledger.add_session("Harbour"), "T1")
    charge(library, "T1", "https://a")
    save(library, "T1", picture_id)
    return library, picture_id


@pytest.mark.parametrize("end", [Library.close, killed])
def test_library_on_a_read_only_disk_is_read(disk: Path, end: Callable[[Library], None]) -> None:
    library, picture_id = fill(disk / "library")
    end(library)
    mount("-o", "remount,ro", str(disk))
    names = sorted(path.name for path in (disk / "library").iterdir())
    for opened in (Library.open(disk / "library", "a test"), Library.open_reading(disk / "library")):
        assert opened.read_only
        assert opened.records.sessions()[0].name == "Harbour"
        assert opened.damaged() == []
        assert opened.picture_path(picture_id).is_file()
        with pytest.raises(LibraryError, match="reading only"):
            opened.ledger.add_session("x")
        opened.close()
    assert sorted(path.name for path in (disk / "library").iterdir()) == names


@pytest.mark.parametrize("end", [Library.close, killed])
def test_library_on_a_full_disk_is_read_and_says_why(disk: Path, end: Callable[[Library], None]) -> None:
    library, picture_id = fill(disk / "library")
    end(library)
    with (disk / "filling").open("wb", buffering=0) as filling:
        try:
            while filling.write(bytes(1 << 20)):
                pass
        except OSError:
            pass
    opened = Library.open(disk / "library", "a test")
    assert "Only 0 MB are free" in opened.read_only
    assert opened.damaged() == []
    opened.close()
    with pytest.raises(DiskFull):
        Library.open(disk / "another", "a test")
    (disk / "filling").unlink()
    again = Library.open(disk / "library", "a test")
    assert again.read_only == ""
    assert [picture.id for picture in again.records.pictures([picture_id])] == [picture_id]
    again.ledger.add_session("space again")
    again.close()


def test_an_owner_keeps_writing_while_another_reads_beside_it_on_a_nearly_full_disk(
    library: Library, session: SessionId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libraries, "_LEAST_FREE_TO_OPEN_BYTES", 1 << 60)
    reading = Library.open_reading(library.folder)
    library.ledger.add_session("new")
    assert [one.name for one in reading.records.sessions()] == ["new", ""]
    reading.close()


@pytest.mark.parametrize("again", ["nothing", "an empty folder"])
def test_a_folder_that_went_away_is_not_made_again(library: Library, session: SessionId, again: str) -> None:
    add_turn(library, session, "T1")
    turn = library.records.turns()[0]
    folder = library.folder
    moved = folder.with_name("moved")
    folder.rename(moved)
    if again == "an empty folder":
        folder.mkdir()
    [picture] = library.records.pictures(turn.picture_ids)
    acts: list[Callable[[], object]] = [
        library.require_space,
        lambda: library.ledger.start_sending(turn.id),
        lambda: library.files.keep_answer(turn, "S", 200, {}, b"{}"),
        lambda: library.files.freeze_source(b"data", "jpg"),
        lambda: library.files.store_picture(
            b"x", turn, picture, session_name="S", extension="jpg", mime="image/jpeg", size=(1, 1)
        ),
    ]
    for act in acts:
        with pytest.raises(LibraryGone, match="The library is gone"):
            act()
    if again == "nothing":
        assert not folder.exists()
    else:
        assert list(folder.iterdir()) == []
        folder.rmdir()
    moved.rename(folder)
    library.ledger.start_sending(turn.id)  # put back, it goes on


def test_an_unmounted_disk_is_a_library_that_is_gone(disk: Path) -> None:
    library, _ = fill(disk / "library")
    subprocess.run(["umount", "-l", str(disk)], check=True)
    with pytest.raises(LibraryGone):
        library.require_space()
    assert list(disk.iterdir()) == []
    library.close()
    mount("-t", "tmpfs", "tmpfs", str(disk))
