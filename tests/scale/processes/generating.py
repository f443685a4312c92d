"""Generates through the engine, and the same with bare httpx, in turn; then the engine's steps, each alone.

Arguments: folder, the API's address, delivery, how many generates, how many at once. Prints JSON: what each
round and each step took.
"""

import asyncio
import base64
import itertools
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from imagine_desktop import paths
from imagine_desktop.api.connection import Connection
from imagine_desktop.domain import catalog
from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.domain.job import JobState
from imagine_desktop.domain.record import SessionId
from imagine_desktop.domain.request import Request
from imagine_desktop.engine.engine import Engine
from imagine_desktop.library.library import Library
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import profile_at
from tests.scale.processes import steps

CATALOG = catalog.parse(paths.resource("catalog.toml").read_text(encoding="utf-8"))
NAMES = itertools.count()


async def measure(
    folder: Path, address: str, delivery: Delivery, count: int, at_once: int
) -> dict[str, object]:
    """Both sides, alternating, after a round of each that does not count."""
    library = Library.open(folder / "library", "benchmark")
    link = Connection(profile_at(address), Secret("benchmark"))
    engine = Engine(library, CATALOG, link, jobs_at_once=at_once)
    session = library.ledger.add_session("Benchmark")
    plain = folder / "plain"
    plain.mkdir()
    try:
        async with httpx.AsyncClient() as client:

            async def ours() -> None:
                await generate(engine, session, delivery)

            async def bare() -> None:
                await generate_bare(client, address, delivery, plain)

            rounds: dict[str, list[steps.Cost]] = {"ours": [], "bare": []}
            await run(ours, at_once, at_once)
            await run(bare, at_once, at_once)
            for _ in range(steps.ROUNDS):
                rounds["bare"].append(await steps.cost_of(run(bare, count, at_once)))
                rounds["ours"].append(await steps.cost_of(run(ours, count, at_once)))
        alone = await steps.alone(folder / "steps", address, request(), CATALOG, delivery, count)
    finally:
        await engine.aclose()
        library.close()
    return {"rounds": rounds, "alone": alone}


def request() -> Request:
    """What every generate asks for."""
    return Request("boats in a harbour at dawn", CATALOG.default_model, "1:1", "1k", None, 1)


async def generate(engine: Engine, session: SessionId, delivery: Delivery) -> None:
    """One picture as the program makes it."""
    job = engine.submit(request(), session, delivery=delivery)
    ended = await engine.finished(job.id)
    if ended.state is not JobState.DONE or ended.saved_count != 1:
        raise RuntimeError(f"{ended.state}: {ended.error}")


async def generate_bare(client: httpx.AsyncClient, address: str, delivery: Delivery, folder: Path) -> None:
    """One picture as a script makes it: request, decode, write."""
    asked = {"prompt": "boats", "model": CATALOG.default_model, "n": 1, "response_format": delivery.value}
    answer = await client.post(f"{address}/images/generations", json=asked)
    [entry] = answer.json()["data"]
    if delivery is Delivery.BASE64:
        data = base64.b64decode(entry["b64_json"])
    else:
        data = (await client.get(entry["url"])).content
    (folder / f"{next(NAMES)}.jpg").write_bytes(data)


async def run(one: Callable[[], Awaitable[None]], count: int, at_once: int) -> None:
    """That many, as many at once as said."""
    for start in range(0, count, at_once):
        await asyncio.gather(*(one() for _ in range(min(at_once, count - start))))


if __name__ == "__main__":
    folder, address, delivery, count, at_once = sys.argv[1:]
    found = measure(Path(folder), address, Delivery(delivery), int(count), int(at_once))
    print(json.dumps(asyncio.run(found)))
