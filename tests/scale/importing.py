"""B6: how fast pictures join the library, beside a decoder that only makes 512 pixels of the same files."""

import json
from pathlib import Path

from tests.scale.libraries import folder_of
from tests.scale.measuring import Measured, Options, output_of, own_home

_COUNT = 2_000
_DETAILS = (40, 90, 140, 200, 250)  # pictures of 300 to 610 KB
_LEAST = 0.3


def measure(options: Options) -> list[Measured]:
    """The best round of each, alternating."""
    count = options.pick(_COUNT, 12)
    with own_home() as environment:
        arguments = (
            str(folder_of(count, _DETAILS)),
            str(Path(environment["IMAGINE_DESKTOP_HOME"]) / "library"),
        )
        found = json.loads(output_of("importing", *arguments, environment=environment))
    ours, bare = (min(found[side], key=lambda cost: cost["s"]) for side in ("ours", "bare"))
    rates = [count / cost["s"] for cost in (ours, bare)]
    cpu_ms = [cost["cpu_s"] * 1000 / count for cost in (ours, bare)]
    control = "{:.0f} ÷ {:.0f} pictures/s; processor {:.1f} ÷ {:.1f} ms a picture".format(*rates, *cpu_ms)
    what = f"import of {count:,} JPEGs at 1k ÷ their decode to 512"
    return [Measured("B6", what, rates[0] / rates[1], "×", _LEAST, control, is_least=True)]
