"""Drives the whole window in the test's own process, as a person does: by its controls' names."""

import asyncio
from collections.abc import Awaitable, Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QPlainTextEdit, QWidget

from imagine_desktop import app
from imagine_desktop.ui.studio import Studio

_LEFT = Qt.MouseButton.LeftButton


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for something to become so."""
    async with asyncio.timeout(15):
        while not is_so():
            await asyncio.sleep(0.01)


def named(studio: Studio, kind: type[QWidget], name: str) -> QWidget:
    """The one control of that accessible name."""
    [found] = [w for w in studio.window.findChildren(kind) if w.accessibleName() == name and w.isVisible()]
    return found


def send(studio: Studio, prompt: str) -> None:
    """Type a prompt and press Generate."""
    field = named(studio, QPlainTextEdit, "Prompt")
    assert isinstance(field, QPlainTextEdit)
    field.selectAll()
    QTest.keyClicks(field, prompt)
    QTest.mouseClick(named(studio, QAbstractButton, "Generate"), _LEFT)


def drive(launch: app.Launch, act: Callable[[Studio], Awaitable[None]]) -> None:
    """Run the window, do something in it, close it."""

    async def whole(studio: Studio) -> int:
        async with asyncio.timeout(25):
            await act(studio)
        return 0

    assert app.start(launch, whole) == 0


def notices(studio: Studio) -> list[str]:
    """What the open notices say."""
    return [
        widget.accessibleDescription()
        for widget in studio.window.findChildren(QWidget)
        if widget.accessibleName() == "Notice"
    ]


def questions(studio: Studio) -> list[QMessageBox]:
    """The questions that are asked."""
    return [box for box in studio.window.findChildren(QMessageBox) if box.isVisible()]
