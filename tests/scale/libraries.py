"""Made-up libraries and folders of any size, the same each time, with real JPEGs in them.

What is shared, so that 100,000 pictures fit on a disk: every row has its own turn, prompt and lineage, but the
rows share a few picture files and their thumbnails, and only the newest pictures have thumbnails, more than any
page of the gallery shows. The rows are written by SQL in one transaction, into tables that the program made:
through its own ledger a million would take as many commits.
"""

import hashlib
import io
import random
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageChops

from imagine_desktop.imaging import thumbnail
from imagine_desktop.library import schema, texts
from imagine_desktop.library.library import Library

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "scale"
SEED = 20_260_101
PER_TURN = 4
TURNS_PER_SESSION = 100
_FILES = 24
_DIFFERENT = 40
WITH_THUMBNAILS = 2_000
_FIRST_S = 1_700_000_000.0
_TURN_EVERY_S = 600.0
_COST_TICKS = 2 * 10**8
_WORDS = (
    "lighthouse",
    "harbour",
    "forest",
    "mountain",
    "a city street",
    "a fox",
    "at dawn",
    "at night",
    "in rain",
    "snow",
    "oil on canvas",
    "watercolour",
    "pencil",
    "soft light",
    "wide angle",
    "golden",
    "misty",
)


def library_of(rows: int, *, turns_per_session: int = TURNS_PER_SESSION) -> Path:
    """The folder of a library with that many pictures, made where it is not there yet."""
    sources = Path(__file__).read_bytes() + "".join(schema.MIGRATIONS).encode()
    name = f"library-{rows}-{turns_per_session}"
    folder = KEPT / f"{name}-{hashlib.sha256(sources).hexdigest()[:8]}"
    if not folder.exists():
        for outdated in KEPT.glob(f"{name}-*"):
            shutil.rmtree(outdated)
        print(f"Making a library of {rows:,} pictures …", file=sys.stderr, flush=True)
        unfinished = folder.with_suffix(".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        _make(unfinished, rows, turns_per_session)
        unfinished.rename(folder)
    return folder


def folder_of(count: int, details: tuple[int, ...], quality: int = 90) -> Path:
    """A folder with that many pictures at 1k, made where it is not there yet.

    They share the pixels of 40; a comment in each makes every file another content.
    """
    folder = KEPT / f"photos-{count}-{'-'.join(map(str, details))}-{quality}"
    if not folder.exists():
        print(f"Making {count:,} pictures …", file=sys.stderr, flush=True)
        unfinished = folder.with_suffix(".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        chance = random.Random(SEED)
        photos = [
            photo(chance, 1024, 1024, details[number % len(details)], quality)
            for number in range(min(count, _DIFFERENT))
        ]
        for number in range(count):
            data = photos[number % len(photos)]
            comment = f"{number:08}".encode()
            (unfinished / f"{number:05}.jpg").write_bytes(data[:2] + b"\xff\xfe\x00\x0a" + comment + data[2:])
        unfinished.rename(folder)
    return folder


def photo(chance: random.Random, width: int, height: int, detail: int, quality: int = 90) -> bytes:
    """A JPEG as large as a photograph: clouds of noise, rough as well as fine. `detail` from 0 to 255."""
    channels = []
    for _ in range(3):
        ground = _noise(chance, 6, width, height)
        for cells in (24, 96):
            ground = ImageChops.overlay(ground, _noise(chance, cells, width, height))
        grain = _noise(chance, width // 3, width, height).point([value * detail // 255 for value in range(256)])
        channels.append(ImageChops.add(ground, grain, offset=-detail // 2))
    buffer = io.BytesIO()
    Image.merge("RGB", channels).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def _noise(chance: random.Random, cells: int, width: int, height: int) -> Image.Image:
    cells_down = max(1, cells * height // width)
    cloud = Image.frombytes("L", (cells, cells_down), chance.randbytes(cells * cells_down))
    return cloud.resize((width, height), Image.Resampling.BICUBIC)


def _make(folder: Path, rows: int, turns_per_session: int) -> None:
    chance = random.Random(SEED)
    Library.open(folder, "a benchmark").close()
    photos = [photo(chance, 1024, 1024, 60) for _ in range(_FILES)]
    (folder / "images").mkdir()
    for number, data in enumerate(photos):
        (folder / _path(number)).write_bytes(data)
    db = sqlite3.connect(folder / "library.db")
    db.execute("PRAGMA synchronous=OFF")
    with db:
        turns = -(-rows // PER_TURN)
        db.executemany(
            "INSERT INTO sessions VALUES(?, ?, ?)",
            (
                (1 + number, f"Session {1 + number}", _FIRST_S + number * turns_per_session * _TURN_EVERY_S)
                for number in range(-(-turns // turns_per_session))
            ),
        )
        for turn in range(turns):
            pictures = range(turn * PER_TURN, min((turn + 1) * PER_TURN, rows))
            _add_turn(db, chance, turn, turns_per_session, pictures)
        db.executemany(
            "UPDATE pictures SET sha256 = ?, bytes = ? WHERE path = ?",
            ((hashlib.sha256(data).hexdigest(), len(data), _path(n)) for n, data in enumerate(photos)),
        )
        db.executemany("INSERT INTO thumbnails VALUES(?, ?, ?)", _thumbnails(photos, rows))
        texts.refresh(db)
    db.close()


def _add_turn(
    db: sqlite3.Connection, chance: random.Random, turn: int, turns_per_session: int, pictures: range
) -> None:
    """A turn with its saved pictures; two of three edit a picture of an earlier turn of the session."""
    turn_id, now = f"{turn:026}", _FIRST_S + turn * _TURN_EVERY_S
    prompt = " ".join(chance.choices(_WORDS, k=chance.randint(6, 30)))
    cost = len(pictures) * _COST_TICKS
    db.execute(
        "INSERT INTO turns(id, session, created, state, prompt, model, aspect_ratio, resolution, count,"
        " delivery, profile, is_counted, estimate_ticks, cost_ticks, cost_source, sent_at, done_at,"
        " http_status)"
        " VALUES(?, ?, ?, 'charged', ?, 'grok-imagine-image', '1:1', '1k', ?,"
        " 'url', 'xai', 1, ?, ?, 'usage', ?, ?, 200)",
        (turn_id, 1 + turn // turns_per_session, now, prompt, len(pictures), cost, cost, now, now + 10),
    )
    place = turn % turns_per_session
    if place % 3:
        parent = 1 + PER_TURN * (turn - chance.randint(1, place)) + chance.randrange(PER_TURN)
        link = (turn_id, str(parent), parent)
        db.execute("INSERT INTO turn_sources VALUES(?, 0, 'picture', ?, ?, NULL)", link)
    db.executemany(
        "INSERT INTO pictures(id, turn, position, state, created, path, mime, width, height, cost_ticks)"
        " VALUES(?, ?, ?, 'saved', ?, ?, 'image/jpeg', 1024, 1024, ?)",
        (
            (1 + number, turn_id, position, now, _path(number), _COST_TICKS)
            for position, number in enumerate(pictures)
        ),
    )


def _thumbnails(photos: list[bytes], rows: int) -> Iterator[tuple[int, bytes, bytes]]:
    made = [thumbnail.make(data) for data in photos]
    for number in range(max(0, rows - WITH_THUMBNAILS), rows):
        yield 1 + number, *made[number % _FILES]


def _path(number: int) -> str:
    return f"images/{number % _FILES:02}.jpg"
