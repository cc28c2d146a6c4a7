"""Reads Send connectors from Get-SendConnector, and log folders from Get-TransportService."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from wizard.facts import (
    Asked,
    DefaultCertificate,
    Fact,
    Line,
    LogFolder,
    LoggingLevel,
    MailTimeouts,
    Reading,
    SendConnector,
    time_span,
)
from wizard.reading.codepages import DAMAGED
from wizard.reading.listing import read_listing
from wizard.reading.records import Notes, Record, Value
from wizard.reading.text import Text, is_command, read_thumbprint

PROPERTIES = frozenset(
    {
        "addressspaces",
        "protocollogginglevel",
        "sourcetransportservers",
        "tlscertificatename",
        "frontendproxyenabled",
        "smarthosts",
        "cloudservicesmailenabled",
        "dnsroutingenabled",
        "ignorestarttls",
        "tlsdomain",
        "issmtpconnector",
    }
)
"""The properties that make a record a Send connector."""

_RECEIVE = frozenset({"bindings", "remoteipranges", "permissiongroups", "authmechanism"})

_FOREIGN = frozenset(
    {
        "sendprotocollogpath",
        "receiveprotocollogpath",
        "thumbprint",
        "nexthopdomain",
        "deliverytype",
        "messagecount",
        "lasterror",
        "serverrole",
        "edition",
        "transportrole",
        "internaltransportcertificatethumbprint",
        "messageexpirationtimeout",
        "recipientstatus",
        "messageid",
        "hasprivatekey",
    }
)

_DAMAGED = (DAMAGED, "\u00b4\u2510\u00a2", "\u00ef\u00bf\u00bd")
"""A lost letter, as it stands and as two code pages show it."""

_EDGE_SYNC = "edgesync - "
"""The beginning of EdgeSync's connector names: `EdgeSync - Site to Internet`."""

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_LEVELS = {
    "none": LoggingLevel.NONE,
    "0": LoggingLevel.NONE,
    "verbose": LoggingLevel.VERBOSE,
    "1": LoggingLevel.VERBOSE,
}

_PATH = re.compile(r"(?:[A-Za-z]:\\|\\\\[^\\\s]+\\)[^<>|?*\"]+")


def read_connectors(text: Text) -> Reading[SendConnector]:
    """The Send connectors in a text, in every form of Get-SendConnector's output.

    An uncertain name is marked `name_cut`: a table cut it, or a wrap may have lost a blank and neither Identity nor
    Name decides. Commands name such a connector by its Guid.
    """
    listing = read_listing(text)
    notes = Notes(unread=list(listing.unread))
    facts = connectors_of(listing.records, notes)
    if not facts and not notes.unread:
        notes.leave(text.lines, "there is no Send connector here")
    return Reading(facts, unread=tuple(notes.unread))


def connectors_of(records: Iterable[Record], notes: Notes, _asked: Asked | None = None) -> tuple[SendConnector, ...]:
    """The Send connectors among the records."""
    facts: list[SendConnector] = []
    for record in records:
        if record.has_any(_RECEIVE):
            notes.leave(record.lines, "this is a Receive connector; Get-SendConnector lists the Send connectors")
        elif record.has_any(PROPERTIES) or (record.has_any(("name", "identity")) and not record.has_any(_FOREIGN)):
            fact = _connector(record, notes)
            facts += [fact] if fact else []
    return tuple(facts)


def _connector(record: Record, notes: Notes) -> SendConnector | None:
    """One connector; None, with a note, if the record names none."""
    name, certain = _name(record)
    guid = _guid(record, notes)
    if not name and not guid:
        notes.leave(record.lines, "a connector without Name, Identity or Guid: the paste may end too early")
        return None
    if not certain:
        notes.leave(record.lines, f"the name {name!r} may not be whole; print the connector's Guid with Format-List")
    servers = record.get("SourceTransportServers")
    return SendConnector(
        name=name,
        name_cut=not certain,
        guid=guid,
        enabled=record.flag("Enabled"),
        logging_level=_level(record, notes),
        source_servers=servers.entries if servers else (),
        source_servers_cut=bool(servers and servers.cut),
        tls_certificate_name=record.text("TlsCertificateName"),
        fqdn=record.text("Fqdn"),
        require_tls=record.flag("RequireTLS"),
        tls_auth_level=record.whole("TlsAuthLevel"),
        tls_domain=record.whole("TlsDomain"),
        smart_hosts=_entries(record, "SmartHosts"),
        address_spaces=_entries(record, "AddressSpaces"),
        frontend_proxy=record.flag("FrontendProxyEnabled"),
        cloud_services=record.flag("CloudServicesMailEnabled"),
        ignore_starttls=record.flag("IgnoreSTARTTLS"),
        lines=record.lines,
        tls_certificate_name_cut=record.cut("TlsCertificateName"),
        fqdn_cut=record.cut("Fqdn"),
        edge_sync=name.casefold().startswith(_EDGE_SYNC),
    )


def _name(record: Record) -> tuple[str, bool]:
    """The connector's name and whether it is certain; Name and Identity confirm each other."""
    values = [value for value in (record.get("Name"), record.get("Identity")) if value and value.text]
    if any(mark in value.text for value in values for mark in _DAMAGED):
        return values[0].text, False
    for value in values:
        if value.sure and not value.cut:
            return value.text, True
    whole = [value for value in values if not value.cut]
    if len(whole) == 2 and len(common := _joinings(whole[0]) & _joinings(whole[1])) == 1:
        return common.pop(), True
    return (values[0].text if values else ""), False


def _joinings(value: Value) -> set[str]:
    return {value.text, value.spaced}


def _guid(record: Record, notes: Notes) -> str:
    """The Guid in lower case, only if whole."""
    written = "".join(record.text("Guid").split()).strip("{}").casefold()
    if not written or _GUID.fullmatch(written):
        return written
    notes.leave(record.lines, f"the Guid {record.text('Guid')} is not whole")
    return ""


def _level(record: Record, notes: Notes) -> LoggingLevel | None:
    """The logging level, printed as a word or, in a live object's JSON, as a number."""
    written = record.text("ProtocolLoggingLevel")
    level = _LEVELS.get(written.casefold())
    if written and level is None:
        notes.leave(record.lines, f"ProtocolLoggingLevel is {written!r}, neither None nor Verbose")
    return level


def _entries(record: Record, name: str) -> tuple[str, ...]:
    value = record.get(name)
    return value.entries if value else ()


def read_log_folders(text: Text) -> Reading[LogFolder]:
    """The servers' send log folders: a listing with SendProtocolLogPath, or bare paths.

    `cut` is also set if a wrap may have lost a blank of the path.
    """
    listing = read_listing(text)
    notes = Notes(unread=list(listing.unread))
    facts = folders_of(listing.records, notes) or _bare_paths(text.lines)
    if facts and not listing.records:
        return Reading(facts)
    if not facts and not notes.unread:
        notes.leave(text.lines, "there is no SendProtocolLogPath here")
    return Reading(facts, unread=tuple(notes.unread))


def folders_of(records: Iterable[Record], notes: Notes, asked: Asked | None = None) -> tuple[LogFolder, ...]:
    """The log folders among the records; one without a name belongs to the server asked."""
    facts: list[LogFolder] = []
    for record in records:
        path = record.get("SendProtocolLogPath")
        if path is None:
            continue
        server, certain = _name(record)
        if not path.text:
            notes.leave(record.lines, f"{server or 'this server'} has no SendProtocolLogPath: it writes no send logs")
            continue
        named = server if certain else "" if server or asked is None else asked.server
        facts.append(LogFolder(named, path.text, path.cut or not path.sure, record.lines))
    return tuple(facts)


def defaults_of(records: Iterable[Record], notes: Notes, asked: Asked | None = None) -> tuple[DefaultCertificate, ...]:
    """The servers' default certificates, from Get-TransportService or Get-TransportServer."""
    facts: list[DefaultCertificate] = []
    for record in records:
        value = record.get("InternalTransportCertificateThumbprint")
        if value is None:
            continue
        server, certain = _name(record)
        named = server if certain else "" if server or asked is None else asked.server
        reading = read_thumbprint("" if value.cut else "".join(value.text.split()))
        if reading.thumbprint:
            facts.append(DefaultCertificate(named, reading.thumbprint, "transport-service", record.lines))
        elif value.text:
            why = f"{value.text} is not whole: print it with Format-List" if value.cut else reading.why
            notes.leave(value.lines or record.lines, f"InternalTransportCertificateThumbprint: {why}")
        else:
            notes.leave(record.lines, f"{server or 'this server'} shows no InternalTransportCertificateThumbprint")
    return tuple(facts)


TIMEOUTS = frozenset({"messageexpirationtimeout", "delaynotificationtimeout"})
"""The properties that say how long a queue keeps a message."""


def timeouts_of(records: Iterable[Record], notes: Notes, asked: Asked | None = None) -> tuple[MailTimeouts, ...]:
    """How long each server's queues keep mail; one without a name belongs to the server asked."""
    facts: list[MailTimeouts] = []
    for record in records:
        if "MessageExpirationTimeout" not in record:
            continue
        server, certain = _name(record)
        named = server if certain else "" if server or asked is None else asked.server
        expires = _time_span(record, "MessageExpirationTimeout")
        if expires:
            facts.append(MailTimeouts(named, expires, _time_span(record, "DelayNotificationTimeout"), record.lines))
        else:
            notes.leave(record.lines, "MessageExpirationTimeout is not whole: print it with Format-List")
    return tuple(facts)


def _time_span(record: Record, name: str) -> str:
    """A time span as .NET prints it, days before the point; empty if it is not whole."""
    value = record.get(name)
    written = "".join(value.text.split()) if value and not value.cut else ""
    return written if time_span(written) else ""


def read_timeouts(text: Text) -> Reading[MailTimeouts]:
    """How long the servers' queues keep mail, in every form of Get-TransportService's output."""
    return _of_its_records(text, timeouts_of, "MessageExpirationTimeout")


def read_defaults(text: Text) -> Reading[DefaultCertificate]:
    """The servers' default certificates, in every form of the cmdlet's output."""
    return _of_its_records(text, defaults_of, "InternalTransportCertificateThumbprint")


def _of_its_records(
    text: Text, facts_of: Callable[[Sequence[Record], Notes], tuple[Fact, ...]], name: str
) -> Reading[Fact]:
    """The facts of a listing's records; without any, that the property of this name is not there."""
    listing = read_listing(text)
    notes = Notes(unread=list(listing.unread))
    facts = facts_of(listing.records, notes)
    if not facts and not notes.unread:
        notes.leave(text.lines, f"there is no {name} here")
    return Reading(facts, unread=tuple(notes.unread))


def _bare_paths(lines: tuple[Line, ...]) -> tuple[LogFolder, ...]:
    """Paths alone on their lines, as `(Get-TransportService EX1).SendProtocolLogPath` prints them."""
    full = [line for line in lines if line.text.strip() and not is_command(line.text)]
    if not all(_PATH.fullmatch(line.text.strip()) for line in full):
        return ()
    return tuple(LogFolder("", line.text.strip(), lines=(line,)) for line in full)
