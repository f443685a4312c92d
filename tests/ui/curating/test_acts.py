"""Every act on the library and the way back from it, through the window."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from imagine_desktop.domain.record import PictureId
from imagine_desktop.library import library as libraries
from imagine_desktop.library.library import Library
from imagine_desktop.ui.gallery.scopes import ScopePicker
from imagine_desktop.ui.start import Launch
from imagine_desktop.ui.studio import Studio
from tests.ui.curating.conftest import Run
from tests.ui.curating.desk import Desk, fill
from tests.whole_window import drive, until


@pytest.fixture
def records(run: Run, launch: Launch) -> Callable[[], Library]:
    """The library after the window was closed."""
    return lambda: Library.open(launch.library, "a test")


def test_a_star_is_given_and_taken_by_its_key_and_undone(run: Run) -> None:
    async def act(desk: Desk) -> None:
        desk.select(5)
        desk.press(Qt.Key.Key_S)
        desk.choose_scope("Starred")
        await desk.shows(5)
        desk.undo()
        await desk.told("Undone:")
        await desk.shows()
        desk.undo()
        await desk.told("There is nothing to undo.")

    run(act)


def test_del_moves_to_the_trash_without_asking_and_the_next_picture_becomes_current(run: Run) -> None:
    async def act(desk: Desk) -> None:
        desk.choose_scope("All pictures")
        await desk.shows(5, 6, 4, 1, 2, 3)
        desk.select(6)
        desk.press(Qt.Key.Key_Delete)
        await desk.shows(5, 4, 1, 2, 3)
        assert desk.grid.current_id() == 4
        assert desk.grid.selected_ids() == [4]
        assert desk.dialogs() == []
        desk.press(Qt.Key.Key_Delete)
        await desk.shows(5, 1, 2, 3)
        desk.choose_scope("Trash")
        await until(lambda: sorted(desk.shown()) == [4, 6])
        desk.undo()
        await desk.shows(6)
        desk.undo()
        await desk.shows()
        desk.choose_scope("All pictures")
        await desk.shows(5, 6, 4, 1, 2, 3)

    run(act)


def test_the_notice_undoes_its_own_act_even_when_others_came_after_it(run: Run) -> None:
    async def act(desk: Desk) -> None:
        desk.select(5)
        desk.press(Qt.Key.Key_Delete)
        await desk.shows(6)
        desk.press(Qt.Key.Key_S)
        desk.press_button("Undo")
        await desk.shows(5, 6)
        await until(
            lambda: not any("moved to the trash" in said and "Undone" not in said for said in desk.notices())
        )

    run(act)


def test_many_acts_in_a_row_leave_one_notice_and_can_all_be_undone(run: Run) -> None:
    async def act(desk: Desk) -> None:
        desk.choose_scope("All pictures")
        await desk.shows(5, 6, 4, 1, 2, 3)
        desk.select(4)
        for left in ((5, 6, 1, 2, 3), (5, 6, 2, 3), (5, 6, 3)):
            desk.press(Qt.Key.Key_Delete)
            await desk.shows(*left)
        assert desk.notices() == ["1 picture moved to the trash."]
        for _ in range(3):
            desk.undo()
        await desk.shows(5, 6, 4, 1, 2, 3)

    run(act)


def test_a_picture_that_is_looked_at_gives_way_to_the_next_one(run: Run) -> None:
    async def act(desk: Desk) -> None:
        desk.grid.opened.emit(PictureId(5))
        await until(lambda: desk.window.view == "picture")
        desk.window.viewer.trash_requested.emit(PictureId(5))
        await until(lambda: desk.window.viewer.picture_id == 6)
        desk.window.viewer.trash_requested.emit(PictureId(6))
        await until(lambda: desk.window.view == "gallery")

    run(act)


def test_what_is_restored_is_back_with_its_star(run: Run) -> None:
    async def act(desk: Desk) -> None:
        desk.select(5)
        desk.press(Qt.Key.Key_S)
        desk.press(Qt.Key.Key_Delete)
        await desk.shows(6)
        desk.choose_scope("Trash")
        await desk.shows(5)
        await desk.pick("Restore", 5)
        await desk.shows()
        desk.choose_scope("Starred")
        await desk.shows(5)

    run(act)


def test_the_trash_is_emptied_after_a_question_and_a_tombstone_stays(
    run: Run, records: Callable[[], Library]
) -> None:
    async def act(desk: Desk) -> None:
        desk.window.history.session_chosen.emit(1)
        await desk.shows(4, 1, 2, 3)
        desk.select(1, 2, 3)
        desk.press(Qt.Key.Key_Delete)
        await desk.shows(4)
        await until(lambda: "Turn 1, generate: three boats, 3 pictures, in the trash" in desk.turns()[0])
        desk.choose_scope("Trash")
        await until(lambda: len(desk.shown()) == 3)
        desk.press_button("Empty trash…")
        await until(lambda: bool(desk.boxes()))
        assert "all 3 pictures in the trash for good, and free 27 B?" in desk.boxes()[0].text()
        desk.press_button("Delete for good")
        await desk.told("3 pictures were deleted for good, 27 B freed.")
        await desk.shows()
        await until(lambda: "Turn 1, generate: three boats, 3 pictures, deleted" in desk.turns()[0])
        assert "Turn 2, edit: make it night" in desk.turns()[1]
        desk.undo()
        await desk.told("There is nothing to undo.")

    run(act)
    left = records().records.pictures([PictureId(1), PictureId(4)])
    assert [picture.path is None for picture in left] == [True, False]


def test_what_cannot_be_undone_any_more_stands_in_no_ones_way(run: Run) -> None:
    async def act(desk: Desk) -> None:
        desk.window.history.rename_requested.emit(1, "Harbour")
        await until(lambda: desk.sessions() == ["two foxes", "Harbour"])
        desk.select(5)
        desk.press(Qt.Key.Key_S)
        desk.press(Qt.Key.Key_Delete)
        await desk.shows(6)
        desk.choose_scope("Trash")
        await desk.shows(5)
        desk.press_button("Empty trash…")
        await until(lambda: bool(desk.boxes()))
        desk.press_button("Delete for good")
        await desk.shows()
        desk.undo()
        await desk.told("picture 5 was deleted")
        desk.undo()
        await until(lambda: desk.sessions() == ["two foxes", "three boats"])

    run(act)


def test_a_note_is_kept_found_and_undone(run: Run) -> None:
    async def act(desk: Desk) -> None:
        desk.window.viewer.note_changed.emit(PictureId(5), "for the wall")
        desk.window.search.setText("wall")
        await desk.shows(5)
        desk.undo()
        await desk.shows()

    run(act)


def test_a_collection_is_begun_filled_renamed_emptied_and_removed_each_undone(run: Run) -> None:
    async def act(desk: Desk) -> None:
        picker = desk.window.findChild(ScopePicker)
        assert isinstance(picker, ScopePicker)
        picker.open_popup()
        assert picker.popup is not None
        [field] = picker.popup.findChildren(QLineEdit)
        QTest.keyClicks(field, "Wall")
        QTest.keyClick(field, Qt.Key.Key_Return)
        await until(lambda: desk.scope() == "Wall")
        desk.choose_scope("All pictures")
        await desk.shows(5, 6, 4, 1, 2, 3)
        await desk.pick("Add 2 to collection ▸ Wall", 6, 4)
        desk.choose_scope("Wall")
        await desk.shows(6, 4)
        await desk.pick("Remove from “Wall”", 6)
        await desk.shows(4)
        desk.undo()
        await desk.shows(6, 4)
        desk.window.gallery.bar.renaming_wanted.emit(1)
        await desk.name("Great wall", "Rename")
        await until(lambda: desk.scope() == "Great wall")
        desk.undo()
        await until(lambda: desk.scope() == "Wall")
        desk.window.gallery.bar.removal_wanted.emit(1)
        await until(lambda: desk.scope() == "All pictures")
        desk.undo()
        await until(lambda: desk.collections() == ["Wall"])
        desk.choose_scope("Wall")
        await desk.shows(6, 4)

    run(act)


def test_pictures_begin_a_collection_from_their_menu(run: Run) -> None:
    async def act(desk: Desk) -> None:
        await desk.pick("Add 2 to collection ▸ New collection…", 5, 6)
        await desk.name("  Foxes ", "Create")
        await until(lambda: desk.collections() == ["Foxes"])
        desk.choose_scope("Foxes")
        await desk.shows(5, 6)

    run(act)


def test_turns_move_to_another_session_and_back_and_the_history_follows(run: Run) -> None:
    async def act(desk: Desk) -> None:
        await desk.pick("Move to session ▸ three boats", 5)
        await desk.shows()
        await until(lambda: desk.turns() == [])
        desk.undo()
        await desk.shows(5, 6)
        await until(lambda: len(desk.turns()) == 1)
        await desk.pick("Move to session ▸ New session", 5)
        await desk.shows()
        await until(lambda: len(desk.sessions()) == 3)

    run(act)


def test_a_session_is_renamed_and_called_as_before_again(run: Run) -> None:
    async def act(desk: Desk) -> None:
        desk.window.history.rename_requested.emit(1, "Harbour")
        await until(lambda: desk.sessions() == ["two foxes", "Harbour"])
        desk.undo()
        await until(lambda: desk.sessions() == ["two foxes", "three boats"])

    run(act)


def test_a_text_field_keeps_its_own_undo(run: Run) -> None:
    async def act(desk: Desk) -> None:
        desk.select(5)
        desk.press(Qt.Key.Key_Delete)
        await desk.shows(6)
        field = desk.window.panel.focusProxy()
        assert field is not None
        desk.window.activateWindow()
        field.setFocus()
        await until(field.hasFocus)
        QTest.keyClicks(field, "a")
        QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        await until(lambda: desk.studio.draft.prompt == "")
        assert desk.shown() == [6]
        desk.grid.setFocus()
        QTest.keyClick(desk.grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        await desk.shows(5, 6)

    run(act)


def test_a_library_for_reading_only_says_so(launch: Launch, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(launch)
    monkeypatch.setattr(libraries, "_LEAST_FREE_TO_OPEN_BYTES", 1 << 60)

    async def act(studio: Studio) -> None:
        desk = Desk(studio)
        await desk.shows(5, 6)
        desk.select(5)
        desk.press(Qt.Key.Key_Delete)
        await until(lambda: len(desk.notices()) == 2)
        assert "open for reading only" in desk.notices()[1]
        assert desk.shown() == [5, 6]

    drive(launch, act)
