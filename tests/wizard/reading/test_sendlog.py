"""What the reader of Send protocol logs makes of whole, interleaved, damaged and hostile logs."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from itertools import chain, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budget import examples
from wizard.facts import Direction, Handshake, Layout, Line, LoggedCertificate, LogReading, Whose
from wizard.reading.log.rows import MOST_NOTES
from wizard.reading.log.sessions import LogReader, candidates, failures, read_log
from wizard.reading.text import Refused, clean

OURS = "3F2A9C01D4E5B6A7988776655443322110FFEEDD"
THEIRS = "B00B5C0FFEE0123456789ABCDEF0123456789ABC"
LONG_SERIAL = "4A00000012AB34CD56EF7890AB12CD34EF567890"
SERIAL = "6F0000001B2C3D4E5F60718293A4B5C6"
SUBJECT = "CN=mail.contoso.com, OU=IT, O=Contoso, L=Bern, C=CH"
ISSUER = 'CN=Fabrikam TLS CA 3, O="Fabrikam, Inc.", C=US'
NAMES = "mail.contoso.com;contoso.com"
SUCCESS = (
    "TLS protocol SP_PROT_TLS1_2_CLIENT negotiation succeeded using bulk encryption algorithm CALG_AES_256 with "
    "strength 256 bits, MAC hash algorithm CALG_SHA_384 with strength 0 bits and key exchange algorithm "
    "CALG_ECDH_EPHEM with strength 384 bits"
)
HEADER = (
    "#Software: Microsoft Exchange Server",
    "#Version: 15.0.0.0",
    "#Log-type: SMTP Send Protocol Log",
    "#Date: 2026-11-22T08:00:00.000Z",
    "#Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context",
)
ONE_LINE_CONTEXT = (
    "Sending certificate Certificate subject Certificate issuer name Certificate serial number "
    "Certificate thumbprint Certificate alternate names"
)
DATED_CONTEXT = (
    "Sending certificate Subject Issuer name Serial number Thumbprint Not before Not after Subject alternate names"
)
Event = tuple[str, str, str]


def quoted(field: str) -> str:
    """A field as Exchange writes it: quoted only when it must be."""
    return '"' + field.replace('"', '""') + '"' if set(field) & set('",') else field


def rows(
    events: Iterable[Event], session: int = 1, connector: str = "Outbound to Internet", first: int = 0
) -> list[str]:
    """One session's rows, numbered from `first`."""
    return [
        ",".join(
            map(
                quoted,
                (
                    f"2026-11-22T08:{session % 60:02}:{number % 60:02}.000Z",
                    connector,
                    f"08DE2A{session:010X}",
                    str(number),
                    "192.0.2.10:44276",
                    "198.51.100.20:25",
                    *event,
                ),
            )
        )
        for number, event in enumerate(events, start=first)
    ]


def certificate(thumbprint: str = OURS, header: str = "Sending certificate", serial: str = SERIAL) -> list[Event]:
    """A certificate in rows."""
    return [
        ("*", "", header),
        ("*", SUBJECT, "Certificate subject"),
        ("*", ISSUER, "Certificate issuer name"),
        ("*", serial, "Certificate serial number"),
        ("*", thumbprint, "Certificate thumbprint"),
        ("*", NAMES, "Certificate alternate names"),
    ]


def one_line(thumbprint: str = OURS, serial: str = SERIAL, context: str = ONE_LINE_CONTEXT, dates: str = "") -> Event:
    """A certificate on one line."""
    return ("*", f" {SUBJECT} {ISSUER} {serial} {thumbprint} {dates}{NAMES}", context)


CONNECT: list[Event] = [
    ("*", "SendRoutingHeaders", "Set Session Permissions"),
    ("*", "", "attempting to connect"),
    ("+", "", ""),
    ("<", "220 mx.example.net ESMTP ready, Sun, 22 Nov 2026 08:00:00 +0000", ""),
    (">", "EHLO mail.contoso.com", ""),
    ("<", "250 mx.example.net Hello [203.0.113.5] SIZE STARTTLS", ""),
    (">", "STARTTLS", ""),
    ("<", "220 2.0.0 SMTP server ready", ""),
]
THEIR_SHORT: list[Event] = [("*", "", "Received certificate"), ("*", THEIRS, "Certificate thumbprint")]
MAIL: list[Event] = [
    (">", "MAIL FROM:<ann@contoso.com> SIZE=1024", ""),
    (">", "RCPT TO:<bob@example.net>", ""),
    ("<", "250 2.1.0 Sender OK", ""),
    ("<", "250 2.1.5 Recipient OK", ""),
]
BYE: list[Event] = [("-", "", "Local")]


def failed(error: str = "UnknownCredentials") -> list[Event]:
    return [("*", "", f"TLS negotiation failed with error {error}")]


def succeeded() -> list[Event]:
    return [("*", "", SUCCESS)]


FAILING = [*CONNECT, *certificate(), *failed(), *BYE]
HEALTHY = [*CONNECT, *certificate(), *THEIR_SHORT, *succeeded(), *MAIL, *BYE]


def read(*lines: str, whole: bool = True) -> LogReading:
    return read_log(clean("\n".join(lines)), whole)


def the(reading: LogReading) -> Handshake:
    (handshake,) = reading.handshakes
    return handshake


def ours(reading: LogReading) -> LoggedCertificate:
    certificate = the(reading).ours
    assert certificate is not None
    return certificate


def essence(handshakes: Iterable[Handshake]) -> list[object]:
    """Handshakes without the places they were read from, in an order that does not depend on the file's."""
    return sorted(
        (
            (h.session, h.time, h.connector, h.remote, h.error, h.protocol, h.delivered, shown(h.ours), shown(h.theirs))
            for h in handshakes
        ),
        key=repr,
    )


def shown(c: LoggedCertificate | None) -> object:
    return c and (c.whose, c.layout, c.thumbprint, c.subject, c.issuer, c.serial, c.names, c.header_seen)


def thumbprints(reading: LogReading) -> set[str]:
    return {h.ours.thumbprint for h in reading.handshakes if h.ours and h.ours.thumbprint}


class TestTheArticlesFault:
    def test_a_failed_handshake_with_our_certificate_in_rows(self) -> None:
        reading = read(*HEADER, *rows(FAILING))
        assert reading.direction is Direction.SEND
        assert (reading.rows, reading.sessions, reading.connectors) == (16, 1, ("Outbound to Internet",))
        assert (reading.mended, reading.unread) == ((), ())
        handshake = the(reading)
        assert (handshake.error, handshake.connector, handshake.remote) == (
            "UnknownCredentials",
            "Outbound to Internet",
            "198.51.100.20:25",
        )
        certificate = ours(reading)
        assert (certificate.thumbprint, certificate.serial) == (OURS, SERIAL)
        assert (certificate.subject, certificate.issuer) == (SUBJECT, ISSUER)
        assert certificate.names == ("mail.contoso.com", "contoso.com")
        assert (certificate.whose, certificate.layout, certificate.header_seen) == (Whose.OURS, Layout.ROWS, True)
        assert [line.number for line in certificate.lines] == [14, 15, 16, 17, 18, 19]
        assert handshake.line.number == 20

    def test_the_shape_of_the_articles_own_sample(self) -> None:
        masked = [(e, "x" * 22 if "serial" in c or "thumb" in c else d, c) for e, d, c in certificate()[1:]]
        sample = [
            line.replace("192.0.2.10:44276", "").replace("198.51.100.20:25", "")
            for line in rows([*masked, *failed()], first=16)
        ]
        certificate_seen = ours(read(*sample))
        assert (certificate_seen.thumbprint, certificate_seen.thumbprint_as_written) == (None, "x" * 22)
        assert not certificate_seen.header_seen
        assert candidates(failures(read(*sample))) == ()

    @pytest.mark.parametrize("serial", [SERIAL, LONG_SERIAL])
    def test_one_line(self, serial: str) -> None:
        certificate_seen = ours(read(*rows([*CONNECT, one_line(serial=serial), *failed()])))
        assert (certificate_seen.thumbprint, certificate_seen.serial) == (OURS, serial)
        assert (certificate_seen.subject, certificate_seen.issuer) == (SUBJECT, ISSUER)
        assert (certificate_seen.layout, certificate_seen.names[0]) == (Layout.ONE_LINE, "mail.contoso.com")

    @pytest.mark.parametrize("serial", [SERIAL, LONG_SERIAL])
    def test_one_line_with_dates(self, serial: str) -> None:
        dates = "2026-01-01T00:00:00.000Z 2027-01-01T00:00:00.000Z "
        event = one_line(serial=serial, context=DATED_CONTEXT, dates=dates)
        certificate_seen = ours(read(*rows([*CONNECT, event, *failed()])))
        assert (certificate_seen.thumbprint, certificate_seen.layout) == (OURS, Layout.ONE_LINE_DATED)
        assert certificate_seen.not_before == "2026-01-01T00:00:00.000Z"
        assert certificate_seen.not_after == "2027-01-01T00:00:00.000Z"
        assert certificate_seen.names == ("mail.contoso.com", "contoso.com")

    @pytest.mark.parametrize("written", ["x" * 40, "*" * 12, OURS[:39], OURS[:20], OURS[:8] + "…" + OURS[-4:], ""])
    def test_a_long_serial_is_never_taken_for_a_thumbprint_that_is_masked_or_cut(self, written: str) -> None:
        event = one_line(written, serial=LONG_SERIAL)
        assert ours(read(*rows([*CONNECT, event, *failed()]))).thumbprint is None

    def test_a_self_signed_certificate_on_one_line(self) -> None:
        event = ("*", f" CN=EX1 CN=EX1 {SERIAL} {OURS} EX1;ex1.contoso.com", ONE_LINE_CONTEXT)
        certificate_seen = ours(read(*rows([event, *failed()])))
        assert (certificate_seen.subject, certificate_seen.issuer) == ("CN=EX1", "CN=EX1")
        assert certificate_seen.thumbprint == OURS

    def test_names_whose_border_is_not_certain_stay_together(self) -> None:
        names = "OU=a OU=b, O=c CN=d"
        certificate_seen = ours(
            read(*rows([("*", f" {names} {SERIAL} {OURS} x.contoso.com", ONE_LINE_CONTEXT), *failed()]))
        )
        assert (certificate_seen.subject, certificate_seen.issuer) == (names, "")

    def test_an_unknown_error_name_is_shown_as_it_stands(self) -> None:
        assert the(read(*rows([*certificate(), *failed("SomethingNew")]))).error == "SomethingNew"


class TestWhoseCertificate:
    @pytest.mark.parametrize("header", ["Received certificate", "Remote certificate"])
    def test_the_other_sides_certificate_is_theirs(self, header: str) -> None:
        session = [*CONNECT, *certificate(), *certificate(THEIRS, header), *failed("UntrustedRoot"), *BYE]
        handshake = the(read(*rows(session)))
        assert handshake.ours is not None
        assert handshake.theirs is not None
        assert (handshake.ours.thumbprint, handshake.theirs.thumbprint) == (OURS, THEIRS)

    @pytest.mark.parametrize("late", [False, True])
    def test_a_success_names_both_sides_whether_theirs_comes_before_or_after_it(self, late: bool) -> None:
        end = [*succeeded(), *THEIR_SHORT] if late else [*THEIR_SHORT, *succeeded()]
        handshake = the(read(*rows([*CONNECT, *certificate(), *end, *MAIL, *BYE])))
        assert (handshake.error, handshake.protocol, handshake.delivered) == (None, "SP_PROT_TLS1_2_CLIENT", True)
        assert handshake.theirs is not None
        assert (handshake.theirs.thumbprint, handshake.theirs.layout) == (THEIRS, Layout.THUMBPRINT_ONLY)

    def test_not_delivered_when_mail_from_was_refused(self) -> None:
        refused = [MAIL[0], ("<", "530 5.7.0 no", ""), (">", "RSET", ""), ("<", "250 2.0.0 OK", "")]
        assert not the(read(*rows([*certificate(), *succeeded(), *refused]))).delivered

    def test_two_handshakes_of_one_session_keep_their_own_certificates(self) -> None:
        other = OURS[::-1]
        session = [*certificate(), *failed("SocketError"), *certificate(other), *THEIR_SHORT, *succeeded(), *MAIL, *BYE]
        first, second = read(*rows(session)).handshakes
        assert first.ours is not None
        assert second.ours is not None
        assert (first.error, first.ours.thumbprint, first.delivered) == ("SocketError", OURS, False)
        assert (second.error, second.ours.thumbprint, second.delivered) == (None, other, True)

    def test_without_a_header_and_without_a_failure_it_is_nobodys(self) -> None:
        reading = read(*rows([*CONNECT, *certificate()[1:], *succeeded(), *BYE]))
        assert the(reading).ours is None
        assert "whose certificate this is cannot be told" in reading.unread[0].why

    def test_without_a_header_an_error_about_theirs_does_not_make_it_ours(self) -> None:
        reading = read(*rows([*CONNECT, *certificate(THEIRS)[1:], *failed("UntrustedRoot"), *BYE]))
        assert the(reading).ours is None
        assert reading.unread

    def test_a_lost_header_row_never_gives_their_certificate_to_us(self) -> None:
        session = rows([*CONNECT, *certificate(), *certificate(THEIRS, "Remote certificate"), *failed(), *BYE])
        for lost in range(len(session)):
            assert thumbprints(read(*session[:lost], *session[lost + 1 :])) <= {OURS}

    def test_a_partner_who_writes_the_phrases_in_a_reply_is_not_believed(self) -> None:
        forged = rows([*certificate(THEIRS), *failed()], session=9)
        replies = [
            ("<", f"250 {text}", "") for text in ("TLS negotiation failed with error UnknownCredentials", *forged)
        ]
        reading = read(*rows([*CONNECT, *replies, *BYE]))
        assert (reading.handshakes, reading.sessions, reading.unread) == ((), 1, ())

    def test_a_forged_row_in_a_reply_is_not_split_off_when_rows_run_together(self) -> None:
        forged = " ".join(rows([*certificate(THEIRS), *failed()], session=9))
        reading = read("".join(rows([*CONNECT, ("<", f"250 {forged} {forged}", ""), *certificate(), *failed(), *BYE])))
        assert thumbprints(reading) == {OURS}
        assert reading.sessions == 1


class TestStreams:
    def test_sessions_interleave_and_rows_come_in_any_order(self) -> None:
        sessions = [rows(FAILING, 1), rows(HEALTHY, 2), rows([*CONNECT, one_line(), *failed("NoCredentials")], 3)]
        whole = read(*chain(*sessions))
        shuffled = list(chain(*sessions))
        random.Random(4).shuffle(shuffled)
        assert essence(read(*shuffled).handshakes) == essence(whole.handshakes)
        assert len(whole.handshakes) == 3

    def test_rows_pasted_twice_count_once(self) -> None:
        paste = rows([*certificate(), *failed()], first=3)
        assert len(read(*paste, *paste).handshakes) == 1

    def test_a_session_may_begin_in_one_file_and_end_in_the_next(self) -> None:
        session = rows(FAILING)
        reader = LogReader()
        for part, source in ((session[:10], "SEND20261122-9.log"), (session[10:], "SEND20261122-10.log")):
            reader.feed(Line(text, n, source) for n, text in enumerate((*HEADER, *part), start=1))
        reading = reader.finish()
        assert thumbprints(reading) == {OURS}
        assert reading.sources == ("SEND20261122-9.log", "SEND20261122-10.log")
        assert {line.source for line in ours(reading).lines} == set(reading.sources)

    def test_a_session_that_ended_keeps_nothing(self) -> None:
        reader = LogReader()
        for session in range(200):
            reader.feed(Line(text, 1, "x.log") for text in rows([*CONNECT, *BYE], session))
        assert len(reader._open) <= 1

    def test_the_last_row_of_a_live_file_may_be_cut_anywhere(self) -> None:
        text = "\n".join(rows([*CONNECT, *certificate(), *failed()]))
        for end in range(len(text)):
            for whole in (True, False):
                assert thumbprints(read_log(clean(text[:end]), whole)) <= {OURS}
        cut = read_log(clean(text[: text.rindex("Credentials")]), whole=False)
        assert cut.handshakes == ()
        assert "still writing" in cut.unread[-1].why

    def test_a_last_row_without_a_line_end_counts_when_nothing_can_be_missing(self) -> None:
        assert the(read(*rows([*certificate(), *failed()]), whole=False)).error == "UnknownCredentials"

    def test_connection_failures_are_counted_and_are_no_handshakes(self) -> None:
        words = "Failed to connect. Winsock error code: 10061, Win32 error code: 10061, Error Message: refused"
        reading = read(*rows([*CONNECT[:2], ("*", "", words), *BYE]))
        assert (reading.connection_failures, reading.handshakes) == (1, ())

    def test_a_receive_log_is_named_and_is_no_evidence(self) -> None:
        by_name = read(*rows(FAILING, connector="EX1\\Default Frontend EX1"))
        by_header = read(*(line.replace("Send Protocol", "receive protocol") for line in HEADER), *rows(FAILING))
        for reading in (by_name, by_header):
            assert (reading.direction, reading.handshakes) == (Direction.RECEIVE, ())

    @pytest.mark.parametrize("name", ["Outbound, all", 'To "the cloud"', "Исходящий соединитель. Все", "送信"])
    def test_connectors_of_any_name(self, name: str) -> None:
        assert read(*rows(FAILING, connector=name)).connectors == (name,)


class TestGroups:
    def test_failures_by_connector_error_and_certificate(self) -> None:
        log = [
            *chain(*(rows([*certificate(), *failed("SocketError"), *BYE], n) for n in range(5))),
            *chain(*(rows(FAILING, n) for n in range(10, 12))),
            *rows([*CONNECT, one_line(), *failed()], 20),
            *rows([*certificate(OURS[::-1]), *failed(), *BYE], 30, connector="Partner"),
            *rows(HEALTHY, 40),
        ]
        groups = failures(read(*log))
        assert [(g.connector, g.error, g.sessions) for g in groups] == [
            ("Outbound to Internet", "UnknownCredentials", 3),
            ("Partner", "UnknownCredentials", 1),
            ("Outbound to Internet", "SocketError", 5),
        ]
        assert groups[0].first < groups[0].last
        assert [c.thumbprint for c in candidates(groups)] == [OURS, OURS[::-1]]

    def test_no_candidate_without_an_error_about_our_own_certificate(self) -> None:
        assert candidates(failures(read(*rows([*certificate(), *failed("SocketError")])))) == ()


def wrapped(width: int) -> Callable[[list[str]], list[str]]:
    return lambda lines: [line[n : n + width] for line in lines for n in range(0, len(line), width)]


def in_words(width: int) -> Callable[[list[str]], list[str]]:
    """Wrapped at blanks, which are lost, as mail programs do."""

    def wrap(lines: list[str]) -> list[str]:
        out: list[str] = []
        for line in lines:
            rest = line
            while len(rest) > width and (at := rest.rfind(" ", 1, width)) > 0:
                out.append(rest[:at])
                rest = rest[at + 1 :]
            out.append(rest)
        return out

    return wrap


def curled(lines: list[str]) -> list[str]:
    return [line.replace(',"', ",“").replace('",', "”,") for line in lines]


def without_stars(lines: list[str]) -> list[str]:
    return [line.replace(",*,", ",,") for line in lines]


DAMAGE: dict[str, Callable[[list[str]], list[str]]] = {
    "indentation": lambda lines: ["      " + line for line in lines],
    "quote marks": lambda lines: ["> > " + line for line in lines],
    "list numbers": lambda lines: [f"{n}. {line}" for n, line in enumerate(lines, start=1)],
    "bullets": lambda lines: ["• " + line for line in lines],
    "a search's file names": lambda lines: [f"SEND20261122-1.log:{n}:{line}" for n, line in enumerate(lines, start=1)],
    "blank lines": lambda lines: [piece for line in lines for piece in (line, "")],
    "curly quotes": curled,
    "doubled curly quotes": lambda lines: [line.replace(',"', ",““").replace('",', "””,") for line in lines],
    "stars eaten": without_stars,
    "stars and their commas eaten": lambda lines: [line.replace(",*,", ",") for line in lines],
    "endpoints stripped": lambda lines: [line.replace("192.0.2.10:44276,198.51.100.20:25,", "") for line in lines],
    "hashes eaten": lambda lines: [line.removeprefix("#") for line in lines],
    "run together": lambda lines: ["".join(lines)],
    "run together with blanks": lambda lines: [" ".join(lines)],
    "text glued": lambda lines: [line.replace(f"{OURS},", f"{OURS}was not found,") for line in lines],
    "lower case": lambda lines: [line.replace(OURS, OURS.lower()) for line in lines],
    **{f"wrapped at {width}": wrapped(width) for width in (40, 79, 80, 100, 119, 120, 132)},
    **{f"wrapped at blanks before {width}": in_words(width) for width in (72, 80, 100)},
}
MENDED_WHOLE = [name for name in DAMAGE if name not in {"doubled curly quotes"}]


class TestDamage:
    @pytest.mark.parametrize("name", MENDED_WHOLE)
    def test_what_the_way_here_did_is_mended_and_listed(self, name: str) -> None:
        lines = [*HEADER, *rows(FAILING)]
        reading = read(*DAMAGE[name](lines))
        assert [h.error for h in reading.handshakes] == ["UnknownCredentials"]
        assert thumbprints(reading) == {OURS}
        assert reading.mended

    def test_doubled_curly_quotes_are_mended_where_nothing_else_is_doubled(self) -> None:
        log = [line.replace(ISSUER.replace('"', '""'), "CN=CA, O=x") for line in rows(FAILING)]
        reading = read(*DAMAGE["doubled curly quotes"](log))
        assert (ours(reading).subject, ours(reading).issuer) == (SUBJECT, "CN=CA, O=x")

    def test_a_name_broken_by_a_wrap_is_not_pieced_together(self) -> None:
        (row,) = rows(failed())
        at = row.index("to Internet")
        reading = read(row[:at].rstrip(), row[at:])
        assert (the(reading).error, the(reading).connector) == ("UnknownCredentials", "")
        assert "connector's name is broken" in reading.unread[0].why

    def test_an_error_name_broken_by_a_wrap_is_whole_again(self) -> None:
        *others, row = rows([*certificate(), *failed()])
        for at in range(row.index("TLS"), len(row)):
            assert the(read(*others, row[:at], row[at:])).error == "UnknownCredentials"

    def test_prose_after_a_row_is_not_joined_to_it(self) -> None:
        log = rows([*certificate(), *failed("SomethingNew")])
        reading = read("Hello,", *log, "Any idea, anyone?", "Thanks")
        assert the(reading).error == "SomethingNew"
        assert [note.line for note in reading.unread] == [1, len(log) + 2]

    def test_an_unbalanced_quote_costs_one_row(self) -> None:
        lines = rows([*CONNECT, *certificate(), *failed()])
        lines[3] = lines[3].replace('+0000"', "+0000")
        reading = read(*lines)
        assert thumbprints(reading) == {OURS}
        assert [(note.line, "quotation mark" in note.why) for note in reading.unread] == [(4, True)]

    def test_a_spreadsheets_session_id_is_refused_with_the_reason(self) -> None:
        reading = read(*(line.replace("08DE2A0000000001", "8.00E+12") for line in rows(FAILING)))
        assert reading.handshakes == ()
        assert "spreadsheet" in reading.unread[0].why

    @pytest.mark.parametrize(
        "glued",
        [OURS[:38] + "be careful", OURS + "certificate", OURS[:39] + "xyz", OURS[:39], OURS + "0", OURS[:36] + "****"],
    )
    def test_a_thumbprint_that_is_not_surely_whole_is_none(self, glued: str) -> None:
        assert thumbprints(read(*rows([*certificate(glued), *failed()]))) == set()

    def test_notes_are_capped_and_the_rest_is_counted(self) -> None:
        reading = read(*(f"  {line[:60]}" for n in range(400) for line in rows(failed(), n)))
        assert len(reading.unread) == MOST_NOTES + 1
        assert reading.unread[-1].why == "and 200 more could not be read"


SESSIONS = st.sampled_from(
    [
        FAILING,
        HEALTHY,
        [*CONNECT, one_line(), *failed(), *BYE],
        [*CONNECT, one_line(serial=LONG_SERIAL), *THEIR_SHORT, *succeeded(), *BYE],
        [*CONNECT, *certificate(), *certificate(THEIRS, "Remote certificate"), *failed("UntrustedRoot"), *BYE],
        [*CONNECT, *certificate(), *succeeded(), *certificate(THEIRS, "Received certificate"), *MAIL, *BYE],
        [*CONNECT, *certificate()[1:], *failed(), *BYE],
        [
            *CONNECT,
            ("<", f"250 Certificate thumbprint {THEIRS}, TLS negotiation failed with error NoCredentials", ""),
            *BYE,
        ],
    ]
)
LOGS = st.lists(SESSIONS, min_size=1, max_size=4).map(lambda found: [rows(s, n) for n, s in enumerate(found)])


def interleaved(sessions: list[list[str]], draw: random.Random) -> list[str]:
    """The sessions' rows mixed, each session's own in their order."""
    order = [n for n, session in enumerate(sessions) for _ in session]
    draw.shuffle(order)
    streams = [iter(session) for session in sessions]
    return [next(streams[n]) for n in order]


class TestProperties:
    @given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace")))
    def test_any_bytes_give_facts_or_a_reason(self, content: bytes) -> None:
        try:
            text = clean(content)
        except Refused:
            return
        reading = read_log(text)
        assert (
            text.blank
            or reading.rows
            or reading.unread
            or reading.direction is not Direction.UNKNOWN
            or "#" in text.whole
        )

    @given(LOGS, st.data())
    def test_a_log_with_anything_in_it_raises_nothing(self, sessions: list[list[str]], data: st.DataObject) -> None:
        text = "\n".join(chain(*sessions))
        for _ in range(4):
            at = data.draw(st.integers(0, len(text)))
            cut = data.draw(st.integers(0, 30))
            text = text[:at] + data.draw(st.text('",\n*><“”xA0 \x1e', max_size=4)) + text[at + cut :]
        read_log(clean(text), data.draw(st.booleans()))

    @given(LOGS, st.randoms(use_true_random=False))
    def test_interleaving_changes_nothing(self, sessions: list[list[str]], draw: random.Random) -> None:
        assert essence(read(*interleaved(sessions, draw)).handshakes) == essence(read(*chain(*sessions)).handshakes)

    @given(LOGS, st.randoms(use_true_random=False))
    def test_splitting_into_files_between_rows_changes_nothing(
        self, sessions: list[list[str]], draw: random.Random
    ) -> None:
        lines = interleaved(sessions, draw)
        reader = LogReader()
        source = 0
        for number, text in enumerate(lines):
            source += draw.random() < 0.1
            reader.feed([Line(text, number, f"SEND20261122-{source}.log")])
        assert essence(reader.finish().handshakes) == essence(read(*lines).handshakes)

    @settings(max_examples=examples(300), deadline=None)
    @given(LOGS, st.lists(st.sampled_from(sorted(DAMAGE)), min_size=1, max_size=2), st.integers(20, 200))
    def test_no_damage_gives_another_thumbprint_as_ours(
        self, sessions: list[list[str]], names: list[str], width: int
    ) -> None:
        lines = [*HEADER, *chain(*sessions)]
        for name in names:
            lines = DAMAGE[name](lines)
        assert thumbprints(read(*lines)) <= {OURS}
        assert thumbprints(read(*wrapped(width)(lines))) <= {OURS}

    @settings(max_examples=examples(200), deadline=None)
    @given(LOGS, st.lists(st.integers(0, 200), max_size=12))
    def test_no_loss_of_rows_gives_their_thumbprint_to_us(self, sessions: list[list[str]], lost: list[int]) -> None:
        lines = [line for number, line in enumerate(chain(*sessions)) if number not in lost]
        assert thumbprints(read(*lines)) <= {OURS}

    @pytest.mark.parametrize(
        "piece",
        [
            "2026-11-22T08:00:00.000Z,",
            '2026-11-22T08:00:00.000Z,"',
            ' "',
            "“",
            "“ ",
            "> 1. ",
            "CN=a ",
            "A" * 39 + " ",
            "a.log:",
            "\x1e",
        ],
    )
    def test_time_is_linear_in_the_length_of_a_line(self, piece: str) -> None:
        for prefix, count in product(("", rows([one_line()])[0][:90]), (1,)):
            text = prefix + piece * (count * 400_000 // len(piece))
            begin = time.process_time()
            read(text, text)
            assert time.process_time() - begin < 3
