"""The strip below a picture: what it is, and what can be done with it."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from imagine_desktop.domain import money
from imagine_desktop.domain.record import Picture, Turn
from imagine_desktop.ui.plain import PlainLabel, set_tip
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.theme import STEP, Colours


class ElidedLabel(PlainLabel):
    """One line that ends in an ellipsis where there is no room for it."""

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


class Strip(QWidget):
    """Two lines of text at the left, buttons at the right."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = ElidedLabel()
        self._facts = ElidedLabel()
        self._facts.setProperty("kind", "quiet")
        self._buttons: list[tuple[QPushButton, str]] = []
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._title)
        texts.addWidget(self._facts)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(4 * STEP, 2 * STEP, 2 * STEP, 2 * STEP)
        self._row.setSpacing(STEP)
        self._row.addLayout(texts, 1)
        self._row.addSpacing(2 * STEP)

    @property
    def facts(self) -> str:
        """The second line."""
        return self._facts.text()

    def add_button(self, text: str, tip: str, icon: str = "", *, is_quiet: bool = True) -> QPushButton:
        """Put another button at the right. A click leaves the keyboard with the picture."""
        button = QPushButton(f" {text}" if icon else text, self)
        button.setAccessibleName(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if is_quiet:
            button.setProperty("kind", "quiet")
        set_tip(button, tip)
        self._row.addWidget(button)
        self._buttons.append((button, icon))
        self._draw_icons()
        return button

    def describe(self, title: str, facts: str, tip: str = "") -> None:
        """Set the two lines, and what is told where the mouse rests on the first."""
        self._title.setText(title)
        self._facts.setText(facts)
        set_tip(self._title, tip)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = Colours.of(self.palette())
        painter = QPainter(self)
        painter.fillRect(event.rect(), colours.panel)
        painter.fillRect(0, 0, self.width(), 1, colours.line)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._draw_icons()

    def _draw_icons(self) -> None:
        colour = Colours.of(self.palette()).text
        for button, icon in self._buttons:
            if icon:
                button.setIcon(theme.icon(icon, colour))


def facts_of(picture: Picture, turn: Turn | None) -> str:
    """Size, shape, model and cost of a picture, on one line."""
    facts = [f"{picture.width} × {picture.height}"] if picture.width else []
    if picture.aspect_ratio != "auto":
        facts.append(picture.aspect_ratio)
    if turn is not None:
        facts.append("imported" if turn.is_import else turn.model_served or turn.model)
    if picture.cost_ticks is not None:
        facts.append(money.usd(picture.cost_ticks))
    return " · ".join(facts)


def prompt_tip(prompt: str, picture: Picture) -> str:
    """All of a prompt and, where the API tells, what it made of it."""
    if not picture.revised_prompt or picture.revised_prompt == prompt:
        return prompt
    return f"{prompt}\n\nRevised by the API:\n{picture.revised_prompt}"
