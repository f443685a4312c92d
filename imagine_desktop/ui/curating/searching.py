"""The search field: found as typed, emptied by Esc, with the searches that the person saved."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QMenu

from imagine_desktop.domain.sight import SavedSearch
from imagine_desktop.ui import plain
from imagine_desktop.ui.curating.naming import NameDialog
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.theme import STEP, Colours


class Searching(QObject):
    """Gives a field a button that opens the menu of saved searches.

    Signals:
        typed: the words in the field.
        left: Esc was pressed in the empty field.
        saving_wanted: the name under which the search is to be saved.
        chosen: a SavedSearch.
        removal_wanted: the name of a saved search.
    """

    typed = Signal(str)
    left = Signal()
    saving_wanted = Signal(str)
    chosen = Signal(object)
    removal_wanted = Signal(str)

    def __init__(self, field: QLineEdit, parent: QObject) -> None:
        super().__init__(parent)
        self._field = field
        self._saved: tuple[SavedSearch, ...] = ()
        self._may_save = False
        self._button = QAction("Saved searches", self)
        plain.set_tip(self._button, "Saved searches (↓)")
        self._button.triggered.connect(self.open_menu)
        field.addAction(self._button, QLineEdit.ActionPosition.TrailingPosition)
        field.setPlaceholderText("Search")
        plain.set_tip(field, "Words of prompts and notes, in the whole library (Ctrl+F)")
        field.textChanged.connect(self.typed)
        field.installEventFilter(self)
        self._colour()

    def offer(self, saved: Sequence[SavedSearch]) -> None:
        """Offer these saved searches."""
        self._saved = tuple(saved)

    def allow_saving(self, may_save: bool) -> None:
        """Say whether there is something to save: words, or a filter."""
        self._may_save = may_save

    def show_words(self, words: str) -> None:
        """Put words into the field, without a word."""
        self._field.blockSignals(True)
        self._field.setText(words)
        self._field.blockSignals(False)

    def open_menu(self) -> None:
        """Offer to save the search, and the ones that were saved."""
        menu = QMenu(self._field)
        menu.aboutToHide.connect(menu.deleteLater)
        save = menu.addAction("Save this search…")
        save.setEnabled(self._may_save)
        save.triggered.connect(self._ask_for_name)
        menu.addSeparator()
        for search in self._saved:
            action = menu.addAction(_escaped(search.name))
            action.triggered.connect(lambda _=False, chosen=search: self.chosen.emit(chosen))
        if self._saved:
            menu.addSeparator()
            removal = menu.addMenu("Remove")
            for search in self._saved:
                action = removal.addAction(_escaped(search.name))
                action.triggered.connect(lambda _=False, name=search.name: self.removal_wanted.emit(name))
        else:
            menu.addAction("None is saved yet").setEnabled(False)
        menu.popup(self._field.mapToGlobal(QPoint(0, self._field.height() + STEP)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.PaletteChange:
            self._colour()
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            if self._field.text():
                self._field.clear()
            else:
                self.left.emit()
            return True
        if event.key() == Qt.Key.Key_Down:
            self.open_menu()
            return True
        return False

    def _ask_for_name(self) -> None:
        name = self._field.text().strip()
        NameDialog("Save search", name, "Save", self.saving_wanted.emit, self._field.window()).open()

    def _colour(self) -> None:
        self._button.setIcon(theme.icon("bookmark", Colours.of(self._field.palette()).quiet))


def _escaped(name: str) -> str:
    """A name as a menu shows it letter by letter: an ampersand would underline the next one."""
    return name.replace("&", "&&")
