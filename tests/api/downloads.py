"""What tests of downloads share: one download, a server that answers, networks that lead where a test says."""

import ssl
from collections.abc import Callable, Iterable

import httpcore

from imagine_desktop.api.fetch import Fetcher
from imagine_desktop.api.guard import Resolve
from tests.api.servers import Behaviour, Call

PICTURE = b"\xff\xd8\xff picture" * 1000


def ignore(_count: int) -> None:
    """Take no notice of how far a download is."""


async def fetched(
    url: str,
    *,
    allow_loopback: bool = True,
    network: httpcore.AsyncNetworkBackend | None = None,
    received: Callable[[int], None] = ignore,
) -> bytes:
    """One download by a fetcher of its own."""
    fetcher = Fetcher(allow_loopback=allow_loopback, network=network)
    try:
        return await fetcher.fetch(url, received)
    finally:
        await fetcher.aclose()


def answering(body: bytes = PICTURE, status: int = 200, headers: str = "") -> Behaviour:
    """A server that answers so."""

    async def behave(call: Call) -> None:
        await call.read()
        await call.answer(body, status, headers)

    return behave


class Detour(httpcore.AsyncNetworkBackend):
    """A network on which every address leads to one local port; it remembers what was dialled."""

    def __init__(self, port: int, dead: Iterable[str] = ()) -> None:
        self.dialled: list[tuple[str, int]] = []
        self._port = port
        self._dead = set(dead)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the local port."""
        self.dialled.append((host, port))
        if host in self._dead:
            raise httpcore.ConnectError("unreachable")
        return await httpcore.AnyIOBackend().connect_tcp("127.0.0.1", self._port, timeout)


def knowing(*addresses: str) -> Resolve:
    """A name server on which every name leads to these addresses."""

    async def resolve(_host: str, _port: int) -> list[str]:
        return list(addresses)

    return resolve


class _Plain(httpcore.AsyncNetworkStream):
    """A stream that goes on as it is where TLS is asked for."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        return self._stream


class WithoutTls(httpcore.AsyncNetworkBackend):
    """A network whose servers are taken for what their names say: what comes after TLS is tested."""

    def __init__(self, network: httpcore.AsyncNetworkBackend) -> None:
        self._network = network

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect as the network does."""
        return _Plain(await self._network.connect_tcp(host, port, timeout))
