"""API keys: where they come from, where they are kept, and that they are not shown.

A key lives in the system's keyring, or for this run only; in a file only where the person chose so.
`XAI_API_KEY` is read once and then removed from the environment, so that no child process gets it.
"""

import json
import logging
import os
import re
import stat
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from imagine_desktop import paths
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
)
_CHAIN = "keyring.backends.chainer"
_TIMEOUT_S = 30.0
_MOST_BYTES = 65_536


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


class Place(StrEnum):
    """Where a key is, in words that follow "in"."""

    KEYRING = "this computer's keyring"
    FILE = "an unprotected file"
    ENVIRONMENT = f"the environment ({ENVIRONMENT_NAME})"
    MEMORY = "this window, until it is closed"


@dataclass(frozen=True, slots=True)
class Kept:
    """A key, and where it is."""

    key: Secret
    place: Place


def take_from_environment() -> Secret | None:
    """The key in `XAI_API_KEY`, which is removed from the environment. Raises BadInput for a malformed one."""
    text = os.environ.pop(ENVIRONMENT_NAME, "")
    return Secret(text) if text.strip() else None


def stored(profile: str) -> Kept | None:
    """A profile's key; None where none is kept, or there is no keyring to ask.

    Blocks, at most 30 seconds: a locked keyring asks the person first.
    """
    if text := _in_file().get(profile):
        return Kept(Secret(text), Place.FILE)

    def read() -> str | None:
        backend = _backend()
        return None if backend is None else backend.get_password(_SERVICE, profile)

    try:
        text = _in_time(read)
    except ConfigurationError as error:
        _log.info("%s", error.message)
        return None
    return Kept(Secret(text), Place.KEYRING) if text else None


def store(profile: str, key: Secret) -> None:
    """Keep a key in the keyring, and nowhere else. Blocks; raises ConfigurationError where it is not kept."""

    def write() -> bool:
        backend = _backend()
        if backend is None:
            return False
        backend.set_password(_SERVICE, profile, key.reveal())
        # A null backend stores nothing, silently.
        return backend.get_password(_SERVICE, profile) == key.reveal()

    if not _in_time(write):
        raise ConfigurationError("This computer has no keyring that keeps the key.")
    _drop_from_file(profile)


def store_unprotected(profile: str, key: Secret) -> None:
    """Keep a key in a file that only this user's programs can read. Blocks; raises ConfigurationError.

    For the person's explicit choice alone: whatever runs as this user, and every backup, can read it.
    """
    _write({**_in_file(), profile: key.reveal()})


def forget(profile: str) -> None:
    """Remove a profile's key from file and keyring. Blocks; raises ConfigurationError where it may be left."""

    def delete() -> None:
        backend = _backend()
        if backend is not None and backend.get_password(_SERVICE, profile) is not None:
            backend.delete_password(_SERVICE, profile)

    _drop_from_file(profile)
    _in_time(delete)


def file() -> Path:
    """Where keys are kept that the person chose to keep unprotected."""
    return paths.settings().with_name("keys.json")


def _backend() -> "KeyringBackend | None":
    """The system's own keyring; of a chain, whose last part may be a plain file, the first that is one."""
    import keyring.errors  # slow to import; never needed before the window is shown

    try:
        backend = keyring.get_keyring()
    except (keyring.errors.KeyringError, RuntimeError):
        return None
    parts = getattr(backend, "backends", []) if type(backend).__module__ == _CHAIN else [backend]
    return next((part for part in parts if _is_trusted(type(part).__module__)), None)


def _is_trusted(module: str) -> bool:
    return any(module == trusted or module.startswith(f"{trusted}.") for trusted in _TRUSTED_BACKENDS)


def _in_time(work: Callable[[], _T]) -> _T:
    """What `work` returns. Raises ConfigurationError where the keyring fails or does not answer in time.

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
    if thread.is_alive():
        raise ConfigurationError(
            f"The keyring did not answer within {_TIMEOUT_S:.0f} seconds; it may be locked."
        )
    if not results:
        raise ConfigurationError("The keyring is locked, or its question was dismissed.", "Unlock it.")
    return results[0]


def _in_file() -> dict[str, str]:
    """The keys kept unprotected, by profile. A file that others can read is closed to them first."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with os.fdopen(os.open(file(), flags), "rb") as opened:
            facts = os.fstat(opened.fileno())
            if not stat.S_ISREG(facts.st_mode) or facts.st_size > _MOST_BYTES:
                raise ValueError("it is no file of keys")
            if os.name == "posix" and facts.st_mode & 0o077:
                os.fchmod(opened.fileno(), 0o600)
                _log.warning("others could read %s until now", file())
            found = json.loads(opened.read())
            return {
                name: text for name, text in found.items() if isinstance(text, str) and _KEY.fullmatch(text)
            }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        _log.error("the keys in %s cannot be read: %s", file(), type(error).__name__)
        return {}


def _drop_from_file(profile: str) -> None:
    kept = _in_file()
    if kept.pop(profile, None) is not None:
        _write(kept)


def _write(kept: dict[str, str]) -> None:
    """Write the file of keys, whole or not at all, or remove it where none is left."""
    path = file()
    part = path.with_name(f".{path.name}.part")
    try:
        if not kept:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(part, flags, 0o600), "wb") as opened:
            opened.write(json.dumps(kept).encode())
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(path)
    except OSError as error:
        raise ConfigurationError(f"The key could not be written to {path}: {error.strerror}.") from None
