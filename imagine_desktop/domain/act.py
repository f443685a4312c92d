"""What a person does to the library. Each act can be undone by another: its inverse."""

from dataclasses import dataclass

from imagine_desktop.domain.record import CollectionId, PictureId, SessionId, TurnId

LONGEST_NAME = 200
LONGEST_NOTE = 10_000


@dataclass(frozen=True, slots=True)
class Star:
    """Give pictures a star, or take it away."""

    picture_ids: tuple[PictureId, ...]
    is_on: bool


@dataclass(frozen=True, slots=True)
class SetNote:
    """Write the person's own words to a picture; empty: none."""

    picture_id: PictureId
    text: str


@dataclass(frozen=True, slots=True)
class Trash:
    """Move pictures to the trash, where they stay until it is emptied. Not what is still on its way."""

    picture_ids: tuple[PictureId, ...]


@dataclass(frozen=True, slots=True)
class Restore:
    """Take pictures out of the trash, with all that they had."""

    picture_ids: tuple[PictureId, ...]


@dataclass(frozen=True, slots=True)
class MakeCollection:
    """Begin a collection. Its id is given only where a removed one is made again."""

    name: str
    picture_ids: tuple[PictureId, ...] = ()
    id: CollectionId | None = None
    created: float | None = None


@dataclass(frozen=True, slots=True)
class RenameCollection:
    """Give a collection another name."""

    id: CollectionId
    name: str


@dataclass(frozen=True, slots=True)
class RemoveCollection:
    """Remove a collection; its pictures stay."""

    id: CollectionId


@dataclass(frozen=True, slots=True)
class Collect:
    """Add pictures to a collection."""

    collection_id: CollectionId
    picture_ids: tuple[PictureId, ...]


@dataclass(frozen=True, slots=True)
class Uncollect:
    """Take pictures out of a collection."""

    collection_id: CollectionId
    picture_ids: tuple[PictureId, ...]


@dataclass(frozen=True, slots=True)
class MoveToSession:
    """Move turns, with all their pictures, to a session."""

    turn_ids: tuple[TurnId, ...]
    session_id: SessionId


@dataclass(frozen=True, slots=True)
class RenameSession:
    """Give a session another name."""

    session_id: SessionId
    name: str


@dataclass(frozen=True, slots=True)
class Several:
    """Some acts as one."""

    acts: "tuple[Act, ...]"


Act = (
    Star
    | SetNote
    | Trash
    | Restore
    | MakeCollection
    | RenameCollection
    | RemoveCollection
    | Collect
    | Uncollect
    | MoveToSession
    | RenameSession
    | Several
)


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: in words, how it is undone, and whose rows changed."""

    text: str
    inverse: Act
    picture_ids: tuple[PictureId, ...] = ()
    session_ids: tuple[SessionId, ...] = ()
    collection_id: CollectionId | None = None
