"""The table of preferences: pages, and on each page what can be set, by the names of ``Settings``.

To add a preference, add a field of ``core.settings.Settings`` and its row here; to add a page, add it to ``PAGES``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from qwvis_desktop.core.settings import MOST_PARALLEL, PAGE_RESOLUTIONS
from qwvis_desktop.ui.panels.dialogs.costs_dialog import CURRENCIES
from qwvis_desktop.ui.translation import translatable


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberPreference:
    """A number.

    Attributes:
        name: of the setting.
        title: its words, with ``&`` before the letter that chooses it.
        least, most: what can be entered.
        unit: what stands behind the number.
        at_least: what stands for the least number, where that means something else ("no limit"); empty where not.
        decimals: digits after the point.
        step: what an arrow adds.
        tip: what it is, where the title alone does not say it.
    """

    name: str
    title: str
    least: float
    most: float
    unit: str = ""
    at_least: str = ""
    decimals: int = 0
    step: float = 1.0
    tip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoicePreference:
    """One of several: their values, and the words for each."""

    name: str
    title: str
    choices: tuple[tuple[str, str], ...]
    tip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchPreference:
    """On or off."""

    name: str
    title: str
    tip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPreference:
    """A line of text; of a file where ``file_kinds`` is given (as Qt's file dialog takes them)."""

    name: str
    title: str
    placeholder: str = ""
    file_kinds: str = ""
    tip: str = ""


Preference: TypeAlias = NumberPreference | ChoicePreference | SwitchPreference | TextPreference


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencePage:
    """A page: its title in the list, a sentence on what it is about, and what can be set."""

    title: str
    about: str
    preferences: tuple[Preference, ...]


_SECONDS = translatable("Preferences", " s")

PAGES: tuple[PreferencePage, ...] = (
    PreferencePage(
        title=translatable("Preferences", "Start"),
        about=translatable(
            "Preferences",
            "What is there when the program starts with nothing named. What a crash left unsaved is always offered.",
        ),
        preferences=(
            SwitchPreference(
                name="session",
                title=translatable("Preferences", "Open what was open at the &end"),
                tip=translatable("Preferences", "The project, or the pictures and folders, and the one that was shown"),
            ),
        ),
    ),
    PreferencePage(
        title=translatable("Preferences", "Waiting"),
        about=translatable(
            "Preferences",
            "How long a service is waited for, and when it is asked again. A reply that has begun is never asked for "
            "anew; Stop works at any time.",
        ),
        preferences=(
            NumberPreference(
                name="connect_seconds",
                title=translatable("Preferences", "For a &connection"),
                least=1,
                most=120,
                unit=_SECONDS,
                tip=translatable("Preferences", "Looking up the name and connecting, together"),
            ),
            NumberPreference(
                name="first_seconds",
                title=translatable("Preferences", "For the &first piece of a reply"),
                least=0,
                most=86_400,
                unit=_SECONDS,
                at_least=translatable("Preferences", "as the model needs"),
                step=30,
                tip=translatable(
                    "Preferences", "Models that think, and servers that load a model first, take minutes before a word"
                ),
            ),
            NumberPreference(
                name="idle_seconds",
                title=translatable("Preferences", "For each f&urther piece"),
                least=1,
                most=3600,
                unit=_SECONDS,
                step=5,
            ),
            NumberPreference(
                name="total_seconds",
                title=translatable("Preferences", "For the &whole reply"),
                least=0,
                most=86_400,
                unit=_SECONDS,
                at_least=translatable("Preferences", "no limit"),
                step=60,
                tip=translatable("Preferences", "Some replies never end; what came until then is kept"),
            ),
            NumberPreference(
                name="tries",
                title=translatable("Preferences", "&Tries"),
                least=1,
                most=3,
                tip=translatable(
                    "Preferences", "Only where a little patience may help: a busy or failing service, a lost connection"
                ),
            ),
            NumberPreference(
                name="longest_wait",
                title=translatable("Preferences", "&Longest wait before the next try"),
                least=0,
                most=120,
                unit=_SECONDS,
                step=10,
                tip=translatable("Preferences", "Where a service asks for more, its error is shown at once"),
            ),
        ),
    ),
    PreferencePage(
        title=translatable("Preferences", "Sending"),
        about=translatable(
            "Preferences",
            "How pictures get to DashScope. Other services are sent them as base64. What is uploaded lies in "
            "DashScope's own storage for 48 hours and cannot be deleted before.",
        ),
        preferences=(
            ChoicePreference(
                name="upload",
                title=translatable("Preferences", "&Pictures are sent"),
                choices=(
                    ("auto", translatable("Preferences", "as base64, above 7 MB uploaded")),
                    ("base64", translatable("Preferences", "as base64, always")),
                    ("temporary", translatable("Preferences", "uploaded, always")),
                    ("url", translatable("Preferences", "by their address where they have one")),
                ),
            ),
            ChoicePreference(
                name="base64_mb",
                title=translatable("Preferences", "One picture as &base64 takes"),
                choices=(
                    ("10", translatable("Preferences", "10 MB at most")),
                    ("20", translatable("Preferences", "20 MB at most")),
                ),
                tip=translatable("Preferences", "The newest documents say 20 MB of newer models; all others 10 MB"),
            ),
            ChoicePreference(
                name="pixels_place",
                title=translatable("Preferences", "Pixel &limits stand"),
                choices=(
                    ("beside", translatable("Preferences", "beside the picture's address")),
                    ("inside", translatable("Preferences", "with the picture's address")),
                    ("both", translatable("Preferences", "in both places")),
                ),
                tip=translatable("Preferences", "The makers' documents contradict each other; most of them say beside"),
            ),
        ),
    ),
    PreferencePage(
        title=translatable("Preferences", "Documents"),
        about=translatable(
            "Preferences",
            "How pages of PDF documents become pictures. It holds for pages that are opened from now on; those that "
            "were worked on stay as they are.",
        ),
        preferences=(
            NumberPreference(
                name="page_resolution",
                title=translatable("Preferences", "&Resolution of pages"),
                least=PAGE_RESOLUTIONS[0],
                most=PAGE_RESOLUTIONS[1],
                step=50,
                unit=translatable("Preferences", " pixels per inch"),
                tip=translatable("Preferences", "200 is right for print of 8 points and more; small print needs 300"),
            ),
        ),
    ),
    PreferencePage(
        title=translatable("Preferences", "Spending"),
        about=translatable(
            "Preferences",
            "The most that requests may cost. What would pass a cap is asked about before it is sent; costs before "
            "sending are estimates. What was spent stands under Run > Costs.",
        ),
        preferences=(
            TextPreference(
                name="cap_run",
                title=translatable("Preferences", "&A run may cost"),
                placeholder=translatable("Preferences", "no cap"),
                tip=translatable("Preferences", "An amount such as 0.50; each further look of the model counts"),
            ),
            TextPreference(
                name="cap_day",
                title=translatable("Preferences", "All &runs of a day may cost"),
                placeholder=translatable("Preferences", "no cap"),
                tip=translatable("Preferences", "An amount such as 20; what is on its way counts"),
            ),
            ChoicePreference(
                name="cap_currency",
                title=translatable("Preferences", "C&urrency of both"),
                choices=tuple((currency, currency) for currency in CURRENCIES),
                tip=translatable("Preferences", "Requests whose price is in another one are not held back"),
            ),
            NumberPreference(
                name="parallel",
                title=translatable("Preferences", "Requests at a &time"),
                least=1,
                most=MOST_PARALLEL,
                tip=translatable("Preferences", "To one model with one key; a further one waits for its turn"),
            ),
        ),
    ),
    PreferencePage(
        title=translatable("Preferences", "Network"),
        about=translatable(
            "Preferences",
            "Proxies are taken from the system and from HTTPS_PROXY and NO_PROXY; this computer is never asked through "
            "one. Certificates that the system trusts are trusted. There is no way to switch that check off.",
        ),
        preferences=(
            TextPreference(
                name="ca_file",
                title=translatable("Preferences", "&Further certificates"),
                placeholder=translatable("Preferences", "none"),
                file_kinds=translatable("Preferences", "Certificates (*.pem *.crt *.cer);;All files (*)"),
                tip=translatable(
                    "Preferences", "A PEM file of a company's own authority, trusted besides the system's"
                ),
            ),
        ),
    ),
)
"""The pages, in order."""
