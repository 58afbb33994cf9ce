"""A sample of the hostile media, through the program's own loader; all of them: ``benchmarks/hostile_media.py``."""

import sys
from pathlib import Path

import hostile_films
import pytest
from benchmarks import fuzz_films
from benchmarks.hostile_media import findings, opened
from hostile_media import cases, write_all

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices are made")

HEAVY = ("bomb",)


def test_there_are_two_hundred_and_each_has_a_name_of_its_own() -> None:
    names = [name for name, _ in cases()]
    assert len(names) == len(set(names)) >= 200


def test_a_sample_is_shown_or_refused_with_a_sentence(tmp_path: Path) -> None:
    paths = [str(path) for path in write_all(tmp_path, lambda n, name: n % 7 == 2 and not name.startswith(HEAVY))]
    found = opened(paths, seconds=60.0)  # however busy the machine is
    assert len(paths) > 20
    for each in found:
        each["ms"] = 0
    assert findings(paths, found) == []
    assert {each["result"] for each in found} == {"shown", "refused"}


def test_a_sample_of_films_is_shown_or_refused_with_a_sentence(tmp_path: Path) -> None:
    films = list(hostile_films.cases())
    assert len({name for name, _ in films}) == len(films) >= 80
    paths = [str(path) for path in write_all(tmp_path, lambda n, _name: n % 6 == 3, films)]
    found = opened(paths, seconds=60.0)
    for each in found:
        each["ms"] = 0
    assert findings(paths, found) == []
    assert {each["result"] for each in found} == {"shown", "refused"}


def test_a_sample_of_broken_films_is_shown_or_refused_with_a_sentence(tmp_path: Path) -> None:
    paths = [str(path) for path in fuzz_films.write_all(tmp_path, seed=7, cuts=1, changes=4)]
    found = opened(paths, seconds=60.0)
    assert len(paths) == 5 * len(fuzz_films.KINDS)
    for each in found:
        each["ms"] = 0
    assert findings(paths, found) == []
    assert {each["result"] for each in found} == {"shown", "refused"}
