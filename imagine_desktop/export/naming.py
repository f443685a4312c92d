"""File names from a template: readable, safe on every file system, no two alike in one export."""

import string
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from imagine_desktop.errors import BadInput

FIELDS = {  # each with its example
    "date": "2026-03-14",
    "time": "09.26.53",
    "session": "Harbour",
    "turn": "007",
    "n": "1",
    "prompt": "a harbour at night, boats in the fog",
    "model": "grok-imagine-image",
    "ratio": "16x9",
    "resolution": "2k",
    "quality": "medium",
    "id": "42",
    "number": "0001",
}
_PADDED = {"turn": 3, "number": 4}
_NUMBERS = ("turn", "n", "id", "number")
_MOST_DIGITS = 9
_MOST_CHARACTERS = 200

# Windows' file names (Microsoft, "Naming Files, Paths, and Namespaces"), the strictest that there are.
_FORBIDDEN = frozenset('<>:"/\\|?*')
_RESERVED = frozenset(
    (
        "CON",
        "PRN",
        "AUX",
        "NUL",
        "CONIN$",
        "CONOUT$",
        *(f"{port}{n}" for port in ("COM", "LPT") for n in "0123456789¹²³"),
    )
)
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_MOST_BYTES = 255  # of a name on ext4, APFS, NTFS (there 255 UTF-16 units, never more than UTF-8 bytes)
_ROOM_FOR_NUMBER = len(" (9999999)")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a picture's name is made from. `created` is seconds since 1970, told by the person's clock."""

    created: float
    session: str
    turn: int
    n: int
    prompt: str
    model: str
    ratio: str
    resolution: str
    quality: str
    id: int
    number: int


@dataclass(frozen=True, slots=True)
class Template:
    """A template that has been read: texts, each followed by a field and its width, or by none."""

    text: str
    parts: tuple[tuple[str, str, int], ...]

    def stem(self, subject: Subject) -> str:
        """The name of a picture's file, without its extension."""
        return safe("".join(text + _shown(field, width, subject) for text, field, width in self.parts))


def parse(text: str) -> Template:
    """Read a template such as `{date} {prompt:40}`. Raises BadInput that names what is wrong.

    `{prompt:40}` is at most 40 characters, `{turn:5}` at least 5 digits; `{{` and `}}` are braces.
    """
    try:
        pieces = list(string.Formatter().parse(text))
    except ValueError:
        raise BadInput("Template", "a brace is not closed, or stands alone.", "Double it to keep it.") from None
    parts = []
    for literal, field, width, conversion in pieces:
        if field is None:
            parts.append((literal, "", 0))
            continue
        if field not in FIELDS:
            raise BadInput("Template", f"{{{field}}} is none of its fields.", f"They are {', '.join(FIELDS)}.")
        if conversion:
            raise BadInput("Template", f"{{{field}!{conversion}}} is not understood.", f"Write {{{field}}}.")
        parts.append((literal, field, _width(field, width or "")))
    if not any(field for _, field, _ in parts):
        raise BadInput(
            "Template", "it has no field, so that all names would be alike.", "Try {date}_{turn}_{n}."
        )
    for literal, _, _ in parts:
        if wrong := sorted(_FORBIDDEN & set(literal)):
            raise BadInput("Template", f"{wrong[0]} cannot be part of a file's name")
    return Template(text, tuple(parts))


_EXAMPLE = Subject(
    created=time.mktime((2026, 3, 14, 9, 26, 53, 0, 0, -1)),
    session=FIELDS["session"],
    turn=7,
    n=1,
    prompt=FIELDS["prompt"],
    model=FIELDS["model"],
    ratio="16:9",
    resolution=FIELDS["resolution"],
    quality=FIELDS["quality"],
    id=42,
    number=1,
)


def example(template: Template) -> str:
    """A name that the template makes, for the person to see while they type it."""
    return f"{template.stem(_EXAMPLE)}.jpg"


class Names:
    """The names that one export gives; two that differ in case or accents only would be one on some disks."""

    def __init__(self) -> None:
        self._given: set[str] = set()
        self._next: dict[str, int] = {}

    def candidates(self, stem: str, extension: str) -> Iterator[str]:
        """The name, then the name with a number behind it, for ever; those given already are passed over."""
        key = _folded(stem + extension)
        number = self._next.get(key, 1)
        while True:
            name = f"{stem}{extension}" if number == 1 else f"{stem} ({number}){extension}"
            if _folded(name) not in self._given:
                yield name
            elif self._next.get(key, 1) == number:
                self._next[key] = number + 1  # given for good: not asked again
            number += 1

    def give(self, name: str) -> None:
        """The name is in use from now on."""
        self._given.add(_folded(name))

    def fresh(self, stem: str, extension: str) -> str:
        """The first name that is not given yet, given now."""
        name = next(self.candidates(stem, extension))
        self.give(name)
        return name


def safe(text: str) -> str:
    """The text as a file's name without extension: one part of a path, whatever the text, on every system.

    At most 255 bytes with an extension of up to five characters and a number; never empty, reserved or hidden.
    """
    text = unicodedata.normalize("NFC", text)
    plain = "".join(
        "_" if c in _FORBIDDEN else "" if unicodedata.category(c) in _INVISIBLE and c not in "\t\n" else c
        for c in text
    )
    name = _trimmed(" ".join(plain.split()).lstrip(".-~ "), _MOST_BYTES - _ROOM_FOR_NUMBER - len(".jpeg") - 1)
    if not name:
        return "picture"
    return f"_{name}" if name.split(".")[0].rstrip(" ").upper() in _RESERVED else name


def _trimmed(name: str, most_bytes: int) -> str:
    """The name cut to so many bytes, between characters; neither a dot nor a space ends it."""
    return name.encode()[:most_bytes].decode(errors="ignore").rstrip(". ")


def _width(field: str, text: str) -> int:
    most = _MOST_DIGITS if field in _NUMBERS else _MOST_CHARACTERS
    if not text:
        return _PADDED.get(field, 0)
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= most):
        unit = "digits" if field in _NUMBERS else "characters"
        raise BadInput("Template", f"{{{field}:{text}}}: after the colon goes a number of {unit}, 1 to {most}")
    return int(text)


def _shown(field: str, width: int, subject: Subject) -> str:
    match field:
        case "":
            return ""
        case "date":
            text = time.strftime("%Y-%m-%d", time.localtime(subject.created))
        case "time":
            text = time.strftime("%H.%M.%S", time.localtime(subject.created))
        case "ratio":
            text = subject.ratio.replace(":", "x")
        case _:
            text = str(getattr(subject, field))
    if field in _NUMBERS:
        return text.rjust(width, "0")
    line = " ".join(text.split())
    return line[:width].rstrip() if width else line


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


DEFAULT = parse("{date}_{turn}_{n}")
