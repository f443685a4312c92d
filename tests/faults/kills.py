"""Kills at random moments, with three jobs under way, and in the middle of recovery from the one before."""

import random
import time
from collections.abc import Callable
from pathlib import Path

from tests import canary
from tests.conftest import SandboxServer
from tests.faults import driver
from tests.faults.processes import KILLED, Child, uncaught
from tests.faults.tally import LOST, Tally
from tests.faults.truth import forgotten, truth

BOTH = "deferred+stored"
A_ROUND = 20
LATENCY_S = "0.15"  # the server's: a job waits for its answer, and asks for it more than once
_EARLY_S = 0.05
_LATE_S = 1.2  # some jobs' whole lives


def start(
    what: str,
    sandbox: SandboxServer,
    ways: str,
    *folders: Path,
    point: str = "",
    log: Path | None = None,
    drive: Callable[..., None] = driver.drive,
) -> Child:
    """A process in which engines do what `driver.drive` says; it prints to `log`, or beside the library."""
    log = log or folders[0].with_name(folders[0].name + ".txt")
    return Child(log, drive, what, sandbox.base_url, ways, folders, point, canary.KEY)


def run(what: str, sandbox: SandboxServer, ways: str, *folders: Path, point: str = "") -> int:
    """The same from beginning to end; its exit code."""
    with start(what, sandbox, ways, *folders, point=point) as child:
        code = child.finish()
        assert uncaught(child.log) == []
    return code


def kill_round(sandbox: SandboxServer, folder: Path, ways: str, times: int, seed: int) -> Tally:
    """Start and kill, half of the time within 50 ms, while it opens the library or recovers; then compare."""
    chance = random.Random(seed)
    tally = Tally("kill -9", times)
    acknowledged: dict[str, int] = {}
    for _ in range(times):
        with start("work", sandbox, ways, folder) as child:
            is_early = chance.random() < 0.5
            if not is_early or chance.random() < 0.5:
                child.until(driver.READY)
            time.sleep(chance.uniform(0, _EARLY_S if is_early else _LATE_S))
            child.kill()
            tally.note_end(child.code or 0, KILLED)
            acknowledged |= saved(child)
    settle(sandbox, folder, ways, tally)
    tally.note(LOST, [f"{one} was shown as saved" for one in forgotten(folder, acknowledged)])
    return tally


def saved(child: Child) -> dict[str, int]:
    """How many pictures a process told the person that it saved, by turn."""
    return {said[0]: said[1] for said in child.heard() if isinstance(said, tuple)}


def settle(sandbox: SandboxServer, folder: Path, ways: str, tally: Tally, log: Path | None = None) -> None:
    """Recover what can be, then compare."""
    with start("recover", sandbox, ways, folder, log=log) as child:
        tally.note_end(child.finish())
    tally.note_log(child.log)
    tally.note_truth(truth(sandbox, folder))
    if ways == BOTH and tally.unknown:
        tally.note(LOST, [f"{tally.unknown} answers that could have been found"])
