"""What a request must look like, and the API's answers to one that does not."""

import json
from dataclasses import dataclass
from typing import NoReturn, cast
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from imagine_desktop.sandbox import models
from imagine_desktop.sandbox.models import Model

TEAM = "00000000-5a4d-4b0c-8000-73616e64626f"
MAX_BODY_BYTES = 192 << 20
_NO_MODEL = (
    "The model {model} does not exist or your team {team} does not have access to it. If you believe this is a "
    "mistake, please contact support and quote your team ID and the model name."
)


class Refused(Exception):
    """A request that ends here, with the answer that it gets."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


def error(status: int, code: str, message: str, cost_ticks: int | None = None) -> Response:
    """An error in the API's current, flat shape."""
    body: dict[str, object] = {"code": code, "error": message}
    if cost_ticks is not None:
        body["usage"] = {"cost_in_usd_ticks": cost_ticks}
    return JSONResponse(body, status)


def refuse(message: str, status: int = 400, code: str = "invalid-argument") -> NoReturn:
    """End the request with a flat error."""
    raise Refused(error(status, code, message))


def no_such_model(model_id: str) -> Response:
    """The answer to a model that does not exist or is not allowed."""
    return error(404, "not-found", _NO_MODEL.format(model=model_id, team=TEAM))


def not_deserialised(reason: str) -> Response:
    """The plain-text answer of the API's JSON reader."""
    return PlainTextResponse(f"Failed to deserialize the JSON body into the target type: {reason}", 422)


@dataclass(frozen=True, slots=True)
class ImageRef:
    """One input picture as the request names it: exactly one of the two is set."""

    url: str | None
    file_id: str | None


@dataclass(frozen=True, slots=True)
class Storage:
    """Where in Files the results are to be kept."""

    filename: str
    expires_after_s: int | None
    is_public: bool


@dataclass(frozen=True, slots=True)
class Order:
    """A request for pictures that has been understood."""

    prompt: str
    model: Model
    count: int
    ratio: str | None
    resolution: str
    quality: str
    as_base64: bool
    is_deferred: bool
    storage: Storage | None
    sources: tuple[ImageRef, ...]

    @property
    def cost_ticks(self) -> int:
        """What the API charges: each picture, and each source once."""
        each = self.model.price_ticks(self.quality, self.resolution)
        return each * self.count + self.model.source_ticks * len(self.sources)


async def read_body(request: Request) -> bytes:
    """The whole body of a request, or a refusal where it is none that the API reads."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refused(PlainTextResponse("Expected request with `Content-Type: application/json`", 415))
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY_BYTES:
            refuse("The request body is too large.", 413, "payload-too-large")
        chunks.append(chunk)
    if not size:
        raise Refused(PlainTextResponse("Expected a JSON body.", 415))
    return b"".join(chunks)


def parse(body: bytes, *, is_edit: bool) -> Order:
    """The order in a JSON body; raises Refused. Types and enums are checked before anything about the model."""
    fields = _Fields(body)
    prompt = fields.text("prompt")
    model_id = fields.text("model")
    count = fields.number("n")
    ratio = fields.choice("aspect_ratio", models.RATIOS)
    resolution = fields.choice("resolution", models.RESOLUTIONS) or "1k"
    quality = fields.choice("quality", models.QUALITIES)
    delivery = fields.choice("response_format", ("url", "b64_json"))
    fields.text("user")
    is_deferred = fields.flag("deferred")
    storage = fields.storage()
    sources = fields.sources() if is_edit else ()
    if prompt is None:
        fields.missing("prompt")
    for name in ("size", "style"):
        if fields.values.get(name) is not None:
            refuse(f"Argument not supported: {name}")
    model = models.find(model_id or models.MODELS[0].id)
    if model is None:
        raise Refused(no_such_model(model_id or ""))
    if not prompt.strip():
        refuse("The prompt must not be empty.")
    if count is not None and not 1 <= count <= models.MAX_COUNT:
        refuse(f"n must be between 1 and {models.MAX_COUNT}.")
    if resolution not in model.resolutions:
        refuse("1.5K resolution is not supported for this model.")
    if quality is not None and model.qualities and quality not in model.qualities:
        names = ", ".join(model.qualities)
        refuse(f"This model only supports the following quality value(s): {names}.")
    if len(sources) > model.max_sources:
        refuse(f"This model supports at most {model.max_sources} input images, got {len(sources)}.")
    if is_deferred and delivery == "b64_json":
        refuse("Deferred requests only support the response format url.")
    return Order(
        prompt=prompt,
        model=model,
        count=count or 1,
        ratio=ratio,
        resolution=resolution,
        quality=model.forced_quality or _served_quality(quality, is_edit=is_edit),
        as_base64=delivery == "b64_json",
        is_deferred=is_deferred,
        storage=storage,
        sources=sources,
    )


def _served_quality(quality: str | None, *, is_edit: bool) -> str:
    """`auto` is low for generations and medium for edits (release notes); omitted is medium (price tiers)."""
    if quality == "auto":
        return "medium" if is_edit else "low"
    return "low" if quality == "low" else "medium"


class _Fields:
    """The fields of a JSON object, read as strictly as the API's typed reader does."""

    def __init__(self, body: bytes) -> None:
        try:
            self._text = body.decode()
            values = json.loads(self._text)
        except (ValueError, RecursionError) as problem:
            message = f"Failed to parse the request body as JSON: {problem}"
            raise Refused(PlainTextResponse(message, 400)) from problem
        if not isinstance(values, dict):
            self._refuse(f"invalid type: {_kind(values)}, expected struct at line 1 column 1")
        self.values = cast(dict[str, object], values)

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is not None and not isinstance(value, str):
            self._wrong(name, value, "a string")
        return value

    def number(self, name: str) -> int | None:
        value = self.values.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            self._wrong(name, value, "u32")
        if isinstance(value, int) and not 0 <= value < 2**32:
            self._refuse(f"{name}: invalid value: integer `{value}`, expected u32{self._at(name)}")
        return value

    def flag(self, name: str) -> bool:
        value = self.values.get(name)
        if value is not None and not isinstance(value, bool):
            self._wrong(name, value, "a boolean")
        return bool(value)

    def choice(self, name: str, choices: tuple[str, ...]) -> str | None:
        value = self.text(name)
        if value is not None and value not in choices:
            known = ", ".join(f"`{choice}`" for choice in choices)
            self._refuse(f"{name}: unknown variant `{value}`, expected one of {known}{self._at(name)}")
        return value

    def storage(self) -> Storage | None:
        value = self.values.get("storage_options")
        if value is None:
            return None
        if not isinstance(value, dict):
            self._wrong("storage_options", value, "struct StorageOptions")
        filename, expires = value.get("filename"), value.get("expires_after")
        if not isinstance(filename, str) or not filename:
            self.missing("filename", "storage_options: ")
        if expires is not None and (not isinstance(expires, int) or not 3600 <= expires <= 2_592_000):
            refuse("storage_options.expires_after must be between 3600 and 2592000 seconds.")
        return Storage(filename, expires, bool(value.get("public_url")))

    def sources(self) -> tuple[ImageRef, ...]:
        one, several = self.values.get("image"), self.values.get("images")
        if one is not None and several is not None:
            refuse("Only one of image and images may be set.")
        if one is not None:
            return (self._image("image", one),)
        if several is not None and not isinstance(several, list):
            self._wrong("images", several, "a sequence")
        if not several:
            refuse("An image is required: set image or images.")
        return tuple(self._image("images", entry) for entry in cast(list[object], several))

    def _image(self, name: str, value: object) -> ImageRef:
        if not isinstance(value, dict):
            self._wrong(name, value, "struct ImageUrl")
        url = value.get("url") if value.get("url") is not None else value.get("image_url")
        file_id = value.get("file_id")
        for given in (url, file_id):
            if given is not None and not isinstance(given, str):
                self._wrong(name, given, "a string")
        if (url is None) == (file_id is None):
            refuse("Exactly one of url and file_id must be set for an image.")
        return ImageRef(cast(str | None, url), cast(str | None, file_id))

    def missing(self, name: str, where: str = "") -> NoReturn:
        self._refuse(f"{where}missing field `{name}` at line 1 column {len(self._text)}")

    def _wrong(self, name: str, value: object, expected: str) -> NoReturn:
        self._refuse(f"{name}: invalid type: {_kind(value)}, expected {expected}{self._at(name)}")

    @staticmethod
    def _refuse(reason: str) -> NoReturn:
        raise Refused(not_deserialised(reason))

    def _at(self, name: str) -> str:
        """Where the reader stood: the place of the field's name, near enough to be of help."""
        before = self._text[: max(self._text.find(f'"{name}"'), 0) + len(name) + 2]
        return f" at line {before.count(chr(10)) + 1} column {len(before) - before.rfind(chr(10)) - 1}"


def _kind(value: object) -> str:
    """What serde calls the type of a JSON value."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return f'string "{value[:60]}"'
    name = {bool: "boolean", int: "integer", float: "floating point"}.get(type(value))
    if name is not None:
        return f"{name} `{json.dumps(value)}`"
    return "sequence" if isinstance(value, list) else "map"


def new_id(prefix: str = "") -> str:
    """A fresh id."""
    return f"{prefix}{uuid4()}"
