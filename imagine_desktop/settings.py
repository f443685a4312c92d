"""What the person chose, in one TOML file; and the profiles that a request can go to."""

import json
import logging
import os
import shutil
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from urllib.parse import urlsplit

from imagine_desktop.domain import money
from imagine_desktop.domain.budget import Budget
from imagine_desktop.domain.request import Delivery, is_loopback
from imagine_desktop.errors import BadInput

_log = logging.getLogger(__name__)
XAI_BASE_URL = "https://api.x.ai/v1"  # xAI's API reference
_ERRORS = "surrogatepass"  # a folder's name that is no UTF-8 comes back as it was
BASE_URL_ENVIRONMENT_NAME = "IMAGINE_BASE_URL"
_LIMITS = {"warn_day_usd", "limit_day_usd", "limit_month_usd"}
MOST_USD = 1_000_000.0
_LEAST_USD = 0.01


@dataclass(frozen=True, slots=True)
class Profile:
    """Where requests go. The sandbox has no address until it is started; its costs are not counted as spent.

    Two ways to find an answer that was lost, where the server has them: `defers` asks for an id under which the
    answer can be fetched, `stores` for a named copy of each picture in the API's Files.
    """

    name: str
    base_url: str | None
    defers: bool = False
    stores: bool = False

    @property
    def is_sandbox(self) -> bool:
        """Whether pictures are drawn on this computer."""
        return self.base_url is None

    @property
    def is_loopback(self) -> bool:
        """Whether its server is on this computer, so that its pictures' addresses may be too."""
        return self.base_url is None or is_loopback(urlsplit(self.base_url).hostname or "")


XAI = Profile("xai", XAI_BASE_URL)
SANDBOX = Profile("sandbox", None, defers=True, stores=True)
PROFILES = (XAI, SANDBOX)


def profile(name: str) -> Profile:
    """The profile of that name, in any case. Raises BadInput."""
    for known in PROFILES:
        if known.name == name.lower():
            return known
    raise BadInput("Profile", f"{name} is none of {', '.join(p.name for p in PROFILES)}")


def profile_at(base_url: str) -> Profile:
    """A profile for an address of the person's: https, or http on this computer. Raises BadInput."""
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise BadInput("Base URL", "this is not an address") from None
    is_secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host or ""))
    if not host or not base_url.isprintable() or " " in base_url or parts.query or parts.fragment:
        raise BadInput("Base URL", "this is not an address")
    if parts.username is not None or not is_secure:
        raise BadInput("Base URL", "only https is used, or http on this computer: the key goes there")
    return Profile(host, base_url.rstrip("/"))


def equipped(profile: Profile, settings: "Settings") -> Profile:
    """The profile with the ways to find a lost answer that were chosen; the sandbox always has both."""
    if profile.is_sandbox:
        return profile
    return replace(profile, defers=settings.deferred_requests, stores=settings.stored_copies)


def allows_loopback(profile_name: str) -> bool:
    """Whether pictures of that profile may lie at addresses on this computer."""
    return profile_name == SANDBOX.name or is_loopback(profile_name)


@dataclass(frozen=True, slots=True)
class Settings:
    """All that is kept between runs; a field that the file does not hold has its default.

    `profile` is empty until the person chooses one: then the sandbox is used unless there is a key.
    Limits are US dollars, 0 for none.
    `deferred_requests` and `stored_copies` are off: neither is proven on the live API.
    `export_metadata` says whether exported copies carry prompt, model and lineage.
    """

    profile: str = ""
    library: str = ""
    jobs_at_once: int = 4
    delivery: str = Delivery.URL.value
    deferred_requests: bool = False
    stored_copies: bool = False
    appearance: str = "system"
    tile_px: int = 200
    model: str = ""
    aspect_ratio: str = "auto"
    resolution: str = "1k"
    quality: str = ""
    count: int = 1
    prompt: str = ""
    window: str = ""
    panels: str = ""
    warn_day_usd: float = 5.0
    limit_day_usd: float = 0.0
    limit_month_usd: float = 0.0
    export_metadata: bool = True
    export_template: str = ""
    export_folder: str = ""

    @property
    def budget(self) -> Budget:
        """The limits, in ticks."""
        return Budget(
            money.ticks(self.warn_day_usd), money.ticks(self.limit_day_usd), money.ticks(self.limit_month_usd)
        )


def load(path: Path) -> Settings:
    """The settings in a file; a field that is not understood, or a damaged file, falls back to the defaults."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8", errors=_ERRORS))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError, RecursionError) as error:
        _log.error("the settings in %s cannot be read, the defaults are used: %s", path, error)
        if not isinstance(error, OSError):
            _keep_damaged(path)
        return Settings()
    defaults = Settings()
    known = {
        field.name: data[field.name]
        for field in fields(Settings)
        if type(data.get(field.name)) is type(getattr(defaults, field.name))
    }
    for name in _LIMITS & data.keys():
        known[name] = _limit(name, data[name])
    return _sane(replace(defaults, **known))


def _keep_damaged(path: Path) -> None:
    """Keep a copy of a file that is not understood: the next save would replace what a hand wrote."""
    try:
        shutil.copy2(path, path.with_name(f"{path.name}.damaged"))
    except OSError as error:
        _log.error("it could not be kept aside: %s", error)


def save(path: Path, settings: Settings) -> None:
    """Write the settings, whole or not at all."""
    lines = []
    for field in fields(Settings):
        value = getattr(settings, field.name)
        # A JSON string without raw control characters is a TOML basic string.
        text = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        lines.append(f"{field.name} = {text}\n")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write("".join(lines).encode("utf-8", _ERRORS))
    temporary.replace(path)


def _limit(name: str, value: object) -> float:
    """An amount, in whole cents. What is none must not turn into "no limit": it allows next to nothing."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST_USD:
        return max(round(float(value), 2), _LEAST_USD if value else 0.0)
    _log.error("%s in the settings is no amount: %s is used", name, money.usd(money.ticks(_LEAST_USD)))
    return _LEAST_USD


def _sane(settings: Settings) -> Settings:
    return replace(
        settings,
        jobs_at_once=min(max(settings.jobs_at_once, 1), 10),
        count=min(max(settings.count, 1), 10),
        tile_px=min(max(settings.tile_px, 96), 512),
        delivery=settings.delivery if settings.delivery in set(Delivery) else Delivery.URL.value,
        appearance=settings.appearance if settings.appearance in ("system", "light", "dark") else "system",
    )
