"""Decoded pixels, the form in which pictures cross from one layer to another."""

from dataclasses import dataclass
from enum import StrEnum


class PixelFormat(StrEnum):
    """The order of a pixel's four bytes; Qt has formats of the same names (little-endian)."""

    RGB32 = "BGRX"  # blue, green, red, unused
    ARGB32 = "BGRA"  # blue, green, red, alpha, not premultiplied


@dataclass(frozen=True, slots=True)
class Pixels:
    """`height` rows of `stride_bytes` bytes each, of which the first `width` × 4 are the picture's."""

    data: bytes
    width: int
    height: int
    stride_bytes: int
    format: PixelFormat
