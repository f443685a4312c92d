"""What a tile says while it has no picture to show: an icon, a few words, and a colour for the state."""

from typing import TYPE_CHECKING, NamedTuple

from imagine_desktop.domain.record import Picture, PictureState
from imagine_desktop.engine.flaws import Flaw

if TYPE_CHECKING:
    from imagine_desktop.domain.job import Job


class SeenJob(NamedTuple):
    """A job and when it was heard of, by which `retry_in_s` counts down. `time.monotonic()` seconds."""

    job: "Job"
    seen_s: float


class Face(NamedTuple):
    """`colour` names one of the theme's; `elapsed_s` is how long the API has been at work, while it is.

    `is_counting` is true where the words change from second to second.
    """

    icon: str
    text: str
    detail: str = ""
    colour: str = "quiet"
    elapsed_s: float | None = None
    is_counting: bool = False


def describe(picture: Picture, seen: SeenJob | None, now_s: float) -> Face | None:
    """What to show instead of a picture; None once it is saved."""
    if picture.state is PictureState.SAVED:
        return None
    reason = picture.reason.strip().partition("\n")[0]
    match picture.state:
        case PictureState.DELETED:
            return Face("trash-2", "Deleted", "Its file is gone; what it cost stays")
        case PictureState.WITHHELD:
            return Face("eye-off", "Withheld", reason or "Held back by moderation", "withheld")
        case PictureState.LOST:
            return Face("cloud-off", "Lost", reason or "Paid for, and cannot be fetched", "failed")
    if seen is not None:
        return _of_job(seen, reason, now_s)
    if picture.state is PictureState.NOT_MADE:
        return Face("circle-alert", "Not made", reason, "failed")
    return Face("clock", "Not here yet", reason)


def of_flaw(flaw: Flaw) -> Face:
    """What to show of a saved picture that has no thumbnail, and none can be made."""
    return Face("circle-alert", flaw.text, flaw.detail, "failed")


def _of_job(seen: SeenJob, reason: str, now_s: float) -> Face:
    from imagine_desktop.domain.job import JobState  # there are no jobs at the start

    job = seen.job
    cause = reason or (job.error.sentences if job.error else "")
    elapsed_s = max(0.0, now_s - (job.submitted_s if job.started_s is None else job.started_s))
    if job.is_cancelling and not job.state.is_end:
        return Face("ban", "Cancelling", "What still comes is kept")
    match job.state:
        case JobState.QUEUED:
            return Face("clock", "Queued")
        case JobState.PREPARING:
            return Face("clock", "Preparing")
        case JobState.SENDING:
            return Face("sparkles", "Generating", duration(elapsed_s), "waiting", elapsed_s, True)
        case JobState.WAITING:
            left_s = max(0.0, (job.retry_in_s or 0.0) - (now_s - seen.seen_s))
            when = f"Next try in {duration(left_s)}" if left_s >= 1 else "Trying again"
            return Face("hourglass", "Waiting", f"{when}, not charged", "waiting", is_counting=True)
        case JobState.DOWNLOADING:
            return Face("download", "Downloading", byte_size(job.received_bytes), "waiting", elapsed_s, True)
        case JobState.UNKNOWN:
            return Face("circle-help", "Outcome unknown", cause or "May have been charged", "unknown")
        case JobState.CANCELLED:
            return Face("ban", "Cancelled", cause)
        case _:
            return Face("circle-alert", "Failed", cause, "failed")


def duration(seconds: float) -> str:
    """Whole seconds as a person reads them: `12 s`, `1:05`."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}" if minutes else f"{rest} s"


def byte_size(count: int) -> str:
    """An amount of data as a person reads it."""
    if count < 1000:
        return f"{count} B"
    return f"{count / 1e3:.0f} KB" if count < 1e6 else f"{count / 1e6:.1f} MB"


def shape(picture: Picture) -> float:
    """Width over height: the picture's own, or what was asked for; a square where nobody knows."""
    if picture.width and picture.height:
        return picture.width / picture.height
    width, _, height = picture.aspect_ratio.partition(":")
    try:
        ratio = float(width) / float(height)
    except (ValueError, ZeroDivisionError):
        return 1.0
    return min(10.0, max(0.1, ratio))
