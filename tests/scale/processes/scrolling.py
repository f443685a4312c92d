"""Page by page through pictures that are there already, and the same in a blank view of that size, in turn.

Arguments: a library, its rows, page scrolls a round, rounds. Prints JSON: for each round, the milliseconds of
every page scroll in the grid, in the blank view and in one that copies the same pixmaps to the same places, and
of as many turns of a loop that has nothing to do.
"""

import json
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMainWindow

from tests.scale.processes.wall import SIZE, BlankView, Wall, application, ms_of, turn

_WARM_PAGES = 3


class CopyingView(BlankView):
    """Copies the wall's pixmaps to where the wall has them: what no view that shows them can do without."""

    def __init__(self, wall: Wall) -> None:
        super().__init__()
        self._wall = wall

    def paintEvent(self, event: QPaintEvent) -> None:
        grid, offset = self._wall.view.grid, self.verticalScrollBar().value()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self.palette().base())
        for row in grid.rows_between(offset, offset + self.viewport().height() - 1):
            pixmap = self._wall.thumbnails.pixmap(self._wall.model.id_at(row))
            assert pixmap is not None
            painter.drawPixmap(grid.rect(row).topLeft() - QPoint(0, offset), pixmap)


def grid_scrolls(wall: Wall, count: int) -> list[float]:
    """Up and down the pages at the top, whose pictures are all there."""
    found = []
    for page in _pages(count):
        found.append(ms_of(partial(wall.scroll_to, page)))
        if wall.background.is_busy or wall.view.lacks_pictures():
            raise RuntimeError("a page was to be warm and is not")
    return found


def plain_scrolls(view: BlankView, count: int) -> list[float]:
    """The same distances in another view."""
    bar = view.verticalScrollBar()
    return [ms_of(partial(bar.setValue, page * bar.pageStep())) for page in _pages(count)]


def idle_turns(count: int) -> list[float]:
    """What the clock says of nothing at all."""
    return [ms_of(lambda: None) for _ in range(count)]


def _pages(count: int) -> Iterator[int]:
    """1 2 1 0 1 2 …: every step is one page."""
    up_and_down = [*range(_WARM_PAGES), *range(_WARM_PAGES - 2, 0, -1)]
    return (up_and_down[(1 + number) % len(up_and_down)] for number in range(count))


def plain(view: BlankView, wall: Wall) -> BlankView:
    """Put a view into a window like the wall's."""
    window = QMainWindow(wall.window)
    window.setCentralWidget(view)
    window.resize(*SIZE)
    window.show()
    turn()
    bar = wall.view.verticalScrollBar()
    view.verticalScrollBar().setPageStep(bar.pageStep())
    view.verticalScrollBar().setRange(0, bar.maximum())
    return view


def main(folder: str, rows: str, scrolls: str, rounds: str) -> None:
    """Alternate, after every page was looked at once."""
    wall = Wall(application(), Path(folder), int(rows))
    wall.show(wall.find())
    wall.settle()
    for page in [*range(_WARM_PAGES), *range(_WARM_PAGES - 1, -1, -1)]:
        wall.scroll_to(page)
        wall.settle()
    blank, copying, count = plain(BlankView(), wall), plain(CopyingView(wall), wall), int(scrolls)
    found = [
        {
            "grid": grid_scrolls(wall, count),
            "blank": plain_scrolls(blank, count),
            "copying": plain_scrolls(copying, count),
            "idle": idle_turns(count),
        }
        for _ in range(int(rounds))
    ]
    print(json.dumps(found))
    wall.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
