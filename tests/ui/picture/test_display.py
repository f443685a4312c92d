"""The picture view on a real library: what is opened, walked through, and what stands in a picture's place."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.pixels import Shown
from imagine_desktop.domain.record import PictureId
from imagine_desktop.engine import importing
from imagine_desktop.engine.pictures import PictureReader
from imagine_desktop.library.library import Library
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.picture.compare import CompareView
from imagine_desktop.ui.picture.display import Display
from imagine_desktop.ui.picture.full import FullPictures
from imagine_desktop.ui.picture.viewer import PictureViewer
from tests.imaging import samples
from tests.imaging.samples import encoded

_COUNT = 12


class Window(QObject):
    """A library of imported pictures, and the views that show it."""

    def __init__(self, library: Library, background: Background, desk: QWidget) -> None:
        super().__init__(desk)
        self.library = library
        self.reader = PictureReader(library)
        self.decoded: list[PictureId] = []
        self.model = GalleryModel(library.records.pictures, background, desk)
        self.thumbnails = Thumbnails(self.reader.thumbnails, background, desk)
        self.fulls = FullPictures(self._decode, background, desk)
        self.viewer = PictureViewer(self.fulls, self.model, self.thumbnails, desk)
        self.compare = CompareView(self.fulls, self.reader.difference, background, desk)
        self.compare.hide()
        self.viewer.resize(900, 700)
        self.viewer.show()
        self.display = Display(
            library, self.model, self.thumbnails, self.viewer, self.compare, background, self
        )
        self.ids = [one for turn in library.records.turns() for one in turn.picture_ids]
        self.model.set_ids(self.ids)

    def _decode(self, picture_id: PictureId, is_urgent: bool) -> Shown:
        self.decoded.append(picture_id)
        return self.reader.shown(picture_id, is_urgent)

    def path(self, place: int) -> Path:
        return self.library.picture_path(self.ids[place])

    def is_sharp(self, place: int) -> bool:
        return self.viewer.picture_id == self.ids[place] and self.viewer.canvas.is_sharp


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A person's folder of small photos, each of its own content."""
    made = tmp_path / "Holiday"
    made.mkdir()
    for number in range(_COUNT):
        noise = random.Random(number).randbytes(8 * 6 * 3)
        image = Image.frombytes("RGB", (8, 6), noise).resize((400, 300), Image.Resampling.BICUBIC)
        (made / f"{number:02}.jpg").write_bytes(encoded(image, "JPEG"))
    return made


@pytest.fixture
def window(library: Library, folder: Path, background: Background, desk: QWidget, qtbot: QtBot) -> Window:
    importing.run(library, [folder])
    made = Window(library, background, desk)
    made.model.picture(0)
    qtbot.waitUntil(lambda: made.model.picture(_COUNT - 1) is not None)
    return made


def test_a_picture_is_there_at_once_and_its_story_after(qtbot: QtBot, window: Window) -> None:
    with qtbot.waitSignal(window.display.shown):
        window.display.open(window.ids[3])
    assert window.viewer.picture_id == window.ids[3]  # before anything was read
    qtbot.waitUntil(lambda: window.is_sharp(3) and bool(window.viewer.details.fields()))
    assert ("Import", "Imported from", "Holiday/03.jpg") in window.viewer.details.fields()
    assert window.viewer.filmstrip.row == 3


def test_a_picture_that_the_gallery_has_not_is_opened_all_the_same(qtbot: QtBot, window: Window) -> None:
    window.model.set_ids(window.ids[:2])
    window.display.open(window.ids[5])
    qtbot.waitUntil(lambda: window.is_sharp(5))
    assert window.viewer.filmstrip.row is None


def test_the_neighbours_are_decoded_in_the_direction_walked(qtbot: QtBot, window: Window) -> None:
    window.display.open(window.ids[5])
    qtbot.waitUntil(lambda: len(window.decoded) == 4)
    assert window.decoded == [window.ids[row] for row in (5, 6, 4, 7)]
    window.display.step(-1)
    assert window.is_sharp(4)
    qtbot.waitUntil(lambda: len(window.decoded) == 6)
    assert window.decoded[4:] == [window.ids[row] for row in (3, 2)]


def test_a_held_key_decodes_only_where_it_ends(qtbot: QtBot, window: Window) -> None:
    ids = [PictureId(window.ids[number % _COUNT]) for number in range(_COUNT)]
    window.model.set_ids(ids)
    qtbot.waitUntil(lambda: window.model.picture(_COUNT - 1) is not None)
    window.display.open(ids[0])
    qtbot.waitUntil(lambda: window.is_sharp(0))
    window.decoded.clear()
    for _ in range(_COUNT - 1):
        QTest.keyPress(window.viewer, Qt.Key.Key_Right)
    assert window.viewer.picture_id == ids[-1]
    qtbot.waitUntil(lambda: window.is_sharp(_COUNT - 1))
    passed = set(ids[3:-3])
    assert len([one for one in window.decoded if one in passed]) <= 2  # those under way when it passed
    QTest.keyPress(window.viewer, Qt.Key.Key_Right)  # the end
    assert window.viewer.picture_id == ids[-1]


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:900])


def _claim(path: Path) -> None:
    path.write_bytes(samples.png_claiming(100_000, 100_000))


def _replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_truncate, "damaged"),
        (lambda path: path.write_bytes(b""), "empty"),
        (lambda path: path.unlink(), "missing"),
        (_replace_by_folder, "no file"),
        (_claim, "100000 × 100000"),
        (lambda path: path.write_bytes(b"<svg/>"), "no JPEG"),
    ],
    ids=["truncated", "empty", "missing", "folder", "100,000 × 100,000", "SVG"],
)
def test_what_stands_in_a_pictures_place_is_said_and_the_next_one_shown(
    qtbot: QtBot, window: Window, spoil: Callable[[Path], object], words: str
) -> None:
    spoil(window.path(3))
    window.display.open(window.ids[3])
    qtbot.waitUntil(lambda: words in window.viewer.canvas.message)
    assert not window.viewer.canvas.is_sharp
    window.display.step(1)
    qtbot.waitUntil(lambda: window.is_sharp(4))
    assert window.viewer.canvas.message == ""


def test_a_replaced_file_is_shown_and_said_to_be_another(qtbot: QtBot, window: Window) -> None:
    window.path(3).write_bytes(encoded(samples.halves((200, 500)), "PNG"))
    window.display.open(window.ids[3])
    qtbot.waitUntil(lambda: window.is_sharp(3))
    assert window.viewer.canvas.note == "Its file is not the one that was saved."
    target = window.viewer.canvas.target()
    assert target.width() / target.height() == pytest.approx(0.4)


def test_a_file_that_was_put_back_is_shown_at_the_next_look(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    aside = tmp_path / "aside.jpg"
    shutil.move(window.path(3), aside)
    window.display.open(window.ids[3])
    qtbot.waitUntil(lambda: "missing" in window.viewer.canvas.message)
    shutil.move(aside, window.path(3))
    window.display.step(1)
    window.display.step(-1)
    qtbot.waitUntil(lambda: window.is_sharp(3))


def test_any_two_are_compared_and_one_with_itself_is_not(qtbot: QtBot, window: Window) -> None:
    with qtbot.waitSignal(window.display.compared):
        window.display.compare_two(window.ids[2], window.ids[7])
    assert window.compare.picture_ids == (window.ids[2], window.ids[7])
    with qtbot.waitSignal(window.display.not_comparable):
        window.display.compare_two(window.ids[2], window.ids[2])
    with qtbot.waitSignal(window.display.not_comparable):
        window.display.compare_with_parent(window.ids[2])


def test_alt_and_a_click_in_the_row_lays_that_one_against_this(qtbot: QtBot, window: Window) -> None:
    window.display.open(window.ids[3])
    strip = window.viewer.filmstrip
    with qtbot.waitSignal(window.display.compared):
        QTest.mouseClick(
            strip, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier, strip.cell(5).center()
        )
    assert window.compare.picture_ids == (window.ids[5], window.ids[3])


def test_a_difference_on_a_damaged_file_is_said(qtbot: QtBot, window: Window) -> None:
    _truncate(window.path(2))
    with qtbot.waitSignal(window.display.compared):
        window.display.compare_two(window.ids[2], window.ids[7])
    window.compare.show()
    window.compare.set_mode(window.compare.heat)
    qtbot.waitUntil(lambda: "damaged" in window.compare.heat.message)
    window.compare.hide()
