"""What every test gets: no key, no screen, no home of the person's, and a real sandbox process to speak to."""

import asyncio
import contextlib
import functools
import gc
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
for _name in ("XAI_API_KEY", "IMAGINE_BASE_URL"):
    os.environ.pop(_name, None)

# A run in a shell's background ignores Ctrl+C, and so would every process that a test starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

import pytest
from PySide6.QtWidgets import QApplication

from imagine_desktop import paths
from imagine_desktop.domain import catalog as catalogs
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import Settings, profile_at
from imagine_desktop.ui.start import Launch
from tests import canary
from tests.canary import Watch

WATCH = Watch()
_ASYNC_TEST_S = 30.0
_COLLECT_AFTER_OBJECTS = 20_000


def pytest_configure(config: pytest.Config) -> None:
    """Watch over the key of the whole suite."""
    config.pluginmanager.register(WATCH, "canary")


@pytest.fixture(scope="session", autouse=True)
def _searched_for_the_key(tmp_path_factory: pytest.TempPathFactory) -> None:
    WATCH.folder = tmp_path_factory.getbasetemp()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own."""
    monkeypatch.setenv("IMAGINE_DESKTOP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="session", autouse=True)
def _keep_loop_when_windows_close(qapp: QApplication) -> None:
    qapp.setQuitOnLastWindowClosed(False)


@pytest.fixture(scope="session", autouse=True)
def _automatic_collection_off() -> Iterator[None]:
    """Cyclic garbage that holds widgets crashes Qt where another thread than the window's collects it."""
    gc.collect()
    gc.freeze()
    gc.disable()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def _collect_here() -> Iterator[None]:
    yield
    if gc.get_count()[0] > _COLLECT_AFTER_OBJECTS:
        gc.collect()


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The catalogue that ships with the program."""
    return catalogs.parse(paths.resource("catalog.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class SandboxServer:
    """A running sandbox, with the control through which its faults are scripted."""

    base_url: str

    def control(self, method: str, name: str, body: object = None) -> object:
        """Call the control; returns its answer's JSON."""
        request = urllib.request.Request(
            self.base_url.removesuffix("/v1") + "/control/" + name,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            text = response.read()
        return json.loads(text) if text else None

    def fault(self, **fields: object) -> None:
        """Script what happens to the next request that matches."""
        self.control("POST", "faults", fields)

    def forget(self) -> None:
        """Drop what is scripted and what was noted, once it was searched for the key."""
        WATCH.look_at_requests(self.requests(""))
        for name in ("faults", "requests", "charges"):
            self.control("DELETE", name)

    def requests(self, path: str = "/v1/images/") -> list[Mapping[str, object]]:
        """The requests received whose path begins so."""
        answer = self.control("GET", "requests")
        entries = answer["requests"] if isinstance(answer, dict) else answer
        assert isinstance(entries, list)
        return [entry for entry in entries if str(entry["path"]).startswith(path)]

    def charges(self) -> list[Mapping[str, object]]:
        """The truth of what was charged."""
        answer = self.control("GET", "charges")
        entries = answer["charges"] if isinstance(answer, dict) else answer
        assert isinstance(entries, list)
        return entries


@contextlib.contextmanager
def running_sandbox(
    *options: str, program: Sequence[str] = ("imagine_desktop", "sandbox")
) -> Iterator[SandboxServer]:
    """A sandbox process with these further options, until the block ends."""
    command = [sys.executable, "-m", *program, "--control", "--latency", "0", *options]
    process = subprocess.Popen(
        [*command, "--parent", str(os.getpid())], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith("listening on "), line
        server = SandboxServer(line.removeprefix("listening on ").strip())
        yield server
        server.forget()
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


@pytest.fixture(scope="session")
def _sandbox_process() -> Iterator[SandboxServer]:
    with running_sandbox() as server:
        yield server


@pytest.fixture
def sandbox(_sandbox_process: SandboxServer) -> SandboxServer:
    """The sandbox, with nothing scripted and nothing remembered."""
    _sandbox_process.forget()
    return _sandbox_process


@pytest.fixture
def launch(tmp_path: Path, sandbox: SandboxServer) -> Launch:
    """A start of the window on an empty library and the test's sandbox."""
    return Launch(
        library=tmp_path / "library",
        settings_path=tmp_path / "settings.toml",
        settings=Settings(),
        profile=profile_at(sandbox.base_url),
        key=Secret(canary.KEY),
        is_tour=True,
    )


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The window's tests run on its own event loop, all others on the standard one."""
    if "/tests/ui/" not in item.path.as_posix() and item.path.name != "test_app.py":
        return {"asyncio": asyncio.new_event_loop}

    def qt_loop() -> asyncio.AbstractEventLoop:
        import qasync

        loop: asyncio.AbstractEventLoop = qasync.QEventLoop(QApplication.instance())
        return loop

    return {"qasync": qt_loop}


def pytest_itemcollected(item: pytest.Item) -> None:
    """Bound every asynchronous test: a signal never fires in an idle Qt loop."""
    if not isinstance(item, pytest.Function) or not asyncio.iscoroutinefunction(item.obj):
        return
    test: Callable[..., Coroutine[object, object, None]] = item.obj

    @functools.wraps(test)
    async def bounded(*args: object, **kwargs: object) -> None:
        async with asyncio.timeout(_ASYNC_TEST_S):
            await test(*args, **kwargs)

    item.obj = bounded
