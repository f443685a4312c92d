"""B6: how fast pictures join the library, beside a decoder that only makes 512 pixels of the same files."""

import json
import random
import shutil
import sys
from pathlib import Path

from tests.scale.libraries import KEPT, SEED, photo
from tests.scale.measuring import Measured, Options, output_of, own_home

_COUNT = 2_000
_DIFFERENT = 40  # in pixels; a comment in each makes every file another content
_DETAIL = (40, 90, 140, 200, 250)  # pictures of 300 to 610 KB
_LEAST = 0.3


def measure(_options: Options) -> list[Measured]:
    """The best round of each, alternating."""
    with own_home() as environment:
        arguments = (str(folder_of(_COUNT)), str(Path(environment["IMAGINE_DESKTOP_HOME"]) / "library"))
        found = json.loads(output_of("importing", *arguments, environment=environment))
    ours, bare = (min(found[side], key=lambda cost: cost["s"]) for side in ("ours", "bare"))
    rates = [_COUNT / cost["s"] for cost in (ours, bare)]
    cpu_ms = [cost["cpu_s"] * 1000 / _COUNT for cost in (ours, bare)]
    control = "{:.0f} ÷ {:.0f} pictures/s; processor {:.1f} ÷ {:.1f} ms a picture".format(*rates, *cpu_ms)
    what = f"import of {_COUNT:,} JPEGs at 1k ÷ their decode to 512"
    return [Measured("B6", what, rates[0] / rates[1], "×", _LEAST, control, is_least=True)]


def folder_of(count: int) -> Path:
    """A folder with that many pictures, made where it is not there yet."""
    folder = KEPT / f"photos-{count}"
    if not folder.exists():
        print(f"Making {count:,} pictures …", file=sys.stderr, flush=True)
        unfinished = folder.with_suffix(".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        chance = random.Random(SEED)
        photos = [photo(chance, 1024, 1024, _DETAIL[number % len(_DETAIL)]) for number in range(_DIFFERENT)]
        for number in range(count):
            data = photos[number % _DIFFERENT]
            comment = f"{number:08}".encode()
            (unfinished / f"{number:05}.jpg").write_bytes(data[:2] + b"\xff\xfe\x00\x0a" + comment + data[2:])
        unfinished.rename(folder)
    return folder
