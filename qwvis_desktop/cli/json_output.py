"""What ``--json`` prints: exactly one JSON document on standard output."""

from __future__ import annotations

import sys

from qwvis_desktop.core.annotation import JsonValue
from qwvis_desktop.core.annotation_json import json_text


def print_json(value: JsonValue) -> None:
    """Print ``value`` as one line of JSON, in UTF-8 wherever it goes, numbers in full precision."""
    sys.stdout.flush()
    sys.stdout.buffer.write(json_text(value).encode() + b"\n")
    sys.stdout.buffer.flush()
