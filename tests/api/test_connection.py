"""A profile's connection: what it opens, it closes."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from imagine_desktop.api import local
from imagine_desktop.api.connection import Connection
from imagine_desktop.errors import ConfigurationError
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import SANDBOX, XAI


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[local.LocalSandbox]:
    """The sandboxes that were started."""
    start, started = local.LocalSandbox.start, []

    def noted() -> local.LocalSandbox:
        started.append(start())
        return started[-1]

    monkeypatch.setattr(local.LocalSandbox, "start", staticmethod(noted))
    return started


@pytest.fixture
async def connection(started: list[local.LocalSandbox]) -> AsyncIterator[Connection]:
    """One to the sandbox that the program starts by itself."""
    made = Connection(SANDBOX, None)
    yield made
    await made.aclose()
    for sandbox in started:
        sandbox.stop()


async def test_nobody_who_gives_up_leaves_a_process_behind(
    connection: Connection, started: list[local.LocalSandbox]
) -> None:
    for _ in range(2):
        waiting = asyncio.create_task(connection.client())
        await asyncio.sleep(0.05)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert await connection.client() is await connection.client()
    await connection.aclose()
    [sandbox] = started
    assert not sandbox.is_running


async def test_closing_waits_for_what_is_being_opened(
    connection: Connection, started: list[local.LocalSandbox]
) -> None:
    waiting = asyncio.create_task(connection.client())
    await asyncio.sleep(0.05)
    waiting.cancel()
    await connection.aclose()
    [sandbox] = started
    assert not sandbox.is_running
    assert not connection.is_open


async def test_sandbox_that_ended_is_started_again(
    connection: Connection, started: list[local.LocalSandbox]
) -> None:
    first = await connection.client()
    await asyncio.to_thread(started[0].stop)
    assert await connection.client() is not first
    assert [sandbox.is_running for sandbox in started] == [False, True]


async def test_what_cannot_be_opened_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:9")
    connection = Connection(XAI, Secret("a-key-of-nobody"))
    with pytest.raises(ConfigurationError):
        await connection.client()
    monkeypatch.delenv("ALL_PROXY")
    await connection.client()
    assert connection.is_open
    await connection.aclose()
