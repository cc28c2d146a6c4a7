"""Reads queues from Get-Queue's output, or from a LastError alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from wizard.facts import Asked, Line, Queue, Reading
from wizard.reading.listing import read_listing
from wizard.reading.records import Notes, Record, Value
from wizard.reading.text import ELLIPSES, Text, fold, is_command

PROPERTIES = frozenset({"lasterror", "nexthopdomain", "messagecount", "deliverytype", "nexthopconnector"})
"""The properties that make a record a queue."""

TRACKING = frozenset({"recipientstatus", "internalmessageid", "sourcecontext", "originalclientip", "totalbytes"})
"""The properties that make a record one of message tracking."""

_KEY = re.compile(r"\{\s*(L\s*E\s*D|M\s*S\s*G|F\s*Q\s*D\s*N|I\s*P|L\s*R\s*T)\s*=")

_MEMBER_END = re.compile(r"\s*\}\s*;?\s*(?:\]|\{[A-Z]{0,4})?\s*$")

_BARE = re.compile(
    r"\s*(?:LastError\s*[:=]\s*)?(?:\[\s*\{\s*(?:LED|MSG|FQDN|IP|LRT)\s*="
    r"|['\"\u201c\u201d]?[245]\d\d[ -]+#?[245]\.\d{1,3}\.\d{1,3}\b)",
    re.IGNORECASE,
)

_CODE = r"[45]\d\d[ -]+#?[45]\.\d{1,3}\.\d{1,3}\b"

_FRAME = "[\\s\"'\u201c\u201d\u201e\u2018\u2019\u00ab(\\[{<]*"

_HEAD = re.compile(
    r"(?:last\s?error|error|fehler|erreur|errore|reason|grund|status|led|recipientstatus|response|returned"
    r"|responded with|diagnostic[- ]code|sourcecontext|details?|smtp|-{1,2}>|=>|\u2192|#[45]\.\d{1,3}\.\d{1,3})"
    rf"\s*[:=;]?{_FRAME}(?:(?:smtp|dns|rfc822)\s*;\s*{_FRAME})?(?:{_CODE}|\[?\s*\{{\s*LED\s*=)",
    re.IGNORECASE,
)

_ANY_CODE = re.compile(_CODE)

_MOST_BEFORE = 160
"""The most characters before the queue's words on their line."""

_END_OF_A_NOTICE = re.compile(r"\s*>?\s*#SMTP#.*$", re.DOTALL)

_PAIRS = (
    ('"', '"'),
    ("\u201c", "\u201d"),
    ("'", "'"),
    ("\u201e", "\u201c"),
    ("<", ">"),
    ("(", ")"),
    ("{", "}"),
    ("[", "]"),
)

_LABEL = re.compile(r"\s*LastError\s*[:=]\s*", re.IGNORECASE)

_HEADS = frozenset(
    {
        "error",
        "reason",
        "status",
        "led",
        "response",
        "lasterror",
        "diagnosticcode",
        "errormessage",
        "details",
        "message",
    }
)
"""Names under which a list may print the queue's words; the value must then hold a code."""

_PHRASES = (
    "Primary target IP address responded with",
    "Target host responded with error",
    "Error communicating with target host",
    "Connection timed out",
    "Unable to connect",
    "Connection dropped due to",
    "Attempted failover to alternate host",
    "delivery failed to all alternate hosts",
    "DNS query failed",
    "TlsCertificateName of the SendConnector could not be found",
    "Certificate validation failure",
    "Failed to establish appropriate TLS channel",
    "STARTTLS is required",
    "Temporary authentication failure",
    "Cannot achieve Exchange Server authentication",
    "Proxy session setup failed on Frontend",
    "Cannot connect to remote server",
)
"""Exchange's own wordings: of two ways to join a wrap, the one with more of them is right."""


def read_queues(text: Text) -> Reading[Queue]:
    """The queues in a text, in every form of Get-Queue's output, and bare LastErrors."""
    listing = read_listing(text)
    notes = Notes()
    facts = list(queues_of(listing.records, notes))
    taken = {line.number for record in listing.records for line in record.lines}
    facts += _bare([line for line in text.lines if line.number not in taken], notes)
    facts.sort(key=lambda queue: queue.lines[0].number if queue.lines else 0)
    if facts:
        read = {line.number for queue in facts for line in queue.lines}
        notes.unread[:0] = [each for each in listing.unread if each.line not in read]
    elif listing.records:
        notes.leave(listing.records[0].lines, "what is listed here has no property of a queue")
    else:
        notes.leave(text.lines, "there is no queue and no LastError here")
    return Reading(tuple(facts), unread=tuple(notes.unread))


def queues_of(records: Iterable[Record], notes: Notes, _asked: Asked | None = None) -> tuple[Queue, ...]:
    """The queues among the records."""
    facts: list[Queue] = []
    for record in records:
        if record.has_any(PROPERTIES):
            facts.append(_queue(record, notes))
        elif record.has_any(TRACKING):
            facts += _tracked(record, notes)
        else:
            facts += _named(record)
    return tuple(facts)


def _tracked(record: Record, notes: Notes) -> Iterator[Queue]:
    """The failed or delayed deliveries of message tracking."""
    for name in ("RecipientStatus", "SourceContext"):
        value = record.get(name)
        written = _framed(_joined(value)) if value else ""
        if not written:
            continue
        if value and value.cut and not value.text.endswith("}"):
            notes.leave(record.lines, f"{name} is cut; print it with Format-List")
        core, members = read_last_error(written)
        yield Queue(
            last_error=core,
            as_written=value.text if value else "",
            remote_host=members.get("FQDN", ""),
            remote_address=members.get("IP", ""),
            lines=record.lines,
            connector=record.text("ConnectorId"),
            source="tracking",
        )
        return
    notes.leave(record.lines, "message tracking shows no error here: bring its rows with EventId DEFER or FAIL")


def _named(record: Record) -> Iterator[Queue]:
    """The queue's words behind a list's label, such as `Reason`."""
    for name, value in record.items():
        if name in _HEADS and (written := _framed(_joined(value))):
            core, members = read_last_error(written)
            yield Queue(
                last_error=core,
                as_written=value.text,
                remote_host=members.get("FQDN", ""),
                remote_address=members.get("IP", ""),
                lines=value.lines or record.lines,
                source="words",
            )
            return


def _framed(text: str) -> str:
    """The queue's words in a text without their frame; empty without any."""
    folded = " ".join(text.split())
    if wrapped := _KEY.search(folded):
        return folded[wrapped.start() :]
    codes = list(_ANY_CODE.finditer(folded))
    if not codes:
        return ""
    ends = [*(code.start() for code in codes[1:]), len(folded)]
    known = (code for code, end in zip(codes, ends, strict=True) if _wordings(folded[code.end() : end]))
    begins = next(known, codes[0]).start()
    return _without_frame(_END_OF_A_NOTICE.sub("", folded[begins:]))


def _without_frame(text: str) -> str:
    """Remove closing quotation marks and brackets whose opening stood before the words."""
    left = text.strip()
    while left:
        opened = next((begin for begin, end in _PAIRS if left.endswith(end) and _is_left_over(left, begin, end)), None)
        if opened is None:
            break
        left = left[:-1].rstrip()
    return left


def _is_left_over(text: str, begin: str, end: str) -> bool:
    """True if the last character closes nothing that the text opens."""
    return text.count(end) % 2 == 1 if begin == end else text.count(end) > text.count(begin)


def _queue(record: Record, notes: Notes) -> Queue:
    """One queue; a value cut by a table is dropped, except LastError, which is useful in part."""
    error = record.get("LastError")
    if error and error.cut:
        notes.leave(record.lines, "LastError is cut; print it with Format-List")
    core, members = read_last_error(_joined(error) if error else "")
    return Queue(
        last_error=core,
        as_written=error.text if error else "",
        identity=_whole(record, "Identity", notes),
        status=_whole(record, "Status", notes),
        message_count=_count(record.text("MessageCount")),
        next_hop=_whole(record, "NextHopDomain", notes),
        remote_host=members.get("FQDN", ""),
        remote_address=members.get("IP", ""),
        lines=record.lines,
        source="queue",
    )


def read_last_error(written: str) -> tuple[str, dict[str, str]]:
    """The core of a LastError and the wrapper's members by key; a text without wrapper is its own core.

    A member reaches to the next key, so braces and semicolons inside it do no harm. Without LED the core is MSG. White
    space becomes one blank; a host and an address have none.
    """
    text = " ".join(written.split())
    found = list(_KEY.finditer(text))
    if not found:
        return text.strip("\u2026 "), {}
    ends = [key.start() for key in found[1:]] + [len(text)]
    members: dict[str, str] = {}
    for key, end in zip(found, ends, strict=True):
        value = _MEMBER_END.sub("", text[key.end() : end].strip(" ;"))
        name = "".join(key[1].split()).upper()
        if name in {"FQDN", "IP"}:
            value = "".join(value.split())
            value = "" if value.endswith(ELLIPSES) else value
        members.setdefault(name, value.strip())
    return (members.get("LED") or members.get("MSG", "")).strip("\u2026 "), members


def _joined(value: Value) -> str:
    """Join the lines of the value in the way that gives more of Exchange's own wordings."""
    return value.text if value.sure or _wordings(value.text) >= _wordings(value.spaced) else value.spaced


def _wordings(text: str) -> int:
    return sum(phrase in text for phrase in _PHRASES)


def _whole(record: Record, name: str, notes: Notes) -> str:
    value = record.get(name)
    if value and value.cut:
        notes.leave(record.lines, f"{name} is cut here; print it with Format-List")
        return ""
    return value.text if value else ""


def _count(written: str) -> int | None:
    """The number of messages, with or without the culture's separators; None if it is no number."""
    digits = "".join(character for character in written if character not in " .,'\u00a0\u202f\u2019")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def _bare(lines: list[Line], notes: Notes) -> Iterator[Queue]:
    """Queues pasted as a bare LastError, each beginning on its own line."""
    paragraph: list[Line] = []
    for line in (*lines, None):
        begins = line is not None and _begins(line.text, inside=bool(paragraph))
        ends = line is None or not line.text.strip() or is_command(line.text)
        if paragraph and (begins or ends or (line and line.number != paragraph[-1].number + 1)):
            yield _from_paragraph(paragraph, notes)
            paragraph = []
        if line is not None and (begins or (paragraph and not ends)):
            paragraph.append(line)


_LABELLED = re.compile(r"(?i)\W{0,4}(?:last\s?error|error|fehler|reason|status|led|recipientstatus)\s*[:=]")


def _begins(text: str, *, inside: bool) -> bool:
    """True if the queue's words begin on this line: at its start, behind a head, or in Exchange's own wording."""
    if _BARE.match(text[:400]):
        return True
    if inside and not _LABELLED.match(text):
        return False
    head = text[: _MOST_BEFORE + 40]
    if _HEAD.search(head):
        return True
    found = _ANY_CODE.search(head)
    return found is not None and _wordings(text[found.end() : found.end() + _MOST_BEFORE]) > 0


def _words(text: str) -> str:
    """The queue's words without the text before them on their line."""
    if _BARE.match(text):
        return _LABEL.sub("", text, count=1)
    return _framed(text) or text


def _from_paragraph(lines: list[Line], notes: Notes) -> Queue:
    written = _words(fold(lines).text)
    if written.endswith(ELLIPSES):
        notes.leave(lines, "LastError is cut; print it with Format-List")
    plain = _words("".join(line.text for line in lines))
    chosen = plain if _wordings(plain) > _wordings(written) else written
    core, members = read_last_error(chosen)
    return Queue(
        last_error=core,
        as_written=chosen,
        remote_host=members.get("FQDN", ""),
        remote_address=members.get("IP", ""),
        lines=tuple(lines),
        source="words",
    )
