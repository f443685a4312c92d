"""The jobs strip: chips come, tell, offer to stop, and go."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.job import Job, JobState
from imagine_desktop.domain.record import SessionId, TurnId
from imagine_desktop.domain.request import Request
from imagine_desktop.errors import NotSent, TooManyRequests
from imagine_desktop.ui.shell import jobs
from imagine_desktop.ui.shell.jobs import JobChip, JobsStrip


def make_job(name: str = "A", state: JobState = JobState.QUEUED, **changes: object) -> Job:
    job = Job(TurnId(name), SessionId(1), Request("make it night", "m", count=4), state, submitted_s=100.0)
    return replace(job, **changes)  # type: ignore[arg-type]  # the fields that a test is about


def chips(strip: JobsStrip) -> list[JobChip]:
    return [chip for chip in strip.findChildren(JobChip) if chip.isVisible()]


def words(strip: JobsStrip) -> list[str]:
    return [label.text() for chip in chips(strip) for label in chip.findChildren(QLabel) if label.text()]


@pytest.fixture
def strip(qtbot: QtBot) -> JobsStrip:
    """A strip at which it is always 107 seconds, whose ended jobs leave soon."""
    made = JobsStrip(linger_s=0.05, clock=lambda: 107.0)
    made.resize(1200, 52)
    qtbot.addWidget(made)
    return made


def test_it_is_there_only_while_there_are_jobs(strip: JobsStrip, qtbot: QtBot) -> None:
    assert strip.accessibleName() == "Jobs"
    assert strip.isHidden()
    strip.set_job(make_job())
    assert not strip.isHidden()
    strip.set_job(make_job(state=JobState.DONE, saved_count=4))
    assert words(strip) == ["done", "4/4"]
    qtbot.waitUntil(strip.isHidden)
    assert chips(strip) == []


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.UNKNOWN, JobState.CANCELLED])
def test_jobs_that_end_badly_leave_too_and_others_stay(strip: JobsStrip, qtbot: QtBot, state: JobState) -> None:
    strip.set_job(make_job("A"))
    strip.set_job(make_job("B"))
    strip.set_job(make_job("A", state))
    strip.set_job(make_job("A", state))
    qtbot.waitUntil(lambda: len(chips(strip)) == 1)
    assert words(strip) == ["queued", "0/4"]


def test_a_job_that_had_already_ended_is_not_shown(strip: JobsStrip) -> None:
    strip.set_job(make_job(state=JobState.DONE))
    assert strip.isHidden()


@pytest.mark.parametrize(
    ("job", "text"),
    [
        (make_job(), "queued"),
        (make_job(state=JobState.PREPARING), "preparing"),
        (make_job(state=JobState.SENDING, started_s=100.0), "generating 0:07"),
        (make_job(state=JobState.WAITING, retry_in_s=6.0), "waiting 4 s · not charged"),
        (make_job(state=JobState.WAITING, retry_in_s=1.0), "waiting 0 s · not charged"),
        (make_job(state=JobState.DOWNLOADING, received_bytes=1_234_567), "downloading 1.2 MB"),
        (make_job(state=JobState.DOWNLOADING, received_bytes=12_345), "downloading 12 kB"),
        (make_job(state=JobState.SENDING, is_cancelling=True), "stopping · the result is kept"),
        (make_job(state=JobState.UNKNOWN), "unknown · may be charged"),
    ],
)
def test_a_chip_says_what_its_job_is_doing(job: Job, text: str) -> None:
    assert jobs.state_text(job, now_s=107.0, heard_s=105.0) == text


def test_the_tip_of_cancel_says_what_stopping_costs() -> None:
    assert jobs.cancel_tip(make_job()) == "Cancel — nothing sent yet, free"
    assert jobs.cancel_tip(make_job(state=JobState.WAITING)).endswith("free")
    assert "may be charged" in jobs.cancel_tip(make_job(state=JobState.SENDING))
    assert "kept" in jobs.cancel_tip(make_job(state=JobState.DOWNLOADING))


def test_cancel_and_a_press_on_the_prompt_name_their_job(strip: JobsStrip, qtbot: QtBot) -> None:
    strip.set_job(make_job("A"))
    strip.set_job(make_job("B", JobState.SENDING))
    chip = chips(strip)[1]
    with qtbot.waitSignal(strip.cancel_requested) as cancelled:
        QTest.mouseClick(chip.findChildren(QToolButton)[0], Qt.MouseButton.LeftButton)
    assert cancelled.args == ["B"]
    with qtbot.waitSignal(strip.chosen) as chosen:
        QTest.keyClick(chip.findChildren(QPushButton)[0], Qt.Key.Key_Space)
    assert chosen.args == ["B"]


def test_a_job_being_let_go_cannot_be_cancelled_again(strip: JobsStrip) -> None:
    strip.set_job(make_job(state=JobState.SENDING, is_cancelling=True))
    assert not chips(strip)[0].findChildren(QToolButton)[0].isEnabled()


def test_a_hundred_jobs_make_no_hundred_chips(strip: JobsStrip) -> None:
    for number in range(100):
        strip.set_job(make_job(str(number)))
    assert len(chips(strip)) == jobs.MOST_CHIPS
    more = [label.text() for label in strip.findChildren(QLabel) if "more" in label.text()]
    assert more == [f"+{100 - jobs.MOST_CHIPS} more"]


def test_one_countdown_tells_what_all_jobs_at_the_rate_limit_wait_for(strip: JobsStrip) -> None:
    told: list[str] = []
    strip.limit_told.connect(told.append)
    refused = TooManyRequests("The API's rate limit is reached.")
    strip.set_job(make_job("A", JobState.WAITING, retry_in_s=12.0, error=refused))
    strip.set_job(make_job("B", JobState.WAITING, retry_in_s=9.0))  # held back by A's refusal
    strip.set_job(make_job("C", JobState.WAITING, retry_in_s=30.0, error=NotSent("No network.")))
    strip.set_job(make_job("A", JobState.SENDING))
    strip.set_job(make_job("B", JobState.SENDING))
    assert told == [f"Waiting for the rate limit, {left} s, not charged" for left in (12, 9)] + [""]


def test_a_prompt_is_shown_letter_by_letter(strip: JobsStrip) -> None:
    strip.set_job(make_job(request=Request("R&B <b>x</b>", "m")))
    button = chips(strip)[0].findChildren(QPushButton)[0]
    assert button.text() == "R&&B <b>x</b>"
    assert button.accessibleName() == "Job: R&B <b>x</b>"
    assert "&lt;b&gt;" in button.toolTip()
    assert button.accessibleDescription() == "queued, 0 of 1 saved"
