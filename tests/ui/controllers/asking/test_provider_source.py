"""The chosen service, ready to be asked, whatever is chosen while it waits."""

from __future__ import annotations

from qwvis_desktop.app import Program
from qwvis_desktop.core.profiles import UploadWay
from qwvis_desktop.core.settings import PRESETS, Profile


def untold(*_told: object) -> None:
    pass


def test_the_engine_on_this_machine_waits_for_nobody(program: Program) -> None:
    assert program.source.provider(untold).name == PRESETS[0].name


def test_what_was_chosen_then_is_asked_whatever_is_chosen_now(program: Program) -> None:
    program.services.keep_profile(Profile("First", base_url="http://127.0.0.1:1/v1", needs_key=False))
    make = program.source.providers()
    program.services.keep_profile(Profile("Second", base_url="http://127.0.0.1:2/v1", needs_key=False))
    assert make(untold).name == "First"
    assert program.source.provider(untold).name == "Second"


def test_pictures_are_fetched_only_where_that_is_wished_and_can_be(program: Program) -> None:
    def fetches(upload: UploadWay) -> bool:
        program.services.update(upload=upload)
        return program.source.fetches_pictures

    assert not fetches(UploadWay.LINK)
    program.services.keep_profile(Profile("Host", base_url="https://example.com/v1", needs_key=False))
    assert fetches(UploadWay.LINK)
    assert not fetches(UploadWay.AUTO)
