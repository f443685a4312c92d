"""No picture from outside ends the program, holds it up, or fills its memory."""

import os
import signal
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("limits of Unix", allow_module_level=True)

from tests.faults import mutation
from tests.faults.mutation import Outcome


def assert_harmless(outcome: Outcome, count: int) -> None:
    """Every mutant was decoded or refused in the program's own words, soon and within bounds."""
    assert (outcome.crashes, outcome.hangs, outcome.strange) == ([], [], [])
    assert outcome.count == count
    assert outcome.worst_s < mutation.SLOWEST_S, outcome.worst
    assert outcome.rss_bytes <= mutation.MOST_RSS_BYTES
    assert outcome.decoded > count // 20  # or nothing but rubbish was tried
    assert outcome.refused > count // 4


def test_2000_mutated_pictures_do_no_harm() -> None:
    assert_harmless(mutation.run(seed=1, count=2_000, processes=2), 2_000)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_10000_mutated_pictures_do_no_harm() -> None:
    assert_harmless(mutation.run(seed=2, count=10_000, processes=2), 10_000)


def test_same_seed_makes_the_same_mutants_and_another_makes_others() -> None:
    first, again, other = (list(mutation.mutants(seed, 60)) for seed in (5, 5, 6))
    assert first == again
    assert first != other


def test_death_and_error_of_a_decoder_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A decoder that dies of one mutant and fails at another is seen: the test itself would see it."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys\n"
        "if 'tests.faults.mutation' in sys.orig_argv:\n"
        "    from imagine_desktop.imaging import decode\n"
        "    def examine(data, calls=[0]):\n"
        "        calls[0] += 1\n"
        f"        if calls[0] == 3: os.kill(os.getpid(), {int(signal.SIGSEGV)})\n"
        "        if calls[0] == 2: raise KeyError('strange')\n"
        "    decode.examine = examine\n"
    )
    paths = [str(tmp_path), str(Path(__file__).parents[2])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    outcome = mutation.run(seed=1, count=5)
    assert outcome.crashes == [2]
    assert outcome.hangs == []
    assert any("KeyError" in told for told in outcome.strange)
    assert outcome.count == 5
