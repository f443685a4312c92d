"""The way from the first picture to the one that is shown."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.picture.lineage import Lineage
from tests.ui.picture.test_viewer import MakePicture

_LEFT, _ALT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def lineage(thumbnails: Thumbnails, desk: QWidget) -> Lineage:
    made = Lineage(thumbnails, desk)
    made.resize(500, made.height())
    made.show()
    return made


def test_a_step_leads_to_its_picture_and_with_alt_compares(
    qtbot: QtBot, lineage: Lineage, make_picture: MakePicture
) -> None:
    lineage.show_way([make_picture(one) for one in (3, 5, 9)], 0)
    first, second, last = lineage.steps
    assert [step.accessibleName() for step in lineage.steps] == [
        "First picture: prompt 3",
        "Step 2: prompt 5",
        "This picture: prompt 9",
    ]
    assert not last.isEnabled()
    with qtbot.waitSignal(lineage.picked) as picked:
        QTest.mouseClick(first, _LEFT)
    assert picked.args == [3]
    with qtbot.waitSignal(lineage.compare_requested) as compared:
        QTest.mouseClick(second, _LEFT, _ALT)
    assert compared.args == [5]


def test_a_long_way_shows_its_beginning_and_its_end(lineage: Lineage, make_picture: MakePicture) -> None:
    lineage.show_way([make_picture(one) for one in range(1, 201)], 0)
    shown = [step.picture_id for step in lineage.steps]
    assert (shown[0], shown[-1]) == (1, 200)
    assert shown[1:] == list(range(200 - len(shown) + 2, 201))
    assert all(lineage.rect().contains(step.geometry()) for step in lineage.steps)


def test_a_picture_that_was_made_from_nothing_has_no_way(lineage: Lineage, make_picture: MakePicture) -> None:
    lineage.show_way([make_picture(1), make_picture(2)], 0)
    lineage.show_way([make_picture(3)], 0)
    assert lineage.steps == []


def test_the_count_of_its_children_leads_to_the_first(
    qtbot: QtBot, lineage: Lineage, make_picture: MakePicture
) -> None:
    lineage.show_way([make_picture(3)], 12)
    [button] = [one for one in lineage.findChildren(QPushButton) if one.isVisible()]
    assert button.text() == "12 made from it"
    with qtbot.waitSignal(lineage.child_requested):
        QTest.mouseClick(button, _LEFT)
