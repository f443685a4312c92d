"""Which pictures the gallery shows, and in which groups."""

import time
from array import array
from dataclasses import dataclass, field
from enum import StrEnum

from imagine_desktop.domain.record import Session

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_LATEST_S = 32_503_680_000  # the year 3000: Windows tells no later time
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class ScopeKind(StrEnum):
    """Where to look. What is in the trash is nowhere else."""

    SESSION = "session"
    ALL = "all"
    STARRED = "starred"
    COLLECTION = "collection"
    TRASH = "trash"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look; `id` is the session's or the collection's."""

    kind: ScopeKind
    id: int | None = None


class Origin(StrEnum):
    """How a picture came into the library."""

    GENERATED = "generated"
    EDITED = "edited"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Filter:
    """What to leave out; the default leaves out nothing.

    `since` and `until` are seconds since 1970, the first included, the other not, and mean the turn's time.
    Of the sets an empty one allows everything. `is_troubled` keeps what was withheld, lost or not made;
    without it, what was not made is never shown.
    """

    since: float | None = None
    until: float | None = None
    models: frozenset[str] = frozenset()
    ratios: frozenset[str] = frozenset()
    origins: frozenset[Origin] = frozenset()
    is_starred: bool = False
    is_troubled: bool = False


NO_FILTER = Filter()


@dataclass(frozen=True, slots=True)
class Sight:
    """What to show: a scope's pictures that hold all of the words and pass the filter.

    A word is found literally and anywhere: in prompts, notes, and the names of files that pictures came from.
    """

    scope: Scope
    words: str = ""
    filter: Filter = NO_FILTER


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A sight under the name that the person gave it."""

    name: str
    sight: Sight


class Headers(StrEnum):
    """What the gallery is divided by."""

    NONE = "none"
    DAY = "day"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Section:
    """A run of consecutive pictures under one heading; `key` is the ISO date or the session's id."""

    title: str
    key: str
    count: int

    @staticmethod
    def of_day(moment: float, count: int) -> "Section":
        """The day of a moment, by the local calendar; of one that no calendar knows, the first of all."""
        at = time.localtime(moment if 0 <= moment < _LATEST_S else 0)
        title = f"{_DAYS[at.tm_wday]}, {at.tm_mday} {_MONTHS[at.tm_mon - 1]} {at.tm_year}"
        return Section(title, f"{at.tm_year:04}-{at.tm_mon:02}-{at.tm_mday:02}", count)

    @staticmethod
    def of_session(session: Session, count: int) -> "Section":
        """A session under its name."""
        return Section(session.name, str(session.id), count)


@dataclass(frozen=True, slots=True)
class Found:
    """The pictures to show, in order, and the sections that they fall into: none without headers."""

    ids: "array[int]" = field(default_factory=lambda: array("q"))
    sections: tuple[Section, ...] = ()
