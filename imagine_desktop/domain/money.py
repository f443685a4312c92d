"""Amounts of money in the API's own unit, the tick: 1 US dollar is 10,000,000,000 ticks."""

from decimal import ROUND_HALF_EVEN, Decimal

TICKS_PER_USD = 10**10  # xAI's OpenAPI file, `usage.cost_in_usd_ticks`


def ticks(usd: float | str) -> int:
    """The ticks in an amount of US dollars."""
    return int((Decimal(str(usd)) * TICKS_PER_USD).to_integral_value(ROUND_HALF_EVEN))


def usd(amount_ticks: int) -> str:
    """An amount as a person reads it: `$0.08`, or with the tenths of a cent where there are any."""
    amount = Decimal(amount_ticks) / TICKS_PER_USD
    cents = amount.quantize(Decimal("0.01"))
    return f"${cents:,}" if cents == amount else f"${amount.quantize(Decimal('0.001')):,}"
