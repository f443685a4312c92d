"""What was tried, and which promises it broke: counted over rounds, printed as a table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.processes import stalls, uncaught
from tests.faults.truth import Truth

# What is broken, as the table's columns name it.
LOST = "lost"
PAID_TWICE = "paid twice"
UNRECORDED = "unrecorded"
ORPHAN = "orphans"
DAMAGED = "damaged"
FALSE_FREE = "false \N{LEFT DOUBLE QUOTATION MARK}not charged\N{RIGHT DOUBLE QUOTATION MARK}"
CRASH = "crashes"
HANG = "hangs > 2 s"
PROMISES = (LOST, PAID_TWICE, UNRECORDED, ORPHAN, DAMAGED, FALSE_FREE, CRASH, HANG)
_HEAD = ("what", "tried", "requests charged", "pictures paid", *PROMISES, "told as unknown")


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise that did not hold, and where."""

    promise: str
    case: str


@dataclass
class Tally:
    """How often something was tried, what was paid meanwhile, and what was broken."""

    what: str
    tried: int = 0
    charged: int = 0  # requests
    paid: int = 0  # pictures
    unknown: int = 0  # charged requests of which nobody can tell, and it is said so
    broken: list[Broken] = field(default_factory=list)
    skipped: str = ""  # why it was not tried

    def add(self, other: "Tally") -> None:
        """Count another one's in."""
        self.tried += other.tried
        self.charged += other.charged
        self.paid += other.paid
        self.unknown += other.unknown
        self.broken += other.broken

    def note(self, promise: str, cases: Sequence[str]) -> None:
        """Enter cases in which a promise did not hold."""
        self.broken += [Broken(promise, case) for case in cases]

    def note_truth(self, found: Truth) -> None:
        """Enter what a comparison found."""
        self.charged += found.charged
        self.paid += found.paid
        self.unknown += len(found.unknown)
        self.note(LOST, found.lost)
        self.note(PAID_TWICE, [*found.twice, *found.sent_twice])
        self.note(UNRECORDED, found.unrecorded)
        self.note(ORPHAN, found.orphans)
        self.note(DAMAGED, found.damaged)
        self.note(FALSE_FREE, found.false_free)

    def note_log(self, log: Path) -> None:
        """Enter what a process's log tells of errors that nobody caught, and of standing still."""
        self.note(CRASH, [f"{log.parent.name}: {text}" for text in uncaught(log)])
        self.note(HANG, [f"{log.parent.name}: {line}" for line in stalls(log)])

    def note_end(self, code: int, expected: int = 0) -> None:
        """Enter a process that ended in another way than it should."""
        if code != expected:
            self.note(CRASH, [f"a process ended with {code}"])


def markdown(tallies: Sequence[Tally]) -> str:
    """The table, as Markdown; below it, why something was not tried."""
    rows = [_HEAD, ("---", *["--:"] * (len(_HEAD) - 1))]
    rows += [_row(tally) for tally in tallies if not tally.skipped]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = [
        "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    ]
    skipped = [f"Not tried: {tally.what}, because {tally.skipped}." for tally in tallies if tally.skipped]
    return "\n".join([*lines, *(["", *skipped] if skipped else [])])


def _row(tally: Tally) -> tuple[str, ...]:
    counts = Counter(broken.promise for broken in tally.broken)
    numbers = (
        tally.tried,
        tally.charged,
        tally.paid,
        *(counts[promise] for promise in PROMISES),
        tally.unknown,
    )
    return (tally.what, *(f"{number:,}" for number in numbers))
