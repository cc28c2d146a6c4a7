"""`diagnose`: evidence in, verdict and commands out, and an exit status a script can rely on."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from screens.commands import STOPPED, UNUSABLE, WaitingLine
from screens.commands import diagnose_command as main
from screens.commands import diagnose_evidence as run
from tests.screens.evidence import RECEIVE_LOG
from wizard.assets import SAMPLE_NIGHT, assets
from wizard.machine.inert import shown

SAMPLE = assets() / "sample"
LOG = str(SAMPLE / "SEND20261122-1.log")
CERTIFICATE = str(SAMPLE / "certificate.txt")
BIND = "Enable-ExchangeCertificate -Thumbprint '9F2C41B7D05E8A6316C4F07B28D95EA1437FB60C' -Services SMTP,IIS,POP"


def diagnose(
    *evidence: str, connector: str = "", server: str = "", as_json: bool = False, stdin: bytes = b""
) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    status = run(evidence, connector, server, as_json, out, err, io.BytesIO(stdin), opened=SAMPLE_NIGHT)
    return status, out.getvalue(), err.getvalue()


def test_this_article_with_its_command_is_status_0() -> None:
    status, out, err = diagnose(LOG, CERTIFICATE)
    assert status == 0
    assert f"  {BIND}\n" in out
    assert "answer N" in out
    assert err == ""


def test_a_healthy_log_is_status_1() -> None:
    status, out, _err = diagnose(str(SAMPLE / "SEND20261122-2.log"))
    assert (status, "Every TLS handshake in these rows succeeded" in out) == (1, True)


def test_the_queue_alone_is_status_3() -> None:
    status, out, _err = diagnose(str(SAMPLE / "symptom.txt"))
    assert (status, "only the protocol log decides" in out) == (3, True)


@pytest.mark.parametrize("evidence", [["/not/there"], ["-"]])
def test_nothing_readable_is_status_2_with_the_reason(evidence: list[str]) -> None:
    status, out, err = diagnose(*evidence, stdin=b"good morning")
    assert status == 2
    assert "nothing that was given could be read" in err
    assert out.startswith((f"There is no file or folder {Path('/not/there')}.", "standard input: this is nothing"))


def test_a_masked_thumbprint_is_this_article_and_still_status_3() -> None:
    masked = Path(LOG).read_text(encoding="utf-8").replace("9F2C41B7D05E8A6316C4F07B28D95EA1437FB60C", "x" * 22)
    status, out, _err = diagnose("-", stdin=masked.encode())
    assert status == 3
    assert "This is KB 4051498" in out
    assert "Enable-ExchangeCertificate" not in out


def test_standard_input_is_evidence_and_the_default() -> None:
    assert diagnose(stdin=Path(LOG).read_bytes())[0] == diagnose("-", stdin=Path(LOG).read_bytes())[0] == 0


def test_json_is_one_document_with_the_schema() -> None:
    status, out, _err = diagnose(LOG, CERTIFICATE, as_json=True)
    data = json.loads(out)
    assert status == 0
    assert data["schema"] == 1
    assert data["verdict"]["id"] == "kb4051498"
    assert BIND in [command["text"] for command in data["commands"]]


@pytest.mark.parametrize("name", ["a\nb", "a\u202eb", "\x1b[31m"])
def test_a_name_no_command_may_carry_is_refused(name: str) -> None:
    status, _out, err = diagnose(LOG, connector=name)
    assert status == 2
    assert "no command may carry" in err


def test_text_from_the_evidence_cannot_act_on_the_terminal() -> None:
    log = Path(LOG).read_text(encoding="utf-8").replace("Internet", "In\u202eternet")
    assert "\u202e" not in diagnose("-", stdin=log.encode())[1]


def test_it_runs_without_any_user_interface_library() -> None:
    code = (
        "import sys\nfrom screens.cli import main\n"
        f"status = main(['diagnose', {LOG!r}, {CERTIFICATE!r}])\n"
        "found = sorted({'textual', 'rich', 'questionary', 'prompt_toolkit', 'pyperclip'} & set(sys.modules))\n"
        "sys.stderr.write(f'{status} {found}')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, encoding="utf-8")
    assert done.stderr == "0 []"
    assert BIND in done.stdout


class TestWaiting:
    def test_a_line_is_written_over_the_last_one_and_taken_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((30, 24)))
        err = io.StringIO()
        line = WaitingLine(err)
        line.clear()
        line.show("Reading SEND20261122-1.log: 10 %, 1.0 GB")
        line.show("Reading\x1b[31m on")
        line.clear()
        first, second, blank, end = err.getvalue()[1:].split("\r")
        assert first == "Reading SEND20261122-1.log: 1"
        assert second.rstrip() == shown("Reading\x1b[31m on")
        assert (len(second), blank.strip(), end) == (len(first), "", "")

    def test_the_answer_comes_after_it_is_gone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("screens.words.BETWEEN_REPORTS", -1)
        terminal = io.StringIO()
        status = run([LOG], "", "", False, terminal, terminal, io.BytesIO(), WaitingLine(terminal), SAMPLE_NIGHT)
        told, _, answer = terminal.getvalue().rpartition("\r")
        assert status == 0
        assert "100 %" in told
        assert answer.startswith("This is KB 4051498")

    def test_ctrl_c_ends_it_with_one_sentence(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def interrupted(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("wizard.diagnosis.diagnose", interrupted)
        assert main([LOG], "", "", json_wanted=False) == STOPPED
        assert capsys.readouterr().err == "exchange-cert-wizard: stopped.\n"


def test_an_empty_file_is_said_to_be_empty_before_anything_else(tmp_path: Path) -> None:
    (tmp_path / "empty.log").write_bytes(b"")
    out = io.StringIO()
    assert run([str(tmp_path / "empty.log")], "", "", False, out, io.StringIO(), io.BytesIO()) == UNUSABLE
    assert out.getvalue().splitlines()[:2] == ["empty.log: there is nothing in it", ""]


@pytest.mark.parametrize(
    ("name", "content"), [("bin.log", b"\x7fELF\x02\x01\x00\x01\x02\x03" * 40), ("gone.log", None)]
)
def test_what_is_wrong_with_a_whole_file_is_said_of_no_line(tmp_path: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    out = io.StringIO()
    assert run([str(tmp_path / name)], "", "", False, out, io.StringIO(), io.BytesIO()) == UNUSABLE
    told = out.getvalue().splitlines()[0]
    assert told.count(name) == 1
    assert ", line " not in told


def test_a_receive_log_is_named_without_a_line(tmp_path: Path) -> None:
    (tmp_path / "receive.log").write_text(RECEIVE_LOG, encoding="utf-8")
    out = io.StringIO()
    run([str(tmp_path / "receive.log")], "", "", False, out, io.StringIO(), io.BytesIO())
    assert "\n  receive.log\n" in out.getvalue()
