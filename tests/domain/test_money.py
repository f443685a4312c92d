"""Amounts: exact in ticks, readable in dollars."""

import pytest

from imagine_desktop.domain import money


@pytest.mark.parametrize(
    ("usd", "ticks", "shown"),
    [
        (0, 0, "$0.00"),
        (0.02, 200_000_000, "$0.02"),
        (0.002, 20_000_000, "$0.002"),
        ("0.07", 700_000_000, "$0.07"),
        (1, 10_000_000_000, "$1.00"),
        (1234.5, 12_345_000_000_000, "$1,234.50"),
    ],
)
def test_dollars_and_ticks_are_the_same_amount(usd: float | str, ticks: int, shown: str) -> None:
    assert money.ticks(usd) == ticks
    assert money.usd(ticks) == shown
