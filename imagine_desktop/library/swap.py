"""A new database under the library's name, the old one with its log under another: no byte of it is lost.

A log beside another database than its own would be folded into it. So it goes first, and a process that dies
before the new database has the name leaves the old one without its log; `undo` gives it back.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

from imagine_desktop.library import blobs

DATABASE = "library.db"
LOGS = ("-wal", "-shm", "-journal")
_REPLACED = f"{DATABASE}.replaced-"


def put_in_place(folder: Path, new: Path) -> Path | None:
    """Give a whole new database the name; returns where the old one is kept, if any. Raises OSError."""
    path, kept = folder / DATABASE, _free_name(folder)
    had_one = path.exists()
    logs = [log for log in LOGS if _with(path, log).exists()]
    if had_one:
        try:
            os.link(path, kept)  # so that there is a database at every moment
        except OSError:  # a file system without links
            path.rename(kept)
    for log in logs:
        try:
            os.link(_with(path, log), _with(kept, log))
        except OSError:
            _with(path, log).rename(_with(kept, log))
    blobs.sync_folder(folder)
    for log in logs:
        _with(path, log).unlink(missing_ok=True)
    new.replace(path)
    blobs.sync_folder(folder)
    return kept if had_one else None


def undo(folder: Path) -> None:
    """Take back a replacement that a dead process did not come to the end of. Raises OSError."""
    path = folder / DATABASE
    if not path.exists() or path.stat().st_nlink == 1:
        return
    for kept in folder.glob(_REPLACED + "*"):
        if kept.name.endswith(LOGS) or not kept.samefile(path):
            continue
        for log in LOGS:
            with suppress(FileExistsError, FileNotFoundError):
                os.link(_with(kept, log), _with(path, log))
        blobs.sync_folder(folder)
        for log in LOGS:
            _with(kept, log).unlink(missing_ok=True)
        kept.unlink()
        blobs.sync_folder(folder)


def _with(path: Path, log: str) -> Path:
    return path.with_name(path.name + log)


def _free_name(folder: Path) -> Path:
    """A name that nothing has, nor a log of an earlier try."""
    at = time.time()
    while True:
        name = f"{_REPLACED}{time.strftime('%Y%m%d-%H%M%S', time.gmtime(at))}"
        if not any(folder.glob(name + "*")):
            return folder / name
        at += 1
