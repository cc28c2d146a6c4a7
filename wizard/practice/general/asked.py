"""Properties as they are asked for: by name, by wildcard, or calculated (about_Calculated_Properties)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from wizard.practice.cmdlet import Parameter
from wizard.practice.formatting.default import Asked
from wizard.practice.language.builtin import Invocation
from wizard.practice.language.faults import Raised
from wizard.practice.language.members import property_of
from wizard.practice.language.texts import as_value, items_of, text_of, whole
from wizard.practice.language.tree import ScriptBlock
from wizard.practice.values import Value

PROPERTY = Parameter("Property", position=0, lists=True)
INPUT = Parameter("InputObject", piped=True)

Key = Callable[[Value], Value]
"""What an object is asked for: a property, or what a block gives for it."""

_KEYS = {
    "n": "name",
    "name": "name",
    "l": "name",
    "label": "name",
    "e": "expression",
    "expression": "expression",
    "width": "width",
    "align": "alignment",
    "alignment": "alignment",
    "formatstring": "formatstring",
    "ascending": "ascending",
    "descending": "descending",
}


def properties_asked(call: Invocation, given: Value) -> list[Asked]:
    """What a Property parameter asks for.

    Raises:
        Raised: a hashtable has a key that is not known, or no expression.
    """
    return [_asked(call, each) for each in items_of(given)] if given is not None else []


def keys_of(call: Invocation, given: dict[str, Value]) -> dict[str, Value]:
    """A hashtable's entries by their whole names; any beginning of a name will do.

    Raises:
        Raised: a key is not known.
    """
    found: dict[str, Value] = {}
    for key, value in given.items():
        wanted = key.casefold()
        name = _KEYS.get(wanted) or next((full for begin, full in _KEYS.items() if begin.startswith(wanted)), "")
        if not name or not wanted:
            raise call.fail(f'The "{key}" key is not valid.', "DictionaryKeyIllegal")
        found[name] = value
    return found


def _asked(call: Invocation, given: Value) -> Asked:
    if isinstance(given, ScriptBlock):
        return Asked(given.text, given.text, _value(call, given))
    if not isinstance(given, dict):
        return Asked(text_of(given))
    keys = keys_of(call, given)
    expression = keys.get("expression")
    if expression is None:
        raise call.fail('The "Expression" key is missing.', "DictionaryKeyMissing")
    label = text_of(keys.get("name")) or (
        expression.text if isinstance(expression, ScriptBlock) else text_of(expression)
    )
    width = max(whole(keys["width"]), 1) if keys.get("width") is not None else None
    side = text_of(keys.get("alignment")).casefold()
    return Asked(label, label, _value(call, expression), width, side == "right" if side else None)


def _value(call: Invocation, expression: Value) -> Key:
    """How an expression is worked out for an object: a block, or the name of a property."""
    if isinstance(expression, ScriptBlock):
        return partial(_worked_out, call, expression)
    name = text_of(expression)
    return lambda item: property_of(item, name)


def _worked_out(call: Invocation, block: ScriptBlock, item: Value) -> Value:
    """What a block gives for an object: nothing where it fails, as PowerShell has it."""
    try:
        return as_value(call.host.attempt(block, item))
    except Raised:
        return None


def key_function(call: Invocation, expression: Value) -> Key:
    """The same for Sort-Object and Group-Object."""
    return _value(call, expression)
