"""An export as it is ordered, by the window or the command line, and carried out."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import BinaryIO

from imagine_desktop.domain.record import PictureId
from imagine_desktop.errors import BadInput
from imagine_desktop.export import archive, exhibit, folder, motion, naming, page, sheet
from imagine_desktop.export.copies import Style
from imagine_desktop.export.motion import Tempo
from imagine_desktop.export.outcome import Outcome, Progress, no_progress
from imagine_desktop.export.target import Ask, OnCollision, Target
from imagine_desktop.library.library import Library


class Kind(StrEnum):
    """What is made of the pictures."""

    FOLDER = "folder"
    ZIP = "zip"
    HTML = "html"
    SHEET = "sheet"
    WEBP = "webp"
    GIF = "gif"

    @property
    def extensions(self) -> tuple[str, ...]:
        """Of its file, the usual one first; none for a folder."""
        return {Kind.FOLDER: (), Kind.SHEET: (".jpg", ".jpeg", ".png")}.get(self, (f".{self.value}",))

    @property
    def has_copies(self) -> bool:
        """Whether the pictures themselves are in it, under names of their own."""
        return self in (Kind.FOLDER, Kind.ZIP)


@dataclass(frozen=True, slots=True)
class Order:
    """What to export, as what, and where to.

    `to` is the folder for copies, else a file, or a folder in which a file named by `title` is made.
    """

    ids: tuple[PictureId, ...]
    kind: Kind
    to: Path
    title: str = "Pictures"
    style: Style = folder.DEFAULT
    on_collision: OnCollision | Ask = OnCollision.NUMBER
    tempo: Tempo = motion.DEFAULT


def carry_out(library: Library, order: Order, progress: Progress = no_progress) -> Outcome:
    """Export; blocks. What `progress` raises stops it: of the files none is half.

    Raises BadInput where there is nothing to export, DiskFull or LibraryError.
    """
    ids = exhibit.saved(library, order.ids)
    if not ids:
        raise BadInput("Pictures", "there is no saved picture to export")
    if order.kind is Kind.FOLDER:
        return folder.export(
            library, ids, order.to, progress, style=order.style, on_collision=order.on_collision
        )
    parent, stem, extension = _named(order)
    target = Target(parent, order.on_collision)
    write = _sheets if order.kind is Kind.SHEET else _one_file
    try:
        return write(library, ids, order, _Named(target, stem, extension), progress)
    finally:
        target.sync()


@dataclass(frozen=True, slots=True)
class _Named:
    """A file to write: where, and what it is called."""

    target: Target
    stem: str
    extension: str


def _one_file(
    library: Library, ids: Sequence[PictureId], order: Order, file: _Named, progress: Progress
) -> Outcome:
    plain: dict[str, int] = {}

    def fill(to: BinaryIO) -> None:
        match order.kind:
            case Kind.ZIP:
                plain.update(archive.write(library, ids, to, order.style, progress))
            case Kind.HTML:
                page.write(library, ids, to, order.title, progress)
            case _:
                motion.write(library, ids, to, order.kind.value.upper(), order.tempo, progress)

    path = file.target.write(file.stem, file.extension, fill)
    if path is None:
        return Outcome((), 0, 1)
    return Outcome((path,), len(ids), 0, tuple(sorted(plain.items())))


def _sheets(
    library: Library, ids: Sequence[PictureId], order: Order, file: _Named, progress: Progress
) -> Outcome:
    """One file a page, numbered where there are several."""
    written, skipped = [], 0
    count = sheet.page_count(len(ids))
    for number, made in enumerate(sheet.pages(library, ids, order.title, progress), 1):
        name = file.stem if count == 1 else f"{file.stem} {number:0{len(str(count))}}"
        path = file.target.write(name, file.extension, partial(sheet.save, made, file.extension))
        if path is None:
            skipped += 1
        else:
            written.append(path)
    return Outcome(tuple(written), len(ids) if written else 0, skipped)


def _named(order: Order) -> tuple[Path, str, str]:
    """Folder, stem and extension of the file to write. Raises BadInput for another kind's extension."""
    extensions = order.kind.extensions
    if order.to.is_dir():
        return order.to, naming.safe(order.title), extensions[0]
    suffix = order.to.suffix.lower()
    if suffix in extensions:
        return order.to.parent, order.to.stem, order.to.suffix
    if any(suffix in kind.extensions for kind in Kind):
        raise BadInput(
            "To", f"{order.to.name} is not named like a {order.kind.value} file.", f"End it in {extensions[0]}."
        )
    return order.to.parent, order.to.name, extensions[0]
