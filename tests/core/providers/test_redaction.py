"""Keys are found in whatever is written, and taken out."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.providers.redaction import RedactingFilter, redact, redact_logs

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


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    out = io.StringIO()
    logger = logging.Logger("a house of its own")
    handler = logging.StreamHandler(out)
    handler.addFilter(RedactingFilter(lambda: (SECRET,)))
    logger.addHandler(handler)
    yield logger, out
    handler.close()


def test_messages_and_arguments(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = log
    logger.warning("got %s and %r", SECRET, {"key": f"Bearer {SECRET}"})
    assert SECRET not in out.getvalue()
    assert "got ***" in out.getvalue()


def test_tracebacks(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, out = log
    try:
        raise ValueError(f"bad {SECRET}")
    except ValueError:
        logger.exception("it failed")
    assert SECRET not in out.getvalue()
    assert "ValueError: bad ***" in out.getvalue()


def test_what_children_log_is_redacted_at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    monkeypatch.setattr(root, "handlers", [handler])
    redact_logs(lambda: (SECRET,))
    logging.getLogger("some.child").warning("child says %s", SECRET)
    assert out.getvalue() == "child says ***\n"
