"""Kills at random moments, three jobs in flight, the server alive all the while: nothing paid is lost."""

import os
import random
import time
from pathlib import Path

import pytest

from tests.conftest import SandboxServer
from tests.faults.conftest import assert_nothing_lost, driver, run, truth

KILLS = int(os.environ.get("IMAGINE_TEST_KILLS", "20"))
MANY_KILLS = int(os.environ.get("IMAGINE_TEST_MANY_KILLS", "100"))


def kill(server: SandboxServer, folder: Path, ways: str, times: int, seed: int) -> None:
    """Start and kill, half of the time while recovery is still under way."""
    chance = random.Random(seed)
    for _ in range(times):
        with driver("work", server, ways, folder) as process:
            time.sleep(chance.choice((chance.uniform(0, 0.1), chance.uniform(0.3, 1.5))))
            process.kill()
            process.communicate()
    assert run("recover", server, ways, folder) == 0


@pytest.mark.timeout(300)
def test_random_kills_lose_nothing_where_answers_can_be_found(server: SandboxServer, tmp_path: Path) -> None:
    kill(server, tmp_path / "twenty", "deferred+stored", KILLS, seed=1)
    found = truth(server, tmp_path / "twenty")
    assert_nothing_lost(found)
    assert found.unknown == []
    assert found.charged > 0


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_many_random_kills_lose_nothing_where_answers_can_be_found(
    server: SandboxServer, tmp_path: Path
) -> None:
    kill(server, tmp_path / "many", "deferred+stored", MANY_KILLS, seed=2)
    found = truth(server, tmp_path / "many")
    assert_nothing_lost(found)
    assert found.unknown == []


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_random_kills_hide_nothing_where_answers_cannot_be_found(server: SandboxServer, tmp_path: Path) -> None:
    kill(server, tmp_path / "unfindable", "none", KILLS, seed=3)
    found = truth(server, tmp_path / "unfindable")
    assert_nothing_lost(found)
