"""The part of the Files API that pictures need: upload, list with a name filter, read, delete."""

import json
import re
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from email.policy import HTTP

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from imagine_desktop.sandbox import store
from imagine_desktop.sandbox.store import Kept, Shelf
from imagine_desktop.sandbox.wire import error, refuse

MAX_FILE_BYTES = 50 << 20
_NAME_FILTER = re.compile(r"""^\s*(?:name|filename)\s*[:=]\s*"((?:[^"\\]|\\.)*)"\s*$""")


class Files:
    """The endpoints under /files."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def routes(self) -> list[Route]:
        """Where the endpoints lie below /v1."""
        return [
            Route("/files", self._list, methods=["GET"]),
            Route("/files", self._upload, methods=["POST"]),
            Route("/files/{file_id}", self._show, methods=["GET"]),
            Route("/files/{file_id}", self._delete, methods=["DELETE"]),
            Route("/files/{file_id}/content", self._content, methods=["GET"]),
        ]

    async def _list(self, request: Request) -> Response:
        found = self._shelf.all()
        wanted = request.query_params.get("filter")
        if wanted is not None:
            match = _NAME_FILTER.match(wanted)
            if match is None:
                return error(400, "invalid-argument", f"Invalid filter: {wanted}")
            name = re.sub(r"\\(.)", r"\1", match[1]).casefold()
            found = [kept for kept in found if name in kept.name.casefold()]  # the API's own is no exact match
        try:
            limit = int(request.query_params.get("limit", "100"))
            offset = int(request.query_params.get("pagination_token", "0"))
        except ValueError:
            return error(400, "invalid-argument", "limit and pagination_token must be numbers.")
        page = found[offset : offset + limit]
        rest = str(offset + limit) if offset + limit < len(found) else None
        body = {"object": "list", "data": [kept.described() for kept in page], "pagination_token": rest}
        return JSONResponse(body)

    async def _upload(self, request: Request) -> Response:
        match = re.search(r'boundary="?([^";]+)', request.headers.get("content-type", ""))
        if match is None:
            return error(415, "unsupported-media-type", "Expected multipart/form-data.")
        body = await request.body()
        if len(body) > MAX_FILE_BYTES + 65_536:
            return error(413, "payload-too-large", "The file is larger than 50 MB.")
        fields: dict[str, str] = {}
        for part in _parts(body, match[1].encode()):
            if part.name != "file":
                fields[part.name] = part.data.decode(errors="replace")
                continue
            expires = fields.get("expires_after")
            lifetime_s = None if expires is None else _lifetime(expires)
            kept = store.file(part.filename, part.data, part.mime_type, lifetime_s=lifetime_s)
            return JSONResponse(self._shelf.add(kept).described())
        return error(400, "invalid-argument", "The form has no part named file.")

    async def _show(self, request: Request) -> Response:
        return JSONResponse(self._found(request).described())

    async def _delete(self, request: Request) -> Response:
        kept = self._found(request)
        self._shelf.remove(kept.id)
        return JSONResponse({"id": kept.id, "object": "file", "deleted": True})

    async def _content(self, request: Request) -> Response:
        kept = self._found(request)
        return Response(kept.data, media_type=kept.mime_type)

    def _found(self, request: Request) -> Kept:
        kept = self._shelf.get(request.path_params["file_id"])
        if kept is None:
            refuse("The requested resource was not found.", 404, "not-found")
        return kept


class _Part:
    """One part of a multipart body."""

    def __init__(self, head: bytes, data: bytes) -> None:
        headers = BytesHeaderParser(policy=HTTP).parsebytes(head)
        disposition = headers["content-disposition"]
        parameters = disposition.params if disposition is not None else {}
        self.name = str(parameters.get("name", ""))
        self.filename = str(parameters.get("filename", "file"))
        self.mime_type = headers.get_content_type() if headers["content-type"] else "application/octet-stream"
        self.data = data


def _parts(body: bytes, boundary: bytes) -> Iterator[_Part]:
    """The parts of a multipart body (RFC 2046, 5.1.1)."""
    for piece in (b"\r\n" + body).split(b"\r\n--" + boundary)[1:]:
        if piece.startswith(b"--"):
            return
        head, _, data = piece.lstrip(b" \t").removeprefix(b"\r\n").partition(b"\r\n\r\n")
        yield _Part(head, data)


def _lifetime(text: str) -> int:
    """Seconds, plain or as `{"anchor": "created_at", "seconds": n}`."""
    try:
        value = json.loads(text)
        seconds = int(value["seconds"] if isinstance(value, dict) else value)
    except (ValueError, KeyError, TypeError):
        refuse("expires_after must be a number of seconds.")
    if not 3600 <= seconds <= 2_592_000:
        refuse("expires_after must be between 3600 and 2592000 seconds.")
    return seconds
