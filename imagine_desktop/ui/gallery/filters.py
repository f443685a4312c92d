"""The gallery's filter: a panel to set it, and what it leaves out, in words."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from PySide6.QtCore import QDate, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QDateEdit,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from imagine_desktop.domain.sight import NO_FILTER, Filter, Origin
from imagine_desktop.ui.compose.choice import Popup
from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.shell.theme import CONTROL_RADIUS, STEP, Colours, shades

_WIDTH = 400
_DAY_WIDTH = 114
_HEIGHT = 28
_T = TypeVar("_T")
_TROUBLED = "withheld or failed"


@dataclass(frozen=True, slots=True)
class Offer:
    """What there is to filter by: models by id with what they are called, and ratios."""

    models: Mapping[str, str]
    ratios: Sequence[str]


def in_words(chosen: Filter, models: Mapping[str, str]) -> str:
    """What a filter lets pass: `since 1 Nov 2026 · 16:9 · edited`; empty where that is everything."""
    parts = []
    if chosen.since is not None:
        parts.append(f"since {_day_text(chosen.since)}")
    if chosen.until is not None:
        parts.append(f"until {_day_text(chosen.until - 1)}")
    parts.extend(sorted(models.get(model, model) for model in chosen.models))
    parts.append(" or ".join(sorted(chosen.ratios)))
    parts.append(" or ".join(origin.value for origin in Origin if origin in chosen.origins))
    parts.append("starred" if chosen.is_starred else "")
    parts.append(_TROUBLED if chosen.is_troubled else "")
    return " · ".join(filter(None, parts))


class FilterPopup(Popup):
    """A panel of switches; every change counts at once.

    Signals:
        changed: the Filter that is set now.
    """

    changed = Signal(object)

    def __init__(self, offer: Offer, owner: QWidget) -> None:
        super().__init__(owner)
        self.setAccessibleName("Filter by")
        self.offer = offer
        self._filter = NO_FILTER
        self._since, self._until = _Day("From", self), _Day("To", self)
        self._models = {model: Toggle(name, self) for model, name in offer.models.items()}
        self._ratios = {ratio: Toggle(ratio, self) for ratio in offer.ratios}
        self._origins = {origin: Toggle(origin.value.capitalize(), self) for origin in Origin}
        self._starred, self._troubled = Toggle("Starred", self), Toggle(_TROUBLED.capitalize(), self)
        self._clear = QPushButton("Clear the filter", self)
        self._build()
        for toggle in self._toggles():
            toggle.toggled.connect(self._on_changed)
            self.add(toggle)
        for day in (self._since, self._until):
            day.changed.connect(self._on_changed)
        self._clear.clicked.connect(lambda: self._put(NO_FILTER))
        self.add(self._clear)

    def show_filter(self, chosen: Filter) -> None:
        """Set the switches by a filter, without a word."""
        self._filter = chosen
        self._since.show_moment(chosen.since)
        self._until.show_moment(None if chosen.until is None else chosen.until - 1)
        _check(self._models, chosen.models)
        _check(self._ratios, chosen.ratios)
        _check(self._origins, chosen.origins)
        _check({True: self._starred}, {chosen.is_starred})
        _check({True: self._troubled}, {chosen.is_troubled})
        self._clear.setEnabled(chosen != NO_FILTER)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * STEP, 3 * STEP, 4 * STEP, 4 * STEP)
        column.setSpacing(2 * STEP)
        days = QHBoxLayout()
        days.setSpacing(4 * STEP)
        days.addWidget(self._since)
        days.addWidget(self._until)
        column.addWidget(_title("Date", self))
        column.addLayout(days)
        for title, toggles, columns in (
            ("Model", self._models.values(), 2),
            ("Aspect ratio", self._ratios.values(), 6),
            ("Origin", self._origins.values(), 3),
            ("Only", (self._starred, self._troubled), 2),
        ):
            if toggles:
                column.addWidget(_title(title, self))
                column.addLayout(_in_columns(toggles, columns))
        column.addSpacing(STEP)
        column.addWidget(self._clear)
        self.setFixedWidth(_WIDTH)

    def _toggles(self) -> "list[Toggle]":
        groups = (self._models, self._ratios, self._origins)
        return [*(toggle for group in groups for toggle in group.values()), self._starred, self._troubled]

    def _on_changed(self) -> None:
        since, until = self._since.date, self._until.date
        self._put(
            Filter(
                since=None if since is None else _begin_of(since),
                until=None if until is None else _begin_of(until.addDays(1)),
                models=_checked(self._models),
                ratios=_checked(self._ratios),
                origins=_checked(self._origins),
                is_starred=self._starred.isChecked(),
                is_troubled=self._troubled.isChecked(),
            )
        )

    def _put(self, chosen: Filter) -> None:
        if chosen != self._filter:
            self.show_filter(chosen)
            self.changed.emit(chosen)


class Toggle(QAbstractButton):
    """A pill that is on or off."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """As wide as its words."""
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 4 * STEP, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colours = Colours.of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_lit = self.isDown() or self.underMouse()
        edge = colours.accent if self.isChecked() else shades(colours)["edge"] if is_lit else colours.line
        painter.setBrush(shades(colours)["selected"] if self.isChecked() else colours.window)
        painter.setPen(QPen(colours.accent if self.hasFocus() else edge, 2 if self.hasFocus() else 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), CONTROL_RADIUS, CONTROL_RADIUS)
        painter.setPen(colours.text if self.isChecked() or is_lit else colours.quiet)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        if self.isChecked():  # not by colour alone
            painter.setPen(QPen(colours.accent, 1.5, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            corner = QPointF(self.width() - 9, 5)
            painter.drawPolyline([corner + QPointF(-1, 2), corner + QPointF(1, 4), corner + QPointF(5, 0)])


class _Day(QWidget):
    """A day that counts where it is ticked.

    Signals:
        changed: it is another day, or counts no more.
    """

    changed = Signal()

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._is_on = QCheckBox(text, self)
        self._day = QDateEdit(QDate.currentDate(), self)
        self._day.setAccessibleName(f"{text} day")
        self._day.setDisplayFormat("yyyy-MM-dd")
        self._day.setMinimumWidth(_DAY_WIDTH)
        self._day.lineEdit().setTextMargins(STEP, 0, 0, 0)  # a style sheet's padding is not used here
        self._day.setEnabled(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * STEP)
        row.addWidget(self._is_on)
        row.addWidget(self._day, 1)
        self._is_on.toggled.connect(self._day.setEnabled)
        self._is_on.toggled.connect(self.changed)
        self._day.dateChanged.connect(self.changed)

    @property
    def date(self) -> QDate | None:
        """The day, or None where it does not count."""
        return self._day.date() if self._is_on.isChecked() else None

    def show_moment(self, moment: float | None) -> None:
        """Show the day of a moment, without a word."""
        for part in (self._is_on, self._day):
            part.blockSignals(True)
        if moment is not None:
            at = time.localtime(moment)
            self._day.setDate(QDate(at.tm_year, at.tm_mon, at.tm_mday))
        self._is_on.setChecked(moment is not None)
        self._day.setEnabled(moment is not None)
        for part in (self._is_on, self._day):
            part.blockSignals(False)


def _begin_of(day: QDate) -> float:
    """The first moment of a day, by the local clock."""
    return time.mktime((day.year(), day.month(), day.day(), 0, 0, 0, 0, 0, -1))


def _day_text(moment: float) -> str:
    at = time.localtime(moment)
    return f"{at.tm_mday} {time.strftime('%b %Y', at)}"


def _check(switches: Mapping[_T, Toggle], on: Iterable[_T]) -> None:
    wanted = set(on)
    for key, switch in switches.items():
        switch.blockSignals(True)
        switch.setChecked(key in wanted)
        switch.blockSignals(False)
        switch.update()


def _checked(switches: Mapping[_T, Toggle]) -> frozenset[_T]:
    return frozenset(key for key, switch in switches.items() if switch.isChecked())


def _title(text: str, parent: QWidget) -> PlainLabel:
    title = PlainLabel(text, parent)
    title.setProperty("kind", "title")
    return title


def _in_columns(toggles: Iterable[Toggle], columns: int) -> QGridLayout:
    grid = QGridLayout()
    grid.setSpacing(STEP)
    for place, toggle in enumerate(toggles):
        grid.addWidget(toggle, place // columns, place % columns)
    for column in range(columns):
        grid.setColumnStretch(column, 1)
    return grid
