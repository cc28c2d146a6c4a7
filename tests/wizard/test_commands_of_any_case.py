"""What no command of any case may ever be."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from tests.budget import examples
from tests.wizard import cases
from tests.wizard.cases import (
    CONNECTOR,
    OTHER,
    OURS,
    THEIRS,
    certificate_list,
    commands_everywhere,
    failing,
    given,
    working,
)
from wizard.case.case import Case, PromptAnswer, StepId, Variant
from wizard.facts import LoggingLevel, Service
from wizard.reading.text import read_thumbprint
from wizard.steps.flow import step
from wizard.steps.intake import take
from wizard.steps.logging import SERVER_KINDS

S = StepId


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
