"""Every kind of export: whole or not at all, never over another's file, stopped or out of space."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from imagine_desktop.domain.record import PictureId
from imagine_desktop.errors import BadInput, LibraryError
from imagine_desktop.export import motion, sheet
from imagine_desktop.export.motion import Tempo
from imagine_desktop.export.order import Kind, Order, carry_out
from imagine_desktop.export.target import OnCollision
from imagine_desktop.library.library import Library
from tests.export.conftest import ALL

FILES = [kind for kind in Kind if kind is not Kind.FOLDER]


def order(kind: Kind, to: Path, **options: object) -> Order:
    return Order(tuple(ALL), kind, to, "Harbour <b>&", **options)  # type: ignore[arg-type]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_named_as_asked_or_by_its_title(shown: Library, tmp_path: Path, kind: Kind) -> None:
    suffix = kind.extensions[0]
    told: list[tuple[int, int]] = []
    carry_out(shown, order(kind, tmp_path / "new" / "mine"), lambda done, of: told.append((done, of)))
    carry_out(shown, order(kind, tmp_path))
    assert names(tmp_path / "new") == [f"mine{suffix}"]
    assert f"Harbour _b_&{suffix}" in names(tmp_path)
    assert told[-1] == (5, 5)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("on_collision", list(OnCollision))
def test_a_file_that_is_there_is_treated_as_chosen(
    shown: Library, tmp_path: Path, kind: Kind, on_collision: OnCollision
) -> None:
    old = tmp_path / f"mine{kind.extensions[0]}"
    old.write_bytes(b"old")
    outcome = carry_out(shown, order(kind, old, on_collision=on_collision))
    assert (old.read_bytes() == b"old") == (on_collision is not OnCollision.REPLACE)
    assert len(outcome.files) == (0 if on_collision is OnCollision.SKIP else 1)
    assert bool(outcome.notes) == (on_collision is OnCollision.SKIP)
    assert len(names(tmp_path)) - 1 == (2 if on_collision is OnCollision.NUMBER else 1)  # and the home


class Stopped(Exception):
    """The person pressed Cancel."""


@pytest.mark.parametrize("kind", list(Kind))
def test_a_stop_leaves_nothing_half(shown: Library, tmp_path: Path, kind: Kind) -> None:
    def stop(done: int, _: int) -> None:
        if done == 2:
            raise Stopped

    out = tmp_path / "out"
    with pytest.raises(Stopped):
        carry_out(shown, order(kind, out / "mine" if kind in FILES else out), stop)
    assert len(names(out)) == (0 if kind in FILES else 2)
    for path in out.iterdir():
        with Image.open(path) as image:
            image.load()


@pytest.mark.parametrize("kind", [Kind.HTML, Kind.SHEET, Kind.WEBP, Kind.GIF, Kind.ZIP, Kind.FOLDER])
def test_a_picture_that_is_gone_is_named(shown: Library, tmp_path: Path, kind: Kind) -> None:
    shown.picture_path(PictureId(5)).unlink()
    with pytest.raises(LibraryError, match="T4-0"):
        carry_out(shown, order(kind, tmp_path / "out"))


def test_what_cannot_be_ordered_is_refused(shown: Library, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not named like a zip"):
        carry_out(shown, order(Kind.ZIP, tmp_path / "a.html"))
    with pytest.raises(BadInput, match="no saved picture"):
        carry_out(shown, Order((PictureId(99),), Kind.ZIP, tmp_path / "a.zip"))
    assert names(tmp_path) == ["home"]


def test_dots_in_a_name_are_no_extension(shown: Library, tmp_path: Path) -> None:
    outcome = carry_out(shown, order(Kind.ZIP, tmp_path / "v1.2 final"))
    assert outcome.files[0].name == "v1.2 final.zip"


def test_sheets_are_pages_of_so_many_pictures(
    shown: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheet, "ROWS", 1)
    outcome = carry_out(shown, order(Kind.SHEET, tmp_path / "mine.png"))
    assert [path.name for path in outcome.files] == ["mine 1.png", "mine 2.png"]
    for path in outcome.files:
        with Image.open(path) as image:
            assert (image.size, image.format) == (sheet.PAGE_PX, "PNG")
            assert len(image.getcolors(1_000_000) or []) > 100
    assert (sheet.page_count(4), sheet.page_count(5)) == (1, 2)


@pytest.mark.parametrize("kind", [Kind.WEBP, Kind.GIF])
@pytest.mark.parametrize("has_fade", [True, False])
def test_an_animation_shows_each_picture_for_its_time(
    shown: Library, tmp_path: Path, kind: Kind, has_fade: bool
) -> None:
    ids = (PictureId(2), PictureId(3), PictureId(4))
    to = tmp_path / f"mine.{kind}"
    carry_out(shown, Order(ids, kind, to, tempo=Tempo(500, has_fade)))
    with Image.open(to) as moving:
        assert moving.size == ((1024, 512) if kind is Kind.WEBP else (640, 320))
        durations = []
        for frame in range(moving.n_frames):  # type: ignore[attr-defined]
            moving.seek(frame)
            moving.load()
            durations.append(moving.info["duration"])
    fade = [60] * 5 if has_fade else []
    assert durations == [500, *fade, 500, *fade, 1000]


def test_one_picture_is_an_animation_of_one_frame_and_a_hundred_is_the_most(
    shown: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry_out(shown, Order((PictureId(1),), Kind.GIF, tmp_path / "one.gif"))
    with Image.open(tmp_path / "one.gif") as image:
        assert image.n_frames == 1  # type: ignore[attr-defined]
    monkeypatch.setattr(motion, "MOST_PICTURES", 4)
    with pytest.raises(BadInput, match="4 at most, not 5"):
        carry_out(shown, order(Kind.GIF, tmp_path / "five.gif"))


_LIMITED = """
import resource, sys
from imagine_desktop.cli.main import run
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
sys.exit(run(sys.argv[2:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
@pytest.mark.parametrize("kind", FILES)
def test_where_the_space_ends_the_old_file_stays(shown: Library, tmp_path: Path, kind: Kind) -> None:
    shown.close()
    old = tmp_path / "out" / f"mine{kind.extensions[0]}"
    old.parent.mkdir()
    old.write_bytes(b"old")
    arguments = ["export", "--branch", "4", "--as", kind, "--to", str(old), "--on-collision", "replace"]
    limited = [sys.executable, "-c", _LIMITED, "40000", *arguments]
    ended = subprocess.run(limited, capture_output=True, text=True, timeout=50, env=os.environ, check=False)
    assert ended.returncode == 1
    assert "The disk is full" in ended.stderr
    assert names(old.parent) == [old.name]
    assert old.read_bytes() == b"old"
