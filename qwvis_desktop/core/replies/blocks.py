"""Writes the blocks of a page, whatever they were read from."""

from __future__ import annotations

from qwvis_desktop.core.annotation import LayoutBlock, Provenance
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.replies.findings import Findings, ReplyContext
from qwvis_desktop.core.replies.placing import Misplaced, numbers_in, placer_of


class BlockWriter:
    """Turns a tag, its text and the numbers of its place into a block.

    Args:
        context: what must be known to read the reply.
        findings: where annotations and issues go.
    """

    def __init__(self, context: ReplyContext, findings: Findings) -> None:
        self._findings = findings
        self._placer = placer_of(context.frames[0], context.space)

    def add(self, tag: str, text: str, place: str, span: tuple[int, int]) -> None:
        """Keep a block; ``place`` holds four numbers, the eight of an outline, or nothing.

        A block whose place is no good is kept without it, and said so: its text is right all the same.
        """
        box: Box | None = None
        numbers: tuple[float, ...] = ()
        if place:
            try:
                numbers = numbers_in(place) or ()
                box = self._box(numbers)
            except Misplaced as problem:
                self.refuse(problem.code, f"{problem} The block is kept without a place.", span)
        self._findings.structured = True
        self._findings.add(
            LayoutBlock(
                label=tag,
                id=self._findings.next_id(),
                provenance=Provenance(self._findings.run, span, numbers),
                tag=tag,
                text=text,
                box=box,
            )
        )

    def refuse(self, code: str, message: str, span: tuple[int, int]) -> None:
        """Keep an issue."""
        self._findings.refuse(code, message, span)

    def _box(self, numbers: tuple[float, ...]) -> Box:
        if len(numbers) == 4:
            return self._placer.box(numbers)
        if len(numbers) == 8:
            return self._placer.outline(numbers).bounds
        raise Misplaced("bad-count", f"{len(numbers)} numbers where four or eight are due.")
