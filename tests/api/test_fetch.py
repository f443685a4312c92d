"""Downloads: only from the public web, never with the key, never more than a picture."""

import pytest

from imagine_desktop.api import fetch
from imagine_desktop.api.fetch import Fetcher
from imagine_desktop.errors import AddressExpired, AddressRefused, Charged, DownloadError
from tests.api.servers import Behaviour, Call, hang, serving

PICTURE = b"\xff\xd8\xff picture" * 1000


async def fetched(url: str, *, allow_loopback: bool = True) -> bytes:
    """One download by a fetcher of its own."""
    fetcher = Fetcher(allow_loopback=allow_loopback)
    try:
        return await fetcher.fetch(url, lambda _count: None)
    finally:
        await fetcher.aclose()


def answering(body: bytes = PICTURE, status: int = 200, headers: str = "") -> Behaviour:
    """A server that answers so."""

    async def behave(call: Call) -> None:
        await call.read()
        await call.answer(body, status, headers)

    return behave


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "ftp://pictures.example/a.jpg",
        "javascript:alert(1)",
        "http://pictures.example/a.jpg",
        "https://person:word@pictures.example/a.jpg",
        "https://person@pictures.example/a.jpg",
        "https:///a.jpg",
        "https://[::1",
        "https://pictures.example:99999/",
        "//pictures.example/a.jpg",
        "a.jpg",
        "",
        *(
            f"https://{host}/a.jpg"
            for host in (
                "localhost",
                "LOCALHOST.",
                "printer.local",
                "a.localhost",
                "127.0.0.1",
                "127.1",
                "0x7f.1",
                "2130706433",
                "0",
                "127。0。0。1",
                "１２７.0.0.1",
                "0.0.0.0",  # noqa: S104 - an address to refuse
                "10.0.0.1",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "[::1]",
                "[::]",
                "[::ffff:127.0.0.1]",
                "[::127.0.0.1]",
                "[64:ff9b::7f00:1]",
                "[2002:7f00:1::]",
                "[2001:0:1::]",
                "[fe80::1]",
                "[fec0::1]",
                "[fc00::1]",
                "[ff02::1]",
            )
        ),
    ],
)
async def test_address_off_the_public_web_is_refused_for_good(url: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        await fetched(url, allow_loopback=False)
    assert not caught.value.may_retry
    assert caught.value.charged is Charged.YES


async def test_this_computer_is_asked_only_where_the_profile_is_on_it() -> None:
    async with serving(answering()) as server:
        assert await fetched(f"{server.url}/a.jpg") == PICTURE
        with pytest.raises(AddressRefused):
            await fetched(f"{server.url}/a.jpg", allow_loopback=False)
        assert len(server.calls) == 1
        for url in ("http://169.254.169.254/latest", "file:///etc/passwd", "http://192.168.1.1/"):
            with pytest.raises(AddressRefused):
                await fetched(url)


async def test_download_asks_plainly_and_without_a_key() -> None:
    async with serving(answering()) as server:
        await fetched(f"{server.url}/a.jpg?signature=1")
        head = server.calls[0].head.lower()
    assert head.startswith(b"get /a.jpg?signature=1 ")
    assert b"authorization" not in head
    assert b"cookie" not in head
    assert b"accept-encoding: identity" in head


async def test_progress_is_told() -> None:
    told: list[int] = []
    async with serving(answering()) as server:
        fetcher = Fetcher(allow_loopback=True)
        await fetcher.fetch(server.url, told.append)
        await fetcher.aclose()
    assert told == sorted(told)
    assert told[-1] == len(PICTURE)


@pytest.mark.parametrize("status", [404, 410])
async def test_missing_picture_is_expired(status: int) -> None:
    async with serving(answering(b"", status)) as server:
        with pytest.raises(AddressExpired):
            await fetched(server.url)


@pytest.mark.parametrize(
    ("status", "may_retry"), [(500, True), (503, True), (429, True), (408, True), (403, False), (204, False)]
)
async def test_other_answers_are_tried_again_where_that_may_help(status: int, may_retry: bool) -> None:
    async with serving(answering(b"", status)) as server:
        with pytest.raises(DownloadError) as caught:
            await fetched(server.url)
    assert caught.value.may_retry is may_retry


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nshort\r\n",
        b"garbage\r\n\r\n",
        b"",
    ],
)
async def test_picture_cut_short_is_no_picture(answer: bytes) -> None:
    async def behave(call: Call) -> None:
        await call.read()
        await call.write(answer)

    async with serving(behave) as server:
        with pytest.raises(DownloadError) as caught:
            await fetched(server.url)
    assert caught.value.may_retry


async def test_compressed_picture_is_refused_unread() -> None:
    async with serving(answering(b"\x1f\x8b", headers="content-encoding: gzip\r\n")) as server:
        with pytest.raises(AddressRefused):
            await fetched(server.url)


async def test_endless_picture_is_cut_off() -> None:
    written = 0

    async def flood(call: Call) -> None:
        nonlocal written
        await call.read()
        await call.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            await call.write(bytes(1 << 20))
            written += 1 << 20

    async with serving(flood) as server:
        with pytest.raises(AddressRefused, match="larger than 64 MB") as caught:
            await fetched(server.url)
    assert not caught.value.may_retry
    assert written < 2 * fetch.MAX_PICTURE_BYTES


async def test_silent_server_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_TIMEOUT_S", 0.2)
    async with serving(hang) as server:
        with pytest.raises(DownloadError) as caught:
            await fetched(server.url)
    assert caught.value.may_retry


async def test_redirects_are_followed_a_few_times_and_checked_each() -> None:
    async with serving(answering()) as last:
        async with serving(answering(b"", 302, f"location: {last.url}/b.jpg\r\n")) as first:
            assert await fetched(f"{first.url}/a.jpg") == PICTURE
        assert last.calls[0].head.startswith(b"GET /b.jpg ")
    for target in ("http://192.168.1.1/", "file:///etc/passwd", "https://person:word@pictures.example/"):
        async with serving(answering(b"", 307, f"location: {target}\r\n")) as server:
            with pytest.raises(AddressRefused):
                await fetched(server.url)
    async with serving(answering(b"", 301, "location: /again\r\n")) as server:
        with pytest.raises(AddressRefused, match="from one to the next"):
            await fetched(server.url)
        assert len(server.calls) == 4


@pytest.mark.parametrize(
    "url", ["https://xn--/a.jpg", "https://١٢٣/a.jpg", "https://a.example/" + "a" * 70_000]
)
async def test_address_that_no_client_takes_is_a_download_error(url: str) -> None:
    with pytest.raises(DownloadError):
        await fetched(url, allow_loopback=False)
