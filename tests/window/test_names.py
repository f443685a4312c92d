"""The window used by another program through its accessible names alone, as a screen reader would."""

from collections.abc import Mapping

import pytest

from tests.conftest import SandboxServer
from tests.window.conftest import Start
from tests.window.desktop import Desktop, until
from tests.window.program import Program

pytestmark = [pytest.mark.slow, pytest.mark.timeout(200)]
_ALWAYS = {
    "Prompt": "text",
    "Generate": "push button",
    "Aspect ratio": "combo box",
    "Resolution": "panel",
    "Images": "spin button",
    "Model": "combo box",
    "Quality": "panel",
    "Sources": "filler",
    "History": "filler",
    "Search": "text",
    "Spend today": "label",
    "Export": "push button",
    "Settings": "push button",
    "New session": "push button",
}


def tiles(window: Program) -> list[str]:
    """What the gallery's tiles are called."""
    return [control.name for control in window.below("Gallery") if control.role == "table cell"]


def test_pictures_are_made_by_names_alone(
    start: Start, sandbox: SandboxServer, at_sandbox: Mapping[str, str]
) -> None:
    window = start(**at_sandbox)
    window.act("Prompt", "write", "a red fox")
    for name in ("Model", "grok-imagine-image-2.0", "Aspect ratio", "16:9", "low"):
        window.act(name)
    window.act("Images", "set", 2)
    until(lambda: window.control("Aspect ratio").description == "16:9", "16:9 to be the choice")
    window.act("Generate")
    until(lambda: [name for name in tiles(window) if "saved" in name][1:], "two saved tiles")
    assert tiles(window) == [f"Picture {n} of 2, saved, 16:9, a red fox" for n in (1, 2)]
    [request] = sandbox.requests()
    sent = request["body"]
    assert isinstance(sent, dict)
    assert sent["prompt"] == "a red fox"
    assert (sent["n"], sent["aspect_ratio"], sent["quality"]) == (2, "16:9", "low")


def test_every_control_has_its_name_where_it_is_expected(
    desktop: Desktop, start: Start, sandbox: SandboxServer, at_sandbox: Mapping[str, str]
) -> None:
    sandbox.fault(path="/v1/images/generations", delay=2.0)
    window = start(**at_sandbox)
    found = {name: [control.role for control in window.named(name)] for name in _ALWAYS}
    assert found == {name: [role] for name, role in _ALWAYS.items()}
    window.act("Prompt", "write", "a harbour")
    window.act("Generate")
    window.view("Gallery")
    window.control("Jobs")
    until(lambda: [name for name in tiles(window) if "saved" in name], "a saved tile")
    window.click("Picture 1 of 1, saved, auto, a harbour")
    desktop.press_until("e", lambda: window.named("Source 0: picture 1"))
    window.act("Prompt", "write", "a harbour at night")
    window.act("Generate")
    until(lambda: [name for name in tiles(window) if "saved" in name][1:], "two saved tiles")
    window.click("Picture 1 of 2, saved, auto, a harbour at night")
    desktop.press_until("Return", lambda: window.named("Picture")[1:])
    window.view("Picture")
    until(lambda: window.named("Edit this"), "Edit this")
    desktop.press_until("c", lambda: window.named("Compare")[1:])
    window.view("Compare")
    sandbox.fault(
        path="/v1/images/*", action="answer", status=400, body={"code": "x", "error": "No <b>such</b>"}
    )
    window.act("Generate")
    assert "No <b>such</b>" in window.control("Notice").description
