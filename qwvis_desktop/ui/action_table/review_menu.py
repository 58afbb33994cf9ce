"""What a person says of what a model gave: the actions of the review menu, in its order."""

from __future__ import annotations

from qwvis_desktop.ui.action_table.spec import ActionSpec
from qwvis_desktop.ui.translation import translatable

REVIEW_ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec(
        id="review.accept",
        text=translatable("Actions", "&Accept"),
        menu="review",
        shortcut=("A",),
        repeats=False,
        tip=translatable("Actions", "What is selected is right; go to the next one that nobody looked at"),
        enabled=False,
    ),
    ActionSpec(
        id="review.reject",
        text=translatable("Actions", "&Reject"),
        menu="review",
        shortcut=("X",),
        repeats=False,
        tip=translatable("Actions", "What is selected is wrong: delete it, and go to the next one"),
        enabled=False,
    ),
    ActionSpec(
        id="review.next",
        text=translatable("Actions", "&Next Unseen"),
        menu="review",
        shortcut=("N",),
        tip=translatable("Actions", "Go to the next annotation of the model that nobody accepted or changed"),
        starts_section=True,
        enabled=False,
    ),
    ActionSpec(
        id="review.previous",
        text=translatable("Actions", "&Previous Unseen"),
        menu="review",
        shortcut=("Shift+N",),
        enabled=False,
    ),
    ActionSpec(
        id="review.checked",
        text=translatable("Actions", "Picture Is &Checked"),
        menu="review",
        shortcut=("Ctrl+K",),
        tip=translatable("Actions", "Mark the picture as done, in the list and in what is saved"),
        checkable=True,
        starts_section=True,
        enabled=False,
    ),
)
