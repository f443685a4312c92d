"""What a process of the program does until it is killed: by itself at a named point, or from outside.

An engine, or the command line. Prompts hold the name of the library's folder.
"""

import asyncio
import functools
import inspect
import os
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from imagine_desktop import paths
from imagine_desktop.api import client, copies, fetch
from imagine_desktop.api.connection import Connection
from imagine_desktop.api.fetch import Fetcher
from imagine_desktop.cli import main as command_line
from imagine_desktop.cli import opening
from imagine_desktop.domain import catalog as catalogs
from imagine_desktop.domain.job import Event, JobChanged, JobState
from imagine_desktop.domain.record import SessionId
from imagine_desktop.domain.request import Request
from imagine_desktop.engine import deferred
from imagine_desktop.engine.engine import Engine
from imagine_desktop.engine.workshop import Patience
from imagine_desktop.library import blobs
from imagine_desktop.library.files import Files
from imagine_desktop.library.ledger import Ledger
from imagine_desktop.library.library import Library
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import profile_at
from tests.faults import injection
from tests.faults.processes import Say

READY = "ready"

# name: whose function, its name, whether death comes before or after it, and in which of its calls
POINTS: dict[str, tuple[object, str, str, int]] = {
    "before_turn": (Ledger, "add_turn", "before", 1),
    "after_turn": (Ledger, "add_turn", "after", 1),
    "before_intent": (Ledger, "start_sending", "before", 1),
    "after_intent": (Ledger, "start_sending", "after", 1),
    "after_post": (client.Client, "post", "after", 1),
    "after_deferral": (Ledger, "defer", "after", 1),
    "while_polling": (deferred, "ask", "before", 1),
    "after_poll": (deferred, "ask", "after", 2),
    "mid_spool": (blobs, "durable_write", "before", 1),
    "after_spool": (Files, "keep_answer", "after", 1),
    "before_charge": (Ledger, "charge", "before", 1),
    "after_charge": (Ledger, "charge", "after", 1),
    "mid_download": (fetch, "_body", "before", 1),
    "after_download": (Fetcher, "fetch", "after", 1),
    "after_sidecar": (blobs, "durable_write", "after", 2),
    "after_rename": (Files, "store_picture", "after", 1),
    "after_saved": (Ledger, "save_picture", "after", 1),
    "before_dropping_answer": (Files, "drop_answer", "before", 1),
    "after_dropping_answer": (Files, "drop_answer", "after", 1),
    "after_dropping_copy": (copies, "drop", "after", 1),
}
PATIENCE = Patience(
    answer_s=20,
    download_s=5,
    expired_pause_s=0,
    poll_s=0.05,
    look_after_s=(0.1, 0.3, 0.6, 1, 1.5),
)


def die() -> None:
    """End as by a power cut that spares the disk's cache."""
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)  # the signal ends the process before this returns


def set_trap(point: str) -> None:
    """Let the process die at a point."""
    owner, name, when, number = POINTS[point]
    function: Callable[..., object] = getattr(owner, name)
    calls = 0

    def comes(at: str) -> None:
        nonlocal calls
        if at == when:
            calls += 1
            if calls == number:
                die()

    @functools.wraps(function)
    def trapped(*args: object, **kwargs: object) -> object:
        comes("before")
        result = function(*args, **kwargs)
        comes("after")
        return result

    @functools.wraps(function)
    async def trapped_later(*args: object, **kwargs: object) -> object:
        comes("before")
        result = function(*args, **kwargs)
        assert inspect.isawaitable(result)
        answer = await result
        comes("after")
        return answer

    setattr(owner, name, trapped_later if inspect.iscoroutinefunction(function) else trapped)


async def work(engine: Engine, session: SessionId, place: str) -> None:
    """Three jobs at any time, until the end."""
    number = 0
    while True:
        while len(engine.jobs()) < 3:
            number += 1
            count = 1 + number % 2
            engine.submit(
                Request(f"boat {number} in {place}", "grok-imagine-image", "1:1", count=count), session
            )
        await asyncio.sleep(0.005)


async def finish(engine: Engine, library: Library) -> None:
    """Look for what an earlier process left until nothing more can be found."""
    await engine.recover()
    for turn in library.records.unfinished_turns():
        await engine.looked_for(turn.id)


def report_saved(say: Say, event: Event) -> None:
    """Say which job told the person that its pictures are saved, and how many they are."""
    if isinstance(event, JobChanged) and event.job.state is JobState.DONE:
        say((event.job.id, event.job.saved_count))


async def act(say: Say, what: str, base_url: str, ways: str, library: Library, key: str) -> None:
    """Act on a library."""
    known = catalogs.parse(paths.resource("catalog.toml").read_text(encoding="utf-8"))
    profile = replace(profile_at(base_url), defers="deferred" in ways, stores="stored" in ways)
    engine = Engine(library, known, Connection(profile, Secret(key)), patience=PATIENCE)
    engine.subscribe(functools.partial(report_saved, say))
    if what == "recover":
        await finish(engine, library)
    else:
        recovering = asyncio.create_task(engine.recover())
        session = library.session("Killed").id
        if what == "work":
            await work(engine, session, library.folder.name)
        request = Request(f"a boat in {library.folder.name}", "grok-imagine-image", "1:1", count=2)
        job = engine.submit(request, session)
        await engine.finished(job.id)
        await recovering
    await engine.aclose()
    library.close()


async def open_and_act(
    say: Say, what: str, base_url: str, ways: str, folders: Sequence[Path], key: str
) -> None:
    """Open the libraries, say so, act on them."""
    libraries = [Library.open(folder, "a process to be killed") for folder in folders]
    say(READY)
    await asyncio.gather(*(act(say, what, base_url, ways, library, key) for library in libraries))


def drive(say: Say, what: str, base_url: str, ways: str, folders: Sequence[Path], point: str, key: str) -> None:
    """Let an engine work on libraries, several at once.

    `work` keeps three jobs under way until it is killed, `once` makes one with two pictures, `recover` finishes
    what is left. `ways` names the ways to find a lost answer that are on.
    """
    if point:
        set_trap(point)
    asyncio.run(open_and_act(say, what, base_url, ways, folders, key))


def command(
    say: Say, arguments: Sequence[str], home: Path, watched: Path, fault: injection.Fault, key: str
) -> None:
    """The command line, in a home of its own and with little patience, while calls below a folder may fail.

    Says its exit code and how many calls were counted and failed.
    """
    os.environ["IMAGINE_DESKTOP_HOME"] = str(home)
    os.environ["XAI_API_KEY"] = key
    setattr(opening, "_LOOK_AFTER_S", 0.2)  # noqa: B010 - these are another module's constants
    setattr(opening, "Patience", functools.partial(Patience, poll_s=PATIENCE.poll_s))  # noqa: B010
    injection.arm(watched, fault)
    code = command_line.run(arguments)
    say((code, injection.calls()))
