"""B1: from the start of the process to the first page of pictures on the screen."""

import time

from tests.scale.libraries import library_of
from tests.scale.measuring import Measured, Options, median, output_of, own_home

_RUNS = 9


def measure(options: Options) -> list[Measured]:
    """The program on a large library and a bare window, whole processes in turn; the median of the ratios."""
    library = str(library_of(options.rows))
    ratios, bare_ms = [], []
    with own_home() as environment:
        _seconds_to("opening", library, environment=environment)  # bytecode and the disk's cache
        for _ in range(_RUNS):
            bare_s = _seconds_to("bare", environment=environment)
            ratios.append(_seconds_to("opening", library, environment=environment) / bare_s)
            bare_ms.append(bare_s * 1000)
    what = f"window and first tiles, {options.rows:,} pictures"
    return [Measured("B1", what, median(ratios), "×", 1.5, f"bare window {median(bare_ms):.0f} ms")]


def _seconds_to(module: str, *arguments: str, environment: dict[str, str]) -> float:
    """How long a process took to what it prints the time of; the clock is the whole system's."""
    began_s = time.monotonic()
    return float(output_of(module, *arguments, environment=environment)) - began_s
