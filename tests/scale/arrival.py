"""B9: how long the window's thread keeps a timer and events waiting while pictures arrive."""

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.scale.libraries import SEED, library_of, photo
from tests.scale.measuring import (
    Measured,
    Options,
    Round,
    less_idle,
    output_of,
    own_home,
    percentile,
    serving,
)

_ROWS = 100_000
_SCENES = ((1, 10, "b64_json"), (10, 4, "b64_json"), (10, 4, "url"))
_MAX_MS, _P99_MS = 50.0, 16.0
_DETAIL = (10, 20, 30, 40, 60, 80)  # pictures of 0.7 to 1.4 MB


def measure(options: Options) -> list[Measured]:
    """Every scene in a process of its own, on a copy of the library; best of its rounds."""
    source = library_of(options.pick(_ROWS, 240))
    rounds_each, least_s = options.pick((3, 1.5), (1, 0.1))
    found: list[Measured] = []
    with (
        own_home() as environment,
        serving(_photos(home := Path(environment["IMAGINE_DESKTOP_HOME"]))) as address,
    ):
        for jobs, count, delivery in options.pick(_SCENES, _SCENES[:1]):
            library = home / f"{jobs}-{count}-{delivery}"
            shutil.copytree(source, library)
            arguments = (
                *(str(library), address, str(jobs), str(count), delivery),
                *(str(rounds_each), str(least_s)),
            )
            rounds = json.loads(output_of("arriving", *arguments, environment=environment))
            found += _lines(f"{jobs} × {count} pictures at 2k, {delivery}", rounds)
    return found


def _lines(scene: str, rounds: list[Round]) -> Iterator[Measured]:
    beats = [(one["work"]["beats"], one["idle"]["beats"]) for one in rounds]
    events = [(one["work"]["events"], one["idle"]["events"]) for one in rounds]
    for name, pairs in (("heartbeat gap", beats), ("event latency", events)):
        longest = [(max(work), max(idle)) for work, idle in pairs]
        hundredth = [(percentile(work, 99), percentile(idle, 99)) for work, idle in pairs]
        yield less_idle("B9", f"{name} max, {scene}", longest, _MAX_MS)
        yield less_idle("B9", f"{name} p99, {scene}", hundredth, _P99_MS)


def _photos(folder: Path) -> list[Path]:
    chance = random.Random(SEED)
    files = [folder / f"{detail}.jpg" for detail in _DETAIL]
    for file, detail in zip(files, _DETAIL, strict=True):
        file.write_bytes(photo(chance, 2048, 2048, detail))
    return files
