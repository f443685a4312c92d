"""What a server charged, beside what a library knows of it and keeps."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from imagine_desktop.domain.record import Picture, PictureState, Turn, TurnState
from imagine_desktop.errors import LibraryError
from imagine_desktop.library.library import Library
from tests.conftest import SandboxServer
from tests.faults.server import signature


@dataclass(frozen=True)
class Truth:
    """What the server received and charged, beside what the library knows of it."""

    charged: int  # requests
    paid: int  # pictures
    sent_twice: list[str]
    twice: list[str]  # turns charged more than once
    unrecorded: list[str]  # charged, and no turn knows
    lost: list[str]  # pictures paid for, neither saved nor known to be unknown
    unknown: list[str]  # charged, and said to be unknown
    unpaid_unknown: int  # not charged, and said to be unknown
    false_free: list[str]  # charged, and said not to be
    orphans: list[str]  # files that belong to nothing
    damaged: list[str]  # saved pictures that are not whole, or another's

    @property
    def broken(self) -> list[str]:
        """Every promise that does not hold, in words."""
        found = {
            "sent more than once": self.sent_twice,
            "charged more than once": self.twice,
            "charged without a turn": self.unrecorded,
            "lost": self.lost,
            "charged and said not to be": self.false_free,
            "a file of nothing": self.orphans,
            "damaged": self.damaged,
        }
        return [f"{what}: {one}" for what, ones in found.items() for one in ones]


def truth(sandbox: SandboxServer, folder: Path) -> Truth:
    """Compare, once all has been recovered that can be; the folder's name is in the prompts."""
    own = [entry for entry in sandbox.charges() if str(entry["prompt"]).endswith(f" in {folder.name}")]
    charges = Counter(str(entry["x_client_request_id"]) for entry in own)
    counts = {str(entry["x_client_request_id"]): int(str(entry["pictures"])) for entry in own}
    sent = Counter(
        entry["headers"]["x-client-request-id"]  # type: ignore[index]  # a mapping, from JSON
        for entry in sandbox.requests()
        if entry["method"] == "POST"
    )
    turns, pictures, damaged = _read(folder)
    saved = [picture for picture in pictures if picture.state is PictureState.SAVED]
    saved_counts = Counter(str(picture.turn_id) for picture in saved)
    unknown = [key for key in charges if key in turns and turns[key].state is TurnState.UNKNOWN]
    missing = {key: counts[key] - saved_counts[key] for key in charges if key not in unknown}
    free = (TurnState.NOT_SENT, TurnState.REJECTED, TurnState.QUEUED, TurnState.WAITING)
    return Truth(
        charged=len(charges),
        paid=sum(counts.values()),
        sent_twice=[key for key in turns if sent[key] > 1],
        twice=[key for key, count in charges.items() if count > 1],
        unrecorded=[key for key in charges if key not in turns],
        lost=[f"{key} ({count})" for key, count in missing.items() for _ in range(count)],
        unknown=unknown,
        unpaid_unknown=sum(t.state is TurnState.UNKNOWN and key not in charges for key, t in turns.items()),
        false_free=[key for key in charges if key in turns and turns[key].state in free],
        orphans=_orphans(folder, saved),
        damaged=[*(f"picture {key}: {text}" for key, text in damaged.items()), *_swapped(folder, saved)],
    )


def forgotten(folder: Path, acknowledged: Mapping[str, int]) -> list[str]:
    """The turns that said that so many of their pictures are saved, and whose pictures are not."""
    _, pictures, damaged = _read(folder)
    saved = [picture for picture in pictures if picture.state is PictureState.SAVED]
    kept = Counter(str(picture.turn_id) for picture in saved if picture.id not in damaged)
    return [turn_id for turn_id, count in acknowledged.items() if kept[turn_id] < count]


def _read(folder: Path) -> tuple[dict[str, Turn], list[Picture], dict[int, str]]:
    """A library's turns and pictures, and what is wrong with them; one that cannot be read has none."""
    try:
        library = Library.open(folder, "the truth")
    except LibraryError as error:
        return {}, [], {0: f"the library cannot be read: {error.message}"}
    try:
        turns = {str(turn.id): turn for turn in library.records.turns()}
        pictures = library.records.pictures([i for turn in turns.values() for i in turn.picture_ids])
        return turns, pictures, {int(picture_id): text for picture_id, text in library.damaged()}
    finally:
        library.close()


def _orphans(folder: Path, saved: Collection[Picture]) -> list[str]:
    kept = {folder / str(picture.path) for picture in saved}
    sidecars = {path.with_name(path.name + ".json") for path in kept}
    files = {path for part in ("images", "spool") for path in (folder / part).rglob("*") if path.is_file()}
    return [path.name for path in sorted(files - kept - sidecars)]


def _swapped(folder: Path, saved: Collection[Picture]) -> list[str]:
    """Pictures in another's place, where the server signs them."""
    said = {picture: signature((folder / str(picture.path)).read_bytes()) for picture in saved}
    return [
        f"picture {picture.id} is {text}"
        for picture, text in said.items()
        if text not in ("", f"{picture.index} of {picture.prompt}")
    ]
