"""What the person chose, in one TOML file; and the profiles that a request can go to."""

import json
import logging
import os
import re
import shutil
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from imagine_desktop.domain import money, prompts
from imagine_desktop.domain.budget import Budget
from imagine_desktop.domain.delivery import Delivery, is_loopback
from imagine_desktop.errors import BadInput

_log = logging.getLogger(__name__)
XAI_BASE_URL = "https://api.x.ai/v1"  # xAI's API reference
_ERRORS = "surrogatepass"  # a folder's name that is no UTF-8 comes back as it was
BASE_URL_ENVIRONMENT_NAME = "IMAGINE_BASE_URL"
_LIMITS = {"warn_day_usd", "limit_day_usd", "limit_month_usd"}
MOST_USD = 1_000_000.0
_LEAST_USD = 0.01
_LONGEST_TITLE = 40
_NAME = re.compile(r"[!-~]{1,260}")  # a host's name, which may have a number behind it


@dataclass(frozen=True, slots=True)
class Profile:
    """Where requests go. The sandbox has no address until it is started; its costs are not counted as spent.

    `name` is what keyring, ledger and command line know it by, and stays; `title` what the person calls it.
    Two ways to find an answer that was lost, where the server has them: `defers` asks for an id under which the
    answer can be fetched, `stores` for a named copy of each picture in the API's Files.
    """

    name: str
    base_url: str | None
    defers: bool = False
    stores: bool = False
    delivery: Delivery = Delivery.URL
    title: str = ""

    @property
    def shown(self) -> str:
        """What the person reads."""
        return self.title or self.name

    @property
    def is_sandbox(self) -> bool:
        """Whether pictures are drawn on this computer."""
        return self.base_url is None

    @property
    def is_loopback(self) -> bool:
        """Whether its server is on this computer, so that its pictures' addresses may be too."""
        return self.base_url is None or is_loopback(urlsplit(self.base_url).hostname or "")


XAI = Profile("xai", XAI_BASE_URL, title="xAI")
SANDBOX = Profile("sandbox", None, defers=True, stores=True, title="Sandbox")
BUILT_IN = (XAI, SANDBOX)


def profile_at(base_url: str, field: str = "Base URL") -> Profile:
    """A profile for an address of the person's: https, or http on this computer. Raises BadInput."""
    try:
        parts = urlsplit(base_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise BadInput(field, "this is not an address") from None
    is_secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host or ""))
    if not host or not base_url.isprintable() or " " in base_url or parts.query or parts.fragment:
        raise BadInput(field, "this is not an address")
    if parts.username is not None or not is_secure:
        raise BadInput(field, "only https is used, or http on this computer: the key goes there")
    return Profile(_free_name(host, BUILT_IN), base_url.rstrip("/"), title=host)


def allows_loopback(profile_name: str) -> bool:
    """Whether pictures of that profile may lie at addresses on this computer."""
    return profile_name == SANDBOX.name or is_loopback(profile_name.partition("#")[0])


@dataclass(frozen=True, slots=True)
class Settings:
    """All that is kept between runs; a field that the file does not hold has its default.

    `profile` is empty until the person chooses one: then the sandbox is used unless there is a key.
    Limits are US dollars, 0 for none.
    `deferred_requests` and `stored_copies` are xAI's, and off: neither is proven on the live API. `delivery` is
    xAI's and the sandbox's. `profiles` are the person's own, each with switches of its own.
    `sight` is what the gallery showed last, as a saved search is written; `headers` what it was divided by.
    `export_metadata` says whether exported copies carry prompt, model and lineage.
    """

    profile: str = ""
    library: str = ""
    jobs_at_once: int = 4
    delivery: str = Delivery.URL.value
    deferred_requests: bool = False
    stored_copies: bool = False
    send_originals: bool = False
    profiles: tuple[Profile, ...] = ()
    appearance: str = "system"
    tile_px: int = 200
    sight: str = ""
    headers: str = "none"
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

    @property
    def all_profiles(self) -> tuple[Profile, ...]:
        """Every profile, the program's own first, each with its switches."""
        return (self.equipped(XAI), replace(SANDBOX, delivery=Delivery(self.delivery)), *self.profiles)

    def named(self, name: str) -> Profile:
        """The profile of that name or title, in any case. Raises BadInput."""
        for known in self.all_profiles:
            if name.lower() in (known.name.lower(), known.shown.lower()):
                return known
        raise BadInput("Profile", f"{name} is none of {', '.join(p.shown for p in self.all_profiles)}")

    def equipped(self, profile: Profile) -> Profile:
        """A profile with xAI's switches: xAI's own, or that of an address for one run."""
        return replace(
            profile,
            defers=self.deferred_requests,
            stores=self.stored_copies,
            delivery=Delivery(self.delivery),
        )

    def at(self, base_url: str, field: str) -> Profile:
        """The profile at an address for one run: the person's own there, or a new one. Raises BadInput."""
        made = profile_at(base_url, field)
        own = next((profile for profile in self.profiles if profile.base_url == made.base_url), None)
        free = replace(made, name=_free_name(made.name.partition("#")[0], self.all_profiles))
        return own or self.equipped(free)

    def with_profile(self, title: str, base_url: str, others: Sequence[Profile] = ()) -> "Settings":
        """With one more profile, the last of `profiles`, named unlike these and `others`.

        Raises BadInput for Name or Address.
        """
        made = profile_at(base_url.strip(), "Address")
        name = _free_name(made.name.partition("#")[0], (*self.all_profiles, *others))
        made = replace(made, name=name, title=self._free_title(title))
        return replace(self, profiles=(*self.profiles, made))

    def renamed(self, name: str, title: str) -> "Settings":
        """With another title for a profile of the person's. Raises BadInput for Name."""
        return self._changed(replace(self.named(name), title=self._free_title(title, name)))

    def without(self, name: str) -> "Settings":
        """Without a profile of the person's."""
        return replace(self, profiles=tuple(profile for profile in self.profiles if profile.name != name))

    def switched(self, changed: Profile) -> "Settings":
        """With a profile's delivery and ways to find lost answers as `changed` has them."""
        if changed.is_sandbox:
            return replace(self, delivery=changed.delivery.value)
        if changed.name == XAI.name:
            return replace(
                self,
                delivery=changed.delivery.value,
                deferred_requests=changed.defers,
                stored_copies=changed.stores,
            )
        return self._changed(changed)

    def _changed(self, changed: Profile) -> "Settings":
        same = (changed if profile.name == changed.name else profile for profile in self.profiles)
        return replace(self, profiles=tuple(same))

    def _free_title(self, title: str, name: str = "") -> str:
        cleaned = " ".join(prompts.normalised(title).split())
        if not 0 < len(cleaned) <= _LONGEST_TITLE:
            raise BadInput("Name", f"a profile needs one of at most {_LONGEST_TITLE} characters")
        for other in self.all_profiles:
            if other.name != name and cleaned.lower() in (other.name.lower(), other.shown.lower()):
                raise BadInput("Name", f"there is a profile {cleaned} already")
        return cleaned


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
    known["profiles"] = _profiles(data.get("profiles"))
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
        text = _array(value) if isinstance(value, tuple) else _plain(value)
        lines.append(f"{field.name} = {text}\n")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write("".join(lines).encode("utf-8", _ERRORS))
    temporary.replace(path)


def _plain(value: object) -> str:
    # A JSON string without raw control characters is a TOML basic string.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _array(profiles: tuple[Profile, ...]) -> str:
    tables = (
        ", ".join(f"{field.name} = {_plain(getattr(profile, field.name))}" for field in fields(Profile))
        for profile in profiles
    )
    return f"[{', '.join(f'{{ {table} }}' for table in tables)}]"


def _profiles(tables: object) -> tuple[Profile, ...]:
    """The person's profiles; one that cannot be used is left out, and the log says so."""
    found = Settings()
    for table in tables if isinstance(tables, list) else []:
        try:
            texts = [table[name] for name in ("name", "title", "base_url")]
            name, title, base_url = (text if isinstance(text, str) else "" for text in texts)
            found = found.with_profile(title, base_url)
            made = replace(
                found.profiles[-1],
                name=name if _is_free(name, found) else found.profiles[-1].name,
                defers=table.get("defers") is True,
                stores=table.get("stores") is True,
                delivery=_delivery(table.get("delivery")),
            )
            found = replace(found, profiles=(*found.profiles[:-1], made))
        except (BadInput, KeyError, TypeError, AttributeError) as error:
            _log.error("a profile in the settings is left out: %s", error)
    return found.profiles


def _is_free(name: str, settings: Settings) -> bool:
    others = (*BUILT_IN, *settings.profiles[:-1])
    return bool(_NAME.fullmatch(name)) and all(name != other.name for other in others)


def _free_name(host: str, others: Sequence[Profile]) -> str:
    """A host's name or, where that is taken, with a number: a keyring entry is one profile's."""
    taken = {profile.name for profile in others}
    numbered = (f"{host}#{number}" for number in count(2))
    return host if host not in taken else next(name for name in numbered if name not in taken)


def _delivery(value: object) -> Delivery:
    return next((delivery for delivery in Delivery if delivery == value), Delivery.URL)


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
        delivery=_delivery(settings.delivery).value,
        profile=_known(settings),
        appearance=settings.appearance if settings.appearance in ("system", "light", "dark") else "system",
    )


def _known(settings: Settings) -> str:
    """The chosen profile's name, or none where it is not there any more."""
    return settings.profile if any(p.name == settings.profile for p in (*BUILT_IN, *settings.profiles)) else ""
