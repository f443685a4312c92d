"""The sandbox as a process: its first line, its ends, its arguments, its key."""

import os
import signal
import subprocess
import sys
import time

import httpx
import pytest

from imagine_desktop.sandbox.__main__ import main
from tests.sandbox.conftest import Running, start, stop


def test_accepts_as_soon_as_it_says_where_it_listens() -> None:
    running = start("--latency", "0")
    answer = httpx.get(f"{running.base_url}/models", headers={"authorization": "Bearer k"})
    assert answer.status_code == 200
    assert stop(running) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals between processes")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_it_at_once_even_while_it_owes_an_answer(number: int) -> None:
    running = start("--latency", "60")
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            f"{running.base_url}/images/generations",
            headers={"authorization": "Bearer k"},
            json={"prompt": "a lake"},
            timeout=httpx.Timeout(5, read=0.5),
        )
    began = time.monotonic()
    running.process.send_signal(number)
    assert running.process.wait(10) == 0
    assert time.monotonic() - began < 3
    assert running.process.stdout is not None
    running.process.stdout.close()


def test_ends_with_a_parent_that_is_not_its_own() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as parent:
        running = start("--parent", str(parent.pid))
        assert running.process.poll() is None
        parent.communicate(b"\n")
    assert running.process.wait(10) == 0
    assert running.process.stdout is not None
    running.process.stdout.close()


@pytest.mark.skipif(sys.platform == "win32", reason="starts through a POSIX shell")
def test_ends_when_the_process_that_started_it_is_killed() -> None:
    script = (
        "import os, subprocess, sys, time; "
        "subprocess.Popen([sys.executable, '-m', 'imagine_desktop.sandbox', '--parent', str(os.getpid())]); "
        "time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        address = parent.stdout.readline().removeprefix("listening on ").strip()
        parent.kill()
        assert parent.stdout.read() == ""  # the end of the file: the last holder of the pipe has gone
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address}/models", timeout=2)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "99999"], "0 to 65535"),
        (["--port", "no"], "invalid"),
        (["--latency", "-1"], "between 0 and 3600"),
        (["--parent", "0"], "no process id"),
        (["--what"], "unrecognized"),
    ],
)
def test_bad_arguments_are_told_of(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_port_in_use_is_told_of(running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", running.origin.rpartition(":")[2]]) == 2
    assert "Cannot listen on port" in capsys.readouterr().err


def test_only_its_key_is_right_and_control_is_absent_unless_asked_for() -> None:
    running = start("--key", "xai-right", "--latency", "0", "--parent", str(os.getpid()))
    url = f"{running.base_url}/api-key"
    right = httpx.get(url, headers={"authorization": "Bearer xai-right"})
    wrong = httpx.get(url, headers={"authorization": "Bearer xai-wrong"})
    missing = httpx.get(url)
    assert right.status_code == 200
    assert wrong.status_code == 400
    assert wrong.json()["error"].startswith("Incorrect API key provided")
    assert "wrong" not in wrong.text
    assert missing.status_code == 401
    assert httpx.get(f"{running.origin}/control/requests").status_code == 404
    assert stop(running) == 0
