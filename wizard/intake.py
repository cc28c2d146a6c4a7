"""Evidence into the case: one text, recognised by its content, taken where it belongs.

A step never asks what it was given. The recogniser says what the text is; if the step can use it,
it does; if another step is the place for it, it goes there and the person is told; otherwise the
person reads what was wrong and what to do instead. Nothing typed is lost on the way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wizard import readers
from wizard.case import Case, StepId
from wizard.commandline import CommandId
from wizard.composed import bind_commands
from wizard.erred import error_finding
from wizard.facts import (
    CmdletError,
    CmdletErrorKind,
)
from wizard.findings import Finding, block, info, reading_remarks, warn
from wizard.proof import default_replaced, proven
from wizard.reading.halves import missing
from wizard.reading.kind import Kind
from wizard.reading.text import Refused, Text, clean
from wizard.servers import ON_EACH, here, several
from wizard.taking.certificates import take_certificates
from wizard.taking.connectors import take_connectors
from wizard.taking.logs import receive_log, take_log_folders, take_send_log
from wizard.taking.names import is_name, is_sentence, named
from wizard.taking.question import question_in_another_language, take_prompt
from wizard.taking.queues import take_queues
from wizard.taking.survey import take_survey
from wizard.taking.taken import EXPECTED, NOTHING_GIVEN, PLACES, Taken, Taker
from wizard.words import words


def take(case: Case, step: StepId, content: str | bytes, source: str = "paste") -> Taken:
    """The case with this evidence in it, given at `step` as a paste or as one file's bytes."""
    if isinstance(content, str):
        case = case.typing(step, content)
    try:
        text = clean(content, source)
    except Refused as refusal:
        return Taken(case, False, step, (block(str(refusal), id="refused"),))
    if text.blank:
        where = "it" if isinstance(content, str) else source
        said = f"There is nothing in {where}. Needed: {EXPECTED[step]}."
        return Taken(case, False, step, (info(said, id=NOTHING_GIVEN),))
    kind = readers.recognise(text)
    place = place_of(kind, step)
    if place is None or is_name(text, kind, step):
        return _no_place(case, step, text, kind)
    if keeps(case, place, step):
        return stays(case, step, place, kind)
    return _naming_a_half(elsewhere(TAKERS[kind](case, place, text), step, kind, content), text, kind)


def _naming_a_half(taken: Taken, text: Text, kind: Kind) -> Taken:
    """What became of a text; that it was copied in part is said before anything else is blamed."""
    half = missing(text, kind)
    if half is None:
        return taken
    end, line = half
    return replace(taken, said=(warn(f"Only a part was copied. {end.value}", (line,), "half"), *taken.said))


def elsewhere(taken: Taken, step: StepId, kind: Kind, content: str | bytes) -> Taken:
    """What became of a text given at `step`: where another step took it, that is said and a paste is kept there."""
    if taken.at is step or not taken.accepted:
        return taken
    moved = info(
        f"Read as {kind.noun} and taken to the step '{words(taken.at).title}'. Here the wizard needs {EXPECTED[step]}.",
        id="taken-elsewhere",
    )
    case = taken.case.typing(taken.at, content) if isinstance(content, str) else taken.case
    return replace(taken, case=case, said=(moved, *taken.said))


def keeps(case: Case, place: StepId, step: StepId) -> bool:
    """Whether what stands at `place` is left as it is by a text given at another step.

    What later steps stand on, and what proves the change, is not lost from afar: the text may be of another
    server, and need not say so.
    """
    if place is step:
        return False
    if place is StepId.LOG:
        return bool(case.failed)
    shown, proof = {
        StepId.PROMPT: (case.prompt and case.prompt_answer and not default_replaced(case), "services"),
        StepId.VERIFY: (case.certificates_after, "services"),
        StepId.RETRY: (case.queues_after_read, "queue"),
        StepId.SESSION: (case.log_after, "session"),
        StepId.RESTORE: (case.connectors_after, "logging"),
    }.get(place, (None, ""))
    return bool(shown) and proven(case, proof)


def stays(case: Case, step: StepId, place: StepId, kind: Kind) -> Taken:
    """What is told of a text of this kind that does not take the place of what stands at the step it belongs to."""
    replacing = "To replace it, go there and paste this again."
    if several(case) and place in ON_EACH and place is not StepId.LOG:
        replacing = (
            f"If this is of another server, go to that server first, at the step '{words(StepId.SERVERS).title}'. "
            f"If it is of {here(case) or 'this one'} and newer, go to the step named here and paste this again."
        )
    said = info(
        f"Read as {kind.noun}. The step '{words(place).title}' has its evidence already, and it stays. {replacing} "
        f"Here the wizard needs {EXPECTED[step]}.",
        id="stays",
    )
    return Taken(case, False, step, (said,))


def place_of(kind: Kind, step: StepId) -> StepId | None:
    """The step that takes a text of this kind when it is given at `step`: itself, else the nearest in the article.

    Before the command is run the evidence of the start is meant, from the prompt on that of the proof:
    what was known before the change must not be overwritten by what is seen after it.
    """
    places = PLACES.get(kind, ())
    if step in places:
        return step
    order = list(StepId)
    begun = order.index(StepId.PROMPT)
    same = [place for place in places if (order.index(place) >= begun) == (order.index(step) >= begun)]
    return next(iter(same or places), None)


def _no_place(case: Case, step: StepId, text: Text, kind: Kind) -> Taken:
    """Why a text of no use here is of no use, and what to give instead."""
    needed = EXPECTED[step]
    if kind is Kind.RECEIVE_LOG:
        return Taken(case, False, step, (receive_log(),))
    if kind is Kind.CMDLET_ERROR and (errors := readers.read_cmdlet_errors(text).facts):
        told = (*map(error_finding, errors), *_smallest_instead(case, step, errors))
        return Taken(replace(case, errors=errors), False, step, told)
    if kind is Kind.NOTHING and (asked := readers.question_by_shape(text, case.thumbprint)):
        return question_in_another_language(case, step, text, asked)
    if kind is Kind.COMMAND:
        said = f"This is the command itself. Run it in the Exchange Management Shell, then paste {needed}."
        return Taken(case, False, step, (info(said, id="only-the-command"),))
    lines = [line for line in text.lines if line.text.strip()]
    if step is StepId.CONNECTOR and len(lines) == 1 and is_sentence(lines[0].text.strip()):
        said = (
            "This line is no output that the wizard knows, and it does not read like a connector's name. If it is the "
            "name, type it into the field above and press Enter."
        )
        return Taken(case, False, step, (warn(said, text.lines[:1], id="not-recognised"),))
    if step is StepId.CONNECTOR and len(lines) == 1:
        taken = named(case, lines[0].text)
        return replace(taken, said=(*taken.said, *reading_remarks(text.mended, ())))
    said = f"The wizard does not recognise this text. Needed: {needed}."
    return Taken(case, False, step, (warn(said, text.lines[:1], id="not-recognised"),))


def _smallest_instead(case: Case, step: StepId, errors: Iterable[CmdletError]) -> tuple[Finding, ...]:
    """Where the binding line met an error that nobody knows, and named more than SMTP: the line that does not."""
    forms = bind_commands(case)
    if step is not StepId.PROMPT or len(forms) < 2 or forms[0].id is not CommandId.BIND:
        return ()
    if all(error.kind is not CmdletErrorKind.OTHER for error in errors):
        return ()
    said = (
        "If the error is about a service that the line names beside SMTP: go back one step, choose the smallest form, "
        "and run that. It adds SMTP alone, and the other services stay as they are."
    )
    return (info(said, id="smallest-instead", source="Enable-ExchangeCertificate"),)


TAKERS: dict[Kind, Taker] = {
    Kind.QUEUES: take_queues,
    Kind.CONNECTORS: take_connectors,
    Kind.LOG_FOLDERS: take_log_folders,
    Kind.SEND_LOG: take_send_log,
    Kind.CERTIFICATES: take_certificates,
    Kind.PROMPT: take_prompt,
    Kind.SURVEY: take_survey,
}
