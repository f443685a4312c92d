"""What a window starts with."""

from dataclasses import dataclass
from pathlib import Path

from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.engine.engine import Engine
from imagine_desktop.library.library import Library
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import Profile, Settings


@dataclass(frozen=True, slots=True)
class Start:
    """The open library with its engine, what the person chose, and the files they gave.

    `wanted` is the profile to use once its key is found, or with `spare_key` where it has none; `is_firm` says
    that the person chose it.
    """

    library: Library
    catalog: Catalog
    engine: Engine
    settings: Settings
    settings_path: Path
    profile: Profile
    key: Secret | None
    wanted: Profile | None = None
    is_firm: bool = False
    spare_key: Secret | None = None
    files: tuple[Path, ...] = ()
