from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from imagine_desktop.ui.gallery.empty import EmptyState
from imagine_desktop.ui.plain import PlainLabel

_SENTENCE = "Describe a picture on the left and press Generate. It appears here and stays on your disk."


def test_its_button_says_what_to_do_next_and_its_sentence_is_not_cut(qtbot: QtBot) -> None:
    empty = EmptyState()
    empty.say("No pictures yet", _SENTENCE, "Write a prompt")
    qtbot.addWidget(empty)
    empty.resize(600, 400)
    empty.show()
    sentence = next(label for label in empty.findChildren(PlainLabel) if label.text() == _SENTENCE)
    assert sentence.height() >= sentence.heightForWidth(sentence.width())
    button = empty.findChildren(QPushButton)[0]
    with qtbot.waitSignal(empty.pressed):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
