"""The flow: which step comes when, what changes what, and what no command may ever be."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

import wizard.steps.flow
from tests.budget import examples
from tests.wizard import cases
from tests.wizard.cases import (
    CONNECTOR,
    OTHER,
    OURS,
    THEIRS,
    certificate_list,
    commands_everywhere,
    connector_list,
    failing,
    given,
    working,
)
from wizard.assets import asset_table
from wizard.case.case import Case, PromptAnswer, StepId, Variant
from wizard.facts import LoggingLevel, Service
from wizard.reading.text import read_thumbprint
from wizard.steps.flow import (
    ORDER,
    STEPS,
    after,
    before,
    chapters,
    check_again,
    next_step,
    position,
    settle,
    step,
    steps_of,
)
from wizard.steps.intake import take
from wizard.steps.logging import SERVER_KINDS

S = StepId


class TestTheOrder:
    def test_is_the_articles_with_every_step_once(self) -> None:
        assert (
            [s.id for s in STEPS]
            == list(ORDER)
            == [
                *(S.SYMPTOM, S.CONNECTOR, S.LOGGING, S.LOG, S.SERVICES, S.COMMAND, S.PROMPT, S.UNDO),
                *(S.VERIFY, S.RETRY, S.SESSION, S.SERVERS, S.RESTORE),
            ]
        )

    def test_has_a_table_of_words_for_every_file_of_a_step_and_no_other(self) -> None:
        folder = Path(wizard.steps.flow.__file__).parent
        files = {file.stem for file in folder.glob("*.py") if "\nSTEP = Step(" in file.read_text(encoding="utf-8")}
        assert files == {s.id.value for s in STEPS} == set(asset_table("steps.toml"))

    def test_leads_forth_and_back_over_the_same_steps(self) -> None:
        for case in (Case(), cases.with_connector(servers="{EX01, EX02}")):
            assert before(S.SYMPTOM, case) is None
            assert after(S.RESTORE, case) is None
            order = [s.id for s in steps_of(case)]
            assert all(after(one, case) is other and before(other, case) is one for one, other in pairwise(order))

    def test_goes_past_the_other_servers_where_there_are_none(self) -> None:
        two = cases.with_connector(servers="{EX01, EX02}")
        assert {s.id for s in STEPS} - {s.id for s in steps_of(cases.with_connector())} == {S.SERVERS, S.UNDO}
        assert {s.id for s in STEPS} - {s.id for s in steps_of(two)} == {S.UNDO}
        assert steps_of(cases.knowing(two, prompt_answer=PromptAnswer.YES)) == STEPS
        assert position(S.RESTORE, cases.with_connector()) == "Step 11 of 11"
        assert position(S.RESTORE, cases.with_connector(servers="{EX01, EX02}")) == "Step 12 of 12"

    def test_names_each_chapter_once(self) -> None:
        assert chapters() == tuple(dict.fromkeys(s.words.chapter for s in STEPS))
        assert len(set(chapters())) == len(chapters())

    def test_begins_with_the_symptom_which_may_be_skipped(self) -> None:
        assert next_step(Case()) is S.SYMPTOM
        assert next_step(Case().skipping(S.SYMPTOM)) is S.CONNECTOR

    def test_goes_on_with_the_first_step_that_is_not_finished(self) -> None:
        case = cases.settled(cases.with_connector(), S.SYMPTOM, S.CONNECTOR)
        assert next_step(case) is S.LOGGING

    def test_ends_when_all_are_finished(self) -> None:
        assert next_step(cases.settled(cases.proven_case())) is None


class TestWhatIsMissing:
    def test_is_said_in_a_sentence_at_every_step_of_an_empty_case_that_needs_something(self) -> None:
        needing = {s.id for s in STEPS if s.missing(Case())} | {S.SERVERS}
        assert needing == set(ORDER) - {S.LOGGING}
        assert all(re.fullmatch(r"[A-Z].*\.", s.missing(Case())) for s in STEPS if s.id in needing)

    def test_is_nothing_when_everything_is_known_and_proven(self) -> None:
        case = given(cases.proven_case(), S.SYMPTOM, cases.TIMED_OUT)
        assert [s.id for s in steps_of(case) if s.missing(case)] == []

    def test_is_the_choice_while_several_connectors_or_certificates_are_there(self) -> None:
        case = given(Case(), S.CONNECTOR, connector_list() + connector_list("Internet"))
        assert step(S.CONNECTOR).missing(case) == "Choose the connector first."
        case = given(cases.named(), S.LOG, failing() + failing(thumbprint=OTHER, number=2))
        assert step(S.LOG).missing(case) == "Choose our certificate first."

    def test_is_a_certificate_when_the_rows_show_none_to_bind(self) -> None:
        case = given(cases.named(), S.LOG, failing("SocketError"))
        assert step(S.LOG).missing(case) == "These rows show no certificate to bind yet."

    @pytest.mark.parametrize(
        ("step_id", "disproving"),
        [
            (S.VERIFY, certificate_list("POP, IIS")),
            (S.RETRY, cases.queue_list()),
            (S.SESSION, failing(at="2026-11-22T02:40:00.000Z")),
            (S.RESTORE, connector_list(level="Verbose")),
        ],
    )
    def test_is_the_proof_when_what_was_read_speaks_against_it(self, step_id: StepId, disproving: str) -> None:
        case = given(cases.answered(), step_id, disproving)
        assert step(step_id).missing(case).startswith("Not proven yet.")
        assert step(step_id).skip


class TestChoices:
    def test_show_what_sets_connectors_apart(self) -> None:
        two = connector_list() + connector_list("Internet", SmartHosts="{}", Enabled="False")
        first, second = step(S.CONNECTOR).choices(given(Case(), S.CONNECTOR, two))
        assert first.detail == "to smtp:contoso.mail.example;1, via contoso-com.mail.protection.example"
        assert second.detail.endswith("disabled")
        assert not any(choice.chosen for choice in (first, second))

    def test_of_several_certificates_preselect_none(self) -> None:
        log = failing() + failing(number=2) + failing(thumbprint=OTHER, number=3, at="2026-11-22T02:20:00.000Z")
        case = given(cases.named(), S.LOG, log)
        choices = step(S.LOG).choices(case)
        assert {choice.key for choice in choices} == {OURS, OTHER}
        assert not any(choice.chosen for choice in choices)
        assert case.now.thumbprint == ""
        assert step(S.SERVICES).commands(case) == ()
        details = {choice.key: choice.detail for choice in choices}
        assert details[OURS].startswith("2 failed sessions, last 2026-11-22 02:14 UTC")
        assert details[OTHER].startswith("1 failed session, last 2026-11-22 02:20 UTC")
        chosen = step(S.LOG).choose(case, OTHER)
        assert [choice.key for choice in step(S.LOG).choices(chosen) if choice.chosen] == [OTHER]

    def test_of_one_certificate_are_not_asked_for(self) -> None:
        assert step(S.LOG).choices(given(cases.named(), S.LOG, failing())) == ()

    def test_of_another_connectors_certificate_name_that_connector_and_preselect_nothing(self) -> None:
        case = given(cases.named("Outbound to Ofice 365"), S.LOG, failing())
        (choice,) = step(S.LOG).choices(case)
        assert not choice.chosen
        assert choice.detail.startswith(f"{CONNECTOR}: 1 failed session")

    def test_of_the_form_are_two_with_the_articles_first(self) -> None:
        merged, smallest = step(S.COMMAND).choices(cases.ready())
        assert merged.chosen
        assert "SMTP,IIS,POP" in merged.text
        assert "SMTP alone" in smallest.text

    @pytest.mark.parametrize("services", ["None", "Federation"])
    def test_of_the_form_are_not_asked_for_where_both_are_one_line(self, services: str) -> None:
        assert step(S.COMMAND).choices(cases.ready(services)) == ()
        assert len(step(S.COMMAND).commands(cases.ready(services))) == 1

    def test_of_the_answer_begin_with_no(self) -> None:
        choices = step(S.PROMPT).choices(cases.ready())
        assert [choice.key for choice in choices] == ["N", "not asked", "Y"]
        assert not any(choice.chosen for choice in choices)

    def test_of_the_place_are_versions_and_roles(self) -> None:
        choices = step(S.LOGGING).choices(Case())
        assert len(choices) == len(SERVER_KINDS) == len({choice.key for choice in choices})
        for key, _text, place in SERVER_KINDS:
            assert step(S.LOGGING).choose(Case(), key).now.place == place


class TestAChangedEarlyAnswer:
    def test_marks_later_steps_and_keeps_what_they_hold(self) -> None:
        case = cases.settled(cases.proven_case())
        assert check_again(case) == ()
        changed = cases.named("Internet", case)
        assert set(check_again(changed)) >= {S.LOGGING, S.LOG, S.SESSION, S.RESTORE}
        assert S.SYMPTOM not in check_again(changed)
        assert changed.answer(S.LOG).text == case.answer(S.LOG).text
        assert changed.now.thumbprint == OURS
        assert changed.now.certificates == case.now.certificates
        assert next_step(changed) is S.LOGGING

    def test_that_is_taken_back_takes_the_marks_back(self) -> None:
        case = cases.settled(cases.proven_case())
        assert check_again(cases.named(CONNECTOR, cases.named("Internet", case))) == ()

    def test_that_is_confirmed_takes_its_mark_away(self) -> None:
        changed = cases.named("Internet", cases.settled(cases.proven_case()))
        assert S.LOGGING not in check_again(settle(changed, S.LOGGING))

    def test_to_another_certificate_marks_everything_that_stood_on_it(self) -> None:
        case = cases.knowing(cases.settled(cases.proven_case()), thumbprint=OTHER)
        assert set(check_again(case)) == {S.SERVICES, S.COMMAND, S.PROMPT, S.VERIFY, S.RETRY, S.SESSION}

    def test_to_another_form_of_the_command_marks_the_prompt(self) -> None:
        case = cases.settled(cases.proven_case())
        assert check_again(cases.knowing(case, variant=Variant.SMALLEST)) == (S.PROMPT,)

    def test_marks_nothing_that_was_never_finished(self) -> None:
        assert check_again(cases.named("Internet", cases.proven_case())) == ()

    def test_to_another_connector_takes_the_binding_line_away_until_its_log_is_read(self) -> None:
        log = failing() + failing(thumbprint=OTHER, connector="Internet", number=2)
        case = cases.named("Internet", cases.ready(log=log))
        assert case.logged is None
        assert step(S.COMMAND).commands(case) == ()
        assert "go back to the log" in step(S.COMMAND).missing(case)
        assert [choice.key for choice in step(S.LOG).choices(case)] == [OTHER]

    def test_never_puts_the_services_of_one_certificate_into_the_command_of_another(self) -> None:
        log = failing() + failing(thumbprint=OTHER, number=2)
        case = given(cases.named(), S.LOG, log)
        for mine, services in ((OURS, "IIS, POP"), (OTHER, "IMAP")):
            case = given(step(S.LOG).choose(case, mine), S.SERVICES, certificate_list(services, mine))
        assert step(S.COMMAND).commands(case)[0].text.endswith(f"'{OTHER}' -Services SMTP,IMAP")
        back = step(S.LOG).choose(case, OURS)
        assert back.services_now is None
        assert step(S.COMMAND).commands(back) == ()

    def test_never_does_so_with_services_that_were_read_without_a_thumbprint(self) -> None:
        log = failing() + failing(thumbprint=OTHER, number=2)
        case = step(S.LOG).choose(given(cases.named(), S.LOG, log), OURS)
        case = given(case, S.SERVICES, "Services\n--------\nIIS, POP\n")
        assert step(S.COMMAND).commands(case)[0].text.endswith("-Services SMTP,IIS,POP")
        other = step(S.LOG).choose(case, OTHER)
        assert other.services_now is None
        assert step(S.COMMAND).commands(other) == ()

    def test_to_a_log_without_the_certificate_leaves_none_chosen(self) -> None:
        case = given(cases.ready(), S.LOG, failing("SocketError"))
        assert case.now.thumbprint == ""
        assert step(S.COMMAND).commands(case) == ()
        assert given(case, S.LOG, failing()).services_now == frozenset({Service.IIS, Service.POP})


class TestTheArticlesOwnExample:
    def test_gives_the_articles_own_command(self) -> None:
        command = step(S.COMMAND).commands(cases.ready("IIS, POP"))[0]
        assert command.text == f"Enable-ExchangeCertificate -Thumbprint '{OURS}' -Services SMTP,IIS,POP -Server 'EX01'"

    def test_gives_the_smallest_line_beside_it(self) -> None:
        assert step(S.COMMAND).commands(cases.ready())[1].text.endswith("-Services SMTP -Server 'EX01'")
        first = step(S.COMMAND).commands(step(S.COMMAND).choose(cases.ready(), "smallest"))[0]
        assert first.text == f"Enable-ExchangeCertificate -Thumbprint '{OURS}' -Services SMTP -Server 'EX01'"

    def test_turns_logging_on_for_its_connector(self) -> None:
        command = step(S.LOGGING).commands(cases.named())[0]
        assert command.text == f"Set-SendConnector -Identity '{CONNECTOR}' -ProtocolLoggingLevel Verbose"


def one_printable_line(command: str) -> bool:
    return re.fullmatch(r"[!-~](?:[ -~]*[!-~])?", command) is not None


def outside_quotes(command: str) -> str:
    return re.sub(r"'(?:[^']|'')*'|\"[^\"]*\"", "''", command)


NAMES = st.one_of(
    st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), min_size=1, max_size=40),
    st.sampled_from(
        ["O'Brien", "a'-Force'b", "\u2018\u2019\u201a\u201b", "\u90f5\u4ef6 'x'", "$(x); -Services None", "-Force"]
    ),
)


@st.composite
def random_cases(draw: st.DrawFn) -> Case:
    """Whole cases: any services, names of any script, versions, roles, servers, variants and answers."""
    known = cases.with_connector().connectors[0]
    servers = tuple(draw(st.lists(NAMES, max_size=3, unique=True)))
    connector = replace(known, name=draw(NAMES), guid=draw(st.sampled_from(["", cases.GUID])), source_servers=servers)
    level = draw(st.sampled_from([None, *LoggingLevel]))
    case = replace(Case(opened=cases.NIGHT), connectors=(replace(connector, logging_level=level),))
    if not case.usable_connectors:
        return case
    case = step(S.CONNECTOR).choose(case, connector.name)
    case = step(S.LOGGING).choose(case, draw(st.sampled_from([key for key, _text, _place in SERVER_KINDS])))
    case = given(case, S.LOG, failing() + working(connector="Internet", at="2026-11-22T02:00:00.000Z"))
    case = cases.knowing(case, thumbprint=OURS)
    case = given(case, S.SERVICES, certificate_list(", ".join(draw(st.sets(SERVICE_WORDS))) or "None"))
    case = cases.knowing(case, variant=draw(st.sampled_from(list(Variant))))
    if draw(st.booleans()):
        case = given(case, S.PROMPT, cases.question())
    return cases.knowing(case, prompt_answer=draw(st.sampled_from([None, *PromptAnswer])))


SERVICE_WORDS = st.sampled_from([service.value for service in Service])


class TestEveryCommandOfEveryCase:
    @settings(max_examples=examples(150), deadline=None)
    @for_all(random_cases())
    def test_is_one_line_of_ascii_and_answers_no_question(self, case: Case) -> None:
        for command in commands_everywhere(case):
            assert one_printable_line(command)
            code = outside_quotes(command).casefold()
            assert "-force" not in code
            assert not re.search(r"-services\s+\S*(?:none|federation)", code)

    @settings(max_examples=examples(60), deadline=None)
    @for_all(st.sets(SERVICE_WORDS))
    def test_that_binds_names_smtp_first_and_each_service_once(self, words: set[str]) -> None:
        case = cases.ready(", ".join(sorted(words)) or "None")
        if "SMTP" in words:
            assert step(S.COMMAND).commands(case) == ()
            return
        merged = step(S.COMMAND).commands(case)[0].text.rpartition("-Services ")[2].partition(" ")[0].split(",")
        assert merged[0] == "SMTP"
        assert len(set(merged)) == len(merged)
        # The version is not known, and half of them have no UMCallRouter.
        assert set(merged) == (words | {"SMTP"}) - {"Federation", "UMCallRouter"}


@st.composite
def logs_of_both_sides(draw: st.DrawFn) -> str:
    """Interleaved sessions with our certificates and the other side's, with and without header rows."""
    sessions = []
    for number in range(draw(st.integers(1, 5))):
        events = []
        for _ in range(draw(st.integers(0, 3))):
            header = draw(st.sampled_from(["Received certificate", "Remote certificate"]))
            events += cases.certificate_rows(THEIRS, header, "CN=mx.fabrikam.example")
        ours = draw(st.sampled_from([OURS, OTHER, ""]))
        shown = cases.certificate_rows(ours) if ours else []
        error = draw(st.sampled_from(["UnknownCredentials", "NoCredentials", "SocketError", "UntrustedRoot", "Odd"]))
        outcome = ("*", "", f"TLS negotiation failed with error {error}")
        success = [("*", "", cases.SUCCESS)] if draw(st.booleans()) else []
        pieces = draw(st.permutations([events, shown, [outcome], success]))
        connector = draw(st.sampled_from([CONNECTOR, "Internet"]))
        sessions.append(cases.session([e for piece in pieces for e in piece], connector=connector, number=number))
    rows = [row for text in sessions for row in text.splitlines(keepends=True)]
    return "".join(draw(st.permutations(rows)) if draw(st.booleans()) else rows)


class TestThePartnersThumbprint:
    @settings(max_examples=examples(120), deadline=None)
    @for_all(logs_of_both_sides())
    def test_reaches_no_command_at_any_step(self, log: str) -> None:
        case = take(cases.with_connector(), S.LOG, log).case
        case = take(case, S.SESSION, log).case
        for chosen in [case, *(step(S.LOG).choose(case, choice.key) for choice in step(S.LOG).choices(case))]:
            text = certificate_list("IIS") + certificate_list("IIS", OTHER) + certificate_list("IIS", THEIRS)
            led = take(take(chosen, S.SERVICES, text).case, S.VERIFY, text).case
            for command in commands_everywhere(led):
                assert THEIRS not in command
                for quoted in re.findall(r"-Thumbprint '([^']*)'", command):
                    assert read_thumbprint(quoted).thumbprint in {OURS, OTHER}
