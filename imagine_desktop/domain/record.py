"""What the library remembers: sessions, their turns, and the pictures of each turn.

History is a directed acyclic graph: a turn has the pictures it was made from (`Turn.sources`) and
the pictures it made (`Picture.turn_id`). Nothing in it is ever changed into something else.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

SessionId = NewType("SessionId", int)
TurnId = NewType("TurnId", str)  # a ULID: sorts by time, safe in file names
PictureId = NewType("PictureId", int)
CollectionId = NewType("CollectionId", int)


class TurnState(StrEnum):
    """How far a turn has come, and what that says of its cost."""

    QUEUED = "queued"  # nothing sent
    SENDING = "sending"  # the intent is durable, the request may be on its way
    NOT_SENT = "not sent"  # provably never arrived whole: nothing charged
    WAITING = "waiting"  # refused by the rate limit, to be sent again: nothing charged
    REJECTED = "rejected"  # refused, nothing reported as charged
    CHARGED = "charged"  # answered with pictures; their own states say whether they are here
    CHARGED_NO_IMAGE = "charged, no image"  # moderated and billed
    UNKNOWN = "unknown"  # sent, no usable answer: may be charged


class PictureState(StrEnum):
    """Where one picture of a turn is."""

    PENDING = "pending"  # asked for, not here yet
    SAVED = "saved"  # whole, on disk
    WITHHELD = "withheld"  # held back by moderation
    LOST = "lost"  # paid, and cannot be had any more
    NOT_MADE = "not made"  # its turn ended without it
    DELETED = "deleted"  # emptied from the trash: its bytes are gone, what it cost stays


class SourceKind(StrEnum):
    """Where an input picture came from."""

    PICTURE = "picture"
    FILE = "file"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Session:
    """A line of work. Times are seconds since 1970, UTC."""

    id: SessionId
    name: str
    created: float
    turn_count: int = 0
    picture_count: int = 0
    cost_ticks: int = 0


@dataclass(frozen=True, slots=True)
class TurnSource:
    """One input of an edit, at its place in the request.

    `name` is what the person knows it by: a file's name, an address, or a picture's id.
    `frozen` is where the exact bytes taken from a file lie in the library, relative to its folder.
    """

    kind: SourceKind
    name: str
    picture_id: PictureId | None = None
    frozen: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One request and what came of it; or one of the person's own pictures, which no request made.

    `cost_source` is "usage" where the API said what it charged, "estimate" where the catalogue's prices
    did, None while nothing is charged. `error` is what to tell the person where the turn ended without
    what was asked for. `provider_id` is the API's own id of a deferred request, `is_stored` says that copies of
    its pictures were asked for in the API's Files: by either a lost answer can be found.

    `imported_from` is the name of the file that was copied in, with its folders from the imported one on. Such
    a turn is CHARGED and has no cost; its model, resolution, profile and delivery are empty.
    """

    id: TurnId
    session_id: SessionId
    created: float
    state: TurnState
    prompt: str
    model: str
    aspect_ratio: str
    resolution: str
    quality: str | None
    count: int
    sources: tuple[TurnSource, ...]
    picture_ids: tuple[PictureId, ...]
    estimate_ticks: int
    cost_ticks: int | None
    cost_source: str | None
    profile: str
    delivery: str
    model_served: str | None = None
    http_status: int | None = None
    request_id: str | None = None
    retry_of: TurnId | None = None
    error: str = ""
    provider_id: str | None = None
    is_stored: bool = False
    imported_from: str | None = None

    @property
    def is_import(self) -> bool:
        """Whether it is one of the person's own pictures."""
        return self.imported_from is not None

    @property
    def title(self) -> str:
        """What it is known by: its prompt, or the name of the file that was copied in."""
        return self.prompt or (self.imported_from or "").rpartition("/")[2]

    @property
    def can_be_found(self) -> bool:
        """Whether its answer, where it was lost, can be looked for."""
        return self.provider_id is not None or self.is_stored

    @property
    def is_edit(self) -> bool:
        """Whether it was made from other pictures."""
        return bool(self.sources)

    @property
    def parent_id(self) -> PictureId | None:
        """The library picture that it continues: the first of its sources that is one."""
        return next((s.picture_id for s in self.sources if s.picture_id is not None), None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the bytes of a picture that is not here yet can be had; neither: only the answer has them.

    `file_id` is the picture's copy in the API's Files.
    """

    url: str | None = None
    file_id: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """One image of a turn.

    `path` is relative to the library's folder and None until the picture is saved; `width` and
    `height` are pixels, 0 until then. `aspect_ratio` is what was asked for, which a placeholder shows.
    `reason` says why its state is what it is. `note` is the person's own words; `trashed` is when it was moved
    to the trash, None while it is not there.
    """

    id: PictureId
    turn_id: TurnId
    session_id: SessionId
    index: int
    state: PictureState
    created: float
    aspect_ratio: str
    path: str | None = None
    mime: str | None = None
    width: int = 0
    height: int = 0
    byte_count: int = 0
    sha256: str | None = None
    cost_ticks: int | None = None
    child_count: int = 0
    reason: str = ""
    prompt: str = ""
    revised_prompt: str = ""  # what the API made of the prompt, where it tells
    is_starred: bool = False
    note: str = ""
    trashed: float | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is here to be looked at, edited, exported: saved, and not in the trash."""
        return self.state is PictureState.SAVED and self.path is not None and self.trashed is None


@dataclass(frozen=True, slots=True)
class Collection:
    """Pictures that the person put together, from any sessions. Those in the trash are not counted."""

    id: CollectionId
    name: str
    created: float
    picture_count: int = 0
