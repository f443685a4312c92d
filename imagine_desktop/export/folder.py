"""Pictures copied to a folder under names that a person can read."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from imagine_desktop.domain.record import PictureId
from imagine_desktop.errors import LibraryError
from imagine_desktop.export import exhibit, naming
from imagine_desktop.export.naming import Template
from imagine_desktop.export.target import OnCollision, Target
from imagine_desktop.library import blobs
from imagine_desktop.library.library import Library

Progress = Callable[[int, int], None]


def no_progress(done: int, of: int) -> None:
    """Nobody watches."""


def export(
    library: Library,
    ids: Sequence[PictureId],
    folder: Path,
    progress: Progress = no_progress,
    *,
    template: Template = naming.DEFAULT,
    on_collision: OnCollision = OnCollision.NUMBER,
) -> list[Path]:
    """Copy saved pictures to a folder, made where it is missing; blocks. Returns the files written.

    Pictures that are not saved are left out. `progress` may raise: what was written stays, whole.
    Raises DiskFull or LibraryError, with the same effect.
    """
    chosen = exhibit.saved(library, ids)
    target = Target(folder, on_collision)
    written = []
    try:
        for shown in exhibit.exhibits(library, chosen):
            relative = shown.picture.path or ""
            data = library.files.read(relative)
            suffix = Path(relative).suffix
            path = target.write(template.stem(shown.subject), suffix, partial(_put, data))
            if path is not None:
                written.append(path)
            progress(shown.number, len(chosen))
    finally:
        target.sync()
    return written


def save_as(library: Library, picture_id: PictureId, path: Path) -> None:
    """Copy one picture to a file of the person's choice, replacing it whole or not at all; blocks.

    Raises DiskFull or LibraryError.
    """
    source = library.picture_path(picture_id)
    try:
        data = source.read_bytes()
    except OSError as error:
        raise LibraryError(f"{source} cannot be read: {error.strerror}.") from error
    blobs.durable_write(path, [data])


def _put(data: bytes, file: BinaryIO) -> None:
    file.write(data)
