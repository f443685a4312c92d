"""What a set-up says while it works: one line a step, on stderr, and every failure in a sentence."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_SHOWN_LINES = 15
_SHOWN_WIDTH = 320


class Failure(Exception):
    """An expected failure, in words for the person who typed the command."""


class CommandFailed(Failure):
    """A program that was called said no; `code` is its exit code, negative where a signal ended it."""

    def __init__(self, program: str, code: int, output: str) -> None:
        lines = [line.rstrip() for line in output.splitlines() if line.strip()]
        last_words = "".join(f"\n    {line[:_SHOWN_WIDTH]}" for line in lines[-_SHOWN_LINES:])
        super().__init__(f"{program} failed (exit {code}).{last_words}")
        self.code = code


def say(text: str) -> None:
    """Print one line, on stderr: stdout belongs to the program that is set up."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(text: str) -> Iterator[None]:
    """Say what is being done, then how long it took."""
    print(text, end=" ... ", file=sys.stderr, flush=True)
    started = time.monotonic()
    try:
        yield
    except BaseException:
        say("failed")
        raise
    say(f"{time.monotonic() - started:.1f} s")


def call(text: str, program: str, command: Sequence[str | Path]) -> None:
    """Run one command as a step; what it prints is shown only if it fails."""
    with step(text):
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode:
            raise CommandFailed(program, done.returncode, done.stdout)
