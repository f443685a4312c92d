"""The prompt panel: everything that makes up a request, and the button that sends it."""

from PySide6.QtCore import QElapsedTimer, QEvent, QMimeData, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from imagine_desktop.domain import money
from imagine_desktop.domain.request import Problem
from imagine_desktop.ui.compose import accessible
from imagine_desktop.ui.compose.draft import Draft
from imagine_desktop.ui.compose.pickers import CountField, ModelPicker, QualityPicker, ResolutionPicker
from imagine_desktop.ui.compose.prompt import LONGEST_PASTE, PromptField
from imagine_desktop.ui.compose.ratio_picker import RatioPicker
from imagine_desktop.ui.compose.sources import SourcesTray, Thumbnails
from imagine_desktop.ui.plain import PlainLabel, set_tip
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.theme import STEP, Colours

_MARGIN = 4 * STEP


class PromptPanel(QWidget):
    """Shows a draft and lets the person change and send it.

    Signals:
        send_requested: the draft, which may be sent as it is, is to be sent.
        files_requested, address_entered, paste_requested: as the sources tray's.
        pictures_given: pictures, or what names them (`QMimeData`), were pasted into the prompt.
    """

    send_requested = Signal()
    files_requested = Signal()
    address_entered = Signal(str)
    paste_requested = Signal()
    pictures_given = Signal(QMimeData)

    def __init__(self, draft: Draft, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        accessible.install()
        self._draft = draft
        self._since_sent = QElapsedTimer()
        self.setMinimumWidth(320)
        self.setMaximumWidth(480)
        self._scroll = QScrollArea(self)
        content = QWidget(self._scroll)
        self._tray = SourcesTray(draft, thumbnails, content)
        self._prompt = PromptField(content)
        self._notice = PlainLabel("", content)
        self._ratio = RatioPicker(draft.catalog, content)
        self._resolution = ResolutionPicker(content)
        self._model = ModelPicker(draft.catalog, content)
        self._quality = QualityPicker(draft.catalog, content)
        self._count = CountField(draft.catalog, content)
        self._advice = _Advice("info", "quiet", self)
        self._obstacle = _Advice("circle-alert", "failed", self)
        self._send = QPushButton(self)
        self._send.setProperty("kind", "primary")
        self._send.setAccessibleName("Generate")
        self.setFocusProxy(self._prompt)
        self._lay_out(content)
        self._connect()
        self._show_draft()

    def sizeHint(self) -> QSize:
        """The width that the window gives it at first."""
        return QSize(360, 720)

    def renew_notes(self) -> None:
        """Find out anew what becomes of each source before it is sent."""
        self._tray.renew_notes()

    def write(self, text: str) -> None:
        """Put a text into the prompt, where the cursor stands."""
        self._prompt.write(text)
        self.setFocus()

    def send(self) -> None:
        """Ask for the draft to be sent if it can be; the second click of a double click is none."""
        pause_ms = QApplication.doubleClickInterval()
        if not self._send.isEnabled() or (self._since_sent.isValid() and self._since_sent.elapsed() < pause_ms):
            return
        self._since_sent.start()
        self.send_requested.emit()

    def _lay_out(self, content: QWidget) -> None:
        column = QVBoxLayout(content)
        column.setContentsMargins(_MARGIN, 3 * STEP, _MARGIN, 3 * STEP)
        column.setSpacing(4 * STEP)
        column.addWidget(self._tray)
        written = self._group("Prompt", self._prompt)
        self._notice.setProperty("kind", "quiet")
        self._notice.setWordWrap(True)
        self._notice.hide()
        written.addWidget(self._notice)
        column.addLayout(written)
        column.addLayout(self._choices())
        column.addStretch(1)
        self._scroll.setWidget(content)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        line = QFrame(self)
        line.setProperty("kind", "line")
        foot = QVBoxLayout()
        foot.setContentsMargins(_MARGIN, 3 * STEP, _MARGIN, _MARGIN)
        foot.setSpacing(2 * STEP)
        for widget in (self._advice, self._obstacle, self._send):
            foot.addWidget(widget)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._scroll, 1)
        whole.addWidget(line)
        whole.addLayout(foot)

    def _choices(self) -> QGridLayout:
        """The pickers, two halves to a row; the model and its quality need more."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * STEP)
        grid.setVerticalSpacing(3 * STEP)
        grid.addLayout(self._group("Aspect ratio", self._ratio), 0, 0)
        grid.addLayout(self._group("Resolution", self._resolution), 0, 1)
        grid.addLayout(self._group("Model", self._model), 1, 0, 1, 2)
        row = QHBoxLayout()
        row.setSpacing(2 * STEP)
        row.addLayout(self._group("Quality", self._quality), 1)
        row.addLayout(self._group("Images", self._count))
        grid.addLayout(row, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _group(self, name: str, field: QWidget) -> QVBoxLayout:
        """A field under its label."""
        label = PlainLabel(name, field.parentWidget())
        label.setProperty("kind", "title")
        label.setAccessibleName(f"{name}:")  # the name alone belongs to the field
        label.setBuddy(field)
        group = QVBoxLayout()
        group.setSpacing(STEP)
        group.addWidget(label)
        group.addWidget(field)
        return group

    def _connect(self) -> None:
        draft, tray = self._draft, self._tray
        draft.changed.connect(self._show_draft)
        self._prompt.textChanged.connect(self._on_prompt_edited)
        self._prompt.send_requested.connect(self.send)
        self._prompt.pictures_given.connect(self.pictures_given)
        self._prompt.cut_short.connect(self._on_prompt_cut_short)
        self._send.clicked.connect(self.send)
        for picker, field in (
            (self._ratio, "aspect_ratio"),
            (self._resolution, "resolution"),
            (self._model, "model"),
            (self._quality, "quality"),
        ):
            picker.picked.connect(lambda value, field=field: setattr(draft, field, value))
        self._count.valueChanged.connect(lambda count: setattr(draft, "count", count))
        tray.tag_requested.connect(self._insert)
        tray.files_requested.connect(self.files_requested)
        tray.address_entered.connect(self.address_entered)
        tray.paste_requested.connect(self.paste_requested)

    def _show_draft(self) -> None:
        draft, model = self._draft, self._draft.offer
        if self._prompt.toPlainText() != draft.prompt:
            self._prompt.setPlainText(draft.prompt)
        self._ratio.set_value(draft.aspect_ratio)
        self._resolution.show_model(model)
        self._resolution.set_value(draft.resolution)
        self._model.show_catalog(draft.catalog)
        self._model.set_value(draft.model)
        self._quality.show_model(model)
        self._quality.set_value(draft.quality or "")
        self._count.setValue(draft.count)
        self._show_verdict(draft.problems())

    def _show_verdict(self, problems: tuple[Problem, ...]) -> None:
        """Say on the button what will happen, and above it what is in the way."""
        estimate = self._draft.estimate_ticks()
        price = f"≈{money.usd(estimate)}" if estimate is not None else "price unknown"
        verb = "Edit" if self._draft.sources else "Generate"
        self._send.setText(f"{verb} · {self._draft.count} · {price}")
        blocking = [problem for problem in problems if problem.blocks]
        is_unwritten = any(problem.field == "Prompt" for problem in blocking)
        loud = [problem for problem in blocking if problem.field != "Prompt"]
        self._advice.show_problems([problem for problem in problems if not problem.blocks])
        self._obstacle.show_problems(loud)
        self._send.setEnabled(not blocking)
        reasons = [_sentence(problem) for problem in loud]
        if is_unwritten:
            reasons.insert(0, "Write a prompt first")
        set_tip(self._send, "\n".join(reasons) or "Ctrl+Enter")
        self._send.setAccessibleDescription("\n".join((self._send.text(), *reasons)))

    def _on_prompt_edited(self) -> None:
        self._notice.hide()
        self._draft.prompt = self._prompt.toPlainText()

    def _on_prompt_cut_short(self) -> None:
        self._notice.setText(f"What was pasted is cut: a prompt takes {LONGEST_PASTE:,} characters here.")
        self._notice.show()

    def _insert(self, tag: str) -> None:
        self._prompt.insertPlainText(tag)
        self._prompt.setFocus()


class _Advice(QWidget):
    """An icon and what it warns of, or nothing."""

    def __init__(self, icon_name: str, kind: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self._kind = kind
        self._icon = PlainLabel("", self)
        self._text = PlainLabel("", self)
        self._text.setProperty("kind", kind)
        self._text.setWordWrap(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * STEP)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self._colour_icon()

    def show_problems(self, problems: list[Problem]) -> None:
        """Show these, one a line."""
        self._text.setText("\n".join(_sentence(problem) for problem in problems))
        self.setVisible(bool(problems))

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon in the new theme's colour."""
        if event.type() == QEvent.Type.PaletteChange:
            self._colour_icon()
        super().changeEvent(event)

    def _colour_icon(self) -> None:
        colours = Colours.of(self.palette())
        colour = colours.failed if self._kind == "failed" else colours.quiet
        self._icon.setPixmap(theme.icon(self._icon_name, colour).pixmap(16, 16))


def _sentence(problem: Problem) -> str:
    return f"{problem.field}: {problem.message}"
