"""A Send connector's name, typed or pasted alone."""

from __future__ import annotations

from wizard.case import Case, StepId
from wizard.connectornames import same_name
from wizard.findings import Finding, block, info, warn
from wizard.powershell import UnsafeNameError, literal
from wizard.reading.kind import Kind
from wizard.reading.text import Text
from wizard.servers import for_connector
from wizard.taking.taken import Taken


def name_connector(case: Case, name: str) -> Taken:
    """The case with the connector named by hand; a name no command may carry is refused with its reason."""
    return named(case.typing(StepId.CONNECTOR, name), name)


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


def named(case: Case, written: str) -> Taken:
    """The case with this name for its connector, or why it cannot be."""
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


def is_name(text: Text, kind: Kind, step: StepId) -> bool:
    """Whether a lone word given for the connector is its name: `SMTP` reads like an answer of services too."""
    lines = [line for line in text.lines if line.text.strip()]
    return step is StepId.CONNECTOR and kind is Kind.CERTIFICATES and len(lines) == 1 and len(lines[0].text) < 40


def _as_exchange_writes(case: Case, name: str) -> str:
    """The name in the spelling of the output, when the output has it: commands show what Exchange shows."""
    return next((c.name for c in case.connectors if same_name(c.name, name)), name)
