"""What the API says of a key (GET /api-key and GET /me, both free), in one sentence, or as the error it means.

Every field is optional: the OpenAPI file that describes them lags behind the API.
"""

import msgspec

from imagine_desktop.api import wire
from imagine_desktop.api.wire import Answer
from imagine_desktop.errors import ApiError, BadKey, NotAllowed, OutcomeUnknown

_LONGEST = 40
_MOST_ACLS = 3
_UNKNOWN_HERE = (404, 405, 501)  # a compatible server need not have these two


class _Facts(msgspec.Struct):
    """Both answers in one: the second repeats some of the first under other names."""

    redacted_api_key: object = None
    name: object = None
    team_id: object = None
    acls: object = None
    team_blocked: object = None
    api_key_blocked: object = None
    api_key_disabled: object = None
    api_key: object = None


def report(of_key: Answer, of_person: Answer) -> str:
    """What is known of a key that works, in one sentence. Raises ApiError for one that does not."""
    for answer in (of_key, of_person):
        if answer.status != 200 and answer.status not in _UNKNOWN_HERE:
            raise _refusal(answer)
    answers = [answer for answer in (of_key, of_person) if answer.status == 200]
    if not answers:
        return "The server takes requests and has no way to test a key."
    facts = [_facts(answer) for answer in answers]
    key, team = _named(facts), _first(facts, "team_id")
    of_team = f" of team {team}" if team else ""
    hint = "See console.x.ai, or use another key."
    if any(fact.team_blocked is True for fact in facts):
        raise NotAllowed(f"The team{f' {team}' if team else ''} of {key} is blocked.", hint)
    for field, word in (("blocked", "blocked"), ("disabled", "disabled")):
        if any(_is_so(fact, field) for fact in facts):
            raise BadKey(f"{key[0].upper()}{key[1:]}{of_team} is {word}.", hint)
    return f"{key[0].upper()}{key[1:]}{of_team} works{_reach(facts)}."


def _facts(answer: Answer) -> _Facts:
    try:
        return msgspec.json.decode(answer.body, type=_Facts)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ApiError(
            "What answered is not the API.", "Check the address, and whether this network asks for a login."
        ) from None


def _refusal(answer: Answer) -> ApiError:
    refusal = wire.error(answer)
    if isinstance(refusal, OutcomeUnknown) or answer.status < 400:
        return ApiError(
            f"The API answered {answer.status} and does not say whether the key is right.",
            "Try again in a minute.",
            detail=refusal.detail,
            status=answer.status,
            request_id=refusal.request_id,
        )
    return refusal


def _named(facts: list[_Facts]) -> str:
    name, masked = _first(facts, "name"), _first(facts, "redacted_api_key")
    parts = ["the key", f"“{name}”" if name else "", f"({masked})" if masked else ""]
    return " ".join(part for part in parts if part)


def _reach(facts: list[_Facts]) -> str:
    """What the key may be used for, where the API says so: `api-key:model:*` is every model."""
    told = next((fact.acls for fact in facts if isinstance(fact.acls, list)), [])
    acls = [_plain(acl).removeprefix("api-key:").replace(":", " ") for acl in told if isinstance(acl, str)]
    narrow = [acl for acl in acls if not acl.endswith("*")]
    if not narrow:
        return " for all models and endpoints" if {"model *", "endpoint *"} <= set(acls) else ""
    more = f" and {len(narrow) - _MOST_ACLS} more" if len(narrow) > _MOST_ACLS else ""
    return f", limited to {', '.join(narrow[:_MOST_ACLS])}{more}"


def _is_so(fact: _Facts, field: str) -> bool:
    inner = fact.api_key.get(field) if isinstance(fact.api_key, dict) else None
    return getattr(fact, f"api_key_{field}") is True or inner is True


def _first(facts: list[_Facts], field: str) -> str:
    for fact in facts:
        told = getattr(fact, field)
        if told is None and field == "redacted_api_key" and isinstance(fact.api_key, dict):
            told = fact.api_key.get(field)
        if isinstance(told, str) and (text := _plain(told)):
            return text
    return ""


def _plain(text: str) -> str:
    """Text from outside on one line, cut."""
    line = "".join(character for character in " ".join(text.split()) if character.isprintable())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
