"""The library's files: delivered pictures with their sidecars, frozen sources, raw answers.

A picture's file is byte for byte what the API delivered. Its sidecar, `<file>.json`, is durable before it,
so a file under its final name is a complete one with its story beside it.
"""

import json
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from imagine_desktop.domain.record import Picture, PictureId, Turn, TurnId
from imagine_desktop.errors import LibraryError
from imagine_desktop.library import blobs
from imagine_desktop.library.place import Place


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A picture's file: where it lies relative to the folder, and its content's hash."""

    path: str
    sha256: str


class Files:
    """Reads and writes files below the library's folder; paths are kept relative and must stay inside."""

    def __init__(self, folder: Path, place: Place) -> None:
        self._folder = folder
        self._resolved = folder.resolve()
        self._place = place
        self._freezing = threading.Lock()

    def absolute(self, relative: str) -> Path:
        """Where a file of the library lies. Raises LibraryError for a path that leads outside."""
        try:
            path = (self._folder / relative).resolve()
        except (OSError, ValueError) as error:
            raise LibraryError(f"{relative} is no path.") from error
        if not path.is_relative_to(self._resolved):
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
        sidecar = {
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
            },
            "turn": {
                "id": turn.id,
                "created": turn.created,
                "prompt": turn.prompt,
                "model": turn.model,
                "model_served": turn.model_served,
                "aspect_ratio": turn.aspect_ratio,
                "resolution": turn.resolution,
                "quality": turn.quality,
                "count": turn.count,
                "delivery": turn.delivery,
                "profile": turn.profile,
                "request_id": turn.request_id,
                "cost_ticks": turn.cost_ticks,
                "cost_source": turn.cost_source,
                "retry_of": turn.retry_of,
                "imported_from": turn.imported_from,
            },
            "session": {"id": turn.session_id, "name": session_name},
            "sources": [
                {"kind": s.kind, "name": s.name, "picture_id": s.picture_id, "frozen": s.frozen}
                for s in turn.sources
            ],
        }
        text = json.dumps(sidecar, ensure_ascii=False, indent=1)
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

    def keep_answer(self, turn_id: TurnId, status: int, headers: dict[str, str], body: bytes) -> None:
        """Make a raw answer durable before anything is made of it."""
        head = json.dumps({"status": status, "headers": headers}).encode()
        self._write(self._answer_path(turn_id), head, b"\n", body)

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

    def answers(self) -> list[TurnId]:
        """The turns whose raw answers are kept."""
        return [TurnId(path.stem) for path in (self._folder / "spool").glob("*.resp")]

    def half_answers(self) -> list[TurnId]:
        """The turns whose raw answers were being written when the process died."""
        names = [path.name for path in (self._folder / "spool").glob(".*.resp.part")]
        return [TurnId(name.removeprefix(".").removesuffix(".resp.part")) for name in names]

    def drop_half_answer(self, turn_id: TurnId) -> None:
        """Remove what was written of a raw answer: it never was one."""
        (self._folder / "spool" / f".{turn_id}.resp.part").unlink(missing_ok=True)

    def drop_answer(self, turn_id: TurnId) -> None:
        """Forget a raw answer whose pictures are all settled."""
        self._answer_path(turn_id).unlink(missing_ok=True)

    def quarantine(self, turn_id: TurnId, picture_id: PictureId, data: bytes) -> str:
        """Keep paid bytes that are no picture: they are never thrown away."""
        relative = f"quarantine/{turn_id}-{picture_id}.bin"
        self._write(self.absolute(relative), data)
        return relative

    def _answer_path(self, turn_id: TurnId) -> Path:
        return self.absolute(f"spool/{turn_id}.resp")  # another's database may hold any id

    def _write(self, path: Path, *chunks: bytes) -> None:
        self._place.require()  # or the folder would be made again under its old name
        blobs.durable_write(path, chunks)
