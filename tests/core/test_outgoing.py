"""core.outgoing: what is shown is what is sent, byte for byte, and a command sends the same."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from loopback.answers import FAULTS
from loopback.service import LoopbackService
from PIL import Image

from qwvis_desktop.core.inference import run_inference
from qwvis_desktop.core.inference_events import Asked, Failed, Finished
from qwvis_desktop.core.inference_request import InferenceRequest
from qwvis_desktop.core.media.image import MediaError, open_image
from qwvis_desktop.core.media.metadata import metadata_of
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.outgoing import NothingSentError, as_curl, as_text, outgoing
from qwvis_desktop.core.providers.base import CancelToken
from qwvis_desktop.core.providers.body import MOST_KEPT, kept_body, shortened
from qwvis_desktop.core.providers.catalog import LateProvider
from qwvis_desktop.core.providers.offline_ocr import OfflineOcr
from qwvis_desktop.core.providers.openai_compatible import OpenAICompatible
from qwvis_desktop.core.providers.pace import Pace, PacedProvider
from qwvis_desktop.core.tasks import TASKS

SPEC = bundled_registry().spec("qwen3-vl-plus")
KEY = "sk-canary-0123456789"


@pytest.fixture
def phone_photo(tmp_path: Path) -> Path:
    """A photo that notes its camera and its place."""
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    exif.get_ifd(0x8825)[1] = "N"
    path = tmp_path / "photo.jpg"
    Image.effect_noise((800, 600), 50).convert("RGB").save(path, exif=exif, comment=b"hello")
    return path


def request_to(service: LoopbackService, path: Path) -> InferenceRequest:
    late = LateProvider("Loopback", lambda: OpenAICompatible(service.base_url, KEY))
    return InferenceRequest(
        media=open_image(path),
        task=TASKS["detect"],
        prompt="Find the cat's “tail” & more: $HOME `x`",
        model=SPEC,
        provider=PacedProvider(late, Pace(1), SPEC),
        options={"temperature": 0.1},
    )


def test_what_is_shown_is_what_is_sent(loopback: LoopbackService, phone_photo: Path) -> None:
    request = request_to(loopback, phone_photo)
    shown = outgoing(request)
    assert loopback.requests == []
    list(run_inference(request, CancelToken()))
    (sent,) = loopback.requests
    assert sent.json == dict(shown.request.body)
    assert shown.pictures[0].data == sent.pictures[0].data
    assert shown.request.url.endswith("/chat/completions")
    assert KEY not in str(shown.request.headers)
    assert shown.removed == (("the camera's notes (EXIF)", "the place where it was taken (GPS)", "a comment"),)
    assert len(json.dumps(shortened(dict(shown.request.body)))) < 1500 < shown.byte_count


def test_the_command_sends_the_same(loopback: LoopbackService, phone_photo: Path) -> None:
    shown = outgoing(request_to(loopback, phone_photo))
    command = as_curl(shown.request, "QWVIS_API_KEY")
    assert KEY not in command
    try:
        ended = subprocess.run(
            ["sh", "-s"],
            input=command,
            env={"QWVIS_API_KEY": KEY, "PATH": "/usr/bin:/bin"},
            text=True,
            timeout=20,
            check=False,
        )
    except FileNotFoundError:
        pytest.skip("there is no shell here")
    if ended.returncode == 127:
        pytest.skip("curl is not installed")
    (sent,) = loopback.requests
    assert sent.json == dict(shown.request.body)
    assert sent.headers["authorization"] == f"Bearer {KEY}"


def test_what_stays_here_and_what_cannot_be_made_ready(loopback: LoopbackService, phone_photo: Path) -> None:
    from dataclasses import replace

    request = request_to(loopback, phone_photo)
    with pytest.raises(NothingSentError, match="works on this machine"):
        outgoing(replace(request, provider=OfflineOcr()))
    phone_photo.unlink()
    with pytest.raises(MediaError):
        outgoing(request)


def test_a_picture_of_pixels_only(tmp_path: Path) -> None:
    path = tmp_path / "plain.png"
    Image.new("RGB", (64, 64)).save(path)
    assert metadata_of(open_image(path)) == ()


def test_what_was_sent_stays_with_the_run(loopback: LoopbackService, phone_photo: Path) -> None:
    events = list(run_inference(request_to(loopback, phone_photo), CancelToken()))
    end = events[-1]
    assert isinstance(end, Finished)
    (kept,), (sent,) = end.run.requests, loopback.requests
    assert kept.body == shortened(sent.json)
    assert kept.url == f"{loopback.base_url}/chat/completions"
    assert KEY not in str(kept.headers)
    assert kept.headers["Authorization"] == "Bearer ***"
    assert end.run.left_out == (("the camera's notes (EXIF)", "the place where it was taken (GPS)", "a comment"),)
    assert [event.run.requests for event in events if isinstance(event, Asked)] == [(kept,)]
    assert as_text(kept) == as_text(outgoing(request_to(loopback, phone_photo)).request)
    assert as_curl(kept, "QWVIS_API_KEY").startswith("# Put the data")


def test_what_was_refused_was_sent_too(loopback: LoopbackService, phone_photo: Path) -> None:
    loopback.answer = FAULTS["wrong-key"]
    end = list(run_inference(request_to(loopback, phone_photo), CancelToken()))[-1]
    assert isinstance(end, Failed)
    assert len(end.run.requests) == 1


def test_what_is_kept_is_bounded_and_holds_no_keys() -> None:
    body: dict[str, Any] = {
        "model": "m",
        "messages": [{"role": "user", "content": f"sk-0123456789abcdef {'x' * 50_000}"}] * 20,
    }
    kept = kept_body(body)
    assert len(json.dumps(kept)) <= MOST_KEPT
    assert "sk-0123456789abcdef" not in json.dumps(kept)
    assert "more characters)" in json.dumps(kept)
    assert kept_body({"url": "data:image/png;base64,QUJD"}) == {"url": "data:image/png;base64,4 bytes"}


def test_a_command_may_name_the_body(loopback: LoopbackService, phone_photo: Path) -> None:
    command = as_curl(outgoing(request_to(loopback, phone_photo)).request, "QWVIS_API_KEY", "my body.json")
    assert command.endswith("--data-binary '@my body.json'\n")
