"""B9: how long the window's thread keeps a timer and events waiting while pictures arrive."""

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

from tests.scale.libraries import SEED, library_of, photo
from tests.scale.measuring import Measured, Options, output_of, own_home, percentile, serving

_SCENES = ((1, 10, "b64_json"), (10, 4, "b64_json"), (10, 4, "url"))
_MAX_MS, _P99_MS = 50.0, 16.0
_DETAIL = (10, 20, 30, 40, 60, 80)  # pictures of 0.7 to 1.4 MB


class Waits(TypedDict):
    """Milliseconds between beats, and between the posting of events and their delivery."""

    beats: list[float]
    events: list[float]


class Round(TypedDict):
    """One arrival, and an idle window for as long just before."""

    idle: Waits
    work: Waits


def measure(options: Options) -> list[Measured]:
    """Every scene in a process of its own, on a copy of the library; best of its rounds."""
    source = library_of(options.rows)
    found: list[Measured] = []
    with (
        own_home() as environment,
        serving(_photos(home := Path(environment["IMAGINE_DESKTOP_HOME"]))) as address,
    ):
        for jobs, count, delivery in _SCENES:
            library = home / f"{jobs}-{count}-{delivery}"
            shutil.copytree(source, library)
            arguments = (str(library), address, str(jobs), str(count), delivery)
            rounds = json.loads(output_of("arriving", *arguments, environment=environment))
            found += _lines(f"{jobs} × {count} pictures at 2k, {delivery}", rounds)
    return found


def _lines(scene: str, rounds: list[Round]) -> Iterator[Measured]:
    def line(what: str, values: list[tuple[float, float]], goal: float) -> Measured:
        """The best round less the best idle one: a noisy idle round makes no other look better."""
        work, idle = (min(column) for column in zip(*values, strict=True))
        control = f"{work:.1f} − {idle:.1f} idle"
        return Measured("B9", f"{what}, {scene}", max(0.0, work - idle), "ms", goal, control)

    beats = [(one["work"]["beats"], one["idle"]["beats"]) for one in rounds]
    events = [(one["work"]["events"], one["idle"]["events"]) for one in rounds]
    for name, pairs in (("heartbeat gap", beats), ("event latency", events)):
        longest = [(max(work), max(idle)) for work, idle in pairs]
        hundredth = [(percentile(work, 99), percentile(idle, 99)) for work, idle in pairs]
        yield line(f"{name} max", longest, _MAX_MS)
        yield line(f"{name} p99", hundredth, _P99_MS)


def _photos(folder: Path) -> list[Path]:
    chance = random.Random(SEED)
    files = [folder / f"{detail}.jpg" for detail in _DETAIL]
    for file, detail in zip(files, _DETAIL, strict=True):
        file.write_bytes(photo(chance, 2048, 2048, detail))
    return files
