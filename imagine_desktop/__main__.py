"""The program's entrance: files and `tour` go to the window, every other verb to the command line."""

import sys
from collections.abc import Sequence

from imagine_desktop import __version__

VERBS = ("generate", "list", "library", "recover", "ledger", "export", "sandbox")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    first = next((argument for argument in arguments if not argument.startswith("-")), "")
    if first in VERBS or {"-h", "--help"} & set(arguments):
        from imagine_desktop.cli.main import run

        return run(arguments)
    if "--version" in arguments:
        print(f"Imagine Desktop {__version__}")  # noqa: T201 - what was asked for
        return 0
    if first == "tour":
        from imagine_desktop import tour

        return tour.run(arguments)
    from imagine_desktop import app

    if not app.has_display():
        print("There is no display: playing the tour instead.", flush=True)  # noqa: T201
        from imagine_desktop import tour

        return tour.run([])
    return app.run(arguments)


if __name__ == "__main__":
    sys.exit(main())
