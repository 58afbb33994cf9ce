from __future__ import annotations

import pytest

from qwvis_desktop.core.request.result_schema import result_schema_of
from qwvis_desktop.core.request.schema_presets import SchemaPreset, bundled_presets, preset_fields, presets


@pytest.mark.parametrize("preset", bundled_presets(), ids=lambda preset: preset.id)
def test_each_of_ours_is_what_a_service_takes(preset: SchemaPreset) -> None:
    assert preset.title
    assert len(result_schema_of(preset.fields)) >= 5


def test_there_are_four() -> None:
    assert [preset.id for preset in bundled_presets()] == ["receipt", "invoice", "ticket", "id"]


def test_the_user_s_own_come_after_ours_by_name() -> None:
    own = {"Zoo": '{"z": ""}', "Ape": '{"a": ""}'}
    assert [preset.title for preset in presets(own)][-2:] == ["Ape", "Zoo"]
    assert preset_fields("zoo", own) == '{"z": ""}'
    assert preset_fields(" RECEIPT ") == bundled_presets()[0].fields
    assert preset_fields("nothing of the kind") is None
