"""LiteLLM's `image_generation` with its provider `xai`; it has no edits for it."""

import pytest

from tests.conftest import SandboxServer
from tests.interop import pictures
from tests.interop.clients import Client
from tests.interop.conftest import RIGHT_KEY

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]

_MODEL = "xai/grok-imagine-image"


def test_generates_by_url(litellm: Client, sandbox: SandboxServer) -> None:
    fields = {"prompt": "A fox in the snow", "n": 2, "aspect_ratio": "4:3", "resolution": "1k"}
    answer = litellm.call(sandbox.base_url, "generate", {"model": _MODEL, **fields})
    drawn = answer.files()
    assert [pictures.jpeg(file).size for file in drawn] == [(1280, 896)] * 2
    assert drawn[0] != drawn[1]
    (request,) = sandbox.requests()
    assert request["body"] == {"model": "grok-imagine-image", **fields}
    (charge,) = sandbox.charges()
    assert answer.ticks == charge["ticks"] == 400_000_000


def test_generates_in_base64(litellm: Client, sandbox: SandboxServer) -> None:
    fields: dict[str, object] = {"prompt": "A castle", "aspect_ratio": "1:1", "response_format": "b64_json"}
    answer = litellm.call(sandbox.base_url, "generate", {"model": _MODEL, **fields})
    assert [picture.url for picture in answer.pictures] == [None]
    assert [pictures.jpeg(file).size for file in answer.files()] == [(1024, 1024)]


def test_a_wrong_key_is_a_bad_request(litellm: Client, locked_sandbox: SandboxServer) -> None:
    arguments: dict[str, object] = {"model": _MODEL, "prompt": "A cat"}
    refusal = litellm.call(locked_sandbox.base_url, "generate", arguments, key="xai-a-wrong-one").refusal()
    assert refusal.status == 400
    assert "Incorrect API key provided" in refusal.message
    assert locked_sandbox.charges() == []
    answer = litellm.call(locked_sandbox.base_url, "generate", arguments, key=RIGHT_KEY)
    assert len(answer.files()) == 1


@pytest.mark.parametrize(
    ("fields", "kind", "says", "charged"),
    [
        ({"prompt": "A [sandbox:moderated]"}, "BadRequestError", "imagine:content-moderated", 1),
        ({"model": "xai/nothing"}, "NotFoundError", "The model nothing does not exist", 0),
        ({"resolution": "1024"}, "BadRequestError", "resolution: unknown variant `1024`", 0),
    ],
)
def test_refusals_become_its_errors(
    litellm: Client, sandbox: SandboxServer, fields: dict[str, object], kind: str, says: str, charged: int
) -> None:
    arguments = {"model": _MODEL, "prompt": "A cat", **fields}
    refusal = litellm.call(sandbox.base_url, "generate", arguments).refusal()
    assert refusal.kind == kind
    assert says in refusal.message
    assert len(sandbox.charges()) == charged
