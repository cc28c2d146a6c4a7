"""Every step: evidence, what comes of it there, and evidence that is close and must not bring it about.

In a text of a row an ellipsis stands for anything, so that the row names the words that matter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from tests.wizard import cases
from tests.wizard.cases import (
    CONNECTOR,
    DEFAULT,
    GUID,
    OTHER,
    OURS,
    SUCCESS,
    TIMED_OUT,
    answered,
    certificate_list,
    connector_list,
    failing,
    given,
    knowing,
    named,
    proven_case,
    question,
    queue_list,
    ready,
    with_connector,
    working,
)
from tests.wizard.reading.test_survey import INTERNET, OWN, PUBLIC, WHOLE, console, listed, printed
from wizard.case.case import Case, Place, PromptAnswer, StepId, Variant
from wizard.case.servers import at_server, saying_here
from wizard.facts import ExchangeVersion, LogFolder, LoggingLevel, Service, ShellSeen
from wizard.findings import Level
from wizard.powershell.command import CommandId
from wizard.powershell.lines import DefaultFolder, KnownFolder, LogPlace
from wizard.steps.flow import see, step
from wizard.steps.intake import take
from wizard.steps.parts import Standing
from wizard.steps.prompt import RAN

S = StepId
EDGE = Place(ExchangeVersion.E2019_SE, edge=True)
LATER = "2026-11-22T02:40:00.000Z"
EARLIER = "2026-11-22T02:00:00.000Z"
PROVEN, SAID, OPEN, FAILED = Standing.PROVEN, Standing.SAID, Standing.OPEN, Standing.FAILED
NO_DNS = "451 4.4.0 DNS query failed"
NOT_PROVEN = "Not proven yet. You may go on; the summary will say so."


@dataclass(frozen=True)
class Says:
    """A finding by its id, with its text, level and lines; without an id, all that is said at the step."""

    id: str
    text: str = "…"
    level: Level | None = None
    lines: str = "…"


SILENT = Says("", "")
"""Nothing is said at the step."""


@dataclass(frozen=True)
class Proves:
    """How far a proof is: its standing, what it claims and why; without an id, the first of the step's."""

    standing: Standing
    because: str = "…"
    claim: str = "…"
    id: str = ""


BIND = f"Enable-ExchangeCertificate -Thumbprint '{OURS}' -Services SMTP"
HERE = " -Server 'EX01'"


@dataclass(frozen=True)
class Row:
    """A step, a case, what comes of it there, and cases that are close.

    A close case says nothing of what the row says; where the row says nothing, something else comes of it.
    What is None is of no concern to the row.
    """

    name: str
    step: StepId
    case: Callable[[], Case]
    near: tuple[Callable[[], Case], ...]
    text: str | None = None
    """What is given at the step, to the case and to those that are close."""
    told: str | None = None
    """What is told of it."""
    says: tuple[Says, ...] = ()
    only: frozenset[str] | None = None
    """The ids of all that is said."""
    begins: tuple[Says, ...] = ()
    """What is said first, in this order."""
    never: tuple[str, ...] = ()
    """Ids and words that must not be there."""
    commands: tuple[str, ...] | None = None
    orders: tuple[CommandId, ...] | None = None
    """The ids of the commands."""
    elsewhere: tuple[str, ...] | None = None
    """The lines that bind the certificate on the other servers."""
    origins: Mapping[str, str] | None = None
    """Where the parts of the first command come from."""
    purpose: str | None = None
    """What the first command is for."""
    folders: tuple[LogPlace, ...] | None = None
    changes: bool | None = None
    """Whether the first command changes anything."""
    binds: bool | None = None
    """Whether any step hands out a line that binds."""
    choices: tuple[str, ...] | None = None
    """The keys of what is offered."""
    offers: tuple[str, ...] | None = None
    """What is offered, each as `key | text | detail`."""
    chosen: tuple[str, ...] | None = None
    """The keys of what is marked."""
    missing: str | None = None
    leads: StepId | None = None
    """The step that follows."""
    proof: Proves | None = None
    here: str | None = None
    """The server the case works on."""
    facts: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        return f"{self.step.value}: {self.name}"


def asked(current: str = DEFAULT, replacement: str = OURS) -> Case:
    """A case in which the question was pasted."""
    return given(ready(), S.PROMPT, question(current, replacement))


def told(answer: PromptAnswer | None, case: Case | None = None) -> Case:
    """A case in which this was answered, without the question."""
    return knowing(case or ready(), prompt_answer=answer)


def no() -> Case:
    return answered(PromptAnswer.NO)


def yes() -> Case:
    return answered(PromptAnswer.YES)


def yes_unseen() -> Case:
    return told(PromptAnswer.YES)


def default_already() -> Case:
    return told(PromptAnswer.YES, asked(current=OURS))


def smallest() -> Case:
    return knowing(ready(), variant=Variant.SMALLEST)


def logged() -> Case:
    """A case whose log was read, and no services."""
    return given(named(), S.LOG, failing())


def of(version: ExchangeVersion, case: Case | None = None, edge: bool = False) -> Case:
    """A case of a server of this version."""
    return knowing(case or Case(), place=Place(version, edge=edge))


def listing(**properties: str) -> Case:
    return given(Case(), S.CONNECTOR, connector_list(**properties))


def two_servers(servers: str = "{EX01, EX02}") -> Case:
    return with_connector(servers=servers)


def at_the_queue(servers: str = "{EX01, EX02}", identity: str = r"EX01\3417") -> Case:
    """A case of a connector with several servers, on one of which a queue was read."""
    return given(two_servers(servers), S.SYMPTOM, queue_list(identity=identity))


def unsafe_server() -> Case:
    known = replace(two_servers().connectors[0], source_servers=("EX01", "EX02", "EX\x07"))
    return replace(two_servers(), connectors=(known,))


COMMAND = (
    Row(
        "the article's form first and the smallest beside it",
        S.COMMAND,
        ready,
        (smallest, lambda: ready("None")),
        commands=(f"{BIND},IIS,POP{HERE}", BIND + HERE),
        origins={
            f"'{OURS}'": "the log: log paste, line 7",
            "SMTP": "KB step 4: what is missing",
            "IIS,POP": "the services it has now: certificate paste, line 2",
            "'EX01'": "the servers the connector sends from: connector paste, line 5",
        },
    ),
    Row("the smallest first", S.COMMAND, smallest, (ready,), commands=(BIND + HERE, f"{BIND},IIS,POP{HERE}")),
    *(
        Row(f"one form for {services}", S.COMMAND, partial(ready, services), (ready,), commands=(BIND + HERE,))
        for services in ("None", "Federation")
    ),
    *(
        Row(f"none for {services}", S.COMMAND, partial(ready, services), (partial(ready, "IIS"),), commands=())
        for services in ("SMTP", "SMTP, Federation", "IIS, SMTP")
    ),
    Row("none before the services", S.COMMAND, logged, (ready,), commands=()),
    Row("none without the log", S.COMMAND, lambda: knowing(ready(), log=None, failed=()), (ready,), commands=()),
    Row("the chosen line alone", S.PROMPT, ready, (smallest,), commands=(f"{BIND},IIS,POP{HERE}",)),
    Row("the chosen smallest line alone", S.PROMPT, smallest, (ready,), commands=(BIND + HERE,)),
    Row(
        "the other server gets the smallest line",
        S.COMMAND,
        lambda: ready(case=at_the_queue()),
        (lambda: ready(case=at_the_queue(identity=r"EX02\9")), ready),
        elsewhere=(f"{BIND} -Server 'EX02'",),
    ),
    Row(
        "all others but the one the queue is on",
        S.COMMAND,
        lambda: ready(case=at_the_queue("{EX01, EX02, EX03}", r"ex02.contoso.com\7")),
        (lambda: ready(case=at_the_queue("{EX01, EX02, EX03}", r"EX01\7")),),
        elsewhere=("…-Server 'EX01'", "…-Server 'EX03'"),
        here="ex02.contoso.com",
    ),
    *(
        # The first of the list need not be the one the person works on.
        Row(
            f"none while nothing tells which one this is, and it is asked: {name}",
            S.COMMAND,
            case,
            (lambda: ready(case=at_the_queue()), ready, lambda: knowing(ready(case=two_servers()), server="EX02")),
            says=(
                Says("which-server", "This output names no server, and the connector sends from EX01…", Level.BLOCK),
            ),
            commands=(),
            elsewhere=(),
        )
        for name, case in (
            ("two servers", lambda: ready(case=two_servers())),
            ("a list that was cut behind the first", lambda: ready(case=two_servers("{EX01...}"))),
            (
                "queues on both",
                lambda: ready(case=given(two_servers(), S.SYMPTOM, queue_list() + queue_list(identity=r"EX02\9"))),
            ),
        )
    ),
    Row(
        "the certificate is read on each while nothing tells which one this is",
        S.SERVICES,
        lambda: given(two_servers(), S.LOG, failing()),
        (lambda: given(at_the_queue(), S.LOG, failing()), logged),
        commands=("…-Server 'EX01' |…", "…-Server 'EX02' |…", "Get-ExchangeCertificate | Format-List…"),
        says=(Says("which-server", "The connector sends from EX01, EX02, and nothing tells…", Level.BLOCK),),
    ),
    Row(
        "where SMTP is there already nothing is asked, for nothing is bound",
        S.COMMAND,
        lambda: ready("IIS, SMTP", case=two_servers()),
        (lambda: ready(case=two_servers()),),
        says=(Says("smtp-already-assigned"),),
        never=("which-server",),
    ),
    *(
        Row(f"none elsewhere {name}", S.COMMAND, case, (lambda: ready(case=at_the_queue()),), elsewhere=())
        for name, case in (
            ("for a connector with one server", ready),
            ("for a name alone", lambda: ready(case=named())),
            ("on the Edge", lambda: ready(case=knowing(two_servers(), place=EDGE))),
            ("while nothing may be bound", lambda: ready(case=two_servers(), HasPrivateKey="False")),
        )
    ),
    Row(
        "a server whose name no command may carry is left out",
        S.COMMAND,
        lambda: knowing(ready(case=unsafe_server()), server="EX01"),
        (lambda: knowing(ready(case=two_servers("{EX01, EX02, EX03}")), server="EX01"),),
        elsewhere=("…-Server 'EX02'",),
    ),
    Row(
        "the first server's queues are retried at once",
        S.RETRY,
        at_the_queue,
        (lambda: at_server(at_the_queue(), "EX02"),),
        commands=("Retry-Queue -Filter \"Status -eq 'Retry'\" -Server 'EX01'", "…"),
    ),
    Row(
        "the other server's when its turn comes",
        S.RETRY,
        lambda: at_server(at_the_queue(), "EX02"),
        (at_the_queue,),
        commands=("Retry-Queue -Filter \"Status -eq 'Retry'\" -Server 'EX02'", "…"),
    ),
)


def of_log(version: str) -> Case:
    """A case whose log was written by this version."""
    return given(named(), S.LOG, f"#Version: {version}\n" + failing())


def through(version: ExchangeVersion | None, proxied: str) -> Case:
    """A case of a server of this version, whose connector sends through the Front End or does not."""
    case = with_connector(FrontendProxyEnabled=proxied)
    return of(version, case) if version else knowing(case, place=None)


ASKING = (
    (ExchangeVersion.E2010, "False", "Get-TransportServer"),
    (ExchangeVersion.E2019_SE, "True", "Get-FrontendTransportService"),
    (None, "False", "Get-TransportService"),
)
TURNING_ON = (
    Row(
        "it is not turned on where it is on",
        S.LOGGING,
        lambda: with_connector(level="Verbose"),
        (with_connector,),
        orders=(CommandId.READ_LOG_PATH,),
    ),
    *(
        Row(
            f"{name} is named {identity}",
            S.LOGGING,
            partial(with_connector, name=name),
            (with_connector,),
            commands=(f"…-Identity {identity} …", "…"),
        )
        for name, identity in (("O'Brien", "'O''Brien'"), ("Ausgang \u2013 Z\u00fcrich", f"'{GUID}'"))
    ),
    Row(
        "a typed name that is no ASCII is composed",
        S.LOGGING,
        lambda: named("Ausgang \u2013"),
        (lambda: named("Ausgang -"),),
        commands=("…-Identity ('Ausgang ' + [char]0x2013)…", "…"),
    ),
    *(
        Row(
            f"the folder is asked with {cmdlet}",
            S.LOGGING,
            partial(through, version, proxied),
            tuple(partial(through, *other[:2]) for other in ASKING if other[2] != cmdlet),
            commands=("…", f"{cmdlet}…"),
        )
        for version, proxied, cmdlet in ASKING
    ),
    Row(
        "the folder is asked with old cmdlets where the log is of 2010",
        S.LOGGING,
        lambda: of_log("14.0.0.0"),
        (lambda: of_log("15.0.0.0"),),
        commands=("…", "Get-TransportServer …"),
    ),
)
HUB = DefaultFolder(r"TransportRoles\Logs\Hub\ProtocolLog\SmtpSend")


def folders(*known: LogFolder) -> Case:
    return replace(Case(), log_folders=known)


def without_set_clipboard() -> Case:
    return replace(of(ExchangeVersion.E2019_SE), shell=ShellSeen(set_clipboard=False))


LOG_PLACE = (
    Row("the folder is the default", S.LOG, Case, (lambda: folders(LogFolder("EX01", r"L:\Send")),), folders=(HUB,)),
    Row(
        "the folder is the one that two servers name",
        S.LOG,
        lambda: folders(LogFolder("EX01", r"L:\Send"), LogFolder("EX02", r"L:\Send")),
        (Case, lambda: folders(LogFolder("EX01", r"L:\Send"), LogFolder("EX02", r"M:\Send"))),
        folders=(KnownFolder(r"L:\Send", "SendProtocolLogPath of EX01 and EX02"),),
    ),
    *(
        Row(
            f"the folder is never a path that is {name}",
            S.LOG,
            partial(folders, folder),
            (lambda: folders(LogFolder("EX01", r"L:\Send")),),
            folders=(HUB,),
        )
        for name, folder in (
            ("cut", LogFolder("EX01", r"L:\Se...", cut=True)),
            ("unsafe", LogFolder("EX01", "L:\\S\x07")),
        )
    ),
    Row(
        "it is read with old cmdlets on Exchange 2010",
        S.LOG,
        lambda: of(ExchangeVersion.E2010),
        (Case, lambda: of(ExchangeVersion.E2013_2016)),
        commands=("…Select-Object -Last 3000 | clip",),
    ),
    *(
        Row(
            f"it is copied with Set-Clipboard {name}",
            S.LOG,
            case,
            (Case, without_set_clipboard),
            commands=("…Set-Clipboard",),
        )
        for name, case in (
            ("on the newest", lambda: of(ExchangeVersion.E2019_SE)),
            ("where its release is known", lambda: replace(Case(), release="2019")),
        )
    ),
    *(
        Row(
            f"it is copied with clip {name}",
            S.LOG,
            case,
            (lambda: of(ExchangeVersion.E2019_SE), lambda: of(ExchangeVersion.E2010)),
            commands=("…Get-Content -Tail 3000 -Encoding UTF8 | clip",),
        )
        for name, case in (
            ("while nothing is known", Case),
            ("on an older one", lambda: of(ExchangeVersion.E2013_2016)),
            ("in a shell without Set-Clipboard", without_set_clipboard),
            ("where its release is an older one", lambda: replace(Case(), release="2016")),
        )
    ),
    Row(
        "it is read with old cmdlets where the log is of 2010",
        S.LOG,
        lambda: of_log("14.0.0.0"),
        (lambda: of_log("15.0.0.0"),),
        commands=("…Select-Object -Last 3000 | clip",),
    ),
    Row(
        "it is read with newer cmdlets where the log is of 2013",
        S.LOG,
        lambda: of_log("15.0.0.0"),
        (lambda: of_log("14.0.0.0"),),
        commands=("…-Tail…",),
    ),
)


def queue(error: str = TIMED_OUT, status: str = "Retry") -> Case:
    """A case in which one queue was read."""
    return given(Case(), S.SYMPTOM, queue_list(status, error))


SYMPTOM = (
    Row(
        "the article's own words are told with their queue",
        S.SYMPTOM,
        queue,
        (lambda: queue(NO_DNS), lambda: queue("", "Ready")),
        says=(
            Says(
                "candidate-timed-out",
                r"Queue EX01\3417: These are the article's own words.…",
                Level.GOOD,
                lines=r"…EX01\3417…",
            ),
        ),
    ),
    Row(
        "what two queues share is told once",
        S.SYMPTOM,
        lambda: given(Case(), S.SYMPTOM, queue_list() + queue_list(identity=r"EX01\3418")),
        (lambda: queue(NO_DNS),),
        says=(Says("candidate-timed-out"),),
        only=frozenset({"candidate-timed-out", "mail-expires"}),
    ),
    Row(
        "another fault stops with what to do",
        S.SYMPTOM,
        lambda: queue(NO_DNS),
        (queue, lambda: queue("", "Ready")),
        says=(Says("dns", "…Resolve the next hop's name…", Level.BLOCK),),
    ),
    Row(
        "a fault through the Front End names its log",
        S.SYMPTOM,
        lambda: queue(f"Proxy session setup failed on Frontend with '{TIMED_OUT}'"),
        (queue,),
        says=(Says("", "…FrontEnd…"),),
    ),
    Row(
        "that there is no error is no proof of health",
        S.SYMPTOM,
        lambda: queue("", "Ready"),
        (queue, lambda: queue(NO_DNS)),
        says=(Says("no-error", "…on the server where mail is stuck…"),),
    ),
)


def unaddressable() -> Case:
    """A case of connectors whose names no command may carry."""
    known = with_connector().connectors[0]
    return Case(connectors=(replace(known, name="Out...", name_cut=True), replace(known, name="a\x07", guid="")))


CONNECTORS = (
    Row(
        "it is told with its level and servers",
        S.CONNECTOR,
        two_servers,
        (with_connector, named, lambda: with_connector(servers="{EX01, EX02}", level="Verbose")),
        says=(
            Says(
                "",
                f"…Send connector: {CONNECTOR}. Its logging level before: None.…It sends from: EX01, EX02.…",
            ),
        ),
    ),
    Row(
        "of a name alone it says what is missing",
        S.CONNECTOR,
        named,
        (with_connector,),
        says=(Says("", "…Only the name is known…"),),
    ),
    *(
        Row(f"it says of {name}: {value or 'nothing'}", S.CONNECTOR, case, (with_connector,), says=(Says("", words),))
        for name, value, words in (
            ("Enabled", "False", "…This connector is disabled…"),
            ("FrontendProxyEnabled", "True", "…the FrontEnd log is the one to read…"),
            ("CloudServicesMailEnabled", "True", "…a certificate with the same issuer and subject…"),
            ("IgnoreSTARTTLS", "True", "…does not use STARTTLS at all…"),
            ("ProtocolLoggingLevel", "", "…Its logging level before: not shown.…"),
        )
        for case in (partial(listing, **{name: value}),)
    ),
    Row(
        "one that cannot be addressed is not offered, and that is said",
        S.CONNECTOR,
        unaddressable,
        (with_connector,),
        says=(Says("name-cut"), Says("name-unsafe")),
        only=frozenset({"name-cut", "name-unsafe"}),
        choices=(),
    ),
)

FOLDERS = (
    (Place(ExchangeVersion.E2019_SE, edge=False), "False", r"Logs\Hub\ProtocolLog\SmtpSend"),
    (Place(ExchangeVersion.E2013_2016, edge=False), "True", r"Logs\FrontEnd\ProtocolLog\SmtpSend"),
    (Place(ExchangeVersion.E2013_2016, edge=True), "False", r"Logs\Edge\ProtocolLog\SmtpSend"),
    (Place(ExchangeVersion.E2010, edge=False), "False", r"Logs\ProtocolLog\SmtpSend"),
)


def placed(place: Place, proxied: str) -> Case:
    return knowing(with_connector(FrontendProxyEnabled=proxied), place=place)


def folder_named() -> Case:
    return given(named(), S.LOGGING, cases.listed(Name="EX01", SendProtocolLogPath=r"L:\Send"))


def folder_cut() -> Case:
    return replace(named(), log_folders=(LogFolder("EX01", r"L:\Se...", cut=True),))


LEVELS = (
    ("None", "…The level was None; the last step puts it back.…"),
    ("Verbose", "…Logging is Verbose already: nothing to run here.…"),
    ("", "…The level before is not known. None is the default…"),
)
TURNING_ON_SAYS = (
    *(
        Row(
            f"the level was {before or 'not shown'}",
            S.LOGGING,
            partial(with_connector, level=before),
            tuple(partial(with_connector, level=other) for other, _words in LEVELS if other != before),
            says=(Says("", words),),
        )
        for before, words in LEVELS
    ),
    *(
        Row(
            f"the log lies in {folder}",
            S.LOGGING,
            partial(placed, place, proxied),
            tuple(partial(placed, *other[:2]) for other in FOLDERS if other[2] != folder),
            says=(Says("log-folder", f"…{folder}…"),),
        )
        for place, proxied, folder in FOLDERS
    ),
    Row(
        "the server's own word for the folder is taken",
        S.LOGGING,
        folder_named,
        (named, folder_cut),
        says=(Says("log-folder", r"The log on EX01: L:\Send"),),
    ),
    Row(
        "a cut path is not taken",
        S.LOGGING,
        folder_cut,
        (folder_named,),
        says=(Says("path-cut"),),
        never=("log-folder",),
    ),
    Row(
        "on the Edge the person is sent to a Mailbox server",
        S.LOGGING,
        lambda: knowing(named(), place=EDGE),
        (lambda: of(ExchangeVersion.E2019_SE, named()),),
        says=(Says("edge-logging", "…EdgeSync carries it over…"),),
    ),
)

ARTICLES_SAMPLE = "".join(
    f"2026-11-21T04:42:56.804Z,Outbound to Office 365,08D50D3D9730B7C1,{number},,,*,{data},{context}\n"
    for number, data, context in (
        (16, '"CN=*.contoso.com, OU=IT, O=Contoso Corporation"', "Certificate subject"),
        (17, '"CN=Trusted Authority 9, O=Fabrikam, C=US"', "Certificate issuer name"),
        (18, "xxxxxxxxxxxxxxxxxxxxxx", "Certificate serial number"),
        (19, "xxxxxxxxxxxxxxxxxxxxxx", "Certificate thumbprint"),
        (20, "*.contoso.com;contoso.com", "Certificate alternate names"),
        (21, "", "TLS negotiation failed with error UnknownCredentials"),
    )
)
"""The shape of the article's sample: masked, without endpoints, and without a header row before the certificate."""

MISNAMED = "Outbound to Ofice 365"
NO_HANDSHAKE = cases.session([(">", "EHLO mail.contoso.com", "")])
REFUSED = cases.session([("*", "", "Failed to connect. Winsock error code: 10061, Win32 error code: 10061")])
WITHOUT_THUMBPRINT = "".join(row for row in failing().splitlines(keepends=True) if "Certificate thumbprint" not in row)
NONE_TO_BIND = "These rows show no certificate to bind yet."
CHOSEN = {"now.thumbprint": OURS}
NONE_CHOSEN = {"now.thumbprint": ""}


def log_of(text: str, case: Case | None = None) -> Case:
    """A case after these rows of the log."""
    return given(case or named(), S.LOG, text)


def failing_with(error: str) -> Case:
    return log_of(failing(error), with_connector())


def masked() -> Case:
    return log_of(ARTICLES_SAMPLE)


def credentials(key: str | None = None) -> Case:
    """A case in which the handshake failed with NoCredentials and, where it was read, the certificate has a key."""
    case = failing_with("NoCredentials")
    return case if key is None else given(case, S.SERVICES, certificate_list(HasPrivateKey=key))


def without_handshake(connector: str = CONNECTOR) -> Case:
    """Without RequireTLS mail leaves unencrypted where STARTTLS is taken away: no handshake, and no failure."""
    return log_of(NO_HANDSHAKE + working(connector="Internet", number=7), named(connector))


def fault_elsewhere() -> Case:
    return log_of(failing("SocketError", connector="Internet") + failing(number=2), named("Internet", Case()))


def other_first() -> Case:
    """A case of another connector, which fails otherwise and with another certificate."""
    return log_of(failing("SocketError", OTHER, connector="Internet") + failing(number=2), named("Internet", Case()))


def one_of_three() -> Case:
    return saying_here(ready(case=two_servers("{EX01, EX02, EX03}")), "EX01")


def second_of_three() -> Case:
    return at_server(one_of_three(), "EX02")


def from_the_second(server: str) -> Case:
    return at_server(second_of_three(), server)


TITLE = step(S.CONNECTOR).words.title
LOG = (
    Row(
        "the article's fault names our certificate with its lines",
        S.LOG,
        logged,
        (
            masked,
            lambda: log_of(failing("SocketError")),
            lambda: log_of(failing(thumbprint=OTHER, error="NoCredentials")),
        ),
        says=(Says("ours", f"Our certificate: {OURS}…", lines=f"…{OURS}…"),),
        begins=(Says("", "…1 session, 1 with…"),),
    ),
    Row(
        "the article's fault is good news",
        S.LOG,
        logged,
        (lambda: log_of(failing("SocketError")), lambda: log_of(working())),
        says=(Says("UnknownCredentials", level=Level.GOOD),),
    ),
    Row(
        "the article's own sample is refused because it is masked",
        S.LOG,
        masked,
        (logged,),
        says=(Says("masked", "…It is masked, as in the article's own sample…your own server's log…", Level.BLOCK),),
        facts=NONE_CHOSEN,
    ),
    Row("nothing is asked about a masked certificate", S.SERVICES, masked, (logged,), commands=()),
    Row(
        "without a header row it is inferred",
        S.LOG,
        lambda: log_of(failing(header="")),
        (logged,),
        says=(Says("no-header", "…taken for ours because the handshake failed…"),),
    ),
    *(
        Row(
            f"{error} stops with what to do instead of binding",
            S.LOG,
            partial(failing_with, error),
            (lambda: failing_with("UnknownCredentials"), partial(failing_with, other)),
            says=(Says(error, f"…{advice}…", Level.BLOCK),),
            binds=False,
            missing=NONE_TO_BIND,
        )
        for error, advice, other in (
            ("SocketError", "Compare the TLS versions", "InvalidToken"),
            ("InvalidToken", "inspects SMTP", "SocketError"),
        )
    ),
    Row(
        "NoCredentials asks for key and services",
        S.LOG,
        credentials,
        (logged, lambda: credentials("False"), lambda: credentials("True")),
        says=(Says("NoCredentials", "…HasPrivateKey and Services decide…", Level.WARN),),
        binds=False,
    ),
    Row(
        "NoCredentials leads to the certificate",
        S.SERVICES,
        credentials,
        (lambda: failing_with("SocketError"),),
        commands=("Get-ExchangeCertificate -Thumbprint…", "…"),
    ),
    Row(
        "NoCredentials without a key",
        S.LOG,
        lambda: credentials("False"),
        (credentials, lambda: credentials("True")),
        says=(Says("NoCredentials", "…Our certificate has no private key…"),),
        binds=False,
    ),
    Row(
        "NoCredentials while nothing is said of a key",
        S.LOG,
        lambda: credentials(""),
        (lambda: credentials("True"),),
        binds=False,
    ),
    Row(
        "NoCredentials with a key",
        S.LOG,
        lambda: credentials("True"),
        (credentials, lambda: credentials("False")),
        says=(Says("NoCredentials", level=Level.GOOD),),
        binds=True,
    ),
    Row(
        "a fault nobody knows warns",
        S.LOG,
        lambda: log_of(failing("Brandnew")),
        (logged, lambda: log_of(failing("SocketError"))),
        says=(Says("Brandnew", level=Level.WARN),),
    ),
    Row(
        "of another fault beside the article's own it only warns",
        S.LOG,
        lambda: log_of(failing() + failing("SocketError", number=2)),
        (logged, lambda: log_of(failing("SocketError"))),
        says=(Says("SocketError", level=Level.WARN),),
        facts=CHOSEN,
    ),
    Row(
        "of several certificates it asks for the choice",
        S.LOG,
        lambda: log_of(failing() + failing(thumbprint=OTHER, number=2)),
        (logged, lambda: log_of(failing() + failing(number=2))),
        says=(Says("choose-certificate", "2 certificates of ours failed.…"),),
        missing="Choose our certificate first.",
    ),
    Row(
        "of other connectors alone it says whose the failures are",
        S.LOG,
        lambda: log_of(failing(), named(MISNAMED)),
        # Before the connector is known there is no other.
        (logged, lambda: log_of(failing(), Case())),
        says=(
            Says("other-connector", f"…They belong to: {CONNECTOR}.…choose it instead…"),
            Says("choose-certificate", "…1 certificate of ours failed.…"),
        ),
    ),
    *(
        Row(
            f"rows that show no certificate to bind say why: {each}",
            S.LOG,
            partial(log_of, text),
            (logged,),
            says=(Says(each, level=level),),
            facts=NONE_CHOSEN,
        )
        for text, each, level in (
            (failing(thumbprint=""), "no-certificate", Level.BLOCK),
            (working(), "healthy", Level.WARN),
            (NO_HANDSHAKE, "no-handshake", Level.WARN),
            (REFUSED, "network", Level.BLOCK),
            (cases.session(cases.certificate_rows(OURS)), "no-outcome", Level.WARN),
        )
    ),
    Row(
        "another connector's success says nothing good of this one",
        S.LOG,
        without_handshake,
        (lambda: without_handshake("Internet"), logged),
        says=(Says("no-handshake", f"The sessions of {CONNECTOR} in these rows show no TLS handshake…"),),
    ),
    Row(
        "its own success does",
        S.LOG,
        lambda: without_handshake("Internet"),
        (without_handshake,),
        says=(Says("healthy"),),
    ),
    Row(
        # Only a typed name can be a slip; what another connector fails with is another fault.
        "others alone are left out where Exchange has shown the connector",
        S.LOG,
        lambda: log_of(failing(connector="Internet"), with_connector()),
        (lambda: log_of(failing(), with_connector()),),
        says=(Says("other-connector", "…They belong to: Internet.…"),),
        facts={"candidates": ()},
    ),
    Row(
        "where only the thumbprint row is missing it asks for the whole session",
        S.LOG,
        lambda: log_of(WITHOUT_THUMBPRINT),
        (logged, lambda: log_of(failing(thumbprint=""))),
        says=(Says("no-thumbprint"),),
    ),
    Row("what was not read is not spoken of", S.LOG, Case, (logged,), says=(SILENT,)),
    Row(
        "it names the connector that has the article's fault where the chosen one has another",
        S.LOG,
        fault_elsewhere,
        (lambda: log_of(failing() + failing(connector="Internet", number=2), named("Internet", Case())),),
        says=(Says("article-elsewhere", f"…on another connector: {CONNECTOR}.…'{TITLE}'…", Level.WARN),),
        missing=f"…{CONNECTOR}…{TITLE}…",
    ),
    *(
        Row(
            f"{server} has given no rows of its own yet",
            S.LOG,
            partial(from_the_second, server),
            (
                one_of_three,
                lambda: from_the_second("EX01"),
                lambda: given(second_of_three(), S.LOG, failing()),
            ),
            says=(Says("log-of-another", "…rows that were given for EX01.…"),),
        )
        for server in ("EX02", "EX03")
    ),
    Row(
        "it says first that it may be over",
        S.LOG,
        lambda: log_of(failing() + working(), with_connector()),
        (lambda: log_of(failing(), with_connector()),),
        says=(Says("recovered"),),
        begins=(Says(""), Says("recovered")),
    ),
    Row("none is chosen for the wrong connector", S.LOG, other_first, (logged,), facts=NONE_CHOSEN),
    Row(
        "the only certificate needs no choice after the right connector was chosen",
        S.LOG,
        lambda: named(CONNECTOR, other_first()),
        (other_first,),
        facts=CHOSEN,
        choices=(),
    ),
)


def wanting_key() -> Case:
    return ready("IIS, POP", HasPrivateKey="False", Subject="CN=*.contoso.com")


def told_of_the_key(reason: str = "PrivateKeyMissing") -> Case:
    """A case in which Exchange gave this reason against the certificate."""
    said = f"The certificate with thumbprint {OURS} was found but is not valid for use with Exchange Server"
    return take(logged(), S.SERVICES, f"{said} (reason: {reason}).").case


KEY_CLOSED = partial(told_of_the_key, "PrivateKeyNotAccessible")


SERVICES = (
    Row(
        "they are told as they are",
        S.SERVICES,
        ready,
        (lambda: ready("None"), named),
        says=(Says("services-now", "Services now: IIS, POP."),),
    ),
    Row(
        "none are told as none",
        S.SERVICES,
        lambda: ready("None"),
        (ready,),
        says=(Says("services-now", "Services now: None."),),
    ),
    Row(
        "what is wrong with the certificate is told, but not what is wrong with the command",
        S.SERVICES,
        wanting_key,
        (ready,),
        says=(Says("no-private-key"),),
        never=("iis-named-again", "pop-imap-name"),
    ),
    Row(
        "PrivateKeyMissing is told of the certificate itself",
        S.SERVICES,
        told_of_the_key,
        (KEY_CLOSED, logged),
        says=(Says("no-private-key", "Exchange answered PrivateKeyMissing…", Level.BLOCK),),
        binds=False,
    ),
    Row(
        "a newer output with the key takes that back, and no other answer",
        S.SERVICES,
        told_of_the_key,
        (KEY_CLOSED,),
        text=certificate_list(HasPrivateKey="True"),
        facts={"now.errors": ()},
        never=("no-private-key",),
        binds=True,
    ),
    Row("what is not known is not spoken of", S.SERVICES, named, (ready,), says=(SILENT,)),
)
COMMAND_SAYS = (
    Row(
        "before and after are shown",
        S.COMMAND,
        ready,
        (lambda: ready("IIS"), lambda: ready("IIS, POP, IMAP")),
        says=(Says("before-after", "Before: IIS, POP.  After: SMTP, IIS, POP."),),
    ),
    Row(
        "every check is told",
        S.COMMAND,
        lambda: ready("IIS, POP", Subject="CN=*.contoso.com"),
        (lambda: ready("None"),),
        says=(Says("iis-named-again"), Says("pop-imap-name")),
    ),
    *(
        Row(
            f"it waits for the log and the services {name}",
            S.COMMAND,
            case,
            (ready,),
            says=(Says("not-yet"),),
            only=frozenset({"not-yet"}),
        )
        for name, case in (("of nothing", Case), ("of a name", named), ("behind the log", logged))
    ),
)

PROMPT = (
    Row(
        "the question about this certificate is answered with N",
        S.PROMPT,
        asked,
        (ready, lambda: asked(replacement=OTHER), lambda: asked("****", "****")),
        says=(
            Says(
                "",
                "Answer N, then Enter: Enter alone means Yes, and would replace the default SMTP certificate "
                f"{DEFAULT} by your certificate.…The default certificate now: "
                f"{DEFAULT} (expires 3/18/2030 8:41:26 AM). Kept here for an undo.…",
            ),
        ),
    ),
    Row(
        "the question about another certificate stops",
        S.PROMPT,
        lambda: asked(replacement=OTHER),
        (asked, ready, lambda: asked("****", "****")),
        says=(Says("other-replacement", f"…{OTHER}…Answer N…", Level.BLOCK),),
    ),
    Row(
        "a question with damaged thumbprints is answered with N all the same",
        S.PROMPT,
        lambda: asked("****", "****"),
        (asked, ready),
        says=(Says("", "…Answer N, then Enter.…not whole in this paste…"),),
    ),
    Row("nothing before it was pasted or answered", S.PROMPT, ready, (asked, no), says=(SILENT,)),
    Row(
        "N keeps the default and leaves the proof to the next step",
        S.PROMPT,
        no,
        (yes, asked, lambda: answered(PromptAnswer.NOT_ASKED)),
        says=(Says("", "…the default certificate stays…next step checks that…"),),
        leads=S.VERIFY,
    ),
    Row(
        "not asked claims nothing about an error",
        S.PROMPT,
        lambda: told(PromptAnswer.NOT_ASKED),
        (lambda: told(PromptAnswer.NO), yes_unseen, ready),
        says=(Says("", "It did not ask. If no error was printed either…"),),
        proof=Proves(SAID, id="default"),
    ),
    Row(
        "not asked leads past the way back",
        S.PROMPT,
        lambda: answered(PromptAnswer.NOT_ASKED),
        (yes,),
        leads=S.VERIFY,
    ),
    Row(
        "Y leads to the way back",
        S.PROMPT,
        yes,
        (no, asked, default_already, lambda: answered(PromptAnswer.NOT_ASKED)),
        says=(Says("answered-yes", "…The next step is the way back.…"),),
        leads=S.UNDO,
    ),
    Row(
        "Y to what was the default already has replaced nothing",
        S.PROMPT,
        default_already,
        (yes, no, asked),
        says=(Says("", "…nothing was replaced…"),),
        never=("answered-yes",),
        commands=(f"…{OURS}…",),
        proof=Proves(SAID, id="default"),
    ),
    Row(
        "N is the person's word",
        S.PROMPT,
        lambda: told(PromptAnswer.NO),
        (ready, yes_unseen),
        proof=Proves(SAID, id="default"),
    ),
    Row(
        "Y has changed the default", S.PROMPT, yes_unseen, (ready, default_already), proof=Proves(FAILED, id="default")
    ),
    Row(
        "without an answer nothing is said of it",
        S.PROMPT,
        lambda: told(None),
        (no, yes),
        proof=Proves(OPEN, id="default"),
    ),
)


def undone() -> Case:
    return step(S.UNDO).choose(yes(), RAN)


UNDO = (
    Row(
        "the earlier default is bound once more",
        S.UNDO,
        yes,
        (yes_unseen,),
        says=(Says("undo-known", f"…{DEFAULT}…"),),
        commands=(f"Enable-ExchangeCertificate -Thumbprint '{DEFAULT}' -Services SMTP -Server 'EX01'",),
        purpose="…answer Y…",
        missing="The default certificate is not put back yet. You may go on; the summary will say so.",
    ),
    Row(
        "without the question it says how to get an undo",
        S.UNDO,
        yes_unseen,
        (yes, lambda: given(yes_unseen(), S.UNDO, question())),
        says=(Says("undo-unknown", "…Paste the question…self-signed…"),),
        never=("The command above",),
        commands=("…",),
        changes=False,
    ),
    Row(
        "the question pasted late gives the undo",
        S.UNDO,
        lambda: given(yes_unseen(), S.UNDO, question()),
        (yes_unseen,),
        changes=True,
    ),
    Row("that it was run is the person's word", S.UNDO, undone, (yes,), says=(Says("undone"),), missing=""),
    Row(
        "on an Edge the subscription is to be made again",
        S.UNDO,
        lambda: knowing(yes(), place=Place(None, edge=True)),
        (yes, lambda: knowing(yes(), place=Place(None, edge=False))),
        says=(Says("edge-subscription"),),
    ),
)


def shown(after: str, before: str = "IIS, POP") -> Case:
    """A case whose services were these before the command and are these after it."""
    return given(ready(before), S.VERIFY, certificate_list(after))


def services(after: str, standing: Standing, *says: Says, before: str = "IIS, POP") -> Row:
    near = before if standing is PROVEN else f"{before}, SMTP"
    return Row(
        f"{after} after {before}",
        S.VERIFY,
        lambda: shown(after, before),
        (lambda: shown(near, before),),
        says=says,
        missing="" if standing is PROVEN else NOT_PROVEN,
        proof=Proves(standing),
    )


def without_thumbprint() -> Case:
    return given(ready(), S.VERIFY, "Services\n--------\nPOP, IIS, SMTP\n")


def without_those_before() -> Case:
    return given(logged(), S.VERIFY, certificate_list("SMTP"))


VERIFY = (
    services("POP, IIS, SMTP", PROVEN, Says("services-proven", "…SMTP is there, nothing was lost…")),
    services("POP, IIS", FAILED, Says("smtp-missing", "…SMTP is not there: services are IIS, POP.…")),
    services("POP, SMTP", FAILED, Says("service-lost", "…IIS is missing, although the command only adds…")),
    services("None", FAILED, Says("smtp-missing", "…services are None…")),
    services("IMAP, POP, IIS, SMTP", PROVEN),
    services("SMTP", PROVEN, before="None"),
    services("IIS, SMTP, Federation", PROVEN, before="IIS, Federation"),
    services("IIS, SMTP", FAILED),
    services("IIS, SMTP", FAILED, before="IIS, Federation"),
    Row(
        "an output without a thumbprint proves nothing",
        S.VERIFY,
        without_thumbprint,
        (lambda: shown("POP, IIS, SMTP"), ready),
        says=(Says("services-without-thumbprint"),),
        only=frozenset({"services-without-thumbprint"}),
        proof=Proves(OPEN, "…names no thumbprint…"),
    ),
    Row(
        "without those before no comparison is claimed",
        S.VERIFY,
        without_those_before,
        (lambda: shown("POP, IIS, SMTP"),),
        never=("nothing was lost",),
        proof=Proves(OPEN),
    ),
    Row(
        "another certificate is open again",
        S.VERIFY,
        lambda: knowing(proven_case(), thumbprint=OTHER),
        (proven_case,),
        proof=Proves(OPEN),
    ),
    Row("what was not read is not spoken of", S.VERIFY, ready, (without_thumbprint,), says=(SILENT,)),
)


def queues(text: str, case: Case | None = None) -> Case:
    """A case after this output of the queues behind the command."""
    return given(case or ready(), S.RETRY, text)


def moving() -> Case:
    return queues(queue_list("Active", ""))


def in_retry() -> Case:
    return queues(queue_list("Retry"))


def stuck(count: int, error: str, text: str, standing: Standing = FAILED) -> Row:
    return Row(
        f"{count} in Retry with {error or 'no error'}",
        S.RETRY,
        lambda: queues(queue_list("Retry", error, count)),
        (moving, lambda: queues(queue_list("Retry", error, count + 1))),
        says=(Says("in-retry", text),),
        proof=Proves(standing),
        missing="" if standing is PROVEN else NOT_PROVEN,
    )


OF_ANOTHER_FAULT = cases.listed(
    Identity=r"EX01\9", Status="Retry", NextHopDomain="x.example", LastError="451 4.4.0 DNS query failed"
)

RETRY = (
    Row(
        "queues that move are enough",
        S.RETRY,
        moving,
        (in_retry, ready, lambda: queues(TIMED_OUT)),
        says=(Says("", "No queue is in Retry any more."),),
        proof=Proves(PROVEN),
        missing="",
    ),
    Row("empty", S.RETRY, lambda: queues(queue_list("Ready", "", 0)), (in_retry,), proof=Proves(PROVEN), missing=""),
    stuck(1, TIMED_OUT, "…with 1 message. It shows the old error until the next attempt.…"),
    stuck(12, TIMED_OUT, "…with 12 messages. It shows…"),
    stuck(2500, TIMED_OUT, "…with 2,500 messages. It shows…"),
    stuck(2, NO_DNS, "…with 2 messages. The name of the next hop cannot be resolved.…", PROVEN),
    stuck(2, "499 9.9.9 Odd", "…with 2 messages. This LastError is none of those…"),
    stuck(2, "", r"Queue EX01\3417 is still in Retry with 2 messages."),
    stuck(12, "", r"Queue EX01\3417 is still in Retry with 12 messages."),
    Row(
        "one of two moves",
        S.RETRY,
        lambda: queues(queue_list("Active", "") + queue_list("Retry")),
        (moving,),
        proof=Proves(FAILED),
    ),
    Row(
        "words without a status prove nothing",
        S.RETRY,
        lambda: queues(TIMED_OUT),
        (moving, in_retry, ready),
        says=(Says("no-status"),),
        only=frozenset({"no-status"}),
        proof=Proves(OPEN),
    ),
    Row("a number for a status", S.RETRY, lambda: queues(queue_list("3", "")), (moving, in_retry), proof=Proves(OPEN)),
    Row(
        "one that somebody stopped is named",
        S.RETRY,
        lambda: queues(queue_list("Suspended", "")),
        (moving, in_retry),
        says=(Says("", "…is suspended…"),),
    ),
    Row("what was not read is not spoken of", S.RETRY, ready, (moving, in_retry), says=(SILENT,)),
    Row(
        "one of another fault holds nothing up",
        S.RETRY,
        lambda: queues(queue_list("Active", "") + OF_ANOTHER_FAULT),
        (moving, lambda: queues(queue_list("Active", "") + queue_list("Retry"))),
        proof=Proves(PROVEN, "…another fault…"),
    ),
    Row(
        "one that was stuck is held up by any fault",
        S.RETRY,
        lambda: queues(queue_list(error=NO_DNS), given(Case(), S.SYMPTOM, queue_list())),
        (lambda: queues(queue_list("Active", ""), given(Case(), S.SYMPTOM, queue_list())),),
        proof=Proves(FAILED),
    ),
)


def rows(log: str, case: Case | None = None) -> Case:
    """A case after these rows of the log behind the command."""
    return given(case or ready(), S.SESSION, log)


def good() -> Case:
    return rows(working())


def bad() -> Case:
    return rows(failing(at=LATER))


def seen(name: str, log: str, standing: Standing, *says: Says, only: str = "", because: str = "…") -> Row:
    """A row about the new session, which is close to one that succeeded or, where it did, to one that failed."""
    near: tuple[Callable[[], Case], ...] = (bad,) if standing is PROVEN else (good,)
    return Row(
        name,
        S.SESSION,
        lambda: rows(log),
        near,
        says=(*says, *([Says(only)] if only else ())),
        only=frozenset({only}) if only else None,
        proof=Proves(standing, because),
        missing="" if standing is PROVEN else NOT_PROVEN,
    )


SUCCEEDED = Says("session-proven", "…08DE2A4C71B90040…", lines=f'…,"{SUCCESS}"')
INTERNET_FAILED_LATER = failing() + failing(connector="Internet", at=LATER, number=2)
SESSION = (
    seen(
        "success",
        working(),
        PROVEN,
        SUCCEEDED,
        Says("", "…accepted a message…"),
        because="…a message was accepted…",
    ),
    seen("success without a message", working(delivered=False), PROVEN, Says("", "…do not show yet…")),
    Row(
        "success without a message does not say that one was accepted",
        S.SESSION,
        lambda: rows(working(delivered=False)),
        (good,),
        says=(Says("", "…do not show yet…"),),
        never=("accepted a message",),
    ),
    Row(
        "a message that was accepted is part of the proof",
        S.SESSION,
        good,
        (lambda: rows(working(delivered=False)),),
        proof=Proves(PROVEN, "…accepted…"),
    ),
    seen("an old failure, then success", failing() + working(), PROVEN),
    seen(
        "a failure before the change, then success",
        failing(at="2026-11-22T02:20:00.000Z", number=2) + working(),
        PROVEN,
    ),
    Row(
        "what still fails does not send the person to bind once more",
        S.SESSION,
        bad,
        (good, lambda: rows(failing()), lambda: rows(failing("SocketError", at=LATER))),
        says=(
            Says("still-failing", "…on the server that sends…The services, read again there, prove it.…", Level.BLOCK),
        ),
        never=("bind it to SMTP", "lost permission"),
        proof=Proves(FAILED),
        missing=NOT_PROVEN,
    ),
    seen(
        "failing otherwise",
        failing("SocketError", at=LATER),
        FAILED,
        Says("still-failing", "…The other side dropped the handshake…"),
    ),
    seen("failing again", working() + failing(at=LATER), FAILED),
    seen("failing again, before it in the rows", failing(at=LATER) + working(), FAILED),
    seen(
        "others failing again after it",
        working() + failing(at=LATER) + failing(at=LATER, number=2),
        FAILED,
        Says("failing-again", "After it, TLS failed again with UnknownCredentials.", Level.BLOCK),
    ),
    seen("failing again without a key", working() + failing("NoCredentials", at=LATER), FAILED),
    seen(
        "the other side failing after it stays a proof with a warning",
        working() + failing("SocketError", at=LATER),
        PROVEN,
        Says("session-proven"),
        Says("failing-otherwise"),
        Says("", "…After it, TLS failed with SocketError…"),
    ),
    seen("an old failure", failing(), OPEN, only="nothing-new"),
    seen("an old success", working(at=EARLIER), OPEN, only="nothing-new"),
    seen(
        "a newer session whose rows end before its outcome",
        "\n".join(line for line in failing(at=LATER).splitlines() if "TLS negotiation failed" not in line) + "\n",
        OPEN,
        Says("no-outcome", "A newer session sent a certificate of ours, but these rows do not show its outcome…"),
    ),
    seen("another connector's", working(connector="Internet"), OPEN, only="other-connector"),
    seen("another certificate", working(thumbprint=OTHER), OPEN, only="other-certificate-succeeded"),
    seen(
        "no certificate rows",
        working(thumbprint=""),
        OPEN,
        only="no-certificate-shown",
        because="a new session succeeded, but does not show this certificate",
    ),
    Row("what was not read is not spoken of", S.SESSION, ready, (good, bad), says=(SILENT,)),
    Row(
        "it is measured from the last failure of this connector",
        S.SESSION,
        lambda: rows(working(), ready(log=INTERNET_FAILED_LATER)),
        (lambda: rows(working(), ready(log=failing(at=LATER))),),
        proof=Proves(PROVEN),
    ),
    Row(
        "without a certificate to look for nothing is proven",
        S.SESSION,
        lambda: rows(working(), named(CONNECTOR)),
        (good,),
        proof=Proves(OPEN),
    ),
)


def level(before: str, after: str = "") -> Case:
    """A case with this logging level before it and, where it was shown, this one behind it."""
    case = with_connector(level=before)
    return given(case, S.RESTORE, connector_list(level=after)) if after else case


SHOW = f"…'{CONNECTOR}'…Format-List…"


def put_back(level: str) -> tuple[str, ...]:
    return (f"…'{CONNECTOR}' -ProtocolLoggingLevel {level}…", SHOW)


def logging(
    before: str, after: str, standing: Standing, text: str | None, commands: tuple[str, ...] | None = None
) -> Row:
    kept, turned = ("Verbose", "None") if before == "Verbose" else ("None", "Verbose")
    near = turned if standing is PROVEN else kept
    return Row(
        f"{after or 'nothing shown'} after {before or 'nothing known'}",
        S.RESTORE,
        lambda: level(before, after),
        (lambda: level(before, near),),
        says=() if text is None else (Says("", text),),
        commands=commands,
        proof=Proves(standing),
        missing="" if standing is PROVEN else NOT_PROVEN,
    )


def of_unknown_level() -> Case:
    return given(named(), S.RESTORE, connector_list())


RESTORE = (
    logging("None", "None", PROVEN, "The logging level is None again."),
    logging("None", "Verbose", FAILED, "The logging level is Verbose; it was None."),
    logging("None", "", OPEN, "", put_back("None")),
    logging("Verbose", "Verbose", PROVEN, "It was Verbose before this case: leave it so.", (SHOW,)),
    logging("Verbose", "", PROVEN, "It was Verbose before this case: leave it so.", (SHOW,)),
    logging("Verbose", "None", FAILED, "The logging level is None; it was Verbose.", put_back("Verbose")),
    logging("", "None", PROVEN, "The logging level is None now, the default; what it was before is not known."),
    logging(
        "",
        "Verbose",
        FAILED,
        "The logging level is Verbose; what it was before is not known, and None is the default.",
    ),
    logging("", "", OPEN, None, put_back("None")),
    Row(
        "where the level before is not known, it claims no more than that logging is off",
        S.RESTORE,
        of_unknown_level,
        (with_connector, lambda: level("None", "None")),
        proof=Proves(PROVEN, claim="Logging is off, as it is by default"),
        facts={"level_before": None, "level_after": LoggingLevel.NONE},
    ),
    Row(
        "where it is known, it claims that logging is back",
        S.RESTORE,
        with_connector,
        (of_unknown_level,),
        proof=Proves(OPEN, claim="Logging is back to what it was"),
    ),
    Row(
        "where the level before is not known, it is not said to be put back",
        S.RESTORE,
        named,
        (with_connector,),
        origins={"None": "the default: what it was before is not known"},
    ),
    Row(
        "another connector's level is not taken for this one's",
        S.RESTORE,
        lambda: given(ready(), S.RESTORE, connector_list("Internet")),
        (lambda: given(ready(), S.RESTORE, connector_list()), ready),
        says=(Says("level-not-shown", f"…{CONNECTOR}…"),),
        proof=Proves(OPEN),
    ),
    Row(
        "servers that were left open are named, for their log is still needed",
        S.RESTORE,
        lambda: ready(case=at_the_queue()),
        (ready, two_servers),
        says=(Says("servers-open", "Still open: EX01, EX02. The log is needed there…", Level.WARN),),
    ),
    Row(
        "on the Edge it is changed on a Mailbox server",
        S.RESTORE,
        lambda: knowing(ready(), place=EDGE),
        (lambda: knowing(with_connector(level="Verbose"), place=EDGE), ready),
        says=(Says("edge-logging"),),
    ),
)

OTHER_DEFAULT = "91D7E3B05C2F48A66E10F9C4B7D2853A0C4E6F18"
UNDOS_QUESTION = question(current=OURS, replacement=DEFAULT)


def after_y() -> Case:
    return answered(PromptAnswer.YES, asked())


def asked_again(current: str = OURS, replacement: str = DEFAULT) -> Case:
    """A case in which another question was pasted after the wrong answer: the undo asks one of its own."""
    return take(after_y(), S.PROMPT, question(current, replacement)).case


def two_questions() -> Case:
    return given(asked(), S.PROMPT, question(current=OTHER_DEFAULT))


ASKED_AGAIN = (
    Row(
        "the undo's question is answered with Y",
        S.PROMPT,
        after_y,
        (ready,),
        text=UNDOS_QUESTION,
        told="…way back…Type Y…",
        never=("Answer N",),
    ),
    Row(
        "the way back is taken from the question with its Y",
        S.UNDO,
        after_y,
        (lambda: knowing(after_y(), thumbprint=OTHER_DEFAULT, prompt=None),),
        text=UNDOS_QUESTION.rstrip() + " Y\n",
        chosen=(RAN,),
        missing="",
    ),
    Row(
        "an N to the undo's question puts nothing back",
        S.UNDO,
        after_y,
        (lambda: knowing(after_y(), thumbprint=OTHER_DEFAULT, prompt=None),),
        text=UNDOS_QUESTION.rstrip() + " N\n",
        told="You answered N to this question…",
        missing="The default certificate is not put back yet…",
    ),
    Row("the way back is taken from a typed answer", S.UNDO, after_y, (yes_unseen,), text=": Y", chosen=(RAN,)),
    Row(
        "what was asked cannot have been not asked",
        S.PROMPT,
        asked,
        (ready,),
        choices=(PromptAnswer.NO.value, PromptAnswer.YES.value),
        missing="Type N in the shell…",
    ),
    Row(
        "an answer that contradicts the question is questioned",
        S.PROMPT,
        lambda: told(PromptAnswer.NOT_ASKED, asked()),
        (asked, lambda: told(PromptAnswer.NOT_ASKED)),
        says=(Says("asked-after-all"),),
    ),
    Row(
        "the undo's question does not deny the harm",
        S.PROMPT,
        asked_again,
        (no, asked),
        says=(Says("answered-yes"),),
        proof=Proves(FAILED, id="default"),
    ),
    *(
        Row(
            f"the undo is not forgotten over {name}",
            S.UNDO,
            case,
            (yes_unseen, lambda: step(S.PROMPT).choose(two_questions(), PromptAnswer.YES.value)),
            commands=(f"Enable-ExchangeCertificate -Thumbprint '{DEFAULT}' -Services SMTP -Server 'EX01'",),
        )
        for name, case in (
            ("its own question", asked_again),
            ("the question of another server", lambda: asked_again(OTHER_DEFAULT, OURS)),
        )
    ),
    Row(
        "before any answer a newer question counts",
        S.PROMPT,
        two_questions,
        (asked, lambda: asked_again(OTHER_DEFAULT, OURS)),
        facts={"now.prompt.current": OTHER_DEFAULT},
    ),
    Row(
        "after Y nothing says N",
        S.PROMPT,
        after_y,
        (asked, no),
        says=(Says("answered-yes"),),
        never=("Answer N",),
    ),
)


def trying(status: str, error: str = TIMED_OUT, count: int = 12) -> Case:
    return queues(queue_list(status, error, count))


STILL_TRYING = tuple(
    Row(
        f"{status} with mail and the old error proves nothing",
        S.RETRY,
        partial(trying, status, count=count),
        (moving, partial(trying, "Ready", count=0)),
        says=(Says("still-trying"),),
        proof=Proves(OPEN),
        missing=NOT_PROVEN,
    )
    for status, count in (("Connecting", 214), ("Suspended", 214), ("Active", 214), ("Ready", 3))
)

OTHER_GUID = "40e7c1d6-9b2f-4d83-a5c7-6f10b8e2d934"
WRONG = "Internet"


def wrong_first(level: str = "None") -> Case:
    """A case in which logging was turned on for one connector, then another was chosen."""
    both = connector_list(WRONG, level, Guid=OTHER_GUID) + connector_list()
    case = step(S.CONNECTOR).choose(given(Case(opened=cases.NIGHT), S.CONNECTOR, both), WRONG)
    return step(S.CONNECTOR).choose(see(case, S.LOGGING), CONNECTOR)


WRONG_FIRST = (
    Row(
        "one that is not in the output is named before another takes its place",
        S.CONNECTOR,
        lambda: named("Foo"),
        (lambda: named("Internet"), Case),
        text=connector_list("Internet"),
        told="…Foo is not in this output…",
    ),
    Row(
        "the level of a connector of which none was known is not said to be put back",
        S.RESTORE,
        named,
        (with_connector,),
        purpose="Sets the connector's logging to the default; what it was before is not known.",
    ),
    Row(
        "the lines of the wrong connector stand behind those of the right one",
        S.RESTORE,
        wrong_first,
        (lambda: wrong_first("Verbose"), with_connector),
        commands=tuple(
            f"{cmdlet} -Identity '{name}' {behind}…"
            for name in (CONNECTOR, WRONG)
            for cmdlet, behind in (("Set-SendConnector", "-Protocol"), ("Get-SendConnector", "|"))
        ),
        says=(Says("left-verbose", f"…{WRONG}…"),),
    ),
    Row(
        "the wrong connector is named where logging is turned on",
        S.LOGGING,
        wrong_first,
        (lambda: wrong_first("Verbose"), with_connector),
        says=(Says("made-verbose", f"…{WRONG}…"),),
    ),
    Row(
        "one that was verbose already is left alone",
        S.RESTORE,
        lambda: wrong_first("Verbose"),
        (wrong_first,),
        commands=(f"Set-SendConnector -Identity '{CONNECTOR}'…", f"Get-SendConnector -Identity '{CONNECTOR}'…"),
        never=(WRONG,),
        facts={"made_verbose": ()},
    ),
    Row(
        "one that was chosen again stands first",
        S.CONNECTOR,
        lambda: step(S.CONNECTOR).choose(see(wrong_first(), S.LOGGING), WRONG),
        (wrong_first,),
        facts={"others_made_verbose": (CONNECTOR,)},
    ),
)


def both_connectors() -> Case:
    return given(Case(), S.CONNECTOR, connector_list() + connector_list(WRONG, SmartHosts="{}", Enabled="False"))


def two_certificates() -> Case:
    twice = failing() + failing(number=2)
    return log_of(twice + failing(thumbprint=OTHER, number=3, at="2026-11-22T02:20:00.000Z"))


def other_chosen() -> Case:
    return step(S.LOG).choose(two_certificates(), OTHER)


def after_the_answer(step_id: StepId, text: str) -> Case:
    return given(answered(), step_id, text)


CHOICES = (
    Row(
        "what sets connectors apart is shown",
        S.CONNECTOR,
        both_connectors,
        (with_connector, Case),
        offers=("… | to smtp:contoso.mail.example;1, via contoso-com.mail.protection.example", "…disabled"),
        chosen=(),
        missing="Choose the connector first.",
    ),
    Row(
        "the choice is missing while several connectors are there",
        S.CONNECTOR,
        lambda: given(Case(), S.CONNECTOR, connector_list() + connector_list(WRONG)),
        (with_connector, Case),
        missing="Choose the connector first.",
    ),
    Row(
        "a certificate is missing where the rows show none to bind",
        S.LOG,
        lambda: log_of(failing("SocketError")),
        (logged, two_certificates),
        missing=NONE_TO_BIND,
    ),
    Row(
        "of several certificates none is chosen before",
        S.LOG,
        two_certificates,
        (logged, other_chosen),
        offers=(
            f"{OURS} | … | 2 failed sessions, last 2026-11-22 02:14 UTC…",
            f"{OTHER} | … | 1 failed session, last 2026-11-22 02:20 UTC…",
        ),
        chosen=(),
        facts=NONE_CHOSEN,
    ),
    Row("nothing is asked about several certificates", S.SERVICES, two_certificates, (logged,), commands=()),
    Row("the chosen certificate is marked", S.LOG, other_chosen, (two_certificates, logged), chosen=(OTHER,)),
    Row("one certificate is not asked for", S.LOG, logged, (two_certificates,), choices=()),
    Row(
        "another connector's certificate is named with it, and not chosen before",
        S.LOG,
        lambda: log_of(failing(), named(MISNAMED)),
        (logged,),
        offers=(f"… | {CONNECTOR}: 1 failed session…",),
        chosen=(),
    ),
    Row(
        "the form that names nothing again is offered below the article's",
        S.COMMAND,
        ready,
        (smallest, lambda: ready("None")),
        offers=("…SMTP,IIS,POP…", "…SMTP alone… without the warning about IIS…"),
        chosen=("merged",),
    ),
    Row(
        "the stuck queue's connector stands first",
        S.CONNECTOR,
        lambda: given(
            given(
                Case(), S.SYMPTOM, cases.listed(Identity="EX01\\7", NextHopDomain="relay.example", LastError=TIMED_OUT)
            ),
            S.CONNECTOR,
            cases.listed(Name="Internet", AddressSpaces="{smtp:*;1}")
            + "\n"
            + cases.listed(Name="Relay", SmartHosts="{relay.example}"),
        ),
        (lambda: given(Case(), S.CONNECTOR, connector_list() + connector_list(WRONG)),),
        offers=("Relay | Relay | the stuck queue likely uses it…", "Internet | …"),
    ),
    *(
        Row(
            f"the form is not asked for where both are one line, for {services}",
            S.COMMAND,
            partial(ready, services),
            (ready,),
            choices=(),
            orders=(CommandId.BIND,),
        )
        for services in ("None", "Federation")
    ),
    Row(
        "the smallest line comes first once it is chosen",
        S.COMMAND,
        lambda: step(S.COMMAND).choose(ready(), "smallest"),
        (ready,),
        commands=(BIND + HERE, "…"),
    ),
    Row("the answers begin with no", S.PROMPT, ready, (no,), choices=("N", "not asked", "Y"), chosen=()),
    Row(
        "logging is turned on for the article's own connector",
        S.LOGGING,
        named,
        (lambda: named(WRONG),),
        commands=(f"Set-SendConnector -Identity '{CONNECTOR}' -ProtocolLoggingLevel Verbose", "…"),
    ),
    *(
        Row(
            "the proof is missing when what was read speaks against it",
            step_id,
            partial(after_the_answer, step_id, text),
            (proven_case,),
            missing=NOT_PROVEN,
        )
        for step_id, text in (
            (S.VERIFY, certificate_list("POP, IIS")),
            (S.RETRY, queue_list()),
            (S.SESSION, failing(at=LATER)),
            (S.RESTORE, connector_list(level="Verbose")),
        )
    ),
)

BOTH = replace(WHOLE, certificates=(PUBLIC, OWN, replace(PUBLIC, server="EX2", services=frozenset({Service.IIS}))))
"""Ours is on both Mailbox servers, with other services on each; the Edge did not answer."""

LACKING = replace(WHOLE, certificates=(PUBLIC, OWN, replace(OWN, thumbprint="C" * 40)))
"""Ours is on EX1 alone."""

SURVEYS = {"as printed": printed(BOTH), "in an old console": console(printed(BOTH), 80), "as a list": listed(BOTH)}


FAILING_THERE = failing(thumbprint=PUBLIC.thumbprint or "", connector=INTERNET.name)


def survey(text: str = SURVEYS["as printed"], server: str = "", edge: bool = False) -> Case:
    """The case after the survey and the log, at this server."""
    case = given(given(Case(opened=cases.NIGHT), S.CONNECTOR, text), S.LOG, FAILING_THERE)
    return at_server(case, server, edge=edge) if server else case


def bound_everywhere() -> Case:
    """The survey again, after the certificate was bound on both Mailbox servers."""
    bound = tuple(replace(each, services=(each.services or frozenset()) | {Service.SMTP}) for each in BOTH.certificates)
    return given(survey(), S.VERIFY, printed(replace(BOTH, certificates=bound)))


def of_two_connectors() -> Case:
    other = replace(INTERNET, name="Internet", guid="", source_servers=("EX2",))
    return given(Case(opened=cases.NIGHT), S.CONNECTOR, printed(replace(BOTH, connectors=(INTERNET, other))))


SURVEY = (
    *(
        row
        for shape, text in SURVEYS.items()
        for row in (
            Row(
                f"a survey {shape} names the connector",
                S.CONNECTOR,
                partial(survey, text),
                (Case,),
                missing="",
                facts={"connector": INTERNET.name},
            ),
            Row(
                f"a survey {shape} names the log folder of the Front End, which the connector goes through",
                S.LOG,
                partial(survey, text),
                (Case,),
                folders=(KnownFolder(r"L:\Exchange logs\FrontEnd\SmtpSend", "SendProtocolLogPath of EX1"),),
            ),
            Row(
                f"a survey {shape} tells the services once the log names the certificate",
                S.SERVICES,
                partial(survey, text),
                (lambda: given(Case(), S.CONNECTOR, SURVEYS["as printed"]),),
                missing="",
                here="EX1",
                facts={"services_now": PUBLIC.services},
            ),
            Row(
                f"a survey {shape} is enough for the line",
                S.COMMAND,
                partial(survey, text),
                (partial(survey, text, "EX2"),),
                commands=("…-Services SMTP,IIS,POP,IMAP -Server 'EX1'", "…-Services SMTP -Server 'EX1'"),
            ),
            Row(
                f"a survey {shape} is enough for the line on another server",
                S.COMMAND,
                partial(survey, text, "EX2"),
                (partial(survey, text),),
                commands=("…-Services SMTP,IIS -Server 'EX2'", "…-Services SMTP -Server 'EX2'"),
            ),
            Row(
                f"a survey {shape} tells nothing of an Edge that did not answer",
                S.SERVICES,
                partial(survey, text, "EDGE1", edge=True),
                (partial(survey, text),),
                facts={"services_now": None, "edge": True},
            ),
        )
    ),
    Row(
        "of several connectors in a survey the servers are known once one is chosen",
        S.SERVICES,
        lambda: given(step(S.CONNECTOR).choose(of_two_connectors(), INTERNET.name), S.LOG, FAILING_THERE),
        (of_two_connectors,),
        facts={"services_now": PUBLIC.services},
    ),
    Row(
        "a survey at the proof leaves what was known before",
        S.VERIFY,
        bound_everywhere,
        (survey,),
        missing="",
        facts={"services_now": PUBLIC.services},
    ),
)

SERVERS = (
    Row(
        "which server was worked on is asked first",
        S.SERVERS,
        two_servers,
        (at_the_queue,),
        missing="Say first which of the servers you have worked on.",
        choices=("here EX01", "here EX02"),
    ),
    Row(
        "each server is open until it is begun",
        S.SERVERS,
        at_the_queue,
        (two_servers, survey),
        missing="Still open: EX01, EX02.",
        choices=("at EX01", "edge EX01", "at EX02", "edge EX02"),
        only=frozenset({"server-open"}),
    ),
    Row(
        "a server whose list lacks the certificate is stopped at once",
        S.SERVERS,
        partial(survey, printed(LACKING)),
        (survey,),
        says=(Says("server-without", "EX2: the certificate is not on this server. …", Level.BLOCK),),
    ),
    Row(
        "no line is written where the certificate is not",
        S.COMMAND,
        partial(survey, printed(LACKING), "EX2"),
        (partial(survey, server="EX2"),),
        commands=(),
    ),
    Row(
        "a cut list of servers is doubted",
        S.SERVERS,
        lambda: at_the_queue("{EX01, EX02...}"),
        (at_the_queue,),
        says=(Says("servers-cut", level=Level.WARN),),
    ),
    Row(
        "a name that is no server's is not offered",
        S.SERVERS,
        lambda: saying_here(unsafe_server(), "EX01"),
        (lambda: two_servers("{EX01, EX02, EX03}"),),
        choices=("at EX01", "edge EX01", "at EX02", "edge EX02"),
    ),
)

ROWS = (
    *SYMPTOM,
    *CONNECTORS,
    *TURNING_ON_SAYS,
    *LOG,
    *SERVICES,
    *COMMAND_SAYS,
    *COMMAND,
    *TURNING_ON,
    *LOG_PLACE,
    *PROMPT,
    *UNDO,
    *VERIFY,
    *RETRY,
    *SESSION,
    *RESTORE,
    *ASKED_AGAIN,
    *STILL_TRYING,
    *WRONG_FIRST,
    *CHOICES,
    *SURVEY,
    *SERVERS,
)
