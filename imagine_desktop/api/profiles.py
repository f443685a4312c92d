"""Which profile a run uses, and with which key: for the window and the command line alike."""

import os
from dataclasses import dataclass

from imagine_desktop import secrets
from imagine_desktop.errors import ConfigurationError
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import BASE_URL_ENVIRONMENT_NAME, SANDBOX, XAI, Profile, Settings


@dataclass(frozen=True, slots=True)
class Choice:
    """The profile that a run is to use. `key` is what the environment held for it; the keyring was not asked.

    `is_firm`: it was chosen by name or address, so that without a key nothing else takes its place.
    `spare_key` is the environment's key, for a profile of the person's that has none of its own.
    """

    profile: Profile
    key: Secret | None
    is_firm: bool
    spare_key: Secret | None = None

    @property
    def needs_key(self) -> bool:
        """Whether the keyring is to be asked."""
        return self.key is None and not self.profile.is_sandbox


def choose(name: str, base_url: str, kept: Settings, session_key: Secret | None) -> Choice:
    """The profile by the command line, else by the environment, else by the settings; nothing is asked.

    `name` and `base_url` are the command line's, an address before a name; `session_key` is what `XAI_API_KEY`
    held. Without any choice it is xAI. Raises BadInput, named after where the bad value stands, or
    ConfigurationError for an address without a key.
    """
    if base_url:
        return _at(base_url, "Base URL", kept, session_key)
    if name:
        profile = kept.named(name)
        if profile.name == XAI.name:
            return Choice(profile, session_key, is_firm=True)
        return Choice(profile, None, is_firm=True, spare_key=None if profile.is_sandbox else session_key)
    if in_environment := os.environ.get(BASE_URL_ENVIRONMENT_NAME, ""):
        return _at(in_environment, BASE_URL_ENVIRONMENT_NAME, kept, session_key)
    profile = kept.named(kept.profile or XAI.name)
    # The environment's key is xAI's: it goes elsewhere only where this very run says so.
    key = session_key if profile.name == XAI.name else None
    return Choice(profile, key, is_firm=bool(kept.profile))


def with_key(choice: Choice) -> tuple[Profile, Secret | None]:
    """The profile and its key, or the sandbox where nothing was chosen and xAI has no key.

    Blocks: the keyring is asked. Raises ConfigurationError where a chosen profile has no key.
    """
    profile = choice.profile
    if not choice.needs_key:
        return profile, choice.key
    kept = secrets.stored(profile.name)
    key = choice.spare_key if kept is None else kept.key
    if key is not None:
        return profile, key
    if choice.is_firm:
        raise no_key(profile)
    return SANDBOX, None


def no_key(profile: Profile) -> ConfigurationError:
    """What to say of a profile that cannot be used yet."""
    return ConfigurationError(
        f"There is no key for {profile.shown}.", "Enter one in Settings, or set XAI_API_KEY."
    )


def _at(base_url: str, field: str, kept: Settings, key: Secret | None) -> Choice:
    profile = kept.at(base_url, field)
    if key is None:
        raise ConfigurationError(f"There is no key for {profile.shown}.", "Set XAI_API_KEY.")
    return Choice(profile, key, is_firm=True)
