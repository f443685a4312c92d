"""B3, B4, B5: the gallery's grid over many rows, through pictures that are there, and through cold ones."""

import json

from tests.scale.libraries import library_of
from tests.scale.measuring import Measured, Options, less_idle, median, output_of, own_home, percentile

_FEW, _MANY = 1_000, 1_000_000
_MOST_TIMES = 1.3
_HEADERS = ("none", "day")
_COUNTED_ROUNDS = 15
_WARM_ROWS = 2_000  # all have thumbnails of their own
_ROUNDS = 3
_SCROLLS = 150
_SCROLL_TIMES, _FRAME_MS = 1.6, 16.0
_COMPLETE_TIMES = 3.0


def rows(options: Options) -> list[Measured]:
    """Medians of the quietest third over many rows ÷ over few, in one process, in turn."""
    few = options.pick(_FEW, 120)
    many = options.rows_or(_MANY)
    arguments = (str(library_of(few)), str(few), str(library_of(many)), str(many))
    rounds = str(options.pick(_COUNTED_ROUNDS, 1))
    lines = []
    for headers in _HEADERS:
        with own_home() as environment:
            found = json.loads(output_of("laying", *arguments, headers, rounds, environment=environment))
        small, large = found["small"], found["large"]
        divided = f", {large['sections']:,} headers" if large["sections"] else ""
        for act in small["ms"]:
            of_large, of_small = _quietest(large["ms"][act]), _quietest(small["ms"][act])
            control = f"{of_large:.2f} ÷ {of_small:.2f} ms"
            what = f"{act}, {many:,} ÷ {few:,} rows{divided}"
            lines.append(Measured("B3", what, of_large / of_small, "×", _MOST_TIMES, control))
        told = "in a thread, before the first paint"
        lines.append(Measured("B3", f"finding {many:,} pictures{divided}", large["read_ms"], "ms", None, told))
    return lines


def warm(options: Options) -> list[Measured]:
    """Page by page; the best of the rounds."""
    count = options.pick(_WARM_ROWS, 240)
    arguments = (str(library_of(count)), str(count), str(options.pick(_SCROLLS, 8)), _rounds(options))
    with own_home() as environment:
        rounds = json.loads(output_of("scrolling", *arguments, environment=environment))
    grid, blank, copying = (min(median(one[name]) for one in rounds) for name in ("grid", "blank", "copying"))
    late = [(percentile(one["grid"], 99), percentile(one["idle"], 99)) for one in rounds]
    return [
        Measured(
            "B4",
            "page scroll, warm pixmaps ÷ a blank view, median",
            grid / blank,
            "×",
            _SCROLL_TIMES,
            f"{grid:.2f} ÷ {blank:.2f} ms",
        ),
        less_idle("B4", "page scroll, warm pixmaps, p99", late, _FRAME_MS),
        Measured(
            "B4",
            "÷ a view that copies the same pixmaps, and nothing else",
            grid / copying,
            "×",
            None,
            f"{grid:.2f} ÷ {copying:.2f} ms",
        ),
    ]


def cold(options: Options) -> list[Measured]:
    """Fast through thumbnails that are read from the database, then a stop; the best of the rounds."""
    count = options.pick(_WARM_ROWS, 240)
    with own_home() as environment:
        arguments = (str(library_of(count)), str(count), _rounds(options))
        rounds = json.loads(output_of("rushing", *arguments, environment=environment))
    blocks = [(max(one["rush"]["work"]["beats"]), max(one["rush"]["idle"]["beats"])) for one in rounds]
    best = min(rounds, key=lambda one: one["complete_ms"] / one["decode_ms"])
    complete_ms, decode_ms = best["complete_ms"], best["decode_ms"]
    return [
        less_idle("B5", "fast scroll, cold thumbnails: longest block", blocks, _FRAME_MS),
        Measured(
            "B5",
            "page complete after the stop ÷ its tiles' decode",
            complete_ms / decode_ms,
            "×",
            _COMPLETE_TIMES,
            f"{complete_ms:.0f} ÷ {decode_ms:.0f} ms",
        ),
    ]


def _quietest(values: list[float]) -> float:
    """The median of the best third of the time: results of threads fall into an act, or between two."""
    third = -(-len(values) // 3)
    return min(median(values[start : start + third]) for start in range(0, len(values), third))


def _rounds(options: Options) -> str:
    return str(options.pick(_ROUNDS, 1))
