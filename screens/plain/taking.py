"""The half of the wizard line by line that takes evidence in: paste, clipboard, file or folder, a typed name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import InitVar, dataclass, field, replace
from datetime import datetime
from pathlib import Path

from screens.firstwords import NO_TEXT_HERE
from screens.paths import path_from
from screens.plain.asking import Asker
from screens.plain.prose import Prose
from screens.plain.waiting import Stopped, Work, waited
from screens.progress import Teller
from screens.reading import read_into
from wizard.case import Case
from wizard.clipboard import Clipboard, ClipboardError, read
from wizard.findings import Finding, info
from wizard.intake import take
from wizard.keeper import Keeper
from wizard.opening import take_large, usual_path
from wizard.sample import sample_evidence
from wizard.servers import here
from wizard.stepid import LOG_STEPS
from wizard.steps import Step, check_again, step
from wizard.taking.names import name_connector
from wizard.taking.taken import Taken

STOPPED = "Stopped. Nothing was taken; what you gave before is kept."

_PROPERTY = re.compile(r"^\s*[A-Z][A-Za-z]+\s*: |^\s*Name\s+\S|^\s*Identity\s+\S")
"""What the first line of a connector's output looks like, and no name of a connector does."""

_TEXT = 12
"""Characters from which an answer that is none is evidence: no hand mistypes a letter that far."""


@dataclass
class TakingWizard:
    """One case, line by line, as far as evidence goes in.

    `write` prints a line; `keeper` has the case as it stands. `copier` copies a text and says what became of
    it; without one the clipboard is all there is. `save_into` is where the summary is saved to. `said` is
    what the reading of the newest evidence at this step had to say.
    """

    given: InitVar[Case]
    ask: Asker
    write: Callable[[str], None]
    clipboard: Clipboard
    copier: Callable[[str], Iterable[str]] | None = None
    save_into: Path = field(default_factory=Path.home)
    now: Callable[[], datetime] = datetime.now
    keeper: Keeper = field(default_factory=lambda: Keeper(None))
    said: tuple[Finding, ...] = field(default=(), init=False)
    refused: bool = field(default=False, init=False)

    def __post_init__(self, given: Case) -> None:
        """The case that was given is kept, unless it is the keeper's own already."""
        if given is not self.keeper.case:
            self.keeper.begin(given)

    @property
    def case(self) -> Case:
        """The case as it stands; what is put in its place is noted and saved by itself."""
        return self.keeper.case

    @case.setter
    def case(self, case: Case) -> None:
        self.keeper.put(case)

    def findings(self, current: Step) -> tuple[Finding, ...]:
        """All there is to say at a step now, in the order of the full screen."""
        stale: tuple[Finding, ...] = ()
        if current.id in check_again(self.case):
            stale = (info("Check again: an earlier answer has changed since. If it still holds, press Next."),)
        return (*stale, *self.said, *current.findings(self.case))

    def arrive(self, current: Step) -> None:
        """Begin a visit of a step; the sample's evidence is offered where nothing was given yet."""
        self.said = ()
        offered = self.case.sample and current.takes_text and current.id not in self.case.opened_paths
        if offered and not self.case.typed.get(current.id):
            text = sample_evidence(current.id, here(self.case))
            taken = take(self.case, current.id, text, "the sample")
            self.case, self.said = taken.case, taken.said

    def waited(self, work: Work[Taken]) -> Taken | None:
        """What became of evidence that takes time to read; None where the person stopped it."""
        try:
            return waited(work, self.write)
        except Stopped:
            self.write(STOPPED)
            return None

    def took(self, taken: Taken | None, current: Step) -> None:
        """Say what became of evidence; what was found stands with the step's other findings."""
        if taken is None:
            return
        self.case, self.said, self.refused = taken.case, taken.said, not taken.accepted
        if taken.nothing_given:
            self.write("Nothing was taken: it is empty.")
        elif not taken.accepted:
            self.write("Not taken; what you gave is kept. The reason:")
        elif taken.at is not current.id:
            self.write(f"Taken for another step: {step(taken.at).words.title}")
        else:
            self.write(f"Read. {current.missing(self.case)}".rstrip())

    def paste(self, current: Step, first: str = "") -> None:
        """Take a pasted text, to the line with a full stop alone; `first` is what was given of it already."""
        self.write(Prose(f"Paste now: {current.words.give}. End with a line that holds a full stop alone."))
        self.give(current, "\n".join(filter(None, (first, self.ask.many()))))

    def give(self, current: Step, text: str) -> None:
        """Take a text in place of what was given at the step before; a step without a place for text keeps none."""
        if not text.strip():
            # An empty paste takes nothing back.
            self.took(take(self.case, current.id, text.encode(), "it"), current)
            return
        case = self.case
        if current.takes_text:
            # What is kept at once is not lost by stopping while it is still being read.
            self.case = case = case.opening(current.id, "").typing(current.id, text)
        taken = self.waited(
            lambda tell, stop: take_large(case, current.id, text, Teller(tell, "Ctrl+C stops it."), stop)
        )
        if taken and not current.takes_text:
            unknown = not taken.accepted and any(finding.id == "not-recognised" for finding in taken.said)
            said = (info(NO_TEXT_HERE, id="no-text-here"),) if unknown else taken.said
            taken = replace(taken, case=taken.case.typing(current.id, ""), said=said)
        self.took(taken, current)

    def from_clipboard(self, current: Step) -> None:
        """Take what is on the clipboard as evidence."""
        try:
            text = read(self.clipboard)
        except ClipboardError as error:
            self.write(str(error))
            return
        self.give(current, text)

    def open(self, current: Step) -> None:
        """Read a file or folder; Enter alone takes the folder that a server named, or what was opened before."""
        usual = usual_path(self.case, current.id)
        what = "File or folder" if current.id in LOG_STEPS else "File"
        written = self.ask.one(f"{what}{f', Enter alone: {usual}' if usual else ''}; b: none") or usual
        if written in ("", "b"):
            self.write("No path was given. Nothing is read.")
            return
        path, case = path_from(written), self.case
        self.write(f"Reading {path}...")
        self.took(
            self.waited(lambda tell, stop: read_into(case, current.id, path, Teller(tell, "Ctrl+C stops it."), stop)),
            current,
        )

    def name(self, current: Step, written: str) -> None:
        """Take the connector's name as typed; an output given before it is kept beside it."""
        given = self.case.typed.get(current.id, "")
        taken = name_connector(self.case, written)
        if len(given.splitlines()) > 1:
            taken = replace(taken, case=taken.case.typing(current.id, given))
        self.took(taken, current)

    def unasked(self, current: Step, answer: str) -> bool:
        """Take an answer that is none of the answers as what it is: a name, or the begin of a paste."""
        if current.asks_name and len(answer) > 3 and "\n" not in answer and not _PROPERTY.match(answer):
            self.name(current, answer)
        elif "\n" in answer:
            self.give(current, answer)
        elif current.takes_text and len(answer) >= _TEXT:
            self.write("This is text: it is taken as the first line of a paste.")
            self.paste(current, answer)
        else:
            return False
        return True
