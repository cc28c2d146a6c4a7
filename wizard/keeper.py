"""The case that is worked on, and its place on disk: each change is noted in the journal and saved by itself.

Saving runs in a thread of its own, one save at a time and always of the newest case, so that neither a
slow disk nor a long case holds anybody up. Sample evidence is not saved.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Lock

from wizard.case import Case
from wizard.casebook import Casebook, CasebookError
from wizard.noting import noted
from wizard.saved import Saved

READ_ONLY = "This case is open in another window: what you do here is not saved."


def utc_now() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


class Keeper:
    """One case at a time. `told` is called from the saving thread with a sentence, when saving fails or works again."""

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
        self._now = now
        self._keep_logs = keep_logs
        self._case = Case()
        self._changed = False
        self._failed = False
        self._queue: ThreadPoolExecutor | None = None
        self._waiting: Future[None] | None = None
        self._one_at_a_time = Lock()

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return self._case

    def as_saved(self) -> Saved:
        """The case as it would be saved now."""
        return Saved(self.id, self._case, self.name, self._now())

    def begin(self, case: Case) -> None:
        """Take up a new case; it gets its file with the first change."""
        self.close()
        self._case = noted(self._case, case, self._now())
        self.id, self.name, self.read_only = "", "", False

    def resume(self, case_id: str) -> None:
        """Take up a case from the casebook; where another window has it open, it is only read here.

        Raises:
            CasebookError: there is none of this id, or it cannot be read; the case at hand stays.
        """
        if self.book is None:
            raise CasebookError("There is no casebook here.")
        claimed = self.book.claim(case_id)
        try:
            saved = self.book.load(case_id)
        except CasebookError:
            if claimed and case_id != self.id:
                self.book.release(case_id)
            raise
        if case_id != self.id:
            self.close()
        self._case, self.id, self.name = saved.case, case_id, saved.name
        self.read_only = not claimed

    def put(self, case: Case) -> None:
        """The case after a change: noted, and saved soon."""
        if case is self._case:
            return
        self._case = noted(self._case, case, self._now())
        self._changed = True
        if self._is_kept():
            self._save_soon()

    def rename(self, name: str) -> None:
        """Give the case a name of the person's own."""
        self.name = name.strip()
        self._changed = True
        if self._is_kept():
            self._save_soon()

    def save_now(self) -> str:
        """Save what is not saved yet, and wait for it; what went wrong in a sentence, empty when nothing did.

        For an end that leaves no time, and after a fault: it raises nothing.
        """
        # Also where nothing has changed since: a save may still be on its way.
        return self._save() if self._is_kept() else ""

    def close(self) -> None:
        """Save what is not saved yet, and give the case free for other windows."""
        self.save_now()
        if self.book and self.id:
            self.book.release(self.id)
        self.id = ""

    def _is_kept(self) -> bool:
        """Whether this case goes to disk at all."""
        kept = bool(self.id) or self._case.begun
        return bool(self.book) and kept and not self.read_only and not self._case.sample

    def _save_soon(self) -> None:
        if self._waiting and not self._waiting.running() and not self._waiting.done():
            # The save that waits will take the case as it is then.
            return
        if self._queue is None:
            self._queue = ThreadPoolExecutor(1, thread_name_prefix="saving")
        self._waiting = self._queue.submit(lambda: self._tell(self._save()))

    def _save(self) -> str:
        """Save the newest case; what went wrong, in a sentence."""
        with self._one_at_a_time:
            if not self.book or not self._changed:
                return ""
            now = self._now()
            if not self.id:
                self.id = self.book.new_id(now)
                self.book.claim(self.id)
            self._changed = False
            try:
                self.book.save(Saved(self.id, self._case, self.name, now), self._keep_logs)
            except CasebookError as error:
                self._changed = True
                return str(error)
            return ""

    def _tell(self, problem: str) -> None:
        """Say a failure once, and once that saving works again."""
        if problem and not self._failed:
            self.told(problem)
        elif self._failed and not problem:
            self.told("Saved again: the case is on disk.")
        self._failed = bool(problem)
