"""A window with nothing in it, as PySide6 alone shows it; prints when it was painted, in monotonic seconds,
and the processor time until then.

It ends there or, with the argument `stay`, when its input does.
"""

import sys
import time

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow


class BareWindow(QMainWindow):
    """Says that it was painted."""

    is_told = False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QTimer.singleShot(0, self, self._on_painted)

    def _on_painted(self) -> None:
        if not self.is_told:
            self.is_told = True
            print(time.monotonic(), time.process_time(), flush=True)
        if sys.argv[1:] != ["stay"]:
            QApplication.exit()


application = QApplication([])
window = BareWindow()
window.resize(1440, 900)
end = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
end.activated.connect(lambda *_: QApplication.exit())
end.setEnabled(sys.argv[1:] == ["stay"])
window.show()
application.exec()
