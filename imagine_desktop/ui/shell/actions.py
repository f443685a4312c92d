"""Everything that has a key: one table, from which actions, menus and the list of keys are made."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from imagine_desktop.ui import plain
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.theme import Colours


class Scope(StrEnum):
    """Where a key works; the value is the heading in the list of keys."""

    WINDOW = "Anywhere"
    PROMPT = "In the prompt"
    PICTURES = "On a picture: gallery, history, picture view"
    VIEWER = "In the picture view"
    COMPARE = "In the comparison"


class Entry(NamedTuple):
    """One thing to do. Outside `Scope.WINDOW` the keys are the views' own, heard while they have the focus."""

    id: str
    text: str
    keys: tuple[str, ...]
    icon: str
    tip: str
    scope: Scope = Scope.WINDOW


TABLE = (
    Entry("generate", "Generate", ("Ctrl+Return", "Ctrl+Enter"), "sparkles", "Send the request"),
    Entry("new_session", "New session", ("Ctrl+N",), "plus", "Start a new line of work"),
    Entry("search", "Search", ("Ctrl+F",), "search", "Find pictures by the words of their prompts and notes"),
    Entry("show_gallery", "Gallery", ("Alt+1",), "layout-grid", "Show all pictures"),
    Entry("show_picture", "Picture", ("Alt+2",), "image", "Show one picture"),
    Entry("show_compare", "Compare", ("Alt+3",), "git-compare", "Show two pictures against each other"),
    Entry(
        "import", "Import folder…", ("Ctrl+Shift+O",), "folder-open", "Copy your own pictures into the library"
    ),
    Entry("export", "Export…", ("Ctrl+Shift+S",), "upload", "Pictures as files, a zip, a page or an animation"),
    Entry("save_as", "Save as…", ("Ctrl+S",), "save", "Save the picture as a file"),
    Entry("undo", "Undo", ("Ctrl+Z",), "undo-2", "Undo what was last done to the library"),
    Entry("paste", "Paste", ("Ctrl+V",), "clipboard-paste", "A picture becomes a source, a text the prompt"),
    Entry("settings", "Settings…", ("Ctrl+,",), "settings", "Key, profile, appearance and library"),
    Entry("toggle_prompt", "Prompt panel", ("F9",), "panel-left", "Show or hide the prompt panel"),
    Entry("toggle_history", "History", ("F10",), "panel-right", "Show or hide the history"),
    Entry("toggle_both", "Both panels", ("Shift+F9",), "columns-2", "Show or hide both side panels"),
    Entry("full_screen", "Full screen", ("F11",), "maximize", "Fill the screen with the window"),
    Entry("keys", "Keys", ("F1",), "circle-help", "List the keys"),
    Entry("quit", "Quit", ("Ctrl+Q",), "x", "Close the window; what was paid for is kept"),
    Entry("open", "Open", ("Space", "Return"), "image", "Show the picture large", Scope.PICTURES),
    Entry(
        "edit_this", "Edit this", ("E",), "wand-sparkles", "Make it the source of the next edit", Scope.PICTURES
    ),
    Entry(
        "compare", "Compare with parent", ("C",), "git-compare", "Against what it was made from", Scope.PICTURES
    ),
    Entry("select_all", "Select all", ("Ctrl+A",), "layout-grid", "Select all pictures shown", Scope.PICTURES),
    Entry("star", "Star", ("S",), "star", "Mark it as one of the best, or not any more", Scope.PICTURES),
    Entry("trash", "Move to trash", ("Del",), "trash-2", "Out of sight; it can be had back", Scope.PICTURES),
    Entry("copy", "Copy picture", ("Ctrl+C",), "copy", "Copy the picture and its file", Scope.PICTURES),
    Entry("copy_prompt", "Copy prompt", ("Ctrl+Shift+C",), "message-square", "Copy its prompt", Scope.PICTURES),
    Entry("rename", "Rename session", ("F2",), "pencil", "Give the session another name", Scope.PICTURES),
    Entry("back", "Back", ("Esc",), "arrow-left", "Back to the gallery, or select nothing", Scope.PICTURES),
    Entry("fit", "Fit", ("Ctrl+0",), "maximize", "Show all of the picture", Scope.VIEWER),
    Entry("actual_size", "Actual size", ("Ctrl+1",), "search", "One pixel for a pixel", Scope.VIEWER),
    Entry("fill", "Fill", ("Ctrl+2",), "maximize", "Cover all of the view", Scope.VIEWER),
    Entry("zoom_in", "Zoom in", ("Ctrl++", "Ctrl+="), "zoom-in", "Show it larger", Scope.VIEWER),
    Entry("zoom_out", "Zoom out", ("Ctrl+-",), "zoom-out", "Show it smaller", Scope.VIEWER),
    Entry("next", "Next picture", ("Right",), "arrow-right", "Go on in the gallery's order", Scope.VIEWER),
    Entry(
        "previous", "Previous picture", ("Left",), "arrow-left", "Go back in the gallery's order", Scope.VIEWER
    ),
    Entry("parent", "Made from", ("Up",), "chevron-up", "Go to what it was made from", Scope.VIEWER),
    Entry("child", "First made from it", ("Down",), "chevron-down", "Go to the first edit of it", Scope.VIEWER),
    Entry("toggle_details", "Details", ("I",), "info", "Show or hide what is known of it", Scope.VIEWER),
    Entry("toggle_filmstrip", "Filmstrip", ("F",), "images", "Show or hide the row of pictures", Scope.VIEWER),
    Entry("compare_mode", "Next way to compare", ("M",), "columns-2", "Go on to the next mode", Scope.COMPARE),
    Entry("compare_swap", "Swap", ("X",), "refresh-cw", "Let the two change places", Scope.COMPARE),
    Entry("compare_line_left", "Line to the left", ("Left",), "arrow-left", "See more of after", Scope.COMPARE),
    Entry(
        "compare_line_right",
        "Line to the right",
        ("Right",),
        "arrow-right",
        "See more of before",
        Scope.COMPARE,
    ),
    Entry("compare_blink", "Blink once", ("Space",), "play", "Show the other one", Scope.COMPARE),
    Entry("compare_details", "Words", ("I",), "info", "Show or hide what else differs", Scope.COMPARE),
    Entry("compare_fit", "Fit", ("Ctrl+0",), "maximize", "Show all of both pictures", Scope.COMPARE),
    Entry("compare_actual_size", "Actual size", ("Ctrl+1",), "search", "One pixel for a pixel", Scope.COMPARE),
    Entry("compare_close", "Close", ("Esc",), "x", "Back to where you came from", Scope.COMPARE),
)


def make(table: Sequence[Entry], parent: QWidget) -> dict[str, QAction]:
    """The actions of a table by id, owned by `parent`; only the window's own listen to their keys."""
    made = {}
    for entry in table:
        action = QAction(entry.text, parent)
        action.setObjectName(entry.id)
        plain.set_tip(action, _tip(entry))
        if entry.scope is Scope.WINDOW:
            action.setShortcuts([QKeySequence(key) for key in entry.keys])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            parent.addAction(action)
        made[entry.id] = action
    return made


def colour_icons(table: Sequence[Entry], actions: dict[str, QAction], colours: Colours) -> None:
    """Draw the actions' icons in the text colour, again after every change of it."""
    for entry in table:
        actions[entry.id].setIcon(theme.icon(entry.icon, colours.text))


def tip(action_id: str) -> str:
    """What an action of the table does, and its key."""
    return next(_tip(entry) for entry in TABLE if entry.id == action_id)


def first_key(action_id: str) -> str:
    """The first of an action's keys, as this system writes it."""
    return next(key_text(entry.keys[0]) for entry in TABLE if entry.id == action_id)


def _tip(entry: Entry) -> str:
    return f"{entry.tip} ({key_text(entry.keys[0])})"


def key_text(key: str) -> str:
    """A key as this system writes it."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
