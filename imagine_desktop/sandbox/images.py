"""The endpoints that make pictures, and the addresses behind which they lie."""

import asyncio
import base64
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from imagine_desktop.sandbox import faults, magic, models, painter, sources, store, wire
from imagine_desktop.sandbox.magic import Tag, Tags
from imagine_desktop.sandbox.painter import Picture
from imagine_desktop.sandbox.store import Shelf
from imagine_desktop.sandbox.wire import Order, Storage

_MAX_DEFERRED = 1000

Charge = Callable[[Request, Order], None]


@dataclass(slots=True)
class Pace:
    """How long an answer takes at least: `seconds` for one picture and a quarter more for each further one."""

    seconds: float

    def of(self, order: Order) -> float:
        """Seconds for that order; 2k takes half as long again."""
        return self.seconds * (1 + 0.25 * (order.count - 1)) * (1.5 if order.resolution == "2k" else 1)


class Images:
    """POST /images/generations and /images/edits, GET /images/{id}, and the pictures themselves."""

    def __init__(self, files: Shelf, pace: Pace, charge: Charge) -> None:
        self.pictures = Shelf()
        self._files = files
        self._pace = pace
        self._charge = charge
        self._tags = Tags()
        self._deferred: dict[str, asyncio.Task[Response]] = {}
        self._drawing = ThreadPoolExecutor(2, "drawing")
        self._reading = ThreadPoolExecutor(4, "reading")  # decoding, JSON and fetching wait for no drawing

    def close(self) -> None:
        """Start no further picture."""
        self._drawing.shutdown(wait=False, cancel_futures=True)
        self._reading.shutdown(wait=False, cancel_futures=True)

    def routes(self) -> list[Route]:
        """Where the endpoints lie below /v1."""
        return [
            Route("/images/generations", self._generate, methods=["POST"]),
            Route("/images/edits", self._edit, methods=["POST"]),
            Route("/images/{request_id}", self._poll, methods=["GET"]),
        ]

    def addresses(self) -> list[Route]:
        """Where the pictures lie, outside /v1 and without a key."""
        return [
            Route("/xai-imgen/{name}", self._picture, methods=["GET"]),
            Route("/xai-files/{name}", self._public_file, methods=["GET"]),
        ]

    async def _generate(self, request: Request) -> Response:
        return await self._serve(request, is_edit=False)

    async def _edit(self, request: Request) -> Response:
        return await self._serve(request, is_edit=True)

    async def _serve(self, request: Request, *, is_edit: bool) -> Response:
        body = await wire.read_body(request)
        loop = asyncio.get_running_loop()
        order = await loop.run_in_executor(self._reading, lambda: wire.parse(body, is_edit=is_edit))
        tag = self._tags.read(order.prompt)
        refusal = magic.refusal(tag, order) if tag else None
        if refusal is not None:
            return refusal
        inputs = list(
            await asyncio.gather(
                *(loop.run_in_executor(self._reading, sources.load, ref, self._files) for ref in order.sources)
            )
        )
        self._charge(request, order)
        work = self._work(request, order, tag, inputs)
        if order.is_deferred:
            request_id = wire.new_id()
            self._deferred[request_id] = asyncio.create_task(work, name=tag.name if tag else "")
            while len(self._deferred) > _MAX_DEFERRED:
                del self._deferred[next(iter(self._deferred))]
            return JSONResponse({"request_id": request_id})
        return _spoilt(await work, tag)

    async def _work(self, request: Request, order: Order, tag: Tag | None, inputs: list[Picture]) -> Response:
        """Draw, keep, answer; takes at least as long as the pace says."""
        late = tag.number("seconds", 60) if tag and tag.name == "late" else 0
        pause = asyncio.create_task(asyncio.sleep(self._pace.of(order) + late))
        if tag and tag.name == "moderated":
            await pause
            return magic.moderated(order)
        count = order.count + {"fewer": -1, "more": 1, "empty": -order.count}.get(tag.name if tag else "", 0)
        size = _size(order, [image.size for image in inputs])
        prompt = magic.without_tags(order.prompt)
        elsewhere = any(sources.is_elsewhere(ref) for ref in order.sources)
        loop = asyncio.get_running_loop()
        drawn = await asyncio.gather(
            *(
                loop.run_in_executor(self._drawing, painter.jpeg, prompt, size, index, inputs, elsewhere)
                for index in range(count)
            )
        )
        await pause
        is_expired = bool(tag and tag.name == "expired") or bool(request.scope["state"].get("expire"))
        entries = [self._entry(request, order, data, is_expired) for data in drawn]
        if tag and tag.name == "partial":
            entries[-1] = {"mime_type": "image/jpeg", "respect_moderation": False}
        if tag and tag.name == "cut-picture":
            self._cut_pictures(entries)
        answer = {"data": entries, "model": order.model.id, "usage": {"cost_in_usd_ticks": order.cost_ticks}}
        body = await loop.run_in_executor(self._reading, json.dumps, answer)
        return Response(body, media_type="application/json")

    def _entry(self, request: Request, order: Order, data: bytes, is_expired: bool) -> dict[str, object]:
        entry: dict[str, object] = {"mime_type": "image/jpeg"}
        if order.as_base64:
            entry["b64_json"] = base64.b64encode(data).decode()
        else:
            kept = store.picture(data)
            entry["url"] = f"{_origin(request)}/xai-imgen/{kept.id}"
            if not is_expired:
                self.pictures.add(kept)
        if order.storage is not None:
            entry["file_output"] = self._stored(request, order.storage, data)
        return entry

    def _stored(self, request: Request, wanted: Storage, data: bytes) -> dict[str, object]:
        file = self._files.add(
            store.file(
                wanted.filename,
                data,
                "image/jpeg",
                lifetime_s=wanted.expires_after_s,
                is_public=wanted.is_public,
            )
        )
        output: dict[str, object] = {"file_id": file.id, "filename": file.name}
        if file.expires is not None:
            output["expires_at"] = int(file.expires)
        if file.is_public:
            output["public_url"] = f"{_origin(request)}/xai-files/{file.id}"
        return output

    def _cut_pictures(self, entries: list[dict[str, object]]) -> None:
        for entry in entries:
            name = str(entry.get("url", "")).rpartition("/")[2]
            kept = self.pictures.get(name)
            if kept is not None:
                self.pictures.remove(name)
                half = kept.data[: len(kept.data) // 2]
                self.pictures.add(store.Kept(name, name, half, kept.mime_type, kept.created, kept.expires))

    async def _poll(self, request: Request) -> Response:
        request_id = request.path_params["request_id"]
        task = self._deferred.get(request_id)
        if task is None:
            wire.refuse("The requested resource was not found.", 404, "not-found")
        if not task.done():
            is_bare = task.get_name() == "empty-pending"
            return Response(status_code=202) if is_bare else JSONResponse({"status": "pending"}, 202)
        answer = {"request_id": request_id, "status": "done"}
        result = json.loads(bytes(task.result().body))
        if task.get_name() == "failed":
            problem = {"code": "internal_error", "message": "The request could not be completed."}
        elif "error" in result:
            problem = {"code": "invalid_argument", "message": result["error"]}
        else:
            return JSONResponse(answer | result)
        failed = answer | {"status": "failed", "error": problem}
        return JSONResponse(failed | ({"usage": result["usage"]} if "usage" in result else {}))

    async def _picture(self, request: Request) -> Response:
        kept = self.pictures.get(request.path_params["name"])
        return _not_here() if kept is None else Response(kept.data, media_type=kept.mime_type)

    async def _public_file(self, request: Request) -> Response:
        kept = self._files.get(request.path_params["name"])
        if kept is None or not kept.is_public:
            return _not_here()
        return Response(kept.data, media_type=kept.mime_type)


def _origin(request: Request) -> str:
    """Scheme, host and port as the caller knows them: some clients visit no other."""
    return f"{request.url.scheme}://{request.url.netloc}"


def _size(order: Order, shapes: list[tuple[int, int]]) -> tuple[int, int]:
    """An edit of one picture keeps its shape; one of several has the ratio asked for, or the first's shape."""
    if len(shapes) == 1 or (shapes and order.ratio in (None, "auto")):
        return models.size_like(order.model, shapes[0], order.resolution)
    ratio = order.ratio
    if ratio in (None, "auto"):
        ratio = painter.fitting_ratio(order.prompt)
    return models.size(order.model, ratio, order.resolution)


def _spoilt(answer: Response, tag: Tag | None) -> Response:
    """The answer as the prompt's tag wants it to arrive."""
    match tag.name if tag else "":
        case "slow" if tag:
            return faults.Trickle(answer, tag.number("seconds", 10))
        case "truncated":
            return faults.cut(answer)
        case "drop":
            return faults.Dropped()
        case "hang":
            return faults.Silence()
        case _:
            return answer


def _not_here() -> Response:
    return Response("<Error><Code>NoSuchKey</Code></Error>", 404, media_type="application/xml")
