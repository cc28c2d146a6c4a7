"""Choose a file or a folder, by typing its path or by walking through the folders."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from wizard.reading.natural import natural

MOST_ENTRIES = 2_000
"""Entries of a folder that are listed; a path can still be typed."""

UP = ".."


def path_from(text: str) -> Path:
    """The path a person typed or pasted: Explorer's quotes and blanks around it are taken away."""
    return Path(text.strip().strip("\"'\u201c\u201d").strip()).expanduser()


class OpenDialog(ModalScreen[Path | None]):
    """Dismissed with the chosen path, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "refuse", "Close", priority=True),
        Binding("f5", "whole_folder", "This whole folder", priority=True),
    ]

    def __init__(self, start: str = "") -> None:
        super().__init__()
        self._start = start
        self._folder = Path.cwd()
        self._entries: tuple[Path, ...] = ()

    def compose(self) -> ComposeResult:
        """A line for the path, the entries of the folder, and what to do."""
        with Vertical(id="dialog", classes="open") as frame:
            frame.border_title = Content("Open a file or folder")
            yield Static("Type or paste a path, then Enter. Or choose below; F5 takes the whole folder.", markup=False)
            yield Input(value=self._start, placeholder="a file or folder", id="path", compact=True)
            yield Static("", id="folder", markup=False)
            yield OptionList(id="entries", compact=True, markup=False)
            yield Static("", id="why-not", markup=False)
            with Horizontal(id="dialog-actions"):
                yield Button("Read the whole folder", id="whole", compact=True)
                yield Button("Close", id="refuse", compact=True)
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Begin in the folder of the start path, if there is one."""
        start = path_from(self._start) if self._start else Path.cwd()
        folder = start if _is_dir(start) else start.parent
        self._walk_to(folder if _is_dir(folder) else Path.cwd())
        self.query_one("#path").focus()

    def _walk_to(self, folder: Path) -> None:
        """List a folder: folders first, then files, in natural order."""
        try:
            found = list(folder.iterdir())
        except OSError as error:
            self._say(f"{folder} cannot be listed: {error.strerror or type(error).__name__}.")
            return
        self._folder = folder.absolute()
        folders = sorted((p for p in found if _is_dir(p)), key=lambda p: natural(p.name))
        files = sorted((p for p in found if not _is_dir(p)), key=lambda p: natural(p.name))
        self._entries = (self._folder.parent, *folders, *files)[:MOST_ENTRIES]
        entries = self.query_one("#entries", OptionList)
        entries.clear_options()
        names = [UP, *(f"{p.name}/" for p in folders), *(p.name for p in files)][:MOST_ENTRIES]
        entries.add_options([Option(Content(name)) for name in names])
        entries.highlighted = 0
        self.query_one("#folder", Static).update(Content(str(self._folder)))
        self._say("")

    def _say(self, sentence: str) -> None:
        self.query_one("#why-not", Static).update(Content(sentence))

    @on(OptionList.OptionSelected)
    def _entry(self, event: OptionList.OptionSelected) -> None:
        path = self._entries[event.option_index]
        if _is_dir(path):
            self._walk_to(path)
        else:
            self.dismiss(path)

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        path = path_from(event.value) if event.value.strip() else self._folder
        try:
            there = path.exists()
        except OSError as error:
            self._say(f"{path}: {error.strerror or type(error).__name__}.")
            return
        if there:
            self.dismiss(path)
        else:
            self._say(f"There is no {path}. Check the path; from another computer use \\\\SERVER\\D$\\...")

    @on(Button.Pressed)
    def _button(self, event: Button.Pressed) -> None:
        if event.button.id == "whole":
            self.action_whole_folder()
        else:
            self.dismiss(None)

    def action_whole_folder(self) -> None:
        """Take the folder that is listed."""
        self.dismiss(self._folder)

    def action_refuse(self) -> None:
        """Close without a choice."""
        self.dismiss(None)


def _is_dir(path: Path) -> bool:
    """Whether it is a folder; what cannot be asked is none."""
    try:
        return path.is_dir()
    except OSError:
        return False
