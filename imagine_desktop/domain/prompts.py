"""What happens to a prompt between the keyboard and the API."""

import re

_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # Unicode's Cc and Cs, but \n and \t
_TAG = re.compile(r"<IMAGE_(\d+)>")


def normalised(text: str) -> str:
    """The prompt as it is kept and sent: one kind of line end, no control characters, no half surrogates.

    Qt's editor, JSON and SQLite each change or refuse some of these in their own way; done once
    at the entrance, the same text stands everywhere.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _UNWANTED.sub("", text).strip()


def tag(position: int) -> str:
    """How a prompt names the source at `position`, counted from 0 (xAI's guide to editing several images)."""
    return f"<IMAGE_{position}>"


def tags(prompt: str) -> frozenset[int]:
    """The positions of the sources that the prompt names."""
    return frozenset(int(number) for number in _TAG.findall(prompt) if len(number) < 4)


def first_line(prompt: str, length: int = 80) -> str:
    """The beginning of a prompt on one line, for lists and titles."""
    line = " ".join(prompt.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
