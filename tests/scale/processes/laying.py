"""The grid over few rows and over many, in turn: first paint, page scroll, resize, insert.

Arguments: a small library, its rows, a large one, its rows, rounds. Prints JSON: for each size the milliseconds
of each act, and how long it took to read all ids.
"""

import json
import sys
import time
from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import cast

from imagine_desktop.domain.record import PictureId
from tests.scale.processes.wall import SIZE, Wall, application, ms_of

_INSERTED = 8  # a round: two turns
_PAGES = 6
_NARROWER_PX = 260  # a column or two less


class Subject:
    """A wall and its ids, of which the newest are held back to be inserted."""

    def __init__(self, wall: Wall) -> None:
        self.wall = wall
        began_s = time.perf_counter()
        ids = wall.library.records.gallery()
        self.read_ms = (time.perf_counter() - began_s) * 1000
        self._newest: list[PictureId] = list(ids[:_INSERTED])
        self._ids = array("q", ids[_INSERTED:])
        self.ms: dict[str, list[float]] = {"first paint": [], "page scroll": [], "resize": [], "insert": []}

    def round(self) -> None:
        """Each act once or some times; whatever it set off has ended before the next is timed."""
        wall = self.wall
        wall.model.set_ids([])
        wall.settle()
        self._time("first paint", lambda: wall.model.set_ids(cast(Iterable[PictureId], self._ids)))
        for one in reversed(self._newest):
            self._time("insert", partial(wall.model.prepend, [one]))
        for page in self._pages():
            self._time("page scroll", partial(wall.scroll_to, page))
        for width in (SIZE[0] - _NARROWER_PX, SIZE[0]):
            self._time("resize", partial(wall.window.resize, width, SIZE[1]))

    def _pages(self) -> Iterator[int]:
        """Some pages on from the middle."""
        bar = self.wall.view.verticalScrollBar()
        middle = bar.maximum() // bar.pageStep() // 2
        return iter(range(middle, middle + _PAGES))

    def _time(self, act: str, do: Callable[[], object]) -> None:
        self.ms[act].append(ms_of(do))
        self.wall.settle()


def main(small: str, small_rows: str, large: str, large_rows: str, rounds: str) -> None:
    """Alternate, after a round of each that does not count."""
    qt = application()
    subjects = {
        "small": Subject(Wall(qt, Path(small), int(small_rows))),
        "large": Subject(Wall(qt, Path(large), int(large_rows))),
    }
    for subject in subjects.values():
        subject.round()
        for values in subject.ms.values():
            values.clear()
    for _ in range(int(rounds)):
        for subject in subjects.values():
            subject.round()
    print(json.dumps({name: {"ms": one.ms, "read_ms": one.read_ms} for name, one in subjects.items()}))
    for subject in subjects.values():
        subject.wall.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
