"""What a run of the window starts with, and who tells it of what no code expected."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from imagine_desktop.secrets import Secret
from imagine_desktop.settings import Profile, Settings


@dataclass(frozen=True, slots=True)
class Launch:
    """Where the library lies, what the person chose, and the files they gave.

    `wanted` is the profile to use once its key is found, or with `spare_key` where it has none; `is_firm` says
    that the person chose it.
    """

    library: Path
    settings_path: Path
    settings: Settings
    profile: Profile
    key: Secret | None = None
    wanted: Profile | None = None
    is_firm: bool = False
    spare_key: Secret | None = None
    files: tuple[Path, ...] = ()
    answer_s: float = 300.0
    is_tour: bool = False


class Reports(QObject):
    """Carries an unexpected error's report id from whichever thread to the window's.

    Signals:
        reported: the id under which the log has it.
    """

    reported = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []

    def add(self, report_id: str) -> None:
        """Take note of one more; who comes later finds it in `ids`."""
        self.ids.append(report_id)
        self.reported.emit(report_id)
