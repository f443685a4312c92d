"""The panel says what will be sent and what it will cost, and sends it once."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QAccessible, QDragEnterEvent, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.catalog import ANY, Listed
from imagine_desktop.domain.record import PictureId
from imagine_desktop.domain.request import PictureSource
from imagine_desktop.ui.compose.draft import Draft
from imagine_desktop.ui.compose.panel import PromptPanel
from imagine_desktop.ui.compose.pickers import ModelPicker
from imagine_desktop.ui.compose.prompt import LONGEST_PASTE, PromptField
from imagine_desktop.ui.plain import PlainLabel

SOURCE = PictureSource(PictureId(7))
NAMES = ("Sources", "Prompt", "Aspect ratio", "Resolution", "Model", "Quality", "Images", "Generate")


@pytest.fixture
def field(panel: PromptPanel) -> PromptField:
    """The field Prompt."""
    found = panel.findChild(PromptField)
    assert found is not None
    return found


@pytest.fixture
def button(panel: PromptPanel) -> QPushButton:
    """The button Generate."""
    return next(found for found in panel.findChildren(QPushButton) if found.accessibleName() == "Generate")


def said(panel: PromptPanel, kind: str) -> list[str]:
    """The visible texts of that kind."""
    labels = [label for label in panel.findChildren(PlainLabel) if label.isVisible()]
    return [label.text() for label in labels if label.property("kind") == kind]


def pasted(field: PromptField, text: str) -> None:
    """Paste a text into the prompt."""
    mime = QMimeData()
    mime.setText(text)
    field.insertFromMimeData(mime)


def test_every_control_has_its_name_once(panel: PromptPanel) -> None:
    named = [
        interface.text(QAccessible.Text.Name)
        for widget in panel.findChildren(QWidget)
        if (interface := QAccessible.queryAccessibleInterface(widget)) is not None
    ]
    assert {name: named.count(name) for name in NAMES} == dict.fromkeys(NAMES, 1)


def test_every_field_has_a_label_that_leads_to_it(panel: PromptPanel) -> None:
    buddies = {label.text(): label.buddy() for label in panel.findChildren(PlainLabel) if label.buddy()}
    assert {text: field.accessibleName() for text, field in buddies.items()} == {
        name: name for name in NAMES if name not in ("Sources", "Generate")
    }


def test_tab_goes_from_top_to_bottom(panel: PromptPanel, draft: Draft, field: PromptField) -> None:
    draft.model = "grok-imagine-image-2.0"
    draft.prompt = "a fox"
    panel.setFocus()
    visited = []
    for _ in range(7):
        widget = QApplication.focusWidget()
        assert widget is not None
        visited.append(widget.accessibleName())
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    assert visited == ["Prompt", "Aspect ratio", "Resolution", "Model", "Quality", "Images", "Generate"]


def test_an_untouched_panel_waits_for_a_prompt_without_scolding(
    panel: PromptPanel, button: QPushButton
) -> None:
    assert not button.isEnabled()
    assert "Write a prompt first" in button.toolTip()
    assert said(panel, "failed") == []


def test_the_button_says_what_it_does_and_what_it_costs(draft: Draft, button: QPushButton) -> None:
    draft.prompt, draft.count = "a fox", 4
    assert (button.text(), button.isEnabled()) == ("Generate · 4 · ≈$0.08", True)
    draft.set_sources([SOURCE])
    assert button.text() == "Edit · 4 · ≈$0.082"
    draft.model = "some-other-model"
    assert button.text() == "Edit · 4 · price unknown"


def test_what_is_typed_is_drafted_and_what_is_drafted_is_shown(draft: Draft, field: PromptField) -> None:
    QTest.keyClicks(field, "a fox")
    assert draft.prompt == "a fox"
    draft.prompt = "an owl"
    assert field.toPlainText() == "an owl"


def test_typing_does_not_move_the_cursor(draft: Draft, field: PromptField) -> None:
    draft.prompt = "a fox"
    field.moveCursor(field.textCursor().MoveOperation.Start)
    QTest.keyClicks(field, "see ")
    assert draft.prompt == "see a fox"


def test_what_blocks_is_said_in_red_and_what_does_not_is_said_quietly(
    panel: PromptPanel, draft: Draft, button: QPushButton
) -> None:
    draft.prompt, draft.aspect_ratio = "a fox", "16:9"
    draft.set_sources([SOURCE])
    assert said(panel, "quiet") == ["Aspect ratio: with one source the picture keeps its shape"]
    assert button.isEnabled()
    draft.set_sources([SOURCE] * 4)
    assert said(panel, "failed") == ["Sources: Grok Imagine takes 3 at most, not 4"]
    assert not button.isEnabled()
    assert "takes 3 at most" in button.toolTip()


def test_a_double_click_sends_once(panel: PromptPanel, draft: Draft, button: QPushButton) -> None:
    draft.prompt = "a fox"
    sent: list[str] = []
    panel.send_requested.connect(lambda: sent.append(draft.request().prompt))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(button, Qt.MouseButton.LeftButton)
    assert sent == ["a fox"]


def test_after_a_moment_it_can_be_sent_again(
    panel: PromptPanel, draft: Draft, button: QPushButton, qtbot: QtBot
) -> None:
    draft.prompt = "a fox"
    sent: list[None] = []
    panel.send_requested.connect(lambda: sent.append(None))
    button.click()

    def sent_again() -> None:
        button.click()
        assert len(sent) == 2

    qtbot.waitUntil(sent_again)


def test_ctrl_enter_sends_once_however_long_it_is_held(
    panel: PromptPanel, draft: Draft, field: PromptField, qtbot: QtBot
) -> None:
    draft.prompt = "a fox"
    control = Qt.KeyboardModifier.ControlModifier
    repeat = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Return, control, "\r", True)
    with qtbot.assertNotEmitted(panel.send_requested):
        QApplication.sendEvent(field, repeat)
    with qtbot.waitSignal(panel.send_requested):
        QTest.keyClick(field, Qt.Key.Key_Return, control)
    assert draft.prompt == "a fox"


def test_nothing_is_sent_that_cannot_be(panel: PromptPanel, field: PromptField, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(panel.send_requested):
        panel.send()
        QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_a_huge_paste_is_cut_and_said_so(panel: PromptPanel, draft: Draft, field: PromptField) -> None:
    draft.prompt = "see "
    field.moveCursor(field.textCursor().MoveOperation.End)
    pasted(field, "x" * 1_000_000)
    assert len(draft.prompt) == LONGEST_PASTE
    assert draft.prompt.startswith("see xxx")
    assert any("20,000 characters" in text for text in said(panel, "quiet"))
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    assert not any("20,000 characters" in text for text in said(panel, "quiet"))


def test_a_paste_is_plain_text(draft: Draft, field: PromptField) -> None:
    mime = QMimeData()
    mime.setHtml("<b>a fox</b>")
    mime.setText("a <b>fox</b>")
    field.insertFromMimeData(mime)
    assert draft.prompt == "a <b>fox</b>"


def test_pictures_pasted_into_the_prompt_go_to_the_sources(
    panel: PromptPanel, draft: Draft, field: PromptField, qtbot: QtBot
) -> None:
    image = QMimeData()
    image.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    assert field.canInsertFromMimeData(image)
    files = QMimeData()
    files.setUrls([QUrl("file:///pictures/a.png")])
    for given in (image, files):
        with qtbot.waitSignal(panel.pictures_given):
            field.insertFromMimeData(given)
    assert draft.prompt == ""


def test_a_picture_dragged_over_the_prompt_is_left_to_the_window(field: PromptField) -> None:
    def is_taken(mime: QMimeData) -> bool:
        action, key = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
        event = QDragEnterEvent(QPoint(9, 9), action, mime, Qt.MouseButton.LeftButton, key)
        field.dragEnterEvent(event)
        return event.isAccepted()

    files, text = QMimeData(), QMimeData()
    files.setUrls([QUrl("file:///pictures/a.png")])
    text.setText("a fox")
    assert (is_taken(files), is_taken(text)) == (False, True)


def test_the_prompt_grows_with_its_text_up_to_a_point(draft: Draft, field: PromptField) -> None:
    heights = []
    for lines in (1, 9, 11, 300):
        draft.prompt = "\n".join(["a fox"] * lines)
        heights.append(field.height())
    assert heights[0] < heights[1] < heights[2] < heights[3] < 300
    draft.prompt = "\n".join(["a fox"] * 9)
    assert field.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize("size", [(320, 600), (360, 620), (480, 900)])
def test_the_button_stays_in_sight_and_nothing_is_wider_than_the_panel(
    panel: PromptPanel, draft: Draft, button: QPushButton, qtbot: QtBot, size: tuple[int, int]
) -> None:
    draft.model = "grok-imagine-image-2.0"
    draft.set_sources([SOURCE] * 6)
    draft.prompt = "a fox\n" * 30
    panel.resize(*size)

    def fits() -> None:
        assert (panel.width(), panel.height()) == size
        assert panel.rect().contains(button.geometry())
        for child in panel.findChildren(QWidget):
            if child.isVisible() and child.window() is panel:
                assert child.mapTo(panel, child.rect().topRight()).x() <= size[0], child

    qtbot.waitUntil(fits)


def test_the_price_on_the_button_and_the_models_follow_a_newer_list(
    panel: PromptPanel, draft: Draft, button: QPushButton
) -> None:
    draft.prompt = "a fox"
    assert button.text() == "Generate · 1 · ≈$0.02"
    listed = [
        Listed("grok-imagine-image", (), None, {(ANY, ANY): 5 * 10**8}),
        Listed("grok-next", (), None, {(ANY, ANY): 3 * 10**8}),
    ]
    draft.set_catalog(draft.catalog.updated(listed))
    assert button.text() == "Generate · 1 · ≈$0.05"
    [picker] = panel.findChildren(ModelPicker)
    picker.setFocus()
    QTest.keyClick(picker, Qt.Key.Key_End)
    assert (draft.model, button.text()) == ("grok-next", "Generate · 1 · ≈$0.03")
    draft.model = "known-to-nobody"
    assert button.text() == "Generate · 1 · price unknown"
    assert button.isEnabled()
