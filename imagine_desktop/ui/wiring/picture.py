"""The picture view, the comparison, and the way to them and back."""

from PySide6.QtCore import QObject, QTimer

from imagine_desktop.domain.record import PictureId
from imagine_desktop.ui.parts import Parts
from imagine_desktop.ui.shell.window import View

_FOLLOW_AFTER_MS = 60  # the picture comes first, and a held key goes faster than the history can be painted


class PictureWiring(QObject):
    """Shows one picture or two, and lets what is shown act."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._parts = parts
        self._compared_from: View = "gallery"
        self._follow = QTimer(self, singleShot=True, interval=_FOLLOW_AFTER_MS)
        self._follow.timeout.connect(self._follow_picture)
        window, display = parts.window, parts.display
        viewer = window.viewer
        viewer.edit_requested.connect(parts.intake.take_picture)
        viewer.compare_requested.connect(display.compare_with_parent)
        viewer.save_requested.connect(parts.saving.ask_to_save)
        viewer.menu_requested.connect(lambda where, picture_id: parts.acts.open_menu(where, [picture_id]))
        viewer.closed.connect(self._on_viewer_closed)
        window.compare.closed.connect(self._on_compare_closed)
        display.shown.connect(self._on_shown)
        display.compared.connect(self._show_compare)
        display.not_comparable.connect(window.notices.show)
        window.view_chosen.connect(self._on_view_chosen)
        parts.acts.open.connect(display.open)
        parts.acts.compare.connect(display.compare_with_parent)
        parts.acts.compare_with.connect(self._begin_pairing)
        parts.acts.compare_two.connect(display.compare_two)
        parts.pairing.paired.connect(display.compare_two)
        grid = window.gallery.grid
        grid.compare_with_requested.connect(self._compare_with_current)

    def _begin_pairing(self, picture_id: PictureId) -> None:
        self._parts.window.show_view("gallery")
        self._parts.pairing.begin(picture_id)

    def _compare_with_current(self, picture_id: PictureId) -> None:
        current = self._parts.window.gallery.grid.current_id()
        if current is not None and current != picture_id:
            self._parts.display.compare_two(current, picture_id)

    def _on_shown(self) -> None:
        self._parts.window.show_view("picture")
        self._follow.start()

    def _follow_picture(self) -> None:
        """Let gallery and history go where the picture view went."""
        self._follow.stop()
        window = self._parts.window
        shown = window.viewer.picture_id
        if shown is not None:
            window.gallery.grid.show_picture(shown)
            window.history.set_current_picture(shown)

    def _on_viewer_closed(self) -> None:
        self._follow_picture()
        self._parts.window.show_view("gallery")

    def _show_compare(self) -> None:
        window = self._parts.window
        if window.view != "compare":
            self._compared_from = window.view
        window.show_view("compare")

    def _on_compare_closed(self) -> None:
        self._parts.window.show_view(self._compared_from)

    def _on_view_chosen(self, view: View) -> None:
        window, model, display = self._parts.window, self._parts.model, self._parts.display
        first = model.id_at(0) if model.rowCount() else None
        current = window.gallery.grid.current_id() or first
        is_filled = {
            "gallery": True,
            "picture": window.viewer.picture_id is not None,
            "compare": window.compare.picture_ids is not None,
        }
        if view == "compare" and is_filled[view]:
            self._show_compare()
            return
        if is_filled[view]:
            window.show_view(view)
            return
        window.show_view(window.view)  # the buttons tell what is shown, not what was asked for
        if current is None:
            window.notices.show("There is no picture yet.")
        elif view == "picture":
            display.open(current)
        else:
            display.compare_with_parent(current)
