"""B1, B2: from the start of the process to the first pictures on the screen, and to the whole window."""

import time
from typing import NamedTuple

from tests.scale.libraries import library_of
from tests.scale.measuring import Measured, Options, median, output_of, own_home

_ROWS = 100_000
_RUNS = 11
_WHOLE_GOAL = 6.0  # no wish but a watch: what was put off must not grow unseen


class Stage(NamedTuple):
    """When a process was that far, on the system's clock, and how much processor time it had used."""

    at_s: float
    cpu_s: float


def measure(options: Options) -> list[Measured]:
    """The program on a large library and a bare window, whole processes in turn; the median of the ratios."""
    rows = options.rows_or(_ROWS)
    library = str(library_of(rows))
    first, cpu, whole, bare_ms = [], [], [], []
    with own_home() as environment:
        _stages("opening", library, environment=environment)  # bytecode and the disk's cache
        for _ in range(options.pick(_RUNS, 1)):
            [bare] = _stages("bare", environment=environment)
            painted, complete = _stages("opening", library, environment=environment)
            first.append(painted.at_s / bare.at_s)
            cpu.append(painted.cpu_s / bare.cpu_s)
            whole.append(complete.at_s / bare.at_s)
            bare_ms.append(bare.at_s * 1000)
    control = f"bare window {median(bare_ms):.0f} ms"
    return [
        Measured("B1", f"window and first tiles, {rows:,} pictures", median(first), "×", 1.5, control),
        Measured("B1", "everything there: panels, history, engine", median(whole), "×", _WHOLE_GOAL, control),
        Measured("B2", "processor time to the first tiles", median(cpu), "×", 1.8, "the bare window's"),
    ]


def _stages(module: str, *arguments: str, environment: dict[str, str]) -> list[Stage]:
    """How far a process was when, counted from its start."""
    began_s = time.monotonic()
    lines = output_of(module, *arguments, environment=environment).splitlines()
    stages = [Stage(*map(float, line.split())) for line in lines]
    return [Stage(stage.at_s - began_s, stage.cpu_s) for stage in stages]
