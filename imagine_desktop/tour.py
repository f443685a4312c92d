"""The window driven through its own widgets, with or without a display: the main job from prompt to export.

It always uses the sandbox and folders of its own, and leaves pictures of the window behind.
"""

import argparse
import asyncio
import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from imagine_desktop import app, paths, secrets
from imagine_desktop.domain.record import Picture, PictureId
from imagine_desktop.errors import BadInput, ImagineError, LibraryError
from imagine_desktop.settings import BASE_URL_ENVIRONMENT_NAME, SANDBOX, Settings
from imagine_desktop.ui.compose.chip import Chip
from imagine_desktop.ui.compose.choice import ChoiceButton, Item
from imagine_desktop.ui.export.dialog import ExportDialog
from imagine_desktop.ui.shell import theme
from imagine_desktop.ui.shell.window import MainWindow
from imagine_desktop.ui.studio import Studio

_W = TypeVar("_W", bound=QWidget)
_LEFT = Qt.MouseButton.LeftButton
_MARK = ".imagine-desktop-tour"
_STEP_S = 120.0
_SETTLE_S = 1.0
_PROMPT = "a lighthouse on a cliff above the sea at sunset"
_FIRST_EDIT = "make it a watercolour painting"
_SECOND_EDIT = "add a hot-air balloon and a flock of birds"


def run(arguments: Sequence[str]) -> int:
    """Play the tour and print where its results lie; returns the exit code."""
    parser = argparse.ArgumentParser(prog="imagine-desktop tour")
    parser.add_argument("--out", type=Path, default=paths.tour(), metavar="DIR")
    options = parser.parse_args(arguments)
    for name in (secrets.ENVIRONMENT_NAME, BASE_URL_ENVIRONMENT_NAME):
        os.environ.pop(name, None)
    if not app.has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    out: Path = options.out.absolute()
    try:
        _prepare(out)
    except ImagineError as error:
        print(error.sentences, file=sys.stderr)
        return 2
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    tour = Tour(out)
    launch = app.Launch(
        library=out / "library",
        settings_path=out / "settings.toml",
        settings=Settings(profile=SANDBOX.name, appearance="dark", tile_px=200),
        profile=SANDBOX,
        is_tour=True,
    )
    try:
        code = app.start(launch, tour.drive)
    except ImagineError as error:
        print(error.sentences, file=sys.stderr)
        return 1
    if code == 0:
        _say(f"Library:  {out / 'library'}")
        _say(f"Exported: {out / 'export'}")
        _say(f"Window:   {out / 'window.png'}")
    return code


class Tour:
    """What the person would do, one act after the other; each waits until the window shows its result."""

    def __init__(self, out: Path) -> None:
        self._out = out

    async def drive(self, studio: Studio) -> int:
        """Generate, edit one result, edit that one again, look, compare, export."""
        window = studio.window
        window.resize(1440, 900)
        await _until("the window is shown", window.isVisible)
        _say("Generating four pictures, 16:9 at 2k …")
        await self._choose(window, "Aspect ratio", "16:9")
        await self._choose(window, "Resolution", "2k")
        _named(window, QSpinBox, "Images").setValue(4)
        first = await self._send(studio, _PROMPT, 4)
        _say("Editing one of them …")
        await self._edit_in_gallery(window, first[1].id)
        _named(window, QSpinBox, "Images").setValue(1)
        second = await self._send(studio, _FIRST_EDIT, 5)
        _say("Editing that one again …")
        await self._edit_in_viewer(window, second[-1].id)
        third = await self._send(studio, _SECOND_EDIT, 6)
        _say("Exporting the session …")
        await self._export(window, len(third))
        await self._take_pictures(window, third[-1].id)
        return 0

    async def _choose(self, window: MainWindow, name: str, value: str) -> None:
        control = _named(window, QWidget, name)
        if isinstance(control, ChoiceButton):
            QTest.mouseClick(control, _LEFT)
            await _until(
                f"the choices of {name} are shown", lambda: bool(control.popup and control.popup.isVisible())
            )
        items = [item for item in control.findChildren(Item) if item.value == value]
        QTest.mouseClick(items[0], _LEFT)
        await _until(f"{name} is {value}", lambda: getattr(control, "value", "") == value)

    async def _send(self, studio: Studio, prompt: str, count: int) -> list[Picture]:
        """Type, press Generate, wait until the library holds `count` pictures and none is under way."""
        window = studio.window
        field = _named(window, QPlainTextEdit, "Prompt")
        field.selectAll()
        QTest.keyClicks(field, prompt)
        button = _named(window, QAbstractButton, "Generate")
        await _until("Generate can be pressed", button.isEnabled)
        await asyncio.sleep(
            QApplication.doubleClickInterval() / 1000
        )  # a second click so soon is a double click
        QTest.mouseClick(button, _LEFT)
        await _until(f"{count} pictures are saved", lambda: len(studio.saved_pictures()) >= count)
        await _until("the jobs strip is empty", lambda: not window.jobs.isVisible())
        return studio.saved_pictures()

    async def _edit_in_gallery(self, window: MainWindow, picture_id: PictureId) -> None:
        window.show_view("gallery")
        grid = window.gallery.grid
        await _until("the gallery shows the picture", lambda: grid.show_picture(picture_id))
        QTest.keyClick(grid, Qt.Key.Key_E)
        await _until("it is the source", lambda: len(window.panel.findChildren(Chip)) == 1)

    async def _edit_in_viewer(self, window: MainWindow, picture_id: PictureId) -> None:
        grid = window.gallery.grid
        await _until("the gallery shows the picture", lambda: grid.show_picture(picture_id))
        QTest.keyClick(grid, Qt.Key.Key_Return)
        await _until("the picture is open", lambda: window.viewer.picture_id == picture_id)
        QTest.mouseClick(_named(window.viewer, QAbstractButton, "Edit this"), _LEFT)
        await asyncio.sleep(0.1)

    async def _export(self, window: MainWindow, count: int) -> None:
        window.show_view("gallery")
        QTest.keyClick(window.gallery.grid, Qt.Key.Key_Escape)  # nothing selected: all of the session
        folder = self._out / "export"
        folder.mkdir(exist_ok=True)
        QTest.mouseClick(_named(window, QAbstractButton, "Export"), _LEFT)
        await _until("the dialog is open", lambda: bool(window.findChildren(ExportDialog)))
        dialog = window.findChildren(ExportDialog)[0]
        _named(dialog, QLineEdit, "Export folder").setText(str(folder))
        QTest.mouseClick(_named(dialog, QAbstractButton, "Export now"), _LEFT)
        await _until("the export is written", lambda: len(list(folder.glob("*.jpg"))) == count)

    async def _take_pictures(self, window: MainWindow, last: PictureId) -> None:
        window.notices.close_all()
        grid = window.gallery.grid
        await _until("the gallery shows the picture", lambda: grid.show_picture(last))
        await self._take(window, "window")
        QTest.keyClick(grid, Qt.Key.Key_Return)
        await _until(
            "the picture is open", lambda: window.viewer.picture_id == last and window.view == "picture"
        )
        await self._take(window, "picture")
        QTest.keyClick(window.viewer, Qt.Key.Key_C)
        await _until("the comparison is open", lambda: window.view == "compare")
        await self._take(window, "compare")
        theme.apply(_application(), "light")
        window.show_view("gallery")
        await self._take(window, "light")

    async def _take(self, window: MainWindow, name: str) -> None:
        QTest.mouseMove(window.statusBar())  # nothing is hovered
        await asyncio.sleep(_SETTLE_S)  # thumbnails and full pictures are decoded in threads
        if not window.grab().save(str(self._out / f"{name}.png")):
            raise LibraryError(f"The picture of the window could not be written to {self._out}.")


async def _until(what: str, is_so: Callable[[], bool]) -> None:
    give_up_s = time.monotonic() + _STEP_S
    while not is_so():
        if time.monotonic() > give_up_s:
            raise ImagineError(f"The tour waited in vain: {what}.")
        await asyncio.sleep(0.02)


def _named(within: QWidget, kind: type[_W], name: str) -> _W:
    return next(widget for widget in within.findChildren(kind) if widget.accessibleName() == name)


def _application() -> QApplication:
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise TypeError("a tour needs a QApplication")
    return application


def _prepare(out: Path) -> None:
    """Make the tour's folder, without what an earlier tour left in it.

    Raises BadInput for a folder whose library or export no tour made: it is somebody's, and not touched.
    """
    folders = [out / "library", out / "export"]
    if not (out / _MARK).exists() and any(folder.exists() for folder in folders):
        raise BadInput("Folder", f"{out} holds a library or an export of yours", "Choose another one.")
    try:
        for folder in folders:
            if folder.exists():
                shutil.rmtree(folder)
        out.mkdir(parents=True, exist_ok=True)
        (out / _MARK).touch()
    except OSError as error:
        raise BadInput("Folder", f"{out} cannot be used: {error.strerror}") from error


def _say(text: str) -> None:
    print(text, flush=True)
