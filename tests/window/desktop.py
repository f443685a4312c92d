"""A desktop of a test's own: a screen, a window manager, a session bus, a mouse and a keyboard."""

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PIL import Image, ImageGrab

SYSTEM_PYTHON = "/usr/bin/python3"  # Debian's, for which gir1.2-atspi-2.0 is packaged
PATIENCE_S = 60.0
_TOOLS = ("Xvfb", "openbox", "xdotool", "dbus-daemon", SYSTEM_PYTHON)
T = TypeVar("T")


def missing() -> str:
    """What this computer lacks for a desktop, or nothing."""
    for program in _TOOLS:
        if shutil.which(program) is None:
            return f"there is no {program}"
    asked = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
    done = subprocess.run([SYSTEM_PYTHON, "-c", asked], capture_output=True, check=False, timeout=30)
    return "" if done.returncode == 0 else "there is no AT-SPI for Python (gir1.2-atspi-2.0)"


def until(find: Callable[[], T | None], what: str, patience_s: float = PATIENCE_S) -> T:
    """Look for something until it is there."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if found := find():
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {patience_s:.0f} s for {what}")


@dataclass(frozen=True)
class Desktop:
    """What a person has in front of them."""

    environment: Mapping[str, str]

    @property
    def display(self) -> str:
        """The X display."""
        return self.environment["DISPLAY"]

    @property
    def has_manager(self) -> bool:
        """Whether a window manager has taken over the screen."""
        return bool(self._xdotool("get_desktop", check=False))

    def screenshot(self, path: Path) -> Image.Image:
        """What is on the screen, kept as a file too."""
        image = ImageGrab.grab(xdisplay=self.display)
        image.save(path)
        return image

    def press(self, *keys: str) -> None:
        """Press keys, in xdotool's names, one after the other."""
        self._xdotool("key", "--clearmodifiers", "--delay", "40", *keys)

    def press_until(self, key: str, is_seen: Callable[[], object]) -> None:
        """Press a key until something comes of it: a desktop that is just starting may not hear the first."""
        for patience_s in (10.0, 20.0, 30.0):
            self.press(key)
            with contextlib.suppress(AssertionError):
                until(is_seen, key, patience_s)
                return
        raise AssertionError(f"nothing came of {key}")

    def type(self, text: str) -> None:
        """Type a text."""
        self._xdotool("type", "--clearmodifiers", "--delay", "15", text)

    def click(self, x: int, y: int, button: int = 1, times: int = 1) -> None:
        """Move the mouse there and click."""
        self._xdotool("mousemove", str(x), str(y))
        self._xdotool("click", "--repeat", str(times), "--delay", "60", str(button))

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Press the mouse in one place and let it go in another; on the way it rests, as a hand does."""
        self._xdotool("mousemove", *map(str, start))
        self._xdotool("mousedown", "1")
        for part in (0.05, 0.2, 0.5, 0.8, 0.95, 1.0, 1.0):
            x, y = (round(a + (b - a) * part) for a, b in zip(start, end, strict=True))
            self._xdotool("mousemove", str(x), str(y))
            time.sleep(0.25)
        self._xdotool("mouseup", "1")

    def key_click(self, key: str, x: int, y: int) -> None:
        """Click there while a key is held."""
        self._xdotool("mousemove", str(x), str(y), "keydown", key, "click", "1", "keyup", key)

    def focus(self, pid: int) -> str:
        """Wait for a process's window and bring it to the front; returns its id."""

        def in_front() -> str:
            """Ask again each time: one that is just being shown cannot be brought to the front yet."""
            windows = self._xdotool("search", "--onlyvisible", "--pid", str(pid), check=False).splitlines()
            for window in windows:
                self._xdotool("windowactivate", window, check=False)
            active = self._xdotool("getactivewindow", check=False)
            return active if active in windows else ""

        return until(in_front, "the window in front")

    def resize(self, pid: int, width: int, height: int) -> None:
        """Put a process's window into the top left corner, at that size with its frame."""
        self._xdotool(
            "windowmove", self.focus(pid), "0", "0", "windowsize", self.focus(pid), str(width), str(height)
        )

    def _xdotool(self, *arguments: str, check: bool = True) -> str:
        done = subprocess.run(
            ["xdotool", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=check,
            timeout=30,
        )
        return done.stdout.strip()


@contextlib.contextmanager
def running_desktop(width: int, height: int) -> Iterator[Desktop]:
    """A desktop of that size, until the block ends."""
    with contextlib.ExitStack() as ends, tempfile.TemporaryDirectory(prefix="desktop") as folder:
        environment = {
            **os.environ,
            "HOME": folder,
            "XDG_RUNTIME_DIR": folder,  # a short name: sockets lie in it
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "NO_AT_BRIDGE": "0",
        }
        screen = ["-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"]
        number = ends.enter_context(_server(["Xvfb", "-displayfd", "1", *screen], environment))
        environment["DISPLAY"] = f":{number}"
        bus = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
        environment["DBUS_SESSION_BUS_ADDRESS"] = ends.enter_context(_server(bus, environment))
        manager = subprocess.Popen(
            ["openbox", "--config-file", str(Path(__file__).with_name("openbox.xml"))],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        ends.callback(_end, manager)
        desktop = Desktop(environment)
        until(lambda: desktop.has_manager, "the window manager")
        yield desktop


@contextlib.contextmanager
def _server(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[str]:
    """A server, with the one line in which it says where it is."""
    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline().strip()
        assert line, f"{command[0]} did not start"
        yield line
    finally:
        _end(process)


def _end(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
