"""The export dialog: which pictures, as what, under which names, where to. It works on plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from imagine_desktop.errors import BadInput
from imagine_desktop.export import naming
from imagine_desktop.export.copies import Style
from imagine_desktop.export.motion import Tempo
from imagine_desktop.export.order import Kind
from imagine_desktop.export.target import OnCollision
from imagine_desktop.ui import plain
from imagine_desktop.ui.compose.segments import Segments
from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.shell.form import Form, note, whole
from imagine_desktop.ui.shell.theme import STEP


class Which(StrEnum):
    """The pictures to export; the value is what the dialog calls them."""

    SELECTION = "Selection"
    BRANCH = "Branch"
    SESSION = "Session"
    SHOWN = "All shown"


_KINDS = {
    "Folder": (Kind.FOLDER, "Each picture as a file of its own."),
    "Zip": (Kind.ZIP, "All pictures in one zip."),
    "HTML page": (
        Kind.HTML,
        "One page for any browser, which needs nothing else: prompts, costs, a before/after slider for edits. "
        "Pictures are fitted to 1600 pixels.",
    ),
    "Contact sheet": (Kind.SHEET, "Pages of twenty small pictures with captions, to print or look through."),
    "WebP": (Kind.WEBP, ""),
    "GIF": (Kind.GIF, ""),
}
_COLLISIONS = {
    "Ask": None,
    "Number it": OnCollision.NUMBER,
    "Leave it out": OnCollision.SKIP,
    "Replace": OnCollision.REPLACE,
}
_NAMES_PX = 128
_MOTION_HELP = "A hundred pictures at most, in the size of the last one. It begins again when it ends."
_METADATA_HELP = (
    "Prompt, model, parameters and which pictures it came from, as XMP and EXIF. The pixels are not touched, "
    "and what your files are called is not told."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person wants exported; without `on_collision` they are asked at the first name that is taken."""

    which: Which
    kind: Kind
    style: Style
    on_collision: OnCollision | None
    tempo: Tempo
    folder: Path


class ExportDialog(QDialog):
    """Asks, then shows how far it has come; the window behind stays usable.

    `lacking` says which pictures cannot be exported, and why; not all may be lacking.

    Signals:
        wanted: a Wanted is to be carried out.
        stop_wanted: the export under way is to be stopped.
        answered: an OnCollision, to what `ask_about` asked.
    """

    wanted = Signal(object)
    stop_wanted = Signal()
    answered = Signal(object)

    def __init__(
        self,
        folder: Path,
        template: str,
        *,
        has_metadata: bool,
        lacking: Mapping[Which, str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export")
        self.setAccessibleName("Export")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._is_running = False
        self._which = self._segments("Pictures", [which.value for which in Which])
        self._which.offer([which.value for which in Which], {w.value: why for w, why in lacking.items()})
        self._which.set_value(next(which.value for which in Which if which not in lacking))
        self._as = self._segments("Export as", list(_KINDS))
        self._as.set_value("Folder")
        self._about = note(self)
        self._build_copies(template, has_metadata=has_metadata)
        self._build_motion()
        self._collision = self._segments("If a name is taken", list(_COLLISIONS))
        self._collision.set_value("Ask")
        self._folder = QLineEdit(str(folder), self)
        self._folder.setAccessibleName("Export folder")
        self._choose = QPushButton("Choose…", self)
        self._choose.setAccessibleName("Choose the export folder")
        self._build_foot()
        self._build_question()
        self._build()
        self._connect()
        self._renew()
        self._as.setFocus()

    @property
    def kind(self) -> Kind:
        """What is chosen to be made."""
        return _KINDS[self._as.value][0]

    def show_progress(self, done: int, of: int) -> None:
        """So many of the pictures are done."""
        if self._is_running:
            self._bar.setRange(0, of)
            self._bar.setValue(done)
            self._status.setText(f"{done:,} of {of:,}")

    def ask_about(self, name: str) -> None:
        """Ask what becomes of a file whose name is taken, and of all others; `answered` tells."""
        if self._is_running:
            text = f"{name} is there already. What becomes of it, and of all others whose names are taken?"
            self._question_text.setText(text)
            self._question.setAccessibleDescription(text)
            self._question.show()
            needed_px = self._inside.totalHeightForWidth(self.width())
            self.resize(self.width(), max(self.height(), needed_px))
            self._question.findChildren(QPushButton)[0].setFocus()

    def show_failed(self, text: str) -> None:
        """Say what went wrong, ready for another try."""
        self._set_running(running=False)
        self._status.setProperty("kind", "failed")
        self._restyle(self._status)
        self._status.setText(text)

    def end(self) -> None:
        """Close: it is done or stopped."""
        self._is_running = False
        self.accept()

    def reject(self) -> None:
        """Esc and the cross stop an export first; the dialog closes when it has stopped."""
        if self._is_running:
            self._cancel.setEnabled(False)
            self._status.setText("Stopping…")
            self.stop_wanted.emit()
        else:
            super().reject()

    def _segments(self, name: str, options: list[str]) -> Segments:
        made = Segments(name, self)
        made.offer(options, {})
        return made

    def _build_copies(self, template: str, *, has_metadata: bool) -> None:
        self._copies = QWidget(self)
        self._template = QLineEdit(template, self._copies)
        self._template.setAccessibleName("Name template")
        self._fields = QPushButton("Insert", self._copies)
        self._fields.setAccessibleName("Insert a field into the name template")
        menu = QMenu(self._fields)
        for name, shown in naming.FIELDS.items():
            text = f"{{{name}}}  –  {shown}"
            menu.addAction(text).triggered.connect(lambda _=False, name=name: self._insert(name))
        self._fields.setMenu(menu)
        self._example = note(self._copies)
        self._example.setAccessibleName("Example name")
        self._metadata = QCheckBox("Write the prompt into each copy", self._copies)
        self._metadata.setAccessibleName("Metadata")
        self._metadata.setChecked(has_metadata)
        plain.set_tip(self._metadata, _METADATA_HELP)
        self._sidecars = QCheckBox("A JSON file beside each", self._copies)
        row = QHBoxLayout()
        row.setSpacing(2 * STEP)
        row.addWidget(self._template, 1)
        row.addWidget(self._fields)
        checks = QHBoxLayout()
        checks.setSpacing(6 * STEP)
        checks.addWidget(self._metadata)
        checks.addWidget(self._sidecars)
        checks.addStretch()
        form = Form(self._copies, names_px=_NAMES_PX)
        form.add("Names", self._template, row)
        form.add_below(self._example)
        form.add("Metadata", self._metadata, checks)
        form.setRowStretch(form.rowCount(), 1)

    def _build_motion(self) -> None:
        self._motion = QWidget(self)
        self._seconds = QDoubleSpinBox(self._motion)
        self._seconds.setAccessibleName("Each picture stays")
        self._seconds.setRange(0.1, 10)
        self._seconds.setSingleStep(0.1)
        self._seconds.setDecimals(1)
        self._seconds.setValue(Tempo().each_ms / 1000)
        self._seconds.setSuffix(" s")
        self._seconds.setFixedWidth(112)
        self._seconds.lineEdit().setAccessibleName("Each picture stays")
        self._seconds.lineEdit().setTextMargins(2 * STEP, 0, 0, 0)  # a style sheet's padding is not used here
        self._fade = QCheckBox("Fade from one to the next", self._motion)
        self._fade.setChecked(Tempo().has_fade)
        row = QHBoxLayout()
        row.setSpacing(6 * STEP)
        row.addWidget(self._seconds)
        row.addWidget(self._fade)
        row.addStretch()
        form = Form(self._motion, names_px=_NAMES_PX)
        form.add("Each picture stays", self._seconds, row)
        form.add_below(note(self._motion, _MOTION_HELP))
        form.setRowStretch(form.rowCount(), 1)

    def _build_foot(self) -> None:
        self._bar = QProgressBar(self)
        self._bar.setAccessibleName("Progress")
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(STEP)
        keeps_room = self._bar.sizePolicy()
        keeps_room.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(keeps_room)
        self._bar.hide()
        self._status = note(self)
        self._status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._cancel = QPushButton("Cancel", self)
        self._cancel.setFixedHeight(10 * STEP)
        self._go = QPushButton("Export", self)
        self._go.setProperty("kind", "primary")
        self._go.setAccessibleName("Export now")
        self._go.setMinimumWidth(120)
        self._go.setDefault(True)

    def _build_question(self) -> None:
        self._question = QWidget(self)
        self._question.setAccessibleName("A name is taken")
        self._question_text = PlainLabel("", self._question)
        self._question_text.setWordWrap(True)
        answers = QHBoxLayout()
        answers.setSpacing(2 * STEP)
        for text, answer in _COLLISIONS.items():
            if answer is not None:
                button = QPushButton(text, self._question)
                button.setAutoDefault(False)
                button.clicked.connect(lambda _=False, answer=answer: self._answer(answer))
                answers.addWidget(button)
        answers.addStretch()
        column = QVBoxLayout(self._question)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * STEP)
        column.addWidget(self._question_text)
        column.addLayout(answers)
        self._question.hide()

    def _answer(self, answer: OnCollision) -> None:
        self._question.hide()
        self._cancel.setFocus()
        self.answered.emit(answer)

    def _build(self) -> None:
        self._options = QStackedWidget(self)
        self._nothing = QWidget(self._options)
        for page in (self._copies, self._motion, self._nothing):
            self._options.addWidget(page)
        form = Form(names_px=_NAMES_PX)
        form.add("Pictures", self._which)
        form.add("As", self._as)
        form.add_below(self._about)
        last = Form(names_px=_NAMES_PX)
        last.add("If a name is taken", self._collision)
        to = QHBoxLayout()
        to.setSpacing(2 * STEP)
        to.addWidget(self._folder, 1)
        to.addWidget(self._choose)
        last.add("To folder", self._folder, to)
        buttons = QHBoxLayout()
        buttons.setSpacing(2 * STEP)
        buttons.addWidget(self._status, 1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._go)
        self._inside = inside = whole(self)
        for part in (form, self._options, last):
            inside.addWidget(part) if isinstance(part, QWidget) else inside.addLayout(part)
        inside.addStretch()
        inside.addWidget(self._question)
        inside.addWidget(self._bar)
        inside.addLayout(buttons)
        self.setMinimumWidth(680)

    def _connect(self) -> None:
        self._as.picked.connect(self._renew)
        self._template.textChanged.connect(self._renew)
        self._folder.textChanged.connect(self._renew)
        self._choose.clicked.connect(self._ask_for_folder)
        self._cancel.clicked.connect(self.reject)
        self._go.clicked.connect(self._on_go_clicked)

    def _renew(self) -> None:
        """Show what belongs to the chosen kind, an example of a name, and whether all is ready."""
        kind, about = _KINDS[self._as.value]
        self._about.setText(about or "The pictures one after the other, in one that moves.")
        moving = kind in (Kind.WEBP, Kind.GIF)
        self._options.setCurrentWidget(
            self._copies if kind.has_copies else self._motion if moving else self._nothing
        )
        problem = ""
        try:
            self._example.setText(f"Like {naming.example(naming.parse(self._template.text()))}")
        except BadInput as error:
            problem = error.sentences
            self._example.setText(problem)
        self._example.setProperty("kind", "failed" if problem else "quiet")
        self._restyle(self._example)
        is_ready = bool(self._folder.text().strip()) and not (problem and kind.has_copies)
        self._go.setEnabled(is_ready and not self._is_running)

    def _insert(self, field: str) -> None:
        self._template.insert("{prompt:40}" if field == "prompt" else f"{{{field}}}")
        self._template.setFocus()

    def _ask_for_folder(self) -> None:
        dialog = QFileDialog(self, "Export to", self._folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._folder.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_go_clicked(self) -> None:
        template = naming.parse(self._template.text()) if self.kind.has_copies else naming.DEFAULT
        wanted = Wanted(
            Which(self._which.value),
            self.kind,
            Style(template, self._metadata.isChecked(), self._sidecars.isChecked()),
            _COLLISIONS[self._collision.value],
            Tempo(round(self._seconds.value() * 1000), self._fade.isChecked()),
            Path(self._folder.text().strip()).expanduser(),
        )
        self._set_running(running=True)
        self.wanted.emit(wanted)

    def _set_running(self, *, running: bool) -> None:
        self._is_running = running
        self._question.hide()
        for part in (self._which, self._as, self._options, self._collision, self._folder, self._choose):
            part.setEnabled(not running)
        self._cancel.setEnabled(True)
        self._bar.setRange(0, 0)
        self._bar.setVisible(running)
        self._status.setProperty("kind", "quiet")
        self._restyle(self._status)
        self._status.setText("Exporting…" if running else "")
        self._renew()
        (self._cancel if running else self._go).setFocus()

    def _restyle(self, label: QWidget) -> None:
        label.style().unpolish(label)
        label.style().polish(label)
