"""core.store.ledger: what runs cost is kept exactly, told by day, model and document, and survives damage."""

from __future__ import annotations

import csv
import io
import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from qwvis_desktop.core.store.ledger import Entry, Ledger, LedgerError, day_of

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)

ENTRY = Entry(
    run="r1",
    at=NOON,
    service="DashScope (Beijing)",
    model="qwen3-vl-plus",
    document="/pictures/cat.jpg",
    task="detect",
    input=2000,
    cached=500,
    output=100,
    amount=Decimal("0.0026"),
    currency="CNY",
    as_of="2026",
)


def refuse(sentence: str) -> None:
    raise AssertionError(sentence)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "data" / "costs.sqlite", refuse)


def test_what_is_kept_comes_back(ledger: Ledger) -> None:
    unknown = replace(ENTRY, run="r2", amount=None, currency="", as_of="", estimated=True, at=NOON + timedelta(hours=1))
    ledger.add(ENTRY)
    ledger.add(unknown)
    assert ledger.entries() == (ENTRY, unknown)


def test_the_same_run_counts_once(ledger: Ledger) -> None:
    ledger.add(replace(ENTRY, estimated=True, amount=Decimal(5)))
    ledger.add(ENTRY)
    assert ledger.entries() == (ENTRY,)


def test_totals(ledger: Ledger) -> None:
    later = NOON + timedelta(days=1)
    for number, (model, document, at, currency) in enumerate(
        [
            ("qwen3-vl-plus", "a.jpg", NOON, "CNY"),
            ("qwen3-vl-plus", "b.jpg", later, "CNY"),
            ("qwen-vl-ocr", "b.jpg", later, "USD"),
            ("qwen3.5-plus", "b.jpg", later, ""),
        ]
    ):
        amount = Decimal("0.0026") if currency else None
        ledger.add(
            replace(ENTRY, run=str(number), model=model, document=document, at=at, currency=currency, amount=amount)
        )
    days = ledger.totals("day")
    assert [(total.name, total.runs, total.currency) for total in days] == [
        (day_of(later), 1, ""),
        (day_of(later), 1, "CNY"),
        (day_of(later), 1, "USD"),
        (day_of(NOON), 1, "CNY"),
    ]
    models = {(total.name, total.currency): total for total in ledger.totals("model")}
    assert models["qwen3-vl-plus", "CNY"].amount == Decimal("0.0052")
    assert models["qwen3-vl-plus", "CNY"].input == 4000
    assert models["qwen3.5-plus", ""].amount == 0
    assert {total.name for total in ledger.totals("document")} == {"a.jpg", "b.jpg"}
    assert ledger.spent(day_of(later), "CNY") == Decimal("0.0026")
    assert ledger.spent(day_of(later), "EUR") == 0
    with pytest.raises(KeyError):
        ledger.totals("currency")


def test_ten_thousand_tiny_sums_are_exact(ledger: Ledger) -> None:
    ledger.add(ENTRY)
    with sqlite3.connect(ledger._path) as connection:
        rows = [(f"x{n}", 123_457) for n in range(10_000)]
        connection.executemany(
            "INSERT INTO costs SELECT ?, at, day, service, model, document, task, input, cached, output, ?, currency, "
            "as_of, estimated FROM costs WHERE run = 'r1'",
            rows,
        )
    connection.close()
    assert ledger.spent(day_of(NOON), "CNY") == Decimal("0.0026") + 10_000 * Decimal("0.000000123457")


def test_the_usual_length_of_replies(ledger: Ledger) -> None:
    assert ledger.usual_output("qwen3-vl-plus", "detect") is None
    ledger.add(ENTRY)
    ledger.add(replace(ENTRY, run="r2", output=301))
    ledger.add(replace(ENTRY, run="r3", output=90_000, estimated=True))
    ledger.add(replace(ENTRY, run="r4", output=90_000, task="solve"))
    assert ledger.usual_output("qwen3-vl-plus", "detect") == 200


def test_a_table_for_a_spreadsheet(ledger: Ledger) -> None:
    ledger.add(replace(ENTRY, document='=HYPERLINK("http://example.org")', service='Ünï, "x"'))
    data = ledger.as_csv()
    assert data.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    assert row["amount"] == "0.0026"
    assert row["document"].startswith("'="), "a spreadsheet must not take it for a formula"
    assert row["service"] == 'Ünï, "x"'


def test_several_write_at_once(ledger: Ledger) -> None:
    def work(name: str) -> None:
        for number in range(10):
            ledger.add(replace(ENTRY, run=f"{name}{number}"))

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ledger.entries()) == 40


def test_a_damaged_file_is_set_aside(tmp_path: Path) -> None:
    path, said = tmp_path / "costs.sqlite", list[str]()
    path.write_bytes(b"this is no database, whatever its name says" * 100)
    ledger = Ledger(path, said.append)
    ledger.add(ENTRY)
    assert ledger.entries() == (ENTRY,)
    (aside,) = tmp_path.glob("costs.damaged-*.sqlite")
    assert aside.read_bytes().startswith(b"this is no database")
    assert aside.name in said[0]


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(LedgerError, match=r"costs\.sqlite"):
        Ledger(tmp_path / "data" / "costs.sqlite", refuse).add(ENTRY)
