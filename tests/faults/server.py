"""The sandbox with one small picture, signed with its prompt and its place: drawing would take most of a job.

Usage: python -m tests.faults.server, with the sandbox's own options. What it charges, how it answers and what
it remembers are the sandbox's.
"""

import sys
from collections.abc import Sequence

from imagine_desktop.sandbox import __main__ as sandbox
from imagine_desktop.sandbox import painter
from imagine_desktop.sandbox.painter import Picture

_COMMENT = b"\xff\xfe"  # JPEG's segment for a text; two bytes of length follow, which count themselves
_START = b"\xff\xd8"
_SIZE = (512, 512)


def signed(picture: bytes, text: str) -> bytes:
    """A JPEG with a text as its first segment."""
    data = text.encode()
    return _START + _COMMENT + (len(data) + 2).to_bytes(2, "big") + data + picture[len(_START) :]


def signature(picture: bytes) -> str:
    """The text that a JPEG was signed with; empty where it was not."""
    if picture[2:4] != _COMMENT:
        return ""
    return picture[6 : 4 + int.from_bytes(picture[4:6], "big")].decode()


def sign_instead_of_drawing() -> None:
    """Let every picture be the same one but for its signature."""
    drawn = painter.jpeg("a boat", _SIZE, 0, (), False)

    def jpeg(prompt: str, _size: tuple[int, int], index: int, _inputs: Sequence[Picture], _else: bool) -> bytes:
        return signed(drawn, f"{index} of {prompt}")

    setattr(painter, "jpeg", jpeg)  # noqa: B010 - another module's function


if __name__ == "__main__":
    sign_instead_of_drawing()
    sys.exit(sandbox.main(sys.argv[1:]))
