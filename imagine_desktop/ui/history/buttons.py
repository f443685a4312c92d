"""The buttons of the history's rows: real ones, but only for the current row and the one under the mouse."""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from imagine_desktop.ui import plain
from imagine_desktop.ui.history.view import HistoryView
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.theme import CONTROL_RADIUS, STEP, Colours

_HEIGHT = 22
_RIGHT = 12
_BOTTOM = 6


class RowButton(QToolButton):
    """`Edit this`, or `Run again` where a turn has nothing to edit."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.index = QPersistentModelIndex()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.offer_edit()
        self.hide()

    def offer_edit(self) -> None:
        """Be the button that edits a turn's picture."""
        self._offer("Edit this", "Edit this picture in the next turn (E)")

    def offer_run_again(self) -> None:
        """Be the button that sends a turn once more."""
        self._offer("Run again", "Send the same request once more; it may be charged")

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("Run again") + 4 * STEP, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = Colours.of(self.palette())
        ground = theme.blend(colours.raised, colours.text, 0.06)
        if self.isDown():
            ground = theme.blend(colours.raised, colours.text, 0.2)
        elif self.underMouse():
            ground = theme.blend(colours.raised, colours.text, 0.13)
        is_focused = self.hasFocus()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.accent if is_focused else colours.line, 2 if is_focused else 1))
        painter.setBrush(ground)
        inset = 1.0 if is_focused else 0.5
        painter.drawRoundedRect(
            QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), CONTROL_RADIUS, CONTROL_RADIUS
        )
        painter.setPen(colours.text)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())

    def _offer(self, text: str, tip: str) -> None:
        self.setText(text)
        self.setAccessibleName(text)
        plain.set_tip(self, tip)


class RowButtons(QObject):
    """Keeps two buttons over a view's rows.

    They belong to the view's parent, because a screen reader finds no widgets inside a list, and
    `area` cuts them off where the list ends.
    """

    def __init__(self, view: HistoryView, area: QWidget) -> None:
        super().__init__(area)
        self._view = view
        self._area = area
        self._current = RowButton(area)
        self._hovered = RowButton(area)
        self._hovered.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._current.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for button in (self._current, self._hovered):
            button.clicked.connect(lambda _=False, pressed=button: view.act_on(pressed.index))
        view.set_button(self._current.sizeHint() + QSize(0, _BOTTOM))
        view.rows_moved.connect(self._place)
        view.model().dataChanged.connect(self._place)
        area.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._view.hover(QModelIndex())
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        current, hovered = self._view.currentIndex(), self._view.hovered_index()
        self._put(self._current, QPersistentModelIndex(current))
        self._put(
            self._hovered, QPersistentModelIndex() if hovered == current else QPersistentModelIndex(hovered)
        )

    def _put(self, button: RowButton, index: QPersistentModelIndex) -> None:
        button.index = index
        row = self._view.turn_at(index)
        if row is None:
            button.hide()
            return
        if self._view.may_run_again(row):
            button.offer_run_again()
        elif self._view.picture_of(row) is not None:
            button.offer_edit()
        else:
            button.hide()
            return
        viewport = self._view.viewport()
        rect = self._view.visualRect(index)
        corner = viewport.mapTo(self._area, rect.bottomRight())
        size = button.sizeHint()
        place = QRect(
            corner.x() - _RIGHT - size.width(), corner.y() - _BOTTOM - size.height(), size.width(), _HEIGHT
        )
        button.setGeometry(place)
        button.setVisible(self._area.rect().intersects(place))
