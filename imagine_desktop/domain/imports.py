"""What is told of an import of a person's own pictures."""

from dataclasses import dataclass

from imagine_desktop.errors import ImagineError


@dataclass(frozen=True, slots=True)
class Skipped:
    """What did not join the library, and why. `is_fault`: it should have, as a picture that is damaged."""

    path: str
    reason: str
    is_fault: bool


@dataclass(frozen=True, slots=True)
class Look:
    """What files are by their first bytes: how many are pictures, folders, neither, and were not looked at."""

    picture_count: int = 0
    folder_count: int = 0
    other_count: int = 0
    unseen_count: int = 0

    @property
    def may_hold_pictures(self) -> bool:
        """Whether there is something to import."""
        return bool(self.picture_count or self.folder_count or self.unseen_count)


@dataclass(frozen=True, slots=True)
class Import:
    """How far an import has come: `seen_count` of `file_count` files.

    `known_count` pictures were in the library already. Of what was skipped the first thousand are in `skipped`;
    `foreign_count` are no pictures at all, `fault_count` should have joined. `sessions` are the names of those
    that the pictures joined.
    """

    file_count: int = 0
    seen_count: int = 0
    added_count: int = 0
    known_count: int = 0
    foreign_count: int = 0
    fault_count: int = 0
    skipped: tuple[Skipped, ...] = ()
    sessions: tuple[str, ...] = ()
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class ImportChanged:
    """An import went on, or ended: done, cancelled, or broken off by `error`. What was added stays."""

    state: Import
    is_end: bool = False
    error: ImagineError | None = None
