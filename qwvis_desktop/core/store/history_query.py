"""What is looked for in the history, as people type it: words, and ``model:``, ``picture:``, ``task:``, dates."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta

_TRIGRAM = 3
"""The index of words knows nothing shorter."""

_UNTYPED = re.compile("[\0\ud800-\udfff]")
"""What SQLite does not take; no key gives it."""

_TERM = re.compile(r'(?:(\w+):)?(?:"([^"]*)"?|(\S+))')


class HistoryQueryError(ValueError):
    """This cannot be looked for; the text is for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryQuery:
    """Which runs are looked for; all that is given must hold.

    Attributes:
        words: each is somewhere in the prompt, the reply, the model's id or the picture's name, in any case of letters.
        model, picture, task: part of the model's id, of a picture's name or content hash, of the task's id.
        since, before: when it was started: from this moment on, and before this one (ISO 8601, UTC).
        state: how it ended: ``done``, ``failed``, ``stopped``, ``broken`` or ``running``.
    """

    words: tuple[str, ...] = ()
    model: str = ""
    picture: str = ""
    task: str = ""
    state: str = ""
    since: str = ""
    before: str = ""

    @classmethod
    def parse(cls, text: str) -> HistoryQuery:
        """Read what was typed: ``red cat model:qwen3 picture:street since:2026-11-01 before:2026-12-01 "two words"``.

        A word with a colon that is none of these is looked for as it is.

        Raises:
            HistoryQueryError: a date is none.
        """
        words: list[str] = []
        named: dict[str, str] = {}
        for found in _TERM.finditer(_UNTYPED.sub("\ufffd", text)):
            name, value = (found[1] or "").lower(), found[2] if found[2] is not None else found[3]
            if name in _DATES:
                named[name] = _moment(name, value)
            elif name in _NAMES:
                named[name] = value
            elif found[0].strip('"'):
                words.append(found[0] if found[1] else value)
        return cls(words=tuple(word for word in words if word), **named)

    def where(self, *, indexed: bool) -> tuple[str, list[str]]:
        """Return the condition on table ``runs`` in SQL, and its values in order.

        Args:
            indexed: whether there is an index of words.
        """
        parts: list[str] = []
        values: list[str] = []
        long = [word for word in self.words if indexed and len(word) >= _TRIGRAM]
        if long:
            parts.append("number IN (SELECT rowid FROM words WHERE words MATCH ?)")
            values.append(" AND ".join('"' + word.replace('"', '""') + '"' for word in long))
        for word in self.words:
            if word not in long:
                parts.append("(" + " OR ".join(f"{column} LIKE ? ESCAPE '\\'" for column in _COLUMNS) + ")")
                values += [_anywhere(word)] * len(_COLUMNS)
        for condition, value in (
            ("model LIKE ? ESCAPE '\\'", _anywhere(self.model)),
            ("task LIKE ? ESCAPE '\\'", _anywhere(self.task)),
            ("state = ?", self.state.lower()),
            ("started >= ?", self.since),
            ("started < ?", self.before),
        ):
            if value:
                parts.append(condition)
                values.append(value)
        if self.picture:
            parts.append(
                "number IN (SELECT run FROM pictures WHERE name LIKE ? ESCAPE '\\' OR sha256 LIKE ? ESCAPE '\\')"
            )
            values += [_anywhere(self.picture), _anywhere(self.picture)[1:]]
        return " AND ".join(parts) or "1", values


_COLUMNS = ("prompt", "reply", "model", "pictures")
_DATES = ("since", "before")
_NAMES = tuple(field.name for field in fields(HistoryQuery) if field.name not in ("words", *_DATES))


def _anywhere(text: str) -> str:
    """Return the pattern for ``text`` anywhere; empty for an empty one."""
    return "%" + re.sub(r"([%_\\])", r"\\\1", text) + "%" if text else ""


def _moment(name: str, text: str) -> str:
    """Return the start of a day of this place's calendar, or a moment, as it stands in the history.

    Raises:
        HistoryQueryError: it is none.
    """
    day = {"today": date.today(), "yesterday": date.today() - timedelta(days=1)}.get(text.lower())  # noqa: DTZ011 - the user's own day
    try:
        moment = datetime.combine(day, datetime.min.time()) if day else datetime.fromisoformat(text)
    except ValueError:
        raise HistoryQueryError(
            f"'{text}' after '{name}:' is no date. Write it as 2026-11-27, today or yesterday."
        ) from None
    return moment.astimezone(UTC).isoformat()
