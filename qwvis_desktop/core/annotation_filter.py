"""``AnnotationFilter``: which annotations are looked for, from one line: ``car score>0.5 area<2000 kind:box run:2``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from qwvis_desktop.core.annotation import Annotation, Detection, LayoutBlock, TextRegion, bounds_of
from qwvis_desktop.core.plane.forms import Form, form_of

_TERM = re.compile(r'(?:(?P<key>\w+)(?P<sign>[:<>=]))?(?P<value>"[^"]*"?|\S+)')

KINDS: Mapping[str, str] = MappingProxyType({"point": "keypoint"})
"""Other words for kinds."""

FORMS: Mapping[str, tuple[Form, ...]] = MappingProxyType(
    {"box": (Form.BOX, Form.ROTATED), "rotated": (Form.ROTATED,), "polygon": (Form.POLYGON,)}
)
"""Words for forms that ``kind:`` takes, too; a rotated box is a box."""

_Test = Callable[[Annotation, Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class AnnotationFilter:
    """What is looked for; all of it must hold.

    Attributes:
        text: the line as it was typed.
        words: each is in the label, the text, the kind's name or the tag, in any case.
        tests: further ones; they are given the ids of the document's runs in their order.
    """

    text: str = ""
    words: tuple[str, ...] = ()
    tests: tuple[_Test, ...] = ()

    @classmethod
    def parse(cls, text: str) -> AnnotationFilter:
        """Return the filter of a line.

        ``label:``, ``text:`` and ``kind:`` (also box, rotated, polygon) look in one place, ``run:`` takes
        the number of a run or the beginning of its id, ``score`` and ``area`` (pixels) take ``<`` or ``>``; everything
        else is words. Values with spaces stand in quotes.
        """
        words, tests = [], []
        for term in _TERM.finditer(text):
            value = term["value"].strip('"').casefold()
            test = _test_of((term["key"] or "").casefold(), term["sign"] or "", value)
            if test is not None:
                tests.append(test)
            elif term[0].strip('"'):
                words.append(term[0].strip('"').casefold())
        return cls(text.strip(), tuple(words), tuple(tests))

    @property
    def is_empty(self) -> bool:
        """Whether everything passes."""
        return not (self.words or self.tests)

    def passes(self, annotation: Annotation, runs: Sequence[str] = ()) -> bool:
        """Say whether an annotation is looked for; ``runs``: ids of the document's runs in their order."""
        if self.words:
            places = _places(annotation)
            if not all(any(word in place for place in places) for word in self.words):
                return False
        return all(test(annotation, runs) for test in self.tests)


def _places(annotation: Annotation) -> tuple[str, ...]:
    places = [annotation.label, annotation.kind]
    match annotation:
        case TextRegion(text=text):
            places.append(text)
        case LayoutBlock(tag=tag, text=text):
            places += [tag, text]
        case Detection():
            places.append("polygon" if form_of(annotation) is Form.POLYGON else "box")
    return tuple(place.casefold() for place in places)


def _test_of(key: str, sign: str, value: str) -> _Test | None:
    """Return the test of a term; None where it is a word like others."""
    if not value:
        return None
    if sign in (":", "="):
        make = _IS.get(key)
        return make(value) if make is not None else None
    if sign in ("<", ">") and key in _MEASURES:
        try:
            limit = float(value)
        except ValueError:
            return None
        return _compared(_MEASURES[key], sign, limit)
    return None


def _compared(measure: Callable[[Annotation], float | None], sign: str, limit: float) -> _Test:
    def test(annotation: Annotation, _runs: Sequence[str]) -> bool:
        found = measure(annotation)
        return found is not None and (found < limit if sign == "<" else found > limit)

    return test


def _area(annotation: Annotation) -> float | None:
    bounds = bounds_of(annotation)
    return bounds.area if bounds is not None else None


_MEASURES: Mapping[str, Callable[[Annotation], float | None]] = MappingProxyType(
    {"score": lambda annotation: annotation.score, "area": _area}
)


def _of_run(value: str) -> _Test:
    def test(annotation: Annotation, runs: Sequence[str]) -> bool:
        run = annotation.provenance.run if annotation.provenance is not None else ""
        return bool(run) and (run.startswith(value) or (run in runs and str(list(runs).index(run) + 1) == value))

    return test


def _of_kind(kind: str) -> _Test:
    return lambda annotation, _: annotation.kind.startswith(kind)


def _of_form(forms: tuple[Form, ...]) -> _Test:
    return lambda annotation, _: form_of(annotation) in forms


_IS: Mapping[str, Callable[[str], _Test | None]] = MappingProxyType(
    {
        "label": lambda value: lambda annotation, _: value in annotation.label.casefold(),
        "text": lambda value: lambda annotation, _: value in getattr(annotation, "text", "").casefold(),
        "kind": lambda value: _of_form(FORMS[value]) if value in FORMS else _of_kind(KINDS.get(value, value)),
        "run": _of_run,
    }
)
