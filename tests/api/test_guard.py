"""The guard: which addresses and spellings are public, and that no other is ever dialled."""

import httpcore
import pytest

from imagine_desktop.api import guard
from imagine_desktop.api.guard import GuardedBackend
from imagine_desktop.errors import AddressRefused, Charged
from tests.api.downloads import Detour, knowing
from tests.api.servers import hang, serving

PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "192.167.255.255",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001:80b::200e",
    "2001:200::1",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
]
PRIVATE = [
    "0.0.0.0",  # noqa: S104 - an address to refuse
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b:1::8.8.8.8",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2002:c0a8:101::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "ff02::1",
    "2606:4700::1111%1",
    "pictures.example",
    "",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_address_of_the_public_internet_is_public(address: str) -> None:
    assert guard.is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_address_of_any_other_kind_is_not(address: str) -> None:
    assert not guard.is_public(address)


@pytest.mark.parametrize(
    "host", ["pictures.example", "a_b.pictures.example.", "xn--bcher-kva.example", "8.8.8.8"]
)
def test_name_of_the_public_web_may_be_asked_for(host: str) -> None:
    guard.check_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "intranet",
        "localhost",
        "localhost.",
        "a.localhost",
        "printer.local",
        "printer.local.",
        "metadata.google.internal",
        "router.home.arpa",
        "127.1",
        "127.0.1",
        "0177.0.0.1",
        "0x7f.1",
        "0x7f000001",
        "127.0.0.0x1",
        "127.0.0.0x",
        "2130706433",
        "0",
        "127.0.0.1.",
        "127.0.0.1:80",
        "127。0。0。1",
        "１２７.0.0.1",
        "%31%32%37.0.0.1",
        "127.0.0.1\\.pictures.example",
        "a b.example",
        "a..example",
        "a\n.example",
        "pictures.example\n",
        "a" * 64 + ".example",
        "a." * 127 + "example",
        "fe80::1%25eth0",
        *PRIVATE[:-2],
    ],
)
def test_host_whose_spelling_is_not_of_the_public_web_is_refused_for_good(host: str) -> None:
    with pytest.raises(AddressRefused) as caught:
        guard.check_host(host)
    assert not caught.value.may_retry


@pytest.mark.parametrize("address", PRIVATE)
@pytest.mark.parametrize("place", [0, 1])
async def test_name_that_leads_into_a_private_network_is_not_dialled_at_all(address: str, place: int) -> None:
    async with serving(hang) as server:
        network = Detour(server.port)
        addresses = ["8.8.8.8"]
        addresses.insert(place, address)
        backend = GuardedBackend(allow_loopback=True, resolve=knowing(*addresses), network=network)
        with pytest.raises(AddressRefused) as caught:
            await backend.connect_tcp("pictures.example", 443)
        assert network.dialled == []
        assert server.calls == []
    assert caught.value.may_retry  # a hotel's network passes; a picture that is paid for stays
    assert caught.value.charged is Charged.YES


async def test_name_is_looked_up_once_and_the_checked_address_is_dialled() -> None:
    lookups: list[tuple[str, int]] = []

    async def rebind(host: str, port: int) -> list[str]:
        lookups.append((host, port))
        return ["8.8.8.8"] if len(lookups) == 1 else ["127.0.0.1"]

    async with serving(hang) as server:
        network = Detour(server.port)
        backend = GuardedBackend(allow_loopback=False, resolve=rebind, network=network)
        stream = await backend.connect_tcp("pictures.example", 443)
        await stream.aclose()
        assert network.dialled == [("8.8.8.8", 443)]
        with pytest.raises(AddressRefused):
            await backend.connect_tcp("pictures.example", 443)
    assert lookups == [("pictures.example", 443)] * 2


async def test_next_address_is_dialled_where_one_does_not_answer() -> None:
    async with serving(hang) as server:
        network = Detour(server.port, dead=["2606:4700::1111"])
        backend = GuardedBackend(
            allow_loopback=False, resolve=knowing("2606:4700::1111", "8.8.8.8", "8.8.8.8"), network=network
        )
        stream = await backend.connect_tcp("pictures.example", 443)
        await stream.aclose()
        assert network.dialled == [("2606:4700::1111", 443), ("8.8.8.8", 443)]
        for addresses in ((), ("2606:4700::1111",)):
            backend = GuardedBackend(allow_loopback=False, resolve=knowing(*addresses), network=network)
            with pytest.raises(httpcore.ConnectError):
                await backend.connect_tcp("pictures.example", 443)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_this_computer_is_dialled_only_where_that_is_allowed(host: str) -> None:
    async with serving(hang) as server:
        with pytest.raises(AddressRefused):
            await GuardedBackend(allow_loopback=False).connect_tcp(host, server.port)
        assert server.calls == []
        stream = await GuardedBackend(allow_loopback=True).connect_tcp(host, server.port)
        await stream.aclose()


async def test_localhost_that_leads_elsewhere_is_refused() -> None:
    for address in ("8.8.8.8", "192.168.1.1", "fe80::1%1"):
        backend = GuardedBackend(allow_loopback=True, resolve=knowing(address), network=Detour(9))
        with pytest.raises(AddressRefused):
            await backend.connect_tcp("localhost", 80)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1"])
async def test_resolvers_own_spellings_of_this_computer_are_seen_through(host: str) -> None:
    with pytest.raises((AddressRefused, OSError)):  # some resolvers do not know them
        await GuardedBackend(allow_loopback=True).connect_tcp(host, 9)
