"""Parses the command line and runs a verb; every expected error is one or two sentences on stderr."""

import argparse
import logging
import signal
from collections.abc import Sequence

from imagine_desktop import diagnostics, options
from imagine_desktop.cli import export, generate, importing, ledger, reading, upkeep
from imagine_desktop.cli.opening import say
from imagine_desktop.errors import BadInput, Charged, ConfigurationError, ImagineError

USAGE_ERROR = 2
UNKNOWN = 4
INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Run one verb and return its exit code.

    0 all saved, 1 failed and certainly not charged, 2 bad input, 3 all withheld, 4 outcome unknown or charged
    without a picture, 5 some saved and some not, 130 interrupted.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        chosen = _parser().parse_args(arguments)
        code: int = chosen.run(chosen)
    except (BadInput, ConfigurationError) as error:
        say(error.sentences)
        return USAGE_ERROR
    except ImagineError as error:
        say(error.sentences)
        return 1 if error.charged is Charged.NO else UNKNOWN
    except KeyboardInterrupt:
        say("Interrupted.")
        return INTERRUPTED
    except Exception as error:
        say(f"The program failed in a way that it should not: {diagnostics.redacted(repr(error))[:200]}")
        logging.getLogger(__name__).info("unexpected error", exc_info=error)
        return UNKNOWN
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="imagine-desktop",
        description="Without a verb: the window; files become sources. `tour [--out DIR]` shows it at work.",
        epilog="Environment: XAI_API_KEY, IMAGINE_BASE_URL, IMAGINE_DESKTOP_HOME.",
    )
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    shared = options.shared()
    for group in (generate, reading, ledger, upkeep, export, importing):
        group.add(verbs, shared)
    verbs.add_parser("sandbox", help="a stand-in for the API on this computer", add_help=False)
    tour = verbs.add_parser("tour", help="drive the window through its main job and keep a picture of it")
    tour.add_argument("--out", metavar="DIR")
    return parser
