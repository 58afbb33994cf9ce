from __future__ import annotations

from documents import media_of
from film_labels import film_media

from qwvis_desktop.core.annotation import Attributes
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.media import Media
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.providers.recorded import PastedReply
from qwvis_desktop.core.request_findings import request_findings
from qwvis_desktop.core.tasks import TASKS


def codes(media: Media, options: Attributes, model: str = "qwen3-vl-plus", links: tuple[str, ...] = ()) -> list[str]:
    request = InferenceRequest(
        media=media,
        task=TASKS["ask"],
        prompt="?",
        model=bundled_registry().spec(model),
        provider=PastedReply(""),
        options=options,
        links=links,
    )
    return [finding.code for finding in request_findings(request)]


def test_of_pictures() -> None:
    assert codes(media_of(), {}) == []
    assert codes(media_of(), {"temperature": 9}) == ["option:temperature"]


def test_of_films() -> None:
    assert codes(film_media(), {}) == []
    assert codes(film_media(), {"max_pixels": 1}) == []  # a limit of pictures
    assert codes(film_media(), {}, "qwen-vl-ocr") == ["video"]
    assert codes(film_media(file_bytes=200_000_000), {"send": "file"}) == ["video-bytes"]
    assert codes(film_media(file_bytes=200_000_000), {"send": "file"}, links=("https://a/b.mp4",)) == ["video-bytes"]
    assert codes(film_media(file_bytes=200_000_000), {}) == []
    assert codes(film_media(duration=1.0, frames=240, rate=240.0), {"send": "file"}) == ["video-seconds"]
    assert codes(film_media(duration=36_000.0, frames=36_000, rate=1.0), {"send": "file"}) == ["video-seconds"]
    assert codes(film_media(duration=36_000.0, frames=36_000, rate=1.0), {}) == []


def test_what_is_answered_on_this_machine_is_not_looked_at() -> None:
    assert codes(media_of(), {"temperature": 9}, "rapidocr") == []
