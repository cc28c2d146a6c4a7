"""The step of the Send connector: from Exchange's output, or by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.case.case import Case, StepId
from wizard.case.servers import for_connector, surveying
from wizard.facts import ExchangeVersion, LoggingLevel, Reading, SendConnector, completed, same_name
from wizard.findings import Finding, block, good, info, reading_remarks, warn
from wizard.powershell import lines as write
from wizard.powershell.command import Command
from wizard.powershell.literal import UnsafeNameError, literal
from wizard.reading.text import Kind, Text
from wizard.steps.parts import Choice, Step, Taken, remarks, version_of

if TYPE_CHECKING:
    from wizard.reading.survey import Survey, Unreachable


def connector(case: Case) -> tuple[Finding, ...]:
    """The known facts of the chosen connector."""
    usable = {id(each) for each in case.usable_connectors}
    found = [
        warn(
            f"The name {cut.name} is cut or broken over lines, so it is not offered. Run the wizard's command, "
            "which prints names whole, in a wider window.",
            cut.lines[:1],
            "name-cut",
        )
        for cut in case.connectors
        if cut.name_cut
    ]
    found += [
        warn(
            f"The name {other.name!r} has a character no command may carry, and its Guid is not in the output, so it "
            "is not offered.",
            other.lines[:1],
            "name-unsafe",
        )
        for other in case.connectors
        if id(other) not in usable and not other.name_cut
    ]
    if not case.connector:
        return tuple(found)
    chosen = case.send_connector
    if chosen is None:
        # A name that the output lacks is a doubt, shown when it is entered.
        tell = info if case.connectors else good
        found.append(tell(f"Send connector: {case.connector}."))
        found.append(
            info(
                "Only the name is known. With the command's output the wizard would also know its logging level, "
                "so that it can be put back, and the servers it sends from."
            )
        )
        return tuple(found)
    level = chosen.logging_level.value if chosen.logging_level else "not shown"
    found.append(good(f"Send connector: {chosen.name}. Its logging level before: {level}.", chosen.lines))
    if (stuck := stuck_on(case)) and not same_name(stuck, chosen.name):
        found.append(
            warn(f"The stuck queue goes out by {stuck}, as its next hop shows. Choose that one.", id="not-stuck")
        )
    found.extend(_unusual(chosen))
    return tuple(found)


def _unusual(chosen: SendConnector) -> Iterator[Finding]:
    """Notable settings: the connector's servers, and what most connectors do not have."""
    if chosen.enabled is False:
        yield warn("This connector is disabled (Enabled is False): mail does not leave through it.", chosen.lines)
    if chosen.source_servers:
        yield info(f"It sends from: {', '.join(chosen.source_servers)}.", chosen.lines)
    if chosen.source_servers_cut:
        yield warn("The list of its servers is cut: there are more.", chosen.lines)
    if chosen.frontend_proxy:
        yield info("It sends through the Front End Transport service: the FrontEnd log is the one to read.")
    if chosen.cloud_services:
        yield info(
            "It is a hybrid connector (CloudServicesMailEnabled): every Mailbox server and every Edge that sends "
            "through it needs a certificate with the same issuer and subject.",
            chosen.lines,
            "hybrid",
            "Certificate requirements for hybrid deployments",
        )
    if chosen.ignore_starttls:
        yield warn(
            "IgnoreSTARTTLS is True: this connector does not use STARTTLS at all. Is it the right one?",
            chosen.lines,
        )


def _commands(case: Case) -> tuple[Command, ...]:
    if version_of(case) is ExchangeVersion.E2010:
        return (write.read_connectors(), write.survey_list(edge=case.edge))
    return (write.read_connectors(), write.survey(edge=case.edge))


def choose_connector(case: Case, key: str) -> Case:
    """Choose this Send connector."""
    return for_connector(case, key)


def connector_choices(case: Case) -> tuple[Choice, ...]:
    """The connectors a command can address, each with what distinguishes it."""
    return tuple(
        Choice(
            connector.name,
            connector.name,
            ", ".join(
                part
                for part in (
                    "the stuck queue likely uses it" if connector.name == stuck_on(case) else "",
                    f"to {' '.join(connector.address_spaces)}" if connector.address_spaces else "",
                    f"via {' '.join(connector.smart_hosts)}" if connector.smart_hosts else "",
                    "disabled" if connector.enabled is False else "",
                )
                if part
            ),
            chosen=connector.name == case.connector,
        )
        for connector in sorted(case.usable_connectors, key=lambda each: each.name != stuck_on(case))
    )


def stuck_on(case: Case) -> str:
    """The connector that the stuck queues go to, by smart host or address space; empty if not exactly one does.

    The longest address space decides between connectors, as in Exchange; the cost does not.
    """
    hops = {queue.next_hop.casefold() for queue in case.queues if queue.next_hop and queue.last_error}
    if len(hops) != 1:
        return ""
    (hop,) = hops
    fits = {each.name: _leads(each, hop) for each in case.usable_connectors if each.enabled is not False}
    best = [name for name, fit in fits.items() if fit and fit == max(fits.values())]
    return best[0] if len(best) == 1 else ""


_A_SMART_HOST = 1_000
"""The fit of a smart host's own name, above that of any address space."""


def _leads(connector: SendConnector, hop: str) -> int:
    """How closely a connector fits a queue's next hop; 0 if it does not."""
    if any(hop == host.casefold().strip("[]") for host in connector.smart_hosts):
        return _A_SMART_HOST
    if connector.smart_hosts:
        return 0
    fits = [0]
    for space in connector.address_spaces:
        pattern = space.casefold().removeprefix("smtp:").partition(";")[0]
        if pattern in {"*", hop} or (pattern.startswith("*.") and f".{hop}".endswith(pattern[1:])):
            fits.append(len(pattern))
    return max(fits)


def no_connector(case: Case, step: StepId, reading: Reading[SendConnector]) -> Taken | None:
    """Refuse an output without a readable connector; None if it has one."""
    if reading.facts:
        return None
    said = "No Send connector could be read from this output. Paste it whole, from its top."
    return Taken(case, False, step, (block(said, id="no-connector"), *remarks(reading)))


def _put(case: Case, connectors: tuple[SendConnector, ...]) -> Case:
    """Store Send connectors read before the change."""
    return replace(case, connectors=connectors)


def _take(case: Case, reading: Reading[SendConnector]) -> Taken:
    if nothing := no_connector(case, StepId.CONNECTOR, reading):
        return nothing
    said = remarks(reading)
    shown = tuple(_completed(case, connector) for connector in reading.facts)
    connectors = tuple(_as_before(case, connector) for connector in shown)
    if connectors != shown:
        said = (_verbose_since(case), *said)
    case = _put(case, connectors)
    usable = case.usable_connectors
    if not any(same_name(c.name, case.connector) for c in usable):
        if case.connector:
            gone = f"{case.connector} is not in this output: choose the connector again."
            said = (info(gone, id="connector-not-shown"), *said)
        case = replace(case, connector=usable[0].name if len(usable) == 1 else "")
    return Taken(for_connector(case, case.connector) if case.connector else case, True, StepId.CONNECTOR, said)


def part_of_survey(case: Case, step: StepId, survey: Survey, take: Callable[[Case, Survey], Taken]) -> Taken:
    """The result of a survey of which `take` uses a part; always reports what the survey lacks."""
    said = (*(_no_answer(each) for each in survey.unreachable), *remarks(survey))
    if not survey.connectors and not survey.certificates:
        nothing = block(
            "No part of this survey could be read whole. Run its line again and copy all of it.", id="no-survey"
        )
        return Taken(case, False, step, (nothing, *said))
    taken = take(case, survey)
    return replace(taken, at=step, said=(*taken.said, *said))


def _no_answer(each: Unreachable) -> Finding:
    return warn(f"{each.server} did not answer everything: {each.error}", each.lines[:1], "no-answer")


def take_survey(case: Case, step: StepId, survey: Survey) -> Taken:
    """Store connectors, log folders and every server's certificates at once."""
    return part_of_survey(case, step, survey, _surveyed)


def _surveyed(case: Case, survey: Survey) -> Taken:
    taken = _take(case, Reading(survey.connectors))
    in_part = set() if survey.whole else {each.server for each in survey.certificates}
    known = replace(
        taken.case,
        log_folders=survey.log_folders or taken.case.log_folders,
        frontend_folders=survey.frontend_folders or taken.case.frontend_folders,
    )
    said = (*taken.said, *_also_read(survey))
    return replace(taken, case=surveying(known, survey.certificates, in_part), accepted=True, said=said)


def _also_read(survey: Survey) -> Iterator[Finding]:
    """What the survey answers besides the connectors."""
    folders = dict.fromkeys(each.server for each in (*survey.log_folders, *survey.frontend_folders) if each.server)
    servers = dict.fromkeys(each.server for each in survey.certificates if each.server)
    parts = [
        f"{what} of {', '.join(names)}" for what, names in (("log folder", folders), ("certificates", servers)) if names
    ]
    if parts:
        later = "They are there already at the steps that ask for them."
        yield info(f"Also read: {'; '.join(parts)}. {later}", id="also-read")


def _completed(case: Case, connector: SendConnector) -> SendConnector:
    """Keep known values that an output of a few properties leaves out."""
    known = next((each for each in case.connectors if same_name(each.name, connector.name)), None)
    return completed(connector, known) if known else connector


def _as_before(case: Case, connector: SendConnector) -> SendConnector:
    """Keep the level from before this case: Verbose may by now come from this case's own command."""
    names = (case.connector, *case.others_made_verbose)
    if connector.logging_level is not LoggingLevel.VERBOSE or not any(same_name(connector.name, n) for n in names):
        return connector
    known = next((each for each in case.connectors if same_name(each.name, connector.name)), None)
    before = known.logging_level if known else None
    changed = before is LoggingLevel.NONE or (before is None and case.answer(StepId.CONNECTOR).finished)
    return replace(connector, logging_level=before) if changed else connector


def _verbose_since(case: Case) -> Finding:
    level = case.level_before
    before = f"{level.value} is kept as the level before" if level else "the level before counts as not known"
    return info(
        f"{case.connector} is Verbose now, which the command of this case may have done: {before}.",
        id="verbose-since",
    )


def name_connector(case: Case, name: str) -> Taken:
    """Store a typed connector name; a name no command may carry is refused with the reason."""
    return named(case.typing(StepId.CONNECTOR, name), name)


def not_entered(case: Case, name: str) -> Taken | None:
    """The message about a typed name that was never entered when the person goes on.

    A connector chosen from the output stays chosen: a stray key in the field must not drop it. None if the name is to
    be taken, because the output has it or nothing was chosen from one.
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


def named(case: Case, written: str) -> Taken:
    """Store the connector's name, or return the reason for refusing it."""
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
    """Signs that a typed text is not a name."""
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
    """True if a line is too long for a name, ends like a sentence or prompt, or holds a path."""
    return (
        len(name) > LONGEST_NAME
        or len(name.split()) > MOST_WORDS
        or (name.endswith((".", ":", ";", ">", "!", "?")) and not name.endswith(".."))
        or ":\\" in name
    )


LONGEST_NAME, MOST_WORDS = 120, 9
"""Characters and words beyond which a line is hardly a connector's name."""

_QUOTES = "'\"\u2018\u2019\u201c\u201d\u201e"


def _lone_line(case: Case, text: Text, kind: Kind) -> Taken | None:
    """Take a single line as a name, unless it reads like a sentence.

    `SMTP` is a name too, though it reads like a list of services.
    """
    lines = [line for line in text.lines if line.text.strip()]
    like_services = kind is Kind.CERTIFICATES and len(lines) == 1 and len(lines[0].text) < 40
    if len(lines) != 1 or not (kind is Kind.NOTHING or like_services):
        return None
    if is_sentence(lines[0].text.strip()):
        said = (
            "This line is no output that the wizard knows, and it does not read like a connector's name. If it is the "
            "name, type it into the field above and press Enter."
        )
        return Taken(case, False, StepId.CONNECTOR, (warn(said, text.lines[:1], id="not-recognised"),))
    taken = named(case, lines[0].text)
    return replace(taken, said=(*taken.said, *reading_remarks(text.mended, ())))


def _as_exchange_writes(case: Case, name: str) -> str:
    """The name in the spelling of the output, if it has it: commands use Exchange's spelling."""
    return next((c.name for c in case.connectors if same_name(c.name, name)), name)


def _missing(case: Case) -> str:
    if case.connector:
        return ""
    return "Choose the connector first." if case.connectors else "The connector's name is needed to go on."


STEP = Step(
    StepId.CONNECTOR,
    findings=connector,
    missing=_missing,
    commands=_commands,
    takes={
        Kind.CONNECTORS: _take,
        Kind.SURVEY: lambda case, survey: take_survey(case, StepId.CONNECTOR, survey),
    },
    puts={Kind.CONNECTORS: _put},
    unknown=_lone_line,
    choices=connector_choices,
    choose=choose_connector,
    question="Which one does the stuck mail use?",
    name=name_connector,
    sample="connectors.txt",
)
