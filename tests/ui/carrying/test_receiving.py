"""Drops and pastes in the whole window: shown before, taken or refused with one message after."""

import os
import random
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QElapsedTimer, QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from imagine_desktop import app
from imagine_desktop.domain.story import Story
from imagine_desktop.imaging import metadata
from imagine_desktop.library import library as libraries
from imagine_desktop.library.library import Library
from imagine_desktop.ui.carrying import parcel
from imagine_desktop.ui.carrying.overlay import DropOverlay
from imagine_desktop.ui.carrying.zones import Zone
from imagine_desktop.ui.studio import Studio
from tests.imaging import samples
from tests.imaging.samples import encoded
from tests.whole_window import drive, until

_COPY, _LEFT, _NO_KEY = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
Act = Callable[["Hand"], Awaitable[None]]


def photo(seed: int, side: int = 32) -> bytes:
    noise = random.Random(seed).randbytes(8 * 8 * 3)
    return encoded(Image.frombytes("RGB", (8, 8), noise).resize((side, side)), "PNG")


def urls_of(*paths: Path | str) -> QMimeData:
    made = QMimeData()
    made.setUrls([QUrl(path) if isinstance(path, str) else QUrl.fromLocalFile(str(path)) for path in paths])
    return made


def read(name: str) -> bytes:
    return Path(name).read_bytes()


class Hand:
    """Drags things over the window, as the desktop tells it."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.window = studio.window
        self.window.resize(1280, 720)
        found = self.window.findChild(DropOverlay)
        assert isinstance(found, DropOverlay)
        self.overlay = found
        self.left, self.centre = QPoint(150, 400), QPoint(800, 400)

    @property
    def sources(self) -> list[str]:
        return [source.name for source in self.studio.draft.sources]

    @property
    def notices(self) -> list[str]:
        """What was said, the oldest first."""
        cards = self.window.findChildren(QWidget)
        return [card.accessibleDescription() for card in cards if card.accessibleName() == "Notice"]

    def zones(self) -> tuple[Zone, Zone]:
        left, other = self.overlay.zones
        assert left is not None
        assert other is not None
        return left, other

    def enter(self, mime: QMimeData) -> bool:
        """Come over the window from above, and over the overlay that appears; whether it does."""
        entered = QDragEnterEvent(QPoint(600, 5), _COPY, mime, _LEFT, _NO_KEY)
        entered.ignore()
        QApplication.sendEvent(self.window, entered)
        if self.overlay.isVisible():
            over = QDragEnterEvent(QPoint(600, 8), _COPY, mime, _LEFT, _NO_KEY)
            QApplication.sendEvent(self.overlay, over)
        return self.overlay.isVisible()

    def may_drop(self, mime: QMimeData, at: QPoint) -> bool:
        moved = QDragMoveEvent(at, _COPY, mime, _LEFT, _NO_KEY)
        QApplication.sendEvent(self.overlay, moved)
        return moved.isAccepted()

    def drop(self, mime: QMimeData, at: QPoint) -> None:
        assert self.enter(mime)
        assert self.may_drop(mime, at)
        QApplication.sendEvent(self.overlay, QDropEvent(QPointF(at), _COPY, mime, _LEFT, _NO_KEY))
        assert not self.overlay.isVisible()

    def leave(self) -> None:
        QApplication.sendEvent(self.overlay, QDragLeaveEvent())

    def paste(self, mime: QMimeData) -> None:
        QGuiApplication.clipboard().setMimeData(mime)
        self.window.actions_by_id["paste"].trigger()


def with_hand(launch: app.Launch, act: Act) -> None:
    """Drive the whole window by hand."""

    async def whole(studio: Studio) -> None:
        await act(Hand(studio))

    drive(launch, whole)


def test_files_are_sources_on_the_left_and_join_the_library_in_the_middle(
    launch: app.Launch, tmp_path: Path
) -> None:
    folder = tmp_path / "Holiday"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.png").write_bytes(photo(number))

    async def act(hand: Hand) -> None:
        hand.drop(urls_of(folder / "0.png", folder / "1.png"), hand.left)
        await until(lambda: hand.sources == ["0.png", "1.png"])
        hand.drop(urls_of(folder), hand.centre)
        await until(lambda: len(hand.studio.saved_pictures()) == 3)
        await until(lambda: "3 pictures imported." in hand.notices)

    with_hand(launch, act)


def test_what_will_be_refused_is_said_before_the_drop(launch: app.Launch, tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("no picture")

    async def act(hand: Hand) -> None:
        nothing = urls_of(text)
        assert hand.enter(nothing)
        assert hand.zones()[1].detail == "1 file"
        await until(lambda: bool(hand.zones()[1].refusal))
        assert not hand.may_drop(nothing, hand.left)
        assert not hand.may_drop(nothing, hand.centre)
        hand.leave()
        assert not hand.overlay.isVisible()
        address = urls_of("http://example.com/a.png")
        assert hand.enter(address)
        assert hand.zones()[0].refusal == "http://example.com/a.png is not https"
        assert "http://example.com/a.png is not https" in hand.overlay.accessibleDescription()
        assert not hand.may_drop(address, hand.left)
        hand.leave()
        assert not hand.enter(QMimeData())

    with_hand(launch, act)


def test_what_only_grazes_the_window_leaves_nothing_over_it(launch: app.Launch) -> None:
    async def act(hand: Hand) -> None:
        mime = urls_of("https://example.com/a.png")
        QApplication.sendEvent(hand.window, QDragEnterEvent(QPoint(600, 2), _COPY, mime, _LEFT, _NO_KEY))
        assert hand.overlay.isVisible()
        QApplication.sendEvent(hand.window, QDragLeaveEvent())
        await until(lambda: not hand.overlay.isVisible())

    with_hand(launch, act)


def test_a_full_tray_a_folder_and_a_text(launch: app.Launch, tmp_path: Path) -> None:
    async def act(hand: Hand) -> None:
        for number in range(3):
            hand.drop(urls_of(f"https://example.com/{number}.png"), hand.left)
        one_more = urls_of("https://example.com/4.png")
        assert hand.enter(one_more)
        assert "takes 3 at most" in hand.zones()[0].refusal
        assert not hand.may_drop(one_more, hand.left)
        hand.leave()
        text = QMimeData()
        text.setText("a fox in the snow")
        hand.drop(text, hand.left)
        assert hand.studio.draft.prompt == "a fox in the snow"
        assert len(hand.sources) == 3

    with_hand(launch, act)


def test_a_read_only_library_takes_nothing_and_says_so(
    launch: app.Launch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.png").write_bytes(photo(1))
    Library.open(launch.library, "a test").close()
    monkeypatch.setattr(libraries, "_LEAST_FREE_TO_OPEN_BYTES", 2**62)

    async def act(hand: Hand) -> None:
        mime = urls_of(tmp_path / "a.png")
        assert hand.enter(mime)
        assert hand.zones()[1].refusal.startswith("The library is open for reading only. Only")
        assert not hand.may_drop(mime, hand.centre)
        hand.drop(mime, hand.left)
        await until(lambda: hand.sources == ["a.png"])

    with_hand(launch, act)


def test_files_that_are_no_sources_are_named_in_one_message(launch: app.Launch, tmp_path: Path) -> None:
    for number in range(45):
        (tmp_path / f"{number:02}.txt").write_text("no picture")
    (tmp_path / "99.png").write_bytes(photo(1))
    files = sorted(path for path in tmp_path.iterdir() if path.is_file())

    async def act(hand: Hand) -> None:
        hand.drop(urls_of(*files[-3:]), hand.left)
        await until(lambda: hand.sources == ["99.png"])
        await until(lambda: len(hand.notices) == 1)
        assert "not used: 43.txt, 44.txt. The first because 43.txt cannot be used" in hand.notices[0]
        hand.drop(urls_of(*files), hand.left)
        await until(lambda: len(hand.notices) == 2)
        assert "of so many files 40 are looked at; 6 left out" in hand.notices[1]
        assert "00.txt, 01.txt, 02.txt and 37 more" in hand.notices[1]

    with_hand(launch, act)


@pytest.mark.slow
def test_five_hundred_files_at_once_leave_the_window_alive_and_one_message(
    launch: app.Launch, tmp_path: Path
) -> None:
    folder = tmp_path / "Many"
    folder.mkdir()
    for number in range(500):
        (folder / f"{number:03}.png").write_bytes(photo(number) if number % 5 else b"no picture")
    files = sorted(folder.iterdir())
    beats: list[int] = []

    async def act(hand: Hand) -> None:
        clock = QElapsedTimer()
        clock.start()
        timer = QTimer(hand.window, interval=20)
        timer.timeout.connect(lambda: beats.append(clock.restart()))
        timer.start()
        hand.drop(urls_of(*files), hand.centre)
        await until(lambda: any("400 pictures imported." in text for text in hand.notices))
        assert hand.notices == ["400 pictures imported. 100 other files were left out."]
        hand.drop(urls_of(*files), hand.left)
        await until(lambda: len(hand.sources) == 3)
        await until(lambda: len(hand.notices) == 2)
        assert "takes 3 at most; 496 left out; not used: 000.png" in hand.notices[-1]
        timer.stop()

    with_hand(launch, act)
    assert len(beats) > 20, "timers ran all the while"


def test_a_pasted_picture_is_a_source_and_a_pasted_text_the_prompt(launch: app.Launch, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(photo(1))

    async def act(hand: Hand) -> None:
        hand.window.gallery.grid.setFocus()
        image = QMimeData()
        image.setImageData(QImage(40, 30, QImage.Format.Format_RGB32))
        hand.paste(image)
        await until(lambda: len(hand.sources) == 1)
        hand.paste(urls_of(tmp_path / "a.png"))
        await until(lambda: len(hand.sources) == 2)
        text = QMimeData()
        text.setText("a fox")
        hand.paste(text)
        assert hand.studio.draft.prompt == "a fox"
        text = QMimeData()
        text.setText("https://example.com/a.png")
        hand.window.gallery.grid.setFocus()
        hand.paste(text)
        assert hand.sources[-1] == "https://example.com/a.png"

    with_hand(launch, act)


def test_a_text_field_keeps_its_own_paste(launch: app.Launch) -> None:
    async def act(hand: Hand) -> None:
        hand.window.activateWindow()
        hand.window.search.setFocus()
        QGuiApplication.clipboard().setText("harbour")
        QTest.keyClick(hand.window.search, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        assert hand.window.search.text() == "harbour"
        assert hand.studio.draft.prompt == ""

    with_hand(launch, act)


def test_what_cannot_be_pasted_is_said_and_nothing_is_lost(launch: app.Launch, tmp_path: Path) -> None:
    def bytes_as(kind: str, data: bytes) -> QMimeData:
        made = QMimeData()
        made.setData(kind, data)
        return made

    os.mkfifo(tmp_path / "pipe")
    offers = {
        "damaged or incomplete": bytes_as("image/png", photo(1)[:-60]),
        "megapixels": bytes_as("image/png", samples.png_claiming(10_000, 10_000)),
        "image/svg+xml is no picture here": bytes_as(
            "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"
        ),
        "is not a file": urls_of(tmp_path / "pipe"),
        "there is no file": urls_of(tmp_path / "gone.png"),
        "there is no picture, file, address or text": QMimeData(),
    }

    async def act(hand: Hand) -> None:
        for number, (told, mime) in enumerate(offers.items(), 1):
            hand.paste(mime)
            await until(lambda number=number: len(hand.notices) == number)  # type: ignore[misc]
            assert told in hand.notices[-1]
        assert hand.sources == []
        assert hand.studio.draft.prompt == ""

    with_hand(launch, act)


def test_a_dropped_picture_that_tells_its_prompt_offers_it(launch: app.Launch, tmp_path: Path) -> None:
    told = metadata.embed(photo(1), Story("a lighthouse", "grok-imagine-image"))
    (tmp_path / "told.png").write_bytes(told)

    async def act(hand: Hand) -> None:
        hand.drop(urls_of(tmp_path / "told.png"), hand.left)
        await until(lambda: any("tells the prompt" in text for text in hand.notices))
        load = next(b for b in hand.window.findChildren(QAbstractButton) if b.text() == "Load prompt")
        QTest.mouseClick(load, _LEFT)
        assert hand.studio.draft.prompt == "a lighthouse"
        assert hand.sources == []

    with_hand(launch, act)


def test_pixels_dropped_in_the_middle_join_the_library_and_own_pictures_do_not_again(
    launch: app.Launch,
) -> None:
    async def act(hand: Hand) -> None:
        pixels = QMimeData()
        pixels.setData("image/png", photo(1))
        hand.drop(pixels, hand.centre)
        await until(lambda: len(hand.studio.saved_pictures()) == 1)
        [picture] = hand.studio.saved_pictures()
        own = QMimeData()
        own.setData("application/x-imagine-picture-ids", parcel.ids_as_bytes([picture.id]))
        assert hand.enter(own)
        assert hand.overlay.zones[1] is None
        assert not hand.may_drop(own, hand.centre)
        hand.leave()
        hand.drop(own, hand.left)
        assert hand.sources == [f"picture {picture.id}"]

    with_hand(launch, act)


def test_pixels_that_are_promised_and_not_given_are_said(launch: app.Launch) -> None:
    async def act(hand: Hand) -> None:
        promised = QMimeData()
        promised.setData("image/png", b"")
        hand.drop(promised, hand.centre)
        assert hand.notices == ["Import: the picture was not handed over"]

    with_hand(launch, act)


def test_keys_copy_what_is_chosen(launch: app.Launch) -> None:
    async def act(hand: Hand) -> None:
        pixels = QMimeData()
        pixels.setData("image/png", photo(1))
        hand.drop(pixels, hand.centre)
        await until(lambda: len(hand.studio.saved_pictures()) == 1)
        [picture] = hand.studio.saved_pictures()
        grid, clipboard = hand.window.gallery.grid, QGuiApplication.clipboard()
        await until(lambda: grid.show_picture(picture.id))
        clipboard.clear()
        QTest.keyClick(grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: clipboard.mimeData() is not None and clipboard.mimeData().hasImage())
        files = [url.toLocalFile() for url in clipboard.mimeData().urls()]
        assert [read(name) for name in files] == [photo(1)]

    with_hand(launch, act)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are text there")
def test_names_that_are_no_text_are_shown_and_taken(launch: app.Launch, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"odd \xff")
    folder.mkdir()
    (folder / os.fsdecode(b"good \xfe.png")).write_bytes(photo(1))
    (folder / os.fsdecode(b"cut \xfe.png")).write_bytes(photo(2)[:-60])
    place = f"file://{tmp_path}/odd%20%FF".encode()
    files, whole = QMimeData(), QMimeData()
    files.setUrls([QUrl.fromEncoded(place + name) for name in (b"/good%20%FE.png", b"/cut%20%FE.png")])
    whole.setUrls([QUrl.fromEncoded(place)])

    async def act(hand: Hand) -> None:
        hand.drop(files, hand.left)
        await until(lambda: len(hand.sources) == 1)
        await until(lambda: len(hand.notices) == 1)
        hand.window.grab()
        hand.drop(whole, hand.centre)
        await until(lambda: len(hand.studio.saved_pictures()) == 1)
        await until(lambda: len(hand.notices) == 2)
        assert "the picture is damaged" in hand.notices[0]
        assert "1 picture imported. 1 could not be imported" in hand.notices[1]
        hand.window.grab()

    with_hand(launch, act)
