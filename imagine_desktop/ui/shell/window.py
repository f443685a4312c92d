"""The main window: where everything stands. It knows no engine; the studio connects it.

It is shown with the gallery alone; what is put into it later moves nothing that is on the screen.
"""

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QMainWindow,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QStatusBar,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from imagine_desktop.ui.gallery.page import GalleryPage
from imagine_desktop.ui.plain import PlainLabel
from imagine_desktop.ui.shell import actions
from imagine_desktop.ui.shell.theme import STEP, Colours

if TYPE_CHECKING:  # they are imported while the gallery is on the screen already
    from imagine_desktop.ui.compose.panel import PromptPanel
    from imagine_desktop.ui.history.sidebar import HistorySidebar
    from imagine_desktop.ui.picture.compare import CompareView
    from imagine_desktop.ui.picture.viewer import PictureViewer
    from imagine_desktop.ui.shell.jobs import JobsStrip
    from imagine_desktop.ui.shell.notices import Notices

View = Literal["gallery", "picture", "compare"]
_VIEWS: tuple[View, ...] = ("gallery", "picture", "compare")
_WITH_BUTTON = ("new_session", *(f"show_{view}" for view in _VIEWS), "import", "export", "settings")
_LEAST_CENTRE_PX = 420  # the strip below a picture needs so much, and comes when the window stands already
_PANEL_PX, _CENTRE_PX, _HISTORY_PX = 360, 760, 320
_SEARCH_PX = 240
_SIZE = QSize(1440, 900)
_FRAME = QSize(16, 48)  # room for the edges and the title bar that a desktop draws around a window


class MainWindow(QMainWindow):
    """Prompt panel, centre and history side by side; the jobs below the centre, where no button has to move.

    Signals:
        close_requested: the person wants to close it; it stays open until `let_close` was called.
        view_chosen: gallery, picture or compare was asked for.
        arranged: panels or the window itself were moved or resized.
    """

    close_requested = Signal()
    view_chosen = Signal(str)
    arranged = Signal()

    panel: "PromptPanel"
    history: "HistorySidebar"
    viewer: "PictureViewer"
    compare: "CompareView"
    jobs: "JobsStrip"
    notices: "Notices"

    def __init__(self, gallery: GalleryPage) -> None:
        super().__init__()
        self.setWindowTitle("Imagine Desktop")
        self.resize(_SIZE.boundedTo(self.screen().availableSize() - _FRAME))
        self.setMinimumSize(960, 600)
        self._may_close = False
        self.gallery = gallery
        self.actions_by_id = actions.make(actions.TABLE, self)
        self.search = QLineEdit(self)
        self._build_toolbar()
        self._build_centre()
        self._build_status()
        self._left.setFocus()

    def place_panel(self, panel: "PromptPanel") -> None:
        """Put the prompt panel into its place; what was typed meanwhile goes into the prompt."""
        self.panel = panel
        is_next = self.focusWidget() in (None, self._left)
        self._splitter.replaceWidget(0, panel)
        if is_next:
            panel.setFocus()
        for key in self._left.typed:
            QCoreApplication.postEvent(panel.focusProxy() or panel, key)
        self._left.deleteLater()

    def place_history(self, history: "HistorySidebar") -> None:
        """Put the history into its place."""
        self.history = history
        self._splitter.replaceWidget(2, history)
        self._right.deleteLater()

    def add_views(self, viewer: "PictureViewer", compare: "CompareView") -> None:
        """Put what is not seen at first behind the gallery."""
        self.viewer, self.compare = viewer, compare
        for page in (viewer, compare):
            self._stack.addWidget(page)

    def add_messages(self, jobs: "JobsStrip", notices: "Notices") -> None:
        """Put the jobs below the centre; the notices lie over it."""
        self.jobs, self.notices = jobs, notices
        self._column.addWidget(jobs)
        jobs.limit_told.connect(self._limit.setText)

    def show_view(self, view: View) -> None:
        """Bring the gallery, the picture or the comparison to the centre."""
        from imagine_desktop.ui.picture.strip import Strip

        page = {"gallery": self.gallery, "picture": self.viewer, "compare": self.compare}[view]
        self._stack.setCurrentWidget(page)
        strip = page.findChild(Strip)
        self.notices.keep_clear(strip.sizeHint().height() if strip else 0)
        self.actions_by_id[f"show_{view}"].setChecked(True)
        page.setFocus()

    @property
    def view(self) -> View:
        """What stands in the centre."""
        return _VIEWS[self._stack.currentIndex()]

    def set_profile(self, name: str) -> None:
        """Say where requests go."""
        self._profile.setText(name)

    def set_queue(self, under_way: int) -> None:
        """Say how many jobs are under way."""
        self._queue.setText(f"{under_way} under way" if under_way else "Nothing under way")

    def set_spend(self, text: str) -> None:
        """Say what has been spent today."""
        self._spend.setText(text)
        self._spend.setAccessibleDescription(text)

    def set_library(self, count: int) -> None:
        """Say how many pictures the library holds."""
        self._library.setText(f"{count:,} picture{'' if count == 1 else 's'}")

    def arrangement(self) -> tuple[str, str]:
        """The window's geometry and the panels' sizes, as text to keep."""
        geometry, panels = self.saveGeometry(), self._splitter.saveState()
        return geometry.toBase64().toStdString(), panels.toBase64().toStdString()

    def arrange(self, geometry: str, panels: str) -> None:
        """Take up an arrangement that was kept; one that is not understood changes nothing."""
        self.restoreGeometry(QByteArray.fromBase64(geometry.encode("ascii", "replace")))
        self._splitter.restoreState(QByteArray.fromBase64(panels.encode("ascii", "replace")))

    def let_close(self) -> None:
        """Close it now."""
        self._may_close = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            super().closeEvent(event)
            return
        event.ignore()
        self.close_requested.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "actions_by_id"):
            self._colour_icons()

    def _build_toolbar(self) -> None:
        bar = QToolBar("Tools", self)
        bar.setMovable(False)
        bar.setIconSize(QSize(16, 16))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.addToolBar(bar)
        self._add_button(bar, "new_session", "New session")
        self.search.setAccessibleName("Search")
        self.search.setPlaceholderText("Search prompts")
        self.search.setClearButtonEnabled(True)
        [clear] = self.search.findChildren(QToolButton)  # Qt gives it no name
        clear.setAccessibleName("Clear search")
        self.search.setMinimumWidth(_SEARCH_PX // 2)  # in a narrow window it makes room for the buttons
        self.search.setMaximumWidth(_SEARCH_PX)
        bar.addWidget(self.search)
        bar.addWidget(_spacer(bar))
        group = QActionGroup(self)
        for view in _VIEWS:
            action = self.actions_by_id[f"show_{view}"]
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(lambda _=False, view=view: self.view_chosen.emit(view))
            self._add_button(bar, f"show_{view}", view.capitalize())
        self.actions_by_id["show_gallery"].setChecked(True)
        bar.addWidget(_spacer(bar))
        self._add_button(bar, "import", "Import")
        self._add_button(bar, "export", "Export")
        self._add_button(bar, "settings", "Settings")
        self._colour_icons()

    def _colour_icons(self) -> None:
        """Draw the icons of the actions that have a button; those of others are shown nowhere."""
        shown = [entry for entry in actions.TABLE if entry.id in _WITH_BUTTON]
        actions.colour_icons(shown, self.actions_by_id, Colours.of(self.palette()))

    def _add_button(self, bar: QToolBar, action_id: str, name: str) -> None:
        action = self.actions_by_id[action_id]
        action.setIconText(f" {name}")  # the space stands between icon and text
        bar.addAction(action)
        button = bar.widgetForAction(action)
        button.setAccessibleName(name)
        button.setAccessibleDescription(actions.tip(action_id))  # else it is the tooltip, with its markup

    def _build_centre(self) -> None:
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.gallery)
        self.centre = QWidget(self)  # holds the notices too: a stack shows its pages alone to screen readers
        inside = QVBoxLayout(self.centre)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._stack)
        middle = QWidget(self)
        middle.setMinimumWidth(_LEAST_CENTRE_PX)
        self._column = QVBoxLayout(middle)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.centre, 1)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setHandleWidth(1)
        self._left, self._right = _Place(_PANEL_PX, 320, self), _Place(_HISTORY_PX, 240, self)
        for part in (self._left, middle, self._right):
            self._splitter.addWidget(part)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setCollapsible(1, False)
        self._splitter.setSizes([_PANEL_PX, _CENTRE_PX, _HISTORY_PX])
        self.setCentralWidget(self._splitter)
        self._splitter.lower()  # who looks for `Gallery` from outside finds the view before its button

    def _build_status(self) -> None:
        bar = QStatusBar(self)
        bar.setSizeGripEnabled(False)
        self._profile, self._queue, self._limit, self._spend, self._library = (
            PlainLabel("", bar) for _ in range(5)
        )
        self._spend.setAccessibleName("Spend today")
        row = QWidget(bar)
        line = QHBoxLayout(row)
        line.setContentsMargins(2 * STEP, 0, 2 * STEP, 0)
        line.setSpacing(4 * STEP)
        for label in (self._profile, self._queue, self._limit, self._spend, self._library):
            label.setProperty("kind", "quiet")
            line.addWidget(label)
        line.insertStretch(3)
        self.set_queue(0)  # with words in it the bar has its height from the first
        bar.addPermanentWidget(row, 1)
        self.setStatusBar(bar)

    def connect_actions(self) -> None:
        """Let the window's own actions act; everything is in its place."""
        on = self.actions_by_id
        on["toggle_prompt"].triggered.connect(lambda: self._toggle(self.panel))
        on["toggle_history"].triggered.connect(lambda: self._toggle(self.history))
        on["toggle_both"].triggered.connect(self._toggle_both)
        on["full_screen"].triggered.connect(self._toggle_full_screen)
        on["search"].triggered.connect(self._focus_search)
        on["generate"].triggered.connect(self.panel.send)
        on["quit"].triggered.connect(self.close)
        self._splitter.splitterMoved.connect(self.arranged)

    def _toggle(self, side: QWidget) -> None:
        side.setVisible(not side.isVisible())
        self.arranged.emit()

    def _toggle_both(self) -> None:
        are_shown = self.panel.isVisible() or self.history.isVisible()
        for side in (self.panel, self.history):
            side.setVisible(not are_shown)
        self.arranged.emit()

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()


class _Place(QWidget):
    """Holds a panel's place, as wide as it will be, until it is there; keeps what is typed meanwhile."""

    def __init__(self, usual_px: int, least_px: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.typed: list[QKeyEvent] = []
        self._hint = QSize(usual_px, 0)
        self.setMinimumWidth(least_px)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def sizeHint(self) -> QSize:
        """The panel's own: the splitter shares the window out by it."""
        return self._hint

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.typed.append(event.clone())


def _spacer(parent: QWidget) -> QWidget:
    widget = QWidget(parent)
    widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return widget
