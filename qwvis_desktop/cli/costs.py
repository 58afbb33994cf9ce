"""Say what runs cost, by day, model or document.

Amounts are by the prices that were known when a run was made. Those of runs that were stopped before the service said
what it counted are estimates.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from qwvis_desktop.cli.json_output import print_json
from qwvis_desktop.cli.output import CommandError, ExitCode, note, tell
from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.media.write import WriteError, write_beside
from qwvis_desktop.core.request.costs import amount_words
from qwvis_desktop.core.store.ledger import GROUPS, Ledger, LedgerError, Total, ledger_path


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of ``qwvis costs``."""
    parser.add_argument("--by", choices=GROUPS, default="day", help="what to add up (default: day)")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write a table of all runs there")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def execute(arguments: Namespace) -> ExitCode:
    """Print the totals.

    Raises:
        CommandError: the record of costs cannot be read, or the table not written.
    """
    ledger = Ledger(ledger_path(), note)
    try:
        totals = ledger.totals(arguments.by)
        if arguments.csv is not None:
            write_beside(arguments.csv, ledger.as_csv())
    except (LedgerError, WriteError) as error:
        raise CommandError(str(error)) from error
    if arguments.json:
        print_json({"by": arguments.by, "totals": [_to_json(total) for total in totals]})
        return ExitCode.DONE
    if not totals:
        tell("Nothing was spent yet.")
    width = max((len(total.name) for total in totals), default=0)
    for total in totals:
        tell(f"{total.name:<{width}}  {_line(total)}")
    if arguments.csv is not None:
        tell(f"Saved: {arguments.csv}")
    return ExitCode.DONE


def _line(total: Total) -> str:
    amount = amount_words(total.amount, total.currency) if total.currency else "price not known"
    runs = "1 run" if total.runs == 1 else f"{total.runs:,} runs"
    estimated = f", {total.estimated:,} of them estimated" if total.estimated else ""
    return f"{amount}  {runs}{estimated}, {total.input:,} tokens in ({total.cached:,} cached), {total.output:,} out"


def _to_json(total: Total) -> JsonValue:
    return {
        "name": total.name,
        "runs": total.runs,
        "estimated_runs": total.estimated,
        "input_tokens": total.input,
        "cached_tokens": total.cached,
        "output_tokens": total.output,
        "amount": float(total.amount) if total.currency else None,
        "currency": total.currency or None,
    }
