"""The table of actions and the list of keys."""

from collections import Counter

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from imagine_desktop import paths
from imagine_desktop.ui.shell import actions, theme
from imagine_desktop.ui.shell.actions import TABLE, Scope
from imagine_desktop.ui.shell.keys import KeysDialog
from imagine_desktop.ui.shell.theme import DARK, LIGHT


def test_no_key_means_two_things_in_one_place() -> None:
    for scope in Scope:
        heard = {Scope.WINDOW, Scope.PICTURES, scope} if scope is Scope.VIEWER else {Scope.WINDOW, scope}
        keys = Counter(
            QKeySequence(key).toString() for entry in TABLE if entry.scope in heard for key in entry.keys
        )
        assert [key for key, count in keys.items() if count > 1] == [], scope


def test_every_entry_has_its_own_id_a_valid_key_and_an_icon() -> None:
    assert len({entry.id for entry in TABLE}) == len(TABLE)
    for entry in TABLE:
        assert entry.keys
        assert all(QKeySequence(key).toString() for key in entry.keys), entry.id
        assert (paths.resource("icons") / f"{entry.icon}.svg").is_file(), entry.id


def test_actions_tell_their_key_and_only_the_windows_own_listen_to_it(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    made = actions.make(TABLE, window)
    assert set(made) == {entry.id for entry in TABLE}
    assert "Ctrl+N" in made["new_session"].toolTip()
    assert [key.toString() for key in made["generate"].shortcuts()] == ["Ctrl+Return", "Ctrl+Enter"]
    assert made["edit_this"].shortcuts() == []
    assert "(E)" in made["edit_this"].toolTip()
    assert made["copy"] not in window.actions()


def test_icons_follow_a_change_of_colours(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    made = actions.make(TABLE, window)
    for colours in (DARK, LIGHT):
        actions.colour_icons(TABLE, made, colours)
        assert made["new_session"].icon().cacheKey() == theme.icon("plus", colours.text).cacheKey()


def test_the_list_of_keys_names_every_action_under_where_it_works(qtbot: QtBot) -> None:
    dialog = KeysDialog(TABLE)
    qtbot.addWidget(dialog)
    shown = Counter(label.text() for label in dialog.findChildren(QLabel))
    for entry in TABLE:
        assert shown[entry.text.removesuffix("…")] >= 1
        assert all(shown[actions.key_text(key)] >= 1 for key in entry.keys)
        assert shown[entry.scope.value] == 1
