"""What the window sends and what that costs: only what was asked for, within the limits, told when it fails."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QDoubleSpinBox,
    QLabel,
)

from imagine_desktop import app, settings
from imagine_desktop.domain.record import TurnState
from imagine_desktop.errors import DiskFull
from imagine_desktop.library.library import Library
from imagine_desktop.settings import Settings
from imagine_desktop.ui.studio import Studio
from tests.conftest import SandboxServer
from tests.whole_window import drive, named, notices, questions, send, until

_LEFT = Qt.MouseButton.LeftButton
PHOTO = Path(__file__).parent / "data" / "coffee.jpg"


def test_what_is_sent_is_what_stood_there_when_the_button_was_pressed(launch: app.Launch) -> None:
    async def act(studio: Studio) -> None:
        assert studio.session_id is None
        for prompt in ("a red boat", "a blue boat"):
            studio.draft.prompt = prompt
            studio.window.panel.send_requested.emit()  # quicker than a hand: while the session is being made
        studio.draft.prompt = "not sent"
        await until(lambda: len(studio.saved_pictures()) == 2)

    drive(launch, act)
    library = Library.open(launch.library, "a test")
    assert [turn.prompt for turn in library.records.turns()] == ["a red boat", "a blue boat"]
    assert len(library.records.sessions()) == 1
    library.close()


def test_without_room_for_a_session_nothing_is_sent(
    launch: app.Launch, monkeypatch: pytest.MonkeyPatch, sandbox: SandboxServer
) -> None:
    def full() -> None:
        raise DiskFull("The disk is full.", "Free some space.")

    async def act(studio: Studio) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(studio._library.ledger, "add_session", full)
            send(studio, "a red boat")
            await until(lambda: notices(studio) != [])
        assert notices(studio) == ["Nothing was sent or charged: The disk is full. Free some space."]
        await asyncio.sleep(QApplication.doubleClickInterval() / 1000)
        send(studio, "a blue boat")
        await until(lambda: len(studio.saved_pictures()) == 1)

    drive(launch, act)


def test_nothing_is_sent_before_the_person_acts(launch: app.Launch, sandbox: SandboxServer) -> None:
    async def act(studio: Studio) -> None:
        shown_s = time.monotonic()
        await until(lambda: time.monotonic() - shown_s > 1)

    drive(launch, act)
    assert sandbox.requests("/") == []


def test_failed_request_shows_a_notice_with_cause_and_cost(launch: app.Launch, sandbox: SandboxServer) -> None:
    refusal = {"code": "invalid-argument", "error": "No <b>such</b> thing"}
    sandbox.fault(path="/v1/images/generations", action="answer", status=400, body=refusal)

    async def act(studio: Studio) -> None:
        send(studio, "a refused boat")
        await until(lambda: bool(notices(studio)))
        assert "No <b>such</b> thing" in notices(studio)[0]

    drive(launch, act)


def test_a_limit_set_in_the_dialog_holds_at_once_and_stays(launch: app.Launch, sandbox: SandboxServer) -> None:
    def spend(studio: Studio) -> str:
        return named(studio, QLabel, "Spend today").accessibleDescription()

    async def act(studio: Studio) -> None:
        await until(lambda: spend(studio) == "Today $0.00")
        send(studio, "a boat within the limit")
        await until(lambda: spend(studio) == "Today $0.02")
        studio.window.actions_by_id["settings"].trigger()
        for name, usd in (("Daily warning", 0.01), ("Daily limit", 0.03)):
            box = named(studio, QDoubleSpinBox, name)
            assert isinstance(box, QDoubleSpinBox)
            box.setValue(usd)
        await until(lambda: spend(studio) == "Today $0.02 of $0.03, past your warning")
        studio.window.findChildren(QDialog)[0].close()
        await asyncio.sleep(QApplication.doubleClickInterval() / 1000)
        send(studio, "a boat beyond the limit")
        await until(lambda: bool(notices(studio)))
        assert "$0.02 of today's limit of $0.03" in notices(studio)[0]

    drive(launch, act)
    assert len(sandbox.charges()) == 1
    assert settings.load(launch.settings_path).limit_day_usd == 0.03


def test_the_daily_warning_is_a_notice(launch: app.Launch) -> None:
    async def act(studio: Studio) -> None:
        send(studio, "a boat past the warning")
        await until(lambda: bool(notices(studio)))
        assert notices(studio) == ["Today's spending is now $0.02, past your warning of $0.01."]

    drive(replace(launch, settings=replace(Settings(), warn_day_usd=0.01)), act)


def test_what_may_be_paid_is_tried_again_only_after_a_question(
    launch: app.Launch, sandbox: SandboxServer
) -> None:
    path = "/v1/images/generations"
    sandbox.fault(path=path, action="drop", charge=True, times=2)

    def press(studio: Studio) -> None:
        [*_, button] = [
            b
            for b in studio.window.findChildren(QAbstractButton)
            if b.text() == "Try again (may cost again)" and b.isVisible()
        ]
        QTest.mouseClick(button, _LEFT)

    async def act(studio: Studio) -> None:
        send(studio, "a lost boat")
        await until(lambda: bool(notices(studio)))
        assert "it may have been charged." in notices(studio)[0]
        assert len(sandbox.requests(path)) == 1
        press(studio)
        await until(lambda: len(sandbox.requests(path)) == 2 and bool(notices(studio)))
        studio.window.notices.close_all()
        library = Library.open_reading(launch.library)
        first = library.records.turns()[0].id
        library.close()
        studio.window.history.run_again_requested.emit(first)
        await until(lambda: bool(questions(studio)))
        assert "may cost again" in questions(studio)[0].text()
        assert len(sandbox.requests(path)) == 2
        press(studio)
        await until(lambda: len(sandbox.requests(path)) == 3)

    drive(launch, act)
    library = Library.open(launch.library, "a test")
    first, second, third = library.records.turns()
    assert (second.retry_of, third.retry_of) == (first.id, first.id)
    assert [first.state, second.state, third.state] == [TurnState.UNKNOWN, TurnState.UNKNOWN, TurnState.CHARGED]
    library.close()
