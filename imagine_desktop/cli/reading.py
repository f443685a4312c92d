"""`list`: what is in the library; also while the window holds the library."""

import argparse
import json
from collections.abc import Mapping, Sequence

from imagine_desktop.cli import opening
from imagine_desktop.cli.generate import picture_fields
from imagine_desktop.cli.options import session_name, when
from imagine_desktop.domain import prompts
from imagine_desktop.domain.record import Picture, PictureId, PictureState, SessionId, Turn, TurnId
from imagine_desktop.domain.sight import Filter, Scope, ScopeKind, Sight
from imagine_desktop.errors import BadInput
from imagine_desktop.library.library import Library

_Listed = tuple[Turn, list[Picture]]


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", shared: argparse.ArgumentParser) -> None:
    """Describe the verb to the parser."""
    listing = verbs.add_parser("list", parents=[shared], help="the turns and pictures of the library")
    where = listing.add_mutually_exclusive_group()
    where.add_argument("--session", type=session_name, metavar="NAME", help="of this session only")
    where.add_argument("--collection", type=session_name, metavar="NAME", help="of this collection only")
    where.add_argument("--trash", action="store_true", help="what is in the trash")
    listing.add_argument("--starred", action="store_true", help="pictures with a star only")
    listing.add_argument("--search", metavar="WORDS", help="whose prompts, notes or files' names hold them all")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=run_list)


def run_list(options: argparse.Namespace) -> int:
    """Print turns, the oldest first, each with its pictures."""
    with opening.reading(options) as library:
        listed = _listed(options, library)
        names = {session.id: session.name for session in library.records.sessions()}  # after their turns
        if options.json:
            opening.show(json.dumps({"turns": _fields(library, listed, names)}))
            return 0
        for turn, pictures in listed:
            title = prompts.first_line(turn.title)
            opening.show(f"{when(turn)}  {names[turn.session_id]}  {title}  ({_state(turn)})")
            for picture in pictures:
                path = "" if picture.path is None else str(library.files.absolute(picture.path))
                marks = ("  ★" if picture.is_starred else "") + (f"  {picture.note!r}" if picture.note else "")
                opening.show(f"    {picture.id:>6}  {picture.state:<9} {path}{marks}")
    return 0


def _listed(options: argparse.Namespace, library: Library) -> list[_Listed]:
    """The turns that were asked for, each with those of its pictures that were."""
    scope = _scope(options, library)
    if scope.kind in (ScopeKind.ALL, ScopeKind.SESSION) and options.search is None and not options.starred:
        turns = library.records.turns(None if scope.id is None else SessionId(scope.id))
        return [(turn, _at_hand(library, turn)) for turn in turns]
    sight = Sight(scope, options.search or "", Filter(is_starred=options.starred))
    pictures: dict[TurnId, list[Picture]] = {}
    for picture in library.records.pictures([PictureId(number) for number in library.records.found(sight).ids]):
        pictures.setdefault(picture.turn_id, []).append(picture)
    return [(turn, pictures[turn.id]) for turn in library.records.turns_of(pictures)]


def _scope(options: argparse.Namespace, library: Library) -> Scope:
    """Where to look. Raises BadInput where there is no such place."""
    if options.session is not None:
        session = library.records.session_named(options.session)
        if session is None:
            raise BadInput("Session", f"there is no session {options.session}")
        return Scope(ScopeKind.SESSION, session.id)
    if options.collection is not None:
        collection = library.records.collection_named(options.collection)
        if collection is None:
            raise BadInput("Collection", f"there is no collection {options.collection}")
        return Scope(ScopeKind.COLLECTION, collection.id)
    return Scope(ScopeKind.TRASH if options.trash else ScopeKind.ALL)


def _at_hand(library: Library, turn: Turn) -> list[Picture]:
    """A turn's pictures, but for those in the trash and those deleted."""
    pictures = library.records.pictures(turn.picture_ids)
    return [p for p in pictures if p.trashed is None and p.state is not PictureState.DELETED]


def _fields(
    library: Library, listed: Sequence[_Listed], session_names: Mapping[SessionId, str]
) -> list[dict[str, object]]:
    collections = library.records.collection_names([p.id for _, pictures in listed for p in pictures])
    return [
        {
            **_turn_fields(turn, session_names[turn.session_id]),
            "pictures": [
                {
                    **picture_fields(library, picture),
                    "is_starred": picture.is_starred,
                    "note": picture.note,
                    "collections": collections.get(picture.id, []),
                }
                for picture in pictures
            ],
        }
        for turn, pictures in listed
    ]


def _turn_fields(turn: Turn, session_name: str) -> dict[str, object]:
    return {
        "id": turn.id,
        "session": session_name,
        "created": when(turn),
        "state": _state(turn),
        "prompt": turn.prompt,
        "model": turn.model_served or turn.model,
        "aspect_ratio": turn.aspect_ratio,
        "resolution": turn.resolution,
        "quality": turn.quality,
        "sources": [
            {"kind": source.kind, "name": source.name, "picture_id": source.picture_id}
            for source in turn.sources
        ],
        "cost_ticks": turn.cost_ticks,
        "imported_from": turn.imported_from,
    }


def _state(turn: Turn) -> str:
    return "imported" if turn.is_import else turn.state
