"""Keys: in the system's keyring, else from an environment variable, else in memory until the program closes.

Never in a file of ours. A key is kept for the host it was entered for, so that a profile whose address is changed
does not carry it to somebody else.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from qwvis_desktop.core.settings import Profile

SERVICE = "qwvis"
"""The name under which the keyring lists our keys."""


class KeySource(StrEnum):
    """Where a key is kept."""

    NOWHERE = "nowhere"
    MEMORY = "memory"
    KEYRING = "keyring"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key (None where there is none), where it is kept, and why a kept one could not be read (mostly empty)."""

    key: str | None = field(repr=False)
    source: KeySource
    problem: str = ""


@dataclass(frozen=True, slots=True)
class KeptKey:
    """Where a key was kept, and what is to be said about it (empty where nothing is)."""

    source: KeySource
    warning: str = ""


class Keyring(Protocol):
    """What is used of a keyring."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is kept, None where there is nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep ``password``."""

    def delete_password(self, service: str, username: str) -> None:
        """Forget it."""


def system_keyring() -> Keyring | None:
    """Return the system's keyring; None where there is none, or only one that would write a plain file."""
    try:
        import keyring
    except ImportError:
        return None
    backend = keyring.get_keyring()
    module = type(backend).__module__
    if module.startswith(("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")) or backend.priority <= 0:
        return None
    return backend


def clean_key(text: str) -> tuple[str, str]:
    """Return a key as pasted without what came along with it, and a warning (empty where there is none).

    Quotes, white space round it, ``export NAME=`` and ``Authorization: Bearer`` come along often.

    Raises:
        ValueError: it is no key; the text is for people and does not repeat it.
    """
    key = text.strip()
    key = re.sub(r"^(export\s+)?[A-Z][A-Z0-9_]*\s*=\s*", "", key)
    key = re.sub(r"(?i)^(authorization\s*:\s*)?bearer\s+", "", key.strip("'\"` "))
    key = key.strip("'\"` ;,")
    for pattern, sentence in MALFORMED:
        if re.search(pattern, key):
            raise ValueError(sentence)
    if len(key) > LONGEST_KEY:
        raise ValueError("This is longer than any key, perhaps a whole file. Copy the key alone and paste it here.")
    if key.startswith("sk-sp-"):
        return key, (
            "This key begins with 'sk-sp-': it belongs to a Coding Plan, which the ordinary service refuses. "
            "You will most likely need an ordinary key."
        )
    return key, ""


LONGEST_KEY = 512
"""No service gives a longer one; some give a signed token of a few hundred characters."""

MALFORMED: tuple[tuple[str, str], ...] = (
    ("^$", "There is no key in this. Copy the key from the console of the service and paste it here."),
    (
        r"^(https?|wss?)://",
        "This is an address, not a key. The address of a service is entered above; copy the key from its console.",
    ),
    (r"^(/|~/|[A-Za-z]:\\|\\\\)", "This is the name of a file, not a key. Open the file, and copy the key in it."),
    (
        r"^[{\[][\s\S]*[}\]]$",
        "This is a piece of a settings file, not a key. Copy the key in it alone, without brackets.",
    ),
    (
        r"(?i)^<.*>$|^\$|^%.*%$|your[-_ ]?(api[-_ ]?)?key|api[-_]?key[-_]?here",
        "This stands for a key in an example. Put your own key in its place, from the console of the service.",
    ),
    (r"^[^@\s]+@[^@\s]+\.[a-z]+$", "This is a mail address, not a key. Copy the key from the console of the service."),
    (
        r"[\uff01-\uff5e]",
        "This holds wide letters, as an input method writes them. Switch it off and paste the key again.",
    ),
    (
        r"[\u200b-\u200f\u2060\ufeff\u00ad]",
        "This holds invisible characters. Copy the key once more, from its beginning.",
    ),
    (
        r"[^\x00-\x7f]",
        "This holds letters that no key has, perhaps dots that stand for a hidden part. Copy the whole key once more.",
    ),
    (r"[\r\n]", "These are several lines, perhaps two keys. Copy the key alone, in one line."),
    (
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]",
        "This holds control characters, as a terminal writes them. Copy it once more.",
    ),
    (r"\s", "This holds spaces within. Copy the key alone, without what stands beside it."),
    (r"\*|\.\.\.", "Part of this key is hidden by stars or dots. Show it in the console of the service first."),
    (r"[\"'`\\,;]", "This holds quotes, commas or slashes that no key has. Copy the key alone."),
)
"""What is no key, and what is to be said of it; the first that is found."""


class Credentials:
    """The keys of the services.

    Args:
        environment: where environment variables are looked up.
        keyring: where keys are kept; the system's own where not given. It is looked for on first use, and may then
            ask the user to unlock it: use it on a worker thread where that must not be waited for.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ, keyring: Keyring | None = None) -> None:
        self._environment = environment
        self._keyring = keyring
        self._looked = keyring is not None
        self._memory: dict[str, str] = {}
        self._secrets: set[str] = set()

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def get(self, profile: Profile) -> FoundKey:
        """Return the key for ``profile``: entered since the start, else of the keyring, else of the environment."""
        problem = ""
        found = self._memory.get(profile.host)
        source = KeySource.MEMORY
        if not found:
            found, problem = self._from_keyring(profile)
            source = KeySource.KEYRING
        if not found:
            found = self._environment.get(profile.key_variable, "").strip()
            source = KeySource.ENVIRONMENT
        if not found:
            return FoundKey(None, KeySource.NOWHERE, problem)
        self._secrets.add(found)
        return FoundKey(found, source)

    def set(self, profile: Profile, text: str) -> KeptKey:
        """Keep a key as pasted for the host of ``profile``; say where.

        The key of a service that does not need one is kept in memory only.

        Raises:
            ValueError: it is no key; the text is for people.
        """
        key, warning = clean_key(text)
        self._secrets.add(key)
        if self._to_keyring(profile, key):
            self._memory.pop(profile.host, None)
            return KeptKey(KeySource.KEYRING, warning)
        self._memory[profile.host] = key
        return KeptKey(KeySource.MEMORY, warning)

    def forget(self, profile: Profile) -> None:
        """Forget the key for the host of ``profile``, in memory and in the keyring; an environment variable stays."""
        self._memory.pop(profile.host, None)
        store = self._store(profile)
        if store is not None and self._from_keyring(profile)[0] is not None:
            store.delete_password(SERVICE, profile.host)

    def secrets(self) -> tuple[str, ...]:
        """Return all keys that were seen, to be kept out of logs."""
        return tuple(self._secrets)

    def _store(self, profile: Profile) -> Keyring | None:
        """Return the keyring, where ``profile`` has a key there: opening it may make the user unlock it."""
        if not (profile.host and profile.needs_key):
            return None
        if not self._looked:
            self._keyring = system_keyring()
            self._looked = True
        return self._keyring

    def _from_keyring(self, profile: Profile) -> tuple[str | None, str]:
        """Return the key kept there, and why it could not be read (empty where it could, or there is none)."""
        store = self._store(profile)
        if store is None:
            return None, ""
        try:
            return store.get_password(SERVICE, profile.host), ""
        except _keyring_errors() as error:
            return None, (
                f"The keyring of this computer could not be read ({type(error).__name__}). "
                "Unlock it, or enter the key again."
            )

    def _to_keyring(self, profile: Profile, key: str) -> bool:
        store = self._store(profile)
        if store is None:
            return False
        try:
            store.set_password(SERVICE, profile.host, key)
        except _keyring_errors():
            return False
        return True


def _keyring_errors() -> tuple[type[Exception], ...]:
    """Return what a keyring raises; imported late, as few keys are needed to start."""
    from keyring.errors import KeyringError

    # The backend for Linux lets some errors of the libraries below it through.
    below = (("secretstorage.exceptions", "SecretStorageException"), ("jeepney.wrappers", "DBusErrorResponse"))
    loaded = (getattr(sys.modules[module], name) for module, name in below if module in sys.modules)
    return KeyringError, OSError, *loaded
