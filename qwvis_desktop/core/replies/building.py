"""From one object of a reply and one place in it to the annotation it means."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from qwvis_desktop.core.annotation import LOOK, Annotation, Cuboid, Detection, Keypoint, LayoutBlock, TextRegion
from qwvis_desktop.core.coordinates import CoordinateSpace, Frame
from qwvis_desktop.core.geometry import Box, Polygon
from qwvis_desktop.core.replies.findings import Findings, ReplyContext
from qwvis_desktop.core.replies.layout import Source
from qwvis_desktop.core.replies.placing import HUGE, Misplaced, Placer, placer_of, turned_corners
from qwvis_desktop.core.replies.shapes import Shape
from qwvis_desktop.core.replies.vocabulary import plain

_OPEN_TEXT = frozenset({"text", "content", "word", "words", "line"})
"""Keys of text that may as well describe a thing; the others are only used for what is read."""


_IMAGE_NAME = re.compile(r"\s{0,9}(?:image|picture|img|图片?)?[\s_#]{0,9}(\d{1,6})\s{0,9}", re.IGNORECASE)
"""How models write the number of a picture in words: ``2``, ``image 2``, ``Image_2``."""


class AnnotationBuilder:
    """Builds annotations; the kind follows from the shape of the place and from what else the object holds.

    Args:
        context: what must be known to read the reply.
        findings: gives the ids.

    Attributes:
        placers: one for each picture, in the space of the reply.
    """

    def __init__(self, context: ReplyContext, findings: Findings) -> None:
        self._findings = findings
        self._context = context
        self._space = context.space
        self._pictures = len(context.frames)
        self.placers: tuple[Placer, ...] = ()
        self._sent: tuple[Placer, ...] = ()
        self._thousandths: tuple[Placer, ...] = ()
        for frame in (*context.frames, *context.looks):
            self.add_frame(frame)
        self._first_image = context.first_image
        self._text_asked = "text" in context.task.kinds
        self._page_asked = "block" in context.task.kinds
        self._build: dict[str, Callable[[Source, Shape], Annotation]] = {
            "point": self._keypoint,
            "cuboid": self._cuboid,
        }

    def add_frame(self, frame: Frame) -> None:
        """Take a further image that places may be in."""
        self.placers = (*self.placers, placer_of(frame, self._space))
        self._sent = (*self._sent, placer_of(frame, CoordinateSpace.SENT_PIXELS))
        self._thousandths = (*self._thousandths, placer_of(frame, CoordinateSpace.RELATIVE_1000))

    def build(self, source: Source, shape: Shape) -> Annotation:
        """Return the annotation that ``source`` means by the place ``shape``.

        Raises:
            Misplaced: there is no such place, or no such picture.
        """
        annotation = self._build.get(shape.kind, self._flat)(source, shape)
        look = self._image(source)[0] - self._pictures + 1
        if look < 1:
            return annotation
        return replace(annotation, attributes={**annotation.attributes, LOOK: look})

    def _image(self, source: Source) -> tuple[int, int | None]:
        """Return which frame is meant, and the index to keep where several were sent.

        Raises:
            Misplaced: there is no such picture, or it was asked for and is not named.
        """
        if len(self.placers) == 1:
            return 0, None
        if source.layout.image is None:
            if self._first_image:
                raise Misplaced("image", "It is not said which of the pictures this is in.")
            return 0, None
        named = source.value[source.layout.image]
        number = _IMAGE_NAME.fullmatch(named) if isinstance(named, str) else None
        index = int(number[1]) if number else named
        if type(index) is not int or not 0 <= index - self._first_image < len(self.placers):
            raise Misplaced("image", f"There is no picture {index} among those that were sent.")
        # What is seen in a part of the one picture is in that picture.
        return index - self._first_image, index - self._first_image if self._pictures > 1 else None

    def _time(self, source: Source) -> float | None:
        """Return when something is in the film; None where nothing says so.

        Raises:
            Misplaced: that is behind the end of what was sent.
        """
        told, film, last = source.time, self._context.film, self._context.last_moment
        if told is None:
            return None
        time = self._context.film_time(told)
        time = film.frame_time(time) if film is not None else time
        if last is not None and time > last:
            raise Misplaced("outside", f"A box at {time:g} seconds lies behind the end of the film and was refused.")
        return time

    def _placer(self, source: Source, shape: Shape, image: int) -> Placer:
        if "words_info" in source.closed.keys or plain(source.place_key) == "location":
            return self._sent[image]
        return self._thousandths[image] if shape.kind == "turned" else self.placers[image]

    def _keypoint(self, source: Source, shape: Shape) -> Annotation:
        image, kept = self._image(source)
        label, attributes = source.named()
        return Keypoint(
            label=label,
            id=self._findings.next_id(),
            score=source.score,
            attributes=attributes,
            provenance=source.provenance(shape.numbers),
            point=self._placer(source, shape, image).point(shape.numbers),
            image=kept,
        )

    def _cuboid(self, source: Source, shape: Shape) -> Annotation:
        image, kept = self._image(source)
        x, y, z, sx, sy, sz, a, b, c = shape.numbers
        if not all(-HUGE < value < HUGE for value in shape.numbers):
            raise Misplaced("bad-number", "A box in space with a number that is no length or angle was refused.")
        if min(sx, sy, sz) <= 0:
            raise Misplaced("no-area", "A box in space with a side that is not positive was refused.")
        center, angles = self.placers[image].in_space((x, y, z), (a, b, c))
        label, attributes = source.named()
        return Cuboid(
            label=label,
            id=self._findings.next_id(),
            score=source.score,
            attributes=attributes,
            provenance=source.provenance(shape.numbers),
            center=center,
            size=(sx, sy, sz),
            angles=angles,
            image=kept,
        )

    def _flat(self, source: Source, shape: Shape) -> Annotation:
        """Build what lies flat on the picture: detection, text or block."""
        image, kept = self._image(source)
        placer = self._placer(source, shape, image)
        polygon = None
        if shape.kind == "box":
            box = placer.box(shape.numbers)
        elif shape.kind == "extent":
            x, y, width, height = shape.numbers
            box = placer.box((x, y, x + width, y + height))
        else:
            numbers = turned_corners(shape.numbers) if shape.kind == "turned" else shape.numbers
            polygon = placer.outline(numbers)
            box = polygon.bounds
        kind, text_key = self._meant(source, polygon)
        if kind == "text":
            quadrilateral = polygon if polygon and len(polygon.points) == 4 else Polygon(placer.corners(box))
            return self._text(source, shape, text_key, quadrilateral, kept)
        if kind == "block":
            return self._block(source, shape, text_key, box)
        label, attributes = source.named()
        return Detection(
            label=label,
            id=self._findings.next_id(),
            score=source.score,
            attributes=attributes,
            provenance=source.provenance(shape.numbers),
            box=box,
            outline=polygon,
            time=self._time(source),
            image=kept,
        )

    def _text(
        self, source: Source, shape: Shape, text_key: str | None, polygon: Polygon, image: int | None
    ) -> Annotation:
        label, attributes = source.named(text_key)
        return TextRegion(
            label=label,
            id=self._findings.next_id(),
            score=source.score,
            attributes=attributes,
            provenance=source.provenance(shape.numbers),
            text=source.string(text_key),
            polygon=polygon,
            image=image,
        )

    def _block(self, source: Source, shape: Shape, text_key: str | None, box: Box) -> Annotation:
        tag_key = source.layout.tag or next(iter(source.layout.labels), None)
        tag = source.string(tag_key)
        label, attributes = source.named(text_key, tag_key)
        return LayoutBlock(
            label=label or tag,
            id=self._findings.next_id(),
            score=source.score,
            attributes=attributes,
            provenance=source.provenance(shape.numbers),
            tag=tag,
            text=source.string(text_key),
            box=box,
        )

    def _meant(self, source: Source, polygon: Polygon | None) -> tuple[str, str | None]:
        """Return the kind an object is of, and the key of its text."""
        layout = source.layout
        text = next((key for key in layout.texts if isinstance(source.value[key], str)), None)
        if self._page_asked:
            return "block", text
        if text is not None:
            explicit = plain(text) not in _OPEN_TEXT
            if layout.tag is not None and not explicit and (plain(layout.tag) == "tag" or not self._text_asked):
                return "block", text
            if explicit or self._text_asked or polygon is not None or not layout.labels:
                return "text", text
        elif self._text_asked and layout.labels and isinstance(source.value[layout.labels[0]], str):
            return "text", layout.labels[0]
        elif polygon is not None and self._text_asked:
            return "text", None
        return "detection", None
