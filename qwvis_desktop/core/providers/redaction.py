"""Keys are kept out of everything that is shown, stored or logged."""

from __future__ import annotations

import base64
import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any
from urllib.parse import quote

MASK = "***"

_KEY_LIKE = (
    (re.compile(r"\b(sk-(?:sp-)?)[A-Za-z0-9_-]{6,}"), rf"\1{MASK}"),
    (re.compile(r"(?i)\b(bearer\s+)[^\s'\",;\\]+"), rf"\1{MASK}"),
    (re.compile(r"(?i)([?&](?:api_?key|key|token|access_token)=)[^&\s'\"]+"), rf"\1{MASK}"),
    (re.compile(r"(://)[^/\s@'\"]+@"), rf"\1{MASK}@"),
)


SHORTEST_ENCODED = 8
"""Keys of fewer characters are not looked for in other encodings: what little is left of them stands in any text."""


def forms_of(secrets: Iterable[str]) -> tuple[str, ...]:
    """Return keys as they may stand in a text: as they are, encoded for addresses, and within base64.

    In base64 three characters become four, so that a key within a longer text looks in one of three ways, but for what
    its neighbours have a part in.
    """
    forms: dict[str, None] = {}
    for secret in secrets:
        forms[secret] = None
        if len(secret) >= SHORTEST_ENCODED:
            forms[quote(secret, safe="")] = None
            data = secret.encode()
            for before in range(3):
                whole = base64.b64encode(bytes(before) + data).decode()
                first, last = -(-before * 4 // 3), (before + len(data)) * 4 // 3
                forms[whole[first:last]] = None
                forms[whole[first:last].translate(_URL_SAFE)] = None
    return tuple(form for form in forms if form)


_URL_SAFE = str.maketrans("+/", "-_")


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return ``text`` without ``secrets``, in whatever encoding, and without whatever else looks like a key."""
    for form in forms_of(secrets):
        text = text.replace(form, MASK)
    for pattern, mask in _KEY_LIKE:
        text = pattern.sub(mask, text)
    return text


def starred(text: str, secrets: Iterable[str]) -> str:
    """Return ``text`` with stars in place of ``secrets``, as long as it was: what counts its characters still does."""
    for form in forms_of(secret for secret in secrets if len(secret) >= SHORTEST_ENCODED):
        if form in text:
            text = text.replace(form, "*" * len(form))
    return text


_TELLING = 4
"""So many characters of a key at the end of a piece are kept back until the next one shows what they are."""


class KeyFilter:
    """Puts stars for a key into text that comes in pieces, as long as it was; cut anywhere.

    Args:
        key: what must not come through; None or one that is too short to be told from words lets all through.
    """

    def __init__(self, key: str | None) -> None:
        self._secrets = (key,) if key and len(key) >= SHORTEST_ENCODED else ()
        self._forms = forms_of(self._secrets)
        self._held = ""
        self._before = ""

    def feed(self, text: str) -> str:
        """Return what can be told of ``text`` and of what was kept back."""
        if not self._secrets:
            return text
        clean = starred(self._before + self._held + text, self._secrets)[len(self._before) :]
        told = clean[: max(0, len(clean) - self._beginning(self._before + clean))]
        self._held = clean[len(told) :]
        self._before = (self._before + told)[1 - _TELLING :]
        return told

    def rest(self) -> str:
        """Return what was kept back."""
        held, self._held = self._held, ""
        return held

    def _beginning(self, text: str) -> int:
        """Return how many characters at the end of ``text`` may begin a key."""
        return max(
            (
                length
                for form in self._forms
                if form[:_TELLING] in text[1 - len(form) :]
                for length in range(_TELLING, len(form))
                if text.endswith(form[:length])
            ),
            default=0,
        )


def redact_record(record: logging.LogRecord, secrets: Iterable[str]) -> None:
    """Take keys out of a record: its message, its traceback, its stack."""
    secrets = tuple(secrets)
    try:
        message = record.getMessage()
    except (TypeError, ValueError, KeyError):
        message = f"{record.msg} {record.args}"  # words and values do not fit together; both are worth reading
    record.msg, record.args = redact(message, secrets), None
    if record.exc_info and not record.exc_text:
        record.exc_text = logging.Formatter().formatException(record.exc_info)
    if record.exc_text:
        record.exc_text = redact(record.exc_text, secrets)
    if record.stack_info:
        record.stack_info = redact(record.stack_info, secrets)


def redact_logs(secrets: Callable[[], Iterable[str]] = tuple) -> None:
    """Redact every record from now on, where it is made: whatever logger or handler there is or will be."""

    class Redacted(logging.LogRecord):
        def __init__(self, *parts: Any, **more: Any) -> None:
            super().__init__(*parts, **more)
            redact_record(self, secrets())

    logging.setLogRecordFactory(Redacted)


def redact_crashes(secrets: Callable[[], Iterable[str]] = tuple) -> None:
    """Redact the tracebacks that Python prints of what nobody caught, on the main thread and on others."""

    def tell(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            sys.__excepthook__(kind, error if error is not None else kind(), trace)
        elif sys.stderr is not None:
            text = "".join(traceback.format_exception(kind, error, trace))
            sys.stderr.write(redact(text, secrets()))

    sys.excepthook = tell
    threading.excepthook = lambda told: tell(told.exc_type, told.exc_value, told.exc_traceback)


def keep_keys_out(secrets: Callable[[], Iterable[str]] = tuple) -> None:
    """Redact logs and tracebacks from now on."""
    redact_logs(secrets)
    redact_crashes(secrets)
