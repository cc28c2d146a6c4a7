"""The commands without a screen: cases, doctor, diagnose, practice.

Each command imports only its own needs.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TextIO

from screens.words import Teller, columns_of_output, complain, failed, program, say
from wizard import __version__
from wizard.assets import asset_text
from wizard.case.book import Casebook, CasebookError, CaseLine, chosen, line_of
from wizard.findings import counted
from wizard.machine import settings as places
from wizard.machine.checkup import Checkup, ProgramPlace, Trial, Tried, checkup_data, rows
from wizard.machine.clipboard import Clipboard, ClipboardError, CopyProof, copy, system_clipboard
from wizard.machine.console import console_here, is_terminal
from wizard.machine.copying import Route, routes, session_here
from wizard.machine.files import NotWrittenError, write_new
from wizard.machine.inert import json_shown, shown
from wizard.machine.settings import Settings, cases_folder, load, reports_folder, settings_file
from wizard.powershell.literal import is_safe
from wizard.reading.text import cells

if TYPE_CHECKING:
    from screens.app.base import Wizard
    from screens.app.keys import Keymap
    from wizard.case.file import Saved
    from wizard.diagnosis import Diagnosis
    from wizard.practice.result import Learned
    from wizard.practice.scenario import Scenario
    from wizard.record.export import ExportForm
    from wizard.steps.intake import GivenText


def list_cases(as_json: bool) -> int:
    """Print the cases, the last saved first; as JSON for a script."""
    book = Casebook(places.cases_folder())
    listing = book.cases()
    lines = [line_of(saved, datetime.now(UTC)) for saved in listing.cases]
    if as_json:
        say(json.dumps([_case_row(line, saved) for line, saved in zip(lines, listing.cases, strict=True)], indent=1))
    elif not lines:
        say(f"No cases yet in {book.folder}")
    else:
        for line in lines:
            say(f"{line.id}  {line.text}{' (archived)' if line.archived else ''}\n    {line.state}")
    for aside in listing.aside:
        complain(f"{aside.path}: {aside.why}")
    return 0


def export_case(case_id: str, to: str, form: ExportForm, redact: bool, keep_logs: bool) -> int:
    """Write a case to a file for handing over; never overwrites a file.

    With stand-ins the list of them is printed first.
    """
    from wizard.record.export import ExportForm, exported, file_name  # noqa: PLC0415

    try:
        saved = chosen(Casebook(places.cases_folder()), case_id, complain)
    except CasebookError as error:
        return failed(str(error))
    now = datetime.now(UTC)
    made = exported(saved, form, now, redact=redact, keep_logs=keep_logs)
    for each in made.replaced:
        say(f"{each.kind}: {each.original}  ->  {each.stand_in}")
    try:
        name = file_name(saved.id, form, now, redact=redact)
        path = write_new(Path(to) if to else Path.home() / name, made.text, name)
    except NotWrittenError as error:
        return failed(str(error))
    say(f"Written: {path.absolute()}")
    if not redact:
        say("It names servers, domains and certificates; --redact puts stand-ins in their place.")
    if form is ExportForm.CASE:
        say(f"To take it over: exchange-cert-wizard import {path.name}")
    return 0


def take_over(file: str) -> int:
    """Import a colleague's case into the casebook."""
    try:
        saved = Casebook(places.cases_folder()).take_over(Path(file), datetime.now(UTC))
    except CasebookError as error:
        return failed(str(error))
    say(f"Taken over: {line_of(saved, datetime.now(UTC)).text}\nGo on with: {program()} resume {saved.id}")
    return 0


def _case_row(line: CaseLine, saved: Saved) -> dict[str, object]:
    """A case as a script reads it."""
    return {
        "id": line.id,
        "name": line.name,
        "saved": saved.saved.isoformat(),
        "connector": line.connector,
        "server": line.server,
        "step": line.step,
        "state": line.state,
        "archived": line.archived,
    }


MOST_HELD = 1_000_000
"""The most characters of clipboard content that the trial replaces and puts back; more could be lost on the way."""

TRIES, PAUSE = 3, 0.2
"""Attempts to put the clipboard's content back, and the seconds between them."""

_SAMPLE = "exchange-cert-wizard doctor"

_WIDEST = 100

NOT_THE_WAY = "Not tried: the clipboard of this computer is not the way from here."


def print_licences() -> int:
    """Print the licences that `.ci/windows.spec` put into the one file; elsewhere say where they lie."""
    try:
        say(asset_text("licences.txt"))
    except FileNotFoundError:
        say("MIT. This is not the one file: what it stands on was installed beside it, with licences of its own.")
    return 0


def doctor_command(json_wanted: bool) -> int:
    """Run `doctor` on the process's own streams; the exit status is 0 when one can work here, otherwise 1."""
    checkup = examine(system_clipboard())
    write(checkup, json_wanted, sys.stdout)
    return 0 if checkup.well else 1


def examine(clipboard: Clipboard) -> Checkup:
    """Run all checks; takes seconds where the clipboard does not answer."""
    file = settings_file()
    settings = load(file)
    ways = routes(settings.copy, session_here())
    keys = _keys(settings)
    return Checkup(
        console_here(),
        settings,
        try_clipboard(clipboard) if Route.SYSTEM in ways else Tried(Trial.NOT_TRIED, NOT_THE_WAY),
        ProgramPlace(file, file.exists()),
        _folder(cases_folder()),
        _folder(reports_folder()),
        ways,
        keys.name("step.paste") if keys else "F4",
        {each: written for each, written in settings.keys.items() if keys and each in keys.changed},
        keys.problems if keys else (),
    )


def _keys(settings: Settings) -> Keymap | None:
    """The configured keys; None when none are set, so that Textual need not be loaded."""
    if not settings.keys:
        return None
    from screens.app.keys import keymap  # noqa: PLC0415

    return keymap(settings.keys)


def write(checkup: Checkup, json_wanted: bool, out: TextIO) -> None:
    """Write the checkup as lines no wider than the window, or as JSON."""
    from wizard.record.blocks import Document, Pairs, Section  # noqa: PLC0415
    from wizard.record.render import text  # noqa: PLC0415

    if json_wanted:
        out.write(json.dumps(checkup_data(checkup), indent=2) + "\n")
        return
    size = checkup.console.measured.size
    width = min(size[0] - 1, _WIDEST) if size and checkup.console.measured.output_is_terminal else None
    section = Section("", (Pairs(rows(checkup)),))
    document = Document(f"exchange-cert-wizard {__version__}", "", datetime.now(UTC), (section,))
    out.write(shown(text(document, width)) + "\n")


def try_clipboard(clipboard: Clipboard, sleep: Callable[[float], object] = time.sleep) -> Tried:
    """Copy a text, read it back, restore the old content.

    Content that is no text, or cannot be read, is left untouched.
    """
    try:
        held = clipboard.read()
    except ClipboardError as error:
        return Tried(Trial.UNREAD, f"Not tried, so that nothing there is lost. {error}")
    if not held:
        return Tried(
            Trial.NOT_TRIED,
            "Not tried: the clipboard holds no text, and what else it may hold would be lost. "
            "Copy a word and run this again.",
        )
    if len(held) > MOST_HELD or "\ufffd" in held:
        return Tried(Trial.NOT_TRIED, "Not tried: what the clipboard holds might not come back whole.")
    # The process and time tell it apart from the text of an earlier run.
    sample = f"{_SAMPLE} {os.getpid()} {time.time_ns()}"
    try:
        copied = copy(sample, clipboard)
    finally:
        # Runs after Ctrl+C too.
        back = _put_back(held, sample, clipboard, sleep)
    if copied.proof is CopyProof.PROVEN:
        return Tried(Trial.PROVEN, f"This computer's clipboard works: copied, and read back. {back}")
    return Tried(Trial.FAILED, f"{copied.sentence} {back}")


def _put_back(held: str, sample: str, clipboard: Clipboard, sleep: Callable[[float], object]) -> str:
    """Restore the clipboard unless another program has changed it since; returns a sentence about the result."""
    for attempt in range(TRIES):
        if attempt:
            sleep(PAUSE)
        try:
            now = clipboard.read()
            if now == held:
                return "What was there is there again."
            if now and sample not in now:
                return "Another program has put something else there since; that was left alone."
        except ClipboardError:
            pass  # A clipboard that cannot be read may still be written.
        if copy(held, clipboard).proof is CopyProof.PROVEN:
            return "What was there is there again."
    return "What was there could not be put back: copy it once more."


def _folder(folder: Path) -> ProgramPlace:
    """Check whether the folder, or its nearest existing parent, can be written to."""
    nearest = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    trouble = ""
    try:
        # Only a written file proves it: on Windows the folder's attributes say nothing. The file is removed at once.
        with tempfile.TemporaryFile(dir=nearest):
            pass
    except OSError as error:
        trouble = error.strerror or type(error).__name__
    return ProgramPlace(folder, folder.exists(), trouble)


STANDARD_INPUT = "-"

THIS_ARTICLE, ANOTHER, UNUSABLE, MORE_EVIDENCE = 0, 1, 2, 3
"""Exit statuses: this article, its command was written; another fault, or healthy; nothing readable; undecided."""

STOPPED = 130
"""The exit status after Ctrl+C, as in shells."""


class WaitingLine:
    """A terminal line that is rewritten in place and cleared in the end."""

    def __init__(self, err: TextIO) -> None:
        self._err = err
        self._written = 0

    def show(self, words: str) -> None:
        """Replace the line with these words, cut to the terminal's width."""
        words = "".join(character if cells(character) == 1 else "?" for character in shown(words))
        words = words[: max(shutil.get_terminal_size().columns - 1, 1)]
        self._err.write(f"\r{words.ljust(self._written)}")
        self._err.flush()
        self._written = len(words)

    def clear(self) -> None:
        """Clear the line."""
        if self._written:
            self._err.write(f"\r{' ' * self._written}\r")
            self._err.flush()


def diagnose_evidence(
    evidence: Sequence[str],
    connector: str,
    server: str,
    json_wanted: bool,
    out: TextIO,
    err: TextIO,
    stdin: BinaryIO,
    waiting: WaitingLine | None = None,
    opened: datetime | None = None,
    width: int | None = None,
) -> int:
    """Diagnose the evidence, print the answer and return its exit status.

    `waiting` is the terminal line that shows the progress, if any. `opened` is the moment against which dates are
    checked; None is now. `width` is that of the terminal the answer goes to, None without one.
    """
    from wizard.case.case import Case, SourceServer  # noqa: PLC0415
    from wizard.diagnosis import diagnose, diagnosis_data  # noqa: PLC0415
    from wizard.record.answer import answer_of  # noqa: PLC0415
    from wizard.record.render import text  # noqa: PLC0415

    for value, what in ((connector, "connector"), (server, "server")):
        if value and not is_safe(value, what):
            err.write(f"exchange-cert-wizard: the {what} has a character that no command may carry.\n")
            return UNUSABLE
    progress = Teller(waiting.show, "Ctrl+C stops it.") if waiting else None
    try:
        case = Case(opened=opened or datetime.now(UTC), connector=connector).put(SourceServer(server=server))
        diagnosis = diagnose(_sources(evidence, stdin), case, progress)
    finally:
        if waiting:
            waiting.clear()
    if json_wanted:
        out.write(json_shown(json.dumps(diagnosis_data(diagnosis), indent=2)) + "\n")
    else:
        out.write(shown(text(answer_of(diagnosis), width)) + "\n")
    if not diagnosis.read:
        err.write("exchange-cert-wizard: nothing that was given could be read.\n")
    return status(diagnosis)


def status(diagnosis: Diagnosis) -> int:
    """The exit status of a diagnosis."""
    from wizard.diagnosis import composed  # noqa: PLC0415

    if not diagnosis.read:
        return UNUSABLE
    if diagnosis.verdict.id == "kb4051498":
        return THIS_ARTICLE if composed(diagnosis) else MORE_EVIDENCE
    return MORE_EVIDENCE if diagnosis.verdict.id == "more-evidence" else ANOTHER


def _sources(evidence: Sequence[str], stdin: BinaryIO) -> Iterator[Path | GivenText]:
    """Files and folders as paths; `-`, or no argument, is standard input."""
    from screens.paths import named_paths  # noqa: PLC0415 - asyncio comes with it
    from wizard.steps.intake import GivenText  # noqa: PLC0415

    for name in evidence or (STANDARD_INPUT,):
        if name == STANDARD_INPUT:
            yield GivenText(stdin.read(), "standard input")
        else:
            yield from named_paths(name)


def diagnose_command(evidence: Sequence[str], connector: str, server: str, json_wanted: bool) -> int:
    """Run `diagnose` on the process's own streams."""
    if not evidence and is_terminal(sys.stdin):
        sys.stderr.write("exchange-cert-wizard: name files or folders to read, or pipe evidence in; see --help.\n")
        return UNUSABLE
    waiting = WaitingLine(sys.stderr) if sys.stderr.isatty() else None
    try:
        return diagnose_evidence(
            evidence,
            connector,
            server,
            json_wanted,
            sys.stdout,
            sys.stderr,
            sys.stdin.buffer,
            waiting,
            width=columns_of_output(),
        )
    except KeyboardInterrupt:
        sys.stderr.write("exchange-cert-wizard: stopped.\n")
        return STOPPED


def list_scenarios(json_wanted: bool) -> int:
    """Print the scenarios, easiest first, each with the learner's record; as JSON for a script."""
    from wizard.practice.result import Learned, ProgressError, ProgressFolder  # noqa: PLC0415
    from wizard.practice.scenariofile import all_scenarios  # noqa: PLC0415

    try:
        learned = ProgressFolder(places.practice_folder()).read()
    except ProgressError as error:
        # The list is useful without the record.
        complain(str(error))
        learned = Learned()
    if learned.problem:
        complain(learned.problem)
    if json_wanted:
        say(json.dumps([_scenario_row(scenario, learned) for scenario in all_scenarios()], indent=1))
        return 0
    for number, scenario in enumerate(all_scenarios(), 1):
        say(f"{number:>2}  {scenario.identity}: {scenario.title} ({scenario.minutes} min){_stand(scenario, learned)}")
        # Before it is solved, what it teaches would give the solution away.
        if learned.standing(scenario.identity).solved:
            say(f"    {scenario.teaches}")
    say(f"\nBegin one: {program()} practice NAME\nThe course: {program()} practice next")
    return 0


def check(files: list[str]) -> int:
    """Report for each file whether its scenario can be set."""
    from wizard.practice.checking import SEEDS  # noqa: PLC0415
    from wizard.practice.checking import check as checked  # noqa: PLC0415

    wrong = 0
    for file in files:
        problems = checked(Path(file))
        for problem in problems:
            say(problem)
        if problems:
            wrong += 1
        else:
            say(f"{file}: fit to be set; tried with {counted(len(SEEDS), 'seed')}.")
    if len(files) > 1:
        say(f"{counted(len(files), 'file')}, {wrong} with something to mend.")
    return 1 if wrong else 0


_EXPORTED = frozenset({".html", ".htm", ".json"})

_NOT_EXPORTED = "--export takes a file whose name ends in .html, for a page, or in .json."


def export_results(to: str, learner: str) -> int:
    """Write the learner's record as a page, or as JSON if the file's name ends so; never overwrites a file."""
    from wizard.practice.result import ProgressError, ProgressFolder, record_json, record_page  # noqa: PLC0415

    path = Path(to)
    if path.suffix.casefold() not in _EXPORTED:
        return failed(_NOT_EXPORTED)
    try:
        learned = ProgressFolder(places.practice_folder()).read()
        if learned.problem:
            complain(learned.problem)
        page = path.suffix.casefold() != ".json"
        written = write_new(
            path, record_page(learned, learner, datetime.now(UTC)) if page else record_json(learned, learner)
        )
    except (ProgressError, NotWrittenError) as error:
        return failed(str(error))
    say(f"Written: {written.absolute()}")
    if not learned.results:
        say("There is no result in it yet: finish an exercise first.")
    return 0


def class_table(files: Sequence[str], to: str) -> int:
    """Print the results of many learners as one table, or write it to a file.

    The exit status is 1 if a file could not be read: the others are counted. Without any other it is 2.
    """
    from wizard.practice.classroom import Learner, class_document, learner_in  # noqa: PLC0415
    from wizard.record.render import as_json, page, text  # noqa: PLC0415

    if to and Path(to).suffix.casefold() not in _EXPORTED:
        return failed(_NOT_EXPORTED)
    learners: list[Learner] = []
    for file in files:
        try:
            learners.append(learner_in(Path(file)))
        except ValueError as error:
            complain(f"{file} is left out: {error}.")
    if not learners:
        return failed("No file is left: --class takes files of practice --export FILE.json.")
    document = class_document(learners, datetime.now(UTC))
    status = 1 if len(learners) < len(files) else 0
    if not to:
        say(shown(text(document, columns_of_output())))
        return status
    try:
        written = write_new(Path(to), as_json(document) if Path(to).suffix.casefold() == ".json" else page(document))
    except NotWrittenError as error:
        return failed(str(error))
    say(f"Written: {written.absolute()}")
    return status


def unknown(scenario: str | None) -> int:
    """Complain about an unknown scenario before the terminal is used; the exit status, 0 if the scenario exists."""
    if scenario is None:
        return 0
    from screens.training import found  # noqa: PLC0415
    from wizard.practice.scenario import ScenarioError  # noqa: PLC0415

    try:
        found(scenario, None)
    except ScenarioError as error:
        return failed(str(error))
    return 0


def train(
    scenario: str | None, mode: str | None, seed: int | None, full_screen: Callable[[Callable[[Wizard], None]], int]
) -> int:
    """Train on the full screen: at a scenario given by number or id, otherwise from the list.

    `mode` None is guided training, `seed` None draws fresh names. `full_screen` opens the screen and then calls its
    argument.
    """
    from screens.training import found, fresh_seed  # noqa: PLC0415
    from wizard.practice.scenario import Mode, ScenarioError  # noqa: PLC0415

    way = Mode(mode) if mode else None
    if scenario is None and way is not Mode.SANDBOX:
        return full_screen(lambda wizard: wizard.practice.choose())
    try:
        number, meant = found(scenario, way)
    except ScenarioError as error:
        return failed(str(error))
    drawn = fresh_seed() if seed is None else seed
    return full_screen(lambda wizard: wizard.practice.begin(meant, number, way or Mode.GUIDED, drawn))


def train_line_by_line(scenario: str | None, mode: str | None, seed: int | None) -> int:
    """Train line by line; the exit status is 0, 1 after a fault of the program's own, 130 after Ctrl+C."""
    from screens.plain.practice import run  # noqa: PLC0415 - one front end of two
    from wizard.practice.scenario import Mode  # noqa: PLC0415

    return run(scenario, Mode(mode) if mode else None, seed)


def _stand(scenario: Scenario, learned: Learned) -> str:
    """The learner's record with a scenario, in few words; empty before the first try."""
    standing = learned.standing(scenario.identity)
    if not standing.tried:
        return ""
    if standing.clean:
        return ", solved without damage"
    return ", solved with damage" if standing.solved else f", tried {counted(standing.tried, 'time')}"


def _scenario_row(scenario: Scenario, learned: Learned) -> dict[str, object]:
    """A scenario as a script reads it."""
    standing = learned.standing(scenario.identity)
    return {
        "id": scenario.identity,
        "title": scenario.title,
        "teaches": scenario.teaches,
        "minutes": scenario.minutes,
        "tried": standing.tried,
        "solved": standing.solved,
        "without_damage": standing.clean,
    }
