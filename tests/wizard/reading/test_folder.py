"""Reading log files and folders: the same facts as from their lines, in natural order, whatever the files are like."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budget import examples
from tests.wizard.reading.rows import read_path
from wizard.facts import Direction, LogReading
from wizard.reading.log import files
from wizard.reading.log.files import LONGEST_LINE, Progress
from wizard.reading.log.sessions import LogReader, failures
from wizard.reading.text import Refused, clean, natural

OURS = "3F2A9C01D4E5B6A7988776655443322110FFEEDD"
HEADER = "#Software: Microsoft Exchange Server\r\n#Log-type: SMTP Send Protocol Log\r\n"


def session(number: int = 1, connector: str = "Outbound to Internet", error: str = "UnknownCredentials") -> list[str]:
    """The rows of a session that failed."""
    events = [
        "*,,attempting to connect",
        "+,,",
        '<,"220 mx.example.net ready, at last",',
        "*,,Sending certificate",
        '*,"CN=mail.contoso.com, O=Contoso",Certificate subject',
        '*,"CN=Fabrikam CA, O=""Fabrikam, Inc.""",Certificate issuer name',
        "*,6F0000001B2C3D4E,Certificate serial number",
        f"*,{OURS},Certificate thumbprint",
        "*,mail.contoso.com,Certificate alternate names",
        f"*,,TLS negotiation failed with error {error}",
        "-,,Local",
    ]
    return [
        f"2026-11-22T08:00:{n:02}.000Z,{connector},08DE2A{number:010X},{n},192.0.2.10:4,198.51.100.20:25,{event}"
        for n, event in enumerate(events)
    ]


def write(path: Path, lines: Iterable[str], header: str = HEADER) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((header + "".join(line + "\r\n" for line in lines)).encode())
    return path


def test_a_file_reads_like_its_lines(tmp_path: Path) -> None:
    file = write(tmp_path / "SEND20261122-1.LOG", session())
    reader = LogReader()
    reader.feed(clean(file.read_bytes(), file.name).lines)
    assert read_path(file) == reader.finish()


def test_files_are_read_in_natural_order_so_that_a_session_goes_on(tmp_path: Path) -> None:
    rows = session()
    for number, part in ((9, rows[:4]), (10, rows[4:7]), (11, rows[7:])):
        write(tmp_path / f"SEND20261122-{number}.log", part)
    reading = read_path(tmp_path)
    assert reading.sources == ("SEND20261122-9.log", "SEND20261122-10.log", "SEND20261122-11.log")
    (group,) = failures(reading)
    assert group.certificate is not None
    assert (group.certificate.thumbprint, group.sessions, reading.sessions) == (OURS, 1, 1)


def test_names_sort_as_numbers_and_without_case() -> None:
    names = ["SEND2-10.log", "send2-9.LOG", "SEND2-1.log", "SEND10-1.log", "a", ""]
    assert sorted(names, key=natural) == ["", "a", "SEND2-1.log", "send2-9.LOG", "SEND2-10.log", "SEND10-1.log"]


def test_folders_are_services_of_their_own(tmp_path: Path) -> None:
    rows = session()
    write(tmp_path / "FrontEnd" / "SEND20261122-1.log", rows[:8])
    write(tmp_path / "Hub" / "SEND20261122-1.log", rows[8:])
    write(tmp_path / "Edge" / "notes.txt", rows)
    reading = read_path(tmp_path)
    assert [h.ours and h.ours.thumbprint for h in reading.handshakes] == [OURS, None]
    assert reading.sessions == 3
    assert [group.sessions for group in failures(reading)] == [1, 1]


def test_only_logs_are_read(tmp_path: Path) -> None:
    write(tmp_path / "SEND20261122-1.csv", session())
    with pytest.raises(Refused, match=r"no file ends in \.log or \.txt"):
        read_path(tmp_path)


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no file or folder"):
        read_path(tmp_path / "nowhere")


def test_receive_logs_are_named(tmp_path: Path) -> None:
    write(tmp_path / "RECV20261122-1.log", session(), HEADER.replace("Send", "Receive"))
    reading = read_path(tmp_path)
    assert (reading.direction, reading.handshakes) == (Direction.RECEIVE, ())


def test_send_logs_beside_receive_logs_still_count(tmp_path: Path) -> None:
    write(tmp_path / "RECV20261122-1.log", session(1), HEADER.replace("Send", "Receive"))
    write(tmp_path / "SEND20261122-1.log", session(2))
    reading = read_path(tmp_path)
    assert (reading.direction, len(reading.handshakes)) == (Direction.SEND, 1)
    assert "receive protocol log" in reading.unread[0].why


def test_a_binary_file_is_refused_alone_and_listed_among_others(tmp_path: Path) -> None:
    binary = tmp_path / "mail.log"
    binary.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(Refused, match="not text"):
        read_path(binary)
    write(tmp_path / "SEND20261122-1.log", session())
    reading = read_path(tmp_path)
    assert [note.source for note in reading.unread] == ["mail.log"]
    assert len(reading.handshakes) == 1


def test_a_file_that_vanishes_is_listed_and_skipped(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        write(tmp_path / f"SEND20261122-{number}.log", session(number))

    def vanish(progress: Progress) -> None:
        if progress.file.endswith("-1.log"):
            (tmp_path / "SEND20261122-2.log").unlink(missing_ok=True)

    reading = read_path(tmp_path, vanish)
    assert [(note.source, "could not be read" in note.why) for note in reading.unread] == [("SEND20261122-2.log", True)]
    assert len(reading.handshakes) == 2


@pytest.mark.parametrize("windows", [True, False])
def test_a_locked_file_is_listed_and_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, windows: bool) -> None:
    monkeypatch.setattr(files, "WINDOWS", windows)
    write(tmp_path / "SEND20261122-1.log", session(1))
    write(tmp_path / "SEND20261122-2.log", session(2))
    plain = Path.open

    def locked(self: Path, *args: object, **kwargs: object) -> object:
        if self.name.endswith("-1.log"):
            raise PermissionError(13, "The process cannot access the file")
        return plain(self, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", locked)
    reading = read_path(tmp_path)
    may_be = ", or another program has it open" if windows else ""
    assert reading.unread[0].why == f"the file could not be read: The process cannot access the file{may_be}"
    assert len(reading.handshakes) == 1


def test_a_live_files_last_row_is_listed_as_cut(tmp_path: Path) -> None:
    file = write(tmp_path / "SEND20261122-1.log", session(1))
    whole = file.read_bytes()
    file.write_bytes(whole + ",".join(session(2)[7].split(",")[:8])[:-10].encode())
    reading = read_path(tmp_path)
    assert len(reading.handshakes) == 1
    assert [(note.line, "still writing" in note.why) for note in reading.unread] == [(14, True)]


def test_a_file_that_grows_is_read_to_its_real_end(tmp_path: Path) -> None:
    file = write(tmp_path / "SEND20261122-1.log", [])
    seen: list[Progress] = []

    def grow(progress: Progress) -> None:
        seen.append(progress)
        if progress.done_bytes == 0:
            write(file, session())

    reading = read_path(file, grow)
    assert len(reading.handshakes) == 1
    assert seen[-1].done_bytes == seen[-1].total_bytes == file.stat().st_size


def test_progress_and_cancelling(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        write(tmp_path / f"SEND20261122-{number}.log", session(number))
    seen: list[Progress] = []
    total = sum(file.stat().st_size for file in tmp_path.iterdir())
    assert read_path(tmp_path, seen.append).unread == ()
    assert [step.done_bytes for step in seen] == sorted(step.done_bytes for step in seen)
    assert (seen[-1].done_bytes, seen[-1].total_bytes, seen[-1].file) == (total, total, "SEND20261122-3.log")
    seen.clear()
    reading = read_path(tmp_path, seen.append, lambda: any(step.file.endswith("-2.log") for step in seen))
    assert [note.source for note in reading.unread] == ["SEND20261122-2.log", "SEND20261122-3.log"]
    assert len(reading.handshakes) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "saved.txt"
    file.write_bytes("\n".join(session(connector="Ausgehend für Zürich")).encode(encoding))
    reading = read_path(file)
    assert (reading.connectors, len(reading.handshakes), reading.rows) == (("Ausgehend für Zürich",), 1, 11)


def test_letters_split_between_blocks(tmp_path: Path) -> None:
    lines = [
        line
        for number in range(1500)
        for line in session(number, connector="Исходящий соединитель " + "ж" * (number % 7))
    ]
    reading = read_path(write(tmp_path / "SEND20261122-1.log", lines))
    assert len(reading.connectors) == 7
    assert (reading.rows, len(reading.handshakes), reading.unread) == (len(lines), 1500, ())


def test_zeros_at_the_end_of_a_file_are_no_row(tmp_path: Path) -> None:
    file = write(tmp_path / "SEND20261122-1.log", session())
    file.write_bytes(file.read_bytes() + bytes(3_000_000))
    reading = read_path(file)
    assert (len(reading.handshakes), reading.unread) == (1, ())


def test_an_endless_line_is_listed_and_costs_no_memory(tmp_path: Path) -> None:
    rows = session()
    reading = read_path(write(tmp_path / "a.log", [*rows[:5], "x" * (3 * LONGEST_LINE), *rows[5:]]))
    assert (len(reading.handshakes), reading.handshakes[0].line.number) == (1, 13)
    assert [(note.line, note.why) for note in reading.unread] == [(8, "this line is too long for a row of a log")]


def by_lines(folder: Path) -> LogReading:
    """What the reader of lines makes of a folder without subfolders."""
    reader = LogReader()
    for file in sorted(folder.iterdir(), key=lambda file: natural(file.name)):
        content = file.read_bytes()
        reader.feed(clean(content, file.name).lines, whole=content.endswith((b"\n", b"\r")))
    return reader.finish()


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.sampled_from(["UnknownCredentials", "SocketError", "Neu"]), min_size=1, max_size=5),
    st.randoms(use_true_random=False),
)
def test_a_folder_shows_what_its_lines_show(errors: list[str], draw: random.Random) -> None:
    streams = [iter(session(n, error=error)) for n, error in enumerate(errors)]
    order = [n for n in range(len(errors)) for _ in session()]
    draw.shuffle(order)
    content = "".join(next(streams[n]) + draw.choice(["\r\n", "\n", "\r\n\r\n", " \r\n"]) for n in order)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        number = 1
        while content:
            length = draw.randrange(1, len(content) + 1) if number < 8 else len(content)
            (folder / f"SEND20261122-{number}.log").write_bytes(content[:length].encode())
            content = content[length:]
            number += 1
        expected, found = by_lines(folder), read_path(folder)
    assert replace(found, mended=(), unread=()) == replace(expected, mended=(), unread=())
    assert found.unread == expected.unread
