"""`export` in all its forms, beside a window that holds the library."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from imagine_desktop import paths, settings
from imagine_desktop.imaging import metadata
from imagine_desktop.library.library import Library
from imagine_desktop.settings import Settings
from tests.cli.conftest import Ended
from tests.export.conftest import branching, jpeg

Run = Callable[..., Ended]


@pytest.fixture
def shown(home: Path) -> Iterator[Library]:
    """Pictures that come from one another."""
    opened = branching(home / "library")
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("scope", "count"),
    [
        (("--session", "Harbour <b>&"), 5),
        (("--branch", "4"), 3),
        (("--picture", "5", "1"), 2),
        (("--search", "harbour NIGHT"), 2),
        (("--search", "by"), 1),
    ],
)
def test_the_scope_decides_which_pictures(
    here: Run, shown: Library, tmp_path: Path, scope: tuple[str, ...], count: int
) -> None:
    ended = here("export", *scope, "--to", str(tmp_path / "out"), "--json", "--template", "{id}")
    assert (ended.code, ended.err) == (0, "")
    assert ended.result["pictures"] == count
    assert len(list((tmp_path / "out").iterdir())) == count


@pytest.mark.parametrize("kind", ["zip", "html", "sheet", "webp", "gif"])
def test_one_file_is_printed(here: Run, shown: Library, tmp_path: Path, kind: str) -> None:
    ended = here("export", "--branch", "4", "--as", kind, "--to", str(tmp_path / "mine"), "--seconds", "0.3")
    assert (ended.code, ended.err) == (0, "")
    assert Path(ended.out.strip()).stat().st_size > 1_000


def test_names_follow_the_template_and_collisions_the_choice(here: Run, shown: Library, tmp_path: Path) -> None:
    def run(*more: str) -> Ended:
        return here(
            "export", "--picture", "3", "--to", str(tmp_path / "out"), "--template", "{prompt:2}", *more
        )

    assert Path(run().out.strip()).name == "by.jpg"
    assert Path(run().out.strip()).name == "by (2).jpg"
    skipped = run("--on-collision", "skip")
    assert (skipped.out, skipped.err) == ("", "1 name was taken: what is there was left as it is.\n")
    assert Path(run("--on-collision", "replace").out.strip()).name == "by.jpg"


def test_metadata_is_the_persons_choice_kept_and_for_once(here: Run, shown: Library, tmp_path: Path) -> None:
    def carries(*more: str) -> bool:
        ended = here("export", "--picture", "1", "--to", str(tmp_path / "out"), *more)
        data = Path(ended.out.strip()).read_bytes()
        assert (metadata.story(data) is not None) == (data != jpeg(1))
        return data != jpeg(1)

    assert carries()
    assert not carries("--no-metadata")
    settings.save(paths.settings(), Settings(export_metadata=False))
    assert not carries()
    assert carries("--metadata")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--search", "zebra"), "nothing of any saved picture holds zebra"),
        (("--branch", "99"), "there is no picture 99"),
        (("--picture", "1", "--template", "{prompt:x}"), "{prompt:x}"),
        (("--picture", "1", "--as", "pdf"), "--as"),
        (("--picture", "1", "--seconds", "0"), "0.05 to 60"),
        (("--picture", "1", "--on-collision", "ask"), "--on-collision"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    here: Run, shown: Library, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    ended = here("export", *arguments, "--to", str(tmp_path / "out"))
    assert ended.code == 2
    assert told in ended.err
    assert not (tmp_path / "out").exists()


def test_json_tells_what_carries_no_story(here: Run, shown: Library, tmp_path: Path) -> None:
    shown.picture_path(shown.records.turns()[0].picture_ids[-1]).write_bytes(b"GIF89a")
    ended = here("export", "--session", "Harbour <b>&", "--to", str(tmp_path / "out"), "--json")
    assert ended.result["without_metadata"] == {"its format has no place for it": 1}
    assert json.loads(ended.out)["skipped"] == 0


@contextlib.contextmanager
def exporting(to: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is in the middle of an export, with a hidden part file in the folder."""
    command = [sys.executable, "-m", "imagine_desktop", "export", "--session", "Harbour <b>&", "--as", "gif"]
    with subprocess.Popen([*command, "--to", str(to / "slow.gif")], stdout=subprocess.DEVNULL) as process:
        try:
            while not any(part.stat().st_size for part in to.glob(".*.part")):
                assert process.poll() is None
                time.sleep(0.001)
            process.send_signal(signal.SIGSTOP)
            yield process
        finally:
            process.kill()


@pytest.mark.skipif(os.name == "nt", reason="killed otherwise there")
def test_what_a_killed_export_left_goes_with_the_next_one_into_that_folder(
    here: Run, shown: Library, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with exporting(out) as process:
        [part] = out.iterdir()
        here("export", "--picture", "1", "--to", str(out), "--template", "{id}")
        assert part in list(out.iterdir()), "it is still being written"
        process.send_signal(signal.SIGKILL)
    assert part in list(out.iterdir())
    (out / ".imagine-notes.part").mkdir()
    here("export", "--picture", "2", "--to", str(out), "--template", "{id}")
    assert sorted(path.name for path in out.iterdir()) == [".imagine-notes.part", "1.jpg", "2.jpg"]


@pytest.mark.skipif(os.name == "nt", reason="stopped otherwise there")
def test_two_exports_into_one_folder_leave_each_other_alone(here: Run, shown: Library, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with exporting(out) as process:
        here("export", "--picture", "1", "--to", str(out), "--template", "{id}")
        process.send_signal(signal.SIGCONT)
        assert process.wait(60) == 0
    assert sorted(path.name for path in out.iterdir()) == ["1.jpg", "slow.gif"]
