from __future__ import annotations

from pathlib import Path

import pytest

from qwvis_desktop.core.store.session import MANY, Session, load_session, save_session, shortened


def test_what_was_kept_is_read_again(tmp_path: Path) -> None:
    session = Session("/a/town.qwvis", ("/a/ü.jpg", "/b"), "/a/ü.jpg")
    save_session(tmp_path / "new" / "session.json", session)
    assert load_session(tmp_path / "new" / "session.json") == session


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"project": "", "paths": 7, "current": ""}'])
def test_what_cannot_be_read_is_no_session(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "session.json"
    assert load_session(path) == Session()
    path.write_bytes(content)
    assert load_session(path) == Session()


def test_many_files_of_a_folder_are_the_folder() -> None:
    many = [str(Path("many") / f"{number}.jpg") for number in range(MANY)]
    few = [str(Path("few") / f"{number}.jpg") for number in range(MANY - 1)]
    assert shortened([few[0], *many, *few[1:]]) == (few[0], "many", *few[1:])
    assert shortened([]) == ()
