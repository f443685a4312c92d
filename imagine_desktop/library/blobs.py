"""Files that survive a crash and a power cut: temporary name, fsync, rename, fsync of the folder.

Without the fsync of the file a power cut leaves rows that point at empty files; the other order loses them.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from imagine_desktop.errors import DiskFull, LibraryError


def durable_write(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a whole file under its final name, or leave nothing there.

    Raises DiskFull, or LibraryError for another reason that the system gives.
    """
    temporary = path.with_name(f".{path.name}.part")
    try:
        make_folder(path.parent)
        temporary.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(temporary, flags, 0o600), "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise explained(error, path) from error


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, durable and for the person alone. Raises OSError."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def explained(error: OSError, path: Path) -> LibraryError:
    """A system error of the library's folder as one that a person can act on."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return DiskFull(f"The disk is full: {path.name} could not be written.", "Free some space.")
    return LibraryError(f"{path} could not be written: {error.strerror or error}.")


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable. Windows has no such call and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256(data: bytes) -> str:
    """The content's name, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def hash_file(path: Path) -> tuple[str, os.stat_result]:
    """A regular file's content hash, and how the file that was read looks. Raises OSError.

    Anything else that has the name is not waited for: a pipe would never end.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "not a file")
        return hashlib.file_digest(file, "sha256").hexdigest(), found
