"""What cannot be sent is said by its field, before anything is sent, written or charged."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests import canary
from tests.cli.conftest import Ended
from tests.conftest import SandboxServer
from tests.imaging import samples

Run = Callable[..., Ended]


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A folder of files that are no usable sources, and one that is."""
    folder = tmp_path / "sources"
    folder.mkdir()
    Image.new("RGB", (8, 8)).save(folder / "good.png")
    (folder / "text.jpg").write_text("this is text")
    (folder / "empty.png").touch()
    (folder / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "huge.png").write_bytes(samples.png_claiming(100_000, 100_000))
    with (folder / "large.png").open("wb") as file:
        file.truncate(52_428_801)
    if os.name != "nt":
        os.mkfifo(folder / "fifo")
    return folder


BAD = [
    (("",), "Prompt: "),
    ((" \n",), "Prompt: "),
    (("x", "-n", "0"), "Images: "),
    (("x", "-n", "11"), "Images: "),
    (("x", "-n", "many"), "-n"),
    (("x", "--aspect-ratio", "7:5"), "Aspect ratio: "),
    (("x", "--resolution", "4k"), "Resolution: "),
    (("x", "--resolution", "1.5k"), "Resolution: "),
    (("x", "--quality", "best"), "Quality: "),
    (("x", "--model", "a b"), "Model: "),
    (("x", "--delivery", "pigeon"), "--delivery"),
    (("x", "--session", " \x1b"), "--session"),
    (("x", "--timeout", "0"), "--timeout"),
    (("x", "--timeout", "nan"), "--timeout"),
    (("x", "--timeout", "soon"), "--timeout"),
    (("x", "--image", "missing.png"), "Sources: there is no file missing.png"),
    (("x", "--image", "@text.jpg"), "Sources: text.jpg"),
    (("x", "--image", "@empty.png"), "Sources: empty.png"),
    (("x", "--image", "@drawing.svg"), "Sources: drawing.svg"),
    (("x", "--image", "@huge.png"), "Sources: huge.png"),
    (("x", "--image", "@large.png"), "Sources: large.png is larger than 50 MB"),
    (("x", "--image", "@."), "Sources: "),
    (("x", "--image", "http://pictures.example/a.jpg"), "Sources: "),
    (("x", "--image", "file:///etc/passwd"), "Sources: "),
    (("x", "--image", "12345"), "Sources: there is no picture 12345"),
    (("x", "--image", "9" * 5000), "Sources: "),
    (("x", *("--image", "@good.png") * 4), "Sources: "),
    (("x", "--profile", "nobody"), "Profile: "),
    (("x", "--base-url", "http://api.example/v1"), "Base URL: "),
    (("x", "--base-url", "https://key@api.example/v1"), "Base URL: "),
    (("x", "--base-url", "https://api.example:99999"), "Base URL: "),
    (("x", "--library", "~nobody-of-that-name/x"), "Library: "),
    (("x", "--nonsense"), "--nonsense"),
    ((), "PROMPT"),
]
if os.name != "nt":
    BAD += [
        (("x", "--image", "@fifo"), "Sources: "),
        (("x", "--image", "/dev/zero"), "Sources: /dev/zero is not a file"),
    ]


@pytest.mark.parametrize(("arguments", "told"), BAD, ids=range(len(BAD)))
def test_bad_input_names_its_field_and_does_nothing(
    here: Run,
    sandbox: SandboxServer,
    sources: Path,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.setenv("XAI_API_KEY", canary.KEY)
    if "--base-url" not in arguments and "--profile" not in arguments:
        monkeypatch.setenv("IMAGINE_BASE_URL", sandbox.base_url)
    given = [str(sources / word[1:]) if word.startswith("@") else word for word in arguments]
    ended = here("generate", *given)
    assert ended.code == 2
    assert told in ended.err
    assert ended.out == ""
    if told.endswith(": "):
        assert ended.err.startswith(told)
        assert ended.err.count("\n") == 1
    assert sandbox.requests() == []
    assert not home.exists()


@pytest.mark.parametrize("key", ["Canary\nlines", "Canary key", "Canaryï", "Canary" * 100])
def test_malformed_key_is_refused_without_showing_it(
    here: Run, home: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv("XAI_API_KEY", key)
    ended = here("generate", "a boat")
    assert ended.code == 2
    assert ended.err.startswith("Key: ")
    assert "anary" not in ended.err
    assert not home.exists()


@pytest.mark.parametrize("arguments", [("--base-url", "https://api.example/v1"), ("--profile", "xai")])
def test_missing_key_is_said_for_the_profile_that_needs_it(
    here: Run, home: Path, arguments: tuple[str, ...]
) -> None:
    ended = here("generate", "a boat", *arguments)
    assert ended.code == 2
    assert "There is no key for" in ended.err
    assert "XAI_API_KEY" in ended.err
    assert not home.exists()


def test_reading_verbs_without_a_library_say_so_and_make_none(here: Run, home: Path) -> None:
    for arguments in (
        ("list",),
        ("ledger", "--json"),
        ("library", "verify"),
        ("export", "--session", "S", "--to", "x"),
    ):
        ended = here(*arguments)
        assert ended.code == 1
        assert ended.err == f"There is no library in {home / 'library'} yet.\n"
        assert ended.out == ""
    assert here("library", "where").code == 0
    assert not home.exists()


def test_terminal_is_not_spoken_to_by_what_is_told(here: Run) -> None:
    ended = here("generate", "x", "--image", "no\x1b[2J\x07such\udcff.png")
    assert ended.code == 2
    assert ended.err.rstrip("\n").isprintable()


@pytest.mark.parametrize("arguments", [("--help",), ("generate", "-h"), ("export", "--help"), ("list", "-h")])
def test_help_is_help(here: Run, arguments: tuple[str, ...]) -> None:
    ended = here(*arguments)
    assert (ended.code, ended.err) == (0, "")
    assert "usage: imagine-desktop" in ended.out
