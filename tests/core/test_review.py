from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from documents import RUN, empty_document
from hypothesis import given
from hypothesis import strategies as st
from plane_annotations import BOX, CUBOID, EVENT

from qwvis_desktop.core.annotation import Annotation, Detection, Provenance, TextRegion
from qwvis_desktop.core.document import Document
from qwvis_desktop.core.geometry import Box, Polygon
from qwvis_desktop.core.plane.editing import moved, with_label, with_words
from qwvis_desktop.core.review import as_accepted, is_moved, review

ORIGIN = Provenance("r1", (0, 9))


def read(key: str, left: float) -> Detection:
    return Detection(id=key, label="cat", box=Box(left, 0, left + 10, 10), provenance=ORIGIN)


READ = tuple(read(key, 20.0 * place) for place, key in enumerate("abcdef"))


def document_of(*annotations: Annotation) -> Document:
    document = empty_document()
    document.set_run(replace(RUN, id="r1", as_read=READ))
    document.add(annotations)
    return document


def test_what_became_of_each() -> None:
    a, b, c, d, e, _ = READ
    drawn = Detection(id="new", label="dog", box=Box(0, 50, 9, 59))
    (yes,) = as_accepted([a])
    document = document_of(e, yes, moved(b, 5, 0), with_label(c, "dog"), replace(d, score=0.5), drawn)
    found = review(document, document.runs["r1"])
    assert found.total == 6
    assert found.accepted == ("a",)
    assert found.moved == {"b": pytest.approx(1 / 3)}
    assert found.mean_iou == pytest.approx(1 / 3)
    assert found.relabelled == ("c",)
    assert found.deleted == ("f",)
    assert found.unseen == ("e",)
    assert found.added == ("new",)
    assert found.looked_at == 5


def test_before_anybody_looked() -> None:
    document = document_of(*reversed(READ))
    found = review(document, document.runs["r1"])
    assert found.unseen == tuple("abcdef")
    assert found.looked_at == 0
    assert found.mean_iou is None
    assert found.moved == {}


def test_accepted_and_then_moved_is_moved() -> None:
    (yes,) = as_accepted([READ[0]])
    document = document_of(moved(yes, 1, 1), *READ[1:])
    found = review(document, document.runs["r1"])
    assert found.accepted == ()
    assert list(found.moved) == ["a"]
    assert found.looked_at == 1


def test_only_what_a_model_gave_can_be_accepted_and_only_once() -> None:
    (yes,) = as_accepted([READ[0], BOX])
    assert yes == replace(READ[0], accepted=True)
    assert as_accepted([yes]) == ()


def test_moves_are_seen_in_space_and_time() -> None:
    assert is_moved(CUBOID, replace(CUBOID, center=(0, 0, 6)))
    assert is_moved(EVENT, replace(EVENT, end=3))
    assert not is_moved(CUBOID, replace(CUBOID, label="van"))
    text = TextRegion(text="a", polygon=Polygon(Box(0, 0, 9, 9).corners))
    assert not is_moved(text, with_words(text, "b"))


@given(
    st.lists(st.sampled_from(["keep", "accept", "move", "call", "delete"]), min_size=6, max_size=6), st.integers(0, 3)
)
def test_all_are_counted(fates: list[str], drawn: int) -> None:
    acts: dict[str, Callable[[Annotation], Annotation]] = {
        "keep": lambda each: each,
        "accept": lambda each: as_accepted([each])[0],
        "move": lambda each: moved(each, 3, 0),
        "call": lambda each: with_label(each, "dog"),
    }
    left = [acts[fate](each) for each, fate in zip(READ, fates, strict=True) if fate != "delete"]
    document = document_of(*left, *(replace(BOX, id=str(place)) for place in range(drawn)))
    found = review(document, document.runs["r1"])
    assert len(found.unseen) == fates.count("keep")
    assert len(found.accepted) == fates.count("accept")
    assert len(found.moved) == fates.count("move")
    assert len(found.relabelled) == fates.count("call")
    assert len(found.deleted) == fates.count("delete")
    assert found.looked_at == 6 - fates.count("keep")
    assert len(found.added) == drawn
