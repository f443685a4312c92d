"""Everything that is done with this project, by one command: see USAGE."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - here is where an older Python is told so
    sys.exit(f"Imagine Desktop needs Python 3.11 or newer; this is {sys.version.split()[0]}.")

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import system_packages
from environment import Environment
from steps import Failure, say

ROOT = Path(__file__).resolve().parent.parent

USAGE = """\
python3 packaging/do.py VERB

  setup                  make .venv and install all that the other verbs need
  run [ARGUMENT...]      start the program: its window, or one of its commands
  test [--all] [...]     run the tests, with --all the slow ones too; the rest goes to pytest
  check                  run ruff, ruff format and mypy
  bench [...]            measure how fast it is, against its goals
  soak [...]             kill it, cut its power, fail its writes for an hour, and count what is lost

Each verb first sets up what it needs and does not find."""

_RUNTIME: frozenset[str] = frozenset()
_TEST = frozenset({"test"})
_CHECKS = {
    "ruff": ["ruff", "check"],
    "ruff format": ["ruff", "format", "--check"],
    "mypy": ["mypy"],
}


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments say and return the exit code; expected failures become a sentence on stderr."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(USAGE)
        return 0 if arguments else 2
    verb = _VERBS.get(arguments[0])
    if verb is None:
        say(f"There is no verb {arguments[0]!r}.\n\n{USAGE}")
        return 2
    # As with Ctrl-C: what was called ends too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return verb(list(arguments[1:]))
    except (Failure, OSError) as failure:
        say(f"\n{failure}")
        return 1
    except KeyboardInterrupt:
        say("\nInterrupted.")
        return 130


def set_up(extras: frozenset[str], *, real_window: bool = False, window_tools: bool = False) -> Path:
    """Bring `.venv` and the system to what a verb needs; return the environment's Python."""
    environment = Environment(ROOT)
    if not environment.is_ready(extras):
        with environment.held():
            if not environment.is_ready(extras):  # the set-up waited for may have done it
                if environment.fault():
                    system_packages.provide(None, real_window=real_window, window_tools=window_tools)
                environment.prepare(extras)
    system_packages.provide(environment.folder, real_window=real_window, window_tools=window_tools)
    return environment.python


def without_account(variables: Mapping[str, str]) -> dict[str, str]:
    """The environment without what could reach a person's account: tests spend nobody's money."""
    return {name: value for name, value in variables.items() if name not in {"XAI_API_KEY", "IMAGINE_BASE_URL"}}


def _setup(arguments: list[str]) -> int:
    if arguments:
        say("setup takes no arguments.")
        return 2
    set_up(_TEST)
    say("Ready.")
    return 0


def _run(arguments: list[str]) -> int:
    display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    python = set_up(_RUNTIME, real_window=display)
    return _become([python, "-m", "imagine_desktop", *arguments], dict(os.environ))


def _test(arguments: list[str]) -> int:
    everything = "--all" in arguments
    chosen = [] if everything else ["-m", "not slow"]
    rest = [argument for argument in arguments if argument != "--all"]
    python = set_up(_TEST, window_tools=everything)
    os.chdir(ROOT)
    return _become([python, "-m", "pytest", *chosen, *rest], without_account(os.environ))


def _check(arguments: list[str]) -> int:
    if arguments:
        say("check takes no arguments.")
        return 2
    python = set_up(_TEST)
    failed = []
    for name, command in _CHECKS.items():
        say(f"{name}:")
        if subprocess.run([python, "-m", *command], cwd=ROOT, check=False).returncode:
            failed.append(name)
    say(f"check: {', '.join(failed)} failed" if failed else "check: all passed")
    return 1 if failed else 0


def _bench(arguments: list[str]) -> int:
    python = set_up(_TEST)
    os.chdir(ROOT)
    return _become([python, "-m", "tests.scale.bench", *arguments], without_account(os.environ))


def _soak(arguments: list[str]) -> int:
    python = set_up(_TEST)
    os.chdir(ROOT)
    return _become([python, "-m", "tests.faults", *arguments], without_account(os.environ))


def _become(command: list[str | Path], variables: dict[str, str]) -> int:
    """Hand over to the command; where it can take this process's place, signals and exit code are its own."""
    words = [str(word) for word in command]
    if os.name == "posix":
        os.execve(words[0], words, variables)
    return subprocess.run(words, env=variables, check=False).returncode


_VERBS: dict[str, Callable[[list[str]], int]] = {
    "setup": _setup,
    "run": _run,
    "test": _test,
    "check": _check,
    "bench": _bench,
    "soak": _soak,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
