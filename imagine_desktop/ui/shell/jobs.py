"""The jobs strip: one chip for every job under way, with what it is doing and a way to stop it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QResizeEvent
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

from imagine_desktop.domain import prompts
from imagine_desktop.domain.job import Job, JobState
from imagine_desktop.domain.record import TurnId
from imagine_desktop.errors import NotSent
from imagine_desktop.ui import plain
from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.card import Card
from imagine_desktop.ui.shell.theme import CONTROL_HEIGHT, CONTROL_RADIUS, STEP, Colours

MOST_CHIPS = 24
_ICON_PX = 16
_LEAST_LINE_PX = 72

_ICONS = {
    JobState.QUEUED: "clock",
    JobState.PREPARING: "loader-circle",
    JobState.SENDING: "upload",
    JobState.WAITING: "hourglass",
    JobState.DOWNLOADING: "download",
    JobState.DONE: "circle-check",
    JobState.FAILED: "circle-alert",
    JobState.UNKNOWN: "circle-help",
    JobState.CANCELLED: "x",
}
_FREE = (JobState.QUEUED, JobState.PREPARING, JobState.WAITING)


def state_text(job: Job, now_s: float, heard_s: float) -> str:
    """What a job is doing, in a few words; `heard_s` is when it was said to be in this state."""
    if job.is_cancelling and not job.state.is_end:
        return "stopping · the result is kept"
    if job.state is JobState.WAITING:
        return f"waiting {_left_s(job, now_s, heard_s)} s · not charged"
    if job.state is JobState.DOWNLOADING:
        return f"downloading {_amount(job.received_bytes)}"
    if job.state is JobState.SENDING and job.started_s is not None:
        minutes, seconds = divmod(max(0, int(now_s - job.started_s)), 60)
        return f"generating {minutes}:{seconds:02}"
    if job.state is JobState.UNKNOWN:
        return "unknown · may be charged"
    return str(job.state)


def _left_s(job: Job, now_s: float, heard_s: float) -> int:
    return max(0, round((job.retry_in_s or 0) - (now_s - heard_s)))


def cancel_tip(job: Job) -> str:
    """What stopping a job would mean for the person's money."""
    if job.state in _FREE:
        return "Cancel — nothing sent yet, free"
    if job.is_cancelling or job.state is JobState.DOWNLOADING:
        return "Already paid for: the result is fetched and kept"
    return "Stop waiting — already sent, may be charged; the result is kept"


def _amount(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count // 1000} kB"


@dataclass
class _Entry:
    job: Job
    heard_s: float  # when it was first said to be in this state

    @property
    def is_limited(self) -> bool:
        """Whether the API's rate limit holds it back: its own refusal, or that of another job."""
        return self.job.state is JobState.WAITING and not isinstance(self.job.error, NotSent)


class JobsStrip(QWidget):
    """Shows the jobs it is told of, hidden while there are none. `clock` gives `time.monotonic()` seconds.

    Signals:
        cancel_requested: a job's id.
        chosen: the id of a job whose chip was pressed.
        limit_told: what all jobs that wait for the API's rate limit wait for; empty where none does.
    """

    limit_told = Signal(str)
    cancel_requested = Signal(object)
    chosen = Signal(object)

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        linger_s: float = 4.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Jobs")
        self._linger_s = linger_s
        self._clock = clock
        self._entries: dict[TurnId, _Entry] = {}
        self._chips: dict[TurnId, JobChip] = {}
        self._limit_text = ""
        self._more = PlainLabel("", self)
        self._more.setProperty("kind", "quiet")
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._update_chips)
        self._build()
        self.hide()

    def set_job(self, job: Job) -> None:
        """Show a job as it now is."""
        known = self._entries.get(job.id)
        if known is None and job.state.is_end:
            return
        is_news = known is None or known.job.state is not job.state or known.job.retry_in_s != job.retry_in_s
        heard_s = self._clock() if known is None or is_news else known.heard_s
        self._entries[job.id] = _Entry(job, heard_s)
        if job.state.is_end and is_news:
            QTimer.singleShot(round(self._linger_s * 1000), self, lambda: self._drop(job.id))
        if is_news:
            self._show_entries()
        elif job.id in self._chips:
            self._update_chip(job.id)

    def _build(self) -> None:
        self._row = QWidget(self)
        self._row.setObjectName("content")
        self._layout = QHBoxLayout(self._row)
        self._layout.setContentsMargins(2 * STEP, STEP, 2 * STEP, STEP)
        self._layout.setSpacing(2 * STEP)
        self._layout.addWidget(self._more)
        self._layout.addStretch()
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setWidget(self._row)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFixedHeight(CONTROL_HEIGHT + 6 * STEP)
        line = QFrame(self)
        line.setProperty("kind", "line")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(line)
        column.addWidget(area)

    def _show_entries(self) -> None:
        """Give the first jobs a chip each, and bring every chip up to date."""
        seen = list(self._entries)[:MOST_CHIPS]
        for job_id in [job_id for job_id in self._chips if job_id not in seen]:
            chip = self._chips.pop(job_id)
            chip.hide()
            chip.deleteLater()
        for job_id in seen:
            if job_id not in self._chips:
                self._add_chip(job_id)
        self._update_chips()
        hidden = len(self._entries) - len(seen)
        self._more.setText(f"+{hidden} more")
        self._more.setVisible(hidden > 0)
        self.setVisible(bool(self._entries))
        if all(entry.job.state.is_end for entry in self._entries.values()):
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()

    def _add_chip(self, job_id: TurnId) -> None:
        chip = JobChip(self._row)
        chip.pressed.connect(lambda: self.chosen.emit(job_id))
        chip.cancel_pressed.connect(lambda: self.cancel_requested.emit(job_id))
        self._layout.insertWidget(len(self._chips), chip)
        self._chips[job_id] = chip
        chip.show()

    def _update_chips(self) -> None:
        for job_id in self._chips:
            self._update_chip(job_id)
        self._tell_limit()

    def _update_chip(self, job_id: TurnId) -> None:
        entry = self._entries[job_id]
        self._chips[job_id].show_job(entry.job, state_text(entry.job, self._clock(), entry.heard_s))

    def _tell_limit(self) -> None:
        """One gate holds all of them back, so that the last to open is the one that counts."""
        now_s = self._clock()
        left = [
            _left_s(entry.job, now_s, entry.heard_s) for entry in self._entries.values() if entry.is_limited
        ]
        text = f"Waiting for the rate limit, {max(left)} s, not charged" if left else ""
        if text != self._limit_text:
            self._limit_text = text
            self.limit_told.emit(text)

    def _drop(self, job_id: TurnId) -> None:
        del self._entries[job_id]
        self._show_entries()


class JobChip(Card):
    """One job: its state, its prompt's beginning, and a button to stop it.

    Signals:
        pressed: the prompt was pressed.
        cancel_pressed: the button was pressed.
    """

    radius = CONTROL_RADIUS
    lift = 0.5
    pressed = Signal()
    cancel_pressed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._job: Job | None = None
        self._icon = PlainLabel("", self)
        self._prompt = _LineButton(self)
        self._prompt.clicked.connect(self.pressed)
        self._state = PlainLabel("", self)
        self._state.setProperty("kind", "quiet")
        self._count = PlainLabel("", self)
        self._cancel = QToolButton(self)
        self._cancel.setAccessibleName("Cancel job")
        self._cancel.setIconSize(QSize(_ICON_PX, _ICON_PX))
        self._cancel.clicked.connect(self.cancel_pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(3 * STEP, 0, STEP, 0)
        row.setSpacing(STEP)
        for part in (self._icon, self._prompt, self._state, self._count, self._cancel):
            row.addWidget(part)
        row.insertSpacing(3, STEP)
        row.insertSpacing(2, STEP)
        self.setFixedHeight(CONTROL_HEIGHT + STEP)
        self._colour()

    def show_job(self, job: Job, text: str) -> None:
        """Show a job, with the words for its state."""
        is_new_state = self._job is None or self._job.state is not job.state
        self._job = job
        line = prompts.first_line(job.request.prompt, 32)
        self._prompt.set_line(line)
        self._prompt.setAccessibleName(f"Job: {line}")
        plain.set_tip(self._prompt, job.request.prompt)
        self._prompt.setAccessibleDescription(f"{text}, {job.saved_count} of {job.request.count} saved")
        self._state.setText(text)
        self._count.setText(f"{job.saved_count}/{job.request.count}")
        self._cancel.setVisible(not job.state.is_end)
        self._cancel.setEnabled(not job.is_cancelling)
        plain.set_tip(self._cancel, cancel_tip(job))
        if is_new_state:
            self._colour()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _colour(self) -> None:
        colours = Colours.of(self.palette())
        self._cancel.setIcon(theme.icon("x", colours.text))
        if self._job is not None:
            icon = theme.icon(_ICONS[self._job.state], _colour_of(self._job.state, colours))
            self._icon.setPixmap(icon.pixmap(QSize(_ICON_PX, _ICON_PX), self.devicePixelRatioF()))


class _LineButton(QPushButton):
    """A flat button that shows as much of a line as it has room for."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("kind", "quiet")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._line = ""

    def set_line(self, line: str) -> None:
        """Show another line."""
        if line != self._line:
            self._line = line
            self._fit()
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        metrics, hint = self.fontMetrics(), super().sizeHint()
        beside = hint.width() - metrics.horizontalAdvance(self.text().replace("&&", "&"))
        return QSize(beside + metrics.horizontalAdvance(self._line), hint.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(_LEAST_LINE_PX, self.sizeHint().width()), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - 4 * STEP
        text = self.fontMetrics().elidedText(self._line, Qt.TextElideMode.ElideRight, room)
        self.setText(text.replace("&", "&&"))


def _colour_of(state: JobState, colours: Colours) -> QColor:
    return {
        JobState.DONE: colours.saved,
        JobState.FAILED: colours.failed,
        JobState.UNKNOWN: colours.unknown,
        JobState.QUEUED: colours.quiet,
        JobState.CANCELLED: colours.quiet,
    }.get(state, colours.waiting)
