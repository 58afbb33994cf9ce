"""What stands round the objects of a reply: sentences, or nothing but fences and brackets."""

from __future__ import annotations

import re

_STRUCTURE = re.compile(r"(?:json|[\s\[\](),:\ufeff])*\Z")
_LONGEST_LINE = 200


class Surroundings:
    """Follows the text outside of objects and says whether JSON is the answer here, or an aside in a sentence."""

    def __init__(self) -> None:
        self._line = ""
        self._fence: str | None = None
        self._prose = False

    def feed(self, text: str) -> None:
        """Take the next text outside of objects."""
        *lines, rest = text.split("\n")
        for line in lines:
            self._end_line(self._line + line)
            self._line = ""
        if len(self._line) < _LONGEST_LINE:
            self._line += rest

    def reset(self) -> None:
        """Forget all: it was thinking."""
        self._line, self._fence, self._prose = "", None, False

    @property
    def answers_in_json(self) -> bool:
        """Whether an object that begins now is in a JSON fence, or nothing but structure came before it."""
        if not _STRUCTURE.match(self._line):
            return False
        return not self._prose if self._fence is None else self._fence in ("", "json", "json5", "jsonc")

    @property
    def leads(self) -> bool:
        """Whether nothing but fences and brackets came so far."""
        return not self._prose and _STRUCTURE.match(self._line) is not None

    def _end_line(self, line: str) -> None:
        stripped = line.strip()
        if stripped.startswith("```"):
            self._fence = stripped[3:].strip().lower() if self._fence is None else None
        elif not _STRUCTURE.match(stripped):
            self._prose = True
