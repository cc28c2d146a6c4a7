"""The filter finds what the reader of rows finds, wherever a piece, the memory or a file ends."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests.budget import examples
from tests.wizard.reading.rows import read_path
from wizard.facts import Direction, FailureGroup, Handshake, LogReading
from wizard.reading.log.files import Progress, log_files, merged, never
from wizard.reading.log.filter import Limits
from wizard.reading.log.read import USUAL, Folder, Pace, folders_of
from wizard.reading.log.rows import LogNotes
from wizard.reading.log.sessions import counted, failures, group_of, occurrences
from wizard.reading.text import Refused

OURS = "3F2A9C01D4E5B6A7988776655443322110FFEEDD"
THEIRS = "B00B5C0FFEE0123456789ABCDEF0123456789ABC"
SERIAL = "6F0000001B2C3D4E5F60718293A4B5C6"
LONG_SERIAL = "4A00000012AB34CD56EF7890AB12CD34EF567890"
SUBJECT = "CN=mail.contoso.com, O=Contoso, L=Zürich"
ISSUER = 'CN=Fabrikam CA, O="Fabrikam, Inc."'
NAMES = "mail.contoso.com;contoso.com"
HEADER = "#Software: Microsoft Exchange Server\r\n#Version: 15.0.0.0\r\n#Log-type: SMTP Send Protocol Log\r\n"
SUCCESS = "TLS protocol SP_PROT_TLS1_2_CLIENT negotiation succeeded using bulk encryption algorithm CALG_AES_256"
FAILED = "TLS negotiation failed with error "
UNCONNECTED = "Failed to connect. Winsock error code: 10061, Win32 error code: 10061, Error Message: refused"
CONNECTORS = ["Outbound to Office 365", "Outbound, all", 'To "the cloud"', "Исходящий соединитель", "送信"]
Event = tuple[str, str, str]

CONNECT: list[Event] = [
    ("*", "SendRoutingHeaders", "Set Session Permissions"),
    ("*", "", "attempting to connect"),
    ("+", "", ""),
    ("<", "220 mx.example.net ready, at last", ""),
    (">", "STARTTLS", ""),
]
MAIL: list[Event] = [(">", "MAIL FROM:<ann@contoso.com>", ""), ("<", "250 2.1.0 Sender OK", "")]
BYE: list[Event] = [("-", "", "Local")]


def in_rows(thumbprint: str = OURS, header: str = "Sending certificate", serial: str = SERIAL) -> list[Event]:
    return [
        ("*", "", header),
        ("*", SUBJECT, "Certificate subject"),
        ("*", ISSUER, "Certificate issuer name"),
        ("*", serial, "Certificate serial number"),
        ("*", thumbprint, "Certificate thumbprint"),
        ("*", NAMES, "Certificate alternate names"),
    ]


def one_line(thumbprint: str = OURS, serial: str = SERIAL, dated: bool = False) -> list[Event]:
    dates = "2026-01-01T00:00:00.000Z 2027-01-01T00:00:00.000Z " if dated else ""
    context = (
        "Subject Issuer name Serial number Thumbprint Not before Not after Subject alternate names"
        if dated
        else "Certificate subject Certificate issuer name Certificate serial number Certificate thumbprint "
        "Certificate alternate names"
    )
    return [("*", f" {SUBJECT} {ISSUER} {serial} {thumbprint} {dates}{NAMES}", f"Sending certificate {context}")]


def failed(error: str = "UnknownCredentials") -> list[Event]:
    return [("*", "", FAILED + error)]


SUCCEEDED: list[Event] = [("*", "", SUCCESS)]
SHORT: list[Event] = [("*", "", "Received certificate"), ("*", THEIRS, "Certificate thumbprint")]
FORGED: list[Event] = [
    ("<", f"250 x,*,,Sending certificate,*,{THEIRS},Certificate thumbprint,*,,{FAILED}UnknownCredentials", ""),
    ("<", f"250 {FAILED}UnknownCredentials", ""),
    ("<", f"250 {SUCCESS}", ""),
]
FAILING = [*CONNECT, *in_rows(), *failed(), *BYE]
HEALTHY = [*CONNECT, *in_rows(), *SHORT, *SUCCEEDED, *MAIL, *BYE]
KINDS: list[list[Event]] = [
    FAILING,
    HEALTHY,
    [*CONNECT, *one_line(), *failed(), *BYE],
    [*CONNECT, *one_line(serial=LONG_SERIAL), *SHORT, *SUCCEEDED, *BYE],
    [*CONNECT, *one_line(dated=True), *failed("NoCredentials"), *BYE],
    [*CONNECT, *in_rows(), *in_rows(THEIRS, "Remote certificate"), *failed("UntrustedRoot"), *BYE],
    [*CONNECT, *SHORT, *in_rows(), *failed("UntrustedRoot"), *BYE],
    [*CONNECT, *in_rows(), *SUCCEEDED, *in_rows(THEIRS, "Received certificate"), *MAIL, *BYE],
    [*CONNECT, *in_rows()[1:], *failed(), *BYE],
    [*CONNECT, *FORGED, *BYE],
    [*CONNECT, *FORGED, *in_rows(), *FORGED, *failed(), *BYE],
    [*CONNECT[:2], ("*", "", UNCONNECTED)],
    [*CONNECT, *in_rows(), *failed("SocketError"), *CONNECT[3:], *in_rows(OURS[::-1]), *SHORT, *SUCCEEDED, *MAIL, *BYE],
    [*CONNECT, *in_rows(), *failed(), *CONNECT[3:], *one_line(OURS[::-1]), *failed("InvalidToken"), *BYE],
    [*CONNECT, *in_rows(), *SUCCEEDED, *SHORT, *in_rows(OURS[::-1]), *failed("SomethingNew"), *BYE],
    [*CONNECT, *failed("SocketError"), *BYE],
    [*CONNECT, *in_rows(), *failed()],
    [
        *CONNECT,
        ("*", "proxied, once", "Proxying inbound session with session id 08DE2A0000000001"),
        *in_rows(),
        *failed(),
    ],
]


def quoted(field: str) -> str:
    return '"' + field.replace('"', '""') + '"' if set(field) & set('",') else field


def rows(
    events: Iterable[Event],
    session: int = 1,
    connector: str = "Outbound to Internet",
    remote: str = "198.51.100.20:25",
    hour: int = 8,
) -> list[str]:
    return [
        f"2026-11-22T{hour:02}:{session % 60:02}:{number % 60:02}.000Z,{quoted(connector)},08DE2A{session:010X},"
        f"{number},"
        f"{'' if number < 2 or not remote else '192.0.2.10:4'},{remote},{event},{quoted(data)},{quoted(context)}"
        for number, (event, data, context) in enumerate(events)
    ]


def write(path: Path, lines: Iterable[str], header: str = HEADER, end: str = "\r\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((header + "".join(line + end for line in lines)).encode())
    return path


def shown(groups: Iterable[FailureGroup]) -> dict[tuple[str, str, str], object]:
    return {
        group_of(group.handshakes[0]): (group.sessions, group.first, group.last, group.certificate, group.handshakes[0])
        for group in groups
    }


TINY = Limits(piece=64, kept=1500, newest=1000)
SMALL = Limits(piece=700, kept=6000, newest=1000)


def check(path: Path, limits: Limits) -> LogReading:
    """Filters a path and compares everything with the reader of rows."""
    expected = read_path(path)
    folders = folders_in(path, limits=limits)
    found = scanned(path, folders, newest=True)
    assert found.direction == expected.direction
    assert found.occurrences is not None
    assert sorted(found.occurrences) == sorted(occurrences(expected))
    assert shown(counted(found)) == shown(counted(expected))
    assert [(group.last, group.remote) for group in failures(found)] == [
        (group.handshakes[-1].time, group.handshakes[-1].remote) for group in failures(found)
    ]
    successes = [each for folder in folders for each in folder.successes({"": ""})]
    assert sorted(successes, key=repr) == sorted((h for h in expected.handshakes if h.error is None), key=repr)
    unproven = [folder.unproven() for folder in folders]
    assert sum(count for count, _ in unproven) == expected.connection_failures
    pending = {each for _, sent in unproven for each in sent}
    assert pending == set(expected.pending)
    return found


def folders_in(
    path: Path,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] = never,
    limits: Limits = USUAL,
) -> list[Folder]:
    """The folders under a path, before they are looked through."""
    files = log_files(path, LogNotes())
    return folders_of(files, Pace(files, progress, cancelled), limits)


def scanned(path: Path, folders: list[Folder], newest: bool = False) -> LogReading:
    """What the filter finds in folders, with their notes."""
    readings = [folder.failures(path.is_file(), newest) for folder in folders]
    notes = LogNotes()
    for folder in folders:
        notes.add(folder.notes.mended, folder.notes.unread)
    return merged(readings, notes)


class TestWhatIsFound:
    @pytest.mark.parametrize("kind", range(len(KINDS)))
    @pytest.mark.parametrize("connector", CONNECTORS[1:4])
    def test_every_kind_of_session(self, tmp_path: Path, kind: int, connector: str) -> None:
        lines = chain(rows(HEALTHY, 90), rows(KINDS[kind], 2, connector), rows(HEALTHY, 91))
        found = check(write(tmp_path / "SEND20261122-1.LOG", lines), Limits(newest=1000))
        assert found.scanned_bytes

    def test_sessions_roll_over_in_natural_order(self, tmp_path: Path) -> None:
        session = rows(FAILING)
        for number, part in ((9, session[:4]), (10, session[4:8]), (11, session[8:])):
            write(tmp_path / f"SEND20261122-{number}.log", part)
        (handshake,) = check(tmp_path, TINY).handshakes
        assert handshake.ours is not None
        assert handshake.ours.thumbprint == OURS

    def test_folders_are_services_of_their_own(self, tmp_path: Path) -> None:
        write(tmp_path / "FrontEnd" / "SEND20261122-1.log", rows(FAILING)[:10])
        write(tmp_path / "Hub" / "SEND20261122-1.log", rows(FAILING)[8:])
        write(tmp_path / "Edge" / "notes.txt", rows(FAILING))
        assert len(check(tmp_path, TINY).occurrences or ()) == 2

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
    @pytest.mark.parametrize("end", ["\r\n", "\n"])
    def test_encodings(self, tmp_path: Path, encoding: str, end: str) -> None:
        text = HEADER + end.join([*rows(FAILING, 1, "Zürich"), *rows(HEALTHY, 2), ""])
        (tmp_path / "SEND20261122-1.log").write_bytes(text.encode(encoding))
        write(tmp_path / "SEND20261122-2.log", rows(FAILING, 3))
        assert len(check(tmp_path, SMALL).occurrences or ()) == 2

    def test_a_file_that_ends_in_zeros(self, tmp_path: Path) -> None:
        for number in (1, 2):
            file = write(tmp_path / f"SEND20261122-{number}.log", rows(FAILING, number))
            file.write_bytes(file.read_bytes() + bytes(3_000_000))
        assert check(tmp_path, Limits()).scanned_bytes > 6_000_000

    def test_a_live_files_last_row_cut_anywhere(self, tmp_path: Path) -> None:
        content = (HEADER + "\r\n".join(rows(FAILING))).encode()
        for end in range(len(HEADER), len(content) + 1, 7):
            (tmp_path / "SEND20261122-1.log").write_bytes(content[:end])
            check(tmp_path, TINY)

    def test_one_session_id_again_after_its_end(self, tmp_path: Path) -> None:
        write(tmp_path / "SEND20261122-1.log", rows(FAILING))
        write(tmp_path / "copy of SEND20261122-1.log", rows(FAILING))
        assert len(check(tmp_path, SMALL).occurrences or ()) == 2

    def test_the_articles_sample_has_no_endpoints(self, tmp_path: Path) -> None:
        lines = rows([*in_rows("x" * 22)[1:], *failed()], remote="")
        (handshake,) = check(write(tmp_path / "sample.txt", lines, header=""), TINY).handshakes
        assert handshake.ours is not None
        assert (handshake.remote, handshake.ours.thumbprint) == ("", None)

    @pytest.mark.parametrize("connector", ["EX1\\Default Frontend EX1", "Outbound"])
    def test_receive_logs(self, tmp_path: Path, connector: str) -> None:
        write(tmp_path / "RECV20261122-1.log", rows(FAILING, 1, connector), HEADER.replace("Send", "Receive"))
        assert check(tmp_path, SMALL).direction is Direction.RECEIVE
        write(tmp_path / "SEND20261122-1.log", rows(FAILING, 2))
        found = check(tmp_path, SMALL)
        assert len(found.handshakes) == 1
        assert "receive protocol log" in found.unread[0].why

    def test_another_logs_header_in_the_middle_of_a_file(self, tmp_path: Path) -> None:
        received = HEADER.replace("Send", "Receive").split("\r\n")[:-1]
        write(tmp_path / "a.log", [*rows(FAILING, 1), *received, *rows(FAILING, 2)])
        assert len(check(tmp_path, SMALL).occurrences or ()) == 1

    def test_a_session_without_an_end_or_a_begin(self, tmp_path: Path) -> None:
        write(tmp_path / "SEND20261122-1.log", [*rows(FAILING, 1)[6:], *rows(HEALTHY, 2), *rows(FAILING, 3)[:-1]])
        assert len(check(tmp_path, TINY).occurrences or ()) == 2


class TestWhatIsDamaged:
    def test_a_folder_with_other_texts_is_still_scanned(self, tmp_path: Path) -> None:
        write(tmp_path / "SEND20261122-1.log", rows(FAILING))
        (tmp_path / "notes.txt").write_text(
            "Called Bob.\nHe says: TLS negotiation failed with error UnknownCredentials\n"
        )
        (tmp_path / "certificate.log").write_bytes(bytes(range(256)) * 20)
        found = check(tmp_path, TINY)
        assert found.scanned_bytes
        assert {note.source for note in found.unread} == {"notes.txt", "certificate.log"}

    @pytest.mark.parametrize(
        "damage",
        [
            lambda lines: ["> " + line for line in lines],
            lambda lines: [line.replace(",*,", ",,") for line in lines],
            lambda lines: [piece for line in lines for piece in (line[:60], line[60:])],
            lambda lines: ["".join(lines)],
            lambda lines: [line.replace('"', "“") for line in lines],
        ],
    )
    def test_what_only_the_reader_of_rows_can_mend_is_left_to_it(
        self, tmp_path: Path, damage: Callable[[list[str]], list[str]]
    ) -> None:
        found = check(write(tmp_path / "a.log", damage([*rows(FAILING, 1), *rows(HEALTHY, 2)])), TINY)
        assert found.mended or found.unread

    def test_a_failure_whose_words_are_broken_in_a_log_that_begins_well(self, tmp_path: Path) -> None:
        broken = [
            piece
            for line in rows(FAILING, 3)
            for piece in line.replace("negotiation failed", "negotiation\nfailed").split("\n")
        ]
        file = write(tmp_path / "a.log", [*chain.from_iterable(rows(HEALTHY, 60 + n) for n in range(4)), *broken])
        assert check(file, Limits(newest=1000)).scanned_bytes == 0

    def test_nul_among_the_letters_of_a_failure(self, tmp_path: Path) -> None:
        file = write(tmp_path / "a.log", [*rows(HEALTHY, 60), *rows(FAILING, 3)])
        file.write_bytes(file.read_bytes().replace(b"failed with", b"fai\0led\0\0 with"))
        assert len(check(file, SMALL).occurrences or ()) == 1

    def test_a_session_that_leaves_the_memory_is_followed_in_the_logs(self, tmp_path: Path) -> None:
        one, others = rows(FAILING, 3), [line for n in range(60, 200) for line in rows(HEALTHY, n)]
        write(tmp_path / "SEND20261122-1.log", [*one[:6], *others[:900]])
        write(tmp_path / "SEND20261122-2.log", [*others[900:], *one[6:9], *others[:900], *one[9:]])
        assert check(tmp_path, SMALL).scanned_bytes

    def test_a_file_that_vanishes_and_one_that_is_locked(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for number in (1, 2, 3):
            write(tmp_path / f"SEND20261122-{number}.log", rows(FAILING, number))
        plain = Path.open

        def locked(self: Path, *args: object, **kwargs: object) -> object:
            if self.name.endswith("-1.log"):
                raise PermissionError(13, "The process cannot access the file")
            return plain(self, *args, **kwargs)  # type: ignore[call-overload]

        def vanish(_: Progress) -> None:
            (tmp_path / "SEND20261122-3.log").unlink(missing_ok=True)

        monkeypatch.setattr(Path, "open", locked)
        found = scanned(tmp_path, folders_in(tmp_path, vanish))
        assert [(note.source, "could not be read" in note.why) for note in found.unread] == [
            ("SEND20261122-1.log", True),
            ("SEND20261122-3.log", True),
        ]
        assert len(found.handshakes) == 1

    def test_nothing_there_and_no_text(self, tmp_path: Path) -> None:
        with pytest.raises(Refused, match="no file or folder"):
            folders_in(tmp_path / "nowhere")
        (tmp_path / "a.log").write_bytes(bytes(range(256)) * 20)
        with pytest.raises(Refused, match="not text"):
            scanned(tmp_path / "a.log", folders_in(tmp_path / "a.log"))

    def test_much_that_leads_nowhere_is_given_up_for_the_reader_of_rows(self, tmp_path: Path) -> None:
        lines = [line for number in range(60) for line in rows(FAILING, number)[7:-1]]
        file = write(tmp_path / "filtered.log", lines)
        assert check(file, replace(SMALL, reach=12_500)).scanned_bytes == 0
        assert check(file, SMALL).scanned_bytes == file.stat().st_size


class TestOnTheWay:
    def test_progress(self, tmp_path: Path) -> None:
        for number in (1, 2):
            write(tmp_path / f"SEND20261122-{number}.log", rows(FAILING, number))
        write(tmp_path / "Edge" / "SEND20261122-1.log", rows(FAILING, 3))
        seen: list[Progress] = []
        scanned(tmp_path, folders_in(tmp_path, seen.append, limits=TINY))
        total = sum(file.stat().st_size for file in tmp_path.rglob("*.log"))
        assert [step.done_bytes for step in seen] == sorted(step.done_bytes for step in seen)
        assert (seen[-1].done_bytes, seen[-1].total_bytes) == (total, total)
        assert len(seen) > 20

    def test_cancelling(self, tmp_path: Path) -> None:
        for number in (1, 2, 3):
            write(tmp_path / f"SEND20261122-{number}.log", rows(FAILING, number))
        seen: list[Progress] = []
        stop = lambda: any(step.file.endswith("-2.log") for step in seen)  # noqa: E731
        found = scanned(tmp_path, folders_in(tmp_path, seen.append, stop))
        assert [note.source for note in found.unread] == ["SEND20261122-2.log", "SEND20261122-3.log"]
        assert len(found.handshakes) == 1


class TestNewestSuccesses:
    def test_of_one_connector_since_a_time_and_no_more_than_asked(self, tmp_path: Path) -> None:
        for hour in range(8, 12):
            lines = [*rows(HEALTHY, hour, "A", hour=hour), *rows(HEALTHY, 20 + hour, "B", hour=hour)]
            write(tmp_path / f"SEND20261122{hour:02}-1.log", lines)
        found = successes_of(tmp_path, {"a": "2026-11-22T09:30"})
        assert [(each.connector, each.time[:13], each.delivered) for each in found] == [
            ("A", "2026-11-22T10", True),
            ("A", "2026-11-22T11", True),
        ]
        assert [each.ours and each.ours.thumbprint for each in found] == [OURS, OURS]
        assert successes_of(tmp_path, {"a": ""}, Limits(newest=1)) == found[1:]
        assert successes_of(tmp_path, {"c": ""}) == []

    def test_old_files_are_read_no_second_time(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for hour in range(8, 12):
            write(tmp_path / f"SEND20261122{hour:02}-1.log", rows(HEALTHY, hour, hour=hour))
        (folder,) = folders_in(tmp_path, limits=Limits(piece=700, kept=2000))
        folder.failures()
        opened: list[str] = []
        plain = Path.open

        def counted_open(self: Path, *args: Any, **kwargs: Any) -> Any:
            opened.append(self.name)
            return plain(self, *args, **kwargs)

        monkeypatch.setattr(Path, "open", counted_open)
        assert len(folder.successes({"": "2026-11-22T11"})) == 1
        assert "SEND2026112208-1.log" not in opened


def successes_of(path: Path, since: dict[str, str], limits: Limits = USUAL) -> list[Handshake]:
    (folder,) = folders_in(path, limits=limits)
    folder.failures()
    return folder.successes(since)


def damaged(draw: random.Random, lines: list[str]) -> None:
    """Does something to one of the lines, or to none."""
    damage = draw.choice([*["none"] * 6, "blank", "junk", "quote", "marks", "wrapped", "shuffled", "twice"])
    place = draw.randrange(len(lines))
    if damage == "blank":
        lines.insert(place, draw.choice(["", "   "]))
    elif damage == "junk":
        lines.insert(place, draw.choice(["hello", "2026-11-22", "#x", "x" * 3000, ",08DE2A0000000001,3,,,*,,"]))
    elif damage == "quote":
        lines[place] = lines[place].replace('"', "", 1)
    elif damage == "marks":
        lines[place] = "\u200e" + lines[place] + draw.choice(["", " ", "\x1b[0m"])
    elif damage == "wrapped":
        at = draw.randrange(30, 60)
        lines[place : place + 1] = [lines[place][:at], lines[place][at:]]
    elif damage == "shuffled":
        draw.shuffle(lines)
    elif damage == "twice":
        lines.insert(place, "" if SUCCESS in lines[place] else lines[place])


def corpus(draw: random.Random, folder: Path) -> None:
    """A few small logs: sessions of every kind interleaved, cut into files anywhere, some of them damaged."""
    sessions = [
        rows(draw.choice(KINDS), number, draw.choice(CONNECTORS), draw.choice(["198.51.100.20:25"] * 9 + [""]))
        for number in range(draw.randrange(1, 9))
    ]
    if draw.random() < 0.3:
        session = draw.choice(sessions)
        session.pop(draw.randrange(len(session)))
    order = [n for n, session in enumerate(sessions) for _ in session]
    if draw.random() < 0.8:
        draw.shuffle(order)
    streams = [iter(session) for session in sessions]
    lines = [next(streams[n]) for n in order]
    damaged(draw, lines)
    end = draw.choice(["\r\n", "\r\n", "\n"])
    number = draw.randrange(7, 11)
    while lines:
        count = draw.randrange(1, len(lines) + 1)
        part, lines = lines[:count], lines[count:]
        file = write(folder / f"SEND20261122-{number}.log", part, HEADER if draw.random() < 0.9 else "", end)
        if not lines and draw.random() < 0.4:
            file.write_bytes(file.read_bytes()[: -draw.randrange(1, 60)])
        if draw.random() < 0.05:
            file.write_bytes(file.read_bytes() + bytes(draw.randrange(1, 900)))
        if draw.random() < 0.03:
            file.write_bytes(file.read_bytes().decode("utf-8", "ignore").encode(draw.choice(["utf-16", "utf-8-sig"])))
        number += 1


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))
def test_hundreds_of_small_corpora(tmp_path: Path, part: int) -> None:
    """More than a thousand with the whole budget."""
    filtered, number = 0, examples(300)
    for seed in range(part * number, part * number + number):
        draw = random.Random(seed)
        folder = tmp_path / str(seed)
        corpus(draw, folder)
        limits = Limits(
            piece=draw.choice([37, 64, 150, 1000, 20_000]), kept=draw.choice([1500, 8000, 100_000]), newest=1000
        )
        filtered += check(folder, limits).scanned_bytes > 0
    assert filtered > number / 2
