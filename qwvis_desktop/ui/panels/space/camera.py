"""``CameraPanel``: through which camera space is seen in the picture, and what the angles of boxes mean."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QSlider,
    QWidget,
)

from qwvis_desktop.core.camera import ANGLE_CONVENTIONS, CameraIntrinsics
from qwvis_desktop.core.cuboid_evidence import ConventionDoubt, convention_doubt
from qwvis_desktop.core.document import ASSUMED_CAMERA
from qwvis_desktop.core.geometry import Size
from qwvis_desktop.ui.editor import DocumentEditor
from qwvis_desktop.ui.panels.labels import ToneLabel, WrappingLabel
from qwvis_desktop.ui.panels.number_field import NumberField, guard_wheel
from qwvis_desktop.ui.panels.scrolling import fill_scrolling
from qwvis_desktop.ui.panels.space.camera_words import (
    BY_HAND,
    camera_source_words,
    convention_meaning,
    convention_title,
)
from qwvis_desktop.ui.panels.words import counted
from qwvis_desktop.ui.theme import Tone

NARROWEST, WIDEST = 5.0, 150.0
"""Fields of view that the slider offers, in degrees; beyond them focal lengths are entered as numbers."""

_NUMBERS = ("fx", "fy", "cx", "cy")
_STEPS = 10
"""Steps of the slider in a degree."""


def field_of_view(camera: CameraIntrinsics, size: Size) -> float:
    """Return the angle in degrees that the width of a picture of ``size`` takes in."""
    return math.degrees(2 * math.atan(size.width / (2 * camera.fx)))


def with_field_of_view(camera: CameraIntrinsics, size: Size, degrees: float) -> CameraIntrinsics:
    """Return ``camera`` zoomed so that the width takes in ``degrees``: both focal lengths keep their ratio."""
    fx = size.width / (2 * math.tan(math.radians(degrees) / 2))
    return replace(camera, fx=fx, fy=camera.fy * fx / camera.fx)


class CameraPanel(QWidget):
    """Shows the camera and the convention of angles of a document and lets them be changed, each change an undo step.

    Signals (what needs files or computing):
        exif_requested(): take the focal length that the picture's file notes.
        file_requested(): take the camera from a file.
        fit_requested(): find the focal length that makes cuboids and boxes agree.
        ground_toggled(bool): show or hide the grid on the ground.
    """

    exif_requested = Signal()
    file_requested = Signal()
    fit_requested = Signal()
    ground_toggled = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor: DocumentEditor | None = None
        self._drags = itertools.count()
        self._drag = ""
        self._make_widgets()
        self._place_widgets()
        self._connect()
        self.show_editor(None)

    def show_editor(self, editor: DocumentEditor | None) -> None:
        """Show the camera of ``editor``'s document and follow it; None for none."""
        if self._editor is not None:
            self._editor.camera_changed.disconnect(self._show_camera)
            self._editor.changed.disconnect(self._look.start)
        self._editor = editor
        self._content.setEnabled(editor is not None)
        self.show_fit("")
        self._show_doubt()
        if editor is not None:
            editor.camera_changed.connect(self._show_camera)
            editor.changed.connect(self._look.start)
            self._look.start()
            self._show_camera()
        else:
            self._source.say(self.tr("Open a picture first."), Tone.MUTED)

    def show_fit(self, sentence: str) -> None:
        """Say how well the last fit went; empty for nothing."""
        self._fit_result.setText(sentence)
        self._fit_result.setVisible(bool(sentence))

    def show_ground(self, shown: bool) -> None:
        """Show whether the grid on the ground is drawn; nothing is emitted."""
        with QSignalBlocker(self._ground):
            self._ground.setChecked(shown)

    # Inside.

    def _make_widgets(self) -> None:
        self._content = QWidget()
        self._source = WrappingLabel("", None)
        self._source.setAccessibleName(self.tr("Where the camera is known from"))
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setAccessibleName(self.tr("Field of view, slider"))
        self._slider.setRange(round(NARROWEST * _STEPS), round(WIDEST * _STEPS))
        self._slider.setSingleStep(_STEPS)
        self._slider.setPageStep(5 * _STEPS)
        guard_wheel(self._slider)
        self._view = NumberField(self.tr("Field of view"), 0.1, 179, decimals=1)
        self._view.setSuffix("°")
        self._view.setToolTip(self.tr("The angle that the width of the picture takes in"))
        self._numbers = {
            "fx": NumberField("fx", 0.01, 1e6, step=10),
            "fy": NumberField("fy", 0.01, 1e6, step=10),
            "cx": NumberField("cx", -1e6, 1e6, step=10),
            "cy": NumberField("cy", -1e6, 1e6, step=10),
        }
        tips = {
            "f": self.tr("Focal length in pixels of the original; greater than 0"),
            "c": self.tr("Where the camera looks straight ahead, in pixels of the original"),
        }
        for name, field in self._numbers.items():
            field.setToolTip(tips[name[0]])
        self._makers = _button(self.tr("Ma&kers' 60°"), self.tr("60 degrees across and 60 degrees down"))
        self._square = _button(self.tr("S&quare pixels"), self.tr("One focal length for both axes: fy = fx"))
        self._exif = _button(self.tr("From EX&IF"), self.tr("An estimate from the focal length the file notes"))
        self._file = _button(
            self.tr("Fr&om file..."), self.tr("JSON with fx, fy, cx, cy; KITTI P2; COLMAP cameras.txt; OpenCV YAML")
        )
        self._fit = _button(
            self.tr("Fit to 2&D boxes"),
            self.tr("Find the focal length that makes cuboids and boxes of the same label agree"),
        )
        self._fit_result = WrappingLabel("", None)
        self._fit_result.setAccessibleName(self.tr("How well the camera fits"))
        self._ground = QCheckBox(self.tr("&Ground grid and horizon"))
        self._ground.setToolTip(self.tr("What stands upright stands upright on the grid"))
        self._conventions = QComboBox()
        self._conventions.setAccessibleName(self.tr("What the angles mean"))
        self._conventions.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        guard_wheel(self._conventions)
        for convention in ANGLE_CONVENTIONS.values():
            self._conventions.addItem(convention_title(convention), convention.name)
        self._meaning = WrappingLabel()
        self._doubt = WrappingLabel("", Tone.WARNING)
        self._doubt.setAccessibleName(self.tr("What speaks against this reading of the angles"))
        self._doubted: ConventionDoubt | None = None
        self._other = _button("", self.tr("Read the angles so that these boxes stand upright"))
        self._other.setAccessibleName(self.tr("Read the angles in the other way"))
        self._look = QTimer(self, singleShot=True, interval=0)

    def _place_widgets(self) -> None:
        grid = QGridLayout(self._content)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        caption = QLabel(self.tr("Field &of view"))
        caption.setBuddy(self._view)
        grid.addWidget(caption, 0, 0, 1, 3)
        grid.addWidget(self._view, 0, 3)
        grid.addWidget(self._slider, 1, 0, 1, 4)
        for place, (name, field) in enumerate(self._numbers.items()):
            row, column = 2 + place // 2, place % 2 * 2
            label = ToneLabel(name)
            label.setBuddy(field)
            grid.addWidget(label, row, column)
            grid.addWidget(field, row, column + 1)
        for place, button in enumerate((self._makers, self._square, self._exif, self._file)):
            grid.addWidget(button, 4 + place // 2, place % 2 * 2, 1, 2)
        difference = WrappingLabel(
            self.tr(
                "The makers take 60° across and 60° down, which stretches one axis unless the picture is square; "
                "their models' replies were seen to fit that. Real cameras have square pixels."
            )
        )
        grid.addWidget(difference, 6, 0, 1, 4)
        grid.addWidget(self._fit, 7, 0, 1, 4)
        grid.addWidget(self._fit_result, 8, 0, 1, 4)
        grid.addWidget(self._ground, 9, 0, 1, 4)
        angles = QLabel(self.tr("A&ngles"))
        angles.setBuddy(self._conventions)
        grid.addWidget(angles, 10, 0)
        grid.addWidget(self._conventions, 10, 1, 1, 3)
        grid.addWidget(self._meaning, 11, 0, 1, 4)
        grid.addWidget(self._doubt, 12, 0, 1, 4)
        grid.addWidget(self._other, 13, 0, 1, 4)
        fill_scrolling(self, self._source, self._content)

    def _connect(self) -> None:
        self._slider.sliderPressed.connect(self._end_drag)
        self._slider.sliderReleased.connect(self._end_drag)
        self._slider.valueChanged.connect(lambda value: self._zoom(value / _STEPS))
        self._view.edited.connect(self._zoom)
        self._view.editingFinished.connect(self._end_drag)
        for name, field in self._numbers.items():
            field.edited.connect(lambda value, name=name: self._enter(name, value))
            field.editingFinished.connect(self._end_drag)
        self._makers.clicked.connect(self._take_makers)
        self._square.clicked.connect(self._take_square)
        self._exif.clicked.connect(self.exif_requested)
        self._file.clicked.connect(self.file_requested)
        self._fit.clicked.connect(self.fit_requested)
        self._ground.toggled.connect(self.ground_toggled)
        self._conventions.currentIndexChanged.connect(self._choose_convention)
        self._other.clicked.connect(self._take_other)
        self._look.timeout.connect(self._show_doubt)

    def _show_camera(self) -> None:
        editor = self._editor
        assert editor is not None  # it is listened to only while it is shown
        document = editor.document
        words = self.tr("Camera: {source}").replace("{source}", camera_source_words(document.camera_source))
        self._source.say(words, None)
        degrees = field_of_view(document.camera, document.size)
        self._view.show_value(degrees)
        with QSignalBlocker(self._slider):
            self._slider.setValue(round(degrees * _STEPS))
        for name, field in self._numbers.items():
            field.show_value(getattr(document.camera, name))
        with QSignalBlocker(self._conventions):
            self._conventions.setCurrentIndex(self._conventions.findData(document.convention.name))
        meaning = convention_meaning(document.convention)
        if meaning != self._meaning.text():
            self._meaning.setText(meaning)
            self._look.start()

    def _show_doubt(self) -> None:
        """Say where another convention would stand up what leans under this one."""
        doubt = convention_doubt(self._editor.document) if self._editor is not None else None
        self._doubted = doubt
        if doubt is not None:
            words = self.tr("{n} lean by up to {tilt}°. Read in another way they would stand, within {then}°.")
            for blank, value in (
                ("n", counted(len(doubt.ids), "cuboid")),
                ("tilt", f"{doubt.tilt:.0f}"),
                ("then", f"{doubt.tilt_then:.0f}"),
            ):
                words = words.replace("{" + blank + "}", value)
            self._doubt.setText(words)
            title = convention_title(doubt.convention)
            self._other.setText(self.tr("Read as {convention}").replace("{convention}", title.lower()))
        self._doubt.setVisible(doubt is not None)
        self._other.setVisible(doubt is not None)

    def _zoom(self, degrees: float) -> None:
        if self._editor is not None:
            document = self._editor.document
            camera = with_field_of_view(document.camera, document.size, degrees)
            self._editor.set_camera(camera, BY_HAND, self.tr("Field of view"), drag=f"view {self._drag}")

    def _enter(self, name: str, value: float) -> None:
        if self._editor is not None:
            camera = replace(self._editor.document.camera, **{name: value})
            step = self.tr("Change {name}").replace("{name}", name)
            self._editor.set_camera(camera, BY_HAND, step, drag=f"{name} {self._drag}")

    def _end_drag(self) -> None:
        """Let what comes next be an undo step of its own."""
        self._drag = str(next(self._drags))

    def _take_makers(self) -> None:
        if self._editor is not None:
            camera = CameraIntrinsics.from_field_of_view(self._editor.document.size)
            self._editor.set_camera(camera, ASSUMED_CAMERA, self.tr("Makers' camera"))

    def _take_square(self) -> None:
        if self._editor is not None:
            camera = self._editor.document.camera
            step = self.tr("Square pixels")
            self._editor.set_camera(replace(camera, fy=camera.fx), BY_HAND, step)

    def _choose_convention(self) -> None:
        if self._editor is not None and self._conventions.currentIndex() >= 0:
            convention = ANGLE_CONVENTIONS[self._conventions.currentData()]
            step = self.tr("Angles as {convention}").replace("{convention}", convention_title(convention))
            self._editor.set_convention(convention, step)

    def _take_other(self) -> None:
        if self._doubted is not None:
            self._conventions.setCurrentIndex(self._conventions.findData(self._doubted.convention.name))


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return button
