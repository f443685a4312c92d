"""One owner for a library: an advisory lock on a file in it, held as long as the process lives.

The system frees it when the process ends, however it ends, so there is no stale lock. The file is never
deleted: deleting it would let a second process lock a new one.
"""

import errno
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

from imagine_desktop.errors import LibraryBusy

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class LibraryLock:
    """Holds `library.lock` in a folder until `release`. Raises LibraryBusy where another process holds it.

    Without a `holder` it keeps owners away and lets others read, and nothing is made or written for it.
    """

    def __init__(self, folder: Path, holder: str | None) -> None:
        how = os.O_RDONLY if holder is None else os.O_RDWR | os.O_CREAT
        flags = how | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        self._descriptor = os.open(folder / "library.lock", flags, 0o600)
        try:
            self._lock(is_shared=holder is None)
        except OSError as error:
            owner = os.read(self._descriptor, 200).decode("utf-8", "replace").strip()
            os.close(self._descriptor)
            if error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                raise  # no lock of another's: a file system that cannot lock
            raise LibraryBusy(f"The library is open in {owner or 'another program'}.") from None
        if holder is not None:
            with suppress(OSError):  # a full disk: the text is for people, the lock is held all the same
                os.ftruncate(self._descriptor, 0)
                text = f"{holder} (process {os.getpid()} on {socket.gethostname()})"
                os.pwrite(self._descriptor, text.encode(), 0)

    def release(self) -> None:
        """Let another process have the library."""
        os.close(self._descriptor)

    def share(self) -> None:
        """Let others read, where the system knows the difference; nobody can own the library yet."""
        self._lock(is_shared=True)

    def _lock(self, *, is_shared: bool) -> None:
        if sys.platform == "win32":
            os.lseek(self._descriptor, 1 << 30, os.SEEK_SET)  # beyond the text, which stays readable
            if not is_shared:
                msvcrt.locking(self._descriptor, msvcrt.LK_NBLCK, 1)
        else:
            kind = fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX
            fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
