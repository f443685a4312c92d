"""Notices: they stack, leave, wait for whoever reads them, and never interpret text."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAccessible, QEnterEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from imagine_desktop.errors import BadInput, ImagineError, NotSent, OutcomeUnknown, Withheld
from imagine_desktop.ui.shell.notices import MOST_NOTICES, NoticeKind, Notices


@pytest.fixture
def centre(qtbot: QtBot) -> QWidget:
    """What the notices lie over."""
    made = QWidget()
    made.resize(800, 700)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def notices(centre: QWidget) -> Notices:
    """Notices over the centre."""
    return Notices(centre)


def cards(centre: QWidget) -> list[QWidget]:
    found = [card for card in centre.findChildren(QWidget) if card.accessibleName() == "Notice"]
    return [card for card in found if card.isVisible()]


def texts(centre: QWidget) -> list[str]:
    return [card.accessibleDescription() for card in cards(centre)]


def button(card: QWidget, name: str) -> QToolButton:
    return next(b for b in card.findChildren(QToolButton) if b.accessibleName() == name)


def test_a_notice_leaves_by_itself_and_an_error_stays(centre: QWidget, notices: Notices, qtbot: QtBot) -> None:
    error = notices.show("lost", NoticeKind.ERROR)
    passing = notices.show("saved", NoticeKind.SUCCESS, timeout_s=0.05)
    assert texts(centre) == ["lost", "saved"]
    qtbot.waitUntil(lambda: not passing.is_open)
    assert texts(centre) == ["lost"]
    error.close()
    error.close()
    assert texts(centre) == []


def test_only_the_newest_four_show_and_earlier_ones_return(centre: QWidget, notices: Notices) -> None:
    shown = [notices.show(str(number), NoticeKind.ERROR) for number in range(7)]
    assert texts(centre) == ["3", "4", "5", "6"]
    assert len(texts(centre)) == MOST_NOTICES
    earlier = next(b for b in centre.findChildren(QPushButton) if b.text().startswith("and 3 earlier"))
    shown[6].close()
    assert texts(centre) == ["2", "3", "4", "5"]
    assert earlier.text().startswith("and 2 earlier")
    QTest.mouseClick(earlier, Qt.MouseButton.LeftButton)
    assert texts(centre) == []


def test_they_keep_to_the_bottom_right_corner(centre: QWidget, notices: Notices) -> None:
    notices.show("hello", NoticeKind.ERROR)
    for width, height in ((800, 700), (1100, 500), (300, 300)):
        centre.resize(width, height)
        card = cards(centre)[0]
        corner = card.mapTo(centre, card.rect().bottomRight())
        assert (width - corner.x(), height - corner.y()) == (17, 17)
        assert card.mapTo(centre, card.rect().topLeft()).x() >= 16


def test_the_action_runs_once_and_closes_the_notice(centre: QWidget, notices: Notices) -> None:
    done: list[str] = []
    notices.show("moved to the trash", action_text="Undo", action=lambda: done.append("undone"))
    QTest.mouseClick(cards(centre)[0].findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    assert done == ["undone"]
    assert texts(centre) == []


def test_escape_closes_the_one_that_has_the_focus(centre: QWidget, notices: Notices, qtbot: QtBot) -> None:
    notices.show("first", NoticeKind.ERROR)
    notices.show("second", NoticeKind.ERROR)
    centre.activateWindow()
    close = button(cards(centre)[0], "Close notice")
    close.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(close.hasFocus)
    QTest.keyClick(close, Qt.Key.Key_Escape)
    assert texts(centre) == ["second"]


def test_a_notice_takes_no_focus_from_somebody_who_types(
    centre: QWidget, notices: Notices, qtbot: QtBot
) -> None:
    field = QLineEdit(centre)
    field.show()
    centre.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    notices.show("saved", action_text="Show", action=lambda: None)
    assert field.hasFocus()


def test_a_notice_waits_while_the_mouse_is_on_it(centre: QWidget, notices: Notices, qtbot: QtBot) -> None:
    held = notices.show("read me", timeout_s=0.3)
    other = notices.show("gone soon", timeout_s=0.6)
    point = QPointF(5, 5)
    QApplication.sendEvent(cards(centre)[0], QEnterEvent(point, point, point))
    qtbot.waitUntil(lambda: not other.is_open)
    assert held.is_open


def test_text_is_copied_with_its_detail_and_never_interpreted(centre: QWidget, notices: Notices) -> None:
    notices.show("<b>x</b>", NoticeKind.ERROR, detail="<img src=file:///a>")
    card = cards(centre)[0]
    label = next(label for label in card.findChildren(QLabel) if label.text())
    assert label.text() == "<b>x</b>"
    assert label.textFormat() is Qt.TextFormat.PlainText
    detail = card.findChildren(QPlainTextEdit)[0]
    assert not detail.isVisible()
    QTest.mouseClick(card.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    assert detail.isVisible()
    QTest.mouseClick(button(card, "Copy message"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "<b>x</b>\n\n<img src=file:///a>"


def test_a_screen_reader_is_alerted(centre: QWidget, notices: Notices) -> None:
    was_active = QAccessible.isActive()
    QAccessible.setActive(True)
    notices.show("saved")
    interface = QAccessible.queryAccessibleInterface(cards(centre)[0])
    assert interface.text(QAccessible.Text.Name) == "Notice"
    assert interface.text(QAccessible.Text.Description) == "saved"
    QAccessible.setActive(was_active)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (NotSent("No network.", "Try again."), "No network; nothing was sent, nothing charged. Try again."),
        (OutcomeUnknown("It broke.", "Look."), "It broke; it may have been charged. Look."),
        (Withheld("Withheld.", cost_ticks=5), "Withheld; charged. Change the prompt."),
        (BadInput("Prompt", "say something"), "Prompt: say something"),
    ],
)
def test_an_error_says_the_next_step_and_whether_it_cost_anything(
    centre: QWidget, notices: Notices, error: ImagineError, text: str
) -> None:
    notices.show_error(error)
    assert texts(centre) == [text]


def test_a_notice_has_room_for_all_of_its_text(centre: QWidget, notices: Notices, qtbot: QtBot) -> None:
    notices.show("Choose a picture to save first.")
    [card] = cards(centre)
    layout = card.layout()
    assert layout is not None
    qtbot.waitUntil(lambda: card.height() == layout.totalHeightForWidth(card.width()))


def test_what_lies_at_the_foot_stays_uncovered(centre: QWidget, notices: Notices) -> None:
    notices.show("Paid pictures are still on their way.")
    notices.keep_clear(60)
    [card] = cards(centre)
    assert card.mapTo(centre, card.rect().bottomLeft()).y() < centre.height() - 60
