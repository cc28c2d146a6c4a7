"""The dialog for a file or folder: type its path or walk through the folders."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.suggester import Suggester
from textual.timer import Timer
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from screens.app.base import WizardDialog, bindings, in_background
from screens.app.evidence import PAUSE
from screens.app.look import KeysFooter, RowList
from screens.paths import QUOTES, looked, path_from
from wizard.machine.clipboard import ClipboardError
from wizard.machine.inert import shown
from wizard.reading.log.files import cause
from wizard.reading.recognise import recognise
from wizard.reading.text import MOST_CHARACTERS, Kind, clean, natural


class PathSuggester(Suggester):
    """Completes a path with the first matching entry of its folder, and a slash behind a folder.

    It reads one folder at a time; of the input typed meanwhile only the newest counts.
    """

    def __init__(self, base: Callable[[], Path]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._base = base
        self._folder: Path | None = None
        self._entries: tuple[str, ...] = ()
        self._newest = ""
        self._looking = asyncio.Lock()

    async def get_suggestion(self, value: str) -> str | None:
        """The completed value; None if nothing matches."""
        self._newest = value
        cut = max(value.rfind("/"), value.rfind("\\") if sys.platform == "win32" else -1) + 1
        typed = value[cut:]
        if not typed or value.lstrip()[:1] in QUOTES:
            return None
        async with self._looking:
            if value != self._newest:
                return None
            folder = self._base() / path_from(value[:cut]) if cut else self._base()
            if folder != self._folder:
                try:
                    self._entries = await looked(partial(_entries, folder))
                except (OSError, ValueError):
                    return None
                self._folder = folder
        # Windows ignores case.
        plain = str.casefold if sys.platform == "win32" else str
        found = next((entry for entry in self._entries if plain(entry).startswith(plain(typed))), None)
        return value[:cut] + found if found and len(found) > len(typed) else None


def _entries(folder: Path) -> tuple[str, ...]:
    """The names in a folder in natural order, folders first with a trailing separator."""
    folders: list[str] = []
    files: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                is_folder = entry.is_dir()
            except OSError:
                is_folder = False
            (folders if is_folder else files).append(entry.name)
    return (*(name + os.sep for name in sorted(folders, key=natural)), *sorted(files, key=natural))


class PathInput(Input):
    """Tab and the right arrow accept the completion; without one, Tab moves on."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("open", part="path")

    class MoreLines(Message):
        """Several lines were pasted; the field has the first."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class LineEnded(Message):
        """A path came with an Enter in one burst, as in a paste: it is not entered."""

    def __init__(self, start: str, base: Callable[[], Path]) -> None:
        super().__init__(start, placeholder="a path", id="path", compact=True, suggester=PathSuggester(base))
        self._start = start
        self._pieces: list[str] = []
        self._pause: Timer | None = None

    def action_complete(self) -> None:
        """Accept the completion, otherwise move on."""
        before = self.value
        if self.cursor_at_end and before != self._start:
            self.action_cursor_right()
        if self.value == before:
            self.screen.focus_next()

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.take_paste(event.text)

    def take_paste(self, text: str, whole: bool = False) -> None:
        """Insert a path: replace everything (`whole`) or the beginning of the path, otherwise insert at the cursor."""
        lines = [line for line in text.splitlines() if line.strip()]
        if not lines:
            return
        if whole or self.value == self._start:
            self.value = ""
        self._put(lines[0].strip())
        if len(lines) > 1:
            self.post_message(self.MoreLines(text))

    def take_typed(self, text: str) -> None:
        """Take many keys at once; an Enter among them ends a line and enters nothing."""
        if "\n" not in text and not self._pieces:
            self._put(text)
            return
        self._pieces.append(text)
        if self._pause:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._is_whole)

    def _put(self, text: str) -> None:
        """Insert at the cursor and replace the selection, like any key."""
        self.replace(text, *sorted(self.selection))

    def _is_whole(self) -> None:
        text = "".join(self._pieces)
        self._pieces.clear()
        if text.strip():
            self.post_message(self.LineEnded())
        self.take_paste(text)


MOST_ENTRIES = 2_000
"""The most entries of a folder listed; a path can still be typed."""

UP = ".."


@dataclass(frozen=True, slots=True)
class FolderListing:
    """A folder's content: folders, then files, each in natural order. `more` counts the entries left out."""

    folder: Path
    names: tuple[str, ...]
    folders: int
    more: int


def list_folder(folder: Path) -> FolderListing:
    """List a folder.

    Raises:
        OSError: it cannot be listed.
    """
    folders: list[str] = []
    files: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            (folders if _is_dir(entry) else files).append(entry.name)
    names = (*sorted(folders, key=natural), *sorted(files, key=natural))
    return FolderListing(folder.absolute(), names[:MOST_ENTRIES], len(folders), max(len(names) - MOST_ENTRIES, 0))


def folder_above(folder: Path) -> FolderListing:
    """The folder above, and above a drive of Windows all drives.

    Raises:
        OSError: it cannot be listed.
    """
    found = drives() if folder.parent == folder else ()
    return FolderListing(folder, found, len(found), 0) if found else list_folder(folder.parent)


def drives() -> tuple[str, ...]:
    """The roots of Windows' drives; none elsewhere."""
    if sys.platform != "win32":
        return ()
    import ctypes  # noqa: PLC0415 - only Windows needs it

    known = ctypes.windll.kernel32.GetLogicalDrives()
    return tuple(f"{chr(ord('A') + number)}:\\" for number in range(26) if known >> number & 1)


def _is_dir(entry: os.DirEntry[str]) -> bool:
    """True for a folder; False if it cannot be read."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def first_folder(start: Path) -> FolderListing | str:
    """The first folder that can be listed: `start`, its parent, or the working folder; otherwise a reason."""
    why = ""
    for folder in (start, start.parent, Path.cwd()):
        try:
            return list_folder(folder)
        except OSError as error:
            why = why or _why(folder, error)
    return why


def find(path: Path) -> Path | str:
    """The path if it exists, otherwise a reason."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return f"There is no {path}. Check the path; from another computer use \\\\SERVER\\D$\\..."
    except OSError as error:
        return _why(path, error)
    return path


def _why(path: Path, error: OSError) -> str:
    return f"{path} cannot be opened: {cause(error)}."


class OpenDialog(WizardDialog[Path | None]):
    """Dismissed with the chosen path, or None. `folders` allows choosing a whole folder.

    `give` takes evidence pasted here by mistake. Threads read the disk: a lost server blocks for half a minute.
    """

    scope = "open"
    BINDINGS: ClassVar[list[BindingType]] = bindings("open")

    def __init__(self, start: str, folders: bool, give: Callable[[str], None]) -> None:
        super().__init__()
        self._start = start
        self._give = give
        self._folders = folders
        self._listing = FolderListing(Path.cwd(), (), 0, 0)

    @property
    def base(self) -> Path:
        """The base of a relative path."""
        return self._listing.folder

    def compose(self) -> ComposeResult:
        """A path line, the folder's entries, and instructions."""
        whole = self.named("; {open.whole_folder} takes the whole folder") if self._folders else ""
        with Vertical(id="dialog", classes="open") as frame:
            frame.border_title = Content("Open a file or folder" if self._folders else "Open a file")
            said = f"Type or paste a path (Tab completes it), then Enter. Or choose below{whole}."
            yield Static(said, markup=False)
            yield PathInput(self._start, lambda: self.base)
            yield Static("", id="folder", markup=False)
            yield RowList(id="entries", compact=True, markup=False)
            yield Static("", id="why-not", markup=False)
            with Horizontal(id="dialog-actions"):
                if self._folders:
                    yield Button("Read the whole folder", id="whole", compact=True)
                yield Button("Close", id="refuse", compact=True)
        yield KeysFooter()

    def on_mount(self) -> None:
        """Begin in the folder of the start path, if it exists."""
        self.query_one("#path").focus()
        self._look(first_folder, path_from(self._start) if self._start else Path.cwd())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Offer a whole folder only where one can be read."""
        return self._folders if action == "whole_folder" else True

    def _look(self, look: Callable[[Path], FolderListing | Path | str], path: Path) -> None:
        """Read the disk; the newest request counts."""
        self._say(f"Looking at {path}...")
        in_background(self, "disk", partial(self._looked, look, path))

    async def _looked(self, look: Callable[[Path], FolderListing | Path | str], path: Path) -> None:
        try:
            seen = await looked(partial(look, path))
        except OSError as error:
            seen = _why(path, error)
        if isinstance(seen, Path):
            self.dismiss(seen)
        elif isinstance(seen, str):
            self._say(seen)
        else:
            self._draw(seen)

    def _draw(self, listing: FolderListing) -> None:
        self._listing = listing
        entries = self.query_one("#entries", OptionList)
        entries.clear_options()
        names = (
            f"{name.removesuffix(os.sep)}/" if n < listing.folders else name for n, name in enumerate(listing.names)
        )
        entries.add_options([Option(Content(shown(name))) for name in (UP, *names)])
        entries.highlighted = 0
        self.query_one("#folder", Static).update(Content(shown(str(listing.folder))))
        self._say(f"And {listing.more:,} more that are not listed: type the path." if listing.more else "")

    def _say(self, sentence: str) -> None:
        self.query_one("#why-not", Static).update(Content(shown(sentence)))

    @on(OptionList.OptionSelected)
    def _entry(self, event: OptionList.OptionSelected) -> None:
        folder = self._listing.folder
        if event.option_index == 0:
            self._look(folder_above, folder)
            return
        if event.option_index > len(self._listing.names):
            return
        path = folder / self._listing.names[event.option_index - 1]
        if event.option_index <= self._listing.folders:
            self._look(list_folder, path)
        else:
            self.dismiss(path)

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        """Resolve a relative path in the listed folder; without choosing folders, open a folder."""
        path = self.base / path_from(event.value)
        if event.value.strip():
            self._look(find if self._folders else _file_or_folder, path)

    @on(Button.Pressed)
    def _button(self, event: Button.Pressed) -> None:
        if event.button.id == "whole":
            self.action_whole_folder()
        else:
            self.dismiss(None)

    def action_whole_folder(self) -> None:
        """Choose the folder of the typed path, otherwise the listed one."""
        typed = self.query_one("#path", Input).value
        if typed.strip() and typed != self._start:
            self._look(find, self.base / path_from(typed))
        else:
            self.dismiss(self._listing.folder)

    def action_read_clipboard(self) -> None:
        """Take the path on the clipboard."""
        in_background(self, "clipboard", self._read_clipboard)

    async def _read_clipboard(self) -> None:
        try:
            text = await self.wizard.copying.paste()
        except ClipboardError as error:
            self._say(str(error))
            return
        path = self.query_one(PathInput)
        path.focus()
        path.take_paste(text, whole=True)

    @on(PathInput.LineEnded)
    def _line_ended(self) -> None:
        self._say("Pasted. Press Enter to open it.")

    @on(PathInput.MoreLines)
    def _more_lines(self, event: PathInput.MoreLines) -> None:
        """Several lines were pasted: evidence goes to the step, otherwise the first line is the path."""
        if recognise(clean(event.text[:MOST_CHARACTERS])) is Kind.NOTHING:
            self._say("Several lines were pasted: only the first is taken as the path.")
            return
        self.dismiss(None)
        self._give(event.text)

    def action_refuse(self) -> None:
        """Close without a choice."""
        self.dismiss(None)


def _file_or_folder(path: Path) -> FolderListing | Path | str:
    """A file unchanged, a folder as its listing."""
    found = find(path)
    return list_folder(found) if isinstance(found, Path) and found.is_dir() else found
