"""Ids for turns: 26 characters that sort by time, from the ULID specification."""

import secrets
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32


def new() -> str:
    """A new id: 48 bits of milliseconds since 1970, 80 random bits."""
    return _spelt((int(time.time() * 1000) << 80) | secrets.randbits(80))


def of_content(created: float, sha256: str) -> str:
    """The id of a picture of that time (seconds since 1970, UTC) and content: always the same one."""
    return _spelt((int(created * 1000) << 80) | int(sha256[:20], 16))


def _spelt(value: int) -> str:
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))
