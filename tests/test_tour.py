"""The tour: the whole main job in the window, without a display, as `run` plays it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from imagine_desktop import tour
from imagine_desktop.imaging import metadata
from imagine_desktop.library.library import Library
from tests import canary


def scan(data: bytes) -> bytes:
    """A JPEG from its first quantisation table on: all that makes the picture."""
    return data[data.index(b"\xff\xdb") :]


@pytest.mark.slow
@pytest.mark.timeout(200)
def test_tour_leaves_six_pictures_a_lineage_three_deep_and_pictures_of_the_window(tmp_path: Path) -> None:
    out = tmp_path / "out"
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")
    }
    environment.pop("QT_QPA_PLATFORM", None)
    environment |= {
        "IMAGINE_DESKTOP_HOME": str(tmp_path / "home"),
        "XAI_API_KEY": canary.KEY,
        "IMAGINE_BASE_URL": "https://never.used.example/v1",
    }
    command = [sys.executable, "-m", "imagine_desktop", "tour", "--out", str(out)]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)
    assert ended.returncode == 0, ended.stderr
    for shown in (out / "library", out / "export", out / "window.png"):
        assert str(shown) in ended.stdout

    library = Library.open_reading(out / "library")
    turns = library.records.turns()
    pictures = [library.records.pictures(turn.picture_ids) for turn in turns]
    assert [len(made) for made in pictures] == [4, 1, 1]
    assert turns[1].parent_id in {picture.id for picture in pictures[0]}
    assert turns[2].parent_id == pictures[1][0].id
    assert {(picture.width, picture.height) for made in pictures for picture in made} == {(2816, 1536)}
    assert {turn.profile for turn in turns} == {"sandbox"}
    assert library.damaged() == []
    delivered = [library.picture_path(picture.id).read_bytes() for made in pictures for picture in made]
    library.close()
    exported = [path.read_bytes() for path in sorted((out / "export").glob("*.jpg"))]
    stories = [metadata.story(data) for data in exported]
    assert [story.prompt if story else None for story in stories] == [
        t.prompt for t in turns for _ in t.picture_ids
    ]
    assert [scan(data) for data in exported] == [scan(data) for data in delivered]
    for name in ("window", "picture", "compare", "light"):
        with Image.open(out / f"{name}.png") as image:
            assert image.size == (1440, 900)
            assert len(image.convert("RGB").getcolors(image.width * image.height) or []) > 5_000
    assert not (tmp_path / "home" / "library").exists()


def test_tour_refuses_a_folder_with_somebodys_library(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    story = tmp_path / "library" / "story.json"
    story.parent.mkdir()
    story.write_text(json.dumps("mine"))
    assert tour.run(["--out", str(tmp_path)]) == 2
    assert "of yours" in capfd.readouterr().err
    assert story.read_text() == json.dumps("mine")
