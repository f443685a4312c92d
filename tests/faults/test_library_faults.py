"""The library under faults: damaged databases, kills, races for it, and a disk that is full."""

import asyncio
import hashlib
import os
import random
import resource
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from imagine_desktop.api.connection import Connection
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.record import PictureId, PictureState, TurnState
from imagine_desktop.domain.request import Request
from imagine_desktop.engine.engine import Engine
from imagine_desktop.engine.workshop import Patience
from imagine_desktop.errors import ImagineError, LibraryBusy, LibraryError
from imagine_desktop.library import backup
from imagine_desktop.library.library import Library, check_up
from imagine_desktop.library.rebuild import rebuild, restore
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import profile_at
from tests import canary
from tests.conftest import SandboxServer
from tests.library.conftest import ASKED, add_turn, charge, save, shown

QUICK = Patience(answer_s=10, download_s=1, expired_pause_s=0)


def fill(folder: Path, turns: int = 12) -> None:
    """A library of some turns with two pictures each, left as a killed owner leaves it: with a log."""
    library = Library.open(folder, "a test")
    session = library.ledger.add_session("Harbour")
    for number in range(turns):
        turn_id = f"T{number:03}"
        prompt = f"a harbour {number} " + "at night " * 40
        ids = add_turn(library, session, turn_id, replace(ASKED, prompt=prompt, count=2))
        charge(library, turn_id, "https://a", "https://b", cost=2000)
        for one in ids:
            save(library, turn_id, one, b"\xff\xd8\xff" + os.urandom(300))
            library.ledger.add_thumbnails(one, os.urandom(900), os.urandom(2000))
        if number == turns // 2:
            library.back_up()
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    library.close()
    shutil.rmtree(folder)
    copy.rename(folder)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library to damage copies of."""
    folder = tmp_path_factory.mktemp("template") / "library"
    fill(folder)
    return folder


def contents(folder: Path) -> Counter[str]:
    """Every file's bytes, whatever its name; not the text in the lock, nor SQLite's index of its log."""
    return Counter(
        hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "library.lock" and not path.name.endswith("-shm")
    )


def pictures(folder: Path) -> Counter[str]:
    """The bytes of pictures, their stories, and backups."""
    return contents(folder / "images") + contents(folder / "backups")


def damage(folder: Path, number: int) -> None:
    """One of six kinds of damage, at random places."""
    chance = random.Random(number)
    path, log = folder / "library.db", folder / "library.db-wal"
    if number % 2:  # half of them with everything in the database itself
        Library.open(folder, "a test").close()
    data = bytearray(path.read_bytes())
    page = 4096 * chance.randrange(max(1, len(data) // 4096))
    match number % 6:
        case 0:
            data[page : page + 4096] = chance.randbytes(4096)
        case 1:
            del data[chance.randrange(len(data)) :]
        case 2:
            data[page : page + 4096] = bytes(4096)
        case 3:
            for _ in range(20):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        case 4:
            log.unlink(missing_ok=True)
        case 5:
            data[:100] = chance.randbytes(100)
    path.write_bytes(data)
    if number % 4 == 2 and log.exists():
        log.write_bytes(log.read_bytes()[: chance.randrange(log.stat().st_size)])


@pytest.mark.parametrize("number", range(60))
def test_repair_of_a_damaged_library_takes_nothing_away(template: Path, tmp_path: Path, number: int) -> None:
    folder = tmp_path / "library"
    shutil.copytree(template, folder)
    damage(folder, number)
    kept = pictures(folder)
    for look in (Library.open_reading, lambda place: Library.open(place, "a test")):
        with suppress(LibraryError):
            library = look(folder)
            try:
                library.records.turns()
                library.integrity.verify()
                check_up(library)
            finally:
                library.close()
        assert kept <= pictures(folder)
    before = contents(folder)
    for repair in (restore, rebuild) if number % 3 else (rebuild, restore):
        repaired = repair(folder, "a test")
        assert (repaired.picture_count, repaired.turn_count, repaired.left) == (24, 12, ())
        assert before <= contents(folder)
        before = contents(folder)
    library = Library.open(folder, "a test")
    assert library.damaged() == []
    library.integrity.check_database()
    assert [turn.cost_ticks for turn in library.records.turns()] == [2000] * 12
    library.close()


KILLED = """
import sys, time
from pathlib import Path
from imagine_desktop.library import backup
from imagine_desktop.library.rebuild import rebuild, restore
folder = Path(sys.argv[1])
print("begun", flush=True)
while True:
    rebuild(folder, "a child")
    backup.make(folder / "library.db")
"""


def test_kills_in_the_middle_of_backups_and_rebuilds_lose_nothing(template: Path, tmp_path: Path) -> None:
    folder = tmp_path / "library"
    shutil.copytree(template, folder)
    rebuild(folder, "a test")
    before = contents(folder)
    before -= Counter([hashlib.sha256((folder / "library.db").read_bytes()).hexdigest()])  # its owners write it
    before.subtract(contents(folder / "backups"))  # of these the newest ten are kept
    before = +before
    chance = random.Random(3)
    for _ in range(10):
        child = subprocess.Popen([sys.executable, "-c", KILLED, str(folder)], stdout=subprocess.PIPE)
        with child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"begun\n"
            time.sleep(chance.uniform(0, 0.15))  # the moment is the test
            child.kill()
        assert before <= contents(folder)
        for made in backup.listed(folder):
            backup.check(made)
        library = Library.open(folder, "a test")
        assert library.damaged() == []
        assert library.records.saved_count() == 24
        library.close()
    assert rebuild(folder, "a test").picture_count == 24


RACING = """
import sys, time
from pathlib import Path
from imagine_desktop.errors import LibraryBusy
from imagine_desktop.library.library import Library
for line in sys.stdin:
    try:
        library = Library.open(Path(line.strip()), "a racer")
    except LibraryBusy:
        print("busy", flush=True)
    else:
        print("owner", flush=True)
        sys.stdin.readline()
        library.close()
        print("closed", flush=True)
"""


def test_of_two_that_open_at_once_exactly_one_owns(tmp_path: Path) -> None:
    command = [sys.executable, "-c", RACING]
    with (
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as one,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as two,
    ):
        racers = (one, two)
        for number in range(50):
            for racer in racers:
                tell(racer, str(tmp_path / f"library {number % 5}"))
            said = {racer: hear(racer) for racer in racers}
            assert sorted(said.values()) == ["busy", "owner"]
            [owner] = [racer for racer in racers if said[racer] == "owner"]
            tell(owner, "close")
            assert hear(owner) == "closed"
        for racer in racers:
            racer.kill()


def tell(racer: "subprocess.Popen[str]", line: str) -> None:
    """One line to a racer."""
    assert racer.stdin is not None
    racer.stdin.write(line + "\n")
    racer.stdin.flush()


def hear(racer: "subprocess.Popen[str]") -> str:
    """One line of a racer."""
    assert racer.stdout is not None
    return racer.stdout.readline().strip()


def lock_of_a_killed_owner(folder: Path) -> Path:
    """The owner died without closing anything; a process of another program has its number now."""
    with subprocess.Popen(
        [sys.executable, "-c", RACING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as owner:
        tell(owner, str(folder))
        assert hear(owner) == "owner"
        owner.kill()
        owner.wait(10)
    lock = folder / "library.lock"
    lock.write_text(lock.read_text().replace(str(owner.pid), str(os.getppid())))
    return folder


def lock_of_another_user(folder: Path) -> Path:
    """It was left by another user, and with a mode that lets only that one write."""
    Library.open(folder, "another").close()
    lock = folder / "library.lock"
    lock.chmod(0o600)
    if os.geteuid() == 0:
        os.chown(lock, 65534, 65534)
    return folder


def lock_of_another_name(folder: Path) -> Path:
    """The library was moved while nobody had it, and its owner before that was killed."""
    lock_of_a_killed_owner(folder)
    return folder.rename(folder.with_name("renamed"))


def lock_with(text: str) -> Callable[[Path], Path]:
    """A lock file with some text, which nobody holds."""

    def left(folder: Path) -> Path:
        folder.mkdir()
        (folder / "library.lock").write_text(text)
        return folder

    return left


STALE = {
    "killed owner, number in use again": lock_of_a_killed_owner,
    "another computer's": lock_with("the window (process 1 on elsewhere)"),
    "number of this very process": lock_with(f"the window (process {os.getpid()} on {socket.gethostname()})"),
    "empty": lock_with(""),
    "another user's": lock_of_another_user,
    "renamed folder": lock_of_another_name,
    "no text at all": lock_with("\xff\x00" * 50),
}


@pytest.mark.parametrize("kind", STALE)
def test_a_lock_file_that_nobody_holds_never_blocks(tmp_path: Path, kind: str) -> None:
    folder = STALE[kind](tmp_path / "library")
    library = Library.open(folder, "a test")
    assert library.read_only == ""
    library.ledger.add_session("kept")
    with pytest.raises(LibraryBusy, match="open in a test"):
        Library.open(folder, "another")
    library.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 220 MB, by root only."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root may mount")
    point = tmp_path / "disk"
    point.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=220m", "tmpfs", str(point)], check=False)
    if done.returncode:
        pytest.skip("cannot mount here")
    yield point
    subprocess.run(["umount", "-l", str(point)], check=True)


async def make_four(engine: Engine, library: Library) -> ImagineError | None:
    """A job of four pictures, to its end."""
    session = library.session("Harbour")
    job = engine.submit(Request("four boats", "grok-imagine-image", count=4), session.id)
    return (await engine.finished(job.id)).error


def engine_on(library: Library, catalog: Catalog, sandbox: SandboxServer, patience: Patience = QUICK) -> Engine:
    """An engine with little patience."""
    connection = Connection(profile_at(sandbox.base_url), Secret(canary.KEY))
    return Engine(library, catalog, connection, patience=patience)


def assert_nothing_is_half_saved(library: Library) -> int:
    """Every saved row has its whole file, every file its row, or one that awaits it; how many are saved."""
    assert library.damaged() == []
    named = {picture.path for picture in library.records.pictures(list(map(PictureId, shown(library))))}
    for turn in library.records.unfinished_turns():
        named |= {library.files.find_picture(turn, index) for index in range(turn.count)}
    whole = list((library.folder / "images").rglob("*.jpg"))
    assert all(str(path.relative_to(library.folder)) in named for path in whole)
    assert not list(library.folder.rglob("*.part"))
    return library.records.saved_count()


@pytest.mark.parametrize("in_next_run", [False, True])
async def test_a_disk_that_fills_up_in_a_paid_job_keeps_the_answer_and_goes_on_with_space(
    small_disk: Path, catalog: Catalog, sandbox: SandboxServer, in_next_run: bool
) -> None:
    library = Library.open(small_disk / "library", "a test")
    engine = engine_on(library, catalog, sandbox, replace(QUICK, download_s=30, room_s=0.05))
    sandbox.fault(path="/v1/images/generations", delay=0.5)
    running = asyncio.ensure_future(make_four(engine, library))
    async with asyncio.timeout(10):
        while not any(turn.state is TurnState.SENDING for turn in library.records.turns()):
            await asyncio.sleep(0.01)
    filling = small_disk / "filling"
    await asyncio.to_thread(leave_free, small_disk, filling, 160 * 1024)
    assert await running is not None
    saved = assert_nothing_is_half_saved(library)
    assert saved < 4
    if in_next_run:
        await engine.aclose(5)
        library.close()
    filling.unlink()
    if in_next_run:
        library = Library.open(small_disk / "library", "a test")
        engine = engine_on(library, catalog, sandbox)
        await engine.recover()
    async with asyncio.timeout(15):
        while library.records.saved_count() < 4 and not in_next_run:
            await asyncio.sleep(0.05)
    [turn] = library.records.turns()
    assert turn.state is TurnState.CHARGED
    assert [one.state for one in library.records.pictures(turn.picture_ids)] == [PictureState.SAVED] * 4
    assert assert_nothing_is_half_saved(library) == 4
    assert len(sandbox.requests("/v1/images/generations")) == 1
    await engine.aclose(5)
    library.close()


def leave_free(disk: Path, filling: Path, free_bytes: int) -> None:
    """Fill a disk but for so much."""
    with filling.open("wb", buffering=0) as file:
        while (free := shutil.disk_usage(disk).free) > free_bytes:
            file.write(bytes(min(1 << 20, free - free_bytes)))


@pytest.mark.skipif(sys.platform == "win32", reason="limits of Unix")
async def test_a_limit_on_file_sizes_is_a_full_disk_and_nothing_is_half_saved(
    tmp_path: Path, catalog: Catalog, sandbox: SandboxServer
) -> None:
    library = Library.open(tmp_path / "library", "a test")
    engine = engine_on(library, catalog, sandbox)
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    library.session("Harbour")
    library.records.turns()
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, usual[1]))
    try:
        await make_four(engine, library)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert_nothing_is_half_saved(library)
    await engine.aclose(5)
    library.close()
    library = Library.open(tmp_path / "library", "a test")  # the next start
    engine = engine_on(library, catalog, sandbox)
    await engine.recover()
    for turn in library.records.turns():
        for one in library.records.pictures(turn.picture_ids):
            assert one.state is PictureState.SAVED or turn.state is not TurnState.CHARGED
    assert len(sandbox.requests("/v1/images/generations")) <= 1
    await engine.aclose(5)
    library.close()
