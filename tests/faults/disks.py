"""File systems of their own, of which a power cut leaves what was on the disk and nothing that was in memory.

ext4 on a file, mounted through a loop device. A cut is a copy of that file, taken while the process that
writes stands still: what it had not synced is in the kernel's memory and not in the copy. Mounting the copy
replays the file system's journal, as after a cut. Not modelled are disks that lie about a sync, or reorder
blocks.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SIZE_BYTES = 500 << 20  # sparse: what is not written takes no room
_MAKE = ["mkfs.ext4", "-q", "-F", "-E", "nodiscard"]
_NEEDED = ("mkfs.ext4", "mount", "umount", "losetup", "cp")


def missing(folder: Path) -> str:
    """What keeps file systems from being mounted here; empty where nothing does."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "only root may mount a file system (Linux)"
    absent = [name for name in _NEEDED if shutil.which(name) is None]
    if absent:
        return f"there is no {' and no '.join(absent)}"
    image = folder / "probe.img"
    try:
        make(image)
        with mounted(image, folder / "probe"):
            pass
    except subprocess.CalledProcessError as error:
        return f"no file system can be mounted here ({error.stderr.strip()})"
    finally:
        image.unlink(missing_ok=True)
    return ""


def make(image: Path) -> None:
    """An empty ext4 file system in a file."""
    with image.open("wb") as file:
        file.truncate(_SIZE_BYTES)
    _run(*_MAKE, image)


def copy(image: Path, to: Path) -> None:
    """The same file system once more, as it lies on the disk in this moment."""
    _run("cp", "--sparse=always", image, to)


@contextmanager
def mounted(image: Path, point: Path) -> Iterator[Path]:
    """The file system in a file, at a folder that is made for it and removed after."""
    point.mkdir()
    try:
        _run("mount", "-o", "loop,nodiscard", image, point)
        try:
            yield point
        finally:
            _run("umount", point)
    finally:
        point.rmdir()


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True)
