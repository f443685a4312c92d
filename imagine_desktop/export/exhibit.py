"""A picture with its story, as every kind of export shows it; read in pieces, however many there are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from imagine_desktop.domain.record import Picture, PictureId, SessionId, Turn, TurnId
from imagine_desktop.domain.sight import Scope, ScopeKind, Sight
from imagine_desktop.domain.story import Story
from imagine_desktop.errors import BadInput
from imagine_desktop.export.naming import Subject
from imagine_desktop.library.library import Library

_AT_ONCE = 256
_YEAR_3000_S = 32_503_680_000  # Windows tells no later time


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A saved picture, the turn that made it with its number in the session, and the session's name.

    `number` is its place in the export, from 1. `parents` are the library pictures that it was made from.
    """

    picture: Picture
    turn: Turn
    turn_number: int
    session: str
    number: int
    parents: tuple[Picture, ...]

    @property
    def subject(self) -> Subject:
        """What its name is made from."""
        picture, turn = self.picture, self.turn
        return Subject(
            created=turn.created,
            session=self.session,
            turn=self.turn_number,
            n=picture.index + 1,
            prompt=turn.prompt,
            model=turn.model_served or turn.model,
            ratio=turn.aspect_ratio,
            resolution=turn.resolution,
            quality=turn.quality or "",
            id=picture.id,
            number=self.number,
        )

    @property
    def story(self) -> Story:
        """What its copy tells."""
        turn = self.turn
        known = {picture.id: story_id(picture) for picture in self.parents}
        return Story(
            prompt=turn.prompt,
            model=turn.model_served or turn.model,
            aspect_ratio=turn.aspect_ratio,
            resolution=turn.resolution,
            quality=turn.quality,
            count=turn.count,
            created=turn.created,
            id=story_id(self.picture),
            sources=tuple(
                known.get(s.picture_id, s.kind.value) if s.picture_id is not None else s.kind.value
                for s in turn.sources
            ),
        )


def story_id(picture: Picture) -> str:
    """A picture's id that is its own in every library: its turn's, and its place in it."""
    return f"{picture.turn_id}-{picture.index}"


def saved(library: Library, ids: Sequence[PictureId]) -> list[PictureId]:
    """Those of the pictures that are saved and not in the trash, in the same order, each once."""
    found = []
    for group in _groups(list(dict.fromkeys(ids))):
        pictures = library.records.pictures(group)
        found += [p.id for p in pictures if p.is_whole]
    return found


def exhibits(library: Library, ids: Sequence[PictureId]) -> Iterator[Exhibit]:
    """The saved pictures of those ids with their stories, some hundred of them in memory at a time."""
    numbers: dict[SessionId, dict[TurnId, int]] = {}
    names: dict[SessionId, str] = {}
    count = 0
    for group in _groups(ids):
        pictures = [p for p in library.records.pictures(group) if p.is_whole]
        turns = {turn.id: _dated(turn) for turn in library.records.turns_of({p.turn_id for p in pictures})}
        wanted = {s.picture_id for turn in turns.values() for s in turn.sources if s.picture_id is not None}
        parents = {p.id: p for p in library.records.pictures(list(wanted))}
        for picture in pictures:
            session = picture.session_id
            if session not in names:
                names[session] = library.records.session_name(session)
                numbers[session] = library.records.turn_numbers(session)
            turn = turns[picture.turn_id]
            count += 1
            yield Exhibit(
                picture,
                turn,
                numbers[session][turn.id],
                names[session],
                count,
                tuple(parents[s.picture_id] for s in turn.sources if s.picture_id in parents),
            )


def branch(library: Library, picture_id: PictureId) -> list[PictureId]:
    """A picture and those that it came from, one of each turn, the first one first.

    Raises BadInput where there is no such picture, or it is not saved.
    """
    library.picture_path(picture_id)
    line: list[PictureId] = []
    at: PictureId | None = picture_id
    while at is not None and at not in line:  # another's database may lead in a circle
        line.append(at)
        picture = library.records.picture(at)
        turn = None if picture is None else library.records.turn(picture.turn_id)
        at = None if turn is None else turn.parent_id
    return line[::-1]


def session(library: Library, name: str) -> list[PictureId]:
    """The pictures of the newest session of that name, the oldest first. Raises BadInput."""
    found = library.records.session_named(name)
    if found is None:
        raise BadInput("Session", f"there is no session {name}")
    return of_session(library, found.id)


def of_session(library: Library, session_id: SessionId | None) -> list[PictureId]:
    """The pictures of a session, or of all, the oldest turn first and each turn's in order."""
    turns = library.records.turns(session_id)
    return [picture_id for turn in turns for picture_id in turn.picture_ids]


def collection(library: Library, name: str) -> list[PictureId]:
    """The pictures of the collection of that name, the oldest first. Raises BadInput."""
    named = library.records.collection_named(name)
    if named is None:
        raise BadInput("Collection", f"there is no collection {name}")
    return in_sight(library, Sight(Scope(ScopeKind.COLLECTION, named.id)))


def found(library: Library, words: str) -> list[PictureId]:
    """The pictures that a search for these words finds, the oldest first."""
    return in_sight(library, Sight(Scope(ScopeKind.ALL), words))


def in_sight(library: Library, sight: Sight) -> list[PictureId]:
    """The pictures that the gallery shows for a sight, the oldest first."""
    return in_order(library, list(map(PictureId, library.records.found(sight).ids)))


def in_order(library: Library, ids: Sequence[PictureId]) -> list[PictureId]:
    """The same pictures, the oldest turn first and each turn's in order."""
    places = [(p.turn_id, p.index, p.id) for group in _groups(ids) for p in library.records.pictures(group)]
    return [picture_id for _, _, picture_id in sorted(places)]


def _dated(turn: Turn) -> Turn:
    """The turn at a time that calendars know: another's database may hold any number."""
    return turn if 0 <= turn.created < _YEAR_3000_S else replace(turn, created=0.0)


def _groups(ids: Sequence[PictureId]) -> Iterator[Sequence[PictureId]]:
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]
