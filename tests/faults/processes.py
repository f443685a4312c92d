"""Processes of the program that can be killed or stopped at any moment.

They are forked from a server that has imported everything, so that one starts in some milliseconds. What they
say comes through a pipe, and what they print goes to a log, in which what nobody caught is looked for.
"""

import asyncio
import functools
import multiprocessing
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from tests.faults import injection

KILLED = -signal.SIGKILL
LONGEST_STALL_S = 2.0
_LONGEST_S = 60.0
_BEAT_S = 0.25
# The driver, and what the program imports where it first needs it.
_PRELOADED = [
    "tests.faults.driver",
    "httpx",
    "anyio._backends._asyncio",
    "PIL.JpegImagePlugin",
    "keyring.backends",
]
# In what is printed; the log of the program also holds the tracebacks of errors that were caught.
_PRINTED = re.compile(r"^Traceback |in a way that it should not|^Fatal Python error", re.MULTILINE)
_LOGGED = re.compile(r"exception was never retrieved|failed unexpectedly|unexpected error", re.MULTILINE)

Say = Callable[[object], None]


class Child:
    """A process that does `do(say, *arguments)`; `say` sends to `heard`. Ends with the block, at the latest."""

    def __init__(self, log: Path, do: Callable[..., object], *arguments: object) -> None:
        _start_server()
        context = multiprocessing.get_context("forkserver")
        log.parent.mkdir(parents=True, exist_ok=True)
        self.log = log
        self._heard: list[object] = []
        self._pipe, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_enter, args=(str(log), theirs, do, arguments))
        self._process.start()
        theirs.close()

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.kill()
        self._pipe.close()
        self._process.close()

    @property
    def code(self) -> int | None:
        """The exit code; negative for the signal that ended it, None while it lives."""
        return self._process.exitcode

    def until(self, said: object, limit_s: float = _LONGEST_S) -> bool:
        """Wait until it says so; False where it ends without, or takes too long, which its log then tells."""
        give_up_s = time.monotonic() + limit_s
        while said not in self.heard() and self._process.is_alive():
            if time.monotonic() > give_up_s:
                self._note_stall(f"{said!r} was not said", limit_s)
                return False
            self._hear(0.05)
        return said in self.heard()

    def heard(self) -> list[object]:
        """All that it said so far."""
        while self._hear(0):
            pass
        return self._heard

    def kill(self) -> None:
        """End it as a power cut would that spares the disk's cache."""
        self._process.kill()
        self._process.join()

    def stop(self) -> None:
        """Halt it, every thread; calls to the system that have begun come to their end first."""
        self._signal(signal.SIGSTOP)
        tasks = Path(f"/proc/{self._process.pid}/task")
        while any(_state(task) not in "TtZX" for task in tasks.glob("*/stat")):
            time.sleep(0.0005)

    def resume(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def finish(self, limit_s: float = _LONGEST_S) -> int:
        """Wait for its end; its exit code. One that does not end is killed, and its log says so."""
        give_up_s = time.monotonic() + limit_s
        while self._process.is_alive() and time.monotonic() < give_up_s:
            self._hear(0.05)
        if self._process.is_alive():
            self._note_stall("not at its end", limit_s)
            self.kill()
        self._process.join()
        return self.code or 0

    def _hear(self, limit_s: float) -> bool:
        try:
            if self._pipe.poll(limit_s):
                self._heard.append(self._pipe.recv())
                return True
        except (EOFError, OSError):  # it ended, perhaps in the middle of a word
            self._process.join(0.05)
        return False

    def _note_stall(self, what: str, limit_s: float) -> None:
        with self.log.open("a") as log:
            log.write(f"stalled: {what} after {limit_s:.0f} s\n")

    def _signal(self, number: signal.Signals) -> None:
        assert self._process.pid is not None
        with suppress(ProcessLookupError):  # it ended by itself: its exit code says so
            os.kill(self._process.pid, number)


def _state(task: Path) -> str:
    """A thread's state, by the letters of proc(5); X where it ended meanwhile."""
    try:
        return task.read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "X"


def uncaught(log: Path) -> list[str]:
    """Errors that nobody caught, as what was printed tells them, or the program's log (`*.log`)."""
    pattern = _LOGGED if log.suffix == ".log" else _PRINTED
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return [text[found.start() : found.start() + 2000] for found in pattern.finditer(text)]


def stalls(log: Path) -> list[str]:
    """The moments in which a process did nothing for longer than it may, as a log tells them."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    return [line for line in text.splitlines() if line.startswith("stalled")]


@functools.cache
def _start_server() -> TemporaryDirectory[str]:
    """Start it, with the library that lets calls fail where that can be built; the folder keeps that one."""
    folder = TemporaryDirectory(prefix="imagine-injection-")
    before = os.environ.get("LD_PRELOAD")
    if not injection.missing():
        os.environ["LD_PRELOAD"] = str(injection.build(Path(folder.name)))
    try:
        forkserver.set_forkserver_preload(_PRELOADED)
        forkserver.ensure_running()
    finally:
        os.environ.pop("LD_PRELOAD", None)
        if before is not None:
            os.environ["LD_PRELOAD"] = before
    return folder


def _enter(log: str, pipe: Connection, do: Callable[..., object], arguments: tuple[object, ...]) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for number in (1, 2):
        os.dup2(descriptor, number)
    make = asyncio.new_event_loop

    def watched() -> asyncio.AbstractEventLoop:
        loop = make()
        loop.call_later(_BEAT_S, _beat, loop, loop.time() + _BEAT_S)
        return loop

    asyncio.events.new_event_loop = watched
    do(pipe.send, *arguments)


def _beat(loop: asyncio.AbstractEventLoop, due_s: float) -> None:
    late_s = loop.time() - due_s
    if late_s > LONGEST_STALL_S:
        sys.stderr.write(f"stalled for {late_s:.1f} s\n")
        sys.stderr.flush()
    loop.call_later(_BEAT_S, _beat, loop, loop.time() + _BEAT_S)
