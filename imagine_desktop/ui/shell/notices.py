"""Notices: short messages over a corner of the window that never stop anybody's work."""

import math
from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QEnterEvent,
    QGuiApplication,
    QKeyEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from imagine_desktop.errors import ImagineError
from imagine_desktop.ui import plain
from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.card import Card
from imagine_desktop.ui.shell.theme import STEP, Colours

MOST_NOTICES = 4
_WIDTH = 380
_MARGIN = 4 * STEP
_ICON_PX = 20


class NoticeKind(StrEnum):
    """What a notice is about; how long it stays follows from that."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


_TIMEOUTS_S = {
    NoticeKind.INFO: 6.0,
    NoticeKind.SUCCESS: 5.0,
    NoticeKind.WARNING: 12.0,
    NoticeKind.ERROR: math.inf,
}
_ICONS = {
    NoticeKind.INFO: "info",
    NoticeKind.SUCCESS: "circle-check",
    NoticeKind.WARNING: "circle-alert",
    NoticeKind.ERROR: "circle-alert",
}


class Notice:
    """A notice that was shown; it may be gone already."""

    def __init__(self, card: "_Card") -> None:
        self._card: _Card | None = card
        card.closed.connect(self._forget)

    @property
    def is_open(self) -> bool:
        """Whether it is still there."""
        return self._card is not None

    def set_text(self, text: str) -> None:
        """Say something else; not announced anew."""
        if self._card is not None:
            self._card.set_text(text)

    def close(self) -> None:
        """Take it away, if it is still there."""
        if self._card is not None:
            self._card.dismiss()

    def _forget(self) -> None:
        self._card = None


class Notices(QObject):
    """Stacks notices in the bottom right corner of a widget, the newest lowest."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._cards: list[_Card] = []
        self._foot_px = 0
        self._stack = QWidget(over)
        self._earlier = QPushButton(self._stack)
        self._earlier.setProperty("kind", "quiet")
        plain.set_tip(self._earlier, "Close all notices")
        self._earlier.clicked.connect(self.close_all)
        self._layout = QVBoxLayout(self._stack)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2 * STEP)
        self._layout.addWidget(self._earlier, 0, Qt.AlignmentFlag.AlignRight)
        self._stack.hide()
        over.installEventFilter(self)
        self._stack.installEventFilter(self)

    def show(
        self,
        text: str,
        kind: NoticeKind = NoticeKind.INFO,
        *,
        action_text: str = "",
        action: Callable[[], None] | None = None,
        detail: str = "",
        timeout_s: float | None = None,
    ) -> Notice:
        """Show a message; without `timeout_s` its kind says how long, and errors stay until they are closed."""
        card = _Card(text, kind, detail, self._stack)
        if action is not None:
            card.add_action(action_text, action)
        card.closed.connect(lambda: self._on_card_closed(card))
        notice = Notice(card)
        self._cards.append(card)
        self._layout.addWidget(card)
        self._arrange()
        card.start(_TIMEOUTS_S[kind] if timeout_s is None else timeout_s)
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(card, QAccessible.Event.Alert))
        return notice

    def show_error(
        self, error: ImagineError, *, action_text: str = "", action: Callable[[], None] | None = None
    ) -> Notice:
        """Show what went wrong, whether it cost anything, and the next step."""
        return self.show(
            error.sentences,
            NoticeKind.ERROR,
            action_text=action_text,
            action=action,
            detail="\n".join(filter(None, (error.detail, error.reference))),
        )

    def keep_clear(self, foot_px: int) -> None:
        """Leave the lowest part of the widget uncovered: there are buttons."""
        self._foot_px = foot_px
        self._place()

    def close_all(self) -> None:
        """Take every notice away."""
        for card in list(self._cards):
            card.dismiss()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._place()
        return super().eventFilter(watched, event)

    def _on_card_closed(self, card: "_Card") -> None:
        self._cards.remove(card)
        self._layout.removeWidget(card)
        card.hide()
        card.deleteLater()
        self._arrange()

    def _arrange(self) -> None:
        hidden = max(0, len(self._cards) - MOST_NOTICES)
        for position, card in enumerate(self._cards):
            card.setVisible(position >= hidden)
        self._earlier.setText(f"and {hidden} earlier · close all")
        self._earlier.setVisible(hidden > 0)
        self._stack.setVisible(bool(self._cards))
        self._stack.raise_()
        self._place()

    def _place(self) -> None:
        if not self._cards:
            return
        width = min(_WIDTH, self._over.width() - 2 * _MARGIN)
        for card in self._cards:
            card.setFixedWidth(width)
        self._layout.activate()
        height = self._layout.totalHeightForWidth(width)
        bottom = self._over.height() - self._foot_px - _MARGIN
        self._stack.setGeometry(self._over.width() - width - _MARGIN, bottom - height, width, height)
        self._layout.setGeometry(
            self._stack.rect()
        )  # no resize event tells it while the window is being laid out


class _Card(Card):
    """One notice.

    Signals:
        closed: it is done with.
    """

    closed = Signal()

    def __init__(self, text: str, kind: NoticeKind, detail: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = text
        self._kind = kind
        self._is_open = True
        self._timeout_s = math.inf
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        self.setAccessibleName("Notice")
        self.setAccessibleDescription(text)
        self._icon = PlainLabel("", self)
        self._label = PlainLabel(text, self)
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._copy = self._tool_button("Copy message")
        self._copy.clicked.connect(self._on_copy_clicked)
        self._close = self._tool_button("Close notice")
        self._close.clicked.connect(self.dismiss)
        self._detail = QPlainTextEdit(detail, self)
        self._detail.setReadOnly(True)
        self._detail.setAccessibleName("Details")
        self._detail.setTabChangesFocus(True)
        self._detail.setFixedHeight(96)
        self._detail.hide()
        self._build(has_detail=bool(detail))
        self._colour()

    def set_text(self, text: str) -> None:
        """Say something else."""
        self._text = text
        self._label.setText(text)
        self.setAccessibleDescription(text)

    def add_action(self, text: str, action: Callable[[], None]) -> None:
        """Offer one thing to do about it, which also closes the notice."""
        button = QPushButton(text, self)
        button.clicked.connect(self.dismiss)
        button.clicked.connect(lambda _=False: action())
        self._buttons.insertWidget(0, button)

    def start(self, timeout_s: float) -> None:
        """Begin to count towards its end."""
        self._timeout_s = timeout_s
        if math.isfinite(timeout_s):
            self._timer.start(round(timeout_s * 1000))

    def dismiss(self) -> None:
        """Be done; a second time does nothing."""
        if self._is_open:
            self._is_open = False
            self._timer.stop()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay for as long as somebody is at it."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if self._is_open:
            self.start(self._timeout_s)
        super().leaveEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _build(self, *, has_detail: bool) -> None:
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(STEP)
        if has_detail:
            details = QPushButton("Details", self)
            details.setProperty("kind", "quiet")
            details.setCheckable(True)
            details.toggled.connect(self._detail.setVisible)
            self._buttons.addWidget(details)
        self._buttons.addStretch()
        words = QVBoxLayout()
        words.setContentsMargins(0, STEP + 2, 0, STEP)
        words.setSpacing(2 * STEP)
        words.addWidget(self._label)
        words.addLayout(self._buttons)
        words.addWidget(self._detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * STEP, STEP, STEP, STEP)
        row.setSpacing(2 * STEP)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self._icon.setContentsMargins(0, STEP + 1, 0, 0)

    def _tool_button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(name)
        button.setIconSize(QSize(_ICON_PX - STEP, _ICON_PX - STEP))
        plain.set_tip(button, name)
        return button

    def _colour(self) -> None:
        colours = Colours.of(self.palette())
        shade = {
            NoticeKind.INFO: colours.waiting,
            NoticeKind.SUCCESS: colours.saved,
            NoticeKind.WARNING: colours.withheld,
            NoticeKind.ERROR: colours.failed,
        }[self._kind]
        size = QSize(_ICON_PX, _ICON_PX)
        self._icon.setPixmap(theme.icon(_ICONS[self._kind], shade).pixmap(size, self.devicePixelRatioF()))
        self._copy.setIcon(theme.icon("copy", colours.quiet))
        self._close.setIcon(theme.icon("x", colours.text))

    def _on_copy_clicked(self) -> None:
        parts = (self._text, self._detail.toPlainText())
        QGuiApplication.clipboard().setText("\n\n".join(filter(None, parts)))
