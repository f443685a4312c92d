"""How fast the program is, each figure beside its goal; exits 1 where one is missed. Run by `do.py bench`."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.scale import (
    arrival,
    generating,
    grid,
    idling,
    importing,
    machine,
    memory,
    searching,
    start,
    upkeep,
    viewing,
)
from tests.scale.measuring import Figure, Measured, Options

FIGURES = (
    Figure(
        ("B1", "B2"), "window shown and first tiles painted ÷ a bare PySide6 window, and its CPU", start.measure
    ),
    Figure(("B3",), "the grid at 1,000,000 rows ÷ at 1,000", grid.rows),
    Figure(("B4",), "page scroll with warm pixmaps ÷ a blank view of the same size", grid.warm),
    Figure(("B5",), "fast scroll through cold thumbnails, and the page after the stop", grid.cold),
    Figure(
        ("B6",),
        "import of 2,000 pictures ÷ libjpeg-turbo's decode of the same to 512, both on two cores",
        importing.measure,
    ),
    Figure(("B7",), "memory at 1,000,000 rows − at 1,000", memory.of_rows),
    Figure(("B8",), "search as typed, in the window's own field", searching.measure),
    Figure(
        ("B9",), "waits in the window's thread while pictures arrive, an idle window's off", arrival.measure
    ),
    Figure(
        ("B10",),
        "100 generates one after another ÷ bare httpx; what the difference is made of",
        generating.sequential,
    ),
    Figure(
        ("B11",), "40 generates of 500 KB at once: pictures/s ÷ bare httpx with gather", generating.concurrent
    ),
    Figure(("B12",), "a 2k JPEG opened from the gallery", viewing.measure),
    Figure(
        ("B13",), "upkeep of a large library: check, backup, recovery list, rebuild, verify", upkeep.measure
    ),
    Figure(("B14",), "the window while nobody touches it", idling.measure),
    Figure(("B15",), "memory with 10,000 pictures imported and looked at ÷ a bare window", memory.after_import),
)
_NOTE = """\
Every figure is measured in turn with its control. The rows of the made-up libraries have turns, prompts and
lineage of their own and share 24 picture files; beyond the newest 2,000 they share thumbnails."""


def main(arguments: Sequence[str]) -> int:
    """Measure what was asked for and print it; returns the exit code."""
    given = _parser().parse_args(arguments)
    known = [figure_id for figure in FIGURES for figure_id in figure.ids]
    wanted = given.only.upper().split(",") if given.only else known
    if not set(wanted) <= set(known):
        print(f"--only takes {', '.join(known)}", file=sys.stderr)
        return 2
    options = Options(rows=given.rows, is_trial=given.trial)
    print(_NOTE, flush=True)
    lines: list[Measured] = []
    for figure in FIGURES:
        if not set(figure.ids) & set(wanted):
            continue
        print(f"\n{', '.join(figure.ids)}  {figure.what}", flush=True)
        for line in figure.measure(options):
            if line.figure in wanted:
                lines.append(line)
                print(_row(line), flush=True)
    if given.json:
        figures = [asdict(line) | {"is_met": line.is_met} for line in lines]
        table = {"machine": machine.described(), "is_trial": given.trial, "figures": figures}
        given.json.write_text(json.dumps(table, indent=1, ensure_ascii=False), encoding="utf-8")
    missed = [line for line in lines if not line.is_met]
    print(f"\n{sum(line.goal is not None for line in lines) - len(missed)} met, {len(missed)} missed")
    return 1 if missed else 0


def _row(line: Measured) -> str:
    value = f"{line.value:.2f} {line.unit}"
    if line.goal is None:
        return f"      {line.what:<56} {value:>12}   {'':>13}   {'':<6}   {line.control}".rstrip()
    goal = f"{'≥' if line.is_least else '≤'} {line.goal:.2f} {line.unit}"
    verdict = "met" if line.is_met else "MISSED"
    return f"    {line.what:<58} {value:>12}   {goal:>13}   {verdict:<6}   {line.control}".rstrip()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="do.py bench", description=__doc__)
    parser.add_argument("--only", default="", metavar="B1,B9", help="figures to measure; all without it")
    parser.add_argument(
        "--rows", type=int, metavar="N", help="pictures in the library of B1, B3, B7, B8 and B13"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument(
        "--trial", action="store_true", help="see in seconds that all can be measured; the values mean nothing"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
