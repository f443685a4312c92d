"""`export`: pictures out of the library into a folder."""

import argparse
from pathlib import Path

from imagine_desktop.cli import opening
from imagine_desktop.cli.options import session_name
from imagine_desktop.domain.record import PictureId, PictureState
from imagine_desktop.errors import BadInput
from imagine_desktop.export import folder
from imagine_desktop.library.library import Library


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", shared: argparse.ArgumentParser) -> None:
    """Describe the verb to the parser."""
    parser = verbs.add_parser("export", parents=[shared], help="copy pictures to a folder")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--session", type=session_name, metavar="NAME", help="all pictures of a session")
    which.add_argument("--picture", action="extend", nargs="+", type=int, metavar="ID", help="these pictures")
    parser.add_argument("--to", type=Path, required=True, metavar="DIR")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Copy and print the files written."""
    with opening.reading(options) as library:
        for path in folder.export(library, _chosen(options, library), options.to):
            opening.show(str(path))
    return 0


def _chosen(options: argparse.Namespace, library: Library) -> list[PictureId]:
    if options.session is not None:
        session = library.records.session_named(options.session)
        if session is None:
            raise BadInput("Session", f"there is no session {options.session}")
        ids = [picture_id for turn in library.records.turns(session.id) for picture_id in turn.picture_ids]
        return [p.id for p in library.records.pictures(ids) if p.state is PictureState.SAVED]
    ids = [PictureId(number) for number in options.picture]
    for picture_id in ids:
        library.picture_path(picture_id)
    return ids
