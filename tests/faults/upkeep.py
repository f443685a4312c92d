"""Upkeep of a library in a process of its own, which kills itself at a named point.

Usage: python -m tests.faults.upkeep POINT LIBRARY
"""

import functools
import itertools
import os
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from imagine_desktop.library import backup, blobs, emptying, rebuild, rescan, schema, swap, texts
from imagine_desktop.library.files import Files
from imagine_desktop.library.library import Library
from tests.faults.driver import die


def migrate(folder: Path) -> None:
    """Open a library of the first version."""
    Library.open(folder, "an owner to be killed").close()


def back_up(folder: Path) -> None:
    """Make one backup more than are kept."""
    backup.make(folder / "library.db")


def rebuild_it(folder: Path) -> None:
    """Make the database anew."""
    rebuild.rebuild(folder, "an owner to be killed")


def restore_it(folder: Path) -> None:
    """Go back to the newest backup."""
    rebuild.restore(folder, "an owner to be killed")


def empty_it(folder: Path) -> None:
    """Empty the trash, one picture at a time."""
    setattr(emptying, "_AT_ONCE", 1)  # noqa: B010 - not declared as one that may be set
    library = Library.open(folder, "an owner to be killed")
    library.curation.empty_trash(lambda done, of: None, lambda: False)


@dataclass(frozen=True)
class Point:
    """Death before, after or within the n-th call of a function, in an act."""

    act: Callable[[Path], None]
    owner: object
    name: str
    when: str
    number: int = 1


class Dying(sqlite3.Connection):
    """A connection that dies in the middle of the n-th migration."""

    def executescript(self, script: str, /) -> sqlite3.Cursor:
        """As usual, but a migration's transaction is never ended."""
        begun, _, _ = script.partition(" PRAGMA user_version=")
        if begun == script:
            return super().executescript(script)
        if begun.startswith("BEGIN IMMEDIATE") and next(_CALLS) == _DEADLY[0]:
            super().executescript(begun)
            die()
        return super().executescript(script)


_CALLS = itertools.count(1)  # of what the chosen point watches
_DEADLY = [2]  # the number of the call that is the last
_REPAIR = {
    "nothing copied": (rebuild, "_begin", "before", 1),
    "base copied": (rebuild, "_begin", "after", 1),
    "pictures entered": (rescan, "enter", "after", 1),
    "all written": (rebuild, "_fill", "after", 1),
    "database linked": (os, "link", "after", 1),
    "log linked": (os, "link", "after", 2),
    "links durable": (blobs, "sync_folder", "after", 1),
    "log gone": (Path, "replace", "before", 1),
    "replaced": (Path, "replace", "after", 1),
    "replacement durable": (swap, "put_in_place", "after", 1),
}
_EMPTYING = {
    "nothing marked": (emptying, "mark", "before", 1),
    "marked": (emptying, "mark", "after", 1),
    "story gone": (Path, "unlink", "after", 2),  # the first call looks for paid bytes that were no picture
    "picture gone": (Path, "unlink", "after", 3),
    "files gone, durably": (Files, "remove", "after", 1),
    "paths gone": (emptying, "remove", "after", 1),
    "the second one's story gone": (Path, "unlink", "after", 6),
    "all gone": (emptying, "empty", "after", 1),
}
POINTS: dict[str, Point] = {
    "migration: backup made": Point(migrate, backup, "make", "after"),
    "migration: in the middle": Point(migrate, schema, "connect", "within", 2),
    "migration: pictures made anew": Point(migrate, schema, "connect", "within", len(schema.MIGRATIONS) - 1),
    "migration: nothing indexed": Point(migrate, texts, "refresh", "before"),
    "migration: indexed": Point(migrate, texts, "refresh", "after"),
    "migration: done": Point(migrate, schema, "connect", "after"),
    "backup: nothing copied": Point(back_up, backup, "copy", "before"),
    "backup: copied": Point(back_up, backup, "copy", "after"),
    "backup: has its name": Point(back_up, Path, "replace", "after"),
    "backup: an older one gone": Point(back_up, Path, "unlink", "after"),
    **{f"rebuild: {what}": Point(rebuild_it, *how) for what, how in _REPAIR.items()},
    **{f"restore: {what}": Point(restore_it, *how) for what, how in _REPAIR.items()},
    **{f"emptying: {what}": Point(empty_it, *how) for what, how in _EMPTYING.items()},
}


def set_trap(point: Point) -> None:
    """Let the process die at a point."""
    function: Callable[..., object] = getattr(point.owner, point.name)
    if point.when == "within":
        _DEADLY[0] = point.number
        trapped_connect = functools.partial(sqlite3.connect, factory=Dying)
        setattr(sqlite3, "connect", trapped_connect)  # noqa: B010 - not declared as one that may be set
        return

    @functools.wraps(function)
    def trapped(*arguments: object, **options: object) -> object:
        is_it = next(_CALLS) == point.number
        if is_it and point.when == "before":
            die()
        result = function(*arguments, **options)
        if is_it:
            die()
        return result

    setattr(point.owner, point.name, trapped)


if __name__ == "__main__":
    chosen = POINTS[sys.argv[1]]
    set_trap(chosen)
    chosen.act(Path(sys.argv[2]))
