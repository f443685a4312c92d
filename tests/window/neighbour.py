"""Another program on the desktop: tells as JSON what is dropped on it, and lets its own files be dragged away.

`neighbour.py X Y WIDTH HEIGHT FILE…`; started by tests as a process of its own.
"""

import json
import sys
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget


class Neighbour(QWidget):
    """A plain window."""

    def __init__(self, files: list[str]) -> None:
        super().__init__()
        self._files = files
        self.setWindowTitle("Neighbour")
        self.setAcceptDrops(True)
        self.setMouseTracking(False)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QDropEvent) and event.type() is QEvent.Type.Drop:
            tell(event)
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            return True
        if isinstance(event, QDragEnterEvent):
            event.acceptProposedAction()
            return True
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseMove and event.buttons():
            data = QMimeData()
            data.setUrls([QUrl.fromLocalFile(name) for name in self._files])
            drag = QDrag(self)
            drag.setMimeData(data)
            drag.exec(Qt.DropAction.CopyAction)
            return True
        return super().event(event)


def tell(event: QDropEvent) -> None:
    """Print what came."""
    mime = event.mimeData()
    image = mime.imageData()
    paths = [Path(url.toLocalFile()) for url in mime.urls()]
    told = {
        "may_move": bool(event.possibleActions() & Qt.DropAction.MoveAction),
        "files": [str(path) for path in paths],
        "sizes": [path.stat().st_size for path in paths],
        "text": mime.text(),
        "pixels": [image.width(), image.height()] if isinstance(image, QImage) else None,
    }
    say(json.dumps(told))


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    app = QApplication(sys.argv[:1])
    window = Neighbour(sys.argv[5:])
    left, top, width, height = map(int, sys.argv[1:5])
    window.setGeometry(left, top, width, height)
    window.show()
    say("ready")
    app.exec()


if __name__ == "__main__":
    main()
