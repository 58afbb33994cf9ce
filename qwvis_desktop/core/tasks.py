"""Tasks: what is asked of a model, and the shape in which it answers.

The prompts are the makers' own (``qwen-api.md`` 7). A prompt is a template with at most one blank, ``{target}``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class ReplyShape(StrEnum):
    """The form in which a reply to a task comes; each has one reader in ``core.replies.readers``."""

    OBJECTS = "objects"
    EVENTS = "events"
    FIELDS = "fields"
    DOCUMENT = "document"
    PROSE = "prose"


@dataclass(frozen=True, slots=True)
class Wording:
    """Other words for the same task.

    Attributes:
        title: its name for people (translated where it is shown).
        prompt, template, target_hint: as in ``Task``.
    """

    title: str
    prompt: str
    template: str
    target_hint: str


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to ask.

    Attributes:
        id: its name on the command line and in files.
        title: its name for people (translated where it is shown).
        shape: how the reply is to be read.
        kinds: kinds of annotation it yields (``Annotation.kind``).
        prompt: what is asked when nothing is named.
        template: what is asked when something is named; ``{target}`` is the blank. Empty where naming makes no sense.
        target_hint: what to name, for the input field.
        media: kinds of media it takes.
        needs: abilities a model must have (``ModelSpec.abilities``).
        wordings: other words to choose from; the task's own go by ``wording_title``.
    """

    id: str
    title: str
    shape: ReplyShape
    kinds: tuple[str, ...]
    prompt: str
    template: str = ""
    target_hint: str = ""
    media: tuple[str, ...] = ("image",)
    needs: tuple[str, ...] = ("vision",)
    wordings: tuple[Wording, ...] = ()
    wording_title: str = ""

    def prompt_for(self, target: str, wording: int = 0) -> str:
        """Return the prompt, with ``target`` in its blank where something was named.

        Args:
            target: what to look for.
            wording: 0 for the task's own words, else the number of one of ``wordings``, counted from 1.
        """
        words: Task | Wording = self.wordings[wording - 1] if wording else self
        named = target.strip()
        return words.template.replace("{target}", named) if named and words.template else words.prompt


OCR_PROMPT = "Please output only the text content from the image without any additional descriptions or formatting."
"""What the OCR service takes where nothing is said (``qwen-api.md`` 4.1)."""

_IN_JSON = (
    "Keep to the language of the image, add no explanation, and output nothing but valid JSON; leave a value empty "
    "where the image does not show it."
)

_OCR_SERVICE = (
    Task(
        "ocr:advanced_recognition",
        "Text lines with places (OCR service)",
        ReplyShape.OBJECTS,
        ("text",),
        "Locate all text lines and return the coordinates of the rotated rectangle ([cx, cy, width, height, angle]).",
        needs=("ocr-service",),
    ),
    Task(
        "ocr:key_information_extraction",
        "Fields (OCR service)",
        ReplyShape.FIELDS,
        (),
        f"Extract all key-value pairs from the image and output them as one JSON object. {_IN_JSON}",
        "You are an expert in extracting information. Fill the values of this JSON schema from the image; where a "
        f"value is a list, repeat its template for each item. {_IN_JSON}\nSchema: {{target}}",
        '{"Invoice number": "", "Items": [{"name": "", "price": ""}]}',
        needs=("ocr-service",),
    ),
    *(
        Task(f"ocr:{name}", title, ReplyShape.PROSE, (), prompt, needs=("ocr-service",))
        for name, title, prompt in (
            (
                "table_parsing",
                "Tables (OCR service)",
                "Convert the tables in the image to HTML with tr and td, keeping their layout and merged cells.",
            ),
            (
                "document_parsing",
                "Document as LaTeX (OCR service)",
                "Transcribe the document in the image, its text, tables and formulas, to LaTeX without changing "
                "anything.",
            ),
            (
                "formula_recognition",
                "Formula (OCR service)",
                "Return the LaTeX of the formula in the image, and nothing else.",
            ),
            ("multi_lan", "Text in many languages (OCR service)", OCR_PROMPT),
            ("text_recognition", "Text (OCR service)", OCR_PROMPT),
        )
    ),
)
"""The OCR service's own tasks (4.3). Their prompts are for the OpenAI-compatible interface, which knows no tasks: the
two that the makers print are theirs, the others say in our words what the makers' do."""

_CUBOID_JSON = (
    '[{"bbox_3d":[x_center, y_center, z_center, x_size, y_size, z_size, roll, pitch, yaw],"label":"category"}]'
)
"""The shape the makers ask for. The names of the angles are theirs; what models write there is pitch, yaw, roll."""

_CUBOIDS = f"The output format required is JSON: {_CUBOID_JSON}."
_CUBOIDS_SHORT = f"Output JSON: {_CUBOID_JSON}."

TASKS: dict[str, Task] = {
    task.id: task
    for task in (
        Task(
            "detect",
            "Find objects",
            ReplyShape.OBJECTS,
            ("detection",),
            "Locate every object in the image. Report bbox coordinates in JSON format.",
            'Locate every instance that belongs to the following categories: "{target}". '
            "Report bbox coordinates in JSON format.",
            "person, car, traffic light",
        ),
        Task(
            "point",
            "Point at objects",
            ReplyShape.OBJECTS,
            ("keypoint",),
            "Point to every object in the image. Output the point coordinates in JSON format. "
            'For example: [{"point_2d": [x, y], "label": "point_1"}]',
            'Point to every instance of: "{target}". Output the point coordinates in JSON format. '
            'For example: [{"point_2d": [x, y], "label": "point_1"}]',
            "the free space on the table",
        ),
        Task(
            "cuboid",
            "Find objects in 3D",
            ReplyShape.OBJECTS,
            ("cuboid",),
            f"Find all objects in this image. For each object, provide its 3D bounding box. {_CUBOIDS}",
            f"Find all {{target}} in this image. For each object, provide its 3D bounding box. {_CUBOIDS}",
            "cars",
            needs=("vision", "cuboids"),
            wordings=(
                Wording(
                    "By description",
                    "Locate all objects in image and provide 3D bounding boxes results in JSON format.",
                    "Locate the {target} in image and provide 3D bounding boxes results in JSON format.",
                    "black chair",
                ),
                Wording(
                    "Predict",
                    f"Detect all objects in the image and predict the 3D boxes. {_CUBOIDS_SHORT}",
                    f"Detect the {{target}} in the image and predict the 3D box. {_CUBOIDS_SHORT}",
                    "bottle",
                ),
                Wording(
                    "In Chinese",
                    f"检测图像中的所有物体，并预测每个物体的3D边界框。输出JSON：{_CUBOID_JSON}。",
                    f"检测图像中的所有{{target}}，并预测每个目标的3D边界框。输出JSON：{_CUBOID_JSON}。",
                    "汽车",
                ),
            ),
            wording_title="By category",
        ),
        Task(
            "spot-text",
            "Find text with places",
            ReplyShape.OBJECTS,
            ("text",),
            "Spotting all the text in the image with line-level, and output in JSON format.",
            needs=("text",),
        ),
        Task(
            "read-text",
            "Read text",
            ReplyShape.PROSE,
            (),
            "Read all the text in the image.",
            needs=("text",),
        ),
        Task(
            "extract-fields",
            "Extract fields",
            ReplyShape.FIELDS,
            (),
            "Extract all the key-value information in the image, and output it in JSON format.",
            "Extract the key-value information in the format: {target}",
            '{"company": "", "date": "", "total": ""}',
        ),
        Task(
            "document-html",
            "Parse a document as HTML",
            ReplyShape.DOCUMENT,
            ("block",),
            "qwenvl html",
            needs=("vision", "documents"),
        ),
        Task(
            "document-markdown",
            "Parse a document as Markdown",
            ReplyShape.DOCUMENT,
            ("block",),
            "qwenvl markdown",
            needs=("vision", "markdown"),
        ),
        Task(
            "video-events",
            "Find events in a film",
            ReplyShape.EVENTS,
            ("event",),
            "Localize a series of activity events in the video, output the start and end timestamp for each event, and "
            "describe each event with sentences. Provide the result in json format with 'mm:ss.ff' format for time "
            "depiction.",
            "Give the query: '{target}', when does the described content occur in the video?",
            "someone opens the door",
            media=("video",),
        ),
        Task(
            "video-boxes",
            "Find objects in a film",
            ReplyShape.OBJECTS,
            ("detection",),
            "Detect every object in each frame. Skip frames without objects. Report in JSON format: "
            '[{"time": 1.0, "bbox_2d": [x_min, y_min, x_max, y_max], "label": ""}, ...].',
            'Given the query "{target}", detect and localize it in each frame. Skip frames without it. Report in JSON '
            'format: [{"time": 1.0, "bbox_2d": [x_min, y_min, x_max, y_max], "label": ""}, ...].',
            "the red car",
            media=("video",),
        ),
        Task(
            "ask",
            "Ask about the picture",
            ReplyShape.PROSE,
            (),
            "What is in this picture?",
            media=("image", "video"),
        ),
        Task(
            "caption",
            "Describe the picture",
            ReplyShape.PROSE,
            (),
            "Describe this picture in detail.",
            media=("image", "video"),
        ),
        Task(
            "solve",
            "Solve the problem shown",
            ReplyShape.PROSE,
            (),
            "Solve the problem in the image. Reason step by step, then give the answer.",
        ),
        Task(
            "code",
            "Turn the picture into code",
            ReplyShape.PROSE,
            (),
            "Analyze this screenshot and convert it to clean, functional and modern HTML code.",
        ),
        *_OCR_SERVICE,
    )
}
"""All tasks by id, in the order in which they are offered."""

_OF_FILMS = {
    "ask": ("Ask about the film", "What happens in this film?"),
    "caption": ("Describe the film", "Describe this film in detail: what happens, and when."),
}
"""Titles and prompts of tasks that speak of the medium."""


def for_media(task: Task, media: str) -> Task:
    """Return ``task`` as it is asked about this kind of media."""
    if media != "video" or task.id not in _OF_FILMS:
        return task
    title, prompt = _OF_FILMS[task.id]
    return replace(task, title=title, prompt=prompt)
