"""A job is a turn under way; events say what changed."""

from dataclasses import dataclass
from enum import StrEnum

from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.imports import ImportChanged
from imagine_desktop.domain.record import PictureId, SessionId, TurnId
from imagine_desktop.domain.request import Request
from imagine_desktop.errors import ImagineError


class JobState(StrEnum):
    """What a job is doing. The last four are ends."""

    QUEUED = "queued"
    PREPARING = "preparing"
    SENDING = "sending"
    WAITING = "waiting"  # for the rate limit, or before another try of something that was not sent
    DOWNLOADING = "downloading"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"

    @property
    def is_end(self) -> bool:
        """Whether nothing more will happen to the job."""
        return self in (JobState.DONE, JobState.FAILED, JobState.UNKNOWN, JobState.CANCELLED)


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands. `id` is also the id of the turn that it makes.

    `picture_ids` is empty until the turn is in the library. Times are `time.monotonic()` seconds.
    `is_cancelling` is true where a paid request was let go: its answer is still awaited and kept.
    """

    id: TurnId
    session_id: SessionId
    request: Request
    state: JobState
    submitted_s: float
    started_s: float | None = None
    ended_s: float | None = None
    picture_ids: tuple[PictureId, ...] = ()
    saved_count: int = 0
    received_bytes: int = 0
    retry_in_s: float | None = None
    is_cancelling: bool = False
    error: ImagineError | None = None


@dataclass(frozen=True, slots=True)
class JobChanged:
    """A job was submitted, moved on, or ended."""

    job: Job


@dataclass(frozen=True, slots=True)
class PicturesAdded:
    """Pictures joined a session: placeholders of a new turn, or more than were asked for."""

    session_id: SessionId
    turn_id: TurnId
    picture_ids: tuple[PictureId, ...]


@dataclass(frozen=True, slots=True)
class PictureChanged:
    """A picture was saved, withheld, or lost; read it anew."""

    picture_id: PictureId


@dataclass(frozen=True, slots=True)
class TurnChanged:
    """A turn's state or cost changed; read it anew."""

    turn_id: TurnId
    session_id: SessionId


@dataclass(frozen=True, slots=True)
class KeyChecked:
    """The API was asked about a key; `error` says what is wrong with it, or is None, `about` what it is."""

    error: ImagineError | None
    about: str = ""


@dataclass(frozen=True, slots=True)
class CatalogChanged:
    """Models and prices to use from now on, and when (Unix time) the API listed them, if it did."""

    catalog: Catalog
    fetched_at: float | None


@dataclass(frozen=True, slots=True)
class PricesRefused:
    """The person asked for models and prices anew, and `error` says why they stay as they are."""

    error: ImagineError


@dataclass(frozen=True, slots=True)
class WarningPassed:
    """Today's spending, in ticks, is past the person's warning; told once a day."""

    day_ticks: int
    warn_ticks: int


@dataclass(frozen=True, slots=True)
class Told:
    """Something that the person should know and that ends nothing."""

    text: str


Event = (
    JobChanged
    | PicturesAdded
    | PictureChanged
    | TurnChanged
    | KeyChecked
    | CatalogChanged
    | PricesRefused
    | WarningPassed
    | Told
    | ImportChanged
)
