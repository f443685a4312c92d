"""What a verb works with: the library, and an engine on it."""

import argparse
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from imagine_desktop import paths, secrets, settings
from imagine_desktop.api import profiles
from imagine_desktop.api.connection import Connection
from imagine_desktop.domain import catalog
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.engine.engine import Engine
from imagine_desktop.engine.workshop import Patience
from imagine_desktop.library.library import Library

_DOWNLOAD_S = 30.0


def say(text: str) -> None:
    """Tell the person something that is not the verb's result."""
    print(text, file=sys.stderr, flush=True)


def known_catalog() -> Catalog:
    """The catalogue that ships with the program."""
    return catalog.parse(paths.resource("catalog.toml").read_text(encoding="utf-8"))


def library_folder(options: argparse.Namespace) -> Path:
    """Where the library is: as asked for, as set, or the default."""
    chosen = options.library or settings.load(paths.settings()).library
    return Path(chosen).expanduser().absolute() if chosen else paths.library()


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
        yield library
    finally:
        library.close()


def connection(options: argparse.Namespace) -> Connection:
    """The profile's connection; says so where the sandbox is used without having been asked for."""
    key = secrets.take_from_environment()
    chosen = options.profile or settings.load(paths.settings()).profile
    profile, key = profiles.choose(chosen, options.base_url, key)
    if profile.is_sandbox and not chosen:
        say("No key: using the sandbox; its pictures are drawn on this computer and nothing is charged.")
    return Connection(profile, key)


@asynccontextmanager
async def engine(options: argparse.Namespace, library: Library, link: Connection) -> AsyncIterator[Engine]:
    """An engine that first finishes what an earlier run left, and awaits paid answers when it ends."""
    patience = Patience(answer_s=options.timeout, download_s=_DOWNLOAD_S, expired_pause_s=1.0)
    made = Engine(library, known_catalog(), link, patience=patience)
    try:
        yield made
    finally:
        await made.aclose(deadline_s=15)
