from __future__ import annotations

from page_documents import page_document_of

from qwvis_desktop.core.page.document import page_elements
from qwvis_desktop.core.page.text import text_of


def test_a_page_as_plain_text() -> None:
    reply = (
        '<h1 data-bbox="1 1 9 9">Title</h1><ol><li data-bbox="1 1 9 9">a<ul><li data-bbox="1 2 9 9">b</li></ul></li>'
        '</ol><table data-bbox="1 1 9 9"><tr><td>1</td><td>=2</td></tr></table><p data-bbox="1 1 9 9">$x$ &lt;b&gt;</p>'
        '<div class="image" data-bbox="1 1 9 9"></div><div class="image" data-bbox="1 2 9 9">a cat</div>'
    )
    assert text_of(page_elements(page_document_of(reply))) == (
        "Title\n\n1. a\n  - b\n\n1\t=2\n\n$x$ <b>\n\n[image]\n\n[a cat]\n"
    )


def test_nothing_is_nothing() -> None:
    assert text_of(()) == ""
