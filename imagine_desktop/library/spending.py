"""What is spent or reserved, summed up from the turns.

A turn counts from the moment in which it may be sent, at its estimate until its cost is known; one whose
outcome is unknown stays counted. One that waits to be sent again does not. The sandbox's never count.
"""

import sqlite3
import time

from imagine_desktop.domain.budget import Grouping, Spending, Sum

_COUNTED = """
FROM turns
WHERE is_counted AND (state IN ('sending', 'charged', 'charged, no image', 'unknown') OR cost_ticks > 0)
"""
_LAST = "SELECT MAX(COALESCE(sent_at, created)) " + _COUNTED
_SINCE = (
    "SELECT TOTAL(COALESCE(cost_ticks, estimate_ticks)) FILTER (WHERE COALESCE(sent_at, created) >= ?),"
    " TOTAL(COALESCE(cost_ticks, estimate_ticks)) " + _COUNTED + " AND COALESCE(sent_at, created) >= ?"
)
_SUMS = """
WITH costs AS (
    SELECT *, CASE WHEN state IN ('sending', 'charged', 'charged, no image', 'unknown') OR cost_ticks > 0
                   THEN COALESCE(cost_ticks, estimate_ticks) END AS ticks
    FROM turns WHERE imported_from IS NULL)
SELECT CASE ?1 WHEN 'day' THEN date(COALESCE(sent_at, created), 'unixepoch', 'localtime')
               WHEN 'model' THEN COALESCE(model_served, model)
               ELSE session END AS what,
       CASE ?1 WHEN 'session' THEN (SELECT name FROM sessions WHERE id = session) END,
       COUNT(*),
       TOTAL((SELECT COUNT(*) FROM pictures WHERE turn = costs.id
              AND (state = 'saved' OR state = 'deleted' AND width > 0))),
       TOTAL(ticks) FILTER (WHERE is_counted),
       TOTAL(ticks) FILTER (WHERE is_counted AND cost_source IS NOT 'usage'),
       TOTAL(ticks) FILTER (WHERE NOT is_counted)
FROM costs GROUP BY what ORDER BY MIN(id)
"""


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


def sums(db: sqlite3.Connection, grouping: Grouping) -> list[Sum]:
    """Costs added up; the group with the oldest turn comes first."""
    return [
        Sum(str(what if name is None else name), count, int(saved), int(spent), int(estimated), int(sandbox))
        for what, name, count, saved, spent, estimated, sandbox in db.execute(_SUMS, (grouping,))
    ]
