"""Every run is kept, found again, and survives what may happen to the program and to the file."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kept_runs import KEY, PICTURE, STARTED, kept_run

from qwvis_desktop.core.store.history import History, history_at
from qwvis_desktop.core.store.history_file import HistoryError, HistoryFile
from qwvis_desktop.core.store.history_query import HistoryQuery
from qwvis_desktop.core.store.history_rows import BROKEN_OFF, KeptRun, Piece


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def history(tmp_path: Path, said: list[str]) -> Iterator[History]:
    history = history_at(tmp_path / "data" / "history.sqlite", said.append, lambda: (KEY, "x"))
    yield history
    history.close()


def only(history: History) -> KeptRun:
    (row,) = history.page()
    kept = history.get(row.id)
    assert kept is not None
    return kept


class TestKeeping:
    def test_nothing_is_written_before_the_first_run(self, history: History, tmp_path: Path) -> None:
        assert not list(tmp_path.rglob("*"))

    def test_a_run_comes_back_as_it_was(self, history: History) -> None:
        run = kept_run("a", "[]", thinking="Hm.", options={"temperature": 0.1}, system="Be brief.")
        history.begin(replace(run, reply="", thinking="", pace=()), [PICTURE])
        history.append("a", [Piece(0.5, thinking="Hm."), Piece(1.0, text="[]")])
        history.finish(run, [PICTURE])
        history.close()
        assert only(history) == KeptRun(run, (PICTURE,))
        assert [(row.state, row.begins, row.characters) for row in history.page()] == [("done", "[]", 2)]

    def test_a_run_that_goes_on_is_kept_up_to_its_last_piece(self, history: History) -> None:
        history.begin(kept_run("a", ""), [PICTURE])
        history.append("a", [Piece(0.5, thinking="Hm, "), Piece(1.0, thinking="so.")])
        history.append("a", [Piece(2.0, text="[{"), Piece(3.5, text='"bbox')])
        run = only(history).run
        assert (run.reply, run.thinking) == ('[{"bbox', "Hm, so.")
        assert run.pace == ((2.0, 2), (3.5, 7))
        assert run.thinking_pace == ((0.5, 4), (1.0, 7))
        assert history.page()[0].state == "running"

    def test_stopped(self, history: History) -> None:
        history.begin(kept_run("a", ""), [PICTURE])
        history.append("a", [Piece(1.0, text="[")])
        history.break_off("a", "stopped")
        assert (only(history).run.reply, only(history).run.error) == ("[", "stopped")
        assert history.page()[0].state == "stopped"

    def test_content_hashes_may_come_later(self, history: History) -> None:
        history.begin(kept_run("a", ""), [replace(PICTURE, sha256=""), replace(PICTURE, name="b.png", sha256="")])
        history.set_content("a", ["11", "22"])
        history.finish(kept_run("a", "[]"), [PICTURE])
        assert [picture.sha256 for picture in only(history).pictures] == ["11", "22"]

    @settings(max_examples=15)
    @given(text=st.text(st.characters(codec=None)), pieces=st.lists(st.text(st.characters(codec=None)), max_size=4))
    def test_any_characters_survive(
        self, tmp_path_factory: pytest.TempPathFactory, text: str, pieces: list[str]
    ) -> None:
        history = history_at(tmp_path_factory.mktemp("any") / "history.sqlite", pytest.fail)
        history.begin(kept_run("a", text, prompt=text), [replace(PICTURE, name=text)])
        history.append("a", [Piece(1.0, text=piece, thinking=piece) for piece in pieces])
        run = only(history).run
        assert (run.prompt, run.reply) == (text, text + "".join(pieces))
        assert run.thinking == "".join(pieces)
        history.close()

    def test_keys_are_kept_out_and_the_spans_stay(self, history: History) -> None:
        reply = f'["{KEY}", "x"]'
        history.begin(kept_run("a", "", prompt=f"use {KEY}"), [PICTURE])
        history.append("a", [Piece(1.0, text=reply)])
        assert only(history).run.reply == f'["{"*" * len(KEY)}", "x"]'
        history.finish(kept_run("a", reply, prompt=f"use {KEY}", error=f"no {KEY}"), [PICTURE])
        assert KEY not in repr(only(history))
        assert len(only(history).run.reply) == len(reply)

    def test_deleted(self, history: History, tmp_path: Path) -> None:
        history.add([KeptRun(kept_run("a", "cat dog"), (PICTURE,)), KeptRun(kept_run("b", "cat"), (PICTURE,))])
        history.delete(["a", "nothing"])
        assert [row.id for row in history.page()] == ["b"]
        assert history.get("a") is None
        assert history.count(HistoryQuery.parse("dog")) == 0
        assert history.count(HistoryQuery.parse("cat picture:cat")) == 1

    def test_runs_of_elsewhere_are_added_once(self, history: History) -> None:
        runs = [KeptRun(kept_run(name, "[]"), (PICTURE,)) for name in "abb"]
        assert history.add(runs) == 2
        assert history.add(runs) == 0
        assert history.count() == 2

    def test_many_threads_and_many_pieces(self, history: History) -> None:
        def keep(name: str) -> None:
            history.begin(kept_run(name, ""), [PICTURE])
            for number in range(20):
                history.append(name, [Piece(float(number), text="ab")])
                history.count(HistoryQuery.parse("ab"))
            history.finish(kept_run(name, "ab" * 20), [PICTURE])

        threads = [threading.Thread(target=keep, args=(f"run {number}",)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [kept.run.reply for kept in history.each()] == ["ab" * 20] * 4


class TestPages:
    @pytest.fixture
    def many(self, history: History) -> History:
        runs = (
            kept_run(f"{number}", f"reply {number}", started=STARTED + timedelta(minutes=number // 2))
            for number in range(25)
        )
        history.add(KeptRun(run, (PICTURE,)) for run in runs)
        return history

    def test_the_latest_first_page_by_page(self, many: History) -> None:
        found, last = [], None
        while page := many.page(after=last, limit=10):
            found += [row.id for row in page]
            last = page[-1]
        assert found == [f"{number}" for number in reversed(range(25))]

    def test_one_by_one_the_oldest_first(self, many: History) -> None:
        assert [kept.run.id for kept in many.each()] == [f"{number}" for number in range(25)]

    def test_what_comes_meanwhile_moves_no_page(self, many: History) -> None:
        first = many.page(limit=10)
        many.add([KeptRun(kept_run("new", "", started=datetime.now(UTC)), (PICTURE,))])
        assert many.page(after=first[-1], limit=1)[0].id == "14"


class TestDamage:
    @pytest.mark.parametrize("content", [b"this is no database at all" * 50, b"SQLite format 3\0" + b"\xff" * 5000])
    def test_a_damaged_file_is_set_aside_and_said(
        self, history: History, said: list[str], tmp_path: Path, content: bytes
    ) -> None:
        path = tmp_path / "data" / "history.sqlite"
        path.parent.mkdir()
        path.write_bytes(content)
        history.finish(kept_run("a", "[]"), [PICTURE])
        (sentence,) = said
        (aside,) = path.parent.glob("history.damaged-*.sqlite")
        assert aside.read_bytes() == content
        assert aside.name in sentence
        assert history.count() == 1

    def test_damage_that_shows_later(self, history: History, said: list[str], tmp_path: Path) -> None:
        history.add(KeptRun(kept_run(f"{number}", "word " * 500), (PICTURE,)) for number in range(50))
        history.close()
        path = tmp_path / "data" / "history.sqlite"
        data = bytearray(path.read_bytes())
        half = len(data) // 2
        data[half:] = b"\x55" * (len(data) - half)
        path.write_bytes(data)

        def look() -> None:
            history.page()
            history.count(HistoryQuery.parse("word"))

        with pytest.raises(HistoryError, match="could not be"):
            look()
        assert len(said) == 1
        history.finish(kept_run("a", "[]"), [PICTURE])
        assert [row.id for row in history.page()] == ["a"]

    def test_a_later_version_is_left_alone(self, history: History, said: list[str], tmp_path: Path) -> None:
        history.finish(kept_run("a", "[]"), [PICTURE])
        with closing(HistoryFile(tmp_path / "data" / "history.sqlite")) as file, file.reading() as connection:
            connection.execute("PRAGMA user_version=99")
        history.close()
        with pytest.raises(HistoryError, match="later version"):
            history.count()
        assert not said

    def test_a_folder_that_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        history = history_at(tmp_path / "file" / "history.sqlite", pytest.fail)
        with pytest.raises(HistoryError, match="could not be written"):
            history.finish(kept_run("a", "[]"), [PICTURE])

    def test_without_an_index_of_words_it_searches_all_the_same(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from qwvis_desktop.core.store import history_file

        monkeypatch.setattr(history_file, "WORDS", "CREATE VIRTUAL TABLE words USING no_such_index(prompt)")
        history = history_at(tmp_path / "history.sqlite", pytest.fail)
        history.add([KeptRun(kept_run("a", "a red cat"), (PICTURE,)), KeptRun(kept_run("b", "dogs"), (PICTURE,))])
        history.delete(["b"])
        assert [row.id for row in history.page(HistoryQuery.parse("cat"))] == ["a"]
        history.close()

    def test_a_file_without_an_index_gets_one(self, tmp_path: Path) -> None:
        path = tmp_path / "history.sqlite"
        history = history_at(path, pytest.fail)
        history.add([KeptRun(kept_run("a", "a red cat"), (PICTURE,))])
        history.close()
        with closing(HistoryFile(path)) as file, file.writing() as connection:
            connection.execute("DROP TABLE words")
        again = history_at(path, pytest.fail)
        assert [row.id for row in again.page(HistoryQuery.parse("red"))] == ["a"]
        again.close()


KILLED = """
import sys
from pathlib import Path
from kept_runs import PICTURE, kept_run
from qwvis_desktop.core.store.history import history_at
from qwvis_desktop.core.store.history_rows import Piece

history = history_at(Path(sys.argv[1]), print)
history.begin(kept_run("killed", ""), [PICTURE])
for number in range(100_000):
    history.append("killed", [Piece(float(number), text=f"{number} ")])
    print(number, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no kill -9")
def test_a_killed_program_leaves_all_it_had(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", KILLED, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as program:
        assert program.stdout is not None
        for line in program.stdout:
            if int(line) == 50:
                program.send_signal(signal.SIGKILL)
                break
        last = int((program.stdout.read().split() or ["50"])[-1])
    history = history_at(path, pytest.fail)
    run = only(history).run
    numbers = [int(number) for number in run.reply.split()]
    assert numbers == list(range(len(numbers)))
    assert len(numbers) >= last + 1
    assert run.error == BROKEN_OFF
    assert history.page()[0].state == "broken"
    assert history.count(HistoryQuery.parse('"49 50"')) == 1
    history.close()


def test_a_run_of_a_program_that_lives_still_goes_on(history: History, tmp_path: Path) -> None:
    history.begin(kept_run("a", ""), [PICTURE])
    with closing(HistoryFile(tmp_path / "data" / "history.sqlite")) as file, file.writing() as connection:
        connection.execute("UPDATE runs SET owner = ?", (os.getppid(),))
    other = history_at(tmp_path / "data" / "history.sqlite", pytest.fail)
    assert other.page()[0].state == "running"
    other.close()
