"""The proxy that environment or system name for a server, for paid calls and downloads alike."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from imagine_desktop.domain.delivery import is_loopback
from imagine_desktop.errors import ConfigurationError

_HINT = "Name an http or https proxy in HTTPS_PROXY, or the host in NO_PROXY."


def for_host(host: str) -> str | None:
    """The address of the proxy on the way to an https server; None for a direct way, as to this computer.

    Blocks: a system may look names up. Raises ConfigurationError for a proxy that cannot be used. One of
    `ALL_PROXY` that nothing needs is no reason: desktops set a SOCKS one there, beside an http one for https.
    """
    if is_loopback(host):
        return None
    named = getproxies()
    proxy = named.get("https") or named.get("all")
    if not proxy or proxy_bypass(host):
        return None
    address = proxy if "://" in proxy else f"http://{proxy}"
    try:
        parts = urlsplit(address)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_whole = False
    if not is_whole:
        raise ConfigurationError(f"The address of the proxy on the way to {host} is malformed.", _HINT)
    if parts.scheme not in ("http", "https"):
        raise ConfigurationError(
            f"The proxy on the way to {host} is of an unknown kind ({parts.scheme}).", _HINT
        )
    return address
