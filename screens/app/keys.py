"""Keys: the ids of all bindings, the configured keys, and how keys are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from textual import widgets
from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import KEY_NAME_REPLACEMENTS, REPLACED_KEYS, key_to_character
from textual.screen import Screen
from textual.widget import Widget

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
"""Printed names of keys and Textual's."""

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
"""Keys that programs receive as another one."""

FUNCTION_KEYS, SHIFTED = 24, 12
"""The last function key, and the offset of Shift: terminals send F14 for Shift+F2."""


@dataclass(frozen=True, slots=True)
class PressedKey:
    """A key in Textual's notation; two names if terminals disagree."""

    names: tuple[str, ...]


def parse(text: str) -> PressedKey | str:
    """Parse a written key; returns a sentence if it is none."""
    modifiers, last = _parts(text)
    key = SPELLINGS.get(last.lower(), last.lower())
    # Shift with a letter types a capital, which arrives as such.
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
        return PressedKey((whole, moved))
    return PressedKey((whole,))


def _parts(text: str) -> tuple[set[str], str]:
    """The modifiers and the key; ^K and Ctrl-K are understood too."""
    text = text.strip()
    if len(text) == 2 and text[0] == "^":
        return {"ctrl"}, text[1]
    *before, last = re.split(r"(?<=[A-Za-z])\s*[+-]\s*", text) if len(text) > 1 else [text]
    return {MODIFIERS.get(each.lower(), each) for each in before}, re.sub(r"(?i)^page\s+(?=up|down)", "page", last)


def _is_key(key: str) -> bool:
    return bool(_function_key(key)) or key in PRINTED.keys() - MODIFIERS.keys() or _character(key) is not None


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
    if character == " ":
        return "space"
    name = unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


def typed_as(key: str) -> str | None:
    """The character a key types, None if it types none."""
    return " " if key == "space" else None if key in PRINTED else _character(key)


def spoken(key: str) -> str:
    """The printed name of a key in Textual's notation: F2, Ctrl+Q, Esc, ?."""
    return "+".join(map(_printed, key.split("+")))


def _printed(part: str) -> str:
    if part in PRINTED:
        return PRINTED[part]
    if _function_key(part) or len(part) == 1:
        return part.upper()
    return _character(part) or part


HELD_BACK = {
    "enter": "choosing and typing",
    "tab": "moving on",
    "shift+tab": "moving back",
    "up": "moving",
    "down": "moving",
    "left": "moving",
    "right": "moving",
    "home": "moving",
    "end": "moving",
    "backspace": "typing",
    "delete": "typing",
    "insert": "typing",
    "ctrl+c": "copying a marked text",
}
"""Keys that fields and lists need, with the reason."""


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """The bindings reached on a screen, its own first, and whether text is typed there."""

    name: str
    bindings: tuple[Binding, ...]
    typed: bool

    @property
    def keys(self) -> dict[str, str]:
        """The id of each key by default."""
        return {key: binding.id or "" for binding in self.bindings for key in split(binding.key)}


def split(keys: str) -> tuple[str, ...]:
    """Split a list with commas."""
    return tuple(key.strip() for key in keys.split(","))


def ours(kind: type[object]) -> bool:
    """True for a class of this program."""
    return kind.__module__.partition(".")[0] == "screens"


def bindings_of(kind: type[DOMNode]) -> tuple[Binding, ...]:
    """The bindings declared by our class and its bases of ours, bases first."""
    declared = (vars(base).get("BINDINGS", ()) for base in reversed(kind.__mro__) if ours(base))
    return tuple(binding for bindings in declared for binding in bindings if isinstance(binding, Binding))


def place(app: type[DOMNode], screen: type[Screen[object]]) -> KeyPlace:
    """The bindings of a screen; `HOLDS` names its parts with keys of their own or with text."""
    held: tuple[type[Widget], ...] = getattr(screen, "HOLDS", ())
    bindings = [binding for kind in (screen, *held, app) for binding in bindings_of(kind)]
    # Compared by name: a text area is slow to import, and the first screen has none.
    takes_text = any(issubclass(kind, widgets.Input | widgets.TextArea) for kind in held)
    return KeyPlace(screen.__name__, tuple(bindings), takes_text)


def apart(screen: Screen[object]) -> tuple[DOMNode, ...]:
    """The focused parts with keys of their own, `APART` from the screen's."""
    around = screen.focused.ancestors_with_self if screen.focused else ()
    return tuple(node for node in around if getattr(node, "APART", False))


def in_front(app: type[DOMNode], screen: Screen[object]) -> KeyPlace:
    """The bindings of a screen now: the focused part's come first."""
    here = place(app, type(screen))
    own = (binding for node in apart(screen) for binding in bindings_of(type(node)))
    return KeyPlace(here.name, (*own, *here.bindings), here.typed)


def places(app: type[DOMNode]) -> tuple[KeyPlace, ...]:
    """All imported screens of ours, by name: the order of import is chance."""
    found = (screen for screen in _kinds(Screen) if ours(screen))
    return tuple(place(app, screen) for screen in sorted(found, key=lambda screen: screen.__name__))


def loaded() -> int:
    """The number of screen classes imported, ours and others."""
    return sum(1 for _ in _kinds(Screen))


def _kinds(kind: type[Screen[object]]) -> Iterator[type[Screen[object]]]:
    for each in kind.__subclasses__():
        yield each
        yield from _kinds(each)


@dataclass(frozen=True, slots=True)
class Keymap:
    """The key of every id. `changed` holds the configured ones; `problems` the reasons others were rejected."""

    keys: Mapping[str, tuple[str, ...]]
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


def keymap(written: Mapping[str, str], app: type[DOMNode]) -> Keymap:
    """The keys with the settings applied; invalid ones are left out and reported."""
    everywhere = places(app)
    usual: dict[str, tuple[str, ...]] = {}
    for each in everywhere:
        for key, binding_id in each.keys.items():
            usual[binding_id] = tuple(dict.fromkeys((*usual.get(binding_id, ()), key)))
    problems: list[str] = []
    changed: dict[str, tuple[str, ...]] = {}
    for binding_id, text in written.items():
        wanted = _wanted(binding_id, text, usual, everywhere)
        if isinstance(wanted, str):
            problems.append(f"{binding_id} = {text!r} was not taken: {wanted}")
        else:
            changed[binding_id] = wanted
    while clash := _clash({**usual, **changed}, changed, everywhere):
        binding_id, key, other = clash
        problems.append(
            f"{binding_id} = {written[binding_id]!r} was not taken: {spoken(key)} is the key of {other} on that screen."
        )
        # Its default key returns, which another id may hold by now: check again.
        del changed[binding_id]
    return Keymap({**usual, **changed}, changed, tuple(problems))


def _wanted(
    binding_id: str, text: str, usual: Mapping[str, tuple[str, ...]], everywhere: tuple[KeyPlace, ...]
) -> tuple[str, ...] | str:
    """The keys configured for an id, or why they are invalid."""
    if binding_id not in usual:
        near = get_close_matches(binding_id, usual, n=1, cutoff=0.75)
        return f"there is no such action{f'; did you mean {near[0]}?' if near else '.'}"
    typed = any(each.typed for each in everywhere if binding_id in each.keys.values())
    keys: list[str] = []
    for piece in split(text):
        key = parse(piece)
        if not isinstance(key, PressedKey):
            return key
        for name in key.names:
            if name in usual[binding_id]:
                continue
            if name in HELD_BACK:
                return f"{spoken(name)} is needed for {HELD_BACK[name]}."
            if typed and typed_as(name):
                return f"text is typed on that screen, and {spoken(name)} belongs to it."
        keys += key.names
    return tuple(dict.fromkeys(keys))


def _clash(
    keys: Mapping[str, tuple[str, ...]], changed: Mapping[str, tuple[str, ...]], everywhere: tuple[KeyPlace, ...]
) -> tuple[str, str, str] | None:
    """A changed id whose key another id has on the same screen: the id configured last, the key, the other id."""
    for binding_id in reversed(tuple(changed)):
        for each in everywhere:
            here = dict.fromkeys(each.keys.values())
            if binding_id not in here:
                continue
            for other in here:
                shared = [key for key in keys[binding_id] if other != binding_id and key in keys[other]]
                if shared:
                    return binding_id, shared[0], other
    return None
