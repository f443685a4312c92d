"""The request being made, kept in the settings from one start to the next."""

from PySide6.QtCore import QObject, QTimer

from imagine_desktop.settings import Settings
from imagine_desktop.ui.compose.draft import Draft
from imagine_desktop.ui.shell.configuration import Configuration

_KEPT_AFTER_MS = 400


def restore(draft: Draft, settings: Settings) -> None:
    """Make a draft what it was when it was kept."""
    if settings.model:
        draft.model = settings.model
    draft.aspect_ratio = settings.aspect_ratio
    draft.resolution = settings.resolution
    draft.quality = settings.quality or draft.quality
    draft.count = settings.count
    draft.prompt = settings.prompt


class DraftKeeper(QObject):
    """Keeps a draft soon after each change."""

    def __init__(self, draft: Draft, configuration: Configuration, parent: QObject) -> None:
        super().__init__(parent)
        self._draft = draft
        self._configuration = configuration
        self._settled = QTimer(self, singleShot=True, interval=_KEPT_AFTER_MS)
        self._settled.timeout.connect(self.keep)
        draft.changed.connect(self._settled.start)

    def keep(self) -> None:
        """Keep it now."""
        self._settled.stop()
        self._configuration.keep(
            prompt=self._draft.prompt,
            model=self._draft.model,
            aspect_ratio=self._draft.aspect_ratio,
            resolution=self._draft.resolution,
            quality=self._draft.quality or "",
            count=self._draft.count,
        )
