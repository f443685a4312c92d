"""The project's virtual environment, `.venv`: whether it is as it should be, and making it so."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from steps import CommandFailed, Failure, call, step

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_RUNNING_PYTHON = str(sys.implementation.cache_tag)


@dataclass(frozen=True)
class Stamp:
    """What was installed: for which folder and Python, a digest of the requirements, and the extras."""

    root: str
    python: str
    requirements: str
    extras: tuple[str, ...]


class Environment:
    """`.venv` below the project's root, with a stamp in it that is written when all is done."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.python = self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self._constraints = root / "packaging" / "constraints.txt"
        self._lock = self.folder / "setup.lock"
        self._stamp = self.folder / "setup.json"
        # Stands while files are being written, so that a set-up cut short is known and begun afresh.
        self._unfinished = self.folder / "setup.unfinished"

    def is_ready(self, extras: frozenset[str]) -> bool:
        """Whether this Python has installed here what the project now asks for, with these extras."""
        stamp = self._read_stamp()
        return (
            stamp is not None
            and extras.issubset(stamp.extras)
            and stamp == self._due_stamp(frozenset(stamp.extras))
            and self.python.exists()
            and not self._unfinished.exists()
        )

    def fault(self) -> str | None:
        """Why `.venv` cannot be built upon, or None where it can; one made by hand is welcome."""
        if not (self.folder / "pyvenv.cfg").exists():
            return "there is none"
        if self._unfinished.exists():
            return "its last set-up was cut short"
        stamp = self._read_stamp()
        if stamp is not None and stamp.root != str(self.root):
            return "the project's folder has moved"
        question = "import pip, sys; print(sys.implementation.cache_tag)"
        try:
            answer = subprocess.run(
                [self.python, "-I", "-c", question], capture_output=True, text=True, check=False
            )
        except OSError:
            return "its Python does not start"
        if answer.returncode:
            return "its Python does not start or has no pip"
        return None if answer.stdout.strip() == _RUNNING_PYTHON else "it was made by another Python"

    def prepare(self, extras: frozenset[str]) -> None:
        """Make or mend `.venv` until it holds the project, editable, with these extras and any it had."""
        fault = self.fault()
        stamp = self._read_stamp()
        self._unfinished.touch()
        try:
            if fault:
                self._clear()
                # sys.executable may be the Python inside the folder that was just cleared.
                python = getattr(sys, "_base_executable", sys.executable)
                call(f"Making .venv ({fault})", "python -m venv", [python, "-m", "venv", self.folder])
            elif stamp is not None:
                extras = extras.union(stamp.extras)
            self._install(extras)
        except CommandFailed as failure:
            if failure.code > 0 and not self._is_half_installed():
                self._unfinished.unlink()
            raise
        self._write_stamp(self._due_stamp(extras))
        self._unfinished.unlink()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other set-up of this folder waiting."""
        self.folder.mkdir(exist_ok=True)
        with self._lock.open("a+b") as file:
            if not _try_lock(file):
                with step("Waiting for another set-up of this folder"):
                    while not _try_lock(file):
                        time.sleep(0.2)
            yield

    def _clear(self) -> None:
        # Two files stay: another set-up may be waiting at the lock, and this one may be cut short too.
        for entry in self.folder.iterdir():
            if entry in (self._lock, self._unfinished):
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()

    def _install(self, extras: frozenset[str]) -> None:
        project = self._read_project()
        wanted = [*project["build-system"]["requires"], "editables", *project["project"]["dependencies"]]
        for extra in sorted(extras):
            wanted += project["project"]["optional-dependencies"][extra]
        self._pip_install("Installing what the project needs", *wanted)
        # Built by the pinned tools that were just installed: nothing is fetched for it.
        editable = ("--no-build-isolation", "--no-deps", "--editable", str(self.root))
        self._pip_install("Installing the project", *editable)

    def _pip_install(self, text: str, *what: str) -> None:
        pip = [str(self.python), "-m", "pip", "install", "--constraint", str(self._constraints)]
        # --no-user: with PIP_USER in the environment pip would refuse a virtual environment.
        options = ["--no-user", "--no-input", "--progress-bar=off", "--disable-pip-version-check"]
        call(text, "pip", [*pip, *options, *what])

    def _is_half_installed(self) -> bool:
        # pip writes a distribution's RECORD after all its files, and does not clear up on a full disk.
        return any(not (info / "RECORD").exists() for info in self.folder.rglob("*.dist-info"))

    def _read_project(self) -> dict[str, Any]:
        path = self.root / "pyproject.toml"
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise Failure(f"{path} cannot be read: {error}.") from error

    def _due_stamp(self, extras: frozenset[str]) -> Stamp:
        project = self._read_project()
        relevant = [project["build-system"], project["project"], project["tool"]["hatch"]]
        digest = hashlib.sha256(json.dumps(relevant, sort_keys=True).encode())
        digest.update(self._constraints.read_bytes())
        return Stamp(str(self.root), _RUNNING_PYTHON, digest.hexdigest(), tuple(sorted(extras)))

    def _read_stamp(self) -> Stamp | None:
        try:
            content = json.loads(self._stamp.read_text(encoding="utf-8"))
            return Stamp(**{**content, "extras": tuple(content["extras"])})
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None  # none yet, or one of another version of this file: what it says is not relied on

    def _write_stamp(self, stamp: Stamp) -> None:
        self._stamp.write_text(json.dumps(asdict(stamp)), encoding="utf-8")


def _try_lock(file: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # how Linux and macOS, and how Windows, say "taken"
        return False
    return True
