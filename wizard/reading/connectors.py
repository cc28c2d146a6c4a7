"""Get-SendConnector's output to Send connectors, and Get-TransportService's to log folders."""

from __future__ import annotations

import re

from wizard.facts import Line, LogFolder, LoggingLevel, Reading, SendConnector
from wizard.reading.listing import read_listing
from wizard.reading.records import Notes, Record, Value
from wizard.reading.text import Text, is_command

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
"""Properties by which a record is a Send connector's."""

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
    }
)

_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_LEVELS = {
    "none": LoggingLevel.NONE,
    "0": LoggingLevel.NONE,
    "verbose": LoggingLevel.VERBOSE,
    "1": LoggingLevel.VERBOSE,
}

_PATH = re.compile(r"(?:[A-Za-z]:\\|\\\\[^\\\s]+\\)[^<>|?*\"]+")


def read_connectors(text: Text) -> Reading[SendConnector]:
    """The Send connectors in a text, in every form Get-SendConnector is printed in.

    A name that is not certain is marked `name_cut`: a table cut it, or a wrap may have lost a
    blank and neither Identity nor Name tells which. Such a connector is addressed by its Guid.
    """
    listing = read_listing(text)
    notes = Notes(unread=list(listing.unread))
    facts: list[SendConnector] = []
    for record in listing.records:
        if record.has_any(_RECEIVE):
            notes.leave(record.lines, "this is a Receive connector; Get-SendConnector lists the Send connectors")
        elif record.has_any(PROPERTIES) or (record.has_any(("name", "identity")) and not record.has_any(_FOREIGN)):
            fact = _connector(record, notes)
            facts += [fact] if fact else []
    if not facts and not notes.unread:
        notes.leave(text.lines, "there is no Send connector here")
    return Reading(tuple(facts), unread=tuple(notes.unread))


def _connector(record: Record, notes: Notes) -> SendConnector | None:
    """One connector; None, with a note, when the record names none."""
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
        tls_auth_level=record.text("TlsAuthLevel"),
        tls_domain=record.text("TlsDomain"),
        smart_hosts=_entries(record, "SmartHosts"),
        address_spaces=_entries(record, "AddressSpaces"),
        frontend_proxy=record.flag("FrontendProxyEnabled"),
        cloud_services=record.flag("CloudServicesMailEnabled"),
        ignore_starttls=record.flag("IgnoreSTARTTLS"),
        lines=record.lines,
    )


def _name(record: Record) -> tuple[str, bool]:
    """The connector's name and whether it is certain; Name and Identity vouch for each other."""
    values = [value for value in (record.get("Name"), record.get("Identity")) if value and value.text]
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
    """The Guid in lower case, only if it is whole."""
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
    """Where servers keep their send protocol logs: a listing with SendProtocolLogPath, or bare paths.

    `cut` is set as well where a wrap may have lost a blank of the path.
    """
    listing = read_listing(text)
    notes = Notes(unread=list(listing.unread))
    facts: list[LogFolder] = []
    for record in listing.records:
        path = record.get("SendProtocolLogPath")
        if path is None:
            continue
        server, certain = _name(record)
        if not path.text:
            notes.leave(record.lines, f"{server or 'this server'} has no SendProtocolLogPath: it writes no send logs")
            continue
        facts.append(LogFolder(server if certain else "", path.text, path.cut or not path.sure, record.lines))
    facts = facts or _bare_paths(text.lines)
    if facts and not listing.records:
        return Reading(tuple(facts))
    if not facts and not notes.unread:
        notes.leave(text.lines, "there is no SendProtocolLogPath here")
    return Reading(tuple(facts), unread=tuple(notes.unread))


def _bare_paths(lines: tuple[Line, ...]) -> list[LogFolder]:
    """Paths that stand alone on their lines, as `(Get-TransportService EX1).SendProtocolLogPath` prints them."""
    full = [line for line in lines if line.text.strip() and not is_command(line.text)]
    if not all(_PATH.fullmatch(line.text.strip()) for line in full):
        return []
    return [LogFolder("", line.text.strip(), lines=(line,)) for line in full]
