import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwvis_desktop.core.annotation import (
    Annotation,
    Detection,
    Keypoint,
    LayoutBlock,
    Provenance,
    TextRegion,
    VideoEvent,
)
from qwvis_desktop.core.annotation_filter import AnnotationFilter
from qwvis_desktop.core.geometry import Box, Point, Polygon

CORNERS = (Point(0, 0), Point(9, 0), Point(9, 9), Point(0, 9))
TURNED = (Point(4, 0), Point(8, 4), Point(4, 8), Point(0, 4))
ALL: tuple[Annotation, ...] = (
    Detection(id="car", label="Red car", box=Box(0, 0, 100, 50), score=0.9, provenance=Provenance("aaa", (0, 1))),
    Detection(id="dog", label="dog", box=Box(0, 0, 10, 10), score=0.4, provenance=Provenance("bbb", (0, 1))),
    Detection(id="leaf", label="leaf", box=Box(0, 0, 9, 9), outline=Polygon(CORNERS[:3])),
    Detection(id="kite", label="kite", box=Box(0, 0, 8, 8), outline=Polygon(TURNED)),
    Keypoint(id="nose", label="nose of the dog", point=Point(1, 1)),
    TextRegion(id="sign", text="STOP here", polygon=Polygon(CORNERS)),
    LayoutBlock(id="head", tag="title", text="On cars", box=None),
    VideoEvent(id="jump", label="a jump", start=0, end=1),
)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("", "car dog leaf kite nose sign head jump"),
        ("   ", "car dog leaf kite nose sign head jump"),
        ("DOG", "dog nose"),
        ("red car", "car"),
        ('"red car"', "car"),
        ("cars", "head"),
        ("stop", "sign"),
        ("box", "car dog kite"),
        ("polygon", "leaf"),
        ("kind:box", "car dog kite"),
        ("kind:polygon", "leaf"),
        ("kind:rotated", "kite"),
        ("kind:point", "nose"),
        ("kind:text", "sign"),
        ("kind:block", "head"),
        ("kind:event", "jump"),
        ("label:dog", "dog nose"),
        ('label:"red car"', "car"),
        ("text:stop", "sign"),
        ("score>0.5", "car"),
        ("score<0.5", "dog"),
        ("score>0.1 area<200", "dog"),
        ("area>90", "car dog"),
        ("run:1", "car"),
        ("run:2", "dog"),
        ("run:bb", "dog"),
        ("run:7", ""),
        ("dog kind:box", "dog"),
        ("nothing", ""),
        ("score>high", ""),
        ("shape:round", ""),
    ],
)
def test_a_line_finds(line: str, found: str) -> None:
    wanted = AnnotationFilter.parse(line)
    assert " ".join(a.id for a in ALL if wanted.passes(a, ("aaa", "bbb"))) == found
    assert wanted.is_empty == (not line.strip())


@given(st.text(max_size=40))
def test_any_line_is_a_filter(line: str) -> None:
    wanted = AnnotationFilter.parse(line)
    assert {wanted.passes(annotation, ("aaa",)) for annotation in ALL} <= {True, False}
