"""`ledger`: what was asked of the API and what it cost; also while the window holds the library."""

import argparse
import csv
import io
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal

from imagine_desktop.cli import opening
from imagine_desktop.cli.options import when
from imagine_desktop.domain import money, prompts
from imagine_desktop.domain.budget import Grouping, Sum
from imagine_desktop.domain.record import Turn, TurnState
from imagine_desktop.library.library import Library

_MAY_BE_PAID = (TurnState.SENDING, TurnState.UNKNOWN)
_FORMULA = ("=", "+", "-", "@", "\t", "\n")  # how a spreadsheet tells a formula from text
_REQUEST_COLUMNS = (
    "id",
    "created",
    "session",
    "profile",
    "state",
    "model",
    "n",
    "cost_usd",
    "cost_source",
    "prompt",
)
_SUM_COLUMNS = ("requests", "pictures", "spent_usd", "of_it_estimated_usd", "sandbox_usd")


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", shared: argparse.ArgumentParser) -> None:
    """Describe the verb to the parser."""
    parser = verbs.add_parser("ledger", parents=[shared], help="every request and what it cost")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="every request, whatever --by says")
    form.add_argument("--csv", action="store_true", help="for a spreadsheet; amounts in US dollars")
    parser.add_argument("--by", choices=[grouping.value for grouping in Grouping], help="totals instead")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print requests, or totals, the oldest first. The sandbox's costs are shown and never counted."""
    with opening.reading(options) as library:
        if options.json:
            total = library.records.spent_ticks(0)
            opening.show(json.dumps({"requests": _requests(library), "total_ticks": total}))
        elif options.by is not None:
            sums = library.records.sums(Grouping(options.by))
            if options.csv:
                _show_csv((options.by, *_SUM_COLUMNS), map(_sum_row, sums))
            else:
                _show_sums(sums)
        elif options.csv:
            names = {session.id: session.name for session in library.records.sessions()}
            rows = (_request_row(turn, names[turn.session_id]) for turn in _asked(library))
            _show_csv(_REQUEST_COLUMNS, rows)
        else:
            _show_requests(library)
    return 0


def _asked(library: Library) -> list[Turn]:
    """All requests; pictures that were imported never were one."""
    return [turn for turn in library.records.turns() if not turn.is_import]


def _requests(library: Library) -> list[dict[str, object]]:
    return [
        {
            "id": turn.id,
            "created": when(turn),
            "state": turn.state,
            "prompt": turn.prompt,
            "model": turn.model_served or turn.model,
            "n": turn.count,
            "estimate_ticks": turn.estimate_ticks,
            "cost_ticks": turn.cost_ticks,
            "cost_source": turn.cost_source,
            "http_status": turn.http_status,
            "x_request_id": turn.request_id,
            "retry_of": turn.retry_of,
            "outputs": [
                {"index": p.index, "state": p.state, "path": p.path, "sha256": p.sha256}
                for p in library.records.pictures(turn.picture_ids)
            ],
        }
        for turn in _asked(library)
    ]


def _cost(turn: Turn) -> tuple[int | None, str]:
    """What a turn cost or may have cost, and who says so; nothing where it certainly cost nothing."""
    if turn.cost_ticks is None and turn.state in _MAY_BE_PAID:
        return turn.estimate_ticks, "estimate"
    return turn.cost_ticks, turn.cost_source or ""


def _show_requests(library: Library) -> None:
    for turn in _asked(library):
        cost, source = _cost(turn)
        shown = "" if cost is None else ("≈" if source == "estimate" else "") + money.usd(cost)
        line = f"{when(turn)}  {turn.profile:<8} {turn.state:<18} {shown:>8}"
        opening.show(f"{line}  {prompts.first_line(turn.prompt, 60)}")
    opening.show(f"Spent: {money.usd(library.records.spent_ticks(0))}")


def _show_sums(sums: Sequence[Sum]) -> None:
    for one in sums:
        spent = ("≈" if one.estimated_ticks else "") + money.usd(one.spent_ticks)
        sandbox = f"  (Sandbox, not counted: {money.usd(one.sandbox_ticks)})" if one.sandbox_ticks else ""
        name = prompts.first_line(one.name, 60)
        opening.show(
            f"{spent:>10} {one.request_count:>6} requests {one.picture_count:>6} pictures  {name}{sandbox}"
        )
    estimated = sum(one.estimated_ticks for one in sums)
    of_it = f", {money.usd(estimated)} of it estimated (≈)" if estimated else ""
    opening.show(f"Spent: {money.usd(sum(one.spent_ticks for one in sums))}{of_it}")


def _request_row(turn: Turn, session_name: str) -> Sequence[object]:
    cost, source = _cost(turn)
    model = turn.model_served or turn.model
    amount = "" if cost is None else _plain(cost)
    about = (turn.id, when(turn), session_name, turn.profile, turn.state, model, turn.count)
    return (*about, amount, source, turn.prompt)


def _sum_row(one: Sum) -> Sequence[object]:
    amounts = (one.spent_ticks, one.estimated_ticks, one.sandbox_ticks)
    return (one.name, one.request_count, one.picture_count, *map(_plain, amounts))


def _plain(ticks: int) -> str:
    """An amount in dollars, exactly, for a machine."""
    return f"{Decimal(ticks) / money.TICKS_PER_USD:f}"


def _show_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_harmless(str(cell)) for cell in row] for row in rows)
    opening.show(table.getvalue().removesuffix("\n"))


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
