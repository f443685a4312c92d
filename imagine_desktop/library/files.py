"""The library's files: delivered pictures with their sidecars, frozen sources, raw answers.

A picture's file is byte for byte what the API delivered. Its sidecar, `<file>.json`, is durable before it,
so a file under its final name is a complete one with its story beside it.
"""

import json
import logging
import os
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from imagine_desktop.domain.record import Picture, PictureId, Turn, TurnId
from imagine_desktop.errors import LibraryError
from imagine_desktop.library import blobs, sidecar
from imagine_desktop.library.place import Place
from imagine_desktop.library.sidecar import Story

_MOST_HEAD_BYTES = 4 * 1024 * 1024

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture's file: where it lies relative to the folder, and its content's hash."""

    path: str
    sha256: str


class Files:
    """Reads and writes files below the library's folder; paths are kept relative and must stay inside."""

    def __init__(self, folder: Path, place: Place) -> None:
        self._folder = folder
        self._root = folder.resolve()
        self._place = place
        self._freezing = threading.Lock()

    def absolute(self, relative: str) -> Path:
        """Where a file of the library lies. Raises LibraryError for a path that leads outside."""
        try:
            path = (self._root / relative).resolve()
        except (OSError, ValueError) as error:
            raise LibraryError(f"{relative} is no path.") from error
        if not path.is_relative_to(self._root):
            raise LibraryError(f"{relative} lies outside the library.")
        return path

    def read(self, relative: str) -> bytes:
        """A file's bytes. Raises LibraryError where it is missing or unreadable."""
        try:
            return self.absolute(relative).read_bytes()
        except OSError as error:
            raise LibraryError(f"{relative} cannot be read: {error.strerror}.") from error

    def picture_path(self, turn: Turn, index: int, extension: str) -> str:
        """The name of a picture's file: fixed by its turn and place, so that a repeat finds it."""
        day = time.gmtime(turn.created)
        return f"images/{day.tm_year:04}/{day.tm_mon:02}/{turn.id}-{index}.{extension}"

    def find_picture(self, turn: Turn, index: int) -> str | None:
        """The file of a picture that is already here, whole."""
        paths = [self.picture_path(turn, index, extension) for extension in ("jpg", "png", "webp", "gif")]
        folder = self.absolute(str(Path(paths[0]).parent))
        return next((path for path in paths if (folder / Path(path).name).is_file()), None)

    def store_picture(
        self,
        data: bytes,
        turn: Turn,
        picture: Picture,
        *,
        session_name: str,
        extension: str,
        mime: str,
        size: tuple[int, int],
    ) -> StoredPicture:
        """Make a picture durable, its sidecar before it."""
        path = self.picture_path(turn, picture.index, extension)
        digest = blobs.sha256(data)
        story = {
            "format": 1,
            "picture": {
                "id": picture.id,
                "index": picture.index,
                "mime": mime,
                "width": size[0],
                "height": size[1],
                "bytes": len(data),
                "sha256": digest,
                "created": picture.created,
                "cost_ticks": picture.cost_ticks,
                "revised_prompt": picture.revised_prompt,
            },
            **sidecar.described(turn, session_name),
        }
        text = json.dumps(story, ensure_ascii=False, indent=1)
        self._write(self.absolute(path + ".json"), text.encode("utf-8"))
        self._write(self.absolute(path), data)
        return StoredPicture(path, digest)

    def freeze_source(self, data: bytes, extension: str) -> str:
        """Keep the exact bytes of a source that came from outside; the same bytes are kept once."""
        relative = f"inputs/{blobs.sha256(data)}.{extension}"
        path = self.absolute(relative)
        with self._freezing:  # two jobs may begin with the same file
            if not path.is_file():
                self._write(path, data)
        return relative

    def keep_answer(
        self, turn: Turn, session_name: str, status: int, headers: dict[str, str], body: bytes
    ) -> None:
        """Make a raw answer durable before anything is made of it.

        The turn's story stands before it, so that an answer whose row is lost can be entered all the same.
        """
        story = sidecar.described(turn, session_name)
        head = json.dumps({"status": status, "headers": headers, **story}).encode()
        self._write(self._answer_path(turn.id), head, b"\n", body)

    def answer(self, turn_id: TurnId) -> tuple[int, dict[str, str], bytes] | None:
        """A turn's raw answer, where one is kept: status, headers, body. Raises LibraryError if damaged."""
        path = self._answer_path(turn_id)
        try:
            head, _, body = path.read_bytes().partition(b"\n")
            fields = json.loads(head)
            return int(fields["status"]), dict(fields["headers"]), body
        except FileNotFoundError:
            return None
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise LibraryError(f"The answer kept in {path} cannot be read.") from error

    def story_of_answer(self, turn_id: TurnId) -> Story:
        """What a kept answer tells of its turn; of one that an earlier version kept, hardly more than its id.

        Raises LibraryError where it cannot be read.
        """
        return answer_story(self._answer_path(turn_id))

    def answers(self) -> list[TurnId]:
        """The turns whose raw answers are kept."""
        return [TurnId(path.stem) for path in (self._folder / "spool").glob("*.resp")]

    def half_answers(self) -> list[TurnId]:
        """The turns whose raw answers were being written when the process died."""
        names = [path.name for path in (self._folder / "spool").glob(".*.resp.part")]
        return [TurnId(name.removeprefix(".").removesuffix(".resp.part")) for name in names]

    def drop_half_answer(self, turn_id: TurnId) -> None:
        """Remove what was written of a raw answer: it never was one."""
        _drop(self._folder / "spool" / f".{turn_id}.resp.part")

    def drop_answer(self, turn_id: TurnId) -> None:
        """Forget a raw answer whose pictures are all settled; a later start tries again where that fails."""
        _drop(self._answer_path(turn_id))

    def quarantine(self, turn_id: TurnId, picture_id: PictureId, data: bytes) -> str:
        """Keep paid bytes that are no picture: they are never thrown away."""
        relative = self.quarantine_path(turn_id, picture_id)
        self._write(self.absolute(relative), data)
        return relative

    def quarantine_path(self, turn_id: TurnId, picture_id: PictureId) -> str:
        """Where a picture's bytes that are none would be kept."""
        return f"quarantine/{turn_id}-{picture_id}.bin"

    def remove(self, paths: Iterable[str]) -> set[str]:
        """Remove files in that order, durably; returns those that the system would not let go.

        Nothing outside the library is touched. Raises LibraryGone.
        """
        self._place.require()
        left, folders = set(), set()
        for relative in paths:
            try:
                path = self.absolute(str(Path(relative).parent)) / Path(relative).name
                path.unlink()
                folders.add(path.parent)
            except (FileNotFoundError, NotADirectoryError, LibraryError):
                continue
            except OSError as error:
                _log.warning("%s could not be removed: %s", relative, error.strerror)
                left.add(relative)
        for folder in folders:
            blobs.sync_folder(folder)
        return left

    def _answer_path(self, turn_id: TurnId) -> Path:
        return self.absolute(f"spool/{turn_id}.resp")  # another's database may hold any id

    def _write(self, path: Path, *chunks: bytes) -> None:
        self._place.require()  # or the folder would be made again under its old name
        blobs.durable_write(path, chunks)


def answer_story(path: Path) -> Story:
    """The story in a kept answer's first line. Raises LibraryError where the answer is damaged."""
    try:
        with path.open("rb") as file:
            head = file.readline(_MOST_HEAD_BYTES)
            created = os.fstat(file.fileno()).st_mtime
        fields = json.loads(head)
        int(fields["status"])
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise LibraryError(f"The answer kept in {path} cannot be read.") from error
    story = sidecar.parse_head(head) if "turn" in fields else sidecar.unknown(path.stem, created)
    if story.turn.id != path.stem:
        raise LibraryError(f"The answer kept in {path} is another turn's.")
    return story


def _drop(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        _log.warning("%s is not needed any more and could not be removed: %s", path, error.strerror)
