"""B8: a search as it is typed, over the whole library."""

import json

from tests.scale.libraries import library_of
from tests.scale.measuring import Measured, Options, less_idle, median, output_of, own_home, percentile

_ROWS = 100_000
_WORDS, _ROUNDS = 5, 3
_STROKE_MS, _BLOCK_MS = 50.0, 16.0


def measure(options: Options) -> list[Measured]:
    """From a key stroke in the search field to the painted answer; the best of the rounds."""
    rows = options.rows_or(_ROWS)
    sizes = options.pick((_WORDS, _ROUNDS), (1, 1))
    with own_home() as environment:
        arguments = (str(library_of(rows)), str(rows), *map(str, sizes))
        rounds = json.loads(output_of("searching", *arguments, environment=environment))
    late = [(percentile(one["strokes"], 99), percentile(one["waits"]["idle"]["events"], 99)) for one in rounds]
    blocks = [(max(one["waits"]["work"]["beats"]), max(one["waits"]["idle"]["beats"])) for one in rounds]
    strokes = f"{len(rounds[0]['strokes'])} strokes a round"
    usual_ms = min(median(one["strokes"]) for one in rounds)
    query_ms = [min(values) for values in zip(*(one["queries"] for one in rounds), strict=True)]
    return [
        less_idle("B8", f"key stroke to answer, {rows:,} pictures, p99", late, _STROKE_MS),
        less_idle("B8", "longest block of the window's thread while typing", blocks, _BLOCK_MS),
        Measured("B8", "key stroke to answer, median", usual_ms, "ms", None, strokes),
        Measured("B8", "of it the query alone, median", median(query_ms), "ms", None, "in a thread"),
        Measured("B8", "the query alone, p99", percentile(query_ms, 99), "ms", None, "in a thread"),
    ]
