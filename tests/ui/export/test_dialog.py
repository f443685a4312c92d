"""The export dialog: each choice is told as plain values, and what is wrong is said before anything is done."""

from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from imagine_desktop.export.order import Kind
from imagine_desktop.export.target import OnCollision
from imagine_desktop.ui.compose.segments import Segments
from imagine_desktop.ui.export.dialog import ExportDialog, Wanted, Which
from imagine_desktop.ui.plain import PlainLabel

FOLDER = Path("some") / "folder"
_T = TypeVar("_T", bound=QWidget)
NO_BRANCH = {Which.BRANCH: "Select one picture"}


@pytest.fixture
def dialog(qtbot: QtBot) -> ExportDialog:
    """The dialog, shown, with a selection of several pictures."""
    made = ExportDialog(FOLDER, "{date}_{turn}_{n}", has_metadata=True, lacking=NO_BRANCH)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)  # qtbot closes it
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    return made


def part(dialog: ExportDialog, kind: type[_T], name: str) -> _T:
    return next(found for found in dialog.findChildren(kind) if found.accessibleName() == name)


def pick(dialog: ExportDialog, name: str, text: str) -> None:
    """Choose by the keyboard, as a person does who types how a choice begins."""
    segments = part(dialog, Segments, name)
    segments.setFocus()
    for _ in range(6):
        if segments.value != text:
            QTest.keyClicks(segments, text[0].lower())
    if segments.value != text:
        QTest.keyClick(segments, Qt.Key.Key_Home)
    while segments.value != text:
        before = segments.value
        QTest.keyClick(segments, Qt.Key.Key_Right)
        assert segments.value != before, text


def texts(dialog: ExportDialog) -> str:
    return "\n".join(label.text() for label in dialog.findChildren(PlainLabel) if label.isVisible())


def go(dialog: ExportDialog, qtbot: QtBot) -> Wanted:
    with qtbot.waitSignal(dialog.wanted) as told:
        QTest.mouseClick(part(dialog, QPushButton, "Export now"), Qt.MouseButton.LeftButton)
    wanted = told.args[0]
    assert isinstance(wanted, Wanted)
    return wanted


def test_what_is_offered_at_first_is_told_as_it_stands(dialog: ExportDialog, qtbot: QtBot) -> None:
    assert "Like 2026-03-14_007_1.jpg" in texts(dialog)
    wanted = go(dialog, qtbot)
    assert (wanted.which, wanted.kind, wanted.folder) == (Which.SELECTION, Kind.FOLDER, FOLDER)
    assert (wanted.style.has_metadata, wanted.style.has_sidecars) == (True, False)
    assert (wanted.on_collision, wanted.tempo.each_ms) == (None, 1200)


def test_every_choice_is_told(dialog: ExportDialog, qtbot: QtBot) -> None:
    pick(dialog, "Pictures", "Session")
    pick(dialog, "Export as", "Zip")
    pick(dialog, "If a name is taken", "Replace")
    part(dialog, QCheckBox, "Metadata").click()
    template = part(dialog, QLineEdit, "Name template")
    template.setText("{prompt:8} {n}")
    assert "Like a harbou 1.jpg" in texts(dialog)
    part(dialog, QLineEdit, "Export folder").setText("elsewhere")
    wanted = go(dialog, qtbot)
    assert (wanted.which, wanted.kind) == (Which.SESSION, Kind.ZIP)
    assert (wanted.on_collision, wanted.folder) == (OnCollision.REPLACE, Path("elsewhere"))
    assert (wanted.style.template.text, wanted.style.has_metadata) == ("{prompt:8} {n}", False)


def test_a_wrong_template_is_named_at_once_and_stops_only_what_uses_it(
    dialog: ExportDialog, qtbot: QtBot
) -> None:
    part(dialog, QLineEdit, "Name template").setText("{seed}")
    assert "{seed} is none of its fields" in texts(dialog)
    button = part(dialog, QPushButton, "Export now")
    assert not button.isEnabled()
    pick(dialog, "Export as", "HTML page")
    assert "{seed}" not in texts(dialog)
    assert button.isEnabled()
    part(dialog, QLineEdit, "Export folder").setText(" ")
    assert not button.isEnabled()


def test_a_field_is_inserted_where_the_cursor_is(dialog: ExportDialog, qtbot: QtBot) -> None:
    template = part(dialog, QLineEdit, "Name template")
    template.setText("a b")
    template.setCursorPosition(1)
    menu = part(dialog, QPushButton, "Insert a field into the name template").menu()
    next(action for action in menu.actions() if action.text().startswith("{prompt}")).trigger()
    assert template.text() == "a{prompt:40} b"


def test_what_is_lacking_cannot_be_chosen(dialog: ExportDialog) -> None:
    pictures = part(dialog, Segments, "Pictures")
    QTest.keyClicks(pictures, "b")
    assert pictures.value == "Selection"


def test_an_export_under_way_is_stopped_before_the_dialog_closes(dialog: ExportDialog, qtbot: QtBot) -> None:
    go(dialog, qtbot)
    dialog.show_progress(3, 1200)
    assert "3 of 1,200" in texts(dialog)
    assert not part(dialog, Segments, "Export as").isEnabled()
    with qtbot.waitSignal(dialog.stop_wanted):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert "Stopping…" in texts(dialog)
    dialog.end()
    assert not dialog.isVisible()


def test_a_failure_is_said_and_may_be_tried_again(dialog: ExportDialog, qtbot: QtBot) -> None:
    go(dialog, qtbot)
    dialog.show_failed("<b>The disk is full.</b>")
    assert "<b>The disk is full.</b>" in texts(dialog)
    go(dialog, qtbot)
    assert "disk" not in texts(dialog)


def test_every_control_has_a_name_and_all_fits_a_small_screen(dialog: ExportDialog) -> None:
    for kind in ("Folder", "WebP", "HTML page"):
        pick(dialog, "Export as", kind)
        for control in dialog.findChildren(QWidget):
            if control.isVisible() and control.focusPolicy() & Qt.FocusPolicy.TabFocus:
                interface = QAccessible.queryAccessibleInterface(control)
                name = interface.text(QAccessible.Text.Name) if interface else control.accessibleName()
                assert name, control
        assert dialog.sizeHint().width() <= 1000
        assert dialog.sizeHint().height() <= 620
