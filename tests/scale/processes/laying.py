"""The grid over few rows and over many, in turn: first paint, page scroll, resize, insert.

Arguments: a small library, its rows, a large one, its rows, what they are divided by, rounds. Prints JSON: for
each size the milliseconds of each act, how long it took to find all pictures, and in how many sections.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from imagine_desktop.domain.record import PictureId
from imagine_desktop.domain.sight import Found, Headers, Section
from tests.scale.processes.wall import SIZE, Wall, application, ms_of

_ACTS = ("first paint", "page scroll", "resize", "insert")
_INSERTED = 8  # a round: two turns
_PAGES = 6
_NARROWER_PX = 260  # a column or two less


class Subject:
    """A wall and what it shows, of which the newest pictures are held back to be inserted."""

    def __init__(self, wall: Wall, headers: Headers) -> None:
        self.wall = wall
        began_s = time.perf_counter()
        found = wall.find(headers)
        self.read_ms = (time.perf_counter() - began_s) * 1000
        self.section_count = len(found.sections)
        self._newest = [PictureId(one) for one in found.ids[:_INSERTED]]
        self._found = Found(found.ids[_INSERTED:], _without(found.sections, _INSERTED))
        self._section = found.sections[0] if found.sections else None
        self.ms: dict[str, list[float]] = {act: [] for act in _ACTS}

    def round(self) -> None:
        """Each act once or some times; whatever it set off has ended before the next is timed."""
        wall = self.wall
        wall.show(Found())
        wall.settle()
        self._time("first paint", partial(wall.show, self._found))
        for one in reversed(self._newest):
            self._time("insert", partial(wall.model.prepend, [one], self._section))
        bar = wall.view.verticalScrollBar()
        middle = bar.maximum() // bar.pageStep() // 2
        for page in range(middle, middle + _PAGES):
            self._time("page scroll", partial(wall.scroll_to, page))
        for width in (SIZE[0] - _NARROWER_PX, SIZE[0]):
            self._time("resize", partial(wall.window.resize, width, SIZE[1]))

    def _time(self, act: str, do: Callable[[], object]) -> None:
        self.ms[act].append(ms_of(do))
        self.wall.settle()


def _without(sections: tuple[Section, ...], count: int) -> tuple[Section, ...]:
    """The sections of what is left without the first pictures; an empty one counts nothing."""
    left = []
    for section in sections:
        taken = min(section.count, count)
        count -= taken
        left.append(replace(section, count=section.count - taken))
    return tuple(left)


def main(small: str, small_rows: str, large: str, large_rows: str, headers: str, rounds: str) -> None:
    """Alternate, after a round of each that does not count."""
    qt, divided = application(), Headers(headers)
    subjects = {
        "small": Subject(Wall(qt, Path(small), int(small_rows)), divided),
        "large": Subject(Wall(qt, Path(large), int(large_rows)), divided),
    }
    for subject in subjects.values():
        subject.round()
        for values in subject.ms.values():
            values.clear()
    for _ in range(int(rounds)):
        for subject in subjects.values():
            subject.round()
    print(
        json.dumps(
            {
                name: {"ms": one.ms, "read_ms": one.read_ms, "sections": one.section_count}
                for name, one in subjects.items()
            }
        )
    )
    for subject in subjects.values():
        subject.wall.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
