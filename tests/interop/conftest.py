"""The clients, a sandbox with one right key, and a picture to edit."""

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from tests.conftest import SandboxServer, running_sandbox
from tests.interop.clients import CannotInstall, Client, node_client, python_client

RIGHT_KEY = "xai-the-right-one"


@pytest.fixture(scope="session")
def openai() -> Client:
    """openai-python."""
    return _available(python_client, "openai")


@pytest.fixture(scope="session")
def litellm() -> Client:
    """LiteLLM."""
    return _available(python_client, "litellm")


@pytest.fixture(scope="session")
def ai_sdk() -> Client:
    """@ai-sdk/xai, called through `ai`."""
    return _available(node_client, "ai_sdk")


def _available(find: Callable[[str], Client], name: str) -> Client:
    try:
        return find(name)
    except CannotInstall as reason:
        pytest.skip(f"{name} cannot be installed here: {reason}")


@pytest.fixture(scope="session")
def _locked_process() -> Iterator[SandboxServer]:
    with running_sandbox("--key", RIGHT_KEY) as server:
        yield server


@pytest.fixture
def locked_sandbox(_locked_process: SandboxServer) -> SandboxServer:
    """A sandbox that knows one key, with nothing remembered."""
    _locked_process.forget()
    return _locked_process


@pytest.fixture(scope="session")
def source_png() -> bytes:
    """A colourful picture, 3:2: a red sun over a green hill."""
    image = Image.new("RGB", (768, 512), "#3aa0e0")
    draw = ImageDraw.Draw(image)
    draw.ellipse((500, 60, 640, 200), fill="#e02818")
    draw.ellipse((-200, 300, 700, 900), fill="#1f7a2c")
    draw.rectangle((180, 220, 260, 330), fill="#f4e6c0")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
