"""Calls that change files fail in a job of four pictures: nothing paid is lost, nothing is half saved."""

import errno
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.conftest import SandboxServer
from tests.faults import injection
from tests.faults.injection import Calls, Fault
from tests.faults.processes import Child, Say
from tests.faults.writes import KINDS, count_calls, write_round

DISK_FULL = Fault(2, errno.ENOSPC)
_SAMPLE = 8
_LARGE_SAMPLE = 40


def write_a_file(say: Say, folder: Path) -> None:
    """Two calls: the file is made, and written."""
    injection.arm(folder, DISK_FULL)
    with suppress(OSError):
        (folder / "file").write_bytes(b"text")
    (folder.parent / "beside").write_bytes(b"text")
    say(injection.calls())


def make_a_table(say: Say, folder: Path) -> None:
    """SQLite makes its file, then a journal."""
    injection.arm(folder, DISK_FULL)
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(folder / "a.db")) as connection:
        connection.execute("CREATE TABLE a(b)")
    say(injection.calls())


@pytest.mark.parametrize("do", [write_a_file, make_a_table])
def test_calls_of_python_and_of_sqlite_fail_below_the_folder_alone(
    tmp_path: Path, do: Callable[[Say, Path], None]
) -> None:
    if reason := injection.missing():
        pytest.skip(reason)
    folder = tmp_path / "watched"
    folder.mkdir()
    with Child(tmp_path / "log.txt", do, folder) as child:
        assert child.finish() == 0, child.log.read_text()
        assert child.heard() == [Calls(2, 1)]


def sample(server: SandboxServer, folder: Path, kind: str, size: int) -> None:
    """Fail calls that are evenly spread over a job."""
    if reason := injection.missing():
        pytest.skip(reason)
    count = count_calls(server, folder / "undisturbed")
    found = write_round(server, folder, kind, range(1, count, count // size))
    assert found.broken == []
    assert found.tried >= size - 1  # the last may lie beyond what a job makes this time
    assert found.paid > 0


@pytest.mark.parametrize("kind", KINDS)
def test_some_failing_calls_lose_nothing_and_leave_nothing_half_saved(
    server: SandboxServer, tmp_path: Path, kind: str
) -> None:
    sample(server, tmp_path, kind, _SAMPLE)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", KINDS)
def test_many_failing_calls_lose_nothing_and_leave_nothing_half_saved(
    server: SandboxServer, tmp_path: Path, kind: str
) -> None:
    sample(server, tmp_path, kind, _LARGE_SAMPLE)
