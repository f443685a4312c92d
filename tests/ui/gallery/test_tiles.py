"""Tiles by their pixels: marks, rings, and sharpness on every kind of screen."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPixmap

from imagine_desktop.domain.record import Picture
from imagine_desktop.engine.flaws import Flaw
from imagine_desktop.ui.gallery.tiles import Tile, TileButton, TilePainter, box_px, buttons_of, frame_of
from imagine_desktop.ui.images import fitted_size
from imagine_desktop.ui.shell.theme import DARK, LIGHT, Colours

MakePicture = Callable[..., Picture]
SIDE = 220
CELL = QRect(10, 10, SIDE, SIDE)
RATIOS = (1.0, 1.25, 1.5, 2.0, 3.0)


def _painted(tile: Tile, colours: Colours = DARK, dpr: float = 1.0, cell: QRect = CELL) -> QImage:
    image = QImage(round((SIDE + 20) * dpr), round((SIDE + 20) * dpr), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(dpr)
    image.fill(colours.window)
    painter = QPainter(image)
    TilePainter(painter, colours, QFont(), dpr, has_focus=True, walls={}).paint(cell, tile)
    painter.end()
    return image


def _grey(width: int, height: int) -> QPixmap:
    pixmap = QPixmap(width, height)
    pixmap.fill(QColor(120, 120, 120))
    return pixmap


def _tile(picture: Picture, **fields: Any) -> Tile:
    size = fitted_size(picture.width, picture.height, box_px(SIDE, 1.0))
    return Tile(picture, _grey(size.width(), size.height()), **fields)


def _changed(one: QImage, other: QImage) -> QRect:
    """The smallest rectangle that holds all pixels that differ."""
    points = [
        (x, y) for y in range(one.height()) for x in range(one.width()) if one.pixel(x, y) != other.pixel(x, y)
    ]
    if not points:
        return QRect()
    across, down = [x for x, _ in points], [y for _, y in points]
    return QRect(min(across), min(down), max(across) - min(across) + 1, max(down) - min(down) + 1)


def _line(image: QImage, y: int) -> bytes:
    return bytes(image.constBits()[y * image.bytesPerLine() : (y + 1) * image.bytesPerLine()])


@pytest.fixture(params=[DARK, LIGHT], ids=["dark", "light"])
def colours(request: pytest.FixtureRequest) -> Any:
    """Each set of colours."""
    return request.param


@pytest.mark.parametrize("dpr", RATIOS)
@pytest.mark.parametrize(("width", "height"), [(1024, 1024), (1280, 720), (720, 1280), (1000, 333)])
def test_a_picture_is_copied_pixel_by_pixel(
    make_picture: MakePicture, dpr: float, width: int, height: int
) -> None:
    """Lines of one device pixel, the first thing that any scaling or half a pixel's shift would blur."""
    size = fitted_size(width, height, box_px(SIDE, dpr))
    dark, light = b"\x28\x00\x28\xff", b"\xf0\xff\x30\xff"
    lines = [(dark + light) * size.width(), (light + dark) * size.width()]
    data = b"".join(lines[y % 2][: 4 * size.width()] for y in range(size.height()))
    lined = QImage(data, size.width(), size.height(), 4 * size.width(), QImage.Format.Format_RGB32).copy()
    tile = Tile(make_picture(1, width=width, height=height), QPixmap.fromImage(lined))
    image = _painted(tile, dpr=dpr, cell=CELL.translated(3, 1))
    left = round((CELL.left() + 3 + SIDE / 2) * dpr - size.width() / 2)
    top = round((CELL.top() + 1 + SIDE / 2) * dpr - size.height() / 2)
    corner = round(7 * dpr)
    inside = QRect(left, top, size.width(), size.height()).adjusted(corner, corner, -corner, -corner)
    assert image.copy(inside) == lined.copy(inside.translated(-left, -top))


@pytest.mark.parametrize("trashed", [None, 1.0])
def test_corners_are_round_and_show_the_wall(
    make_picture: MakePicture, colours: Colours, trashed: float | None
) -> None:
    picture = make_picture(1, trashed=trashed)
    image, frame = _painted(_tile(picture), colours), frame_of(CELL, picture)
    for corner in (frame.topLeft(), frame.topRight(), frame.bottomLeft(), frame.bottomRight()):
        assert image.pixelColor(corner) == colours.window
    inside = image.pixelColor(frame.center())
    assert (inside == QColor(120, 120, 120)) is (trashed is None)
    assert image.pixelColor(frame.center().x(), frame.top()) == inside != colours.window


def test_rings_differ_in_shape(make_picture: MakePicture, colours: Colours) -> None:
    """In one colour they could still be told apart: each covers pixels that the other two do not."""
    picture = make_picture(1, width=1000, height=700)
    plain = _painted(_tile(picture), colours)
    frame = frame_of(CELL, picture)
    names = ("is_current", "is_selected", "is_compared")
    rings = {name: _painted(_tile(picture, **{name: True}), colours) for name in names}
    middle, above = frame.center().x(), frame.top() - 3
    on_ring = {name: image.pixelColor(middle, above) for name, image in rings.items()}
    wall = rings["is_selected"].pixelColor(CELL.center().x(), CELL.top() + 20)
    assert on_ring["is_current"] == colours.accent
    assert on_ring["is_compared"] == colours.window  # its corners leave the middle open
    assert wall not in (colours.window, colours.accent)
    corner = rings["is_compared"].pixelColor(frame.left() - 4, frame.top() + 4)
    assert corner == colours.text
    for image in rings.values():
        assert image != plain


@pytest.mark.parametrize(("fields", "is_at_right"), [({"is_starred": True}, True), ({"child_count": 3}, False)])
def test_marks_stand_in_the_upper_corners(
    make_picture: MakePicture, colours: Colours, fields: dict[str, object], *, is_at_right: bool
) -> None:
    picture = make_picture(1, **fields)
    frame = frame_of(CELL, picture)
    change = _changed(_painted(_tile(make_picture(1)), colours), _painted(_tile(picture), colours))
    assert change.bottom() < frame.top() + 40
    assert (change.left() > frame.right() - 40) is is_at_right
    assert (change.right() < frame.left() + 60) is not is_at_right


def test_the_cost_is_shown_at_the_bottom_right_under_the_mouse(make_picture: MakePicture) -> None:
    free, paid = make_picture(1), make_picture(1, cost_ticks=2 * 10**8)
    assert _painted(_tile(free)) == _painted(_tile(paid))
    change = _changed(_painted(_tile(free, is_hovered=True)), _painted(_tile(paid, is_hovered=True)))
    frame = frame_of(CELL, free)
    assert change.left() > frame.center().x()
    assert change.top() > frame.center().y()


def test_a_check_and_a_branch_mark_stand_side_by_side(make_picture: MakePicture) -> None:
    picture = make_picture(1, child_count=4)
    unmarked = _painted(_tile(make_picture(1), is_selected=True))
    change = _changed(unmarked, _painted(_tile(picture, is_selected=True)))
    assert change.left() > CELL.left() + 24  # the check keeps the corner


def test_no_mark_covers_another_on_small_and_narrow_tiles(make_picture: MakePicture) -> None:
    for side in (120, 150, 220, 420):
        for width, height in ((1024, 1024), (300, 1000), (1000, 300)):
            places = list(
                buttons_of(QRect(0, 0, side, side), make_picture(1, width=width, height=height)).values()
            )
            assert len(places) == len(TileButton)
            assert all(not one.intersects(other) for one in places for other in places if one is not other)


def test_in_the_trash_a_picture_is_faint_and_has_no_buttons(make_picture: MakePicture) -> None:
    picture = make_picture(1, trashed=1.0)
    grey = _painted(_tile(picture)).pixelColor(CELL.center())
    assert DARK.window.lightness() < grey.lightness() < 120
    assert buttons_of(CELL, picture) == {}
    assert buttons_of(CELL, make_picture(1)) != {}


def test_a_flaw_is_written_at_the_bottom_and_leaves_room_for_the_buttons(make_picture: MakePicture) -> None:
    picture = make_picture(1)
    frame = frame_of(CELL, picture)
    change = _changed(_painted(_tile(picture)), _painted(_tile(picture, flaw=Flaw.MISSING)))
    assert change.top() > frame.center().y()
    assert frame.contains(change)
    hovered = _changed(
        _painted(_tile(picture, is_hovered=True)), _painted(_tile(picture, is_hovered=True, flaw=Flaw.MISSING))
    )
    assert not any(hovered.intersects(place) for place in buttons_of(CELL, picture).values())
