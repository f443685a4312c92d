"""What the status bar says of money."""

import pytest

from imagine_desktop.domain.budget import Budget, Spending
from imagine_desktop.ui.shelf import spend_text

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
