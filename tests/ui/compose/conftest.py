"""A draft, and the panel that shows it."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QColor, QPixmap
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.request import FileSource, Source
from imagine_desktop.ui.compose.draft import Draft
from imagine_desktop.ui.compose.panel import PromptPanel


@pytest.fixture
def draft(catalog: Catalog, qtbot: QtBot) -> Iterator[Draft]:
    """A draft in which nothing was chosen yet."""
    owner = QObject()
    yield Draft(catalog, owner)
    owner.deleteLater()


def red_thumbnail(source: Source, done: Callable[[QPixmap, str], None]) -> None:
    """A thumbnail that is there at once."""
    pixmap = QPixmap(40, 20)
    pixmap.fill(QColor("#ff0000"))
    done(pixmap, f"{source.name} as it goes out" if isinstance(source, FileSource) else "")


@pytest.fixture
def panel(draft: Draft, qtbot: QtBot) -> PromptPanel:
    """The panel in a window that has the keyboard."""
    panel = PromptPanel(draft, red_thumbnail)
    qtbot.addWidget(panel)
    panel.resize(360, 900)
    with qtbot.waitActive(panel):
        panel.show()
        panel.activateWindow()
    return panel
