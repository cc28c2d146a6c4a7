"""What a person reads after a fault of the program's own, and the report for whoever mends it."""

from __future__ import annotations

import tempfile
import traceback

from textual.worker import WorkerFailed

STOPPED = "exchange-cert-wizard stopped because of a fault of its own. Nothing on your servers was changed by it."


def last_words(error: BaseException | None) -> str:
    """The sentence for the person, and the name of the file that holds the report."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="exchange-cert-wizard-", suffix=".txt", delete=False, encoding="utf-8", errors="replace"
        ) as file:
            file.write(report(error))
    except OSError:
        return f"{STOPPED}\n{type(error).__name__}"
    return f"{STOPPED}\nA report without your evidence is in\n{file.name}"


def report(error: BaseException | None) -> str:
    """The kinds of the errors and where they were raised.

    Neither messages nor variables: either can hold evidence, such as the line that could not be read.
    """
    pieces: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        pieces.append(type(error).__name__ + "\n" + "".join(traceback.format_tb(error.__traceback__)))
        error = error.error if isinstance(error, WorkerFailed) else error.__cause__ or error.__context__
    return "\n\n".join(pieces) or "no exception known"
