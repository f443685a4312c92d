"""A sandbox process of these tests' own, started as its module."""

import base64
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO

import httpx
import pytest
from PIL import Image, ImageDraw

Start = Callable[..., "Running"]


@dataclass(frozen=True)
class Running:
    """A sandbox process and where it listens."""

    process: subprocess.Popen[str]
    base_url: str

    @property
    def origin(self) -> str:
        """The address without `/v1`."""
        return self.base_url.removesuffix("/v1")


def start(*options: str) -> Running:
    """Start a sandbox and read where it listens."""
    command = [sys.executable, "-m", "imagine_desktop.sandbox", *options]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("listening on http://127.0.0.1:"), line
    return Running(process, line.removeprefix("listening on ").strip())


def stop(running: Running) -> int:
    """End a sandbox; returns its exit code."""
    running.process.terminate()
    code = running.process.wait(10)
    assert running.process.stdout is not None
    assert running.process.stdout.read() == ""
    running.process.stdout.close()
    return code


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    """A sandbox without latency, with its control."""
    running = start("--latency", "0", "--control")
    yield running
    assert stop(running) == 0


@pytest.fixture(scope="session")
def _clients(running: Running) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    headers = {"authorization": "Bearer any-key"}
    with (
        httpx.Client(base_url=running.base_url, headers=headers, timeout=20, trust_env=False) as api,
        httpx.Client(base_url=f"{running.origin}/control", timeout=10, trust_env=False) as control,
    ):
        yield api, control


@pytest.fixture
def control(_clients: tuple[httpx.Client, httpx.Client]) -> httpx.Client:
    """A client of the control, with nothing scripted and nothing remembered."""
    for name in ("faults", "requests", "charges"):
        _clients[1].delete(f"/{name}")
    return _clients[1]


@pytest.fixture
def api(_clients: tuple[httpx.Client, httpx.Client], control: httpx.Client) -> httpx.Client:
    """A client with a key."""
    return _clients[0]


def photo(size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture with broad tones, a horizon and a few hard forms."""
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    image = Image.blend(image, Image.new("RGB", size, (90, 140, 190)), 0.45)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, size[1] * 0.62, *size), fill=(70, 110, 60))
    draw.ellipse((size[0] * 0.55, size[1] * 0.3, size[0] * 0.8, size[1] * 0.75), fill=(190, 70, 50))
    draw.rectangle((size[0] * 0.12, size[1] * 0.35, size[0] * 0.3, size[1] * 0.8), fill=(230, 210, 170))
    weave = bytes(number * 97 % 251 for number in range(size[0] * size[1]))
    return Image.blend(image, Image.frombytes("L", size, weave).convert("RGB"), 0.14)


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    """The picture as a file."""
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()


def data_uri(data: bytes, kind: str = "png") -> str:
    """A file as the API takes it in JSON."""
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def pictures(answer: httpx.Response) -> list[Image.Image]:
    """The pictures of an answer in base64, decoded whole."""
    assert answer.status_code == 200, answer.text
    images: list[Image.Image] = []
    for entry in answer.json()["data"]:
        images.append(Image.open(BytesIO(base64.b64decode(entry["b64_json"]))))
        images[-1].load()
    return images
