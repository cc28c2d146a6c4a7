"""What pages, chats and editors leave around the lines of listings is taken off, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wizard.facts import Reading, Service
from wizard.reading.pieces import pieces
from wizard.reading.residue import unstuck
from wizard.reading.text import Kind, clean

OURS = "3F2A9C01D4E5B6A7988776655443322110FFEEDD"
NAME = "<I>CN=Fabrikam TLS CA 3, O=Fabrikam, C=US<S>CN=mail.contoso.com, O=Contoso"
CERTIFICATE = [
    f"Thumbprint         : {OURS}",
    "Services           : IMAP, POP, IIS",
    "HasPrivateKey      : True",
    "Subject            : CN=mail.contoso.com, O=Contoso",
]
QUEUE = [
    r"Identity      : MBX1\12",
    "Status        : Retry",
    "MessageCount  : 21",
    "NextHopDomain : contoso.com",
    "LastError     : 451 4.4.0 DNS query failed",
]
CONNECTOR = [
    "Name               : Outbound to Fabrikam",
    "SourceTransportServers : {MBX1, MBX2}",
    f"TlsCertificateName : {NAME}",
    "RequireTLS         : False",
]


def escaped(line: str) -> str:
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("  ", "&nbsp; ")


STICKING: dict[str, Callable[[str], str]] = {
    "a break": lambda line: line + "<br>",
    "a break with a slash": lambda line: line + " <br />",
    "paragraphs": lambda line: f"<p>{line}</p>",
    "items of a page": lambda line: f'<li class="x"><span>{line}</span></li>',
    "bold": lambda line: f"**{line}**",
    "bold labels": lambda line: f"**{line.partition(':')[0].strip()}:** {line.partition(': ')[2]}",
    "back-ticks": lambda line: f"`{line}`",
    "pipes": lambda line: f"| {line} |",
    "a pipe behind": lambda line: f"{line} |",
    "marks no one sees": lambda line: f"\u200b{line}\u200b",
    "quoting": lambda line: f"> {line}",
    "quoting as an entity": lambda line: f"&gt; {line}",
    "entities": escaped,
    "semicolons": lambda line: line + ";",
    "commas": lambda line: line + ",",
    "backslashes": lambda line: line + "\\",
    "items": lambda line: f"- {line}",
    "bullets": lambda line: f"• {line}",
    "numbers": lambda line: f"3. {line}",
}


def facts(lines: list[str], kind: Kind) -> tuple[object, ...]:
    (piece,) = pieces(clean("\n".join(lines))).all
    assert piece.kind is kind
    assert isinstance(piece.reading, Reading)
    assert not piece.reading.unread
    return piece.reading.facts


@pytest.mark.parametrize("way", STICKING)
def test_what_sticks_to_a_listing_is_taken_off(way: str) -> None:
    stick = STICKING[way]
    (certificate,) = facts([stick(line) for line in CERTIFICATE], Kind.CERTIFICATES)
    assert (certificate.thumbprint, certificate.subject) == (OURS, "CN=mail.contoso.com, O=Contoso")  # type: ignore[attr-defined]
    assert certificate.services == {Service.IMAP, Service.POP, Service.IIS}  # type: ignore[attr-defined]
    assert certificate.has_private_key is True  # type: ignore[attr-defined]
    assert not certificate.unknown_services  # type: ignore[attr-defined]
    (queue,) = facts([stick(line) for line in QUEUE], Kind.QUEUES)
    assert (queue.identity, queue.message_count) == (r"MBX1\12", 21)  # type: ignore[attr-defined]
    assert (queue.next_hop, queue.last_error) == ("contoso.com", "451 4.4.0 DNS query failed")  # type: ignore[attr-defined]
    (connector,) = facts([stick(line) for line in CONNECTOR], Kind.CONNECTORS)
    assert (connector.name, connector.tls_certificate_name) == ("Outbound to Fabrikam", NAME)  # type: ignore[attr-defined]
    assert (connector.source_servers, connector.require_tls) == (("MBX1", "MBX2"), False)  # type: ignore[attr-defined]


def test_a_table_of_markdown() -> None:
    rows = ["| Thumbprint | Services | Subject |", "|---|:---:|---|", f"| `{OURS}` | IMAP, POP | CN=mail.contoso.com |"]
    (certificate,) = facts(rows, Kind.CERTIFICATES)
    assert certificate.thumbprint == OURS  # type: ignore[attr-defined]
    assert certificate.services == {Service.IMAP, Service.POP}  # type: ignore[attr-defined]


def test_each_run_is_one_entry() -> None:
    mended = unstuck(clean("\n".join(line + "<br>" for line in [*CERTIFICATE, *QUEUE]))).mended
    assert [(each.line, each.what) for each in mended] == [(1, "removed a web page's marks around the line")]


@pytest.mark.parametrize(
    "lines",
    [
        CERTIFICATE,
        CONNECTOR,
        ["TlsCertificateName : <I>CN=Fabrikam, C=US", "                     <S>CN=mail.contoso.com"],
        ["TlsCertificateName : <I>CN=Fabrikam, C=US<S>", "                     CN=mail.contoso.com"],
        ["Subject : CN=a, O=**", "Issuer  : CN=b"],
        ["Subject : CN=a;", "Issuer  : CN=b"],
        ["AddressSpaces : {smtp:*;1}", "Name          : *"],
        ["Subject : CN=Smith &amp; Sons"],
        ["MessageId : <a1@contoso.com>", "Sender    : <b@contoso.com>"],
        ['<Objs Version="1.1"><S N="TlsCertificateName">&lt;I&gt;CN=a&lt;S&gt;CN=b</S>', "</Objs>"],
        ["", "  "],
        ["- a point", "- another point: with words"],
    ],
)
def test_what_is_a_value_s_own_stays(lines: list[str]) -> None:
    text = clean("\n".join(lines))
    assert unstuck(text) is text
