"""Files appear whole or not at all, and never over another unasked; measured on real limits and full disks."""

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import pytest

from imagine_desktop.errors import DiskFull, LibraryError
from imagine_desktop.export.target import OnCollision, Target


def fill(file: BinaryIO) -> None:
    file.write(b"new")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("on_collision", "left", "told"),
    [
        (OnCollision.NUMBER, {"a.jpg": b"old", "a (2).jpg": b"new"}, "a (2).jpg"),
        (OnCollision.SKIP, {"a.jpg": b"old"}, None),
        (OnCollision.REPLACE, {"a.jpg": b"new"}, "a.jpg"),
    ],
)
def test_a_taken_name_is_treated_as_chosen(
    tmp_path: Path, on_collision: OnCollision, left: dict[str, bytes], told: str | None
) -> None:
    (tmp_path / "a.jpg").write_bytes(b"old")
    path = Target(tmp_path, on_collision).write("a", ".jpg", fill)
    assert (path.name if path else None) == told
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == left


@pytest.mark.parametrize("on_collision", list(OnCollision))
def test_two_files_of_one_export_never_replace_each_other(tmp_path: Path, on_collision: OnCollision) -> None:
    target = Target(tmp_path, on_collision)
    for stem in ("fox", "Fox", "fox"):
        target.write(stem, ".jpg", fill)
    assert len(names(tmp_path)) == 3


def test_skip_is_found_out_before_the_work_and_after_it(tmp_path: Path) -> None:
    def late(file: BinaryIO) -> None:
        (tmp_path / "a.jpg").write_bytes(b"another's")
        file.write(b"new")

    target = Target(tmp_path, OnCollision.SKIP)
    assert target.write("a", ".jpg", late) is None
    assert Target(tmp_path, OnCollision.SKIP).write("a", ".jpg", lambda _: pytest.fail("worked")) is None
    assert (tmp_path / "a.jpg").read_bytes() == b"another's"
    assert names(tmp_path) == ["a.jpg"]


@pytest.mark.skipif(os.name == "nt", reason="Windows needs a right for symbolic links")
@pytest.mark.parametrize("on_collision", list(OnCollision))
def test_a_planted_link_is_not_followed(tmp_path: Path, on_collision: OnCollision) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.jpg").symlink_to(victim)
    Target(out, on_collision).write("a", ".jpg", fill)
    assert victim.read_bytes() == b"precious"


@pytest.mark.skipif(os.name == "nt", reason="Windows renames without replacing by itself")
def test_where_there_are_no_links_names_are_taken_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "a.jpg").write_bytes(b"old")
    assert Target(tmp_path).write("a", ".jpg", fill) == tmp_path / "a (2).jpg"
    assert (tmp_path / "a (2).jpg").read_bytes() == b"new"
    assert names(tmp_path) == ["a (2).jpg", "a.jpg"]


def test_where_there_are_no_links_and_no_room_either_no_empty_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(DiskFull):
        Target(tmp_path).write("a", ".jpg", fill)
    assert names(tmp_path) == []


@pytest.mark.parametrize("stop", [KeyboardInterrupt, LibraryError("gone")])
def test_a_stop_leaves_nothing_half(tmp_path: Path, stop: type[BaseException] | BaseException) -> None:
    def broken(file: BinaryIO) -> None:
        file.write(b"half")
        raise stop

    with pytest.raises((KeyboardInterrupt, LibraryError)):
        Target(tmp_path).write("a", ".jpg", broken)
    assert names(tmp_path) == []


def test_a_name_that_cannot_be_used_is_an_error_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "nul\0"):
        with pytest.raises(LibraryError):
            Target(folder)
    (tmp_path / "a.jpg").mkdir()
    with pytest.raises(LibraryError):
        Target(tmp_path, OnCollision.REPLACE).write("a", ".jpg", fill)
    assert names(tmp_path) == ["a.jpg", "file"]


_FULL = """
import resource, sys
from pathlib import Path
from imagine_desktop.errors import DiskFull
from imagine_desktop.export.target import OnCollision, Target
folder = Path(sys.argv[1])
if sys.argv[2] == "limit":
    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
try:
    Target(folder, OnCollision.REPLACE).write("a", ".jpg", lambda file: file.write(bytes(300_000)))
except DiskFull as error:
    print(error.sentences)
"""


def fill_up(folder: Path, kind: str) -> str:
    """Replace a file by one that does not fit; what a process of its own says."""
    command = [sys.executable, "-c", _FULL, str(folder), kind]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit")
def test_over_a_size_limit_the_old_file_stays(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"old")
    assert "disk is full" in fill_up(tmp_path, "limit")
    assert {name: (tmp_path / name).read_bytes() for name in names(tmp_path)} == {"a.jpg": b"old"}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk as Linux does")
def test_on_a_full_disk_the_old_file_stays(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root may mount")
    try:
        (disk / "a.jpg").write_bytes(b"old")
        assert "disk is full" in fill_up(disk, "disk")
        assert {name: (disk / name).read_bytes() for name in names(disk)} == {"a.jpg": b"old"}
    finally:
        subprocess.run(["umount", str(disk)], check=True)
