"""The card that greets somebody without a key: the program works at once, and costs nothing."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from imagine_desktop.ui import plain
from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.card import Card
from imagine_desktop.ui.shell.theme import STEP, Colours

EXAMPLES = (
    "A harbour at dawn, mist over the water",
    "A fox asleep in a snowy forest",
    "A city street at night after the rain",
)
_WIDTH = 440


class WelcomeCard(Card):
    """The gallery's empty state on the Sandbox.

    Signals:
        example_chosen: the example prompt that was pressed.
        key_requested: the person has a key to give.
    """

    example_chosen = Signal(str)
    key_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Welcome")
        self._title = PlainLabel("What should the first picture show?", self)
        font = self._title.font()
        font.setPixelSize(18)
        self._title.setFont(font)
        sentence = PlainLabel(
            "You are in the Sandbox: pictures are drawn on this computer, and nothing is charged.", self
        )
        sentence.setProperty("kind", "quiet")
        sentence.setWordWrap(True)
        self._examples = [self._example(prompt) for prompt in EXAMPLES]
        self._key = QPushButton(" Use my xAI key…", self)
        self._key.setProperty("kind", "quiet")
        plain.set_tip(self._key, "Make real pictures, paid for with your own key")
        self._key.clicked.connect(self.key_requested)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(6 * STEP, 6 * STEP, 6 * STEP, 4 * STEP)
        inside.setSpacing(2 * STEP)
        inside.addWidget(self._title)
        inside.addWidget(sentence)
        inside.addSpacing(2 * STEP)
        for button in self._examples:
            inside.addWidget(button)
        inside.addSpacing(STEP)
        inside.addWidget(self._key, 0, Qt.AlignmentFlag.AlignLeft)
        self._colour()

    def sizeHint(self) -> QSize:
        """As wide as it reads best; it becomes narrower with the window."""
        return QSize(_WIDTH, super().sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _example(self, prompt: str) -> QPushButton:
        button = QPushButton(prompt, self)
        plain.set_tip(button, "Put this prompt into the panel")
        button.clicked.connect(lambda: self.example_chosen.emit(prompt))
        return button

    def _colour(self) -> None:
        colours = Colours.of(self.palette())
        self._key.setIcon(theme.icon("key-round", colours.text))
