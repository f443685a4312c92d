"""The way from the first picture to the one that is shown, and what was made from it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from imagine_desktop.domain import prompts
from imagine_desktop.domain.record import Picture, PictureId
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.plain import PlainLabel, set_tip
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.theme import CONTROL_HEIGHT, STEP, Colours

_SIDE = CONTROL_HEIGHT
_ARROW = 16


class Step(QAbstractButton):
    """One picture on the way, small; the arrow to the next one is at its right.

    Signals:
        compare_requested: it was clicked with Alt.
    """

    compare_requested = Signal()

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self.picture_id: PictureId | None = None
        self._is_last = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_picture(self, picture: Picture, number: int, *, is_last: bool) -> None:
        """Stand for a picture, the `number`-th on the way."""
        self.picture_id, self._is_last = picture.id, is_last
        words = prompts.first_line(picture.prompt)
        name = "This picture" if is_last else "First picture" if number == 1 else f"Step {number}"
        self.setAccessibleName(f"{name}: {words}".rstrip(": "))
        set_tip(self, prompts.first_line(picture.prompt, 300))
        self.setEnabled(not is_last)
        self.updateGeometry()
        self.show()
        self.update()

    def sizeHint(self) -> QSize:
        """A square, and room for the arrow."""
        return QSize(_SIDE + (0 if self._is_last else _ARROW), _SIDE)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.compare_requested.emit()
        else:
            super().mousePressEvent(event)

    def enterEvent(self, event: QEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours, painter = Colours.of(self.palette()), QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        place = QRectF(1, 1, _SIDE - 2, _SIDE - 2)
        rounded = QPainterPath()
        rounded.addRoundedRect(place, STEP, STEP)
        painter.save()
        painter.setClipPath(rounded)
        pixmap = None if self.picture_id is None else self._thumbnails.pixmap(self.picture_id)
        if pixmap is None or pixmap.isNull():
            painter.fillRect(place, colours.raised)
        else:
            side = min(pixmap.width(), pixmap.height())
            part = QRectF((pixmap.width() - side) / 2, (pixmap.height() - side) / 2, side, side)
            painter.drawPixmap(place, pixmap, part)
        painter.restore()
        if self._is_last or self.hasFocus() or self.underMouse():
            colour = colours.accent if self._is_last or self.hasFocus() else colours.quiet
            painter.setPen(QPen(colour, 2))
            painter.drawRoundedRect(place, STEP, STEP)
        if not self._is_last:
            arrow = QRectF(_SIDE, (_SIDE - _ARROW) / 2, _ARROW, _ARROW).toRect()
            theme.icon("chevron-right", colours.quiet).paint(painter, arrow)


class Lineage(QWidget):
    """As many steps as there is room for: where there are more, those after the first one are left out.

    Signals:
        picked: a PictureId was clicked.
        compare_requested: a PictureId was clicked with Alt.
        child_requested: the first picture made from this one is wanted.
    """

    picked = Signal(object)
    compare_requested = Signal(object)
    child_requested = Signal()

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._way: tuple[Picture, ...] = ()
        self._steps: list[Step] = []
        self._left_out = PlainLabel("", self)
        self._left_out.setProperty("kind", "quiet")
        self._children = QPushButton(self)
        self._children.setProperty("kind", "quiet")
        self._children.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._children.clicked.connect(self.child_requested)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self._left_out)
        self._row.addWidget(self._children)
        self._row.addStretch()
        self.setMinimumWidth(2 * (_SIDE + _ARROW))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_SIDE)
        self.setAccessibleName("Path")
        thumbnails.ready.connect(self._on_thumbnails_ready)
        self.show_way((), 0)

    @property
    def steps(self) -> list[Step]:
        """The steps that are shown, the first one first."""
        return [step for step in self._steps if not step.isHidden()]

    def show_way(self, way: Sequence[Picture], child_count: int) -> None:
        """Show the way to the last of these pictures, and how many were made from it."""
        self._way = tuple(way)
        self._children.setText(f"{child_count:,} made from it" if child_count else "")
        self._children.setAccessibleName(f"{child_count:,} made from it")
        set_tip(self._children, "Go to the first of them (↓)")
        self._children.setVisible(child_count > 0)
        self._arrange()

    def sizeHint(self) -> QSize:
        return QSize(4 * (_SIDE + _ARROW), _SIDE)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Show the first, and as many of the last as there is room for; one alone is no way."""
        way = self._way if len(self._way) > 1 else ()
        room = self.width() - (self._children.sizeHint().width() if not self._children.isHidden() else 0)
        fitting = max(2, room // (_SIDE + _ARROW))
        shown = list(enumerate(way, 1))
        if len(shown) > fitting:
            shown = [shown[0], *shown[len(shown) - max(1, fitting - 2) :]]
        left_out = len(way) - len(shown)
        self._left_out.setText(f"+{left_out}  " if left_out else "")
        self._left_out.setVisible(left_out > 0)
        while len(self._steps) < len(shown):
            self._add_step()
        for step in self._steps[len(shown) :]:
            step.hide()
        for step, (number, picture) in zip(self._steps, shown, strict=False):
            step.show_picture(picture, number, is_last=number == len(way))

    def _add_step(self) -> None:
        step = Step(self._thumbnails, self)
        step.clicked.connect(lambda: self.picked.emit(step.picture_id))
        step.compare_requested.connect(lambda: self.compare_requested.emit(step.picture_id))
        self._row.insertWidget(len(self._steps) + (1 if self._steps else 0), step)
        self._steps.append(step)

    def _on_thumbnails_ready(self, _ids: object) -> None:
        for step in self.steps:
            step.update()
