"""What a download may take: whole bodies only, and bounded bytes, memory, time and connections."""

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagine_desktop.api import fetch
from imagine_desktop.api.fetch import Fetcher
from imagine_desktop.errors import AddressRefused, DownloadError
from tests.api.downloads import PICTURE, answering, fetched, ignore
from tests.api.servers import Behaviour, Call, hang, serving


async def test_progress_is_told() -> None:
    told: list[int] = []
    async with serving(answering()) as server:
        fetcher = Fetcher(allow_loopback=True)
        await fetcher.fetch(server.url, told.append)
        await fetcher.aclose()
    assert told == sorted(told)
    assert told[-1] == len(PICTURE)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nshort\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\ncontent-length: " + b"9" * 5000 + b"\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\nshort\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"x" * 200_000,
        b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 50_000,
        b"HTTP/1.1 99999 OK\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000,
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n",
        b"garbage\r\n\r\n",
        b"\x15\x03\x01\x00\x02\x02\x28",
        b"",
    ],
    ids=range(15),
)
async def test_picture_cut_short_is_no_picture(answer: bytes) -> None:
    async def behave(call: Call) -> None:
        await call.read()
        await call.write(answer)

    async with serving(behave) as server:
        with pytest.raises(DownloadError) as caught:
            await fetched(server.url)
    assert caught.value.may_retry
    assert len(caught.value.detail) <= 500
    assert "_" not in caught.value.sentences


async def test_picture_longer_than_declared_is_cut_for_the_decoder_to_judge() -> None:
    async with serving(answering(PICTURE)) as server:
        assert await fetched(server.url) == PICTURE

    async def behave(call: Call) -> None:
        await call.read()
        await call.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nmore than five")

    async with serving(behave) as server:
        assert await fetched(server.url) == b"more "


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd", "GZIP", "identity, gzip"])
async def test_compressed_picture_is_refused_unread(encoding: str) -> None:
    headers = f"content-encoding: {encoding}\r\n"
    received: list[int] = []
    async with serving(answering(b"\x1f\x8b" * 10_000, headers=headers)) as server:
        with pytest.raises(AddressRefused):
            await fetched(server.url, received=received.append)
    assert received == []


async def test_picture_declared_too_large_is_refused_unread() -> None:
    received: list[int] = []

    async def behave(call: Call) -> None:
        await call.read()
        await call.write(b"HTTP/1.1 200 OK\r\ncontent-length: 500000000\r\n\r\n" + bytes(1 << 20))

    async with serving(behave) as server:
        with pytest.raises(AddressRefused, match="larger than 64 MB"):
            await fetched(server.url, received=received.append)
    assert received == []


@pytest.mark.parametrize("declared", ["", "transfer-encoding: chunked\r\n"])
async def test_endless_picture_is_cut_off_soon_and_without_filling_the_memory(declared: str) -> None:
    written = 0
    piece = bytes(1 << 20)

    async def flood(call: Call) -> None:
        nonlocal written
        await call.read()
        await call.write(f"HTTP/1.1 200 OK\r\n{declared}\r\n".encode())
        while True:
            await call.write(b"100000\r\n" + piece + b"\r\n" if declared else piece)
            written += len(piece)

    before, most = resident_bytes(), 0

    def watch(_count: int) -> None:
        nonlocal most
        most = max(most, resident_bytes())

    async with serving(flood) as server:
        began_s = time.monotonic()
        with pytest.raises(AddressRefused, match="larger than 64 MB") as caught:
            await fetched(server.url, received=watch)
        assert time.monotonic() - began_s < 2
    assert not caught.value.may_retry
    assert written < 2 * fetch.MAX_PICTURE_BYTES
    assert most - before < 100_000_000


def resident_bytes() -> int:
    """This process's memory; 0 where the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


async def test_silent_server_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_GRACE_S", 0.2)
    async with serving(hang) as server:
        with pytest.raises(DownloadError, match="too long") as caught:
            await fetched(server.url)
    assert caught.value.may_retry


async def test_silent_server_is_given_up_sooner_where_there_is_less_time() -> None:
    async with serving(hang) as server:
        fetcher = Fetcher(allow_loopback=True)
        with pytest.raises(DownloadError, match="too long"):
            await fetcher.fetch(server.url, ignore, within_s=0.2)
        await fetcher.aclose()


def dripping(head: bytes, piece: bytes, count: int) -> Behaviour:
    """A server that answers in pieces, one every 20 ms."""

    async def behave(call: Call) -> None:
        await call.read()
        await call.write(head)
        for _ in range(count):
            await asyncio.sleep(0.02)
            await call.write(piece)

    return behave


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 50000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: ",
        b"HTTP/1.1 302 Found\r\nlocation: /",
    ],
)
async def test_server_that_drips_is_given_up(head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_GRACE_S", 0.2)
    monkeypatch.setattr(fetch, "_SLOWEST_BYTES_PER_S", 200_000)
    async with serving(dripping(head, b"x", 5_000)) as server:
        with pytest.raises(DownloadError, match="too long") as caught:
            await fetched(server.url)
    assert caught.value.may_retry


@pytest.mark.parametrize("declared", [b"", b"content-length: 20000\r\n"])
async def test_slow_but_honest_server_is_given_the_time_that_the_picture_takes(
    declared: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "_GRACE_S", 0.2)
    monkeypatch.setattr(fetch, "_SLOWEST_BYTES_PER_S", 2_000)
    head = b"HTTP/1.1 200 OK\r\n" + declared + b"\r\n"
    async with serving(dripping(head, bytes(1_000), 20)) as server:
        assert await fetched(server.url) == bytes(20_000)


async def test_no_more_than_ten_pictures_come_at_once_and_the_others_wait() -> None:
    at_once, most, go_on = 0, 0, asyncio.Event()

    async def behave(call: Call) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        if at_once == 10:
            go_on.set()
        await call.read()
        await go_on.wait()
        at_once -= 1
        await call.answer(PICTURE, headers="connection: close\r\n")

    async with serving(behave) as server:
        fetcher = Fetcher(allow_loopback=True)
        pictures = await asyncio.gather(*(fetcher.fetch(server.url, ignore) for _ in range(25)))
        await fetcher.aclose()
    assert pictures == [PICTURE] * 25
    assert most == 10


@settings(deadline=None, max_examples=60)
@given(
    head=st.sampled_from([b"", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 X\r\nlocation: "]),
    rest=st.binary(max_size=200),
)
def test_no_answer_makes_anything_but_bytes_or_a_download_error(head: bytes, rest: bytes) -> None:
    async def behave(call: Call) -> None:
        await call.read()
        await call.write(head + rest)

    async def attempt() -> None:
        async with serving(behave) as server:
            with suppress(DownloadError):
                assert isinstance(await fetched(server.url), bytes)

    asyncio.run(attempt())
