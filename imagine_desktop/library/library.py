"""The library: one folder with the pictures, their history and what they cost."""

import shutil
import time
from collections.abc import Collection, Sequence
from pathlib import Path

from imagine_desktop.domain.record import PictureId, PictureState, Session, TurnId
from imagine_desktop.errors import BadInput, DiskFull, LibraryError
from imagine_desktop.library import blobs
from imagine_desktop.library.database import Database
from imagine_desktop.library.files import Files
from imagine_desktop.library.ledger import Ledger
from imagine_desktop.library.lock import LibraryLock
from imagine_desktop.library.records import Records

_LEAST_FREE_BYTES = 200 * 1024 * 1024


class Library:
    """An open library: `records` reads rows, `ledger` writes them, `files` keeps the bytes.

    All of it blocks; the engine and the window call it in threads of theirs.
    """

    def __init__(self, folder: Path, database: Database, lock: LibraryLock | None) -> None:
        self.folder = folder
        self.files = Files(folder)
        self.records = Records(database)
        self.ledger = Ledger(database)
        self._database = database
        self._lock = lock

    @staticmethod
    def open(folder: Path, holder: str) -> "Library":
        """Open or make a library, as its one owner until `close`. `holder` is what others are told.

        Raises LibraryBusy, LibraryTooNew, DiskFull or LibraryError.
        """
        try:
            blobs.make_folder(folder)
            lock = LibraryLock(folder, holder)
        except (OSError, ValueError) as error:
            raise _unusable(folder, error) from error
        try:
            return Library(folder, Database(folder / "library.db", may_write=True), lock)
        except OSError as error:
            lock.release()
            raise blobs.explained(error, folder) from error
        except LibraryError:
            lock.release()
            raise

    @staticmethod
    def open_reading(folder: Path) -> "Library":
        """Open a library for reading, beside whoever owns it. Raises LibraryError where there is none."""
        path = folder / "library.db"
        try:
            if not path.is_file():
                raise LibraryError(f"There is no library in {folder} yet.")
        except (OSError, ValueError) as error:
            raise _unusable(folder, error) from error
        return Library(folder, Database(path, may_write=False), None)

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
        """Raises DiskFull where too little is free to keep what is paid for; LibraryError where it is gone."""
        try:
            free = shutil.disk_usage(self.folder).free
        except OSError as error:  # the drive that it lay on was taken out
            raise LibraryError(f"The library {self.folder} cannot be reached: {error.strerror}.") from error
        if free < _LEAST_FREE_BYTES:
            raise DiskFull(
                f"Only {free // 1_048_576} MB are free where the library lies; "
                f"{_LEAST_FREE_BYTES // 1_048_576} MB are needed before a picture is paid for.",
                "Free some space.",
            )

    def damaged(self, ids: Sequence[PictureId] | None = None) -> list[tuple[PictureId, str]]:
        """The saved pictures whose file is missing or not what was delivered, each with what is wrong.

        Reads and hashes every file: about a gigabyte a second.
        """
        wrong: list[tuple[PictureId, str]] = []
        chosen = self.records.gallery() if ids is None else list(ids)
        for start in range(0, len(chosen), 256):
            for picture in self.records.pictures(chosen[start : start + 256]):
                if picture.state is not PictureState.SAVED or picture.path is None:
                    continue
                try:
                    data = self.files.read(picture.path)
                except LibraryError as error:
                    wrong.append((picture.id, error.message))
                    continue
                if blobs.sha256(data) != picture.sha256:
                    wrong.append((picture.id, f"{picture.path} is not what was delivered."))
        return wrong


def _unusable(folder: Path, error: OSError | ValueError) -> LibraryError:
    reason = getattr(error, "strerror", None) or "its name cannot be used"
    return LibraryError(f"The library {folder} cannot be used: {reason}.")
