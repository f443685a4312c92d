"""`ledger`: every request and its cost, added up, for people, programs and spreadsheets."""

import csv
import io
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from imagine_desktop.domain.record import PictureId, TurnId, TurnState
from imagine_desktop.library.library import Library
from tests.cli.conftest import Ended, Shell
from tests.conftest import SandboxServer
from tests.library.conftest import ASKED, add_turn, charge, save

Run = Callable[..., Ended]
CENT = 10**8
FORMULA = '=HYPERLINK("http://evil.example"),1'


@pytest.fixture
def library(home: Path) -> Iterator[Library]:
    """A library that another holds: two sessions of one name, costs told, estimated, unknown, none, Sandbox."""
    opened = Library.open(home / "library", "the window")
    first, second = opened.ledger.add_session("Harbour"), opened.ledger.add_session("Harbour")
    add_turn(opened, first, "T1", estimate_ticks=9 * CENT)
    charge(opened, "T1", "https://a", cost=7 * CENT)
    save(opened, "T1", PictureId(1))
    add_turn(opened, first, "T2", replace(ASKED, prompt=FORMULA), estimate_ticks=2 * CENT)
    charge(opened, "T2", "https://b")
    add_turn(opened, second, "T3", replace(ASKED, model="other"), estimate_ticks=3 * CENT)
    opened.ledger.start_sending(TurnId("T3"))
    opened.ledger.end(TurnId("T3"), TurnState.UNKNOWN, "lost")
    add_turn(opened, second, "T4", estimate_ticks=50 * CENT)
    opened.ledger.end(TurnId("T4"), TurnState.NOT_SENT, "no network")
    add_turn(opened, second, "T5", is_counted=False)
    charge(opened, "T5", "https://c", cost=40 * CENT)
    yield opened
    opened.close()


def rows(text: str) -> list[dict[str, str]]:
    """A printed table, read back."""
    return list(csv.DictReader(io.StringIO(text)))


def test_json_has_exactly_these_fields(here: Run, library: Library) -> None:
    found = json.loads(here("ledger", "--json").out)
    assert found == json.loads(here("ledger", "--json", "--by", "day").out)
    assert found.keys() == {"requests", "total_ticks"}
    assert found["total_ticks"] == 12 * CENT
    for request in found["requests"]:
        assert list(request) == [
            "id",
            "created",
            "state",
            "prompt",
            "model",
            "n",
            "estimate_ticks",
            "cost_ticks",
            "cost_source",
            "http_status",
            "x_request_id",
            "retry_of",
            "outputs",
        ]
        assert [list(output) for output in request["outputs"]] == [["index", "state", "path", "sha256"]]
    assert [request["cost_source"] for request in found["requests"]] == [
        "usage",
        "estimate",
        None,
        None,
        "usage",
    ]


def test_the_listing_marks_what_is_estimated(here: Run, library: Library) -> None:
    lines = here("ledger").out.splitlines()
    costs = ["  $0.07", " ≈$0.02", " ≈$0.03", "not sent", " $0.40"]
    assert all(cost in line for cost, line in zip(costs, lines, strict=False))
    assert "$" not in lines[3]
    assert lines[5:] == ["Spent: $0.12"]


def test_no_cell_of_a_table_is_a_formula(here: Run, library: Library) -> None:
    session = library.ledger.add_session("@SUM(A1)")
    prompts = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "fine = 1", "two\nlines"]
    for number, prompt in enumerate(prompts):
        add_turn(library, session, f"U{number}", replace(ASKED, prompt=prompt))
    found = rows(here("ledger", "--csv").out)
    assert [row["cost_usd"] for row in found[:5]] == ["0.07", "0.02", "0.03", "", "0.4"]
    assert found[1]["prompt"] == "'" + FORMULA
    assert found[1]["cost_source"] == found[2]["cost_source"] == "estimate"
    told = [row["prompt"] for row in found[5:]]
    assert told[:5] == ["'" + prompt for prompt in prompts[:5]]
    assert told[5] == "'\n=1"
    assert told[6:] == prompts[6:]
    cells = [cell for row in found for cell in row.values()]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert (
        found[5]["session"] == rows(here("ledger", "--csv", "--by", "session").out)[2]["session"] == "'@SUM(A1)"
    )


def test_totals_by_session_model_and_local_day(here: Run, library: Library) -> None:
    def totals(by: str) -> list[tuple[str, ...]]:
        return [tuple(row.values()) for row in rows(here("ledger", "--csv", "--by", by).out)]

    today = time.strftime("%Y-%m-%d")
    assert totals("session") == [
        ("Harbour", "2", "1", "0.09", "0.02", "0"),
        ("Harbour", "3", "0", "0.03", "0.03", "0.4"),
    ]
    assert totals("model") == [
        (ASKED.model, "4", "1", "0.09", "0.02", "0.4"),
        ("other", "1", "0", "0.03", "0.03", "0"),
    ]
    assert totals("day") == [(today, "5", "1", "0.12", "0.05", "0.4")]
    lines = here("ledger", "--by", "model").out.splitlines()
    assert lines[0].split()[:5] == ["≈$0.09", "4", "requests", "1", "pictures"]
    assert lines[0].endswith("(Sandbox, not counted: $0.40)")
    assert lines[-1] == "Spent: $0.12, $0.05 of it estimated (≈)"


@pytest.mark.parametrize("arguments", [("--json", "--csv"), ("--by", "hour")])
def test_other_forms_are_refused(here: Run, library: Library, arguments: tuple[str, ...]) -> None:
    assert here("ledger", *arguments).code == 2


def test_generate_keeps_to_the_limits_of_the_settings(shell: Shell, sandbox: SandboxServer, home: Path) -> None:
    home.mkdir()
    (home / "settings.toml").write_text("limit_day_usd = 0.05\nwarn_day_usd = 0.01\n")
    first = shell.run("generate", "a boat", "-n", "2")
    assert first.code == 0
    assert "Today's spending is now $0.04, past your warning of $0.01." in first.err
    second = shell.run("generate", "another boat", "--json")
    assert second.code == 1
    assert "$0.04 of today's limit of $0.05 is spent or reserved" in second.err
    assert "past your warning" not in second.err
    assert len(sandbox.charges()) == len(sandbox.requests("/v1/images/")) == 1
    states = [request["state"] for request in json.loads(shell.run("ledger", "--json").out)["requests"]]
    assert states == ["charged", "not sent"]
