"""Downloads from the addresses that an answer names: they are not trusted, and never see the key.

They are fetched with httpcore's connections alone: no cookies, no passwords, no redirects and no decompression
but what is written here.
"""

import asyncio
import math
import ssl
from collections.abc import Callable

import httpcore
import httpx
import truststore

from imagine_desktop.api import guard, proxies
from imagine_desktop.api.client import USER_AGENT
from imagine_desktop.domain.delivery import is_loopback
from imagine_desktop.errors import AddressExpired, AddressRefused, ConfigurationError, DownloadError

MAX_PICTURE_BYTES = 64 * 1024 * 1024
_MAX_CONNECTIONS = 10
_MAX_REDIRECTS = 3
_GRACE_S = 30.0
_SLOWEST_BYTES_PER_S = 50_000
_PAUSES_S = {"connect": 10.0, "read": 30.0, "write": 30.0}  # between two signs of life; a deadline bounds all
_HEADERS = (
    (b"User-Agent", USER_AGENT.encode("ascii")),
    (b"Accept", b"image/*"),
    (b"Accept-Encoding", b"identity"),
)


class Fetcher:
    """Fetches pictures over https from the public web.

    Where the profile's server is on this computer, `allow_loopback`, it also asks this computer, over http too
    and at any port. A proxy of the environment is used for all other hosts; see `guard` for what that means.
    """

    def __init__(self, *, allow_loopback: bool, network: httpcore.AsyncNetworkBackend | None = None) -> None:
        self._allow_loopback = allow_loopback
        self._places = asyncio.Semaphore(_MAX_CONNECTIONS)
        self._tls = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._direct = self._pool(network=network or guard.GuardedBackend(allow_loopback=allow_loopback))
        self._proxied: dict[str, httpcore.AsyncConnectionPool] = {}

    async def fetch(self, url: str, received: Callable[[int], None], within_s: float = math.inf) -> bytes:
        """A picture's bytes, at most 64 MiB; `received` is told the number so far, now and then.

        It has 30 seconds, or `within_s` where that is less, and one more for every 50 KB. Raises
        AddressRefused, AddressExpired (403, 404 or 410) or DownloadError.
        """
        try:
            async with self._places, asyncio.timeout(min(_GRACE_S, within_s)) as deadline:
                return await self._follow(url, received, deadline)
        except DownloadError:
            raise
        except Exception as error:  # whatever a server from outside provokes, the picture is paid for
            raise _explained(error) from error

    async def aclose(self) -> None:
        """Close every connection."""
        for pool in (self._direct, *self._proxied.values()):
            await pool.aclose()

    async def _follow(self, url: str, received: Callable[[int], None], deadline: asyncio.Timeout) -> bytes:
        address = httpx.URL()
        for _ in range(1 + _MAX_REDIRECTS):
            address = self._checked(address, url)
            host = address.raw_host.decode("ascii")
            proxy = await asyncio.to_thread(proxies.for_host, host)
            pool = self._direct if proxy is None else self._through(proxy)
            async with pool.stream(
                "GET",
                _target(address),
                headers=[(b"Host", address.netloc), *_HEADERS],
                extensions={"timeout": _PAUSES_S},
            ) as response:
                headers = {name.lower().decode("latin-1"): value for name, value in response.headers}
                if response.status not in (301, 302, 303, 307, 308) or "location" not in headers:
                    _check_answer(response.status, headers)
                    length = int(headers.get("content-length", b"0"))
                    return await _body(response, length, received, deadline)
            url = headers["location"].decode("utf-8", "replace")
        raise AddressRefused("The picture's address leads from one to the next.", may_retry=False)

    def _checked(self, base: httpx.URL, url: str) -> httpx.URL:
        """An address, relative to `base`, that may be visited."""
        try:
            address = base.join(url)
            host = address.raw_host.decode("ascii")
        except (httpx.InvalidURL, ValueError) as error:
            raise AddressRefused(
                "The picture's address is malformed.", detail=str(error), may_retry=False
            ) from error
        if self._allow_loopback and is_loopback(host) and address.scheme in ("http", "https"):
            is_allowed = not address.userinfo
        else:
            is_allowed = address.scheme == "https" and address.port is None and not address.userinfo
            guard.check_host(host)
        if not is_allowed:
            raise AddressRefused("The picture's address is not one on the public web.", may_retry=False)
        return address

    def _through(self, proxy_url: str) -> httpcore.AsyncConnectionPool:
        if proxy_url not in self._proxied:
            proxy = httpx.Proxy(proxy_url)
            self._proxied[proxy_url] = self._pool(
                proxy=httpcore.Proxy(_target(proxy.url), auth=proxy.raw_auth, ssl_context=self._tls)
            )
        return self._proxied[proxy_url]

    def _pool(
        self, *, network: httpcore.AsyncNetworkBackend | None = None, proxy: httpcore.Proxy | None = None
    ) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            self._tls, proxy, _MAX_CONNECTIONS, keepalive_expiry=5, network_backend=network
        )


def _target(address: httpx.URL) -> httpcore.URL:
    return httpcore.URL(
        scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path
    )


def _check_answer(status: int, headers: dict[str, bytes]) -> None:
    if status in (403, 404, 410):  # storage answers 403 where a signed address has expired
        raise AddressExpired
    if status != 200:
        may_retry = status in (408, 429) or status >= 500
        raise DownloadError(f"The picture's address answered {status}.", may_retry=may_retry)
    if headers.get("content-encoding", b"identity").lower() != b"identity":
        raise AddressRefused("The picture came compressed, which was not asked for.", may_retry=False)


async def _body(
    response: httpcore.Response, length: int, received: Callable[[int], None], deadline: asyncio.Timeout
) -> bytes:
    """The body; `length` is the declared one, or 0. httpcore tells of one that ends before it."""
    due_s = deadline.when() or 0.0
    _check_size(length)
    deadline.reschedule(due_s + length / _SLOWEST_BYTES_PER_S)
    pieces, size = [], 0
    async for piece in response.aiter_stream():
        size += len(piece)
        _check_size(size)
        if size > length:
            deadline.reschedule(due_s + size / _SLOWEST_BYTES_PER_S)
        pieces.append(piece)
        received(size)
    return b"".join(pieces)


def _check_size(size: int) -> None:
    if size > MAX_PICTURE_BYTES:
        raise AddressRefused(
            f"The picture is larger than {MAX_PICTURE_BYTES // 1_048_576} MB.", may_retry=False
        )


def _explained(error: Exception) -> DownloadError:
    detail = f"{type(error).__name__}: {error}"
    if isinstance(error, ConfigurationError):
        return DownloadError(error.message, error.hint)
    if "CERTIFICATE_VERIFY_FAILED" in detail:
        message, hint = (
            "The certificate of the picture's server cannot be trusted.",
            ("Check the network and the computer's clock; it is tried again."),
        )
    elif isinstance(error, TimeoutError | httpcore.TimeoutException):
        message, hint = "A picture took too long to download.", ""
    else:
        message, hint = "A picture could not be downloaded.", ""
    return DownloadError(message, hint, detail=detail)
