"""The log files on the practice servers' disks, to be opened from the wizard: the real disk is none of practice's."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.bound import bound
from screens.focusing import FocusMoves
from screens.shown import shown
from screens.widgets.footer import KeysFooter
from wizard.findings import counted
from wizard.practice.mail import LogFile, log_files
from wizard.practice.world import World

NO_FILES = (
    "No log file is on the practice servers yet. A log gets rows once logging is on and mail was tried since: "
    "{practice.switch} goes to the shell, {shell.wait} there waits."
)
NOT_THERE = "No practice server has {path}. {step.open} lists the log files there are; a real file is not read here."


def files_of(world: World) -> tuple[LogFile, ...]:
    """The log files as they stand on the servers' disks now."""
    return log_files(world)


def text_at(world: World, path: str) -> str:
    """What stands in the file of this path, or in all files of this folder; empty where there is none."""
    wanted = path.strip().strip("\"'").rstrip("\\").casefold()
    return "".join(
        file.text
        for file in files_of(world)
        if wanted and wanted in (file.path.casefold(), file.path.rpartition("\\")[0].casefold())
    )


class FilesDialog(FocusMoves, ModalScreen[str | None]):
    """The log files there are; dismissed with the text of the one that is chosen, None for none."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bound("escape", "refuse", "Close", "practice_files.refuse", "Closes this; nothing is read")
    ]

    def __init__(self, files: tuple[LogFile, ...]) -> None:
        super().__init__()
        self._files = files

    def compose(self) -> ComposeResult:
        """Each file with its server, how much is in it, and its folder."""
        with Vertical(id="dialog") as frame:
            frame.border_title = Content("Open a log file of the practice servers")
            yield OptionList(*map(_option, self._files), id="handed", compact=True, markup=False)
            yield Static("These files are practice's own; your disk is not looked at.", markup=False)
        yield KeysFooter()

    def on_mount(self) -> None:
        """The newest stands last, and is what one mostly wants."""
        files = self.query_one("#handed", OptionList)
        files.focus()
        files.highlighted = len(self._files) - 1

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._files[event.option_index].text)

    def action_refuse(self) -> None:
        """Nothing is read."""
        self.dismiss(None)


def _option(file: LogFile) -> Option:
    folder, _, name = file.path.rpartition("\\")
    rows = sum(not line.startswith("#") for line in file.text.splitlines())
    said = shown(f"{file.server}: {name}, {counted(rows, 'row')}")
    return Option(Content(said).append(Content.styled(f"\n    {shown(folder)}", "dim")))
