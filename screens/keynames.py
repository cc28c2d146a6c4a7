"""Keys as people write and read them: Ctrl+K, F12, Esc, PgDn. For Textual these are ctrl+k, f12, escape, pagedown."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from textual.keys import KEY_NAME_REPLACEMENTS, REPLACED_KEYS, key_to_character

MODIFIERS = {"ctrl": "ctrl", "control": "ctrl", "strg": "ctrl", "shift": "shift", "alt": "alt"}

SPELLINGS = {
    "esc": "escape",
    "return": "enter",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    "pgup": "pageup",
    "del": "delete",
    "ins": "insert",
    "bksp": "backspace",
    "spacebar": "space",
}
"""What is printed on keys, and Textual's name."""

PRINTED = {
    "escape": "Esc",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "delete": "Del",
    "insert": "Ins",
    "enter": "Enter",
    "tab": "Tab",
    "space": "Space",
    "backspace": "Backspace",
    "up": "Up",
    "down": "Down",
    "left": "Left",
    "right": "Right",
    "home": "Home",
    "end": "End",
    "ctrl": "Ctrl",
    "shift": "Shift",
    "alt": "Alt",
}

SAME = {"ctrl+i": "Tab", "ctrl+m": "Enter", "ctrl+j": "Enter", "ctrl+h": "Backspace", "ctrl+left_square_bracket": "Esc"}
"""Keys that reach a program as another one."""

FUNCTION_KEYS, SHIFTED = 24, 12
"""The last function key; and how far Shift moves one, for terminals send F14 for Shift+F2."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key in Textual's notation; two names where terminals disagree about it."""

    names: tuple[str, ...]


def parse(text: str) -> Key | str:
    """The key that a person wrote, or in a sentence why there is none."""
    modifiers, last = _parts(text)
    key = SPELLINGS.get(last.lower(), last.lower())
    # Shift alone makes another character of a letter; a capital is what then arrives.
    if len(last) == 1 and modifiers <= {"shift"}:
        key, modifiers = (last.upper() if "shift" in modifiers else last), set()
    if len(key) == 1:
        key = _named(key)
    if not (modifiers <= set(MODIFIERS.values()) and _is_key(key)):
        return f"there is no key {text.strip()!r}. Write it as F12, Ctrl+K or PgDn."
    whole = "+".join((*sorted(modifiers), key))
    if whole in SAME:
        return f"{spoken(whole)} reaches the program as {SAME[whole]}."
    number = _function_key(key)
    if number and number <= SHIFTED and "shift" in modifiers:
        moved = "+".join((*sorted(modifiers - {"shift"}), f"f{number + SHIFTED}"))
        return Key((whole, moved))
    return Key((whole,))


def _parts(text: str) -> tuple[set[str], str]:
    """The modifiers and the key itself; ^K and Ctrl-K are common as well."""
    text = text.strip()
    if len(text) == 2 and text[0] == "^":
        return {"ctrl"}, text[1]
    *before, last = re.split(r"(?<=[A-Za-z])\s*[+-]\s*", text) if len(text) > 1 else [text]
    return {MODIFIERS.get(each.lower(), each) for each in before}, re.sub(r"(?i)^page\s+(?=up|down)", "page", last)


def _is_key(key: str) -> bool:
    return bool(_function_key(key)) or key in PRINTED.keys() - MODIFIERS.keys() or _character(key) is not None


def _character(key: str) -> str | None:
    """The character a key's name stands for; Textual shortens some names and does not look them up itself."""
    return key_to_character(REPLACED_KEYS.get(key, key))


def _function_key(key: str) -> int:
    """The number of a function key, 0 for another key."""
    number = int(key[1:]) if re.fullmatch(r"f[1-9][0-9]?", key) else 0
    return number if number <= FUNCTION_KEYS else 0


def _named(character: str) -> str:
    """A character as Textual names its key: a letter as it is, a sign by its name."""
    if character.isalnum():
        return character
    if character == " ":
        return "space"
    name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


def typed_as(key: str) -> str | None:
    """The character that a key types, None for one that types none."""
    return " " if key == "space" else None if key in PRINTED else _character(key)


def spoken(key: str) -> str:
    """A key of Textual's notation as it is printed on keyboards: F2, Ctrl+Q, Esc, ?."""
    return "+".join(map(_printed, key.split("+")))


def _printed(part: str) -> str:
    if part in PRINTED:
        return PRINTED[part]
    if _function_key(part) or len(part) == 1:
        return part.upper()
    return _character(part) or part
