"""Reads certificates from Get-ExchangeCertificate's output, in every form it is pasted in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from wizard.facts import Asked, Certificate, Line, Mended, Reading, Service
from wizard.reading.listing import read_listing
from wizard.reading.records import SERVICE_LETTERS, SIX_OR_SEVEN, Notes, Record, in_places, is_cut_services
from wizard.reading.text import ELLIPSES, Text, is_command, read_thumbprint

PROPERTIES = frozenset(
    {
        "thumbprint",
        "services",
        "notafter",
        "notbefore",
        "issuer",
        "hasprivatekey",
        "isselfsigned",
        "certificatedomains",
        "rootcatype",
        "serialnumber",
        "subject",
    }
)
"""The properties that make a record a certificate."""

_WORDS = {service.value.casefold(): service for service in Service}

_IN_ORDER = (
    Service.IMAP,
    Service.POP,
    Service.UM,
    Service.IIS,
    Service.SMTP,
    Service.FEDERATION,
    Service.UM_CALL_ROUTER,
)
"""The services in the order of their letters and flags: 1, 2, 4, 8, 16, 32, 64."""

_BY_LETTER = dict(zip(SERVICE_LETTERS, _IN_ORDER, strict=True))

_BITS = {1 << bit: service for bit, service in enumerate(_IN_ORDER)}

_LOOSE_LETTERS = re.compile(rf"[{SERVICE_LETTERS}.]+")

_LETTERS_IN_A_ROW = re.compile(r"[A-Z.\u2026]{1,12}")

_NAME = "|".join([*(service.value for service in Service), "None"])

_WORDS_IN_A_ROW = re.compile(rf"(?i)((?:{_NAME})(?:, ?(?:{_NAME}))*)(?:\s+(.*))?")

_TYPED = ("Services", "Status", "IsSelfSigned", "RootCAType", "CertificateDomains")
"""Properties left blank by a shell without Exchange's types: it rebuilds a certificate from its bytes alone."""

_OF_THE_STORE = frozenset({"psparentpath", "pschildname", "extensions", "enhancedkeyusagelist", "dnsnamelist"})
"""Properties of the certificate store's own objects: HasPrivateKey is that computer's own statement there."""

_ROW = re.compile(r"\s*([0-9A-Fa-f]{40})(?![0-9A-Fa-f])\s*(.*)")

_JSON_DATE = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")

_STORE_CMDLETS = frozenset({"get-childitem", "get-item", "gci", "dir", "ls"})

_CMDLET = "get-exchangecertificate"

_CUT = "the console cut it; ask with Format-List, which wraps instead"


@dataclass(frozen=True, slots=True)
class Services:
    """The services in a Services value; `known` is None without any, or if the value is `cut`."""

    known: frozenset[Service] | None
    unknown: tuple[str, ...] = ()
    cut: bool = False


def read_certificates(text: Text) -> Reading[Certificate]:
    """The certificates in a text: a table, a list, CSV, JSON, CLIXML, bare rows or a bare Services value."""
    listing = read_listing(text)
    notes = Notes()
    facts = certificates_of(listing.records, notes)
    if facts:
        return Reading(facts, tuple(notes.mended), (*listing.unread, *notes.unread))
    facts = tuple(_bare(text))
    if facts:
        return Reading(facts)
    if listing.records:
        notes.leave(listing.records[0].lines, "what is listed here has no property of a certificate")
    elif not listing.unread:
        notes.leave(text.lines[:1], "there is no certificate here")
    return Reading(unread=(*listing.unread, *notes.unread))


def read_services(written: str) -> Services:
    """The services in a value: words, letters in fixed places, or the flag number of a live object.

    A letter counts in its own place only, and only if all six or seven places are there: a column cuts right-aligned
    values at the head, and `...IS` is the end of a list. Letters in other places, and flags from 128 upwards, are
    reported as unknown.
    """
    text = written.strip().strip("{}").strip()
    if not text:
        return Services(None)
    # A trailing comma means that a row was split in the wrong place or a paste ended too early.
    if text.endswith(","):
        return Services(None, cut=True)
    if text.isascii() and text.isdigit() and len(text) < 7:
        return _by_number(int(text))
    compact = "".join(text.split())
    words = [word for word in compact.split(",") if word]
    if all(word.casefold() in _WORDS or word.casefold() == "none" for word in words):
        return Services(frozenset(_WORDS[word.casefold()] for word in words if word.casefold() != "none"))
    if is_cut_services(text) or (text.endswith(ELLIPSES) and not SIX_OR_SEVEN.fullmatch(compact.replace(*ELLIPSES))):
        return Services(None, cut=True)
    if len(words) == 1 and (found := _by_letters(words[0].replace(*ELLIPSES))):
        return found
    known = frozenset(_WORDS[word.casefold()] for word in words if word.casefold() in _WORDS)
    unknown = tuple(word for word in words if word.casefold() not in _WORDS and word.casefold() != "none")
    return Services(known, unknown)


def flags_of(services: Iterable[Service]) -> int:
    """The flag number of services in a live object."""
    return sum(1 << _IN_ORDER.index(service) for service in services)


def _by_number(number: int) -> Services:
    known = frozenset(service for bit, service in _BITS.items() if number & bit)
    return Services(known, tuple(str(1 << bit) for bit in range(len(_BITS), 20) if number >> bit & 1))


def _by_letters(written: str) -> Services | None:
    """The services of `IP.WS..`; None if a place is missing."""
    if SIX_OR_SEVEN.fullmatch(written):
        placed = [(letter, letter == place) for letter, place in zip(written, SERVICE_LETTERS, strict=False)]
        known = frozenset(_BY_LETTER[letter] for letter, right in placed if right)
        return Services(known, tuple(letter for letter, right in placed if letter != "." and not right))
    return Services(None, cut=True) if _LOOSE_LETTERS.fullmatch(written) else None


def certificates_of(records: Iterable[Record], notes: Notes, asked: Asked | None = None) -> tuple[Certificate, ...]:
    """The certificates among the records of one listing, with the command above it if known."""
    mine = [record for record in records if record.has_any(PROPERTIES)]
    facts = tuple(_certificate(record, notes, asked) for record in mine)
    if asked is None:
        return facts
    first = next((record.lines[0] for record in mine if record.lines), None)
    listing = f"{first.source}:{first.number}" if first else ""
    whole = asked.cmdlet == _CMDLET and not asked.thumbprint and not asked.narrow and not any(map(_lacks, facts))
    return tuple(
        replace(fact, asked=asked, server=fact.server or asked.server, listing=listing, whole_list=whole)
        for fact in facts
    )


def _lacks(certificate: Certificate) -> bool:
    """True if a certificate of a listing has no whole thumbprint."""
    return certificate.thumbprint is None


def _certificate(record: Record, notes: Notes, asked: Asked | None) -> Certificate:
    has_private_key = record.flag("HasPrivateKey")
    of_the_store = record.has_any(_OF_THE_STORE) or (asked is not None and asked.cmdlet in _STORE_CMDLETS)
    asked_for_types = record.has_any(_TYPED) or has_private_key is False
    without_types = asked_for_types and not of_the_store and not any(record.text(name) for name in _TYPED)
    if without_types and has_private_key is False:
        # The shell says that of the object it rebuilt: nothing is unread, and nothing is known.
        has_private_key, services = None, Services(None)
    else:
        services = _services(record, notes)
    subject, domains = record.get("Subject"), record.get("CertificateDomains")
    thumbprint, server = _identity(record, notes)
    return Certificate(
        thumbprint=thumbprint,
        services=services.known,
        unknown_services=services.unknown,
        subject=subject.text if subject else "",
        subject_cut=bool(subject and subject.cut),
        issuer=record.text("Issuer"),
        serial=record.whole("SerialNumber"),
        not_before=_date(record.whole("NotBefore")),
        not_after=_date(record.whole("NotAfter")),
        has_private_key=has_private_key,
        self_signed=record.flag("IsSelfSigned"),
        status=record.whole("Status"),
        root_ca_type=record.whole("RootCAType"),
        domains=domains.entries if domains else (),
        domains_cut=bool(domains and domains.cut),
        server=server,
        lines=record.lines,
        services_cut=services.cut,
        issuer_cut=record.cut("Issuer"),
        without_types=without_types,
        friendly=record.whole("FriendlyName"),
    )


def _services(record: Record, notes: Notes) -> Services:
    value = record.get("Services")
    if value is None:
        return Services(None)
    services = Services(None, cut=True) if value.cut else read_services(", ".join(value.items) or value.text)
    if services.known is None:
        why = "Services is empty here, as in some remote shells; ask on the server itself"
        notes.leave(
            record.lines,
            "Services cannot be read whole: cut, or its column was lost; ask with Format-List" if value.text else why,
        )
    return services


def _identity(record: Record, notes: Notes) -> tuple[str | None, str]:
    """The thumbprint, only if whole, and the server that Identity names before it."""
    value = record.get("Thumbprint")
    identity = record.get("Identity")
    server, _, tail = identity.text.rpartition("\\") if identity else ("", "", "")
    from_identity = read_thumbprint("".join(tail.split())).thumbprint if identity and not identity.cut else None
    if value is None:
        return from_identity, server
    reading = read_thumbprint("".join(value.text.split()) if not value.cut else "")
    if reading.thumbprint:
        if reading.stripped:
            what = f"thumbprint: took away {', '.join(reading.stripped)}"
            notes.mended += [Mended(line.source, line.number, what) for line in value.lines[:1]]
        return reading.thumbprint, server
    if from_identity is None:
        why = f"the thumbprint {value.text} is not whole: {_CUT}" if value.cut else reading.why
        notes.leave(value.lines or record.lines, why)
    return from_identity, server


def _date(printed: str) -> str:
    """The date as printed; Windows PowerShell's JSON form, milliseconds since 1970 in UTC, as ISO 8601."""
    found = _JSON_DATE.fullmatch(printed)
    if not found:
        return printed
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(found[1]))
    except OverflowError:
        return printed
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _bare(text: Text) -> Iterator[Certificate]:
    """Certificates of rows without a header, or of an answer of only services."""
    lines = [line for line in text.lines if line.text.strip() and not is_command(line.text)]
    rows = [(line, _ROW.fullmatch(line.text)) for line in lines]
    if any(row for _, row in rows):
        for line, row in rows:
            if row:
                yield _from_row(line, row[1], row[2])
        return
    answers = [(line, line.text.strip().strip("-").strip()) for line in lines]
    answers = [(line, answer) for line, answer in answers if answer and answer.casefold() != "services"]
    if all(_is_answer(answer) for _, answer in answers):
        for line, answer in answers:
            yield Certificate(services=read_services(answer).known, lines=(line,))


def _is_answer(answer: str) -> bool:
    """True if a line is a Services value alone; a single letter or number is not enough."""
    if in_places(answer):
        return True
    words = [word.strip().casefold() for word in answer.split(",")]
    return all(word in _WORDS or word == "none" for word in words)


def _from_row(line: Line, thumbprint: str, rest: str) -> Certificate:
    """A table's row: letters and a subject, or the services in words."""
    if words := _WORDS_IN_A_ROW.fullmatch(rest):
        written, subject = words[1], words[2] or ""
    else:
        written, _, subject = rest.partition(" ")
        if not _LETTERS_IN_A_ROW.fullmatch(written):
            written, subject = "", rest
    subject = subject.strip()
    services = read_services(written)
    return Certificate(
        thumbprint.upper(),
        services.known,
        services.unknown,
        subject=subject,
        subject_cut=subject.endswith(ELLIPSES),
        lines=(line,),
        services_cut=services.cut,
    )
