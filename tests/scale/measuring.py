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

ROOT = Path(__file__).resolve().parents[2]
# Offscreen: no second process paints, so that nothing but the program is measured. Its screen is a usual one.
PLATFORM = "offscreen"
_SCREEN = {"name": "screen", "x": 0, "y": 0, "width": 1920, "height": 1080, "dpr": 1}
_SCREEN_DPI = {"logicalDpi": 96, "logicalBaseDpi": 96}
_MOST_S = 600.0


@dataclass(frozen=True, slots=True)
class Options:
    """What the person said on the command line."""

    rows: int


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


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the benchmark's subjects: its number among the goals, and what measures it."""

    id: str
    what: str
    measure: Callable[[Options], list[Measured]]


def median(values: Sequence[float]) -> float:
    """The middle value."""
    return statistics.median(values)


def percentile(values: Sequence[float], percent: int) -> float:
    """The least value that this share of all does not exceed."""
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


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
