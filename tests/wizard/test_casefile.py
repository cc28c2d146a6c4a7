"""A case as JSON and back: whole, checked field by field, and never trusted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.budget import examples
from tests.wizard import cases
from wizard.assets import sample_case
from wizard.case.case import Case, Deed, JournalEntry, SourceServer, StepId
from wizard.case.file import MOST_HANDSHAKES, SCHEMA, CaseFileError, NewerCaseError, Saved, parsed, slimmed, written
from wizard.case.servers import at_server, everywhere, here, saying_here
from wizard.facts import LogReading, Occurrences
from wizard.record.export import ExportForm, exported
from wizard.record.summary import summary
from wizard.steps.flow import check_again, settle, step
from wizard.steps.undo import undo_command

S = StepId
NOW = datetime(2026, 11, 22, 3, 30, 7, tzinfo=UTC)


def back(case: Case, keep_logs: bool = True) -> Case:
    return parsed(written(Saved("one", case, saved=NOW), keep_logs)).case


AWARE = st.datetimes().map(lambda time: time.replace(tzinfo=UTC))
st.register_type_strategy(datetime, AWARE)
LOGS = st.builds(LogReading, occurrences=st.none()) | st.none()
SERVERS = st.builds(SourceServer, log=LOGS, log_after=LOGS)
NAMES = st.sampled_from(["", "ex01", "ex02"]) | st.text(max_size=5)
ANY_CASE = st.builds(Case, here=NAMES, on=st.dictionaries(NAMES, SERVERS, max_size=3))


def write_all(case: Case) -> None:
    """Write every command of a case, on every server it knows."""
    for _host, at in everywhere(case):
        cases.commands_everywhere(at)
        undo_command(at)


class TestRoundTrip:
    @pytest.mark.parametrize(
        "case",
        [
            Case(opened=NOW),
            sample_case(),
            cases.named(),
            cases.ready(),
            cases.proven_case(),
            cases.with_connector(servers="{EX01, EX02}"),
        ],
    )
    def test_a_case_comes_back_as_it_was(self, case: Case) -> None:
        assert back(case) == case
        assert summary(back(case)) == summary(case)

    @settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=ANY_CASE)
    def test_so_does_every_value_a_case_can_have_unless_no_command_can_hold_it(self, case: Case) -> None:
        try:
            returned = back(case)
        except CaseFileError:
            with pytest.raises(ValueError, match=r"."):
                write_all(case)
        else:
            assert returned == case

    def test_with_its_name_its_time_and_its_place_among_the_archived(self) -> None:
        saved = Saved("20261122-033007-ab12", cases.ready(), "Stuck mail \u2013 Leeds", NOW, archived=True)
        assert parsed(written(saved, keep_logs=True)) == saved

    def test_the_same_case_is_the_same_text(self) -> None:
        assert written(Saved("one", cases.ready())) == written(Saved("one", back(cases.ready())))

    def test_the_file_is_ascii_so_that_nothing_can_damage_it(self) -> None:
        case = replace(cases.named("Verbindung \u90f5\u4ef6"), typed_name="half \ud83d")
        text = written(Saved("one", case))
        assert text.isascii()
        assert back(case) == case

    def test_the_journal_comes_back(self) -> None:
        case = cases.ready().noting(JournalEntry(NOW, Deed.COPIED, S.COMMAND, "EX01", "Enable-ExchangeCertificate"))
        assert back(case).journal == case.journal


class TestWhatWasFinished:
    def test_is_finished_still(self) -> None:
        case = settle(cases.ready(), S.SERVICES)
        assert back(case).answer(S.SERVICES).finished
        assert check_again(back(case)) == check_again(case) == ()

    def test_and_is_to_be_checked_again_if_it_was(self) -> None:
        case = cases.knowing(settle(cases.ready(), S.COMMAND), certificates=())
        assert check_again(case) == (S.COMMAND,)
        assert check_again(back(case)) == (S.COMMAND,)

    def test_until_what_it_stood_on_is_there_again(self) -> None:
        finished = settle(cases.ready(), S.COMMAND)
        changed = back(cases.knowing(finished, certificates=()))
        assert check_again(changed) == (S.COMMAND,)
        assert check_again(cases.knowing(changed, certificates=finished.now.certificates)) == ()

    def test_on_another_server_as_well(self) -> None:
        case = settle(cases.ready(case=cases.with_connector(servers="{EX01, EX02}")), S.SERVICES)
        case = at_server(saying_here(case, "EX01"), "EX02")
        assert check_again(at_server(back(case), "EX01")) == ()
        assert at_server(back(case), "EX01").answer(S.SERVICES).finished
        assert back(case) == case


class TestTheLogItself:
    def test_is_not_kept_but_what_it_showed_is(self) -> None:
        case = cases.ready()
        kept = back(case, keep_logs=False)
        assert case.answer(S.LOG).text
        assert not kept.answer(S.LOG).text
        assert kept.answer(S.SERVICES).text
        assert (kept.now.log, kept.now.failed, kept.now.thumbprint) == (
            case.now.log,
            case.now.failed,
            case.now.thumbprint,
        )
        assert step(S.LOG).findings(kept) == step(S.LOG).findings(case)

    def test_nor_is_that_of_another_server(self) -> None:
        case = cases.ready(case=cases.with_connector(servers="{EX01, EX02}"))
        case = at_server(saying_here(case, "EX01"), "EX02")
        assert case.on["ex01"].answers[S.LOG].text
        assert not any(answer.text for _server, at, answer in slimmed(case).every_answer() if at is S.LOG)

    def test_of_very_many_handshakes_the_first_and_last_of_each_kind_are_kept(self) -> None:
        rows = "".join(cases.failing(number=n) for n in range(MOST_HANDSHAKES + 50))
        case = cases.given(cases.with_connector(), S.LOG, rows)
        kept = back(case, keep_logs=False)
        assert case.now.log
        assert kept.now.log
        assert len(case.now.log.handshakes) == MOST_HANDSHAKES + 50
        assert len(kept.now.log.handshakes) == 2
        assert kept.now.failed[0].sessions == case.now.failed[0].sessions
        assert kept.candidates == case.candidates
        assert [f.text for f in step(S.LOG).findings(kept)] == [f.text for f in step(S.LOG).findings(case)]

    def test_the_list_of_all_failures_of_a_scan_is_not(self) -> None:
        found = Occurrences()
        found.add("Outbound", "UnknownCredentials", cases.OURS, "198.51.100.25:25", "SEND.log", "08DE", "2026-11-22T")
        case = cases.knowing(cases.ready(), log=LogReading(occurrences=found, scanned_bytes=10**9))
        log = back(case, keep_logs=True).now.log
        assert log
        assert log.occurrences is None
        assert log.scanned_bytes == 10**9


def table() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(written(Saved("one", cases.ready(), saved=NOW), keep_logs=True))
    return content


def changed(path: str, value: object) -> str:
    """The file of a case with one place of it changed; `path` has dots, and numbers for places in lists."""
    content: Any = table()
    at = content
    *way, last = path.split(".")
    for key in way:
        at = at[int(key)] if key.isdecimal() else at[key]
    at[int(last) if last.isdecimal() else last] = value
    return json.dumps(content)


class TestAFileThatIsNoCase:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", "not JSON (line 1)"),
            ("{", "not JSON"),
            ("[" * 100_000, "not JSON"),
            ("[]", "no case of this program"),
            ("{}", "names no schema version"),
            ('{"schema": true}', "names no schema version"),
            ('{"schema": 0}', "names no schema version"),
            ('{"schema": 1}', "no id"),
        ],
    )
    def test_is_refused_with_what_it_is(self, text: str, words: str) -> None:
        with pytest.raises(CaseFileError, match=words.replace("(", r"\(").replace(")", r"\)")):
            parsed(text)

    @pytest.mark.parametrize(
        ("path", "value", "place"),
        [
            ("saved", "yesterday", "saved"),
            ("saved", "2026-11-22T03:30:07", "saved"),
            ("name", 5, "no name"),
            ("case", [], "not a table"),
            ("case.opened", 5, "case.opened"),
            ("case.on..thumbprint", None, "case.on"),
            ("case.told_to_answer_no", "yes", "case.told_to_answer_no"),
            ("case.answers.nowhere", {"seen": True}, "nowhere"),
            ("case.answers.connector.seen", 1, "case.answers"),
            ("case.answers.connector.stood_on", [1], "case.answers"),
            ("case.answers", [], "case.answers"),
            ("case.on", [], "case.on"),
            ("case.on.ex02", [], "case.on"),
            ("case.connectors.0.name", 7, "case.connectors"),
            ("case.on..log.rows", "12", "log.rows"),
            ("case.unheard_of", 1, "unheard_of"),
            ("case.connectors.0.run", "Remove-Item", "run"),
        ],
    )
    def test_or_with_the_part_that_is_not_what_it_should_be(self, path: str, value: object, place: str) -> None:
        with pytest.raises(CaseFileError) as refused:
            parsed(changed(path, value))
        assert place in str(refused.value)
        assert str(refused.value).isprintable()

    @pytest.mark.parametrize(
        ("key", "value", "place"),
        [
            ("seen", ["nowhere"], "case.seen"),
            ("skipped", 5, "case.skipped"),
            ("skipped", [["log"]], "case.skipped"),
            ("skipped", ["nowhere"], "case.skipped"),
            ("settled", {"nowhere": True}, "settled"),
            ("settled", {"log": 1}, "settled"),
            ("typed", {"nowhere": ""}, "case.typed"),
            ("opened_paths", [], "case.opened_paths"),
            ("elsewhere", [], "case.elsewhere"),
            ("elsewhere", {"ex01": 1}, "case.elsewhere"),
            ("elsewhere", {"ex01": {"unheard_of": 1}}, "unheard_of"),
            ("thumbprint", None, "thumbprint"),
            ("here", 5, "here"),
            ("unheard_of", 1, "unheard_of"),
        ],
    )
    def test_so_is_one_of_an_earlier_version(self, key: str, value: object, place: str) -> None:
        text = (Path(__file__).parent / "kept" / "case-schema-1.json").read_text(encoding="utf-8")
        content = json.loads(text)
        content["case"][key] = value
        with pytest.raises(CaseFileError) as refused:
            parsed(json.dumps(content))
        assert place in str(refused.value)
        assert str(refused.value).isprintable()

    def test_of_a_newer_version_says_so(self) -> None:
        text = json.dumps({**table(), "schema": SCHEMA + 1, "program": "exchange-cert-wizard 9\x1b[2J"})
        with pytest.raises(NewerCaseError, match="saved by a newer version") as refused:
            parsed(text)
        assert str(refused.value).isprintable()

    @settings(max_examples=examples(150), deadline=None)
    @given(st.data())
    def test_whatever_is_damaged_it_is_a_case_or_refused(self, data: st.DataObject) -> None:
        text = written(Saved("one", cases.ready(), saved=NOW))
        at = data.draw(st.integers(0, len(text) - 1))
        length = data.draw(st.integers(0, 40))
        damaged = text[:at] + data.draw(st.text(max_size=5)) + text[at + length :]
        refused = ""
        try:
            assert isinstance(parsed(damaged).case, Case)
        except CaseFileError as error:
            refused = str(error)
        assert refused.isprintable()


class TestACaseOfAnEarlierVersion:
    """Files as earlier versions wrote them are kept here for good: none of them may ever be refused."""

    @pytest.mark.parametrize("name", ["case-schema-1", "case-schema-1-three-servers"])
    def test_is_read_with_all_that_it_held(self, name: str) -> None:
        saved = parsed((Path(__file__).parent / "kept" / f"{name}.json").read_text(encoding="utf-8"))
        assert (saved.name, saved.saved) == ("Stuck mail", NOW)
        assert saved.case.servers == ("EX01", "EX02", "EDGE01")
        assert here(saved.case) == "EX02"
        assert saved.case.now.thumbprint == cases.OURS
        assert at_server(saved.case, "EX01").now.certificates_after
        assert saved.case.journal[-1].deed is Deed.COPIED
        assert at_server(saved.case, "EX01").answer(S.SERVICES).finished
        assert "EX02" in summary(saved.case)
        assert parsed(written(saved, keep_logs=True)) == saved


def test_a_record_is_told_from_a_case() -> None:
    text = exported(Saved("20261122-030507-4711", cases.named(), saved=NOW), ExportForm.JSON, NOW).text
    with pytest.raises(CaseFileError, match="This is the record of a case"):
        parsed(text)
