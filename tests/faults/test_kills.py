"""Kills at random moments, three jobs in flight, the server alive all the while: nothing paid is lost."""

from pathlib import Path

import pytest

from tests.conftest import SandboxServer
from tests.faults.kills import BOTH, kill_round


@pytest.mark.timeout(300)
def test_random_kills_lose_nothing_where_answers_can_be_found(server: SandboxServer, tmp_path: Path) -> None:
    found = kill_round(server, tmp_path / "twenty", BOTH, 20, seed=1)
    assert found.broken == []
    assert found.charged > 0


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_many_random_kills_lose_nothing_where_answers_can_be_found(
    server: SandboxServer, tmp_path: Path
) -> None:
    assert kill_round(server, tmp_path / "many", BOTH, 100, seed=2).broken == []


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_random_kills_hide_nothing_where_answers_cannot_be_found(server: SandboxServer, tmp_path: Path) -> None:
    assert kill_round(server, tmp_path / "unfindable", "none", 20, seed=3).broken == []
