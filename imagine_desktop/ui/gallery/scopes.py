"""The control `Scope`: where the gallery looks."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from imagine_desktop.domain.record import Collection
from imagine_desktop.domain.sight import Scope, ScopeKind
from imagine_desktop.ui.compose.choice import ChoiceButton, Item, Popup, ink
from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.theme import CONTROL_HEIGHT, STEP, Colours

_BUILT_IN = {
    "This session": (Scope(ScopeKind.SESSION), "clock"),
    "All pictures": (Scope(ScopeKind.ALL), "images"),
    "Starred": (Scope(ScopeKind.STARRED), "star"),
    "Trash": (Scope(ScopeKind.TRASH), "trash-2"),
}
_WIDTH = 280
_MOST_HEIGHT = 420


class ScopePicker(ChoiceButton):
    """Offers session, library, stars, trash and the person's collections.

    Signals:
        scope_picked: a Scope.
        collection_named: the name of a collection to begin.
    """

    scope_picked = Signal(object)
    collection_named = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Scope", _BUILT_IN, parent)
        self._scopes = {label: scope for label, (scope, _) in _BUILT_IN.items()}
        self._counts: dict[str, int] = {}
        self._unknown = Scope(ScopeKind.SESSION)  # a collection that is not among the offered ones yet
        self.picked.connect(lambda label: self.scope_picked.emit(self._scopes[label]))

    @property
    def offered(self) -> tuple[str, ...]:
        """What there is to choose from, as the person reads it."""
        return tuple(self._scopes)

    def show_scope(self, scope: Scope) -> None:
        """Show where the gallery looks."""
        self._unknown = scope
        label = next((label for label, known in self._scopes.items() if known == scope), None)
        if label is not None:
            self.set_value(label)

    def offer(self, collections: Sequence[Collection], trash_count: int) -> None:
        """Offer these collections; one that is called like another thing has a number behind it."""
        self._scopes = {label: scope for label, (scope, _) in _BUILT_IN.items()}
        self._counts = {"Trash": trash_count}
        for collection in collections:
            label, number = collection.name, 2
            while label in self._scopes:
                label, number = f"{collection.name} ({number})", number + 1
            self._scopes[label] = Scope(ScopeKind.COLLECTION, collection.id)
            self._counts[label] = collection.picture_count
        self.set_options(self._scopes)
        self.show_scope(self._unknown)

    def make_popup(self) -> Popup:
        """All scopes, the collections under a title of their own, and a field to begin another one."""
        popup = _ScopePopup(self)
        for label, scope in self._scopes.items():
            if scope.kind is not ScopeKind.COLLECTION:
                popup.add_row(_Row(label, _BUILT_IN[label][1], self._counts.get(label, 0), popup))
        popup.add_title("Collections")
        for label, scope in self._scopes.items():
            if scope.kind is ScopeKind.COLLECTION:
                popup.add_row(_Row(label, "folder-open", self._counts[label], popup))
        field = QLineEdit(popup)
        field.setAccessibleName("New collection")
        field.setPlaceholderText("New collection: name it, press Enter")
        field.returnPressed.connect(lambda: self._begin_collection(popup, field))
        popup.add_foot(field)
        return popup

    def sizeHint(self) -> QSize:
        """Wide enough for the scopes that are always there."""
        return QSize(148, CONTROL_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(124, CONTROL_HEIGHT)

    def _begin_collection(self, popup: Popup, field: QLineEdit) -> None:
        if field.text().strip():
            popup.close()
            self.collection_named.emit(field.text().strip())


class _ScopePopup(Popup):
    """Scrolls where there are many collections."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        content = QWidget(self)
        content.setObjectName("content")  # by which the style sheet lets the panel show through
        self._rows = QVBoxLayout(content)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._content = content
        self._area = QScrollArea(self)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidgetResizable(True)
        self._area.setWidget(content)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2 * STEP, 2 * STEP, 2 * STEP, 2 * STEP)
        self._column.setSpacing(2 * STEP)
        self._column.addWidget(self._area)
        self.setFixedWidth(_WIDTH)

    def add_row(self, row: Item) -> None:
        """One thing to choose."""
        self._rows.addWidget(row)
        self.add(row)

    def add_title(self, text: str) -> None:
        """What the next rows have in common."""
        title = PlainLabel(text, self)
        title.setProperty("kind", "title")
        title.setContentsMargins(2 * STEP, 2 * STEP, 0, STEP)
        self._rows.addWidget(title)

    def add_foot(self, field: QWidget) -> None:
        """What stays in sight below the rows."""
        self._column.addWidget(field)
        self.add(field)

    def open(self, value: str) -> None:
        self._area.setFixedHeight(min(self._content.sizeHint().height(), _MOST_HEIGHT))
        super().open(value)
        self._reveal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        super().keyPressEvent(event)
        self._reveal()

    def _reveal(self) -> None:
        focused = self.focusWidget()
        if focused is not None and self._area.isAncestorOf(focused):
            self._area.ensureWidgetVisible(focused, 0, STEP)


class _Row(Item):
    """One scope: its icon, its name, and how many pictures it has where that is counted."""

    def __init__(self, label: str, icon_name: str, count: int, parent: QWidget) -> None:
        super().__init__(label, parent)
        self._icon_name = icon_name
        self._count = count
        if count:
            self.setAccessibleDescription(f"{count:,} picture{'' if count == 1 else 's'}")

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(_WIDTH - 4 * STEP, CONTROL_HEIGHT)

    def paint_content(self, painter: QPainter, colours: Colours) -> None:
        """Draw icon, name and count."""
        middle = Qt.AlignmentFlag.AlignVCenter
        theme.icon(self._icon_name, colours.quiet).paint(painter, QRect(10, (self.height() - 16) // 2, 16, 16))
        box = QRectF(self.rect()).adjusted(36, 0, -10, 0)
        painter.setPen(colours.quiet)
        if self._count:
            count = f"{self._count:,}"
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | middle, count)
            box.adjust(0, 0, -painter.fontMetrics().horizontalAdvance(count) - 2 * STEP, 0)
        painter.setPen(ink(self, colours))
        cut = painter.fontMetrics().elidedText(self.value, Qt.TextElideMode.ElideRight, int(box.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | middle, cut)
