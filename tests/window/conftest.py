"""A desktop for every test here, and the program started on it."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

import pytest

from imagine_desktop.library.library import Library
from tests import canary
from tests.conftest import SandboxServer
from tests.window.desktop import Desktop, missing, running_desktop
from tests.window.program import Program, running

_SCREEN = (1480, 960)


class Start(Protocol):
    """Starts the program on the test's desktop and home."""

    def __call__(self, *arguments: str, **environment: str) -> Program: ...


@pytest.fixture(scope="session")
def _reason() -> str:
    return missing()


@pytest.fixture
def desktop(request: pytest.FixtureRequest, _reason: str) -> Iterator[Desktop]:
    """A desktop, of the width and height that a test asks for."""
    if _reason:
        pytest.skip(_reason)
    width, height = getattr(request, "param", _SCREEN)
    with running_desktop(width, height) as running_one:
        yield running_one


@pytest.fixture
def start(desktop: Desktop) -> Iterator[Start]:
    """Starts the program; what still runs when the test ends is killed."""
    with contextlib.ExitStack() as ends:

        def start_one(*arguments: str, **environment: str) -> Program:
            return ends.enter_context(running(desktop, environment, *arguments))

        yield start_one


@pytest.fixture
def at_sandbox(sandbox: SandboxServer) -> Mapping[str, str]:
    """The environment in which the program speaks to the test's sandbox, as it would to the API."""
    return {"XAI_API_KEY": canary.KEY, "IMAGINE_BASE_URL": sandbox.base_url}


@contextlib.contextmanager
def library_in(home: Path) -> Iterator[Library]:
    """The library that the window left or still has open, for reading."""
    library = Library.open_reading(home / "library")
    try:
        yield library
    finally:
        library.close()
