"""B12: a picture opened from the gallery."""

import json
import random
from pathlib import Path

from tests.scale.libraries import SEED, photo
from tests.scale.measuring import Measured, Options, less_idle, median, output_of, own_home

_COUNT, _ROUNDS = 6, 3
_SIDE_PX = 2048
_DETAIL = 40  # 0.9 MB
_FIRST_MS, _FULL_TIMES = 16.0, 1.3


def measure(options: Options) -> list[Measured]:
    """Medians of the best round; how long the first opening of all takes is told."""
    with own_home() as environment:
        home = Path(environment["IMAGINE_DESKTOP_HOME"])
        files = home / "photos"
        files.mkdir()
        chance = random.Random(SEED)
        for number in range(options.pick(_COUNT, 2)):
            (files / f"{number}.jpg").write_bytes(photo(chance, _SIDE_PX, _SIDE_PX, _DETAIL))
        arguments = (str(files), str(home / "library"), str(options.pick(_ROUNDS, 1)))
        first_of_all, *rounds = json.loads(output_of("viewing", *arguments, environment=environment))
    firsts = [(median(one["first"]), median(one["idle"])) for one in rounds]
    full_ms, decode_ms = (min(median(one[name]) for one in rounds) for name in ("full", "decode"))
    return [
        less_idle("B12", "first pixels of a JPEG at 2k, median", firsts, _FIRST_MS),
        Measured(
            "B12",
            "full picture ÷ Pillow's decode of the same file",
            full_ms / decode_ms,
            "×",
            _FULL_TIMES,
            f"{full_ms:.0f} ÷ {decode_ms:.0f} ms",
        ),
        Measured("B12", "first pixels of the first picture of all", first_of_all["first"][0], "ms", None, ""),
    ]
