"""Keeps the current case: notes each change in its journal and saves it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

from wizard.case.book import Casebook, CasebookError
from wizard.case.case import Case, Deed, JournalEntry, StepId
from wizard.case.file import Logs, Saved, logs_of
from wizard.machine.files import NotWrittenError, make_private, why, write_new

_PASTED = "a paste"

_A_MINUTE = timedelta(minutes=1)


def noted(before: Case, after: Case, now: datetime) -> Case:
    """Note the actions since `before` in the journal. `now` is aware, in UTC.

    Other changes, by going to another server or beginning a new case, are nobody's action. A case derived from an older
    one, as by a long reading, keeps the entries noted meanwhile.
    """
    if before.opened != after.opened:
        return after if after.journal else after.noting(JournalEntry(now, Deed.OPENED))
    after = _with_all_deeds(before, after)
    for entry in _since(before, after, now):
        if not _told_just_now(after, entry):
            after = after.noting(entry)
    return after


def _with_all_deeds(before: Case, after: Case) -> Case:
    """Merge the entries noted before the change and during it."""
    known = before.journal
    if after.journal[: len(known)] == known:
        return after
    return replace(after, journal=(*known, *(entry for entry in after.journal if entry not in known)))


def copied(case: Case, step: StepId | None, line: str, now: datetime) -> Case:
    """Note a copied command: it may have been run since."""
    return case.noting(JournalEntry(now, Deed.COPIED, step, _server(case), line))


def _told_just_now(case: Case, entry: JournalEntry) -> bool:
    """True if the journal ends in the same action: typed text comes in many pieces."""
    last = case.journal[-1] if case.journal else None
    return bool(last and replace(last, at=entry.at) == entry and entry.at - last.at < _A_MINUTE)


def _since(before: Case, after: Case, now: datetime) -> Iterator[JournalEntry]:
    from wizard.steps.flow import ORDER, STEPS  # noqa: PLC0415 - the first screen notes nothing

    server = _server(after)
    moved = before.here != after.here
    for step in ORDER:
        if moved and step.on_each:
            # Its values are the other server's.
            continue
        opened = after.answer(step).path
        if opened and opened != before.answer(step).path:
            yield JournalEntry(now, Deed.READ, step, server, opened)
        elif (given := after.answer(step).text) != before.answer(step).text and given.strip():
            # Compared first: stripping 200 MB that have not changed takes as long as a frame.
            yield JournalEntry(now, Deed.READ, step, server, _PASTED)
    if moved:
        return
    for s in STEPS:
        for deed, text in s.deeds(before, after):
            yield JournalEntry(now, deed, s.id, server, text)


def _server(case: Case) -> str:
    """The server of an action, if there are several."""
    # Imported only for an action: it needs every check, and the first screen none.
    from wizard.case.servers import several  # noqa: PLC0415

    return case.here if several(case) else ""


OPEN_ELSEWHERE = "The case is open in another window: change it there."

READ_ONLY = "This case is open in another window: what you do here is not saved."


def utc_now() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


class Keeper:
    """Holds one case at a time.

    `told` is called from the saving thread with a sentence when saving fails or works again.

    `others` are the ids of saved cases; None before they were looked for.
    """

    def __init__(
        self,
        book: Casebook | None,
        told: Callable[[str], None] = lambda _sentence: None,
        now: Callable[[], datetime] = utc_now,
        keep_logs: bool = False,
    ) -> None:
        self.book = book
        self.told = told
        self.id = ""
        self.name = ""
        self.read_only = False
        self.others: set[str] | None = None
        self._now = now
        self._keep_logs = keep_logs
        self._case = Case()
        self._logs_kept: bool | None = None
        self._changed = False
        self._ended = False
        self._left: dict[str, Saved] = {}
        self._failed = False
        self._queue: ThreadPoolExecutor | None = None
        self._waiting: Future[None] | None = None
        self._one_at_a_time = Lock()

    @property
    def case(self) -> Case:
        """The current case."""
        return self._case

    def as_saved(self) -> Saved:
        """The case in the form to save."""
        return Saved(self.id, self._case, self.name, self._now(), keep_logs=self._logs_kept, ended=self._ended)

    @property
    def called(self) -> str:
        """The name that distinguishes the case, or its id if there are others; empty if neither is needed."""
        if self._case.sample:
            return ""
        alone = not self.others or self.others <= {self.id}
        return self.name or (f"case {self.id}" if self.id and not alone else "")

    def look_for_others(self) -> None:
        """Look for saved cases; it reads the disk, so run it in a thread."""
        self.others = set(self.book.ids() if self.book else ())

    @property
    def logs(self) -> Logs:
        """The treatment of logs pasted in this case."""
        return logs_of(self.as_saved(), self._keep_logs)

    def keep_logs(self, keep: bool) -> None:
        """Keep the logs pasted in this case, or only their facts, whatever the settings say."""
        self._logs_kept = keep
        self._has_changed()

    def begin(self, case: Case) -> None:
        """Begin a new case; it gets its file with the first change."""
        self._leave()
        self._take_up(Saved("", noted(self._case, case, self._now())))

    def resume(self, case_id: str) -> Saved:
        """Open a case of the casebook; if another window has it open, it is read-only here.

        Raises:
            CasebookError: there is none of this id, or it cannot be read; the current case stays.
        """
        if self.book is None:
            raise CasebookError("There is no casebook here.")
        if case_id == self.id and not self.read_only:
            # It is newer here than on disk.
            self.save_now()
            return self.as_saved()
        claimed = self.book.claim(case_id)
        try:
            saved = self._left.get(case_id) or self.book.load(case_id)
        except CasebookError:
            if claimed and case_id != self.id:
                self.book.release(case_id)
            raise
        if case_id != self.id:
            self._leave()
        self._take_up(saved, read_only=not claimed)
        return saved

    def put(self, case: Case) -> None:
        """Take a changed case: note the change, and save soon."""
        if case is self._case:
            return
        self._case = noted(self._case, case, self._now())
        self._has_changed()

    def rename(self, name: str) -> None:
        """Rename the case.

        Raises:
            CasebookError: the case is read-only here.
        """
        if self.read_only:
            raise CasebookError(OPEN_ELSEWHERE)
        self.name = name.strip()
        self._has_changed()

    def end_early(self) -> None:
        """Note that the program is ended early, for the next start to say."""
        self._ended = self._changed = True

    def save_now(self) -> str:
        """Save now and wait for it; returns what failed in a sentence, otherwise an empty text.

        For an end without time and after a fault; it never raises.
        """
        # Even without a change: a save may still be running.
        return self._save()

    def rescue(self, folder: Path) -> str:
        """At the end: write what the casebook's disk refused into another folder; returns sentences with the path."""
        from wizard.case.file import written  # noqa: PLC0415 - see Casebook.save
        from wizard.record.export import ExportForm, file_name  # noqa: PLC0415 - the first screen writes no case

        self.save_now()
        said = []
        for saved in self._not_on_disk():
            try:
                make_private(folder)
                path = write_new(
                    folder / file_name(saved.id, ExportForm.CASE, self._now()), written(saved, self._keep_logs)
                )
            except NotWrittenError as error:
                said.append(str(error))
            except OSError as error:
                said.append(f"{folder} could not be written either: {why(error)}")
            else:
                said.append(f"The case lies in {path} instead: exchange-cert-wizard import takes it over from there.")
        return "\n".join(said)

    def close(self) -> None:
        """Save and release the case for other windows."""
        self._leave()
        self.id = ""

    def _is_kept(self) -> bool:
        """True if this case is saved to disk at all."""
        kept = bool(self.id) or self._case.has_something
        return bool(self.book) and kept and not self.read_only and not self._case.sample

    def _has_changed(self) -> None:
        self._changed = True
        if self._is_kept() or self._left:
            self._save_soon()

    def _take_up(self, saved: Saved, read_only: bool = False) -> None:
        """Make this case the current one, as on disk; a save never sees it half done."""
        with self._one_at_a_time:
            self._left.pop(saved.id, None)
            self._case, self.id, self.name = saved.case, saved.id, saved.name
            self._logs_kept, self.read_only = saved.keep_logs, read_only
            # What was said of an early end holds until the case is opened again.
            self._changed, self._ended = saved.ended and not read_only, False

    def _leave(self) -> None:
        """Save and release the current case; what the disk refuses is kept for later."""
        problem = self._save()
        with self._one_at_a_time:
            if self._changed and self._is_kept():
                self._left[self.id] = self.as_saved()
            elif self.book and self.id and not self.read_only:
                self.book.release(self.id)
            self._changed = False
        if problem:
            self._tell(problem)

    def _not_on_disk(self) -> list[Saved]:
        """The cases whose newest state is not on disk."""
        at_hand = [self.as_saved()] if self._changed and self._is_kept() else []
        return [*self._left.values(), *at_hand]

    def _save_soon(self) -> None:
        if self._waiting and not self._waiting.running() and not self._waiting.done():
            # The waiting save will take the case as it is then.
            return
        if self._queue is None:
            self._queue = ThreadPoolExecutor(1, thread_name_prefix="saving")
        self._waiting = self._queue.submit(lambda: self._tell(self._save()))

    def _save(self) -> str:
        """Save the newest state of every unsaved case; returns what failed, in a sentence."""
        with self._one_at_a_time:
            if not self.book:
                return ""
            problem = ""
            for case_id, saved in tuple(self._left.items()):
                if failed := self._written(self.book, saved):
                    problem = failed
                else:
                    del self._left[case_id]
                    self.book.release(case_id)
            if not (self._changed and self._is_kept()):
                return problem
            if not self.id:
                self.id = self.book.new_id(self._now())
                self.book.claim(self.id)
                if self.others is not None:
                    self.others.add(self.id)
            self._changed = False
            if failed := self._written(self.book, self.as_saved()):
                self._changed = True
            return failed or problem

    def _written(self, book: Casebook, saved: Saved) -> str:
        """Save a case; returns why that failed, in a sentence, otherwise an empty text."""
        try:
            book.save(saved, self._keep_logs)
        except CasebookError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - in its thread nobody would hear of it, and at an end it must not raise
            return f"The case could not be saved: {type(error).__name__}."
        return ""

    def _tell(self, problem: str) -> None:
        """Report a failure once, and once that saving works again."""
        if problem and not self._failed:
            self.told(problem)
        elif self._failed and not problem:
            self.told("Saved again: the case is on disk.")
        self._failed = bool(problem)
