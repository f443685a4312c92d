"""One owner for a library, whoever dies and however."""

import subprocess
import sys
from pathlib import Path

import pytest

from imagine_desktop.errors import LibraryBusy, LibraryError
from imagine_desktop.library.library import Library
from imagine_desktop.library.lock import LibraryLock

HOLD = """
import sys
from pathlib import Path
from imagine_desktop.library.library import Library
library = Library.open(Path(sys.argv[1]), "the window")
library.ledger.add_session("held")
print("held", flush=True)
sys.stdin.read()
"""


def test_second_process_is_told_who_has_it_and_a_killed_owner_frees_it(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "held\n"
        with pytest.raises(LibraryBusy, match=rf"^The library is open in the window \(process {owner.pid} on "):
            Library.open(folder, "a test")
        reading = Library.open_reading(folder)
        assert [session.name for session in reading.records.sessions()] == ["held"]
        with pytest.raises(LibraryError, match="reading only"):
            reading.ledger.add_session("not here")
        reading.close()
        owner.kill()
        owner.wait(10)
    opened = Library.open(folder, "a test")
    assert [session.name for session in opened.records.sessions()] == ["held"]
    opened.close()


def test_lock_of_the_same_process_is_exclusive_too_and_the_file_stays(tmp_path: Path) -> None:
    first = LibraryLock(tmp_path, "first")
    with pytest.raises(LibraryBusy, match="open in first"):
        LibraryLock(tmp_path, "second")
    first.release()
    LibraryLock(tmp_path, "third").release()
    assert (tmp_path / "library.lock").read_text().startswith("third (process ")


@pytest.mark.skipif(sys.platform == "win32", reason="links of Unix")
def test_lock_does_not_follow_a_planted_link(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("kept")
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "library.lock").symlink_to(precious)
    with pytest.raises(LibraryError):
        Library.open(folder, "a test")
    assert precious.read_text() == "kept"


@pytest.mark.skipif(sys.platform == "win32", reason="flock")
def test_file_system_without_locks_is_not_called_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    def refuse(_descriptor: int, _operation: int) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(LibraryError, match="No locks available") as caught:
        Library.open(tmp_path, "a test")
    assert not isinstance(caught.value, LibraryBusy)
