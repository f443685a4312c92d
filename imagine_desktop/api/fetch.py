"""Downloads from the addresses that an answer names: they are not trusted, and never see the key."""

import asyncio
import ipaddress
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import truststore

from imagine_desktop.api.client import USER_AGENT
from imagine_desktop.domain.request import is_loopback
from imagine_desktop.errors import AddressExpired, AddressRefused, DownloadError

MAX_PICTURE_BYTES = 64 * 1024 * 1024
_TIMEOUT_S = 120.0


class Fetcher:
    """Fetches pictures over https, or over http from this computer where the profile's server is on it."""

    def __init__(self, *, allow_loopback: bool) -> None:
        self._allow_loopback = allow_loopback
        self._http = httpx.AsyncClient(
            verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            follow_redirects=False,
            timeout=httpx.Timeout(30),
            limits=httpx.Limits(max_connections=10),
            headers={"user-agent": USER_AGENT, "accept-encoding": "identity", "accept": "image/*"},
        )

    async def fetch(self, url: str, received: Callable[[int], None]) -> bytes:
        """A picture's bytes, at most 64 MiB; `received` is told the number so far, now and then.

        Raises AddressRefused, AddressExpired (404 or 410) or DownloadError.
        """
        self._check(url)
        try:
            async with asyncio.timeout(_TIMEOUT_S), self._http.stream("GET", url) as response:
                return await self._body(response, received)
        except (httpx.HTTPError, OSError, TimeoutError) as error:
            raise DownloadError(
                "A picture could not be downloaded.",
                "It is paid for; it is tried again.",
                detail=f"{type(error).__name__}: {error}",
            ) from error

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def _body(self, response: httpx.Response, received: Callable[[int], None]) -> bytes:
        status = response.status_code
        if status in (404, 410):
            raise AddressExpired("The picture's address no longer leads to it.", "It was paid for.")
        if status != 200:
            raise DownloadError(
                f"The picture's address answered {status}.",
                "It is paid for; it is tried again.",
                may_retry=status in (408, 429) or status >= 500,
            )
        if "content-encoding" in response.headers:
            raise AddressRefused("The picture came compressed, which was not asked for.")
        pieces, size = [], 0
        async for piece in response.aiter_raw():
            size += len(piece)
            if size > MAX_PICTURE_BYTES:
                raise AddressRefused(f"The picture is larger than {MAX_PICTURE_BYTES // 1_048_576} MB.")
            pieces.append(piece)
            received(size)
        expected = response.headers.get("content-length")
        if expected is not None and expected != str(size):
            raise DownloadError("A picture came cut short.", "It is paid for; it is tried again.")
        return b"".join(pieces)

    def _check(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname or "", parts.port
        except ValueError:
            raise AddressRefused("The picture's address is malformed.", may_retry=False) from None
        if self._allow_loopback and is_loopback(host) and parts.scheme in ("http", "https"):
            return
        if parts.scheme != "https" or parts.username is not None or not host or _is_private(host):
            raise AddressRefused("The picture's address is not one on the public web.", may_retry=False)


def _is_private(host: str) -> bool:
    if is_loopback(host):
        return True
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return False  # a name
