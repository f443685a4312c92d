"""Where a run's requests go: by the command line, else the environment, else the settings."""

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from imagine_desktop import app, paths, settings
from imagine_desktop.api import profiles
from imagine_desktop.errors import BadInput, ConfigurationError
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import Settings

KEY = Secret("from-the-environment")
OWN = Settings().with_profile("Gateway", "https://gateway.example/v1")
URL = "https://other.example/v1"


@pytest.fixture
def in_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address in the environment."""
    monkeypatch.setenv("IMAGINE_BASE_URL", "https://environment.example/v1")


@pytest.mark.usefixtures("in_environment")
@pytest.mark.parametrize(
    ("name", "base_url", "chosen"),
    [
        ("", "", "environment.example"),
        ("sandbox", "", "sandbox"),
        ("XAI", "", "xai"),
        ("gateway", "", "gateway.example"),
        ("", URL, "other.example"),
        ("sandbox", URL, "other.example"),
    ],
)
def test_the_command_line_wins_over_the_environment_and_both_over_the_settings(
    name: str, base_url: str, chosen: str
) -> None:
    kept = replace(OWN, profile="gateway.example")
    assert profiles.choose(name, base_url, kept, KEY).profile.name == chosen


def test_an_address_that_is_a_profiles_is_that_profile_and_no_other_takes_its_name() -> None:
    assert profiles.choose("", "https://gateway.example/v1/", OWN, KEY).profile is OWN.profiles[0]
    assert profiles.choose("", "https://gateway.example/v2", OWN, KEY).profile.name == "gateway.example#2"


def test_without_a_choice_it_is_xai_where_there_is_a_key_else_the_sandbox() -> None:
    assert profiles.with_key(profiles.choose("", "", Settings(), None))[0].is_sandbox
    profile, key = profiles.with_key(profiles.choose("", "", Settings(), KEY))
    assert (profile.name, key) == ("xai", KEY)


def test_the_environments_key_is_xais_and_goes_elsewhere_only_at_this_runs_word() -> None:
    chosen = replace(OWN, profile="gateway.example")
    with pytest.raises(ConfigurationError, match="no key for Gateway"):
        profiles.with_key(profiles.choose("", "", chosen, KEY))
    assert profiles.with_key(profiles.choose("gateway", "", OWN, KEY))[1] is KEY
    assert profiles.with_key(profiles.choose("sandbox", "", OWN, KEY)) == (OWN.named("sandbox"), None)
    with pytest.raises(ConfigurationError, match="no key for xAI"):
        profiles.with_key(profiles.choose("xai", "", OWN, None))


@pytest.mark.parametrize(
    ("variable", "url"), [("IMAGINE_BASE_URL", "http://a.example"), ("IMAGINE_BASE_URL", "nonsense")]
)
def test_a_bad_address_is_refused_by_the_name_of_where_it_stands(
    monkeypatch: pytest.MonkeyPatch, variable: str, url: str
) -> None:
    monkeypatch.setenv(variable, url)
    with pytest.raises(BadInput, match=f"^{variable}: "):
        profiles.choose("", "", Settings(), KEY)
    with pytest.raises(BadInput, match=r"^Base URL: "):
        profiles.choose("", url, Settings(), KEY)


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "soon", "", "86401"])
def test_the_window_refuses_a_bad_timeout_by_name(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], value: str
) -> None:
    monkeypatch.setattr(app, "start", lambda launch: pytest.fail(f"started with {launch}"))
    with pytest.raises(SystemExit) as ended:
        app.run([f"--timeout={value}"])
    assert ended.value.code == 2
    assert "argument --timeout: must be a number of seconds" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--profile", "nobody"], "Profile: nobody is none of xAI, Sandbox"),
        (["--base-url", "http://a.example"], "Base URL: only https"),
        (["--base-url", "https://a.example"], "There is no key for a.example"),
    ],
)
def test_the_window_refuses_where_requests_cannot_go(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    monkeypatch.setattr(app, "start", lambda launch: pytest.fail(f"started with {launch}"))
    assert app.run(arguments) == 2
    assert message in capfd.readouterr().err


@pytest.mark.usefixtures("in_environment")
def test_the_window_takes_the_same_choice_and_asks_the_keyring_later(monkeypatch: pytest.MonkeyPatch) -> None:
    launches: list[app.Launch] = []

    def start(launch: app.Launch) -> int:
        launches.append(launch)
        return 0

    monkeypatch.setattr(app, "start", start)
    settings.save(paths.settings(), OWN)
    for name, key, used, wanted in (
        ("sandbox", "k", "sandbox", None),
        ("sandbox", "", "sandbox", None),
        ("xai", "k", "xai", None),
        ("xai", "", "sandbox", "xai"),
        ("gateway", "k", "sandbox", "gateway.example"),
    ):
        monkeypatch.setenv("XAI_API_KEY", key)
        assert app.run(["--profile", name, "--timeout", "9"]) == 0
        launch = launches[-1]
        assert (launch.profile.name, launch.answer_s) == (used, 9.0)
        assert (launch.wanted.name if launch.wanted else None) == wanted
        assert "XAI_API_KEY" not in os.environ


def test_no_process_shows_a_key_in_its_arguments_or_hands_it_on() -> None:
    """The sandbox is the one process that the program starts: no key is in its arguments or environment."""
    told = subprocess.run(
        [sys.executable, "-c", _STARTS_SANDBOX],
        env={**os.environ, "XAI_API_KEY": "xai-CanaryOfTheEnvironment"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "of the child:" in told.stdout
    assert "CanaryOf" not in told.stdout


_STARTS_SANDBOX = """
from pathlib import Path
from imagine_desktop import secrets
from imagine_desktop.api.local import LocalSandbox
key = secrets.take_from_environment()
assert key is not None
child = LocalSandbox.start()
for name in ("cmdline", "environ"):
    print("of the child:", Path(f"/proc/{child._process.pid}/{name}").read_bytes())
print(Path("/proc/self/cmdline").read_bytes())
child.stop()
"""
