"""Power cuts while three jobs are under way: what was shown as saved is there, what was paid is found."""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.conftest import SandboxServer
from tests.faults import disks, driver
from tests.faults.kills import BOTH, saved, settle, start
from tests.faults.processes import KILLED
from tests.faults.tally import LOST, Tally
from tests.faults.truth import forgotten

A_ROUND = 10
_LATE_S = 1.2


def cut_round(
    sandbox: SandboxServer,
    folder: Path,
    times: int,
    seed: int,
    drive: Callable[..., None] = driver.drive,
) -> Tally:
    """Cuts one after another, each on what the one before left, until all are done or a promise is broken.

    `folder`, whose name is the library's, holds the disks; `cut.img` in it is the last one as it was cut.
    `drive` is what the processes do that are cut.
    """
    chance = random.Random(seed)
    tally = Tally("power cut")
    folder.mkdir(parents=True)
    disk, cut = folder / "disk.img", folder / "cut.img"
    disks.make(disk)
    while tally.tried < times and not tally.broken:
        with (
            disks.mounted(disk, folder / "before") as place,
            start("work", sandbox, BOTH, place / folder.name, log=folder / "log.txt", drive=drive) as child,
        ):
            if chance.random() < 0.9:  # else it may be cut while it makes or opens the library
                child.until(driver.READY)
            time.sleep(chance.uniform(0, _LATE_S))
            child.stop()
            disks.copy(disk, cut)
            child.kill()
            acknowledged, code = saved(child), child.code or 0
        disks.copy(cut, disk)
        found = Tally("", tally.tried + 1)  # truth is of all since the disk was made
        found.note_end(code, KILLED)
        with disks.mounted(disk, folder / "after") as place:
            library = place / folder.name
            if acknowledged:
                found.note(LOST, [f"{one} was shown as saved" for one in forgotten(library, acknowledged)])
            settle(sandbox, library, BOTH, found, folder / "log.txt")
        tally = replace(found, what=tally.what)
    return tally
