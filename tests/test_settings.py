"""Settings come back as they were left; whatever else the file holds, the program starts."""

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagine_desktop.errors import BadInput
from imagine_desktop.settings import Settings, load, profile, profile_at, save


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters()), count=st.integers(1, 10))
def test_settings_come_back_whatever_characters_they_hold(tmp_path: Path, text: str, count: int) -> None:
    kept = replace(Settings(), prompt=text, library=text, window="a\x7f\\\"'''\r\n\t\x00#", count=count)
    save(tmp_path / "new" / "settings.toml", kept)
    assert load(tmp_path / "new" / "settings.toml") == kept


@pytest.mark.skipif(os.name == "nt", reason="permissions of Unix")
def test_file_is_for_the_person_alone_and_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    path, precious = tmp_path / "settings.toml", tmp_path / "precious"
    precious.write_text("kept")
    (tmp_path / ".settings.toml.part").symlink_to(precious)
    save(path, Settings())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert precious.read_text() == "kept"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["precious", "settings.toml"]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"count = ",
        b"\xff\xfe",
        b"[[[",
        b"a = " + b"[" * 100_000,
        b"<xml/>",
        b"\x00",
        b"count = 1\ncount = 2",
    ],
    ids=range(8),
)
def test_damaged_file_means_the_defaults(tmp_path: Path, text: bytes, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(text)
    assert load(path) == Settings()
    assert (text == b"") is (not caplog.records)
    assert path.read_bytes() == text
    if text:
        assert path.with_name("settings.toml.damaged").read_bytes() == text


def test_missing_file_and_a_folder_in_its_place_mean_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "none.toml") == load(tmp_path) == Settings()


def test_what_a_hand_or_a_newer_version_wrote_is_taken_where_it_makes_sense(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(
        'model = "m"\ncount = 99\ntile_px = "big"\njobs_at_once = -3\ndelivery = "pigeon"\n'
        'appearance = "pink"\nfuture = "x"\nprofile = 7\n[later]\na = 1\n'
    )
    assert load(path) == replace(Settings(), model="m", count=10, jobs_at_once=1)


@pytest.mark.parametrize(
    ("text", "usd"), [("10", 10.0), ("2.5", 2.5), ("0", 0.0), ("1e3", 1000.0), ("0.001", 0.01)]
)
def test_limits_are_amounts_in_dollars(tmp_path: Path, text: str, usd: float) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"limit_day_usd = {text}\nlimit_month_usd = {text}\nwarn_day_usd = {text}\n")
    found = load(path)
    assert (found.warn_day_usd, found.limit_day_usd, found.limit_month_usd) == (usd, usd, usd)
    assert found.budget.limit_day_ticks == round(usd * 10**10)
    save(path, found)
    assert load(path) == found


@pytest.mark.parametrize("text", ['"10"', "-1", "nan", "inf", "true", "[]", "1e300"])
def test_a_limit_that_is_no_amount_does_not_turn_into_no_limit(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(f"limit_month_usd = {text}\n")
    assert load(path) == replace(Settings(), limit_month_usd=0.01)
    assert "limit_month_usd" in caplog.text


@pytest.mark.parametrize(
    "url", ["https://api.example/v1", "http://localhost:8000/v1/", "http://127.0.0.1/v1", "http://[::1]:9/v1"]
)
def test_secure_or_local_address_is_a_profile(url: str) -> None:
    made = profile_at(url)
    assert made.base_url == url.rstrip("/")
    assert made.is_loopback is url.startswith("http:")
    assert not made.is_sandbox


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example/v1",
        "http://localhost.evil.example/v1",
        "http://127.0.0.1@evil.example/",
        "http://127.0.0.1\\@evil.example/",
        "https://key@api.example/",
        "https://api.example:99999/",
        "https://[::1/",
        "https://api.example/v1?x=1",
        "https://api.example/#x",
        "https://api.example/\n",
        "https://api .example/",
        "api.example/v1",
        "//api.example",
        "ftp://api.example",
        "file:///etc",
        "https://",
        "https://℀.example/",
    ],
)
def test_other_addresses_are_refused_by_name(url: str) -> None:
    with pytest.raises(BadInput, match=r"^Base URL: ") as caught:
        profile_at(url)
    assert "key@" not in caught.value.sentences


def test_profiles_are_found_in_any_case() -> None:
    assert profile("XAI").name == "xai"
    assert profile("Sandbox").is_sandbox
    with pytest.raises(BadInput, match=r"^Profile: "):
        profile("nobody")
