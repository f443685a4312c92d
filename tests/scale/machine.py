"""What a benchmark ran on, written down beside its figures."""

import datetime
import os
import platform
import subprocess
from pathlib import Path
from typing import TypedDict

import PySide6

from tests.scale.measuring import PLATFORM, ROOT


class Machine(TypedDict):
    """`commit` ends in `+` where files differ from it; it is empty where there is no git."""

    date: str
    commit: str
    system: str
    processor: str
    cores: int
    memory_mb: int
    python: str
    pyside6: str
    platform: str


def described() -> Machine:
    """This machine, now."""
    return {
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "memory_mb": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1_000_000,
        "python": platform.python_version(),
        "pyside6": PySide6.__version__,
        "platform": PLATFORM,
    }


def _commit() -> str:
    try:
        return _git("rev-parse", "HEAD") + "+" * bool(_git("status", "--porcelain"))
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
