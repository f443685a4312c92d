"""`library` and `recover`: where the pictures lie, whether they are whole, repair, what is left unfinished."""

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from imagine_desktop import settings
from imagine_desktop.api.connection import Connection
from imagine_desktop.cli import opening
from imagine_desktop.engine.recovery import Recovered
from imagine_desktop.errors import BadInput, ConfigurationError, LibraryError
from imagine_desktop.library import backup
from imagine_desktop.library.library import Library
from imagine_desktop.library.rebuild import Rebuilt, rebuild, restore

_HELP = (
    "where: its folder; verify: check every picture; backup: of the history; "
    "restore: back to a backup, and to the pictures that came since; "
    "rebuild: the history anew from what is whole of it, the pictures and the files beside them; "
    "trash: what is in it"
)


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", shared: argparse.ArgumentParser) -> None:
    """Describe the verbs to the parser."""
    library = verbs.add_parser(
        "library", parents=[shared], help="where the pictures are, whether all are whole, backups, repair"
    )
    library.add_argument("act", choices=tuple(_ACTS), metavar="ACT", help=_HELP)
    library.add_argument("backup", nargs="?", default="", metavar="BACKUP", help="restore: which one")
    library.add_argument("--list", action="store_true", help="restore: the backups that there are")
    library.add_argument("--quick", action="store_true", help="verify: read only files that look changed")
    library.add_argument("--empty", action="store_true", help="trash: remove its pictures for good")
    library.add_argument("--yes", action="store_true", help="trash: do not ask")
    library.set_defaults(run=run_library)
    recover = verbs.add_parser("recover", parents=[shared], help="finish what an earlier run left unfinished")
    recover.set_defaults(run=run_recover)


def run_library(options: argparse.Namespace) -> int:
    """Say where the library is, check it, back it up, or make its database anew."""
    if (options.backup or options.list) and options.act != "restore":
        raise BadInput("Library", f"{options.act} takes no backup")
    if (options.empty or options.yes) and options.act != "trash":
        raise BadInput("Library", f"{options.act} empties no trash")
    return _ACTS[options.act](options)


def _where(options: argparse.Namespace) -> int:
    opening.show(str(opening.library_folder(options)))
    return 0


def _verify(options: argparse.Namespace) -> int:
    """Check every saved picture against what was delivered; what is not ours is told, and kept."""
    with opening.reading(options) as library:
        found = library.integrity.verify(is_quick=options.quick)
        foreign = library.integrity.foreign_files()
        library.integrity.check_database()
    for wrong in found.wrong:
        opening.say(f"Picture {wrong.picture_id}: {wrong.text}")
    for path in foreign:
        opening.say(f"{path}: of no picture of the library; it is kept.")
    opening.show(f"{found.count - len(found.wrong)} of {found.count} saved pictures are whole.")
    with suppress(LibraryError), opening.owning(options) as library:  # an open window keeps its own account
        library.integrity.remember(found.read)
    return 1 if found.wrong else 0


def _back_up(options: argparse.Namespace) -> int:
    with opening.reading(options) as library:
        opening.show(str(library.back_up()))
    return 0


def _restore(options: argparse.Namespace) -> int:
    folder = opening.library_folder(options)
    if options.list:
        for path in backup.listed(folder)[::-1]:
            opening.show(f"{path.name}  {_about(path)}")
        return 0
    chosen = None
    if options.backup:
        chosen = Path(options.backup)
        if chosen.name == options.backup:
            chosen = folder / "backups" / chosen
    _say_rebuilt(restore(folder, "the command line", chosen))
    return 0


def _about(path: Path) -> str:
    try:
        backup.check(path)
        made = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(path.stat().st_mtime))
    except LibraryError as error:
        return error.message
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return f"{made}  {path.stat().st_size / 1e6:.1f} MB"


def _rebuild(options: argparse.Namespace) -> int:
    _say_rebuilt(rebuild(opening.library_folder(options), "the command line"))
    return 0


def _say_rebuilt(rebuilt: Rebuilt) -> None:
    for path in rebuilt.left:
        opening.say(f"{path}: nothing says what it is; it is kept.")
    if rebuilt.base is not None:
        opening.say(f"Went by {rebuilt.base.name}, and by the pictures and the files beside them.")
    if rebuilt.replaced is not None:
        opening.say(f"The old database is kept as {rebuilt.replaced.name}.")
    opening.show(
        f"{rebuilt.picture_count} pictures of {rebuilt.turn_count} turns in {rebuilt.session_count} sessions."
    )


def _trash(options: argparse.Namespace) -> int:
    """Say what is in the trash, or remove it for good once the person has agreed."""
    if not options.empty:
        with opening.reading(options) as library:
            opening.show(_in_trash(library))
        return 0
    with opening.owning(options) as library:
        count, _ = library.records.trash_size()
        if count and not (options.yes or _agrees(_in_trash(library))):
            opening.say("Nothing was removed.")
            return 1
        opening.show(library.curation.empty_trash(opening.progress(), lambda: False).text)
    return 0


def _in_trash(library: Library) -> str:
    count, byte_count = library.records.trash_size()
    return f"{count:,} picture{'' if count == 1 else 's'} in the trash, {byte_count / 1e6:,.1f} MB."


def _agrees(what: str) -> bool:
    """Ask on the terminal. Raises BadInput where there is none."""
    if not sys.stdin.isatty():
        raise BadInput("Library", "there is nobody to ask.", "Add --yes to empty the trash all the same.")
    opening.say(f"{what} Remove for good? This cannot be undone. [y/N]")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


_ACTS: dict[str, Callable[[argparse.Namespace], int]] = {
    "where": _where,
    "verify": _verify,
    "backup": _back_up,
    "restore": _restore,
    "rebuild": _rebuild,
    "trash": _trash,
}


def run_recover(options: argparse.Namespace) -> int:
    """Make one pass of at most a minute."""
    with opening.owning(options) as library:
        found = opening.complete(_recover(options, library))
    if found.late_count:
        opening.say("Not everything could be finished within a minute; the rest is left to the next start.")
    opening.show(
        f"{found.turn_count} unfinished turns, {found.saved_count} pictures saved, "
        f"{found.unknown_count} outcomes still unknown."
    )
    return 0


def _connection(options: argparse.Namespace) -> Connection:
    """The profile's connection, to look for lost answers; without a key, pictures are fetched all the same."""
    try:
        return opening.connection(opening.choice(options), is_to_draw=False)
    except ConfigurationError as error:
        opening.say(error.sentences)
        return Connection(settings.SANDBOX, None)


async def _recover(options: argparse.Namespace, library: Library) -> Recovered:
    async with opening.engine(options, library, _connection(options)) as engine:
        return await engine.recover()
