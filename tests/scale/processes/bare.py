"""A window with nothing in it, as PySide6 alone shows it; prints when it was painted, in monotonic seconds,
and the processor time until then."""

import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow


class BareWindow(QMainWindow):
    """Ends the program once it was painted."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QTimer.singleShot(0, self, self._on_painted)

    def _on_painted(self) -> None:
        print(time.monotonic(), time.process_time(), flush=True)
        QApplication.exit()


application = QApplication([])
window = BareWindow()
window.resize(1440, 900)
window.show()
application.exec()
