"""What an export came to, and how it tells of itself while it works."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[int, int], None]  # done, of; may raise to stop the export, which then leaves nothing half


def no_progress(done: int, of: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The files written; how many names were taken and skipped; which pictures are in it without their story.

    `plain` has why pictures carry no story, each with the number of pictures that it is true of.
    """

    files: tuple[Path, ...]
    picture_count: int
    skipped: int = 0
    plain: tuple[tuple[str, int], ...] = ()

    @property
    def notes(self) -> list[str]:
        """What the person should know, in sentences."""
        told = []
        if self.skipped:
            were = "name was taken" if self.skipped == 1 else "names were taken"
            told.append(f"{self.skipped} {were}: what is there was left as it is.")
        for because, count in self.plain:
            carry = "picture carries" if count == 1 else "pictures carry"
            told.append(f"{count} {carry} no metadata: {because}.")
        return told
