"""Evidence in our own values, and cases led as far as a test needs them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from wizard.case.case import Case, PromptAnswer, StepId
from wizard.case.file import slimmed
from wizard.diagnosis import Diagnosis
from wizard.facts import Service, spelled
from wizard.findings import Finding
from wizard.record.answer import answer_of
from wizard.record.redact import Redaction
from wizard.record.render import text
from wizard.record.stand_ins import Replacement
from wizard.steps.connector import name_connector
from wizard.steps.flow import ORDER, settle, step
from wizard.steps.intake import take
from wizard.steps.parts import Taken

NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
CONNECTOR = "Outbound to Office 365"
GUID = "7b1f3c52-0a9d-4e86-b3c4-91d20f6e58a7"
OURS = "5A0C9E7F13B8D24660F1A7C3E92B4D8815C6F03E"
OTHER = "C83D17A5F02E496B8D10B7E5A4936C2F7E81D0B4"
THEIRS = "E4917B02D6C85A3F0E7719B4C2A6D8530F9B1E67"
DEFAULT = "0F62B8D4915CE37A48D0276BE1F93A5C84D7E216"
SUBJECT = "CN=mail.contoso.com, O=Contoso Ltd, L=Leeds, C=GB"
ISSUER = 'CN=Fabrikam TLS CA 3, O="Fabrikam, Inc.", C=US'
SERIAL = "1D4F00000000A7C35E90"
TIMED_OUT = '451 4.4.0 Primary target IP address responded with: "421 4.4.1 Connection timed out."'
SUCCESS = (
    "TLS protocol SP_PROT_TLS1_2_CLIENT negotiation succeeded using bulk encryption algorithm CALG_AES_256 with "
    "strength 256 bits, MAC hash algorithm CALG_SHA_384 with strength 0 bits and key exchange algorithm "
    "CALG_ECDH_EPHEM with strength 384 bits"
)
ATTRIBUTES = ("subject", "issuer name", "serial number", "thumbprint", "alternate names")
Event = tuple[str, str, str]


def certificate_rows(thumbprint: str, header: str = "Sending certificate", subject: str = SUBJECT) -> list[Event]:
    """A certificate in the layout of rows; without `header` as the article's sample has it."""
    values = (subject, ISSUER, SERIAL, thumbprint, "mail.contoso.com;smtp.contoso.com")
    shown = [("*", value, f"Certificate {name}") for value, name in zip(values, ATTRIBUTES, strict=True)]
    return [("*", "", header), *shown] if header else shown


def quoted(field: str) -> str:
    """A field as Exchange writes it: quoted only when it must be."""
    return '"' + field.replace('"', '""') + '"' if set(field) & set('",') else field


def session(
    events: Iterable[Event], at: str = "2026-11-22T02:14:07.000Z", connector: str = CONNECTOR, number: int = 1
) -> str:
    """One session's rows as lines of a Send protocol log."""
    known = [("*", "SendRoutingHeaders", "Set Session Permissions"), ("+", "", ""), *events, ("-", "", "Local")]
    return "".join(
        f"{at},{quoted(connector)},08DE2A4C71B9{number:04X},{sequence},192.0.2.10:41200,198.51.100.25:25,"
        f"{event},{quoted(data)},{quoted(context)}\n"
        for sequence, (event, data, context) in enumerate(known)
    )


def failing(
    error: str = "UnknownCredentials",
    thumbprint: str = OURS,
    at: str = "2026-11-22T02:14:07.000Z",
    connector: str = CONNECTOR,
    number: int = 1,
    header: str = "Sending certificate",
    subject: str = SUBJECT,
) -> str:
    """A session whose handshake failed; without `thumbprint` it shows no certificate."""
    shown = certificate_rows(thumbprint, header, subject) if thumbprint else []
    return session([*shown, ("*", "", f"TLS negotiation failed with error {error}")], at, connector, number)


def working(
    thumbprint: str = OURS,
    at: str = "2026-11-22T02:33:12.000Z",
    connector: str = CONNECTOR,
    number: int = 64,
    delivered: bool = True,
) -> str:
    """A session whose handshake succeeded; without `thumbprint` its rows show no certificate of ours."""
    shown = certificate_rows(thumbprint) if thumbprint else []
    theirs = certificate_rows(THEIRS, "Received certificate", "CN=mx.fabrikam.example")
    mail = [(">", "MAIL FROM:<orders@contoso.com>", ""), ("<", "250 2.1.0 Sender OK", "")] if delivered else []
    return session([*shown, ("*", "", SUCCESS), *theirs, *mail], at, connector, number)


def listed(**properties: str) -> str:
    """One object as Format-List prints it."""
    width = max(map(len, properties))
    return "".join(f"{name:<{width}} : {value}\n" for name, value in properties.items()) + "\n"


def certificate_list(services: str = "IIS, POP", thumbprint: str = OURS, **properties: str) -> str:
    """A certificate as the wizard's own command prints it."""
    known = {
        "Thumbprint": thumbprint,
        "Services": services,
        "HasPrivateKey": "True",
        "IsSelfSigned": "False",
        "Status": "Valid",
        "RootCAType": "ThirdParty",
        "Issuer": ISSUER,
        "Subject": SUBJECT,
        "CertificateDomains": "{mail.contoso.com, smtp.contoso.com}",
        "NotAfter": "2027-09-30T23:59:59.0000000Z",
    }
    return listed(**{**known, **properties})


def connector_list(name: str = CONNECTOR, level: str = "None", servers: str = "{EX01}", **properties: str) -> str:
    """A Send connector as the wizard's own command prints it."""
    known = {
        "Name": name,
        "Guid": GUID,
        "Enabled": "True",
        "ProtocolLoggingLevel": level,
        "SourceTransportServers": servers,
        "TlsCertificateName": "",
        "Fqdn": "mail.contoso.com",
        "FrontendProxyEnabled": "False",
        "SmartHosts": "{contoso-com.mail.protection.example}",
        "AddressSpaces": "{smtp:contoso.mail.example;1}",
    }
    return listed(**{**known, **properties})


def queue_list(status: str = "Retry", error: str = TIMED_OUT, count: int = 12, identity: str = r"EX01\3417") -> str:
    """A queue as the wizard's own command prints it."""
    return listed(
        Identity=identity,
        Status=status,
        MessageCount=str(count),
        NextHopDomain="contoso-com.mail.protection.example",
        LastError=error,
    )


def question(current: str = DEFAULT, replacement: str = OURS) -> str:
    """The overwrite question of Enable-ExchangeCertificate."""
    return (
        "Confirm\nOverwrite the existing default SMTP certificate?\n\n"
        f"Current certificate: '{current}' (expires 3/18/2030 8:41:26 AM)\n"
        f"Replace it with certificate: '{replacement}' (expires 9/30/2027 11:59:59 PM)\n"
        '[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [?] Help (default is "Y"):\n'
    )


def given(case: Case, step_id: StepId, text: str) -> Case:
    """The case after a text that the step must take."""
    taken = take(case, step_id, text)
    assert taken.accepted, [finding.text for finding in taken.said]
    return taken.case


def named(name: str = CONNECTOR, case: Case | None = None) -> Case:
    """A case in which the connector was typed by name."""
    taken = name_connector(case or Case(opened=NIGHT), name)
    assert taken.accepted, [finding.text for finding in taken.said]
    return taken.case


def with_connector(**properties: str) -> Case:
    """A case in which the connector was read from Get-SendConnector's output."""
    return given(Case(opened=NIGHT), StepId.CONNECTOR, connector_list(**properties))


def ready(services: str = "IIS, POP", case: Case | None = None, log: str = "", **properties: str) -> Case:
    """A case that has come to the command: connector, log and services are known."""
    case = given(case or with_connector(), StepId.LOG, log or failing())
    return given(case, StepId.SERVICES, certificate_list(services, **properties))


def ready_with(services: Iterable[Service], case: Case | None = None) -> Case:
    """A case that has come to the command, for these services."""
    return ready(spelled(services), case)


def answered(answer: PromptAnswer = PromptAnswer.NO, case: Case | None = None) -> Case:
    """A case in which the command was run and its question answered."""
    case = given(case or ready(), StepId.PROMPT, question())
    return step(StepId.PROMPT).choose(case, answer.value)


def proven_case() -> Case:
    """A case in which everything is proven."""
    case = given(answered(), StepId.VERIFY, certificate_list("POP, IIS, SMTP"))
    case = given(case, StepId.RETRY, queue_list("Active", ""))
    case = given(case, StepId.SESSION, working())
    return given(case, StepId.RESTORE, connector_list())


def settled(case: Case, *steps: StepId) -> Case:
    """The case with these steps finished, in their order; all of them without any named."""
    for step_id in steps or ORDER:
        case = settle(case, step_id)
    return case


def knowing(case: Case, **facts: Any) -> Case:
    """The case with these facts of the server it is at."""
    return case.put(replace(case.now, **facts))


def opened_at(case: Case, moment: datetime) -> Case:
    """The case as if it had been opened at another time."""
    return replace(case, opened=moment)


def finding(findings: Iterable[Finding], finding_id: str) -> Finding:
    """The finding with this id, of which there must be one."""
    found = [each for each in findings if each.id == finding_id]
    assert len(found) == 1, f"{finding_id}: {[each.text for each in found]}"
    return found[0]


def ids(findings: Iterable[Finding]) -> set[str]:
    """The ids of the findings."""
    return {each.id for each in findings if each.id}


def said(taken: Taken) -> str:
    """Everything that was said about a text."""
    return " ".join(each.text for each in taken.said)


def commands_everywhere(case: Case) -> list[str]:
    """Every command that any step hands out for the case."""
    return [command.text for step_id in ORDER for command in step(step_id).commands(case)]


def answer_text(diagnosis: Diagnosis) -> str:
    """The answer of `diagnose` in plain lines, unwrapped."""
    return text(answer_of(diagnosis))


def redaction_of(case: Case) -> Redaction:
    return Redaction(slimmed(case))


def redacted(case: Case) -> tuple[Case, tuple[Replacement, ...]]:
    redaction = redaction_of(case)
    return redaction.case, redaction.replacements
