"""Keys in a real key store of the desktop's (Secret Service), on a bus of the test's own; and without one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_DAEMON = "gnome-keyring-daemon"
_BUS = "dbus-run-session"
_lacking = [program for program in (_DAEMON, _BUS) if shutil.which(program) is None]
needs_store = pytest.mark.skipif(bool(_lacking), reason=f"there is no {' and no '.join(_lacking)}")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(90)]

_ACTS = """
from imagine_desktop import secrets
from imagine_desktop.errors import ConfigurationError
from imagine_desktop.secrets import Secret
secrets._TIMEOUT_S = 8

def tried(act):
    try:
        act()
    except ConfigurationError as error:
        return error.message
    return "done"
"""
_ROUND_TRIP = (
    _ACTS
    + """
secrets.store("xai", Secret("xai-CanaryOfTheStore"))
secrets.store("gateway.example", Secret("another"))
print([(kept.key.reveal(), kept.place.name) for kept in map(secrets.stored, ("xai", "gateway.example"))])
secrets.forget("xai")
print(secrets.stored("xai"), secrets.stored("gateway.example").key.reveal())
"""
)
_LOCKED = (
    _ACTS
    + """
import secretstorage
secrets.store("xai", Secret("xai-CanaryOfTheStore"))
secretstorage.get_default_collection(secretstorage.dbus_init()).lock()
print(secrets.stored("xai"), "|", tried(lambda: secrets.store("xai", Secret("xai-new"))))
"""
)
_NONE = _ACTS + 'print(secrets.stored("xai"), "|", tried(lambda: secrets.store("xai", Secret("xai-new"))))'


def python(script: str, home: Path, *before: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A script run with a home of its own, without a screen on which anything could be asked."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG")}
    places = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "IMAGINE_DESKTOP_HOME": str(home / "program")}
    return subprocess.run(
        [*before, sys.executable, "-c", script],
        env=kept | places | environment,
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=80,
        check=True,
    )


def in_session(script: str, home: Path) -> str:
    """What the script prints in a session whose key store is unlocked at first."""
    home.mkdir(mode=0o700)
    unlocked = f'printf "pw\\n" | {_DAEMON} --unlock --components=secrets >/dev/null 2>&1; exec "$@"'
    return python(script, home, _BUS, "--", "sh", "-c", unlocked, "sh").stdout


@needs_store
def test_a_key_goes_into_the_desktops_store_and_comes_back_and_goes(tmp_path: Path) -> None:
    home = tmp_path / "desktop"
    lines = in_session(_ROUND_TRIP, home).splitlines()
    assert lines == [
        "[('xai-CanaryOfTheStore', 'KEYRING'), ('another', 'KEYRING')]",
        "None another",
    ]
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    assert not any(b"CanaryOfTheStore" in path.read_bytes() for path in files)


@needs_store
def test_a_locked_store_without_a_screen_to_ask_on_is_given_up_and_nothing_is_written(tmp_path: Path) -> None:
    home = tmp_path / "desktop"
    found, said = in_session(_LOCKED, home).strip().split(" | ")
    assert found == "None"
    assert "locked" in said
    assert not (home / "program").exists()


@pytest.mark.parametrize(
    "environment",
    [
        {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere/bus"},
        {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
        {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
    ],
    ids=["no bus", "null", "fail"],
)
def test_without_a_store_a_key_is_kept_nowhere_and_that_is_said(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    found, said = python(_NONE, tmp_path, **environment).stdout.strip().split(" | ")
    assert found == "None"
    assert said == "This computer has no keyring that keeps the key."
    assert list(tmp_path.iterdir()) == []
