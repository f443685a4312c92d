"""Damaged and hostile pictures, and what the program's own decoding makes of them.

Usage: python -m tests.faults.mutation SEED FIRST LAST

It takes the mutants FIRST to LAST-1 of a seed through every way that a picture from outside takes: the check at
its arrival, its thumbnails, its pixels for the window, and its preparation for an upload. Before each it writes
its number to standard output, so that a parent knows which one it died of; at the end, its figures as JSON.
"""

import io
import itertools
import json
import os
import random
import resource
import selectors
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, PngImagePlugin

from imagine_desktop.errors import BadInput
from imagine_desktop.imaging import decode, prepare, thumbnail
from tests.imaging.samples import LIMITS, encoded, halves, png_claiming, telling_photo

SLOWEST_S = 2.0  # of a processor's time, for one way of one picture
MOST_RSS_BYTES = 512 << 20
_HANGS_S = 60.0  # without a sign of life, on a busy computer
_ROOT = Path(__file__).parents[2]
_STATUS = Path("/proc/self/status")
_KINDS = ("JPEG", "PNG", "WEBP", "GIF")

# Every way that the bytes of a picture from outside take.
_WAYS: dict[str, Callable[[bytes], object]] = {
    "the check": decode.examine,
    "thumbnails": thumbnail.make,
    "pixels": decode.pixels,
    "an upload": lambda data: prepare.prepare(data, "mutant", LIMITS),
    "an unchanged upload": lambda data: prepare.unchanged(data, "mutant", LIMITS),
}


@dataclass
class Outcome:
    """What became of some mutants."""

    decoded: int = 0
    refused: int = 0
    crashes: list[int] = field(default_factory=list)  # the numbers of mutants that ended the process
    hangs: list[int] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)  # errors other than the program's own
    worst_s: float = 0.0
    worst: str = ""
    rss_bytes: int = 0

    @property
    def count(self) -> int:
        """How many there were."""
        return self.decoded + self.refused + len(self.crashes) + len(self.hangs) + len(self.strange)

    def add(self, other: "Outcome") -> None:
        """Take another's figures in."""
        for name in ("decoded", "refused", "crashes", "hangs", "strange"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        if other.worst_s > self.worst_s:
            self.worst_s, self.worst = other.worst_s, other.worst
        self.rss_bytes = max(self.rss_bytes, other.rss_bytes)


def mutants(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """So many damaged pictures, each with a name that tells how; the same for the same seed."""
    seeds = _seeds()
    for number in range(count):
        yield mutant(seeds, seed, number)


def mutant(seeds: list[tuple[str, bytes]], seed: int, number: int) -> tuple[str, bytes]:
    """The one of that number, made without those before it."""
    chance = random.Random(seed * 1_000_003 + number)
    if number % 50 == 0:
        return _bomb(chance)
    name, data = chance.choice(seeds)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        mutate = chance.choice(_MUTATIONS)
        data = mutate(chance, data, chance.choice(seeds)[1])
        name += f" {mutate.__name__.strip('_')}"
    return f"{number}: {name}", data


def run(seed: int, count: int, *, processes: int = 1) -> Outcome:
    """Take mutants through the program, in processes that may die of them; blocks."""
    step = -(-count // processes)
    ranges = [(first, min(first + step, count)) for first in range(0, count, step)]
    total = Outcome()
    with ThreadPoolExecutor(processes) as pool:
        for outcome in pool.map(lambda ends: _run_range(seed, *ends), ranges):
            total.add(outcome)
    return total


def _run_range(seed: int, first: int, last: int) -> Outcome:
    total = Outcome()
    while first < last:
        outcome, ended_at, is_hang = _run_process(seed, first, last)
        total.add(outcome)
        if ended_at is None:
            return total
        (total.hangs if is_hang else total.crashes).append(ended_at)
        first = ended_at + 1
    return total


def _run_process(seed: int, first: int, last: int) -> tuple[Outcome, int | None, bool]:
    """One process: its figures, the number of the mutant that it did not survive, and whether it hung."""
    command = [sys.executable, "-m", "tests.faults.mutation", str(seed), str(first), str(last)]
    at, outcome = first, Outcome()
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        with selectors.DefaultSelector() as waiting:
            waiting.register(process.stdout, selectors.EVENT_READ)
            while waiting.select(_HANGS_S):
                line = process.stdout.readline()
                if not line:
                    return outcome, at, False
                told = json.loads(line)
                outcome = Outcome(**told["outcome"])
                if told["at"] is None:
                    return outcome, None, False
                at = told["at"]
        process.kill()
    return outcome, at, True


def _take_through(seed: int, first: int, last: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    seeds, outcome = _seeds(), Outcome()
    baseline = _rss_bytes()
    for number in range(first, last):
        _say(number, outcome)
        name, data = mutant(seeds, seed, number)
        refusals = 0
        try:
            for way, go in _WAYS.items():
                began_s = time.process_time()
                try:
                    go(data)
                except (decode.Undecodable, BadInput):
                    refusals += 1
                taken_s = time.process_time() - began_s
                if taken_s > outcome.worst_s:
                    outcome.worst_s, outcome.worst = taken_s, f"{way} of {name}"
        except Exception as error:  # noqa: BLE001 - which is what is looked for
            outcome.strange.append(f"{name}: {type(error).__name__}: {error}")
        else:
            outcome.refused += bool(refusals)
            outcome.decoded += not refusals
        outcome.rss_bytes = max(outcome.rss_bytes, _rss_bytes())
    outcome.rss_bytes = max(outcome.rss_bytes, baseline)
    _say(None, outcome)


def _say(at: int | None, outcome: Outcome) -> None:
    sys.stdout.write(json.dumps({"at": at, "outcome": vars(outcome)}) + "\n")
    sys.stdout.flush()


def _rss_bytes() -> int:
    """The most memory that this process ever had; `ru_maxrss` would count its parent's at the fork as well."""
    if not _STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    line = next(line for line in _STATUS.read_text("utf-8").splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def _seeds() -> list[tuple[str, bytes]]:
    """Small whole pictures of every kind and mode, some of which tell much about themselves."""
    noise = Image.frombytes(
        "L", (64, 48), random.Random(0).randbytes(64 * 48)
    )  # Pillow's own is never the same
    colour = Image.merge("RGB", [noise, noise.rotate(90, expand=False), halves((64, 48), "L")])
    found = [(kind, encoded(colour, kind)) for kind in _KINDS]
    found += [(f"{kind} of a photo", telling_photo(6, kind)) for kind in ("JPEG", "PNG", "WEBP")]
    found += [
        ("progressive JPEG", encoded(colour, "JPEG", progressive=True)),
        ("grey JPEG", encoded(noise, "JPEG")),
        ("CMYK JPEG", encoded(colour.convert("CMYK"), "JPEG")),
        ("PNG with alpha", encoded(colour.convert("RGBA"), "PNG")),
        ("PNG with a palette", encoded(colour.quantize(16), "PNG")),
        ("PNG in 16 bits", encoded(noise.convert("I;16"), "PNG")),
        ("lossless WebP", encoded(colour, "WEBP", lossless=True)),
        ("moving GIF", encoded(colour, "GIF", save_all=True, append_images=[noise.convert("RGB")] * 3)),
        ("moving WebP", encoded(colour, "WEBP", save_all=True, append_images=[noise.convert("RGB")] * 3)),
    ]
    return found


def _flip(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    damaged = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20))):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def _cut(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    return data[: chance.randrange(1, len(data) + 1)]


def _repeat(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    """A marker, chunk or frame twice, or a thousand times."""
    starts = _parts(data)
    start, end = chance.choice(list(itertools.pairwise(starts))) if len(starts) > 1 else (0, len(data))
    times = chance.choice((2, 3, 1000))
    part = data[start:end]
    return data[:start] + part * min(times, max(2, 300_000 // max(1, len(part)))) + data[end:]


def _drop(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    starts = _parts(data)
    if len(starts) < 2:
        return data[: len(data) // 2]
    start, end = chance.choice(list(itertools.pairwise(starts)))
    return data[:start] + data[end:] or data[:1]


def _resize(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    """A length, a size or another number in the head set to an extreme."""
    damaged = bytearray(data)
    at = chance.randrange(min(len(damaged), 64)) if chance.random() < 0.6 else chance.choice(_parts(data))
    value = chance.choice(
        (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff", b"\x00\x01\x86\xa0")
    )
    damaged[at : at + len(value)] = value
    if data.startswith(b"\x89PNG") and len(damaged) > 33 and chance.random() < 0.7:
        damaged[29:33] = struct.pack(">I", zlib.crc32(bytes(damaged[12:29])))  # else nobody reads the size
    return bytes(damaged)


def _splice(chance: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: chance.randrange(1, len(data) + 1)] + other[chance.randrange(len(other)) :]


def _overwrite(chance: random.Random, data: bytes, _other: bytes) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + chance.randbytes(chance.randrange(1, 200)) + data[start + chance.randrange(200) :]


_MUTATIONS = (_flip, _flip, _cut, _repeat, _drop, _resize, _resize, _splice, _overwrite)


def _parts(data: bytes) -> list[int]:
    """Where a picture's chunks or markers begin."""
    found = [0]
    with suppress(struct.error, IndexError):
        if data.startswith(b"\x89PNG"):
            at = 8
            while at < len(data) - 8:
                found.append(at)
                at += 12 + struct.unpack_from(">I", data, at)[0]
        elif data.startswith(b"\xff\xd8"):
            at = 2
            while data[at] == 0xFF and data[at + 1] != 0xDA:
                found.append(at)
                at += 2 + struct.unpack_from(">H", data, at + 2)[0]
            found.append(at)
        elif data.startswith(b"RIFF"):
            at = 12
            while at < len(data) - 8:
                found.append(at)
                at += 8 + struct.unpack_from("<I", data, at + 4)[0] // 2 * 2
        else:
            found += [at for at in range(len(data)) if data[at] in (0x21, 0x2C)]
    return [at for at in dict.fromkeys(found) if at < len(data)]


def _bomb(chance: random.Random) -> tuple[str, bytes]:
    """A small file that claims, or unfolds into, very much."""
    kind = chance.choice(("size", "GIF size", "zTXt", "iTXt", "plain iTXt", "iCCP", "comment", "frames"))
    if kind == "size":
        side = chance.choice((100_000, 2**31 - 1, 65_535, 8_001, 8_000))
        return f"PNG of {side}", png_claiming(side, side)
    if kind == "GIF size":
        return kind, encoded(halves(), "GIF")[:6] + b"\xff\xff\xff\xff" + encoded(halves(), "GIF")[10:]
    if kind in ("zTXt", "iTXt"):
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", "a" * 8_000_000, zip=True)
        if kind == "iTXt":
            text.add_itxt("XML:com.adobe.xmp", "a" * 8_000_000, zip=True)
        return f"{kind} bomb", encoded(halves(), "PNG", pnginfo=text)
    if kind == "plain iTXt":
        text = PngImagePlugin.PngInfo()
        text.add_itxt("XML:com.adobe.xmp", "a" * 20_000_000)
        return kind, encoded(halves(), "PNG", pnginfo=text)
    if kind == "iCCP":
        return "iCCP bomb", encoded(halves(), "PNG", icc_profile=bytes(30_000_000))
    if kind == "comment":
        comment = b"\xff\xfe\xff\xff" + b"c" * 65_533
        return "JPEG of comments", encoded(halves(), "JPEG")[:2] + comment * 200 + encoded(halves(), "JPEG")[2:]
    moving = io.BytesIO()
    frame = Image.new("P", (8, 8))
    frame.save(moving, "GIF", save_all=True, append_images=[Image.new("P", (8, 8), n % 7) for n in range(400)])
    return "GIF of many frames", moving.getvalue()


if __name__ == "__main__":
    os.nice(5)
    _take_through(*(int(word) for word in sys.argv[1:4]))
