"""Where things lie: the program's own resources, and the person's data.

`IMAGINE_DESKTOP_HOME` moves everything of the person's into one folder.
"""

import os
from pathlib import Path

import platformdirs

APP = "imagine-desktop"
_PACKAGE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """A file or folder that ships with the program, in the wheel or in a checkout's `resources/`."""
    packaged = _PACKAGE / "resources" / name
    return packaged if packaged.exists() else _PACKAGE.parent / "resources" / name


def home() -> Path:
    """The folder of all that is the person's."""
    moved = os.environ.get("IMAGINE_DESKTOP_HOME")
    return (
        Path(moved).expanduser().absolute() if moved else Path(platformdirs.user_data_dir(APP, appauthor=False))
    )


def library() -> Path:
    """The default library."""
    return home() / "library"


def settings() -> Path:
    """The settings file."""
    moved = os.environ.get("IMAGINE_DESKTOP_HOME")
    folder = home() if moved else Path(platformdirs.user_config_dir(APP, appauthor=False))
    return folder / "settings.toml"


def log() -> Path:
    """The log file."""
    return home() / "imagine-desktop.log"


def tour() -> Path:
    """Where the tour works unless it is told otherwise."""
    return home() / "tour"
