"""Copies for other programs: named for people, apart from the library, gone when they are not needed."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from imagine_desktop.domain.record import PictureId
from imagine_desktop.errors import BadInput, LibraryError
from imagine_desktop.export import naming
from imagine_desktop.export.copies import Style
from imagine_desktop.imaging import metadata
from imagine_desktop.library.library import Library
from imagine_desktop.ui.carrying.handout import Handout
from tests.export.conftest import ALL, jpeg

NAMED = Style(naming.parse("{prompt:40}"))
PLAIN = Style(has_metadata=False)
LEAVING = """
import os, signal, sys
from pathlib import Path
from imagine_desktop.export.copies import Style
from imagine_desktop.library.library import Library
from imagine_desktop.ui.carrying.handout import Handout
print(Handout(Library.open_reading(Path(sys.argv[1]))).copies([1], Style())[0], flush=True)
signal.pause()
"""


@pytest.fixture
def handout(shown: Library) -> Iterator[Handout]:
    made = Handout(shown)
    yield made
    made.close()


def test_names_are_an_exports_and_no_two_alike(handout: Handout) -> None:
    made = handout.copies(ALL, NAMED)
    assert [path.name for path in made][:3] == [
        "a harbour at night.jpg",
        "a harbour at night (2).jpg",
        "by day.jpg",
    ]
    story = metadata.story(made[2].read_bytes())
    assert story is not None
    assert story.prompt == "by day"


def test_without_metadata_they_are_as_delivered_and_another_file(handout: Handout, shown: Library) -> None:
    [made] = handout.copies([PictureId(3)], PLAIN)
    own = shown.picture_path(PictureId(3))
    assert made.read_bytes() == jpeg(3)
    assert not made.samefile(own)
    made.write_bytes(b"edited by another program")
    made.unlink()
    assert own.read_bytes() == jpeg(3)


def test_what_is_not_there_is_said(handout: Handout, shown: Library) -> None:
    with pytest.raises(BadInput, match="none of them is saved"):
        handout.copies([PictureId(99)], PLAIN)
    shown.picture_path(PictureId(2)).unlink()
    with pytest.raises(LibraryError, match="cannot be read"):
        handout.copies(ALL, PLAIN)


def test_they_go_with_their_window(handout: Handout, home: Path) -> None:
    handout.copies([PictureId(1)], PLAIN)
    assert list((home / "carried").iterdir())
    handout.close()
    assert list((home / "carried").iterdir()) == []
    handout.close()


@pytest.mark.skipif(sys.platform == "win32", reason="killed otherwise there")
def test_what_a_killed_window_left_goes_at_the_next_start_and_a_living_ones_stays(
    handout: Handout, home: Path
) -> None:
    command = [sys.executable, "-c", LEAVING, str(home / "library")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        left = Path(other.stdout.readline().strip())
        assert left.read_bytes()
        handout.tidy()
        assert left.exists()
        other.send_signal(signal.SIGKILL)
    handout.tidy()
    assert not left.exists()
    [own] = handout.copies([PictureId(1)], PLAIN)
    handout.tidy()
    assert own.exists()
