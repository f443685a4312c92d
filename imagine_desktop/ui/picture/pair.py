"""Two pictures that are compared: what is known of each, and how they are laid over one another."""

from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF
from PySide6.QtGui import QPainter, QPixmap

from imagine_desktop.domain.record import Picture, Turn
from imagine_desktop.ui.picture.full import Full
from imagine_desktop.ui.picture.viewport import paint_message, paint_stand_in
from imagine_desktop.ui.shell.theme import Colours


@dataclass(slots=True)
class Subject:
    """One of the two, the turn that made it, and what stands in for it until it is decoded."""

    picture: Picture
    turn: Turn | None = None
    preview: QPixmap | None = None
    full: Full | None = None
    message: str = ""

    @property
    def size(self) -> QSize:
        """How many pixels it has."""
        if self.full is not None:
            return QSize(self.full.width, self.full.height)
        return QSize(self.picture.width, self.picture.height)

    def paint(self, painter: QPainter, sheet: QRectF, dpr: float, colours: Colours) -> None:
        """Paint it as large as it can be in the place of the sheet."""
        target = fitted(self.size, sheet)
        if self.full is not None:
            self.full.paint(painter, target, dpr)
        elif self.message:
            painter.fillRect(target, colours.raised)
            paint_message(painter, target, self.message, colours)
        else:
            paint_stand_in(painter, target, self.preview, colours)


@dataclass(slots=True)
class Pair:
    """Before and after. The sheet on which both lie has the size of the one after."""

    before: Subject
    after: Subject
    sides: tuple[Subject, Subject] = field(init=False)

    def __post_init__(self) -> None:
        self.sides = (self.before, self.after)

    @property
    def sheet(self) -> QSize:
        """The size that both are shown in."""
        return self.after.size

    @property
    def are_of_one_size(self) -> bool:
        """Whether a pixel of one lies on a pixel of the other."""
        return self.before.size == self.after.size

    def swapped(self) -> "Pair":
        """The same two, the other way round."""
        return Pair(self.after, self.before)


def fitted(size: QSize, room: QRectF) -> QRectF:
    """A rectangle of a picture's shape in the middle of a room, as large as there is room for."""
    if size.isEmpty():
        return room
    scale = min(room.width() / size.width(), room.height() / size.height())
    made = QRectF(QPointF(), QSizeF(size) * scale)
    made.moveCenter(room.center())
    return made
