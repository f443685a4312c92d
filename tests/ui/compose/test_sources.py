"""The tray follows the draft, and takes what is dropped on it."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.record import PictureId
from imagine_desktop.domain.request import AddressSource, FileSource, PictureSource, Source
from imagine_desktop.ui.compose.chip import Chip
from imagine_desktop.ui.compose.draft import Draft
from imagine_desktop.ui.compose.panel import PromptPanel
from imagine_desktop.ui.compose.sources import SourcesTray
from imagine_desktop.ui.plain import PlainLabel

A, B, C = FileSource(Path("a.png")), AddressSource("https://example.com/b.png"), PictureSource(PictureId(7))


@pytest.fixture
def tray(panel: PromptPanel, draft: Draft) -> SourcesTray:
    """The tray with three sources."""
    tray = panel.findChild(SourcesTray)
    assert tray is not None
    draft.set_sources([A, B, C])
    return tray


def shown(tray: SourcesTray) -> list[Source]:
    """The sources as the chips show them, by their places on the screen."""
    chips = [chip for chip in tray.findChildren(Chip) if chip.isVisible()]
    return [chip.source for chip in sorted(chips, key=lambda chip: (chip.y(), chip.x()))]


def button(parent: QWidget, name: str) -> QAbstractButton:
    """The button of that accessible name."""
    return next(found for found in parent.findChildren(QAbstractButton) if found.accessibleName() == name)


def titles(tray: SourcesTray) -> list[str]:
    """All texts that stand in the tray."""
    return [label.text() for label in tray.findChildren(PlainLabel) if label.isVisible()]


def test_the_title_says_what_will_be_done(tray: SourcesTray, draft: Draft) -> None:
    assert titles(tray) == ["Edit 3 pictures", "0: a.png as it goes out"]
    draft.set_sources([A])
    assert titles(tray) == ["Edit 1 picture", "a.png as it goes out"]
    assert "a.png as it goes out" in tray.chips[0].toolTip()
    assert "a.png as it goes out" in tray.chips[0].accessibleDescription()
    draft.clear_sources()
    assert titles(tray) == ["Generate"]


def test_a_thumbnail_fills_its_chip(tray: SourcesTray) -> None:
    chip = tray.chips[0]
    assert chip.grab().toImage().pixelColor(chip.width() // 2, 30) == QColor("#ff0000")


def test_removing_a_chip_renumbers_the_others(tray: SourcesTray, draft: Draft) -> None:
    QTest.mouseClick(button(tray, "Remove https://example.com/b.png"), Qt.MouseButton.LeftButton)
    assert draft.sources == (A, C)
    assert [chip.accessibleName() for chip in tray.chips] == ["Source 0: a.png", "Source 1: picture 7"]


def test_alt_and_arrows_move_a_chip_which_keeps_the_focus(tray: SourcesTray, draft: Draft) -> None:
    chip = tray.chips[0]
    chip.setFocus()
    for _ in range(3):
        QTest.keyClick(chip, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    assert shown(tray) == [B, C, A] == list(draft.sources)
    assert chip.hasFocus()
    QTest.keyClick(chip, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert shown(tray) == [B, A, C]


def test_delete_removes_the_chip_that_has_the_focus(tray: SourcesTray, draft: Draft) -> None:
    QTest.keyClick(tray.chips[2], Qt.Key.Key_Delete)
    assert draft.sources == (A, B)


def test_a_chip_is_dragged_to_another_place(tray: SourcesTray, draft: Draft) -> None:
    first, last = tray.chips[0], tray.chips[2]
    target = first.mapFromGlobal(last.mapToGlobal(last.rect().center()))
    QTest.mousePress(first, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, first.rect().center())
    QTest.mouseMove(first, target)
    QTest.mouseRelease(first, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, target)
    assert draft.sources == (B, C, A)


def test_a_chip_dropped_beside_the_others_stays(tray: SourcesTray, draft: Draft) -> None:
    first = tray.chips[0]
    QTest.mousePress(first, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, first.rect().center())
    QTest.mouseMove(first, QPoint(20, 500))
    QTest.mouseRelease(first, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 500))
    assert draft.sources == (A, B, C)


def test_a_chips_number_writes_its_tag_into_the_prompt(
    panel: PromptPanel, tray: SourcesTray, draft: Draft
) -> None:
    draft.prompt = "Put "
    QTest.mouseClick(button(tray, "Insert <IMAGE_1>"), Qt.MouseButton.LeftButton)
    assert "<IMAGE_1>" in draft.prompt
    QTest.keyClick(tray.chips[2], Qt.Key.Key_Return)
    assert "<IMAGE_2>" in draft.prompt


def test_no_more_can_be_added_than_the_model_takes(tray: SourcesTray, draft: Draft) -> None:
    add = button(tray, "Add source")
    assert not add.isEnabled()
    assert "Grok Imagine takes 3 at most" in add.toolTip()
    draft.model = "grok-imagine-image-2.0"
    assert add.isEnabled()


def test_the_add_menu_opens_without_holding_up_the_window(
    tray: SourcesTray, draft: Draft, qtbot: QtBot
) -> None:
    draft.clear_sources()
    add = button(tray, "Add source")
    assert isinstance(add, QPushButton)
    add.showMenu()
    menu = add.menu()
    assert menu.isVisible()
    acts = {act.text(): act for act in menu.actions()}
    assert not acts["Remove all"].isEnabled()
    with qtbot.waitSignal(tray.files_requested):
        acts["Files…"].trigger()
    with qtbot.waitSignal(tray.paste_requested):
        acts["Paste"].trigger()
    menu.close()


def test_an_address_is_checked_before_it_is_taken(tray: SourcesTray, draft: Draft, qtbot: QtBot) -> None:
    draft.clear_sources()
    menu = button(tray, "Add source")
    assert isinstance(menu, QPushButton)
    next(act for act in menu.menu().actions() if act.text() == "Address…").trigger()
    field = next(found for found in tray.findChildren(QLineEdit) if found.accessibleName() == "Address")
    assert field.hasFocus()
    QTest.keyClicks(field, "http://example.com/a.png")
    with qtbot.assertNotEmitted(tray.address_entered):
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert "http://example.com/a.png is not https" in titles(tray)
    field.setText("https://example.com/a.png")
    with qtbot.waitSignal(tray.address_entered) as told:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert told.args == ["https://example.com/a.png"]
    assert not field.isVisible()


def test_esc_leaves_the_address_out(tray: SourcesTray, qtbot: QtBot) -> None:
    menu = button(tray, "Add source")
    assert isinstance(menu, QPushButton)
    next(act for act in menu.menu().actions() if act.text() == "Address…").trigger()
    field = next(found for found in tray.findChildren(QLineEdit) if found.accessibleName() == "Address")
    assert field.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not field.isVisible()


def test_chips_wrap_and_stay_inside_the_tray(tray: SourcesTray, draft: Draft, qtbot: QtBot) -> None:
    draft.model = "grok-imagine-image-2.0"
    draft.set_sources([A, B, C, A, B])
    assert len({chip.y() for chip in tray.chips}) == 2
    corners = [(chip, chip.rect().bottomRight()) for chip in tray.chips]
    qtbot.waitUntil(lambda: all(tray.rect().contains(chip.mapTo(tray, end)) for chip, end in corners))
