"""The story beside a picture, as it is read back: unknown fields are passed over, wrong ones refused."""

from typing import Annotated, Literal

import msgspec

from imagine_desktop.errors import LibraryError

_MOST = 2**63 - 1  # what SQLite holds
_Count = Annotated[int, msgspec.Meta(ge=0, le=_MOST)]
_Id = Annotated[int, msgspec.Meta(ge=1, le=2**53)]
_TurnId = Annotated[str, msgspec.Meta(pattern=r"\A[0-9A-Za-z_-]{1,64}\Z")]


class PictureStory(msgspec.Struct, frozen=True, gc=False):
    """The picture's own part."""

    id: _Id
    index: Annotated[int, msgspec.Meta(ge=0, le=1000)]
    created: float
    sha256: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]
    mime: str = "image/jpeg"
    width: _Count = 0
    height: _Count = 0
    bytes: _Count = 0
    cost_ticks: _Count | None = None


class TurnStory(msgspec.Struct, frozen=True, gc=False):
    """The request that it came from."""

    id: _TurnId
    created: float
    prompt: str
    model: str
    aspect_ratio: str = "auto"
    resolution: str = "1k"
    quality: str | None = None
    count: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    delivery: str = "url"
    profile: str = ""
    model_served: str | None = None
    request_id: str | None = None
    cost_ticks: _Count | None = None
    cost_source: str | None = None
    retry_of: str | None = None
    imported_from: str | None = None


class SessionStory(msgspec.Struct, frozen=True, gc=False):
    """The session that the turn belongs to."""

    id: _Id
    name: str = ""


class SourceStory(msgspec.Struct, frozen=True, gc=False):
    """One of the pictures that it was made from."""

    kind: Literal["picture", "file", "address"]
    name: str = ""
    picture_id: _Id | None = None
    frozen: str | None = None


class Sidecar(msgspec.Struct, frozen=True, gc=False):
    """All that `<file>.json` says."""

    picture: PictureStory
    turn: TurnStory
    session: SessionStory
    sources: tuple[SourceStory, ...] = ()


_DECODER = msgspec.json.Decoder(Sidecar)


def parse(data: bytes) -> Sidecar:
    """Raises LibraryError for what is no sidecar of this program's."""
    try:
        return _DECODER.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise LibraryError(f"No story of a picture: {error}.") from error
