"""All that the library knows of one picture, and how it is told: fields by subject, in words."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from imagine_desktop.domain import money
from imagine_desktop.domain.record import Picture, PictureId, PictureState, SourceKind, Turn, TurnSource
from imagine_desktop.library.library import Library
from imagine_desktop.ui.gallery.faces import byte_size

_MOST_ANCESTORS = 500  # a damaged history may go in a circle


@dataclass(frozen=True, slots=True)
class About:
    """A picture, the turn that made it, and the pictures that it goes back to, the first one first."""

    picture: Picture
    turn: Turn | None
    ancestors: tuple[Picture, ...] = ()
    session_name: str = ""
    path: Path | None = None


class Field(NamedTuple):
    """One thing to know of a picture; those of a subject stand under its name."""

    subject: str
    name: str
    text: str


def read_about(library: Library, picture_id: PictureId) -> About | None:
    """What the library knows of a picture; blocks."""
    records = library.records
    picture = records.picture(picture_id)
    if picture is None:
        return None
    turn = records.turn(picture.turn_id)
    ancestors: list[Picture] = []
    seen = {picture_id}
    above = turn
    while above is not None and above.parent_id is not None and len(ancestors) < _MOST_ANCESTORS:
        parent = records.picture(above.parent_id)
        if parent is None or parent.id in seen:
            break
        seen.add(parent.id)
        ancestors.append(parent)
        above = records.turn(parent.turn_id)
    path = None if picture.path is None else library.files.absolute(picture.path)
    name = records.session_name(picture.session_id)
    return About(picture, turn, tuple(reversed(ancestors)), name, path)


def fields_of(about: About) -> list[Field]:
    """What there is to tell of a picture; what is empty is left out."""
    made = [*_prompts(about), *_request(about), *_cost(about), *_file(about), *_ids(about)]
    return [field for field in made if field.text]


def as_text(fields: list[Field]) -> str:
    """Fields as lines to paste elsewhere."""
    return "\n".join(f"{field.name}: {field.text}" for field in fields)


def _prompts(about: About) -> list[Field]:
    picture = about.picture
    revised = picture.revised_prompt if picture.revised_prompt != picture.prompt else ""
    return [Field("Prompt", "Prompt", picture.prompt), Field("Prompt", "Revised by the API", revised)]


def _request(about: About) -> list[Field]:
    turn, picture = about.turn, about.picture
    if turn is None:
        return []
    if turn.is_import:
        return [Field("Import", "Imported from", turn.imported_from or "")]
    number = f"{picture.index + 1} of {turn.count}" if turn.count > 1 else ""
    values = (
        ("Model asked for", turn.model),
        ("Model that answered", turn.model_served or ""),
        ("Aspect ratio", turn.aspect_ratio),
        ("Resolution", turn.resolution),
        ("Quality", turn.quality or ""),
        ("Picture", number),
        ("Sources", "\n".join(_source(place, one) for place, one in enumerate(turn.sources))),
        ("Profile", turn.profile),
    )
    return [Field("Request", name, text) for name, text in values]


def _cost(about: About) -> list[Field]:
    turn, picture = about.turn, about.picture
    if turn is None or turn.is_import:
        return []
    own = "" if picture.cost_ticks is None else money.usd(picture.cost_ticks)
    whole = "" if turn.cost_ticks is None else money.usd(turn.cost_ticks)
    if whole and turn.cost_source == "estimate":
        whole = f"≈{whole}, by the price list"
    return [Field("Cost", "This picture", own), Field("Cost", "Whole turn", whole)]


def _file(about: About) -> list[Field]:
    turn, picture = about.turn, about.picture
    size = f"{picture.width} × {picture.height} pixels" if picture.width else ""
    count = f"{byte_size(picture.byte_count)} ({picture.byte_count:,} bytes)" if picture.byte_count else ""
    state = "" if picture.state is PictureState.SAVED else f"{picture.state.value}. {picture.reason}".strip()
    values = (
        ("State", state),
        ("Size", size),
        ("Bytes", count),
        ("Kind", picture.mime or ""),
        ("Asked for", _when(turn.created) if turn and not turn.is_import else ""),
        ("Saved" if picture.state is PictureState.SAVED else "Entered", _when(picture.created)),
        ("File", str(about.path or "")),
    )
    return [Field("File", name, text) for name, text in values]


def _ids(about: About) -> list[Field]:
    turn, picture = about.turn, about.picture
    values = (
        ("Session", about.session_name),
        ("Picture id", str(picture.id)),
        ("Turn id", picture.turn_id),
        ("Request id", (turn.request_id if turn else None) or ""),
        ("Deferred id", (turn.provider_id if turn else None) or ""),
        ("SHA-256", picture.sha256 or ""),
    )
    return [Field("Ids", name, text) for name, text in values]


def _source(place: int, source: TurnSource) -> str:
    what = {SourceKind.PICTURE: "picture", SourceKind.FILE: "file", SourceKind.ADDRESS: "address"}[source.kind]
    name = str(source.picture_id) if source.picture_id is not None else source.name
    return f"{place}: {what} {name}"


def _when(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds):%Y-%m-%d %H:%M:%S}"
