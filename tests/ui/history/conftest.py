"""Sessions and turns for the history to show."""

from collections.abc import Callable

import pytest

from imagine_desktop.domain.record import (
    PictureId,
    Session,
    SessionId,
    SourceKind,
    Turn,
    TurnId,
    TurnSource,
    TurnState,
)

MakeTurn = Callable[..., Turn]


@pytest.fixture
def make_turn() -> MakeTurn:
    """Makes a turn from its number, its pictures, and the picture that it edits."""

    def make(
        number: int,
        pictures: tuple[int, ...] = (),
        source: int | None = None,
        *,
        prompt: str = "",
        state: TurnState = TurnState.CHARGED,
        session: int = 1,
        count: int | None = None,
        cost_ticks: int | None = None,
    ) -> Turn:
        sources: tuple[TurnSource, ...] = ()
        if source is not None:
            sources = (TurnSource(SourceKind.PICTURE, f"picture {source}", PictureId(source)),)
        return Turn(
            id=TurnId(f"T{number:04}"),
            session_id=SessionId(session),
            created=float(number),
            state=state,
            prompt=prompt or f"prompt {number}",
            model="grok-imagine-image",
            aspect_ratio="16:9",
            resolution="2k",
            quality=None,
            count=count or max(1, len(pictures)),
            sources=sources,
            picture_ids=tuple(PictureId(picture) for picture in pictures),
            estimate_ticks=2 * 10**8,
            cost_ticks=2 * 10**8 * len(pictures) if cost_ticks is None else cost_ticks,
            cost_source="usage",
            profile="Sandbox",
            delivery="url",
        )

    return make


@pytest.fixture
def sessions() -> list[Session]:
    """Three sessions, oldest first."""
    return [Session(SessionId(number), f"Session {number}", float(number)) for number in (1, 2, 3)]
