"""What may be spent, what has been, and whether one more request fits."""

from dataclasses import dataclass
from enum import StrEnum

from imagine_desktop.domain import money
from imagine_desktop.errors import LimitReached


@dataclass(frozen=True, slots=True)
class Spending:
    """What is spent or reserved, in ticks, on the day and in the month of `at`, both of the local calendar.

    `at` is seconds since 1970, and never before the last expense: a clock that is set back resets nothing.
    """

    at: float
    day_ticks: int
    month_ticks: int


class Grouping(StrEnum):
    """By what costs are added up. Days are of the local calendar."""

    DAY = "day"
    MODEL = "model"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Sum:
    """The requests of one day, model or session, and the saved pictures that came of them.

    `estimated_ticks` is the part of `spent_ticks` that the API has not confirmed; `sandbox_ticks` is no
    part of it.
    """

    name: str
    request_count: int
    picture_count: int
    spent_ticks: int
    estimated_ticks: int
    sandbox_ticks: int


@dataclass(frozen=True, slots=True)
class Budget:
    """The person's limits, in ticks; 0 is no such limit. The warning stops nothing."""

    warn_day_ticks: int = 0
    limit_day_ticks: int = 0
    limit_month_ticks: int = 0

    def require_room(self, spending: Spending, price_ticks: int | None) -> None:
        """Raises LimitReached where a request would exceed a limit, or where nobody knows whether it would."""
        for name, after, limit, spent in (
            ("today's", "tomorrow", self.limit_day_ticks, spending.day_ticks),
            ("this month's", "next month", self.limit_month_ticks, spending.month_ticks),
        ):
            if not limit:
                continue
            if price_ticks is None:
                raise LimitReached(
                    f"Nothing was sent or charged: the price of this model is not known, and {name} limit is "
                    f"{money.usd(limit)}.",
                    "Choose a model with a known price, or take the limit away in the settings.",
                )
            if spent + price_ticks > limit:
                raise LimitReached(
                    f"Nothing was sent or charged: this would cost {money.usd(price_ticks)}, "
                    f"and {money.usd(spent)} of {name} limit of {money.usd(limit)} is spent or reserved.",
                    f"Raise the limit in the settings, or go on {after}.",
                )

    def is_warned_at(self, day_ticks: int) -> bool:
        """Whether a day's spending is past the warning."""
        return 0 < self.warn_day_ticks < day_ticks
