"""Certificates from everything Get-ExchangeCertificate is printed and pasted as."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.facts import Asked, Certificate, Reading, Service, in_order
from wizard.reading.certificates import Services, certificates_of, read_certificates, read_services
from wizard.reading.listing import read_listing
from wizard.reading.records import Notes
from wizard.reading.text import clean

PUBLIC = "0D4A6F1B92C37E58A0B1C2D3E4F5061728394A5B"
OWN = "7F6E5D4C3B2A19080716253443526170FFEEDDCC"


def reading(text: str) -> Reading[Certificate]:
    return read_certificates(clean(text))


def only(text: str) -> Certificate:
    (certificate,) = reading(text).facts
    return certificate


def services(certificate: Certificate) -> str | None:
    return None if certificate.services is None else ",".join(s.value for s in in_order(certificate.services))


class TestDefaultTable:
    TABLE = f"""
Thumbprint                                Services   Subject
----------                                --------   -------
{PUBLIC}  IP.WS..    CN=mail.fabrikam.example, O=Fabri...
{OWN}  ....S..    CN=MBX7
"""

    def test_letters_stand_in_fixed_places(self) -> None:
        first, second = reading(self.TABLE).facts
        assert (first.thumbprint, services(first)) == (PUBLIC, "SMTP,IIS,POP,IMAP")
        assert (second.thumbprint, services(second)) == (OWN, "SMTP")

    def test_a_cut_subject_is_called_cut(self) -> None:
        first, second = reading(self.TABLE).facts
        assert (first.subject, first.subject_cut) == ("CN=mail.fabrikam.example, O=Fabri...", True)
        assert (second.subject, second.subject_cut) == ("CN=MBX7", False)

    def test_every_certificate_shows_its_lines(self) -> None:
        assert [[line.number for line in each.lines] for each in reading(self.TABLE).facts] == [[4], [5]]

    def test_without_underlines_and_without_alignment(self) -> None:
        certificate = only(f"Thumbprint Services Subject\n{PUBLIC} IP.WS. CN=mail.fabrikam.example, O=Fabrikam")
        assert services(certificate) == "SMTP,IIS,POP,IMAP"
        assert certificate.subject == "CN=mail.fabrikam.example, O=Fabrikam"

    def test_rows_alone(self) -> None:
        first, second = reading(f"{PUBLIC.lower()}  IP.W...    CN=mail\n{OWN}        IIS, SMTP").facts
        assert (first.thumbprint, services(first), first.subject) == (PUBLIC, "IIS,POP,IMAP", "CN=mail")
        assert (second.thumbprint, services(second)) == (OWN, "SMTP,IIS")


class TestServices:
    @pytest.mark.parametrize(
        ("written", "known"),
        [
            ("IMAP, POP, IIS, SMTP", "SMTP,IIS,POP,IMAP"),
            ("smtp", "SMTP"),
            ("SMTP, Federation", "SMTP,Federation"),
            ("UM, UMCallRouter", "UM,UMCallRouter"),
            ("None", ""),
            ("IP.WS.", "SMTP,IIS,POP,IMAP"),
            ("IPUWSF.", "SMTP,IIS,POP,IMAP,UM,Federation"),
            ("IPUWSFC", "SMTP,IIS,POP,IMAP,UM,UMCallRouter,Federation"),
            ("IP.W..C", "IIS,POP,IMAP,UMCallRouter"),
            ("....SF", "SMTP,Federation"),
            (".......", ""),
            ("......", ""),
            ("IP.W…", "IIS,POP,IMAP"),
            ("…WS..", "SMTP,IIS"),
            ("0", ""),
            ("27", "SMTP,IIS,POP,IMAP"),
            ("48", "SMTP,Federation"),
            ("56", "SMTP,IIS,Federation"),
            ("96", "UMCallRouter,Federation"),
            ("127", "SMTP,IIS,POP,IMAP,UM,UMCallRouter,Federation"),
        ],
    )
    def test_words_letters_and_numbers(self, written: str, known: str) -> None:
        found = read_services(written)
        assert found.known is not None
        assert ",".join(service.value for service in in_order(found.known)) == known
        assert found.unknown == ()

    @pytest.mark.parametrize(
        ("written", "known", "unknown"),
        [
            ("....S.R", {Service.SMTP}, ("R",)),
            ("S......", set(), ("S",)),
            ("IPC.S..", {Service.IMAP, Service.POP, Service.SMTP}, ("C",)),
            ("144", {Service.SMTP}, ("128",)),
            ("896", set(), ("128", "256", "512")),
            ("SMTP, Fax", {Service.SMTP}, ("Fax",)),
        ],
    )
    def test_what_is_not_confirmed_is_reported_and_never_asserted(
        self, written: str, known: set[Service], unknown: tuple[str, ...]
    ) -> None:
        found = read_services(written)
        assert (found.known, found.unknown) == (frozenset(known), unknown)

    @pytest.mark.parametrize(
        "written",
        [
            "IP...",
            "IP…",
            "IMAP, POP, I…",
            "IMAP, POP,",
            "IMAP, PO...",
            "...IS",
            "…IS",
            "… IIS",
            "... IIS",
            "...IIS",
            "…IIS",
            "...SMTP",
            "…SMTP",
            "…tion",
            "…, SMTP",
            "...POP",
            "IMAP...",
            "SMTP…",
            "...",
            "…",
            "IPWS",
            "..WS",
            "IP.WS",
            "IP.WS...",
        ],
    )
    def test_what_may_be_cut_is_not_read_as_if_it_were_whole(self, written: str) -> None:
        assert read_services(written) == Services(None, cut=True)

    def test_an_empty_value_is_not_a_cut_one(self) -> None:
        assert read_services("") == Services(None)

    @given(st.sets(st.sampled_from([Service.IMAP, Service.POP, Service.UM, Service.IIS, Service.SMTP])))
    def test_every_way_to_write_the_same_services_reads_the_same(self, chosen: set[Service]) -> None:
        order = [Service.IMAP, Service.POP, Service.UM, Service.IIS, Service.SMTP]
        letters = "".join(letter if service in chosen else "." for letter, service in zip("IPUWS", order, strict=True))
        words = ", ".join(service.value for service in order if service in chosen) or "None"
        number = sum(1 << bit for bit, service in enumerate(order) if service in chosen)
        for written in (letters + ".", letters + "..", words, str(number)):
            assert read_services(written).known == frozenset(chosen)


class TestFormatList:
    WHOLE = f"""
AccessRules        :
CertificateDomains : {{mail.fabrikam.example, www.fabrikam.example, a.example, b.example...}}
HasPrivateKey      : TRUE
IsSelfSigned       : false
Issuer             : CN=Example CA 5, O="Example, Inc.", C=US
NotAfter           : 02.02.2028 4:22:23
NotBefore          : 02.02.2027 4:22:23
RootCAType         : ThirdParty
SerialNumber       : 00AB12CD
Services           : IMAP, POP, IIS, SMTP
Status             : RevocationCheckFailure
Subject            : CN=mail.fabrikam.example
Thumbprint         : {PUBLIC}
Identity           : MBX7.fabrikam.example\\{PUBLIC}
"""

    def test_every_property_is_read(self) -> None:
        certificate = only(self.WHOLE)
        assert certificate == Certificate(
            thumbprint=PUBLIC,
            services=frozenset({Service.IMAP, Service.POP, Service.IIS, Service.SMTP}),
            subject="CN=mail.fabrikam.example",
            issuer='CN=Example CA 5, O="Example, Inc.", C=US',
            serial="00AB12CD",
            not_before="02.02.2027 4:22:23",
            not_after="02.02.2028 4:22:23",
            has_private_key=True,
            self_signed=False,
            status="RevocationCheckFailure",
            root_ca_type="ThirdParty",
            domains=("mail.fabrikam.example", "www.fabrikam.example", "a.example", "b.example"),
            domains_cut=True,
            server="MBX7.fabrikam.example",
            lines=certificate.lines,
        )
        assert len(certificate.lines) == 14

    @pytest.mark.parametrize("ellipsis", ["…", "..."])
    def test_a_cut_thumbprint_never_becomes_one(self, ellipsis: str) -> None:
        found = reading(f"Thumbprint Services\n---------- --------\n{PUBLIC[:9]}{ellipsis} SMTP")
        assert found.facts[0].thumbprint is None
        assert "not whole" in found.unread[0].why

    def test_a_cut_thumbprint_of_forty_digits_is_cut_all_the_same(self) -> None:
        assert only(f"Thumbprint : {PUBLIC}…\nServices : SMTP").thumbprint is None

    def test_a_thumbprint_wrapped_by_a_narrow_console_is_whole(self) -> None:
        assert only(f"Thumbprint : {PUBLIC[:27]}\n             {PUBLIC[27:]}\nServices   : SMTP").thumbprint == PUBLIC

    def test_what_was_taken_away_from_a_thumbprint_is_told(self) -> None:
        found = reading(f"Thumbprint : {PUBLIC.lower()}\nServices : SMTP")
        assert found.facts[0].thumbprint == PUBLIC
        assert [mended.what for mended in found.mended] == ["thumbprint: took away lower case"]

    def test_empty_services_of_a_remote_shell_are_not_none(self) -> None:
        found = reading(f"Thumbprint : {PUBLIC}\nServices   :\nSubject    : CN=mail")
        assert found.facts[0].services is None
        assert "remote shells" in found.unread[0].why

    def test_services_are_unknown_where_they_are_not_printed(self) -> None:
        assert only(f"Thumbprint : {PUBLIC}\nSubject : CN=mail").services is None


class TestShellsWithoutExchangesTypes:
    @pytest.mark.parametrize(
        "printed",
        [
            "Services :\nHasPrivateKey : False\nIsSelfSigned :\nStatus :\nRootCAType :",
            "HasPrivateKey : False\nSubject : CN=mail",
            "HasPrivateKey : False\nStatus :",
        ],
    )
    def test_a_key_of_a_rebuilt_object_proves_nothing(self, printed: str) -> None:
        found = reading(f"Thumbprint : {PUBLIC}\n{printed}")
        (certificate,) = found.facts
        assert (certificate.without_types, certificate.has_private_key, certificate.services) == (True, None, None)
        assert found.unread == ()

    @pytest.mark.parametrize(
        ("printed", "key"),
        [
            ("Services : None\nHasPrivateKey : False", False),
            ("Services : IIS\nHasPrivateKey : False\nStatus :", False),
            ("HasPrivateKey : False\nStatus : Valid", False),
            ("HasPrivateKey : False\nPSParentPath : Certificate::LocalMachine\\My", False),
            ("HasPrivateKey : True\nStatus : Valid", True),
        ],
    )
    def test_a_key_of_a_whole_object_counts(self, printed: str, key: bool) -> None:
        certificate = only(f"Thumbprint : {PUBLIC}\n{printed}")
        assert (certificate.without_types, certificate.has_private_key) == (False, key)

    def test_the_stores_own_answer_counts_by_its_command(self) -> None:
        records = read_listing(clean(f"Thumbprint : {PUBLIC}\nHasPrivateKey : False")).records
        (of_the_store,) = certificates_of(records, Notes(), Asked("get-childitem"))
        assert (of_the_store.has_private_key, of_the_store.without_types) == (False, False)


class TestWhatIsCut:
    def test_nothing_that_a_table_cut_is_told_as_whole(self) -> None:
        text = f"""
Thumbprint                               Stat Issuer     Servi
                                           us              ces
----------                               ---- ------     -----
{PUBLIC} ...d CN=Examp\u2026  ...IS
"""
        certificate = only(text)
        assert (certificate.status, certificate.services, certificate.services_cut) == ("", None, True)
        assert certificate.issuer_cut

    def test_a_listing_knows_its_command(self) -> None:
        records = read_listing(
            clean(f"Thumbprint : {PUBLIC}\nServices : IIS\n\nThumbprint : {OWN}\nServices : SMTP")
        ).records
        facts = certificates_of(records, Notes(), Asked("get-exchangecertificate", server="MBX7"))
        assert {(each.server, each.listing, each.whole_list) for each in facts} == {("MBX7", "paste:1", True)}
        narrow = certificates_of(records, Notes(), Asked("get-exchangecertificate", narrow=True))
        assert not any(each.whole_list for each in narrow)


class TestOtherForms:
    def test_select_services_has_no_thumbprint(self) -> None:
        certificate = only("\n            Services\n            --------\nIMAP, POP, IIS, SMTP\n")
        assert (certificate.thumbprint, services(certificate)) == (None, "SMTP,IIS,POP,IMAP")

    def test_select_thumbprint_and_services(self) -> None:
        table = f"""
Thumbprint                                       Services
----------                                       --------
{PUBLIC} SMTP, Federation
{OWN}             None
"""
        assert [(each.thumbprint, services(each)) for each in reading(table).facts] == [
            (PUBLIC, "SMTP,Federation"),
            (OWN, ""),
        ]

    def test_csv(self) -> None:
        certificate = only(f'#TYPE X\n"Thumbprint","Services","Subject"\n"{PUBLIC}","IIS, SMTP","CN=a, O=b"')
        assert (certificate.thumbprint, services(certificate), certificate.subject) == (PUBLIC, "SMTP,IIS", "CN=a, O=b")

    @pytest.mark.parametrize(
        ("written", "expected"), [(27, "SMTP,IIS,POP,IMAP"), ("IIS, SMTP", "SMTP,IIS"), (["IIS", "SMTP"], "SMTP,IIS")]
    )
    def test_json_with_a_number_or_with_words(self, written: object, expected: str) -> None:
        text = json.dumps([{"Thumbprint": PUBLIC, "Services": written, "CertificateDomains": ["a.example"]}], indent=2)
        certificate = only(text)
        assert (services(certificate), certificate.domains, certificate.domains_cut) == (
            expected,
            ("a.example",),
            False,
        )

    def test_windows_powershells_json_dates_are_milliseconds_in_utc(self) -> None:
        text = json.dumps({"Thumbprint": PUBLIC, "NotAfter": "/Date(1830297599000)/"})
        assert only(text).not_after == "2027-12-31T23:59:59Z"

    def test_clixml_shows_services_by_their_words(self) -> None:
        text = (
            '<Objs Version="1.1.0.1"><Obj RefId="0"><MS>'
            f'<S N="Thumbprint">{PUBLIC}</S><B N="HasPrivateKey">true</B>'
            '<Obj N="Services" RefId="1"><ToString>SMTP, Federation</ToString><I32>48</I32></Obj>'
            "</MS></Obj></Objs>"
        )
        certificate = only(text)
        assert (certificate.thumbprint, services(certificate)) == (PUBLIC, "SMTP,Federation")
        assert certificate.has_private_key is True
        assert certificate.lines

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("IMAP, POP, IIS", "IIS,POP,IMAP"),
            ("SMTP", "SMTP"),
            ("None", ""),
            ("IP.WS..", "SMTP,IIS,POP,IMAP"),
            ("Services\n\nPOP", "POP"),
        ],
    )
    def test_an_answer_that_is_nothing_but_services(self, text: str, expected: str) -> None:
        assert services(only(text)) == expected

    @pytest.mark.parametrize("text", ["S", "IP", "11", "Thank you", "...", ""])
    def test_too_little_is_no_certificate(self, text: str) -> None:
        assert reading(text).facts == ()
        assert reading(text).unread

    def test_other_objects_are_refused_with_a_reason(self) -> None:
        assert reading("Name : EX1\nPort : 25").unread[0].why == "what is listed here has no property of a certificate"


@given(st.text(max_size=400))
def test_any_text_gives_certificates_or_reasons(text: str) -> None:
    found = reading(text)
    assert found.facts or found.unread
    assert all(each.thumbprint is None or len(each.thumbprint) == 40 for each in found.facts)


@given(st.text(alphabet="0123456789ABCDEFabcdef….,: \nThumbprintServices{}", max_size=300))
def test_a_thumbprint_is_whole_or_none(text: str) -> None:
    for each in reading(f"Thumbprint : {text}").facts:
        assert each.thumbprint is None or len(each.thumbprint) == 40
