from __future__ import annotations

import json

import pytest

from qwvis_desktop.core.label_file import LabelFileError, sentences
from qwvis_desktop.core.studio_tasks import studio_tasks


def task(name: str, **more: object) -> dict[str, object]:
    return {"data": {"number": 3, "video": name}, **more}


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("street.mp4", "street.mp4"),
        ("/data/upload/3/0f3a9c12-street%20one.mp4", "street one.mp4"),
        ("/data/local-files/?d=films%5Cday%2Fstreet.mp4", "street.mp4"),
        ("https://example.org/a/street.mp4?key=1", "street.mp4"),
    ],
)
def test_the_file_is_found_in_its_address(address: str, name: str) -> None:
    assert [each.name for each in studio_tasks(json.dumps(task(address)))] == [name]


def test_the_first_work_is_read_and_the_others_are_counted() -> None:
    cancelled, first, second = ({"result": [place], "was_cancelled": place == 0} for place in range(3))
    guess = {"result": ["guess"]}
    done, guessed, empty = studio_tasks(
        json.dumps(
            [
                task("a", annotations=[cancelled, first, second], predictions=[guess]),
                task("b", predictions=[guess]),
                task("c"),
            ]
        )
    )
    assert (done.result, done.others) == ([1], 1)
    assert (guessed.result, guessed.others) == (["guess"], 0)
    assert (empty.result, empty.others) == ([], 0)
    assert sentences(done.left_out) == (
        "Left out: the work of 1 other person.",
        "Left out: 1 prediction beside a person's work.",
    )
    assert sentences(guessed.left_out) == ()


@pytest.mark.parametrize(
    "text", ["", "[", '[{"data": 3}]', '{"data": {}, "annotations": [{"result": 3}]}', "[3]", "[[]]"]
)
def test_what_is_damaged_is_said(text: str) -> None:
    with pytest.raises(LabelFileError, match=r"Save it again, or copy it whole\."):
        studio_tasks(text)
