"""What the window's code must not do: nest event loops, hold coroutines, interpret text, hide keys."""

import ast
from collections import Counter
from collections.abc import Iterator

import pytest

from imagine_desktop.ui.shell.actions import TABLE
from tests.architecture.sources import Breach, Rule, Source, assert_kept, last_name, python

_PLAIN = "imagine_desktop/ui/plain.py"
_ACTIONS = "imagine_desktop/ui/shell/actions.py"
_APP = "imagine_desktop/app.py"

_ASKING = {  # static methods that run an event loop until the person has answered
    "QMessageBox": ("question", "information", "warning", "critical", "about"),
    "QFileDialog": ("get",),
    "QInputDialog": ("get",),
    "QColorDialog": ("get",),
    "QFontDialog": ("get",),
}
_RICH_WIDGETS = ("QLabel", "QTextEdit", "QTextBrowser", "QMessageBox")
_RICH_SETTERS = ("setToolTip", "setHtml", "setWhatsThis", "setMarkdown", "insertHtml", "appendHtml")
_SHORTCUTS = ("QShortcut", "setShortcut", "setShortcuts")
_SLOT_WRAPPERS = ("asyncSlot", "asyncClose", "asyncWrap")


def nested_loops(source: Source) -> Iterator[Breach]:
    """No event loop runs inside another, or a task is lost: use open() or popup(), answered by a signal."""
    drags = {
        last_name(target)
        for node in source.nodes
        if isinstance(node, ast.Assign) and _is_drag(node.value)
        for target in node.targets
    }
    for node in source.nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=receiver, attr="exec" | "exec_" as name)):
                # A drag is the exception: it begins in a mouse event, and Qt has no other way.
                if not (_is_drag(receiver) or last_name(receiver) in drags):
                    yield Breach(node.lineno, f".{name}()")
            case ast.Attribute(attr="processEvents"):
                yield Breach(node.lineno, "processEvents")
            case ast.Attribute(value=owner, attr=name) if name.startswith(_ASKING.get(last_name(owner), ())):
                yield Breach(node.lineno, f"{last_name(owner)}.{name}")
            case ast.alias(name="QEventLoop") | ast.Attribute(attr="QEventLoop") if source.name != _APP:
                yield Breach(node.lineno, "QEventLoop")


def _is_drag(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and last_name(node.func) == "QDrag"


def slot_wrappers(source: Source) -> Iterator[Breach]:
    """No slot is a coroutine: a plain slot calls one of the engine's verbs."""
    for node in source.nodes:
        match node:
            case ast.alias(name=name) | ast.Attribute(attr=name) if name in _SLOT_WRAPPERS:
                yield Breach(node.lineno, name)


def coroutines(source: Source) -> Iterator[Breach]:
    """The window has no coroutines: call one of the engine's verbs, and take what it tells by a signal."""
    for node in source.nodes:
        if isinstance(node, ast.AsyncFunctionDef):
            yield Breach(node.lineno, f"async def {node.name}")


def interpreted_text(source: Source) -> Iterator[Breach]:
    """Only ui/plain.py makes what can take text for HTML: use its PlainLabel, set_tip or message_box."""
    if source.name == _PLAIN:
        return
    for node in source.nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr="showText")) if last_name(owner) == "QToolTip":
                yield Breach(node.lineno, "QToolTip.showText()")
            case ast.Call(func=func) if last_name(func) in (*_RICH_WIDGETS, *_RICH_SETTERS):
                yield Breach(node.lineno, f"{last_name(func)}()")
            case ast.ClassDef(bases=bases) if {last_name(base) for base in bases} & {*_RICH_WIDGETS}:
                yield Breach(node.lineno, f"class {node.name}")


def stray_shortcuts(source: Source) -> Iterator[Breach]:
    """Every key of the window stands in the one table of ui/shell/actions.py: add an entry to it."""
    if source.name == _ACTIONS:
        return
    for node in source.nodes:
        match node:
            case ast.Call(func=func) if last_name(func) in _SHORTCUTS:
                yield Breach(node.lineno, f"{last_name(func)}()")


def test_no_event_loop_runs_inside_another() -> None:
    assert_kept(nested_loops, python("imagine_desktop"))


def test_no_slot_is_a_coroutine() -> None:
    assert_kept(slot_wrappers, python("imagine_desktop"))


def test_the_window_has_no_coroutines() -> None:
    assert_kept(coroutines, python("imagine_desktop/ui"))


def test_no_text_from_outside_is_taken_for_html() -> None:
    assert_kept(interpreted_text, python("imagine_desktop"))


def test_every_shortcut_stands_in_the_table_of_actions() -> None:
    assert_kept(stray_shortcuts, python("imagine_desktop"))


def test_no_shortcut_is_given_twice_in_one_scope() -> None:
    given = Counter((entry.scope, key) for entry in TABLE for key in entry.keys)
    assert [key for key, count in given.items() if count > 1] == []


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (nested_loops, "dialog.exec()"),
        (nested_loops, "QMenu(self).exec(position)"),
        (nested_loops, "app.exec_()"),
        (nested_loops, "QApplication.processEvents()"),
        (nested_loops, "QMessageBox.question(self, title, text)"),
        (nested_loops, "QtWidgets.QMessageBox.aboutQt(self)"),
        (nested_loops, "path, _ = QFileDialog.getSaveFileName(self)"),
        (nested_loops, "ask = QInputDialog.getText"),
        (nested_loops, "from PySide6.QtCore import QEventLoop"),
        (nested_loops, "drag = QDrag(self)\nmenu.exec()"),
        (slot_wrappers, "from qasync import asyncSlot"),
        (slot_wrappers, "@qasync.asyncClose\ndef closeEvent(self, event): ..."),
        (coroutines, "class View:\n    async def load(self): ..."),
        (interpreted_text, "label = QLabel(text)"),
        (interpreted_text, "class Title(QtWidgets.QLabel): ..."),
        (interpreted_text, "button.setToolTip(prompt)"),
        (interpreted_text, "QToolTip.showText(position, prompt)"),
        (interpreted_text, "box = QMessageBox(self)"),
        (interpreted_text, "document.setHtml(prompt)"),
        (stray_shortcuts, "QShortcut(QKeySequence('Ctrl+E'), self)"),
        (stray_shortcuts, "button.setShortcut('Ctrl+E')"),
    ],
)
def test_a_rule_finds(rule: Rule, text: str) -> None:
    assert len(list(rule(Source("imagine_desktop/ui/shown.py", text)))) == 1


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (nested_loops, "drag = QDrag(self)\ndrag.exec(Qt.DropAction.CopyAction)"),
        (nested_loops, "dialog.open()\nmenu.popup(position)\nQFileDialog(self).open()"),
        (nested_loops, "QMessageBox.StandardButton.Ok"),
        (interpreted_text, "title = PlainLabel(text)\nclass Title(PlainLabel): ..."),
        (interpreted_text, "labels = window.findChildren(QLabel)"),
        (coroutines, "def load(self): ..."),
        (stray_shortcuts, "keys = action.shortcuts()"),
    ],
)
def test_a_rule_lets_pass(rule: Rule, text: str) -> None:
    assert list(rule(Source("imagine_desktop/ui/shown.py", text))) == []
