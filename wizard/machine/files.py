"""Writes files whole or not at all, private to the user."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import time
from pathlib import Path

from wizard.findings import size

_HELD = (32, 33)
"""Windows' errors for a file that another program has open or locked; their errno is that of a missing permission."""


def write_whole(path: Path, text: str) -> None:
    """Write a private file whole or not at all: to a draft first, then renamed.

    Raises:
        OSError: the disk failed; the old file is unchanged.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(2)}")
    try:
        # 0600 where supported; on Windows the user's own folder is private by its place.
        number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        _replace(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
    _settle(path.parent)


class NotWrittenError(Exception):
    """A file could not be written; the message is a sentence for the person."""


WINDOWS = os.name == "nt"

_FOR_PEOPLE = frozenset({".txt", ".md", ".html", ".htm"})
"""Endings of files that people open in an editor, not programs."""


def write_new(path: Path, text: str, name: str = "") -> Path:
    """Write a new file, with a number in its name if that is taken; returns its path. Into a folder it goes by `name`.

    On Windows a text for people has that system's line ends and a byte order mark: older Notepads need both.

    Raises:
        NotWrittenError: the disk failed.
    """
    try:
        path = free_path(path / name if name and path.is_dir() else path)
        if WINDOWS and path.suffix.casefold() in _FOR_PEOPLE:
            text = "\ufeff" + text.replace("\n", "\r\n")
        write_whole(path, text)
    except FileNotFoundError:
        # The file itself is new: only its folder can be missing.
        raise NotWrittenError(f"{path} could not be written: there is no folder {path.parent}.") from None
    except OSError as error:
        raise NotWrittenError(f"{path} could not be written: {why(error)}") from None
    return path


def read_whole(path: Path, largest: int) -> str:
    """The UTF-8 text of a file of at most so many bytes.

    Raises:
        OSError: the disk failed.
        ValueError: it is larger, or no such text; the message is the reason.
    """
    if (length := path.stat().st_size) > largest:
        raise ValueError(f"it has {size(length)}")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None


def why(error: OSError) -> str:
    """The disk's error as a sentence with its cure."""
    # On Windows a file that another program has open gives the same error: reading errno 13, writing WinError 5.
    not_allowed = f"this user may not do that there{', or another program has the file open' if WINDOWS else ''}."
    known = {
        errno.ENOSPC: "the disk is full. Free some space.",
        errno.EROFS: "the disk can only be read.",
        errno.EACCES: not_allowed,
        errno.EPERM: not_allowed,
        errno.ENOENT: "there is no such file.",
        errno.EINVAL: 'a file cannot have that name there. Windows allows none of < > : " / \\ | ? * in it.',
    }
    if getattr(error, "winerror", 0) in _HELD:
        return "another program has the file open. Close it there."
    return known.get(error.errno or 0, f"{error.strerror or type(error).__name__}.")


def free_path(path: Path) -> Path:
    """A free path: with a number in the name if that is taken."""
    number = 2
    free = path
    while free.exists():
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return free


def make_private(folder: Path) -> None:
    """Create the folder, private to the user."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _replace(draft: Path, path: Path) -> None:
    """Rename over the old file; on Windows a scanner reading it makes that fail for a moment."""
    for attempt in range(5):
        try:
            draft.replace(path)
            return
        except PermissionError:
            if attempt == 4 or not WINDOWS:
                raise
            time.sleep(0.05)


def _settle(folder: Path) -> None:
    """Flush the rename itself; Windows cannot open a folder, and does it automatically."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
