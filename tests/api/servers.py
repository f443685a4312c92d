"""Small hostile servers: what they do with a connection is a coroutine, what they got is kept."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

Behaviour = Callable[["Call"], Awaitable[None]]


@dataclass
class Call:
    """One connection, seen from the server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head: bytes = b""
    body: bytes = b""
    is_whole: bool = False

    async def read(self) -> None:
        """Read the whole request, if that was not done yet."""
        if self.is_whole:
            return
        self.head = await self.reader.readuntil(b"\r\n\r\n")
        length = next(
            (
                int(line[15:])
                for line in self.head.lower().split(b"\r\n")
                if line.startswith(b"content-length:")
            ),
            0,
        )
        self.body = await self.reader.readexactly(length)
        self.is_whole = True

    async def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.writer.write(data)
        await self.writer.drain()

    async def answer(self, body: bytes = b"", status: int = 200, headers: str = "") -> None:
        """Send a well-formed answer."""
        await self.write(f"HTTP/1.1 {status} X\r\ncontent-length: {len(body)}\r\n{headers}\r\n".encode() + body)

    def reset(self) -> None:
        """Break the connection."""
        self.writer.transport.abort()


@dataclass
class Server:
    """Where it listens, and the calls it got."""

    port: int
    calls: list[Call] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def serving(
    behave: Behaviour, context: ssl.SSLContext | None = None, *, starts_after_s: float = 0
) -> AsyncIterator[Server]:
    """A server on a free port until the block ends; at first, for so long, it takes no connections."""
    tasks: set[asyncio.Task[None]] = set()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        call = Call(reader, writer)
        server.calls.append(call)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await behave(call)
        writer.close()
        with suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()

    async def start_later() -> None:
        await asyncio.sleep(starts_after_s)
        await listener.start_serving()

    listener = await asyncio.start_server(
        meet, "127.0.0.1", 0, ssl=context, limit=1 << 20, start_serving=not starts_after_s
    )
    if starts_after_s:
        tasks.add(asyncio.create_task(start_later()))
    server = Server(listener.sockets[0].getsockname()[1])
    try:
        yield server
    finally:
        listener.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def hang(_call: Call) -> None:
    """Never go on."""
    await asyncio.Event().wait()
