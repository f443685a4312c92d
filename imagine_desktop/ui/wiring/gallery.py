"""What the gallery's tiles and its bar ask for."""

from PySide6.QtCore import QObject

from imagine_desktop.domain.sight import NO_FILTER, Sight
from imagine_desktop.errors import ImagineError
from imagine_desktop.library import searches
from imagine_desktop.ui.gallery.filters import FilterPopup, Offer, in_words
from imagine_desktop.ui.parts import Parts


class GalleryWiring(QObject):
    """Lets the gallery act, shows what it shows, and keeps that for the next start."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._parts = parts
        self._popup: FilterPopup | None = None
        self._connect_tiles()
        self._connect_bar()
        contents = parts.contents
        contents.changed.connect(self._show_contents)
        contents.filled.connect(self._show_empty_state)
        contents.failed.connect(self._on_failed)
        contents.recall(parts.launch.settings)
        contents.changed.connect(self._keep)
        parts.configuration.profile_changed.connect(self._show_empty_state)

    def _connect_tiles(self) -> None:
        parts, page = self._parts, self._parts.window.gallery
        grid = page.grid
        grid.opened.connect(parts.display.open)
        grid.edit_requested.connect(parts.intake.take_picture)
        grid.compare_requested.connect(parts.display.compare_with_parent)
        grid.save_requested.connect(parts.saving.ask_to_save)
        grid.menu_requested.connect(parts.acts.open_menu)
        grid.current_changed.connect(parts.window.history.set_current_picture)
        grid.tile_px_changed.connect(lambda px: parts.configuration.keep(tile_px=px))
        page.prompt_wanted.connect(parts.window.panel.setFocus)
        page.welcome.key_requested.connect(parts.configuration.open)

    def _connect_bar(self) -> None:
        page, contents = self._parts.window.gallery, self._parts.contents
        page.bar.scope_picked.connect(contents.set_scope)
        page.bar.headers_picked.connect(contents.set_headers)
        page.bar.filter_wanted.connect(self._open_filter)
        page.scope_wanted.connect(contents.set_scope)
        page.search_cleared.connect(self._parts.window.search.clear)
        page.filter_cleared.connect(lambda: contents.set_filter(NO_FILTER))

    def _show_contents(self) -> None:
        contents, bar = self._parts.contents, self._parts.window.gallery.bar
        bar.show_scope(contents.sight.scope)
        bar.show_headers(contents.headers)
        bar.show_filter(in_words(contents.sight.filter, self._model_names()))
        self._parts.acts.scope = contents.sight.scope
        if self._popup is not None:
            self._popup.show_filter(contents.sight.filter)

    def _show_empty_state(self) -> None:
        self._parts.window.gallery.set_state(
            self._parts.contents.sight, is_sandbox=self._parts.configuration.profile.is_sandbox
        )

    def _keep(self) -> None:
        contents = self._parts.contents
        sight = Sight(contents.kept_scope, filter=contents.sight.filter)
        self._parts.configuration.keep(sight=searches.write(sight), headers=contents.headers.value)

    def _open_filter(self) -> None:
        self._parts.background.run(self._parts.library.records.models, self._show_filter)

    def _show_filter(self, models: list[str]) -> None:
        bar, contents = self._parts.window.gallery.bar, self._parts.contents
        catalog = self._parts.draft.catalog
        names = {model: catalog.model(model).name for model in models}
        ratios = [ratio.id for ratio in catalog.ratios]
        offer = Offer(names, ratios)
        if self._popup is None or self._popup.offer != offer:
            if self._popup is not None:
                self._popup.deleteLater()
            self._popup = FilterPopup(offer, bar.filter_button)
            self._popup.changed.connect(contents.set_filter)
        self._popup.show_filter(contents.sight.filter)
        self._popup.open("")

    def _model_names(self) -> dict[str, str]:
        catalog = self._parts.draft.catalog
        return {model.id: model.name for model in catalog.models}

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, ImagineError):
            raise error
        self._parts.window.notices.show_error(error)
