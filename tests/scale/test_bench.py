"""The benchmark itself, on a small library: that it measures, judges and writes down."""

import json
import math
import random
from contextlib import closing
from pathlib import Path

import pytest

from imagine_desktop.domain.record import PictureId
from imagine_desktop.domain.sight import Scope, ScopeKind, Sight
from imagine_desktop.library.library import Library
from tests.scale import bench, libraries, measuring
from tests.scale.measuring import Figure, Measured, less_idle

_LIGHT = Sight(Scope(ScopeKind.ALL), "light")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("figure", bench.FIGURES, ids=lambda figure: figure.ids[0])
def test_every_figure_is_measured_and_written_beside_its_goal(
    figure: Figure, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "figures.json"
    code = bench.main(["--trial", "--only", ",".join(figure.ids), "--json", str(table)])
    written = json.loads(table.read_text(encoding="utf-8"))
    lines = written["figures"]
    assert written["is_trial"]
    assert written["machine"]["cores"] > 0
    assert {line["figure"] for line in lines if line["goal"] is not None} == set(figure.ids)
    assert all(math.isfinite(line["value"]) for line in lines)
    assert code == (0 if all(line["is_met"] for line in lines) else 1)
    shown = capsys.readouterr().out
    assert all(line["what"] in shown for line in lines)


def test_a_figure_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--only", "B1,B99"]) == 2
    assert "B1, B2, B3" in capsys.readouterr().err


def test_every_goal_has_a_figure() -> None:
    measured = [one for figure in bench.FIGURES for one in figure.ids]
    assert measured == [f"B{number}" for number in range(1, 16)]


def test_only_what_was_asked_for_is_judged(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [Measured("B1", "window", 9.0, "×", 1.5, ""), Measured("B2", "processor", 1.0, "×", 1.8, "")]
    monkeypatch.setattr(bench, "FIGURES", (Figure(("B1", "B2"), "start", lambda _options: lines),))
    assert bench.main(["--only", "b2"]) == 0
    assert "window" not in capsys.readouterr().out
    assert bench.main([]) == 1
    assert "1 met, 1 missed" in capsys.readouterr().out


def test_an_idle_round_is_taken_off_and_never_more_than_all() -> None:
    quiet = less_idle("B5", "block", [(20.0, 8.0), (15.0, 9.0)], 16.0)
    assert quiet.value == 7.0  # the best of each column: 15 less 8
    assert less_idle("B5", "block", [(5.0, 8.0)], 16.0).value == 0.0


def test_a_library_is_made_once_and_an_outdated_one_makes_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libraries, "KEPT", tmp_path)
    outdated = tmp_path / "library-10-100-00000000"
    outdated.mkdir()
    made = libraries.library_of(10)
    before = (made / "library.db").stat().st_mtime_ns
    assert libraries.library_of(10) == made
    assert (made / "library.db").stat().st_mtime_ns == before
    assert not outdated.exists()


def test_a_made_up_library_is_whole_and_can_be_searched() -> None:
    with closing(Library.open_reading(libraries.library_of(10))) as library:
        library.integrity.check_database()
        pictures = library.records.pictures([PictureId(one) for one in library.records.found(_LIGHT).ids])
    assert 0 < len(pictures) < 240
    assert all("light" in picture.prompt for picture in pictures)


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
