"""One paste for all servers: every shape of it reads back as the same facts, and nothing cut is taken for whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wizard.facts import Certificate, LogFolder, LoggingLevel, SendConnector, Service, spelled
from wizard.powershell import lines as commands
from wizard.reading.certificates import flags_of, read_services
from wizard.reading.recognise import recognise
from wizard.reading.survey import CONNECTOR, Survey, Unreachable, read_survey
from wizard.reading.text import Kind, cells, clean

Record = dict[str, object]

INTERNET = SendConnector(
    name="Outbound to Office 365 - 6b0f2f64-7b1b-4b55-8a3c-90d2f1c7a5e4",
    guid="5e0c7a12-93bd-4c68-a1f4-07d9be36c215",
    enabled=True,
    logging_level=LoggingLevel.NONE,
    source_servers=("EDGE1", "EX1", "EX2"),
    tls_certificate_name='<I>CN=Example CA 5, O="Example, Inc.", C=US<S>CN=mail.contoso.example, O=Contoso Ltd, C=GB',
    fqdn="mail.contoso.example",
    require_tls=True,
    tls_auth_level="DomainValidation",
    smart_hosts=("[203.0.113.9]", "relay.fabrikam.example"),
    address_spaces=("smtp:*;1",),
    frontend_proxy=True,
    cloud_services=True,
    ignore_starttls=False,
)
PUBLIC = Certificate(
    thumbprint="0D4A6F1B92C37E58A0B1C2D3E4F5061728394A5B",
    services=frozenset({Service.IMAP, Service.POP, Service.IIS}),
    subject="CN=mail.contoso.example, O=Contoso Ltd, C=GB",
    issuer='CN=Example CA 5, O="Example, Inc.", C=US',
    not_before="2026-01-11T00:00:00.0000000+01:00",
    not_after="2028-01-10T23:59:59.0000000+01:00",
    has_private_key=True,
    self_signed=False,
    status="RevocationCheckFailure",
    root_ca_type="ThirdParty",
    domains=("mail.contoso.example", "autodiscover.contoso.example", "a.example", "b.example", "c.example"),
    server="EX1",
)
OWN = Certificate(
    thumbprint="7F6E5D4C3B2A19080716253443526170FFEEDDCC",
    services=frozenset({Service.SMTP, Service.FEDERATION}),
    subject="CN=EX2",
    issuer="CN=EX2",
    not_before="2024-02-03T04:05:06.0000000Z",
    not_after="2029-02-03T04:05:06.0000000Z",
    has_private_key=True,
    self_signed=True,
    status="Valid",
    root_ca_type="None",
    domains=("EX2", "EX2.corp.contoso.example"),
    server="EX2",
)
RPC = "A special Rpc error occurs on server EDGE1: The RPC server is unavailable."
WHOLE = Survey(
    connectors=(INTERNET,),
    certificates=(PUBLIC, OWN),
    log_folders=(
        LogFolder(
            "EX1", r"C:\Program Files\Microsoft\Exchange Server\V15\TransportRoles\Logs\Hub\ProtocolLog\SmtpSend"
        ),
        LogFolder("EX2", r"L:\Exchange logs\Hub\SmtpSend"),
    ),
    frontend_folders=(LogFolder("EX1", r"L:\Exchange logs\FrontEnd\SmtpSend"),),
    unreachable=(Unreachable("EDGE1", RPC),),
    servers=("EDGE1", "EX1", "EX2"),
)


# What the survey's line makes of the facts: records whose lists and dates are text.


def records(survey: Survey) -> list[Record]:
    """The records in the order the line prints them, the last of them the end."""
    made = [of_connector(each) for each in survey.connectors]
    for server in survey.servers:
        made += [of_certificate(each) for each in survey.certificates if each.server == server]
        made += [of_folder("Log folder", each) for each in survey.log_folders if each.server == server]
        made += [of_folder("Front End log folder", each) for each in survey.frontend_folders if each.server == server]
        for each in survey.unreachable:
            if each.server == server:
                made.append({"Survey": "No answer", "Server": server, "Error": each.error})
    return [*made, {"Survey": "The end", "Servers": list(survey.servers), "Records": str(len(made))}]


def of_connector(connector: SendConnector) -> Record:
    return {
        "Survey": "Send connector",
        "Name": connector.name,
        "Guid": connector.guid,
        "Enabled": connector.enabled,
        "ProtocolLoggingLevel": connector.logging_level.value if connector.logging_level else None,
        "SourceTransportServers": list(connector.source_servers),
        "TlsCertificateName": connector.tls_certificate_name,
        "TlsAuthLevel": connector.tls_auth_level,
        "Fqdn": connector.fqdn,
        "RequireTLS": connector.require_tls,
        "IgnoreSTARTTLS": connector.ignore_starttls,
        "FrontendProxyEnabled": connector.frontend_proxy,
        "CloudServicesMailEnabled": connector.cloud_services,
        "SmartHosts": list(connector.smart_hosts),
        "AddressSpaces": list(connector.address_spaces),
    }


def of_certificate(certificate: Certificate) -> Record:
    return {
        "Survey": "Exchange certificate",
        "Server": certificate.server,
        "Thumbprint": certificate.thumbprint,
        "Services": spelled(certificate.services or ()),
        "HasPrivateKey": certificate.has_private_key,
        "IsSelfSigned": certificate.self_signed,
        "Status": certificate.status,
        "RootCAType": certificate.root_ca_type,
        "Issuer": certificate.issuer,
        "Subject": certificate.subject,
        "CertificateDomains": list(certificate.domains),
        "NotBefore": certificate.not_before,
        "NotAfter": certificate.not_after,
    }


def of_folder(kind: str, folder: LogFolder) -> Record:
    return {"Survey": kind, "Server": folder.server, "SendProtocolLogPath": folder.path}


def as_text(value: object) -> str:
    """What the line makes of any value: a list joined with commas, all else as PowerShell shows it."""
    return ",".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def measured(record: Record) -> dict[str, str]:
    """The record as the line prints it: text throughout, and at the end how many characters that is without blanks."""
    texts = {name: as_text(value) for name, value in record.items()}
    written = "".join(name + text for name, text in texts.items()).replace(" ", "")
    return {**texts, "Length": str(len(written.encode("utf-16-le")) // 2)}


# The shapes in which it is printed.


def windows(text: str) -> str:
    """A string as Windows PowerShell writes it in JSON."""
    written = json.dumps(text, ensure_ascii=False)
    for character in "'<>&":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return written


def printed(survey: Survey) -> str:
    """What the line prints: a record a line, every value a string, blanks written by number."""
    rows = [
        "{" + ",".join(f'"{name}":{windows(text)}' for name, text in measured(record).items()) + "}"
        for record in records(survey)
    ]
    return "\n".join(rows).replace(" ", "\\u0020")


def indented(survey: Survey) -> str:
    """ConvertTo-Json of PowerShell 7."""
    return json.dumps(records(survey), indent=2, ensure_ascii=False)


def widely_indented(survey: Survey) -> str:
    """ConvertTo-Json of Windows PowerShell 5.1: two blanks after a colon, a list under the end of its name."""
    rows: list[str] = []
    for record in records(survey):
        members = [f'        "{name}":  {_wide(value, len(name) + 14)}' for name, value in record.items()]
        rows.append("    {\n" + ",\n".join(members) + "\n    }")
    return "[\n" + ",\n".join(rows) + "\n]"


def _wide(value: object, column: int) -> str:
    if not isinstance(value, list):
        return windows(value) if isinstance(value, str) else json.dumps(value)
    if not value:
        return "[\n\n" + " " * column + "]"
    return "[\n" + ",\n".join(" " * (column + 4) + windows(each) for each in value) + "\n" + " " * column + "]"


def compressed(survey: Survey) -> str:
    """ConvertTo-Json -Compress with blanks as they are: all on one line."""
    return json.dumps(records(survey), separators=(",", ":"), ensure_ascii=False)


def listed(survey: Survey, width: int = 80) -> str:
    """Format-List in an English culture: long values wrap after a blank, under their own column."""
    rows: list[str] = []
    for record in map(measured, records(survey)):
        label = max(map(len, record))
        for name, text in record.items():
            first, *rest = wrapped(text, width - label - 3)
            rows.append(f"{name:{label}} : {first}")
            rows += [" " * (label + 3) + each for each in rest]
        rows.append("")
    return "\n" + "\n".join(rows) + "\n"


def wrapped(value: str, room: int) -> list[str]:
    """The value in pieces of at most `room` columns: after the last blank that fits, else inside a word."""
    pieces: list[str] = []
    while cells(value) > room:
        fits = next(count for count in range(len(value), 0, -1) if cells(value[:count]) <= room)
        cut = value.rfind(" ", 0, fits) + 1 or fits
        pieces.append(value[:cut])
        value = value[cut:]
    return [*pieces, value]


def console(text: str, width: int, keeps_blanks: bool = False) -> str:
    """The text as a copy from a console gives it: every row broken at the width, its trailing blanks lost."""
    rows: list[str] = []
    for line in text.split("\n"):
        row = ""
        for character in line:
            if cells(row + character) > width:
                rows.append(row)
                row = ""
            row += character
        rows.append(row)
    return "\n".join(row if keeps_blanks else row.rstrip(" ") for row in rows)


SHAPES = {
    "as the line prints it": printed,
    "indented": indented,
    "widely indented": widely_indented,
    "compressed": compressed,
    "listed": listed,
}


# Reading it.


def read(text: str) -> Survey:
    return read_survey(clean(text))


Fact = TypeVar("Fact", SendConnector, Certificate, LogFolder, Unreachable)


def bare(found: Iterable[Fact]) -> tuple[Fact, ...]:
    return tuple(replace(each, lines=()) for each in found)


def facts(survey: Survey) -> Survey:
    """The facts without the lines they were read from, and without remarks."""
    return Survey(
        connectors=bare(survey.connectors),
        certificates=bare(survey.certificates),
        log_folders=bare(survey.log_folders),
        frontend_folders=bare(survey.frontend_folders),
        unreachable=bare(survey.unreachable),
        servers=survey.servers,
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_shows_the_same_facts(shape: str) -> None:
    survey = read(SHAPES[shape](WHOLE))
    assert facts(survey) == WHOLE
    assert survey.unread == ()


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_recognised(shape: str) -> None:
    assert recognise(clean(SHAPES[shape](WHOLE))) is Kind.SURVEY


# Random facts.

LETTERS = "abz09ABZ \u00e9\u00df\u4e2d\u2013\u2019'\"\\/<>&=,;:.*[]{}()-+#"


def a_value(text: str) -> str:
    """The text without what a list does not show for certain: blanks at the ends, braces around, dots of a cut."""
    return text.strip().lstrip("{ ").rstrip(". ")


WORDS = st.text(LETTERS, max_size=90).map(a_value)
NAMES = WORDS.map(lambda text: text or "Internet")
PATHS = st.text("abLS0 .\\-", max_size=90).map(lambda text: f"L:\\{text.strip(' .')}x")
HOSTS = st.sampled_from(["mail.contoso.example", "a.example", "[203.0.113.9]", "x" * 60 + ".fabrikam.example"])
SERVERS = st.sampled_from(["EX1", "ex02.corp.contoso.example", "EDGE1"])
DATES = st.sampled_from(["2026-01-11T00:00:00.0000000+01:00", "2029-02-03T04:05:06.0000000Z", ""])
GUIDS = st.sampled_from(["5e0c7a12-93bd-4c68-a1f4-07d9be36c215", "6b0f2f64-7b1b-4b55-8a3c-90d2f1c7a5e4"])
THUMBPRINTS = st.sampled_from([PUBLIC.thumbprint, OWN.thumbprint])
ERRORS = NAMES.map(lambda text: " ".join(text.split()))


def lists(entries: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(entries, max_size=6).map(tuple)


CONNECTORS = st.builds(
    SendConnector,
    name=NAMES,
    guid=GUIDS,
    enabled=st.booleans(),
    logging_level=st.sampled_from(LoggingLevel),
    source_servers=lists(SERVERS),
    tls_certificate_name=WORDS,
    fqdn=HOSTS,
    require_tls=st.booleans(),
    tls_auth_level=st.sampled_from(["", "EncryptionOnly", "DomainValidation"]),
    smart_hosts=lists(HOSTS),
    address_spaces=lists(HOSTS.map(lambda host: f"smtp:*.{host};1")),
    frontend_proxy=st.booleans(),
    cloud_services=st.booleans(),
    ignore_starttls=st.booleans(),
)


def certificates(server: str) -> st.SearchStrategy[Certificate]:
    return st.builds(
        Certificate,
        thumbprint=THUMBPRINTS,
        services=st.frozensets(st.sampled_from(Service)),
        subject=WORDS,
        issuer=WORDS,
        not_before=DATES,
        not_after=DATES,
        has_private_key=st.booleans(),
        self_signed=st.booleans(),
        status=st.sampled_from(["Valid", "RevocationCheckFailure", "DateInvalid"]),
        root_ca_type=st.sampled_from(["None", "ThirdParty", "Registry"]),
        domains=lists(HOSTS),
        server=st.just(server),
    )


@st.composite
def surveys(draw: st.DrawFn) -> Survey:
    servers = draw(st.lists(SERVERS, max_size=3, unique=True))
    survey = Survey(connectors=tuple(draw(st.lists(CONNECTORS, max_size=2))), servers=tuple(servers))
    for server in servers:
        if draw(st.integers(0, 3)) == 0:
            refusal = Unreachable(server, draw(ERRORS))
            survey = replace(survey, unreachable=(*survey.unreachable, refusal))
            continue
        found = draw(st.lists(certificates(server), min_size=1, max_size=2))
        survey = replace(
            survey,
            certificates=(*survey.certificates, *found),
            log_folders=(*survey.log_folders, LogFolder(server, draw(PATHS))),
        )
        if draw(st.booleans()):
            folder = LogFolder(server, draw(PATHS))
            survey = replace(survey, frontend_folders=(*survey.frontend_folders, folder))
    return survey


def equal_or_marked(found: Survey, expected: Survey) -> bool:
    """Whether all facts are there; a name, a subject or a path may be another only where it is marked."""
    connectors = [
        replace(each, name=true.name, name_cut=False) if each.name_cut else each
        for each, true in zip(found.connectors, expected.connectors, strict=True)
    ]
    certs = [
        replace(each, subject=true.subject, subject_cut=False) if each.subject_cut else each
        for each, true in zip(found.certificates, expected.certificates, strict=True)
    ]
    found = replace(
        found,
        connectors=tuple(replace(each, tls_certificate_name="") for each in connectors),
        certificates=tuple(replace(each, issuer="") for each in certs),
        log_folders=_marked(found.log_folders, expected.log_folders),
        frontend_folders=_marked(found.frontend_folders, expected.frontend_folders),
        unreachable=(),
    )
    expected = replace(
        expected,
        connectors=tuple(replace(each, tls_certificate_name="") for each in expected.connectors),
        certificates=tuple(replace(each, issuer="") for each in expected.certificates),
        unreachable=(),
    )
    return facts(found) == expected


def _marked(found: Iterable[LogFolder], expected: Iterable[LogFolder]) -> tuple[LogFolder, ...]:
    pairs = zip(found, expected, strict=True)
    return tuple(replace(each, path=true.path, cut=False) if each.cut else each for each, true in pairs)


class TestAnyFacts:
    @given(surveys())
    def test_come_back_from_every_shape_that_no_console_broke(self, survey: Survey) -> None:
        for shape in (printed, indented, widely_indented, compressed):
            found = read(shape(survey))
            assert facts(found) == survey, shape
            assert found.unread == ()

    @given(surveys(), st.integers(20, 200), st.booleans())
    def test_come_back_from_what_the_line_prints_at_any_width_of_a_console(
        self, survey: Survey, width: int, keeps_blanks: bool
    ) -> None:
        found = read(console(printed(survey), width, keeps_blanks))
        assert facts(found) == survey
        assert found.unread == ()

    @given(surveys(), st.sampled_from([80, 120]))
    def test_come_back_below_the_prompt_and_the_line_that_was_pasted(self, survey: Survey, width: int) -> None:
        for line, shape in ((commands.survey(), printed), (commands.survey_list("Internet"), listed)):
            prompt = r"[PS] C:\Windows\system32>"
            # A list is broken by Format-List itself, only the line above it by the console.
            output = console(shape(survey), width) if shape is printed else listed(survey, width)
            found = read(f"{console(prompt + line.text, width)}\n{output}\n{prompt}")
            assert facts(found) == survey
            assert found.unread == ()

    @given(surveys(), st.sampled_from([80, 120]))
    def test_come_back_from_a_list(self, survey: Survey, width: int) -> None:
        found = read(listed(survey, width))
        assert facts(found) == survey
        assert found.unread == ()

    @given(surveys(), st.sampled_from([60, 80, 120]), st.booleans())
    def test_are_marked_where_blanks_are_written_as_blanks_and_a_copy_may_have_lost_one(
        self, survey: Survey, width: int, keeps_blanks: bool
    ) -> None:
        for shape in (indented, widely_indented, compressed):
            assert equal_or_marked(read(console(shape(survey), width, keeps_blanks)), survey), shape


class TestOlderLines:
    """Lines that asked for values inside quotes: a shell without Exchange's types has numbers there."""

    def numbered(self, survey: Survey) -> list[dict[str, str]]:
        found: list[dict[str, str]] = []
        for record in map(measured, records(survey)):
            numbers: Record = dict(record)
            if "Services" in record:
                numbers |= {"Services": str(flags_of(read_services(record["Services"]).known or ())), "Status": "0"}
                numbers |= {"RootCAType": "3"} if record["RootCAType"] else {}
            if record["Survey"] == CONNECTOR:
                numbers |= {"ProtocolLoggingLevel": str(int(record["ProtocolLoggingLevel"] == "Verbose"))}
                numbers |= {"TlsAuthLevel": "2"} if record["TlsAuthLevel"] else {}
            del numbers["Length"]
            found.append(measured(numbers))
        return found

    def test_services_and_levels_are_numbers(self) -> None:
        text = "\n".join(
            json.dumps(each, separators=(",", ":")).replace(" ", "\\u0020") for each in self.numbered(WHOLE)
        )
        found = read(text)
        assert [each.services for each in found.certificates] == [each.services for each in WHOLE.certificates]
        assert [each.logging_level for each in found.connectors] == [each.logging_level for each in WHOLE.connectors]
        assert found.whole

    def test_a_list_prints_the_names_of_what_was_counted_as_numbers(self) -> None:
        lengths = iter([each["Length"] for each in self.numbered(WHOLE)])
        rows = listed(WHOLE).split("\n")
        text = "\n".join(re.sub(r"^(Length +: )\d+", lambda row: row[1] + next(lengths), row) for row in rows)
        assert text != listed(WHOLE)
        assert facts(read(text)) == WHOLE

    def test_a_record_that_is_not_there_whole_is_no_more_whole_for_it(self) -> None:
        lengths = iter([each["Length"] for each in self.numbered(WHOLE)])
        rows = listed(WHOLE).replace("fabrikam", "fabrika").split("\n")
        text = "\n".join(re.sub(r"^(Length +: )\d+", lambda row: row[1] + next(lengths), row) for row in rows)
        assert not read(text).whole


class TestWhatIsCut:
    """Whatever is lost, what is read is one of the facts, whole; and the loss is told."""

    @given(surveys(), st.data())
    def test_at_the_end(self, survey: Survey, data: st.DataObject) -> None:
        for shape in SHAPES.values():
            text = shape(survey).rstrip("\n")
            at = data.draw(st.integers(0, len(text) - 1))
            found = read(text[:at])
            assert_some_of(found, survey)
            assert found.unread or found.servers == survey.servers

    @given(surveys(), st.data(), st.sampled_from([40, 80, 120]))
    def test_at_the_end_of_a_console(self, survey: Survey, data: st.DataObject, width: int) -> None:
        text = console(printed(survey), width)
        found = read(text[: data.draw(st.integers(0, len(text) - 1))])
        assert_some_of(found, survey)
        assert found.unread

    @given(surveys(), st.data(), st.sampled_from([40, 80, 120]))
    def test_in_the_middle(self, survey: Survey, data: st.DataObject, width: int) -> None:
        rows = console(printed(survey), width).split("\n")
        at = data.draw(st.integers(0, len(rows) - 1))
        found = read("\n".join(rows[:at] + rows[at + 1 :]))
        assert_some_of(found, survey)
        assert found.unread

    @given(surveys(), st.data(), st.sampled_from([80, 120]))
    def test_in_the_middle_of_a_list(self, survey: Survey, data: st.DataObject, width: int) -> None:
        rows = listed(survey, width).split("\n")
        at = data.draw(st.sampled_from([at for at, row in enumerate(rows) if row.strip()]))
        found = read("\n".join(rows[:at] + rows[at + 1 :]))
        assert_some_of(found, survey)
        assert found.unread

    @given(surveys(), st.data())
    def test_at_the_beginning(self, survey: Survey, data: st.DataObject) -> None:
        text = printed(survey)
        assume(len(text.split("\n")) > 1)
        found = read(text[data.draw(st.integers(1, text.index("\n"))) :])
        assert_some_of(found, survey)
        assert found.unread


def assert_some_of(found: Survey, survey: Survey) -> None:
    """Every fact found is one of the survey's."""
    some, every = facts(found), facts(survey)
    assert set(some.connectors) <= set(every.connectors)
    assert set(some.certificates) <= set(every.certificates)
    assert set(some.log_folders) <= set(every.log_folders)
    assert set(some.frontend_folders) <= set(every.frontend_folders)
    assert set(some.unreachable) <= set(every.unreachable)


class TestOtherShapes:
    def test_enums_of_live_objects_are_numbers(self) -> None:
        connector = {**of_connector(INTERNET), "ProtocolLoggingLevel": 1}
        certificate = {**of_certificate(PUBLIC), "Services": 11, "Status": 7, "RootCAType": 1}
        found = read(json.dumps([connector, certificate, {"Survey": "The end", "Servers": "EX1", "Records": 2}]))
        assert found.connectors[0].logging_level is LoggingLevel.VERBOSE
        assert found.certificates[0].services == PUBLIC.services
        assert (found.certificates[0].status, found.certificates[0].root_ca_type) == ("", "")
        assert [each.why for each in found.unread] == [
            "Status is the number 7 here, and its word is not confirmed",
            "RootCAType is the number 1 here, and its word is not confirmed",
        ]

    def test_null_is_nothing_and_a_list_may_be_empty(self) -> None:
        record = {**of_connector(INTERNET), "TlsCertificateName": None, "Fqdn": None, "SmartHosts": []}
        (connector,) = read(json.dumps(record)).connectors
        assert (connector.tls_certificate_name, connector.fqdn, connector.smart_hosts) == ("", "", ())

    def test_a_list_of_one_may_be_its_only_entry(self) -> None:
        record = {**of_connector(INTERNET), "SourceTransportServers": "EX1", "SmartHosts": ["[203.0.113.9]"]}
        (connector,) = read(json.dumps(record)).connectors
        assert (connector.source_servers, connector.smart_hosts) == (("EX1",), ("[203.0.113.9]",))

    def test_one_record_needs_no_array_around_it(self) -> None:
        for indent in (None, 2, 4):
            found = read(json.dumps(of_certificate(PUBLIC), indent=indent))
            assert facts(found).certificates == (PUBLIC,)

    def test_windows_powershell_may_wrap_an_array_in_an_object(self) -> None:
        found = read(json.dumps({"value": records(WHOLE), "Count": 8}, indent=4))
        assert facts(found) == WHOLE
        assert found.unread == ()

    def test_a_mail_program_put_marks_before_the_lines(self) -> None:
        quoted = "\n".join(f"> {row}" for row in console(printed(WHOLE), 80).split("\n"))
        assert facts(read(quoted)) == WHOLE

    def test_two_surveys_in_one_paste(self) -> None:
        edge = Survey(certificates=(replace(OWN, server="EDGE1"),), servers=("EDGE1",))
        found = read(f"{printed(WHOLE)}\n\n{printed(edge)}")
        assert [each.server for each in found.certificates] == ["EX1", "EX2", "EDGE1"]
        assert found.unread == ()

    def test_a_survey_without_any_connector(self) -> None:
        found = read(printed(Survey()))
        assert facts(found) == Survey()
        assert found.unread == ()


class TestWhatIsTold:
    def test_every_fact_has_the_very_rows_it_was_read_from(self) -> None:
        found = read(console(printed(WHOLE), 60))
        rows = [line.number for connector in found.connectors for line in connector.lines]
        rows += [line.number for certificate in found.certificates for line in certificate.lines]
        rows += [line.number for folder in (*found.log_folders, *found.frontend_folders) for line in folder.lines]
        rows += [line.number for refusal in found.unreachable for line in refusal.lines]
        # Of the last record no fact is made.
        assert sorted(rows) == list(range(1, max(rows) + 1))
        for certificate in found.certificates:
            assert certificate.thumbprint
            assert certificate.thumbprint in "".join(line.text for line in certificate.lines)

    def test_rows_that_were_joined(self) -> None:
        found = read("\n\n" + console(printed(WHOLE), 60))
        assert [(each.line, each.what) for each in found.mended] == [
            (3, "joined the lines that records were broken over")
        ]
        assert read(printed(WHOLE)).mended == ()

    def test_what_a_reader_mended_stands_at_its_own_line(self) -> None:
        text = json.dumps([of_folder("Log folder", WHOLE.log_folders[1]), of_certificate(OWN)], indent=2)
        found = read(text.replace(str(OWN.thumbprint), str(OWN.thumbprint).lower()))
        assert [(each.line, each.what) for each in found.mended] == [(7, "thumbprint: took away lower case")]

    def test_a_server_that_did_not_answer(self) -> None:
        (refusal,) = read(printed(WHOLE)).unreachable
        assert (refusal.server, refusal.error, [line.number for line in refusal.lines]) == ("EDGE1", RPC, [2])

    def test_a_server_of_which_nothing_came(self) -> None:
        silent = replace(WHOLE, unreachable=())
        assert [each.why for each in read(printed(silent)).unread] == [
            "EDGE1 was asked, and neither a certificate nor an error of it is here"
        ]

    def test_a_record_that_got_lost(self) -> None:
        rows = printed(WHOLE).split("\n")
        found = read("\n".join(rows[:3] + rows[4:]))
        assert [(each.line, each.why) for each in found.unread] == [
            (7, "the survey printed 7 records, and 6 of them are here whole")
        ]

    def test_an_end_that_got_lost(self) -> None:
        rows = printed(WHOLE).split("\n")
        found = read("\n".join(rows[:-1]))
        assert facts(found) == replace(WHOLE, servers=())
        assert [each.line for each in found.unread] == [7]
        assert "copy all" in found.unread[0].why

    def test_a_row_that_got_lost_out_of_a_value(self) -> None:
        rows = console(printed(replace(WHOLE, connectors=())), 40).split("\n")
        # The certificate's names take several rows: one less leaves a name that looks like one.
        at = next(at for at, row in enumerate(rows) if "autodiscover" in row)
        found = read("\n".join(rows[:at] + rows[at + 1 :]))
        assert [each.thumbprint for each in found.certificates] == [OWN.thumbprint]
        assert found.unread[0].why.startswith("something of this Exchange certificate is missing")

    def test_a_blank_in_a_record_that_has_none(self) -> None:
        found = read(printed(WHOLE).replace("Contoso\\u0020Ltd", "Contoso Ltd", 1))
        assert found.connectors == ()
        assert "something changed it on the way" in found.unread[0].why

    def test_what_the_shell_said_between(self) -> None:
        said = "Some cmdlet : Something went wrong.\n    + CategoryInfo : NotSpecified"
        found = read(f"{commands.survey().text}\n{said}\n{printed(WHOLE)}\n[PS] C:\\>")
        assert facts(found) == WHOLE
        assert [(each.line, each.why) for each in found.unread] == [(2, "these 2 lines are no record of the survey")]

    @pytest.mark.parametrize("text", ["", "[]", "{}", "[ ]", "Thank you.", '{"Survey": 1}', "Survey : The end"])
    def test_a_text_without_a_survey(self, text: str) -> None:
        found = read(text)
        assert facts(found) == Survey()
        assert found.unread or not text

    def test_an_indented_record_that_ends_too_early(self) -> None:
        text = indented(WHOLE)
        found = read(text[: text.index(str(OWN.thumbprint)) + 20])
        assert [each.thumbprint for each in found.certificates] == [PUBLIC.thumbprint]
        assert found.unread[0].why == "the record that begins here is cut off before its end"


class TestBlanksThatACopyMayHaveLost:
    """ConvertTo-Json alone writes blanks as blanks; the last of a row is gone, and nobody can tell from a full row."""

    def connector(self, name: str, width: int) -> SendConnector:
        text = json.dumps({**of_connector(INTERNET), "Name": name}, separators=(",", ":"))
        return read(console(text, width)).connectors[0]

    def test_a_row_shorter_than_others_lost_one(self) -> None:
        assert self.connector("Outbound to Office", 44).name == "Outbound to Office"

    def test_a_blank_at_the_beginning_of_a_row_is_there(self) -> None:
        at = len('{"Survey":"Send connector","Name":"Outbound')
        assert self.connector("Outbound to Office", at).name == "Outbound to Office"

    def test_a_name_that_a_full_row_ends_in_is_not_certain(self) -> None:
        at = len('{"Survey":"Send connector","Name":"Out')
        connector = self.connector("Outbound", at)
        assert (connector.name, connector.name_cut) == ("Outbound", True)
        assert not self.connector("Outbound", at + 20).name_cut


class TestRecognised:
    @given(surveys(), st.integers(40, 120))
    def test_at_any_width_of_a_console(self, survey: Survey, width: int) -> None:
        assert recognise(clean(console(printed(survey), width))) is Kind.SURVEY

    @pytest.mark.parametrize("width", [40, 80, 120, 4_000])
    def test_the_line_alone_is_a_command(self, width: int) -> None:
        for line in (commands.survey(), commands.survey_list("Internet"), commands.survey(edge=True)):
            assert recognise(clean(console(line.text, width))) is Kind.COMMAND
            assert recognise(clean(console(r"[PS] C:\Windows\system32>" + line.text, width))) is Kind.COMMAND

    def test_the_line_with_an_error_below_it_is_an_error(self) -> None:
        error = "The term 'ConvertTo-Json' is not recognized as the name of a cmdlet, function, script file"
        assert recognise(clean(f"{commands.survey().text}\n{error}")) is Kind.CMDLET_ERROR

    @pytest.mark.parametrize("text", ["Survey : thank you", '{"Surveys": 1}', "Survey", "a survey"])
    def test_the_word_alone_is_none(self, text: str) -> None:
        assert recognise(clean(text)) is not Kind.SURVEY


class TestAnyInput:
    @given(st.text(max_size=300))
    def test_any_text_gives_facts_or_reasons(self, text: str) -> None:
        found = read(text)
        assert facts(found) == Survey()
        assert found.unread or not text.strip("\r\n")

    @given(st.lists(st.sampled_from([*'{}[]",:\\\n u0020', "Survey", "Name", "Guid", "Log folder", "Length", " : "])))
    def test_any_text_of_its_own_signs_is_read(self, pieces: list[str]) -> None:
        read('{"Survey":"Send\\u0020connector"' + "".join(pieces))
        read("Survey : Exchange certificate\nThumbprint : x\n" + "".join(pieces))
