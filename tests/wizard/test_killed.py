"""An end at any moment and a disk that is full: as POSIX has them."""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.wizard import cases
from wizard.case.book import Casebook, CasebookError, read_case
from wizard.case.file import Saved
from wizard.machine.files import write_whole

if sys.platform == "win32":
    pytest.skip("the kill is a POSIX one", allow_module_level=True)

import resource

TraceFunction = Callable[[FrameType, str, object], Any]
NOW = datetime(2026, 11, 22, 3, 30, 7, tzinfo=UTC)


def begun(book: Casebook) -> Saved:
    saved = Saved(book.new_id(NOW), cases.named(), saved=NOW)
    book.save(saved)
    return saved


def test_a_disk_that_is_really_full_leaves_the_case_as_it_was_saved_last(tmp_path: Path) -> None:
    book = Casebook(tmp_path)
    saved = begun(book)

    def save_with_no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        with pytest.raises(CasebookError, match="could not be saved"):
            book.save(replace(saved, name="later"))

    assert in_a_child(save_with_no_room) == 0
    assert book.load(saved.id) == saved


def in_a_child(work: Callable[[], None]) -> int:
    """The exit status of a copy of this process that does one thing."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001 - the exit status says it
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(number: int, work: Callable[[], None]) -> Callable[[], None]:
    """Does the work, but ends before the n-th line that runs while a file is written, in whichever module."""
    left = number

    def count(_frame: FrameType, event: str, _arg: object) -> TraceFunction:
        nonlocal left
        left -= event == "line"
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return count

    def outside(frame: FrameType, event: str, arg: object) -> TraceFunction | None:
        """Counting begins where the writing does: what it calls is then counted as well."""
        if frame.f_code is not write_whole.__code__:
            return None
        sys.settrace(count)
        return count(frame, event, arg)

    def traced() -> None:
        sys.settrace(outside)
        work()

    return traced


@pytest.mark.long
def test_a_kill_at_any_line_of_a_save_leaves_the_case_saved_last_or_the_one_before(tmp_path: Path) -> None:
    """One save after another gets a line further, until one is done before it would be killed."""
    book = Casebook(tmp_path)
    first = begun(book)
    new_one_is_there: list[bool] = []
    status = -signal.SIGKILL
    while status == -signal.SIGKILL:
        before = read_case(book.path(first.id))
        later = replace(first, name=str(len(new_one_is_there)))
        status = in_a_child(killed_at(len(new_one_is_there), partial(book.save, later)))
        there = read_case(book.path(first.id))
        assert there in (before, later)
        new_one_is_there.append(there == later)
    assert status == 0
    # Killed on the way to the rename it is the one before, killed behind it the new one.
    assert new_one_is_there == sorted(new_one_is_there)
    assert new_one_is_there.count(False) > 10
    assert new_one_is_there.count(True) > 3
    assert [each.id for each in book.cases().cases] == [first.id]


@pytest.mark.long
def test_a_kill_at_any_moment_leaves_the_case_saved_last_or_the_one_before(tmp_path: Path) -> None:
    """The child saves one case after another and says which is safe; it is killed, and the file has at least that."""
    book = Casebook(tmp_path)
    draw = random.Random(20261122)
    case = cases.proven_case()
    first = Saved(book.new_id(NOW), case, "0", NOW)
    book.save(first)
    safe = 0
    for _kill in range(150):
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            number = safe
            while True:
                number += 1
                book.save(replace(first, name=str(number)))
                os.write(writer, f"{number}\n".encode())
        os.close(writer)
        with os.fdopen(reader, "rb") as said:
            # However slow the machine is, some saves are done; then the kill comes somewhere within another one.
            told = [int(said.readline()) for _save in range(draw.randrange(3))]
            time.sleep(draw.uniform(0.0, 0.01))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            told += [int(line) for line in said.read().split()]
        there = int(read_case(book.path(first.id)).name)
        safe = max([safe, *told])
        assert safe <= there <= safe + 1
        safe = there
    assert safe > 50
    assert [each.id for each in book.cases().cases] == [first.id]
