"""`export`: pictures out of the library into a folder."""

import argparse
from pathlib import Path

from imagine_desktop.cli import opening
from imagine_desktop.cli.options import session_name
from imagine_desktop.domain.record import PictureId
from imagine_desktop.export import exhibit, folder, naming
from imagine_desktop.export.target import OnCollision
from imagine_desktop.library.library import Library


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", shared: argparse.ArgumentParser) -> None:
    """Describe the verb to the parser."""
    parser = verbs.add_parser("export", parents=[shared], help="copy pictures to a folder")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--session", type=session_name, metavar="NAME", help="all pictures of a session")
    which.add_argument("--picture", action="extend", nargs="+", type=int, metavar="ID", help="these pictures")
    parser.add_argument("--to", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--template",
        default=naming.DEFAULT.text,
        help=f"names, of {' '.join(f'{{{name}}}' for name in naming.FIELDS)} (default: {naming.DEFAULT.text})",
    )
    parser.add_argument(
        "--on-collision",
        type=OnCollision,
        choices=list(OnCollision),
        default=OnCollision.NUMBER,
        help="what becomes of a file whose name is taken (default: number)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Copy and print the files written."""
    template = naming.parse(options.template)
    with opening.reading(options) as library:
        chosen = _chosen(options, library)
        for path in folder.export(
            library, chosen, options.to, template=template, on_collision=options.on_collision
        ):
            opening.show(str(path))
    return 0


def _chosen(options: argparse.Namespace, library: Library) -> list[PictureId]:
    if options.session is not None:
        return exhibit.session(library, options.session)
    ids = [PictureId(number) for number in options.picture]
    for picture_id in ids:
        library.picture_path(picture_id)
    return ids
