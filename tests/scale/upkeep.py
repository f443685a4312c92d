"""B13: what a start does with a large library behind the window, and how fast it is rebuilt and verified."""

import hashlib
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from imagine_desktop.domain.record import Turn
from imagine_desktop.library import sidecar
from imagine_desktop.library.integrity import walk
from imagine_desktop.library.library import Library
from imagine_desktop.library.rebuild import rebuild
from tests.scale.libraries import KEPT, library_of
from tests.scale.measuring import Measured, Options

_ROWS = 100_000
_MOST_S = 2.0
_VERIFIED = 400
_PICTURE_BYTES = 300_000
_ROUNDS = 3


def measure(options: Options) -> list[Measured]:
    """Each on a copy of the library; the best of some rounds against the best of its control's."""
    rows = options.rows_or(_ROWS)
    source = library_of(rows)
    rounds = options.pick(_ROUNDS, 1)
    work = KEPT / "upkeep"
    shutil.rmtree(work, ignore_errors=True)
    try:
        return [
            *_checks(source, work / "large"),
            _rebuilding(source, work / "rebuilt", rows, rounds),
            _hashing(work, options.pick(_VERIFIED, 10), rounds),
        ]
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _checks(source: Path, folder: Path) -> Iterator[Measured]:
    folder.mkdir(parents=True)
    shutil.copy(source / "library.db", folder)
    library = Library.open(folder, "a benchmark")
    rows = f"{library.records.saved_count():,} pictures"
    try:
        for what, act in (
            ("quick check", library.integrity.check_database),
            ("backup", library.back_up),
            ("recovery list", library.records.unfinished_turns),
        ):
            took = min(_seconds(act) for _ in range(3))
            yield Measured("B13", what, took, "s", _MOST_S, rows)
    finally:
        library.close()


def _rebuilding(source: Path, folder: Path, rows: int, rounds: int) -> Measured:
    """From pictures and stories alone: without a database or a backup to go by, which are further files."""
    _write_stories(source, folder, rows)
    read, made = [], []
    for _ in range(rounds):
        read.append(_seconds(lambda: _read_and_parse(folder)))
        made.append(_seconds(lambda: rebuild(folder, "a benchmark")))
        (folder / "library.db").unlink()
    control = f"{min(made):.2f} s ÷ {min(read):.2f} s, {rows:,} pictures"
    ratio = min(made) / min(read)
    return Measured("B13", "rebuild ÷ reading and parsing the same files", ratio, "×", 2.0, control)


def _hashing(work: Path, count: int, rounds: int) -> Measured:
    """The table's goals are upper bounds: 0.8 of sha256's rate is 1.25 of its time."""
    folder = work / "verified"
    folder.mkdir()
    library = Library.open(folder, "a benchmark")
    library.close()
    (folder / "images").mkdir()
    data = os.urandom(_PICTURE_BYTES)
    digest = hashlib.sha256(data).hexdigest()
    with closing(sqlite3.connect(folder / "library.db")) as db:
        db.execute("INSERT INTO sessions VALUES(1, 'S', 0)")
        db.execute(
            "INSERT INTO turns(id, session, created, state, prompt, model, aspect_ratio, resolution, count,"
            " delivery, profile, is_counted, estimate_ticks)"
            " VALUES('T', 1, 0, 'charged', '', '', '', '', 1, 'url', 'xai', 1, 0)"
        )
        for number in range(count):
            path = f"images/{number}.jpg"
            (folder / path).write_bytes(data)
            db.execute(
                "INSERT INTO pictures(turn, position, state, created, path, sha256, bytes)"
                " VALUES('T', ?, 'saved', 0, ?, ?, ?)",
                (number, path, digest, len(data)),
            )
        db.commit()
    library = Library.open_reading(folder)
    plain, verified = [], []
    for _ in range(rounds):
        plain.append(_seconds(lambda: [hashlib.sha256(data).digest() for _ in range(count)]))
        verified.append(_seconds(library.integrity.verify))
    library.close()
    control = f"{min(verified) * 1000:.0f} ms ÷ {min(plain) * 1000:.0f} ms, {count} files"
    ratio = min(verified) / min(plain)
    return Measured("B13", "verify ÷ sha256 alone on the same bytes", ratio, "×", 1 / 0.8, control)


def _write_stories(source: Path, folder: Path, count: int) -> None:
    """The pictures' files, tiny, with full stories."""
    library = Library.open_reading(source)
    turns = library.records.turns()
    names = {session.id: session.name for session in library.records.sessions()}
    left = count
    for turn in turns:
        for picture in library.records.pictures(turn.picture_ids)[:left]:
            _write_story(folder, turn, names[turn.session_id], picture.id, picture.index)
            left -= 1
        if not left:
            break
    library.close()


def _write_story(folder: Path, turn: Turn, session: str, number: int, index: int) -> None:
    month = time.gmtime(turn.created)
    path = folder / f"images/{month.tm_year}/{month.tm_mon:02}/{turn.id}-{index}.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = {
        "id": number,
        "index": index,
        "mime": "image/jpeg",
        "width": 1024,
        "height": 1024,
        "bytes": 3,
        "sha256": hashlib.sha256(b"%d" % number).hexdigest(),
        "created": turn.created,
        "cost_ticks": 2 * 10**8,
    }
    story = {"format": 1, "picture": picture, **sidecar.described(turn, session)}
    path.write_bytes(b"\xff\xd8\xff")
    path.with_name(path.name + ".json").write_text(json.dumps(story, ensure_ascii=False, indent=1), "utf-8")


def _read_and_parse(folder: Path) -> None:
    for path in walk(folder, "images"):
        if path.endswith(".json"):
            with open(f"{folder}/{path}", "rb") as file:  # noqa: PTH123 - the fastest way there is
                sidecar.parse(file.read())


def _seconds(act: Callable[[], object]) -> float:
    began_s = time.perf_counter()
    act()
    return time.perf_counter() - began_s
