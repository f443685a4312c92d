"""What the history asks for."""

from PySide6.QtCore import QObject

from imagine_desktop.domain.request import Request
from imagine_desktop.ui.parts import Parts


class HistoryWiring(QObject):
    """Lets the history's rows act."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._parts = parts
        history, shelf = parts.window.history, parts.shelf
        history.session_chosen.connect(shelf.choose_session)
        history.rename_requested.connect(shelf.rename_session)
        history.picture_chosen.connect(parts.display.open)
        history.edit_requested.connect(parts.intake.take_picture)
        history.run_again_requested.connect(parts.repeat.run_again)
        history.menu_requested.connect(lambda where, picture_id: parts.acts.open_menu(where, [picture_id]))
        parts.repeat.loaded.connect(self._load_request)
        shelf.session_changed.connect(parts.window.panel.setFocus)

    def _load_request(self, request: Request) -> None:
        self._parts.draft.load(request)
        self._parts.window.notices.show("The prompt panel holds that request again; look it over and send it.")
        self._parts.window.panel.setFocus()
