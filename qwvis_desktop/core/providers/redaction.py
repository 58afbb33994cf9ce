"""Keys are kept out of everything that is shown, stored or logged."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable

MASK = "***"

_KEY_LIKE = (
    (re.compile(r"\b(sk-(?:sp-)?)[A-Za-z0-9_-]{6,}"), rf"\1{MASK}"),
    (re.compile(r"(?i)\b(bearer\s+)[^\s'\",;\\]+"), rf"\1{MASK}"),
    (re.compile(r"(?i)([?&](?:api_?key|key|token|access_token)=)[^&\s'\"]+"), rf"\1{MASK}"),
    (re.compile(r"(://)[^/\s@'\"]+@"), rf"\1{MASK}@"),
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return ``text`` without ``secrets`` and without whatever else looks like a key."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, MASK)
    for pattern, mask in _KEY_LIKE:
        text = pattern.sub(mask, text)
    return text


class RedactingFilter(logging.Filter):
    """Redacts what a handler is about to write, tracebacks too.

    Put it on handlers, not on loggers: a logger's filters do not see what its children log.

    Args:
        secrets: tells the keys that are known now.
    """

    def __init__(self, secrets: Callable[[], Iterable[str]] = tuple) -> None:
        super().__init__()
        self._secrets = secrets

    def filter(self, record: logging.LogRecord) -> bool:
        """Redact ``record``; it always passes."""
        secrets = tuple(self._secrets())
        record.msg = redact(record.getMessage(), secrets)
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text, secrets)
        return True


def redact_logs(secrets: Callable[[], Iterable[str]] = tuple) -> None:
    """Redact what the root logger's handlers write from now on; call it after the handlers are set."""
    for handler in logging.getLogger().handlers:
        handler.addFilter(RedactingFilter(secrets))
