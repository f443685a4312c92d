"""Every call of a job that changes a file fails: what is paid is kept or found, and the next start heals.

The job is the command line's, with four pictures, in a library that it has to make; it runs with the call
number n failing, then `recover` runs on the healed disk, and all is compared.
"""

import errno
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from imagine_desktop.errors import LibraryError
from imagine_desktop.library.library import Library
from tests import canary
from tests.conftest import SandboxServer
from tests.faults import driver
from tests.faults.injection import Calls, Fault
from tests.faults.processes import Child
from tests.faults.tally import CRASH, DAMAGED, FALSE_FREE, LOST, Tally
from tests.faults.truth import truth

KINDS = {
    "ENOSPC once": (errno.ENOSPC, False),
    "ENOSPC from then on": (errno.ENOSPC, True),
    "EIO once": (errno.EIO, False),
}
_COUNT = 4
_AT_ONCE = 2
_SETTINGS = "deferred_requests = true\nstored_copies = true\n"
_NO_FAULT = Fault(0, 0)
_STARTS_AFTER_S = (0.0, 0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class Run:
    """A verb of the command line on one library, under a fault."""

    folder: Path
    fault: Fault = _NO_FAULT

    @property
    def log(self) -> Path:
        """Where its processes print."""
        return self.home / "output.txt"

    @property
    def home(self) -> Path:
        """The home of its processes."""
        return self.folder.with_name(self.folder.name + ".home")

    def start(self, sandbox: SandboxServer, *verb: str) -> Child:
        """Begin it."""
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / "settings.toml").write_text(_SETTINGS, encoding="utf-8")
        arguments = [*verb, "--library", str(self.folder), "--base-url", sandbox.base_url]
        return Child(self.log, driver.command, arguments, self.home, self.folder, self.fault, canary.KEY)

    def generate(self, sandbox: SandboxServer) -> Child:
        """Begin a job of four pictures."""
        return self.start(sandbox, "generate", f"four boats in {self.folder.name}", "-n", str(_COUNT))


def count_calls(sandbox: SandboxServer, folder: Path) -> int:
    """How many calls an undisturbed job makes."""
    with Run(folder).generate(sandbox) as child:
        code = child.finish()
        said = _said(child)
    assert (code, said and said[0]) == (0, 0), child.log.read_text()
    assert said is not None
    return said[1].count


def write_round(sandbox: SandboxServer, folder: Path, kind: str, numbers: Sequence[int]) -> Tally:
    """A job for each number, the call of that number failing; two at once. `folder` gets their libraries."""
    number, is_lasting = KINDS[kind]
    tally = Tally(kind)
    # What a library was charged for is told by its name: those of other rounds on the same server differ.
    name = f"{kind.replace(' ', '-')}-of-{folder.name}"
    runs = [Run(folder / f"{name}-{at}", Fault(at, number, is_lasting)) for at in numbers]
    for first in range(0, len(runs), _AT_ONCE):
        at_once = runs[first : first + _AT_ONCE]
        with ExitStack() as stack:
            children = [stack.enter_context(run.generate(sandbox)) for run in at_once]
            ends = [(child.finish(), _said(child)) for child in children]
        for run, (code, said) in zip(at_once, ends, strict=True):
            _judge(sandbox, run, code, said, tally)
        for run in at_once:
            _heal(sandbox, run, tally)
    return tally


def _heal(sandbox: SandboxServer, run: Run, tally: Tally) -> None:
    """Start again on a disk that is whole, until the answer was found, and compare."""
    for pause_s in _STARTS_AFTER_S:
        time.sleep(pause_s)  # the server may still be at the pictures
        with Run(run.folder).start(sandbox, "recover") as child:
            tally.note_end(child.finish())
            said = _said(child)
        if said is None or said[0]:
            tally.note(CRASH, [f"{run.folder.name}: recovery ended with {said}"])
        found = truth(sandbox, run.folder)
        if not found.unknown:
            break
    tally.note_truth(found)
    tally.note(LOST, [f"{one} was not found" for one in found.unknown])
    tally.note_log(run.log)
    tally.note_log(run.home / "imagine-desktop.log")


def _said(child: Child) -> tuple[int, Calls] | None:
    """The command's exit code and the calls counted; None where it did not come to its end."""
    for said in child.heard():
        if isinstance(said, tuple):
            return said
    return None


def _judge(sandbox: SandboxServer, run: Run, code: int, said: tuple[int, Calls] | None, tally: Tally) -> None:
    """Hold a run's exit code against the truth, before anything is healed."""
    tally.note_end(code)
    if said is None:
        return
    exit_code, calls = said
    tally.tried += bool(calls.failed)
    is_charged = any(str(entry["prompt"]).endswith(f" in {run.folder.name}") for entry in sandbox.charges())
    whole = 0
    with suppress(LibraryError):  # it may not have come to a library
        library = Library.open_reading(run.folder)
        try:
            tally.note(DAMAGED, [f"{run.folder.name}: {text}" for _, text in library.damaged()])
            whole = library.records.saved_count()
        finally:
            library.close()
    where = f"{run.folder.name} ended with {exit_code}, {whole} pictures saved"
    if is_charged and exit_code not in (0, 4, 5):
        tally.note(FALSE_FREE, [where])
    # 4 promises nothing, and a commit whose sync failed can be found in SQLite's log after all.
    right = {0: whole == _COUNT, 1: not whole, 4: whole < _COUNT, 5: whole > 0}
    if not right.get(exit_code, False):
        tally.note(CRASH, [f"{where}: another exit code would be right"])
