"""An engine on a library of the test's own, speaking to the sandbox process."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from imagine_desktop.api.connection import Connection
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.engine.engine import Engine
from imagine_desktop.engine.workshop import Patience
from imagine_desktop.library.library import Library
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import Profile, profile_at
from tests import canary
from tests.conftest import SandboxServer

QUICK = Patience(answer_s=10, download_s=1, expired_pause_s=0, poll_s=0.05, look_after_s=(0, 0.2, 1))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library."""
    opened = Library.open(tmp_path / "library", "a test")
    yield opened
    opened.close()


@pytest.fixture
def profile(sandbox: SandboxServer) -> Profile:
    """Where requests go; without the ways to find a lost answer."""
    return profile_at(sandbox.base_url)


@pytest.fixture
async def engine(library: Library, catalog: Catalog, profile: Profile) -> AsyncIterator[Engine]:
    """An engine with little patience."""
    connection = Connection(profile, Secret(canary.KEY))
    made = Engine(library, catalog, connection, patience=QUICK)
    yield made
    await made.aclose(5)
