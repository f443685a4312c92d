"""What leaves the window: each form when it is asked for, and nothing that could change the library."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QColor, QDrag, QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.record import PictureId
from imagine_desktop.engine.pictures import PictureReader
from imagine_desktop.errors import BadInput, LibraryError
from imagine_desktop.export.copies import Style
from imagine_desktop.library.library import Library
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.carrying import giving, parcel
from imagine_desktop.ui.carrying.giving import Giving, drag_pixmap
from imagine_desktop.ui.carrying.offer import offer_of
from imagine_desktop.ui.carrying.parcel import Parcel
from tests.export.conftest import ALL, SIZES, jpeg


def red(_: PictureId) -> QPixmap:
    """A thumbnail."""
    pixmap = QPixmap(200, 100)
    pixmap.fill(QColor("#ff0000"))
    return pixmap


class Desk:
    """Pictures that can be given, and what is dragged: the drag itself is Qt's and the desktop's."""

    def __init__(self, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
        self.widget = QWidget()
        self.drags: list[QDrag] = []
        self.parcels: list[Parcel] = []
        self.actions: list[Qt.DropAction] = []
        self.owner = QObject()
        self.background = Background(self.owner)
        reader = PictureReader(library)
        self.giving = Giving(
            library, reader, self.background, lambda: Style(has_metadata=False), red, self.owner
        )
        monkeypatch.setattr(QDrag, "exec", lambda drag, actions: self._exec(drag, actions))  # noqa: PLW0108 - a bound method would not be given the drag

    def drag(self, *ids: PictureId) -> Parcel:
        self.giving.drag(self.widget, ids)
        return self.parcels[-1]

    def close(self) -> None:
        self.background.close()
        self.giving.close()

    def _exec(self, drag: QDrag, actions: Qt.DropAction) -> Qt.DropAction:
        mime = drag.mimeData()
        assert isinstance(mime, Parcel)
        self.drags.append(drag)  # it owns what it carries
        self.parcels.append(mime)
        self.actions.append(actions)
        return Qt.DropAction.IgnoreAction


@pytest.fixture
def desk(shown: Library, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(shown, monkeypatch)
    yield made
    made.close()


def test_one_picture_is_given_in_every_form_and_only_as_a_copy(desk: Desk, home: Path) -> None:
    dragged = desk.drag(ALL[2])
    assert desk.actions == [Qt.DropAction.CopyAction]
    assert offer_of(dragged).picture_ids == (ALL[2],)
    assert not (home / "carried").exists(), "nobody has asked for a file yet"
    [url] = dragged.urls()
    assert Path(url.toLocalFile()).read_bytes() == jpeg(3)
    assert Path(url.toLocalFile()).is_relative_to(home / "carried")
    assert dragged.text() == "by day"
    image = dragged.imageData()
    assert isinstance(image, QImage)
    assert (image.width(), image.height()) == SIZES[3]
    assert dragged.urls() == [url], "made once"


def test_several_are_files_and_prompts(desk: Desk) -> None:
    dragged = desk.drag(*ALL[:3])
    assert [Path(url.toLocalFile()).read_bytes() for url in dragged.urls()] == [jpeg(n) for n in (1, 2, 3)]
    assert dragged.text() == "a harbour at night\n\nby day"
    assert not dragged.hasImage()


def test_a_missing_file_is_said_and_gives_nothing(desk: Desk, shown: Library) -> None:
    shown.picture_path(ALL[0]).unlink()
    dragged = desk.drag(ALL[0])
    assert dragged.urls() == []
    assert isinstance(dragged.error, LibraryError)


def test_more_than_a_drag_can_carry_stays_a_drag_in_the_window(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving, "MOST_PICTURES", 3)
    dragged = desk.drag(*ALL)
    assert offer_of(dragged).picture_ids == tuple(ALL)
    assert dragged.urls() == []
    assert isinstance(dragged.error, BadInput)
    assert "Export them instead" in dragged.error.sentences


def test_copying_one_picture_puts_file_and_pixels_on_the_clipboard(desk: Desk, qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    with qtbot.waitSignal(clipboard.dataChanged):
        desk.giving.copy([ALL[3]])
    mime = clipboard.mimeData()
    [url] = mime.urls()
    assert Path(url.toLocalFile()).read_bytes() == jpeg(4)
    image = mime.imageData()
    assert isinstance(image, QImage)
    assert (image.width(), image.height()) == SIZES[4]
    assert offer_of(mime).picture_ids == (ALL[3],)


def test_copying_several_puts_their_files_there(desk: Desk, qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    with qtbot.waitSignal(clipboard.dataChanged):
        desk.giving.copy(ALL)
    assert len(clipboard.mimeData().urls()) == 5
    assert not clipboard.mimeData().hasImage()


def test_a_picture_of_very_many_pixels_is_copied_as_file_only(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving, "_MOST_PIXELS", 1)
    clipboard = QGuiApplication.clipboard()
    with qtbot.waitSignal(clipboard.dataChanged):
        desk.giving.copy([ALL[3]])
    assert len(clipboard.mimeData().urls()) == 1
    assert not clipboard.mimeData().hasImage()


def test_the_prompt_is_copied_and_its_lack_said(desk: Desk, qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    with qtbot.waitSignal(clipboard.dataChanged):
        desk.giving.copy_prompt(ALL[2])
    assert clipboard.text() == "by day"
    with qtbot.waitSignal(desk.giving.failed) as told:
        desk.giving.copy_prompt(PictureId(99))
    assert isinstance(told.args[0], BadInput)
    assert clipboard.text() == "by day"


def test_what_is_on_the_clipboard_outlives_the_window(qapp: QApplication) -> None:
    data = parcel.eager(ALL, [Path("/x/a.jpg")], None)
    assert type(data).retrieveData is not Parcel.retrieveData
    assert data.urls() == [QUrl("file:///x/a.jpg")]


@pytest.mark.parametrize("count", [1, 2, 3, 1234])
def test_the_pointer_carries_the_pictures_and_their_number(qapp: QApplication, count: int) -> None:
    palette = qapp.palette()
    one = drag_pixmap([red(ALL[0])], 1, 2.0, palette).toImage()
    several = drag_pixmap([red(ALL[0])] * min(count, 3), count, 2.0, palette).toImage()
    assert one.size() == several.size()
    assert one.pixelColor(100, 40) == QColor("#ff0000")
    assert (one == several) is (count == 1)
