"""The names that models give to things: one table per meaning.

Keys are compared in lower case without underscores, hyphens or blanks (``plain``).
"""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=4096)
def plain(key: str) -> str:
    """Return ``key`` as the tables spell it."""
    return key.strip().lower().replace("_", "").replace("-", "").replace(" ", "")


BOX_KEYS = frozenset(
    [
        "bbox2d",
        "bbox",
        "box2d",
        "box",
        "boundingbox",
        "boundingbox2d",
        "bndbox",
        "bboxes",
        "boxes",
        "bboxes2d",
        "boxes2d",
        "boundingboxes",
        "rect",
        "rectangle",
        "bbox2ds",
        "xyxy",
        "坐标",
        "边界框",
        "位置",
    ]
)
"""A box: four numbers, or a list of such."""

POINT_KEYS = frozenset(
    [
        "point2d",
        "point",
        "keypoint",
        "keypoint2d",
        "points2d",
        "clickpoint",
        "point2ds",
        "startpoint",
        "endpoint",
    ]
)
"""A point: two numbers, or a list of such."""

CUBOID_KEYS = frozenset(["bbox3d", "box3d", "cuboid", "boundingbox3d", "bboxes3d"])
"""A box in space: nine numbers, or a list of such."""

OUTLINE_KEYS = frozenset(
    [
        "location",
        "polygon",
        "polygon2d",
        "poly",
        "quad",
        "quadrilateral",
        "quad2d",
        "segmentation",
        "contour",
        "outline",
    ]
)
"""An outline of three corners or more; counted in pixels of the picture as sent where it is ``location``."""

TURNED_BOX_KEYS = frozenset(["rotaterect", "rotatedrect", "rbox"])
"""A turned box: centre, width, height, degrees."""

OPEN_KEYS = frozenset(["coordinate", "coordinate2", "coordinates", "points", "position", "center", "click"])
"""Two, four or eight numbers: their count says what they are."""

PLACE_RANKS = {
    key: rank
    for rank, keys in enumerate((CUBOID_KEYS, BOX_KEYS, POINT_KEYS, OUTLINE_KEYS, TURNED_BOX_KEYS, OPEN_KEYS))
    for key in keys
}
"""All keys of places, each with how sure it is: where an object has several, the surest is read."""

PLACE_KEYS = PLACE_RANKS.keys()

SIDES = {
    "x1": 0, "xmin": 0, "left": 0, "x0": 0, "y1": 1, "ymin": 1, "top": 1, "y0": 1,
    "x2": 2, "xmax": 2, "right": 2, "y2": 3, "ymax": 3, "bottom": 3,
}  # fmt: skip
"""Sides of a box under keys of their own, with their places in left, top, right, bottom."""

EXTENT_KEYS = frozenset({"x", "y", "w", "h", "width", "height"})
"""A corner and the size of a box under keys of their own."""

LABEL_KEYS = (
    "label", "name", "class", "category", "classname", "labelname", "object", "objectname", "item", "title",
    "description", "action", "标签", "名称", "类别",
)  # fmt: skip
"""What is seen, best first."""

LABEL_STEMS = ("label", "name", "class", "category", "object")
"""Beginnings of label keys with a language behind: ``name_zh``, ``label_en``, ``names``."""

TEXT_KEYS = (
    "textcontent",
    "text",
    "transcription",
    "ocr",
    "ocrtext",
    "content",
    "word",
    "words",
    "line",
    "文字",
    "文本",
    "内容",
)
"""What is written there, best first."""

SCORE_KEYS = frozenset({"score", "confidence", "conf", "probability", "prob"})
TIME_KEYS = frozenset({"time", "timestamp", "timesec", "second", "seconds", "frametime"})
IMAGE_KEYS = frozenset({"image", "imgidx", "imageindex", "imageidx", "imgindex", "imageid"})
TAG_KEYS = frozenset({"tag", "type", "blocktype", "elementtype"})

START_KEYS = frozenset(
    {
        "start",
        "starttime",
        "begin",
        "begintime",
        "from",
        "startsec",
        "timestart",
        "starttimestamp",
        "开始",
        "开始时间",
        "起始时间",
    }
)
END_KEYS = frozenset(
    {"end", "endtime", "to", "until", "stop", "stoptime", "endsec", "timeend", "endtimestamp", "结束", "结束时间"}
)
RANGE_KEYS = frozenset(
    {
        "time",
        "timestamp",
        "timestamps",
        "timerange",
        "range",
        "interval",
        "segment",
        "period",
        "duration",
        "时间",
        "时间段",
    }
)
EVENT_LABEL_KEYS = (
    "description",
    "event",
    "caption",
    "label",
    "activity",
    "action",
    "text",
    "content",
    "summary",
    "title",
    "name",
    "描述",
    "事件",
    "内容",
)

WRAPPER_KEYS = frozenset({
    "detections", "detection", "objects", "results", "result", "items", "data", "annotations", "instances",
    "predictions", "output", "outputs", "response", "answer", "answers", "arguments", "parameters", "params",
    "elements", "regions", "list", "wordsinfo", "ocrresult", "poslist", "parts", "frames", "events", "targets",
    "entities", "shapes", "blocks",
    "texts", "lines", "locations",
})  # fmt: skip
"""Keys under which lists of all sorts stand; any other key over objects without labels is their label."""

_KNOWN = PLACE_KEYS | SIDES.keys() | set(LABEL_KEYS) | set(TEXT_KEYS) | SCORE_KEYS | TIME_KEYS | IMAGE_KEYS
_KNOWN |= TAG_KEYS | START_KEYS | END_KEYS | set(EVENT_LABEL_KEYS)


def known(key: str) -> bool:
    """Say whether ``key`` is in any of the tables, or begins like a label with a language behind."""
    name = plain(key)
    return name in _KNOWN or name.startswith(LABEL_STEMS)
