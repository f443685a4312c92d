"""The soak itself, cut short: that it tries, counts, keeps what broke, and says what it could not try."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults import kills, soak
from tests.faults.tally import LOST, Broken, Tally, markdown


@pytest.fixture(autouse=True)
def _own_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soak, "_MEMORY", tmp_path)


def test_a_short_soak_ends_in_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "table.md"
    assert soak.main(["--only", "kills", "--kills", "3", "--markdown", str(table)]) == 0
    assert "3 of 3" in capsys.readouterr().out
    head, _, row = table.read_text(encoding="utf-8").splitlines()
    cells = dict(zip(*([cell.strip() for cell in line.split("|")[1:-1]] for line in (head, row)), strict=True))
    assert cells["tried"] == "3"
    assert cells[LOST] == "0"
    assert list(tmp_path.glob("imagine-soak-*")) == []


def test_a_broken_promise_keeps_its_library_and_says_how_to_repeat_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = kills.kill_round

    def pessimistic(*arguments: object) -> Tally:
        return replace(honest(*arguments), broken=[Broken(LOST, "a picture")])  # type: ignore[arg-type]

    monkeypatch.setattr(kills, "kill_round", pessimistic)
    assert soak.main(["--only", "kills", "--kills", "1", "--seed", "7"]) == 1
    told = capsys.readouterr().out
    assert "BROKEN  lost: a picture" in told
    assert "soak --only kills --kills 1 --seed 7" in told
    [kept] = tmp_path.glob("imagine-soak-*")
    assert (kept / "kills-7" / "kills-7" / "library.db").is_file()


def test_what_cannot_be_tried_here_is_said_with_its_reason(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(name: str) -> None:
        return None

    monkeypatch.setattr(shutil, "which", nothing)
    assert soak.main(["--only", "cuts,writes"]) == 0
    told = capsys.readouterr().out
    assert "Not tried: writes, because there is no C compiler (cc)." in told
    assert "Not tried: cuts, because " in told


@pytest.mark.parametrize("arguments", [["--only", "floods"], ["--kills", "many"]])
def test_what_is_not_understood_is_refused(arguments: Sequence[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        soak.main(arguments)
    assert ended.value.code == 2


def test_a_table_counts_what_is_broken_by_promise() -> None:
    total = Tally("kill -9", tried=1200, paid=3)
    total.note(LOST, ["one", "another"])
    assert "| kill -9 | 1,200 | 0                | 3             | 2    |" in markdown([total])
