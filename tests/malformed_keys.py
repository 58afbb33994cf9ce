"""What people paste where a key belongs."""

from __future__ import annotations


def malformed(key: str) -> dict[str, tuple[str, str]]:
    """Return what is no key, made from ``key``, by what it is; and a part of what is to be said of it."""
    return {
        "nothing": ("", "no key in this"),
        "an address": (f"https://host/v1?api_key={key}", "an address"),
        "a file": (f"/etc/keys/{key}.txt", "name of a file"),
        "a piece of a settings file": (f'{{"api_key": "{key}"}}', "a settings file"),
        "an example": (f"<YOUR_API_KEY {key}>", "in an example"),
        "a mail address": (f"{key}@example.org", "a mail address"),
        "wide letters": ("".join(chr(ord(letter) + 0xFEE0) for letter in key[:3]) + key[3:], "wide letters"),
        "invisible characters": (f"{key[:8]}\u200b{key[8:]}", "invisible characters"),
        "dots for a hidden part": (f"{key}••••", "letters that no key has"),
        "two keys": (f"{key}\n{key}", "several lines"),
        "control characters": (f"{key}\x1b[0m", "control characters"),
        "spaces within": (f"{key} (mine)", "spaces within"),
        "stars for a hidden part": (f"{key}****", "hidden by stars"),
        "quotes within": (f"{key}','{key}", "quotes, commas or slashes"),
    }
