"""A person's own pictures into the library: found, checked, copied; blocks, and is called in a thread.

Each is checked whole and copied byte for byte, its story beside it, before its row says that it is there; what
is in the library already is told by its content. So an import that was killed can be done again, and adds what
is missing. Nothing of the person's is changed.
"""

import logging
import os
import stat
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from imagine_desktop.domain import prompts
from imagine_desktop.domain.imports import Import, Look, Skipped
from imagine_desktop.domain.record import Picture, PictureState, SessionId, Turn, TurnId, TurnState
from imagine_desktop.engine import ulid
from imagine_desktop.errors import BadInput
from imagine_desktop.imaging import decode, peers, thumbnail
from imagine_desktop.library import blobs
from imagine_desktop.library.imports import Copied
from imagine_desktop.library.library import Library

_log = logging.getLogger(__name__)
_WORKERS = 3  # two cores: while one waits for the disk
_AHEAD = 2 * _WORKERS
_BATCH = 16
_TELL_EVERY_S = 0.1
_MAX_BYTES = 128 * 1024 * 1024
_MOST_TOLD = 1000
_LAST_S = 4_102_444_800.0  # 2100: no camera's clock is to be believed beyond
_HEAD_BYTES = 16
_MOST_LOOKED_AT = 256
_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
)  # a pipe is not waited for


@dataclass(frozen=True, slots=True)
class _Found:
    """A file to look at, and the name that the library keeps of it."""

    path: str
    name: str
    session: str


@dataclass(frozen=True, slots=True)
class _Known:
    """A picture that is in the library already."""


_Outcome = Copied | _Known | Skipped


def run(
    library: Library,
    paths: Sequence[Path],
    session_name: str = "",
    tell: Callable[[Import], None] = lambda _state: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Import:
    """Copy all pictures below those folders, or those files, into a session; see the module.

    Without `session_name` the session of each path has the folder's name. Hidden files and links are passed
    over. `tell` is called in this thread, about ten times a second and at the end; `is_cancelled` is asked
    before each file. Raises BadInput where a path does not exist, DiskFull or LibraryError; what was added by
    then stays.
    """
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110 - Path's raises where a folder above cannot be read
            raise BadInput("Import", f"{path} does not exist or cannot be read")
    library.require_space()
    return _Importer(library, paths, session_name, tell, is_cancelled).run()


def look(paths: Sequence[Path]) -> Look:
    """What files are that are about to be taken; a file that cannot be read is no picture."""
    kinds = Counter(_kind(path) for path in paths[:_MOST_LOOKED_AT])
    return Look(kinds["picture"], kinds["folder"], kinds["other"], max(0, len(paths) - _MOST_LOOKED_AT))


class _Importer:
    """One import. The calling thread walks the folders and writes rows; workers read, check and copy."""

    def __init__(
        self,
        library: Library,
        paths: Sequence[Path],
        session_name: str,
        tell: Callable[[Import], None],
        is_cancelled: Callable[[], bool],
    ) -> None:
        self._library = library
        self._paths = paths
        self._session_name = session_name
        self._tell = tell
        self._is_cancelled = is_cancelled
        self._state = Import()
        self._told_s = 0.0
        self._batch: list[Copied] = []
        self._lock = threading.Lock()
        self._copying: set[str] = set()  # contents on their way, so that two files of one do not both go
        self._sessions: dict[str, SessionId] = {}

    def run(self) -> Import:
        count = sum(isinstance(found, _Found) for found in self._found())
        self._state = replace(self._state, file_count=count)
        waiting: deque[Future[_Outcome]] = deque()
        with ThreadPoolExecutor(_WORKERS, thread_name_prefix="import") as pool:
            try:
                for found in self._found():
                    if self._is_cancelled():
                        self._state = replace(self._state, is_cancelled=True)
                        break
                    if isinstance(found, Skipped):
                        self._count_skipped(found)
                        continue
                    waiting.append(pool.submit(self._take, found))
                    if len(waiting) >= _AHEAD:
                        self._receive(waiting)
                while waiting:
                    self._receive(waiting)
            finally:  # whatever ended it: a file that is here gets its row
                self._keep_what_came(waiting)
        self._tell(self._state)
        return self._state

    def _found(self) -> Iterator[_Found | Skipped]:
        own = self._library.folder.stat()
        for path in self._paths:
            whole = path.resolve()
            parent = whole if whole.is_dir() else whole.parent
            name = " ".join(prompts.normalised(_text(parent.name)).split())
            yield from _walk(whole, self._session_name or name or "Imported", own)

    def _receive(self, waiting: deque[Future[_Outcome]]) -> None:
        """Wait for the first of them, and count it."""
        outcome = waiting[0].result()
        waiting.popleft()
        state = replace(self._state, seen_count=self._state.seen_count + 1)
        self._state = state
        if isinstance(outcome, Skipped):
            self._count_skipped(outcome)
        elif isinstance(outcome, _Known):
            self._state = replace(state, known_count=state.known_count + 1)
        else:
            self._batch.append(outcome)
            if len(self._batch) >= _BATCH:
                self._enter()
        if time.monotonic() - self._told_s >= _TELL_EVERY_S:
            self._told_s = time.monotonic()
            self._tell(self._state)

    def _count_skipped(self, skipped: Skipped) -> None:
        state = self._state
        self._state = replace(
            state,
            skipped=(*state.skipped, skipped) if len(state.skipped) < _MOST_TOLD else state.skipped,
            fault_count=state.fault_count + skipped.is_fault,
            foreign_count=state.foreign_count + (not skipped.is_fault),
        )

    def _enter(self) -> None:
        """Say of the batch's pictures that they are here."""
        if not self._batch:
            return
        self._library.imports.enter(self._batch)
        with self._lock:
            self._copying.difference_update(one.stored.sha256 for one in self._batch)
        added = self._state.added_count + len(self._batch)
        self._state = replace(self._state, added_count=added, sessions=tuple(self._sessions))
        self._batch = []
        self._library.require_space()

    def _keep_what_came(self, waiting: deque[Future[_Outcome]]) -> None:
        for future in waiting:
            if future.cancel():
                continue
            error = future.exception()
            if error is not None:
                _log.info("an import that was breaking off: %s", error)
            elif isinstance(outcome := future.result(), Copied):
                self._batch.append(outcome)
        self._enter()

    # What follows runs in the workers.

    def _take(self, found: _Found) -> _Outcome:
        """Read, check and copy one file. Raises LibraryError where the library cannot be written."""
        try:
            read = _read(found.path)
        except OSError as error:
            return Skipped(found.path, f"it cannot be read: {error.strerror}", is_fault=True)
        if isinstance(read, Skipped):
            return read
        data, created = read
        digest = blobs.sha256(data)
        with self._lock:
            if digest in self._copying:
                return _Known()
            self._copying.add(digest)
        outcome: _Outcome = _Known()
        try:
            if not self._library.imports.has(digest):
                outcome = self._copied(found, data, digest, created)
        except decode.Undecodable as error:
            outcome = Skipped(found.path, str(error), is_fault=True)
        finally:
            if not isinstance(outcome, Copied):
                with self._lock:
                    self._copying.discard(digest)
        return outcome

    def _copied(self, found: _Found, data: bytes, digest: str, created: float) -> Copied:
        facts, thumbnails = thumbnail.examine(data)
        library = self._library
        turn_id = TurnId(ulid.of_content(created, digest))
        turn = _turn(turn_id, self._session(found.session), created, found.name, peers.prompt(data))
        picture = Picture(
            id=library.imports.reserve(),
            turn_id=turn.id,
            session_id=turn.session_id,
            index=0,
            state=PictureState.SAVED,
            created=created,
            aspect_ratio=turn.aspect_ratio,
            mime=facts.mime,
            width=facts.width,
            height=facts.height,
            byte_count=len(data),
        )
        stored = library.files.store_picture(
            data,
            turn,
            picture,
            session_name=found.session,
            extension=facts.extension,
            mime=facts.mime,
            size=(facts.width, facts.height),
        )
        return Copied(turn, picture, stored, thumbnails)

    def _session(self, name: str) -> SessionId:
        """The session of that name, made when the first picture joins it."""
        with self._lock:
            if name not in self._sessions:
                self._sessions[name] = self._library.session(name).id
            return self._sessions[name]


def _turn(turn_id: TurnId, session_id: SessionId, created: float, name: str, prompt: str) -> Turn:
    """What stands for the request that was not made here; `prompt` is what the picture's file tells of one."""
    return Turn(
        id=turn_id,
        session_id=session_id,
        created=created,
        state=TurnState.CHARGED,
        prompt=prompt,
        model="",
        aspect_ratio="auto",
        resolution="",
        quality=None,
        count=1,
        sources=(),
        picture_ids=(),
        estimate_ticks=0,
        cost_ticks=None,
        cost_source=None,
        profile="",
        delivery="",
        imported_from=name,
    )


def _walk(top: Path, session: str, own: os.stat_result) -> Iterator[_Found | Skipped]:
    """All files below a folder, each folder's in order, or the one file; `own` is the library's, left out."""
    if not top.is_dir():
        yield _Found(str(top), _text(top.name), session)
        return
    folders = [(str(top), _text(top.name))]
    seen = {(own.st_dev, own.st_ino)}
    while folders:
        folder, name = folders.pop()
        try:
            looks = Path(folder).stat()
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield Skipped(folder, f"the folder cannot be read: {error.strerror}", is_fault=True)
            continue
        if (looks.st_dev, looks.st_ino) in seen:  # Windows has links to folders that look like folders
            continue
        seen.add((looks.st_dev, looks.st_ino))
        below = []
        for entry in found:
            path, inner = entry.path, f"{name}/{_text(entry.name)}".removeprefix("/")
            if entry.name.startswith("."):
                continue
            if entry.is_symlink():
                yield Skipped(path, "it is a link, and links are not followed", is_fault=False)
            elif entry.is_dir(follow_symlinks=False):
                below.append((path, inner))
            else:
                yield _Found(path, inner, session)
        folders.extend(reversed(below))


def _read(path: str) -> tuple[bytes, float] | Skipped:
    """A picture's bytes and when it was last changed. Raises OSError.

    No more is read of a file than tells that it is no picture; a pipe is not waited for.
    """
    with os.fdopen(os.open(path, _FLAGS), "rb", buffering=0) as file:
        looks = os.fstat(file.fileno())
        if not stat.S_ISREG(looks.st_mode):
            return Skipped(path, "it is no file", is_fault=False)
        head = file.read(_HEAD_BYTES)
        if decode.sniff(head) is None:
            return Skipped(path, "it is no JPEG, PNG, WebP or GIF picture", is_fault=False)
        if looks.st_size > _MAX_BYTES:
            return Skipped(path, f"it is larger than {_MAX_BYTES // 1_048_576} MB", is_fault=True)
        data = head + file.read(looks.st_size)
    return data, min(max(looks.st_mtime, 0.0), _LAST_S)


def _kind(path: Path) -> str:
    try:
        if path.is_dir():
            return "folder"
        with os.fdopen(os.open(path, _FLAGS & ~getattr(os, "O_NOFOLLOW", 0)), "rb", buffering=0) as file:
            is_file = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            return "picture" if is_file and decode.sniff(file.read(_HEAD_BYTES)) else "other"
    except (OSError, ValueError):
        return "other"


def _text(name: str) -> str:
    """A file's name as text, whatever its bytes are."""
    return os.fsencode(name).decode("utf-8", "replace")
