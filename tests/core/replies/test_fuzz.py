"""Two thousand damaged replies with known truth; ``tests/benchmarks/fuzz_replies.py`` does the same a million times."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reply_grammar import damaged, made, pieces
from reply_reading import context, labels, numbers, read, within

from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.replies.parser import ParsedReply, ReplyParser, parse_reply
from qwvis_desktop.core.tasks import TASKS

WHERE = context(original=Size(1000, 1000), sent=Size(1000, 1000))
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def assert_nothing_is_invented(raw: str, reply: ParsedReply) -> None:
    for annotation in reply.annotations:
        assert annotation.provenance is not None
        start, end = annotation.provenance.span
        assert raw[start] == "{"
        assert raw[end - 1] == "}"
        written = iter(float(found) for found in NUMBER.findall(raw[start:end]))
        assert all(any(number == found for found in written) for number in annotation.provenance.numbers)


def finds(reply: ParsedReply) -> set[tuple[object, ...]]:
    return {(a.kind, a.provenance.span, a.provenance.numbers) for a in reply.annotations if a.provenance}


@pytest.mark.parametrize("start", range(0, 2_000, 500))
def test_damaged_replies(start: int) -> None:
    for seed in range(start, start + 500):
        chance = random.Random(seed)
        raw = damaged(chance).text
        reply = parse_reply(raw, WHERE)
        assert_nothing_is_invented(raw, reply)
        parser = ReplyParser(WHERE)
        for piece in pieces(raw, chance):
            parser.feed(piece)
        assert parser.finish("stop") == reply
        assert finds(parse_reply(raw[: chance.randint(0, len(raw))], WHERE, None)) <= finds(reply)


def test_undamaged_replies_are_read_completely() -> None:
    for seed in range(300):
        reply = made(random.Random(seed))
        found = parse_reply(reply.text, WHERE)
        assert numbers(found) == [item.numbers for item in reply.truth]
        assert labels(found) == [item.label for item in reply.truth]
        assert found.issues == ()


PARTS = st.sampled_from(
    [
        '{"bbox_2d": [1, 2, 3, 4], "label": "a"}',
        "{",
        "}",
        "[",
        "]",
        '"',
        "'",
        ":",
        ",",
        "\\",
        "\n",
        "```",
        "<think>",
        "</think>",
        "<ref>",
        "</ref>",
        "<box>(1,2),(3,4)</box>",
        "<p data-bbox='1 2 3 4'>",
        "</p>",
        "<!-- Table (1, 2, 3, 4) -->",
        "| a |",
        "# h",
        "//",
        "/*",
        "*/",
        "0:01 - 0:02",
        '"start": 1, "end": 2',
        "12",
        "-",
        "。",
        "\ud800",
        "\x00",
        "$$",
        "<points x1='1' y1='2'>",
        "</points>",
        "label",
        "```json\n",
        "<!--",
        "\\begin{tabular}",
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.one_of(PARTS, st.text(max_size=4)), max_size=25),
    st.sampled_from(sorted(TASKS)),
    st.sampled_from(["stop", "length", None]),
)
def test_anything_is_read_the_same_in_any_pieces(parts: list[str], task: str, reason: str | None) -> None:
    raw = "".join(parts)
    assert all(within(raw, annotation) for annotation in read(raw, context(task, duration=100.0), reason).annotations)
