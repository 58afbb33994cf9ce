"""Damage of every kind seen: what is told, with which label, and what is said about the rest."""

from __future__ import annotations

import random

import pytest
from reply_grammar import damaged
from reply_reading import codes, context, labels, numbers, read, within

from qwvis_desktop.core.annotation import (
    Cuboid,
    Detection,
    Keypoint,
    LayoutBlock,
    ReplyStatus,
    TextRegion,
    bounds_of,
)
from qwvis_desktop.core.geometry import Box, Point, Polygon
from qwvis_desktop.core.replies.parser import ReplyParser, parse_reply

A, B = (1, 2, 3, 4), (5, 6, 7, 8)
ONE = '{"bbox_2d": [1, 2, 3, 4], "label": "a"}'
TWO = '{"bbox_2d": [5, 6, 7, 8], "label": "b"}'

BOTH = {
    "fence": f"```json\n[\n\t{ONE},\n\t{TWO}\n]\n```",
    "fence without a name": f"```\n[{ONE}, {TWO}]\n```",
    "lone closing fence": f"[{ONE}, {TWO}]\n```",
    "word json": f"json\n[{ONE}, {TWO}]",
    "lines": f"{ONE}\n{TWO}",
    "several blocks": f"First:\n```json\n[{ONE}]\n```\nand\n```json\n{TWO}\n```\nthat's all",
    "wrapper": f'{{"detections": [{ONE}, {TWO}], "count": 2}}',
    "wrapper of any key": f'{{"whatever": {{"deep": [{ONE}, {TWO}]}}}}',
    "wrapper with a brace in its key": f'{{"de}}tections": [{ONE}, {TWO}]}}',
    "no closing list": f"[{ONE}, {TWO}",
    "no opening list": f"{ONE}, {TWO}]",
    "stray brace before": f"[{{\n{ONE}, {TWO}]",
    "stray brace after": f"[{ONE}}}, {TWO}]",
    "doubled braces": f"[{{{ONE}}}, {TWO}]",
    "no commas between": f"[{ONE} {TWO}]",
    "no comma inside": f'[{{"bbox_2d": [1, 2, 3, 4] "label": "a"}}, {TWO}]',
    "no commas in numbers": f'[{{"bbox_2d": [1 2 3 4], "label": "a"}}, {TWO}]',
    "trailing commas": f'[{{"bbox_2d": [1, 2, 3, 4,], "label": "a",}}, {TWO},]',
    "no colon": f'[{{"bbox_2d" [1, 2, 3, 4], "label" "a"}}, {TWO}]',
    "single quotes": f"[{ONE}, {TWO}]".replace('"', "'"),
    "Chinese marks": f"[{{“bbox_2d”：[1，2，3，4]，“label”：“a”}}，{TWO}]",
    "bare keys": f'[{{bbox_2d: [1, 2, 3, 4], label: "a"}}, {TWO}]',
    "bare label": f"[{{bbox_2d: [1, 2, 3, 4], label: a}}, {TWO}]",
    "list not closed": f'[{{"bbox_2d": [1, 2, 3, 4, "label": "a"}}, {TWO}]',
    "list not opened": f'[{{"bbox_2d": 1, 2, 3, 4], "label": "a"}}, {TWO}]',
    "list not closed at the end": f'[{{"label": "a", "bbox_2d": [1, 2, 3, 4}}, {TWO}]',
    "list closed twice": f'{{"x": [{{"bbox_2d": [1, 2, 3, 4]], "label": "a"}}, {TWO}]}}',
    "label not closed": f'[{{"bbox_2d": [1, 2, 3, 4], "label": "a}},\n{TWO}]',
    "last label not closed": f'[{ONE}, {{"bbox_2d": [5, 6, 7, 8], "label": "b}}]',
    "last label in a wrapper not closed": f'```\n{{"x": [{ONE},\n{{"bbox_2d": [5, 6, 7, 8], "label": "b}}]}}\n```',
    "first label not closed": f'[{{"label": "a, "bbox_2d": [1, 2, 3, 4]}}, {TWO}]',
    "label not opened": f'[{{"bbox_2d": [1, 2, 3, 4], "label": a"}}, {TWO}]',
    "key not closed": f'[{{"bbox_2d: [1, 2, 3, 4], "label": "a"}}, {TWO}]',
    "key not opened": f'[{{bbox_2d": [1, 2, 3, 4], "label": "a"}}, {TWO}]',
    "second key not opened": f'[{{"label": "a", bbox_2d": [1, 2, 3, 4]}}, {TWO}]',
    "comments": f'[ // all\n{ONE}, /* {{"bbox_2d": [9, 9, 10, 10]}} */ '
    f'{{"bbox_2d": [5, 6, 7, 8], # last\n "label": "b" // x\n}}]',
    "keys again": '[{"bbox_2d": [1, 2, 3, 4], "label": "a", "bbox_2d": [5, 6, 7, 8], "label": "b"}]',
    "strings": '[{"bbox_2d": ["1", "2.0", " 3", "4"], "label": "a"}, {"bbox_2d": "5 6 7 8", "label": "b"}]',
    "corners": '[{"bbox_2d": [[1, 2], [3, 4]], "label": "a"}, {"bbox_2d": [[5, 6, 7, 8]], "label": "b"}]',
    "wide brackets": f'[｛"bbox_2d"：［1，2、3，4］；"label"：「a」｝，{TWO}]',
    "corner quotes": f'[{{『bbox_2d』: [1, 2, 3, 4], ‘label’: ’a’, "n": 1.}}, {TWO}]',
    "wide quotes": f"[{{＂bbox_2d＂: [1, 2, 3, 4], ”label”: “a“, }}, {TWO}]",
    "comments in an open object": f'{{"x": [{ONE}, // {{1}}\n /* {{2}} */ {TWO} # end\n, /* 3 */], "n": 1}}',
    "literals": f'[{{"bbox_2d": [1, 2, 3, 4], "label": "a", "crowd": False, "of": None}}, {TWO}]',
    "brace for bracket": f'[{{"bbox_2d": [1, 2, 3, 4}}, "label": "a"}}, {TWO}]',
    "comment among objects": f'{{"x": [{ONE}, /* {{"bbox_2d": [9, 9, 10, 10]}} */ {TWO}]}}',
    "beside a size": '[{"left": 1, "top": 2, "width": 3, "height": 4, "label": "a"}, '
    '{"bbox": {"x": 5, "y": 6, "w": 7, "h": 8}, "label": "b"}]',
    "tuple": f'[{{"bbox_2d": (1, 2, 3, 4), "label": "a"}}, {TWO}]',
    "sides": '[{"x1": 1, "y1": 2, "x2": 3, "y2": 4, "label": "a"}, '
    '{"bbox": {"xmin": 5, "ymin": 6, "xmax": 7, "ymax": 8}, "name": "b"}]',
    "labels as keys": '{"a": [1, 2, 3, 4], "b": [[5, 6, 7, 8]]}',
    "labels as keys of objects": '{"a": {"bbox_2d": [1, 2, 3, 4]}, "b": [{"bbox_2d": [5, 6, 7, 8]}]}',
    "special tokens": f"<|im_start|>assistant\n[{ONE}, {TWO}]<|im_end|><|endoftext|>",
    "thinking": f'<think>maybe {{"bbox_2d": [9, 9, 10, 10]}}</think>[{ONE}, {TWO}]',
    "only the end of thinking": f'maybe {{"bbox_2d": [9, 9, 10, 10]}} or {{"x\n</think>\n[{ONE}, {TWO}]',
    "end of thinking in a string": f'maybe {{"label": "the\n</think>\n[{ONE}, {TWO}]',
    "tags": "<ref>a</ref><box>(1,2),(3,4)</box> and <ref> b</ref><box>(5,6),(7,8)</box>",
    "tokens": "<|object_ref_start|>a<|object_ref_end|><|box_start|>(1,2),(3,4)<|box_end|> "
    "<|object_ref_start|>b<|object_ref_end|><|box_start|>(5,6),(7,8)<|box_end|><|im_end|>",
    "byte order mark and friends": f"\ufeff[{ONE},\u2028\x00\r\n{TWO}]\x00",
}


@pytest.mark.parametrize("name", BOTH)
def test_both_boxes_are_told(name: str) -> None:
    reply = read(BOTH[name])
    assert numbers(reply) == [A, B]
    assert labels(reply) == ["a", "b"]
    assert reply.status is ReplyStatus.OK
    assert reply.issues == ()
    assert reply.text is None


@pytest.mark.parametrize(
    "label",
    [
        'the "big" car',
        '5" disk',
        "driver's seat",
        "a, b",
        "x: y",
        "{b}",
        "[1, 2]",
        '"',
        'say "hi", then go',
        "</think>",
        '[{\\"bbox_2d\\": [9, 9, 10, 10]}]',
        "C:\\\\x",
        "a\nb",
        '{"bbox_2d": [9, 9, 10, 10], "label": "z"}',
        "// no",
        "# no",
    ],
)
def test_a_label_is_kept_whole(label: str) -> None:
    due = label.replace('\\"', '"').replace("\\\\", "\\")
    reply = read(f'[{{"bbox_2d": [1, 2, 3, 4], "label": "{label}"}}, {TWO}]')
    assert labels(reply) == [due, "b"]
    assert numbers(reply) == [A, B]


@pytest.mark.parametrize("label", ['the "big" car', 'say "hi",   then go', 'a "b", c d', 'x "y",   z-1 w', '5", 6'])
def test_a_label_in_an_open_object_is_kept_whole_as_it_comes(label: str) -> None:
    raw = f'{{"x": [{ONE}, {{"n": {{"m": 1}}, "bbox_2d": [5, 6, 7, 8], "label": "{label}"}}]}}'
    assert labels(read(raw)) == ["a", label]


@pytest.mark.parametrize("end", ["", "\n```", "<|im_end|>", "\n<|im_end|>", "\n"])
def test_a_quote_is_owed_before_the_end_of_a_reply(end: str) -> None:
    assert numbers(read('[{"bbox_2d": [1, 2, 3, 4], "label": "a}\n]' + end)) == [A]


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_reply_that_was_broken_off_may_have_gone_on_in_its_last_string(end: str) -> None:
    raw = '[{"bbox_2d": [1, 2, 3, 4], "label": "a}\n]' + end
    for reason in (None, "length"):
        assert numbers(read(raw, finish_reason=reason)) == []
    assert numbers(read(raw + ' and b"}]')) == [A]
    assert labels(read(raw + ' and b"}]')) == ["a}\n]" + end + " and b"]


@pytest.mark.parametrize("end", ["\n```", "<|im_end|>"])
def test_a_quote_is_owed_before_a_mark_of_the_end_even_where_the_reply_was_broken_off(end: str) -> None:
    assert numbers(read('[{"bbox_2d": [1, 2, 3, 4], "label": "a}\n]' + end, finish_reason=None)) == [A]


def test_a_sign_of_no_meaning_behind_a_string_is_passed_over() -> None:
    assert numbers(read('[{"bbox_2d": [1, 2, 3, 4], "label": "a", "tags": ["b"\x00 ]}]')) == [A]


def test_too_much_that_is_no_json_is_given_up_where_a_quote_was_forgotten() -> None:
    assert numbers(read(f'{{"a" "b" "c" "d" "e" "f" "g" "h" "i" "j}}, {ONE}')) == [A]
    assert numbers(read(f'{{"x": [{ONE}, {{"y": {{"z": "w"], "v": 1}} {TWO}')) == [A, B]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        (r"a\u0041\n", "aA\n"),
        (r"\_x \frac", "\\_x \x0crac"),
        (r"\ud83d\ude00", "😀"),
        (r"\ud83d", "\ud83d"),
        (r"\'", "'"),
        (r"a\/b\r\b\f\t", "a/b\r\b\f\t"),
        (r"\u00", "\\u00"),
    ],
)
def test_escapes(text: str, due: str) -> None:
    assert labels(read(f'[{{"bbox_2d": [1, 2, 3, 4], "label": "{text}", }}]')) == [due]


@pytest.mark.parametrize(
    ("raw", "due", "code"),
    [
        (f"[{ONE}, {TWO[:20]}", [A], "unclosed"),
        (f"[{ONE[:-1]}, {TWO}]", [B], "unclosed"),
        (f"[{ONE}, {TWO[:-1]}]", [A], "unclosed"),
        (f'{{"x": [{ONE}, {TWO[:-1]}]}}', [A], "unclosed"),
        (f"{ONE[1:]}, {TWO}", [B], "unclosed"),
        (f"```json\n[{ONE[:-1]}\n```\n[{TWO}]", [B], "unclosed"),
        (f'[{{"bbox_2d": [1, 2, 3, 4], "label": "a\n```\n{TWO}', [B], "unclosed"),
        (f"<box>(1,2),(3,4) {TWO}", [B], "unclosed"),
        (f'[{{"bbox_2d": [1, 2, 3]}}, {TWO}]', [B], "bad-count"),
        (f'[{{"bbox_2d": [1, 2, 3, 4, 5]}}, {TWO}]', [B], "bad-count"),
        (f'[{{"bbox_2d": [[1, 2, 3, 4], 5]}}, {TWO}]', [B], "bad-count"),
        (f'[{{"bbox_2d": 5}}, {TWO}]', [B], "bad-number"),
        (f'[{{"bbox_2d": "left"}}, {TWO}]', [B], "bad-number"),
        (f'[{{"bbox_2d": [1, 2, null, 4]}}, {TWO}]', [B], "bad-number"),
        (f'[{{"bbox_2d": [1, 2, true, 4]}}, {TWO}]', [B], "bad-number"),
        (f'[{{"bbox_2d": [NaN, 2, 3, 4]}}, {TWO}]', [B], "bad-number"),
        (f'[{{"bbox_2d": [1, 2, Infinity, 4], "label": "x"}}, {TWO}]', [B], "bad-number"),
        (f'[{{"bbox_2d": [1, 2, 1e999, 4]}}, {TWO}]', [B], "bad-number"),
        (f'[{{"bbox_2d": [1, 2, {"9" * 5000}, 4]}}, {TWO}]', [B], "bad-number"),
        (f'[{{"bbox_2d": [1, 2, {"9" * 400}, 4]}}, {TWO}]', [B], "bad-number"),
        (f'[{{"bbox_2d": [5, 5, 5, 9], "label": "x"}}, {TWO}]', [B], "no-area"),
        (f'[{{"bbox_2d": [1100, 1100, 1200, 1200]}}, {TWO}]', [B], "outside"),
        (f'[{{"bbox_2d": [1000, 0, 1010, 9]}}, {TWO}]', [B], "outside"),
        (f'[{{"point_2d": [1200, 5]}}, {TWO}]', [B], "outside"),
        (f'[{{"polygon": [1, 1, 2, 2, 3, 3, 4, 4]}}, {TWO}]', [B], "no-area"),
        (f'[{{"polygon": [1100, 0, 1200, 0, 1200, 9, 1100, 9]}}, {TWO}]', [B], "outside"),
        (f'[{{"bbox_3d": [1, 2, 3, 1, 0, 1, 0, 0, 0]}}, {TWO}]', [B], "no-area"),
        (f'[{{"bbox_3d": [1, 2, NaN, 1, 1, 1, 0, 0, 0]}}, {TWO}]', [B], "bad-number"),
        (f'[{{"bbox_2d": [[1, 2], [3, 4], [5, 6]]}}, {TWO}]', [B], "bad-count"),
        (f'[{{"my bbox_2d": [1, 2, 3, 4], "x": 1}}, {TWO}]', [B], "unread"),
    ],
)
def test_what_is_refused_is_said_and_the_rest_stands(raw: str, due: list[tuple[int, ...]], code: str) -> None:
    reply = read(raw)
    assert numbers(reply) == due
    assert codes(reply) == [code]
    assert reply.status is ReplyStatus.PARTIAL
    start, end = reply.issues[0].span
    assert 0 <= start < end <= len(raw)
    assert reply.issues[0].message.endswith(".")


@pytest.mark.parametrize(
    "raw",
    [
        "[]",
        "```json\n[]\n```",
        "{}",
        '{"detections": []}',
        '{"objects": null}',
        "null",
        "None",
        '[{"bbox_2d": [], "label": "a"}]',
        '{"bbox_2d": null}',
        "There is nothing:\n[\n]\n",
        '{"bbox_2d": ""}',
    ],
)
def test_validly_nothing(raw: str) -> None:
    reply = read(raw)
    assert reply.status is ReplyStatus.OK_EMPTY
    assert reply.annotations == ()
    assert reply.issues == ()


@pytest.mark.parametrize(
    "raw",
    [
        "There are no cats.",
        "The car is at [1, 2, 3, 4].",
        '{"answer": "no"}',
        "{a} {b}",
        "body { color: red; margin: 0 auto; }",
        "<b>hi</b>",
        '{"label": "cat", "location": "kitchen", "position": 3}',
        '{"cat": ["a", "b"], "dog": [1, 2, 3]}',
        '{"a": [], "b": 5}',
        "x < y and {z",
        '{"names": [1, 2], "x": [{"y": 1}]}',
    ],
)
def test_nothing_of_the_asked_kind(raw: str) -> None:
    reply = read(raw)
    assert reply.status is ReplyStatus.NO_STRUCTURED_DATA
    assert reply.annotations == ()


@pytest.mark.parametrize("raw", ["", " \n", "\ufeff", "<|im_end|>", "<think>hm</think>\n"])
def test_nothing_came(raw: str) -> None:
    assert read(raw).status is ReplyStatus.EMPTY_REPLY


def test_a_reply_that_is_only_a_thought() -> None:
    reply = read(f"<think>maybe {ONE}", finish_reason="length")
    assert reply.status is ReplyStatus.EMPTY_REPLY
    assert codes(reply) == ["only-thinking"]


@pytest.mark.parametrize("reason", ["length", None])
def test_a_cut_off_reply_is_partial(reason: str | None) -> None:
    reply = read(f"[{ONE},", finish_reason=reason)
    assert numbers(reply) == [A]
    assert reply.status is ReplyStatus.PARTIAL
    assert codes(reply) == ["cut-off"]


def test_an_echo_of_the_format_is_no_find() -> None:
    echo = '[{"bbox_2d": [x1, y1, x2, y2], "label": "..."}]'
    assert read(echo).status is ReplyStatus.NO_STRUCTURED_DATA
    reply = read(f"In the format {echo} I give:\n[{ONE}]")
    assert (numbers(reply), reply.status, codes(reply)) == ([A], ReplyStatus.OK, ["format-echo"])
    assert codes(read('{"point_2d": [x, y]}')) == codes(read('{"bbox_2d": x1}')) == ["format-echo"]
    assert codes(read('{"bbox_2d": ["x1", "y1", "x2", "y2"]}')) == ["format-echo"]


def test_repetition_is_told_once() -> None:
    loop = ", ".join([ONE] * 40)
    reply = read(f"[{TWO}, {loop}, {ONE[:12]}", finish_reason="length")
    assert numbers(reply) == [B, A]
    assert codes(reply) == ["unclosed", "repetition", "cut-off"]
    assert reply.status is ReplyStatus.PARTIAL


def test_a_loop_of_several_is_told_once_and_what_follows_is_read() -> None:
    reply = read("[" + f"{ONE}, {TWO}, " * 20 + '{"bbox_2d": [9, 9, 10, 10], "label": "c"}]')
    assert numbers(reply) == [A, B, (9, 9, 10, 10)]
    assert codes(reply) == ["repetition"]


def test_a_few_equal_boxes_stand_unless_the_reply_was_cut() -> None:
    few = f"[{ONE}, {ONE}, {ONE}, {ONE}]"
    assert numbers(read(few)) == [A] * 4
    assert numbers(read(few[:-1], finish_reason="length")) == [A]


def test_the_parser_says_that_it_loops() -> None:
    parser = ReplyParser(context())
    parser.feed(ONE * 3)
    assert not parser.looping
    parser.feed(ONE * 20)
    assert parser.looping


def test_a_late_end_of_thinking_takes_back_what_was_told() -> None:
    parser = ReplyParser(context())
    first = parser.feed(f"{ONE} {ONE} [")
    assert len(first.annotations) == 2
    update = parser.feed(f"</think> {ONE}")
    assert update.retracted == tuple(a.id for a in first.annotations)
    assert len(update.annotations) == 1
    assert numbers(parser.finish("stop")) == [A]


def test_boxes_are_ordered_clipped_and_placed() -> None:
    reply = read('[{"bbox_2d": [30, 40, 10, 20], "label": "a"}, {"bbox_2d": [-5, -5, 1010, 500.5], "label": "b"}]')
    assert [bounds_of(a) for a in reply.annotations] == [Box(20, 20, 60, 40), Box(0, 0, 2000, 500.5)]
    assert reply.status is ReplyStatus.OK


def test_a_point_that_overshoots_a_little_goes_to_the_border() -> None:
    reply = read('[{"point_2d": [1004, -3]}]', context("point"))
    assert isinstance(reply.annotations[0], Keypoint)
    assert reply.annotations[0].point == Point(2000, 0)


def test_ids_and_spans_are_those_of_the_reply() -> None:
    raw = f"Sure: [{ONE}, {TWO}]"
    reply = read(raw)
    assert [a.id for a in reply.annotations] == ["run:1", "run:2"]
    assert [raw[slice(*a.provenance.span)] for a in reply.annotations if a.provenance] == [ONE, TWO]


def test_what_else_an_object_says_is_kept() -> None:
    reply = read(
        '{"bbox_2d": [1, 2, 3, 4], "label": "a", "score": "0.5", "time": "00:01.5", "color": "red", "point_2d": [1, 2]}'
    )
    found = reply.annotations[0]
    assert isinstance(found, Detection)
    assert (found.score, found.time, dict(found.attributes)) == (0.5, 1.5, {"color": "red", "point_2d": [1, 2]})
    odd = read('{"bbox_2d": [1, 2, 3, 4], "name": "a", "score": 95, "time": "noon"}').annotations[0]
    assert (odd.score, dict(odd.attributes)) == (None, {"score": 95, "time": "noon"})


@pytest.mark.parametrize(
    ("pairs", "label"),
    [
        ('"name_zh": "羊", "name_en": "sheep"', "羊"),
        ('"names": {"zh": "羊"}', "羊"),
        ('"label": ["a", "b"]', "a, b"),
        ('"label": 7', "7"),
        ('"label": null, "name": "x"', "x"),
        ('"what": "it"', "it"),
        ('"label": true', ""),
        ('"category": "c", "label": "l"', "l"),
        ('"label_en": "e", "label_zh": "z"', "e"),
        ('"标签": "猫"', "猫"),
    ],
)
def test_labels_of_all_sorts(pairs: str, label: str) -> None:
    assert labels(read(f'[{{"bbox_2d": [1, 2, 3, 4], {pairs}}}]')) == [label]


def test_what_is_round_objects_gives_them_their_label() -> None:
    assert labels(read('{"category": "cat", "boxes": [{"bbox_2d": [1, 2, 3, 4]}, {"bbox_2d": [5, 6, 7, 8]}]}')) == [
        "cat",
        "cat",
    ]
    assert labels(read('{"objects": [{"bbox_2d": [1, 2, 3, 4]}]}')) == [""]
    assert labels(read('{"label": "cat", "location": {"bbox_2d": [1, 2, 3, 4]}}')) == ["cat"]
    assert labels(read('{"label": "cat", "bbox": {"left": 1, "top": 2, "right": 3, "bottom": 4}}')) == ["cat"]
    assert read('{"label": "cat", "bbox": {"shade": 1}}').annotations == ()


def test_several_places_under_one_label() -> None:
    reply = read('[{"bbox_2d": [[1, 2, 3, 4], [5, 6, 7, 8]], "label": "a"}]')
    assert (numbers(reply), labels(reply)) == ([A, B], ["a", "a"])
    again = read('{"bbox_2d": [1, 2, 3, 4], "bbox_2d": [5, 6, 7, 8], "label": "a"}')
    assert (numbers(again), labels(again)) == ([A, B], ["a", "a"])
    deep = read('[{"bbox_2d": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], "label": "a"}]')
    assert numbers(deep) == [A, B]
    corners = read('[{"bbox_2d": [[10, 20], [30, 20], [30, 40], [10, 40]], "label": "a"}]').annotations[0]
    assert bounds_of(corners) == Box(20, 20, 60, 40)


def test_times_stand_in_or_round_a_box() -> None:
    where = context("video-boxes")
    for raw in (
        '[{"time": "1.0 seconds", "bbox_2d": [1, 2, 3, 4], "label": "a"}]',
        '[{"time": 1, "objects": [{"bbox_2d": [1, 2, 3, 4], "label": "a"}]}]',
        '{"00:01": [{"bbox_2d": [1, 2, 3, 4], "label": "a"}]}',
        '{"n": 1, "frames": [{"n": 2, "timestamp": "00:01.0", "boxes": [{"bbox_2d": [1, 2, 3, 4], "label": "a"}]}]}',
    ):
        found = read(raw, where).annotations[0]
        assert isinstance(found, Detection)
        assert (found.time, found.label) == (1.0, "a")
    unlabelled = read('{"00:01": [{"bbox_2d": [1, 2, 3, 4]}], "cat": [{"bbox_2d": [1, 2, 3, 4]}]}', where)
    assert [(a.label, a.time) for a in unlabelled.annotations if isinstance(a, Detection)] == [("", 1.0), ("cat", None)]


def test_points_and_gestures() -> None:
    where = context("point")
    assert numbers(read('[{"point_2d": [[1, 2], [3, 4]]}]', where)) == [(1, 2), (3, 4)]
    assert numbers(read('[{"points": [[1, 2], [3, 4]]}]', where)) == [(1, 2), (3, 4)]
    swipe = (
        '<tool_call>{"name": "mobile_use", "arguments": '
        '{"action": "swipe", "coordinate": [1, 2], "coordinate2": [3, 4]}}</tool_call>'
    )
    assert (numbers(read(swipe, where)), labels(read(swipe, where))) == ([(1, 2), (3, 4)], ["swipe", "swipe"])
    tapped = read('{"action": "CLICK", "parameters": {"x": 10, "y": 20}}', where)
    assert (numbers(tapped), labels(tapped)) == ([(10, 20)], ["CLICK"])
    tag = read('<points x1="1" y1="2" x2="3" y2="4" alt="it">it</points>', where)
    assert (numbers(tag), labels(tag)) == ([(1, 2), (3, 4)], ["it", "it"])
    assert numbers(read("<point>5 6</point> <point x='7' y='8'>it</point>", where)) == [(5, 6), (7, 8)]
    assert numbers(read('{"cat": [1, 2], "dog": [[3, 4]]}', where)) == [(1, 2), (3, 4)]
    assert labels(read('<points x1="1" y1="2" colour="red">it</points>', where)) == ["it"]
    assert codes(read('<points x1="1" alt="it">it</points>', where)) == ["bad-number"]


def test_a_thing_with_an_outline_keeps_it() -> None:
    (thing,) = read('{"polygon": [[100, 100], [300, 100], [200, 400]], "label": "x"}').annotations
    assert isinstance(thing, Detection)
    assert thing.outline == Polygon((Point(200, 100), Point(600, 100), Point(400, 400)))
    assert thing.box == thing.outline.bounds
    assert numbers(read('{"segmentation": [1, 1, 9, 1, 9, 9, 5, 5, 1, 9], "label": "x"}')) == [
        (1, 1, 9, 1, 9, 9, 5, 5, 1, 9)
    ]
    assert codes(read('{"polygon": [1, 1, 9, 1, 9, 9, 1], "label": "x"}')) == ["bad-count"]
    (line,) = read('{"polygon": [[10, 10], [90, 10], [50, 50]], "text": "abc"}', context("spot-text")).annotations
    assert isinstance(line, TextRegion)
    assert line.polygon == Polygon(line.polygon.bounds.corners)
    (plain,) = read(ONE).annotations
    assert isinstance(plain, Detection)
    assert plain.outline is None


def test_the_shape_decides_the_kind_and_not_the_task() -> None:
    assert isinstance(read(ONE, context("point")).annotations[0], Detection)
    assert isinstance(read('{"point_2d": [1, 2]}').annotations[0], Keypoint)
    assert isinstance(read('{"bbox_2d": [1, 2, 3, 4], "text_content": "x"}').annotations[0], TextRegion)
    assert isinstance(read('{"bbox_2d": [1, 2, 3, 4], "text": "x"}').annotations[0], TextRegion)
    assert isinstance(read('{"bbox_2d": [1, 2, 3, 4], "text": "x", "label": "y"}').annotations[0], Detection)
    block = read('{"tag": "h1", "text": "x", "bbox_2d": [1, 2, 3, 4]}').annotations[0]
    assert isinstance(block, LayoutBlock)
    assert (block.tag, block.text) == ("h1", "x")
    cuboid = read('{"bbox_3d": [1, 2, 3, 1, 1, 1, 0.1, 0.2, 0.3], "label": "car"}').annotations[0]
    assert isinstance(cuboid, Cuboid)
    assert (cuboid.center, cuboid.size, cuboid.angles) == ((1, 2, 3), (1, 1, 1), (0.1, 0.2, 0.3))
    assert isinstance(read('{"polygon": [[1, 1], [9, 1], [9, 9], [1, 9]], "label": "x"}').annotations[0], Detection)


def test_text_with_its_place() -> None:
    where = context("spot-text")
    for raw, text in {
        '{"bbox_2d": [1, 2, 3, 4], "text_content": "x", "type": "printed"}': "x",
        '{"bbox_2d": [1, 2, 3, 4], "label": "x"}': "x",
        '{"bbox_2d": [1, 2, 3, 4], "text": "x", "label": "line"}': "x",
        '{"polygon": [1, 1, 9, 1, 9, 9, 1, 9], "score": 0.5}': "",
    }.items():
        found = read(raw, where).annotations[0]
        assert isinstance(found, TextRegion)
        assert found.text == text
    box = read('{"bbox_2d": [10, 20, 30, 40]}', where).annotations[0]
    assert isinstance(box, Detection)
    corners = read('{"points": [[1, 1], [9, 1], [9, 9], [1, 9]], "text": "x"}', where).annotations[0]
    assert isinstance(corners, TextRegion)


def test_places_of_the_ocr_service_count_their_own_pixels() -> None:
    word = '{"text": "a", "location": [10, 10, 20, 10, 20, 20, 10, 20], "rotate_rect": [15, 15, 10, 10, 0]}'
    found = read(f'{{"words_info": [{word}]}}', context("spot-text")).annotations[0]
    assert bounds_of(found) == Box(20, 20, 40, 40)
    turned = read(
        '{"words_info": [{"text": "a", "rotate_rect": [15, 15, 10, 10, 0]}]}', context("spot-text")
    ).annotations[0]
    assert bounds_of(turned) == Box(20, 20, 40, 40)
    alone = read(
        '[{"text": "a", "rotate_rect": [500, 500, 100, 200, 90]}]', context("spot-text", "sent-pixels")
    ).annotations[0]
    assert isinstance(alone, TextRegion)
    assert alone.polygon.points[0] == pytest.approx((800, 450))


def test_several_pictures() -> None:
    where = context(pictures=2)
    reply = read(
        '[{"bbox_2d": [1, 2, 3, 4], "image": 1}, {"bbox_2d": [1, 2, 3, 4], "image": "0"}, {"bbox_2d": [1, 2, 3, 4]}]',
        where,
    )
    assert [a.image for a in reply.annotations if isinstance(a, Detection)] == [1, 0, None]
    assert codes(read('{"bbox_2d": [1, 2, 3, 4], "image": 2}', where)) == ["image"]


def test_nothing_but_lists() -> None:
    assert numbers(read("[[1, 2, 3, 4], [5, 6, 7, 8]]")) == [A, B]
    assert numbers(read("```json\n[1, 2, 3, 4]\n```")) == [A]
    assert numbers(read("[[1, 2, 3], [5, 6]]")) == [(5, 6)]
    lines = read("```\n500,500,20,100,90,INTER, NATIONAL\n\n100,100,10,50,90,DAY\n```", context("spot-text"))
    assert [a.text for a in lines.annotations if isinstance(a, TextRegion)] == ["INTER, NATIONAL", "DAY"]
    assert read("1,2,3,4,5,text\nand prose", context("spot-text")).annotations == ()


def test_questions_are_answered_in_text() -> None:
    where = context("ask")
    reply = read(f"<think>hm {ONE}</think>\nIt is {ONE} a cat.<|im_end|>", where)
    assert (reply.text, reply.annotations, reply.status) == (f"It is {ONE} a cat.", (), ReplyStatus.OK)
    assert numbers(read("A <ref>cat</ref><box>(1,2),(3,4)</box> sits.", where)) == [A]
    assert numbers(read(f"Here:\n```json\n[{ONE}]\n```", where)) == [A]
    assert numbers(read(f"[{ONE}]", where)) == [A]
    assert read(f"```python\nx = [{ONE}]\n```", where).annotations == ()
    assert read('{"answer": "yes", "box": [1, 2, 3, 4]}', where).annotations == ()
    assert read('{"x": 1, "y": 2}', where).status is ReplyStatus.OK
    assert read("It is a", where, "length").status is ReplyStatus.PARTIAL


@pytest.mark.parametrize("task", ["read-text", "code", "ocr:document_parsing"])
def test_text_that_was_asked_for_is_never_parsed(task: str) -> None:
    raw = f"[{ONE}] <ref>a</ref><box>(1,2),(3,4)</box>"
    reply = read(raw, context(task))
    assert (reply.text, reply.annotations) == (raw, ())


def test_fields() -> None:
    where = context("extract-fields")
    reply = read('Here:\n```json\n{"total": "8.00<全>", "items": [{"a": 1}]}\n```', where)
    assert reply.status is ReplyStatus.OK
    assert reply.text == '{\n  "total": "8.00<全>",\n  "items": [\n    {\n      "a": 1\n    }\n  ]\n}'
    assert (read('{"a": 1}\n{"b": 2}', where).text or "").startswith("[")
    assert read("{}", where).status is ReplyStatus.OK_EMPTY
    assert read("nothing", where).text is None
    cut = read('{"a": 1, "b": ', where)
    assert (cut.status, cut.text) == (ReplyStatus.PARTIAL, None)
    assert read('{"a": 1}</think>{"b": 2}', where).text == '{\n  "b": 2\n}'


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "{",
        '{"a":',
        '{"a":[',
        "<",
        "</",
        "`",
        '"',
        '{"',
        "{'a",
        "//",
        "/*",
        "\\",
        '{"a": "\\',
        "{[",
        "((",
        ",",
        "{a:",
    ],
)
def test_garbage_of_all_sorts_is_survived(text: str) -> None:
    assert read(text * 300).annotations == ()


def test_long_garbage_made_of_replies_is_survived() -> None:
    for seed in range(20):
        chance = random.Random(seed)
        text = "".join(damaged(chance).text for _ in range(25))
        assert all(within(text, annotation) for annotation in read(text).annotations)


def test_deep_nesting_does_not_recurse() -> None:
    deep = read('{"a": ' * 5000 + ONE + "}" * 5000)
    assert numbers(deep) == [A]
    assert len(deep.issues) < 200
    assert numbers(read('{"a": [' * 90 + "x" * 3000 + ONE)) == [A]
    assert numbers(read('{"a": [' * 90 + f"</think>{ONE}")) == [A]
    assert numbers(read('{"a": [' * 90 + "x" * 3000 + "} " + ONE)) == [A]
    assert read('{"a": ' + "[" * 5000 + "]" * 5000 + "}").annotations == ()


def test_a_list_that_ends_inside_two_open_objects_closes_neither() -> None:
    reply = read('[{"x": [{"x": {"bbox_2d": [1, 2, 3, 4], "label": "a"]')
    assert numbers(reply) == []
    assert "unclosed" in codes(reply)


def test_a_string_and_a_number_in_one_list_are_two_items() -> None:
    (found,) = read('{"bbox_2d": [1, 2, 3, 4] "label": "a", "tags": ["x", 5, "y"]}').annotations
    assert found.attributes["tags"] == ["x", 5, "y"]


@pytest.mark.parametrize("words", ['"a" ' * 9, '"a": 1 "x" ' * 9])
def test_words_one_after_the_other_are_no_object_and_cost_nothing_that_follows(words: str) -> None:
    reply = read("{" + words + '"b}\n' + TWO)
    assert numbers(reply) == [B]


ZOOM_CALL = (
    '<tool_call>{"name": "image_zoom_in_tool", "arguments": {"bbox_2d": [1, 2, 3, 4], "label": "x"}}</tool_call>'
)


@pytest.mark.parametrize("size", [1, 7, 1000])
@pytest.mark.parametrize("before", ["", "I look closer. "])
def test_where_a_model_looks_closer_is_no_find(size: int, before: str) -> None:
    reply = f'{before}{ZOOM_CALL}\n[{{"bbox_2d": [10, 20, 30, 40], "label": "cat"}}]'
    parser = ReplyParser(context())
    updates = [parser.feed(reply[at : at + size]) for at in range(0, len(reply), size)]
    parsed = parser.finish("stop")
    assert [item.label for item in parsed.annotations] == ["cat"]
    assert parsed.issues == ()
    assert [item.label for update in updates for item in update.annotations] in ([], ["cat"])
    assert parse_reply(ZOOM_CALL.removesuffix("</tool_call>"), context(), "length").annotations == ()
