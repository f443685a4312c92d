"""What is paid for goes on by itself in a running program, whatever it has to wait for."""

import asyncio
import errno
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from imagine_desktop.api.connection import Connection
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.job import Event, Job, JobState, Told
from imagine_desktop.domain.record import PictureState, SessionId, TurnState
from imagine_desktop.domain.request import Request
from imagine_desktop.engine.engine import Engine
from imagine_desktop.errors import DiskFull, LibraryGone
from imagine_desktop.library import blobs
from imagine_desktop.library import library as libraries
from imagine_desktop.library.library import Library
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import Profile
from tests.conftest import SandboxServer
from tests.engine.conftest import QUICK

PROMPT = Request("a harbour at night", "grok-imagine-image", "1:1", count=2)
POST = "/v1/images/generations"
PATIENT = replace(QUICK, download_s=20, room_s=0.02)


@pytest.fixture
def session(library: Library) -> SessionId:
    """A session to work in."""
    return library.ledger.add_session("Harbour")


class Disk:
    """A disk that is full from the n-th write on, until it is not."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full_from: int | None = None
        self.writes = 0
        self._write = blobs.durable_write
        self._free = libraries._free_bytes
        monkeypatch.setattr(blobs, "durable_write", self.write)
        monkeypatch.setattr(libraries, "_free_bytes", self.free)

    @property
    def is_full(self) -> bool:
        """Whether the next write finds no room."""
        return self.full_from is not None and self.writes >= self.full_from

    def write(self, path: Path, chunks: Iterable[bytes]) -> None:
        """As the true one, where there is room."""
        self.writes += 1
        if self.is_full:
            raise DiskFull(f"The disk is full: {path.name} could not be written.", "Free some space.")
        self._write(path, chunks)

    def free(self, folder: Path) -> int:
        """What is free: nothing, once a write has failed."""
        return 0 if self.is_full else self._free(folder)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """The disk under the library."""
    return Disk(monkeypatch)


@pytest.fixture
def engine(library: Library, catalog: Catalog, profile: Profile) -> Engine:
    """An engine that waits for space; closed by its test."""
    return Engine(library, catalog, Connection(profile, Secret("test-key")), patience=PATIENT)


async def until(reached: Callable[[], bool]) -> None:
    """Wait for something that other tasks bring about."""
    async with asyncio.timeout(15):
        while not reached():
            await asyncio.sleep(0.01)


def states(library: Library) -> list[PictureState]:
    """The states of all pictures."""
    ids = [picture_id for turn in library.records.turns() for picture_id in turn.picture_ids]
    return [picture.state for picture in library.records.pictures(ids)]


def assert_saved_for_one_charge(library: Library, sandbox: SandboxServer) -> None:
    """All pictures are whole, one request was sent, and its cost is known."""
    [turn] = library.records.turns()
    assert (turn.state, turn.cost_source) == (TurnState.CHARGED, "usage")
    assert states(library) == [PictureState.SAVED] * 2
    assert library.damaged() == []
    assert len(sandbox.requests(POST)) == len(sandbox.charges()) == 1


# 1: the raw answer, 2 and 3: the sidecar and the file of a picture, 4 and 5: of the other
@pytest.mark.parametrize("write", [1, 2, 3, 4, 5])
async def test_paid_pictures_go_on_by_themselves_when_the_disk_has_room_again(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer, disk: Disk, write: int
) -> None:
    heard: list[Event] = []
    engine.subscribe(heard.append)
    disk.full_from = write
    job = await engine.finished(engine.submit(PROMPT, session).id)
    assert isinstance(job.error, DiskFull)
    assert library.records.spent_ticks(0) == 400_000_000
    await asyncio.sleep(1)  # it is not tried again and again meanwhile
    assert disk.writes <= 5
    assert PictureState.PENDING in states(library)
    disk.full_from = None
    await until(lambda: states(library) == [PictureState.SAVED] * 2)
    await until(lambda: any(isinstance(event, Told) for event in heard))
    assert_saved_for_one_charge(library, sandbox)
    assert library.files.answers() == []
    await engine.aclose(5)


async def test_answer_that_found_no_room_is_kept_at_the_end_if_there_is_some_then(
    engine: Engine,
    library: Library,
    session: SessionId,
    sandbox: SandboxServer,
    disk: Disk,
    catalog: Catalog,
    profile: Profile,
) -> None:
    disk.full_from = 1
    job = await engine.finished(engine.submit(PROMPT, session).id)
    assert job.state is JobState.FAILED
    disk.full_from = None
    await engine.aclose(5)
    assert library.files.answers() == [job.id]
    again = Engine(library, catalog, Connection(profile, Secret("k")), patience=QUICK)
    assert (await again.recover()).saved_count == 2
    await again.aclose(5)
    assert_saved_for_one_charge(library, sandbox)


class FailingAnswers:
    """A disk that fails to keep raw answers, slowly, as often as it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, times: int, takes_s: float = 0) -> None:
        self.left = times
        self.is_asked = threading.Event()
        self._takes_s = takes_s
        self._write = blobs.durable_write
        monkeypatch.setattr(blobs, "durable_write", self.write)

    def write(self, path: Path, chunks: Iterable[bytes]) -> None:
        """As the true one, but for raw answers."""
        if path.suffix == ".resp" and self.left:
            self.left -= 1
            self.is_asked.set()
            time.sleep(self._takes_s)
            raise blobs.explained(OSError(errno.EIO, "Input/output error"), path)
        self._write(path, chunks)


async def test_paid_answer_that_could_not_be_kept_is_tried_again_while_the_program_has_it(
    engine: Engine,
    library: Library,
    session: SessionId,
    sandbox: SandboxServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    FailingAnswers(monkeypatch, times=2)
    job = await engine.finished(engine.submit(PROMPT, session).id)
    assert job.error is not None
    assert job.error.sentences.endswith("Input/output error. It is paid for and is tried again.")
    await until(lambda: states(library) == [PictureState.SAVED] * 2)
    assert_saved_for_one_charge(library, sandbox)
    await engine.aclose(5)


async def test_paid_answer_that_could_not_be_kept_in_time_is_tried_once_more_at_the_end(
    engine: Engine,
    library: Library,
    session: SessionId,
    sandbox: SandboxServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk = FailingAnswers(monkeypatch, times=1, takes_s=0.5)
    job = engine.submit(PROMPT, session)
    await until(disk.is_asked.is_set)
    await engine.aclose(0.1)
    assert disk.left == 0
    assert library.files.answers() == [job.id]
    assert len(sandbox.charges()) == 1


async def test_too_little_space_sends_nothing(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer, disk: Disk
) -> None:
    disk.full_from = 0
    job = await engine.finished(engine.submit(PROMPT, session).id)
    assert isinstance(job.error, DiskFull)
    assert "200 MB are needed before a picture is paid for" in job.error.message
    assert sandbox.requests("/") == []
    assert library.records.turns()[0].state is TurnState.NOT_SENT
    assert library.records.spent_ticks(0) == 0
    await engine.aclose(5)


@pytest.mark.parametrize("comes_back", [True, False])
async def test_library_that_went_away_stops_paid_work_and_is_not_made_again(
    engine: Engine, library: Library, session: SessionId, sandbox: SandboxServer, comes_back: bool
) -> None:
    elsewhere = library.folder.with_name("elsewhere")
    sandbox.fault(path=POST, delay=0.5)
    job_id = engine.submit(PROMPT, session).id
    await until(lambda: bool(sandbox.charges()))
    library.folder.rename(elsewhere)
    ended = [await engine.finished(job_id), await engine.finished(engine.submit(PROMPT, session).id)]
    for job in ended:
        assert isinstance(job.error, LibraryGone)
    assert len(sandbox.requests(POST)) == 1
    await asyncio.sleep(0.2)
    assert not library.folder.exists()
    if comes_back:
        elsewhere.rename(library.folder)
        await until(lambda: states(library) == [PictureState.SAVED] * 2)
        assert_saved_for_one_charge(library, sandbox)
    await engine.aclose(5)
    assert library.folder.exists() == comes_back
    if not comes_back:
        library.close()
        again = Library.open(elsewhere, "a test")
        [turn] = again.records.turns()
        assert turn.state is TurnState.SENDING  # the next start there says that it is unknown
        again.close()


async def test_closing_in_the_middle_of_a_pass_breaks_it_off(
    library: Library, session: SessionId, sandbox: SandboxServer, catalog: Catalog, profile: Profile
) -> None:
    first = Engine(library, catalog, Connection(profile, Secret("k")), patience=replace(QUICK, download_s=0))
    sandbox.fault(path="/*.jpeg", method="GET", action="answer", status=503, times=2)
    await first.finished(first.submit(PROMPT, session).id)
    await first.aclose(1)
    second = Engine(library, catalog, Connection(profile, Secret("k")), patience=PATIENT)
    sandbox.forget()
    sandbox.fault(path="/*.jpeg", method="GET", delay=9, times=2)
    passing = asyncio.create_task(second.recover())
    await until(lambda: bool(sandbox.requests("/")))
    await second.aclose(5)
    with pytest.raises(asyncio.CancelledError):
        await passing
    assert states(library) == [PictureState.PENDING] * 2


async def test_looking_that_is_broken_off_leaves_nothing_running(
    library: Library, session: SessionId, sandbox: SandboxServer, catalog: Catalog, profile: Profile
) -> None:
    stored = replace(profile, stores=True)
    first = Engine(library, catalog, Connection(stored, Secret("k")), patience=replace(QUICK, look_after_s=()))
    sandbox.fault(path=POST, action="drop", charge=True)
    await first.finished(first.submit(PROMPT, session).id)
    await first.aclose(1)
    second = Engine(library, catalog, Connection(stored, Secret("k")), patience=PATIENT)
    sandbox.fault(path="/v1/files", method="GET", delay=9)
    passing = asyncio.create_task(second.recover())
    await until(lambda: bool(sandbox.requests("/v1/files")))
    passing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await passing
    assert not any(task.get_name().startswith("look for") for task in asyncio.all_tasks())
    await second.aclose(5)


async def test_a_pass_of_recovery_does_not_wait_for_a_slow_download_which_goes_on_behind_it(
    library: Library, session: SessionId, sandbox: SandboxServer, catalog: Catalog, profile: Profile
) -> None:
    first = Engine(library, catalog, Connection(profile, Secret("k")), patience=replace(QUICK, download_s=0))
    sandbox.fault(path="/*.jpeg", method="GET", action="answer", status=503, times=2)
    job: Job = await first.finished(first.submit(PROMPT, session).id)
    await first.aclose(1)
    assert job.state is JobState.FAILED
    sandbox.fault(path="/*.jpeg", method="GET", delay=1.5, times=2)
    second = Engine(library, catalog, Connection(profile, Secret("k")), patience=replace(PATIENT, pass_s=0.2))
    began_s = time.monotonic()
    found = await second.recover()
    assert (found.turn_count, found.saved_count, found.late_count) == (1, 0, 1)
    assert time.monotonic() - began_s < 1.4
    await until(lambda: states(library) == [PictureState.SAVED] * 2)
    await second.aclose(5)
    assert_saved_for_one_charge(library, sandbox)
