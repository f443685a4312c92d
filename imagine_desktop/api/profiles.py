"""Which profile a run uses, and with which key."""

import os

from imagine_desktop import secrets, settings
from imagine_desktop.errors import ConfigurationError
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import BASE_URL_ENVIRONMENT_NAME, SANDBOX, XAI, Profile


def choose(name: str, base_url: str, session_key: Secret | None) -> tuple[Profile, Secret | None]:
    """The profile and its key. Blocks where the keyring is asked.

    An address wins over a name and takes the key from the environment; without either, xAI is used where there
    is a key for it, else the sandbox. `session_key` is what `XAI_API_KEY` held.
    Raises BadInput, or ConfigurationError where a chosen profile has no key.
    """
    base_url = base_url or os.environ.get(BASE_URL_ENVIRONMENT_NAME, "")
    if base_url:
        profile = settings.profile_at(base_url)
        if session_key is None:
            raise ConfigurationError(f"There is no key for {profile.name}.", "Set XAI_API_KEY.")
        return profile, session_key
    if name:
        profile = settings.profile(name)
        if profile.is_sandbox:
            return profile, None
        key = session_key or secrets.stored(profile.name)
        if key is None:
            raise ConfigurationError("There is no key for xAI.", "Enter one in Settings, or set XAI_API_KEY.")
        return profile, key
    key = session_key or secrets.stored(XAI.name)
    return (XAI, key) if key is not None else (SANDBOX, None)
