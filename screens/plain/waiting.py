"""Work that can take long: it says how far it is by appended lines, and Ctrl+C stops it, not the program."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

BETWEEN_LINES = 2.0
"""Seconds between two lines about the progress: a screen reader reads each of them out."""

_LOOK = 0.1
"""Seconds between two looks at the work; on Windows, Ctrl+C is seen only between them."""

Result = TypeVar("Result")

Work = Callable[[Callable[[str], None], Callable[[], bool]], Result]
"""Work that is handed a way to say how far it is, and one to ask whether nobody waits for it any more."""


class Stopped(Exception):
    """The person stopped the work. What it may still come to is dropped."""


def waited(work: Work[Result], write: Callable[[str], None], now: Callable[[], float] = monotonic) -> Result:
    """The result of work that runs in a thread meanwhile; the newest word about it is written now and then.

    Raises:
        Stopped: Ctrl+C. The thread is not waited for: a server that is gone holds it up for half a minute.
    """
    words: list[str] = []
    results: list[Result] = []
    faults: list[BaseException] = []
    given_up = threading.Event()

    def run() -> None:
        try:
            results.append(work(words.append, given_up.is_set))
        except BaseException as fault:  # noqa: BLE001 - raised again where the work is waited for
            faults.append(fault)

    thread = threading.Thread(target=run, daemon=True)
    told = now()
    try:
        thread.start()
        while thread.is_alive():
            thread.join(_LOOK)
            if words and now() - told >= BETWEEN_LINES:
                write(words[-1])
                words.clear()
                told = now()
    except KeyboardInterrupt:
        given_up.set()
        # The terminal has shown ^C: what is said about it begins a line of its own.
        write("")
        raise Stopped from None
    if faults:
        raise faults[0]
    return results[0]
