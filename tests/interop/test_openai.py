"""openai-python, pointed at the sandbox as the API's documentation says to point it at the API."""

import base64
from pathlib import Path

import pytest

from tests.conftest import SandboxServer
from tests.interop import pictures
from tests.interop.clients import Client
from tests.interop.conftest import RIGHT_KEY

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]


def test_generates_by_url(openai: Client, sandbox: SandboxServer) -> None:
    arguments = {"model": "grok-imagine-image", "prompt": "A cat in a tree", "n": 2}
    shape = {"aspect_ratio": "16:9", "resolution": "2k"}
    answer = openai.call(sandbox.base_url, "generate", {**arguments, "extra_body": shape})
    drawn = answer.files()
    assert [pictures.jpeg(file).size for file in drawn] == [(2816, 1536)] * 2
    assert drawn[0] != drawn[1]
    assert answer.ticks == 400_000_000
    (request,) = sandbox.requests()
    assert request["path"] == "/v1/images/generations"
    assert request["body"] == {**arguments, **shape}
    (charge,) = sandbox.charges()
    assert (charge["pictures"], charge["ticks"]) == (2, answer.ticks)


def test_generates_in_base64(openai: Client, sandbox: SandboxServer) -> None:
    arguments: dict[str, object] = {
        "model": "grok-imagine-image-2.0",
        "prompt": "A lighthouse at dusk",
        "response_format": "b64_json",
        "quality": "low",
        "extra_body": {"aspect_ratio": "3:4"},
    }
    answer = openai.call(sandbox.base_url, "generate", arguments)
    assert [picture.url for picture in answer.pictures] == [None]
    assert [pictures.jpeg(file).size for file in answer.files()] == [(864, 1152)]
    assert answer.ticks == 400_000_000


def test_edits_by_a_body_of_ones_own(openai: Client, sandbox: SandboxServer, source_png: bytes) -> None:
    source = "data:image/png;base64," + base64.b64encode(source_png).decode()
    body: dict[str, object] = {"model": "grok-imagine-image", "prompt": "Make it black and white"}
    answer = openai.call(sandbox.base_url, "post", {**body, "image": {"url": source}})
    (edited,) = map(pictures.jpeg, answer.files())
    before = pictures.opened(source_png)
    assert edited.size == (1296, 864)
    assert pictures.likeness(before, edited) > 0.8
    assert pictures.saturation(before) > 100
    assert pictures.saturation(edited) < 20
    assert answer.ticks == 220_000_000


def test_its_own_edit_is_refused_as_a_form(
    openai: Client, sandbox: SandboxServer, source_png: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "source.png"
    file.write_bytes(source_png)
    arguments: dict[str, object] = {
        "model": "grok-imagine-image",
        "prompt": "Make it night",
        "image": str(file),
    }
    refusal = openai.call(sandbox.base_url, "edit", arguments).refusal()
    assert refusal.status == 415
    assert sandbox.charges() == []


def test_a_wrong_key_is_a_bad_request(openai: Client, locked_sandbox: SandboxServer) -> None:
    arguments: dict[str, object] = {"model": "grok-imagine-image", "prompt": "A cat"}
    refusal = openai.call(locked_sandbox.base_url, "generate", arguments, key="xai-a-wrong-one").refusal()
    assert (refusal.kind, refusal.status) == ("BadRequestError", 400)
    assert str(refusal.body).startswith("Incorrect API key provided")
    assert locked_sandbox.charges() == []
    answer = openai.call(locked_sandbox.base_url, "generate", arguments, key=RIGHT_KEY)
    assert len(answer.files()) == 1


@pytest.mark.parametrize(
    ("fields", "kind", "status", "says", "charged"),
    [
        ({"prompt": "A [sandbox:moderated]"}, "BadRequestError", 400, "rejected by content moderation", 1),
        ({"size": "1024x1024"}, "BadRequestError", 400, "Argument not supported: size", 0),
        ({"model": "dall-e-3"}, "NotFoundError", 404, "The model dall-e-3 does not exist", 0),
        ({"n": "two"}, "UnprocessableEntityError", 422, "n: invalid type: string", 0),
        ({"quality": "hd"}, "UnprocessableEntityError", 422, "quality: unknown variant `hd`", 0),
        ({"prompt": "A [sandbox:403]"}, "PermissionDeniedError", 403, "used all available credits", 0),
    ],
)
def test_refusals_become_its_errors(
    openai: Client,
    sandbox: SandboxServer,
    fields: dict[str, object],
    kind: str,
    status: int,
    says: str,
    charged: int,
) -> None:
    arguments = {"model": "grok-imagine-image", "prompt": "A cat", **fields}
    refusal = openai.call(sandbox.base_url, "generate", arguments).refusal()
    assert (refusal.kind, refusal.status) == (kind, status)
    assert says in str(refusal.body or refusal.message)
    assert len(sandbox.requests()) == 1
    assert len(sandbox.charges()) == charged


def test_its_own_retries_pass_a_rate_limit(openai: Client, sandbox: SandboxServer) -> None:
    prompt = "A cat that is patient [sandbox:429 retry-after=1 times=2]"
    answer = openai.call(sandbox.base_url, "generate", {"model": "grok-imagine-image", "prompt": prompt})
    assert len(answer.files()) == 1
    assert [request["status"] for request in sandbox.requests("/v1/images/")] == [429, 429, 200]
    assert len(sandbox.charges()) == 1


def test_a_lasting_rate_limit_is_told_with_its_reason(openai: Client, sandbox: SandboxServer) -> None:
    arguments: dict[str, object] = {"model": "grok-imagine-image", "prompt": "A cat [sandbox:429]"}
    refusal = openai.call(sandbox.base_url, "generate", arguments).refusal()
    assert (refusal.kind, refusal.status) == ("RateLimitError", 429)
    assert str(refusal.body).startswith("Too many requests for team")
    assert len(sandbox.requests()) == 3
    assert sandbox.charges() == []
