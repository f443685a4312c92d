"""Requests to JSON and answers to replies: the API's format, without any connection.

Facts are from xAI's documentation of POST /v1/images/generations and /v1/images/edits, its OpenAPI file and its
TypeScript SDK. What a field's documentation leaves open, this reads leniently: a missing or odd field is as if
it were absent, an unknown one is ignored.
"""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from imagine_desktop.domain import money, prompts
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.domain.request import Request
from imagine_desktop.errors import (
    ApiError,
    BadKey,
    NotAllowed,
    OutcomeUnknown,
    Rejected,
    TooManyRequests,
    Withheld,
)

GENERATIONS = "/images/generations"
EDITS = "/images/edits"
_COPY_LIFETIME_S = 86_400
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}")  # it becomes a part of an address
_MAX_DEFERRAL_BYTES = 64 * 1024
_LONGEST_REVISED = 20_000
_SENTENCE_END = re.compile(r"[.!?…](?:\s|$)")
_MAX_TICKS = 10**15  # 100,000 USD: a larger cost in one answer is a mistake, not a price


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer as it came; header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Traces:
    """What a request leaves at the API by which a lost answer can be found.

    `is_deferred` asks for an id under which the answer will be; `copy_name` names the copies in Files.
    """

    is_deferred: bool = False
    copy_name: str = ""


NO_TRACES = Traces()


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An entry of the API's Files."""

    id: str
    name: str
    created: float


@dataclass(frozen=True, slots=True)
class Image:
    """One entry of an answer. Neither `url` nor `base64` means that moderation withheld it."""

    url: str = ""
    base64: str = ""
    revised_prompt: str = ""
    file_id: str = ""

    @property
    def is_withheld(self) -> bool:
        """Whether there is no picture in it."""
        return not self.url and not self.base64


@dataclass(frozen=True, slots=True)
class Reply:
    """An understood answer with pictures. `cost_ticks` is None where the API did not tell."""

    images: tuple[Image, ...]
    cost_ticks: int | None
    model: str | None
    request_id: str


def encode(
    request: Request,
    sources: Sequence[str],
    delivery: Delivery,
    catalog: Catalog,
    traces: Traces = NO_TRACES,
) -> tuple[str, bytes]:
    """The path and JSON body of a request whose sources are given as addresses or data URIs.

    One source goes as `image` and without an aspect ratio, which the API takes from the picture; several go as
    `images`. `quality` is always sent to a model that has it, because its default is documented in two ways.
    """
    import msgspec  # not at every start: the window shows before anything is sent

    model = catalog.model(request.model)
    body: dict[str, object] = {"prompt": request.prompt, "model": request.model, "n": request.count}
    if len(sources) != 1:
        body["aspect_ratio"] = request.aspect_ratio
    body["resolution"] = request.resolution
    quality = request.quality or model.default_quality
    if quality is not None and model.qualities:
        body["quality"] = quality
    body["response_format"] = delivery.value
    if traces.is_deferred:
        body["deferred"] = True
    if traces.copy_name:
        body["storage_options"] = {"filename": traces.copy_name, "expires_after": _COPY_LIFETIME_S}
    if not sources:
        return GENERATIONS, msgspec.json.encode(body)
    if len(sources) == 1:
        body["image"] = {"url": sources[0]}
    else:
        body["images"] = [{"url": source} for source in sources]
    return EDITS, msgspec.json.encode(body)


def data_uri(mime: str, data: bytes) -> str:
    """A picture inside an address, as edits take it."""
    import pybase64

    return f"data:{mime};base64,{pybase64.b64encode_as_string(data)}"


def decode_base64(text: str) -> bytes:
    """The bytes in an entry's base64, with or without a data URI's beginning. Raises ValueError."""
    import pybase64

    if text.startswith("data:"):
        text = text.partition(",")[2]
    return pybase64.b64decode(text, validate=True)


def parse(answer: Answer) -> Reply:
    """The pictures in an answer. Raises ApiError of the kind that the answer means."""
    request_id = answer.headers.get("x-request-id", "")
    if answer.status != 200:
        raise error(answer)
    fields = _json(answer.body)
    if fields.get("status") == "failed":
        raise _failure(answer, fields)
    entries = fields.get("data")
    if not isinstance(entries, list) or not entries:
        raise OutcomeUnknown(
            "The API's answer was not understood and is kept.",
            detail=_text(answer.body),
            status=200,
            request_id=request_id,
        )
    images = tuple(_image(cast(object, entry)) for entry in entries)
    model = fields.get("model")
    return Reply(images, _cost(fields), model if isinstance(model, str) else None, request_id)


def deferred_id(answer: Answer) -> str:
    """The id under which the answer to a deferred request will be; empty where this is the answer itself."""
    is_short = (
        len(answer.body) <= _MAX_DEFERRAL_BYTES
    )  # pictures in base64 take too long to parse here and again
    fields = _json(answer.body) if is_short and answer.status in (200, 202) else {}
    return "" if fields.get("data") or "error" in fields else _identifier(fields.get("request_id"))


def is_pending(answer: Answer) -> bool:
    """Whether a deferred request is still being worked on."""
    return answer.status == 202 or (answer.status == 200 and _json(answer.body).get("status") == "pending")


def refused(answer: Answer, traces: Traces) -> Traces:
    """The traces for which the API refuses a request, by naming their fields; it charged nothing then."""
    if answer.status not in (400, 422):
        return NO_TRACES
    refusal = error(answer)
    if refusal.cost_ticks or isinstance(refusal, Withheld):
        return NO_TRACES
    return Traces(
        is_deferred=traces.is_deferred and "deferred" in refusal.detail,
        copy_name=traces.copy_name if "storage_options" in refusal.detail else "",
    )


def stored_files(answer: Answer) -> tuple[StoredFile, ...]:
    """The entries of a list of Files, the oldest first."""
    entries = _json(answer.body).get("data")
    found = [_stored_file(cast(object, entry)) for entry in (entries if isinstance(entries, list) else [])]
    return tuple(sorted((file for file in reversed(found) if file.id), key=lambda file: file.created))


def error(answer: Answer) -> ApiError:
    """The error that an answer without pictures means: flat, prose, chat style, plain text or empty."""
    fields = _json(answer.body)
    code, message = _code_and_message(fields, answer.body)
    kind, said, hint = _meaning(answer.status, code, message)
    cost_ticks = _cost(fields)
    return kind(
        said,
        hint,
        detail=message or _text(answer.body),
        status=answer.status,
        code=code,
        request_id=answer.headers.get("x-request-id", ""),
        cost_ticks=cost_ticks,
        cost=money.usd(cost_ticks) if cost_ticks else "",
        retry_after_s=_retry_after(answer),
    )


def _failure(answer: Answer, fields: dict[str, object]) -> ApiError:
    """The error that a deferred request ended with, as if it had been the status of a direct answer."""
    code, _ = _code_and_message(fields, answer.body)
    status = {"invalid_argument": 400, "failed_precondition": 400, "permission_denied": 403}.get(code, 500)
    failure = error(Answer(status, answer.headers, answer.body))
    if status == 500:
        failure.message = "The API says that it could not make the pictures."
    return failure


def _meaning(status: int, code: str, message: str) -> tuple[type[ApiError], str, str]:
    """The kind of error, what to say, and the next step."""
    told = _told(message)
    lowered = message.lower()
    is_moderated = "content-moderated" in code or "content moderation" in lowered
    if is_moderated and 400 <= status < 500:
        return Withheld, "The API's moderation withheld it.", ""
    if status == 401 or (status == 400 and "api key" in lowered):  # a wrong key is answered with 400
        return BadKey, "The API does not accept the key.", "Check it in Settings."
    if status == 403:
        return NotAllowed, f"The API refuses this key{told}.", "See its team and credit at console.x.ai."
    if status == 404:
        return Rejected, f"The API does not know what was asked for{told}.", "Choose another model."
    if status == 413:
        return Rejected, "The sources are too large for the API.", "Use smaller pictures."
    if status == 429:
        is_spent = "credit" in lowered or "quota" in lowered  # no pause brings those back
        hint = "See the team's credit at console.x.ai." if is_spent else "Try again in a minute."
        return TooManyRequests, f"The API's rate limit is reached{told}.", hint
    if 400 <= status < 500 and status not in (408, 409):
        return Rejected, f"The API refuses the request{told}.", "Change it and try again."
    said = f"The API answered {status}, which does not tell whether it made the pictures."
    return OutcomeUnknown, said, ""


def _image(entry: object) -> Image:
    if not isinstance(entry, dict) or entry.get("respect_moderation") is False:
        return Image()
    texts = {name: entry.get(name) for name in ("url", "b64_json", "revised_prompt")}
    url, base64, revised = (value if isinstance(value, str) else "" for value in texts.values())
    stored = entry.get("file_output")
    # It is kept in one row and shown in one label: as much of it as a long prompt has.
    revised = prompts.normalised(revised)[:_LONGEST_REVISED]
    return Image(url, base64, revised, _identifier(stored.get("file_id")) if isinstance(stored, dict) else "")


def _stored_file(entry: object) -> StoredFile:
    if not isinstance(entry, dict):
        return StoredFile("", "", 0)
    name, created = entry.get("filename"), entry.get("created_at")
    return StoredFile(
        _identifier(entry.get("id")),
        name if isinstance(name, str) else "",
        created if isinstance(created, int | float) else 0,
    )


def _identifier(value: object) -> str:
    return value if isinstance(value, str) and _IDENTIFIER.fullmatch(value) else ""


def _json(body: bytes) -> dict[str, object]:
    import msgspec

    try:
        value = msgspec.json.decode(body.removeprefix(codecs.BOM_UTF8))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _cost(fields: dict[str, object]) -> int | None:
    usage = fields.get("usage")
    cost = usage.get("cost_in_usd_ticks") if isinstance(usage, dict) else None
    if isinstance(cost, int) and not isinstance(cost, bool) and 0 <= cost <= _MAX_TICKS:
        return cost
    return None


def _code_and_message(fields: dict[str, object], body: bytes) -> tuple[str, str]:
    told, code = fields.get("error"), fields.get("code")
    if isinstance(told, dict):
        code, told = told.get("code"), told.get("message")
    message = told if isinstance(told, str) else "" if fields else _text(body)
    return (code if isinstance(code, str) else ""), message


def _told(message: str) -> str:
    """What a server says, as the end of a sentence: its first one, for the rest is in the details."""
    # Shown in a terminal too, where a control character would be obeyed.
    line = "".join(character for character in " ".join(message.split()) if character.isprintable())
    first = _SENTENCE_END.split(line, maxsplit=1)[0][:160].rstrip(".!? ")
    return f": {first}" if first and not first.startswith("<") else ""


def _text(body: bytes) -> str:
    return body[:500].decode("utf-8", "replace")


def _retry_after(answer: Answer) -> float | None:
    told = answer.headers.get("retry-after", "")
    try:
        seconds = float(told)
    except ValueError:
        moment, now = _moment(told), _moment(answer.headers.get("date", ""))
        if moment is None or now is None:
            return None
        # By the server's own clock: this computer's may be wrong by hours.
        seconds = max(0.0, (moment - now).total_seconds())
    return seconds if 0 <= seconds <= 120 else None


def _moment(text: str) -> datetime | None:
    """A date as HTTP writes it (RFC 9110, 5.6.7): in UTC, in one form without saying so."""
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):  # what it raises has changed between versions
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
