from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.store.shelf import Shelf
from qwvis_desktop.ui.controllers.pages.pages_asked import PagesAsked
from qwvis_desktop.ui.controllers.workspace import Entry, Workspace

FILE = "/scans/lease.pdf"


@pytest.fixture
def asked(qapp: QApplication) -> Iterator[PagesAsked]:
    """Four pages of a document of which a project knows runs, and a picture."""
    workspace, shelf = Workspace(qapp), Shelf()
    workspace.add(Entry(f"{FILE}#page={page}", f"page {page}", FILE, page=page) for page in range(1, 5))
    workspace.add([Entry("/scans/photo.jpg", "photo.jpg", "/scans/photo.jpg")])
    runs = [
        {"task": "spot-text", "status": "ok", "error": ""},
        {"task": "spot-text", "status": "partial", "error": "stopped"},
        {"task": "detect", "status": "ok"},
    ]
    shelf.fill({f"{FILE}#page={page}": {"runs": [run]} for page, run in enumerate(runs, start=1)}, Path("/scans"))
    workspace.show(f"{FILE}#page=1")
    yield PagesAsked(workspace, shelf)
    workspace.deleteLater()


def test_a_project_knows_which_pages_were_asked(asked: PagesAsked) -> None:
    keys = asked.together_with_current()
    assert keys == tuple(f"{FILE}#page={page}" for page in range(1, 5))
    assert asked.not_asked(keys, "spot-text") == keys[1:]
    assert asked.not_asked(keys, "detect") == (*keys[:2], keys[3])


def test_what_is_left_is_offered(asked: PagesAsked) -> None:
    offer = asked.offer("spot-text")
    assert (offer.text, offer.rest) == ("lease.pdf: 1 of 4 pages are done.", "Run on Remaining 3")
    assert asked.offer("caption").start == "Run on All 4 Pages"


def test_without_a_document_all_open_pictures_are_meant(asked: PagesAsked) -> None:
    asked._workspace.show("/scans/photo.jpg")
    assert asked.count_with_current() == 5
    assert not asked.offer("spot-text").text
