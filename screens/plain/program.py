"""Runs the wizard line by line on the process's own streams, and returns the exit status."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from screens.copies import PlainCopier
from screens.end import Ending
from screens.plain.ask import EditedAsker, LineAsker, Prose, wrapped
from screens.plain.wizard import PlainWizard
from screens.saves import TOO_LARGE, end_early, leave, save_summary
from screens.words import columns_of_output, complain, program
from wizard.assets import sample_case
from wizard.case.book import Casebook, CasebookError, chosen, line_of
from wizard.case.case import Case, StepId
from wizard.case.file import MOST_LOGS
from wizard.case.keeper import READ_ONLY, Keeper, utc_now
from wizard.machine.clipboard import system_clipboard
from wizard.machine.console import ascii_for, with_ascii
from wizard.machine.inert import shown
from wizard.machine.settings import cases_folder, load, settings_file
from wizard.record.summary import ending

LEFT, FAULT, WRONG, INTERRUPTED = 0, 1, 2, 130
"""Exit statuses: quit, or the end of input; a fault of the program; no such case; Ctrl+C, as in shells."""


@dataclass
class Printer:
    """Prints a line at once, without characters that a terminal acts on or cannot draw.

    In a terminal, prose is wrapped between words; a command stays on one line, to be copied as one. `carries` is the
    encoding of a terminal that gets only ASCII, empty for any other.
    """

    carries: str = ""

    def __call__(self, line: str) -> None:
        """Print a line."""
        words = with_ascii(shown(line), self.carries) if self.carries else shown(line)
        if isinstance(line, Prose) and (columns := columns_of_output()):
            words = wrapped(words, columns)
        print(words, flush=True)  # noqa: T201 - this front end is its printed lines


def run(sample: bool, edited: bool, resumed: str | None = None) -> int:
    """Work on a new or a saved case; `edited` asks with an editor. Returns the exit status."""
    settings, board = load(settings_file()), system_clipboard()
    write = Printer(ascii_for(settings))
    keeper = Keeper(Casebook(cases_folder()), write, keep_logs=settings.keep_logs)
    case = sample_case() if sample else Case()
    if resumed is not None:
        try:
            saved = keeper.resume(chosen(Casebook(cases_folder()), resumed, write).id)
        except CasebookError as error:
            complain(str(error))
            return WRONG
        case = keeper.case
        write(Prose(line_of(saved, utc_now()).opened))
        if keeper.read_only:
            write(READ_ONLY)
    elif not sample and (others := len(keeper.book.ids() if keeper.book else ())):
        write(Prose(_saved_before(others)))
    for problem in settings.problems:
        write(problem)
    asker = (EditedAsker if edited else LineAsker)(write)
    wizard = PlainWizard(case, asker, write, board, PlainCopier(board, settings), keeper=keeper)
    status = LEFT

    def lead() -> None:
        nonlocal status
        try:
            status = _run(wizard)
        except KeyboardInterrupt:
            # Ctrl+C again, while the summary was printed.
            status = INTERRUPTED

    gather = partial(_gather, wizard, asker)
    return Ending(lambda: end_early(keeper, gather, plain=True)).run(lead) or status


def _gather(wizard: PlainWizard, asker: LineAsker) -> str:
    """Leave the text that was being given waiting in the case; returns what could not be kept."""
    step, text = wizard.unread or (StepId.SYMPTOM, "")
    text = "\n".join(filter(None, (text, *asker.lines)))
    if len(text) > MOST_LOGS:
        return TOO_LARGE
    if text.strip():
        wizard.case = wizard.case.leaving(step, text)
    return ""


def _saved_before(number: int) -> str:
    """A sentence about the cases saved before; they are counted, not read."""
    if number == 1:
        return f"A new case. Another is saved: {program()} resume --plain goes on with it."
    return (
        f"A new case. {number:,} others are saved: {program()} cases lists them, "
        f"and {program()} resume --plain goes on with the one saved last."
    )


def _run(wizard: PlainWizard) -> int:
    """Run it; nothing of the case is lost, however it ends."""
    ended, status = "", LEFT
    try:
        wizard.run()
    except KeyboardInterrupt:
        ended, status = "Ended with Ctrl+C.", INTERRUPTED
    except EOFError:
        ended = "Ended with the end of input."
    except BrokenPipeError:
        _saved(wizard)
        raise
    if ended:
        # Saved before anything is printed: the terminal may be gone.
        saved = _saved(wizard)
        wizard.write(f"{ended}\n{saved}".rstrip())
    _well, words = leave(wizard.keeper, plain=True)
    if wizard.begun and not wizard.summary_said:
        wizard.write(f"\n{ending(wizard.case)}")
    if words:
        wizard.write(f"\n{words}")
    return status


def _saved(wizard: PlainWizard) -> str:
    """The path of the saved summary; empty for an empty case."""
    wizard.keeper.save_now()
    return save_summary(wizard.case, wizard.save_into, wizard.now()) if wizard.begun else ""
