"""Power cuts, on a file system of its own: what was shown as saved, and what was paid, outlives them."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from imagine_desktop.library import schema
from tests.conftest import SandboxServer
from tests.faults import disks, driver
from tests.faults.cuts import cut_round
from tests.faults.processes import Say
from tests.faults.tally import DAMAGED, UNRECORDED


def drive_without_sync(say: Say, *arguments: object) -> None:
    """The program, were files not synced."""
    setattr(os, "fsync", lambda _descriptor: None)  # noqa: B010
    driver.drive(say, *arguments)  # type: ignore[arg-type]


def drive_with_late_commits(say: Say, *arguments: object) -> None:
    """The program, were commits not synced, as with SQLite's usual settings for a write-ahead log."""
    connect = schema.connect

    def connect_loosely(path: Path) -> sqlite3.Connection:
        connection = connect(path)
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    setattr(schema, "connect", connect_loosely)  # noqa: B010
    driver.drive(say, *arguments)  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where disks can be mounted."""
    if reason := disks.missing(tmp_path):
        pytest.skip(reason)
    return tmp_path


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_power_cuts_lose_nothing(server: SandboxServer, folder: Path) -> None:
    found = cut_round(server, folder / "cut", 10, seed=1)
    assert found.broken == []
    assert found.tried == 10
    assert found.paid > 0


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("drive", "promise"), [(drive_without_sync, DAMAGED), (drive_with_late_commits, UNRECORDED)]
)
def test_power_cuts_would_show_what_is_not_synced(
    server: SandboxServer, folder: Path, drive: Callable[..., None], promise: str
) -> None:
    found = cut_round(server, folder / f"loose {promise}", 10, seed=1, drive=drive)
    assert promise in {broken.promise for broken in found.broken}
