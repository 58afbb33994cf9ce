"""Annotations on their way through the clipboard, as JSON: from one picture to another, or into a text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from qwvis_desktop.core.annotation import Annotation
from qwvis_desktop.core.annotation_json import annotation_from_json, annotation_to_json, json_text
from qwvis_desktop.core.document import Document

MIME = "application/x-qwvis-annotations+json"
"""Media type of what ``clip_text`` gives, beside which the clipboard has it as plain text."""

_MARK = "qwvis_annotations"


def clip_text(document: Document, annotations: Iterable[Annotation]) -> str:
    """Return annotations of a document as JSON text, in pixels of the upright original, in metres or seconds."""
    listed = [annotation_to_json(each, document.camera, document.convention) for each in annotations]
    return json_text({_MARK: 1, "picture_size": list(document.size), "annotations": [*listed]}, indent=1)


def annotations_in(text: str) -> tuple[Annotation, ...] | None:
    """Return the annotations in what ``clip_text`` gave, with new ids and of no run; None where it is none.

    Raises:
        ValueError: it says that it is one and is damaged; the text is for people.
    """
    if _MARK not in text[:100]:
        return None
    try:
        data = json.loads(text)
        listed = [annotation_from_json(each) for each in data["annotations"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("The copied annotations are damaged and were not pasted. Copy them again.") from error
    return tuple(replace(each, provenance=None, accepted=False) for each in listed)
