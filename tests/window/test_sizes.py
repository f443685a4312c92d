"""The window on small and on fine screens: nothing is cut, nothing covers anything."""

from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import pytest

from tests.window.conftest import Start
from tests.window.desktop import Desktop, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(200)]
_SEPARATE = (
    "New session",
    "Search",
    "Export",
    "Settings",
    "Sources",
    "Prompt",
    "Aspect ratio",
    "Resolution",
    "Model",
    "Quality",
    "Images",
    "Generate",
    "Scope",
    "Tile size",
    "Sessions and turns",
    "Spend today",
)


@pytest.mark.parametrize(
    ("desktop", "scale"), [((1280, 720), 1), ((2560, 1440), 2)], indirect=["desktop"], ids=["small", "fine"]
)
def test_no_control_is_cut_or_covered(
    desktop: Desktop, start: Start, at_sandbox: Mapping[str, str], tmp_path: Path, scale: int
) -> None:
    window = start(**at_sandbox, QT_SCALE_FACTOR=str(scale))
    window.act("Prompt", "write", "a lighthouse on a cliff")
    window.act("Generate")
    until(lambda: [one for one in window.below("Gallery") if ", saved," in one.name], "a saved tile")
    until(lambda: not window.named("Jobs"), "the jobs strip to go")
    shown = desktop.screenshot(tmp_path / "window.png")
    [frame] = [control for control in window.controls() if control.role == "frame"]
    left, top, width, height = frame.box
    assert left >= 0
    assert top >= 0
    assert (left + width, top + height) <= shown.size
    [gallery] = [control for control in window.named("Gallery") if control.role == "table"]
    parts = [window.control(name) for name in _SEPARATE] + [gallery]
    cut = [part.name for part in parts if min(part.box[2:]) < 14 or not part.is_inside(frame)]
    assert cut == []
    covered = [(one.name, other.name) for one, other in combinations(parts, 2) if one.overlaps(other)]
    assert covered == []
