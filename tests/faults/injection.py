"""Lets the n-th call that changes a file fail, in Python's own files and in SQLite's alike.

A library of ours stands before the system's (LD_PRELOAD), because only there all of these hold: it sees the
calls of Python and of SQLite's C code, it counts those of one folder and no sockets, logs or pipes, and it
counts them over all threads. strace can inject too, but counts each thread for itself and every descriptor; a
device of dm-error fails sectors and not calls, so that no n is the n-th write.

Counted are creations of files and folders, writes, truncations, syncs, renames and removals below the folder.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fault:
    """Which call fails, the first being 1 (0: none), with which `errno`, and whether all after it fail too."""

    at: int
    errno: int
    is_lasting: bool = False


@dataclass(frozen=True, slots=True)
class Calls:
    """How many calls there were, and how many of them failed by our doing."""

    count: int
    failed: int


def missing() -> str:
    """What keeps calls from being failed on this system; empty where nothing does."""
    if sys.platform != "linux":
        return "calls can be failed on Linux only"
    return "" if shutil.which("cc") else "there is no C compiler (cc)"


def build(folder: Path) -> Path:
    """Compile the library that stands before the system's."""
    built = folder / "injection.so"
    source = Path(__file__).with_suffix(".c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", built, source, "-ldl"], check=True)
    return built


def arm(folder: Path, fault: Fault) -> None:
    """Count this process's calls below a folder from now on, and let them fail."""
    path = os.fsencode(folder.resolve())
    ctypes.CDLL(None).injection_arm(path, ctypes.c_long(fault.at), fault.errno, fault.is_lasting)


def calls() -> Calls:
    """What has been counted."""
    library = ctypes.CDLL(None)
    library.injection_calls.restype = library.injection_failed.restype = ctypes.c_long
    return Calls(library.injection_calls(), library.injection_failed())
