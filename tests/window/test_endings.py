"""The window killed or closed in the middle of a job, which is paid for."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from imagine_desktop import settings
from imagine_desktop.domain.record import PictureState, TurnState
from tests.conftest import SandboxServer
from tests.window.conftest import Start, library_in
from tests.window.desktop import Desktop, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(200)]
_GENERATIONS = "/v1/images/generations"


def states(home: Path) -> tuple[list[TurnState], list[PictureState]]:
    """What the library says of its turns and pictures."""
    with library_in(home) as library:
        turns = library.records.turns()
        pictures = library.records.pictures([one for turn in turns for one in turn.picture_ids])
        assert library.damaged() == []
        return [turn.state for turn in turns], [picture.state for picture in pictures]


def draft(home: Path) -> tuple[str, str, int]:
    """What is kept of the prompt panel."""
    kept = settings.load(home / "settings.toml")
    return kept.prompt, kept.aspect_ratio, kept.count


def test_killed_while_the_answer_is_awaited_nothing_is_sent_again(
    start: Start, sandbox: SandboxServer, at_sandbox: Mapping[str, str], home: Path
) -> None:
    sandbox.fault(path=_GENERATIONS, action="hang", charge=True)
    window = start(**at_sandbox)
    window.act("Prompt", "write", "a boat nobody waited for")
    window.act("Aspect ratio")
    window.act("3:2")
    window.act("Images", "set", 2)
    window.act("Generate")
    until(sandbox.charges, "the request")
    wanted = ("a boat nobody waited for", "3:2", 2)
    until(lambda: draft(home) == wanted, "the draft to be kept")
    window.kill()

    window = start(**at_sandbox)
    assert window.control("Prompt").text == "a boat nobody waited for"
    assert window.control("Aspect ratio").description == "3:2"
    assert window.control("Images").text == "2"
    until(
        lambda: [one for one in window.controls() if one.name.startswith("Turn 1") and "unknown" in one.name],
        "the turn to be shown as unknown",
    )
    assert "1 earlier request of unknown outcome" in window.control("Notice").description
    assert states(home)[0] == [TurnState.UNKNOWN]
    assert len(sandbox.requests()) == 1


def test_killed_while_pictures_are_fetched_they_are_saved_at_the_next_start(
    start: Start, sandbox: SandboxServer, at_sandbox: Mapping[str, str], home: Path
) -> None:
    sandbox.fault(path="/xai-imgen/*", action="hang", times=2)
    window = start(**at_sandbox)
    window.act("Prompt", "write", "two boats on their way")
    window.act("Images", "set", 2)
    window.act("Generate")
    until(lambda: sandbox.requests("/xai-imgen/")[1:], "the downloads")
    window.kill()
    assert states(home) == ([TurnState.CHARGED], [PictureState.PENDING] * 2)

    window = start(**at_sandbox)
    until(lambda: states(home)[1] == [PictureState.SAVED] * 2, "the pictures")
    assert "an earlier run paid for: 2 pictures" in window.control("Notice").description
    until(lambda: [one for one in window.below("Gallery") if ", saved," in one.name][1:], "two saved tiles")
    assert len(sandbox.requests()) == 1


@pytest.mark.parametrize("way", ["Alt+F4", "SIGTERM"])
def test_closed_with_a_job_in_flight_it_ends_by_itself_with_the_paid_picture(
    desktop: Desktop, start: Start, sandbox: SandboxServer, at_sandbox: Mapping[str, str], home: Path, way: str
) -> None:
    sandbox.fault(path=_GENERATIONS, delay=3.0, charge=True)
    window = start(**at_sandbox)
    window.act("Prompt", "write", "a late boat")
    window.act("Generate")
    until(sandbox.requests, "the request")
    assert window.process.poll() is None
    if way == "Alt+F4":
        desktop.press_until("alt+F4", lambda: window.process.poll() is not None or window.named("Notice"))
    else:
        window.process.terminate()
    assert window.end() == 0
    assert states(home) == ([TurnState.CHARGED], [PictureState.SAVED])
    beside = [json.loads(path.read_text()) for path in (home / "library" / "images").rglob("*.json")]
    assert [one["turn"]["prompt"] for one in beside] == ["a late boat"]
    assert len(sandbox.requests()) == 1
