"""Below two pictures that are compared: how the one prompt became the other, and which parameters differ."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from imagine_desktop.domain.contrast import Kind, Parameter, Span
from imagine_desktop.ui.picture.strip import ElidedLabel
from imagine_desktop.ui.plain import PlainLabel, set_tip
from imagine_desktop.ui.shell.theme import STEP, Colours, blend

HEIGHT = 128


def said(spans: Sequence[Span]) -> str:
    """A prompt's changes as a screen reader says them."""
    parts = [
        span.text.strip() if span.kind is Kind.KEPT else f"[{span.kind.value}: {span.text.strip()}]"
        for span in spans
    ]
    return " ".join(filter(None, parts))


class WordsView(QPlainTextEdit):
    """A prompt with its changes: removed words struck through, added ones underlined, each in its colour."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._spans: tuple[Span, ...] = ()
        self.setReadOnly(True)
        self.document().setDocumentMargin(0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Words of the prompts")
        self.setStyleSheet("QPlainTextEdit { border: none; background: transparent; padding: 0; }")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_spans(self, spans: Sequence[Span]) -> None:
        """Show the changes of a prompt."""
        self._spans = tuple(spans)
        self.setAccessibleDescription(said(spans))
        self._write()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._write()

    def _write(self) -> None:
        self.clear()
        cursor = QTextCursor(self.document())
        before: Span | None = None
        for span in self._spans:
            is_new = span.kind is Kind.ADDED and before is not None and before.kind is Kind.REMOVED
            if is_new:
                cursor.insertText(" ", self._format(Kind.KEPT))
            cursor.insertText(span.text, self._format(span.kind))
            before = span
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _format(self, kind: Kind) -> QTextCharFormat:
        # The style sheet above puts a transparent ground into this widget's own palette.
        colours, made = Colours.of(self.window().palette()), QTextCharFormat()
        made.setForeground(colours.text)
        if kind is Kind.REMOVED:
            made.setForeground(colours.failed)
            made.setBackground(blend(colours.panel, colours.failed, 0.16))
            made.setFontStrikeOut(True)
        elif kind is Kind.ADDED:
            made.setForeground(colours.saved)
            made.setBackground(blend(colours.panel, colours.saved, 0.16))
            made.setFontUnderline(True)
        return made


class ContrastPanel(QWidget):
    """The words at the left, the table of parameters at the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = WordsView(self)
        self._hint = PlainLabel("", self)
        self._hint.setProperty("kind", "title")
        self._table = QWidget(self)
        self._table.setObjectName("content")
        self._rows = QGridLayout(self._table)
        self._rows.setContentsMargins(0, 0, 2 * STEP, 0)
        self._rows.setHorizontalSpacing(2 * STEP)
        self._rows.setVerticalSpacing(2)
        for column in (1, 2):
            self._rows.setColumnStretch(column, 1)
        self._labels: list[PlainLabel] = []
        self._area = QScrollArea(self)
        self._area.setWidget(self._table)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._area.setAccessibleName("Parameters that differ")
        left = QVBoxLayout()
        left.setSpacing(STEP)
        left.addWidget(self._hint)
        left.addWidget(self._words, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(4 * STEP, 2 * STEP, 2 * STEP, 2 * STEP)
        row.setSpacing(6 * STEP)
        row.addLayout(left, 1)
        row.addWidget(self._area, 1)
        self.setFixedHeight(HEIGHT)
        self.setAccessibleName("What else differs")

    @property
    def words(self) -> WordsView:
        """The prompt with its changes."""
        return self._words

    def table(self) -> list[str]:
        """What stands in the table, row by row."""
        return [label.text() for label in self._labels]

    def show_contrast(self, spans: Sequence[Span], parameters: Sequence[Parameter]) -> None:
        """Show how two prompts and their parameters differ."""
        is_same = all(span.kind is Kind.KEPT for span in spans)
        self._hint.setText(
            "No prompt"
            if not spans
            else "The same prompt"
            if is_same
            else "Prompt: struck out before, underlined after"
        )
        self._words.show_spans(spans)
        for label in self._labels:
            self._rows.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._labels = []
        titles = ("Differs", "Before", "After") if parameters else ("The same parameters", "", "")
        self._add_row(0, titles, ("title", "title", "title"))
        for line, one in enumerate(parameters, 1):
            self._add_row(line, (one.name, one.before or "–", one.after or "–"), ("quiet", "", ""))
        self._rows.setRowStretch(len(parameters) + 1, 1)

    def sizeHint(self) -> QSize:
        return QSize(400, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = Colours.of(self.palette()), QPainter(self)
        painter.fillRect(event.rect(), colours.panel)
        painter.fillRect(0, 0, self.width(), 1, colours.line)

    def _add_row(self, line: int, texts: Sequence[str], kinds: Sequence[str]) -> None:
        for column, (text, kind) in enumerate(zip(texts, kinds, strict=True)):
            label = ElidedLabel(text, self._table) if column else PlainLabel(text, self._table)
            if kind:
                label.setProperty("kind", kind)
            set_tip(label, text)
            self._rows.addWidget(label, line, column)
            label.show()
            self._labels.append(label)
