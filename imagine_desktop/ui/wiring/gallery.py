"""What the gallery's tiles and its bar ask for."""

from PySide6.QtCore import QObject

from imagine_desktop.ui.parts import Parts


class GalleryWiring(QObject):
    """Lets the gallery act, and tells it why it is empty."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._parts = parts
        page, shelf = parts.window.gallery, parts.shelf
        page.grid.opened.connect(parts.display.open)
        page.grid.edit_requested.connect(parts.intake.take_picture)
        page.grid.compare_requested.connect(parts.display.compare_with_parent)
        page.grid.save_requested.connect(parts.saving.ask_to_save)
        page.grid.menu_requested.connect(parts.acts.open_menu)
        page.grid.current_changed.connect(parts.window.history.set_current_picture)
        page.grid.tile_px_changed.connect(lambda px: parts.configuration.keep(tile_px=px))
        page.scope_changed.connect(shelf.set_scope)
        page.search_cleared.connect(parts.window.search.clear)
        page.prompt_wanted.connect(parts.window.panel.setFocus)
        page.welcome.key_requested.connect(parts.configuration.open)
        parts.window.search.textChanged.connect(shelf.set_words)
        shelf.filled.connect(self._show_empty_state)
        parts.configuration.profile_changed.connect(self._show_empty_state)

    def _show_empty_state(self) -> None:
        self._parts.window.gallery.set_state(
            is_searching=bool(self._parts.window.search.text().strip()),
            is_sandbox=self._parts.configuration.profile.is_sandbox,
        )
