"""How pictures come back, and whose server is this computer's own."""

from enum import StrEnum


class Delivery(StrEnum):
    """How pictures come back: as addresses to fetch, or inside the answer."""

    URL = "url"
    BASE64 = "b64_json"


def is_loopback(host: str) -> bool:
    """Whether a host's name means this computer, by its spelling alone."""
    return host in ("localhost", "127.0.0.1", "::1")
