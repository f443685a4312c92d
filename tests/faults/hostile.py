"""What hostile servers do with a request, byte by byte, and places at which there is no server at all.

A `Behaviour` answers one connection. With `pictures`, a POST is answered with the address of a picture on
the same server, and a GET of that picture meets the behaviour that it is given.
"""

import asyncio
import codecs
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, suppress

from tests.api.servers import Behaviour, Call, hang
from tests.imaging.samples import encoded, halves

PICTURE = encoded(halves(), "JPEG")
LARGE_PROMPT = "a" * 6_000_000  # more than the buffers between two sockets hold
TICKS = 200_000_000  # what one picture costs, by the catalogue
PAID = {"usage": {"cost_in_usd_ticks": TICKS}}


async def close_unread(call: Call) -> None:
    """Close at once."""


async def reset_unread(call: Call) -> None:
    """Reset the connection at once."""
    call.reset()


async def reset_in_mid_upload(call: Call) -> None:
    """Read the beginning of the request and reset the connection."""
    await call.reader.readexactly(50_000)
    call.reset()


async def close_in_mid_upload(call: Call) -> None:
    """Read the beginning of the request and close the connection."""
    await call.reader.readexactly(50_000)


async def stop_reading(call: Call) -> None:
    """Read the beginning of the request and then nothing more."""
    await call.reader.readexactly(50_000)
    call.writer.transport.pause_reading()  # type: ignore[attr-defined]  # it is a socket's
    await hang(call)


async def refuse_in_mid_upload(call: Call) -> None:
    """Answer 413 to the beginning of the request, and drop the rest of it."""
    await call.reader.readexactly(50_000)
    await call.answer(b'{"error": "too large"}', 413)
    while await call.reader.read(1 << 20):
        pass


async def reset(call: Call) -> None:
    """Read the request and reset the connection."""
    await call.read()
    call.reset()


async def close(call: Call) -> None:
    """Read the request and close the connection."""
    await call.read()


async def silence(call: Call) -> None:
    """Read the request and never answer."""
    await call.read()
    await hang(call)


def raw(*pieces: bytes) -> Behaviour:
    """Read the request, send these bytes, close."""

    async def behave(call: Call) -> None:
        await call.read()
        for piece in pieces:
            await call.write(piece)

    return behave


def endless(head: bytes, piece: bytes, pause_s: float = 0.02) -> Behaviour:
    """Read the request, send `head`, and then `piece` again and again."""

    async def behave(call: Call) -> None:
        await call.read()
        await call.write(head)
        while True:
            await call.write(piece)
            await asyncio.sleep(pause_s)

    return behave


def answer(body: object, status: int = 200, headers: str = "") -> Behaviour:
    """Read the request and answer it well-formed; a body that is no bytes is sent as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def behave(call: Call) -> None:
        await call.read()
        await call.answer(data, status, headers)

    return behave


def one_after_the_other(*behaviours: Behaviour) -> Behaviour:
    """Meet each connection with the next of these, and all further ones with the last."""
    left = list(behaviours)

    async def behave(call: Call) -> None:
        await (left.pop(0) if len(left) > 1 else left[0])(call)

    return behave


def redirect(status: int) -> Behaviour:
    """Lead elsewhere: to another path of this server, which would see a second request."""

    async def behave(call: Call) -> None:
        await call.read()
        await call.answer(b"", status, f"location: {origin(call)}/elsewhere\r\n")

    return behave


def pictures(get: Behaviour, address: str = "", **fields: object) -> Behaviour:
    """Sell one picture; who fetches it meets `get`. `address` is where it is said to be instead."""

    async def behave(call: Call) -> None:
        await call.read()
        if call.head.startswith(b"GET "):
            await get(call)
        else:
            entry = {"url": address or f"{origin(call)}/picture.jpg", **fields}
            await call.answer(json.dumps({"data": [entry], **PAID}).encode())

    return behave


async def marked(call: Call) -> None:
    """Sell one picture in an answer that begins with a byte order mark."""
    await call.read()
    if call.head.startswith(b"GET "):
        await call.answer(PICTURE)
    else:
        body = json.dumps({"data": [{"url": f"{origin(call)}/picture.jpg"}], **PAID})
        await call.answer(codecs.BOM_UTF8 + body.encode())


def origin(call: Call) -> str:
    """Scheme, host and port by which the caller knows this server."""
    host = next(line[6:] for line in call.head.split(b"\r\n") if line.lower().startswith(b"host: "))
    return "http://" + host.decode()


@asynccontextmanager
async def nobody() -> AsyncIterator[str]:
    """A port at which nobody listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{unused.getsockname()[1]}/v1"


@asynccontextmanager
async def crowd() -> AsyncIterator[str]:
    """A port at which somebody listens and never takes another connection."""
    with socket.socket() as full, ExitStack() as waiting:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):
            one = waiting.enter_context(socket.socket())
            one.setblocking(False)
            with suppress(BlockingIOError):
                one.connect(full.getsockname())
        await asyncio.sleep(0.1)
        yield f"http://127.0.0.1:{full.getsockname()[1]}/v1"


def at(url: str) -> Callable[[], AbstractAsyncContextManager[str]]:
    """An address, whatever is there."""

    @asynccontextmanager
    async def place() -> AsyncIterator[str]:
        yield url

    return place
