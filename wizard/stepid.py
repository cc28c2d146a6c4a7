"""The names of the steps, which saved cases hold."""

from __future__ import annotations

import enum


class StepId(enum.Enum):
    """The steps in the order of the article, then the proof it leaves out."""

    SYMPTOM = "symptom"
    CONNECTOR = "connector"
    LOGGING = "logging"
    LOG = "log"
    SERVICES = "services"
    COMMAND = "command"
    PROMPT = "prompt"
    UNDO = "undo"
    VERIFY = "verify"
    RETRY = "retry"
    SESSION = "session"
    SERVERS = "servers"
    RESTORE = "restore"


LOG_STEPS = frozenset({StepId.LOG, StepId.SESSION})
"""The steps that take a log of any size, pasted, or as a file or folder."""
