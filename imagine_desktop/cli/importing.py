"""`import`: pictures that a person has already, copied into the library."""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from imagine_desktop.cli import opening
from imagine_desktop.cli.options import session_name
from imagine_desktop.domain.imports import Import
from imagine_desktop.engine import importing

_FAILED = 1
_NO_PICTURE = 2
_SOME_MISSING = 5


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", shared: argparse.ArgumentParser) -> None:
    """Describe the verb to the parser."""
    parser = verbs.add_parser("import", parents=[shared], help="copy your own pictures into the library")
    parser.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="a folder, with all below it, or a file"
    )
    parser.add_argument("--session", type=session_name, metavar="NAME", help="instead of the folder's name")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Import, and tell what did not join; Ctrl+C ends it in order, and the next run adds the rest.

    0 every picture is in the library, 1 none is, 2 there was none, 5 some are. Raises KeyboardInterrupt at the
    end of an interrupted one.
    """
    with opening.owning(options) as library, _interruptible() as is_interrupted:
        found = importing.run(library, options.paths, options.session or "", _progress, is_interrupted)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    for one in found.skipped:
        opening.say(f"{one.path}: {one.reason}.")
    more = found.foreign_count + found.fault_count - len(found.skipped)
    if more:
        opening.say(f"And {more} more.")
    if options.json:
        opening.show(json.dumps(asdict(found)))
    else:
        opening.show(
            f"{found.added_count} pictures added, {found.known_count} were there already, "
            f"{found.fault_count} could not be added, {found.foreign_count} files are no pictures."
        )
    if found.is_cancelled:
        raise KeyboardInterrupt
    return exit_code(found)


def exit_code(found: Import) -> int:
    """As `run` has them; a file that is no picture counts for nothing."""
    here = found.added_count + found.known_count
    if found.fault_count:
        return _SOME_MISSING if here else _FAILED
    return 0 if here else _NO_PICTURE


def _progress(state: Import) -> None:
    """One line that changes, where a person looks on."""
    if sys.stderr.isatty():
        print(f"\r{state.seen_count} of {state.file_count} files", end="", file=sys.stderr, flush=True)


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Whether SIGINT or SIGTERM came while the block ran; a second one ends the program where it is."""
    signals = [one for one in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(one) is not signal.SIG_IGN]
    came = threading.Event()

    def restore() -> None:
        for one in signals:
            signal.signal(one, signal.default_int_handler)

    def on_signal(_number: int, _frame: object) -> None:
        came.set()
        restore()

    for one in signals:
        signal.signal(one, on_signal)
    try:
        yield came.is_set
    finally:
        restore()
