"""Where pictures can be pulled out of the window, and the keys of the clipboard."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from imagine_desktop.domain.record import PictureId
from imagine_desktop.ui.carrying.grip import Grip
from imagine_desktop.ui.carrying.keys import CopyKeys
from imagine_desktop.ui.parts import Parts


class CarryingWiring(QObject):
    """Lets pictures be dragged and copied from wherever they are shown."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._parts = parts
        window = parts.window
        grid, history, viewer = window.gallery.grid, window.history.view, window.viewer
        self._let_drag(grid.viewport(), grid.pulled_at)
        self._let_drag(history.viewport(), history.pulled_at, waits=True)
        self._let_drag(viewer.canvas, viewer.pulled_at)
        self._let_copy(grid, grid.selected_ids)
        self._let_copy(history, history.chosen)
        self._let_copy(viewer, viewer.chosen)
        window.actions_by_id["paste"].triggered.connect(parts.receiving.paste)
        parts.giving.failed.connect(window.notices.show_error)

    def _let_drag(
        self, widget: QWidget, pictures_at: Callable[[QPoint], Sequence[PictureId]], *, waits: bool = False
    ) -> None:
        grip = Grip(widget, pictures_at, waits=waits)
        grip.pulled.connect(partial(self._parts.giving.drag, widget))

    def _let_copy(self, widget: QWidget, chosen: Callable[[], Sequence[PictureId]]) -> None:
        keys = CopyKeys(widget, chosen)
        keys.copy_requested.connect(self._parts.giving.copy)
        keys.copy_prompt_requested.connect(self._parts.giving.copy_prompt)
