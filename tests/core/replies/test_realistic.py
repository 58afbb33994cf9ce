"""Replies to every task as the families write them, in English and Chinese, with the small damage seen in practice.

``realistic_replies.json`` holds each with what it truly says: kind (and tag), label or text, the numbers as written.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from reply_reading import codes, context, read

from qwvis_desktop.core.annotation import Annotation, LayoutBlock, TextRegion

REPLIES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "realistic_replies.json").read_text("utf-8"))


def item(annotation: Annotation) -> list[object]:
    """Return what an annotation says, as the table has it."""
    assert annotation.provenance is not None
    numbers = annotation.provenance.numbers
    if isinstance(annotation, LayoutBlock):
        return [annotation.kind, annotation.tag, annotation.text, *numbers]
    says = annotation.text if isinstance(annotation, TextRegion) else annotation.label
    return [annotation.kind, says, *numbers]


@pytest.mark.parametrize("due", REPLIES, ids=[f"{case['task']}-{index}" for index, case in enumerate(REPLIES)])
def test_a_reply_says_what_it_says(due: dict[str, Any]) -> None:
    reply = read(due["reply"], context(due["task"], due.get("space", "relative-1000")))
    assert [item(annotation) for annotation in reply.annotations] == due["items"]
    assert (reply.status, reply.text, codes(reply)) == (due["status"], due.get("text"), due.get("issues", []))
