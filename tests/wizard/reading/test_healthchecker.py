"""HealthChecker's report: certificates, the default one, and hybrid connectors, whole, in part, and pasted."""

from __future__ import annotations

import pytest

from wizard.facts import Certificate, LoggingLevel, SendConnector, Service
from wizard.reading.healthchecker import certificates_beside, connectors_beside, health_spans, read_health
from wizard.reading.text import clean

MAIL = "3F2A9C01D4E5B6A7988776655443322110FFEEDD"
OWN = "B00B5C0FFEE0123456789ABCDEF0123456789ABC"
AUTH = "1A2B3C4D5E6F70819203A4B5C6D7E8F901234567"
BLANK = " "
NAME = "<I>CN=Fabrikam TLS CA 3, O=Fabrikam, C=US<S>CN=mail.contoso.com, O=Contoso, L=Bern, C=CH"
CONNECTOR = "Outbound to Office 365 - 7c0d7e02-9a44-4a0b-8d51-7d5f0b2c9e13"


def certificate(
    thumbprint: str,
    services: str,
    friendly: str = "mail",
    default: bool = False,
    expired: bool = False,
    names: tuple[str, ...] = ("mail.contoso.com",),
) -> str:
    """One certificate as the report prints it."""
    return "\n".join(
        [
            "\tCertificate: ",
            f"\t\tFriendlyName: {friendly}",
            f"\t\tThumbprint: {thumbprint}",
            f"\t\tLifetime in days: {-3 if expired else 90}",
            f"\t\tCertificate has expired: {expired}",
            f"\t\tCertificate status: {'Invalid' if expired else 'Valid'}",
            "\t\tKey size: 2048",
            f"\t\tBound to services: {services}",
            f"\t\tInternal Transport Certificate: {default}",
            f"\t\tCurrent Auth Certificate: {friendly.endswith('Auth Certificate')}",
            "\t\tNamespaces: ",
            *(f"\t\t\t{name}" for name in names),
        ]
    )


def report(
    server: str = "MBX1", found: str = "\tCertificate Found On Server: True", version: str = "Exchange 2019 CU14"
) -> str:
    """A short report of one server."""
    return f"""Exchange Health Checker version 26.01.02.0304

Exchange Information
--------------------
\tName: {server}
\tGeneration Time: 11/20/2026 08:12:01
\tVersion: {version}
\tServer Role: Mailbox

Hybrid Information
------------------
\tHybrid Configuration Detected: True
\tSending Transport Server(s):{BLANK}
\t\tMBX1
\t\tMBX2
\tTLS Certificate Name: {NAME}

\tConnector Name: {CONNECTOR}
\tCloud Mail Enabled: True
\tConnector Type: Send
\tTlsAuthLevel: CertificateValidation
\tTlsCertificateName: {NAME}
{found}
\tLifetime In Days:{BLANK}
\t\t90

\tConnector Name: Inbound from Office 365
\tCloud Mail Enabled: True
\tConnector Type: Receive
\tTlsCertificateName: {NAME}

Security Settings
-----------------
{certificate(MAIL, "IMAP, IIS", names=("mail.contoso.com", "smtp.contoso.com"))}
{certificate(OWN, "SMTP", "Microsoft Exchange", default=True, names=(server,))}
{certificate(AUTH, "SMTP, Federation", "Microsoft Exchange Server Auth Certificate", names=())}
\tValid Internal Transport Certificate Found On Server: True
"""


def shown(each: Certificate) -> tuple[object, ...]:
    return each.thumbprint, each.services, each.friendly, each.default, each.status, each.domains, each.server


WHOLE = [
    (
        MAIL,
        frozenset({Service.IMAP, Service.IIS}),
        "mail",
        False,
        "Valid",
        ("mail.contoso.com", "smtp.contoso.com"),
        "MBX1",
    ),
    (OWN, frozenset({Service.SMTP}), "Microsoft Exchange", True, "Valid", ("MBX1",), "MBX1"),
    (
        AUTH,
        frozenset({Service.SMTP, Service.FEDERATION}),
        "Microsoft Exchange Server Auth Certificate",
        False,
        "Valid",
        (),
        "MBX1",
    ),
]


@pytest.mark.parametrize(
    "way",
    [
        lambda text: text,
        lambda text: text.replace("\t", "    "),
        lambda text: text.replace("\t", " " * 8),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text[text.index("Exchange Information") :],
        lambda text: "\n".join(
            line[at : at + 100]
            for line in text.replace("\t", " " * 8).split("\n")
            for at in range(0, max(len(line), 1), 100)
        ),
    ],
    ids=["as written", "four blanks", "eight blanks", "line ends", "without its first line", "broken by a window"],
)
def test_a_report_however_it_was_pasted(way: object) -> None:
    text = clean(way(report()))  # type: ignore[operator]
    found = read_health(text)
    assert [shown(each) for each in found.certificates] == WHOLE
    assert all(each.has_private_key is None and each.whole_list for each in found.certificates)
    assert [(each.server, each.thumbprint, each.how) for each in found.defaults] == [("MBX1", OWN, "healthchecker")]
    assert found.releases == (("MBX1", "2019"),)
    (connector,) = found.connectors
    assert (connector.name, connector.tls_certificate_name, connector.tls_found) == (CONNECTOR, NAME, True)
    assert (connector.source_servers, connector.logging_level, connector.cloud_services) == ((), None, True)
    assert not found.unread
    assert len(list(health_spans(text.lines))) == 1


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("\tCertificate Found On Server: False", False),
        ("\tThe TLS certificate was not found on the server", False),
        ("\tCertificate Found On Server: \n\t\tThe certificate can't be found", False),
        ("\tThere is no TlsCertificateName configured for this connector", None),
        ("", None),
    ],
)
def test_whether_the_certificate_of_the_name_is_there(line: str, found: bool | None) -> None:
    (connector,) = read_health(clean(report(found=line))).connectors
    assert connector.tls_found is found


@pytest.mark.parametrize(
    ("version", "release"),
    [
        ("Exchange 2016 CU23 Oct25SU", "2016"),
        ("Exchange 2013 CU23", "2013"),
        ("Exchange SE RTM", "SE"),
        ("Exchange Server Subscription Edition RTM", "SE"),
        ("15.02.1748.039", ""),
    ],
)
def test_the_release(version: str, release: str) -> None:
    assert read_health(clean(report(version=version))).releases == ((("MBX1", release),) if release else ())


def test_two_servers_in_one_text() -> None:
    found = read_health(clean(report("MBX1") + report("MBX2")))
    assert [each.server for each in found.certificates] == ["MBX1"] * 3 + ["MBX2"] * 3
    assert [each.server for each in found.defaults] == ["MBX1", "MBX2"]
    assert len({each.listing for each in found.certificates}) == 2


def test_a_part_of_a_report_alone() -> None:
    text = clean(certificate(MAIL, "None", expired=True) + "\n" + certificate(OWN, "IIS, SMTP", default=True))
    found = read_health(text)
    assert [
        (each.thumbprint, each.services, each.status, each.server, each.whole_list) for each in found.certificates
    ] == [
        (MAIL, frozenset(), "DateInvalid", "", False),
        (OWN, frozenset({Service.IIS, Service.SMTP}), "Valid", "", False),
    ]
    assert list(health_spans(text.lines)) == [(0, len(text.lines) - 1)]


def test_a_value_that_is_cut_is_unknown() -> None:
    found = read_health(clean(certificate(MAIL[:30] + "...", "IMAP, P...")))
    (each,) = found.certificates
    assert (each.thumbprint, each.services, each.services_cut, each.whole_list) == (None, None, True, False)
    assert found.unread


def test_what_stands_before_and_behind_is_no_part_of_it() -> None:
    lines = clean("Hello,\nhere is the report:\n\n" + report() + "\nBest regards\nAnna\n").lines
    ((first, last),) = health_spans(lines)
    assert lines[first].text.startswith("Exchange Health Checker")
    assert lines[last].text.strip().startswith("Valid Internal Transport")


@pytest.mark.parametrize(
    "text",
    [
        f"Thumbprint : {MAIL}\nServices   : IMAP\n",
        f"Certificate: {MAIL}",
        "Security Settings: none",
        "Certificate:\n    Data:\n        Version: 3 (0x2)\n        Serial Number: 1\n",
        "Name : MBX1\nInternalTransportCertificateThumbprint : " + OWN,
    ],
)
def test_what_is_close_to_a_report(text: str) -> None:
    assert not list(health_spans(clean(text).lines))


def test_a_listing_beside_the_report_says_more() -> None:
    reported = read_health(clean(report())).certificates
    listed = Certificate(MAIL, frozenset({Service.IMAP, Service.IIS}), has_private_key=True)
    for facts in (certificates_beside(reported, (listed,)), certificates_beside((listed,), reported)):
        assert len(facts) == 3
        (one,) = (each for each in facts if each.thumbprint == MAIL)
        assert (one.has_private_key, one.friendly, one.default) == (True, "mail", False)


@pytest.mark.parametrize(
    "listed",
    [
        Certificate(MAIL, frozenset({Service.IMAP, Service.IIS}), has_private_key=True, server="MBX2"),
        Certificate(MAIL, frozenset({Service.SMTP}), has_private_key=True),
        Certificate(AUTH[::-1], frozenset(), has_private_key=True),
    ],
    ids=["of another server", "with other services", "another"],
)
def test_what_is_not_the_same_stays_apart(listed: Certificate) -> None:
    assert len(certificates_beside(read_health(clean(report())).certificates, (listed,))) == 4


def test_a_connector_beside_the_report_says_more() -> None:
    reported = read_health(clean(report(found="\tCertificate Found On Server: False"))).connectors
    listed = SendConnector(CONNECTOR.upper(), logging_level=LoggingLevel.NONE, source_servers=("MBX2",))
    for facts in (connectors_beside(reported, (listed,)), connectors_beside((listed,), reported)):
        (one,) = facts
        assert (one.name, one.source_servers, one.tls_found) == (CONNECTOR.upper(), ("MBX2",), False)
        assert one.tls_certificate_name == NAME
    assert len(connectors_beside(reported, (SendConnector("Internet", guid="1"),))) == 2
