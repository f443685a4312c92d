"""The picture view in the whole window: what follows it, and where the comparison leads back to."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from imagine_desktop.app import Launch
from imagine_desktop.ui.studio import Studio
from tests.whole_window import drive, send, until

Key = Qt.Key


def test_gallery_and_history_follow_and_the_comparison_leads_back(launch: Launch) -> None:
    async def look(studio: Studio) -> None:
        window = studio.window
        studio.draft.count = 2
        send(studio, "two boats")
        await until(lambda: len(studio.saved_pictures()) == 2 and not studio.live_jobs())
        first, second = (window.gallery.grid.model().index(row, 0) for row in (0, 1))
        window.gallery.grid.setCurrentIndex(first)
        QTest.keyClick(window.gallery.grid, Key.Key_Return)
        await until(lambda: window.view == "picture")
        QTest.keyClick(window.viewer, Key.Key_Right)
        await until(lambda: window.gallery.grid.currentIndex() == second)
        before, after = (picture.id for picture in studio.saved_pictures())
        window.viewer.compare_with_requested.emit(before)
        await until(lambda: window.view == "compare")
        assert window.compare.picture_ids == (before, after)
        QTest.keyClick(window.compare, Key.Key_Escape)
        views = [window.view]
        QTest.keyClick(window.viewer, Key.Key_Left)
        QTest.keyClick(window.viewer, Key.Key_Escape)
        assert [*views, window.view] == ["picture", "gallery"]
        assert window.gallery.grid.currentIndex() == first  # at once, not a moment later

    drive(launch, look)
