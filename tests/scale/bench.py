"""How fast the program is, each figure beside its goal; exits 1 where one is missed. Run by `do.py bench`."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tests.scale import arrival, generating, importing, start, upkeep
from tests.scale.measuring import PLATFORM, Figure, Measured, Options

FIGURES = (
    Figure("B1", "window shown and first tiles painted ÷ a bare PySide6 window", start.measure),
    Figure(
        "B6",
        "import of 2,000 pictures ÷ libjpeg-turbo's decode of the same to 512, both on two cores",
        importing.measure,
    ),
    Figure("B9", "waits in the window's thread while pictures arrive, an idle window's off", arrival.measure),
    Figure(
        "B10",
        "100 generates one after another ÷ bare httpx; what the difference is made of",
        generating.sequential,
    ),
    Figure("B11", "40 generates of 500 KB at once: pictures/s ÷ bare httpx with gather", generating.concurrent),
    Figure("B13", "upkeep of a large library: check, backup, recovery list, rebuild, verify", upkeep.measure),
)


def main(arguments: Sequence[str]) -> int:
    """Measure what was asked for and print it; returns the exit code."""
    options = _parser().parse_args(arguments)
    wanted = [figure for figure in FIGURES if not options.only or figure.id in options.only.upper().split(",")]
    if not wanted:
        print(f"--only takes {', '.join(figure.id for figure in FIGURES)}", file=sys.stderr)
        return 2
    lines: list[Measured] = []
    for figure in wanted:
        print(f"{figure.id}  {figure.what}", flush=True)
        found = figure.measure(Options(rows=options.rows))
        for line in found:
            print(_row(line), flush=True)
        lines += found
    if options.json:
        figures = [asdict(line) | {"is_met": line.is_met} for line in lines]
        table = json.dumps({"platform": PLATFORM, "figures": figures}, indent=1)
        options.json.write_text(table, encoding="utf-8")
    missed = sum(not line.is_met for line in lines)
    print(f"{sum(line.goal is not None for line in lines) - missed} met, {missed} missed")
    return 1 if missed else 0


def _row(line: Measured) -> str:
    value = f"{line.value:.2f} {line.unit}"
    if line.goal is None:
        return f"      {line.what:<56} {value:>12}   {'':>13}   {'':<6}   {line.control}"
    goal = f"{'≥ ' if line.is_least else ''}{line.goal:.2f} {line.unit}"
    verdict = "met" if line.is_met else "MISSED"
    return f"    {line.what:<58} {value:>12}   goal {goal:>8}   {verdict:<6}   {line.control}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="do.py bench", description=__doc__)
    parser.add_argument("--only", default="", metavar="B1,B9", help="figures to measure; all without it")
    parser.add_argument("--rows", type=int, default=100_000, help="pictures in the library")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
