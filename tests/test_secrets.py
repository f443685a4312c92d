"""A key shows itself nowhere, and is kept only where it is safe."""

import copy
import os
import pickle
import traceback
from dataclasses import asdict, dataclass

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from imagine_desktop import secrets
from imagine_desktop.errors import BadInput, ConfigurationError
from imagine_desktop.secrets import Secret
from tests.canary import KEY as CANARY


@dataclass
class Holder:
    """Something that has a key."""

    key: Secret


def test_key_never_shows_itself() -> None:
    secret = Secret(CANARY)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r}", format(secret), repr([secret])]
    shown.append(repr(Holder(secret)))
    assert not any(CANARY in text for text in shown)
    assert secret.reveal() == CANARY
    for copied in (pickle.dumps, copy.copy, copy.deepcopy, lambda held: asdict(Holder(held))):
        with pytest.raises(TypeError):
            copied(secret)
    with pytest.raises(TypeError):
        vars(secret)


@pytest.mark.parametrize("text", [f" {CANARY}\r\n", f"\t{CANARY}", f"\u00a0{CANARY}"], ids=range(3))
def test_key_pasted_with_space_around_it_is_cleaned(text: str) -> None:
    assert Secret(text).reveal() == CANARY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "Canary\nX: y",
        "Canary\r\nX: y",
        "Canary\0",
        "Canary key",
        "Cañary",
        "Canary…",
        "Canary" * 100,
        "\ud800",
    ],
    ids=range(10),
)
def test_malformed_key_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(BadInput, match=r"^Key: ") as caught:
        Secret(text)
    told = caught.value.sentences + repr(caught.value) + "".join(traceback.format_exception_only(caught.value))
    assert "anary" not in told
    assert "ñ" not in told


def test_key_of_the_environment_is_taken_out_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XAI_API_KEY", CANARY)
    taken = secrets.take_from_environment()
    assert taken is not None
    assert taken.reveal() == CANARY
    assert "XAI_API_KEY" not in os.environ
    assert secrets.take_from_environment() is None
    monkeypatch.setenv("XAI_API_KEY", "  ")
    assert secrets.take_from_environment() is None
    monkeypatch.setenv("XAI_API_KEY", "Canary\nkey")
    with pytest.raises(BadInput):
        secrets.take_from_environment()
    assert "XAI_API_KEY" not in os.environ


def test_null_keyring_keeps_nothing_and_that_is_said() -> None:
    with pytest.raises(ConfigurationError, match="no keyring") as caught:
        secrets.store("xai", Secret(CANARY))
    assert CANARY not in caught.value.sentences
    assert secrets.stored("xai") is None
    secrets.forget("xai")


class Keyring(KeyringBackend):
    """Keeps passwords in memory, or behaves badly."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.loses = False
        self.error: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        if self.error is not None:
            raise self.error
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if not self.loses:
            self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise PasswordDeleteError
        del self.kept[service, username]


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    """A keyring that counts as one of the system's."""
    monkeypatch.setattr(Keyring, "__module__", "keyring.backends.SecretService")
    made = Keyring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: made)
    return made


def test_key_is_kept_found_and_forgotten_for_its_profile(backend: Keyring) -> None:
    secrets.store("xai", Secret(CANARY))
    found = secrets.stored("xai")
    assert found is not None
    assert found.reveal() == CANARY
    assert secrets.stored("other") is None
    secrets.forget("xai")
    secrets.forget("xai")
    assert secrets.stored("xai") is None


def test_keyring_that_loses_fails_or_is_not_trusted_is_no_keyring(
    backend: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend.loses = True
    with pytest.raises(ConfigurationError):
        secrets.store("xai", Secret(CANARY))
    backend.loses = False
    backend.error = RuntimeError("the bus is gone")  # what no keyring should raise, and some do
    assert secrets.stored("xai") is None
    with pytest.raises(ConfigurationError):
        secrets.store("xai", Secret(CANARY))
    backend.error = None
    backend.kept.clear()
    monkeypatch.setattr(Keyring, "__module__", "keyrings.alt.file")
    with pytest.raises(ConfigurationError):
        secrets.store("xai", Secret(CANARY))
    assert backend.kept == {}


def test_keyring_that_waits_for_ever_is_given_up(backend: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    released = threading.Event()
    monkeypatch.setattr(secrets, "_TIMEOUT_S", 0.1)
    monkeypatch.setattr(Keyring, "get_password", lambda *_: released.wait(20))
    try:
        assert secrets.stored("xai") is None
    finally:
        released.set()
