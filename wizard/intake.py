"""Evidence into the case: one text, recognised by its content, taken where it belongs.

A step never asks what it was given. The recogniser says what the text is; if the step can use it,
it does; if another step is the place for it, it goes there and the person is told; otherwise the
person reads what was wrong and what to do instead. Nothing typed is lost on the way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from wizard import readers
from wizard.case import Case, PromptAnswer, StepId, host
from wizard.commandline import CommandId
from wizard.composed import bind_commands
from wizard.connectornames import same_name
from wizard.erred import error_finding
from wizard.facts import (
    Certificate,
    CmdletError,
    CmdletErrorKind,
    Direction,
    LoggingLevel,
    LogReading,
    OverwritePrompt,
    Reading,
    SendConnector,
)
from wizard.findings import Finding, Level, block, counted, good, info, reading_remarks, warn
from wizard.powershell import UnsafeNameError, literal
from wizard.proof import default_replaced, proven
from wizard.reading.halves import missing
from wizard.reading.kind import Kind
from wizard.reading.text import Refused, Text, clean
from wizard.servers import ON_EACH, at_each, for_connector, here, several, surveying, with_survey
from wizard.told import NO_SERVICES
from wizard.words import words

if TYPE_CHECKING:
    from wizard.reading.survey import Survey, Unreachable


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a text: the case after it, whether it was taken, and what to tell the person.

    `at` is the step that took it, which may be another one than where it was given.
    """

    case: Case
    accepted: bool
    at: StepId
    said: tuple[Finding, ...] = ()

    @property
    def nothing_given(self) -> bool:
        """Whether the text was blank: there is nothing of it to be kept."""
        return any(finding.id == NOTHING_GIVEN for finding in self.said)

    @property
    def to_be_weighed(self) -> bool:
        """Whether what is told of it should be read before going on: it was refused, or there is a doubt about it."""
        return not self.accepted or any(finding.level is Level.WARN for finding in self.said)


NOTHING_GIVEN = "nothing-given"
"""The id of what is told of a blank text."""

Taker = Callable[[Case, StepId, Text], Taken]

PLACES: dict[Kind, tuple[StepId, ...]] = {
    Kind.QUEUES: (StepId.SYMPTOM, StepId.RETRY),
    Kind.CONNECTORS: (StepId.CONNECTOR, StepId.RESTORE),
    Kind.LOG_FOLDERS: (StepId.LOGGING,),
    Kind.SEND_LOG: (StepId.LOG, StepId.SESSION),
    Kind.CERTIFICATES: (StepId.SERVICES, StepId.VERIFY),
    Kind.PROMPT: (StepId.PROMPT, StepId.UNDO),
    Kind.SURVEY: (StepId.CONNECTOR, StepId.LOGGING, StepId.SERVICES, StepId.VERIFY, StepId.RESTORE),
}
"""The steps that can use each kind of text, in the order of the article."""

EXPECTED: dict[StepId, str] = {
    StepId.SYMPTOM: "the output of Get-Queue, or the LastError of a queue",
    StepId.CONNECTOR: "the connector's name, or the output of Get-SendConnector",
    StepId.LOGGING: "the output of the command that shows SendProtocolLogPath",
    StepId.LOG: "rows of a Send connector's protocol log",
    StepId.SERVICES: "the output of Get-ExchangeCertificate",
    StepId.COMMAND: "no text, only your choice of the form",
    StepId.PROMPT: "the question 'Overwrite the existing default SMTP certificate?' with the lines below it",
    StepId.UNDO: "the question 'Overwrite the existing default SMTP certificate?' with the lines below it",
    StepId.VERIFY: "the output of Get-ExchangeCertificate",
    StepId.RETRY: "the output of Get-Queue",
    StepId.SESSION: "new rows of the Send connector's protocol log",
    StepId.SERVERS: "no text, only your choice of the next server",
    StepId.RESTORE: "the output of Get-SendConnector",
}


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
    if place is None or _is_name(text, kind, step):
        return _no_place(case, step, text, kind)
    if keeps(case, place, step):
        return stays(case, step, place, kind)
    return _naming_a_half(elsewhere(_TAKERS[kind](case, place, text), step, kind, content), text, kind)


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


def take_log(case: Case, step: StepId, log: LogReading) -> Taken:
    """The case with a protocol log that was read elsewhere, such as a whole folder."""
    if log.direction is Direction.RECEIVE:
        return Taken(case, False, step, (_receive_log(),))
    remarks = reading_remarks(log.mended, log.unread)
    if not log.first:
        nothing = block(
            "No row of a protocol log could be read here. A row begins with a time such as "
            "2026-11-22T02:14:07.512Z and has nine fields with commas between.",
            id="no-rows",
        )
        return Taken(case, False, step, (nothing, *remarks))
    if step is StepId.SESSION:
        if elsewhere := _proof_of_another_server(case, log):
            return Taken(case, False, step, (elsewhere, *remarks))
        return Taken(replace(case, log_after=log), True, step, remarks)
    case = replace(case, log=log, log_of="", failed=readers.failures(log))
    if case.logged is None:
        only = case.only_candidate
        case = replace(case, thumbprint=(only.thumbprint or "") if only else "")
    return Taken(with_survey(case), True, step, remarks)


def _proof_of_another_server(case: Case, log: LogReading) -> Finding | None:
    """A word where this very log was the proof of another server already."""
    sessions = {handshake.session for handshake in log.handshakes if handshake.error is None}
    for server, at in at_each(case):
        if (
            server != here(case)
            and at.log_after
            and sessions & {each.session for each in at.log_after.handshakes if each.error is None}
        ):
            return block(
                f"This log showed already that TLS works on {server}: its sessions are of that server. Take the log "
                f"that lies on {here(case) or 'this server'}.",
                id="another-server",
            )
    return None


def name_connector(case: Case, name: str) -> Taken:
    """The case with the connector named by hand; a name no command may carry is refused with its reason."""
    return _name(case.typing(StepId.CONNECTOR, name), name)


def not_entered(case: Case, name: str) -> Taken | None:
    """What is told of a name that stands in its field when the person goes on, and was never entered.

    A connector that was chosen from the output stays chosen: a stray key in the field must not drop it. None where
    the name is to be taken, because it is in the output or because nothing was chosen from there.
    """
    chosen = case.send_connector
    written = name.strip()
    if chosen is None or not written or any(same_name(each.name, written) for each in case.connectors):
        return None
    said = (
        f"{chosen.name} stays chosen. The field holds {written[:60]}, which is not among the connectors of the output: "
        "press Enter there to take it all the same."
    )
    return Taken(case, False, StepId.CONNECTOR, (warn(said, id="name-not-entered"),))


def _name(case: Case, written: str) -> Taken:
    step, name = StepId.CONNECTOR, written.strip()
    if not name:
        return Taken(case, False, step, (info("Type the name of the Send connector, as Exchange shows it."),))
    try:
        literal(name)
    except UnsafeNameError as refusal:
        return Taken(case, False, step, (block(str(refusal), id="unsafe-name"),))
    if any(c.name_cut and same_name(c.name, name) for c in case.connectors):
        cut = block(f"The name {name} is cut or broken over lines. Type it whole.", id="name-cut")
        return Taken(case, False, step, (cut,))
    doubts = _doubts(name)
    if case.connectors and not any(same_name(c.name, name) for c in case.connectors):
        unseen = warn(f"{name} is not among the connectors of the output. Is it written right?", id="name-not-shown")
        doubts = (*doubts, unseen)
    return Taken(for_connector(case, _as_exchange_writes(case, name)), True, step, doubts)


def _doubts(name: str) -> tuple[Finding, ...]:
    """What makes a typed name look as if it were not the name itself."""
    if is_sentence(name):
        said = f"This reads like a sentence, not like a connector's name: {name[:60]}. Is it the name?"
        return (warn(said, id="name-sentence"),)
    if name.endswith(("...", "\u2026")):
        return (warn("The name ends in dots: a table may have cut it. Type it whole.", id="name-dots"),)
    if len(name) > 1 and name[0] in _QUOTES and name[-1] in _QUOTES:
        return (
            warn("The name stands in quotation marks. Leave them out, unless they are part of it.", id="name-quoted"),
        )
    return ()


def is_sentence(name: str) -> bool:
    """Whether a line is too long for a name, ends as sentences and prompts do, or holds a path."""
    return (
        len(name) > LONGEST_NAME
        or len(name.split()) > MOST_WORDS
        or (name.endswith((".", ":", ";", ">", "!", "?")) and not name.endswith(".."))
        or ":\\" in name
    )


LONGEST_NAME, MOST_WORDS = 120, 9
"""A line with more characters or words is hardly a connector's name."""

_QUOTES = "'\"\u2018\u2019\u201c\u201d\u201e"


def _is_name(text: Text, kind: Kind, step: StepId) -> bool:
    """Whether a lone word given for the connector is its name: `SMTP` reads like an answer of services too."""
    lines = [line for line in text.lines if line.text.strip()]
    return step is StepId.CONNECTOR and kind is Kind.CERTIFICATES and len(lines) == 1 and len(lines[0].text) < 40


def _as_exchange_writes(case: Case, name: str) -> str:
    """The name in the spelling of the output, when the output has it: commands show what Exchange shows."""
    return next((c.name for c in case.connectors if same_name(c.name, name)), name)


def _no_place(case: Case, step: StepId, text: Text, kind: Kind) -> Taken:
    """Why a text of no use here is of no use, and what to give instead."""
    needed = EXPECTED[step]
    if kind is Kind.RECEIVE_LOG:
        return Taken(case, False, step, (_receive_log(),))
    if kind is Kind.CMDLET_ERROR and (errors := readers.read_cmdlet_errors(text).facts):
        told = (*map(error_finding, errors), *_smallest_instead(case, step, errors))
        return Taken(replace(case, errors=errors), False, step, told)
    if kind is Kind.NOTHING and (asked := readers.question_by_shape(text, case.thumbprint)):
        return _question_by_shape(case, step, text, asked)
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
        taken = _name(case, lines[0].text)
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


def _receive_log() -> Finding:
    return block(
        "This is a Receive protocol log: mail that comes in. The article needs the Send log; it lies beside it, "
        "in the folder SmtpSend instead of SmtpReceive.",
        id="wrong-log",
        source="Protocol logging",
    )


def _take_queues(case: Case, step: StepId, text: Text) -> Taken:
    reading = readers.read_queues(text)
    remarks = reading_remarks(text.mended + reading.mended, reading.unread)
    if not reading.facts:
        nothing = block("No queue could be read from this output. Paste it whole, from its top.", id="no-queue")
        return Taken(case, False, step, (nothing, *remarks))
    if step is StepId.RETRY:
        if elsewhere := _of_another_server(case, (each.identity.rpartition("\\")[0] for each in reading.facts)):
            return Taken(case, False, step, (elsewhere, *remarks))
        return Taken(replace(case, queues_after=reading.facts, queues_after_read=True), True, step, remarks)
    return Taken(replace(case, queues=reading.facts), True, step, remarks)


def _completed(case: Case, connector: SendConnector) -> SendConnector:
    """What an output of a few properties leaves out stays as it is known."""
    known = next((each for each in case.connectors if same_name(each.name, connector.name)), None)
    if known is None:
        return connector
    empty = {each.name for each in fields(connector) if getattr(connector, each.name) in ("", None, ())}
    return replace(connector, **{name: getattr(known, name) for name in empty})


def _take_connectors(case: Case, step: StepId, text: Text) -> Taken:
    reading = readers.read_connectors(text)
    return _with_connectors(case, step, replace(reading, mended=text.mended + reading.mended))


def _with_connectors(case: Case, step: StepId, reading: Reading[SendConnector]) -> Taken:
    remarks = reading_remarks(reading.mended, reading.unread)
    if not reading.facts:
        nothing = block(
            "No Send connector could be read from this output. Paste it whole, from its top.",
            id="no-connector",
        )
        return Taken(case, False, step, (nothing, *remarks))
    if step is StepId.RESTORE:
        # The commands show one connector each: what another one showed before stays.
        others = (
            each for each in case.connectors_after if not any(same_name(each.name, c.name) for c in reading.facts)
        )
        return Taken(replace(case, connectors_after=(*reading.facts, *others)), True, step, remarks)
    shown = tuple(_completed(case, connector) for connector in reading.facts)
    connectors = tuple(_as_before(case, connector) for connector in shown)
    if connectors != shown:
        remarks = (_verbose_since(case), *remarks)
    case = replace(case, connectors=connectors)
    usable = case.usable_connectors
    if not any(same_name(c.name, case.connector) for c in usable):
        if case.connector:
            gone = f"{case.connector} is not in this output: choose the connector again."
            remarks = (info(gone, id="connector-not-shown"), *remarks)
        case = replace(case, connector=usable[0].name if len(usable) == 1 else "")
    return Taken(for_connector(case, case.connector) if case.connector else case, True, step, remarks)


def _as_before(case: Case, connector: SendConnector) -> SendConnector:
    """The connector with its level before this case: Verbose may by now be what this case's own command did."""
    names = (case.connector, *case.others_made_verbose)
    if connector.logging_level is not LoggingLevel.VERBOSE or not any(same_name(connector.name, n) for n in names):
        return connector
    known = next((each for each in case.connectors if same_name(each.name, connector.name)), None)
    before = known.logging_level if known else None
    changed = before is LoggingLevel.NONE or (before is None and StepId.CONNECTOR in case.settled)
    return replace(connector, logging_level=before) if changed else connector


def _verbose_since(case: Case) -> Finding:
    level = case.level_before
    before = f"{level.value} is kept as the level before" if level else "the level before counts as not known"
    return info(
        f"{case.connector} is Verbose now, which the command of this case may have done: {before}.",
        id="verbose-since",
    )


def _take_log_folders(case: Case, step: StepId, text: Text) -> Taken:
    reading = readers.read_log_folders(text)
    remarks = reading_remarks(text.mended + reading.mended, reading.unread)
    return Taken(replace(case, log_folders=reading.facts), bool(reading.facts), step, remarks)


def _take_send_log(case: Case, step: StepId, text: Text) -> Taken:
    log = readers.read_log(text)
    return take_log(case, step, log)


def _take_certificates(case: Case, step: StepId, text: Text) -> Taken:
    reading = readers.read_certificates(text)
    return _with_certificates(case, step, replace(reading, mended=text.mended + reading.mended))


def _with_certificates(case: Case, step: StepId, reading: Reading[Certificate]) -> Taken:
    remarks = reading_remarks(reading.mended, reading.unread)
    if elsewhere := _of_another_server(case, (each.server for each in reading.facts)):
        return Taken(case, False, step, (elsewhere, *remarks))
    if not case.thumbprint:
        need = warn("Choose our certificate from the log first: then its services can be found in this output.")
        return Taken(case, False, step, (need, *remarks))
    shown, unnamed = _owned(reading.facts, case.thumbprint)
    mine = next((c for c in shown if c.thumbprint == case.thumbprint), None)
    if mine is None:
        missing = tuple(c for c in reading.facts if c.thumbprint)
        if step is StepId.SERVICES and missing and not case.services_now:
            case = replace(case, not_there=missing)
        return Taken(case, False, step, (_other_certificates(case, reading.facts), *remarks))
    if mine.services is None:
        no_services = block(
            NO_SERVICES,
            mine.lines,
            "no-services",
            "Health Checker documentation",
        )
        return Taken(case, False, step, (no_services, *remarks))
    if any(c.thumbprint == mine.thumbprint and c.services != mine.services for c in shown):
        remarks = (_shown_twice(mine), *remarks)
    unnamed_for = case.thumbprint if unnamed else ""
    if step is StepId.VERIFY:
        case = replace(case, certificates_after=shown, services_after_unnamed_for=unnamed_for)
        return Taken(case, True, step, remarks)
    case = replace(case, certificates=shown, not_there=(), services_unnamed_for=unnamed_for)
    return Taken(case, True, step, remarks)


def _take_survey(case: Case, step: StepId, text: Text) -> Taken:
    """Connectors, log folders and every server's certificates at once; at the proof only what that step proves."""
    survey = readers.read_survey(text)
    remarks = (
        *(_no_answer(each) for each in survey.unreachable),
        *reading_remarks(text.mended + survey.mended, survey.unread),
    )
    if not survey.connectors and not survey.certificates:
        nothing = block(
            "No part of this survey could be read whole. Run its line again and copy all of it.", id="no-survey"
        )
        return Taken(case, False, step, (nothing, *remarks))
    if step is StepId.RESTORE:
        taken = _with_connectors(case, step, Reading(survey.connectors))
    elif step is StepId.VERIFY:
        taken = _verified_by_survey(case, step, survey)
    else:
        taken = _with_connectors(case, StepId.CONNECTOR, Reading(survey.connectors))
        in_part = set() if survey.whole else {each.server for each in survey.certificates}
        known = replace(
            taken.case,
            log_folders=survey.log_folders or taken.case.log_folders,
            frontend_folders=survey.frontend_folders or taken.case.frontend_folders,
        )
        taken = replace(taken, case=surveying(known, survey.certificates, in_part), accepted=True)
    return replace(taken, at=step, said=(*taken.said, *remarks))


def _verified_by_survey(case: Case, step: StepId, survey: Survey) -> Taken:
    """What a survey proves of the server that the case is at, and of no other."""
    at = here(case)
    if several(case) and not at:
        ask = block(
            f"Say first which server you work on: at the step '{words(StepId.SERVERS).title}'.", id="which-server"
        )
        return Taken(case, False, step, (ask,))
    own = tuple(each for each in survey.certificates if host(each.server) == host(at or each.server))
    if not own:
        silent = block(f"This survey shows no certificate of {at}. Run the command of this step there.", id="no-server")
        return Taken(case, False, step, (silent,))
    return _with_certificates(case, step, Reading(own))


def _of_another_server(case: Case, names: Iterable[str]) -> Finding | None:
    """A word where an output names other servers than the one the case is at, so that it proves nothing of that."""
    hosts = {host(name): name for name in names if name}
    at = here(case)
    if not several(case) or not at or not hosts or host(at) in hosts:
        return None
    named = ", ".join(sorted(hosts.values()))
    return block(
        f"This is the output of {named}, and the case is at {at} now. Run the command shown here, or go to that server "
        f"at the step '{words(StepId.SERVERS).title}'.",
        id="another-server",
    )


def _no_answer(each: Unreachable) -> Finding:
    return warn(f"{each.server} did not answer everything: {each.error}", each.lines[:1], "no-answer")


def _shown_twice(mine: Certificate) -> Finding:
    where = f" ({mine.server})" if mine.server else ""
    return warn(
        f"This output shows the certificate more than once with different services, as from several servers. The first "
        f"is used{where}. Paste the output of one server at a time.",
        mine.lines[:1],
        "shown-twice",
    )


def _owned(certificates: tuple[Certificate, ...], thumbprint: str) -> tuple[tuple[Certificate, ...], bool]:
    """The certificates, where a single one without thumbprint is taken for the chosen one; and whether it was.

    `Get-ExchangeCertificate X | select-object services`, the article's form, prints no thumbprint.
    """
    if len(certificates) == 1 and certificates[0].thumbprint is None and certificates[0].services is not None:
        return (replace(certificates[0], thumbprint=thumbprint),), True
    return certificates, False


def _other_certificates(case: Case, certificates: tuple[Certificate, ...]) -> Finding:
    """Why an output that does not show the chosen certificate is not used."""
    others = [c.thumbprint for c in certificates if c.thumbprint]
    if not others:
        return block(
            f"This output holds {counted(len(certificates), 'certificate')} but no whole thumbprint, so nobody can "
            "tell whether yours is there. Run the wizard's command: it prints the thumbprint too.",
            id="no-thumbprint",
        )
    what = (
        f"If this is the output of {here(case)}, the certificate is not there: export it with its private key from a "
        "server that has it, and import it. Until then leave this server open."
        if several(case) and here(case)
        else "Run the command on the server that sends the mail."
    )
    return block(
        f"The certificate {case.thumbprint} is not in this output; it shows {len(others)} other"
        f"{'' if len(others) == 1 else 's'}, first {others[0]}. {what}",
        certificates[0].lines[:1],
        "other-certificate",
    )


def _take_prompt(case: Case, step: StepId, text: Text) -> Taken:
    reading = readers.read_prompts(text)
    if not reading.facts:
        nothing = block(
            "The question could not be read. Paste it from 'Confirm' to the end. The answer is N all the same.",
            id="no-prompt",
        )
        return Taken(case, False, step, (nothing, *reading_remarks(text.mended + reading.mended, reading.unread)))
    # A question that was shown was asked: an earlier "it did not ask" no longer holds.
    answer = None if case.prompt_answer is PromptAnswer.NOT_ASKED else case.prompt_answer
    if given := _ANSWERED.search(text.whole):
        answer = PromptAnswer.YES if given[1].upper() in "YA" else PromptAnswer.NO
    remarks = reading_remarks(text.mended + reading.mended, reading.unread)
    asked = reading.facts[-1]
    if kept := _kept_for_the_undo(case, asked):
        return Taken(case, True, step, (kept, *remarks))
    return Taken(replace(case, prompt=asked, prompt_answer=answer), True, step, remarks)


def _question_by_shape(case: Case, step: StepId, text: Text, asked: OverwritePrompt) -> Taken:
    """What becomes of the question in another language than English, of which only the shape is known.

    It is used at the steps that ask for it, where our certificate is the one that would come in.
    """
    language = (
        "This has the shape of the question about the default SMTP certificate, in another language than English. "
        "Answer with the letter that means No (in English N): Enter alone means Yes."
    )
    if step not in PLACES[Kind.PROMPT] or asked.replacement != case.thumbprint:
        unsure = "Which certificate it would replace by which cannot be told for certain, so it is not used."
        return Taken(case, False, step, (warn(f"{language} {unsure}", text.lines[:1], "question-by-shape"),))
    if kept := _kept_for_the_undo(case, asked):
        return Taken(case, True, step, (kept,))
    read = info(f"{language} Its first certificate is taken for the default one.", asked.lines, "question-by-shape")
    return Taken(replace(case, prompt=asked), True, step, (read,))


_ANSWERED = re.compile(r"\(default is \"Y\"\)\s*:\s*([YANL])\s*$", re.IGNORECASE | re.MULTILINE)
"""The letter behind the question, in a paste that was copied after it was answered."""


def _kept_for_the_undo(case: Case, asked: OverwritePrompt) -> Finding | None:
    """Why a further question does not take the place of the first, whose default certificate an undo needs."""
    before = case.prompt.current if case.prompt else None
    if not before or before == case.thumbprint:
        return None
    if asked.replacement == before:
        return good(
            "This is the question of the undo: it makes the earlier default certificate the default again. "
            "Answer Y to this one.",
            asked.lines,
            "undo-question",
        )
    if asked.current != before and (asked.current == case.thumbprint or case.prompt_answer is PromptAnswer.YES):
        return info(
            f"Another question. The default certificate of the first one ({before}) is kept for the undo. Answer N.",
            asked.lines,
            "first-question-kept",
        )
    return None


_TAKERS: dict[Kind, Taker] = {
    Kind.QUEUES: _take_queues,
    Kind.CONNECTORS: _take_connectors,
    Kind.LOG_FOLDERS: _take_log_folders,
    Kind.SEND_LOG: _take_send_log,
    Kind.CERTIFICATES: _take_certificates,
    Kind.PROMPT: _take_prompt,
    Kind.SURVEY: _take_survey,
}
