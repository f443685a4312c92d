"""`library` and `recover`: where the pictures lie, whether they are whole, what is left unfinished."""

import argparse
import asyncio

from imagine_desktop import settings
from imagine_desktop.api.connection import Connection
from imagine_desktop.cli import opening
from imagine_desktop.engine.recovery import Recovered
from imagine_desktop.errors import ConfigurationError
from imagine_desktop.library.library import Library

_RECOVERY_S = 60.0


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", shared: argparse.ArgumentParser) -> None:
    """Describe the verbs to the parser."""
    library = verbs.add_parser(
        "library", parents=[shared], help="where the pictures are, and whether all are whole"
    )
    library.add_argument("act", choices=("where", "verify"))
    library.set_defaults(run=run_library)
    recover = verbs.add_parser("recover", parents=[shared], help="finish what an earlier run left unfinished")
    recover.set_defaults(run=run_recover)


def run_library(options: argparse.Namespace) -> int:
    """Print the library's folder, or check every saved picture against what was delivered."""
    if options.act == "where":
        opening.show(str(opening.library_folder(options)))
        return 0
    with opening.reading(options) as library:
        damaged = library.damaged()
        count = library.records.saved_count()
    for picture_id, what in damaged:
        opening.say(f"Picture {picture_id}: {what}")
    opening.show(f"{count - len(damaged)} of {count} saved pictures are whole.")
    return 1 if damaged else 0


def run_recover(options: argparse.Namespace) -> int:
    """Make one pass of at most a minute."""
    with opening.owning(options) as library:
        found = opening.complete(_recover(options, library))
    if found is None:
        opening.say("Not everything could be finished within a minute; the rest is left to the next start.")
        return 0
    opening.show(
        f"{found.turn_count} unfinished turns, {found.saved_count} pictures saved, "
        f"{found.unknown_count} outcomes still unknown."
    )
    return 0


def _connection(options: argparse.Namespace) -> Connection:
    """The profile's connection, to look for lost answers; without a key, pictures are fetched all the same."""
    try:
        return opening.connection(options, is_to_draw=False)
    except ConfigurationError as error:
        opening.say(error.sentences)
        return Connection(settings.SANDBOX, None)


async def _recover(options: argparse.Namespace, library: Library) -> Recovered | None:
    async with opening.engine(options, library, _connection(options)) as engine:
        try:
            async with asyncio.timeout(_RECOVERY_S):
                return await engine.recover()
        except TimeoutError:
            return None
