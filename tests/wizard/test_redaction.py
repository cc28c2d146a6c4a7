"""A redacted case holds none of its names, in any spelling, and says the same."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from types import MappingProxyType

import pytest
from hypothesis import HealthCheck, Phase, assume, example, given, settings
from hypothesis import strategies as st

from tests.budget import examples
from tests.wizard import cases
from wizard.case.case import Case, Deed, JournalEntry, StepId
from wizard.case.file import Saved, parsed, slimmed, written
from wizard.case.servers import at_server, saying_here
from wizard.facts import Line, Queue
from wizard.powershell.command import Command
from wizard.powershell.literal import literal
from wizard.record.card import card_of
from wizard.record.record import record_of
from wizard.record.redact import redacted_saved, texts
from wizard.record.render import as_json, markdown, page
from wizard.record.stand_ins import Replacement
from wizard.record.summary import headline
from wizard.steps.flow import ORDER, check_again, step
from wizard.steps.intake import take
from wizard.verdict import verdict_of

S = StepId
NOW = datetime(2026, 11, 22, 3, 30, 7, tzinfo=UTC)
ZONE = timezone(timedelta(hours=1))


def renderings(case: Case) -> dict[str, str]:
    """Everything that is written from a case for others."""
    record = record_of(case, NOW)
    return {
        "Markdown": markdown(record, ZONE),
        "HTML": page(record, ZONE),
        "JSON": as_json(record, ZONE),
        "change card": markdown(card_of(case, NOW), ZONE),
        "case file": written(Saved("one", case, saved=NOW)),
        "case file with logs": written(Saved("one", case, saved=NOW), keep_logs=True),
    }


def spread(token: str) -> str:
    """Hex digits as a certificate dialogue shows them."""
    return " ".join(re.findall("..", token))


SHAPES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "lower": str.lower,
    "upper": str.upper,
    "PowerShell": lambda text: literal(f"{text}'s"),
    "Base64 in a row": lambda text: (
        f"2026-11-22T02:14:07.000Z,X,08DE,6,,,<,{base64.b64encode(text.encode()).decode()},"
    ),
}
"""How a text may hold a name so that its stand-in takes its place."""

CODINGS: dict[str, Callable[[str], str]] = {
    **SHAPES,
    "HTML": html.escape,
    "JSON": lambda text: json.dumps(text)[1:-1],
    "Base64": lambda text: base64.b64encode(text.encode()).decode(),
}
"""How renderings may hold one as well."""


NAMES = {
    "server": "LDSEXCH01",
    "connector": "Zu Fabrikam-Hybrid",
    "domain": "contosoleeds.com",
    "organisation": "Contoso & Söhne",
    "town": "Wakefield",
    "issuer": "Northwind Issuing CA 7",
    "serial": "3B00D91A77F0C2E45510",
    "address": "10.20.30.40",
    "address 6": "fd12:3456:789a::25",
    "user": "j.harker",
    "mail": "orders@contosoleeds.com",
}
GUID = "7b1f3c52-0a9d-4e86-b3c4-91d20f6e58a7"


def named_case(names: dict[str, str], remark: str = "") -> Case:
    """A settled case of two servers that has all these names in the places where they come from."""
    subject = f"CN=mail.{names['domain']}, O={names['organisation']}, L={names['town']}, C=GB"
    issuer = f'CN={names["issuer"]}, O="{names["organisation"]}, Trust", C=US'
    server, other = names["server"], f"{names['server']}B.{names['domain']}"
    case = cases.given(
        Case(opened=cases.NIGHT),
        S.SYMPTOM,
        cases.queue_list(identity=rf"{server}\3417") + cases.listed(Identity=rf"{server}\4", Status="Retry"),
    )
    case = cases.given(
        case,
        S.CONNECTOR,
        cases.connector_list(
            names["connector"],
            servers=f"{{{server}, {other}}}",
            Fqdn=f"mail.{names['domain']}",
            SmartHosts=f"{{[{names['address']}]}}",
            TlsCertificateName=f"<I>{issuer}<S>{subject}",
        ),
    )
    log = cases.failing(connector=names["connector"], subject=subject).replace("192.0.2.10", names["address"])
    case = cases.given(case, S.LOG, log.replace(cases.SERIAL, names["serial"]))
    case = cases.given(saying_here(case, server), S.SERVICES, cases.certificate_list(Subject=subject, Issuer=issuer))
    case = cases.answered(case=case)
    case = cases.given(case, S.VERIFY, cases.certificate_list("POP, IIS, SMTP", Subject=subject, Issuer=issuer))
    case = cases.given(case, S.SESSION, cases.working(connector=names["connector"]))
    case = cases.settled(case)
    case = case.opening(S.LOG, rf"C:\Users\{names['user']}\Desktop\logs")
    case = case.noting(JournalEntry(NOW, Deed.READ, S.LOG, server, rf"C:\Users\{names['user']}\Desktop\logs"))
    case = case.noting(JournalEntry(NOW, Deed.COPIED, S.COMMAND, server, step(S.COMMAND).commands(case)[0].text))
    case = case.noting(JournalEntry(NOW, Deed.COPIED, S.RESTORE, server, step(S.RESTORE).commands(case)[0].text))
    remark = remark or f"{names['mail']} from {names['address 6']}"
    lines = (Line(f"Remark : {remark}", 1, rf"\\{server}\logs$\SEND.log"),)
    return at_server(replace(case, queues=(*case.queues, Queue(remark, as_written=remark, lines=lines))), other)


ORIGINALS = (*NAMES.values(), cases.OURS, cases.DEFAULT, GUID, "contosoleeds", "GB", "US")


def left(text: str, original: str) -> list[str]:
    """Where a name is left in a text, in any spelling or coding: with no letter or digit beside it."""
    found = []
    folded = text.casefold()
    for how, code in CODINGS.items():
        coded = code(original)
        if how.startswith("Base64"):
            # A text's Base64 is that of its neighbours too: what stands in the middle is its own.
            coded = coded.rstrip("=")
        if coded.casefold() not in folded:
            continue
        exact = re.escape(coded) if how.startswith("Base64") else f"(?i:{re.escape(coded)})"
        if re.search(rf"(?<![^\W_]){exact}(?![^\W_])", text):
            found.append(how)
    digits = re.sub(r"[^0-9a-f]", "", original.lower())
    if len(digits) >= 16 and digits == original.lower().replace("-", ""):
        apart = r"[ :.\-]{0,2}".join(digits)
        if re.search(apart, text, re.IGNORECASE):
            found.append("digits apart")
    return found


def remarked(how: str, name: str) -> str:
    """A remark that holds a name in this shape; a row of a log stands on a line of its own."""
    shape = SHAPES[how](name)
    return f"seen\n{shape}" if how.endswith("row") else f"seen {shape} there"


@cache
def before_and_after() -> tuple[dict[str, str], dict[str, str]]:
    """All renderings of a case with the names, and of the same case with stand-ins."""
    case = named_case(NAMES)
    return renderings(case), renderings(cases.redacted(case)[0])


class TestNoNameIsLeft:
    @pytest.mark.parametrize("original", [each for each in ORIGINALS if len(each) > 2])
    @pytest.mark.parametrize("rendering", renderings(Case(opened=NOW)))
    def test_in_any_rendering(self, rendering: str, original: str) -> None:
        before, after = before_and_after()
        assert any(left(text, original) for text in before.values())
        assert left(after[rendering], original) == []

    @pytest.mark.parametrize("original", ["GB", "US"])
    def test_nor_a_country_in_a_subject(self, original: str) -> None:
        for text in renderings(cases.redacted(named_case(NAMES))[0]).values():
            assert not re.search(rf"C\s*=\s*{original}\b", text)

    @pytest.mark.quick(5)
    @pytest.mark.parametrize("how", SHAPES)
    @pytest.mark.parametrize("name", [name for name in NAMES if name not in {"serial"}])
    def test_where_a_text_holds_it_in_another_shape(self, name: str, how: str) -> None:
        case = named_case(NAMES, remarked(how, NAMES[name]))
        before, after = case.queues[-1].lines[0].text, cases.redacted(case)[0].queues[-1].lines[0].text
        assert before != after
        for text in renderings(cases.redacted(case)[0]).values():
            assert left(text, NAMES[name]) == []

    @pytest.mark.quick(4)
    @pytest.mark.parametrize(
        "shape",
        [
            str.lower,
            spread,
            lambda digits: ":".join(re.findall("..", digits.lower())),
            lambda digits: "-".join(re.findall("..", digits)),
            lambda digits: " ".join(re.findall("....", digits)),
            lambda digits: f"0x{digits}",
        ],
    )
    @pytest.mark.parametrize("digits", [cases.OURS, NAMES["serial"]])
    def test_nor_a_number_however_its_digits_are_set(self, shape: Callable[[str], str], digits: str) -> None:
        case = named_case(NAMES, f"seen {shape(digits)} there")
        for text in renderings(cases.redacted(case)[0]).values():
            assert left(text, digits) == []
            assert shape(digits) not in text

    def test_nor_one_that_a_console_has_wrapped(self) -> None:
        case = named_case(NAMES)
        lines = tuple(
            Line(text, number, "paste")
            for number, text in enumerate(
                ("Issuer : CN=Northwind Iss", "         uing CA 7, O=X", "Host : mail.contos", "  oleeds.com")
            )
        )
        case = replace(case, queues=(Queue("", lines=lines), *case.queues))
        told = " ".join(line.text for line in cases.redacted(case)[0].queues[0].lines)
        assert "Northwind" not in told
        assert "uing" not in told
        assert "oleeds" not in told

    def test_nor_one_that_is_wrapped_is_taken_for_two(self) -> None:
        wrapped = "TlsCertificateName : <I>CN=Northwind Issuing\n    CA 7, O=X\nHost : relay.contosoleeds.c\n  om"
        case = named_case(NAMES).typing(S.SYMPTOM, wrapped)
        originals = {each.original for each in cases.redacted(case)[1]}
        assert NAMES["issuer"] in originals
        assert not any("\n" in original or original.endswith("contosoleeds.c") for original in originals)

    def test_nor_in_the_other_form_of_a_domain(self) -> None:
        coded = "bücherei-süd".encode("idna").decode()
        remark = f"relay.bücherei-süd.example and {coded}.example and BÜCHEREI-SÜD.example"
        case, replacements = cases.redacted(named_case(NAMES, remark))
        told = case.queues[-1].lines[0].text
        assert not re.search(r"(?i)b(ü|u)cherei|xn--", told)
        assert len(set(re.findall(r"domain-\d+\.example", told))) == 1
        assert any("bücherei" in each.original for each in replacements)

    def test_nor_a_name_found_only_in_the_text(self) -> None:
        remark = (
            r"\\FILER7\c$ 172.16.9.9 ops@wingtip.example CN=Wingtip Root, OU=Vault 12 "
            r"https://portal.wingtip.example/x CONTOSOAD\jharker"
        )
        told = cases.redacted(named_case(NAMES, remark))[0].queues[-1].lines[0].text
        for original in ("FILER7", "172.16", "wingtip", "Vault", "ops@", "portal", "CONTOSOAD", "jharker"):
            assert original.casefold() not in told.casefold()

    def test_nor_in_the_name_a_person_gave_the_case(self) -> None:
        saved = Saved("one", named_case(NAMES), "LDSEXCH01 stuck again", NOW)
        cleaned, _replacements = redacted_saved(saved)
        assert cleaned.name == "server-1 stuck again"


WORDS = st.from_regex(r"[A-Z][a-z]{2,7}[0-9]{0,2}", fullmatch=True)
HOSTS = st.from_regex(r"[A-Z]{3,6}[0-9]{1,3}", fullmatch=True)
ORGANISATIONS = st.lists(
    st.text(st.characters(categories=("Lu", "Ll"), max_codepoint=0x24F), min_size=3, max_size=8), min_size=1, max_size=3
).map(" ".join)
DIGITS = st.text("0123456789ABCDEF", min_size=16, max_size=20)
ADDRESSES = st.ip_addresses(v=4).filter(lambda address: not address.is_loopback and not address.is_unspecified).map(str)
SOME_NAMES = st.fixed_dictionaries(
    {
        "server": HOSTS,
        "connector": st.one_of(WORDS, ORGANISATIONS),
        "domain": st.from_regex(r"[a-z]{4,9}[0-9]\.(com|example|co\.uk|local)", fullmatch=True),
        "organisation": ORGANISATIONS,
        "town": WORDS,
        "issuer": ORGANISATIONS,
        "serial": DIGITS,
        "address": ADDRESSES,
        "address 6": st.ip_addresses(v=6, network="fd00::/8").map(str),
        "user": WORDS.map(lambda word: f"{word.lower()}.x"),
        "mail": st.from_regex(r"[a-z]{4,8}@[a-z]{4,8}\.example", fullmatch=True),
    }
)
PROGRAM = "\n".join(
    text.casefold()
    for case in (named_case(NAMES), cases.ready(HasPrivateKey="False"))
    for text in renderings(case).values()
)


WITHOUT_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""A case takes a fifth of a second to be made, redacted and rendered."""


class TestTheProperty:
    @settings(
        max_examples=examples(30), deadline=None, phases=WITHOUT_SHRINKING, suppress_health_check=list(HealthCheck)
    )
    @given(names=SOME_NAMES, how=st.sampled_from(sorted(SHAPES)), which=st.sampled_from(sorted(NAMES)))
    @example(names=NAMES, how="Base64 in a row", which="organisation")
    def test_no_original_is_left_and_the_case_says_the_same(self, names: dict[str, str], how: str, which: str) -> None:
        """What is promised: no name that is no word of the program's own is left, with no letter or digit beside it."""
        distinct = [value.casefold() for value in names.values()]
        assume(len(set(distinct)) == len(distinct))
        assume(names == NAMES or not any(value in PROGRAM for value in distinct))
        case = named_case(names, remarked(how, names[which]))
        redaction = cases.redaction_of(case)
        told = renderings(redaction.case)
        for original in (*names.values(), cases.OURS, GUID):
            assert left("\n".join(told.values()), original) == [], original
        kept = "\n".join(text for _field, text in texts(redaction.case))
        for each in redaction.replacements:
            if len(each.original) > 2:
                assert not left(kept, each.original), each
        same_case(case, redaction.case, redaction.text)


def same_case(case: Case, after: Case, text: Callable[[str], str]) -> None:
    """A redacted case goes through its file whole, and says and does what the case does."""
    file = written(Saved("one", after), keep_logs=True)
    assert written(parsed(file), keep_logs=True) == file
    assert headline(after) == text(headline(case))
    assert verdict_of(after).title == text(verdict_of(case).title)
    assert check_again(after) == check_again(case)
    for step_id in ORDER:
        before_, after_ = step(step_id).commands(case), step(step_id).commands(after)
        assert all(isinstance(command, Command) for command in after_)
        assert [command.id for command in after_] == [command.id for command in before_]


class TestTheCase:
    @pytest.mark.parametrize(
        "case",
        [
            Case(opened=NOW),
            cases.ready(),
            cases.settled(cases.proven_case()),
            cases.ready(HasPrivateKey="False"),
            cases.ready(Subject="CN=WMSvc-EX01"),
            cases.ready(Subject="CN=*.contoso.com, O=Contoso Ltd"),
            cases.ready(case=cases.named("Größe"), log=cases.failing(connector="Größe")),
            cases.ready(case=cases.with_connector(servers="{EX01, EX02.contoso.com, S}")),
            named_case(NAMES),
        ],
    )
    def test_says_the_same_apart_from_names(self, case: Case) -> None:
        redaction = cases.redaction_of(case)
        same_case(case, redaction.case, redaction.text)

    def test_keeps_the_times_at_which_its_commands_were_copied(self) -> None:
        for name in ("Outbound", "Nach Köln", "Bob's"):
            case = named_case({**NAMES, "connector": name})
            told, after = (as_json(record_of(each, NOW), ZONE) for each in (case, cases.redacted(case)[0]))
            assert told.count('"copied": [\n') == after.count('"copied": [\n') > 0

    def test_is_the_same_each_time(self) -> None:
        assert cases.redacted(named_case(NAMES)) == cases.redacted(named_case(NAMES))

    def test_keeps_apart_what_was_apart(self) -> None:
        stand_ins = [each.stand_in.casefold() for each in cases.redacted(named_case(NAMES))[1]]
        assert len(set(stand_ins)) == len(stand_ins)

    def test_a_wildcard_still_covers_the_name_it_covered(self) -> None:
        case = cases.ready(CertificateDomains="{*.contoso.com}", Subject="CN=*.contoso.com")
        assert cases.ids(step(S.COMMAND).findings(cases.redacted(case)[0])) == cases.ids(step(S.COMMAND).findings(case))


class TestStandIns:
    def test_are_listed_with_what_they_stand_for(self) -> None:
        _case, replacements = cases.redacted(named_case(NAMES))
        assert Replacement("server", "LDSEXCH01", "server-1") in replacements
        assert Replacement("Send connector", "Zu Fabrikam-Hybrid", "connector-1") in replacements
        assert Replacement("name in a certificate", "GB", "AA") in replacements

    def test_are_never_something_the_case_has(self) -> None:
        case = named_case({**NAMES, "connector": "server-1", "address": "192.0.2.1", "organisation": "name-1"})
        replaced = {each.original.casefold() for each in cases.redacted(case)[1]}
        assert not replaced & {each.stand_in.casefold() for each in cases.redacted(case)[1]}

    def test_of_a_name_outside_ascii_are_written_in_commands_as_it_was(self) -> None:
        case = named_case({**NAMES, "connector": "Nach Köln"})
        after = cases.redacted(case)[0]
        assert not after.connector.isascii()
        assert literal(after.connector)

    @pytest.mark.long
    def test_a_thousand_names_take_no_long_time(self) -> None:
        many = "".join(cases.connector_list(f"Tenant{number}x Outbound") for number in range(1000))
        case = cases.given(cases.ready(), S.CONNECTOR, many)
        after = cases.redacted(case)[0]
        assert len({connector.name for connector in after.connectors}) == 1000
        assert not any("Tenant" in connector.name for connector in after.connectors)


HEAD = "**********************"

TRANSCRIPT = rf"""{HEAD}
Windows PowerShell transcript start
Start time: 20261122021500
Username: WINGTIPAD\vharding
RunAs User: wingtipad\vharding
Machine: WTLBOX31 (Microsoft Windows NT 10.0.20348.0)
Host Application: C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe -File C:\Users\vharding\run.ps1
{HEAD}
[WTLBOX31] PS C:\Users\vharding\Documents>net use \\WTLFILE8\pfx Zitronenfalter9 /user:wingtipad\vharding
The command completed successfully.

[WTLBOX31] PS C:\Users\vharding\Documents>Get-SendConnector | Format-List

{cases.connector_list("Nach Wingtip")}
[WTLBOX31] PS C:\Users\vharding\Documents>Import-ExchangeCertificate -FileName 'x' -Password (ConvertTo-SecureString 'Zitronen falter9' -AsPlainText -Force)
[WTLBOX31] PS C:\Users\vharding\Documents>Get-Queue -Server WTLBOX31 | Format-List

{cases.queue_list(identity="WTLBOX31" + chr(92) + "3417")}
Ask Valerie Harding, she set this up.
"""  # noqa: E501

REPORT = f"""Exchange Health Checker version 25.11.17.2

Exchange Information
--------------------
\tName: WTLBOX31
\tGeneration Time: 11/22/2026 02:10:00
\tVersion: Exchange 2019 CU15 Nov25SU
\tServer Role: Mailbox
\tDAG Name: WTLDAG5
\tAD Site: Harrogate-HQ

Security Settings
-----------------
\tCertificate:
\t\tFriendlyName: Wingtip Toys wildcard
\t\tThumbprint: {cases.OURS}
\t\tLifetime in days: 210
\t\tCertificate has expired: False
\t\tCertificate status: Valid
\t\tBound to services: IIS
\t\tInternal Transport Certificate: False
\t\tNamespaces:
\t\t\tmail.wingtiptoys.test
"""

EVENT = f"""Log Name:      Application
Source:        MSExchangeTransport
Event ID:      12014
User:          wingtipad\\vharding
Computer:      WTLBOX31.wingtiptoys.test
Description:
Microsoft Exchange could not find a certificate that contains the domain name mail.wingtiptoys.test in the personal
store on the local computer. Therefore, it is unable to support the STARTTLS SMTP verb for the connector Nach Wingtip
with a FQDN parameter of mail.wingtiptoys.test.

{cases.connector_list("Nach Wingtip")}
"""

SENTENCE = f"""Valerie Harding wrote from WTLBOX31: TLS negotiation failed with error UnknownCredentials

{cases.connector_list("Nach Wingtip")}
"""

ASKED = f"""[PS] C:\\>Get-ExchangeCertificate -Server WTLBOX31 -Thumbprint {cases.OURS} | Format-List

{cases.certificate_list()}
[PS] C:\\>Enter-PSSession -ComputerName WTLBOX32 -Credential wingtipad\\vharding
[PS] C:\\>Enable-ExchangeCertificate -Server WTLBOX33 -Thumbprint {cases.OURS} -Services SMTP
The certificate with thumbprint {cases.OURS} was found but is not valid for use with Exchange Server (reason: \
PrivateKeyMissing).
    + CategoryInfo          : InvalidOperation: (:) [Enable-ExchangeCertificate], InvalidOperationException
    + FullyQualifiedErrorId : [Server=WTLBOX33,RequestId=x] 2DA2F6D9,Enable-ExchangeCertificate
"""

NOBODYS = ("vharding", "WINGTIPAD", "WTLBOX31", "WTLFILE8", "Zitronen", "Harding", "Nach Wingtip", "WTLBOX32")


class TestWholeSessions:
    """Of transcripts, reports, events and sentences nothing is left that names somebody or something."""

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            (TRANSCRIPT, (*NOBODYS, "WTLBOX")),
            (REPORT, ("WTLBOX31", "WTLDAG5", "Harrogate", "Wingtip", "wingtiptoys")),
            (EVENT, (*NOBODYS, "wingtiptoys")),
            (SENTENCE, NOBODYS),
            (ASKED, (*NOBODYS, "WTLBOX33")),
        ],
        ids=["transcript", "report", "event", "sentence", "command"],
    )
    def test_no_name_is_left(self, text: str, names: tuple[str, ...]) -> None:
        case = taken(text)
        assert any(name in text for name in names)
        for rendering, told in renderings(cases.redacted(case)[0]).items():
            for name in names:
                assert name.casefold() not in told.casefold(), (rendering, name)

    @pytest.mark.parametrize("text", [TRANSCRIPT, REPORT, EVENT, SENTENCE, ASKED])
    def test_the_case_says_the_same(self, text: str) -> None:
        redaction = cases.redaction_of(taken(text))
        same_case(slimmed(taken(text)), redaction.case, redaction.text)

    @pytest.mark.parametrize("rendering", renderings(Case(opened=NOW)))
    def test_what_was_not_read_and_passwords_are_left_out_with_the_names_too(self, rendering: str) -> None:
        told = renderings(taken(TRANSCRIPT))[rendering]
        for unread in ("Valerie", "Zitronen", "Username", "WTLFILE8", "run.ps1"):
            assert unread not in told

    def test_what_was_read_stays_where_it_was_given(self) -> None:
        kept = slimmed(taken(TRANSCRIPT)).answer(S.SYMPTOM).text
        assert cases.connector_list("Nach Wingtip").strip() in kept
        assert "Get-Queue -Server WTLBOX31" in kept

    def test_it_is_shown_all_the_same(self) -> None:
        assert "Ask Valerie Harding" in taken(TRANSCRIPT).answer(S.SYMPTOM).text

    @pytest.mark.parametrize("words", ["Outbound", "I do not know yet", "one\ntwo"])
    def test_a_line_or_two_in_words_stay(self, words: str) -> None:
        assert slimmed(Case(opened=NOW).typing(S.SYMPTOM, words)).answer(S.SYMPTOM).text == words

    @pytest.mark.parametrize("site", ["Default-First-Site-Name", "N/A"])
    def test_exchanges_own_names_stay(self, site: str) -> None:
        case = taken(REPORT.replace("Harrogate-HQ", site))
        assert site in cases.redacted(case)[0].answer(S.SYMPTOM).text


def taken(text: str) -> Case:
    """A case to which this was given at its begin."""
    return take(Case(opened=NOW), S.SYMPTOM, text).case


class TestShortNamesAndWordsOfExchange:
    """They are replaced where their place says that they are names, and nowhere else."""

    @pytest.mark.parametrize("name", ["S", "A", "22", "SMTP", "Retry", "Verbose", "Connection timed out", "Internet"])
    def test_a_connector_of_that_name(self, name: str) -> None:
        case = cases.settled(cases.ready(case=cases.with_connector(name=name), log=cases.failing(connector=name)))
        case = case.noting(JournalEntry(NOW, Deed.COPIED, S.RESTORE, "", step(S.RESTORE).commands(case)[0].text))
        redaction = cases.redaction_of(case)
        after = redaction.case
        assert after.connector == after.connectors[0].name == after.now.failed[0].connector == "connector-1"
        assert after.connectors[0].lines[0].text.endswith(": connector-1")
        assert after.now.failed[0].handshakes[0].line.text.split(",")[1] == "connector-1"
        assert after.journal[-1].text == "Set-SendConnector -Identity 'connector-1' -ProtocolLoggingLevel None"
        same_case(case, after, redaction.text)

    @pytest.mark.parametrize("name", ["A", "EX", "7", "Queue"])
    def test_a_server_of_that_name(self, name: str) -> None:
        case = cases.given(
            cases.with_connector(servers=f"{{{name}, EX02}}"), S.SYMPTOM, cases.queue_list(identity=rf"{name}\3417")
        )
        case = cases.ready(case=saying_here(case, name))
        redaction = cases.redaction_of(case)
        after = redaction.case
        assert after.servers == ("server-1", "server-2")
        assert after.queues[0].identity == r"server-1\3417"
        assert after.queues[0].lines[0].text.endswith(r": server-1\3417")
        assert after.queues[0].last_error == cases.TIMED_OUT
        same_case(case, after, redaction.text)

    def test_a_short_name_leaves_words_alone_that_only_contain_it(self) -> None:
        after = cases.redacted(cases.ready(case=cases.with_connector(servers="{TLS, MAIL}")))[0]
        assert "TLS negotiation failed with error UnknownCredentials" in after.now.failed[0].handshakes[0].line.text

    def test_what_is_microsofts_stays(self) -> None:
        remark = (
            "contoso-com.mail.protection.outlook.com Get-Queue UnknownCredentials SEND20261122-1.log "
            "Microsoft.Exchange.Data.X"
        )
        told = cases.redacted(named_case(NAMES, remark))[0].queues[-1].lines[0].text
        assert re.fullmatch(
            r"Remark : \S+\.mail\.protection\.outlook\.com Get-Queue UnknownCredentials SEND20261122-1\.log "
            r"Microsoft\.Exchange\.Data\.X",
            told,
        )
        assert "contoso" not in told

    def test_neither_a_version_nor_a_computed_column_is_taken_for_a_name(self) -> None:
        log = f"#Version: 15.0.0.0\n{cases.failing()}"
        computed = "@{n='NotAfter';e={$_.NotAfter.ToString('o')}}"
        listed = f"PS> Get-ExchangeCertificate | Format-List Subject,{computed}\n{cases.certificate_list()}"
        case = cases.given(cases.given(cases.named(), S.LOG, log), S.SERVICES, listed)
        originals = {each.original for each in cases.redacted(case)[1]}
        assert not any("15.0.0.0" in each or "NotAfter" in each for each in originals)

    def test_so_do_sessions_and_times(self) -> None:
        case = cases.ready()
        after = cases.redacted(case)[0]
        before_, after_ = case.now.failed[0].handshakes[0], after.now.failed[0].handshakes[0]
        assert (before_.session, before_.time) == (after_.session, after_.time)


def test_a_case_from_somebody_else_with_anything_in_it_is_redacted_and_read_again() -> None:
    case = replace(
        cases.ready(),
        surveyed=MappingProxyType({"ex\x0009": cases.ready().now.certificates, "10": ()}),
        surveyed_in_part=frozenset({"ex\x0009"}),
        typed_name="\ud83d half",
    ).typing(S.SYMPTOM, "(" * 400 + "%" * 400 + "\\u" * 100 + "&#x110000;" + "\x00")
    after = cases.redacted(case)[0]
    assert parsed(written(Saved("one", after), keep_logs=True)).case == after


@settings(max_examples=examples(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.text(max_size=200), name=st.text(min_size=1, max_size=30))
def test_any_text_and_any_name_is_redacted_without_a_fault(text: str, name: str) -> None:
    case = cases.ready().typing(S.SYMPTOM, text)
    case = replace(
        case, connectors=(replace(case.connectors[0], name=name, source_servers=(text, name)),), connector=name
    )
    after, _replacements = cases.redacted(case)
    assert parsed(written(Saved("one", after), keep_logs=True)).case == after
