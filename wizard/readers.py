"""The readers of evidence by name, each loaded when it is first asked for.

All of them together cost a quarter of the program's start, and the first screen needs none.
Whoever stands before that screen reaches them from here; `load` gets the rest ready behind it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wizard.reading.certificates import read_certificates
    from wizard.reading.connectors import read_connectors, read_log_folders
    from wizard.reading.errors import read_cmdlet_errors
    from wizard.reading.prompt import question_by_shape, read_prompts
    from wizard.reading.queues import read_queues
    from wizard.reading.recognise import recognise
    from wizard.reading.sendlog import candidates, failures, occurrences, read_log
    from wizard.reading.survey import read_survey

__all__ = [
    "candidates",
    "failures",
    "occurrences",
    "question_by_shape",
    "read_certificates",
    "read_cmdlet_errors",
    "read_connectors",
    "read_log",
    "read_log_folders",
    "read_prompts",
    "read_queues",
    "read_survey",
    "recognise",
]

_ROOMS = {
    "read_certificates": "certificates",
    "read_connectors": "connectors",
    "read_log_folders": "connectors",
    "read_cmdlet_errors": "errors",
    "question_by_shape": "prompt",
    "read_prompts": "prompt",
    "read_queues": "queues",
    "recognise": "recognise",
    "candidates": "sendlog",
    "failures": "sendlog",
    "occurrences": "sendlog",
    "read_log": "sendlog",
    "read_survey": "survey",
}


def __getattr__(name: str) -> object:
    """A reader, asked for by name for the first time (PEP 562)."""
    if name not in _ROOMS:
        raise AttributeError(name)
    found: object = getattr(import_module(f"wizard.reading.{_ROOMS[name]}"), name)
    globals()[name] = found
    return found


def load() -> None:
    """Load what a step needs for any text or folder; made to run in a thread behind the first screen."""
    for room in ("wizard.opening", *(f"wizard.reading.{room}" for room in dict.fromkeys(_ROOMS.values()))):
        import_module(room)
