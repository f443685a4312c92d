"""Calls that change files fail in a job of four pictures: nothing paid is lost, nothing is half saved."""

from pathlib import Path

import pytest

from tests.conftest import SandboxServer
from tests.faults import injection
from tests.faults.writes import KINDS, count_calls, write_round

_SAMPLE = 8
_LARGE_SAMPLE = 40


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
