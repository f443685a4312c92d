"""The story beside a picture or before a kept answer: what was asked for, as it is written and read back.

Read back, unknown fields are passed over and wrong ones refused.
"""

from typing import Annotated, Literal, TypeVar

import msgspec

from imagine_desktop.domain.record import Turn
from imagine_desktop.errors import LibraryError

RECOVERED = "Recovered"  # the session of what has no other
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
    revised_prompt: str = ""


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
    estimate_ticks: _Count | None = None
    provider_id: str | None = None
    is_stored: bool = False
    imported_from: str | None = None

    @property
    def asked(self) -> tuple[str | int | None, ...]:
        """The values of the turns' columns from `prompt` to `profile`."""
        return (
            self.prompt,
            self.model,
            self.aspect_ratio,
            self.resolution,
            self.quality,
            self.count,
            self.delivery,
            self.profile,
        )


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


class Story(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What was asked for: all that stands before a kept answer."""

    turn: TurnStory
    session: SessionStory
    sources: tuple[SourceStory, ...] = ()


class Sidecar(Story, frozen=True, gc=False, kw_only=True):
    """All that `<file>.json` says."""

    picture: PictureStory


_DECODER = msgspec.json.Decoder(Sidecar)
_HEAD_DECODER = msgspec.json.Decoder(Story)
_T = TypeVar("_T")


def parse(data: bytes) -> Sidecar:
    """Raises LibraryError for what is no sidecar of this program's."""
    return _decoded(_DECODER, data)


def parse_head(data: bytes) -> Story:
    """The story in the first line of a kept answer. Raises LibraryError where there is none."""
    return _decoded(_HEAD_DECODER, data)


def unknown(turn_id: str, created: float) -> Story:
    """The story of an answer of which nothing is known but its turn's id and when it came."""
    turn = TurnStory(id=turn_id, created=created, prompt="", model="")
    return Story(turn=turn, session=SessionStory(id=1, name=RECOVERED))


def described(turn: Turn, session_name: str) -> dict[str, object]:
    """A turn's story as it is written."""
    return {
        "turn": {
            "id": turn.id,
            "created": turn.created,
            "prompt": turn.prompt,
            "model": turn.model,
            "model_served": turn.model_served,
            "aspect_ratio": turn.aspect_ratio,
            "resolution": turn.resolution,
            "quality": turn.quality,
            "count": turn.count,
            "delivery": turn.delivery,
            "profile": turn.profile,
            "request_id": turn.request_id,
            "estimate_ticks": turn.estimate_ticks,
            "cost_ticks": turn.cost_ticks,
            "cost_source": turn.cost_source,
            "retry_of": turn.retry_of,
            "provider_id": turn.provider_id,
            "is_stored": turn.is_stored,
            "imported_from": turn.imported_from,
        },
        "session": {"id": turn.session_id, "name": session_name},
        "sources": [
            {"kind": s.kind, "name": s.name, "picture_id": s.picture_id, "frozen": s.frozen}
            for s in turn.sources
        ],
    }


def _decoded(decoder: msgspec.json.Decoder[_T], data: bytes) -> _T:
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise LibraryError(f"No story of a picture: {error}.") from error
