"""The paid calls: one HTTP request each, on a connection of its own, never sent twice by itself.

A request that fails is either provably not sent, or its outcome is unknown; which of the two is read off the
connection: the request's head was never begun, or its body was never handed over whole.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlsplit

import httpx
import truststore

import imagine_desktop
from imagine_desktop.api import account, models, proxies
from imagine_desktop.api.wire import Answer
from imagine_desktop.domain.record import TurnId
from imagine_desktop.errors import ApiError, NotSent, OutcomeUnknown
from imagine_desktop.secrets import Secret

_CHECK_S = 20.0
_SLOWEST_BYTES_PER_S = 50_000
_ASK_AGAIN_AFTER_S = (0.25, 1.0)
_CHUNK_BYTES = 256 * 1024
_MAX_ABOUT_BYTES = 4 * 1024 * 1024  # what is said about keys and models
_MAX_ANSWER_BYTES = 192 * 1024 * 1024  # ten pictures at 2k in base64, several times over
USER_AGENT = f"imagine-desktop/{imagine_desktop.__version__}"


class _Sending:
    """How far a request has come: its head begun, its body handed over."""

    def __init__(self, body: bytes) -> None:
        self.has_begun = False
        self.is_whole = False
        self._body = body

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body in pieces, its last byte by itself: a piece once handed over may be sent, come what may."""
        rest = len(self._body) - 1
        for start in range(0, rest, _CHUNK_BYTES):
            yield self._body[start : min(start + _CHUNK_BYTES, rest)]
        self.is_whole = True
        yield self._body[rest:]

    async def trace(self, event: str, _info: object) -> None:
        """Called by httpcore at each step of the connection."""
        if event.endswith("send_request_headers.started"):
            self.has_begun = True

    @property
    def may_have_arrived(self) -> bool:
        """Whether the server may hold the whole request."""
        return self.has_begun and self.is_whole


class Client:
    """Speaks to one API with one key."""

    def __init__(self, base_url: str, key: Secret) -> None:
        """Blocks where the system looks up the proxy; raises ConfigurationError for one of no use."""
        self._base_url = base_url
        self._key = key
        self._http = httpx.AsyncClient(
            verify=truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
            limits=httpx.Limits(max_keepalive_connections=0),  # a fresh connection cannot be a dead one
            follow_redirects=False,  # a 307 would send prompt, pictures and price to another host
            timeout=httpx.Timeout(None, connect=20),  # the whole is bounded by one deadline below
            proxy=proxies.for_host(urlsplit(base_url).hostname or ""),
            trust_env=False,  # it would refuse to work at all where one of several proxies is unknown to it
        )

    async def post(self, path: str, body: bytes, turn_id: TurnId, timeout_s: float) -> Answer:
        """Send a paid request once and return whatever the API answers, all of it within `timeout_s`.

        Raises NotSent where it provably never arrived whole, OutcomeUnknown where it may have.
        """
        sending = _Sending(body)
        headers = {
            "authorization": f"Bearer {self._key.reveal()}",
            "content-type": "application/json",
            "content-length": str(len(body)),  # with a generator as body httpx would send chunks
            "accept": "application/json",
            "accept-encoding": "identity",
            "user-agent": USER_AGENT,
            "x-client-request-id": turn_id,
        }
        try:
            request = self._http.build_request(
                "POST",
                self._base_url + path,
                headers=headers,
                content=sending.chunks(),
                extensions={"trace": sending.trace},
            )
            async with asyncio.timeout(timeout_s):
                return await self._answer(request)
        except Exception as error:  # whatever it is, it must say what it means for the person's money
            raise _explained(error, sending, timeout_s) from error

    async def check_key(self) -> str:
        """Ask about the key, which costs nothing; returns what the API says of it. Raises ApiError."""
        of_key = await self._ask_once("GET", "/api-key", None, _MAX_ABOUT_BYTES)
        is_refused = of_key.status in (400, 401, 403)
        of_person = of_key if is_refused else await self._ask_once("GET", "/me", None, _MAX_ABOUT_BYTES)
        return account.report(of_key, of_person)

    async def models(self) -> object:
        """The list of models with their prices, as JSON's value; asking costs nothing. Raises ApiError."""
        answer = await self.ask("/image-generation-models", max_bytes=_MAX_ABOUT_BYTES)
        models.parse(answer)  # what is no list is not handed on
        return models.body(answer)

    async def ask(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        method: str = "GET",
        max_bytes: int = _MAX_ANSWER_BYTES,
    ) -> Answer:
        """A request that costs nothing, asked again at 408, 429 and 5xx. Raises ApiError without an answer."""
        for pause_s in _ASK_AGAIN_AFTER_S:
            answer = await self._ask_once(method, path, query, max_bytes)
            if answer.status not in (408, 429) and answer.status < 500:
                return answer
            await asyncio.sleep(pause_s)
        return await self._ask_once(method, path, query, max_bytes)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def _ask_once(
        self, method: str, path: str, query: Mapping[str, str] | None, max_bytes: int
    ) -> Answer:
        headers = {
            "authorization": f"Bearer {self._key.reveal()}",
            "accept-encoding": "identity",
            "user-agent": USER_AGENT,
        }
        try:
            request = self._http.build_request(method, self._base_url + path, headers=headers, params=query)
            async with asyncio.timeout(_CHECK_S) as deadline:
                return await self._answer(request, max_bytes, deadline)
        except Exception as error:  # as above
            detail = f"{type(error).__name__}: {error}"
            said = "The API cannot be reached.", "Check the connection and try again."
            if "CERTIFICATE" in str(error).upper():
                said = (
                    "The server's certificate cannot be trusted.",
                    "Check the address and the computer's clock.",
                )
            raise ApiError(*said, detail=detail) from error

    async def _answer(
        self,
        request: httpx.Request,
        max_bytes: int = _MAX_ANSWER_BYTES,
        deadline: asyncio.Timeout | None = None,
    ) -> Answer:
        """The whole answer; with each of its bytes `deadline` moves, as a slow line needs it."""
        due_s = (deadline.when() if deadline is not None else None) or 0.0
        response = await self._http.send(request, stream=True)
        try:
            pieces, size = [], 0
            async for piece in response.aiter_raw():
                size += len(piece)
                if deadline is not None:
                    deadline.reschedule(due_s + size / _SLOWEST_BYTES_PER_S)
                if size > max_bytes:
                    raise httpx.ReadError("the answer is larger than any that pictures can make")
                pieces.append(piece)
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, headers, b"".join(pieces))
        finally:
            await response.aclose()


def _explained(error: Exception, sending: _Sending, timeout_s: float) -> NotSent | OutcomeUnknown:
    detail = f"{type(error).__name__}: {error}"
    if not sending.may_have_arrived:
        is_certificate = "CERTIFICATE" in str(error).upper()
        if is_certificate:
            return NotSent(
                "The server's certificate cannot be trusted.",
                "Check the address and the computer's clock.",
                detail=detail,
                may_retry=False,
            )
        return NotSent(
            "The API cannot be reached.",
            "Check the connection and try again.",
            detail=detail,
            may_retry=isinstance(error, httpx.TransportError | OSError)
            and not isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError),
        )
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return OutcomeUnknown(f"No answer came within {timeout_s:.0f} seconds.", detail=detail)
    return OutcomeUnknown("The connection broke before the answer was whole.", detail=detail)
