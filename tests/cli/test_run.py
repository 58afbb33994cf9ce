from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cli.conftest import Qwvis
from loopback.answers import EVENT_STREAM, FAULTS, RESET, Answer, error, gated, reply_events, streamed
from loopback.native import native_streamed
from loopback.scene import Scene, SceneAnswer, TruthBox
from loopback.service import LoopbackService
from PIL import Image, ImageDraw
from PySide6.QtWidgets import QApplication

from qwvis_desktop.core.formats.reply import load_kept
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.core.model_files import bundled_registry
from qwvis_desktop.core.settings import settings_path

UPRIGHT = Size(4000, 6000)

TRUTH = (
    TruthBox("red disc", (400.0, 600.0, 1200.0, 1500.0)),
    TruthBox("blue disc", (2800.0, 4200.0, 3600.0, 5400.0)),
    TruthBox("edge", (0.0, 0.0, 4000.0, 60.0)),
    TruthBox("small", (2000.0, 3000.0, 2040.0, 3060.0)),
)
"""Pixels of the upright original, on thousandths of 4000 x 6000."""

KEYS = [
    "file",
    "run",
    "status",
    "annotations",
    "issues",
    "usage",
    "seconds",
    "exports",
    "text",
    "error",
    "looks",
    "notes",
]


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A 24 megapixel photo as phones store it: lying on its side, EXIF orientation 6."""
    upright = Image.effect_noise((500, 750), 60).resize(UPRIGHT).convert("RGB")
    draw = ImageDraw.Draw(upright)
    draw.ellipse(TRUTH[0].box, fill=(230, 20, 20))
    draw.ellipse(TRUTH[1].box, fill=(20, 20, 230))
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path_factory.mktemp("phone") / "IMG_0001.JPG"
    # Orientation 6: the upright picture is the stored one turned right, so the stored one is it turned left.
    upright.transpose(Image.Transpose.ROTATE_90).save(path, quality=80, exif=exif)
    return path


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A small picture."""
    path = tmp_path / "cat.png"
    Image.new("RGB", (640, 480), "white").save(path)
    return path


def boxes_of(annotations: list[dict[str, object]]) -> list[object]:
    return [annotation["box"] for annotation in annotations]


@pytest.mark.parametrize(("model", "decimals"), [("qwen3-vl-plus", 0), ("qwen2.5-vl-7b-instruct", 2)])
def test_a_phone_photo_gets_its_boxes_within_a_pixel(
    model: str, decimals: int, photo: Path, tmp_path: Path, qwvis: Qwvis, loopback: LoopbackService, qapp: QApplication
) -> None:
    loopback.answer = SceneAnswer(Scene(UPRIGHT, TRUTH), decimals=decimals)
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", model)
    ended = qwvis("run", photo, *words, "--export", "png", "--export", "coco", "--save-dir", tmp_path, "--json")

    assert ended.code == 0, ended.err
    value = ended.json
    assert list(value) == KEYS
    assert (value["file"], value["status"], value["issues"]) == (str(photo), "ok", [])
    for annotation, truth in zip(value["annotations"], TRUTH, strict=True):
        assert annotation["label"] == truth.label
        assert annotation["box"] == pytest.approx(truth.box, abs=1.0)
    assert value["usage"]["total_tokens"] == 1324
    seconds = value["seconds"]
    assert 0 < seconds["prepare"] <= seconds["first_byte"] <= seconds["first_annotation"] <= seconds["total"]

    (sent,) = loopback.requests[0].pictures
    assert sent.size == bundled_registry().spec(model).resize.resized(UPRIGHT)
    assert_upright(sent.data)
    drawn, coco = (Path(path) for path in value["exports"])
    assert (drawn.name, coco.name) == ("IMG_0001.annotated.png", "IMG_0001.coco.json")
    with Image.open(drawn) as image:
        assert image.size == UPRIGHT
    labels = json.loads(coco.read_text("utf-8"))
    assert labels["images"][0] == {"id": 1, "file_name": "IMG_0001.JPG", "width": 4000, "height": 6000}
    assert labels["annotations"][0]["bbox"] == pytest.approx([400, 600, 800, 900], abs=1.5)


def assert_upright(data: bytes) -> None:
    """Check that the discs are where they are in the upright photo."""
    from io import BytesIO

    with Image.open(BytesIO(data)) as image:
        sent = image.convert("RGB")
    width, height = sent.size
    assert sent.getpixel((round(0.2 * width), round(0.175 * height))) == pytest.approx((230, 20, 20), abs=40)
    assert sent.getpixel((round(0.8 * width), round(0.8 * height))) == pytest.approx((20, 20, 230), abs=40)


def test_sends_what_was_asked(picture: Path, qwvis: Qwvis, loopback: LoopbackService) -> None:
    words = ("--task", "detect", "--prompt", "Find the cat.", "--option", "temperature=0.1", "--option", "stop=END")
    ended = qwvis("run", picture, *words, "--base-url", loopback.base_url, "--model", "qwen3-vl-plus", "--json")
    assert (ended.code, ended.json["status"]) == (0, "ok_empty")
    (request,) = loopback.requests
    assert (request.prompt, request.model) == ("Find the cat.", "qwen3-vl-plus")
    assert (request.json["temperature"], request.json["stop"]) == (0.1, ["END"])
    assert "authorization" not in request.headers


def test_the_answer_in_words_is_told(picture: Path, qwvis: Qwvis, loopback: LoopbackService) -> None:
    loopback.answer = streamed("A white field.", thinking="Hm, white.")
    words = ("--task", "ask", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus")
    assert qwvis("run", picture, *words).out == "A white field.\n"
    both = qwvis("run", picture, picture, *words).out
    assert both == f"{picture}:\nA white field.\n" * 2
    assert qwvis("run", picture, *words, "--json").json["text"] == "A white field."


def test_people_get_lines_and_where_files_are(
    picture: Path, tmp_path: Path, qwvis: Qwvis, loopback: LoopbackService
) -> None:
    loopback.answer = streamed('[{"bbox_2d": [0, 0, 500, 500], "label": "cat"}]')
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus")
    folder = tmp_path / "new" / "folder"
    ended = qwvis("run", picture, *words, "--save-dir", folder, "--export", "csv", "--export", "reply")
    assert ended.out.splitlines() == [
        "detection  [0.0, 0.0, 320.0, 240.0]  cat",
        "All of the reply was understood. (ok, 1 placed)",
        f"Saved: {folder / 'cat.csv'}",
        f"Saved: {folder / 'cat.reply.json'}",
    ]
    assert ended.err == ""
    with (folder / "cat.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["label"] for row in csv.DictReader(file)] == ["cat"]
    kept = load_kept((folder / "cat.reply.json").read_bytes())
    assert (kept.picture, kept.run.reply) == ("cat.png", '[{"bbox_2d": [0, 0, 500, 500], "label": "cat"}]')
    assert kept.run.frame is not None


def test_one_failing_file_does_not_stop_the_rest(
    picture: Path, tmp_path: Path, qwvis: Qwvis, loopback: LoopbackService
) -> None:
    note = tmp_path / "note.txt"
    note.write_text("no picture")
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus", "--json")
    ended = qwvis("run", tmp_path / "none.jpg", note, picture, *words)
    assert ended.code == 1
    assert [item["status"] for item in ended.json] == [None, None, "ok_empty"]
    assert "none.jpg" in ended.json[0]["error"]
    assert len(ended.err.splitlines()) == 2
    assert len(loopback.requests) == 1


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("wrong-key", "key"),
        ("unknown-model", "qwen3-vl-plus"),
        ("bad-request", "request"),
        ("html", "web page"),
        ("garbage", ""),
    ],
)
def test_a_failing_service_is_a_sentence_and_code_4(
    fault: str, words: str, picture: Path, qwvis: Qwvis, loopback: LoopbackService
) -> None:
    loopback.answer = FAULTS[fault]
    options = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus", "--json")
    ended = qwvis("run", picture, *options)
    assert ended.code == 4
    assert ended.json["error"]
    assert words in ended.json["error"]
    assert ended.err == f"qwvis: {picture}: {ended.json['error']}\n"
    assert "Traceback" not in ended.err


def test_what_came_before_a_break_is_kept(
    picture: Path, tmp_path: Path, qwvis: Qwvis, loopback: LoopbackService
) -> None:
    text = '[{"bbox_2d": [0, 0, 500, 500], "label": "cat"}, {"bbox_2d": [1, 2'
    loopback.answer = Answer([*reply_events(text, finish_reason=None, usage=None), RESET], content_type=EVENT_STREAM)
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus", "--json")
    ended = qwvis("run", picture, *words, "--save-dir", tmp_path, "--export", "coco")
    assert ended.code == 4
    assert boxes_of(ended.json["annotations"]) == [[0.0, 0.0, 320.0, 240.0]]
    assert ended.json["status"] == "partial"
    assert len(ended.json["exports"]) == 1


def test_pictures_of_one_name_do_not_overwrite_each_others_files_nor_a_picture(
    picture: Path, tmp_path: Path, qwvis: Qwvis, loopback: LoopbackService
) -> None:
    other = tmp_path / "other" / "cat.png"
    other.parent.mkdir()
    other.write_bytes(picture.read_bytes())
    odd = tmp_path / "cat-2.csv"
    odd.write_bytes(picture.read_bytes())
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus", "--json")
    ended = qwvis("run", picture, other, odd, *words, "--save-dir", tmp_path, "--export", "csv")
    assert [Path(item["exports"][0]).name for item in ended.json] == ["cat.csv", "cat-3.csv", "cat-2-2.csv"]
    assert odd.read_bytes() == picture.read_bytes()


def test_all_pictures_can_be_saved_in_one_file(
    picture: Path, tmp_path: Path, qwvis: Qwvis, loopback: LoopbackService
) -> None:
    loopback.answer = streamed('[{"bbox_2d": [0, 0, 500, 500], "label": "cat"}]')
    other = tmp_path / "dog.png"
    other.write_bytes(picture.read_bytes())
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus", "--together")
    files = (picture, other, tmp_path / "none.png")
    ended = qwvis("run", *files, *words, "--save-dir", tmp_path, "--export", "coco", "--export", "reply", "--json")
    together = str(tmp_path / "annotations.coco.json")
    assert [told["exports"] for told in ended.json] == [
        [str(tmp_path / "cat.reply.json"), together],
        [str(tmp_path / "dog.reply.json"), together],
        [],
    ]
    value = json.loads(Path(together).read_text("utf-8"))
    assert [image["file_name"] for image in value["images"]] == ["cat.png", "dog.png"]
    assert [annotation["image_id"] for annotation in value["annotations"]] == [1, 2]


def test_what_cannot_be_saved_is_said(picture: Path, tmp_path: Path, qwvis: Qwvis, loopback: LoopbackService) -> None:
    (tmp_path / "cat.csv").mkdir()
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus", "--json")
    ended = qwvis("run", picture, *words, "--save-dir", tmp_path, "--export", "coco", "--export", "csv")
    assert ended.code == 1
    assert ended.json["exports"] == [str(tmp_path / "cat.coco.json")]
    assert "cat.csv" in ended.json["error"]
    assert ended.json["status"] == "ok_empty"


def test_what_a_format_cannot_hold_is_said(
    picture: Path, tmp_path: Path, qwvis: Qwvis, loopback: LoopbackService
) -> None:
    loopback.answer = streamed("A white field.")
    words = ("--task", "ask", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus")
    ended = qwvis("run", picture, *words, "--save-dir", tmp_path, "--export", "coco")
    assert ended.err == f"{tmp_path / 'cat.coco.json'}: Left out: the answer in words.\n"


def test_issues_are_told_to_people(picture: Path, qwvis: Qwvis, loopback: LoopbackService) -> None:
    loopback.answer = streamed('[{"bbox_2d": [0, 0, 500], "label": "cat"}, {"bbox_2d": [0, 0, 9, 9], "label": "b"}]')
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus")
    ended = qwvis("run", picture, *words)
    assert ended.code == 3
    assert ended.out.splitlines()[-1].startswith("  characters 1 to ")


def test_a_cut_reply_is_code_3(picture: Path, qwvis: Qwvis, loopback: LoopbackService) -> None:
    loopback.answer = streamed('[{"bbox_2d": [0, 0, 5, 5], "label": "a"}, {"bbox', finish_reason="length")
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus", "--json")
    ended = qwvis("run", picture, *words)
    assert (ended.code, ended.json["status"]) == (3, "partial")


def test_waits_for_another_try_are_said(picture: Path, qwvis: Qwvis, loopback: LoopbackService) -> None:
    loopback.answer = [error(503, "ModelUnavailable", "later", {"Retry-After": "0"}), streamed("[]")]
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus", "--json")
    ended = qwvis("run", picture, *words)
    assert ended.code == 0
    assert "Trying again in" in ended.err


def test_progress_is_shown_on_a_terminal_only_and_taken_away(
    picture: Path, qwvis: Qwvis, loopback: LoopbackService, monkeypatch: pytest.MonkeyPatch
) -> None:
    loopback.answer = streamed('[{"bbox_2d": [0, 0, 500, 500], "label": "cat"}]', thinking="Hm.")
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus", "--json")
    assert qwvis("run", picture, *words).err == ""
    monkeypatch.setattr(type(sys.stderr), "isatty", lambda stream: True)
    shown = qwvis("run", picture, *words).err.split("\r")
    assert any(line.startswith(f"{picture}: waiting (0.0 MB sent)") for line in shown)
    assert any(line.startswith(f"{picture}: thinking") for line in shown)
    assert any(line.startswith(f"{picture}: receiving, 1 placed") for line in shown)
    assert shown[-1] == ""
    assert shown[-2].isspace()


class TestChoosing:
    def test_an_unknown_service(self, picture: Path, qwvis: Qwvis) -> None:
        ended = qwvis("run", picture, "--task", "detect", "--provider", "Nobody")
        assert ended.code == 2
        assert 'no service called "Nobody"' in ended.err
        assert '"Offline OCR"' in ended.err

    def test_no_address(self, picture: Path, qwvis: Qwvis) -> None:
        ended = qwvis("run", picture, "--task", "detect", "--base-url", "ftp://here/v1", "--model", "x")
        assert ended.code == 2

    def test_a_task_that_the_model_cannot_do(self, picture: Path, qwvis: Qwvis) -> None:
        ended = qwvis("run", picture, "--task", "detect", "--provider", "offline ocr")
        assert ended.code == 2
        assert 'cannot do "detect"' in ended.err

    def test_a_model_that_the_offline_engine_is_not(self, picture: Path, qwvis: Qwvis) -> None:
        ended = qwvis("run", picture, "--task", "detect", "--provider", "Offline OCR", "--model", "qwen3-vl-plus")
        assert ended.code == 2
        assert "Leave --model out" in ended.err

    def test_a_named_model_alone_means_a_service_and_that_needs_a_key(self, picture: Path, qwvis: Qwvis) -> None:
        ended = qwvis("run", picture, "--task", "detect", "--model", "qwen3-vl-plus", "--json")
        assert ended.code == 4
        assert "key" in ended.json["error"]

    def test_a_kind_of_service_that_this_version_does_not_know(self, picture: Path, qwvis: Qwvis, home: Path) -> None:
        settings = {"profiles": [{"name": "Tomorrow", "kind": "telepathy"}]}
        home.mkdir()
        settings_path().write_text(json.dumps(settings))
        ended = qwvis("run", picture, "--task", "detect", "--provider", "Tomorrow")
        assert ended.code == 2
        assert "telepathy" in ended.err

    def test_no_file_and_no_task_are_wrong_usage(self, qwvis: Qwvis, picture: Path) -> None:
        assert qwvis("run", "--task", "detect").code == 2
        assert qwvis("run", picture).code == 2
        assert qwvis("run", picture, "--task", "detect", "--export", "gif").code == 2

    def test_the_key_comes_from_the_environment_and_is_never_told(
        self, picture: Path, qwvis: Qwvis, loopback: LoopbackService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("QWVIS_API_KEY", "sk-canary-0123456789")
        loopback.answer = FAULTS["wrong-key"]
        words = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus", "--json")
        ended = qwvis("run", picture, *words)
        assert loopback.requests[0].headers["authorization"] == "Bearer sk-canary-0123456789"
        assert "canary" not in ended.out + ended.err


def test_a_folder_that_cannot_be_made(picture: Path, qwvis: Qwvis, loopback: LoopbackService) -> None:
    words = ("--task", "detect", "--base-url", loopback.base_url, "--model", "qwen3-vl-plus")
    ended = qwvis("run", picture, *words, "--save-dir", picture / "folder")
    assert ended.code == 1
    assert "cannot be made" in ended.err
    assert loopback.requests == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that stands for Ctrl+C to another process")
def test_ctrl_c_stops_at_once_with_130(picture: Path) -> None:
    answer, gates = gated(["[", "]"])
    with LoopbackService(answer) as service:
        words = ["run", str(picture), "--task", "detect", "--base-url", service.base_url, "--model", "qwen3-vl-plus"]
        process = subprocess.Popen(
            [sys.executable, "-m", "qwvis_desktop", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        request = service.wait_for_request(timeout=30)
        assert gates[0].reached.wait(10)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
        assert request.closed.wait(5)
    assert (process.returncode, out, err) == (130, "", "Stopped.\n")


class TestOneRequest:
    def test_boxes_go_to_the_picture_they_name_and_the_reply_counts_once(
        self, qwvis: Qwvis, loopback: LoopbackService, picture: Path, tmp_path: Path
    ) -> None:
        other = tmp_path / "dog.png"
        Image.new("RGB", (1000, 2000), "white").save(other)
        loopback.answer = streamed(
            '[{"bbox_2d": [0, 0, 500, 500], "label": "dog", "image": 2}, '
            '{"bbox_2d": [0, 0, 1000, 1000], "label": "cat", "image": 1}]'
        )
        arguments = ["run", str(picture), str(other), "--one-request", "--task", "detect", "--model", "qwen3-vl-plus"]
        done = qwvis(*arguments, "--base-url", loopback.base_url, "--json")
        first, second = json.loads(done.out)
        assert len(loopback.requests) == 1
        assert len(loopback.requests[0].pictures) == 2
        assert first["run"] == second["run"]
        assert (first["usage"] != {}, second["usage"]) == (True, {})
        assert boxes_of(first["annotations"]) == [[0, 0, 640, 480]]
        assert boxes_of(second["annotations"]) == [[0, 0, 500, 1000]]

    def test_pages_are_refused(self, qwvis: Qwvis, loopback: LoopbackService, picture: Path) -> None:
        done = qwvis(
            "run",
            str(picture),
            str(picture),
            "--one-request",
            "--task",
            "document-html",
            "--base-url",
            loopback.base_url,
        )
        assert done.code == 2
        assert "one picture at a time" in done.err
        assert loopback.requests == []


class TestOcrService:
    """Through DashScope's own interface: the address says so."""

    def test_text_lines_with_places(
        self, qwvis: Qwvis, loopback: LoopbackService, picture: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("QWVIS_API_KEY", "sk-loopback0123456789")
        result = {"words_info": [{"text": "Line 1", "location": [0, 0, 320, 0, 320, 240, 0, 240]}]}
        loopback.answer = native_streamed("words", last={"ocr_result": result})
        base = loopback.base_url.replace("/v1", "/api/v1")
        done = qwvis(
            "run",
            str(picture),
            "--task",
            "ocr:advanced_recognition",
            "--model",
            "qwen-vl-ocr",
            "--base-url",
            base,
            "--json",
        )
        told = json.loads(done.out)
        assert told["status"] == "ok", told
        assert [(item["text"], item["box"]) for item in told["annotations"]] == [("Line 1", [0, 0, 320, 240])]
        sent = loopback.requests[0].json
        assert sent["parameters"]["ocr_options"] == {"task": "advanced_recognition"}
        assert [list(item) for item in sent["input"]["messages"][0]["content"]] == [["image", "max_pixels"]]

    @pytest.mark.parametrize("as_file", [False, True])
    def test_fields_by_a_schema(
        self, qwvis: Qwvis, loopback: LoopbackService, picture: Path, tmp_path: Path, as_file: bool
    ) -> None:
        schema = '{"Total": "with currency"}'
        given = tmp_path / "fields.json"
        given.write_text(schema)
        loopback.answer = streamed('```json\n{"Total": "12 EUR"}\n```')
        done = qwvis(
            "run",
            str(picture),
            "--task",
            "ocr:key_information_extraction",
            "--model",
            "qwen-vl-ocr",
            "--base-url",
            loopback.base_url,
            "--result-schema",
            str(given) if as_file else schema,
            "--json",
        )
        assert json.loads(json.loads(done.out)["text"]) == {"Total": "12 EUR"}
        sent = loopback.requests[0]
        assert schema in sent.prompt
        assert "ocr_options" not in sent.json
