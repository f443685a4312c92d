"""What is spent or reserved, summed up from the turns.

A turn counts from the moment in which it may be sent, at its estimate until its cost is known; one whose
outcome is unknown stays counted. One that waits to be sent again does not. The sandbox's never count.
"""

import sqlite3
import time

from imagine_desktop.domain.budget import Spending

_COUNTED = """
FROM turns
WHERE is_counted AND (state IN ('sending', 'charged', 'charged, no image', 'unknown') OR cost_ticks > 0)
"""
_LAST = "SELECT MAX(COALESCE(sent_at, created)) " + _COUNTED
_SINCE = (
    "SELECT TOTAL(COALESCE(cost_ticks, estimate_ticks)) FILTER (WHERE COALESCE(sent_at, created) >= ?),"
    " TOTAL(COALESCE(cost_ticks, estimate_ticks)) " + _COUNTED + " AND COALESCE(sent_at, created) >= ?"
)


def now(db: sqlite3.Connection) -> float:
    """The time at which money is spent: the clock's, but never before the last expense.

    So a clock that is set back goes on in the same day and the same budget.
    """
    last = db.execute(_LAST).fetchone()[0]
    return max(time.time(), last or 0.0)


def at(db: sqlite3.Connection, moment: float) -> Spending:
    """What is spent or reserved on the day and in the month of a moment, and later."""
    year, month, day, *_ = time.localtime(moment)
    today = time.mktime((year, month, day, 0, 0, 0, 0, 0, -1))
    first = time.mktime((year, month, 1, 0, 0, 0, 0, 0, -1))
    day_ticks, month_ticks = db.execute(_SINCE, (today, first)).fetchone()
    return Spending(moment, int(day_ticks), int(month_ticks))


def since(db: sqlite3.Connection, moment: float) -> int:
    """What has been spent since a moment, in ticks."""
    return int(db.execute(_SINCE, (moment, moment)).fetchone()[1])
