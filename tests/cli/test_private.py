"""What a run leaves on the disk, or could leave of its memory, is the person's alone."""

import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Shell

pytestmark = pytest.mark.skipif(os.name == "nt", reason="modes of Unix")
_LIMITS = """
import resource, runpy, sys
sys.argv = ["imagine_desktop", "library", "where"]
try:
    runpy.run_module("imagine_desktop", run_name="__main__")
except SystemExit:
    print(resource.getrlimit(resource.RLIMIT_CORE))
"""


def test_every_folder_and_file_of_a_run_is_closed_to_others(shell: Shell, home: Path, tmp_path: Path) -> None:
    photo = Path(__file__).parents[1] / "data" / "coffee.jpg"
    before = os.umask(0o022)
    try:
        made = shell.run("generate", "a harbour", "-n", "2")
        edited = shell.run("generate", "at night", "--image", str(photo))
        assert (made.code, edited.code) == (0, 0), made.err + edited.err
        assert shell.run("library", "backup").code == 0
    finally:
        os.umask(before)
    walked = [home, *home.rglob("*")]
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in walked}
    open_to_others = {str(path): oct(mode) for path, mode in modes.items() if mode & 0o077}
    assert not open_to_others
    names = {path.name for path in walked}
    assert {"library.db", "library.lock", "imagine-desktop.log", "backups", "images"} <= names
    assert sum(path.suffix == ".jpg" for path in walked) >= 4


def test_a_crash_leaves_no_memory_behind() -> None:
    limited = subprocess.run(
        [sys.executable, "-c", _LIMITS],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(
            resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1])
        ),
    )
    assert limited.stdout.splitlines()[-1] == "(0, 0)"
