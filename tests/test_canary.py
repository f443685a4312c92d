"""The search for the key bites: wherever a test or the program lets it out, the session fails."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import canary
from tests.conftest import SandboxServer

ROOT = Path(__file__).parents[1]
LEAK = """
import logging, os, subprocess, sys
from pathlib import Path
import pytest
from tests.canary import KEY

def test_file(tmp_path): (tmp_path / "a.log").write_text(f"key {KEY}")
def test_print(): print(KEY)
def test_record(): logging.getLogger("leaky").warning("with %s", KEY)
def test_argument(): subprocess.run([sys.executable, "-c", "", KEY])
def test_environment(): subprocess.run([sys.executable, "-c", ""], env={**os.environ, "OTHER": KEY})
def test_child_prints():
    code = "import os; print(os.environ['XAI_API_KEY'])"
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "XAI_API_KEY": KEY}, capture_output=True)
def test_clipboard(qapp): qapp.clipboard().setText(KEY)
"""
PLACES = [
    "a.log.",
    "Captured stdout call",
    "a log record of leaky",
    "the arguments",
    "the environment",
    "printed",
    "the clipboard",
]


def test_session_in_which_the_key_gets_out_fails_and_names_every_place(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(
        "from tests.conftest import _searched_for_the_key, pytest_configure\n"
    )
    (tmp_path / "test_leak.py").write_text(LEAK)
    command = [sys.executable, "-m", "pytest", "-q", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)]
    ended = subprocess.run(
        [
            *command,
            "-p",
            "no:cacheprovider",
            f"--basetemp={tmp_path / 'inside'}",
            str(tmp_path / "test_leak.py"),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "7 passed" in ended.stdout, ended.stdout + ended.stderr
    told = [line for line in ended.stdout.splitlines() if line.startswith("The key is in ")]
    assert [place for place in PLACES if not any(place in line for line in told)] == []
    assert ended.returncode == 1


@pytest.mark.parametrize("offset", range(3))
def test_key_is_found_in_other_encodings(tmp_path: Path, offset: int) -> None:
    texts = {
        "plain": canary.KEY.encode(),
        "utf-16": canary.KEY.encode("utf-16"),
        "base64": base64.b64encode(b"y" * offset + canary.KEY.encode() + b"tail"),
    }
    for name, text in texts.items():
        assert canary.is_in(b"before" + text + b"after"), name
    assert not canary.is_in(b"xai-CANARY and something else")


def test_only_the_header_to_the_api_may_hold_the_key(sandbox: SandboxServer) -> None:
    headers = {"authorization": f"Bearer {canary.KEY}"}
    assert canary.request_with_key({"path": "/v1/images/generations", "headers": headers}) == ""
    for request in (
        {"path": "/xai-imgen/a.jpg", "headers": headers},
        {"path": "/v1/files", "headers": {}, "query": f"key={canary.KEY}"},
        {"path": "/v1/files", "headers": {"x-api-key": canary.KEY}},
        {"path": "/v1/images/edits", "headers": headers, "body": {"prompt": canary.KEY}},
    ):
        assert canary.request_with_key(request)


def test_key_is_found_at_the_end_of_a_large_file_most_of_which_is_a_hole(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.seek(1 << 38)
        file.write(canary.KEY.encode())
    (tmp_path / "dense").write_bytes(bytes((1 << 22) - 20) + canary.KEY.encode() + bytes(1 << 22))
    (tmp_path / "hole").touch()
    os.truncate(tmp_path / "hole", 1 << 38)
    assert sorted(canary.files_with_key(tmp_path)) == [str(tmp_path / "dense"), str(tmp_path / "large")]
    for path in tmp_path.iterdir():
        path.unlink()  # or this session would fail
