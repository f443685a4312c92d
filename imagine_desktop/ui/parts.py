"""What the complete window consists of, made step by step; the modules of `wiring` connect it."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.engine.engine import Engine
from imagine_desktop.errors import BadInput
from imagine_desktop.ui.carrying.giving import Giving
from imagine_desktop.ui.carrying.receiving import Receiving
from imagine_desktop.ui.compose.draft import Draft
from imagine_desktop.ui.compose.intake import Intake
from imagine_desktop.ui.compose.panel import PromptPanel
from imagine_desktop.ui.curating.curator import Curator
from imagine_desktop.ui.curating.emptying import Emptying
from imagine_desktop.ui.curating.searching import Searching
from imagine_desktop.ui.export.exporting import Exporting
from imagine_desktop.ui.feed import EngineFeed
from imagine_desktop.ui.gallery.contents import Contents
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.history.repeat import Repeat
from imagine_desktop.ui.history.sidebar import HistorySidebar
from imagine_desktop.ui.importing import Importing
from imagine_desktop.ui.keeper import DraftKeeper, restore
from imagine_desktop.ui.opening import Opening
from imagine_desktop.ui.picture.compare import CompareView
from imagine_desktop.ui.picture.display import Display
from imagine_desktop.ui.picture.full import FullPictures
from imagine_desktop.ui.picture.menu import PictureActs
from imagine_desktop.ui.picture.pairing import Pairing
from imagine_desktop.ui.picture.viewer import PictureViewer
from imagine_desktop.ui.shelf import Shelf
from imagine_desktop.ui.shell.configuration import Configuration
from imagine_desktop.ui.shell.jobs import JobsStrip
from imagine_desktop.ui.shell.notices import Notices
from imagine_desktop.ui.shell.saving import Saving
from imagine_desktop.ui.start import Launch

_HISTORY_TILE_PX = 56


class Parts(QObject):
    """Owns what the opening did not make. Nothing here knows who listens to it."""

    intake: Intake
    small: Thumbnails
    display: Display
    saving: Saving
    configuration: Configuration
    keeper: DraftKeeper
    exporting: Exporting
    repeat: Repeat
    acts: PictureActs
    pairing: Pairing
    contents: Contents
    curator: Curator
    emptying: Emptying
    searching: Searching
    shelf: Shelf
    feed: EngineFeed
    importing: Importing
    giving: Giving
    receiving: Receiving

    def __init__(
        self, opening: Opening, engine: Engine, catalog: Catalog, launch: Launch, parent: QObject
    ) -> None:
        super().__init__(parent)
        opening.setParent(self)
        self.opening, self.engine, self.launch = opening, engine, launch
        self.library, self.reader, self.background = opening.library, opening.reader, opening.background
        self.window, self.model, self.thumbnails = opening.window, opening.model, opening.thumbnails
        self.draft = Draft(catalog, self)
        restore(self.draft, launch.settings)

    def make_panel(self) -> None:
        """The prompt panel, and what takes pictures into it."""
        self.intake = Intake(self.draft, self.reader, self.background, self.window, self.launch.settings)
        self.window.place_panel(PromptPanel(self.draft, self.intake.thumbnail))

    def make_history(self) -> None:
        """The history, with thumbnails of its own size."""
        small_px = round(_HISTORY_TILE_PX * QGuiApplication.primaryScreen().devicePixelRatio())
        self.small = Thumbnails(self.reader.thumbnails, self.background, self, box_px=small_px)
        self.window.place_history(HistorySidebar(self.small))

    def make_views(self) -> None:
        """What shows one picture, and two."""
        fulls = FullPictures(self.reader.shown, self.background, self)
        viewer = PictureViewer(fulls, self.model, self.thumbnails)
        compare = CompareView(fulls, self.reader.difference, self.background)
        self.window.add_views(viewer, compare)
        self.display = Display(
            self.library, self.model, self.thumbnails, viewer, compare, self.background, self
        )

    def make_rest(self) -> None:
        """Messages, and what acts without being seen."""
        window, launch = self.window, self.launch
        window.add_messages(JobsStrip(window), Notices(window.centre))
        self.saving = Saving(self.library, self.background, window)
        self.configuration = Configuration(launch, self.background, window)
        self.keeper = DraftKeeper(self.draft, self.configuration, self)
        self.exporting = Exporting(self.library, self.configuration, window.notices, window)
        self.repeat = Repeat(self.library, self.background, window)
        self.acts = PictureActs(self.library, self.background, window)
        self.pairing = Pairing(window.gallery.grid, self.model, window.notices, self)
        self.contents = Contents(self.library.records, self.background, self.model, self)
        self.curator = Curator(self.library, self.background, window.notices, self)
        self.emptying = Emptying(self.library, self.background, window.notices, window)
        self.searching = Searching(window.search, self)
        self.shelf = Shelf(
            self.library,
            self.background,
            self.contents,
            self.model,
            self.thumbnails,
            window,
            launch.settings.budget,
            self,
        )
        self.feed = EngineFeed(self.engine.subscribe, self)
        self.importing = Importing(self.engine, self.feed, self.shelf, window)
        self.giving = Giving(
            self.library,
            self.reader,
            self.background,
            self.exporting.style,
            lambda picture_id: self.thumbnails.pixmap(picture_id) or self.small.pixmap(picture_id),
            self,
        )
        self.receiving = Receiving(
            self.draft, self.intake, self.importing, self.background, lambda: self.library.read_only, window
        )

    def refusal(self, field: str) -> BadInput | None:
        """Why nothing can be sent or kept, or None where the library is open for writing."""
        reason = self.library.read_only
        return BadInput(field, f"the library is open for reading only. {reason}") if reason else None
