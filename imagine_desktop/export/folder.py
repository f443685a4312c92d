"""Pictures copied to a folder under names that a person can read."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from imagine_desktop.domain.record import PictureId
from imagine_desktop.errors import LibraryError
from imagine_desktop.export import exhibit
from imagine_desktop.export.copies import Style, copies
from imagine_desktop.export.outcome import Outcome, Progress, no_progress
from imagine_desktop.export.target import Ask, OnCollision, Target
from imagine_desktop.library.library import Library

DEFAULT = Style()


def export(
    library: Library,
    ids: Sequence[PictureId],
    folder: Path,
    progress: Progress = no_progress,
    *,
    style: Style = DEFAULT,
    on_collision: OnCollision | Ask = OnCollision.NUMBER,
) -> Outcome:
    """Copy saved pictures to a folder, made where it is missing; blocks.

    Pictures that are not saved are left out. Where `progress` raises, what was written stays, whole.
    Raises DiskFull or LibraryError, with the same effect.
    """
    chosen = exhibit.saved(library, ids)
    target = Target(folder, on_collision)
    written: list[Path] = []
    plain: Counter[str] = Counter()
    skipped = 0
    try:
        for copy in copies(library, chosen, style):
            path = target.write(copy.stem, copy.extension, partial(_put, copy.data))
            if path is None:
                skipped += 1
            else:
                written.append(path)
                plain += Counter([copy.plain_because] if copy.plain_because else [])
                if style.has_sidecars:
                    target.write(path.name, ".json", partial(_put, copy.sidecar(path.name)))
            progress(copy.shown.number, len(chosen))
    finally:
        target.sync()
    return Outcome(tuple(written), len(written), skipped, tuple(sorted(plain.items())))


def save_as(library: Library, picture_id: PictureId, path: Path) -> None:
    """Copy one picture, as delivered, to a file of the person's choice, replaced whole or not at all; blocks.

    Raises DiskFull or LibraryError.
    """
    source = library.picture_path(picture_id)
    try:
        data = source.read_bytes()
    except OSError as error:
        raise LibraryError(f"{source} cannot be read: {error.strerror}.") from error
    target = Target(path.parent, OnCollision.REPLACE)
    target.write(path.stem, path.suffix, partial(_put, data))
    target.sync()


def _put(data: bytes, file: BinaryIO) -> None:
    file.write(data)
