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

    data: bytes | memoryview
    width: int
    height: int
    stride_bytes: int
    format: PixelFormat


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture decoded for the screen: it measures `width` × `height`, of which `pixels` may be a reduction.

    `note` is what the person should know of it; empty where it is all there and as it was saved.
    """

    pixels: Pixels
    width: int
    height: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """How far each pixel of one picture is from another's: 0 where they are the same, 255 at most.

    `levels` are `height` rows of `width` bytes; `counts` says how many pixels have each of the 256 levels.
    """

    levels: bytes
    width: int
    height: int
    counts: tuple[int, ...]

    def changed_part(self, tolerance: int) -> float:
        """The part of the pixels, from 0 to 1, whose level is above a tolerance."""
        return sum(self.counts[tolerance + 1 :]) / max(1, sum(self.counts))
