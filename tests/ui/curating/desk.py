"""The whole window on a library that holds something, and where to find things in it."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QDialog, QLineEdit, QMenu, QMessageBox, QWidget

from imagine_desktop.domain.record import PictureId, SessionId, TurnId
from imagine_desktop.domain.request import PictureSource, Request
from imagine_desktop.library.library import Library
from imagine_desktop.ui.compose.choice import Item
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.scopes import ScopePicker
from imagine_desktop.ui.history.model import HistoryModel
from imagine_desktop.ui.shell.window import MainWindow
from imagine_desktop.ui.start import Launch
from imagine_desktop.ui.studio import Studio
from tests.library.conftest import add_turn, charge, save
from tests.whole_window import until

BOATS, NIGHT, FOXES = TurnId("01A"), TurnId("01B"), TurnId("01C")
# Boats: pictures 1, 2, 3; 4 is the edit of 1. Foxes, the newest session: 5, 6.


def fill(launch: Launch) -> None:
    """Put two sessions into the library."""
    with_boats = Library.open(launch.library, "a test")
    boats = with_boats.ledger.add_session()
    first = _make(with_boats, boats, BOATS, Request("three boats", "grok-imagine-image", "16:9", count=3))
    night = Request("make it night", "grok-imagine-image", "auto", sources=(PictureSource(first[0]),))
    _make(with_boats, boats, NIGHT, night)
    foxes = with_boats.ledger.add_session()
    _make(with_boats, foxes, FOXES, Request("two foxes", "grok-imagine-image", "1:1", count=2))
    with_boats.close()


def _make(library: Library, session: SessionId, turn: TurnId, request: Request) -> tuple[PictureId, ...]:
    add_turn(library, session, turn, request)
    made = charge(library, turn, *[None] * request.count)
    for picture_id in made:
        save(library, turn, picture_id)
    return made


_ALWAYS = ("This session", "All pictures", "Starred", "Trash")


class Desk:
    """The open window."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.window = studio.window
        self.grid = studio.window.gallery.grid
        [self.model] = studio.findChildren(GalleryModel)
        [self._history] = studio.window.findChildren(HistoryModel)

    def shown(self) -> list[int]:
        """The pictures in the gallery."""
        return [self.model.id_at(row) for row in range(self.model.rowCount())]

    async def shows(self, *ids: int) -> None:
        """Wait for exactly these pictures, in this order."""
        await until(lambda: self.shown() == list(ids))

    def choose_scope(self, label: str) -> None:
        """Pick a scope in the bar."""
        picker = self.window.findChild(ScopePicker)
        assert isinstance(picker, ScopePicker)
        picker.open_popup()
        assert picker.popup is not None
        [row] = [item for item in picker.popup.findChildren(Item) if item.value == label]
        row.click()

    def scope(self) -> str:
        """What the bar says."""
        picker = self.window.findChild(ScopePicker)
        assert isinstance(picker, ScopePicker)
        return picker.value

    def collections(self) -> list[str]:
        """What the bar offers below the scopes that are always there."""
        picker = self.window.findChild(ScopePicker)
        assert isinstance(picker, ScopePicker)
        return [label for label in picker.offered if label not in _ALWAYS]

    def select(self, *ids: int) -> None:
        """Select pictures in the gallery, the first one current."""
        self.grid.clearSelection()
        self.grid.show_picture(PictureId(ids[0]))
        selection = self.grid.selectionModel()
        for one in ids[1:]:
            selection.select(self.model.index(self.shown().index(one)), selection.SelectionFlag.Select)

    def press(self, key: Qt.Key) -> None:
        """Press a key in the gallery."""
        QTest.keyClick(self.grid, key)

    def undo(self) -> None:
        """Ctrl+Z, where no text field has the focus."""
        self.window.actions_by_id["undo"].trigger()

    async def told(self, text: str) -> None:
        """Wait for a notice that says this."""
        await until(lambda: any(text in said for said in self.notices()))

    async def menu(self, *ids: int) -> list[QAction]:
        """The lines of the menu of these pictures."""
        self.window.gallery.grid.menu_requested.emit(QPoint(10, 10), [PictureId(one) for one in ids])
        await until(lambda: bool(open_menus(self.window)))
        return lines(open_menus(self.window)[0])

    async def pick(self, text: str, *ids: int) -> None:
        """Choose a line of the menu of these pictures; `Sub ▸ line` for one of a menu in it."""
        actions = await self.menu(*ids)
        if " ▸ " in text:
            outer, text = text.split(" ▸ ")
            inner = named_line(actions, outer).menu()
            assert isinstance(inner, QMenu)
            actions = lines(inner)
        action = named_line(actions, text)
        assert action.isEnabled()
        action.trigger()
        self.close_menus()

    def close_menus(self) -> None:
        """Take every menu away."""
        for menu in open_menus(self.window):
            menu.close()

    def turns(self) -> list[str]:
        """What the history says of the session's turns."""
        rows = range(self._history.rowCount())
        said = [str(self._history.index(row).data(Qt.ItemDataRole.AccessibleTextRole)) for row in rows]
        return [text for text in said if text.startswith("Turn")]

    def sessions(self) -> list[str]:
        """The names of the history's sessions."""
        rows = range(self._history.rowCount())
        indexes = [self._history.index(row) for row in rows]
        return [
            str(index.data())
            for index in indexes
            if str(index.data(Qt.ItemDataRole.AccessibleTextRole)).startswith("Session")
        ]

    async def name(self, text: str, button: str) -> None:
        """Answer the dialog that asks for a name."""
        await until(lambda: bool(self.dialogs()))
        dialog = self.dialogs()[0]
        field = dialog.findChild(QLineEdit)
        assert isinstance(field, QLineEdit)
        field.setText(text)
        next(one for one in dialog.findChildren(QAbstractButton) if one.text() == button).click()

    def dialogs(self) -> list[QDialog]:
        """The open dialogs."""
        return [dialog for dialog in self.window.findChildren(QDialog) if dialog.isVisible()]

    def boxes(self) -> list[QMessageBox]:
        """The open questions."""
        return [box for box in self.window.findChildren(QMessageBox) if box.isVisible()]

    def press_button(self, text: str) -> None:
        """Press the one visible button of that text."""
        [button] = [b for b in self.window.findChildren(QAbstractButton) if b.text() == text and b.isVisible()]
        button.click()

    def notices(self) -> list[str]:
        """What the open notices say."""
        cards = (widget for widget in self.window.findChildren(QWidget) if widget.accessibleName() == "Notice")
        return [card.accessibleDescription() for card in cards]


def lines(menu: QMenu) -> list[QAction]:
    """A menu's lines without its separators."""
    return [action for action in menu.actions() if not action.isSeparator()]


def texts(actions: list[QAction], *, enabled: bool | None = None) -> list[str]:
    """What lines say, without their keys."""
    chosen = [action for action in actions if enabled is None or action.isEnabled() == enabled]
    return [action.text().partition("\t")[0] for action in chosen]


def named_line(actions: list[QAction], text: str) -> QAction:
    """The line that says this."""
    [found] = [action for action in actions if action.text().partition("\t")[0] == text]
    return found


def open_menus(window: MainWindow) -> list[QMenu]:
    """The menus on the screen."""
    return [menu for menu in window.findChildren(QMenu) if menu.isVisible()]
