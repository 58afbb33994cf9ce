"""core.request.result_schema: the fields to fill, checked before anything is sent."""

from __future__ import annotations

import pytest

from qwvis_desktop.core.request.result_schema import result_schema_of, takes_schema
from qwvis_desktop.core.tasks import TASKS


def test_tasks_that_fill_fields() -> None:
    assert [task.id for task in TASKS.values() if takes_schema(task)] == [
        "extract-fields",
        "ocr:key_information_extraction",
    ]


class TestResultSchema:
    @pytest.mark.parametrize(
        "text", ['{"a": ""}', '{"a": {"b": {"c": ""}}}', '{"Items": [{"name": {"x": "in words"}}]}']
    )
    def test_what_the_service_takes(self, text: str) -> None:
        assert result_schema_of(text)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("{", "no JSON"),
            ("[]", "JSON object"),
            ("{}", "at least one key"),
            ('{"a": {"b": {"c": {"d": ""}}}}', "3 levels"),
            ("[" * 100_000, "JSON|deep"),
        ],
        ids=["broken", "list", "empty", "deep", "very-deep"],
    )
    def test_what_it_does_not(self, text: str, said: str) -> None:
        with pytest.raises(ValueError, match=said):
            result_schema_of(text)
