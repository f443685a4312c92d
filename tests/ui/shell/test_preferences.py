"""The settings dialog: each change is told at once, as plain values."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
)
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.ui.shell.preferences import Preferences, PreferencesDialog

VALUES = Preferences(
    profile="sandbox",
    has_key=False,
    key_place="the keyring",
    jobs_at_once=4,
    delivery="url",
    deferred_requests=False,
    stored_copies=False,
    appearance="system",
    library=Path("pictures/library"),
    warn_day_usd=5.0,
    limit_day_usd=0.0,
    limit_month_usd=0.0,
)


@pytest.fixture
def dialog(qtbot: QtBot) -> PreferencesDialog:
    """The dialog, shown."""
    made = PreferencesDialog(VALUES)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot closes it
    qtbot.addWidget(made)
    made.open()
    return made


def press(dialog: PreferencesDialog, text: str) -> None:
    button = next(b for b in dialog.findChildren(QAbstractButton) if b.text() == text)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def key_field(dialog: PreferencesDialog) -> QLineEdit:
    return next(field for field in dialog.findChildren(QLineEdit) if field.accessibleName() == "API key")


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("xAI", replace(VALUES, profile="xai")),
        ("Inside the answer", replace(VALUES, delivery=Delivery.BASE64.value)),
        ("Dark", replace(VALUES, appearance="dark")),
    ],
)
def test_a_choice_is_told_at_once(
    dialog: PreferencesDialog, qtbot: QtBot, text: str, changed: Preferences
) -> None:
    told: list[Preferences] = []
    dialog.changed.connect(told.append)
    press(dialog, text)
    press(dialog, text)
    assert told == [changed]


def test_jobs_at_once_go_from_one_to_ten(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    spin = dialog.findChildren(QSpinBox)[0]
    with qtbot.waitSignal(dialog.changed) as told:
        spin.setValue(99)
    assert told.args == [replace(VALUES, jobs_at_once=10)]
    spin.setValue(0)
    assert spin.value() == 1


def amount(dialog: PreferencesDialog, name: str) -> QDoubleSpinBox:
    return next(box for box in dialog.findChildren(QDoubleSpinBox) if box.accessibleName() == name)


def test_limits_are_dollars_told_when_typed_to_their_end(dialog: PreferencesDialog) -> None:
    told: list[Preferences] = []
    dialog.changed.connect(told.append)
    box = amount(dialog, "Daily limit")
    assert (box.text(), amount(dialog, "Daily warning").text()) == ("None", "$5.00")
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "12.50")
    assert told == []
    QTest.keyClick(box, Qt.Key.Key_Tab)
    assert told == [replace(VALUES, limit_day_usd=12.5)]


def test_a_limit_that_is_being_typed_counts_where_the_dialog_is_closed(dialog: PreferencesDialog) -> None:
    told: list[Preferences] = []
    dialog.changed.connect(told.append)
    box = amount(dialog, "Monthly limit")
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "40")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert told == [replace(VALUES, limit_month_usd=40.0)]
    assert not dialog.isVisible()


def test_a_key_is_hidden_trimmed_and_handed_over(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    field = key_field(dialog)
    store = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Test and keep")
    assert field.echoMode() is QLineEdit.EchoMode.Password
    assert not store.isEnabled()
    field.setText("  xai-secret ")
    with qtbot.waitSignal(dialog.key_entered) as entered:
        QTest.mouseClick(store, Qt.MouseButton.LeftButton)
    assert entered.args == ["xai-secret"]


def test_it_tells_where_a_key_is_and_lets_it_be_forgotten(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    forget = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Forget")
    assert not forget.isEnabled()
    dialog.set_values(replace(VALUES, has_key=True, key_place="XAI_API_KEY"))
    assert "XAI_API_KEY" in key_field(dialog).placeholderText()
    with qtbot.waitSignal(dialog.key_forgotten):
        QTest.mouseClick(forget, Qt.MouseButton.LeftButton)


def test_the_answer_to_a_key_is_shown_letter_by_letter(dialog: PreferencesDialog) -> None:
    dialog.set_key_message("<b>refused</b>")
    label = next(label for label in dialog.findChildren(QLabel) if label.text() == "<b>refused</b>")
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_setting_values_reports_no_change(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(dialog.changed):
        dialog.set_values(replace(VALUES, profile="xai", jobs_at_once=9, appearance="dark"))
    assert next(b.text() for b in dialog.findChildren(QRadioButton) if b.isChecked()) == "xAI"


def test_the_folder_is_shown_on_request(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.folder_requested):
        press(dialog, "Show in folder")


def test_the_keyboard_comes_to_every_control_from_top_to_bottom(dialog: PreferencesDialog) -> None:
    dialog.activateWindow()
    reached = []
    for _ in range(20):
        focus = dialog.focusWidget()
        assert focus is not None
        if focus in reached:
            break
        reached.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    heights = [focus.mapTo(dialog, focus.rect().center()).y() for focus in reached]
    assert heights == sorted(heights)
    assert len(reached) >= 7


def test_every_control_has_a_name_and_every_label_its_control(dialog: PreferencesDialog) -> None:
    assert dialog.accessibleName() == "Settings"
    for field in (*dialog.findChildren(QAbstractSpinBox), key_field(dialog)):
        assert field.accessibleName()
    labelled = {label.text() for label in dialog.findChildren(QLabel) if label.buddy() is not None}
    assert labelled == {
        "Profile",
        "API key",
        "Jobs at once",
        "Delivery",
        "Lost answers",
        "Daily warning",
        "Daily limit",
        "Monthly limit",
        "Appearance",
        "Library folder",
    }


@pytest.mark.parametrize(
    ("text", "field"),
    [("Ask for an id first", "deferred_requests"), ("Keep copies at xAI for a day", "stored_copies")],
)
def test_a_way_to_find_lost_answers_is_switched_on_and_off(
    dialog: PreferencesDialog, text: str, field: str
) -> None:
    told: list[Preferences] = []
    dialog.changed.connect(told.append)
    press(dialog, text)
    press(dialog, text)
    assert [getattr(values, field) for values in told] == [True, False]
    box = next(b for b in dialog.findChildren(QAbstractButton) if b.text() == text)
    assert "unproven on the live API" in box.toolTip()
