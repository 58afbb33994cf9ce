"""The history as one file, to be taken to another machine or put into a bug report: out of it, and into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from qwvis_desktop.core.formats.reply import KeptReply, NamedPicture, dump_archive, load_archive
from qwvis_desktop.core.media.write import write_beside
from qwvis_desktop.core.store.history import EVERYTHING, History
from qwvis_desktop.core.store.history_query import HistoryQuery
from qwvis_desktop.core.store.history_rows import KeptPicture, KeptRun


def export_history(history: History, path: Path, query: HistoryQuery = EVERYTHING) -> int:
    """Write the runs that are found to ``path``, the oldest first; return how many.

    Raises:
        HistoryError: the history cannot be read.
        WriteError: the file cannot be written; what was there before is as it was.
    """
    return _write(path, (kept for kept in history.each(query)))


def export_runs(history: History, path: Path, runs: tuple[str, ...]) -> int:
    """Write the runs with these ids to ``path``; return how many.

    Raises:
        HistoryError: the history cannot be read.
        WriteError: the file cannot be written; what was there before is as it was.
    """
    return _write(path, (kept for run in runs if (kept := history.get(run)) is not None))


def import_history(history: History, path: Path, refused: Callable[[str], None]) -> int:
    """Add the runs of an archive, or a kept reply; return how many were new.

    Args:
        history: where to.
        path: the file.
        refused: told a sentence for each run of the archive that cannot be read; the others are.

    Raises:
        ReplyFileError: it is neither; nothing was added.
        HistoryError: the history cannot be written.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        return history.add(_kept_run(reply) for reply in load_archive(file, refused))


def _write(path: Path, runs: Iterator[KeptRun]) -> int:
    count = 0

    def counted() -> Iterator[KeptReply]:
        nonlocal count
        for kept in runs:
            count += 1
            yield _kept_reply(kept)

    write_beside(path, dump_archive(counted()))
    return count


def _kept_reply(kept: KeptRun) -> KeptReply:
    """Return a run as it leaves this machine: without the paths of pictures."""
    first, *further = (NamedPicture(picture.name, picture.size, picture.sha256) for picture in kept.pictures)
    return KeptReply(kept.run, *first, tuple(further))


def _kept_run(reply: KeptReply) -> KeptRun:
    named = (NamedPicture(reply.picture, reply.size, reply.sha256), *reply.further)
    pictures = (KeptPicture(name=name, size=size, sha256=sha256) for name, size, sha256 in named)
    return KeptRun(reply.run, tuple(pictures))
