"""The card that greets somebody without a key."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from imagine_desktop.ui.shell.welcome import EXAMPLES, WelcomeCard


def test_it_says_that_nothing_is_charged_and_offers_examples(qtbot: QtBot) -> None:
    card = WelcomeCard()
    qtbot.addWidget(card)
    words = " ".join(label.text() for label in card.findChildren(QLabel))
    assert "drawn on this computer" in words
    assert "nothing is charged" in words
    buttons = {button.text(): button for button in card.findChildren(QPushButton)}
    for example in EXAMPLES:
        with qtbot.waitSignal(card.example_chosen) as chosen:
            QTest.mouseClick(buttons[example], Qt.MouseButton.LeftButton)
        assert chosen.args == [example]


def test_a_key_can_be_given_from_the_keyboard(qtbot: QtBot) -> None:
    card = WelcomeCard()
    qtbot.addWidget(card)
    button = next(b for b in card.findChildren(QPushButton) if "key" in b.text())
    with qtbot.waitSignal(card.key_requested):
        QTest.keyClick(button, Qt.Key.Key_Space)
