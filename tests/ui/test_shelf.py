"""What the status bar says of money."""

import time

import pytest

from imagine_desktop.domain.budget import Budget, Spending
from imagine_desktop.ui.shelf import spend_text, until_midnight_s

_CENT = 10**8


@pytest.mark.parametrize(
    ("budget", "text"),
    [
        (Budget(), "Today $1.24"),
        (Budget(limit_day_ticks=1000 * _CENT), "Today $1.24 of $10.00"),
        (Budget(warn_day_ticks=124 * _CENT), "Today $1.24"),
        (Budget(123 * _CENT, 1000 * _CENT), "Today $1.24 of $10.00, past your warning"),
        (Budget(limit_month_ticks=5000 * _CENT), "Today $1.24 · Month $17.00 of $50.00"),
        (
            Budget(0, 1000 * _CENT, 5000 * _CENT),
            "Today $1.24 of $10.00 · Month $17.00 of $50.00",
        ),
    ],
)
def test_spending_stands_beside_its_limits(budget: Budget, text: str) -> None:
    assert spend_text(Spending(0, 124 * _CENT, 1700 * _CENT), budget) == text


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="time zones of Unix")
@pytest.mark.parametrize(
    ("day", "hours"), [("2026-06-01", 24), ("2026-03-29", 23), ("2026-10-25", 25), ("2026-12-31", 24)]
)
def test_today_ends_at_local_midnight(monkeypatch: pytest.MonkeyPatch, day: str, hours: int) -> None:
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    try:
        begun = time.mktime(time.strptime(day, "%Y-%m-%d"))
        assert until_midnight_s(begun) == hours * 3600
        assert until_midnight_s(begun + hours * 3600 - 1) == 1
    finally:
        monkeypatch.undo()
        time.tzset()
