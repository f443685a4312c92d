import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from imagine_desktop.ui.gallery.grid import GAP, HEADER, MARGIN, Grid

_widths, _tiles = st.integers(1, 4000), st.sampled_from([120, 200, 333, 420])


def _divided(counts: list[int], width: int, tile_px: int) -> Grid:
    return Grid.of(sum(counts), width, tile_px, counts)


grids = st.one_of(
    st.builds(Grid.of, st.integers(1, 1_000_000), _widths, _tiles),
    st.builds(_divided, st.lists(st.integers(1, 300), min_size=1, max_size=30), _widths, _tiles),
)


@given(grids, st.data())
def test_a_point_of_a_cell_finds_its_row(grid: Grid, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, grid.count - 1))
    cell = grid.rect(row)
    for point in (cell.topLeft(), cell.center(), cell.bottomRight()):
        assert grid.row_at(point.x(), point.y()) == row


@given(grids)
def test_cells_fill_the_width_and_no_more(grid: Grid) -> None:
    first, last = grid.rect(0), grid.rect(0).translated((grid.columns - 1) * grid.pitch, 0)
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


@given(grids, st.data())
def test_up_and_down_are_the_next_lines_in_the_same_column_where_they_reach_so_far(
    grid: Grid, data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, grid.count - 1))
    cell = grid.rect(row)
    for beside, is_end in ((grid.row_above(row), row), (grid.row_below(row), grid.count - 1 - row)):
        other = grid.rect(beside)
        if beside == row:
            assert is_end < grid.columns
        else:
            assert grid.pitch <= abs(other.top() - cell.top()) <= grid.pitch + HEADER + MARGIN
            assert other.left() <= cell.left()
        is_its_lines_last = beside + 1 == grid.count or grid.rect(beside + 1).top() != other.top()
        assert other.left() == cell.left() or is_its_lines_last


@given(st.lists(st.integers(1, 300), min_size=1, max_size=30), _widths, _tiles)
def test_every_section_has_its_header_above_its_own_rows(counts: list[int], width: int, tile_px: int) -> None:
    grid = _divided(counts, width, tile_px)
    assert [len(grid.rows_of(section)) for section in range(len(counts))] == counts
    for section in range(len(counts)):
        rows, top = grid.rows_of(section), grid.top_of(section)
        assert grid.rect(rows.start).topLeft().y() == top + HEADER
        assert grid.rect(rows[-1]).bottom() + 1 + MARGIN == grid.top_of(section + 1)
        assert grid.section_at(top) == grid.section_at(grid.top_of(section + 1) - 1) == section
        assert grid.section_of(rows.start) == grid.section_of(rows[-1]) == section
    assert grid.height == grid.top_of(len(counts))


def test_a_point_between_cells_or_beyond_the_last_finds_none() -> None:
    grid = Grid.of(5, 900, 200)
    assert grid.columns == 4
    gap = grid.rect(0).right() + 1
    assert grid.row_at(gap, grid.rect(0).center().y()) == -1
    beyond = grid.rect(5).center()
    assert grid.row_at(beyond.x(), beyond.y()) == -1
    assert grid.row_at(-1, -1) == -1


def test_beside_the_last_cell_of_a_section_lies_none_of_the_next() -> None:
    grid = Grid.of(9, 900, 200, [5, 4])
    beside = grid.rect(4).center()
    assert grid.row_at(beside.x() + grid.pitch, beside.y()) == -1
    assert grid.row_at(grid.rect(5).center().x(), grid.top_of(1) + HEADER // 2) == -1


@pytest.mark.parametrize("count", [0, 1, 4, 5])
def test_the_height_ends_a_margin_below_the_last_line(count: int) -> None:
    grid = Grid.of(count, 900, 200)
    assert grid.height == (grid.rect(count - 1).bottom() + 1 + MARGIN if count else 0)
    assert len(grid.rows_between(0, 10_000)) == count
