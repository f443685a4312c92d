"""The network as downloads get it: a name is looked up once, and only public addresses are dialled.

What is checked is the address that is dialled, so a name server that answers differently the second time gains
nothing; TLS goes on with the host's own name. Behind a proxy, which looks names up by itself, only a host's
spelling can be checked: there it is the certificate, which has to be the host's, that keeps servers of a
private network out of reach.
"""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpcore

from imagine_desktop.domain.delivery import is_loopback
from imagine_desktop.errors import AddressRefused

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

# IANA's registries of special-purpose addresses, and multicast. `ipaddress.is_global` is true of multicast, and
# of IPv6 addresses that lead to private ones; what it is true of differs between Python's versions.
_NOT_PUBLIC_IPV4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
_PUBLIC_IPV6 = IPv6Network("2000::/3")  # all that is handed out
_NOT_PUBLIC_IPV6 = tuple(IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "3fff::/20"))
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last four bytes are the IPv4 address that is meant

_NAME = re.compile(r"(?=.{1,253}\.?\Z)([a-z0-9_-]{1,63}\.)+([a-z0-9_-]{1,63})\.?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PRIVATE_ENDINGS = (".localhost", ".local", ".internal", ".home.arpa")  # RFC 6761, 6762, 8375; ICANN 2024


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet; one inside another decides for it."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if "%" in address:  # a zone is one of this computer's own networks
        return False
    if isinstance(found, IPv6Address):
        inner = _embedded(found)
        if inner is None:
            return found in _PUBLIC_IPV6 and not any(found in network for network in _NOT_PUBLIC_IPV6)
        found = inner
    return not any(found in network for network in _NOT_PUBLIC_IPV4)


def check_host(host: str) -> None:
    """Raise AddressRefused for a host whose spelling alone tells that it is not on the public web."""
    try:
        ip_address(host)
    except ValueError:
        name = host.removesuffix(".")
        # Resolvers take 127.1, 0x7f.1 and 2130706433 for addresses too: no name ends in a number.
        is_name = _NAME.fullmatch(host) is not None and not _NUMBER.fullmatch(name.rpartition(".")[2])
        is_allowed = is_name and not name.endswith(_PRIVATE_ENDINGS)
    else:
        is_allowed = is_public(host)
    if not is_allowed:
        raise AddressRefused("The picture's address is not one on the public web.", may_retry=False)


async def resolve(host: str, port: int) -> list[str]:
    """The addresses behind a host, best first, looked up in a thread."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[0]) for *_, place in found]


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to hosts of which every address is public.

    With `allow_loopback`, also to this computer where the host is spelled so.
    """

    def __init__(
        self,
        *,
        allow_loopback: bool,
        resolve: Resolve = resolve,
        network: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._allow_loopback = allow_loopback
        self._resolve = resolve
        self._network = network or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of a host's addresses that answers. Raises AddressRefused."""
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in await self._addresses(host, port):
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def _addresses(self, host: str, port: int) -> Sequence[str]:
        addresses = tuple(dict.fromkeys(await self._resolve(host, port)))
        is_allowed = _is_here if self._allow_loopback and is_loopback(host) else is_public
        refused = [address for address in addresses if not is_allowed(address)]
        if refused:
            # A hotel's log-in page answers for every name: the cause may pass, and the picture is paid for.
            raise AddressRefused(
                "The picture's address leads into a private network.",
                "Check the network and any VPN; it is tried again.",
                detail=f"{host} is {', '.join(refused)}",
            )
        return addresses


def _is_here(address: str) -> bool:
    return ip_address(address).is_loopback


def _embedded(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address inside a mapped, 6to4 or NAT64 address."""
    if address in _NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour
