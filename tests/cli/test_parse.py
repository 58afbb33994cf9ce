from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cli.conftest import BOX, Qwvis, only, parse


class TestJson:
    def test_a_box(self, qwvis: Qwvis) -> None:
        value = parse(qwvis, BOX, "--image-size", "2000x1000")
        assert value == {
            "status": "ok",
            "text": None,
            "annotations": [
                {
                    "kind": "detection",
                    "label": "cat",
                    "span": [1, len(BOX) - 1],
                    "attributes": {},
                    "box": [200.0, 200.0, 600.0, 400.0],
                }
            ],
            "issues": [],
        }

    def test_a_point(self, qwvis: Qwvis) -> None:
        reply = b'[{"point_2d": [500, 250], "label": "cup", "colour": "red"}]'
        point = only(parse(qwvis, reply, "--image-size", "200x400", task="point"))
        assert point["point"] == [100.0, 100.0]
        assert point["attributes"] == {"colour": "red"}
        assert "image" not in point

    def test_a_text(self, qwvis: Qwvis) -> None:
        reply = '[{"bbox_2d": [0, 100, 500, 200], "text_content": "Zürich 好"}]'.encode()
        text = only(parse(qwvis, reply, "--image-size", "1000x1000", task="spot-text"))
        assert (text["kind"], text["text"]) == ("text", "Zürich 好")
        assert text["box"] == [0.0, 100.0, 500.0, 200.0]
        assert text["polygon"] == [[0.0, 100.0], [500.0, 100.0], [500.0, 200.0], [0.0, 200.0]]

    def test_a_box_in_space_with_the_default_camera(self, qwvis: Qwvis) -> None:
        reply = b'[{"bbox_3d": [0, 0, 10, 2, 2, 2, 0, 0, 0], "label": "car"}]'
        cuboid = only(parse(qwvis, reply, "--image-size", "1000x600", task="cuboid"))
        assert (cuboid["center"], cuboid["size"], cuboid["angles"]) == ([0, 0, 10], [2, 2, 2], [0, 0, 0])
        # The near face is 9 m away; 60 degrees: fx = 500 / tan(30), fy = 300 / tan(30).
        across, down = 500 * 3**0.5 / 9, 300 * 3**0.5 / 9
        assert cuboid["projected_bounds"] == pytest.approx([500 - across, 300 - down, 500 + across, 300 + down])
        assert len(cuboid["edges"]) == 12

    def test_a_box_in_space_with_a_given_camera(self, qwvis: Qwvis) -> None:
        reply = b'[{"bbox_3d": [0, 0, 10, 2, 2, 2, 0, 0, 0], "label": "car"}]'
        words = ("--image-size", "1000x600", "--camera", "90,180,500,300")
        cuboid = only(parse(qwvis, reply, *words, task="cuboid"))
        assert cuboid["projected_bounds"] == pytest.approx([490.0, 280.0, 510.0, 320.0])

    def test_a_box_in_space_behind_the_camera(self, qwvis: Qwvis) -> None:
        reply = b'[{"bbox_3d": [0, 0, -10, 2, 2, 2, 0, 0, 0], "label": "car"}]'
        cuboid = only(parse(qwvis, reply, "--image-size", "1000x600", task="cuboid"))
        assert (cuboid["projected_bounds"], cuboid["edges"]) == (None, [])

    def test_an_event(self, qwvis: Qwvis) -> None:
        reply = b'[{"start_time": "00:01.50", "end_time": "00:03.00", "description": "a door opens"}]'
        event = only(parse(qwvis, reply, "--duration", "10", task="video-events"))
        assert (event["kind"], event["start"], event["end"], event["label"]) == ("event", 1.5, 3.0, "a door opens")

    def test_blocks_of_a_document(self, qwvis: Qwvis) -> None:
        reply = b'<html><body><h2 data-bbox="100 100 900 200">Title</h2></body></html>'
        block = only(parse(qwvis, reply, "--image-size", "1000x1000", task="document-html"))
        assert (block["kind"], block["tag"], block["text"]) == ("block", "h2", "Title")
        assert block["box"] == [100.0, 100.0, 900.0, 200.0]

    def test_prose_without_thinking(self, qwvis: Qwvis) -> None:
        value = parse(qwvis, b"<think>A cat at (1, 2)?</think>A cat.", task="ask")
        assert value == {"status": "ok", "text": "A cat.", "annotations": [], "issues": []}


@pytest.mark.parametrize(
    ("reply", "status", "code"),
    [
        (BOX, "ok", 0),
        (b"[]", "ok_empty", 0),
        (BOX[:-1] + b', {"bbox_2d": [1, 2', "partial", 3),
        (b"I cannot see that.", "no_structured_data", 3),
        (b"", "empty_reply", 3),
    ],
)
def test_the_five_outcomes(qwvis: Qwvis, reply: bytes, status: str, code: int) -> None:
    words = ("parse", "-", "--task", "detect", "--family", "qwen3-vl", "--image-size", "500x500")
    ended = qwvis(*words, "--json", stdin=reply)
    assert (ended.json["status"], ended.code) == (status, code)
    assert ended.err == ""
    plain = qwvis(*words, stdin=reply)
    assert plain.code == code
    assert status in plain.out


def test_a_cut_reply_is_partial_with_issues(qwvis: Qwvis) -> None:
    value = parse(qwvis, BOX[:-1] + b', {"bbox_2d": [1, 2', "--image-size", "500x500", "--finish-reason", "length")
    assert len(value["annotations"]) == 1
    assert value["issues"]
    assert value["issues"][0].keys() == {"code", "message", "span"}


class TestErrors:
    def test_a_file_that_is_not_there(self, qwvis: Qwvis) -> None:
        ended = qwvis("parse", "none.txt", "--task", "detect", "--family", "qwen3-vl", "--json")
        assert (ended.code, ended.out) == (1, "")
        assert '"none.txt" could not be read' in ended.err

    @pytest.mark.parametrize(
        "words",
        [
            ("--task", "detect"),
            ("--family", "qwen3-vl"),
            ("--task", "dance", "--family", "qwen3-vl"),
            ("--task", "detect", "--family", "llama"),
            ("--task", "detect", "--family", "qwen3-vl", "--image-size", "big"),
            ("--task", "detect", "--family", "qwen3-vl", "--image-size", "0x10"),
            ("--task", "detect", "--family", "qwen3-vl", "--camera", "1,2,3"),
            ("--task", "detect", "--family", "qwen3-vl", "--camera", "0,2,3,4"),
            ("--task", "detect", "--family", "qwen3-vl", "--duration", "nan"),
            ("--task", "detect", "--family", "qwen3-vl", "--coordinates", "inches"),
            ("--task", "detect", "--family", "qwen3-vl", "--nonsense"),
        ],
    )
    def test_wrong_usage(self, qwvis: Qwvis, words: tuple[str, ...]) -> None:
        ended = qwvis("parse", "-", *words, stdin=BOX)
        assert (ended.code, ended.out) == (2, "")
        assert ended.err

    def test_bytes_that_are_no_utf8_are_said_and_replaced(self, qwvis: Qwvis) -> None:
        words = ("parse", "-", "--task", "ask", "--family", "qwen3-vl", "--json")
        ended = qwvis(*words, stdin=b"caf\xe9")
        assert (ended.code, ended.json["text"]) == (0, "caf\ufffd")
        assert "not valid UTF-8" in ended.err


def test_people_get_sentences(qwvis: Qwvis) -> None:
    reply = BOX[:-1] + b', {"bbox_2d": [1, 2], "label": "dog"}]'
    ended = qwvis("parse", "-", "--task", "detect", "--family", "qwen3-vl", "--image-size", "1000x1000", stdin=reply)
    first, second, third = ended.out.splitlines()
    assert first == "detection  [100.0, 200.0, 300.0, 400.0]  cat"
    assert second == "What is listed was read in full, but something was cut off or refused. (partial, 1 placed)"
    assert third.startswith("  characters 52 to ")


def test_people_get_the_depth_of_boxes_in_space(qwvis: Qwvis) -> None:
    reply = b'[{"bbox_3d": [0.5, 0, 10, 2, 2, 2, 0, 0, 0], "label": "car"}]'
    words = ("parse", "-", "--task", "cuboid", "--family", "qwen3-vl", "--image-size", "1000x1000")
    assert qwvis(*words, stdin=reply).out.splitlines()[0] == "cuboid     at 0.50, 0.00, 10.00 m  car"


def test_people_get_the_times_of_events(qwvis: Qwvis) -> None:
    reply = b'[{"start_time": "00:01.50", "end_time": "00:03.00", "description": "a door opens"}]'
    out = qwvis("parse", "-", "--task", "video-events", "--family", "qwen3-vl", stdin=reply).out
    assert out.splitlines()[0] == "event      1.50 to 3.00 s  a door opens"


def test_prose_for_people_is_the_answer_alone(qwvis: Qwvis) -> None:
    assert qwvis("parse", "-", "--task", "ask", "--family", "qwen3-vl", stdin=b"A cat.").out == "A cat.\n"


def test_half_characters_do_not_stop_the_output(qwvis: Qwvis) -> None:
    reply = rb'[{"bbox_2d": [100, 200, 300, 400], "label": "\ud83d"}]'
    words = ("parse", "-", "--task", "detect", "--family", "qwen3-vl", "--image-size", "9x9")
    assert qwvis(*words, stdin=reply).code == 0
    assert qwvis(*words, "--json", stdin=reply).code == 0


def test_the_real_program_loads_neither_qt_nor_pictures_nor_the_network(tmp_path: Path) -> None:
    reply = tmp_path / "reply.txt"
    reply.write_bytes(BOX)
    program = (
        "import sys, qwvis_desktop.__main__ as program\n"
        "code = program.main()\n"
        "heavy = {'PySide6', 'PIL', 'numpy', 'httpx2', 'pyvips', 'keyring'} & sys.modules.keys()\n"
        "print(sorted(heavy), file=sys.stderr)\n"
        "sys.exit(code)"
    )
    words = ["parse", str(reply), "--task", "detect", "--family", "qwen3-vl", "--image-size", "100x100", "--json"]
    ended = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "[]\n")
    assert json.loads(ended.stdout)["annotations"][0]["box"] == [10.0, 20.0, 30.0, 40.0]


def test_python_m_is_the_same_program() -> None:
    words = [sys.executable, "-m", "qwvis_desktop", "parse", "-", "--task", "detect", "--family", "qwen3-vl"]
    ended = subprocess.run(words, input=b"", capture_output=True, check=False)
    assert ended.returncode == 3
    assert b"empty_reply" in ended.stdout
