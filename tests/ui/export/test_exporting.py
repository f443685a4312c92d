"""An export from the window: real files, in the background, stopped when told, kept choices."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.act import MakeCollection
from imagine_desktop.domain.record import PictureId, SessionId
from imagine_desktop.domain.sight import Scope, ScopeKind, Sight
from imagine_desktop.imaging import metadata
from imagine_desktop.settings import SANDBOX, Settings
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.compose import accessible
from imagine_desktop.ui.compose.segments import Segment, Segments
from imagine_desktop.ui.export.dialog import ExportDialog
from imagine_desktop.ui.export.exporting import Exporting
from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.shell.configuration import Configuration
from imagine_desktop.ui.shell.notices import Notices
from imagine_desktop.ui.start import Launch
from tests.export.conftest import branching

SESSION = SessionId(1)


class Desk:
    """A window with a library, and the export's parts in it."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self._is_closed = False
        self.out = folder / "out"
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.resize(1280, 720)
        self.window.show()
        accessible.install()
        self.library = branching(folder / "library")
        self.background = Background(self.window)
        values = Settings(export_folder=str(self.out))
        launch = Launch(folder / "library", folder / "settings.toml", values, SANDBOX)
        self.configuration = Configuration(launch, self.background, self.window)
        self.exporting = Exporting(self.library, self.configuration, Notices(self.window), self.window)

    def close(self) -> None:
        """End the threads; once."""
        if not self._is_closed:
            self._is_closed = True
            self.exporting.close()
            self.background.close()
            self.library.close()

    @property
    def dialog(self) -> ExportDialog | None:
        return next((d for d in self.window.findChildren(ExportDialog) if d.isVisible()), None)

    def ask(
        self, *ids: int, session_id: SessionId | None = SESSION, shown: Sight | None = None
    ) -> ExportDialog:
        self.exporting.ask([PictureId(number) for number in ids], session_id, shown)
        assert self.dialog is not None
        return self.dialog

    def choose(self, name: str, text: str) -> None:
        assert self.dialog is not None
        segments = next(s for s in self.dialog.findChildren(Segments) if s.accessibleName() == name)
        QTest.keyClick(segments, Qt.Key.Key_Home)
        while segments.value != text:
            QTest.keyClick(segments, Qt.Key.Key_Right)

    def press(self, name: str) -> None:
        assert self.dialog is not None
        buttons = self.dialog.findChildren(QPushButton)
        button = next(b for b in buttons if name in (b.accessibleName(), b.text()))
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def until_closed(self) -> None:
        self.qtbot.waitUntil(lambda: self.dialog is None, timeout=20_000)

    @property
    def texts(self) -> str:
        return "\n".join(label.text() for label in self.window.findChildren(PlainLabel) if label.isVisible())

    def names(self) -> list[str]:
        return sorted(path.name for path in self.out.iterdir()) if self.out.exists() else []


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    """A desk on which an export can begin."""
    made = Desk(tmp_path, qtbot)
    yield made
    made.close()


def test_a_session_is_written_and_said(desk: Desk) -> None:
    dialog = desk.ask()
    next(f for f in dialog.findChildren(QLineEdit) if f.accessibleName() == "Name template").setText("{id}")
    desk.press("Export now")
    desk.until_closed()
    assert desk.names() == [f"{number}.jpg" for number in range(1, 6)]
    assert all(metadata.story((desk.out / name).read_bytes()) for name in desk.names())
    assert f"5 files written to {desk.out}." in desk.texts
    assert desk.configuration.values.export_template == "{id}"


def test_a_branch_is_a_page_named_for_its_picture(desk: Desk) -> None:
    desk.ask(4)
    desk.choose("Pictures", "Branch")
    desk.choose("Export as", "HTML page")
    desk.press("Export now")
    desk.until_closed()
    assert desk.names() == ["Picture 4.html"]
    assert (desk.out / "Picture 4.html").read_text(encoding="utf-8").count("<figure") == 3


def test_all_that_the_gallery_shows_is_named_for_its_collection(desk: Desk) -> None:
    desk.library.curation.do(MakeCollection("For the wall", (PictureId(4), PictureId(2))))
    [collection] = desk.library.records.collections()
    desk.ask(shown=Sight(Scope(ScopeKind.COLLECTION, collection.id)))
    desk.choose("Pictures", "All shown")
    desk.choose("Export as", "HTML page")
    desk.press("Export now")
    desk.until_closed()
    assert desk.names() == ["For the wall.html"]
    page = (desk.out / "For the wall.html").read_text(encoding="utf-8")
    assert [number for number in range(1, 6) if f"Show picture {number} large" in page] == [
        2,
        3,
        4,
    ]  # 3: before 4


def test_the_trash_is_not_exported(desk: Desk) -> None:
    dialog = desk.ask(shown=Sight(Scope(ScopeKind.TRASH)))
    [pictures] = [one for one in dialog.findChildren(Segments) if one.accessibleName() == "Pictures"]
    [shown] = [one for one in pictures.findChildren(Segment) if one.value == "All shown"]
    assert not shown.isEnabled()
    assert "trash" in shown.toolTip()
    desk.press("Cancel")
    desk.until_closed()


def test_a_selection_is_in_the_order_in_which_it_was_made(desk: Desk) -> None:
    desk.ask(3, 1)
    desk.choose("Export as", "Zip")
    desk.press("Export now")
    desk.until_closed()
    assert desk.names() == ["Pictures.zip"]
    data = (desk.out / "Pictures.zip").read_bytes()
    assert 0 < data.index(b"_001_1.jpg") < data.index(b"_002_1.jpg")


def test_a_stopped_export_leaves_nothing_half(desk: Desk) -> None:
    desk.ask()
    desk.choose("Export as", "GIF")
    desk.press("Export now")
    desk.press("Cancel")
    desk.until_closed()
    assert desk.names() == []
    assert "The export was stopped" in desk.texts


@pytest.mark.parametrize(
    ("answer", "files", "is_old_kept"),
    [("Number it", 7, True), ("Leave it out", 5, True), ("Replace", 5, False)],
)
def test_a_name_that_is_taken_is_asked_about_once(
    desk: Desk, answer: str, files: int, *, is_old_kept: bool
) -> None:
    desk.out.mkdir()
    for number in (2, 4):
        (desk.out / f"{number}.jpg").write_bytes(b"old")
    dialog = desk.ask()
    next(f for f in dialog.findChildren(QLineEdit) if f.accessibleName() == "Name template").setText("{id}")
    desk.press("Export now")
    desk.qtbot.waitUntil(lambda: "2.jpg is there already" in desk.texts)
    desk.press(answer)
    desk.until_closed()
    assert len(desk.names()) == files
    for number in (2, 4):
        assert ((desk.out / f"{number}.jpg").read_bytes() == b"old") is is_old_kept


def test_an_export_that_waits_for_an_answer_can_be_stopped(desk: Desk) -> None:
    desk.out.mkdir()
    (desk.out / "Harbour _b_&.gif").write_bytes(b"old")
    desk.ask()
    desk.choose("Export as", "GIF")
    desk.press("Export now")
    desk.qtbot.waitUntil(lambda: "is there already" in desk.texts, timeout=20_000)
    desk.press("Cancel")
    desk.until_closed()
    assert desk.names() == ["Harbour _b_&.gif"]
    assert (desk.out / "Harbour _b_&.gif").read_bytes() == b"old"


def test_closing_the_window_stops_an_export(desk: Desk) -> None:
    desk.ask()
    desk.choose("Export as", "GIF")
    desk.press("Export now")
    desk.close()
    assert desk.names() == []


def test_a_failure_is_said_in_the_dialog(desk: Desk) -> None:
    desk.library.picture_path(PictureId(5)).unlink()
    desk.ask(5)
    desk.press("Export now")
    desk.qtbot.waitUntil(lambda: "cannot be read" in desk.texts)
    assert desk.dialog is not None
    desk.press("Cancel")
    desk.until_closed()


def test_a_second_wish_brings_the_first_dialog_forward(desk: Desk) -> None:
    first = desk.ask()
    assert desk.ask(1) is first
    desk.press("Cancel")
    desk.until_closed()


def test_without_a_session_there_is_nothing_to_export(desk: Desk) -> None:
    desk.exporting.ask([], None, None)
    assert desk.dialog is None
    assert "no picture to export" in desk.texts
