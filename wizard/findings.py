"""The findings of a step about the evidence: plain sentences, each with its lines and its source."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wizard.facts import CmdletError, CmdletErrorKind, Line, Mended, Unread


class Level(enum.Enum):
    """The weight of a finding; the value is the word shown before it, so colour is never needed."""

    GOOD = "OK"
    INFO = "Note"
    WARN = "Warning"
    BLOCK = "Stop"


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence about the evidence. `lines` are its origin; `source` is the document behind it."""

    level: Level
    text: str
    id: str = ""
    source: str = ""
    lines: tuple[Line, ...] = ()


def good(text: str, lines: tuple[Line, ...] = (), id: str = "", source: str = "") -> Finding:
    """A fact that fits, or is proven."""
    return Finding(Level.GOOD, text, id, source, lines)


def info(text: str, lines: tuple[Line, ...] = (), id: str = "", source: str = "") -> Finding:
    """A useful fact that changes nothing."""
    return Finding(Level.INFO, text, id, source, lines)


def warn(text: str, lines: tuple[Line, ...] = (), id: str = "", source: str = "") -> Finding:
    """A doubt to consider before going on."""
    return Finding(Level.WARN, text, id, source, lines)


def block(text: str, lines: tuple[Line, ...] = (), id: str = "", source: str = "") -> Finding:
    """An objection to going on; the sentence gives the alternative."""
    return Finding(Level.BLOCK, text, id, source, lines)


def counted(number: int, noun: str) -> str:
    """A number with its noun in the singular or the plural: `1 session`, `2,000 sessions`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def minute(time: str) -> str:
    """A log's time to the minute: `2026-11-22 02:14`."""
    return time[:16].replace("T", " ")


def listed(names: Sequence[str]) -> str:
    """Names as a sentence has them: `EX01`, `EX01 and EX02`, `EX01, EX02 and EX03`."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def size(number: int) -> str:
    """Bytes in few words, in the powers of ten that file managers and disks use: `900 KB`, `1.2 GB`."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if number >= factor:
            return f"{number / factor:,.1f} {unit}" if number < 10 * factor else f"{number / factor:,.0f} {unit}"
    return counted(number, "byte")


LONGEST_SHOWN = 200

MOST_LINES = 400
"""The most lines of evidence shown at once for a finding or a session; the rest is counted."""

MOST_KINDS = 60
"""The most kinds of failures listed; the rest is counted, and the list of all has their sessions."""


def shortened(text: str) -> str:
    """A line to look at, not to copy: the row of a certificate is longer than any screen; the file has it whole."""
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]} ..."


SHOWN = 3
"""Mended and unread places named one by one; the rest is counted."""


def reading_remarks(mended: tuple[Mended, ...], unread: tuple[Unread, ...]) -> tuple[Finding, ...]:
    """Findings about repairs and unread parts; repetitions are joined."""
    remarks: list[Finding] = []
    if mended:
        named, more = _grouped([(m.what, f"{m.source}, line {m.line:,}") for m in mended])
        rest = f"; and {more:,} more" if more else ""
        remarks.append(info(f"Mended without guessing: {'; '.join(named)}{rest}.", id="mended"))
    if unread:
        named, more = _grouped([(u.why.rstrip("."), u.place) for u in unread])
        rest = f" And {more:,} more." if more else ""
        remarks.append(warn(f"Not read: {' '.join(f'{each}.' for each in named)}{rest}", id="unread"))
    return tuple(remarks)


def _grouped(told: list[tuple[str, str]]) -> tuple[list[str], int]:
    """Each remark once with its first place, and the number of the remarks left out."""
    at: dict[str, list[str]] = {}
    for what, place in told:
        at.setdefault(what, []).append(place)
    named = []
    for what, places in list(at.items())[:SHOWN]:
        known = [place for place in dict.fromkeys(places) if place and place not in what]
        more = f" and {len(known) - SHOWN:,} more" if len(known) > SHOWN else ""
        named.append(f"{'; '.join(known[:SHOWN])}{more}: {what}" if known else what)
    return named, sum(len(places) for places in list(at.values())[SHOWN:])


def places(lines: tuple[Line, ...]) -> str:
    """The places of lines, in few words: `paste, lines 3 to 8`."""
    first, last = lines[0], lines[-1]
    if len(lines) == 1 or first.number == last.number:
        return f"read from {first.place}"
    if first.source == last.source:
        return f"read from {first.source}, lines {first.number:,} to {last.number:,}"
    return f"read from {first.place} to {last.place}"


_SHOWN = 160
"""Characters of an unknown error that are repeated; the whole of it stands in the evidence."""

_MEANINGS = {
    CmdletErrorKind.NOT_FOUND: "Exchange did not find a certificate with this thumbprint on the server. Run it "
    "on the server that sends the mail; compare the thumbprint digit by digit with the log.",
    CmdletErrorKind.PRIVATE_KEY_MISSING: "The certificate has no private key on this server. That is KB 4495258: "
    "import it again with its key (a PFX file).",
    CmdletErrorKind.NOT_VALID: "Exchange found the certificate but does not accept it; the reason stands in the error.",
    CmdletErrorKind.KEY_ACCESS: "Exchange could not give the Transport service access to the private key. Import the "
    "certificate again with its key (a PFX file), then repeat the command.",
    CmdletErrorKind.RECEIVE_CONNECTOR_NAME: "Reported cause of this error: a Receive connector whose FQDN contains an "
    "underscore. Correct that FQDN, then repeat the command.",
    CmdletErrorKind.IN_USE_BY_CONNECTOR: "The certificate is in use by a Send connector; that is about removing it, "
    "and nothing in this article removes a certificate.",
    CmdletErrorKind.COMMAND_NOT_KNOWN: "This shell does not know Exchange's commands. Open the Exchange Management "
    "Shell on the server (not the plain PowerShell) and run the command there.",
    CmdletErrorKind.OLDER_SHELL: "This shell is older than the command, as Exchange 2010's is. Run the step's other "
    "command if it has one. Where Exchange 2010 sends the mail, choose it at the step 'Turn the protocol log on': the "
    "commands are written for its shell then. If it does not know Get-Queue either, it is the plain PowerShell: open "
    "the Exchange Management Shell.",
    CmdletErrorKind.KEY_NOT_ACCESSIBLE: "The certificate is there, but the server cannot open its private key. Import "
    "the certificate again with its key (a PFX file), or join the two again with certutil -repairstore.",
    CmdletErrorKind.SERVICE: "One of the services in the command cannot take this certificate. Choose the smallest "
    "form, which names SMTP alone.",
    CmdletErrorKind.TWIN_WITHOUT_SMTP: "A certificate with issuer and subject of the connector's TlsCertificateName "
    "has no SMTP on this server. Bind it first, then set the connector.",
    CmdletErrorKind.DEFAULT_IN_USE: "This is the default SMTP certificate of the server, which cannot be removed. Read "
    "which certificate is the default, and choose another first.",
    CmdletErrorKind.ALREADY: "A certificate with this thumbprint is in the server's store already, with its private "
    "key or without it. Read whether it has one before you import it again.",
    CmdletErrorKind.PATH_NOT_FOUND: "The folder or file in the command is not there on the server where it "
    "ran, so nothing was read. Each server says where its log lies: run the command that shows SendProtocolLogPath, at "
    "the step 'Turn the protocol log on', and read the folder that it names.",
    CmdletErrorKind.WRAPPED: "A script ran the command, and Exchange's own words are not in what it printed. Run the "
    "command in the Exchange Management Shell to see why it failed.",
}


def error_finding(error: CmdletError) -> Finding:
    """The meaning of a cmdlet's error and its cure; an unknown error is repeated unchanged."""
    says = _MEANINGS.get(error.kind)
    if says is None:
        text = " ".join(error.text.split())
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        says = f"Exchange answered with an error the wizard does not know, so nothing was read: {shown}"
    return block(says, error.lines[:2], f"error-{error.kind.value}")


NO_SERVICES = (
    "The certificate is there, but the output has no Services (a remote shell can leave them out). "
    "Run the command in the Exchange Management Shell on the server itself."
)
"""Health Checker documentation."""


def others_rows(connectors: Iterable[str], meant: str) -> str:
    """A log that holds other connectors' sessions only."""
    return f"These rows belong to {', '.join(connectors)}, not to {meant}."


def others_failures(connectors: Iterable[str], meant: str) -> str:
    """A log in which other connectors fail, and not the one that is meant."""
    names = ", ".join(dict.fromkeys(connectors))
    return (
        f"None of the failures belongs to {meant}. They belong to: {names}. If that is the connector "
        "you mean, choose it instead; if not, read newer rows once mail was tried again."
    )


def article_elsewhere(connectors: Iterable[str], where: str = "") -> str:
    """The article's fault on other connectors than the chosen one; `where` tells where to choose."""
    names = ", ".join(dict.fromkeys(connectors))
    return (
        f"The fault of this article is in these rows too, but on another connector: {names}. If that is the one whose "
        f"mail is stuck, choose it instead{where}."
    )
