"""Documents with what lies in the plane, for tests of label files."""

from __future__ import annotations

from collections.abc import Iterable

from documents import empty_document
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import Annotation, Detection, Keypoint, LayoutBlock, TextRegion
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.core.plane.forms import TurnedRectangle

TURNED = Polygon(
    tuple(Point(round(x, 3), round(y, 3)) for x, y in TurnedRectangle.made(Point(300, 200), 120, 60, 30).corners)
)
KITE = Polygon((Point(500, 50), Point(560, 110), Point(500, 180), Point(470, 100), Point(480, 80)))
SLANTED = Polygon((Point(100, 400), Point(220, 410), Point(218, 440), Point(98, 430)))

BOX = Detection(id="box", label="cat", box=Box(10, 20, 110, 220), score=0.75, attributes={"colour": "black"})
TILTED = Detection(id="tilted", label="ship", box=TURNED.bounds, outline=TURNED)
SHAPE = Detection(id="shape", label="leaf", box=KITE.bounds, outline=KITE)
POINT = Keypoint(id="point", label="nose", point=Point(60, 70))
TEXT = TextRegion(id="text", text="猫 & <dog>", polygon=SLANTED)
BLOCK = LayoutBlock(id="block", tag="h2", text="Title", box=Box(400, 300, 600, 340))

ALL: tuple[Annotation, ...] = (BOX, TILTED, SHAPE, POINT, TEXT, BLOCK)


def plane_document(*annotations: Annotation, name: str = "street.jpg") -> Document:
    """Return a picture of 640 x 480 with these annotations."""
    from documents import media_of

    document = empty_document()
    document.media = media_of(name=name)
    document.add(annotations)
    return document


def copies(document: Document, annotations: Iterable[Annotation]) -> Document:
    """Return another document of the same picture."""
    twin = Document(document.media)
    twin.add(annotations)
    return twin


_SIGNS = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Zl", "Zp", "Co"), exclude_characters="\ufeff")
LABELS = st.text(_SIGNS, min_size=1, max_size=12).filter(
    lambda text: text == " ".join(text.split()) and text not in ("unlabelled", "text")
)
SIDES = st.tuples(st.floats(0, 600), st.floats(0, 440), st.floats(1, 40), st.floats(1, 40))
BOXES = st.builds(
    lambda label, sides: Detection(label=label, box=Box(sides[0], sides[1], sides[0] + sides[2], sides[1] + sides[3])),
    LABELS,
    SIDES,
)


def _tilted(label: str, x: float, y: float, width: float, height: float, degrees: float) -> Detection:
    outline = Polygon(TurnedRectangle.made(Point(x, y), width, height, degrees).corners)
    return Detection(label=label, box=outline.bounds, outline=outline)


TILTED_BOXES = st.builds(
    _tilted,
    LABELS,
    st.floats(200, 400),
    st.floats(200, 280),
    st.floats(5, 150),
    st.floats(5, 150),
    st.floats(1, 89).map(lambda turn: turn + 90 * (round(turn * 1000) % 4)),
)
POINTS = st.builds(
    lambda label, x, y: Keypoint(label=label, point=Point(x, y)), LABELS, st.floats(0, 640), st.floats(0, 480)
)
