"""A server that remembers what it charged."""

from collections.abc import Iterator

import pytest

from tests.conftest import SandboxServer, running_sandbox
from tests.faults.kills import LATENCY_S


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    """A server that lives, and remembers, for all tests of a module."""
    with running_sandbox("--latency", LATENCY_S, program=["tests.faults.server"]) as running:
        yield running
