"""Keys are found in whatever is written, and taken out."""

from __future__ import annotations

import base64
import io
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.providers.redaction import KeyFilter, redact, redact_crashes, redact_logs, starred

SECRET = "0f3a-house-key-of-another-form"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("key sk-0123456789abcdef here", "key sk-*** here"),
        ("key sk-sp-0123456789abcdef", "key sk-sp-***"),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer ***"),
        ("b'Bearer abcdef'", "b'Bearer ***'"),
        ("http://me:pass@host/v1", "http://***@host/v1"),
        ("http://h/v1?api_key=abc&x=1", "http://h/v1?api_key=***&x=1"),
        ("task-force, disk-drive, ask-me", "task-force, disk-drive, ask-me"),
        ("nothing to hide", "nothing to hide"),
    ],
)
def test_what_looks_like_a_key(text: str, clean: str) -> None:
    assert redact(text) == clean


@given(st.text(), st.text())
def test_a_known_key_is_never_left(before: str, after: str) -> None:
    assert SECRET not in redact(before + SECRET + after, (SECRET, ""))


@pytest.mark.parametrize("before", ["", "a", "ab", "user:"])
def test_a_known_key_is_found_within_base64(before: str) -> None:
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        written = encode(f"{before}{SECRET}?~>".encode()).decode()
        left = redact(f"Basic {written}", (SECRET,))
        assert len(left.replace("***", "")) < len(written) - len(SECRET)


def test_a_known_key_is_found_in_addresses() -> None:
    assert redact("http://h/v1?q=a%2Fb%26c%3Dlong", ("a/b&c=long",)) == "http://h/v1?q=***"


def test_stars_are_as_long_as_what_they_stand_for() -> None:
    text = f"a {SECRET} b"
    assert starred(text, (SECRET, "b")) == f"a {'*' * len(SECRET)} b"


@given(
    st.lists(st.sampled_from([SECRET, SECRET[:5], SECRET[:3], SECRET[3:], "words ", "0f", "x"]), max_size=6), st.data()
)
def test_a_key_in_pieces_does_not_come_through(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    keeper = KeyFilter(SECRET)
    told = "".join([*(keeper.feed(piece) for piece in pieces), keeper.rest()])
    assert len(told) == len(text)
    assert SECRET not in told
    assert all(a == b or b == "*" for a, b in zip(text, told, strict=True))
    if SECRET not in text:
        assert told == text


def test_words_are_not_kept_back() -> None:
    keeper = KeyFilter(SECRET)
    assert [keeper.feed(piece) for piece in ("some ", "words 0f3", "b")] == ["some ", "words 0f3", "b"]
    assert KeyFilter("none").feed("none") == "none"
    assert KeyFilter(None).feed("none") == "none"


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """Return a logger whose handler was there before and knows of nothing, and what it wrote."""
    out = io.StringIO()
    logger = logging.getLogger("a.house.of.its.own")
    handler = logging.StreamHandler(out)
    logger.addHandler(handler)
    logger.propagate = False
    before = logging.getLogRecordFactory()
    redact_logs(lambda: (SECRET,))
    yield logger, out
    logging.setLogRecordFactory(before)
    logger.removeHandler(handler)
    handler.close()


def test_messages_and_arguments(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = log
    logger.warning("got %s and %r", SECRET, {"key": f"Bearer {SECRET}"})
    assert SECRET not in out.getvalue()
    assert "got ***" in out.getvalue()


def test_words_and_values_that_do_not_fit(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = log
    logger.warning("got %d", SECRET)
    assert out.getvalue() == "got %d ('***',)\n"


def test_tracebacks_and_stacks(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = log
    try:
        raise ValueError(f"bad {SECRET}")
    except ValueError:
        logger.exception("it failed", stack_info=True)
    assert SECRET not in out.getvalue()
    assert "ValueError: bad ***" in out.getvalue()


def test_what_children_log_is_redacted(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = log
    logger.getChild("child").warning("child says %s", SECRET)
    assert out.getvalue() == "child says ***\n"


class TestCrashes:
    @pytest.fixture(autouse=True)
    def hooks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "excepthook", sys.excepthook)
        monkeypatch.setattr(threading, "excepthook", threading.excepthook)
        redact_crashes(lambda: (SECRET,))

    def test_on_the_main_thread(self, capsys: pytest.CaptureFixture[str]) -> None:
        error = ValueError(f"bad {SECRET}")
        sys.excepthook(ValueError, error, None)
        assert capsys.readouterr().err == "ValueError: bad ***\n"

    def test_on_another(self, capsys: pytest.CaptureFixture[str]) -> None:
        def crash() -> None:
            raise ValueError(f"bad {SECRET}")

        thread = threading.Thread(target=crash)
        thread.start()
        thread.join()
        said = capsys.readouterr().err
        assert "ValueError: bad ***" in said
        assert SECRET not in said

    def test_a_stop_is_no_crash(self, capsys: pytest.CaptureFixture[str]) -> None:
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
        assert "KeyboardInterrupt" in capsys.readouterr().err
