"""One owner for a library: an advisory lock on a file in it, held as long as the process lives.

The system frees it when the process ends, however it ends, so there is no stale lock. The file is never
deleted: deleting it would let a second process lock a new one.
"""

import errno
import os
import socket
import sys
from pathlib import Path

from imagine_desktop.errors import LibraryBusy

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class LibraryLock:
    """Holds `library.lock` in a folder until `release`. Raises LibraryBusy where another process holds it."""

    def __init__(self, folder: Path, holder: str) -> None:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        self._descriptor = os.open(folder / "library.lock", flags, 0o600)
        try:
            self._lock()
        except OSError as error:
            owner = os.read(self._descriptor, 200).decode("utf-8", "replace").strip()
            os.close(self._descriptor)
            if error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                raise  # no lock of another's: a file system that cannot lock
            raise LibraryBusy(f"The library is open in {owner or 'another program'}.") from None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, f"{holder} (process {os.getpid()} on {socket.gethostname()})".encode(), 0)

    def release(self) -> None:
        """Let another process have the library."""
        os.close(self._descriptor)

    def _lock(self) -> None:
        if sys.platform == "win32":
            os.lseek(self._descriptor, 1 << 30, os.SEEK_SET)  # beyond the text, which stays readable
            msvcrt.locking(self._descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
