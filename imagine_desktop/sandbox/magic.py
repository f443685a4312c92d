"""Faults asked for by the prompt, so that anybody can see them in the window.

A tag `[sandbox:NAME option=value …]` anywhere in a prompt:

    moderated            400 imagine:content-moderated, and charged
    NNN                  that status with the body the API sends (401, 403, 404, 405, 413, 415, 422, 429, 5xx);
                         `retry-after=S` adds the header; nothing is charged
    empty                200 with no pictures, charged
    partial              the last picture is withheld: an entry without url and b64_json
    fewer | more         one picture fewer or more than asked for
    expired              the addresses of the pictures answer 404
    slow                 the answer takes `seconds=S` (10) to arrive
    late                 the answer starts `seconds=S` (60) later than usual
    truncated            the answer breaks off in the middle, charged
    cut-picture          the pictures behind the addresses break off in the middle
    drop                 the connection is reset instead of an answer, charged
    hang                 no answer ever comes, charged
    failed               a deferred request ends as failed
    empty-pending        a deferred request is pending with an empty body

`times=N` with any of them: only the first N requests with this prompt meet it.
"""

import re
from collections import Counter

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from imagine_desktop.sandbox.wire import TEAM, Order, error, no_such_model, not_deserialised

_TAG = re.compile(r"\[sandbox:\s*([\w-]+)((?:\s+[\w-]+=[\w.-]+)*)\s*\]")


class Tag:
    """One tag of a prompt."""

    def __init__(self, name: str, options: dict[str, str]) -> None:
        self.name = name
        self.options = options

    def number(self, option: str, default: float) -> float:
        """An option as a number."""
        try:
            return float(self.options[option])
        except (KeyError, ValueError):
            return default


class Tags:
    """Reads prompts' tags and counts those that hold only for some requests."""

    def __init__(self) -> None:
        self._met: Counter[str] = Counter()

    def read(self, prompt: str) -> Tag | None:
        """The tag that holds for this request."""
        match = _TAG.search(prompt)
        if match is None:
            return None
        tag = Tag(match[1], dict(option.split("=", 1) for option in match[2].split()))
        self._met[prompt] += 1
        return None if self._met[prompt] > tag.number("times", float("inf")) else tag


def without_tags(prompt: str) -> str:
    """What is left to paint from."""
    return " ".join(_TAG.sub(" ", prompt).split()) or "sandbox"


def refusal(tag: Tag, order: Order) -> Response | None:
    """The answer that a tag asks for in place of pictures, with nothing charged."""
    if not tag.name.isdecimal():
        return None
    status = int(tag.name)
    if not 400 <= status <= 599:
        return None
    answer = _answer(status, order)
    if "retry-after" in tag.options:
        answer.headers["retry-after"] = tag.options["retry-after"]
    return answer


def moderated(order: Order) -> Response:
    """The answer to a request whose pictures were withheld: refused and charged."""
    message = "Generated image rejected by content moderation."
    return error(400, "imagine:content-moderated", message, order.cost_ticks)


def _answer(status: int, order: Order) -> Response:
    limit = (
        f"Too many requests for team {TEAM} and model {order.model.id}. Your team's rate limit is — "
        "Requests per Second (actual/limit): 2/2, Requests per Minute (actual/limit): 73/60."
    )
    credit = f"Your team {TEAM} has either used all available credits or reached its monthly spending limit."
    busy = "The model is currently at capacity due to high demand."
    answers = {
        401: error(status, "unauthenticated", "Missing or invalid Authorization header."),
        403: error(status, "permission-denied", credit),
        404: no_such_model(order.model.id),
        405: Response(status_code=status),
        413: error(status, "payload-too-large", "The request body is too large."),
        415: Response(status_code=status),
        422: not_deserialised("prompt: invalid value at line 1 column 1"),
        429: error(status, "resource-exhausted", limit),
        503: error(status, "unavailable", busy),
        529: error(status, "overloaded", busy),
    }
    if status in answers:
        return answers[status]
    if status >= 500:
        return HTMLResponse(f"<html><body><h1>{status} Server Error</h1></body></html>", status)
    return PlainTextResponse(f"status {status}", status)
