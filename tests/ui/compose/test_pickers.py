"""Every picker can be used with the keyboard, the mouse, and from outside."""

from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.ui.compose.choice import ChoiceButton, Item, Popup
from imagine_desktop.ui.compose.draft import Draft
from imagine_desktop.ui.compose.panel import PromptPanel
from imagine_desktop.ui.compose.pickers import CountField, ModelPicker, QualityPicker, ResolutionPicker
from imagine_desktop.ui.compose.ratio_picker import RatioPicker

KEY = Qt.Key
W = TypeVar("W", bound=QWidget)
V2 = "grok-imagine-image-2.0"


def only(panel: PromptPanel, kind: type[W]) -> W:
    """The panel's one control of that kind."""
    (found,) = panel.findChildren(kind)
    return found


def focus(popup: Popup) -> QWidget:
    """What has the keyboard in a popup."""
    widget = popup.focusWidget()
    assert widget is not None
    return widget


def opened(picker: ChoiceButton, qtbot: QtBot) -> Popup:
    """A picker's popup, open."""
    picker.open_popup()
    popup = picker.popup
    assert popup is not None
    qtbot.waitUntil(lambda: popup.focusWidget() is not None)
    return popup


def focused(popup: Popup) -> str:
    """The value at which the keyboard is."""
    widget = popup.focusWidget()
    assert isinstance(widget, Item)
    return widget.value


def item(parent: QWidget, value: str) -> Item:
    """The item of that value."""
    return next(found for found in parent.findChildren(Item) if found.value == value)


def interface(widget: QWidget) -> QAccessibleInterface:
    """What a screen reader is given for a widget."""
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return found


@pytest.fixture
def ratio(panel: PromptPanel) -> RatioPicker:
    """The control Aspect ratio."""
    return only(panel, RatioPicker)


@pytest.fixture
def model(panel: PromptPanel) -> ModelPicker:
    """The control Model."""
    return only(panel, ModelPicker)


@pytest.fixture
def resolution(panel: PromptPanel) -> ResolutionPicker:
    """The control Resolution."""
    return only(panel, ResolutionPicker)


@pytest.fixture
def quality(panel: PromptPanel) -> QualityPicker:
    """The control Quality."""
    return only(panel, QualityPicker)


def test_the_popup_offers_every_ratio_of_the_catalogue(
    ratio: RatioPicker, catalog: Catalog, qtbot: QtBot
) -> None:
    popup = opened(ratio, qtbot)
    assert {cell.value for cell in popup.findChildren(Item)} == {known.id for known in catalog.ratios}
    assert all(cell.toolTip() for cell in popup.findChildren(Item))
    assert all(popup.rect().contains(cell.geometry()) for cell in popup.findChildren(Item))


def test_arrows_step_through_the_closed_ratio(ratio: RatioPicker, draft: Draft, qtbot: QtBot) -> None:
    QTest.keyClick(ratio, KEY.Key_Right)
    assert draft.aspect_ratio == "1:1"
    QTest.keyClick(ratio, KEY.Key_Up)
    QTest.keyClick(ratio, KEY.Key_Left)
    assert draft.aspect_ratio == "auto"
    QTest.keyClick(ratio, KEY.Key_End)
    assert draft.aspect_ratio == "9:20"


def test_the_ratios_are_walked_with_arrows_and_chosen_with_enter(
    ratio: RatioPicker, draft: Draft, qtbot: QtBot
) -> None:
    draft.aspect_ratio = "4:3"
    popup = opened(ratio, qtbot)
    seen = []
    for key in (KEY.Key_Right, KEY.Key_Right, KEY.Key_Down, KEY.Key_Left, KEY.Key_Home, KEY.Key_End):
        QTest.keyClick(focus(popup), key)
        seen.append(focused(popup))
    assert seen == ["3:2", "16:9", "21:9", "20:9", "4:3", "auto"]
    QTest.keyClick(focus(popup), KEY.Key_Up)
    QTest.keyClick(focus(popup), KEY.Key_Return)
    assert not popup.isVisible()
    assert draft.aspect_ratio == "9:20"


def test_an_arrow_at_the_edge_stays(ratio: RatioPicker, draft: Draft, qtbot: QtBot) -> None:
    draft.aspect_ratio = "4:3"
    popup = opened(ratio, qtbot)
    for key in (KEY.Key_Left, KEY.Key_Up):
        QTest.keyClick(focus(popup), key)
        assert focused(popup) == "4:3"


def test_a_ratio_is_found_by_typing_it(ratio: RatioPicker, draft: Draft, qtbot: QtBot) -> None:
    popup = opened(ratio, qtbot)
    for character in "9:16":
        QTest.keyClicks(focus(popup), character)
    assert focused(popup) == "9:16"
    QTest.keyClick(focus(popup), KEY.Key_Enter)
    assert draft.aspect_ratio == "9:16"


def test_esc_closes_the_popup_and_changes_nothing(ratio: RatioPicker, draft: Draft, qtbot: QtBot) -> None:
    popup = opened(ratio, qtbot)
    QTest.keyClick(focus(popup), KEY.Key_Home)
    QTest.keyClick(focus(popup), KEY.Key_Escape)
    assert not popup.isVisible()
    assert draft.aspect_ratio == "auto"


def test_a_ratio_is_chosen_with_the_mouse(ratio: RatioPicker, draft: Draft, qtbot: QtBot) -> None:
    QTest.mouseClick(ratio, Qt.MouseButton.LeftButton)
    popup = ratio.popup
    assert popup is not None
    QTest.mouseClick(item(popup, "21:9"), Qt.MouseButton.LeftButton)
    assert not popup.isVisible()
    assert draft.aspect_ratio == "21:9"


def test_resolution_is_one_stop_for_the_keyboard_and_skips_what_the_model_lacks(
    resolution: ResolutionPicker, draft: Draft, qtbot: QtBot
) -> None:
    QTest.keyClick(resolution, KEY.Key_Right)
    assert draft.resolution == "2k"
    QTest.keyClick(resolution, KEY.Key_Home)
    assert draft.resolution == "1k"
    QTest.keyClicks(resolution, "2")
    assert draft.resolution == "2k"
    assert all(segment.focusPolicy() == Qt.FocusPolicy.NoFocus for segment in resolution.findChildren(Item))


def test_a_resolution_that_the_model_lacks_says_why_and_cannot_be_pressed(
    resolution: ResolutionPicker, draft: Draft, qtbot: QtBot
) -> None:
    segment = item(resolution, "1.5k")
    QTest.mouseClick(segment, Qt.MouseButton.LeftButton)
    assert draft.resolution == "1k"
    assert "Grok Imagine makes 1k and 2k" in segment.toolTip()
    draft.model = V2
    assert not segment.toolTip()
    QTest.mouseClick(segment, Qt.MouseButton.LeftButton)
    assert draft.resolution == "1.5k"


def test_quality_is_open_only_where_the_model_has_it(
    quality: QualityPicker, draft: Draft, qtbot: QtBot
) -> None:
    assert not quality.isEnabled()
    assert "Grok Imagine has no quality setting" in quality.toolTip()
    draft.model = V2
    assert quality.isEnabled()
    assert quality.value == "medium"
    QTest.keyClick(quality, KEY.Key_Right)
    assert draft.quality == "auto"
    QTest.mouseClick(item(quality, "low"), Qt.MouseButton.LeftButton)
    assert draft.quality == "low"


def test_an_unknown_model_offers_every_quality(quality: QualityPicker, draft: Draft) -> None:
    draft.model = "some-other-model"
    assert [segment.value for segment in quality.findChildren(Item) if not segment.isHidden()] == [
        "low",
        "medium",
        "high",
        "auto",
    ]


def test_a_model_is_chosen_from_the_list_with_its_price(model: ModelPicker, draft: Draft, qtbot: QtBot) -> None:
    popup = opened(model, qtbot)
    row = item(popup, V2)
    assert row.accessibleDescription() == "Grok Imagine 2.0, from $0.04 a picture"
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert draft.model == V2


def test_another_model_is_typed(model: ModelPicker, draft: Draft, qtbot: QtBot) -> None:
    popup = opened(model, qtbot)
    QTest.keyClick(focus(popup), KEY.Key_End)
    field = popup.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClick(field, KEY.Key_Return)
    assert popup.isVisible()
    QTest.keyClicks(field, " my-model ")
    QTest.keyClick(field, KEY.Key_Return)
    assert not popup.isVisible()
    assert draft.model == "my-model"
    assert model.value == "my-model"


def test_the_count_goes_from_one_to_the_limit(panel: PromptPanel, draft: Draft, qtbot: QtBot) -> None:
    count = only(panel, CountField)
    QTest.keyClick(count, KEY.Key_Down)
    assert draft.count == 1
    for _ in range(12):
        QTest.keyClick(count, KEY.Key_Up)
    assert draft.count == 10


def test_each_picker_answers_with_its_name_and_its_choice(panel: PromptPanel, draft: Draft) -> None:
    draft.model, draft.aspect_ratio, draft.count = V2, "3:2", 4
    kinds = (RatioPicker, ResolutionPicker, ModelPicker, QualityPicker, CountField)
    controls = [interface(only(panel, kind)) for kind in kinds]
    said = {control.text(QAccessible.Text.Name): control.text(QAccessible.Text.Value) for control in controls}
    assert said == {"Aspect ratio": "3:2", "Resolution": "1k", "Model": V2, "Quality": "medium", "Images": "4"}


def test_an_outside_program_opens_a_popup_and_presses_an_item(
    ratio: RatioPicker, draft: Draft, qtbot: QtBot
) -> None:
    control = interface(ratio)
    assert control.role() == QAccessible.Role.ComboBox
    assert control.childCount() == 0
    control.actionInterface().doAction("Press")
    assert control.childCount() == 1
    popup = control.child(0)
    assert popup.object() is ratio.popup
    cells = [popup.child(at) for at in range(popup.childCount())]
    wanted = next(cell for cell in cells if cell.text(QAccessible.Text.Name) == "16:9")
    assert wanted.actionInterface().actionNames() == ["Press"]
    wanted.actionInterface().doAction("Press")
    assert draft.aspect_ratio == "16:9"


def test_an_outside_program_presses_a_segment_and_sees_what_is_chosen(
    resolution: ResolutionPicker, draft: Draft
) -> None:
    group = interface(resolution)
    segments = {
        group.child(at).text(QAccessible.Text.Name): group.child(at) for at in range(group.childCount())
    }
    assert set(segments) == {"1k", "1.5k", "2k"}
    segments["2k"].actionInterface().doAction("Press")
    assert draft.resolution == "2k"
    assert [name for name, segment in segments.items() if segment.state().checked] == ["2k"]


def test_a_picker_that_was_asked_about_can_be_deleted(draft: Draft, catalog: Catalog, qtbot: QtBot) -> None:
    for _ in range(3):
        window = QWidget()
        picker = RatioPicker(catalog, window)
        assert interface(picker).text(QAccessible.Text.Value) == "auto"
        with qtbot.waitSignal(window.destroyed):
            window.deleteLater()
