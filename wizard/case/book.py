"""The cases on disk: one file each, crash-safe, each written by one window at a time.

A case is saved whole by write, flush, fsync and rename, so a file always holds the last saved case or the one before.
An unreadable file is set aside under its name and never deleted.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.case.case import Deed, JournalEntry
from wizard.case.file import CaseFileError, NewerCaseError, Saved
from wizard.case.servers import at_each
from wizard.findings import counted
from wizard.machine.files import free_path, make_private, read_whole, why, write_whole

if TYPE_CHECKING:
    from filelock import BaseFileLock

LARGEST = 64 * 1024 * 1024
"""The largest file read as a case, in bytes; none comes near it."""

_SUFFIX = ".json"

_DELETED, _DAMAGED, _LOCKS = "deleted", "damaged", "locks"

_A_DAY = 86_400


class CasebookError(Exception):
    """The disk failed; the message is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Aside:
    """An unreadable file among the cases: the reason, and its present path."""

    path: Path
    why: str


@dataclass(frozen=True, slots=True)
class CaseList:
    """The cases, the last saved first, and the unreadable files among them."""

    cases: tuple[Saved, ...] = ()
    aside: tuple[Aside, ...] = ()


class Casebook:
    """The cases of one folder. Every method may run in a thread; none waits for another window."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._locks: dict[str, BaseFileLock] = {}

    def new_id(self, now: datetime) -> str:
        """A new case's id, also its file name: its time, and four random digits."""
        import secrets  # noqa: PLC0415 - it loads all hashes

        while True:
            found = f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
            # The save reports a folder that cannot be read.
            with contextlib.suppress(OSError):
                if (self.folder / f"{found}{_SUFFIX}").exists():
                    continue
            return found

    def path(self, case_id: str) -> Path:
        """The file of a case.

        Raises:
            CasebookError: the id was not made by this program, so it could name a file elsewhere.
        """
        if not case_id or not all(c.isascii() and (c.isalnum() or c == "-") for c in case_id):
            raise CasebookError(f"There is no case {case_id!a}.")
        return self.folder / f"{case_id}{_SUFFIX}"

    def cases(self) -> CaseList:
        """All cases, archived ones too; damaged files are set aside, files of a newer version stay."""
        _sweep(self.folder)
        found: list[Saved] = []
        aside: list[Aside] = []
        for path in _files(self.folder):
            try:
                self.path(path.stem)
            except CasebookError:
                aside.append(Aside(path, "Its name is none that this program gives; import takes it over."))
                continue
            try:
                found.append(replace(read_case(path), id=path.stem))
            except NewerCaseError as error:
                aside.append(Aside(path, str(error)))
            except CaseFileError as error:
                aside.append(Aside(self._set_aside(path), str(error)))
            except CasebookError as error:
                aside.append(Aside(path, str(error)))
        return CaseList(tuple(sorted(found, key=lambda saved: saved.saved, reverse=True)), tuple(aside))

    def ids(self) -> frozenset[str]:
        """The ids of all cases, by their file names; no file is read."""
        return frozenset(path.stem for path in _files(self.folder))

    def load(self, case_id: str) -> Saved:
        """Read one case.

        Raises:
            CasebookError: there is none of this id, or it cannot be read; a damaged file is set aside.
        """
        path = self.path(case_id)
        try:
            return replace(read_case(path), id=case_id)
        except NewerCaseError as error:
            raise CasebookError(str(error)) from None
        except CaseFileError as error:
            raise CasebookError(f"{error} The file was set aside: {self._set_aside(path)}") from None

    def claim(self, case_id: str) -> bool:
        """Claim a case for this window; False if another one has it open, so that it is read-only here.

        The claim ends with this process, however that ends.
        """
        if case_id in self._locks:
            return True
        from filelock import FileLock, Timeout  # noqa: PLC0415 - 60 ms that only an opened case should cost

        # The saving thread may claim a case that another thread releases.
        lock = FileLock(self.folder / _LOCKS / self.path(case_id).with_suffix(".lock").name, thread_local=False)
        try:
            make_private(self.folder)
            make_private(self.folder / _LOCKS)
            lock.acquire(timeout=0)
        except Timeout:
            return False
        except (OSError, NotImplementedError):
            # The folder is read-only, or a share without locks: the save will report that.
            return True
        self._locks[case_id] = lock
        return True

    def release(self, case_id: str) -> None:
        """Release a claimed case."""
        if lock := self._locks.pop(case_id, None):
            # The lock file stays: two windows could lock a removed one at once.
            lock.release()

    def save(self, saved: Saved, keep_logs: bool = False) -> None:
        """Save a case whole, or leave the file unchanged.

        Raises:
            CasebookError: the disk is full, the folder cannot be written, or the like.
        """
        from wizard.case.file import written  # noqa: PLC0415 - the first screen reads no case

        path = self.path(saved.id)
        try:
            make_private(self.folder)
            write_whole(path, written(saved, keep_logs))
        except OSError as error:
            again = "It is tried again with the next answer."
            raise CasebookError(f"The case could not be saved to {path}: {why(error)} {again}") from None

    def delete(self, case_id: str) -> Path:
        """Remove a case from the list; its file moves to a folder from which `restore` brings it back.

        Raises:
            CasebookError: the file cannot be moved, or another window has the case open.
        """
        return self._move(self.path(case_id), self.folder / _DELETED)

    def restore(self, case_id: str) -> None:
        """Bring a deleted case back.

        Raises:
            CasebookError: no deleted case has this id, or a case of this id exists.
        """
        path = self.path(case_id)
        if path.exists():
            raise CasebookError(f"The case {case_id} is in the list already.")
        self._move(self.folder / _DELETED / path.name, self.folder)

    def deleted(self) -> tuple[Saved, ...]:
        """The deleted cases that can be brought back, the last saved first."""
        found = []
        for path in _files(self.folder / _DELETED):
            with contextlib.suppress(CaseFileError, CasebookError):
                found.append(replace(read_case(path), id=path.stem))
        return tuple(sorted(found, key=lambda saved: saved.saved, reverse=True))

    def take_over(self, path: Path, now: datetime) -> Saved:
        """Import a colleague's case under a new id; it is read, never trusted.

        Its paths are dropped: one that names a server would have this computer log on there.

        Raises:
            CasebookError: the file cannot be read, or is no case; it stays in place.
        """
        from wizard.case.file import without_paths  # noqa: PLC0415 - the first screen reads no case

        try:
            foreign = read_case(path)
        except CaseFileError as error:
            raise CasebookError(f"{path.name}: {error}") from None
        case = without_paths(foreign.case).noting(JournalEntry(now, Deed.IMPORTED, text=path.name))
        saved = replace(foreign, id=self.new_id(now), case=case, saved=now, archived=False, ended=False)
        self.save(saved)
        return saved

    def _move(self, path: Path, folder: Path) -> Path:
        """Move a file into a folder, never over another file."""
        case_id = path.stem
        if not path.exists():
            raise CasebookError(f"There is no case {case_id} in {path.parent}.")
        if not self.claim(case_id):
            raise CasebookError(f"The case {case_id} is open in another window: close it there first.")
        target = free_path(folder / path.name)
        try:
            make_private(folder)
            path.replace(target)
        except OSError as error:
            raise CasebookError(f"{path} could not be moved to {folder}: {why(error)}") from None
        finally:
            self.release(case_id)
        return target

    def _set_aside(self, path: Path) -> Path:
        """Move a damaged file into its own folder; if that fails it stays, unread."""
        target = free_path(self.folder / _DAMAGED / path.name)
        try:
            make_private(target.parent)
            path.replace(target)
        except OSError:
            return path
        return target


def read_case(path: Path) -> Saved:
    """Read the case in a file.

    Raises:
        CaseFileError: it is no case.
        CasebookError: the file cannot be read at all.
    """
    from wizard.case.file import parsed  # noqa: PLC0415 - the first screen reads no case

    try:
        text = read_whole(path, LARGEST)
    except ValueError as error:
        raise CaseFileError(f"This is no case: {error}.") from None
    except OSError as error:
        raise CasebookError(f"{path} cannot be read: {why(error)}") from None
    return parsed(text)


def _sweep(folder: Path) -> None:
    """Remove drafts of killed saves after a day, when no save can still use them."""
    with contextlib.suppress(OSError):
        for draft in folder.glob(f".*{_SUFFIX}.*"):
            if time.time() - draft.stat().st_mtime > _A_DAY:
                draft.unlink()


def _files(folder: Path) -> Iterator[Path]:
    """The possible case files in a fixed order, without drafts."""
    with contextlib.suppress(OSError):
        yield from sorted(
            p for p in folder.iterdir() if p.suffix == _SUFFIX and not p.name.startswith(".") and p.is_file()
        )


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A saved case in words. `step` is the title of its next step, `state` a sentence."""

    id: str
    name: str
    age: str
    connector: str
    server: str
    step: str
    state: str
    archived: bool

    @property
    def title(self) -> str:
        """The case's name, otherwise its connector's."""
        return self.name or self.connector or "No connector yet"

    @property
    def text(self) -> str:
        """The case on one line."""
        return f"{self.which}, {self.age}: {self.step}"

    @property
    def which(self) -> str:
        """The words that identify the case: name, connector, server."""
        server = f" at {self.server}" if self.server else ""
        connector = f" ({self.connector})" if self.name and self.connector else ""
        return f"{self.title}{connector}{server}"

    @property
    def opened(self) -> str:
        """The sentence after opening the case."""
        return f"Opened: {self.which}, saved {self.age}."


def line_of(saved: Saved, now: datetime) -> CaseLine:
    """Describe a saved case; `now` is aware."""
    from wizard.record.summary import headline  # noqa: PLC0415 - the first screen shows no case
    from wizard.steps.flow import next_step, step  # noqa: PLC0415

    case = saved.case
    at = next_step(case)
    begun = [server for server, _there in at_each(case) if server]
    return CaseLine(
        saved.id,
        saved.name,
        age(now - saved.saved),
        case.connector,
        ", ".join(begun) or case.now.server,
        step(at).words.title if at else "The summary",
        headline(case),
        saved.archived,
    )


def age(since: timedelta) -> str:
    """The time passed, in the largest unit that fits: `just now`, `5 minutes ago`, `3 hours ago`, `2 days ago`."""
    seconds = int(since.total_seconds())
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            return f"{counted(seconds // length, unit)} ago"
    return "just now"


def search(lines: Iterable[CaseLine], words: str) -> tuple[CaseLine, ...]:
    """The lines that hold every word, in any place and spelling."""
    wanted = words.casefold().split()
    return tuple(line for line in lines if all(word in _all_of(line) for word in wanted))


def _all_of(line: CaseLine) -> str:
    return " ".join((line.id, line.name, line.connector, line.server, line.step, line.state, line.age)).casefold()


def chosen(book: Casebook, case_id: str, told: Callable[[str], None] = lambda _sentence: None) -> Saved:
    """The case with this id or beginning of an id; the last saved for an empty one.

    `told` gets a sentence on each unreadable file: one may be the case saved last.

    Raises:
        CasebookError: there is none, several begin like that, or it could not be read.
    """
    listing = book.cases()
    cases = listing.cases
    for aside in listing.aside:
        sentence = f"{aside.path.name} could not be opened. {aside.why} It lies at {aside.path}."
        if case_id and aside.path.stem.startswith(case_id) and not any(s.id.startswith(case_id) for s in cases):
            raise CasebookError(sentence)
        told(sentence)
    found = [saved for saved in cases if saved.id.startswith(case_id) and (case_id or not saved.archived)]
    exact = [saved for saved in found if saved.id == case_id]
    if exact or (found and not case_id):
        return (exact or found)[0]
    if len(found) > 1:
        raise CasebookError(f"Several cases begin with {case_id}: {', '.join(saved.id for saved in found)}.")
    if not found:
        raise CasebookError(_none(book, case_id, bool(cases)))
    return found[0]


def _none(book: Casebook, case_id: str, any_saved: bool) -> str:
    """Explain why there is no such case, and what to do."""
    named = f"There is no case {case_id!a} in {book.folder}" if case_id else "Every saved case is archived"
    if any_saved:
        return f"{named}. `exchange-cert-wizard cases` lists them."
    none = f"{named}, and no other" if case_id else f"There is no case yet in {book.folder}"
    return f"{none}. A case is saved by itself from its first answer on."
