"""Saving on exit: the draft, the summary as a text file, the case, and the words about them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from screens.fault import keep_newest, newest_first, write_private
from wizard import __version__
from wizard.case.case import Case, host
from wizard.case.file import kept_text
from wizard.case.keeper import Keeper
from wizard.machine.files import NotWrittenError, write_new
from wizard.machine.inert import json_shown, shown
from wizard.machine.settings import reports_folder
from wizard.reading.passwords import without_passwords

KEPT = 10
"""The number of drafts kept."""

NEWS = timedelta(days=7)
"""How long the welcome mentions a draft."""

_PATTERN = "draft-*.json"

_STAMP = "%Y%m%d-%H%M%S"


def save_draft(case: Case, unread: Mapping[str, str], now: datetime) -> Path | None:
    """Write everything given so far to a new file; its path, None if nothing was given.

    `unread` holds text of the screens' fields that the case has not taken yet, by the field's name.

    Raises:
        OSError: neither the program's folder nor the one for temporary files can be written to.
    """
    if not given(case, unread):
        return None
    text = _as_text(case, unread, now)
    name = f"draft-{now:{_STAMP}}-{os.getpid()}.json"
    try:
        path = write_private(drafts_folder() / name, text)
    except (OSError, RuntimeError):
        # A home that is full, read-only or missing must not cost the draft.
        return write_private(Path(tempfile.gettempdir()) / f"exchange-cert-wizard-{name}", text)
    keep_newest(path.parent, _PATTERN, KEPT)
    return path


def given(case: Case, unread: Mapping[str, str]) -> bool:
    """True if there is anything to lose."""
    answers = [answer for _server, _step, answer in case.every_answer()]
    texts = (*(text for answer in answers for text in (answer.text, answer.path)), *unread.values())
    decided = any(answer.skipped or answer.finished for answer in answers)
    told = (case.others, case.connector, case.now.prompt_answer, case.now.server)
    return decided or any(told) or any(text.strip() for text in texts)


def drafts_folder() -> Path:
    """The drafts' folder; it may not exist yet."""
    return reports_folder().parent / "drafts"


def last_draft(now: datetime) -> Path | None:
    """The newest draft, unless it is old."""
    try:
        for path in newest_first(drafts_folder(), _PATTERN):
            stamp = "-".join(path.stem.split("-")[1:3])
            written = datetime.strptime(stamp, _STAMP).replace(tzinfo=now.tzinfo)
            return path if now - written < NEWS else None
    except (OSError, RuntimeError, ValueError):
        return None
    return None


def _as_text(case: Case, unread: Mapping[str, str], now: datetime) -> str:
    """The draft as readable JSON: every text is a list of its lines."""
    at_hand = ("", host(case.here))
    answers = [
        (case.here if server in at_hand else server, step.value, answer) for server, step, answer in case.every_answer()
    ]
    draft = {
        "draft of": f"exchange-cert-wizard {__version__}",
        "saved": now.isoformat(timespec="seconds"),
        "sample": case.sample,
        "at server": case.here,
        "summary": _summary_lines(case),
        "typed": [
            {"server": server, "step": step, "lines": kept_text(answer.text).split("\n")}
            for server, step, answer in answers
            if answer.text
        ],
        "opened": [
            {"server": server, "step": step, "path": answer.path} for server, step, answer in answers if answer.path
        ],
        "not taken yet": {name: without_passwords(text).split("\n") for name, text in unread.items()},
    }
    import json  # noqa: PLC0415 - the first screen only looks for an earlier draft

    return json_shown(json.dumps(draft, ensure_ascii=False, indent=1)) + "\n"


def _summary_lines(case: Case) -> list[str]:
    """The summary; a fault in it must not cost the typed text."""
    from wizard.record.summary import summary  # noqa: PLC0415 - the first screen only looks for an earlier draft

    try:
        return summary(case).split("\n")
    except Exception as error:  # noqa: BLE001 - it may be the very fault that the draft is saved for
        return [f"no summary: {type(error).__name__}"]


def save_summary(case: Case, folder: Path, now: datetime) -> str:
    """Write the summary to a new file in the folder; returns a sentence with its place, or why it failed."""
    from wizard.record.summary import summary  # noqa: PLC0415 - the first screen saves nothing

    try:
        path = write_new(folder / f"exchange-cert-wizard-{now:%Y%m%d-%H%M%S}.txt", shown(summary(case)) + "\n")
    except NotWrittenError as error:
        return f"Not saved. {error}"
    return f"Saved: {path}"


def leave(keeper: Keeper, elsewhere: Path | None = None, plain: bool = False) -> tuple[bool, str]:
    """Save the case at the end; returns whether that worked, and the last words about it (none without a case).

    `plain` continues it line by line. If the casebook's disk refuses it, it goes to `elsewhere`, usually the folder for
    temporary files.
    """
    problem = keeper.save_now()
    if problem:
        return False, f"{problem}\n{keeper.rescue(elsewhere or Path(tempfile.gettempdir()))}"
    if keeper.id and not keeper.read_only:
        way = " --plain" if plain else ""
        return True, f"The case is saved. Go on with it: exchange-cert-wizard resume {keeper.id}{way}"
    return True, ""
