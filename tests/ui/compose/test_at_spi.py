"""The panel in a real window, used by another program over AT-SPI, as a screen reader would."""

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

SYSTEM_PYTHON = "/usr/bin/python3"  # Debian's, for which gir1.2-atspi-2.0 is packaged

WINDOW = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from imagine_desktop import paths
from imagine_desktop.domain import catalog
from imagine_desktop.ui.compose.draft import Draft
from imagine_desktop.ui.compose.panel import PromptPanel
from imagine_desktop.ui.shell import theme

app = QApplication([])
app.setApplicationName("panel-under-test")
theme.apply(app, "dark")
draft = Draft(catalog.parse(paths.resource("catalog.toml").read_text(encoding="utf-8")), app)
panel = PromptPanel(draft, lambda source, done: None)
panel.send_requested.connect(lambda: (print(draft.request(), flush=True), app.quit()))
panel.show()
QTimer.singleShot(40_000, app.quit)
app.exec()
"""

READER = """
import time
import gi
gi.require_version("Atspi", "2.0")
from gi.repository import Atspi

def walk(node):
    yield node
    for at in range(node.get_child_count()):
        child = node.get_child_at_index(at)
        if child is not None:
            yield from walk(child)

def find(name):
    deadline = time.monotonic() + 25
    while time.monotonic() < deadline:
        desktop = Atspi.get_desktop(0)
        for at in range(desktop.get_child_count()):
            program = desktop.get_child_at_index(at)
            if program is None or program.get_name() != "panel-under-test":
                continue
            for node in walk(program):
                if node.get_name() == name and node.get_state_set().contains(Atspi.StateType.SHOWING):
                    return node
        time.sleep(0.05)
    raise SystemExit(f"there is no {name}")

for name in ("Sources", "Resolution", "Quality", "Generate"):
    find(name)
Atspi.EditableText.set_text_contents(find("Prompt"), "a red fox")
for name in ("Model", "grok-imagine-image-2.0", "Aspect ratio", "16:9", "2k", "low"):
    assert Atspi.Action.do_action(find(name), 0), name
Atspi.Value.set_current_value(find("Images"), 4)
deadline = time.monotonic() + 10
while find("Aspect ratio").get_description() != "16:9" and time.monotonic() < deadline:
    time.sleep(0.05)
assert find("Aspect ratio").get_role() == Atspi.Role.COMBO_BOX
assert Atspi.Action.do_action(find("Generate"), 0)
"""


def missing() -> str:
    """What this computer lacks for the test, or nothing."""
    for program in ("dbus-run-session", "xvfb-run", SYSTEM_PYTHON):
        if shutil.which(program) is None:
            return f"there is no {program}"
    asked = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
    done = subprocess.run([SYSTEM_PYTHON, "-c", asked], capture_output=True, check=False, timeout=30)
    return "" if done.returncode == 0 else "there is no AT-SPI for Python (gir1.2-atspi-2.0)"


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_another_program_makes_a_request_through_the_names_alone(tmp_path: Path) -> None:
    if reason := missing():
        pytest.skip(reason)
    window, reader, script = tmp_path / "window.py", tmp_path / "reader.py", tmp_path / "both.sh"
    window.write_text(WINDOW, encoding="utf-8")
    reader.write_text(READER, encoding="utf-8")
    script.write_text(
        textwrap.dedent(f"""
            "{sys.executable}" "{window}" & shown=$!
            timeout 60 "{SYSTEM_PYTHON}" -W ignore "{reader}" || exit 2
            wait $shown
        """),
        encoding="utf-8",
    )
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "xcb",
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "PYTHONPATH": str(Path(__file__).parents[3]),
    }
    done = subprocess.run(
        ["dbus-run-session", "--", "xvfb-run", "-a", "sh", str(script)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == (
        "Request(prompt='a red fox', model='grok-imagine-image-2.0', aspect_ratio='16:9',"
        " resolution='2k', quality='low', count=4, sources=())"
    )
