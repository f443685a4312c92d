"""`library restore` and `library rebuild` as a person's shell runs them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from imagine_desktop.library import backup
from imagine_desktop.library.library import Library
from tests.cli.conftest import Ended
from tests.library.conftest import add_turn, charge, save

Run = Callable[..., Ended]


@pytest.fixture
def folder(home: Path) -> Path:
    """A closed library: a picture that two backups know, and one that came since."""
    library = Library.open(home / "library", "a test")
    session = library.ledger.add_session("Harbour")
    for turn in ("T1", "T2"):
        [picture_id] = add_turn(library, session, turn)
        charge(library, turn, "https://a", cost=5)
        save(library, turn, picture_id, b"\xff\xd8\xff" + turn.encode())
        if turn == "T1":
            library.back_up()
            library.back_up()
    library.close()
    return home / "library"


def test_a_damaged_library_names_the_command_that_restores_it(here: Run, folder: Path) -> None:
    damaged = b"no database" * 1000
    (folder / "library.db").write_bytes(damaged)
    told = here("list")
    assert told.code == 1
    assert "`imagine-desktop library restore`" in told.err
    ended = here("library", "restore")
    assert (ended.code, ended.out) == (0, "2 pictures of 2 turns in 1 sessions.\n")
    newest = backup.listed(folder)[-1].name
    went_by, kept = ended.err.splitlines()
    assert newest in went_by
    [old] = folder.glob("library.db.replaced-*")
    assert old.name in kept
    assert old.read_bytes() == damaged
    assert here("library", "verify").out == "2 of 2 saved pictures are whole.\n"


def test_backups_are_listed_the_newest_first_and_one_is_chosen_by_its_name(here: Run, folder: Path) -> None:
    older, newer = backup.listed(folder)
    newer.write_bytes(b"no database" * 1000)
    listed = here("library", "restore", "--list")
    assert listed.code == 0
    assert [line.split()[0] for line in listed.out.splitlines()] == [newer.name, older.name]
    assert "is damaged" in listed.out.splitlines()[0]
    assert "MB" in listed.out.splitlines()[1]
    assert not list(folder.glob("library.db.replaced-*"))
    for chosen in (older.name, str(older)):
        ended = here("library", "restore", chosen)
        assert (ended.code, ended.out) == (0, "2 pictures of 2 turns in 1 sessions.\n")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("restore", "library-20200101-000000.db"), 1, "There is no backup"),
        (("verify", "library-20200101-000000.db"), 2, "verify takes no backup"),
        (("rebuild", "--list"), 2, "rebuild takes no backup"),
    ],
)
def test_what_cannot_be_restored_changes_nothing(
    here: Run, folder: Path, arguments: tuple[str, ...], code: int, told: str
) -> None:
    before = (folder / "library.db").read_bytes()
    ended = here("library", *arguments)
    assert ended.code == code
    assert told in ended.err
    assert (folder / "library.db").read_bytes() == before
    assert not list(folder.glob("library.db.replaced-*"))


def test_restore_waits_for_nobody_who_has_the_library_open(here: Run, folder: Path) -> None:
    library = Library.open(folder, "the window")
    for act in ("restore", "rebuild"):
        ended = here("library", act)
        assert ended.code == 1
        assert ended.err.startswith("The library is open in the window")
    library.close()
