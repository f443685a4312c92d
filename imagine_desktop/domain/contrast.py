"""In what two pictures were asked for differently: the words of their prompts, and the parameters."""

import re
from difflib import SequenceMatcher
from enum import StrEnum
from typing import NamedTuple

from imagine_desktop.domain import money
from imagine_desktop.domain.record import Picture, Turn

_WORDS = re.compile(r"\s+|\w+(?:['’-]\w+)*|[^\w\s]")
_MOST_WORDS = 4000  # the time grows with their square
_LEAST_KEPT, _LEAST_ALIKE = (
    0.7,
    0.3,
)  # prompts that share less are two prompts, whatever "a" and "of" they share


class Kind(StrEnum):
    """What became of some words."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


class Span(NamedTuple):
    """Words that follow one another, and what became of them."""

    kind: Kind
    text: str


class Parameter(NamedTuple):
    """A parameter that differs, in words; an empty one was not set."""

    name: str
    before: str
    after: str


def words(before: str, after: str) -> list[Span]:
    """How one prompt became another, word by word; what was removed stands before what was added for it."""
    first, second = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(first), len(second)) > _MOST_WORDS:
        kept = before == after
        spans = [(Kind.KEPT, after)] if kept else [(Kind.REMOVED, before), (Kind.ADDED, after)]
        return [Span(kind, text) for kind, text in spans if text]
    blocks = _blocks(first, second)
    kept_words = sum(_count(first[start:end]) for is_change, start, end, _, _ in blocks if not is_change)
    fewer, more = sorted((_count(first), _count(second)))
    if kept_words < _LEAST_KEPT * fewer and kept_words * 2 < _LEAST_ALIKE * (fewer + more):
        blocks = [(True, 0, len(first), 0, len(second))]
    spans = []
    for is_change, start, end, other_start, other_end in blocks:
        removed, added = "".join(first[start:end]), "".join(second[other_start:other_end])
        spans += [(Kind.REMOVED, removed), (Kind.ADDED, added)] if is_change else [(Kind.KEPT, removed)]
    return [Span(kind, text) for kind, text in spans if text]


def parameters(before: tuple[Picture, Turn | None], after: tuple[Picture, Turn | None]) -> list[Parameter]:
    """What differs in how two pictures were asked for, in what they are and what they cost; nothing else."""
    first, second = _told(*before), _told(*after)
    names = list(dict.fromkeys([*first, *second]))
    found = [Parameter(name, first.get(name, ""), second.get(name, "")) for name in names]
    return [one for one in found if one.before != one.after]


def _count(tokens: list[str]) -> int:
    return sum(not token.isspace() for token in tokens)


def _blocks(first: list[str], second: list[str]) -> list[tuple[bool, int, int, int, int]]:
    """Runs that were kept or changed; a blank between two changes belongs to them, or tears them apart."""
    joined: list[tuple[bool, int, int, int, int]] = []
    for tag, start, end, other_start, other_end in SequenceMatcher(None, first, second, False).get_opcodes():
        is_change = tag != "equal"
        is_end = end == len(first) or other_end == len(second)
        is_gap = not is_change and not is_end and not "".join(first[start:end]).strip()
        if joined and joined[-1][0] and (is_change or is_gap):
            _, begin, _, other_begin, _ = joined.pop()
            joined.append((True, begin, end, other_begin, other_end))
        else:
            joined.append((is_change, start, end, other_start, other_end))
    return joined


def _told(picture: Picture, turn: Turn | None) -> dict[str, str]:
    told = {
        "Size": f"{picture.width} × {picture.height}" if picture.width else "",
        "Kind": picture.mime or "",
        "Cost": "" if picture.cost_ticks is None else money.usd(picture.cost_ticks),
    }
    if turn is None:
        return told
    if turn.is_import:
        return {"Origin": "imported", **told}
    return {
        "Origin": "edited" if turn.is_edit else "generated",
        "Model": turn.model_served or turn.model,
        "Ratio": turn.aspect_ratio,
        "Resolution": turn.resolution,
        "Quality": turn.quality or "",
        "Images": str(turn.count),
        "Sources": str(len(turn.sources)) if turn.sources else "",
        "Profile": turn.profile,
        **told,
    }
