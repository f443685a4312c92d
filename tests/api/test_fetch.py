"""Downloads: only from the public web, never with the key, whatever a name or a redirect leads to."""

import asyncio
import ssl
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagine_desktop.api.guard import GuardedBackend
from imagine_desktop.errors import AddressExpired, AddressRefused, Charged, DownloadError
from tests.api.certificates import own_certificate
from tests.api.downloads import PICTURE, Detour, WithoutTls, answering, fetched, knowing
from tests.api.servers import Call, Server, hang, serving
from tests.api.test_guard import PRIVATE


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


REFUSED = [
    "file:///etc/passwd",
    "data:image/png;base64,AAAA",
    "ftp://pictures.example/a.jpg",
    "javascript:alert(1)",
    "http://pictures.example/a.jpg",
    "http://pictures.example:443/a.jpg",
    "https://pictures.example:80/a.jpg",
    "https://pictures.example:8443/a.jpg",
    "https://pictures.example:-1/a.jpg",
    "https://pictures.example:x/a.jpg",
    "https:pictures.example/a.jpg",
    "unix:///run/docker.sock",
    "gopher://pictures.example/",
    "https://pictures.example\\@127.0.0.1/",
    "https://127.0.0.1\\.pictures.example/",
    "https://pictures.example\t/",
    "https://xn--/a.jpg",
    "https://١٢٣/a.jpg",
    "https://\ud800/a.jpg",
    "https://pictures.example/" + "a" * 70_000,
    "https://pictures.example:99999/",
    "https://person:word@pictures.example/a.jpg",
    "https://person@pictures.example/a.jpg",
    "https:///a.jpg",
    "https://[::1",
    "//pictures.example/a.jpg",
    "a.jpg",
    "",
    *(
        f"https://{host}/a.jpg"
        for host in (
            "intranet",
            "metadata.google.internal",
            "0177.0.0.1",
            "127.0.0.1.",
            "%31%32%37.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "[fe80::1%25eth0]",
            "[2606:4700::1111%25eth0]",
            "[64:ff9b::a9fe:a9fe]",
            "[2001:db8::1]",
            "[::ffff:169.254.169.254]",
            "LOCALHOST.",
            "printer.local",
            "a.localhost",
            "127.1",
            "0x7f.1",
            "2130706433",
            "0",
            "１２７.0.0.1",
            "0.0.0.0",  # noqa: S104 - an address to refuse
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "224.0.0.1",
            "255.255.255.255",
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
]
HERE = [f"https://{host}/a.jpg" for host in ("localhost", "127.0.0.1", "127。0。0。1", "[::1]")]


def outside(server: Server, *addresses: str) -> tuple[GuardedBackend, Detour]:
    """A network on which every name leads to these addresses, and each address to the server."""
    network = Detour(server.port)
    return GuardedBackend(allow_loopback=False, resolve=knowing(*addresses), network=network), network


@pytest.mark.parametrize(
    ("url", "allow_loopback"),
    [(url, allowed) for url in REFUSED for allowed in (False, True)] + [(url, False) for url in HERE],
)
async def test_address_off_the_public_web_is_refused_for_good(url: str, allow_loopback: bool) -> None:
    async with serving(answering()) as server:
        backend, network = outside(server, "8.8.8.8")
        with pytest.raises(AddressRefused) as caught:
            await fetched(url, allow_loopback=allow_loopback, network=backend)
        assert network.dialled == []
        assert server.calls == []
    assert not caught.value.may_retry
    assert caught.value.charged is Charged.YES


@pytest.mark.parametrize("address", PRIVATE)
async def test_name_that_leads_into_a_private_network_is_not_reached_and_tried_again(address: str) -> None:
    async with serving(answering()) as server:
        backend, network = outside(server, "8.8.8.8", address)
        with pytest.raises(AddressRefused, match="private network") as caught:
            await fetched("https://pictures.example/a.jpg", network=backend)
        assert network.dialled == []
        assert server.calls == []
    assert caught.value.may_retry


async def test_host_of_the_public_web_is_dialled_at_its_address_on_the_port_of_https() -> None:
    async with serving(answering()) as server:
        backend, network = outside(server, "8.8.8.8")
        for url in ("https://pictures.example/a.jpg", "https://pictures.example:443/a.jpg"):
            assert await fetched(url, network=WithoutTls(backend)) == PICTURE
        assert network.dialled == [("8.8.8.8", 443)] * 2


async def test_handshake_and_certificate_are_for_the_hosts_name_not_for_the_dialled_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str | None] = []
    context = own_certificate(tmp_path)  # for 127.0.0.1, where the detour leads to
    context.sni_callback = lambda _tls, name, _context: names.append(name)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "127.0.0.1.pem"))
    async with serving(answering(), context) as server:
        if sys.platform == "linux":  # elsewhere the system does not take this file's word
            assert await fetched(f"https://127.0.0.1:{server.port}/a.jpg") == PICTURE
        server.calls.clear()
        backend, network = outside(server, "8.8.8.8")
        with pytest.raises(DownloadError, match="certificate") as caught:
            await fetched("https://pictures.example/a.jpg", network=backend)
        assert not any(call.is_whole for call in server.calls)
    assert network.dialled == [("8.8.8.8", 443)]
    assert names[-1] == "pictures.example"
    assert caught.value.may_retry  # the cause is this network's, or this computer's clock


async def test_name_in_the_handshake_is_seen_without_any_certificate() -> None:
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = lambda _tls, name, _context: names.append(name)
    async with serving(hang, context) as server:
        backend, _ = outside(server, "2606:4700::1111")
        with pytest.raises(DownloadError):
            await fetched("https://pictures.example/a.jpg", network=backend)
    assert names == ["pictures.example"]


async def test_proxy_of_the_environment_is_asked_for_names_of_the_public_web_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with serving(answering(b"", 407)) as proxy, serving(answering()) as server:
        monkeypatch.setenv("HTTPS_PROXY", f"http://person:word@127.0.0.1:{proxy.port}")
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        with pytest.raises(DownloadError) as caught:
            await fetched("https://pictures.example/a.jpg?signature=1")
        assert caught.value.may_retry
        assert "word" not in caught.value.detail
        head = proxy.calls[0].head
        assert head.startswith(b"CONNECT pictures.example:443 ")
        assert b"signature" not in head
        assert b"Basic cGVyc29uOndvcmQ=" in head
        proxy.calls.clear()
        for url in (*REFUSED, *HERE):
            with pytest.raises(AddressRefused):
                await fetched(url, allow_loopback=False)
        assert await fetched(server.url) == PICTURE
        monkeypatch.setenv("NO_PROXY", "pictures.example")
        backend, network = outside(server, "8.8.8.8", "192.168.1.1")
        with pytest.raises(AddressRefused):
            await fetched("https://pictures.example/a.jpg", network=backend)
        assert network.dialled == []
        assert proxy.calls == []


@pytest.mark.parametrize(
    "proxy", ["http://127.0.0.1:9", "socks5://127.0.0.1:9", "127.0.0.1:9", "odd://x", "http://[::1"]
)
async def test_proxy_that_does_not_work_does_not_lose_the_picture(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(DownloadError) as caught:
        await fetched("https://pictures.example/a.jpg")
    assert caught.value.may_retry


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


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_missing_picture_is_expired(status: int) -> None:
    async with serving(answering(b"", status)) as server:
        with pytest.raises(AddressExpired):
            await fetched(server.url)


@pytest.mark.parametrize(
    ("status", "may_retry"), [(500, True), (503, True), (429, True), (408, True), (401, False), (204, False)]
)
async def test_other_answers_are_tried_again_where_that_may_help(status: int, may_retry: bool) -> None:
    async with serving(answering(b"", status)) as server:
        with pytest.raises(DownloadError) as caught:
            await fetched(server.url)
    assert caught.value.may_retry is may_retry


async def test_redirects_are_followed_a_few_times_and_checked_each() -> None:
    async with serving(answering()) as last:
        async with serving(answering(b"", 302, f"location: {last.url}/b.jpg\r\n")) as first:
            assert await fetched(f"{first.url}/a.jpg") == PICTURE
        assert last.calls[0].head.startswith(b"GET /b.jpg ")
    async with serving(answering(b"", 301, "location: /again\r\n")) as server:
        with pytest.raises(AddressRefused, match="from one to the next"):
            await fetched(server.url)
        assert len(server.calls) == 4


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:9/",
        "https://127.0.0.1/",
        "https://localhost/",
        "//[::1]/",
        "http://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "http://pictures.example/",
        "https://pictures.example:8443/",
        "https://person:word@pictures.example/",
        "https://2130706433/",
        "file:///etc/passwd",
        "data:image/png;base64,AAAA",
        "ftp://pictures.example/a.jpg",
        "javascript:alert(1)",
        "http://[::1",
        "https://\xe9/",
        "https://pictures.example/" + "a" * 70_000,
    ],
)
async def test_redirect_off_the_public_web_is_refused(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bytes] = []

    async def redirect(call: Call) -> None:
        await call.read()
        asked.append(call.head)
        await call.write(f"HTTP/1.1 302 X\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n".encode("latin-1"))

    async with serving(redirect) as server:
        backend, network = outside(server, "8.8.8.8")
        with pytest.raises(AddressRefused) as caught:
            await fetched("https://pictures.example/a.jpg", allow_loopback=False, network=WithoutTls(backend))
    assert len(asked) == 1
    assert network.dialled == [("8.8.8.8", 443)]
    assert not caught.value.may_retry


async def test_redirect_to_a_name_that_leads_into_a_private_network_is_not_reached() -> None:
    places = {"pictures.example": ["8.8.8.8"], "inside.example": ["8.8.4.4", "10.0.0.1"]}

    async def resolve(host: str, _port: int) -> list[str]:
        return places[host]

    async with serving(answering(b"", 302, "location: https://inside.example/\r\n")) as server:
        network = Detour(server.port)
        backend = GuardedBackend(allow_loopback=False, resolve=resolve, network=network)
        with pytest.raises(AddressRefused, match="private network"):
            await fetched("https://pictures.example/", network=WithoutTls(backend))
        assert network.dialled == [("8.8.8.8", 443)]


async def test_redirect_carries_no_cookie_and_its_own_body_is_not_read() -> None:
    async with serving(answering()) as last:

        async def redirect(call: Call) -> None:
            await call.read()
            head = f"HTTP/1.1 302 X\r\nset-cookie: a=b\r\nlocation: {last.url}/b.jpg\r\n\r\n"
            await call.write(head.encode())
            while True:
                await call.write(bytes(1 << 16))

        async with serving(redirect) as first:
            assert await fetched(first.url) == PICTURE
        head = last.calls[0].head.lower()
    assert b"cookie" not in head
    assert b"referer" not in head
    assert head.count(b"host: ") == 1


@settings(deadline=None, max_examples=200)
@given(
    url=st.text(max_size=60)
    | st.builds(
        "{}://{}/{}".format, st.sampled_from(["https", "http", "HTTPS"]), st.text(max_size=20), st.text()
    )
)
def test_no_address_makes_anything_but_a_download_error(url: str) -> None:
    async def fail(_host: str, _port: int) -> list[str]:
        raise OSError("no name server")

    backend = GuardedBackend(allow_loopback=False, resolve=fail)
    with pytest.raises(DownloadError):
        asyncio.run(fetched(url, allow_loopback=False, network=backend))
