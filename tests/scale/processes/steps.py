"""What the program does for a picture and a script does not: each step alone, one after another."""

import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import TypedDict

import httpx

from imagine_desktop.api import wire
from imagine_desktop.api.client import Client
from imagine_desktop.api.fetch import Fetcher
from imagine_desktop.domain.budget import Budget
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.domain.record import Picture, PictureId, Turn, TurnId
from imagine_desktop.domain.request import Request
from imagine_desktop.engine import ulid
from imagine_desktop.imaging import thumbnail
from imagine_desktop.library.ledger import Charge
from imagine_desktop.library.library import Library
from imagine_desktop.secrets import Secret

ROUNDS = 3
_TIMEOUT_S = 30.0
_SIZE = (1024, 1024)


class Cost(TypedDict):
    """Seconds passed, and seconds of the processor in all threads of this process."""

    s: float
    cpu_s: float


async def cost_of(work: Coroutine[object, object, None]) -> Cost:
    """What it takes."""
    began_s, began_cpu_s = time.perf_counter(), time.process_time()
    await work
    return {"s": time.perf_counter() - began_s, "cpu_s": time.process_time() - began_cpu_s}


class Disk:
    """What is written and computed for one generate, in a library of its own."""

    def __init__(self, library: Library, asked: Request, delivery: Delivery, answer: wire.Answer) -> None:
        self._library = library
        self._asked = asked
        self._delivery = delivery
        self._answer = answer
        self._session = library.ledger.add_session("Steps")
        self._charge = Charge((wire.parse(answer).images[0].url or None,), 1, 200, "request", asked.model)
        self.data = b""
        self._thumbnails = thumbnail.Thumbnails(b"", b"")

    def take(self, data: bytes) -> None:
        """Go on with this picture."""
        self.data, self._thumbnails = data, thumbnail.make(data)

    def ledger(self) -> PictureId:
        """All that is committed of a turn with one picture."""
        turn_id, ledger = TurnId(ulid.new()), self._library.ledger
        [picture_id] = ledger.add_turn(
            turn_id,
            self._session,
            self._asked,
            (),
            delivery=self._delivery,
            profile="benchmark",
            is_counted=True,
            estimate_ticks=1,
        )
        ledger.start_sending(turn_id, Budget())
        ledger.charge(turn_id, self._charge)
        ledger.save_picture(
            picture_id,
            path=f"images/{turn_id}.jpg",
            mime="image/jpeg",
            sha256="0" * 64,
            byte_count=len(self.data),
            width=_SIZE[0],
            height=_SIZE[1],
            thumbnails=self._thumbnails,
        )
        return picture_id

    def answer(self) -> Callable[[], None]:
        """The raw answer made durable, and forgotten."""
        turn, _ = self._entered()
        files = self._library.files

        def keep() -> None:
            again = replace(turn, id=TurnId(ulid.new()))
            files.keep_answer(again, "Steps", self._answer.status, self._answer.headers, self._answer.body)
            files.drop_answer(again.id)

        return keep

    def files(self) -> Callable[[], None]:
        """The picture's file and its sidecar made durable."""
        turn, picture = self._entered()

        def store() -> None:
            self._library.files.store_picture(
                self.data,
                replace(turn, id=TurnId(ulid.new())),
                picture,
                session_name="Steps",
                extension="jpg",
                mime="image/jpeg",
                size=_SIZE,
            )

        return store

    def _entered(self) -> tuple[Turn, Picture]:
        [picture] = self._library.records.pictures([self.ledger()])
        turn = self._library.records.turn(picture.turn_id)
        assert turn is not None
        return turn, picture


async def alone(
    folder: Path, address: str, asked: Request, catalog: Catalog, delivery: Delivery, count: int
) -> dict[str, Cost]:
    """What `count` times each step takes, the best of all rounds."""
    path, body = wire.encode(asked, (), delivery, catalog)
    client, fetcher = Client(address, Secret("benchmark")), Fetcher(allow_loopback=True)
    library = Library.open(folder, "benchmark")
    try:
        async with httpx.AsyncClient() as bare:
            answer = await client.post(path, body, TurnId(ulid.new()), _TIMEOUT_S)
            [image] = wire.parse(answer).images
            disk = Disk(library, asked, delivery, answer)
            disk.take(
                await fetcher.fetch(image.url, _ignore) if image.url else wire.decode_base64(image.base64)
            )
            plain = folder / "plain.jpg"
            steps: dict[str, Callable[[], Awaitable[object]]] = {
                "post": lambda: client.post(path, body, TurnId(ulid.new()), _TIMEOUT_S),
                "bare post": lambda: bare.post(address + path, content=body),
                "answer": _awaitable(disk.answer()),
                "ledger": _awaitable(disk.ledger),
                "files": _awaitable(disk.files()),
                "plain write": _awaitable(lambda: plain.write_bytes(disk.data)),
                "decode": _awaitable(lambda: thumbnail.examine(disk.data)),
            }
            if image.url:
                steps["download"] = lambda: fetcher.fetch(image.url, _ignore)
                steps["bare download"] = lambda: bare.get(image.url)
            rounds = [
                {name: await cost_of(_repeated(step, count)) for name, step in steps.items()}
                for _ in range(ROUNDS)
            ]
    finally:
        await client.aclose()
        await fetcher.aclose()
        library.close()
    return {name: min((one[name] for one in rounds), key=lambda cost: cost["s"]) for name in steps}


async def _repeated(step: Callable[[], Awaitable[object]], count: int) -> None:
    for _ in range(count):
        await step()


def _awaitable(do: Callable[[], object]) -> Callable[[], Awaitable[object]]:
    async def done() -> object:
        return do()

    return done


def _ignore(_count: int) -> None:
    """Nobody watches the download grow."""
