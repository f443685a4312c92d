"""What a screen reader, or an outside program, is told about the pickers.

Qt knows buttons and its own combo box, which answers with its text when it is asked for its name;
these controls answer with a fixed name and have their choice as value.
"""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget

from imagine_desktop.ui.compose.choice import ChoiceButton, Item
from imagine_desktop.ui.compose.segments import Segments


def install() -> None:
    """Answer for the pickers from now on. Doing it again changes nothing: the first answer counts."""
    QAccessible.installFactory(_interface)


def _interface(_: str, target: QObject) -> QAccessibleInterface | None:
    if isinstance(target, ChoiceButton):
        return _Choice(target)
    if isinstance(target, Segments):
        return _Group(target)
    return _Item(target) if isinstance(target, Item) else None


class _Group(QAccessibleWidget):
    """A row of segments, or what has its choice as value like one."""

    def __init__(
        self, control: Segments | ChoiceButton, role: QAccessible.Role = QAccessible.Role.Grouping
    ) -> None:
        super().__init__(control, role)
        self._control = control

    def text(self, kind: QAccessible.Text) -> str:
        # The description too, because AT-SPI passes on values only where they are numbers.
        if kind == QAccessible.Text.Value or (kind == QAccessible.Text.Description and self._control.value):
            return self._control.value
        return super().text(kind)


class _Choice(_Group):
    """A closed control with a popup."""

    def __init__(self, control: ChoiceButton) -> None:
        super().__init__(control, QAccessible.Role.ComboBox)
        self._button = control

    # Qt lists no popup among anybody's children but for its own combo box.
    def childCount(self) -> int:
        return 1 if self._button.popup is not None and self._button.popup.isVisible() else 0

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]  # None where there is none
        popup = self._button.popup
        return QAccessible.queryAccessibleInterface(popup) if popup is not None and index == 0 else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return 0 if child.object() is self._button.popup else -1

    def actionNames(self) -> list[str]:
        return [self.pressAction(), self.showMenuAction(), self.setFocusAction()]

    def doAction(self, name: str) -> None:
        if name in (self.pressAction(), self.showMenuAction()):
            self._button.click()
        else:
            super().doAction(name)


class _Item(QAccessibleWidget):
    """One choice, in a popup or a row of segments."""

    def __init__(self, item: Item) -> None:
        super().__init__(item, QAccessible.Role.RadioButton)
        self._item = item

    def state(self) -> QAccessible.State:
        state = super().state()
        state.checkable = True
        state.checked = self._item.is_current
        return state

    def actionNames(self) -> list[str]:
        return [self.pressAction()]

    def doAction(self, name: str) -> None:
        if name == self.pressAction():
            self._item.click()
