"""The whole window in this process, driven through its own widgets, on a sandbox process of the test's own."""

import asyncio
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSpinBox,
    QWidget,
)

from imagine_desktop import app, secrets, settings
from imagine_desktop.domain.job import JobState
from imagine_desktop.domain.record import PictureId, PictureState, TurnId, TurnState
from imagine_desktop.domain.story import Story
from imagine_desktop.errors import DiskFull
from imagine_desktop.imaging import metadata
from imagine_desktop.library import backup
from imagine_desktop.library import library as libraries
from imagine_desktop.library.library import Library
from imagine_desktop.ui.compose.chip import Chip
from imagine_desktop.ui.studio import Studio
from tests.conftest import SandboxServer
from tests.whole_window import drive, named, notices, send, until

_LEFT = Qt.MouseButton.LeftButton
PHOTO = Path(__file__).parent / "data" / "coffee.jpg"


def test_pictures_appear_in_gallery_and_history_and_stay_on_disk(launch: app.Launch) -> None:
    async def act(studio: Studio) -> None:
        box = named(studio, QSpinBox, "Images")
        assert isinstance(box, QSpinBox)
        box.setValue(3)
        send(studio, "three boats in a harbour")
        await until(lambda: len(studio.saved_pictures()) == 3)
        await until(lambda: studio.window.gallery.grid.model().rowCount() == 3)
        assert studio.window.gallery.grid.isVisible()

    drive(launch, act)
    library = Library.open(launch.library, "a test")
    [session] = library.records.sessions()
    assert (session.name, session.picture_count) == ("three boats in a harbour", 3)
    assert library.damaged() == []
    library.close()


def test_no_control_of_the_panel_moves_when_a_job_begins_or_ends(launch: app.Launch) -> None:
    async def act(studio: Studio) -> None:
        jobs, panel = studio.window.jobs, studio.window.panel

        def places() -> list[tuple[str, int, int]]:
            shown = [one for one in panel.findChildren(QWidget) if one.accessibleName() and one.isVisible()]
            return [(one.accessibleName(), *one.mapToGlobal(one.pos()).toTuple()) for one in shown]

        QTest.keyClicks(named(studio, QPlainTextEdit, "Prompt"), "a red boat")
        await asyncio.sleep(0.05)
        before = places()
        assert "Generate" in [name for name, *_ in before]
        QTest.mouseClick(named(studio, QAbstractButton, "Generate"), _LEFT)
        await until(jobs.isVisible)
        await asyncio.sleep(0.05)  # for what is laid out later
        assert places() == before
        assert jobs.geometry().top() >= studio.window.centre.geometry().bottom()
        await until(lambda: not jobs.isVisible())
        assert places() == before

    drive(launch, act)


def test_edit_this_on_a_tile_makes_it_the_source_of_the_next_turn(launch: app.Launch) -> None:
    async def act(studio: Studio) -> None:
        send(studio, "a red boat")
        grid, jobs = studio.window.gallery.grid, studio.window.jobs
        await until(lambda: len(studio.saved_pictures()) == 1 and not jobs.isVisible())
        [first] = studio.saved_pictures()
        await until(lambda: grid.show_picture(first.id))
        QTest.keyClick(grid, Qt.Key.Key_E)
        assert [source.name for source in studio.draft.sources] == [f"picture {first.id}"]
        await asyncio.sleep(QApplication.doubleClickInterval() / 1000)
        send(studio, "make it night")
        await until(lambda: len(studio.saved_pictures()) == 2)

    drive(launch, act)
    library = Library.open(launch.library, "a test")
    first, second = library.records.turns()
    assert second.parent_id == first.picture_ids[0]
    library.close()


def test_an_imported_folder_is_a_session_whose_pictures_can_be_edited(
    launch: app.Launch, tmp_path: Path
) -> None:
    folder = tmp_path / "Holiday"
    folder.mkdir()
    for number in range(30):
        Image.new("RGB", (60, 40), (number, 0, 0)).save(folder / f"{number:02}.png")
    (folder / "cut.png").write_bytes((folder / "00.png").read_bytes()[:50])

    async def act(studio: Studio) -> None:
        QTest.mouseClick(named(studio, QAbstractButton, "Import"), _LEFT)
        await until(lambda: bool(studio.window.findChildren(QFileDialog)))
        [dialog] = studio.window.findChildren(QFileDialog)
        dialog.selectFile(str(folder))

        dialog.accept()
        grid = studio.window.gallery.grid
        await until(lambda: grid.model().rowCount() == 30)
        told = "30 pictures imported. 1 could not be imported: cut.png (the picture is damaged or incomplete)."
        await until(lambda: any(label.text() == told for label in studio.window.findChildren(QLabel)))
        newest = studio.saved_pictures()[-1]
        await until(lambda: grid.show_picture(newest.id))
        await until(lambda: not grid.lacks_pictures())
        QTest.keyClick(grid, Qt.Key.Key_E)
        assert [source.name for source in studio.draft.sources] == [f"picture {newest.id}"]
        await asyncio.sleep(QApplication.doubleClickInterval() / 1000)
        send(studio, "make it night")
        await until(lambda: len(studio.saved_pictures()) == 31)

    drive(launch, act)
    library = Library.open(launch.library, "a test")
    [session] = library.records.sessions()
    assert (session.name, session.picture_count) == ("Holiday", 31)
    [edit] = [turn for turn in library.records.turns() if turn.is_edit]
    parent = library.records.picture(edit.parent_id or PictureId(0))
    assert parent is not None
    original = library.records.turn(parent.turn_id)
    assert original is not None
    assert original.is_import
    library.close()


def test_a_file_given_at_the_start_becomes_a_source(launch: app.Launch) -> None:
    async def act(studio: Studio) -> None:
        await until(lambda: len(studio.draft.sources) == 1)
        assert studio.draft.sources[0].name == PHOTO.name

    drive(replace(launch, files=(PHOTO,)), act)


def test_files_become_sources_in_the_order_given_whichever_is_read_first(
    launch: app.Launch, tmp_path: Path
) -> None:
    files = tuple(tmp_path / name for name in ("large.png", "b.jpg", "c.jpg"))
    with Image.open(PHOTO) as photo:
        photo.resize((3000, 2000)).save(files[0])
    for path in files[1:]:
        path.write_bytes(PHOTO.read_bytes())

    async def act(studio: Studio) -> None:
        await until(lambda: len(studio.draft.sources) == 3)
        assert [source.name for source in studio.draft.sources] == [path.name for path in files]

    drive(replace(launch, files=files), act)


def test_a_file_that_is_no_picture_is_refused_with_the_reason(launch: app.Launch, tmp_path: Path) -> None:
    text = tmp_path / "notes.jpg"
    text.write_text("<img src=/dev/zero>")

    async def act(studio: Studio) -> None:
        await until(lambda: bool(notices(studio)))
        assert "notes.jpg cannot be used" in notices(studio)[0]
        assert studio.draft.sources == ()

    drive(replace(launch, files=(text,)), act)


def test_a_file_that_tells_its_prompt_offers_to_load_it(launch: app.Launch, tmp_path: Path) -> None:
    story = Story("a red boat", "grok-imagine-image", "16:9", "2k", None, 3)
    told = tmp_path / "told.jpg"
    told.write_bytes(metadata.embed(PHOTO.read_bytes(), story))

    async def act(studio: Studio) -> None:
        await until(lambda: bool(notices(studio)))
        assert "told.jpg tells the prompt that it was made with." in notices(studio)[0]
        assert [source.name for source in studio.draft.sources] == ["told.jpg"]
        load = next(b for b in studio.window.findChildren(QAbstractButton) if b.text() == "Load prompt")
        QTest.mouseClick(load, _LEFT)
        draft = studio.draft
        assert (draft.prompt, draft.aspect_ratio, draft.resolution, draft.count) == (
            "a red boat",
            "16:9",
            "2k",
            3,
        )
        assert draft.sources == ()

    drive(replace(launch, files=(told,)), act)


def test_closing_with_a_job_in_flight_waits_for_the_paid_picture(
    launch: app.Launch, sandbox: SandboxServer
) -> None:
    sandbox.fault(path="/v1/images/generations", delay=0.6)

    async def act(studio: Studio) -> None:
        send(studio, "a late boat")
        await until(lambda: any(job.state is JobState.SENDING for job in studio.live_jobs()))
        studio.window.close()
        assert studio.window.isVisible()

    drive(launch, act)
    library = Library.open(launch.library, "a test")
    [turn] = library.records.turns()
    assert turn.state is TurnState.CHARGED
    assert [p.state for p in library.records.pictures(turn.picture_ids)] == [PictureState.SAVED]
    library.close()


def test_what_an_earlier_run_left_and_cannot_be_looked_at_is_told_and_stops_nothing(
    launch: app.Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> list[TurnId]:
        raise DiskFull("The disk is full.", "Free some space.")

    monkeypatch.setattr(Library, "restore_turns", fail)

    async def act(studio: Studio) -> None:
        await until(lambda: any("The disk is full." in notice for notice in notices(studio)))
        send(studio, "a boat")
        await until(lambda: len(studio.saved_pictures()) == 1)

    drive(launch, act)


def test_a_second_window_on_the_same_library_says_who_holds_it(
    launch: app.Launch, capfd: pytest.CaptureFixture[str]
) -> None:
    launch.library.mkdir(parents=True)
    library = Library.open(launch.library, "another window")
    assert app.start(launch) == 1
    library.close()
    assert "open in another window" in capfd.readouterr().err


SECOND = """
import sys
from pathlib import Path
from imagine_desktop import app
from imagine_desktop.settings import Settings, profile_at
library, settings, *files = map(Path, sys.argv[1:])
launch = app.Launch(library, settings, Settings(), profile_at("http://127.0.0.1:9/v1"), files=tuple(files))
sys.exit(app.start(launch))
"""


def test_a_second_start_hands_its_files_to_the_window_and_ends(launch: app.Launch) -> None:
    command = [sys.executable, "-c", SECOND, str(launch.library), str(launch.settings_path), str(PHOTO)]

    async def act(studio: Studio) -> None:
        studio.window.showMinimized()
        second = await asyncio.create_subprocess_exec(*command)
        assert await second.wait() == 0
        await until(lambda: [source.name for source in studio.draft.sources] == [PHOTO.name])
        assert not studio.window.isMinimized()

    drive(launch, act)


def test_a_window_that_was_killed_leaves_nothing_that_blocks_the_next(launch: app.Launch) -> None:
    killed = SECOND.replace("sys.exit(", "import os, threading; threading.Timer(1.5, os._exit, [9]).start(); (")
    first = [sys.executable, "-c", killed, str(launch.library), str(launch.settings_path)]
    assert subprocess.run(first, check=False).returncode == 9
    test_a_second_start_hands_its_files_to_the_window_and_ends(launch)


def test_a_library_that_cannot_be_written_opens_with_a_notice_and_sends_nothing(
    launch: app.Launch, sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    Library.open(launch.library, "a test").close()
    monkeypatch.setattr(libraries, "_LEAST_FREE_TO_OPEN_BYTES", 1 << 60)

    async def act(studio: Studio) -> None:
        await until(lambda: bool(notices(studio)))
        assert "open for reading only. Only" in notices(studio)[0]
        send(studio, "a boat")
        await until(lambda: len(notices(studio)) == 2)
        assert "Generate: the library is open for reading only" in notices(studio)[1]
        assert studio.live_jobs() == ()
        studio.window.history.rename_requested.emit(1, "Harbour")
        await until(lambda: len(notices(studio)) == 3)
        assert notices(studio)[2].startswith("The library is open for reading only. Only")

    drive(replace(launch, is_tour=False), act)
    assert sandbox.requests() == []


def test_every_start_backs_the_library_up(launch: app.Launch) -> None:
    async def act(studio: Studio) -> None:
        await until(lambda: bool(backup.listed(launch.library)))

    drive(replace(launch, is_tour=False), act)


def test_unsent_prompt_and_choices_survive_a_restart(launch: app.Launch) -> None:
    async def act(studio: Studio) -> None:
        field = named(studio, QPlainTextEdit, "Prompt")
        QTest.keyClicks(field, "not sent yet")
        studio.draft.resolution = "2k"
        await asyncio.sleep(0)

    drive(launch, act)
    kept = settings.load(launch.settings_path)
    assert (kept.prompt, kept.resolution) == ("not sent yet", "2k")


def test_what_becomes_of_a_file_is_said_before_it_is_sent_and_follows_the_setting(launch: app.Launch) -> None:
    async def act(studio: Studio) -> None:
        await until(lambda: bool(studio.window.panel.findChildren(Chip)))
        [chip] = studio.window.panel.findChildren(Chip)
        await until(lambda: "→ JPEG 95 %" in chip.accessibleDescription())
        assert any("→ JPEG 95 %" in label.text() for label in studio.window.panel.findChildren(QLabel))
        studio.window.actions_by_id["settings"].trigger()
        [box] = [
            b for b in studio.window.findChildren(QAbstractButton) if b.text() == "Send the original bytes"
        ]
        QTest.mouseClick(box, _LEFT)
        await until(lambda: "sent as it is" in chip.accessibleDescription())
        QTest.keyClick(box.window(), Qt.Key.Key_Escape)
        send(studio, "make it night")
        await until(lambda: len(studio.saved_pictures()) == 1)

    drive(replace(launch, files=(PHOTO,)), act)
    [kept] = [path for path in (launch.library / "inputs").iterdir() if path.is_file()]
    assert kept.read_bytes() == PHOTO.read_bytes()
    assert settings.load(launch.settings_path).send_originals


def test_an_own_profile_is_added_used_and_removed_in_the_settings(
    launch: app.Launch, sandbox: SandboxServer
) -> None:
    async def act(studio: Studio) -> None:
        def field(name: str) -> QLineEdit:
            fields = [f for f in studio.window.findChildren(QLineEdit) if f.isVisible()]
            [found] = [f for f in fields if f.accessibleName() == name]
            return found

        async def press(name: str) -> None:
            def found() -> list[QAbstractButton]:
                buttons = studio.window.findChildren(QAbstractButton)
                return [b for b in buttons if name in (b.text(), b.accessibleName()) and b.isVisible()]

            await until(lambda: bool(found()) and found()[0].isEnabled())
            QTest.mouseClick(found()[0], _LEFT)

        def says(text: str) -> bool:
            return any(text in label.text() for label in studio.window.findChildren(QLabel))

        studio.window.actions_by_id["settings"].trigger()
        await press("Add profile")
        field("Name").setText("Mine")
        field("Address").setText(sandbox.base_url)
        await press("Add")
        await until(lambda: says("Paste a key: Mine is used as soon as it was tested."))
        field("API key").setText("key-of-mine-0123456789")
        await press("Test and keep")
        await until(lambda: says("The key “Sandbox” (xai-...6789)"))
        await until(lambda: says("no keyring that keeps the key: it is used until"))
        await press("Store unprotected in a file")
        await until(lambda: says("It is in an unprotected file."))
        await press("Refresh models and prices")
        await until(lambda: says("As the API listed them on "))
        await press("Remove profile")
        await press("Remove")
        await until(lambda: says("The Sandbox takes requests without a key."))
        assert not secrets.file().exists()

    drive(launch, act)
    kept = settings.load(launch.settings_path)
    assert (kept.profile, kept.profiles) == ("sandbox", ())
