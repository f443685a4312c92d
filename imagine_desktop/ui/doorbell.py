"""A second start on a library rings at the window that has it: that window comes to the front.

The lock on the library is the truth; the bell only carries a message. Its socket lies in a folder that only
this person may enter, and one that a killed window left behind is replaced.
"""

import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT_MS = 400
_MOST_BYTES = 1 << 20
_HEARD = b"heard\n"


class Doorbell(QObject):
    """Listens for the library's window, for as long as it lives.

    Signals:
        rung: somebody started the program again, with these files as a list of Path.
    """

    rung = Signal(list)

    def __init__(self, library: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connected)
        name = _name(library)
        if name:
            QLocalServer.removeServer(name)  # the lock is ours, so nobody is behind it
            self._server.listen(name)

    def close(self) -> None:
        """Hear no more."""
        self._server.close()

    def _on_connected(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            caller.readyRead.connect(lambda caller=caller: self._hear(caller))
            caller.disconnected.connect(caller.deleteLater)
            self._hear(caller)

    def _hear(self, caller: QLocalSocket) -> None:
        if caller.bytesAvailable() > _MOST_BYTES:
            caller.abort()
            return
        if not caller.canReadLine():
            return
        files = _files(bytes(caller.readLine().data()))
        caller.write(_HEARD)
        caller.flush()
        caller.disconnectFromServer()
        self.rung.emit(files)


def ring(library: Path, files: Sequence[Path]) -> bool:
    """Ask the window that has the library to come to the front and take the files; whether it heard.

    Blocks for about a second at most: only where there is no window to hold up.
    """
    name = _name(library)
    if not name:
        return False
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_WAIT_MS):
        return False
    message = {"files": [os.fsencode(path.absolute()).hex() for path in files]}
    socket.write(json.dumps(message).encode() + b"\n")
    socket.flush()
    heard = socket.waitForReadyRead(_WAIT_MS) and socket.readAll().data() == _HEARD
    socket.abort()
    return heard


def _files(line: bytes) -> list[Path]:
    try:
        return [Path(os.fsdecode(bytes.fromhex(name))) for name in json.loads(line)["files"]]
    except (ValueError, LookupError, TypeError, RecursionError):
        return []


def _name(library: Path) -> str:
    """The socket's name; empty where there is no folder that is this person's alone."""
    digest = hashlib.sha256(os.fsencode(library.resolve())).hexdigest()[:32]
    if os.name == "nt":
        return f"imagine-desktop-{digest}"
    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"imagine-desktop-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return ""
    is_own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
    return str(folder / digest) if is_own else ""
