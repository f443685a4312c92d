"""`import`: a person's own pictures, from the shell."""

import json
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.conftest import Ended, Shell
from tests.imaging.samples import encoded, halves

Run = Callable[..., Ended]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "Holiday"
    made.mkdir()
    (made / "a.jpg").write_bytes(encoded(halves((60, 40)), "JPEG"))
    (made / "b.png").write_bytes(encoded(halves((40, 60)), "PNG"))
    (made / "notes.txt").write_text("no picture")
    return made


def test_a_folder_joins_a_session_of_its_name_and_is_listed(here: Run, home: Path, folder: Path) -> None:
    ended = here("import", str(folder))
    assert ended.code == 0
    assert ended.out.startswith("2 pictures added, 0 were there already, 0 could not be added, 1 files")
    assert ended.err == f"{folder}/notes.txt: it is no JPEG, PNG, WebP or GIF picture.\n"
    listed = here("list", "--session", "Holiday").out
    assert "a.jpg  (imported)" in listed
    assert "b.png  (imported)" in listed
    assert here("ledger", "--csv").out.count("\n") == 1  # the heading alone
    assert here("library", "verify").out == "2 of 2 saved pictures are whole.\n"
    exported = here("export", "--session", "Holiday", "--to", str(folder.parent / "out"))
    assert {Path(line).read_bytes() for line in exported.out.splitlines()} == {
        (folder / name).read_bytes() for name in ("a.jpg", "b.png")
    }


def test_json_tells_all_and_the_session_is_as_named(here: Run, home: Path, folder: Path) -> None:
    ended = here("import", str(folder), str(folder / "a.jpg"), "--session", " My  own ", "--json")
    found = ended.result
    assert (found["added_count"], found["known_count"], found["sessions"]) == (2, 1, ["My own"])
    assert found["skipped"] == [
        {
            "path": str(folder / "notes.txt"),
            "reason": "it is no JPEG, PNG, WebP or GIF picture",
            "is_fault": False,
        }
    ]
    [first, second] = json.loads(here("list", "--json").out)["turns"]
    assert {first["imported_from"], second["imported_from"]} == {"Holiday/a.jpg", "Holiday/b.png"}
    assert (first["state"], first["cost_ticks"]) == ("imported", None)


def test_exit_codes_tell_what_came_of_it(here: Run, home: Path, folder: Path) -> None:
    damaged = folder / "damaged.jpg"
    damaged.write_bytes((folder / "a.jpg").read_bytes()[:-100])
    assert here("import", str(damaged)).code == 1
    assert here("import", str(folder)).code == 5
    assert here("import", str(folder / "a.jpg")).code == 0
    assert here("import", str(folder / "notes.txt")).code == 2
    assert here("import", str(folder / "nothing")).code == 2
    assert here("import").code == 2


@pytest.mark.skipif(sys.platform == "win32", reason="a signal ends it there")
def test_interrupted_it_keeps_what_came(shell: Shell, tmp_path: Path) -> None:
    many = tmp_path / "Many"
    many.mkdir()
    chance = random.Random(1)
    for number in range(300):
        noise = Image.frombytes("RGB", (40, 40), chance.randbytes(4800)).resize((600, 600))
        (many / f"{number}.jpg").write_bytes(encoded(noise, "JPEG"))
    with shell.start("import", str(many)) as process:
        while not list(shell.home.glob("library/images/*/*/*.jpg")):
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, "Interrupted.\n")
    assert 0 < int(out.split()[0]) < 300
    verified = shell.run("library", "verify")
    assert (verified.code, verified.err) == (0, "")
    assert shell.run("import", str(many)).code == 0
    assert shell.run("library", "verify").out == "300 of 300 saved pictures are whole.\n"
