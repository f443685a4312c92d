"""`list` and `ledger`: what is in the library, what it cost; also while the window holds the library."""

import argparse
import json
import time

from imagine_desktop.cli import opening
from imagine_desktop.cli.generate import picture_fields
from imagine_desktop.cli.options import session_name
from imagine_desktop.domain import money, prompts
from imagine_desktop.domain.record import Turn
from imagine_desktop.errors import BadInput
from imagine_desktop.library.library import Library


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", shared: argparse.ArgumentParser) -> None:
    """Describe the verbs to the parser."""
    listing = verbs.add_parser("list", parents=[shared], help="the turns and pictures of the library")
    listing.add_argument("--session", type=session_name, metavar="NAME", help="of this session only")
    listing.add_argument("--json", action="store_true")
    listing.set_defaults(run=run_list)
    ledger = verbs.add_parser("ledger", parents=[shared], help="every request and what it cost")
    ledger.add_argument("--json", action="store_true")
    ledger.set_defaults(run=run_ledger)


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
        opening.show(f"{_when(turn)}  {name}  {prompts.first_line(turn.prompt)}  ({turn.state})")
        for picture in pictures:
            opening.show(f"    {picture['id']:>6}  {picture['state']:<9} {picture['path'] or ''}")
    return 0


def run_ledger(options: argparse.Namespace) -> int:
    """Print requests, the oldest first, and the total of what was charged (the sandbox's not counted)."""
    with opening.reading(options) as library:
        turns = library.records.turns()
        requests = [_request_fields(library, turn) for turn in turns]
        total = library.records.spent_ticks(0)
    if options.json:
        opening.show(json.dumps({"requests": requests, "total_ticks": total}))
        return 0
    for turn in turns:
        cost = "" if turn.cost_ticks is None else money.usd(turn.cost_ticks)
        about = "≈" if turn.cost_source == "estimate" else ""
        shown = f"{_when(turn)}  {turn.profile:<8} {turn.state:<18} {about + cost:>8}"
        opening.show(f"{shown}  {prompts.first_line(turn.prompt, 60)}")
    opening.show(f"Spent: {money.usd(total)}")
    return 0


def _turn_fields(turn: Turn, session_name: str) -> dict[str, object]:
    return {
        "id": turn.id,
        "session": session_name,
        "created": _when(turn),
        "state": turn.state,
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
    }


def _request_fields(library: Library, turn: Turn) -> dict[str, object]:
    return {
        "id": turn.id,
        "created": _when(turn),
        "state": turn.state,
        "prompt": turn.prompt,
        "model": turn.model_served or turn.model,
        "n": turn.count,
        "estimate_ticks": turn.estimate_ticks,
        "cost_ticks": turn.cost_ticks,
        "cost_source": turn.cost_source,
        "http_status": turn.http_status,
        "x_request_id": turn.request_id,
        "retry_of": turn.retry_of,
        "outputs": [
            {"index": p.index, "state": p.state, "path": p.path, "sha256": p.sha256}
            for p in library.records.pictures(turn.picture_ids)
        ],
    }


def _when(turn: Turn) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(turn.created))
