"""The long test of the promises about money and pictures; exits 1 where one is broken. Run by `do.py soak`.

Every round has a seed, which repeats its choices, and a library of its own, kept where a promise broke.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import SandboxServer, running_sandbox
from tests.faults import cuts, disks, injection, kills, mutation, writes
from tests.faults.tally import CRASH, HANG, Tally, markdown

_WRITES_A_ROUND = 20
_PICTURES_A_ROUND = 2_000
_MEMORY = Path("/dev/shm")  # noqa: S108 - where there is one: kills and cuts are the same there, and quicker


@dataclass(frozen=True, slots=True)
class Options:
    """How much of each to try."""

    kills: int
    cuts: int
    pictures: int
    only: tuple[str, ...]
    seed: int
    at: int  # of the calls that are failed, the only one; 0: each
    folder: Path


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of trial: what it is called, what keeps it from being tried here, how it is done."""

    name: str
    missing: Callable[[Options], str]
    run: Callable[[Options], list[Tally]]


def soak_kills(options: Options) -> list[Tally]:
    """Kills, a library for every twenty; in each fifth of them without a way to find a lost answer."""
    totals = {
        kills.BOTH: Tally("kill -9, three jobs under way"),
        "none": Tally("the same, with no way to find a lost answer"),
    }
    began_s = time.monotonic()
    with _server() as server:
        for seed, count in _rounds(options.seed, options.kills, kills.A_ROUND):
            place = options.folder / f"kills-{seed}"
            ways = "none" if seed % 5 == 0 else kills.BOTH
            found = kills.kill_round(server, place / place.name, ways, count, seed)
            _close(server, place, found, totals[ways], f"--only kills --kills {count} --seed {seed}")
            _tell(totals[ways], sum(total.tried for total in totals.values()), options.kills, began_s)
    return [total for total in totals.values() if total.tried]


def soak_cuts(options: Options) -> list[Tally]:
    """Power cuts, a disk for every ten."""
    total = Tally("power cut, ext4, three jobs under way")
    began_s = time.monotonic()
    with _server() as server:
        for seed, count in _rounds(options.seed, options.cuts, cuts.A_ROUND):
            place = options.folder / f"cuts-{seed}"
            found = cuts.cut_round(server, place, count, seed)
            _close(server, place, found, total, f"--only cuts --cuts {count} --seed {seed}")
            _tell(total, total.tried, options.cuts, began_s)
    return [total]


def soak_writes(options: Options) -> list[Tally]:
    """Every call that changes a file, from the first to the last that a job makes, failed in three ways."""
    totals = []
    for kind in writes.KINDS:
        total = Tally(f"{kind}, at every n-th write, sync, rename")
        began_s = time.monotonic()
        with _server(latency_s="0") as server:
            at, count = options.at or 1, 1 if options.at else _WRITES_A_ROUND
            while True:
                place = options.folder / f"{kind} {at}".replace(" ", "-")
                found = writes.write_round(server, place, kind, range(at, at + count))
                _close(server, place, found, total, "--only writes --at N, N as it is named above")
                at += count
                if options.at or not found.tried:  # a job does not make so many
                    break
                _tell(total, total.tried, 0, began_s)
        totals.append(total)
    return totals


def soak_pictures(options: Options) -> list[Tally]:
    """Damaged and hostile pictures, in processes that may die of them."""
    total = Tally("damaged picture, decoded")
    began_s = time.monotonic()
    for seed, count in _rounds(options.seed, options.pictures, _PICTURES_A_ROUND):
        found = mutation.run(seed, count, processes=2)
        total.tried += found.count
        total.note(CRASH, [f"{one} of seed {seed}" for one in (*found.crashes, *found.strange)])
        total.note(HANG, [f"{one} of seed {seed}" for one in found.hangs])
        if found.worst_s > mutation.SLOWEST_S:
            total.note(HANG, [f"{found.worst} of seed {seed}"])
        if found.rss_bytes > mutation.MOST_RSS_BYTES:
            total.note(CRASH, [f"{found.rss_bytes >> 20} MB of memory with seed {seed}"])
        _tell(total, total.tried, options.pictures, began_s)
    for broken in total.broken:
        print(f"  BROKEN  {broken.promise}: {broken.case}", flush=True)
    return [total]


PARTS = (
    Part("kills", lambda _: "" if sys.platform == "linux" else "it is made for Linux", soak_kills),
    Part("cuts", lambda options: disks.missing(options.folder), soak_cuts),
    Part("writes", lambda _: injection.missing(), soak_writes),
    Part("pictures", lambda _: "", soak_pictures),
)


def main(arguments: Sequence[str]) -> int:
    """Try what was asked for and print the table; returns the exit code."""
    parser = _parser()
    given = parser.parse_args(arguments)
    names = [part.name for part in PARTS]
    only = tuple(given.only.split(",")) if given.only else tuple(names)
    if not set(only) <= set(names):
        parser.error(f"--only takes {', '.join(names)}")
    folder = Path(tempfile.mkdtemp(prefix="imagine-soak-", dir=_memory()))
    options = Options(given.kills, given.cuts, given.pictures, only, given.seed, given.at, folder)
    began_s = time.monotonic()
    tallies: list[Tally] = []
    try:
        for part in PARTS:
            if part.name in only:
                tallies += _tried(part, options)
    except KeyboardInterrupt:
        shutil.rmtree(folder)
        print("\nInterrupted.")
        return 130
    table = markdown(tallies)
    print(f"\n{table}\n\n{(time.monotonic() - began_s) / 60:.1f} minutes")
    if given.markdown:
        given.markdown.write_text(table + "\n", encoding="utf-8")
    if any(tally.broken for tally in tallies):
        print(f"What promises were broken with is kept in {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


def _tried(part: Part, options: Options) -> list[Tally]:
    if reason := part.missing(options):
        print(f"{part.name}: skipped, because {reason}", flush=True)
        return [Tally(part.name, skipped=reason)]
    return part.run(options)


@contextmanager
def _server(latency_s: str = kills.LATENCY_S) -> Iterator[SandboxServer]:
    with running_sandbox("--latency", latency_s, program=["tests.faults.server"]) as server:
        yield server


def _rounds(seed: int, total: int, size: int) -> Iterator[tuple[int, int]]:
    """The seed and the number of trials of each round."""
    for number, first in enumerate(range(0, total, size)):
        yield seed + number, min(size, total - first)


def _close(server: SandboxServer, place: Path, found: Tally, total: Tally, again: str) -> None:
    """Count a round in; what it left is kept only where a promise broke."""
    total.add(found)
    server.forget()
    if not found.broken:
        shutil.rmtree(place)
        return
    for broken in found.broken:
        print(f"  BROKEN  {broken.promise}: {broken.case}", flush=True)
    print(f"  once more: python3 packaging/do.py soak {again}", flush=True)


def _tell(total: Tally, done: int, of: int, began_s: float) -> None:
    """A line of progress."""
    minutes, seconds = divmod(int(time.monotonic() - began_s), 60)
    tried = f"{done:,} of {of:,}" if of else f"{done:,}"
    print(
        f"{total.what:<50} {tried:>15}   {total.paid:>7,} pictures paid   {len(total.broken)} broken"
        f"   {minutes}:{seconds:02}",
        flush=True,
    )


def _memory() -> Path | None:
    return _MEMORY if _MEMORY.is_dir() else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="do.py soak", description=__doc__)
    parser.add_argument("--only", default="", metavar="NAMES", help=", ".join(part.name for part in PARTS))
    parser.add_argument("--kills", type=int, default=1000, metavar="N")
    parser.add_argument("--cuts", type=int, default=200, metavar="N")
    parser.add_argument("--pictures", type=int, default=50_000, metavar="N")
    parser.add_argument(
        "--seed", type=int, default=1, metavar="S", help="of the first round; each has the next"
    )
    parser.add_argument("--at", type=int, default=0, metavar="N", help="writes: fail only the call number N")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table there too")
    return parser
