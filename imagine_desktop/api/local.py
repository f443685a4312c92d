"""The sandbox as this program starts it: its own `sandbox` verb in a process that ends with this one."""

import os
import subprocess
import sys
import threading

from imagine_desktop.errors import ConfigurationError

KEY = "sandbox"  # the sandbox takes any key
_START_TIMEOUT_S = 30.0
_STOP_TIMEOUT_S = 5.0


class LocalSandbox:
    """A running sandbox; `base_url` is its address."""

    def __init__(self, process: "subprocess.Popen[str]", base_url: str) -> None:
        self._process = process
        self.base_url = base_url

    @staticmethod
    def start() -> "LocalSandbox":
        """Start it and wait until it listens. Blocks for about a second; raises ConfigurationError."""
        process = subprocess.Popen(
            [*_program(), "sandbox", "--parent", str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # or Ctrl+C in a terminal would end it before its last pictures are here
            env={name: value for name, value in os.environ.items() if name != "XAI_API_KEY"},
        )
        line = _first_line(process)
        prefix = "listening on "
        if not line.startswith(prefix):
            process.kill()
            process.wait()
            raise ConfigurationError(
                "The sandbox did not start.", "Start the program from a terminal to see why."
            )
        return LocalSandbox(process, line.removeprefix(prefix).strip())

    @property
    def is_running(self) -> bool:
        """Whether its process lives."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End it. Blocks for a moment."""
        self._process.terminate()
        try:
            self._process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def _program() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "imagine_desktop"]


def _first_line(process: "subprocess.Popen[str]") -> str:
    """What it says first, or nothing where it stays silent too long."""
    lines: list[str] = []

    def read() -> None:
        if process.stdout is not None:
            lines.append(process.stdout.readline())

    reader = threading.Thread(target=read, name="sandbox-start", daemon=True)
    reader.start()
    reader.join(_START_TIMEOUT_S)
    return lines[0] if lines else ""
