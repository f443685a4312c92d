"""Answers that go wrong on their way: cut, slow, with a false length, or never sent.

They need the connection itself, which `Connection` puts into the state of each request.
"""

import asyncio
import socket
from typing import cast

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol


class Connection(H11Protocol):
    """An HTTP/1.1 connection whose transport the application may reach."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in the base
        super().connection_made(transport)
        # asyncio does this only for sockets that name their protocol; without it each answer waits 40 ms.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.app_state = {**self.app_state, "transport": transport}


class Dropped(Response):
    """The connection is reset without an answer."""

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        _transport(scope).abort()
        await _gone(receive)


class Silence(Response):
    """No answer comes, until the caller goes."""

    async def __call__(self, _scope: Scope, receive: Receive, _send: Send) -> None:
        await _gone(receive)


class Raw(Response):
    """Bytes as they are given, then the end of the connection."""

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        await self._write(bytes(self.body), scope, receive)

    @staticmethod
    async def _write(data: bytes, scope: Scope, receive: Receive) -> None:
        transport = _transport(scope)
        transport.write(data)
        transport.close()
        await _gone(receive)


class Mislabelled(Raw):
    """An answer that declares a length which its body has not."""

    def __init__(self, answer: Response, *, declared: int, keep: int) -> None:
        super().__init__(bytes(answer.body)[:keep], answer.status_code)
        self.raw_headers = [(name, value) for name, value in answer.raw_headers if name != b"content-length"]
        self._declared = declared

    async def __call__(self, scope: Scope, receive: Receive, _send: Send) -> None:
        self.headers.setdefault("x-request-id", scope["state"]["request_id"])
        self.headers["content-length"] = str(self._declared)
        lines = [f"HTTP/1.1 {self.status_code} Scripted".encode()]
        lines += [b"%s: %s" % header for header in self.raw_headers]
        await self._write(b"\r\n".join([*lines, b"", bytes(self.body)]), scope, receive)


def cut(answer: Response, keep: int | None = None) -> Response:
    """`answer` that ends after `keep` bytes of its body, or after half of it."""
    size = len(answer.body)
    return Mislabelled(answer, declared=size, keep=size // 2 if keep is None else keep)


def with_false_length(answer: Response, by: int) -> Response:
    """`answer` declaring `by` bytes more, or less, than it has."""
    size = len(answer.body)
    return Mislabelled(answer, declared=size + by, keep=size)


class Trickle(Response):
    """An answer whose body takes `seconds` to arrive."""

    def __init__(self, answer: Response, seconds: float) -> None:
        super().__init__(answer.body, answer.status_code)
        self.raw_headers = answer.raw_headers
        self._seconds = seconds

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        body = bytes(self.body)
        step = max(1, len(body) // 40)
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        for start in range(0, len(body), step):
            await send({"type": "http.response.body", "body": body[start : start + step], "more_body": True})
            await asyncio.sleep(self._seconds / 40)
        await send({"type": "http.response.body", "body": b""})


class Captured:
    """Collects an answer instead of sending it."""

    def __init__(self) -> None:
        self._status = 500
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []

    async def send(self, message: Message) -> None:
        """Take one message of the answer."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = list(message["headers"])
        else:
            self._body.append(message.get("body", b""))

    def response(self) -> Response:
        """The answer as a whole."""
        response = Response(b"".join(self._body), self._status)
        response.raw_headers = self._headers
        return response


def _transport(scope: Scope) -> asyncio.Transport:
    return cast(asyncio.Transport, scope["state"]["transport"])


async def _gone(receive: Receive) -> None:
    """Return once the connection has ended; an application that returned earlier would be answered for."""
    while (await receive())["type"] != "http.disconnect":
        pass
