"""How the history's rows are measured and drawn."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from PySide6.QtCore import QObject, QPersistentModelIndex, QRect, QSize, Qt, SignalInstance
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPixmap, QTextLayout
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from imagine_desktop.domain import prompts
from imagine_desktop.domain.record import PictureId, PictureState, Turn, TurnState
from imagine_desktop.ui.history import captions
from imagine_desktop.ui.history.brush import Brush
from imagine_desktop.ui.history.model import HistoryModel, Index, SessionRow
from imagine_desktop.ui.history.tree import TurnRow
from imagine_desktop.ui.shell.theme import STEP

SESSION_HEIGHT = 52
ONE_TILE = 56
SMALL_TILE = 48
MOST_TILES = 4
_NODE_X = 20
_LANE_STEP = 16
_LANES_WIDTH = 64  # however often a line forks
_RIGHT = 12
_WRAPPED_MOST = 4096  # prompts whose line breaks are remembered

_STATE_ICONS: dict[captions.State, str] = {
    PictureState.PENDING: "hourglass",
    PictureState.SAVED: "image",
    PictureState.WITHHELD: "eye-off",
    PictureState.LOST: "cloud-off",
    PictureState.NOT_MADE: "ban",
    PictureState.DELETED: "ban",
    captions.Trashed.TRASHED: "trash-2",
}


class Thumbnails(Protocol):
    """Where small pictures come from: from memory at once, else None and later a word that they are `ready`."""

    @property
    def ready(self) -> SignalInstance:
        """Emitted with a list of the ids that can be had now."""
        ...

    def pixmap(self, picture_id: PictureId) -> QPixmap | None:
        """The picture's thumbnail, if it is in memory."""
        ...


@dataclass(frozen=True, slots=True)
class Tile:
    """One square of a node: a picture, one that is not known yet, or how many more there are."""

    rect: QRect
    picture_id: PictureId | None
    more: int = 0


class NodeDelegate(QStyledItemDelegate):
    """Draws sessions and turns.

    The view sets `shown` (the picture that carries the ring), `row_width`, `hovered` and
    `button` (what a button covers at the end of the row under the mouse and of the current one).
    """

    def __init__(self, model: HistoryModel, thumbnails: Thumbnails, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._thumbnails = thumbnails
        self.shown: PictureId | None = None
        self.hovered = QPersistentModelIndex()
        self.row_width = 320  # until the view has been laid out
        self.button = QSize()
        self._wrapped: dict[tuple[str, str, int], tuple[str, ...]] = {}

    def tiles(self, rect: QRect, row: TurnRow) -> list[Tile]:
        """The squares of a turn's row, the shown picture always among them."""
        ids: tuple[PictureId | None, ...] = row.turn.picture_ids or (None,) * row.turn.count
        left, top = self._content_left(rect, row), rect.top() + 2 * STEP
        if len(ids) == 1:
            return [Tile(QRect(left, top, ONE_TILE, ONE_TILE), ids[0])]
        room = (rect.right() - _RIGHT - left + STEP) // (SMALL_TILE + STEP)
        room = max(2, min(MOST_TILES, room))
        squares = [QRect(left + n * (SMALL_TILE + STEP), top, SMALL_TILE, SMALL_TILE) for n in range(room)]
        if len(ids) <= room:
            return [Tile(square, picture_id) for square, picture_id in zip(squares, ids, strict=False)]
        first = ids.index(self.shown) if self.shown in ids else 0
        first = 0 if first < room - 1 else min(first, len(ids) - room + 1)
        seen = ids[first : first + room - 1]
        hidden = ids[first + room - 1] if first + room - 1 < len(ids) else ids[0]
        tiles = [Tile(square, picture_id) for square, picture_id in zip(squares, seen, strict=False)]
        return [*tiles, Tile(squares[-1], hidden, more=len(ids) - len(seen))]

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row = self._model.row_at(index)
        if isinstance(row, SessionRow):
            return QSize(0, SESSION_HEIGHT)
        text = self._text_rect(QRect(0, 0, self.row_width, 0), row)
        metrics = QFontMetrics(option.font)
        lines = len(self._lines(row.turn, option.font, text.width()))
        height = text.top() + (lines + 1) * metrics.lineSpacing() + STEP
        return QSize(0, max(height, ONE_TILE + 2 * STEP) + 2 * STEP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        row = self._model.row_at(index)
        brush = Brush(painter, option, is_hovered=self.hovered == index)
        brush.ground()
        if isinstance(row, SessionRow):
            _paint_session(brush, row)
        else:
            self._paint_lines(brush, row)
            for tile in self.tiles(brush.rect, row):
                self._paint_tile(brush, row.turn, tile)
            self._paint_text(brush, row)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setMaxLength(120)
        editor.setAccessibleName("Session name")
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        height = editor.sizeHint().height()
        rect = option.rect.adjusted(28, 0, -STEP, 0)
        editor.setGeometry(rect.x(), rect.center().y() - height // 2, rect.width(), height)

    def _lines(self, turn: Turn, font: QFont, width: int) -> tuple[str, ...]:
        key = (turn.title, font.key(), width)
        if key not in self._wrapped:
            if len(self._wrapped) >= _WRAPPED_MOST:
                self._wrapped.clear()
            self._wrapped[key] = _wrapped(prompts.first_line(turn.title, 160), font, width)
        return self._wrapped[key]

    def _node_x(self, rect: QRect, lane: int) -> int:
        step = min(_LANE_STEP, _LANES_WIDTH // max(1, self._model.lane_count - 1))
        return rect.left() + _NODE_X + lane * step

    def _content_left(self, rect: QRect, row: TurnRow) -> int:
        return self._node_x(rect, row.lane) + 16

    def _text_rect(self, rect: QRect, row: TurnRow) -> QRect:
        """Where the words start and how wide they are: beside one tile, or below several."""
        tile = self.tiles(rect, row)[0].rect
        if tile.width() == ONE_TILE:
            left, top = tile.right() + 1 + 10, tile.top() - 2
        else:
            left, top = tile.left(), tile.bottom() + 1 + 6
        return QRect(left, top, rect.right() - _RIGHT - left, 0)

    def _paint_lines(self, brush: Brush, row: TurnRow) -> None:
        rect = brush.rect
        x, y = self._node_x(rect, row.lane), self.tiles(rect, row)[0].rect.center().y()
        for lane in row.passing:
            brush.line(self._node_x(rect, lane), rect.top(), rect.bottom() + 1)
        if row.is_branch:
            brush.elbow(self._node_x(rect, row.lane - 1), rect.top(), x, y)
        elif row.continues_chain:
            brush.line(x, rect.top(), y)
        if row.has_children:
            brush.line(x, y, rect.bottom() + 1)
        brush.node(x, y, row.turn.state, is_empty=captions.is_tombstone(row.turn, self._model.states))

    def _paint_tile(self, brush: Brush, turn: Turn, tile: Tile) -> None:
        if tile.more:
            brush.more(tile.rect, tile.more)
            return
        state: captions.State = PictureState.NOT_MADE
        pixmap = None
        if tile.picture_id is not None:
            state = captions.picture_state(tile.picture_id, turn, self._model.states)
            pixmap = self._thumbnails.pixmap(tile.picture_id) if state is PictureState.SAVED else None
        elif captions.is_under_way(turn):
            state = PictureState.PENDING
        if pixmap is None:
            brush.state_tile(
                tile.rect, "circle-help" if turn.state is TurnState.UNKNOWN else _STATE_ICONS[state]
            )
        else:
            brush.picture(tile.rect, pixmap)
        if tile.picture_id is not None and tile.picture_id == self.shown:
            brush.ring(tile.rect)

    def _paint_text(self, brush: Brush, row: TurnRow) -> None:
        text = self._text_rect(brush.rect, row)
        spacing = brush.metrics.lineSpacing()
        top = text.top()
        is_quiet = captions.is_tombstone(row.turn, self._model.states)
        for line in self._lines(row.turn, brush.font, text.width()):
            brush.text(QRect(text.left(), top, text.width(), spacing), line, is_quiet=is_quiet)
            top += spacing
        line = captions.turn_line(row.turn, self._model.states)
        room = QRect(text.left(), top + 2, text.width(), spacing)
        has_button = brush.is_hovered or brush.is_current
        if has_button and room.bottom() > brush.rect.bottom() - self.button.height():
            room.setWidth(text.width() - self.button.width() - STEP)
        brush.quiet_text(room, line, row.turn.state)


def _paint_session(brush: Brush, row: SessionRow) -> None:
    rect, session = brush.rect, row.session
    if rect.top() > 0 and not brush.is_current:
        brush.separator()
    brush.icon(
        QRect(rect.left() + 8, rect.top() + 9, 16, 16), "chevron-down" if row.is_open else "chevron-right"
    )
    inside = rect.adjusted(28, 8, -_RIGHT, -8)
    when = captions.day(session.created, date.today())
    room = brush.quiet_text(inside, when, alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    brush.text(inside.adjusted(0, 0, -room - 2 * STEP, 0), captions.session_name(session))
    brush.quiet_text(inside, captions.session_line(session), alignment=Qt.AlignmentFlag.AlignBottom)


def _wrapped(text: str, font: QFont, width: int) -> tuple[str, ...]:
    """The text on at most two lines of that width, the second one cut with an ellipsis."""
    layout = QTextLayout(text, font)
    layout.beginLayout()
    first = layout.createLine()
    if first.isValid():
        first.setLineWidth(width)
    layout.endLayout()
    end = first.textLength() if first.isValid() else 0
    if end >= len(text):
        return (text,)
    rest = QFontMetrics(font).elidedText(text[end:], Qt.TextElideMode.ElideRight, width)
    return (text[:end].rstrip(), rest)
