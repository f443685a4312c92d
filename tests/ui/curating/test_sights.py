"""What the gallery shows: scopes, words, filters, headers; why it is empty; what a restart keeps."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QDateEdit, QMenu, QPushButton, QToolButton

from imagine_desktop import settings
from imagine_desktop.domain.record import PictureId
from imagine_desktop.domain.sight import Filter, Headers, Origin
from imagine_desktop.ui.gallery import contents
from imagine_desktop.ui.gallery.empty import EmptyState
from imagine_desktop.ui.gallery.filters import FilterPopup, Toggle, in_words
from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.start import Launch
from imagine_desktop.ui.studio import Studio
from tests.conftest import SandboxServer
from tests.ui.curating.conftest import Run
from tests.ui.curating.desk import Desk, lines, texts
from tests.whole_window import drive, send, until


def test_words_are_found_as_typed_in_the_whole_library_and_kept_over_scopes(run: Run) -> None:
    async def act(desk: Desk) -> None:
        field = desk.window.search
        QTest.keyClicks(field, "boa")
        await desk.shows(1, 2, 3)
        assert desk.scope() == "All pictures"
        QTest.keyClicks(field, "ts th")
        await desk.shows(1, 2, 3)
        desk.choose_scope("This session")
        await desk.shows()
        assert field.text() == "boats th"
        desk.choose_scope("All pictures")
        await desk.shows(1, 2, 3)
        shown = [button for button in field.findChildren(QToolButton) if button.isVisible()]
        names = [QAccessible.queryAccessibleInterface(one).text(QAccessible.Text.Name) for one in shown]
        assert sorted(names) == ["Clear search", "Saved searches"]
        QTest.keyClick(field, Qt.Key.Key_Escape)
        assert field.text() == ""
        await desk.shows(5, 6, 4, 1, 2, 3)

    run(act)


def test_the_first_found_are_shown_at_once_and_the_rest_follows(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "_FIRST", 2)
    monkeypatch.setattr(contents, "_REST_MS", 2000)

    async def act(desk: Desk) -> None:
        QTest.keyClicks(desk.window.search, "boats")
        await desk.shows(1, 2)
        await desk.shows(1, 2, 3)
        QTest.keyClicks(desk.window.search, " three")
        await desk.shows(1, 2)
        assert desk.grid.show_picture(PictureId(1))
        desk.grid.setFocus()
        QTest.keyClick(desk.grid, Qt.Key.Key_Delete)
        await desk.shows(2, 3)

    run(act)


def test_the_end_of_a_search_goes_back_to_where_it_began(run: Run) -> None:
    async def act(desk: Desk) -> None:
        QTest.keyClicks(desk.window.search, "boats")
        await desk.shows(1, 2, 3)
        QTest.keyClick(desk.window.search, Qt.Key.Key_Escape)
        await desk.shows(5, 6)
        assert desk.scope() == "This session"

    run(act)


def test_a_search_is_saved_chosen_again_and_removed(run: Run) -> None:
    def menu(desk: Desk) -> QMenu:
        for opened in desk.window.search.findChildren(QMenu):
            opened.close()
        QTest.keyClick(desk.window.search, Qt.Key.Key_Down)
        return next(menu for menu in desk.window.search.findChildren(QMenu) if menu.isVisible())

    def choose(opened: QMenu, text: str) -> None:
        next(line for line in lines(opened) if line.text() == text).trigger()

    async def act(desk: Desk) -> None:
        assert texts(lines(menu(desk)), enabled=True) == []
        QTest.keyClicks(desk.window.search, "boats")
        await desk.shows(1, 2, 3)
        choose(menu(desk), "Save this search…")
        await desk.name("The boats", "Save")
        QTest.keyClick(desk.window.search, Qt.Key.Key_Escape)
        await desk.shows(5, 6)
        await until(lambda: "The boats" in texts(lines(menu(desk))))
        choose(menu(desk), "The boats")
        await desk.shows(1, 2, 3)
        assert desk.window.search.text() == "boats"
        remove = next(line for line in lines(menu(desk)) if line.text() == "Remove").menu()
        assert isinstance(remove, QMenu)
        choose(remove, "The boats")
        await until(lambda: "The boats" not in texts(lines(menu(desk))))

    run(act)


@pytest.mark.parametrize(
    ("toggle", "shown", "said"),
    [
        ("Edited", [4], "Only: edited"),
        ("1:1", [5, 6], "Only: 1:1"),
        ("Imported", [], "Only: imported"),
        ("Starred", [], "Only: starred"),
        ("Withheld or failed", [], "Only: withheld or failed"),
    ],
)
def test_a_filter_limits_says_so_and_is_cleared_with_one_click(
    run: Run, toggle: str, shown: list[int], said: str
) -> None:
    async def act(desk: Desk) -> None:
        desk.choose_scope("All pictures")
        await desk.shows(5, 6, 4, 1, 2, 3)
        popup = await open_filter(desk)
        next(one for one in popup.findChildren(Toggle) if one.text() == toggle).click()
        await desk.shows(*shown)
        popup.close()
        assert said in [label.text() for label in desk.window.gallery.bar.findChildren(PlainLabel)]
        desk.press_button("Clear filter")
        await desk.shows(5, 6, 4, 1, 2, 3)
        assert not any(button.text() == "Clear filter" and button.isVisible() for button in buttons(desk))

    run(act)


def test_a_range_of_days_limits(run: Run) -> None:
    async def act(desk: Desk) -> None:
        popup = await open_filter(desk)
        since, until_day = popup.findChildren(QCheckBox)
        since.click()
        until_day.click()
        await desk.shows(5, 6)  # both are of today
        [first, last] = popup.findChildren(QDateEdit)
        last.setDate(first.date().addDays(-2))
        await desk.shows()
        first.setDate(last.date())
        await desk.shows()
        last.setDate(QDate.currentDate())
        await desk.shows(5, 6)

    run(act)


def test_an_empty_gallery_says_why_and_what_to_do_next(run: Run) -> None:
    async def act(desk: Desk) -> None:
        desk.choose_scope("Starred")
        await until(lambda: empty(desk) == ("No stars yet", "Show all pictures"))
        desk.choose_scope("Trash")
        await until(lambda: empty(desk) == ("The trash is empty", "Show all pictures"))
        desk.press_button("Show all pictures")
        await desk.shows(5, 6, 4, 1, 2, 3)
        desk.window.search.setText("zebra")
        await until(lambda: empty(desk) == ("Nothing found", "Clear the search"))
        desk.press_button("Clear the search")
        await desk.shows(5, 6, 4, 1, 2, 3)
        popup = await open_filter(desk)
        next(one for one in popup.findChildren(Toggle) if one.text() == "Imported").click()
        popup.close()
        await until(lambda: empty(desk) == ("Nothing passes the filter", "Clear the filter"))
        desk.press_button("Clear the filter")
        await desk.shows(5, 6, 4, 1, 2, 3)

    run(act)


def test_headers_divide_and_a_new_session_has_its_own(run: Run) -> None:
    async def act(desk: Desk) -> None:
        desk.choose_scope("All pictures")
        desk.window.gallery.bar.headers_picked.emit(Headers.SESSION)
        await until(lambda: list(desk.model.section_counts) == [2, 4])
        assert [desk.model.section(n).title for n in range(2)] == ["two foxes", "three boats"]
        desk.window.gallery.bar.headers_picked.emit(Headers.DAY)
        await until(lambda: list(desk.model.section_counts) == [6])

    run(act)


def test_a_job_that_is_chosen_is_shown_wherever_the_gallery_looked(run: Run, sandbox: SandboxServer) -> None:
    sandbox.fault(path="/v1/images/generations", delay=1.5)

    async def act(desk: Desk) -> None:
        desk.choose_scope("Trash")
        await desk.shows()
        send(desk.studio, "a late boat")
        await until(lambda: any(job.picture_ids for job in desk.studio.live_jobs()))
        assert desk.shown() == []
        [job] = desk.studio.live_jobs()
        desk.window.jobs.chosen.emit(job.id)
        await desk.shows(*job.picture_ids, 5, 6)
        assert desk.scope() == "This session"
        await until(lambda: desk.grid.current_id() == job.picture_ids[0])

    run(act)


def test_scope_filter_headers_and_tile_size_survive_a_restart(run: Run, launch: Launch) -> None:
    async def first(desk: Desk) -> None:
        desk.choose_scope("All pictures")
        desk.window.gallery.bar.headers_picked.emit(Headers.SESSION)
        popup = await open_filter(desk)
        next(one for one in popup.findChildren(Toggle) if one.text() == "Edited").click()
        popup.close()
        desk.grid.set_tile_px(300)
        await desk.shows(4)
        desk.window.search.setText("zebra")  # words are not kept
        await desk.shows()

    async def second(studio: Studio) -> None:
        desk = Desk(studio)
        await desk.shows(4)
        assert desk.scope() == "All pictures"
        assert list(desk.model.section_counts) == [1]
        assert desk.grid.tile_px == 300
        assert any(button.text() == "Clear filter" and button.isVisible() for button in buttons(desk))

    run(first)
    drive(replace(launch, settings=settings.load(launch.settings_path)), second)


def test_a_scope_that_is_not_understood_is_this_session(run: Run, launch: Launch) -> None:
    async def act(studio: Studio) -> None:
        await Desk(studio).shows(5, 6)

    run_nothing(run)
    drive(replace(launch, settings=replace(launch.settings, sight="{", headers="moon")), act)


def run_nothing(run: Run) -> None:
    """Open the window and close it."""

    async def nothing(_desk: Desk) -> None:
        return

    run(nothing)


def test_a_filter_says_what_it_lets_pass() -> None:
    chosen = Filter(
        models=frozenset({"m"}),
        ratios=frozenset({"3:2", "16:9"}),
        origins=frozenset({Origin.EDITED}),
        is_starred=True,
    )
    assert in_words(chosen, {"m": "Grok Imagine"}) == "Grok Imagine · 16:9 or 3:2 · edited · starred"
    assert in_words(Filter(), {}) == ""


async def open_filter(desk: Desk) -> FilterPopup:
    """Open the filter's panel."""
    button = desk.window.gallery.bar.filter_button
    button.click()
    await until(lambda: any(popup.isVisible() for popup in button.findChildren(FilterPopup)))
    return next(popup for popup in button.findChildren(FilterPopup) if popup.isVisible())


def buttons(desk: Desk) -> list[QPushButton]:
    """All of the gallery's buttons."""
    return desk.window.gallery.findChildren(QPushButton)


def empty(desk: Desk) -> tuple[str, str] | None:
    """Title and button of what stands in the grid's place."""
    [state] = desk.window.gallery.findChildren(EmptyState)
    if not state.isVisible():
        return None
    return state.findChildren(PlainLabel)[0].text(), state.findChildren(QPushButton)[0].text()
