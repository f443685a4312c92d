"""The library: one folder with the pictures, their history and what they cost."""

import errno
import logging
import os
import shutil
import time
from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from imagine_desktop.domain.record import PictureId, PictureState, Session, TurnId
from imagine_desktop.errors import BadInput, DiskFull, LibraryBusy, LibraryDamaged, LibraryError
from imagine_desktop.library import blobs, schema, swap
from imagine_desktop.library.database import Access, Database
from imagine_desktop.library.files import Files
from imagine_desktop.library.lock import LibraryLock
from imagine_desktop.library.place import Place
from imagine_desktop.library.records import Records

if TYPE_CHECKING:
    from imagine_desktop.library.curation import Curation
    from imagine_desktop.library.imports import Imports
    from imagine_desktop.library.integrity import Integrity, Wrong
    from imagine_desktop.library.ledger import Ledger

_log = logging.getLogger(__name__)
_NAME = swap.DATABASE
_READING = "It is open for reading only."
_LEAST_FREE_BYTES = 200 * 1024 * 1024
_LEAST_FREE_TO_OPEN_BYTES = 64 * 1024 * 1024
_NOT_WRITABLE = (errno.EROFS, errno.EACCES, errno.EPERM)


class Library:
    """An open library: `records` reads rows, `ledger` and `imports` write them, `files` keeps the bytes.

    `read_only` says why nothing can be written; it is empty for its owner. All of it blocks; the engine and
    the window call it in threads of theirs.
    """

    def __init__(
        self, folder: Path, place: Place, access: Access, lock: LibraryLock | None, read_only: str = ""
    ) -> None:
        database = Database(folder / _NAME, place, access)
        self.folder = folder
        self.read_only = read_only
        self.files = Files(folder, place)
        self.records = Records(database)
        self._database = database
        self._place = place
        self._lock = lock

    @staticmethod
    def open(folder: Path, holder: str) -> "Library":
        """Open or make a library, as its one owner until `close`. `holder` is what others are told.

        Where it cannot be written, or should not be, it is opened for reading and `read_only` says why.
        Raises LibraryBusy, LibraryTooNew, LibraryDamaged, DiskFull or LibraryError.
        """
        try:
            blobs.make_folder(folder)
            lock = LibraryLock(folder, holder)
        except (OSError, ValueError) as error:
            if getattr(error, "errno", None) in _NOT_WRITABLE and (folder / _NAME).is_file():
                return _open_sealed(folder, _lock_for_reading(folder), "Its folder cannot be written.")
            raise _unusable(folder, error) from error
        try:
            return _open_owned(folder, lock)
        except OSError as error:
            lock.release()
            raise blobs.explained(error, folder) from error
        except LibraryError:
            lock.release()
            raise

    @staticmethod
    def open_reading(folder: Path) -> "Library":
        """Open a library for reading, beside whoever owns it. Raises LibraryError where there is none."""
        path = folder / _NAME
        try:
            if not path.is_file():
                raise LibraryError(f"There is no library in {folder} yet.")
            place = Place(folder)
            if not os.access(folder, os.W_OK) or _free_bytes(folder) < _LEAST_FREE_TO_OPEN_BYTES:
                with suppress(LibraryBusy):  # its owner keeps what reading beside it needs
                    return _open_sealed(folder, _lock_for_reading(folder), _READING)
        except (OSError, ValueError) as error:
            raise _unusable(folder, error) from error
        return Library(folder, place, Access.SHARED, None, _READING)

    @cached_property
    def ledger(self) -> "Ledger":
        """What writes rows; not needed before the person acts."""
        from imagine_desktop.library.ledger import Ledger

        return Ledger(self._database)

    @cached_property
    def imports(self) -> "Imports":
        """What writes rows of imported pictures."""
        from imagine_desktop.library.imports import Imports

        return Imports(self._database)

    @cached_property
    def curation(self) -> "Curation":
        """What writes what the person does: stars, notes, collections, the trash."""
        from imagine_desktop.library.curation import Curation

        return Curation(self._database, self.files)

    @property
    def integrity(self) -> "Integrity":
        """What looks whether everything is whole."""
        from imagine_desktop.library.integrity import Integrity

        return Integrity(self.folder, self._database, self.files)

    def close(self) -> None:
        """Close the database and let another process own the library."""
        self._database.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def session(self, name: str) -> Session:
        """The session of that name, made where there is none."""
        found = self.records.session_named(name)
        return found or Session(self.ledger.add_session(name), name, time.time())

    def picture_path(self, picture_id: PictureId) -> Path:
        """The file of a saved picture. Raises BadInput where there is no such picture, or it is not saved."""
        picture = self.records.picture(picture_id)
        if picture is None:
            raise BadInput("Sources", f"there is no picture {picture_id} in the library")
        if picture.state is not PictureState.SAVED or picture.path is None:
            raise BadInput("Sources", f"picture {picture_id} is {picture.state}, not saved")
        return self.files.absolute(picture.path)

    def restore_turns(self, own: Collection[TurnId]) -> list[TurnId]:
        """Enter the turns again whose answers are kept and whose rows are lost, as after a power cut.

        `own` are the turns of this process, as below. Returns those entered; damaged answers stay as they are.
        """
        restored = []
        for turn_id in self.files.answers():
            if turn_id in own or self.records.turn(turn_id) is not None:
                continue
            try:
                story = self.files.story_of_answer(turn_id)
            except LibraryError as error:
                _log.warning("an answer without a turn is kept as it is: %s", error.message)
                continue
            if self.ledger.restore_turn(story):
                restored.append(turn_id)
        return restored

    def drop_settled_answers(self, own: Collection[TurnId]) -> None:
        """Forget the raw answers that a dead process left: of turns that ended, and those half written.

        `own` are the turns of this process, which may grow meanwhile; nothing of theirs is touched.
        """
        answers = self.files.answers()
        unfinished = {turn.id for turn in self.records.unfinished_turns()}
        for turn_id in answers:
            if turn_id not in own and turn_id not in unfinished and self.records.turn(turn_id) is not None:
                self.files.drop_answer(turn_id)
        for turn_id in self.files.half_answers():
            if turn_id not in own:
                self.files.drop_half_answer(turn_id)

    def require_space(self) -> None:
        """Raises DiskFull where too little is free to keep what would be paid for, or LibraryGone."""
        self._place.require()
        free = _free_bytes(self.folder)
        if free < _LEAST_FREE_BYTES:
            raise DiskFull(
                f"Only {free // 1_048_576} MB are free where the library lies; "
                f"{_LEAST_FREE_BYTES // 1_048_576} MB are needed before a picture is paid for.",
                "Free some space.",
            )

    def has_room(self) -> bool:
        """Whether the folder is there, with space for what is paid for already."""
        try:
            self._place.require()
            return _free_bytes(self.folder) >= _LEAST_FREE_TO_OPEN_BYTES
        except (OSError, LibraryError):
            return False

    def damaged(self, ids: Sequence[PictureId] | None = None) -> list[tuple[PictureId, str]]:
        """The saved pictures whose file is missing or not what was delivered, each with what is wrong."""
        return [(wrong.picture_id, wrong.text) for wrong in self.integrity.verify(ids).wrong]

    def back_up(self) -> Path:
        """Back up the database now; returns the backup's file. Raises LibraryDamaged or LibraryError."""
        from imagine_desktop.library import backup

        return backup.make(self.folder / _NAME)

    def back_up_if_due(self) -> Path | None:
        """Back up what changed since the last backup, and once a day; see `back_up`."""
        from imagine_desktop.library import backup

        path = self.folder / _NAME
        return backup.make(path) if self._database.may_write and backup.is_due(path) else None


def check_up(library: Library) -> "tuple[Wrong, ...]":
    """What every start does in the background: database, backup, some pictures. Returns which are not whole.

    Raises LibraryDamaged before a backup of a damaged database could take a good one's place.
    """
    library.integrity.check_database()
    library.back_up_if_due()
    verified = library.integrity.verify_oldest()
    return verified.wrong if verified is not None else ()


def _open_owned(folder: Path, lock: LibraryLock) -> Library:
    path = folder / _NAME
    swap.undo(folder)
    free_bytes = _free_bytes(folder)
    if free_bytes < _LEAST_FREE_TO_OPEN_BYTES:
        # SQLite maps a file of the database into memory: on a full disk the process would die by a signal.
        why = f"Only {free_bytes // 1_048_576} MB are free where it lies"
        if not path.is_file():
            raise DiskFull(f"There cannot be a library in {folder}: {why[0].lower()}{why[1:]}.")
        lock.share()
        return _open_sealed(folder, lock, f"{why}; free some space and start again.")
    is_new = schema.is_unmade(path)
    if is_new and (folder / "images").is_dir():
        what = f"its {_NAME} is empty" if path.exists() else f"no {_NAME}"
        raise LibraryDamaged(f"The library {folder} has pictures and {what}.")
    place = Place(folder)
    strangers = [] if is_new else schema.look_for_strangers(path)
    if strangers:
        lock.share()
        return _open_sealed(folder, lock, f"Its database holds what this program did not make: {strangers[0]}.")
    library = Library(folder, place, Access.OWN, lock)
    if library.records.is_emptying_unfinished():
        try:
            library.curation.finish_emptying()
        except LibraryError as error:  # the library is fine: a later start tries again
            _log.warning("the trash could not be emptied to the end: %s", error.message)
    return library


def _open_sealed(folder: Path, lock: LibraryLock | None, why: str) -> Library:
    try:
        return Library(folder, Place(folder), Access.SEALED, lock, why)
    except LibraryError:
        if lock is not None:
            lock.release()
        raise


def _lock_for_reading(folder: Path) -> LibraryLock | None:
    """Keep owners away for as long as this process reads. Raises LibraryBusy where there is one."""
    try:
        return LibraryLock(folder, None)
    except OSError:
        return None  # no lock file: a library that was copied to where nobody can own it


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def _unusable(folder: Path, error: OSError | ValueError) -> LibraryError:
    reason = getattr(error, "strerror", None) or "its name cannot be used"
    return LibraryError(f"The library {folder} cannot be used: {reason}.")
