"""Ids for turns: 26 characters that sort by time, from the ULID specification."""

import secrets
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32


def new(after: str = "") -> str:
    """A new id: 48 bits of milliseconds since 1970, 80 random bits.

    It sorts behind `after`, the last one given out, even in the same millisecond or by a clock set back.
    """
    value = (int(time.time() * 1000) << 80) | secrets.randbits(80)
    return _spelt(max(value, _read(after) + 1))


def of_content(created: float, sha256: str) -> str:
    """The id of a picture of that time (seconds since 1970, UTC) and content: always the same one."""
    return _spelt((int(created * 1000) << 80) | int(sha256[:20], 16))


def _spelt(value: int) -> str:
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))


def _read(text: str) -> int:
    value = 0
    for letter in text:
        value = value << 5 | _ALPHABET.index(letter)
    return value
