"""Pages: QwenVL HTML and Markdown."""

from __future__ import annotations

from reply_reading import codes, context, read

from qwvis_desktop.core.annotation import LayoutBlock, ReplyStatus
from qwvis_desktop.core.geometry import Box
from qwvis_desktop.core.replies.parser import ParsedReply

HTML = context("document-html")
MARKDOWN = context("document-markdown")


def blocks(reply: ParsedReply) -> list[tuple[str, str, bool]]:
    return [(a.tag, a.text, a.box is not None) for a in reply.annotations if isinstance(a, LayoutBlock)]


def test_elements_become_blocks_in_reading_order() -> None:
    reply = read(
        '```html\n<html><body>\n<h1 data-bbox="10 10 90 20">A &amp; <b>B</b></h1>\n'
        '<div class="image" data-bbox="1 2 3 4"><img data-bbox="1 2 3 4"/></div><ul data-bbox="0 0 1 1">'
        '<li data-bbox="5 5 9 9">one<br>two</li><li data-bbox="5 9 9 12">three</ul>'
        '<table data-bbox="1 1 9 9"><tr><td>a</td><td>b</td></tr><tr><th>c</th></tr></table></body></html>\n```',
        HTML,
    )
    assert blocks(reply) == [
        ("h1", "A & B", True),
        ("image", "", True),
        ("li", "one\ntwo", True),
        ("li", "three", True),
        ("table", "a\tb\nc", True),
    ]
    assert reply.status is ReplyStatus.OK
    assert isinstance(reply.annotations[0], LayoutBlock)
    assert reply.annotations[0].box == Box(20, 10, 180, 20)


def test_blocks_without_a_place_are_kept() -> None:
    reply = read(
        '<address class="author"><p>Qwen Team</p></address><p>one<p>two</p><img src="x" alt="Logo"><img src="y">', HTML
    )
    assert blocks(reply) == [
        ("p", "Qwen Team", False),
        ("p", "one", False),
        ("p", "two", False),
        ("image", "Logo", False),
    ]


def test_what_no_reader_sees_is_skipped() -> None:
    reply = read(
        "<!DOCTYPE html><head><title>t</title><img alt='x'></head><style>p {}</style><!-- c -->"
        "<p>1 < 2 and 3 <4</p></span></p>x",
        HTML,
    )
    assert blocks(reply) == [("p", "1 < 2 and 3 <4", False)]


def test_an_element_inside_another_belongs_to_it_unless_it_has_a_place_of_its_own() -> None:
    reply = read(
        '<div class="text" data-bbox="1 1 99 99"><p>in</p><p data-bbox="1 1 9 9">own</p></div>'
        "<div><div>bare</div></div>",
        HTML,
    )
    assert blocks(reply) == [("text", "in", True), ("p", "own", True), ("div", "bare", False)]


def test_outlines_and_places_that_are_none() -> None:
    reply = read(
        '<p data-polygon="1 1 9 1 9 9 1 9">a</p><p data-bbox="1 2 3">b</p>'
        '<p data-bbox="5 5 5 5">c</p><p data-bbox=x>d</p>',
        HTML,
    )
    assert blocks(reply) == [("p", "a", True), ("p", "b", False), ("p", "c", False), ("p", "d", False)]
    assert codes(reply) == ["bad-count", "no-area", "bad-count"]
    assert reply.status is ReplyStatus.PARTIAL


def test_a_block_that_never_ended_is_no_block() -> None:
    reply = read('<p data-bbox="1 1 9 9">whole</p><p data-bbox="1 9 9 19">cut o', HTML, "length")
    assert blocks(reply) == [("p", "whole", True)]
    assert codes(reply) == ["unclosed", "cut-off"]


def test_thoughts_about_a_page_are_no_page() -> None:
    assert blocks(read("<p>maybe</p><p>or</think><p>yes</p>", HTML)) == [("p", "yes", False)]
    assert blocks(read("# maybe\nor</think># yes\n", MARKDOWN)) == [("h1", "yes", False)]


def test_a_page_in_json() -> None:
    reply = read('```json\n[{"tag": "h1", "text": "T", "bbox_2d": [1, 2, 3, 4]}]\n```', HTML)
    assert blocks(reply) == [("h1", "T", True)]
    assert read("[]", HTML).status is ReplyStatus.OK_EMPTY


def test_markdown() -> None:
    reply = read(
        "```markdown\n# Title #\n\nSome text\nover two lines\n\n<!-- Image (1, 2, 30, 40) -->\n![x](y)\n"
        "- one\n2. two\n\n"
        "<!-- Table (10, 20, 30, 40) -->\n\\begin{tabular}{l}\na\n\nb\n\\end{tabular}\n| a | b |\n|---|---|\n"
        "<!-- Formula (1, 2, 3, 4) -->\n\n$$\nx\n$$\n$$ y $$\n\\begin{equation} z \\end{equation}\nlast\n| t |\n```",
        MARKDOWN,
    )
    assert blocks(reply) == [
        ("h1", "Title", False),
        ("p", "Some text\nover two lines", False),
        ("image", "", True),
        ("li", "one", False),
        ("li", "two", False),
        ("table", "\\begin{tabular}{l}\na\n\nb\n\\end{tabular}", True),
        ("table", "| a | b |\n|---|---|", False),
        ("formula", "$$\nx\n$$", True),
        ("formula", "$$ y $$", False),
        ("formula", "\\begin{equation} z \\end{equation}", False),
        ("p", "last", False),
        ("table", "| t |", False),
    ]
    assert reply.status is ReplyStatus.OK


def test_a_table_that_never_ended_is_no_block() -> None:
    reply = read("para\r\n\\begin{tabular}\na", MARKDOWN)
    assert blocks(reply) == [("p", "para", False)]
    assert codes(reply) == ["unclosed"]


def test_the_other_form_is_read_too() -> None:
    assert blocks(read("<p data-bbox='1 2 3 4'>x</p>", MARKDOWN)) != []
    assert blocks(read("# Only Markdown\n\ntext", HTML)) == [("h1", "Only Markdown", False), ("p", "text", False)]


def test_what_was_open_at_the_end_is_said_once() -> None:
    reply = read('<p data-bbox="1 1 9 9">a<style>b', HTML)
    assert (reply.annotations, codes(reply)) == ((), ["unclosed"])
