"""The bell by which a second start reaches the window that has the library."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from imagine_desktop.ui import doorbell
from imagine_desktop.ui.doorbell import Doorbell, ring

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sockets of Unix")


@pytest.fixture(autouse=True)
def runtime(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for sockets of the test's own; its path is short, as a socket's must be."""
    folder = tmp_path_factory.mktemp("r")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


@pytest.fixture
def owner(qapp: QObject) -> QObject:
    """What the bell belongs to."""
    return QObject(qapp)


RING = """
import os, sys
from pathlib import Path
from imagine_desktop.ui.doorbell import ring
library, *files = [Path(os.fsdecode(bytes.fromhex(name))) for name in sys.argv[1:]]
sys.exit(0 if ring(library, files) else 1)
"""


def ringing(*paths: Path) -> "subprocess.Popen[bytes]":
    """Another process that rings: the library, and the files to hand over."""
    return subprocess.Popen([sys.executable, "-c", RING, *(os.fsencode(path).hex() for path in paths)])


def test_files_of_any_name_arrive(qtbot: QtBot, owner: QObject, tmp_path: Path) -> None:
    files = [tmp_path / "a b\nc.jpg", tmp_path / "caf\u00e9.png", tmp_path / "odd-\udcff.png"]
    bell = Doorbell(tmp_path, owner)
    with qtbot.waitSignal(bell.rung, timeout=5000) as rung:
        caller = ringing(tmp_path, *files)
    assert caller.wait(5) == 0
    assert rung.args == [files]
    assert not ring(tmp_path / "another library", files)
    bell.close()
    assert not ring(tmp_path, files)


def test_a_socket_that_was_left_behind_does_not_block(qtbot: QtBot, owner: QObject, tmp_path: Path) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(doorbell._name(tmp_path))
    left.close()  # its file stays, as after a kill
    assert not ring(tmp_path, [])
    bell = Doorbell(tmp_path, owner)
    with qtbot.waitSignal(bell.rung, timeout=5000):
        caller = ringing(tmp_path)
    assert caller.wait(5) == 0
    bell.close()


@pytest.mark.parametrize(
    "line", [b"no json\n", b"{}\n", b'{"files": 3}\n', b'{"files": ["zz"]}\n', b"[" * 9999 + b"\n"]
)
def test_a_message_that_is_none_only_raises_the_window(
    qtbot: QtBot, owner: QObject, tmp_path: Path, line: bytes
) -> None:
    bell = Doorbell(tmp_path, owner)
    caller = socket.socket(socket.AF_UNIX)
    with qtbot.waitSignal(bell.rung, timeout=5000) as rung:
        caller.connect(doorbell._name(tmp_path))
        caller.sendall(line)
    assert rung.args == [[]]
    caller.close()
    bell.close()


def test_a_folder_that_others_may_enter_is_not_used(runtime: Path, owner: QObject, tmp_path: Path) -> None:
    folder = Path(doorbell._name(tmp_path)).parent
    folder.chmod(0o777)
    bell = Doorbell(tmp_path, owner)
    assert not ring(tmp_path, [])
    assert list(folder.iterdir()) == []
    bell.close()
    folder.chmod(0o700)
