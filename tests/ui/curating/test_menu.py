"""The menu of pictures: the same in gallery, history and picture view."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from imagine_desktop.domain.record import PictureId
from tests.ui.curating.conftest import Run
from tests.ui.curating.desk import Desk, lines, named_line, open_menus, texts
from tests.whole_window import until


def test_the_menu_of_one_picture_offers_everything_in_order(run: Run) -> None:
    async def act(desk: Desk) -> None:
        desk.choose_scope("All pictures")
        await desk.shows(5, 6, 4, 1, 2, 3)
        offered = await desk.menu(4)
        assert texts(offered) == [
            *("Open", "Edit this", "Add as source", "Compare with parent", "Compare with…"),
            *("Use prompt", "Use all settings", "Run again · ≈$0.022", "More like this (1) · ≈$0.022"),
            *("Copy picture", "Copy prompt", "Save as…", "Show in folder"),
            *("Star", "Add to collection", "Move to session", "Show in history", "Move to trash"),
        ]
        assert texts(offered, enabled=False) == []
        assert named_line(offered, "Edit this").text() == "Edit this\tE"

    run(act)


def test_the_menu_of_several_says_how_many_and_leaves_to_one_what_is_for_one(run: Run) -> None:
    async def act(desk: Desk) -> None:
        desk.choose_scope("All pictures")
        await desk.shows(5, 6, 4, 1, 2, 3)
        assert texts(await desk.menu(1, 2, 3), enabled=True) == [
            *("Edit 3 pictures", "Add 3 as sources", "Copy 3 pictures", "Save 3 pictures…"),
            *("Star 3 pictures", "Add 3 to collection", "Move 3 to session", "Move 3 to trash"),
        ]

    run(act)


def test_history_and_picture_view_open_the_same_menu(run: Run) -> None:
    async def act(desk: Desk) -> None:
        offered = texts(await desk.menu(5))
        desk.close_menus()
        desk.window.history.menu_requested.emit(QPoint(5, 5), PictureId(5))
        await until(lambda: bool(open_menus(desk.window)))
        assert texts(lines(open_menus(desk.window)[0])) == offered
        desk.close_menus()
        desk.window.viewer.menu_requested.emit(QPoint(5, 5), PictureId(5))
        await until(lambda: bool(open_menus(desk.window)))
        assert texts(lines(open_menus(desk.window)[0])) == offered

    run(act)


def test_a_picture_in_the_trash_can_be_restored_and_not_edited(run: Run) -> None:
    async def act(desk: Desk) -> None:
        desk.select(5)
        desk.press(Qt.Key.Key_Delete)
        await desk.shows(6)
        desk.choose_scope("Trash")
        await desk.shows(5)
        offered = await desk.menu(5)
        assert "Restore" in texts(offered, enabled=True)
        assert {"Edit this", "Add as source", "Star", "Add to collection"} <= set(texts(offered, enabled=False))

    run(act)


def test_two_selected_pictures_are_compared_and_a_third_one_by_the_next_click(run: Run) -> None:
    async def act(desk: Desk) -> None:
        await desk.pick("Compare these two", 5, 6)
        await until(lambda: desk.window.view == "compare")
        assert desk.window.compare.picture_ids == (5, 6)
        desk.window.show_view("gallery")
        await desk.pick("Compare with…", 6)
        await desk.told("Click the picture to compare with.")
        place = desk.grid.cell(0).center()
        QTest.mouseClick(desk.grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        await until(lambda: desk.window.compare.picture_ids == (6, 5))
        assert "Click the picture to compare with." not in desk.notices()

    run(act)


def test_esc_gives_up_waiting_for_the_other_picture(run: Run) -> None:
    async def act(desk: Desk) -> None:
        await desk.pick("Compare with…", 6)
        await desk.told("Click the picture to compare with.")
        desk.press(Qt.Key.Key_Escape)
        await until(lambda: "Click the picture to compare with." not in desk.notices())
        place = desk.grid.cell(0).center()
        QTest.mouseClick(desk.grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
        assert desk.grid.current_id() == 5
        assert desk.window.view == "gallery"

    run(act)


def test_settings_are_used_and_a_turn_runs_again_with_as_many_as_are_wanted(run: Run) -> None:
    async def act(desk: Desk) -> None:
        await desk.pick("Use all settings", 5)
        await until(lambda: desk.studio.draft.count == 2)
        assert (desk.studio.draft.prompt, desk.studio.draft.aspect_ratio) == ("two foxes", "1:1")
        desk.studio.draft.count = 3
        await desk.pick("More like this (3) · ≈$0.06", 5)
        await until(lambda: len(desk.shown()) == 5)
        await until(lambda: not desk.studio.live_jobs())
        await desk.pick("Run again · ≈$0.04", 5)
        await until(lambda: len(desk.shown()) == 7)
        await until(lambda: not desk.studio.live_jobs())

    run(act)


def test_a_picture_of_another_session_is_shown_in_the_history(run: Run) -> None:
    async def act(desk: Desk) -> None:
        desk.choose_scope("All pictures")
        await desk.shows(5, 6, 4, 1, 2, 3)
        desk.window.history.hide()
        await desk.pick("Show in history", 4)
        await until(lambda: len(desk.turns()) == 2)
        assert desk.window.history.isVisible()
        assert desk.studio.session_id == 1

    run(act)


def test_a_prompt_is_used_and_copied(run: Run) -> None:
    async def act(desk: Desk) -> None:
        await desk.pick("Use prompt", 5)
        await until(lambda: desk.studio.draft.prompt == "two foxes")
        await desk.pick("Copy prompt", 5)
        await until(lambda: QGuiApplication.clipboard().text() == "two foxes")

    run(act)
