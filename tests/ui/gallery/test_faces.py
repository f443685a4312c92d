from collections.abc import Callable
from typing import Any

import pytest

from imagine_desktop.domain.job import Job, JobState
from imagine_desktop.domain.record import Picture, PictureState, SessionId, TurnId
from imagine_desktop.domain.request import Request
from imagine_desktop.errors import NotSent
from imagine_desktop.ui.gallery.faces import Face, SeenJob, byte_size, describe, duration, shape

MakePicture = Callable[..., Picture]


def _face(picture: Picture, state: JobState, **fields: Any) -> Face:
    job = Job(TurnId("T"), SessionId(1), Request("p", "m"), state, 90.0, **fields)
    face = describe(picture, SeenJob(job, seen_s=100.0), now_s=112.5)
    assert face is not None
    return face


def test_a_saved_picture_shows_itself_whatever_its_job_says(make_picture: MakePicture) -> None:
    assert describe(make_picture(1), None, 0.0) is None


@pytest.mark.parametrize(
    ("state", "fields", "text", "detail"),
    [
        (JobState.QUEUED, {}, "Queued", ""),
        (JobState.SENDING, {"started_s": 100.0}, "Generating", "12 s"),
        (JobState.WAITING, {"retry_in_s": 30.0}, "Waiting", "Next try in 17 s, not charged"),
        (JobState.WAITING, {"retry_in_s": 3.0}, "Waiting", "Trying again, not charged"),
        (JobState.DOWNLOADING, {"received_bytes": 312_400}, "Downloading", "312 KB"),
        (
            JobState.FAILED,
            {"error": NotSent("No connection.")},
            "Failed",
            "No connection; nothing was sent, nothing charged. Send it again.",
        ),
        (JobState.UNKNOWN, {}, "Outcome unknown", "May have been charged"),
        (JobState.CANCELLED, {}, "Cancelled", ""),
        (JobState.SENDING, {"is_cancelling": True}, "Cancelling", "What still comes is kept"),
    ],
)
def test_a_pending_picture_shows_what_its_job_does(
    make_picture: MakePicture, state: JobState, fields: dict[str, object], text: str, detail: str
) -> None:
    face = _face(make_picture(1, state=PictureState.PENDING), state, **fields)
    assert (face.text, face.detail) == (text, detail)


def test_a_face_says_the_first_line_of_a_cause(make_picture: MakePicture) -> None:
    picture = make_picture(1, state=PictureState.NOT_MADE, reason="The prompt is too long.\nrequest 7f3")
    face = describe(picture, None, 0.0)
    assert face is not None
    assert (face.text, face.detail) == ("Not made", "The prompt is too long.")


def test_every_state_has_words_and_an_icon_of_its_own(make_picture: MakePicture) -> None:
    faces = [
        describe(make_picture(1, state=state), None, 0.0)
        for state in PictureState
        if state is not PictureState.SAVED
    ]
    assert len({face.icon for face in faces if face}) == len({face.text for face in faces if face}) == 5


def test_only_states_with_passing_seconds_are_counting(make_picture: MakePicture) -> None:
    pending = make_picture(1, state=PictureState.PENDING)
    counting = {state for state in JobState if _face(pending, state, started_s=100.0).is_counting}
    assert counting == {JobState.SENDING, JobState.WAITING, JobState.DOWNLOADING}


@pytest.mark.parametrize(
    ("ratio", "expected"), [("16:9", 16 / 9), ("auto", 1.0), ("9:19.5", 9 / 19.5), ("1:0", 1.0), ("x", 1.0)]
)
def test_a_placeholder_has_the_shape_asked_for(make_picture: MakePicture, ratio: str, expected: float) -> None:
    picture = make_picture(1, state=PictureState.PENDING, aspect_ratio=ratio, width=0, height=0)
    assert shape(picture) == pytest.approx(expected)


def test_a_picture_here_has_its_own_shape(make_picture: MakePicture) -> None:
    assert shape(make_picture(1, aspect_ratio="1:1", width=300, height=200)) == 1.5


def test_seconds_and_bytes_read_as_a_person_says_them() -> None:
    assert [duration(s) for s in (0.9, 59.9, 60, 605)] == ["0 s", "59 s", "1:00", "10:05"]
    assert [byte_size(n) for n in (7, 1500, 2_345_678)] == ["7 B", "2 KB", "2.3 MB"]
