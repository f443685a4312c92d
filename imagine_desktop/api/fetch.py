"""Downloads from the addresses that an answer names: they are not trusted, and never see the key."""

import asyncio
import ipaddress
import re
import ssl
import unicodedata
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import truststore

from imagine_desktop.api.client import DIRECT, USER_AGENT
from imagine_desktop.domain.request import is_loopback
from imagine_desktop.errors import AddressExpired, AddressRefused, DownloadError

MAX_PICTURE_BYTES = 64 * 1024 * 1024
_MAX_REDIRECTS = 3
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")  # all that is handed out; not NAT64 or mapped addresses
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
            mounts=DIRECT,
            headers={"user-agent": USER_AGENT, "accept-encoding": "identity", "accept": "image/*"},
        )

    async def fetch(self, url: str, received: Callable[[int], None]) -> bytes:
        """A picture's bytes, at most 64 MiB; `received` is told the number so far, now and then.

        Raises AddressRefused, AddressExpired (404 or 410) or DownloadError.
        """
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                for _ in range(1 + _MAX_REDIRECTS):
                    self._check(url)
                    async with self._http.stream("GET", url) as response:
                        if not response.has_redirect_location:
                            return await self._body(response, received)
                        url = str(response.url.join(response.headers["location"]))
            raise AddressRefused("The picture's address leads from one to the next.", may_retry=False)
        except DownloadError:
            raise
        except Exception as error:  # addresses from outside make httpx raise more than its own errors
            raise DownloadError(
                "A picture could not be downloaded.",
                "It is paid for; it is tried again.",
                detail=f"{type(error).__name__}: {error}",
                may_retry=isinstance(error, httpx.TransportError | OSError),
            ) from error

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def _body(self, response: httpx.Response, received: Callable[[int], None]) -> bytes:
        status = response.status_code
        if status in (404, 410):
            raise AddressExpired("Paid, lost: address expired.")
        if status != 200:
            raise DownloadError(
                f"The picture's address answered {status}.",
                "It is paid for; it is tried again.",
                may_retry=status in (408, 429) or status >= 500,
            )
        if "content-encoding" in response.headers:
            raise AddressRefused("The picture came compressed, which was not asked for.", may_retry=False)
        pieces, size = [], 0
        async for piece in response.aiter_raw():
            size += len(piece)
            if size > MAX_PICTURE_BYTES:
                limit = MAX_PICTURE_BYTES // 1_048_576
                raise AddressRefused(f"The picture is larger than {limit} MB.", may_retry=False)
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
    """Whether a host's spelling leads to this computer or its network; a name is not looked up."""
    host = unicodedata.normalize("NFKC", host).replace("\u3002", ".").rstrip(".")
    if host == "localhost" or host.endswith((".localhost", ".local")):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        # Resolvers take 127.1, 0x7f.1 and 2130706433 for addresses too.
        return re.fullmatch(r"\d+|0x[0-9a-f]*", host.rpartition(".")[2]) is not None
    if isinstance(address, ipaddress.IPv6Address):
        return not (address.is_global and address in _PUBLIC_IPV6) or address.sixtofour is not None
    return not address.is_global or address.is_multicast
