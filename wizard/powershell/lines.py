"""Every PowerShell line this program hands to a person, but for the survey's: nothing else writes one.

Sources named in docstrings: KB is Microsoft KB 4051498; KB-NOCRED is KB 4495258; PS/X is the
reference page of cmdlet X; LOG is "Protocol logging in Exchange Server".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from wizard.facts import THUMBPRINT_DIGITS, ExchangeVersion, LoggingLevel, Service, spelled
from wizard.powershell.command import Command, CommandId, Part, identity, joined
from wizard.powershell.literal import environment_path, literal

_LISTS = ("SourceTransportServers", "SmartHosts", "AddressSpaces", "CertificateDomains")

_DATES = ("NotBefore", "NotAfter")

_OF_A_CONNECTOR = (
    "Name",
    "Guid",
    "Enabled",
    "ProtocolLoggingLevel",
    "SourceTransportServers",
    "TlsCertificateName",
    "TlsAuthLevel",
    "Fqdn",
    "RequireTLS",
    "IgnoreSTARTTLS",
    "FrontendProxyEnabled",
    "CloudServicesMailEnabled",
    "SmartHosts",
    "AddressSpaces",
)

_OF_A_CERTIFICATE = (
    "Thumbprint",
    "Services",
    "HasPrivateKey",
    "IsSelfSigned",
    "Status",
    "RootCAType",
    "Issuer",
    "Subject",
    "CertificateDomains",
    "NotBefore",
    "NotAfter",
)

_PATH = "SendProtocolLogPath"

_ONE_LINE = "[string]$_ -replace '\\s+',' '"

_ASKED = "$s -join ','"

# In a foreign shell a quoted enum is its number; `[string]` gives its name everywhere.
_MEASURED = (
    "$r|Select-Object *,@{n='Length';e={(@($_.PSObject.Properties|ForEach-Object{$_.Name+[string]$_.Value})"
    " -join '' -replace ' ','').Length}}|"
)

_SERVERS_OF_THE_CONNECTORS = (
    "$c|ForEach-Object{$_.SourceTransportServers}|Where-Object{$_}|ForEach-Object{[string]$_}|Sort-Object -Unique"
)

_AS_JSON = (
    "ForEach-Object{'{'+(@($_.PSObject.Properties|ForEach-Object"
    "{'\"'+$_.Name+'\":'+([string]$_.Value|ConvertTo-Json -Compress)}) -join ',' -replace ' ','\\u0020')+'}'}"
)

_PURPOSE = "Shows connectors, certificates and log folders of every server they send from, for one paste."


def survey(
    connector_name: str = "", guid: str = "", servers: Sequence[str] = (), origin: str = "", edge: bool = False
) -> Command:
    """Connectors, certificates and log folders of all source transport servers, as JSON (PowerShell 3.0 and later).

    Without a name and a GUID it asks for every Send connector. Without `servers` it asks the source
    transport servers of those connectors. `edge` is for an Edge Transport server, where the line is
    run on the server itself and asks no other. Exchange 2010 has `survey_list` instead.
    `origin` is where the connector and the servers come from, in words.

    Source: PS/Get-SendConnector, PS/Get-ExchangeCertificate, PS/Get-TransportService,
    PS/Get-FrontendTransportService, PS/ConvertTo-Json.

    Raises:
        UnsafeNameError: a name cannot be written, and `guid` is not a whole GUID.
        ValueError: servers are named for an Edge Transport server, which asks itself alone.
    """
    return Command(
        CommandId.SURVEY,
        joined(
            *_connectors(connector_name, guid, origin),
            *_servers(servers, origin, edge),
            "" if edge else "$f=@($c|Where-Object{[string]$_.FrontendProxyEnabled -eq 'True'}).Count;",
            _records("Get-TransportService", edge, frontend=not edge),
            f"{_MEASURED}{_AS_JSON}}}",
        ),
        _PURPOSE,
        changes=False,
    )


def survey_list(
    connector_name: str = "", guid: str = "", servers: Sequence[str] = (), origin: str = "", edge: bool = False
) -> Command:
    """The survey as a list for Exchange 2010, whose PowerShell 2.0 has no ConvertTo-Json (PS/Get-TransportServer).

    Format-List breaks long values under their own column; the reader of lists joins them.

    Raises:
        UnsafeNameError: a name cannot be written, and `guid` is not a whole GUID.
        ValueError: servers are named for an Edge Transport server, which asks itself alone.
    """
    return Command(
        CommandId.SURVEY,
        joined(
            *_connectors(connector_name, guid, origin),
            *_servers(servers, origin, edge),
            _records("Get-TransportServer", edge, frontend=False),
            f"{_MEASURED}Format-List *}}",
        ),
        _PURPOSE,
        changes=False,
    )


def _connectors(name: str, guid: str, origin: str) -> tuple[str | Part, ...]:
    """The connectors, kept in `$c`: the named one or all."""
    which = (" -Identity ", identity(name, guid, origin)) if name or guid else ()
    return ("&{$c=@(Get-SendConnector", *which, " -ErrorAction Stop);")


def _servers(servers: Sequence[str], origin: str, edge: bool) -> tuple[str | Part, ...]:
    """The names of the servers to ask, kept in `$s`."""
    if edge:
        if servers:
            raise ValueError("an Edge Transport server asks itself alone")
        return ("$s=@($env:COMPUTERNAME);",)
    if not servers:
        return (f"$s=@({_SERVERS_OF_THE_CONNECTORS});",)
    pieces: list[str | Part] = []
    for server in servers:
        pieces += ["," if pieces else "", Part(literal(server, "server name"), origin)]
    return ("$s=@(", *pieces, ");")


def _records(log_cmdlet: str, edge: bool, frontend: bool) -> str:
    """All records, kept in `$r`: connectors, then each server's answers or its error, then the end."""
    certificates = _asked("Get-ExchangeCertificate" if edge else "Get-ExchangeCertificate -Server $n")
    certificates += _picked("Exchange certificate", *_OF_A_CERTIFICATE)
    who = "" if edge else " -Identity $n"
    folders = _asked(f"{log_cmdlet}{who}") + _picked("Log folder", _PATH)
    if frontend:
        # Connectors with FrontendProxyEnabled write to another log.
        answer = _asked(f"Get-FrontendTransportService{who}") + _picked("Front End log folder", _PATH)
        folders += f";if($f){{{answer}}}"
    return (
        f"$r=@($c|{_picked('Send connector', *_OF_A_CONNECTOR, of_server=False)};"
        f"foreach($n in $s){{try{{{certificates};{folders}}}"
        f"catch{{$_|{_picked('No answer', error=_ONE_LINE)}}}}});"
        f"$r+=''|{_picked('The end', of_server=False, servers=_ASKED, records='$r.Count')};"
    )


def _asked(cmdlet: str) -> str:
    """A query to one server, up to the pipe: an error stops it instead of only being printed."""
    return f"{cmdlet} -ErrorAction Stop|"


def _picked(kind: str, *properties: str, of_server: bool = True, **computed: str) -> str:
    """A Select-Object that makes a record of this kind; lists and dates become text."""
    columns = [_column("Survey", f"'{kind}'")]
    columns += [_column("Server", "$n")] if of_server else []
    for name in properties:
        if name in _LISTS:
            columns.append(_column(name, f"$_.{name} -join ','"))
        elif name in _DATES:
            columns.append(_column(name, f"$_.{name}.ToString('o')"))
        else:
            columns.append(name)
    columns += [_column(name.capitalize(), expression) for name, expression in computed.items()]
    return f"Select-Object {','.join(columns)}"


def _column(name: str, expression: str) -> str:
    """A computed property: `@{n='NotAfter';e={$_.NotAfter.ToString('o')}}`."""
    return f"@{{n='{name}';e={{{expression}}}}}"


_THUMBPRINT = re.compile(rf"[0-9A-F]{{{THUMBPRINT_DIGITS}}}")

_WILDCARDS = frozenset("[]*?`")

_CERTIFICATE_PROPERTIES = (
    "Thumbprint,Services,HasPrivateKey,IsSelfSigned,Status,RootCAType,Issuer,Subject,CertificateDomains,"
    "@{n='NotAfter';e={$_.NotAfter.ToString('o')}}"
)

_LAST_LINES = 3000
"""Rows of the newest log to copy: about 150 sessions of 20 rows."""


@dataclass(frozen=True, slots=True)
class BindOrigins:
    """The origins of a binding command's parts, in words: `SEND20261122-1.log, line 8`."""

    thumbprint: str = ""
    services: str = ""
    server: str = ""
    smtp: str = ""


@dataclass(frozen=True, slots=True)
class KnownFolder:
    """A log folder reported by the server (SendProtocolLogPath).

    Raises:
        ValueError: a table cut the path, so it is incomplete.
    """

    path: str
    origin: str = ""

    def __post_init__(self) -> None:
        if self.path.endswith(("...", "…")):
            raise ValueError(f"a path that was cut is never used as if it were whole: {self.path!r}")


@dataclass(frozen=True, slots=True)
class DefaultFolder:
    """A log folder that was not looked up: relative to Exchange's own folder, from `default_log_folder`."""

    relative: str
    origin: str = ""


LogPlace = KnownFolder | DefaultFolder


def read_queues(server: str | None = None) -> Command:
    """The queues and their last errors, as a list because tables cut LastError (PS/Get-Queue).

    Raises:
        UnsafeNameError: the server's name cannot be written.
    """
    return Command(
        CommandId.READ_QUEUES,
        joined("Get-Queue", *_server(server), " | Format-List Identity,Status,MessageCount,NextHopDomain,LastError"),
        "Shows each queue on the server, how much waits in it, and the last error.",
        changes=False,
        server=server,
    )


def read_connectors() -> Command:
    """All Send connectors with what decides this fault: level, servers, certificate name (PS/Get-SendConnector)."""
    return Command(
        CommandId.READ_CONNECTORS,
        joined(
            "Get-SendConnector | Format-List Name,Guid,Enabled,ProtocolLoggingLevel,SourceTransportServers,"
            "TlsCertificateName,Fqdn,RequireTLS,TlsAuthLevel,IgnoreSTARTTLS,"
            "FrontendProxyEnabled,CloudServicesMailEnabled,SmartHosts,AddressSpaces"
        ),
        "Shows the Send connectors, the servers they send from, and how much they log now.",
        changes=False,
    )


def read_connector(connector_name: str, guid: str = "", origin: str = "") -> Command:
    """One connector's logging level, to prove a change of it (PS/Get-SendConnector).

    Raises:
        UnsafeNameError: the name cannot be written and `guid` is not a whole GUID.
    """
    return Command(
        CommandId.READ_CONNECTORS,
        joined(
            "Get-SendConnector -Identity ",
            identity(connector_name, guid, origin),
            " | Format-List Name,ProtocolLoggingLevel",
        ),
        "Shows how much this connector logs now.",
        changes=False,
    )


def enable_logging(connector_name: str, guid: str = "", origin: str = "") -> Command:
    """Verbose protocol logging for one connector (KB step 1, PS/Set-SendConnector).

    Raises:
        UnsafeNameError: the name cannot be written and `guid` is not a whole GUID.
    """
    return Command(
        CommandId.ENABLE_LOGGING,
        _set_logging(identity(connector_name, guid, origin), Part(LoggingLevel.VERBOSE.value)),
        "Makes the connector write its TLS handshakes into the protocol log.",
        changes=True,
    )


def restore_logging(
    connector_name: str, guid: str, level: LoggingLevel, origin: str = "", level_origin: str = "", known: bool = True
) -> Command:
    """The logging level the connector had before, which may be Verbose (PS/Set-SendConnector; the KB leaves it out).

    `origin` is the connector's, `level_origin` the level's. `known` is False where the level before was
    not recorded, and `level` is only the default.

    Raises:
        UnsafeNameError: the name cannot be written and `guid` is not a whole GUID.
    """
    return Command(
        CommandId.RESTORE_LOGGING,
        _set_logging(identity(connector_name, guid, origin), Part(level.value, level_origin)),
        "Puts the connector's logging back to what it was before."
        if known
        else "Sets the connector's logging to the default; what it was before is not known.",
        changes=True,
    )


def read_log_path(version: ExchangeVersion, frontend: bool = False) -> Command:
    """The server's send log folders (LOG; PS/Get-TransportService, PS/Get-FrontendTransportService).

    Exchange 2010 has Get-TransportServer instead, and no Front End Transport service to ask.
    """
    if version is ExchangeVersion.E2010:
        cmdlet = "Get-TransportServer"
    else:
        cmdlet = "Get-FrontendTransportService" if frontend else "Get-TransportService"
    return Command(
        CommandId.READ_LOG_PATH,
        joined(f"{cmdlet} | Format-List Name,SendProtocolLogPath"),
        "Shows the folder in which each server keeps its send protocol logs.",
        changes=False,
    )


def read_log(place: LogPlace, old_shell: bool = False, clip: bool = False) -> Command:
    r"""The end of the newest send log, onto the clipboard of the server (LOG; PS/Get-Content, PS/Set-Clipboard).

    The newest is the last one created: size and time of change of a file being written are stale.
    `old_shell` is for Exchange 2010, whose PowerShell 2.0 has neither -Tail nor Set-Clipboard. `clip` is for any
    before 5.0, which lacks Set-Clipboard: the program of that name takes its place, and turns letters outside
    ASCII into question marks.

    Raises:
        UnsafeNameError: the path cannot be written.
        ValueError: the default folder is not a plain relative one.
    """
    if isinstance(place, KnownFolder):
        path = Part(literal(place.path, "path"), place.origin)
        parameter = "-LiteralPath" if _WILDCARDS.intersection(place.path) else "-Path"
    else:
        path = Part(environment_path("ExchangeInstallPath", place.relative), place.origin)
        parameter = "-Path"
    if old_shell:
        ending = f"Get-Content -Encoding UTF8 | Select-Object -Last {_LAST_LINES} | clip"
        purpose = "Copies the end of the newest log to the clipboard; letters outside ASCII become question marks."
    elif clip:
        ending = f"Get-Content -Tail {_LAST_LINES} -Encoding UTF8 | clip"
        purpose = "Copies the end of the newest log to the clipboard; letters outside ASCII become question marks."
    else:
        ending = f"Get-Content -Tail {_LAST_LINES} -Encoding UTF8 | Set-Clipboard"
        purpose = "Copies the end of the newest log to the clipboard, ready to be pasted here."
    return Command(
        CommandId.READ_LOG,
        joined(
            f"Get-ChildItem {parameter} ",
            path,
            f" -Filter *.log | Sort-Object CreationTime | Select-Object -Last 1 | {ending}",
        ),
        purpose,
        changes=False,
    )


def read_certificate(thumbprint: str, server: str | None = None, origin: str = "") -> Command:
    """One certificate with what decides whether it may be bound (KB step 3, PS/Get-ExchangeCertificate).

    The KB prints Services alone; the thumbprint beside it proves which certificate they belong to,
    and `ToString('o')` gives a date that no culture can turn round.

    Raises:
        ValueError: `thumbprint` is not 40 upper-case hex digits.
        UnsafeNameError: the server's name cannot be written.
    """
    return Command(
        CommandId.READ_CERTIFICATE,
        joined(
            "Get-ExchangeCertificate -Thumbprint ",
            _thumbprint(thumbprint, origin),
            *_server(server),
            f" | Format-List {_CERTIFICATE_PROPERTIES}",
        ),
        "Shows the certificate, the services it is bound to, and whether it has its private key.",
        changes=False,
        server=server,
    )


def read_certificates(server: str | None = None) -> Command:
    """All certificates of a server, in the same properties (PS/Get-ExchangeCertificate).

    Raises:
        UnsafeNameError: the server's name cannot be written.
    """
    return Command(
        CommandId.READ_CERTIFICATES,
        joined("Get-ExchangeCertificate", *_server(server), f" | Format-List {_CERTIFICATE_PROPERTIES}"),
        "Shows every certificate on the server and the services each is bound to.",
        changes=False,
        server=server,
    )


def read_default(server: str | None = None, edge: bool = False, version: ExchangeVersion | None = None) -> Command:
    """The default SMTP certificate (PS/Get-TransportService; 2010 has Get-TransportServer).

    On an Edge it is asked without a name.

    Raises:
        UnsafeNameError: the server's name cannot be written.
    """
    cmdlet = "Get-TransportServer" if version is ExchangeVersion.E2010 else "Get-TransportService"
    named = () if edge or server is None else (" -Identity ", Part(literal(server, "server name")))
    return Command(
        CommandId.READ_DEFAULT,
        joined(cmdlet, *named, " | Format-List Name,InternalTransportCertificateThumbprint"),
        "Shows which certificate is the default SMTP certificate; the same before and after proves the N.",
        changes=False,
        server=server,
    )


_ANSWER = "; answer N to the overwrite question."


def bind(
    thumbprint: str,
    services_now: frozenset[Service],
    server: str | None = None,
    origins: BindOrigins = BindOrigins(),
    *,
    asks: bool = True,
) -> Command:
    """SMTP and the services the certificate has already, SMTP first (KB step 4, PS/Enable-ExchangeCertificate).

    Federation is left out: the cmdlet does not take it, and it stays without being named. `asks` is False where the
    certificate is the default one already.

    Raises:
        ValueError: `thumbprint` is not 40 upper-case hex digits.
        UnsafeNameError: the server's name cannot be written.
    """
    kept = services_now - {Service.SMTP, Service.FEDERATION}
    named = (",", Part(spelled(kept, ","), origins.services)) if kept else ()
    return Command(
        CommandId.BIND,
        _enable(thumbprint, origins.thumbprint, *named, *_server(server, origins.server), smtp_origin=origins.smtp),
        f"Binds the certificate to SMTP and names the services it has already{_ANSWER if asks else '.'}",
        changes=True,
        server=server,
    )


def bind_smallest(
    thumbprint: str,
    server: str | None = None,
    origins: BindOrigins = BindOrigins(),
    *,
    asks: bool = True,
) -> Command:
    """SMTP alone, which takes nothing away because the cmdlet only adds (KB-NOCRED, PS/Enable-ExchangeCertificate).

    Raises:
        ValueError: `thumbprint` is not 40 upper-case hex digits.
        UnsafeNameError: the server's name cannot be written.
    """
    return Command(
        CommandId.BIND_SMALLEST,
        _enable(thumbprint, origins.thumbprint, *_server(server, origins.server), smtp_origin=origins.smtp),
        f"Adds SMTP and touches no other service{_ANSWER if asks else '.'}",
        changes=True,
        server=server,
    )


def verify(thumbprint: str, server: str | None = None, origin: str = "") -> Command:
    """The certificate's services after the change (PS/Get-ExchangeCertificate; the KB leaves it out).

    Raises:
        ValueError: `thumbprint` is not 40 upper-case hex digits.
        UnsafeNameError: the server's name cannot be written.
    """
    return Command(
        CommandId.VERIFY,
        joined(
            "Get-ExchangeCertificate -Thumbprint ",
            _thumbprint(thumbprint, origin),
            *_server(server),
            " | Format-List Thumbprint,Services",
        ),
        "Shows whether SMTP is bound now and no service was lost.",
        changes=False,
        server=server,
    )


def retry_queue(server: str | None = None) -> Command:
    """Retry every queue that waits for its next try (PS/Retry-Queue; the KB leaves it out).

    Raises:
        UnsafeNameError: the server's name cannot be written.
    """
    return Command(
        CommandId.RETRY_QUEUE,
        joined("Retry-Queue -Filter \"Status -eq 'Retry'\"", *_server(server)),
        "Sends the waiting mail now instead of at the next retry.",
        changes=True,
        server=server,
    )


def read_timeouts() -> Command:
    """How long each server's queues keep a message (PS/Get-TransportService)."""
    return Command(
        CommandId.READ_TIMEOUTS,
        joined("Get-TransportService | Format-List Name,MessageExpirationTimeout,DelayNotificationTimeout"),
        "Shows after how long waiting mail goes back to its senders.",
        changes=False,
    )


LONGER = "4.00:00:00"
"""Four days, for a server that keeps mail for less."""


def raise_timeout(server: str) -> Command:
    """A server's queues told to keep mail for four days (PS/Set-TransportService).

    Raises:
        UnsafeNameError: the server's name cannot be written.
    """
    return _set_timeout(
        CommandId.RAISE_TIMEOUT, server, LONGER, "Buys time: the server keeps waiting mail for four days."
    )


def restore_timeout(server: str, before: str) -> Command:
    """The way back: the server's time as it was read before (PS/Set-TransportService).

    Raises:
        UnsafeNameError: the server's name cannot be written.
    """
    return _set_timeout(
        CommandId.RESTORE_TIMEOUT, server, before, "The way back: the server keeps waiting mail as long as before."
    )


def _set_timeout(id: CommandId, server: str, time: str, purpose: str) -> Command:
    parts = joined(
        "Set-TransportService -Identity ",
        Part(literal(server, "server name")),
        " -MessageExpirationTimeout ",
        Part(literal(time)),
    )
    return Command(id, parts, purpose, changes=True, server=server)


def undo_default(previous_thumbprint: str, server: str | None = None, origin: str = "") -> Command:
    """The previous default SMTP certificate made the default again, after a wrong Y (PS/Enable-ExchangeCertificate).

    Raises:
        ValueError: `previous_thumbprint` is not 40 upper-case hex digits.
        UnsafeNameError: the server's name cannot be written.
    """
    return Command(
        CommandId.UNDO_DEFAULT,
        _enable(previous_thumbprint, origin, *_server(server)),
        "Makes the previous certificate the default SMTP certificate again: answer Y this time.",
        changes=True,
        server=server,
    )


def _set_logging(identity: Part, level: Part) -> tuple[Part, ...]:
    """The parts of a line that sets a connector's logging level."""
    return joined("Set-SendConnector -Identity ", identity, " -ProtocolLoggingLevel ", level)


def _enable(thumbprint: str, origin: str, *after: str | Part, smtp_origin: str = "") -> tuple[Part, ...]:
    """The parts of a line that binds a certificate to SMTP; `after` follows `SMTP` directly."""
    return joined(
        "Enable-ExchangeCertificate -Thumbprint ",
        _thumbprint(thumbprint, origin),
        " -Services ",
        Part(Service.SMTP.value, smtp_origin),
        *after,
    )


def _server(server: str | None, origin: str = "") -> tuple[str | Part, ...]:
    """` -Server 'EX2'`, or nothing for the server the line is run on."""
    return () if server is None else (" -Server ", Part(literal(server, "server name"), origin))


def _thumbprint(thumbprint: str, origin: str) -> Part:
    """A quoted thumbprint.

    Raises:
        ValueError: it is not 40 upper-case hex digits; readers give nothing else, so this is a fault in the program.
    """
    if not _THUMBPRINT.fullmatch(thumbprint):
        raise ValueError(f"a thumbprint is {THUMBPRINT_DIGITS} upper-case hex digits, not {thumbprint!r}")
    return Part(literal(thumbprint), origin)
