"""The verdicts of placement self-tests, kept with their dates: one JSON file, the last verdict of each model."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from qwvis_desktop.core.media.write import write_beside

FORMAT = "qwvis-self-tests"


@dataclass(frozen=True, slots=True)
class KeptVerdict:
    """What a self-test found.

    Attributes:
        passed: whether places stood where they should.
        message: a sentence or two for people.
        when: date and time, ISO 8601.
        suggested_space: the coordinate space that puts it right; empty where none does or none is needed.
    """

    passed: bool
    message: str
    when: str
    suggested_space: str = ""


class SelfTests:
    """Reads and writes the file; one that cannot be read counts as empty and is replaced with the next verdict.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, service: str, model: str) -> KeptVerdict | None:
        """Return the last verdict on ``model`` of ``service``."""
        return self._read().get(_key(service, model))

    def keep(self, service: str, model: str, verdict: KeptVerdict) -> None:
        """Keep a verdict in place of an earlier one.

        Raises:
            WriteError: the file cannot be written; the old one is whole.
        """
        verdicts = {**self._read(), _key(service, model): verdict}
        data = {"format": FORMAT, "verdicts": {key: asdict(value) for key, value in verdicts.items()}}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_beside(self._path, json.dumps(data, indent=1, ensure_ascii=False).encode())

    def _read(self) -> dict[str, KeptVerdict]:
        try:
            data = json.loads(self._path.read_bytes())
            return {str(key): KeptVerdict(**value) for key, value in data["verdicts"].items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            # A test can be repeated at will; nothing of worth is lost with the file.
            return {}


def _key(service: str, model: str) -> str:
    return f"{service}\n{model}"
