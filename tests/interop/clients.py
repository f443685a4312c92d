"""Clients that others wrote for the API: installed as their users install them, each in a folder of its own.

A client is driven by a script beside this file, in the client's own interpreter: a call goes in on stdin, and
what the client made of it comes out on stdout, both as JSON.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

HERE = Path(__file__).parent
_FOLDERS = HERE.parents[1] / "build" / "interop"
_INSTALL_S = 300
_CALL_S = 90

# Of the person's environment a client sees what a program needs to start, and no key. A proxy that is not
# there keeps it from everything but this computer; LiteLLM would ask for prices elsewhere.
_PASSED = ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP")
_OFFLINE = {
    "ALL_PROXY": "http://127.0.0.1:9",
    "NO_PROXY": "127.0.0.1",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
}


class CannotInstall(Exception):
    """Why a client cannot be had on this computer."""


class Delivered(msgspec.Struct):
    """One picture as the client hands it to its user."""

    url: str | None = None
    b64_json: str | None = None

    def data(self) -> bytes:
        """The file, fetched from its address where the client was given one."""
        if self.b64_json is not None:
            return base64.b64decode(self.b64_json, validate=True)
        assert self.url is not None
        with urllib.request.urlopen(self.url, timeout=10) as answer:
            data: bytes = answer.read()
        return data


class Failure(msgspec.Struct):
    """The error that the client raises: its class, and what it knows of the answer."""

    kind: str
    message: str
    status: int | None = None
    body: object = None


class Answer(msgspec.Struct):
    """What a call came to."""

    pictures: list[Delivered] = []
    ticks: int | None = None
    warnings: list[object] = []
    failure: Failure | None = None

    def files(self) -> list[bytes]:
        """The pictures of a call that went well."""
        assert self.failure is None, self.failure
        return [picture.data() for picture in self.pictures]

    def refusal(self) -> Failure:
        """The error of a call that did not."""
        assert self.failure is not None, "the call went well"
        return self.failure


@dataclass(frozen=True)
class Client:
    """An installed client, and the command that drives it."""

    folder: Path
    command: tuple[str, ...]

    def call(self, base_url: str, verb: str, arguments: dict[str, object], *, key: str = "test-key") -> Answer:
        """Have the client do one call; whatever it does not expect fails the test."""
        call = {"base_url": base_url, "key": key, "verb": verb, "arguments": arguments}
        passed = {name: os.environ[name] for name in _PASSED if name in os.environ}
        done = subprocess.run(
            self.command,
            input=msgspec.json.encode(call),
            capture_output=True,
            cwd=self.folder,
            env={**passed, **_OFFLINE, "HOME": str(self.folder), "USERPROFILE": str(self.folder)},
            timeout=_CALL_S,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        return msgspec.json.decode(done.stdout, type=Answer)


def python_client(name: str) -> Client:
    """The client of `NAME.txt`, in a virtual environment; raises CannotInstall."""
    pins = HERE / f"{name}.txt"

    def install(folder: Path) -> None:
        # pip comes from the environment of these tests: not every Python can put one into a new environment.
        _run([sys.executable, "-m", "venv", "--without-pip", str(folder)])
        pip = [sys.executable, "-m", "pip", "--python", str(folder), "install", "--requirement", str(pins)]
        _run([*pip, "--no-user", "--no-input", "--disable-pip-version-check"])

    folder = _installed(name, pins, install)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    return Client(folder, (str(python), "-I", str(HERE / f"use_{name}.py")))


def node_client(name: str) -> Client:
    """The client of `package.json`, and the Node that it needs; raises CannotInstall."""
    pins = HERE / "package.json"

    def install(folder: Path) -> None:
        npm = shutil.which("npm")
        if npm is None:
            raise CannotInstall("there is no npm")
        folder.mkdir()
        shutil.copy(pins, folder)
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"]
        _run([npm, "install", *options], folder)
        if _node(folder) is None:
            raise CannotInstall("there is no Node for this system among its packages")

    folder = _installed(name, pins, install)
    return Client(folder, (str(_node(folder)), str(HERE / f"use_{name}.mjs")))


def _node(folder: Path) -> str | None:
    return shutil.which("node", path=str(folder / "node_modules" / ".bin"))


def _installed(name: str, pins: Path, install: Callable[[Path], None]) -> Path:
    """The folder that holds what `pins` says; it gets its name only once it is complete."""
    wanted = pins.read_bytes() + f"{sys.base_prefix} {sys.version}".encode()
    folder = _FOLDERS / f"{name}-{hashlib.sha256(wanted).hexdigest()[:12]}"
    if folder.exists():
        return folder
    _FOLDERS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_FOLDERS) as scratch:
        made = Path(scratch, name)
        install(made)
        try:
            made.rename(folder)
        except OSError:
            if not folder.exists():  # else another run was first, with the same
                raise
    return folder


def _run(command: list[str], folder: Path | None = None) -> None:
    """Run an installer, with the whole environment: it may say where packages come from."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=folder,
            timeout=_INSTALL_S,
            check=False,
            encoding="utf-8",
            errors="replace",
        )
    except subprocess.TimeoutExpired as expired:
        raise CannotInstall(f"its installer takes longer than {_INSTALL_S} s") from expired
    if done.returncode:
        raise CannotInstall(" / ".join(done.stdout.strip().splitlines()[-3:]))
