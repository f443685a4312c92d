"""What the engine tells of jobs and pictures."""

from PySide6.QtCore import QObject, Qt

from imagine_desktop.domain import money
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
from imagine_desktop.domain.record import PictureId, TurnId
from imagine_desktop.domain.sight import Sight
from imagine_desktop.errors import ImagineError
from imagine_desktop.ui.gallery.contents import THIS_SESSION
from imagine_desktop.ui.history.repeat import TRY_AGAIN
from imagine_desktop.ui.parts import Parts
from imagine_desktop.ui.shell.notices import NoticeKind


class JobsWiring(QObject):
    """Shows what the engine tells, wherever it is seen."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._parts = parts
        self._live: dict[TurnId, Job] = {}
        parts.feed.received.connect(self._on_event)
        parts.window.jobs.cancel_requested.connect(parts.engine.cancel)
        parts.window.jobs.chosen.connect(self._on_job_chosen)
        parts.repeat.try_again_wanted.connect(self._try_again)

    @property
    def live(self) -> tuple[Job, ...]:
        """The jobs under way, as last heard of."""
        return tuple(self._live.values())

    def _on_event(self, event: Event) -> None:
        parts = self._parts
        match event:
            case JobChanged(job):
                self._on_job_changed(job)
            case PicturesAdded(session_id, _, picture_ids):
                parts.shelf.add(session_id, picture_ids)
            case PictureChanged(picture_id):
                self._renew(picture_id)
            case TurnChanged(turn_id, session_id):
                parts.shelf.renew_turn(turn_id, session_id)
            case Told(text):
                parts.window.notices.show(text)
            case KeyChecked() | CatalogChanged() | PricesRefused():
                parts.configuration.hear(event)
            case WarningPassed(spent, warning):
                text = f"Today's spending is now {money.usd(spent)}, past your warning of {money.usd(warning)}."
                parts.window.notices.show(text, NoticeKind.WARNING)

    def _renew(self, picture_id: PictureId) -> None:
        self._parts.shelf.renew_picture(picture_id)
        self._parts.small.forget([picture_id])
        self._parts.display.renew(picture_id)

    def _on_job_changed(self, job: Job) -> None:
        self._parts.window.jobs.set_job(job)
        self._parts.model.set_job(job)
        if job.state.is_end:
            self._live.pop(job.id, None)
            self._on_job_ended(job)
        else:
            self._live[job.id] = job
        self._parts.window.set_queue(len(self._live))

    def _on_job_ended(self, job: Job) -> None:
        self._parts.shelf.renew_turn(job.id, job.session_id)
        notices = self._parts.window.notices
        if job.error is None or job.state is JobState.CANCELLED:
            return
        if job.state is JobState.UNKNOWN:
            notices.show_error(job.error, action_text=TRY_AGAIN, action=lambda: self._try_again(job.id))
        else:
            notices.show_error(job.error)

    def _try_again(self, turn_id: TurnId) -> None:
        try:
            self._parts.engine.try_again(turn_id)
        except ImagineError as error:
            self._parts.window.notices.show_error(error)

    def _on_job_chosen(self, job_id: TurnId) -> None:
        job = self._live.get(job_id)
        if job is None or not job.picture_ids:
            return
        parts, grid, picture_id = self._parts, self._parts.window.gallery.grid, job.picture_ids[0]
        parts.window.show_view("gallery")
        if not grid.show_picture(picture_id):  # it does not belong to what is shown
            parts.contents.filled.connect(
                lambda: grid.show_picture(picture_id), Qt.ConnectionType.SingleShotConnection
            )
            parts.searching.show_words("")
            parts.contents.set_sight(Sight(THIS_SESSION))
            parts.shelf.choose_session(job.session_id)
