"""Events of a server and the log's sentence without its row: known by label, source or sentence, and nothing else."""

from __future__ import annotations

import pytest

from wizard.reading.events import event_spans, read_events, read_sentences, sentence_spans
from wizard.reading.text import clean

THUMBPRINT = "3F2A9C01D4E5B6A7988776655443322110FFEEDD"
SENTENCE = (
    "Microsoft Exchange could not find a certificate that contains the domain name smtp.contoso.com in the personal "
    "store on the local computer. Therefore, it is unable to support the STARTTLS SMTP verb for the connector "
    "Partner mail with a FQDN parameter of smtp.contoso.com. If the connector's FQDN is not specified, the computer's "
    "FQDN is used."
)
VIEWER = f"""Log Name:      Application
Source:        MSExchangeTransport
Date:          11/20/2026 9:35:58 AM
Event ID:      12014
Level:         Error
Computer:      MBX1.contoso.com
Description:
{SENTENCE}
"""
NAMED = VIEWER.replace("smtp.contoso.com", "<I>CN=Fabrikam CA<S>CN=mail.contoso.com, O=Contoso")
SCHANNEL = """Log Name:      System
Source:        Schannel
Event ID:      {}
Computer:      MBX1
Description:
{}
"""


@pytest.mark.parametrize(
    ("text", "number", "connector", "fqdn", "receive", "computer"),
    [
        (VIEWER, 12014, "Partner mail", "smtp.contoso.com", None, "MBX1.contoso.com"),
        (
            VIEWER.replace("Description:\n", "Description:\n\n"),
            12014,
            "Partner mail",
            "smtp.contoso.com",
            None,
            "MBX1.contoso.com",
        ),
        (NAMED, 12014, "Partner mail", "<I>CN=Fabrikam CA<S>CN=mail.contoso.com, O=Contoso", None, "MBX1.contoso.com"),
        (SENTENCE, 12014, "Partner mail", "smtp.contoso.com", None, ""),
        (
            SENTENCE.replace("the connector P", "the Receive connector P"),
            12014,
            "Partner mail",
            "smtp.contoso.com",
            True,
            "",
        ),
        (
            SENTENCE.replace("the connector P", "the Send connector P"),
            12014,
            "Partner mail",
            "smtp.contoso.com",
            False,
            "",
        ),
        (
            VIEWER.replace("MSExchangeTransport", "MSExchangeFrontEndTransport"),
            12014,
            "Partner mail",
            "smtp.contoso.com",
            True,
            "MBX1.contoso.com",
        ),
        (
            SENTENCE.replace("Partner mail", "Default Frontend MBX1"),
            12014,
            "Default Frontend MBX1",
            "smtp.contoso.com",
            True,
            "",
        ),
        (
            "TimeCreated  : 11/20/2026 9:35:58 AM\nProviderName : MSExchangeTransport\nId           : 12014\n"
            f"Message      : {SENTENCE}",
            12014,
            "Partner mail",
            "smtp.contoso.com",
            None,
            "",
        ),
        (
            "Quelle:        MSExchangeTransport\nEreignis-ID:   12014\nBeschreibung:\nMicrosoft Exchange konnte kein "
            "Zertifikat finden, das den Domänennamen smtp.contoso.com enthält. Daher kann STARTTLS für den Connector "
            "Partner mail mit einem FQDN-Parameter von smtp.contoso.com nicht unterstützt werden.",
            12014,
            "Partner mail",
            "smtp.contoso.com",
            None,
            "",
        ),
        ("We see event 12014 every night.", 12014, "", "", None, ""),
        ("MSExchangeTransport 12014 Error", 12014, "", "", None, ""),
        ("11/20/2026 9:35 AM  12014  Error  MSExchangeTransport", 12014, "", "", None, ""),
        ('<Provider Name="MSExchangeTransport"/><EventID Qualifiers="49156">12014</EventID>', 12014, "", "", None, ""),
        (
            "The STARTTLS certificate will expire soon: subject: mail.contoso.com, thumbprint: " + THUMBPRINT,
            12018,
            "",
            "",
            None,
            "",
        ),
        ("Source: MSExchangeTransport\nEvent ID: 12016", 12016, "", "", None, ""),
    ],
)
def test_an_event(text: str, number: int, connector: str, fqdn: str, receive: bool | None, computer: str) -> None:
    (event,) = read_events(clean(text)).facts
    assert (event.number, event.connector, event.fqdn) == (number, connector, fqdn)
    assert (event.receive, event.computer) == (receive, computer)
    assert len(list(event_spans(clean(text).lines))) == 1


def test_an_event_that_names_a_certificate() -> None:
    text = f"Event ID: 12018\nThe STARTTLS certificate will expire soon: thumbprint: {THUMBPRINT}, hours left: 90"
    (event,) = read_events(clean(text)).facts
    assert event.thumbprint == THUMBPRINT


@pytest.mark.parametrize(
    ("number", "said", "alert"),
    [
        (
            36870,
            "A fatal error occurred when attempting to access the TLS client credential private key. 0x8009030D.",
            None,
        ),
        (36887, "The following fatal alert was received: 42.", 42),
        (
            36887,
            "A fatal alert was received from the remote endpoint. The TLS protocol defined fatal alert code is 40.",
            40,
        ),
        (36888, "A fatal alert was generated and sent to the remote endpoint. The alert code is 70. State 1203.", 70),
    ],
)
def test_an_event_of_schannel(number: int, said: str, alert: int | None) -> None:
    for text in (SCHANNEL.format(number, said), said):
        (event,) = read_events(clean(text)).facts
        assert (event.number, event.source, event.alert, event.receive) == (number, "Schannel", alert, None)


def test_several_events_one_below_another() -> None:
    assert [
        each.number for each in read_events(clean(VIEWER + "\n" + NAMED + "\n" + SCHANNEL.format(36870, "x"))).facts
    ] == [
        12014,
        12014,
        36870,
    ]
    table = "\n".join(f"11/20/2026 9:3{n} AM {12014 + 2 * n} Error MSExchangeTransport a row" for n in range(3))
    assert [each.number for each in read_events(clean(table)).facts] == [12014, 12016, 12018]


@pytest.mark.parametrize(
    "text",
    [
        "MessageCount : 12014",
        "Identity : MBX1\\12014",
        "Identity     : MBX1\\12014\nDeliveryType : SmtpRelayToRemote",
        "ProcessId : 12014\nSource : MSExchangeTransport",
        "Id : 12014\nName : EdgeTransport",
        "192.0.2.1:12014 MSExchange",
        "TotalBytes : 12014",
        "2026-11-22T08:01:00.000Z,Internet,08DE2A0000000001,1,192.0.2.10:12014,198.51.100.20:25,<,220 event 12014,",
        "Event ID: 4624",
        "event 120145",
    ],
)
def test_what_is_close_to_an_event(text: str) -> None:
    assert not read_events(clean(text)).facts
    assert not list(event_spans(clean(text).lines))


@pytest.mark.parametrize(
    ("text", "error", "count"),
    [
        ("TLS negotiation failed with error UnknownCredentials", "UnknownCredentials", 1),
        ("we get 'TLS negotiation failed with error UnknownCredentials' since Monday", "UnknownCredentials", 1),
        ("TLS negotiation failed with error NoCredentials.<br>", "NoCredentials", 1),
        ("tls negotiation failed\nwith error\nUnknownCredentials", "UnknownCredentials", 3),
        ("TLS negotiation failed with error -2146885616", "-2146885616", 1),
        ("*,,TLS negotiation failed with error **UnknownCredentials**", "UnknownCredentials", 1),
    ],
)
def test_the_sentence_of_a_log_alone(text: str, error: str, count: int) -> None:
    (found,) = read_sentences(clean(text)).facts
    assert (found.error, len(found.lines)) == (error, count)
    assert list(sentence_spans(clean(text).lines)) == [(0, count - 1)]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T08:01:00.000Z,Home,08DE2A0000000001,9,,,*,,TLS negotiation failed with error UnknownCredentials",
        "TLS negotiation failed",
        "TLS negotiation failed with error",
        "TLS negotiation failed with error …",
        "TLS protocol SP_PROT_TLS1_2_CLIENT negotiation succeeded",
    ],
)
def test_what_is_close_to_the_sentence(text: str) -> None:
    assert not read_sentences(clean(text)).facts
