"""A history of 100,000 runs: pages, searches, and what keeping a piece of a reply takes. Prints one JSON object.

    .venv/bin/python tests/benchmarks/history.py [--runs 100000]

Beside them, in the same run, stands what SQLite needs for the least of it: a transaction that writes one row, and
reading a page of bare rows.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from kept_runs import PICTURE, STARTED, kept_run

from qwvis_desktop.core.store.history import History, history_at
from qwvis_desktop.core.store.history_query import HistoryQuery
from qwvis_desktop.core.store.history_rows import KeptRun, Piece

TURNS = 20
WORDS = ("cat", "dog", "street", "lamp", "red", "blue", "car", "tree", "house", "window", "person", "bicycle")
SEARCHES = ("", "zebra", "red bicycle", "model:qwen2.5", "since:2026-11-22 person", "picture:cat red")

Figures = dict[str, object]


def reply_of(chance: random.Random, number: int) -> str:
    """Return a reply of a few objects; one in ten thousand holds a zebra."""
    labels = [chance.choice(WORDS) for _ in range(8)] + (["zebra"] if number % 10_000 == 7 else [])
    return json.dumps([{"bbox_2d": [chance.randrange(1000) for _ in range(4)], "label": label} for label in labels])


def many(count: int) -> Iterator[KeptRun]:
    """Yield runs of a few weeks."""
    chance = random.Random(7)
    for number in range(count):
        model = "qwen2.5-vl-7b-instruct" if number % 9 == 0 else "qwen3-vl-plus"
        when = STARTED + timedelta(seconds=20 * number)
        yield KeptRun(kept_run(f"{number:032x}", reply_of(chance, number), model=model, started=when), (PICTURE,))


def timed(what: Callable[[], object], turns: int = TURNS) -> float:
    """Return the median of ``turns`` in ms."""
    taken = []
    for _ in range(turns):
        before = time.perf_counter()
        what()
        taken.append((time.perf_counter() - before) * 1e3)
    return round(statistics.median(taken), 2)


def second_page(history: History) -> Callable[[], object]:
    """Return what loads the page after the first."""
    last = history.page(limit=200)[-1]
    return lambda: history.page(after=last, limit=200)


def measure(count: int) -> Figures:
    """Return all figures."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.sqlite"
        history = history_at(path, print)
        before = time.perf_counter()
        history.add(many(count))
        filled = time.perf_counter() - before
        history.begin(kept_run("now", ""), [PICTURE])
        bare = sqlite3.connect(Path(folder) / "bare.sqlite", isolation_level=None)
        bare.execute("PRAGMA journal_mode=WAL")
        bare.execute("PRAGMA synchronous=NORMAL")
        bare.execute("CREATE TABLE t (x TEXT)")
        plain = sqlite3.connect(path)
        searches = {
            text or "everything": {
                "found": history.count(HistoryQuery.parse(text)),
                "count_ms": timed(partial(history.count, HistoryQuery.parse(text))),
                "page_ms": timed(partial(history.page, HistoryQuery.parse(text), limit=200)),
            }
            for text in SEARCHES
        }
        figures: Figures = {
            "benchmark": "history",
            "runs": count,
            "fill_s": round(filled, 1),
            "file_mb": round(path.stat().st_size / 1e6, 1),
            "searches": searches,
            "next_page_ms": timed(second_page(history)),
            "bare_page_ms": timed(lambda: plain.execute("SELECT id, started FROM runs LIMIT 200").fetchall()),
            "get_ms": timed(lambda: history.get(f"{count // 2:032x}")),
            "keep_a_piece_ms": timed(lambda: history.append("now", [Piece(1.0, text="a piece of text")]), 500),
            "bare_transaction_ms": timed(lambda: bare.execute("INSERT INTO t VALUES ('a piece of text')"), 500),
        }
        bare.close()
        plain.close()
        history.close()
    return figures


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=100_000)
    print(json.dumps(measure(parser.parse_args().runs), indent=1))


if __name__ == "__main__":
    main()
