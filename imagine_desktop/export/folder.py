"""Pictures copied to a folder, byte for byte, under names that a person can read."""

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from imagine_desktop.domain.record import Picture, PictureId, PictureState, TurnId
from imagine_desktop.errors import LibraryError
from imagine_desktop.library import blobs
from imagine_desktop.library.library import Library


def export(
    library: Library,
    ids: Sequence[PictureId],
    folder: Path,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Path]:
    """Copy saved pictures to a folder, made where it is missing; blocks.

    Names are `{date}_{turn}_{n}.{ext}`: the day of the turn, its number in its session, the picture's place in
    the turn. A file that is there already is never replaced: the new one gets a number behind its name.
    Pictures that are not saved are left out. Raises DiskFull or LibraryError; what was written stays.
    """
    pictures = [
        p for p in library.records.pictures(ids) if p.state is PictureState.SAVED and p.path is not None
    ]
    numbers = _turn_numbers(library, pictures)
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for done, picture in enumerate(pictures, 1):
            path = library.picture_path(picture.id)
            data = library.files.read(picture.path or "")
            stem = name(picture, numbers[picture.turn_id])
            written.append(_write_new(folder, stem, path.suffix, data))
            progress(done, len(pictures))
    except OSError as error:
        raise blobs.explained(error, folder) from error
    return written


def name(picture: Picture, turn_number: int) -> str:
    """What a picture's file is called in a folder, without its extension; no text from outside is in it."""
    day = time.strftime("%Y-%m-%d", time.localtime(picture.created))
    return f"{day}_{turn_number:03}_{picture.index + 1}"


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


def _turn_numbers(library: Library, pictures: Sequence[Picture]) -> dict[TurnId, int]:
    """Each turn's number in its session, from 1."""
    return {
        turn.id: number
        for session_id in {picture.session_id for picture in pictures}
        for number, turn in enumerate(library.records.turns(session_id), 1)
    }


def _write_new(folder: Path, stem: str, extension: str, data: bytes) -> Path:
    """Write under the first free name; another program that takes the name meanwhile keeps it."""
    number = 1
    while True:
        path = folder / (f"{stem}{extension}" if number == 1 else f"{stem} ({number}){extension}")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
        except FileExistsError:
            number += 1
            continue
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path
