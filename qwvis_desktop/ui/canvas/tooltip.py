"""What the canvas says of the annotation under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from qwvis_desktop.core.annotation import Annotation, Cuboid, Detection, Keypoint, LayoutBlock, TextRegion, VideoEvent
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.ui.canvas.painting.style import shortened

_LONGEST = 240


def describe(annotation: Annotation) -> str:
    """Return label or text, kind, size or place, and score, in up to three lines."""
    score = "" if annotation.score is None else _tr("score {score:.2f}").format(score=annotation.score)
    kind, words, measure = _parts(annotation)
    facts = " · ".join(fact for fact in (kind, measure, score) if fact)
    return "\n".join(line for line in (shortened(words, _LONGEST), facts) if line)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Canvas", text)


def _parts(annotation: Annotation) -> tuple[str, str, str]:
    """Return the name of the kind, the words and the measure of an annotation."""
    match annotation:
        case Detection(box=box, label=label):
            return _tr("Box"), label, _sides(box)
        case Keypoint(point=point, label=label):
            return _tr("Point"), label, _tr("at {x:.0f}, {y:.0f} px").format(x=point.x, y=point.y)
        case TextRegion(text=text, polygon=polygon):
            return _tr("Text"), text, _sides(polygon.bounds)
        case LayoutBlock(tag=tag, text=text, box=box):
            return _tr("Block '{tag}'").format(tag=tag), text, _sides(box) if box else ""
        case Cuboid(label=label, size=size):
            metres = " × ".join(f"{side:.2f}" for side in size)
            return _tr("Box in 3D"), label, _tr("{size} m").format(size=metres)
        case VideoEvent(label=label, start=start, end=end):
            return _tr("Event"), label, _tr("{start:.1f} to {end:.1f} s").format(start=start, end=end)


def _sides(box: Box) -> str:
    return _tr("{width:.0f} × {height:.0f} px").format(width=box.width, height=box.height)
