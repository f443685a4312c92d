"""A paid request against servers that break in every way: it is said to be not sent only where that is true."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from imagine_desktop.api import client as client_module
from imagine_desktop.api import wire
from imagine_desktop.api.client import Client
from imagine_desktop.domain.record import TurnId
from imagine_desktop.errors import ApiError, BadKey, ConfigurationError, NotSent, OutcomeUnknown
from imagine_desktop.secrets import Secret
from tests.api.certificates import own_certificate
from tests.api.servers import Call, hang, serving
from tests.canary import KEY

SMALL = b'{"prompt": "a harbour"}'
LARGE = b'{"prompt": "' + b"a" * 24_000_000 + b'"}'


@asynccontextmanager
async def client_of(base_url: str) -> AsyncIterator[Client]:
    """A client that is closed at the end."""
    client = Client(base_url, Secret(KEY))
    try:
        yield client
    finally:
        await client.aclose()


async def post(base_url: str, body: bytes = SMALL, timeout_s: float = 10) -> wire.Answer:
    """One paid request."""
    async with client_of(base_url) as client:
        return await client.post("/images/generations", body, TurnId("01TURN"), timeout_s)


async def close_unread(_call: Call) -> None:
    """Close at once."""


async def read_and_close(call: Call) -> None:
    await call.read()


async def read_and_hang(call: Call) -> None:
    await call.read()
    await hang(call)


async def flood(call: Call) -> None:
    await call.read()
    await call.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        await call.write(bytes(1 << 20))


@pytest.mark.parametrize("spare", [0, 100_000, 300_000, 1_000_000])
async def test_upload_called_not_sent_is_never_completed_while_the_connection_closes(spare: int) -> None:
    """What waits in buffers when the time is up may still go out, down to the last bytes of a small rest."""
    timed_out = asyncio.Event()
    got = 0

    async def read_late(call: Call) -> None:
        nonlocal got
        await timed_out.wait()
        while piece := await call.reader.read(1 << 20):
            got += len(piece)

    body = LARGE[: 4_000_000 + spare]
    async with serving(read_late) as server:
        try:
            asyncio.get_running_loop().call_later(0.3, timed_out.set)
            with pytest.raises(ApiError) as caught:
                await post(server.url, body, timeout_s=0.3)
        finally:
            timed_out.set()
        while not server.calls[0].reader.at_eof() and server.calls[0].reader.exception() is None:
            await asyncio.sleep(0.01)
    assert isinstance(caught.value, OutcomeUnknown) or got < len(body)


async def test_answer_beyond_every_size_is_cut_off() -> None:
    async with serving(flood) as server:
        with pytest.raises(OutcomeUnknown):
            await post(server.url)


async def test_early_refusal_of_a_large_upload_is_read_or_called_not_sent() -> None:
    async def refuse(call: Call) -> None:
        await call.reader.readexactly(100_000)
        await call.answer(b'{"error": "too large"}', 413)
        while await call.reader.read(1 << 20):
            pass

    async with serving(refuse) as server:
        try:
            assert (await post(server.url, LARGE)).status == 413
        except NotSent:
            assert not server.calls[0].is_whole


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_redirect_is_not_followed_and_its_target_hears_nothing(status: int) -> None:
    async with serving(close_unread) as other:

        async def redirect(call: Call) -> None:
            await call.read()
            await call.answer(b"", status, f"location: {other.url}/v1/images/generations\r\n")

        async with serving(redirect) as server:
            answer = await post(server.url)
        assert answer.status == status
        assert isinstance(wire.error(answer), OutcomeUnknown)
        assert other.calls == []


async def test_nobody_listening_is_not_sent() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(NotSent) as caught:
            await post(f"http://127.0.0.1:{unused.getsockname()[1]}/v1")
    assert caught.value.may_retry


@pytest.mark.parametrize(
    "base_url",
    [
        "https://nowhere.invalid/v1",
        "https://xn--/v1",
        "https://١٢٣/v1",
        "https://127.0.0.1:99999/v1",
        "https://" + "a" * 300 + "/v1",
        "https://exa mple\n/v1",
        "gopher://127.0.0.1/v1",
        "",
    ],
)
async def test_address_that_leads_nowhere_is_not_sent(base_url: str) -> None:
    with pytest.raises(NotSent):
        await post(base_url)


async def test_secure_address_of_a_plain_server_is_not_sent() -> None:
    async def complain(call: Call) -> None:
        await call.answer(b"plain text only", 400)

    async with serving(complain) as server:
        with pytest.raises(NotSent) as caught:
            await post(f"https://127.0.0.1:{server.port}/v1")
        assert KEY not in caught.value.sentences + caught.value.detail


async def test_certificate_that_nobody_vouches_for_is_refused_for_good(tmp_path: Path) -> None:
    async with serving(read_and_close, own_certificate(tmp_path)) as server:
        with pytest.raises(NotSent) as caught:
            await post(f"https://127.0.0.1:{server.port}/v1")
        assert not caught.value.may_retry
        assert not any(call.is_whole for call in server.calls)


async def test_proxy_of_the_environment_is_not_asked_for_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(close_unread) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)

        async def answer(call: Call) -> None:
            await call.read()
            await call.answer(b"{}")

        async with serving(answer) as server:
            assert (await post(server.url)).status == 200
        assert proxy.calls == []


async def test_proxy_of_an_unknown_kind_is_in_the_way_of_nothing_that_does_not_need_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def answer(call: Call) -> None:
        await call.read()
        await call.answer(b"{}")

    async with serving(answer) as server, serving(read_and_close) as proxy:
        monkeypatch.setenv("ALL_PROXY", "socks://127.0.0.1:9/")  # as some desktops set it
        assert (await post(server.url)).status == 200
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(NotSent):
            await post("https://api.example/v1")
        assert proxy.calls[0].head.startswith(b"CONNECT api.example:443 ")


@pytest.mark.parametrize(
    "proxy", ["socks://127.0.0.1:9/", "socks5://u:word@127.0.0.1:9", "odd://x", "http://[::1"]
)
async def test_proxy_that_cannot_be_used_says_so(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(ConfigurationError, match="proxy") as caught:
        await post("https://api.example/v1")
    assert "NO_PROXY" in caught.value.hint
    assert "word" not in caught.value.sentences
    monkeypatch.setenv("NO_PROXY", "api.example")
    async with client_of("https://api.example/v1"):
        pass


async def test_key_check_tells_a_wrong_key_from_an_api_that_cannot_be_reached() -> None:
    async def refuse(call: Call) -> None:
        await call.read()
        await call.answer(
            b'{"code": "invalid-argument", "error": "Incorrect API key provided: xai-****."}', 400
        )

    async with serving(refuse) as server, client_of(server.url) as client:
        with pytest.raises(BadKey):
            await client.check_key()
        assert server.calls[0].head.startswith(b"GET /api-key ")
    for base_url in (f"http://127.0.0.1:{server.port}", "https://xn--/v1"):
        async with client_of(base_url) as client:
            with pytest.raises(ApiError, match="cannot be reached"):
                await client.check_key()


async def test_slow_but_honest_answer_to_a_question_is_given_the_time_that_it_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client_module, "_CHECK_S", 0.6)
    monkeypatch.setattr(client_module, "_SLOWEST_BYTES_PER_S", 2_000)

    async def drip(call: Call) -> None:
        await call.read()
        await call.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(20):
            await asyncio.sleep(0.05)
            await call.write(bytes(1_000))

    async with serving(drip) as server, client_of(server.url) as client:
        assert (await client.ask("/files/1/content")).body == bytes(20_000)
    async with serving(read_and_hang) as server, client_of(server.url) as client:
        with pytest.raises(ApiError, match="cannot be reached"):
            await client.ask("/files/1/content")


async def test_cancelled_request_is_cancelled_and_nothing_else() -> None:
    async with serving(read_and_hang) as server:
        task = asyncio.create_task(post(server.url))
        while not (server.calls and server.calls[0].is_whole):
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
