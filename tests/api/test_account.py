"""What is said of a key: which one, whose, what it may; or what is wrong with it and what to do."""

import json

import pytest

from imagine_desktop.api import account
from imagine_desktop.api.client import Client
from imagine_desktop.api.wire import Answer
from imagine_desktop.errors import ApiError, BadKey, ImagineError, NotAllowed, TooManyRequests
from imagine_desktop.secrets import Secret
from tests.conftest import SandboxServer

KEY = {
    "redacted_api_key": "xai-...ab12",
    "name": "My key",
    "team_id": "team-7",
    "acls": ["api-key:model:*", "api-key:endpoint:*"],
    "team_blocked": False,
    "api_key_blocked": False,
    "api_key_disabled": False,
}
ME = {"team_id": "team-7", "team_blocked": False, "api_key": {"redacted_api_key": "xai-...ab12"}}
MISSING = Answer(404, {}, b"")


def told(of_key: object = KEY, of_person: object = ME) -> str:
    """What is said of these two answers."""
    answers = [
        given if isinstance(given, Answer) else Answer(200, {}, json.dumps(given).encode())
        for given in (of_key, of_person)
    ]
    return account.report(*answers)


def test_a_good_key_is_named_with_its_team_and_reach() -> None:
    assert told() == "The key “My key” (xai-...ab12) of team team-7 works for all models and endpoints."


def test_a_narrow_key_says_to_what_it_is_limited() -> None:
    acls = [f"api-key:model:m{number}" for number in range(5)]
    said = told({**KEY, "acls": [*acls, 7]})
    assert said.endswith("works, limited to model m0, model m1, model m2 and 2 more.")


def test_every_field_may_be_missing_or_odd() -> None:
    assert told({}, {}) == "The key works."
    assert told({"name": 7, "acls": "all", "api_key": 3, "team_blocked": "no"}, {"new": []}) == "The key works."
    assert told(MISSING, ME) == "The key (xai-...ab12) of team team-7 works."
    assert told(MISSING, MISSING) == "The server takes requests and has no way to test a key."


def test_a_name_from_outside_stays_on_its_line() -> None:
    said = told({"name": "<b>x</b>\n\x1b[2J" + "y" * 99})
    assert said.isprintable()
    assert len(said) < 90


@pytest.mark.parametrize(
    ("of_key", "of_person", "kind", "message"),
    [
        (
            {**KEY, "api_key_blocked": True},
            ME,
            BadKey,
            r"“My key” \(xai-...ab12\) of team team-7 is blocked",
        ),
        ({**KEY, "api_key_disabled": True}, ME, BadKey, "is disabled"),
        (KEY, {**ME, "api_key": {"blocked": True}}, BadKey, "is blocked"),
        (MISSING, {**ME, "api_key": {"disabled": True}}, BadKey, "is disabled"),
        ({**KEY, "team_blocked": True}, ME, NotAllowed, "The team team-7 of the key .* is blocked"),
        (KEY, {**ME, "team_blocked": True}, NotAllowed, "is blocked"),
        (
            Answer(400, {}, b'{"error": "Incorrect API key provided"}'),
            MISSING,
            BadKey,
            "not accept the key",
        ),
        (Answer(401, {}, b""), MISSING, BadKey, "not accept the key"),
        (Answer(403, {}, b'{"error": "no credit"}'), MISSING, NotAllowed, "refuses this key: no credit"),
        (Answer(429, {}, b""), MISSING, TooManyRequests, "rate limit"),
        (Answer(500, {}, b"<html>"), MISSING, ApiError, "answered 500 and does not say whether"),
        (Answer(302, {}, b""), MISSING, ApiError, "answered 302"),
        (Answer(200, {}, b"<html>Log in to this network"), MISSING, ApiError, "is not the API"),
        (KEY, Answer(503, {}, b""), ApiError, "answered 503"),
    ],
)
def test_what_is_wrong_is_said_with_the_next_step(
    of_key: object, of_person: object, kind: type[ImagineError], message: str
) -> None:
    with pytest.raises(kind, match=message) as caught:
        told(of_key, of_person)
    assert caught.value.hint
    assert caught.value.charged == "no"
    assert caught.value.sentences.replace("...", "").count(". ") <= 1


async def test_the_sandbox_tells_of_its_key(sandbox: SandboxServer) -> None:
    client = Client(sandbox.base_url, Secret("xai-0123456789abcdef"))
    try:
        said = await client.check_key()
        assert said.startswith("The key “Sandbox” (xai-...cdef) of team ")
        assert said.endswith(" works for all models and endpoints.")
        sandbox.fault(path="/v1/api-key", method="GET", action="answer", status=500)
        with pytest.raises(ApiError, match="answered 500"):
            await client.check_key()
    finally:
        await client.aclose()
