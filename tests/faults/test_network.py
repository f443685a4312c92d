"""Every row of the table of network scenarios, played through the engine: what is said of the money is true."""

import asyncio
import gc
import os
import re
import time
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from imagine_desktop.api.connection import Connection
from imagine_desktop.cli import generate
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.job import Event, JobChanged, JobState, Told
from imagine_desktop.domain.record import PictureState, Turn, TurnState
from imagine_desktop.domain.request import Request
from imagine_desktop.engine.engine import Engine
from imagine_desktop.engine.workshop import Patience
from imagine_desktop.library.library import Library
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import Profile, profile_at
from tests import canary
from tests.api.certificates import own_certificate
from tests.api.servers import Call, serving
from tests.conftest import SandboxServer
from tests.faults.scenarios import TABLE, Hostile, Nowhere, Row, Sandbox

AT_ONCE = 16
DOWNLOAD_S = 3.0
SAYS_FREE = ("nothing charged", "not charged", "no charge was reported")
SAYS_PAID = ("charged $", "paid for", "Paid,")
FREE_STATES = (TurnState.NOT_SENT, TurnState.REJECTED, TurnState.QUEUED, TurnState.WAITING)


@dataclass(frozen=True)
class Outcome:
    """How a row ended: in the ledger, to the person, and by the server's truth."""

    turn: Turn
    saved: int
    code: int
    texts: list[str]
    seconds: float  # less what this computer was late
    posts: int  # whole ones
    charges: int
    stray_keys: int  # requests, other than those to the API, that held the key


@dataclass
class Truth:
    """What a row's server received."""

    calls: list[Call]
    charges: bool

    @property
    def posts(self) -> int:
        """The paid requests that came whole."""
        return sum(call.is_whole and call.head.startswith(b"POST ") for call in self.calls)

    @property
    def stray_keys(self) -> int:
        """The requests, other than those to the API, that held the key."""
        others = [call for call in self.calls if b" /v1/" not in call.head.partition(b"\r\n")[0]]
        return sum(canary.is_in(call.head + call.body) for call in others)


class Theatre:
    """Plays rows at the same time, each with a library, an engine and a key of its own."""

    def __init__(self, folder: Path, catalog: Catalog, sandbox: SandboxServer) -> None:
        self._folder = folder
        self._catalog = catalog
        self._sandbox = sandbox
        self._places = asyncio.Semaphore(AT_ONCE)
        self._late_s = 0.0
        expired = own_certificate(folder, is_expired=True)
        other = own_certificate(folder, "192.0.2.1")
        self.trusted = folder / "trusted.pem"
        self.trusted.write_bytes(b"".join(path.read_bytes() for path in folder.glob("*.pem")))
        unknown = own_certificate(folder)
        self._certificates = {"": None, "none": None, "expired": expired, "other": other, "unknown": unknown}

    async def play_all(self) -> dict[str, Outcome]:
        """Each row's outcome, by its name."""
        watching = asyncio.create_task(self._watch_the_clock())
        outcomes = await asyncio.gather(*(self._play(number, row) for number, row in enumerate(TABLE)))
        watching.cancel()
        return dict(zip((row.name for row in TABLE), outcomes, strict=True))

    async def _watch_the_clock(self) -> None:
        """Add up by how much this computer is late: a busy one is not held against the program."""
        while True:
            began_s = time.monotonic()
            await asyncio.sleep(0.05)
            self._late_s += max(0.0, time.monotonic() - began_s - 0.06)

    async def _play(self, number: int, row: Row) -> Outcome:
        key = f"{canary.KEY}-{number}"
        async with self._places, self._stage(row, key) as (base_url, truth):
            library = await asyncio.to_thread(Library.open, self._folder / f"library {number}", "a test")
            profile = profile_at(base_url)
            profile = replace(profile, defers="deferred" in row.ways, stores="stored" in row.ways)
            try:
                return await self._run(row, library, profile, key, truth)
            finally:
                await asyncio.to_thread(library.close)

    @asynccontextmanager
    async def _stage(self, row: Row, key: str) -> AsyncIterator[tuple[str, Truth | None]]:
        """The row's server, its address, and what it will know; None where that is the sandbox."""
        match row.does:
            case Sandbox(faults):
                for fault in faults:
                    await asyncio.to_thread(self._sandbox.fault, key=key, **fault)
                yield self._sandbox.base_url, None
            case Nowhere(place):
                async with place() as base_url:
                    yield base_url, Truth([], False)
            case Hostile(behave, charges, certificate, starts_after_s):
                context = self._certificates[certificate]
                async with serving(behave, context, starts_after_s=starts_after_s) as server:
                    scheme = "https" if certificate else "http"
                    yield f"{scheme}://127.0.0.1:{server.port}/v1", Truth(server.calls, charges)

    async def _run(
        self, row: Row, library: Library, profile: Profile, key: str, truth: Truth | None
    ) -> Outcome:
        patience = Patience(
            answer_s=row.deadline_s,
            download_s=DOWNLOAD_S,
            expired_pause_s=0.05,
            poll_s=0.1,
            look_after_s=(0.2, 1, 2, 4) if row.gets_another_key else (0.2,),
            key_s=row.deadline_s if row.gets_another_key else 0,
        )
        engine = Engine(library, self._catalog, Connection(profile, Secret(key)), patience=patience)
        if row.gets_another_key:
            engine.subscribe(
                lambda event: self._bring_key(engine, event, Connection(profile, Secret(f"{key}-new")))
            )
        prompt = f"{row.prompt} {row.does.tag}" if isinstance(row.does, Sandbox) else row.prompt
        began_s, late_s = time.monotonic(), self._late_s
        session = await asyncio.to_thread(library.session, "Scenarios")
        job = engine.submit(Request(prompt, "grok-imagine-image", "1:1", count=row.count), session.id)
        ended = await engine.finished(job.id)
        seconds = time.monotonic() - began_s - (self._late_s - late_s)
        if ended.state is JobState.UNKNOWN:
            await engine.looked_for(job.id)
        await engine.aclose(5)
        turn = library.records.turn(job.id)
        assert turn is not None
        pictures = library.records.pictures(turn.picture_ids)
        found = await asyncio.to_thread(self._sandbox_truth, job.id) if truth is None else None
        return Outcome(
            turn=turn,
            saved=sum(picture.state is PictureState.SAVED for picture in pictures),
            code=generate.exit_code(turn, pictures),
            texts=generate.told(ended, turn, pictures),
            seconds=seconds,
            posts=found[0] if found else truth.posts if truth else 0,
            charges=found[1] if found else truth.posts if truth and truth.charges else 0,
            stray_keys=truth.stray_keys if truth else 0,
        )

    @staticmethod
    def _bring_key(engine: Engine, event: Event, another: Connection) -> None:
        """What the person does when the key is refused, or an answer is lost with it."""
        is_lost = isinstance(event, JobChanged) and event.job.state is JobState.UNKNOWN
        if is_lost or (isinstance(event, Told) and "does not accept the key" in event.text):
            engine.use(another)

    def _sandbox_truth(self, turn_id: str) -> tuple[int, int]:
        posts = sum(
            entry["method"] == "POST" and bool(entry["is_read"]) and turn_id in str(entry["headers"])
            for entry in self._sandbox.requests()
        )
        return posts, sum(charge["x_client_request_id"] == turn_id for charge in self._sandbox.charges())


@pytest.fixture(scope="module")
def outcomes(
    tmp_path_factory: pytest.TempPathFactory, catalog: Catalog, server: SandboxServer
) -> Iterator[dict[str, Outcome]]:
    """The whole table, played once; a proxy that is dead is in the way of one host."""
    theatre = Theatre(tmp_path_factory.mktemp("network"), catalog, server)
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            patch.delenv(name)
        patch.setenv("SSL_CERT_FILE", str(theatre.trusted))
        patch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
        patch.setenv("NO_PROXY", "nowhere.invalid")
        played = asyncio.run(theatre.play_all())
        with warnings.catch_warnings():  # httpcore leaves the socket of a cancelled handshake to the collector
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()
        yield played


def test_table_is_as_long_as_was_promised_and_names_each_row_once() -> None:
    assert len(TABLE) >= 60
    assert len({row.name for row in TABLE}) == len(TABLE)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_what_is_said_of_the_money_is_true(row: Row, outcomes: dict[str, Outcome]) -> None:
    outcome = outcomes[row.name]
    text = " ".join(outcome.texts)
    assert (outcome.turn.state, outcome.charges > 0, outcome.code) == (
        row.end.state,
        row.end.is_charged,
        row.end.code,
    ), text
    assert row.word in text
    assert outcome.posts <= row.posts
    assert outcome.charges <= 1
    assert outcome.stray_keys == 0
    assert outcome.seconds < row.deadline_s + DOWNLOAD_S + 2
    if outcome.charges:
        assert outcome.turn.state not in FREE_STATES
        assert not any(words in text for words in SAYS_FREE)
    elif outcome.turn.state is not TurnState.UNKNOWN:
        assert not any(words in text for words in SAYS_PAID)
    assert (outcome.code == 0) == (outcome.texts == [])  # what went wrong is said, and nothing else
    for said in outcome.texts:
        assert_says_cause_money_and_next_step(said)


def assert_says_cause_money_and_next_step(text: str) -> None:
    """Two sentences: what happened and what it cost; what to do."""
    cause, next_step = re.split(r"(?<=[.!?]) ", text)
    money = (*SAYS_FREE, *SAYS_PAID, "may have been charged")
    assert any(words in cause for words in money), text
    assert next_step.endswith(".")
    assert text.isprintable()
    assert "Traceback" not in text
    assert "Error" not in text
