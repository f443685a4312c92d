"""Where tiles lie, by arithmetic: nothing is kept for a single tile, so a million cost what ten cost."""

from dataclasses import dataclass

from PySide6.QtCore import QRect

GAP = 4
MARGIN = 12


@dataclass(frozen=True, slots=True)
class Grid:
    """Square cells of `side` px in lines from the left, in coordinates of the whole content."""

    count: int
    columns: int
    side: int
    left: int

    @staticmethod
    def of(count: int, width: int, tile_px: int) -> "Grid":
        """As many columns of at least `tile_px` as fit in `width`; the cells share what is left over."""
        inner = max(1, width - 2 * MARGIN)
        columns = max(1, (inner + GAP) // (tile_px + GAP))
        side = max(1, (inner - GAP * (columns - 1)) // columns)
        used = columns * side + (columns - 1) * GAP
        return Grid(count, columns, side, MARGIN + (inner - used) // 2)

    @property
    def pitch(self) -> int:
        """The distance from one line, or column, to the next."""
        return self.side + GAP

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return -(-self.count // self.columns)

    @property
    def height(self) -> int:
        """The height of the whole content."""
        return 2 * MARGIN + self.lines * self.pitch - GAP if self.count else 0

    def rect(self, row: int) -> QRect:
        """The cell of a row of the model."""
        line, column = divmod(row, self.columns)
        return QRect(self.left + column * self.pitch, MARGIN + line * self.pitch, self.side, self.side)

    def row_at(self, x: int, y: int) -> int:
        """The row whose cell holds a point, or -1 between the cells."""
        column, across = divmod(x - self.left, self.pitch)
        line, down = divmod(y - MARGIN, self.pitch)
        row = line * self.columns + column
        is_in_cell = across < self.side and down < self.side and line >= 0 and 0 <= column < self.columns
        return row if is_in_cell and row < self.count else -1

    def rows_between(self, top: int, bottom: int) -> range:
        """The rows of every line that reaches into the heights from `top` to `bottom`."""
        first = max(0, (top - MARGIN + GAP) // self.pitch)
        last = (bottom - MARGIN) // self.pitch
        return range(min(first * self.columns, self.count), max(0, min((last + 1) * self.columns, self.count)))

    def spans_in(self, rect: QRect) -> list[tuple[int, int]]:
        """The first and last row of each unbroken run of cells that a rectangle touches."""
        first_column = max(0, (rect.left() - self.left + GAP) // self.pitch)
        last_column = min(self.columns - 1, (rect.right() - self.left) // self.pitch)
        rows = self.rows_between(rect.top(), rect.bottom())
        if not rows or first_column > last_column:
            return []
        if first_column == 0 and last_column == self.columns - 1:
            return [(rows.start, rows.stop - 1)]
        return [
            (line_start + first_column, min(line_start + last_column, self.count - 1))
            for line_start in range(rows.start, rows.stop, self.columns)
            if line_start + first_column < self.count
        ]
