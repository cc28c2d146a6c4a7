"""The rows of one session, when a person opens it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wizard import cases
from wizard.facts import Line
from wizard.reading.log.files import MOST_NEIGHBOURS, SessionRows, rows_in, rows_under
from wizard.reading.text import clean

SESSION = "08DE2A4C71B90001"
LINES = cases.failing().splitlines(keepends=True)
OTHER = cases.working(number=2).splitlines(keepends=True)
HEADER = "#Software: Microsoft Exchange Server\r\n#Log-type: SMTP Send Protocol Log\r\n"


def texts(rows: SessionRows) -> list[str]:
    return [line.text for line in rows.lines]


def write(path: Path, lines: list[str], encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((HEADER + "".join(lines).replace("\n", "\r\n")).encode(encoding))
    return path


def interleaved() -> list[str]:
    return (
        [line for pair in zip(LINES, OTHER, strict=False) for line in pair] + LINES[len(OTHER) :] + OTHER[len(LINES) :]
    )


ALL = [line.rstrip("\n") for line in LINES]


class TestInAPaste:
    def test_only_its_rows_in_their_order(self) -> None:
        rows = rows_in(clean("".join(interleaved())).lines, SESSION)
        assert texts(rows) == ALL
        assert rows.whole

    def test_a_row_that_a_console_wrapped_keeps_its_second_line(self) -> None:
        wrapped = [LINES[0], LINES[1][:70] + "\n", LINES[1][70:], *LINES[2:], *OTHER]
        rows = rows_in(clean("".join(wrapped)).lines, SESSION)
        assert "".join(texts(rows)) == "".join(ALL)

    def test_without_its_first_or_last_row_it_is_not_whole(self) -> None:
        assert not rows_in(clean("".join(LINES[1:])).lines, SESSION).whole
        assert not rows_in(clean("".join(LINES[:-1])).lines, SESSION).whole
        assert rows_in(clean("".join(OTHER)).lines, SESSION) == SessionRows((), False)


class TestInFiles:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
    def test_of_any_encoding(self, tmp_path: Path, encoding: str) -> None:
        file = write(tmp_path / "SEND20261122-1.LOG", interleaved(), encoding)
        rows = rows_under(file, file.name, SESSION)
        assert texts(rows) == ALL
        assert rows.whole
        assert rows.lines[0].number == 3
        assert rows.lines[1] == Line(ALL[1], 5, file.name)

    def test_a_session_id_in_small_letters(self, tmp_path: Path) -> None:
        file = write(tmp_path / "a.log", [line.replace(SESSION, SESSION.lower()) for line in interleaved()])
        assert len(rows_under(file, file.name, SESSION).lines) == len(LINES)

    def test_from_the_logs_before_and_after(self, tmp_path: Path) -> None:
        folder = tmp_path / "EX01" / "SmtpSend"
        for number, part in ((9, LINES[:3]), (10, LINES[3:6]), (11, OTHER), (12, LINES[6:])):
            write(folder / f"SEND20261122-{number}.log", part)
        source = str(Path("EX01", "SmtpSend", "SEND20261122-10.log"))
        rows = rows_under(tmp_path, source, SESSION)
        assert texts(rows) == ALL
        assert [line.source.rpartition("-")[2] for line in rows.lines] == ["9.log"] * 3 + ["10.log"] * 3 + [
            "12.log"
        ] * (len(LINES) - 6)
        assert rows.whole

    def test_not_from_another_servers_folder(self, tmp_path: Path) -> None:
        write(tmp_path / "EX01" / "SEND20261122-1.log", LINES[:3])
        write(tmp_path / "EX02" / "SEND20261122-1.log", LINES)
        rows = rows_under(tmp_path, str(Path("EX01", "SEND20261122-1.log")), SESSION)
        assert texts(rows) == ALL[:3]
        assert not rows.whole

    def test_no_further_than_a_few_logs_away(self, tmp_path: Path) -> None:
        for number in range(MOST_NEIGHBOURS + 3):
            write(tmp_path / f"SEND20261122-{number}.log", LINES[:2] if not number else OTHER)
        last = write(tmp_path / f"SEND20261122-{MOST_NEIGHBOURS + 3}.log", LINES[2:])
        assert texts(rows_under(tmp_path, last.name, SESSION)) == ALL[2:]

    def test_a_last_row_without_a_line_end_and_a_neighbour_that_is_no_text(self, tmp_path: Path) -> None:
        file = tmp_path / "SEND20261122-1.log"
        file.write_bytes("".join(LINES[:4]).rstrip("\n").encode())
        (tmp_path / "SEND20261122-2.log").write_bytes(bytes(range(256)) * 40)
        assert texts(rows_under(tmp_path, file.name, SESSION)) == ALL[:4]

    def test_found_where_pieces_meet(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("wizard.reading.log.files._PIECE_BYTES", 61)
        file = write(tmp_path / "a.log", interleaved())
        rows = rows_under(file, file.name, SESSION)
        assert texts(rows) == ALL
        assert [line.number for line in rows.lines][:3] == [3, 5, 7]

    def test_it_may_be_given_up(self, tmp_path: Path) -> None:
        file = write(tmp_path / "a.log", LINES)
        assert rows_under(file, file.name, SESSION, lambda: True) == SessionRows((), False)

    def test_a_log_that_is_gone_raises(self, tmp_path: Path) -> None:
        write(tmp_path / "a.log", LINES)
        with pytest.raises((OSError, ValueError)):
            rows_under(tmp_path, "b.log", SESSION)
