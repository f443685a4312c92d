"""`list`: what is in the library; also while the window holds the library."""

import argparse
import json

from imagine_desktop.cli import opening
from imagine_desktop.cli.generate import picture_fields
from imagine_desktop.cli.options import session_name, when
from imagine_desktop.domain import prompts
from imagine_desktop.domain.record import Turn
from imagine_desktop.errors import BadInput


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", shared: argparse.ArgumentParser) -> None:
    """Describe the verb to the parser."""
    listing = verbs.add_parser("list", parents=[shared], help="the turns and pictures of the library")
    listing.add_argument("--session", type=session_name, metavar="NAME", help="of this session only")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=run_list)


def run_list(options: argparse.Namespace) -> int:
    """Print turns, the oldest first, each with its pictures."""
    listed: list[tuple[Turn, str, list[dict[str, object]]]] = []
    with opening.reading(options) as library:
        session_id = None
        if options.session is not None:
            session = library.records.session_named(options.session)
            if session is None:
                raise BadInput("Session", f"there is no session {options.session}")
            session_id = session.id
        turns = library.records.turns(session_id)
        names = {session.id: session.name for session in library.records.sessions()}  # after their turns
        for turn in turns:
            pictures = [picture_fields(library, p) for p in library.records.pictures(turn.picture_ids)]
            listed.append((turn, names[turn.session_id], pictures))
    if options.json:
        fields = [{**_turn_fields(turn, name), "pictures": pictures} for turn, name, pictures in listed]
        opening.show(json.dumps({"turns": fields}))
        return 0
    for turn, name, pictures in listed:
        opening.show(f"{when(turn)}  {name}  {prompts.first_line(turn.title)}  ({_state(turn)})")
        for picture in pictures:
            opening.show(f"    {picture['id']:>6}  {picture['state']:<9} {picture['path'] or ''}")
    return 0


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
