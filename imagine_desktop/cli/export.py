"""`export`: pictures out of the library, as files, a zip, a page, contact sheets or an animation."""

import argparse
import json
from pathlib import Path

from imagine_desktop import paths, settings
from imagine_desktop.cli import opening
from imagine_desktop.cli.options import session_name
from imagine_desktop.domain.record import PictureId
from imagine_desktop.errors import BadInput
from imagine_desktop.export import exhibit, naming, order
from imagine_desktop.export.copies import Style
from imagine_desktop.export.motion import Tempo
from imagine_desktop.export.order import Kind, Order
from imagine_desktop.export.outcome import Outcome
from imagine_desktop.export.target import OnCollision
from imagine_desktop.library.library import Library

_KINDS = {
    Kind.FOLDER: "copies in a folder (default)",
    Kind.ZIP: "copies in a zip",
    Kind.HTML: "one page that needs nothing else, with prompts, costs and before/after",
    Kind.SHEET: "contact sheets, .jpg or .png",
    Kind.WEBP: "one picture after the other, moving",
    Kind.GIF: "the same, smaller and coarser",
}


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", shared: argparse.ArgumentParser) -> None:
    """Describe the verb to the parser."""
    parser = verbs.add_parser(
        "export",
        parents=[shared],
        help="pictures out of the library",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  --as {kind:<7} {text}" for kind, text in _KINDS.items()),
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--session", type=session_name, metavar="NAME", help="all pictures of a session")
    which.add_argument("--branch", type=int, metavar="ID", help="a picture and those that it came from")
    which.add_argument("--picture", action="extend", nargs="+", type=int, metavar="ID", help="these pictures")
    which.add_argument("--collection", type=session_name, metavar="NAME", help="all pictures of a collection")
    which.add_argument(
        "--search", metavar="TEXT", help="pictures whose prompts, notes or files' names hold all these words"
    )
    parser.add_argument("--to", type=Path, required=True, metavar="PATH", help="a folder, or the file's name")
    parser.add_argument("--as", type=Kind, choices=list(Kind), default=Kind.FOLDER, dest="kind")
    parser.add_argument(
        "--template",
        default=naming.DEFAULT.text,
        help=f"names of copies, from {' '.join(f'{{{name}}}' for name in naming.FIELDS)}; "
        f"{{prompt:40}} is at most 40 characters (default: {naming.DEFAULT.text})",
    )
    parser.add_argument(
        "--metadata",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="write prompt, model and lineage into copies (default: as set in the window, at first yes)",
    )
    parser.add_argument("--sidecars", action="store_true", help="a JSON file with the story beside each copy")
    parser.add_argument(
        "--on-collision",
        type=OnCollision,
        choices=list(OnCollision),
        default=OnCollision.NUMBER,
        help="what becomes of a file whose name is taken (default: number)",
    )
    parser.add_argument(
        "--seconds", type=_seconds, default=1.2, help="each picture of an animation stays (default: 1.2)"
    )
    parser.add_argument("--no-fade", action="store_true", help="an animation's pictures do not fade over")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Export and print the files written."""
    template = naming.parse(options.template)
    has_metadata = options.metadata
    if has_metadata is None:
        has_metadata = settings.load(paths.settings()).export_metadata
    with opening.reading(options) as library:
        ids, title = _chosen(options, library)
        outcome = order.carry_out(
            library,
            Order(
                tuple(ids),
                options.kind,
                options.to,
                title,
                Style(template, has_metadata, options.sidecars),
                options.on_collision,
                Tempo(round(options.seconds * 1000), not options.no_fade),
            ),
            opening.progress(),
        )
    _print(options, outcome)
    return 0


def _chosen(options: argparse.Namespace, library: Library) -> tuple[list[PictureId], str]:
    """The pictures of the scope that was asked for, and what an export of them is called.

    Raises BadInput where there are none.
    """
    if options.session is not None:
        return exhibit.session(library, options.session), options.session
    if options.branch is not None:
        return exhibit.branch(library, PictureId(options.branch)), f"Picture {options.branch}"
    if options.collection is not None:
        return exhibit.collection(library, options.collection), options.collection
    if options.search is not None:
        found = exhibit.saved(library, exhibit.found(library, options.search))
        if not found:
            raise BadInput("Search", f"nothing of any saved picture holds {options.search}")
        return found, options.search
    ids = [PictureId(number) for number in options.picture]
    for picture_id in ids:
        library.picture_path(picture_id)
    for picture in library.records.pictures(ids):
        if picture.trashed is not None:
            raise BadInput("Pictures", f"picture {picture.id} is in the trash")
    return ids, "Pictures"


def _print(options: argparse.Namespace, outcome: Outcome) -> None:
    if options.json:
        result = {
            "files": [str(path) for path in outcome.files],
            "pictures": outcome.picture_count,
            "skipped": outcome.skipped,
            "without_metadata": dict(outcome.plain),
        }
        opening.show(json.dumps(result))
        return
    for path in outcome.files:
        opening.show(str(path))
    for note in outcome.notes:
        opening.say(note)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0.05 <= value <= 60:
        raise argparse.ArgumentTypeError("must be a number of seconds from 0.05 to 60")
    return value
