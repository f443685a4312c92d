"""The program as its own process, seen through its accessible names."""

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.window.desktop import SYSTEM_PYTHON, Desktop, until

_CHECKOUT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Control:
    """Something with a name on the screen, as it was when it was looked at. `box` is x, y, width, height."""

    at: tuple[int, ...]
    name: str
    role: str
    description: str
    text: str
    box: tuple[int, int, int, int]
    is_enabled: bool
    is_focused: bool

    @property
    def centre(self) -> tuple[int, int]:
        """Where to click it."""
        left, top, width, height = self.box
        return left + width // 2, top + height // 2

    def is_inside(self, other: "Control") -> bool:
        """Whether no part of it lies outside the other."""
        left, top, width, height = self.box
        x, y, w, h = other.box
        return x <= left and y <= top and left + width <= x + w and top + height <= y + h

    def overlaps(self, other: "Control") -> bool:
        """Whether the two share a pixel."""
        left, top, width, height = self.box
        x, y, w, h = other.box
        return left < x + w and x < left + width and top < y + h and y < top + height


class Program:
    """A running window, and the reader that looks at it."""

    def __init__(self, desktop: Desktop, environment: Mapping[str, str], *arguments: str) -> None:
        self.desktop = desktop
        self.process = subprocess.Popen(
            [sys.executable, "-m", "imagine_desktop", *arguments],
            env={
                **desktop.environment,
                **environment,
                "PYTHONPATH": str(_CHECKOUT),
                "PYTHONFAULTHANDLER": "1",  # a crash leaves its stack in the test's output
            },
            stdin=subprocess.DEVNULL,
        )
        self._reader = subprocess.Popen(
            [SYSTEM_PYTHON, "-W", "ignore", str(Path(__file__).with_name("reader.py")), str(self.process.pid)],
            env=dict(desktop.environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def controls(self) -> list[Control]:
        """All that shows on the screen."""
        assert self.process.poll() is None, f"the program ended with exit code {self.process.returncode}"
        nodes = self._ask(do="nodes") or []
        assert isinstance(nodes, list)
        return [
            Control(
                tuple(node["at"]),
                node["name"],
                node["role"],
                node["description"],
                node["text"],
                tuple(node["box"]),
                node["enabled"],
                node["focused"],
            )
            for node in nodes
            if node["showing"]
        ]

    def named(self, name: str) -> list[Control]:
        """All that shows under a name."""
        return [control for control in self.controls() if control.name == name]

    def control(self, name: str) -> Control:
        """The one control of that name, as soon as it shows."""
        [found] = until(lambda: self.named(name), name)
        return found

    def view(self, name: str) -> Control:
        """The view of that name in the centre, as soon as it shows: found before the button that brings it."""
        return until(lambda: [one for one in self.named(name)[:1] if one.role != "check box"], f"view {name}")[
            0
        ]

    def below(self, name: str) -> list[Control]:
        """What shows directly inside a control."""
        controls = self.controls()
        places = [control.at for control in controls if control.name == name]
        return [control for control in controls if control.at[:-1] in places]

    def act(self, name: str, verb: str = "press", value: object = None) -> None:
        """Press, `write` into or `set` the control of a name."""
        control = self.control(name)
        assert self._ask(do="act", at=control.at, verb=verb, value=value), f"{verb} {name}"

    def click(self, name: str, times: int = 1) -> None:
        """Click the control of a name with the mouse."""
        self.desktop.click(*self.control(name).centre, times=times)

    def ready(self) -> None:
        """Wait until the window is in front and can be used."""
        self.desktop.focus(self.process.pid)
        self.control("Generate")

    def end(self, timeout_s: float = 60) -> int:
        """Wait for it to end by itself; returns its exit code."""
        return self.process.wait(timeout_s)

    def kill(self) -> None:
        """End it as a crash would: it gets no chance to tidy up."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        """End the reader, and the window where it still runs."""
        self._reader.communicate(timeout=30)
        if self.process.poll() is None:
            self.kill()

    def _ask(self, **question: object) -> object:
        assert self._reader.stdin is not None
        assert self._reader.stdout is not None
        self._reader.stdin.write(json.dumps(question) + "\n")
        self._reader.stdin.flush()
        return json.loads(self._reader.stdout.readline())


@contextlib.contextmanager
def running(desktop: Desktop, environment: Mapping[str, str], *arguments: str) -> Iterator[Program]:
    """The program with these arguments, until the block ends."""
    program = Program(desktop, environment, *arguments)
    try:
        program.ready()
        yield program
    finally:
        program.close()
