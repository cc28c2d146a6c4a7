"""The list of answers of a step."""

from __future__ import annotations

from textual.message import Message
from textual.widgets import OptionList


class Choices(OptionList):
    """Posts `NoneMarked` where Enter is pressed and no answer is marked: the list alone would be silent."""

    class NoneMarked(Message):
        """Enter was pressed, and it chooses nothing."""

    def action_select(self) -> None:
        """Choose the marked answer."""
        if self.highlighted is None:
            self.post_message(self.NoneMarked())
        else:
            super().action_select()
