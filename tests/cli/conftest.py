"""The program as a person's shell runs it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from imagine_desktop.cli.main import run
from tests import canary
from tests.conftest import SandboxServer


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def result(self) -> dict[str, object]:
        """The one JSON object on stdout."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        return found


@dataclass(frozen=True)
class Shell:
    """Runs the program in processes of its own, with a home of the test's."""

    home: Path
    base_url: str

    def start(self, *arguments: str, key: str | None = canary.KEY, **environment: str) -> subprocess.Popen[str]:
        """A run under way, its request going to the test's sandbox."""
        clean = {name: value for name, value in os.environ.items() if not name.endswith("_PROXY")}
        clean |= {"IMAGINE_DESKTOP_HOME": str(self.home), **environment}
        if key is not None:
            clean |= {"XAI_API_KEY": key}
            clean.setdefault("IMAGINE_BASE_URL", self.base_url)
        return subprocess.Popen(
            [sys.executable, "-m", "imagine_desktop", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=clean,
        )

    def run(self, *arguments: str, key: str | None = canary.KEY, **environment: str) -> Ended:
        """A run from beginning to end, without a traceback whatever it ends with."""
        with self.start(*arguments, key=key, **environment) as process:
            out, err = process.communicate(timeout=30)
        assert "Traceback" not in out + err, err
        return Ended(process.returncode, out, err)


@pytest.fixture
def shell(home: Path, sandbox: SandboxServer) -> Shell:
    """A shell whose requests go to the sandbox."""
    return Shell(home, sandbox.base_url)


@pytest.fixture
def here(capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Ended]]:
    """Runs the command line in this process, for what never comes as far as a request."""
    before = signal.getsignal(signal.SIGTERM)

    def run_here(*arguments: str) -> Ended:
        capfd.readouterr()
        try:
            code = run(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capfd.readouterr()
        return Ended(code, out, err)

    yield run_here
    signal.signal(signal.SIGTERM, before)
