"""Death right after each step of a job: the next process finishes it, and nothing is paid twice or lost."""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import SandboxServer
from tests.faults.driver import POINTS
from tests.faults.kills import BOTH, run, start
from tests.faults.processes import KILLED
from tests.faults.truth import Truth, truth

_UNPAID = ("before_turn", "after_turn", "before_intent", "after_intent")
_NEEDED = {
    "after_deferral": "deferred",
    "while_polling": "deferred",
    "after_poll": "deferred",
    "after_dropping_copy": "stored",
}
_AT_ONCE = 3


@dataclass(frozen=True)
class Death:
    """How a process ended, and what was true after the next one had recovered."""

    code: int
    truth: Truth


def deaths(server: SandboxServer, folder: Path, ways: str, points: Iterable[str]) -> dict[str, Death]:
    """Each point's death and recovery, in processes of their own; a few at once, or it would take long."""
    # Told apart by name, because the server remembers what earlier tests were charged.
    libraries = {point: folder / f"{point} {ways} {folder.name}" for point in points}
    codes: dict[str, int] = {}
    for first in range(0, len(libraries), _AT_ONCE):
        at_once = list(libraries)[first : first + _AT_ONCE]
        with ExitStack() as stack:
            children = [
                stack.enter_context(start("once", server, ways, libraries[point], point=point))
                for point in at_once
            ]
            codes |= {point: child.finish() for point, child in zip(at_once, children, strict=True)}
    assert run("recover", server, ways, *libraries.values()) == 0
    return {point: Death(codes[point], truth(server, library)) for point, library in libraries.items()}


@pytest.fixture(scope="module")
def with_both(server: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Death]:
    """Every point's death, with both ways to find a lost answer."""
    return deaths(server, tmp_path_factory.mktemp("both"), BOTH, POINTS)


@pytest.mark.timeout(180)
@pytest.mark.parametrize("point", POINTS)
def test_death_at_a_point_loses_nothing_where_answers_can_be_found(
    with_both: dict[str, Death], point: str
) -> None:
    death = with_both[point]
    assert death.code == KILLED
    assert death.truth.broken == []
    assert death.truth.charged == (0 if point in _UNPAID else 1)
    assert death.truth.unknown == []
    assert death.truth.unpaid_unknown == (1 if point == "after_intent" else 0)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("ways", [BOTH, "deferred", "stored", "none"])
def test_deaths_with_fewer_ways_to_find_an_answer(server: SandboxServer, tmp_path: Path, ways: str) -> None:
    points = [point for point in POINTS if _NEEDED.get(point, "") in ways]
    for point, death in deaths(server, tmp_path / "again", ways, points).items():
        assert death.code == KILLED, point
        assert death.truth.broken == []
        # Only between the POST and its durable answer is there nothing on this side to find it by.
        is_hidden = "stored" not in ways and point in (
            "after_post",
            *(("mid_spool",) if ways == "none" else ()),
        )
        assert len(death.truth.unknown) == (1 if is_hidden else 0), point


@pytest.mark.slow
@pytest.mark.parametrize(
    "point", ["after_spool", "after_charge", "mid_download", "after_rename", "after_saved"]
)
def test_death_in_the_middle_of_recovery_is_recovered_from(
    server: SandboxServer, tmp_path: Path, point: str
) -> None:
    library = tmp_path / f"recovery of {point}"
    ways = "deferred"  # with copies in Files too, a slow answer is found there and nothing is downloaded
    assert run("once", server, ways, library, point="after_deferral") == KILLED
    assert run("recover", server, ways, library, point=point) == KILLED
    assert run("recover", server, ways, library) == 0
    found = truth(server, library)
    assert found.broken == []
    assert (found.charged, found.unknown) == (1, [])
