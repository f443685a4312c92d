"""Pictures out of the library: as one file, or as an export."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject

from imagine_desktop.domain.record import PictureId
from imagine_desktop.ui.export.exporting import tell_written
from imagine_desktop.ui.parts import Parts


class SavingWiring(QObject):
    """Saves what is chosen, and says what came of it."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._parts = parts
        saving, notices = parts.saving, parts.window.notices
        parts.window.actions_by_id["export"].triggered.connect(self._export)
        parts.window.actions_by_id["save_as"].triggered.connect(self._save_as)
        parts.acts.save.connect(saving.ask_to_save)
        parts.acts.copy.connect(parts.giving.copy)
        parts.acts.copy_prompt.connect(parts.giving.copy_prompt)
        parts.acts.show_in_folder.connect(saving.show_in_folder)
        saving.saved.connect(partial(tell_written, notices))
        saving.export_wanted.connect(self._export_pictures)
        saving.failed.connect(notices.show_error)

    def _export(self) -> None:
        self._export_pictures(self._chosen())

    def _export_pictures(self, ids: Sequence[PictureId]) -> None:
        parts = self._parts
        shown = parts.contents.shown if parts.model.rowCount() else None
        parts.exporting.ask(ids, parts.shelf.session_id, shown)

    def _save_as(self) -> None:
        chosen = self._chosen()
        if chosen:
            self._parts.saving.ask_to_save(chosen)
        else:
            self._parts.window.notices.show("Choose a picture to save first.")

    def _chosen(self) -> list[PictureId]:
        window = self._parts.window
        shown = window.viewer.picture_id
        if window.view == "picture" and shown is not None:
            return [shown]
        return window.gallery.grid.selected_ids()
