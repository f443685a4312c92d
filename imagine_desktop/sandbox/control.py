"""Scripted faults, the log of requests received, and the truth of what was charged.

Under /control, without a key, and only where the sandbox was started with `--control`:

    POST   /control/faults     one fault or a list, queued; see `Fault` for the fields
    GET    /control/faults     those that have not been met yet
    DELETE /control/faults     forget them
    POST   /control/latency    {"seconds": S}
    POST   /control/expire     the addresses of all pictures made so far answer 404
    GET    /control/requests   what arrived, in order
    DELETE /control/requests   forget it
    GET    /control/charges    what was charged, in order; written when a request is accepted
    DELETE /control/charges    forget it
"""

import asyncio
import base64
import fnmatch
import hashlib
import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import cast
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagine_desktop.sandbox import faults, wire
from imagine_desktop.sandbox.images import Images, Pace
from imagine_desktop.sandbox.wire import Order

_KEPT = 10_000

Entry = dict[str, object]


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to the requests that it matches.

    It matches `times` requests (0: all) of that `method` (any) and with that `key` (any) whose path fits the
    glob `path`, after letting `skip` of them pass. The answer is held back for `delay` seconds, and then, by
    `action`:

    - none: it is the usual one
    - answer: it has that `status`, `headers` and `body` (text or JSON) or `body_base64`
    - drop: the connection is reset once the request was read
    - drop-unread: the connection is reset before the request's body is read
    - hang: it never comes
    - raw: the bytes of `body` or `body_base64` are written as they are, then the connection is closed
    - cut: the usual one breaks off after `keep` bytes of its body (half)
    - length: the usual one declares a length that is `by` bytes more (or less) than its body
    - trickle: the usual one takes `seconds` to arrive
    - expire: the usual one, and the addresses in it answer 404

    With `charge`, answer, drop, hang and raw come after the request was served and charged as usual.
    """

    action: str = "none"
    path: str = "*"
    method: str = ""
    key: str = ""
    times: int = 1
    skip: int = 0
    delay: float = 0.0
    charge: bool = False
    status: int = 500
    headers: Mapping[str, str] | None = None
    body: object = ""
    body_base64: str = ""
    keep: int | None = None
    by: int = 0
    seconds: float = 10.0

    @property
    def is_served(self) -> bool:
        """Whether the request reaches the API behind."""
        return self.action in ("none", "cut", "length", "trickle", "expire") or self.charge

    @property
    def content(self) -> bytes:
        """The scripted body."""
        if self.body_base64:
            return base64.b64decode(self.body_base64)
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()

    def spoil(self, usual: Response) -> Response:
        """What is sent in place of the usual answer."""
        spoilers: dict[str, Callable[[], Response]] = {
            "none": lambda: usual,
            "answer": self._answer,
            "drop": faults.Dropped,
            "drop-unread": faults.Dropped,
            "hang": faults.Silence,
            "raw": lambda: faults.Raw(self.content),
            "cut": lambda: faults.cut(usual, self.keep),
            "length": lambda: faults.with_false_length(usual, self.by),
            "trickle": lambda: faults.Trickle(usual, self.seconds),
            "expire": lambda: usual,
        }
        return spoilers[self.action]()

    def _answer(self) -> Response:
        media_type = "text/plain" if isinstance(self.body, str) else "application/json"
        return Response(self.content, self.status, dict(self.headers or {}), media_type)


_ACTIONS = ("none", "answer", "drop", "drop-unread", "hang", "raw", "cut", "length", "trickle", "expire")


class Control:
    """Keeps the script and the logs; `wrapped` puts it in front of the API."""

    def __init__(self) -> None:
        self._script: list[Fault] = []
        self._requests: deque[Entry] = deque(maxlen=_KEPT)
        self._charges: deque[Entry] = deque(maxlen=_KEPT)
        self._number = 0

    def charge(self, request: Request, order: Order) -> None:
        """Note what a request was charged."""
        entry: Entry = {
            "number": request.scope["state"].get("number"),
            "path": request.url.path,
            "x_client_request_id": request.headers.get("x-client-request-id"),
            "x_request_id": request.scope["state"]["request_id"],
            "prompt": order.prompt,
            "pictures": order.count,
            "ticks": order.cost_ticks,
        }
        self._charges.append(entry)

    def routes(self, images: Images, pace: Pace) -> list[Route]:
        """Where the control lies."""

        async def faults_(request: Request) -> Response:
            if request.method == "POST":
                given = await request.json()
                queued = [_fault(entry) for entry in (given if isinstance(given, list) else [given])]
                self._script += queued
                return JSONResponse({"queued": len(queued)})
            if request.method == "DELETE":
                self._script.clear()
            return JSONResponse({"faults": [asdict(fault) for fault in self._script]})

        async def latency(request: Request) -> Response:
            pace.seconds = float((await request.json())["seconds"])
            return JSONResponse({"seconds": pace.seconds})

        async def expire(_request: Request) -> Response:
            images.pictures.clear()
            return JSONResponse({})

        async def requests(request: Request) -> Response:
            if request.method == "DELETE":
                self._requests.clear()
            return JSONResponse({"requests": list(self._requests)})

        async def charges(request: Request) -> Response:
            if request.method == "DELETE":
                self._charges.clear()
            total = sum(cast(int, entry["ticks"]) for entry in self._charges)
            return JSONResponse({"charges": list(self._charges), "ticks": total})

        return [
            Route("/control/faults", faults_, methods=["GET", "POST", "DELETE"]),
            Route("/control/latency", latency, methods=["POST"]),
            Route("/control/expire", expire, methods=["POST"]),
            Route("/control/requests", requests, methods=["GET", "DELETE"]),
            Route("/control/charges", charges, methods=["GET", "DELETE"]),
        ]

    def wrapped(self, app: ASGIApp) -> ASGIApp:
        """`app` with the log and the script in front of it; /control itself is not logged."""

        async def front(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["path"].startswith("/control/"):
                await app(scope, receive, send)
                return
            self._number += 1
            scope["state"]["number"] = self._number
            log = _Log(self._number, scope, receive, send)
            self._requests.append(log.entry)
            fault = self._next(scope, log.entry)
            if fault is None:
                await app(scope, log.receive, log.send)
            else:
                await _meet(fault, app, scope, log)

        return front

    def _next(self, scope: Scope, entry: Entry) -> Fault | None:
        """The first fault of the script that matches, with its counts taken down."""
        shown = cast(dict[str, str], entry["headers"]).get("authorization", "")
        for place, fault in enumerate(self._script):
            if fault.method not in ("", scope["method"]) or fault.key not in (
                "",
                shown.removeprefix("Bearer "),
            ):
                continue
            if not fnmatch.fnmatchcase(scope["path"], fault.path):
                continue
            if fault.skip:
                self._script[place] = _changed(fault, skip=fault.skip - 1)
                continue
            if fault.times == 1:
                del self._script[place]
            elif fault.times > 1:
                self._script[place] = _changed(fault, times=fault.times - 1)
            return fault
        return None


class _Log:
    """Writes one request into the log while it is read and answered."""

    def __init__(self, number: int, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        self.entry: Entry = {
            "number": number,
            "method": scope["method"],
            "path": scope["path"],
            "query": unquote(scope["query_string"].decode("latin-1")),
            "headers": headers,
            "body_bytes": 0,
            "is_read": False,
            "body": None,
            "status": None,
        }
        self._chunks: list[bytes] = []
        self._receive = receive
        self._send = send

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request" and not self.entry["is_read"]:
            self._chunks.append(message.get("body", b""))
            if not message.get("more_body", False):
                body = b"".join(self._chunks)
                self._chunks.clear()
                self.entry |= {"is_read": True, "body_bytes": len(body), "body": _abbreviated_json(body)}
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.entry["status"] = message["status"]
        await self._send(message)


async def _meet(fault: Fault, app: ASGIApp, scope: Scope, log: _Log) -> None:
    usual = Response()
    if fault.is_served:
        captured = faults.Captured()
        scope["state"]["expire"] = fault.action == "expire"
        await app(scope, log.receive, captured.send)
        usual = captured.response()
    elif fault.action != "drop-unread":
        while not log.entry["is_read"] and (await log.receive())["type"] != "http.disconnect":
            pass
    await asyncio.sleep(fault.delay)
    await fault.spoil(usual)(scope, log.receive, log.send)


def _fault(given: object) -> Fault:
    known = {field.name for field in fields(Fault)}
    if not isinstance(given, dict) or not known.issuperset(given):
        wire.refuse(f"A fault is an object with some of these fields: {', '.join(sorted(known))}.")
    fault = Fault(**given)
    if fault.action not in _ACTIONS:
        wire.refuse(f"action is one of {', '.join(_ACTIONS)}.")
    return fault


def _changed(fault: Fault, **changes: int) -> Fault:
    return Fault(**(asdict(fault) | changes))


def _abbreviated_json(body: bytes) -> object:
    """The body as JSON with long texts told by length and hash, or None where it is none."""
    try:
        return _abbreviated(json.loads(body))
    except ValueError:
        return None


def _abbreviated(value: object) -> object:
    match value:
        case dict():
            return {name: _abbreviated(entry) for name, entry in value.items()}
        case list():
            return [_abbreviated(entry) for entry in value]
        case str() if value.startswith("data:"):
            head, _, text = value.partition(",")
            try:
                data = base64.b64decode(text)
            except ValueError:
                data = text.encode()
            return {"data_uri": head, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        case _:
            return value
