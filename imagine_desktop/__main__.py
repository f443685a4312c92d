"""The program's entrance: files and `tour` go to the window, every other verb to the command line."""

import gc
import sys
from collections.abc import Sequence

from imagine_desktop import __version__
from imagine_desktop.diagnostics import forbid_core_dumps

_VERBS = ("generate", "list", "library", "recover", "ledger", "export", "import", "sandbox")
_WITH_VALUE = ("--profile", "--base-url", "--library", "--timeout")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    forbid_core_dumps()
    given = list(sys.argv[1:] if arguments is None else arguments)
    at = _first_word(given)
    verb = given[at] if at < len(given) else ""
    rest = [*given[:at], *given[at + 1 :]]
    if verb == "sandbox":
        from imagine_desktop.cli.sandbox import run as run_sandbox

        return run_sandbox(rest)
    if verb in _VERBS or (not verb and {"-h", "--help"} & set(given)):
        from imagine_desktop.cli.main import run as run_verb

        return run_verb([verb, *rest] if verb else given)
    if not verb and "--version" in given:
        print(f"Imagine Desktop {__version__}")
        return 0
    return _play_tour(rest) if verb == "tour" else _open_window(given)


def _open_window(arguments: list[str]) -> int:
    gc.disable()  # nothing that is imported becomes garbage; the window collects from a timer of its own
    from imagine_desktop import app

    if app.has_display():
        return app.run(arguments)
    print("There is no display: playing the tour instead.", flush=True)
    return _play_tour([])


def _play_tour(arguments: list[str]) -> int:
    from imagine_desktop import tour

    return tour.run(arguments)


def _first_word(arguments: Sequence[str]) -> int:
    """Where the first argument stands that is neither an option nor an option's value."""
    at = 0
    while at < len(arguments) and arguments[at].startswith("-"):
        at += 2 if arguments[at] in _WITH_VALUE else 1
    return at


if __name__ == "__main__":
    sys.exit(main())
