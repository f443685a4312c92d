"""What the history asks for."""

from PySide6.QtCore import QObject

from imagine_desktop.domain.record import Picture, PictureId
from imagine_desktop.domain.request import Request
from imagine_desktop.ui.parts import Parts


class HistoryWiring(QObject):
    """Lets the history's rows act."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._parts = parts
        history, shelf = parts.window.history, parts.shelf
        history.session_chosen.connect(shelf.choose_session)
        history.picture_chosen.connect(self._on_chosen)
        history.edit_requested.connect(parts.intake.take_picture)
        history.compare_requested.connect(parts.display.compare_with_parent)
        history.run_again_requested.connect(parts.repeat.run_again)
        history.menu_requested.connect(lambda where, picture_id: parts.acts.open_menu(where, [picture_id]))
        parts.repeat.loaded.connect(self._load_request)
        parts.acts.use_settings.connect(self._load_request)
        parts.acts.list_sessions = lambda: history.sessions
        parts.acts.show_in_history.connect(self._reveal)
        shelf.session_changed.connect(parts.window.panel.setFocus)

    def _on_chosen(self, picture_id: PictureId) -> None:
        if not self._parts.pairing.take(picture_id):
            self._parts.display.open(picture_id)

    def _reveal(self, picture: Picture) -> None:
        history, shelf = self._parts.window.history, self._parts.shelf
        history.show()
        if picture.session_id != shelf.session_id:
            shelf.choose_session(picture.session_id)
        history.set_current_picture(picture.id)

    def _load_request(self, request: Request) -> None:
        self._parts.draft.load(request)
        self._parts.window.notices.show("The prompt panel holds that request again; look it over and send it.")
        self._parts.window.panel.setFocus()
