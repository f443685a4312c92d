"""Processes that are killed, and the truth of what they were charged against what they kept."""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from imagine_desktop.domain.record import PictureState, TurnState
from imagine_desktop.library.library import Library
from tests import canary
from tests.conftest import SandboxServer, running_sandbox

KILLED = -9
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    """A server that lives, and remembers, for all tests of a module."""
    with running_sandbox() as running:
        yield running


@dataclass(frozen=True)
class Truth:
    """What the server received and charged, beside what the library knows of it."""

    charged: int  # requests
    sent_twice: list[str]
    twice: list[str]  # turns charged more than once
    unrecorded: list[str]  # charged, and no turn knows
    lost: list[str]  # charged, and neither saved nor known to be unknown
    unknown: list[str]  # charged, and said to be unknown
    unpaid_unknown: int  # not charged, and said to be unknown
    false_free: list[str]  # charged, and said not to be
    orphans: list[str]  # files that belong to nothing
    damaged: int


@contextmanager
def driver(
    act: str, sandbox: SandboxServer, ways: str, *folders: Path, point: str = ""
) -> Iterator["subprocess.Popen[str]"]:
    """The driver, its libraries open."""
    command = [sys.executable, "-m", "tests.faults.driver", act, sandbox.base_url, ways, point]
    with subprocess.Popen(
        [*command, *map(str, folders)],
        cwd=ROOT,
        env={**os.environ, "XAI_API_KEY": canary.KEY},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "ready\n", process.stderr and process.stderr.read()
            yield process
        finally:
            process.kill()


def run(act: str, sandbox: SandboxServer, ways: str, *folders: Path, point: str = "") -> int:
    """The driver from beginning to end; its exit code."""
    with driver(act, sandbox, ways, *folders, point=point) as process:
        _, err = process.communicate(timeout=45)
    assert "Traceback" not in err, err
    return process.returncode


def truth(sandbox: SandboxServer, folder: Path) -> Truth:
    """Compare, once all has been recovered that can be; the folder's name is in the prompts."""
    charges = Counter(
        str(entry["x_client_request_id"])
        for entry in sandbox.charges()
        if str(entry["prompt"]).endswith(f" in {folder.name}")
    )
    sent = Counter(
        entry["headers"]["x-client-request-id"]  # type: ignore[index]  # a mapping, from JSON
        for entry in sandbox.requests()
        if entry["method"] == "POST"
    )
    library = Library.open(folder, "the truth")
    try:
        turns = {str(turn.id): turn for turn in library.records.turns()}
        pictures = library.records.pictures([i for turn in turns.values() for i in turn.picture_ids])
        whole = {
            key
            for key, turn in turns.items()
            if turn.state is TurnState.CHARGED
            and all(p.state is PictureState.SAVED for p in library.records.pictures(turn.picture_ids))
        }
        kept = {folder / str(p.path) for p in pictures if p.path is not None}
        sidecars = {path.with_name(path.name + ".json") for path in kept}
        files = {path for part in ("images", "spool") for path in (folder / part).rglob("*") if path.is_file()}
        damaged = len(library.damaged())
    finally:
        library.close()
    unknown = [key for key in charges if key in turns and turns[key].state is TurnState.UNKNOWN]
    free = (TurnState.NOT_SENT, TurnState.REJECTED, TurnState.QUEUED, TurnState.WAITING)
    return Truth(
        charged=len(charges),
        sent_twice=[key for key in turns if sent[key] > 1],
        twice=[key for key, count in charges.items() if count > 1],
        unrecorded=[key for key in charges if key not in turns],
        lost=[key for key in charges if key not in whole and key not in unknown],
        unknown=unknown,
        unpaid_unknown=sum(t.state is TurnState.UNKNOWN and key not in charges for key, t in turns.items()),
        false_free=[key for key in charges if key in turns and turns[key].state in free],
        orphans=[path.name for path in sorted(files - kept - sidecars)],
        damaged=damaged,
    )


def assert_nothing_lost(found: Truth) -> None:
    """No charge is doubled, forgotten or denied, and every file is whole and has its row."""
    assert found.sent_twice == []
    assert (found.twice, found.unrecorded, found.lost, found.false_free) == ([], [], [], [])
    assert found.orphans == []
    assert found.damaged == 0
