"""What becomes of a source on its way out, for the person to read before it is sent."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """A picture as bytes: its kind (`JPEG`), its size in bytes and in pixels."""

    kind: str
    byte_count: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Sending:
    """A source as it is and as it goes out.

    `quality` is the JPEG's, in per cent, where it is made anew as one. `extras` is what the file tells besides
    its pixels: removed, or sent along where the original bytes are sent.
    """

    was: Form
    becomes: Form
    is_original: bool
    quality: int | None = None
    extras: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Both forms and what is left out, on one line."""
        told = f"{_size(self.was.byte_count)} {self.was.kind} {self.was.width}×{self.was.height}"
        if self.is_original:
            return f"{told}, sent as it is{f', with {_listed(self.extras)}' if self.extras else ''}"
        kind = self.becomes.kind if self.quality is None else f"{self.becomes.kind} {self.quality} %"
        removed = f"; {_listed(self.extras)} removed" if self.extras else ""
        return f"{told} → {kind}, {_size(self.becomes.byte_count)}{removed}"


def _size(byte_count: int) -> str:
    if byte_count >= 10_000_000:
        return f"{byte_count / 1_000_000:.0f} MB"
    return f"{byte_count / 1_000_000:.1f} MB" if byte_count >= 1_000_000 else f"{-(-byte_count // 1000)} KB"


def _listed(words: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
