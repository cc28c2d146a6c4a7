"""How keys are written, and the keys that the settings give to actions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from textual.keys import KEY_NAME_REPLACEMENTS, REPLACED_KEYS, key_to_character

from screens.actions import SCOPES, all_actions, reached

PRINTED = {
    "escape": "Esc",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "delete": "Del",
    "insert": "Ins",
    **{key: key.capitalize() for key in ("enter", "tab", "space", "backspace", "up", "down", "left", "right")},
    **{key: key.capitalize() for key in ("home", "end", "ctrl", "shift", "alt")},
}
"""Textual's names of keys, and the printed ones."""

MODIFIERS = {"ctrl", "shift", "alt"}

SPELLINGS = {
    **{printed.lower(): key for key, printed in PRINTED.items()},
    "control": "ctrl",
    "strg": "ctrl",
    "return": "enter",
    "pgdown": "pagedown",
    "bksp": "backspace",
    "spacebar": "space",
}
"""Ways to write a key, and Textual's names."""

SAME = {"ctrl+i": "Tab", "ctrl+m": "Enter", "ctrl+j": "Enter", "ctrl+h": "Backspace", "ctrl+left_square_bracket": "Esc"}
"""Keys that programs receive as another one."""

FUNCTION_KEYS, SHIFTED = 24, 12
"""The last function key, and the offset of Shift: terminals send F14 for Shift+F2."""

HELD_BACK = {
    "enter": "choosing and typing",
    "tab": "moving on",
    "shift+tab": "moving back",
    **dict.fromkeys(("up", "down", "left", "right", "home", "end"), "moving"),
    **dict.fromkeys(("backspace", "delete", "insert"), "typing"),
    "ctrl+c": "copying a marked text",
}
"""Keys that fields and lists need, with the reason."""


class WrongKeyError(Exception):
    """A written key cannot be set; the message says why."""


def parse(text: str) -> tuple[str, ...]:
    """Parse a written key; returns Textual's name for it, two if terminals disagree.

    Raises:
        WrongKeyError: there is no such key, or it reaches the program as another one.
    """
    *before, last = _parts(text.strip())
    modifiers, key = {SPELLINGS.get(each.lower(), each) for each in before}, SPELLINGS.get(last.lower(), last.lower())
    # Shift with a letter types a capital, which arrives as such.
    if len(last) == 1 and modifiers <= {"shift"}:
        key, modifiers = (last.upper() if modifiers else last), set()
    if len(key) == 1:
        key = _named(key)
    if not modifiers <= MODIFIERS or key in MODIFIERS or not (_function_key(key) or key in PRINTED or _character(key)):
        raise WrongKeyError(f"there is no key {text.strip()!r}. Write it as F12, Ctrl+K or PgDn.")
    whole = "+".join((*sorted(modifiers), key))
    if whole in SAME:
        raise WrongKeyError(f"{spoken(whole)} reaches the program as {SAME[whole]}.")
    number = _function_key(key)
    if 0 < number <= SHIFTED and "shift" in modifiers:
        return whole, "+".join((*sorted(modifiers - {"shift"}), f"f{number + SHIFTED}"))
    return (whole,)


def _parts(text: str) -> list[str]:
    """The modifiers and the key; ^K, Ctrl-K and `Page Up` are understood too."""
    if len(text) == 2 and text[0] == "^":
        return ["ctrl", text[1]]
    text = re.sub(r"(?i)\bpage\s+(?=up|down)", "page", text)
    return re.split(r"(?<=[A-Za-z])\s*[+-]\s*", text) if len(text) > 1 else [text]


def _character(key: str) -> str | None:
    """The character of a key's name, including Textual's shortened names."""
    return key_to_character(REPLACED_KEYS.get(key, key))


def _function_key(key: str) -> int:
    """The number of a function key, 0 for any other."""
    number = int(key[1:]) if re.fullmatch(r"f[1-9][0-9]?", key) else 0
    return number if number <= FUNCTION_KEYS else 0


def _named(character: str) -> str:
    """Textual's key for a character: a letter is itself, a sign has a name."""
    if character.isalnum():
        return character
    name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


def types(key: str) -> bool:
    """True if a key types a character."""
    return key == "space" or (key not in PRINTED and _character(key) is not None)


def spoken(key: str) -> str:
    """The printed name of a key in Textual's notation: F2, Ctrl+Q, Esc, ?."""
    return "+".join(map(_printed, key.split("+")))


def _printed(part: str) -> str:
    if part in PRINTED:
        return PRINTED[part]
    return part.upper() if _function_key(part) or len(part) == 1 else _character(part) or part


def split(keys: str) -> tuple[str, ...]:
    """Split a list with commas."""
    return tuple(key.strip() for key in keys.split(","))


USUAL = {action.id: split(action.keys) for action in all_actions() if action.keys}
"""The keys of each id by default."""

TYPED = {action.id for name, scope in SCOPES.items() if scope.typed for action in reached(name)}
"""The ids that count where text is typed."""


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys of every id. `changed` holds the configured ones; `problems` the reasons others were rejected."""

    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: USUAL)
    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def name(self, binding_id: str) -> str:
        """The first key of an id as printed: F2, Ctrl+Q."""
        return spoken(self.keys[binding_id][0])

    def names(self, binding_id: str) -> str:
        """All keys of an id."""
        return ", ".join(dict.fromkeys(map(spoken, self.keys[binding_id])))

    @property
    def for_textual(self) -> dict[str, str]:
        """The argument for `App.set_keymap`."""
        return {binding_id: ",".join(keys) for binding_id, keys in self.changed.items()}


def keymap(written: Mapping[str, str]) -> Keymap:
    """The keys with the settings applied; invalid ones are left out and reported."""
    problems: list[str] = []
    changed: dict[str, tuple[str, ...]] = {}

    def refuse(binding_id: str, why: str) -> None:
        problems.append(f"{binding_id} = {written[binding_id]!r} was not taken: {why}")

    for binding_id, text in written.items():
        try:
            changed[binding_id] = _wanted(binding_id, text)
        except WrongKeyError as error:
            refuse(binding_id, str(error))
    # A key that is refused returns to its default, which another id may hold by now: look again.
    while clash := _clash({**USUAL, **changed}, tuple(changed)):
        binding_id, key, other = clash
        refuse(binding_id, f"{spoken(key)} is the key of {other} on that screen.")
        del changed[binding_id]
    return Keymap({**USUAL, **changed}, changed, tuple(problems))


def _wanted(binding_id: str, text: str) -> tuple[str, ...]:
    """The keys configured for an id; raises WrongKeyError."""
    if binding_id not in USUAL:
        near = get_close_matches(binding_id, USUAL, n=1, cutoff=0.75)
        raise WrongKeyError(f"there is no such action{f'; did you mean {near[0]}?' if near else '.'}")
    keys = tuple(dict.fromkeys(name for piece in split(text) for name in parse(piece)))
    for name in keys:
        if name in HELD_BACK and name not in USUAL[binding_id]:
            raise WrongKeyError(f"{spoken(name)} is needed for {HELD_BACK[name]}.")
        if binding_id in TYPED and types(name):
            raise WrongKeyError(f"text is typed on that screen, and {spoken(name)} belongs to it.")
    return keys


def _clash(keys: Mapping[str, tuple[str, ...]], changed: tuple[str, ...]) -> tuple[str, str, str] | None:
    """The id configured last whose key another id has on the same screen, that key, and the other id.

    Textual tells a clash only where both keys are configured, and of several keys only the first.
    """
    for binding_id in reversed(changed):
        for here in ([action.id for action in reached(name)] for name in SCOPES):
            for other in here if binding_id in here else ():
                for key in keys[binding_id] if other != binding_id else ():
                    if key in keys.get(other, ()):
                        return binding_id, key, other
    return None
