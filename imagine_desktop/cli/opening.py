"""What a verb works with: the library, and an engine on it."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from imagine_desktop import diagnostics, paths, secrets, settings
from imagine_desktop.api import profiles
from imagine_desktop.api.connection import Connection
from imagine_desktop.api.profiles import Choice
from imagine_desktop.domain import catalog
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.engine.engine import Engine
from imagine_desktop.engine.models import PriceLists
from imagine_desktop.engine.workshop import Patience
from imagine_desktop.errors import BadInput, LibraryError
from imagine_desktop.export.outcome import Progress, no_progress
from imagine_desktop.library.library import Library
from imagine_desktop.settings import Profile

_T = TypeVar("_T")
_DOWNLOAD_S = 30.0
_LOOK_AFTER_S = 2.0  # once: its end is awaited for 5 seconds, see `generate`


def say(text: str) -> None:
    """Tell the person something that is not the verb's result; what comes from outside in it obeys nothing."""
    plain = "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)
    with suppress(OSError):  # nobody reads stderr: that must not change what the verb does
        print(plain, file=sys.stderr, flush=True)


def show(text: str) -> None:
    """Print a line of the verb's result. That nobody reads it changes nothing: pictures may be paid."""
    try:
        try:
            print(text, flush=True)
        except UnicodeEncodeError:  # a path that is no text, or a terminal that knows few characters
            sys.stdout.buffer.write(os.fsencode(text) + os.linesep.encode())
            sys.stdout.flush()
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            say(f"The result cannot be printed: {error.strerror}.")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def progress() -> Progress:
    """A line on stderr that is written over, where somebody watches."""
    if not sys.stderr.isatty():
        return no_progress

    def tell(done: int, of: int) -> None:
        end = "\n" if done == of else ""
        print(f"\r\033[K{done} of {of}", end=end, file=sys.stderr, flush=True)

    return tell


def known_catalog(profile: Profile) -> Catalog:
    """The catalogue that ships with the program, with what the profile's API listed last."""
    return price_lists().known(profile.name).catalog


def price_lists() -> PriceLists:
    """The lists of models and prices that were kept."""
    shipped = catalog.parse(paths.resource("catalog.toml").read_text(encoding="utf-8"))
    return PriceLists(paths.settings().with_name("models.json"), shipped)


def library_folder(options: argparse.Namespace) -> Path:
    """Where the library is: as asked for, as set, or the default."""
    chosen = options.library or settings.load(paths.settings()).library
    try:
        return Path(chosen).expanduser().absolute() if chosen else paths.library()
    except RuntimeError:
        raise BadInput("Library", f"{chosen} names nobody's home") from None


@contextmanager
def reading(options: argparse.Namespace) -> Iterator[Library]:
    """The library for a verb that only reads; it may be open in the window."""
    library = Library.open_reading(library_folder(options))
    try:
        yield library
    finally:
        library.close()


@contextmanager
def owning(options: argparse.Namespace) -> Iterator[Library]:
    """The library for a verb that writes. Raises LibraryBusy while the window holds it."""
    library = Library.open(library_folder(options), "the command line")
    try:
        if library.read_only:
            raise LibraryError("The library can only be read now.", library.read_only)
        yield library
    finally:
        library.close()


def choice(options: argparse.Namespace) -> Choice:
    """Where this run's requests are to go; the key leaves the environment."""
    key = secrets.take_from_environment()
    return profiles.choose(options.profile, options.base_url, settings.load(paths.settings()), key)


def connection(choice: Choice, *, is_to_draw: bool = True) -> Connection:
    """The profile's connection; says so where the sandbox is to draw without having been asked for."""
    profile, key = profiles.with_key(choice)
    if profile.is_sandbox and not choice.is_firm and is_to_draw:
        say("No key: using the sandbox; its pictures are drawn on this computer and nothing is charged.")
    return Connection(profile, key)


@asynccontextmanager
async def engine(options: argparse.Namespace, library: Library, link: Connection) -> AsyncIterator[Engine]:
    """An engine that first finishes what an earlier run left, and awaits paid answers when it ends."""
    patience = Patience(
        answer_s=options.timeout,
        download_s=_DOWNLOAD_S,
        look_after_s=(_LOOK_AFTER_S,),
    )
    _log_to_file()
    kept = settings.load(paths.settings())
    lists = price_lists()
    known = lists.known(link.profile.name).catalog
    made = Engine(library, known, link, patience=patience, budget=kept.budget, price_lists=lists)
    made.set_sends_originals(kept.send_originals)
    try:
        yield made
    finally:
        await made.aclose(deadline_s=15)


def _log_to_file() -> None:
    """Keep what goes wrong out of the terminal: the log has it."""
    try:
        diagnostics.start_log(paths.log())
    except OSError:
        logging.getLogger().addHandler(logging.NullHandler())


def complete(work: Coroutine[object, object, _T]) -> _T:
    """Run to the end; SIGTERM cancels it in order, as Ctrl+C does, also where a shell ignores Ctrl+C for it.

    Raises KeyboardInterrupt for either.
    """

    async def cancellable() -> _T:
        task = asyncio.current_task()
        if sys.platform != "win32" and task is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await work

    try:
        return asyncio.run(cancellable())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
