"""Where tiles lie, by arithmetic: nothing is kept for a single tile, so a million cost what ten cost."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QRect

GAP = 4
MARGIN = 12
HEADER = 36


@dataclass(frozen=True, slots=True)
class Grid:
    """Square cells of `side` px in lines from the left, in coordinates of the whole content.

    The rows are divided into sections, each with `head` px above its first line; without sections they are a
    single one. `firsts` are the sections' first rows, `lines_before` how many lines all earlier ones have.
    """

    count: int
    columns: int
    side: int
    left: int
    head: int = MARGIN
    firsts: Sequence[int] = (0,)
    lines_before: Sequence[int] = (0,)

    @staticmethod
    def of(count: int, width: int, tile_px: int, section_counts: Sequence[int] = ()) -> "Grid":
        """As many columns of at least `tile_px` as fit in `width`; the cells share what is left over.

        `section_counts` are how many rows each section has, at least one; none for a grid without headers.
        """
        inner = max(1, width - 2 * MARGIN)
        columns = max(1, (inner + GAP) // (tile_px + GAP))
        side = max(1, (inner - GAP * (columns - 1)) // columns)
        used = columns * side + (columns - 1) * GAP
        left = MARGIN + (inner - used) // 2
        if not section_counts:
            return Grid(count, columns, side, left)
        firsts = [0, *accumulate(section_counts[:-1])]
        lines_before = [0, *accumulate([-(-rows // columns) for rows in section_counts[:-1]])]
        return Grid(count, columns, side, left, HEADER, firsts, lines_before)

    @property
    def pitch(self) -> int:
        """The distance from one line, or column, to the next."""
        return self.side + GAP

    @property
    def height(self) -> int:
        """The height of the whole content."""
        return self.top_of(len(self.firsts)) if self.count else 0

    @property
    def has_headers(self) -> bool:
        """Whether the rows stand under headers."""
        return self.head == HEADER

    def section_of(self, row: int) -> int:
        """The number of the section that a row is in."""
        return bisect_right(self.firsts, row) - 1

    def section_at(self, y: int) -> int:
        """The number of the section at a height, with its header and the margin below it."""
        return max(0, bisect_right(range(len(self.firsts)), y, key=self.top_of) - 1)

    def rows_of(self, section: int) -> range:
        """The rows of a section."""
        is_last = section + 1 >= len(self.firsts)
        return range(self.firsts[section], self.count if is_last else self.firsts[section + 1])

    def top_of(self, section: int) -> int:
        """Where a section begins; the number after the last one gives the end of the content."""
        is_end = section == len(self.firsts)
        lines = self._lines if is_end else self.lines_before[section]
        return section * (self.head - GAP + MARGIN) + lines * self.pitch

    def rect(self, row: int) -> QRect:
        """The cell of a row of the model."""
        section = self.section_of(row)
        line, column = divmod(row - self.firsts[section], self.columns)
        top = self.top_of(section) + self.head + line * self.pitch
        return QRect(self.left + column * self.pitch, top, self.side, self.side)

    def row_at(self, x: int, y: int) -> int:
        """The row whose cell holds a point, or -1 between the cells."""
        section = self.section_at(y)
        column, across = divmod(x - self.left, self.pitch)
        line, down = divmod(y - self.top_of(section) - self.head, self.pitch)
        rows = self.rows_of(section)
        row = rows.start + line * self.columns + column
        is_in_cell = across < self.side and down < self.side and line >= 0 and 0 <= column < self.columns
        return row if is_in_cell and row < rows.stop else -1

    def rows_between(self, top: int, bottom: int) -> range:
        """The rows of every line that reaches into the heights from `top` to `bottom`."""
        if not self.count:
            return range(0)
        start = self._lines_within(self.section_at(top), top, bottom).start
        return range(start, max(start, self._lines_within(self.section_at(bottom), top, bottom).stop))

    def row_above(self, row: int) -> int:
        """The row in the line above, in the same column or the line's last; itself on the first line."""
        section, first = self._section_and_first(row)
        column = (row - first) % self.columns
        if row - first >= self.columns:
            return row - self.columns
        if section == 0:
            return row
        before = self.rows_of(section - 1)
        start = before.start + (len(before) - 1) // self.columns * self.columns
        return min(start + column, before.stop - 1)

    def row_below(self, row: int) -> int:
        """The row in the line below, in the same column or the line's last; itself on the last line."""
        section, first = self._section_and_first(row)
        column, last = (row - first) % self.columns, self.rows_of(section).stop - 1
        if (row - first) // self.columns < (last - first) // self.columns:
            return min(row + self.columns, last)
        if section + 1 == len(self.firsts):
            return row
        after = self.rows_of(section + 1)
        return min(after.start + column, after.stop - 1)

    def row_at_height(self, row: int, y: int) -> int:
        """The row in the column of another one, on the line at or next after a height."""
        column = (row - self._section_and_first(row)[1]) % self.columns
        rows = self.rows_between(y, self.height)
        if not rows:
            return self.count - 1
        section, first = self._section_and_first(rows.start)
        line = (rows.start - first) // self.columns * self.columns
        return min(first + line + column, self.rows_of(section).stop - 1)

    def spans_in(self, rect: QRect) -> list[tuple[int, int]]:
        """The first and last row of each unbroken run of cells that a rectangle touches."""
        columns = range(
            max(0, (rect.left() - self.left + GAP) // self.pitch),
            min(self.columns, (rect.right() - self.left) // self.pitch + 1),
        )
        if not columns or not self.count:
            return []
        rows = self.rows_between(rect.top(), rect.bottom())
        if len(columns) == self.columns:
            return [(rows.start, rows.stop - 1)] if rows else []
        return list(self._spans_of_columns(rows, columns)) if rows else []

    @property
    def _lines(self) -> int:
        return self.lines_before[-1] + -(-len(self.rows_of(len(self.firsts) - 1)) // self.columns)

    def _section_and_first(self, row: int) -> tuple[int, int]:
        section = self.section_of(row)
        return section, self.firsts[section]

    def _lines_within(self, section: int, top: int, bottom: int) -> range:
        """The rows of a section whose lines reach into those heights."""
        above, rows = self.top_of(section) + self.head, self.rows_of(section)
        first = max(0, (top - above + GAP) // self.pitch)
        last = (bottom - above) // self.pitch
        start = min(rows.start + first * self.columns, rows.stop)
        return range(start, min(max(rows.start + (last + 1) * self.columns, rows.start), rows.stop))

    def _spans_of_columns(self, rows: range, columns: range) -> Iterator[tuple[int, int]]:
        for section in range(self.section_of(rows.start), self.section_of(rows.stop - 1) + 1):
            inside = self.rows_of(section)
            start = inside.start + max(0, rows.start - inside.start) // self.columns * self.columns
            for line in range(start, min(inside.stop, rows.stop), self.columns):
                if line + columns.start < inside.stop:
                    yield line + columns.start, min(line + columns.stop, inside.stop) - 1
