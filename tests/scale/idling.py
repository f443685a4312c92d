"""B14: what the window costs while nobody touches it. Linux only: the kernel counts it."""

import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from tests.scale.libraries import library_of
from tests.scale.measuring import PLATFORM, Measured, Options, own_home, staying

_ROWS = 2_000
_REST_S, _WATCHED_S = 8.0, 20.0
_CPU_PERCENT, _WAKE_UPS = 0.3, 5.0


class Idle(NamedTuple):
    """Processor time in percent of a core, and how often a second a thread woke up, by the threads' names."""

    cpu_percent: float
    wake_ups: Counter[str]


def measure(options: Options) -> list[Measured]:
    """The program with its newest pictures on the screen, and a bare window beside it, one after the other."""
    library = str(library_of(options.pick(_ROWS, 240)))
    rest_s, watched_s = options.pick((_REST_S, _WATCHED_S), (0.3, 0.5))
    with own_home() as environment:
        with staying("bare", "stay", environment=environment) as process:
            time.sleep(min(1.0, rest_s))
            bare = _watched(process, watched_s)
        with staying("idling", library, str(rest_s), environment=environment) as process:
            ours = _watched(process, watched_s)
    who = ", ".join(f"{name} {count:.1f}" for name, count in ours.wake_ups.most_common(4))
    seen = f"{PLATFORM}, {watched_s:.0f} s"
    return [
        Measured(
            "B14",
            "processor while idle, of one core",
            ours.cpu_percent,
            "%",
            _CPU_PERCENT,
            f"bare window {bare.cpu_percent:.2f}; {seen}",
        ),
        Measured(
            "B14",
            "wake-ups while idle, all threads",
            ours.wake_ups.total(),
            "/s",
            _WAKE_UPS,
            f"bare window {bare.wake_ups.total():.1f}; by thread: {who}",
        ),
    ]


def _watched(process: int, seconds: float) -> Idle:
    began_s = time.monotonic()
    cpu_ns, wake_ups = _counted(process)
    time.sleep(seconds)
    passed_s = time.monotonic() - began_s
    cpu_ns_then, wake_ups_then = _counted(process)
    per_second = Counter({name: (wake_ups_then[name] - wake_ups[name]) / passed_s for name in wake_ups_then})
    return Idle((cpu_ns_then - cpu_ns) / passed_s / 1e7, +per_second)


def _counted(process: int) -> tuple[int, Counter[str]]:
    """Nanoseconds on the processor, and how often each thread gave it up of its own accord."""
    cpu_ns, wake_ups = 0, Counter[str]()
    for thread in Path(f"/proc/{process}/task").iterdir():
        cpu_ns += int((thread / "schedstat").read_text(encoding="ascii").split()[0])
        status = dict(line.split(":", 1) for line in (thread / "status").read_text("utf-8").splitlines())
        wake_ups[status["Name"].strip()] += int(status["voluntary_ctxt_switches"])
    return cpu_ns, wake_ups
