"""@ai-sdk/xai through `generateImage` of `ai`, which generates and edits, always in base64."""

import base64

import pytest

from tests.conftest import SandboxServer
from tests.interop import pictures
from tests.interop.clients import Client
from tests.interop.conftest import RIGHT_KEY

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]


def test_generates(ai_sdk: Client, sandbox: SandboxServer) -> None:
    arguments: dict[str, object] = {
        "model": "grok-imagine-image-2.0",
        "prompt": "A cat in a tree",
        "aspectRatio": "16:9",
        "providerOptions": {"xai": {"resolution": "1k", "quality": "low", "user": "u1"}},
    }
    answer = ai_sdk.call(sandbox.base_url, "generate", arguments)
    assert [pictures.jpeg(file).size for file in answer.files()] == [(1280, 720)]
    assert answer.warnings == []
    assert answer.ticks == 400_000_000
    (request,) = sandbox.requests()
    assert request["body"] == {
        "model": "grok-imagine-image-2.0",
        "prompt": "A cat in a tree",
        "n": 1,
        "response_format": "b64_json",
        "aspect_ratio": "16:9",
        "resolution": "1k",
        "quality": "low",
        "user": "u1",
    }


def test_asks_for_many_in_several_requests(ai_sdk: Client, sandbox: SandboxServer) -> None:
    arguments: dict[str, object] = {
        "model": "grok-imagine-image",
        "prompt": "Hills",
        "n": 5,
        "aspectRatio": "1:1",
    }
    answer = ai_sdk.call(sandbox.base_url, "generate", arguments)
    assert [pictures.jpeg(file).size for file in answer.files()] == [(1024, 1024)] * 5
    assert sorted(str(charge["pictures"]) for charge in sandbox.charges()) == ["2", "3"]
    assert answer.ticks == 1_000_000_000


def test_edits_a_picture(ai_sdk: Client, sandbox: SandboxServer, source_png: bytes) -> None:
    source = base64.b64encode(source_png).decode()
    arguments: dict[str, object] = {
        "model": "grok-imagine-image",
        "prompt": "Turn it into night",
        "images": [source],
    }
    answer = ai_sdk.call(sandbox.base_url, "generate", arguments)
    (edited,) = map(pictures.jpeg, answer.files())
    before = pictures.opened(source_png)
    assert edited.size == (1296, 864)
    assert pictures.likeness(before, edited) > 0.8
    assert pictures.difference(before, edited) > 20
    (request,) = sandbox.requests()
    assert request["path"] == "/v1/images/edits"
    assert answer.ticks == 220_000_000


def test_edits_several_pictures_into_one(ai_sdk: Client, sandbox: SandboxServer, source_png: bytes) -> None:
    source = base64.b64encode(source_png).decode()
    arguments: dict[str, object] = {
        "model": "grok-imagine-image-2.0",
        "prompt": "Blend <IMAGE_0> and <IMAGE_1>",
        "images": [source, source],
        "aspectRatio": "3:2",
        "providerOptions": {"xai": {"quality": "low"}},
    }
    answer = ai_sdk.call(sandbox.base_url, "generate", arguments)
    assert [pictures.jpeg(file).size for file in answer.files()] == [(1248, 832)]
    assert answer.ticks == 600_000_000


def test_a_wrong_key_is_told_in_the_apis_words(ai_sdk: Client, locked_sandbox: SandboxServer) -> None:
    arguments: dict[str, object] = {"model": "grok-imagine-image", "prompt": "A cat"}
    refusal = ai_sdk.call(locked_sandbox.base_url, "generate", arguments, key="xai-a-wrong-one").refusal()
    assert refusal.status == 400
    assert "Incorrect API key provided" in refusal.message
    assert locked_sandbox.charges() == []
    answer = ai_sdk.call(locked_sandbox.base_url, "generate", arguments, key=RIGHT_KEY)
    assert len(answer.files()) == 1


@pytest.mark.parametrize(
    ("fields", "status", "says", "charged"),
    [
        ({"prompt": "A [sandbox:moderated]"}, 400, "imagine:content-moderated: Generated image rejected", 1),
        ({"prompt": "A [sandbox:partial]"}, None, "blocked due to a content policy violation", 1),
        ({"model": "nothing"}, 404, "not-found: The model nothing does not exist", 0),
        ({"aspectRatio": "7:5"}, 422, "Unprocessable", 0),
    ],
)
def test_refusals_become_its_errors(
    ai_sdk: Client,
    sandbox: SandboxServer,
    fields: dict[str, object],
    status: int | None,
    says: str,
    charged: int,
) -> None:
    arguments = {"model": "grok-imagine-image", "prompt": "A cat", **fields}
    refusal = ai_sdk.call(sandbox.base_url, "generate", arguments).refusal()
    assert refusal.status == status
    assert says in refusal.message
    assert len(sandbox.charges()) == charged


def test_its_own_retries_pass_a_rate_limit(ai_sdk: Client, sandbox: SandboxServer) -> None:
    prompt = "A dog that is patient [sandbox:429 retry-after=1 times=1]"
    answer = ai_sdk.call(sandbox.base_url, "generate", {"model": "grok-imagine-image", "prompt": prompt})
    assert len(answer.files()) == 1
    assert [request["status"] for request in sandbox.requests()] == [429, 200]
    assert len(sandbox.charges()) == 1
