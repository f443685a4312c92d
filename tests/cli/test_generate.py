"""`generate` as a shell runs it: its exit code tells the truth about the money, its output is clean."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from imagine_desktop.library.library import Library
from tests import canary
from tests.cli.conftest import Shell
from tests.conftest import SandboxServer

POST = "/v1/images/*"
MODERATED = {
    "code": "imagine:content-moderated",
    "error": "Generated image rejected by content moderation.",
    "usage": {"cost_in_usd_ticks": 5},
}


def until(is_true: Callable[[], bool], within_s: float = 20) -> None:
    """Wait for a condition."""
    give_up_s = time.monotonic() + within_s
    while not is_true():
        assert time.monotonic() < give_up_s
        time.sleep(0.02)


def test_saved_pictures_are_told_as_one_json_object(
    shell: Shell, sandbox: SandboxServer, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    ended = shell.run(
        *("generate", "a harbour “at night” 🦜", "-n", "2", "--aspect-ratio", "1:1", "--delivery", "base64"),
        *("--session", "Häfen", "--json", "--out", str(out)),
    )
    assert (ended.code, ended.out.count("\n")) == (0, 1)
    assert ended.err == ""
    result = ended.result
    assert set(result) == {"turn", "pictures", "cost_ticks", "request_id"}
    assert result["cost_ticks"] == 400_000_000
    assert isinstance(result["request_id"], str)
    pictures = result["pictures"]
    assert isinstance(pictures, list)
    for picture in pictures:
        assert set(picture) == {"id", "path", "width", "height", "state", "cost_ticks"}
        assert (picture["state"], picture["width"], picture["cost_ticks"]) == ("saved", 1024, 200_000_000)
        with Image.open(picture["path"]) as image:
            assert image.size == (picture["width"], picture["height"])
    assert len(list(out.iterdir())) == 2
    assert sandbox.requests()[0]["headers"]["authorization"] == f"Bearer {canary.KEY}"  # type: ignore[index]  # from JSON

    listed = shell.run("list", "--session", "Häfen", "--json").result["turns"]
    assert isinstance(listed, list)
    assert [turn["prompt"] for turn in listed] == ["a harbour “at night” 🦜"]
    assert shell.run("library", "where").out.strip() == str(shell.home / "library")


def test_edit_of_a_file_and_of_its_result(shell: Shell, sandbox: SandboxServer, tmp_path: Path) -> None:
    photo = tmp_path / "photo.png"
    Image.new("RGB", (640, 480), "teal").save(photo)
    first = shell.run("generate", "make it snow", "--image", str(photo), "--json").result
    pictures = first["pictures"]
    assert isinstance(pictures, list)
    [picture] = pictures
    second = shell.run("generate", "at night", "--image", str(picture["id"]))
    assert second.code == 0
    assert Path(second.out.strip()).is_file()
    assert second.err == "Cost: $0.022.\n"
    assert [entry["path"] for entry in sandbox.requests()] == ["/v1/images/edits"] * 2
    ledger = shell.run("ledger")
    assert ledger.out.splitlines()[-1] == "Spent: $0.044"


@pytest.mark.parametrize(
    ("fault", "arguments", "code", "states", "charged"),
    [
        ({"action": "answer", "status": 400, "body": {"error": "bad"}}, (), 1, ["not made"], None),
        ({"action": "answer", "status": 401}, (), 1, ["not made"], None),
        ({"action": "answer", "status": 429, "headers": {"retry-after": "9"}}, (), 1, ["not made"], None),
        ({"action": "drop-unread"}, (), 4, ["pending"], None),
        ({"action": "answer", "status": 400, "body": MODERATED}, ("-n", "2"), 3, ["withheld"] * 2, 5),
        ({"action": "drop", "charge": True}, (), 4, ["pending"], None),
        ({"action": "hang"}, (), 4, ["pending"], None),
        ({"action": "answer", "status": 500, "body": "<html>"}, (), 4, ["pending"], None),
        ({"action": "answer", "status": 200, "body": "what"}, (), 4, ["pending"], None),
        ({"action": "expire"}, (), 4, ["lost"], 200_000_000),
        ({}, ("[sandbox:partial]", "-n", "2"), 5, ["saved", "withheld"], 400_000_000),
        ({}, ("[sandbox:fewer]", "-n", "2"), 5, ["saved", "not made"], None),
    ],
    ids=range(12),
)
def test_exit_code_tells_what_became_of_the_money(
    shell: Shell,
    sandbox: SandboxServer,
    fault: dict[str, object],
    arguments: tuple[str, ...],
    code: int,
    states: list[str],
    charged: int | None,
) -> None:
    if fault:
        sandbox.fault(path=POST, **fault)
    prompt = " ".join(("a boat", *(word for word in arguments if word.startswith("["))))
    rest = [word for word in arguments if not word.startswith("[")]
    ended = shell.run("generate", prompt, *rest, "--timeout", "1.5", "--json")
    assert ended.code == code, ended.err
    pictures = ended.result["pictures"]
    assert isinstance(pictures, list)
    assert [picture["state"] for picture in pictures] == states
    if charged is not None:
        assert ended.result["cost_ticks"] == charged
    assert ended.err.strip().count("\n") == 0
    assert ended.err.endswith(".\n")
    assert len(sandbox.requests()) == 1


@pytest.mark.parametrize(("is_kept", "code", "states"), [(True, 0, ["saved"]), (False, 4, ["pending"])])
def test_lost_answer_is_looked_for_once_before_the_end(
    shell: Shell, sandbox: SandboxServer, is_kept: bool, code: int, states: list[str]
) -> None:
    shell.home.mkdir()
    (shell.home / "settings.toml").write_text("stored_copies = true\n")
    sandbox.fault(path=POST, action="drop", charge=is_kept)
    ended = shell.run("generate", "a boat", "--json")
    assert ended.code == code, ended.err
    pictures = ended.result["pictures"]
    assert isinstance(pictures, list)
    assert [picture["state"] for picture in pictures] == states
    assert len(sandbox.requests()) == 1
    listed = [entry for entry in sandbox.requests("/v1/files") if entry["path"] == "/v1/files"]
    assert len(listed) == 1
    found = "The pictures of a lost answer were found; nothing was sent again.\n"
    assert ended.err.startswith(found if is_kept else "The connection broke")


def test_api_that_cannot_be_reached_costs_nothing(shell: Shell) -> None:
    ended = shell.run("generate", "a boat", "--base-url", "http://127.0.0.1:9/v1", "--timeout", "1")
    assert ended.code == 1
    assert "nothing was sent" in ended.err
    assert ended.out == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_while_waiting_keeps_the_paid_picture(
    shell: Shell, sandbox: SandboxServer, number: signal.Signals
) -> None:
    sandbox.fault(path=POST, delay=1)
    with shell.start("generate", "a boat", "--json") as process:
        until(lambda: bool(sandbox.charges()))
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "Interrupted.\n")
    library = Library.open_reading(shell.home / "library")
    assert library.records.saved_count() == 1
    library.close()


def test_without_a_key_the_sandbox_draws_and_says_so(shell: Shell) -> None:
    ended = shell.run("generate", "a boat", "--json", key=None)
    assert ended.code == 0
    assert ended.err.startswith("No key: using the sandbox")
    assert ended.err.count("\n") == 1
    ledger = shell.run("ledger", "--json").result
    assert ledger["total_ticks"] == 0
    asked = shell.run("generate", "a boat", "--profile", "Sandbox", "--json")
    assert (asked.code, asked.err) == (0, "")  # asked for, whatever address the environment names
    assert shell.run("ledger", "--json").result["total_ticks"] == 0


def test_folder_that_cannot_be_written_is_found_before_paying(
    shell: Shell, sandbox: SandboxServer, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    ended = shell.run("generate", "a boat", "--out", str(tmp_path / "file"))
    assert ended.code == 2
    assert ended.err.startswith("Out: ")
    assert sandbox.requests() == []


def test_result_that_nobody_reads_does_not_change_how_it_ended(shell: Shell, sandbox: SandboxServer) -> None:
    sandbox.fault(path=POST, action="expire")
    with shell.start("generate", "a boat", "--json") as process:
        assert process.stdout is not None
        process.stdout.close()
        process.wait(30)
        assert process.stderr is not None
        err = process.stderr.read()
    assert process.returncode == 4
    assert "Traceback" not in err
    assert "Exception" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_result_that_finds_no_room_is_said(shell: Shell, home: Path) -> None:
    environment = {**os.environ, "IMAGINE_DESKTOP_HOME": str(home)}
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "imagine_desktop", "library", "where"],
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
            text=True,
        )
    assert ended.stderr == "The result cannot be printed: No space left on device.\n"


def test_library_in_use_is_read_and_not_written(shell: Shell, sandbox: SandboxServer) -> None:
    library = Library.open(shell.home / "library", "the window")
    try:
        for arguments in (("generate", "a boat"), ("recover",)):
            ended = shell.run(*arguments)
            assert ended.code == 1
            assert ended.err.startswith("The library is open in the window")
            assert ended.err.count("\n") == 1
        for arguments in (("list", "--json"), ("ledger", "--json"), ("library", "verify")):
            assert shell.run(*arguments).code == 0
    finally:
        library.close()
    assert sandbox.requests() == []
    recovered = shell.run("recover")
    assert (recovered.code, recovered.out) == (
        0,
        "0 unfinished turns, 0 pictures saved, 0 outcomes still unknown.\n",
    )


def test_json_survives_a_terminal_that_knows_only_ascii(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "Ordner-ü"
    ended = shell.run("generate", "漢字", "--json", "--library", str(folder), PYTHONIOENCODING="ascii")
    assert ended.code == 0
    assert json.loads(ended.out)["pictures"][0]["path"].startswith(str(folder))


def test_recover_finds_a_lost_answer(shell: Shell, sandbox: SandboxServer) -> None:
    shell.home.mkdir()
    (shell.home / "settings.toml").write_text("stored_copies = true\n")
    sandbox.fault(path=POST, action="drop", charge=True)
    sandbox.fault(path="/v1/files", action="answer", status=403)
    assert shell.run("generate", "a boat").code == 4
    recovered = shell.run("recover")
    assert (recovered.code, recovered.out) == (
        0,
        "1 unfinished turns, 1 pictures saved, 0 outcomes still unknown.\n",
    )
    assert len(sandbox.charges()) == 1
