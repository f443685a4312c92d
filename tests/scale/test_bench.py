"""The benchmark itself, on a small library: that it measures, judges and writes down."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scale import bench, libraries, measuring
from tests.scale.measuring import Measured


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_every_figure_is_measured_and_written_beside_its_goal(tmp_path: Path) -> None:
    table = tmp_path / "figures.json"
    command = [sys.executable, "-m", "tests.scale.bench", "--rows", "400", "--json", str(table)]
    done = subprocess.run(command, cwd=measuring.ROOT, capture_output=True, text=True, check=False)
    lines = json.loads(table.read_text(encoding="utf-8"))["figures"]
    assert {line["figure"] for line in lines} == {figure.id for figure in bench.FIGURES}
    assert all(line["value"] >= 0 or line["goal"] is None for line in lines)
    assert done.returncode == (0 if all(line["is_met"] for line in lines) else 1), done.stderr


def test_a_figure_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--only", "B99"]) == 2
    assert "B1, B6, B9" in capsys.readouterr().err


def test_a_goal_is_met_up_to_its_very_value() -> None:
    assert Measured("B1", "window", 1.5, "×", 1.5, "").is_met
    assert not Measured("B1", "window", 1.51, "×", 1.5, "").is_met


def test_a_rate_has_a_least_value_and_an_explanation_none() -> None:
    assert Measured("B11", "rate", 0.7, "×", 0.7, "", is_least=True).is_met
    assert not Measured("B11", "rate", 0.69, "×", 0.7, "", is_least=True).is_met
    assert Measured("B10", "ledger", 9.0, "ms", None, "").is_met


def test_the_hundredth_part_above_a_percentile_is_left_out() -> None:
    assert measuring.percentile([float(value) for value in range(1, 101)], 99) == 99.0


def test_pictures_are_as_large_as_photographs() -> None:
    data = libraries.photo(random.Random(1), 2048, 2048, 40)
    assert 500_000 < len(data) < 1_500_000
