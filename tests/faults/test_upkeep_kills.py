"""Death in the middle of migration, backup, rebuild and restore: the old state or the new, no byte lost."""

import hashlib
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from imagine_desktop.domain.act import Trash
from imagine_desktop.domain.record import PictureId, PictureState
from imagine_desktop.library import backup
from imagine_desktop.library.library import Library
from imagine_desktop.library.rebuild import rebuild, restore
from tests.faults.processes import KILLED
from tests.faults.test_library_faults import contents, fill
from tests.faults.upkeep import POINTS
from tests.library.conftest import make_older, shown

ROOT = Path(__file__).parents[2]

TURNS = 4
TURN = """
INSERT INTO turns(id, session, created, state, prompt, model, aspect_ratio, resolution, count, delivery,
                  profile, is_counted, estimate_ticks, cost_ticks)
    VALUES('T', 1, 0, 'charged', 'a harbour', 'm', 'auto', '1k', 1, 'url', 'xai', 1, 5, 7);
INSERT INTO pictures(turn, position, state, created, note) VALUES('T', 0, 'withheld', 0, 'why')
"""


@pytest.fixture(scope="module")
def killed_owners(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library as a killed owner leaves it: with a log, and as many backups as are kept."""
    folder = tmp_path_factory.mktemp("killed") / "library"
    fill(folder, TURNS)
    while len(backup.listed(folder)) < backup.KEPT:
        backup.make(folder / "library.db")
    return folder


@pytest.fixture(scope="module")
def first_versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the first version."""
    folder = tmp_path_factory.mktemp("first") / "library"
    make_older(folder, 1, TURN)
    return folder


def die(point: str, folder: Path) -> None:
    """Run a point's act in a process of its own until it kills itself."""
    command = [sys.executable, "-m", "tests.faults.upkeep", point, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == KILLED, done.stderr


@pytest.mark.parametrize(
    "point", [name for name in POINTS if name.startswith(("backup", "rebuild", "restore"))]
)
def test_death_in_upkeep_takes_nothing_away(killed_owners: Path, tmp_path: Path, point: str) -> None:
    folder = tmp_path / "library"
    shutil.copytree(killed_owners, folder)
    before = contents(folder)
    good = backup.listed(folder)
    oldest = hashlib.sha256(good[0].read_bytes()).hexdigest()
    die(point, folder)
    if point.startswith("backup"):
        assert set(good[1:]) <= set(backup.listed(folder))
        before -= Counter([oldest])  # it may have made room
    assert before <= contents(folder)
    for made in backup.listed(folder):
        backup.check(made)
    again = tmp_path / "again"
    subprocess.run(["cp", "-a", folder, again], check=True)  # with its links, as the next process finds them
    for start, repair in ((folder, None), (again, restore if point.startswith("restore") else rebuild)):
        if repair is not None:
            repaired = repair(start, "the next process")
            assert (repaired.picture_count, repaired.turn_count) == (2 * TURNS, TURNS)
        library = Library.open(start, "the next process")
        library.integrity.check_database()
        assert library.damaged() == []
        assert library.records.saved_count() == 2 * TURNS
        assert [turn.cost_ticks for turn in library.records.turns()] == [2000] * TURNS
        library.close()
        assert not list(start.glob(".library.db*")) or repair is None


@pytest.mark.parametrize("point", [name for name in POINTS if name.startswith("migration")])
def test_death_in_a_migration_leaves_the_old_version_or_the_new(
    first_versions: Path, tmp_path: Path, point: str
) -> None:
    folder = tmp_path / "library"
    shutil.copytree(first_versions, folder)
    die(point, folder)
    [made] = backup.listed(folder)
    backup.check(made)
    library = Library.open(folder, "the next process")
    library.integrity.check_database()
    assert [session.name for session in library.records.sessions()] == ["old"]
    assert [turn.cost_ticks for turn in library.records.turns()] == [7]
    assert shown(library, words="harbour") == [1]
    library.close()
    assert restore(folder, "the next process", made).session_count == 1


@pytest.mark.parametrize("point", [name for name in POINTS if name.startswith("emptying")])
def test_death_in_emptying_the_trash_leaves_each_picture_in_it_or_gone(tmp_path: Path, point: str) -> None:
    folder = tmp_path / "library"
    fill(folder, TURNS)
    library = Library.open(folder, "a test")
    binned = [PictureId(number) for number in (1, 2, 5)]
    paths = [library.picture_path(number) for number in binned]
    library.curation.do(Trash(tuple(binned)))
    library.close()
    shutil.rmtree(folder / "backups")  # it knows these as saved, as the test of a restore shows
    die(point, folder)
    again = tmp_path / "again"
    shutil.copytree(folder, again)
    for start, is_rebuilt in ((folder, False), (again, True)):
        if is_rebuilt:
            rebuild(start, "the next process")
        library = Library.open(start, "the next process")
        at_hand = library.records.pictures(binned)
        for picture, path in zip(at_hand, paths, strict=True):
            is_gone = picture.state is PictureState.DELETED
            assert is_gone == (picture.path is None) == (picture.trashed is None)
            for file in (path, path.with_name(path.name + ".json")):
                assert (start / file.relative_to(folder)).exists() is not is_gone
        assert shown(library) == [7, 8, 6, 3, 4]
        assert [turn.cost_ticks for turn in library.records.turns()] == [2000] * TURNS
        assert library.damaged() == []
        assert library.integrity.foreign_files() == []
        assert library.curation.empty_trash(lambda done, of: None, lambda: False).count == sum(
            picture.state is not PictureState.DELETED for picture in at_hand
        )
        library.close()
