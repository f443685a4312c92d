"""What is decoded, in which order, and what is let go of."""

import pytest
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.record import PictureId
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.picture.full import FullPictures
from tests.ui.picture.conftest import SIZE, UNREADABLE, Reading

_BYTES = SIZE[0] * SIZE[1] * 4 * 4 // 3  # a picture and its halves


def _ids(*numbers: int) -> list[PictureId]:
    return [PictureId(number) for number in numbers]


def test_what_is_on_the_screen_is_decoded_before_its_neighbours(
    qtbot: QtBot, fulls: FullPictures, reading: Reading
) -> None:
    fulls.want(_ids(5), _ids(6, 4, 7))
    qtbot.waitUntil(lambda: all(fulls.get(one) is not None for one in _ids(4, 5, 6, 7)))
    assert reading.asked == _ids(5, 6, 4, 7)
    assert reading.urgent == _ids(5)


def test_pictures_that_were_passed_are_never_decoded(
    qtbot: QtBot, fulls: FullPictures, reading: Reading
) -> None:
    reading.gate.clear()
    for number in range(1, 60):
        fulls.want(_ids(number), _ids(number + 1, number - 1))
    qtbot.waitUntil(lambda: len(reading.asked) == 2)
    reading.gate.set()
    qtbot.waitUntil(lambda: fulls.get(PictureId(60)) is not None and fulls.get(PictureId(58)) is not None)
    assert reading.asked == _ids(1, 2, 59, 60, 58)


def test_the_picture_on_the_screen_does_not_wait_for_a_neighbour(
    qtbot: QtBot, fulls: FullPictures, reading: Reading
) -> None:
    fulls.want(_ids(1), _ids(2))
    qtbot.waitUntil(lambda: fulls.get(PictureId(1)) is not None)
    reading.gate.clear()
    qtbot.waitUntil(lambda: reading.asked[-1:] == _ids(2) or fulls.get(PictureId(2)) is not None)
    fulls.want(_ids(9))
    qtbot.waitUntil(lambda: reading.asked[-1:] == _ids(9))
    reading.gate.set()
    qtbot.waitUntil(lambda: fulls.get(PictureId(9)) is not None)


def test_the_cache_stays_within_its_bytes(
    qtbot: QtBot, reading: Reading, background: Background, fulls: FullPictures
) -> None:
    small = FullPictures(reading, background, fulls, limit_bytes=3 * _BYTES + 1000)
    for number in range(1, 10):
        small.want(_ids(number), _ids(number + 1))
        qtbot.waitUntil(lambda number=number: small.get(PictureId(number + 1)) is not None)  # type: ignore[misc]
        assert small.kept_bytes <= 3 * _BYTES + 1000
    assert [one for one in range(1, 11) if small.get(PictureId(one)) is not None] == [8, 9, 10]


def test_neighbours_there_is_no_room_for_are_not_decoded_again_and_again(
    qtbot: QtBot, reading: Reading, background: Background, fulls: FullPictures
) -> None:
    tiny = FullPictures(reading, background, fulls, limit_bytes=1000)
    with qtbot.waitSignals([tiny.ready] * 3):
        tiny.want(_ids(1), _ids(2, 3))
    assert tiny.get(PictureId(1)) is not None
    assert [tiny.get(one) for one in _ids(2, 3)] == [None, None]
    assert reading.asked == _ids(1, 2, 3)


def test_a_picture_whose_file_changed_while_it_was_read_is_read_again(
    qtbot: QtBot, fulls: FullPictures, reading: Reading
) -> None:
    reading.gate.clear()
    fulls.want(_ids(1))
    qtbot.waitUntil(lambda: reading.asked == _ids(1))
    fulls.forget(PictureId(1))
    reading.gate.set()
    qtbot.waitUntil(lambda: fulls.get(PictureId(1)) is not None)
    assert reading.asked == _ids(1, 1)


def test_a_picture_that_cannot_be_read_says_why_and_holds_nothing_up(
    qtbot: QtBot, fulls: FullPictures, reading: Reading
) -> None:
    with qtbot.waitSignal(fulls.failed) as failed:
        fulls.want([UNREADABLE], _ids(2))
    assert failed.args == [
        UNREADABLE,
        "The picture's file cannot be read. Look for it in the library's folder.",
    ]
    qtbot.waitUntil(lambda: fulls.get(PictureId(2)) is not None)
    assert reading.asked == [UNREADABLE, 2]


@pytest.mark.usefixtures("reading")
def test_only_what_is_needed_is_kept_while_nobody_looks(qtbot: QtBot, fulls: FullPictures) -> None:
    fulls.want(_ids(1), _ids(2, 3))
    qtbot.waitUntil(lambda: all(fulls.get(one) is not None for one in _ids(1, 2, 3)))
    fulls.release()
    assert [one for one in range(1, 4) if fulls.get(PictureId(one)) is not None] == [1]
