"""The panel beside a picture: the person's note, and all that is known of the picture, each to be copied."""

import re
from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from imagine_desktop.domain.record import PictureId
from imagine_desktop.ui.picture.about import About, Field, as_text, fields_of
from imagine_desktop.ui.picture.notefield import NoteField
from imagine_desktop.ui.plain import PlainLabel, set_tip
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.theme import STEP, Colours

WIDTH = 296
_COPIED_MS = 900
_ZERO_WIDTH = "\u200b"
_LONG = re.compile(r"([/\\_.:-])|(\w{16})(?=\w)")


def breakable(text: str) -> str:
    """A text whose long words, as paths and hashes have them, may be broken where they are shown."""
    return _LONG.sub(lambda found: found[0] + _ZERO_WIDTH, text)


class CopyButton(QToolButton):
    """Copies a text; for a moment it shows that it did."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text: Callable[[], str] = str
        self._done = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._done.timeout.connect(self._draw)
        self.setIconSize(QSize(14, 14))
        self.setAutoRaise(True)
        self.clicked.connect(self._on_clicked)
        self._draw()

    def offer(self, name: str, text: Callable[[], str]) -> None:
        """Copy what `text` returns; `name` says what that is."""
        self._text = text
        self._done.stop()
        self.setAccessibleName(f"Copy {name}")
        set_tip(self, f"Copy {name}")
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()

    def _on_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._text())
        self._done.start()
        self._draw()

    def _draw(self) -> None:
        colours = Colours.of(self.palette())
        is_done = self._done.isActive()
        self.setIcon(theme.icon("check" if is_done else "copy", colours.saved if is_done else colours.quiet))


class _Row(QWidget):
    """A field: its name and the button above, its text below; a title above the first of a subject."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = PlainLabel("", self)
        self._title.setContentsMargins(0, 4 * STEP, 0, STEP)
        self._name = PlainLabel("", self)
        self._name.setProperty("kind", "title")
        self._text = PlainLabel("", self)
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._copy = CopyButton(self)
        head = QHBoxLayout()
        head.setSpacing(STEP)
        head.addWidget(self._name, 1)
        head.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, STEP)
        column.setSpacing(0)
        column.addWidget(self._title)
        column.addLayout(head)
        column.addWidget(self._text)

    def show_field(self, field: Field, *, is_first: bool) -> None:
        is_alone = field.subject == field.name
        self._title.setText(field.subject)
        self._title.setVisible(is_first and not is_alone)
        self._name.setText(field.name)
        self._text.setText(breakable(field.text))
        self._text.setAccessibleName(f"{field.name}: {field.text}")
        self._copy.offer(field.name, lambda: field.text)
        self.show()


class Details(QFrame):
    """Fills itself only while it is seen.

    Signals:
        note_changed: a PictureId, and the person's new words about it.
    """

    note_changed = Signal(object, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._about: About | None = None
        self._is_stale = False
        self._rows: list[_Row] = []
        self.note = NoteField(self)
        self.note.changed.connect(self.note_changed)
        self._all = QPushButton("Copy all", self)
        self._all.setProperty("kind", "quiet")
        set_tip(self._all, "Copy everything below as text")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Details")
        self._build()
        self._all.clicked.connect(self._on_all_clicked)

    def show_about(self, about: About | None, picture_id: PictureId | None) -> None:
        """Tell of a picture; with no more than its id, wait for the rest."""
        self._about = about
        picture = about.picture if about else None
        self.note.show_note(picture_id, None if picture is None else picture.note)
        self._is_stale = True
        self._fill()

    def fields(self) -> list[Field]:
        """What is told."""
        return fields_of(self._about) if self._about else []

    def showEvent(self, event: QEvent) -> None:
        self._fill()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = Colours.of(self.palette()), QPainter(self)
        painter.fillRect(event.rect(), colours.panel)
        painter.fillRect(0, 0, 1, self.height(), colours.line)

    def _build(self) -> None:
        content = QWidget(self)
        content.setObjectName("content")
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(4 * STEP, 3 * STEP, 2 * STEP, 4 * STEP)
        self._column.setSpacing(0)
        self._column.addWidget(self.note)
        head = QHBoxLayout()
        head.addStretch()
        head.addWidget(self._all)
        self._column.addLayout(head)
        self._column.addStretch()
        area = QScrollArea(self)
        area.setWidget(content)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 0, 0, 0)
        whole.addWidget(area)

    def _fill(self) -> None:
        if not self._is_stale or not self.isVisible():
            return
        self._is_stale = False
        fields = self.fields()
        for row in self._rows[len(fields) :]:
            row.hide()
        subject = ""
        for row, field in zip(self._at_least(len(fields)), fields, strict=False):
            row.show_field(field, is_first=field.subject != subject)
            subject = field.subject
        self._all.setEnabled(bool(fields))

    def _at_least(self, count: int) -> Iterator[_Row]:
        while len(self._rows) < count:
            row = _Row(self)
            self._column.insertWidget(2 + len(self._rows), row)
            self._rows.append(row)
        return iter(self._rows)

    def _on_all_clicked(self) -> None:
        QGuiApplication.clipboard().setText(as_text(self.fields()))
