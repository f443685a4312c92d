"""The settings dialog: each change is told at once, as plain values."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
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
    QWidget,
)
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.settings import SANDBOX, XAI, Profile
from imagine_desktop.ui.shell.preferences import Preferences, PreferencesDialog
from imagine_desktop.ui.shell.profiles import ProfileEditor, ProfilePicker
from tests import canary

OWN = Profile("gateway.example", "https://gateway.example/v1", title="Gateway")
VALUES = Preferences(
    profile=XAI,
    profiles=(XAI, SANDBOX, OWN),
    key_place="",
    may_be_filed=False,
    prices="As this program came with them.",
    jobs_at_once=4,
    send_originals=False,
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
        ("Inside the answer", replace(VALUES, profile=replace(XAI, delivery=Delivery.BASE64))),
        ("Send the original bytes", replace(VALUES, send_originals=True)),
        ("Dark", replace(VALUES, appearance="dark")),
    ],
)
def test_a_choice_is_told_at_once(
    dialog: PreferencesDialog, qtbot: QtBot, text: str, changed: Preferences
) -> None:
    told: list[Preferences] = []
    dialog.changed.connect(told.append)
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
    assert field.placeholderText() == "Paste a key"
    field.setText(f"  {canary.KEY} ")
    with qtbot.waitSignal(dialog.key_entered) as entered:
        QTest.mouseClick(store, Qt.MouseButton.LeftButton)
    assert entered.args == [canary.KEY]


def test_it_tells_where_a_key_is_and_lets_it_be_forgotten(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    forget = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Forget")
    assert not forget.isEnabled()
    dialog.set_values(replace(VALUES, key_place="the environment (XAI_API_KEY)"))
    assert "It is in the environment (XAI_API_KEY)." in [label.text() for label in dialog.findChildren(QLabel)]
    field = key_field(dialog)
    assert field.fontMetrics().horizontalAdvance(field.placeholderText()) < field.width() - 16
    with qtbot.waitSignal(dialog.key_forgotten):
        QTest.mouseClick(forget, Qt.MouseButton.LeftButton)


def test_the_answer_to_a_key_is_shown_letter_by_letter(dialog: PreferencesDialog) -> None:
    dialog.set_key_message("<b>refused</b>")
    label = next(label for label in dialog.findChildren(QLabel) if label.text() == "<b>refused</b>")
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_setting_values_reports_no_change(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(dialog.changed):
        dialog.set_values(replace(VALUES, profile=SANDBOX, jobs_at_once=9, appearance="dark"))
    assert [b.text() for b in dialog.findChildren(QRadioButton) if b.isChecked()] == [
        "Addresses to fetch",
        "Dark",
    ]
    assert not key_field(dialog).isEnabled()


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
        "Models, prices",
        "Sources",
        "Daily warning",
        "Daily limit",
        "Monthly limit",
        "Appearance",
        "Library folder",
    }


@pytest.mark.parametrize(
    ("text", "field"),
    [("Ask for an id first", "defers"), ("Keep copies there for a day", "stores")],
)
def test_a_way_to_find_lost_answers_is_switched_on_and_off(
    dialog: PreferencesDialog, text: str, field: str
) -> None:
    told: list[Preferences] = []
    dialog.changed.connect(told.append)
    press(dialog, text)
    press(dialog, text)
    assert [getattr(values.profile, field) for values in told] == [True, False]
    box = next(b for b in dialog.findChildren(QAbstractButton) if b.text() == text)
    assert "unproven on the live API" in box.toolTip()


def picker(dialog: PreferencesDialog) -> ProfilePicker:
    return dialog.findChildren(ProfilePicker)[0]


def test_a_profile_is_chosen_by_its_title_and_its_address_is_shown(
    dialog: PreferencesDialog, qtbot: QtBot
) -> None:
    shown = QAccessible.queryAccessibleInterface(picker(dialog))
    assert shown.text(QAccessible.Text.Name) == "Profile"
    with qtbot.waitSignal(dialog.profile_wanted) as wanted:
        QTest.keyClick(picker(dialog), Qt.Key.Key_End)
    assert wanted.args == ["gateway.example"]
    dialog.set_values(replace(VALUES, profile=OWN))
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    assert "Key, prompts and sources go to https://gateway.example/v1" in texts


def test_only_own_profiles_are_renamed_and_removed(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    for profile in (XAI, SANDBOX, OWN):
        dialog.set_values(replace(VALUES, profile=profile))
        visible = {b.text() for b in dialog.findChildren(QPushButton) if b.isVisible()}
        assert {"Rename…", "Remove…"} & visible == ({"Rename…", "Remove…"} if profile is OWN else set())
    with qtbot.waitSignal(dialog.renaming_requested):
        press(dialog, "Rename…")
    with qtbot.waitSignal(dialog.removal_requested):
        press(dialog, "Remove…")


def test_a_file_is_offered_only_for_a_key_that_is_kept_nowhere(dialog: PreferencesDialog, qtbot: QtBot) -> None:
    text = "Store unprotected in a file"
    button = next(b for b in dialog.findChildren(QPushButton) if b.text() == text)
    assert not button.isVisible()
    dialog.set_values(replace(VALUES, key_place="this window", may_be_filed=True))
    assert button.isVisible()
    assert "Every program that you start could read it" in button.accessibleDescription()
    with qtbot.waitSignal(dialog.key_filed):
        press(dialog, text)


def test_the_key_that_is_kept_is_tested_without_being_pasted_again(
    dialog: PreferencesDialog, qtbot: QtBot
) -> None:
    dialog.set_values(replace(VALUES, key_place="the keyring"))
    with qtbot.waitSignal(dialog.key_entered) as entered:
        press(dialog, "Test")
    assert entered.args == [""]


def test_what_is_wrong_with_a_new_profile_is_said_where_it_is_typed(qtbot: QtBot) -> None:
    asked: list[tuple[str, str]] = []

    def submit(title: str, address: str) -> str:
        asked.append((title, address))
        return "" if title else "Name: a profile needs one."

    parent = QWidget()
    qtbot.addWidget(parent)
    editor = ProfileEditor(None, submit, parent)
    editor.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    editor.open()
    assert any("go to this address" in label.text() for label in editor.findChildren(QLabel))
    fields = {field.accessibleName(): field for field in editor.findChildren(QLineEdit)}
    add = next(b for b in editor.findChildren(QPushButton) if b.text() == "Add")
    fields["Address"].setText("https://a.example")
    QTest.mouseClick(add, Qt.MouseButton.LeftButton)
    assert editor.isVisible()
    assert any(label.text() == "Name: a profile needs one." for label in editor.findChildren(QLabel))
    fields["Name"].setText("A")
    QTest.mouseClick(add, Qt.MouseButton.LeftButton)
    assert not editor.isVisible()
    assert asked == [("", "https://a.example"), ("A", "https://a.example")]
    renaming = ProfileEditor(OWN, submit, parent)
    renaming.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    fields = {field.accessibleName(): field for field in renaming.findChildren(QLineEdit)}
    assert fields["Address"].isReadOnly()
    assert fields["Name"].text() == "Gateway"
