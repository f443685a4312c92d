"""The studio connects what the person wants to the engine, and what the engine tells to the models.

It adds to the opened window what is not seen at first; every feature has one `_connect_…` below.
"""

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from imagine_desktop.domain import money
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.job import (
    CatalogChanged,
    Event,
    Job,
    JobChanged,
    JobState,
    KeyChecked,
    PictureChanged,
    PicturesAdded,
    PricesRefused,
    Told,
    TurnChanged,
    WarningPassed,
)
from imagine_desktop.domain.record import Picture, PictureId, PictureState, SessionId, TurnId
from imagine_desktop.domain.request import FileSource, Request
from imagine_desktop.domain.story import Story
from imagine_desktop.engine.engine import Engine
from imagine_desktop.errors import BadInput, ImagineError
from imagine_desktop.library.integrity import Wrong
from imagine_desktop.library.library import check_up
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import Profile
from imagine_desktop.ui.compose.draft import Draft
from imagine_desktop.ui.compose.intake import Intake
from imagine_desktop.ui.compose.panel import PromptPanel
from imagine_desktop.ui.export.exporting import Exporting, tell_written
from imagine_desktop.ui.feed import EngineFeed
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.history.repeat import TRY_AGAIN, Repeat
from imagine_desktop.ui.history.sidebar import HistorySidebar
from imagine_desktop.ui.importing import Importing
from imagine_desktop.ui.keeper import DraftKeeper, restore
from imagine_desktop.ui.opening import Opening
from imagine_desktop.ui.picture.compare import CompareView
from imagine_desktop.ui.picture.display import Display
from imagine_desktop.ui.picture.full import FullPictures
from imagine_desktop.ui.picture.menu import PictureActs
from imagine_desktop.ui.picture.viewer import PictureViewer
from imagine_desktop.ui.shelf import Shelf
from imagine_desktop.ui.shell.actions import TABLE
from imagine_desktop.ui.shell.configuration import Configuration
from imagine_desktop.ui.shell.jobs import JobsStrip
from imagine_desktop.ui.shell.keys import KeysDialog
from imagine_desktop.ui.shell.notices import NoticeKind, Notices
from imagine_desktop.ui.shell.saving import Saving
from imagine_desktop.ui.shell.window import View
from imagine_desktop.ui.start import Launch

_HISTORY_TILE_PX = 56


class Studio(QObject):
    """Owns the window and its models.

    Signals:
        connection_wanted: a Profile and its Secret, or None, are to be used from now on.
        close_wanted: the person wants to close the window, and has been asked where that is due.
    """

    connection_wanted = Signal(object, object)
    close_wanted = Signal()

    def __init__(self, opening: Opening, engine: Engine, catalog: Catalog, launch: Launch) -> None:
        super().__init__()
        opening.setParent(self)
        self.background, self.window = opening.background, opening.window
        self.draft = Draft(catalog, self)
        restore(self.draft, launch.settings)
        self._opening = opening
        self._engine = engine
        self._launch = launch
        self._library, self._reader = opening.library, opening.reader
        self._model, self._thumbnails = opening.model, opening.thumbnails
        self._profile = launch.profile
        self._live: dict[TurnId, Job] = {}

    @property
    def steps(self) -> tuple[Callable[[], None], ...]:
        """What completes the window, in this order; the window is on the screen, and is painted in between."""
        return (
            self.window.gallery.furnish,
            self._make_panel,
            self._make_history,
            self._make_views,
            self._make_rest,
            self._connect_compose,
            self._connect_gallery,
            self._connect_picture,
            self._connect_history,
            self._connect_jobs,
            self._connect_saving,
            self._connect_settings,
            self._connect_window,
            self._begin,
        )

    @property
    def session_id(self) -> SessionId | None:
        """The session that new turns join; None until the first one is made."""
        return self._shelf.session_id

    def saved_pictures(self) -> list[Picture]:
        """The saved pictures of the current session, the oldest first; blocks for a read."""
        ids = self._library.records.gallery(self.session_id) if self.session_id is not None else []
        saved = [p for p in self._library.records.pictures(ids) if p.state is PictureState.SAVED]
        return sorted(saved, key=lambda picture: picture.id)

    def live_jobs(self) -> tuple[Job, ...]:
        """The jobs under way, as last heard of."""
        return tuple(self._live.values())

    @property
    def is_read_only(self) -> bool:
        """Whether nothing can be sent or kept."""
        return bool(self._library.read_only)

    def after_first_frame(self) -> None:
        """What may wait until the window is on the screen."""
        self._configuration.look_for_key()
        if not self.is_read_only:
            self.background.run(partial(check_up, self._library), self._on_checked_up, self._on_check_failed)

    def come_forward(self, files: list[Path]) -> None:
        """The program was started again on this library: show its window, and take the files."""
        window = self.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
        self._intake.take_files(files)

    def close(self) -> None:
        """Keep what is to be kept and end the threads; the window goes last."""
        self._keeper.keep()
        self._configuration.save()
        self._exporting.close()
        self.background.close()
        self.window.let_close()
        self.window.deleteLater()
        self.deleteLater()

    def tell(self, text: str, kind: NoticeKind = NoticeKind.INFO) -> None:
        """Show a notice."""
        self.window.notices.show(text, kind)

    def tell_unexpected(self, report_id: str) -> None:
        """Show that something went wrong which no code expected."""
        self.window.notices.show(
            f"Something went wrong that should not. The log has it under {report_id}.", NoticeKind.ERROR
        )

    def _make_panel(self) -> None:
        self._intake = Intake(self.draft, self._reader, self.background, self.window, self._launch.settings)
        self.window.place_panel(PromptPanel(self.draft, self._intake.thumbnail))

    def _make_history(self) -> None:
        small_px = round(_HISTORY_TILE_PX * QGuiApplication.primaryScreen().devicePixelRatio())
        self._small = Thumbnails(self._reader.thumbnails, self.background, self, box_px=small_px)
        self.window.place_history(HistorySidebar(self._small))

    def _make_views(self) -> None:
        fulls = FullPictures(self._reader.shown, self.background, self)
        viewer = PictureViewer(fulls, self._model, self._thumbnails)
        compare = CompareView(fulls, self._reader.difference, self.background)
        self.window.add_views(viewer, compare)
        self._display = Display(
            self._library, self._model, self._thumbnails, viewer, compare, self.background, self
        )

    def _make_rest(self) -> None:
        window, launch = self.window, self._launch
        window.add_messages(JobsStrip(window), Notices(window.centre))
        self._saving = Saving(self._library, self.background, window)
        self._configuration = Configuration(launch, self.background, window)
        self._exporting = Exporting(self._library, self._configuration, window.notices, window)
        self._repeat = Repeat(self._library, self.background, window)
        self._acts = PictureActs(self._library, self._reader, self.background, window)
        self._shelf = Shelf(
            self._library, self.background, self._model, self._thumbnails, window, launch.settings.budget, self
        )
        self._feed = EngineFeed(self._engine.subscribe, self)
        self._importing = Importing(self._engine, self._feed, self._shelf, window)

    def _begin(self) -> None:
        self._show_profile(self._launch.profile)
        self._shelf.fill(self._opening.newest)
        self._intake.take_files(self._launch.files)
        if self.is_read_only:
            text = f"The library is open for reading only. {self._library.read_only}"
            self.window.notices.show(text, NoticeKind.WARNING, timeout_s=math.inf)
            for action_id in ("new_session", "import"):
                self.window.actions_by_id[action_id].setEnabled(False)

    def _connect_compose(self) -> None:
        panel, intake = self.window.panel, self._intake
        panel.send_requested.connect(self._send)
        panel.files_requested.connect(intake.ask_for_files)
        panel.files_dropped.connect(intake.take_files)
        panel.address_entered.connect(intake.take_address)
        panel.paste_requested.connect(intake.paste)
        intake.refused.connect(self._on_failed)
        intake.taken.connect(panel.setFocus)
        intake.story_found.connect(self._offer_story)
        self._keeper = DraftKeeper(self.draft, self._configuration, self)

    def _connect_gallery(self) -> None:
        page = self.window.gallery
        page.grid.opened.connect(self._display.open)
        page.grid.edit_requested.connect(self._intake.take_picture)
        page.grid.compare_requested.connect(self._display.compare_with_parent)
        page.grid.save_requested.connect(self._saving.ask_to_save)
        page.grid.menu_requested.connect(self._acts.open_menu)
        page.grid.current_changed.connect(self.window.history.set_current_picture)
        page.grid.tile_px_changed.connect(lambda px: self._configuration.keep(tile_px=px))
        page.scope_changed.connect(self._shelf.set_scope)
        page.search_cleared.connect(self.window.search.clear)
        page.prompt_wanted.connect(self.window.panel.setFocus)
        page.welcome.example_chosen.connect(self._use_prompt)
        page.welcome.key_requested.connect(self._configuration.open)
        self.window.search.textChanged.connect(self._shelf.set_words)
        self._shelf.filled.connect(self._show_empty_state)

    def _connect_picture(self) -> None:
        viewer, compare = self.window.viewer, self.window.compare
        viewer.edit_requested.connect(self._intake.take_picture)
        viewer.compare_requested.connect(self._display.compare_with_parent)
        viewer.save_requested.connect(self._saving.ask_to_save)
        viewer.menu_requested.connect(lambda where, picture_id: self._acts.open_menu(where, [picture_id]))
        viewer.closed.connect(lambda: self.window.show_view("gallery"))
        compare.closed.connect(lambda: self.window.show_view("gallery"))
        self._display.shown.connect(self._on_picture_shown)
        self._display.compared.connect(lambda: self.window.show_view("compare"))
        self._display.not_comparable.connect(self.tell)
        self.window.view_chosen.connect(self._on_view_chosen)

    def _connect_history(self) -> None:
        history = self.window.history
        history.session_chosen.connect(self._shelf.choose_session)
        history.rename_requested.connect(self._rename)
        history.picture_chosen.connect(self._display.open)
        history.edit_requested.connect(self._intake.take_picture)
        history.run_again_requested.connect(self._repeat.run_again)
        self._repeat.loaded.connect(self._load_request)
        self._repeat.try_again_wanted.connect(self._try_again)
        history.menu_requested.connect(lambda where, picture_id: self._acts.open_menu(where, [picture_id]))
        self._shelf.session_changed.connect(self.window.panel.setFocus)

    def _connect_jobs(self) -> None:
        self._feed.received.connect(self._on_event)
        self.window.jobs.cancel_requested.connect(self._engine.cancel)
        self.window.jobs.chosen.connect(self._on_job_chosen)

    def _connect_saving(self) -> None:
        acts = self._acts
        acts.open.connect(self._display.open)
        acts.edit.connect(self._intake.take_picture)
        acts.add_source.connect(self._intake.add_picture)
        acts.compare.connect(self._display.compare_with_parent)
        acts.save.connect(self._saving.ask_to_save)
        acts.show_in_folder.connect(self._saving.show_in_folder)
        acts.use_prompt.connect(self._use_prompt)
        self.window.actions_by_id["export"].triggered.connect(self._export)
        self.window.actions_by_id["save_as"].triggered.connect(self._save_as)
        self._saving.saved.connect(partial(tell_written, self.window.notices))
        self._saving.export_wanted.connect(lambda ids: self._exporting.ask(ids, self.session_id))
        self._saving.failed.connect(self._on_failed)

    def _connect_settings(self) -> None:
        configuration = self._configuration
        self.window.actions_by_id["settings"].triggered.connect(configuration.open)
        self.window.actions_by_id["keys"].triggered.connect(self._show_keys)
        configuration.profile_changed.connect(self._on_profile_changed)
        configuration.jobs_at_once_changed.connect(self._engine.set_jobs_at_once)
        configuration.budget_changed.connect(self._engine.set_budget)
        configuration.budget_changed.connect(self._shelf.set_budget)
        configuration.originals_changed.connect(self._on_originals_changed)
        configuration.catalog_changed.connect(self.draft.set_catalog)
        configuration.key_test_requested.connect(self._engine.check_key)
        configuration.prices_requested.connect(self._engine.renew_prices)
        configuration.failed.connect(self._on_failed)

    def _connect_window(self) -> None:
        self.window.actions_by_id["new_session"].triggered.connect(self._shelf.start_session)
        self.window.close_requested.connect(self._on_close_requested)
        self.window.connect_actions()
        self.window.arranged.connect(self._keep_arrangement)

    # what the person does

    def _send(self) -> None:
        if self.is_read_only:
            reason = self._library.read_only
            self._on_failed(BadInput("Generate", f"the library is open for reading only. {reason}"))
            return
        self._shelf.with_session(self._submit)

    def _submit(self, session_id: SessionId) -> None:
        try:
            self._engine.submit(self.draft.request(), session_id, delivery=self._profile.delivery)
        except BadInput as error:
            self._on_failed(error)

    def _rename(self, session_id: SessionId, name: str) -> None:
        self._shelf.rename_session(session_id, name)

    def _load_request(self, request: Request) -> None:
        self.draft.load(request)
        self.tell("The prompt panel holds that request again; look it over and send it.")
        self.window.panel.setFocus()

    def _try_again(self, turn_id: TurnId) -> None:
        try:
            self._engine.try_again(turn_id)
        except ImagineError as error:
            self._on_failed(error)

    def _use_prompt(self, prompt: str) -> None:
        self.draft.prompt = prompt
        self.window.panel.setFocus()

    def _offer_story(self, source: FileSource, story: Story) -> None:
        text = f"{source.name} tells the prompt that it was made with."
        load = partial(self._intake.load_story, source, story)
        self.window.notices.show(text, action_text="Load prompt", action=load)

    def _export(self) -> None:
        self._exporting.ask(self._chosen(), self.session_id)

    def _save_as(self) -> None:
        chosen = self._chosen()
        if chosen:
            self._saving.ask_to_save(chosen)
        else:
            self.tell("Choose a picture to save first.")

    def _chosen(self) -> list[PictureId]:
        shown = self.window.viewer.picture_id
        if self.window.view == "picture" and shown is not None:
            return [shown]
        return self.window.gallery.grid.selected_ids()

    def _show_keys(self) -> None:
        KeysDialog(TABLE, self.window).open()

    def _on_view_chosen(self, view: View) -> None:
        first = self._model.id_at(0) if self._model.rowCount() else None
        current = self.window.gallery.grid.current_id() or first
        is_filled = {
            "gallery": True,
            "picture": self.window.viewer.picture_id is not None,
            "compare": self.window.compare.picture_ids is not None,
        }
        if is_filled[view]:
            self.window.show_view(view)
            return
        self.window.show_view(self.window.view)  # the buttons tell what is shown, not what was asked for
        if current is None:
            self.tell("There is no picture yet.")
        elif view == "picture":
            self._display.open(current)
        else:
            self._display.compare_with_parent(current)

    def _on_close_requested(self) -> None:
        self._keep_arrangement()
        if any(job.state is JobState.SENDING for job in self._live.values()):
            self.tell("Paid pictures are still on their way; the window closes as soon as they are saved.")
        self.close_wanted.emit()

    # what the engine tells

    def _on_event(self, event: Event) -> None:
        match event:
            case JobChanged(job):
                self._on_job_changed(job)
            case PicturesAdded(session_id, _, picture_ids):
                self._shelf.add(session_id, picture_ids)
            case PictureChanged(picture_id):
                self._shelf.renew_picture(picture_id)
                self._small.forget([picture_id])
                self._display.renew(picture_id)
            case TurnChanged(turn_id, session_id):
                self._shelf.renew_turn(turn_id, session_id)
            case Told(text):
                self.tell(text)
            case KeyChecked() | CatalogChanged() | PricesRefused():
                self._configuration.hear(event)
            case WarningPassed(spent, warning):
                text = f"Today's spending is now {money.usd(spent)}, past your warning of {money.usd(warning)}."
                self.tell(text, NoticeKind.WARNING)

    def _on_job_changed(self, job: Job) -> None:
        self.window.jobs.set_job(job)
        self._model.set_job(job)
        if job.state.is_end:
            self._live.pop(job.id, None)
            self._on_job_ended(job)
        else:
            self._live[job.id] = job
        self.window.set_queue(len(self._live))

    def _on_job_ended(self, job: Job) -> None:
        self._shelf.renew_turn(job.id, job.session_id)
        if job.error is None or job.state is JobState.CANCELLED:
            return
        if job.state is JobState.UNKNOWN:
            self.window.notices.show_error(
                job.error, action_text=TRY_AGAIN, action=lambda: self._try_again(job.id)
            )
        else:
            self.window.notices.show_error(job.error)

    def _on_job_chosen(self, job_id: TurnId) -> None:
        job = self._live.get(job_id)
        if job is not None and job.picture_ids:
            self.window.show_view("gallery")
            self.window.gallery.grid.show_picture(job.picture_ids[0])

    # what comes of it

    def _on_picture_shown(self, picture_id: PictureId) -> None:
        self.window.show_view("picture")
        self.window.gallery.grid.show_picture(picture_id)
        self.window.history.set_current_picture(picture_id)

    def _on_failed(self, error: ImagineError) -> None:
        self.window.notices.show_error(error)

    def _on_checked_up(self, wrong: tuple[Wrong, ...]) -> None:
        if wrong:
            more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
            text = f"{wrong[0].text}{more} `imagine-desktop library verify` lists all."
            self.window.notices.show(text, NoticeKind.WARNING)

    def _on_check_failed(self, error: Exception) -> None:
        if not isinstance(error, ImagineError):
            raise error
        self._on_failed(error)

    def _on_originals_changed(self, is_on: bool) -> None:
        self._intake.sends_originals = is_on
        self._engine.set_sends_originals(is_on)
        self.window.panel.renew_notes()

    def _on_profile_changed(self, profile: Profile, key: Secret | None) -> None:
        self._profile = profile
        self.connection_wanted.emit(profile, key)
        self._show_profile(profile)

    def _show_profile(self, profile: Profile) -> None:
        self.window.set_profile(f"{profile.shown}{': drawn here, nothing charged' * profile.is_sandbox}")
        self._show_empty_state()

    def _show_empty_state(self) -> None:
        self.window.gallery.set_state(
            is_searching=bool(self.window.search.text().strip()), is_sandbox=self._profile.is_sandbox
        )

    def _keep_arrangement(self) -> None:
        geometry, panels = self.window.arrangement()
        self._configuration.keep(window=geometry, panels=panels)
