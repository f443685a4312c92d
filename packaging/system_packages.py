"""What Qt and the tests need of a Linux system: found out by trying, installed with apt where that can be."""

import ctypes
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from steps import CommandFailed, Failure, call, say

# The libraries that the PySide6 wheel links to and does not bring, and Debian's packages with them.
DRAWING_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
WINDOW_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
FONT = {"a font": "fonts-dejavu-core"}

# With these the tests open real windows and use them with mouse, keys and a screen reader's interface.
WINDOW_TOOLS = (
    "xvfb",
    "xauth",
    "xdotool",
    "openbox",
    "at-spi2-core",
    "dbus",
    "gnome-keyring",
    "python3-gi",
    "gir1.2-atspi-2.0",
)

_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
_FONT_SUFFIXES = {".ttf", ".otf", ".ttc", ".pfb"}


@dataclass(frozen=True)
class Lacking:
    """What is not there, each with the Debian package that brings it, "" where none is known.

    Nothing runs without `required`; without `optional` there are no real windows, here or in the tests.
    """

    required: dict[str, str]
    optional: dict[str, str]

    def __bool__(self) -> bool:
        return bool(self.required or self.optional)

    @property
    def packages(self) -> list[str]:
        """Every package to install, once."""
        return sorted({package for package in (self.required | self.optional).values() if package})


def provide(venv: Path | None, *, real_window: bool = False, window_tools: bool = False) -> None:
    """Make sure of what the verb needs; without an environment yet, of what it takes to make one.

    `real_window` says that one is to open on the screen, `window_tools` that the tests are to open some.
    """
    if sys.platform != "linux" or (venv is None and importlib.util.find_spec("ensurepip")):
        return
    found = find_lacking(venv, real_window=real_window, window_tools=window_tools)
    as_root = os.geteuid() == 0
    if not found:
        return
    install(found, as_root=as_root)
    if as_root and venv and (left := find_lacking(venv, real_window=real_window).required):
        raise Failure(f"Qt still cannot be loaded: this system lacks {', '.join(left)}.")


def find_lacking(venv: Path | None, *, real_window: bool = False, window_tools: bool = False) -> Lacking:
    """Find what Qt lacks by loading its plugins or, before they are there, by what it is known to need."""
    plugins = next(venv.glob("lib/python3*/site-packages/PySide6/Qt/plugins/platforms"), None) if venv else None
    if plugins:
        required = _lacking_for(plugins / "libqoffscreen.so", DRAWING_LIBRARIES)
        windows = _lacking_for(plugins / "libqxcb.so", DRAWING_LIBRARIES | WINDOW_LIBRARIES)
    else:
        required = _unloadable(DRAWING_LIBRARIES)
        windows = _unloadable(WINDOW_LIBRARIES)
    if venv is None:
        required |= {"ensurepip": f"python3.{sys.version_info.minor}-venv"}
    if shutil.which("apt-get") and not _has_font():  # other systems may keep their fonts elsewhere
        required |= FONT
    tools = _lacking_tools() if window_tools else {}
    return Lacking(required | windows, tools) if real_window else Lacking(required, windows | tools)


def install(lacking: Lacking, *, as_root: bool) -> None:
    """Install what is lacking with apt, as root; tell anyone else what to type, and stop if it must be."""
    if as_root and lacking.packages and shutil.which("apt-get"):
        try:
            _install_with_apt(lacking.packages)
        except Failure as failure:
            if lacking.required:
                raise
            say(f"{failure}\nGoing on without real windows.")
    elif lacking.required:
        raise Failure(
            f"This system lacks something. Install it, then run the same command again:{_advice(lacking)}"
        )
    else:
        say(f"Going on without real windows. For them, install:{_advice(lacking)}")


def _advice(lacking: Lacking) -> str:
    everything = lacking.required | lacking.optional
    packages = lacking.packages if shutil.which("apt-get") else []
    others = [name for name, package in everything.items() if not (package and packages)]
    lines = []
    if packages:
        lines.append(f"sudo apt-get install -y {' '.join(packages)}")
    if others:
        lines.append(f"in your system's own way: {', '.join(others)}")
    return "\n\n" + "".join(f"    {line}\n" for line in lines)


def missing_soname(error: str) -> str | None:
    """The library that the loader's message says is not there."""
    match = re.match(r"(\S+): cannot open shared object file", error)
    return match[1] if match else None


def _lacking_for(plugin: Path, known: Mapping[str, str]) -> dict[str, str]:
    error = _load_error(str(plugin))
    if not error:
        return {}
    soname = missing_soname(error)
    if soname is None:
        raise Failure(f"Qt cannot be loaded on this system: {error}")
    # The loader names one at a time, so all that are known are tried.
    return {soname: known.get(soname, "")} | _unloadable(known)


def _unloadable(known: Mapping[str, str]) -> dict[str, str]:
    return {soname: package for soname, package in known.items() if _load_error(soname)}


def _load_error(library: str) -> str:
    try:
        ctypes.CDLL(library)
    except OSError as error:
        return str(error)
    return ""


def _has_font() -> bool:
    folders = (Path(folder).expanduser() for folder in _FONT_FOLDERS)
    return any(path.suffix in _FONT_SUFFIXES for folder in folders for path in folder.rglob("*"))


def _lacking_tools() -> dict[str, str]:
    """The tools that Debian's package manager does not know to be installed; elsewhere none are asked for."""
    if not shutil.which("dpkg-query"):
        return {}
    query = ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *WINDOW_TOOLS]
    answer = subprocess.run(query, capture_output=True, text=True, check=False)  # fails when one is not known
    installed = {line.split()[0] for line in answer.stdout.splitlines() if line.endswith(" installed")}
    return {tool: tool for tool in WINDOW_TOOLS if tool not in installed}


def _install_with_apt(packages: list[str]) -> None:
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    trouble = ""
    try:
        call("Refreshing the list of system packages", "apt-get update", [*apt, "update"])
    except CommandFailed as failure:
        trouble = f"{failure}\n"  # the lists that are there may do
    command = [*apt, "install", "--yes", "--no-install-recommends", *packages]
    try:
        call(f"Installing {len(packages)} system packages", "apt-get install", command)
    except CommandFailed as failure:
        raise Failure(f"{trouble}{failure}") from failure
