"""B10, B11: what the engine adds to the bare requests, one at a time and many at once."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from tests.scale.libraries import SEED, photo
from tests.scale.measuring import Measured, Options, output_of, own_home, serving
from tests.scale.processes.steps import Cost

_DELIVERIES = ("url", "b64_json")
_ONE_BY_ONE = 100
_AT_ONCE = 40
_DETAIL = 160  # 500 KB at 1k
_MOST_TIMES = 1.5
_LEAST_RATE = 0.7


def sequential(options: Options) -> list[Measured]:
    """The best round of each side, then where the difference in time goes."""
    found: list[Measured] = []
    count = options.pick(_ONE_BY_ONE, 2)
    for delivery in options.pick(_DELIVERIES, _DELIVERIES[:1]):
        rounds, alone = _measured(delivery, count, at_once=1)
        ours, bare = _best(rounds["ours"]), _best(rounds["bare"])
        what = f"{count} generates in turn, {delivery}"
        control = _control(ours, bare, count)
        found.append(Measured("B10", what, ours["s"] / bare["s"], "×", _MOST_TIMES, control))
        found += _explained("B10", "s", ours, bare, alone, count)
    return found


def concurrent(options: Options) -> list[Measured]:
    """The best round of each side, then where the difference in the processor's time goes."""
    found: list[Measured] = []
    count = options.pick(_AT_ONCE, 2)
    for delivery in options.pick(_DELIVERIES, _DELIVERIES[:1]):
        rounds, alone = _measured(delivery, count, at_once=count)
        ours, bare = _best(rounds["ours"]), _best(rounds["bare"])
        what = f"rate of {count} generates at once, {delivery}"
        control = _control(ours, bare, count)
        found.append(Measured("B11", what, bare["s"] / ours["s"], "×", _LEAST_RATE, control, is_least=True))
        found += _explained("B11", "cpu_s", ours, bare, alone, count)
    return found


def _explained(
    figure: str, kind: Literal["s", "cpu_s"], ours: Cost, bare: Cost, alone: dict[str, Cost], count: int
) -> Iterator[Measured]:
    """What each step adds to the bare way, measured alone; what is left is the engine itself."""
    ms = {name: cost[kind] * 1000 / count for name, cost in alone.items()}
    ours_ms, bare_ms = ours[kind] * 1000 / count, bare[kind] * 1000 / count
    durable = {
        "durable: ledger, four commits": ms["ledger"],
        "durable: raw answer": ms["answer"],
        "durable: picture and sidecar, less a plain write": ms["files"] - ms["plain write"],
    }
    safe = {
        "checked whole, both thumbnails made: one decode": ms["decode"],
        "a connection of its own for the paid request": ms["post"] - ms["bare post"],
    }
    if "download" in ms:
        safe["the guarded download"] = ms["download"] - ms["bare download"]
    rest = {"the rest: threads, reads, events": ours_ms - bare_ms - sum((durable | safe).values())}
    unit = "ms" if kind == "s" else "ms cpu"
    for what, part_ms in (durable | safe | rest).items():
        yield Measured(figure, what, part_ms, unit, None, f"{part_ms / bare_ms:+.2f} × bare")
    floor_ms = bare_ms + sum(durable.values())
    yield Measured(
        figure, "bare and durable, nothing else", floor_ms, unit, None, f"{floor_ms / bare_ms:.2f} × bare"
    )


def _measured(delivery: str, count: int, *, at_once: int) -> tuple[dict[str, list[Cost]], dict[str, Cost]]:
    with own_home() as environment:
        home = Path(environment["IMAGINE_DESKTOP_HOME"])
        picture = home / "picture.jpg"
        picture.write_bytes(photo(random.Random(SEED), 1024, 1024, _DETAIL))
        with serving([picture]) as address:
            arguments = (str(home), address, delivery, str(count), str(at_once))
            found = json.loads(output_of("generating", *arguments, environment=environment))
    return found["rounds"], found["alone"]


def _best(rounds: list[Cost]) -> Cost:
    return min(rounds, key=lambda cost: cost["s"])


def _control(ours: Cost, bare: Cost, count: int) -> str:
    """Both sides, for one picture."""
    ms = [value * 1000 / count for value in (ours["s"], bare["s"], ours["cpu_s"], bare["cpu_s"])]
    return "{:.1f} ÷ {:.1f} ms a picture; processor {:.1f} ÷ {:.1f} ms".format(*ms)
