"""What a benchmark says, and the processes it runs: in a home of their own, and without a key."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict, TypeVar

_T = TypeVar("_T")
ROOT = Path(__file__).resolve().parents[2]
# Offscreen: no second process paints, so that nothing but the program is measured. Its screen is a usual one.
PLATFORM = "offscreen"
_SCREEN = {"name": "screen", "x": 0, "y": 0, "width": 1920, "height": 1080, "dpr": 1}
_SCREEN_DPI = {"logicalDpi": 96, "logicalBaseDpi": 96}
_MOST_S = 900.0
_TRIAL_ROWS = 240
MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """What the person said on the command line.

    A trial shows that every figure can be measured, as small and as seldom as can be: its values mean nothing.
    """

    rows: int | None = None
    is_trial: bool = False

    def rows_or(self, usual: int) -> int:
        """How many pictures the library of a figure has."""
        return self.rows or self.pick(usual, _TRIAL_ROWS)

    def pick(self, usual: _T, trial: _T) -> _T:
        """A size of a measurement or, in a trial, a small one."""
        return trial if self.is_trial else usual


@dataclass(frozen=True, slots=True)
class Measured:
    """One line of the table; `control` says what the value was compared with.

    `goal` is the most that is allowed, or with `is_least` the least; None where the line explains another.
    """

    figure: str
    what: str
    value: float
    unit: str
    goal: float | None
    control: str
    is_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the value keeps within its goal, where it has one."""
        if self.goal is None:
            return True
        return self.value >= self.goal if self.is_least else self.value <= self.goal


class Waits(TypedDict):
    """Milliseconds between beats, and between the posting of events and their delivery."""

    beats: list[float]
    events: list[float]


class Round(TypedDict):
    """Something done in the window's thread, and nothing done for as long just before."""

    idle: Waits
    work: Waits


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the benchmark's subjects: its numbers among the goals, and what measures it."""

    ids: tuple[str, ...]
    what: str
    measure: Callable[[Options], list[Measured]]


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def percentile(values: Sequence[float], percent: int) -> float:
    """The least value that this share of all does not exceed."""
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


def less_idle(figure: str, what: str, pairs: Sequence[tuple[float, float]], goal: float) -> Measured:
    """The best round's milliseconds less the best idle one's: a noisy idle round makes no other look better."""
    work, idle = (min(column) for column in zip(*pairs, strict=True))
    control = f"{work:.1f} − {idle:.1f} idle"
    return Measured(figure, what, max(0.0, work - idle), "ms", goal, control)


def pss_mb(process: int | str = "self") -> float:
    """The memory of a process in megabytes, what it shares with others counted in parts. Linux only."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == "Pss":
            return int(value.split()[0]) * 1024 / MB
    raise RuntimeError("the system tells no proportional share of memory")


@contextmanager
def own_home() -> Iterator[dict[str, str]]:
    """The environment of a program that touches nothing of the person's, as long as the block lasts."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"XAI_API_KEY", "IMAGINE_BASE_URL", "PYTHONDONTWRITEBYTECODE"}
    }
    with tempfile.TemporaryDirectory(prefix="imagine-bench-") as home:
        screens = Path(home) / "screens.json"
        screens.write_text(json.dumps({"screens": [_SCREEN | _SCREEN_DPI]}), encoding="utf-8")
        yield kept | {
            "IMAGINE_DESKTOP_HOME": home,
            "QT_QPA_PLATFORM": f"{PLATFORM}:configfile={screens}",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        }


@contextmanager
def serving(files: Sequence[Path]) -> Iterator[str]:
    """A stand-in for the API, which gives these pictures out in turn; its address."""
    command = [sys.executable, "-m", "tests.scale.processes.server", *map(str, files)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()  # which ends it


@contextmanager
def staying(module: str, *arguments: str, environment: dict[str, str]) -> Iterator[int]:
    """A module of `tests.scale.processes`, once it has said its first line, until the block ends; its id."""
    command = [sys.executable, "-m", f"tests.scale.processes.{module}", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            if not process.stdout.readline():
                raise RuntimeError(f"{module} ended before it was ready")
            yield process.pid
        finally:
            process.stdin.close()  # which ends it


def output_of(module: str, *arguments: str, environment: dict[str, str]) -> str:
    """Run a module of `tests.scale.processes` to its end; returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.scale.processes.{module}", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        timeout=_MOST_S,
        check=True,
    )
    return done.stdout
