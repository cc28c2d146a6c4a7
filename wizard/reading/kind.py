"""The kinds of text that the readers know. Apart from the recogniser, which needs all readers."""

from __future__ import annotations

import enum

MOST_CHARACTERS = 400_000
"""Characters at the beginning of a text that are looked at to say what it is."""


class Kind(enum.Enum):
    """What a text can be; the value is what a person calls it."""

    SEND_LOG = "a Send protocol log"
    RECEIVE_LOG = "a Receive protocol log"
    QUEUES = "queues, or a queue's LastError"
    CONNECTORS = "Send connectors"
    CERTIFICATES = "certificates"
    LOG_FOLDERS = "log folders of transport services"
    SURVEY = "a survey of connectors, certificates and log folders"
    PROMPT = "the question about the default SMTP certificate"
    CMDLET_ERROR = "an error of a cmdlet"
    COMMAND = "a command, not its output"
    NOTHING = "nothing this wizard knows"

    @property
    def noun(self) -> str:
        """The kind in words, to stand in a sentence: `a Send protocol log`."""
        return self.value
