"""List the runs that were made, the latest first; find, show, export, import or delete them.

Every run of the window and of qwvis run is kept: what was asked, every character that came, and how it ended. Search
for words, and with model:, picture:, task:, state: (done, failed, stopped, broken), since: and before: (a date).
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from contextlib import closing
from datetime import datetime
from pathlib import Path

from qwvis_desktop.cli.json_output import print_json
from qwvis_desktop.cli.output import CommandError, ExitCode, note, tell
from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.document import Run
from qwvis_desktop.core.formats.reply import ReplyFileError
from qwvis_desktop.core.history_archive import export_history, import_history
from qwvis_desktop.core.media.write import WriteError
from qwvis_desktop.core.outgoing import as_curl, as_text
from qwvis_desktop.core.profiles import custom_profile
from qwvis_desktop.core.run_json import run_to_json
from qwvis_desktop.core.store.history import History, history_at, history_path
from qwvis_desktop.core.store.history_file import HistoryError
from qwvis_desktop.core.store.history_query import HistoryQuery, HistoryQueryError
from qwvis_desktop.core.store.history_rows import HistoryRow


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of ``qwvis history``."""
    parser.add_argument("--search", metavar="TEXT", default="", help='such as: "red cat" model:qwen3 since:2026-11-01')
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="list at most so many (default: 20)")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument(
        "--request", action="store_true", help="with --show: print what was sent instead, and a command that sends it"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--show", metavar="ID", help="print the reply of a run; its id may be cut short")
    what.add_argument("--export", type=Path, metavar="FILE", help="write all that is found to one file")
    what.add_argument("--import", dest="archive", type=Path, metavar="FILE", help="add the runs of such a file")
    what.add_argument("--delete", metavar="ID", nargs="+", help="forget runs for good")


def execute(arguments: Namespace) -> ExitCode:
    """Do what the options say.

    Raises:
        CommandError: it cannot be done; the text is for people.
    """
    try:
        query = HistoryQuery.parse(arguments.search)
        with closing(history_at(history_path(), note)) as history:
            _do(history, query, arguments)
    except HistoryQueryError as error:
        raise CommandError(str(error), ExitCode.USAGE) from error
    except (HistoryError, ReplyFileError, WriteError) as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f'"{arguments.archive}" cannot be read: {error.strerror or error}.') from error
    return ExitCode.DONE


def _do(history: History, query: HistoryQuery, arguments: Namespace) -> None:
    if arguments.export is not None:
        count = export_history(history, arguments.export, query)
        _say(f"{count} runs were written to {arguments.export}.", {"exported": count}, arguments)
    elif arguments.archive is not None:
        count = import_history(history, arguments.archive, note)
        _say(f"{count} runs were added.", {"added": count}, arguments)
    elif arguments.delete is not None:
        history.delete([_whole_id(history, run) for run in arguments.delete])
        _say("Deleted.", {"deleted": len(arguments.delete)}, arguments)
    elif arguments.show is not None:
        kept = history.get(_whole_id(history, arguments.show))
        assert kept is not None
        if arguments.request:
            _show_request(kept.run, arguments)
        else:
            _say(kept.run.reply, run_to_json(kept.run), arguments)
    else:
        _list(history, query, arguments)


def _show_request(run: Run, arguments: Namespace) -> None:
    """Print what was sent for a run: the key masked, the data shortened, and as a command."""
    if not run.requests:
        raise CommandError(
            "Of this run no request is kept: it was answered on this machine, or by a version that did not keep it."
        )
    commands = [as_curl(request, custom_profile(request.url).key_variable) for request in run.requests]
    if arguments.json:
        sent = zip(run.requests, commands, strict=True)
        print_json(
            {
                "requests": [
                    {"url": each.url, "headers": dict(each.headers), "body": each.body, "curl": command}
                    for each, command in sent
                ],
                "left_out": [list[JsonValue](of_one) for of_one in run.left_out],
                "notes": list[JsonValue](run.notes),
            }
        )
        return
    for request, command in zip(run.requests, commands, strict=True):
        tell(f"{as_text(request)}\n\n{command}")
    for number, removed in enumerate(run.left_out, 1):
        tell(f"Left out of picture {number}: {', '.join(removed) or 'nothing, its file holds pixels only'}.")
    for sentence in run.notes:
        tell(sentence)


def _whole_id(history: History, begins: str) -> str:
    found = history.ids(begins)
    if len(found) != 1:
        what = "No run has" if not found else "Several runs have"
        raise CommandError(f'{what} an id that begins with "{begins}". List them with: qwvis history --json')
    return found[0]


def _say(sentence: str, value: dict[str, JsonValue], arguments: Namespace) -> None:
    if arguments.json:
        print_json(value)
    else:
        tell(sentence)


def _list(history: History, query: HistoryQuery, arguments: Namespace) -> None:
    count = history.count(query)
    rows = history.page(query, limit=arguments.limit)
    if arguments.json:
        print_json({"count": count, "runs": [_row_to_json(row) for row in rows]})
        return
    for row in rows:
        when = datetime.fromisoformat(row.started).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        pictures = row.pictures.replace("\n", ", ")
        tell(f"{row.id[:8]}  {when}  {row.model or row.provider}  {row.task}  {pictures}  {row.error or row.state}")
    if count > len(rows):
        tell(f"{count - len(rows)} more; --limit lists them.")
    elif not count:
        tell("There is none." if query != HistoryQuery() else "Nothing was run yet.")


def _row_to_json(row: HistoryRow) -> dict[str, JsonValue]:
    return {
        "id": row.id,
        "started": row.started,
        "state": row.state,
        "provider": row.provider,
        "model": row.model,
        "task": row.task,
        "pictures": list[JsonValue](row.pictures.split("\n")),
        "status": row.status,
        "error": row.error or None,
        "seconds": row.seconds,
        "usage": dict(row.usage),
        "characters": row.characters,
    }
