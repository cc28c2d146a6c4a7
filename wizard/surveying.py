r"""The survey: one line that asks for everything the wizard reads of connectors, certificates and log folders.

It is run once, on one server, and asks every source transport server. What it prints are records,
each with the property `Survey` that says what it is; `wizard.reading.survey` reads them back.

Why the line is as it is:

- The Management Shell runs Exchange's cmdlets in a remote session, and pipelines there cannot be
  executed concurrently. So each answer is kept whole before the next question, and none is asked
  inside another's pipe.
- Over that session an enum, a path or a list arrives as text or as an object, in a local one as the
  real thing. So lists are joined by `-join`, dates written by `ToString('o')`, and every other value is
  put into a string, which in both cases shows what Format-List shows.
- One server that does not answer costs its own records only: its error stands in their place.
- `&{...}` keeps the variables of the line out of the shell that it is run in.
- Every record is one line of JSON without a single blank: blanks inside values are written
  `\u0020`. A console breaks a long line at its width wherever that falls and a copy from it loses the
  blanks at line ends; here whatever white space stands in a record was put there on the way, and
  taking it all away gives back the very line. That is also why each word for what a record is has a
  blank: `"Survey":"Send\u0020connector"` shows that the record was written so. Compact records also
  leave fewer rows to scroll out of an old console's buffer than indented ones.
- A row of a broken line can get lost, and what is left may read like a whole. So each record says at
  its end how many characters its names and values have, blanks not counted; and the last record says
  which servers were asked and how many records came before it.

Sources named in docstrings: PS/X is the reference page of cmdlet X.
"""

from __future__ import annotations

from collections.abc import Sequence

from wizard.commandline import Command, CommandId, Part, identity, joined
from wizard.powershell import literal

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
_ONE_LINE = "\"$_\" -replace '\\s+',' '"
_ASKED = "$s -join ','"
_MEASURED = (
    "$r|Select-Object *,@{n='Length';e={(@($_.PSObject.Properties|ForEach-Object{\"$($_.Name)$($_.Value)\"})"
    " -join '' -replace ' ','').Length}}|"
)
_SERVERS_OF_THE_CONNECTORS = (
    '$c|ForEach-Object{$_.SourceTransportServers}|Where-Object{$_}|ForEach-Object{"$_"}|Sort-Object -Unique'
)
_AS_JSON = (
    "ForEach-Object{'{'+(@($_.PSObject.Properties|ForEach-Object"
    "{'\"'+$_.Name+'\":'+(\"$($_.Value)\"|ConvertTo-Json -Compress)}) -join ',' -replace ' ','\\u0020')+'}'}"
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
            "" if edge else "$f=@($c|Where-Object{\"$($_.FrontendProxyEnabled)\" -eq 'True'}).Count;",
            _records("Get-TransportService", edge, frontend=not edge),
            f"{_MEASURED}{_AS_JSON}}}",
        ),
        _PURPOSE,
        changes=False,
    )


def survey_list(
    connector_name: str = "", guid: str = "", servers: Sequence[str] = (), origin: str = "", edge: bool = False
) -> Command:
    """The same as a list for Exchange 2010, whose PowerShell 2.0 has no ConvertTo-Json (PS/Get-TransportServer).

    Format-List breaks long values under their own column, which the reader of lists undoes.

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
    """All records, kept in `$r`: connectors, then what each server answers or its error, then the end."""
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
    """A question to one server, up to the pipe: what goes wrong ends it instead of only being printed."""
    return f"{cmdlet} -ErrorAction Stop|"


def _picked(kind: str, *properties: str, of_server: bool = True, **computed: str) -> str:
    """A Select-Object that makes a record of this kind; what comes as a list or a date is made text."""
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
