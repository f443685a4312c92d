import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from imagine_desktop.ui.gallery.grid import GAP, MARGIN, Grid

grids = st.builds(
    Grid.of, st.integers(1, 1_000_000), st.integers(1, 4000), st.sampled_from([120, 200, 333, 420])
)


@given(grids, st.data())
def test_a_point_of_a_cell_finds_its_row(grid: Grid, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, grid.count - 1))
    cell = grid.rect(row)
    for point in (cell.topLeft(), cell.center(), cell.bottomRight()):
        assert grid.row_at(point.x(), point.y()) == row


@given(grids)
def test_cells_fill_the_width_and_no_more(grid: Grid) -> None:
    first, last = grid.rect(0), grid.rect(grid.columns - 1)
    assert first.left() >= MARGIN
    assert abs((first.left() - MARGIN) - (grid.left - MARGIN)) == 0
    assert last.right() - first.left() + 1 == grid.columns * grid.side + (grid.columns - 1) * GAP


@given(grids, st.data())
def test_rows_between_are_those_whose_cells_reach_in(grid: Grid, data: st.DataObject) -> None:
    top = data.draw(st.integers(0, grid.height))
    rows = grid.rows_between(top, top + 500)
    band = QRect(0, top, 10**6, 501)
    near = range(max(0, rows.start - grid.columns), min(grid.count, rows.stop + grid.columns))
    assert [row for row in near if grid.rect(row).intersects(band)] == list(rows)


@given(grids, st.data())
def test_spans_are_the_cells_a_rectangle_touches(grid: Grid, data: st.DataObject) -> None:
    x, y = data.draw(st.integers(0, 4000)), data.draw(st.integers(0, min(grid.height, 5000)))
    rect = QRect(x, y, data.draw(st.integers(1, 1500)), data.draw(st.integers(1, 1500)))
    touched = {row for first, last in grid.spans_in(rect) for row in range(first, last + 1)}
    near = grid.rows_between(rect.top(), rect.bottom())
    assert touched == {row for row in near if grid.rect(row).intersects(rect)}


def test_a_point_between_cells_or_beyond_the_last_finds_none() -> None:
    grid = Grid.of(5, 900, 200)
    assert grid.columns == 4
    gap = grid.rect(0).right() + 1
    assert grid.row_at(gap, grid.rect(0).center().y()) == -1
    beyond = grid.rect(5).center()
    assert grid.row_at(beyond.x(), beyond.y()) == -1
    assert grid.row_at(-1, -1) == -1


@pytest.mark.parametrize("count", [0, 1, 4, 5])
def test_the_height_ends_a_margin_below_the_last_line(count: int) -> None:
    grid = Grid.of(count, 900, 200)
    assert grid.height == (grid.rect(count - 1).bottom() + 1 + MARGIN if count else 0)
    assert len(grid.rows_between(0, 10_000)) == count
