"""Durable files: written in the order that survives, or not at all."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from imagine_desktop.errors import DiskFull, LibraryError
from imagine_desktop.library import blobs

pytestmark = pytest.mark.skipif(os.name == "nt", reason="permissions and folder syncs of Unix")


def test_file_and_its_new_folders_are_for_the_person_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        blobs.durable_write(tmp_path / "a" / "b" / "file", [b"one ", b"two"])
    finally:
        os.umask(before)
    assert (tmp_path / "a" / "b" / "file").read_bytes() == b"one two"
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("a", "a/b", "a/b/file")]
    assert modes == [0o700, 0o700, 0o600]
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["file"]


def test_content_is_synced_before_its_name_and_the_name_before_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        steps.append("sync folder" if is_folder else f"sync {os.fstat(descriptor).st_size} bytes")
        fsync(descriptor)

    def noted_replace(self: Path, target: Path) -> Path:
        steps.append("rename")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    blobs.durable_write(tmp_path / "new" / "file", [b"12345"])
    assert steps == ["sync folder", "sync 5 bytes", "rename", "sync folder"]


def test_leftover_of_a_dead_process_and_a_planted_link_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / ".file.part").write_bytes(b"half of an older")
    blobs.durable_write(tmp_path / "file", [b"new"])
    precious = tmp_path / "precious"
    precious.write_bytes(b"kept")
    (tmp_path / ".file.part").symlink_to(precious)
    blobs.durable_write(tmp_path / "file", [b"newer"])
    assert (tmp_path / "file").read_bytes() == b"newer"
    assert precious.read_bytes() == b"kept"
    assert not (tmp_path / ".file.part").exists()


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO])
def test_failing_disk_leaves_the_old_file_and_nothing_else(tmp_path: Path, code: int) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"x" * 100_000
        raise OSError(code, os.strerror(code))

    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(LibraryError) as caught:
        blobs.durable_write(tmp_path / "file", chunks())
    assert isinstance(caught.value, DiskFull) is (code != errno.EIO)
    assert (tmp_path / "file").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("name", ["file/below", "x" * 300, "taken"])
def test_impossible_place_is_a_library_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "taken").mkdir()
    with pytest.raises(LibraryError):
        blobs.durable_write(tmp_path / name, [b"data"])
