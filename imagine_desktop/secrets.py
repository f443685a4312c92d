"""API keys: where they come from, where they are kept, and that they are not shown.

A key lives in the system's keyring, or for this run only. `XAI_API_KEY` is read once and then removed from
the environment, so that no child process gets it.
"""

import logging
import os
import re
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from imagine_desktop.errors import BadInput, ConfigurationError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
ENVIRONMENT_NAME = "XAI_API_KEY"
_SERVICE = "imagine-desktop"
_KEY = re.compile(r"[!-~]{1,512}")
# Backends that keep a secret for this user. Others store nothing, or an unprotected file (keyrings.alt).
_TRUSTED_BACKENDS = (
    "keyring.backends.SecretService",
    "keyring.backends.kwallet",
    "keyring.backends.macOS",
    "keyring.backends.Windows",
    "keyring.backends.chainer",
)
_TIMEOUT_S = 30.0


class Secret:
    """A key that does not show itself: `reveal` is the one way to its text."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """Raises BadInput, without the text, for anything but printable ASCII without spaces."""
        cleaned = text.strip()
        if not _KEY.fullmatch(cleaned):
            raise BadInput("Key", "a key is one line of plain letters, digits and signs, without spaces")
        self._text = cleaned

    def reveal(self) -> str:
        """The key itself, for the header that carries it."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(•••)"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a Secret is not pickled")


def take_from_environment() -> Secret | None:
    """The key in `XAI_API_KEY`, which is removed from the environment. Raises BadInput for a malformed one."""
    text = os.environ.pop(ENVIRONMENT_NAME, "")
    return Secret(text) if text.strip() else None


def stored(profile: str) -> Secret | None:
    """The key that the keyring holds for a profile; None where there is none, or no keyring to ask.

    Blocks, at most 30 seconds: a locked keyring asks the person first.
    """

    def read() -> str | None:
        backend = _backend()
        return None if backend is None else backend.get_password(_SERVICE, profile)

    text = _in_time(read)
    return Secret(text) if text else None


def store(profile: str, key: Secret) -> None:
    """Keep a key in the keyring. Blocks; raises ConfigurationError where it cannot be kept there."""

    def write() -> bool:
        backend = _backend()
        if backend is None:
            return False
        backend.set_password(_SERVICE, profile, key.reveal())
        return (
            backend.get_password(_SERVICE, profile) == key.reveal()
        )  # a null backend stores nothing, silently

    if not _in_time(write):
        raise ConfigurationError(
            "This computer has no keyring that keeps the key.", "It is used until the program is closed."
        )


def forget(profile: str) -> None:
    """Remove a profile's key from the keyring, if it is there. Blocks."""

    def delete() -> None:
        backend = _backend()
        if backend is not None and backend.get_password(_SERVICE, profile) is not None:
            backend.delete_password(_SERVICE, profile)

    _in_time(delete)


def _backend() -> "KeyringBackend | None":
    import keyring.errors  # slow to import; never needed before the window is shown

    try:
        backend = keyring.get_keyring()
    except (keyring.errors.KeyringError, RuntimeError):
        return None
    return backend if type(backend).__module__.startswith(_TRUSTED_BACKENDS) else None


def _in_time(work: Callable[[], _T]) -> _T | None:
    """What `work` returns, or None where the keyring fails or does not answer in time.

    A daemon thread: a keyring that waits for ever for its password must not keep the program from ending.
    """
    results: list[_T] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as error:  # noqa: BLE001 - backends let through what their libraries raise
            _log.info("the keyring is of no use: %s", type(error).__name__)

    thread = threading.Thread(target=run, name="keyring", daemon=True)
    thread.start()
    thread.join(_TIMEOUT_S)
    return results[0] if results else None
