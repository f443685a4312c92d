"""Settings come back as they were left; whatever else the file holds, the program starts."""

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.errors import BadInput
from imagine_desktop.settings import Profile, Settings, allows_loopback, load, profile_at, save

LOOPBACK = "http://127.0.0.1:8000/v1"


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
    kept = Settings().with_profile("My gateway", "https://gateway.example/v1")
    assert kept.named("XAI").name == "xai"
    assert kept.named("Sandbox").is_sandbox
    assert kept.named("my GATEWAY").base_url == kept.named("gateway.example").base_url
    with pytest.raises(BadInput, match=r"^Profile: nobody is none of xAI, Sandbox, My gateway"):
        kept.named("nobody")


def test_own_profiles_are_kept_with_their_switches(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    kept = Settings().with_profile("Gateway", "https://gateway.example/v1/")
    kept = kept.with_profile('Second "one"', "https://gateway.example/other").with_profile("Here", LOOPBACK)
    switched = replace(kept.profiles[1], defers=True, delivery=Delivery.BASE64)
    kept = replace(kept.switched(switched), profile="gateway.example#2")
    save(path, kept)
    assert load(path) == kept
    assert [(p.name, p.title, p.base_url) for p in kept.profiles] == [
        ("gateway.example", "Gateway", "https://gateway.example/v1"),
        ("gateway.example#2", 'Second "one"', "https://gateway.example/other"),
        ("127.0.0.1", "Here", LOOPBACK),
    ]
    assert [(p.defers, p.delivery) for p in kept.profiles] == [
        (False, Delivery.URL),
        (True, Delivery.BASE64),
        (False, Delivery.URL),
    ]
    assert [p.is_loopback for p in kept.profiles] == [False, False, True]


def test_a_profile_keeps_its_name_and_so_its_key_when_it_is_renamed_or_others_go() -> None:
    kept = Settings().with_profile("One", "https://a.example").with_profile("Two", "https://a.example/2")
    kept = kept.renamed("a.example#2", "Three").without("a.example")
    assert [(p.name, p.shown) for p in kept.profiles] == [("a.example#2", "Three")]
    assert kept.with_profile("One", "https://a.example").profiles[-1].name == "a.example"


def test_no_address_gets_the_name_and_so_the_key_of_a_profile_of_the_program() -> None:
    assert profile_at("https://xai/v1").name == "xai#2"
    assert Settings().with_profile("Mine", "https://sandbox").profiles[0].name == "sandbox#2"
    assert not allows_loopback("sandbox#2")
    assert allows_loopback("127.0.0.1#2")


@pytest.mark.parametrize(
    ("title", "address", "field"),
    [
        ("", "https://a.example", "Name"),
        (" \n", "https://a.example", "Name"),
        ("x" * 41, "https://a.example", "Name"),
        ("XAI", "https://a.example", "Name"),
        ("sandbox", "https://a.example", "Name"),
        ("A", "http://a.example", "Address"),
        ("A", "https://key@a.example", "Address"),
        ("A", "", "Address"),
        ("A", "http://192.168.0.1/v1", "Address"),
    ],
)
def test_a_profile_that_cannot_be_is_refused_by_field(title: str, address: str, field: str) -> None:
    with pytest.raises(BadInput, match=f"^{field}: "):
        Settings().with_profile(title, address)


def test_damaged_or_dangerous_profiles_in_the_file_are_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "settings.toml"
    good = '{name = "a.example", title = "A", base_url = "https://a.example"}'
    stolen = '{name = "xai", title = "B", base_url = "https://b.example", defers = 1, delivery = "pigeon"}'
    bad = '{title = "C"}, 7, {name = 1, title = "D", base_url = "http://d.example"}'
    path.write_text(f'profile = "gone"\nprofiles = [{good}, {bad}, {stolen}]\n')
    found = load(path)
    assert found.profile == ""
    assert found.profiles == (
        Profile("a.example", "https://a.example", title="A"),
        Profile("b.example", "https://b.example", title="B"),
    )
    assert caplog.text.count("left out") == 3
    path.write_text('profiles = "none"\n')
    assert load(path) == Settings()


def test_the_programs_profiles_have_the_switches_of_the_file() -> None:
    kept = Settings().switched(replace(Settings().named("xai"), stores=True, delivery=Delivery.BASE64))
    assert (kept.stored_copies, kept.deferred_requests, kept.delivery) == (True, False, "b64_json")
    assert kept.named("xai").stores
    assert kept.switched(replace(kept.named("sandbox"), delivery=Delivery.URL)).delivery == "url"
