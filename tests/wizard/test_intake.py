"""Evidence into the case: every kind of text at every step, and what a person is told of it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from tests.budget import examples
from tests.wizard import cases
from tests.wizard.cases import (
    CONNECTOR,
    OTHER,
    OURS,
    certificate_list,
    commands_everywhere,
    connector_list,
    failing,
    finding,
    given,
    ids,
    said,
)
from tests.wizard.step_rows import SURVEYS
from wizard.case.case import Case, PromptAnswer, StepId
from wizard.case.servers import saying_here
from wizard.facts import LoggingLevel, LogReading, Service
from wizard.findings import Level
from wizard.reading.text import Kind
from wizard.steps.connector import name_connector
from wizard.steps.flow import ORDER, proven, step
from wizard.steps.flow import places as places_for
from wizard.steps.intake import place_of, take
from wizard.steps.log import take_log

S = StepId
RECEIVE_LOG = (
    "#Software: Microsoft Exchange Server\n#Log-type: SMTP Receive Protocol Log\n"
    r"2026-11-22T02:14:07.000Z,EX01\Default Frontend EX01,08DE2A4C71B90001,0,192.0.2.10:25,203.0.113.9:51022,+,,"
    "\n"
)
TEXTS: dict[str, str] = {
    "blank": " \n\t\n",
    "queues": cases.queue_list(),
    "connectors": connector_list(),
    "folders": cases.listed(Name="EX01", SendProtocolLogPath=r"D:\Logs\Hub\ProtocolLog\SmtpSend"),
    "send log": failing(),
    "receive log": RECEIVE_LOG,
    "certificates": certificate_list(),
    "prompt": cases.question(),
    "error": f"A special Rpc error occurs on server EX01: The certificate with thumbprint {OURS} was not found.\n",
    "command": "[PS] C:\\>Get-ExchangeCertificate | Format-List Thumbprint,Services\n",
    "prose": "Dear colleague,\nthe mail is stuck again.\n",
}
TAKES: dict[str, tuple[StepId, ...]] = {
    "queues": (S.SYMPTOM, S.RETRY),
    "connectors": (S.CONNECTOR, S.RESTORE),
    "folders": (S.LOGGING, S.LOGGING),
    "send log": (S.LOG, S.SESSION),
    "certificates": (S.SERVICES, S.VERIFY),
    "prompt": (S.PROMPT, S.PROMPT, S.UNDO),
}
"""Where each text that can be used goes: before the command is run, and from the prompt on."""
REFUSED: dict[str, str] = {
    "blank": "There is nothing in it. Needed: ",
    "receive log": "This is a Receive protocol log: mail that comes in.",
    "error": "Exchange did not find a certificate with this thumbprint",
    "command": "This is the command itself. Run it in the Exchange Management Shell",
    "prose": "The wizard does not recognise this text. Needed: ",
}
"""How the sentence about a text of no use begins."""
EVERYWHERE = [(step_id, name) for step_id in ORDER for name in TEXTS]


class TestWhatIsProven:
    """A text given at another step may be of another server, and need not say so."""

    def on_the_second(self) -> Case:
        both = "{EX01, EX02}"
        case = saying_here(cases.ready(case=cases.with_connector(servers=both)), "EX01")
        case = cases.given(cases.answered(case=case), S.VERIFY, cases.certificate_list("POP, IIS, SMTP"))
        case = cases.given(case, S.RETRY, cases.queue_list("Active", ""))
        case = cases.given(case, S.SESSION, cases.working())
        return cases.given(case, S.RESTORE, cases.connector_list(servers=both))

    @pytest.mark.parametrize(
        ("at", "text", "place"),
        [
            (S.RESTORE, cases.certificate_list("IIS"), S.VERIFY),
            (S.SERVERS, cases.certificate_list("IIS"), S.VERIFY),
            (S.RESTORE, cases.queue_list(), S.RETRY),
            (S.RESTORE, cases.failing(), S.SESSION),
            (S.VERIFY, cases.connector_list(level="Verbose"), S.RESTORE),
            (S.RESTORE, cases.question(cases.OTHER), S.PROMPT),
        ],
        ids=["certificates", "at the list of servers", "queues", "log", "connector", "question"],
    )
    def test_stays_when_something_else_is_given_at_another_step(self, at: StepId, text: str, place: StepId) -> None:
        case = self.on_the_second()
        taken = take(case, at, text)
        assert not taken.accepted
        told = finding(taken.said, "stays").text
        assert f"'{step(place).words.title}' has its evidence already, and it stays." in told
        assert (f"'{step(S.SERVERS).words.title}'" in told) is (place is not S.RESTORE)
        assert taken.case.answering(at, case.answer(at)) == case.answering(at, case.answer(at))

    def test_is_replaced_at_its_own_step(self) -> None:
        taken = take(self.on_the_second(), S.VERIFY, cases.certificate_list("IIS"))
        assert taken.accepted
        assert not proven(taken.case, "services")

    def test_what_proves_nothing_yet_is_replaced_from_anywhere(self) -> None:
        case = cases.given(cases.answered(), S.VERIFY, cases.certificate_list("POP, IIS"))
        taken = take(case, S.RETRY, cases.certificate_list("POP, IIS, SMTP"))
        assert taken.accepted
        assert proven(taken.case, "services")


class TestEveryKindOfTextAtEveryStep:
    @pytest.mark.parametrize(("step_id", "name"), EVERYWHERE, ids=lambda each: getattr(each, "value", each))
    def test_is_taken_where_it_belongs_or_refused_with_what_to_do(self, step_id: StepId, name: str) -> None:
        taken = take(cases.ready(), step_id, TEXTS[name])
        assert taken.case.answer(step_id).text == TEXTS[name]
        if name in REFUSED:
            assert not taken.accepted
            assert taken.at is step_id
            assert taken.said[0].text.startswith(REFUSED[name])
            assert step(step_id).words.needs in said(taken) or name in {"receive log", "error"}
            return
        begun = ORDER.index(step_id) >= ORDER.index(S.PROMPT)
        place = step_id if step_id in TAKES[name] else TAKES[name][begun]
        if place is S.LOG is not step_id:
            # The log there has failures on which all later steps stand: it is not replaced from afar.
            assert not taken.accepted
            assert taken.case.now.log == cases.ready().now.log
            assert step(S.LOG).words.title in finding(taken.said, "stays").text
            return
        assert taken.accepted
        assert taken.at is place
        if place is not step_id:
            moved = finding(taken.said, "taken-elsewhere").text
            assert step(place).words.title in moved
            assert step(step_id).words.needs in moved
            assert taken.case.answer(place).text == TEXTS[name]

    @pytest.mark.parametrize(("step_id", "name"), EVERYWHERE, ids=lambda each: getattr(each, "value", each))
    def test_never_raises_in_a_case_that_knows_nothing_yet(self, step_id: StepId, name: str) -> None:
        taken = take(Case(opened=cases.NIGHT), step_id, TEXTS[name])
        assert taken.case.answer(step_id).text == TEXTS[name]
        assert taken.accepted or taken.said
        for each in (*taken.said, *(f for s in ORDER for f in step(s).findings(taken.case))):
            assert re.fullmatch(r"[A-Z].*[.?)]", each.text, re.DOTALL) or each.id == "log-folder", each.text
        assert all(step(s).commands(taken.case) is not None for s in ORDER)

    @settings(max_examples=examples(80), deadline=None)
    @for_all(st.sampled_from(ORDER), st.one_of(st.text(max_size=300), st.binary(max_size=300)))
    def test_even_of_none_does_no_harm(self, step_id: StepId, content: str | bytes) -> None:
        before = cases.ready()
        taken = take(before, step_id, content)
        assert taken.accepted or taken.said
        assert isinstance(content, bytes) or taken.case.answer(step_id).text == content
        commands_everywhere(taken.case)

    def test_every_step_says_what_it_needs(self) -> None:
        assert all(step(step_id).words.needs for step_id in ORDER)

    @pytest.mark.parametrize("kind", list(Kind))
    def test_a_kind_has_a_place_at_every_step_or_at_none(self, kind: Kind) -> None:
        places = {place_of(kind, step_id) for step_id in ORDER}
        assert places <= set(places_for(kind) or (None,))
        assert None not in places or places == {None}


class TestEvidenceAfterTheCommand:
    """What was known before the change is not overwritten by what is seen after it."""

    def test_given_at_the_prompt_is_taken_for_the_proof(self) -> None:
        case = given(cases.ready("IIS, POP"), S.PROMPT, certificate_list("IIS, POP, SMTP"))
        assert case.services_now == frozenset({Service.IIS, Service.POP})
        assert case.certificate_after is not None

    def test_given_at_the_command_is_still_that_of_the_start(self) -> None:
        assert place_of(Kind.CERTIFICATES, S.COMMAND) is S.SERVICES


class TestFiles:
    def test_leave_the_typed_text_as_it_was(self) -> None:
        case = Case().typing(S.LOG, "typed before")
        taken = take(case, S.LOG, failing().encode("utf-16"), "SEND20261122-1.log")
        assert taken.accepted
        assert taken.case.answer(S.LOG).text == "typed before"
        assert taken.case.logged is not None
        assert taken.case.logged.lines[0].place.startswith("SEND20261122-1.log, line ")

    def test_that_are_no_text_are_refused_with_the_reason(self) -> None:
        taken = take(Case(), S.SERVICES, bytes(range(256)) * 4, "mail.pfx")
        assert finding(taken.said, "refused").text.startswith("mail.pfx is not text")


class TestTheConnectorsName:
    @pytest.mark.parametrize("name", ["Outbound to Office 365", "O'Brien", "\u90f5\u4ef6", "SMTP", "None", "a, b"])
    def test_is_taken_as_it_is(self, name: str) -> None:
        assert cases.named(name).connector == name
        assert take(Case(), S.CONNECTOR, f"{name}\n").case.connector == name

    def test_takes_the_spelling_of_the_output(self) -> None:
        assert name_connector(cases.with_connector(), " outbound TO office 365 ").case.connector == CONNECTOR

    @pytest.mark.parametrize("name", ["", "   "])
    def test_that_is_empty_is_asked_for(self, name: str) -> None:
        taken = name_connector(Case(), name)
        assert not taken.accepted
        assert said(taken).startswith("Type the name of the Send connector")

    def test_that_no_command_may_carry_is_refused_by_name_and_kept(self) -> None:
        taken = name_connector(Case(), "Out\u202ebound")
        assert not taken.accepted
        assert "U+202E" in finding(taken.said, "unsafe-name").text
        assert taken.case.answer(S.CONNECTOR).text == "Out\u202ebound"
        assert taken.case.connector == ""

    def test_that_the_output_shows_cut_is_refused(self) -> None:
        cut = replace(cases.with_connector().connectors[0], name="Outbound to...", name_cut=True)
        taken = name_connector(Case(connectors=(cut,)), "outbound to...")
        assert not taken.accepted
        assert finding(taken.said, "name-cut").level is Level.BLOCK

    def test_that_looks_cut_or_quoted_is_taken_with_a_doubt(self) -> None:
        assert "name-dots" in ids(name_connector(Case(), "Outbound to...").said)
        assert "name-quoted" in ids(name_connector(Case(), '"Outbound to Office 365"').said)
        assert name_connector(Case(), "Outbound").said == ()


class TestConnectors:
    def test_of_which_there_is_one_need_no_choice(self) -> None:
        assert cases.with_connector().connector == CONNECTOR

    def test_of_which_there_are_two_wait_for_the_choice(self) -> None:
        assert given(Case(), S.CONNECTOR, connector_list() + connector_list("Internet")).connector == ""

    def test_keep_the_one_that_was_typed_before(self) -> None:
        both = connector_list() + connector_list("Internet")
        assert given(cases.named("internet"), S.CONNECTOR, both).connector == "internet"

    def test_say_when_the_level_shown_may_be_this_cases_own_doing(self) -> None:
        taken = take(cases.with_connector(), S.LOGGING, connector_list(level="Verbose"))
        assert "None is kept as the level before" in finding(taken.said, "verbose-since").text
        assert taken.case.level_before is LoggingLevel.NONE

    def test_without_any_in_it_say_so(self) -> None:
        taken = take(Case(), S.CONNECTOR, '"Name","ProtocolLoggingLevel"\n')
        assert not taken.accepted
        assert "no-connector" in ids(taken.said)


class TestQueues:
    def test_of_another_server_say_what_they_take_the_place_of(self) -> None:
        first = take(Case(), S.SYMPTOM, cases.queue_list(identity=r"EX01\7")).case
        then = take(first, S.SYMPTOM, cases.queue_list(identity=r"EX02\9"))
        assert [queue.identity for queue in then.case.queues] == [r"EX02\9"]
        assert r"takes the place of EX01\7" in finding(then.said, "queues-replaced").text
        again = take(then.case, S.SYMPTOM, cases.queue_list(identity=r"EX02\11"))
        assert "queues-replaced" not in {each.id for each in again.said}

    @pytest.mark.parametrize("step_id", [S.SYMPTOM, S.RETRY])
    def test_without_any_in_it_prove_nothing(self, step_id: StepId) -> None:
        taken = take(cases.ready(), step_id, '"Identity","Status","MessageCount","LastError"\n')
        assert not taken.accepted
        assert "no-queue" in ids(taken.said)
        assert not taken.case.now.queues_after


class TestALog:
    def test_with_one_certificate_of_ours_chooses_it(self) -> None:
        assert given(cases.named(), S.LOG, failing()).now.thumbprint == OURS

    def test_keeps_the_choice_as_long_as_it_shows_it(self) -> None:
        two = failing() + failing(thumbprint=OTHER, number=2)
        case = step(S.LOG).choose(given(cases.named(), S.LOG, two), OTHER)
        assert given(case, S.LOG, two).now.thumbprint == OTHER
        assert given(case, S.LOG, failing()).now.thumbprint == OURS
        assert given(case, S.LOG, failing("SocketError")).now.thumbprint == ""

    def test_given_for_the_proof_leaves_the_first_one_alone(self) -> None:
        case = given(cases.ready(), S.SESSION, cases.working())
        assert case.now.thumbprint == OURS
        assert case.now.log is not None
        assert case.now.log_after is not None
        assert case.now.log != case.now.log_after

    def test_of_incoming_mail_is_refused_with_the_way_to_the_right_one(self) -> None:
        taken = take(Case(), S.LOG, RECEIVE_LOG)
        assert not taken.accepted
        assert "SmtpSend instead of SmtpReceive" in finding(taken.said, "wrong-log").text

    def test_without_a_row_says_what_a_row_looks_like(self) -> None:
        taken = take_log(Case(), LogReading())
        assert "A row begins with a time" in finding(taken.said, "no-rows").text

    def test_whose_rows_are_not_read_says_why_in_the_same_breath(self) -> None:
        taken = take(Case(), S.LOG, re.sub(r"(?<=,)[0-9A-F]{16}(?=,)", "08DE2A4C", failing()))
        assert [each.id for each in taken.said] == ["no-rows"]
        assert "the session-id is not 16 hex digits" in taken.said[0].text
        assert "A row begins with a time" not in taken.said[0].text

    def test_says_once_what_was_mended(self) -> None:
        taken = take(Case(), S.LOG, failing().encode("utf-16"), "SEND.log")
        assert finding(taken.said, "mended").text.count("UTF-16") == 1


class TestCertificates:
    def test_before_the_log_are_not_taken_and_say_why(self) -> None:
        taken = take(Case(), S.SERVICES, certificate_list())
        assert not taken.accepted
        assert said(taken).startswith("Choose our certificate from the log first")

    def test_may_be_many(self) -> None:
        many = "".join(certificate_list("SMTP", f"{n:040X}") for n in range(30)) + certificate_list("IMAP")
        case = given(given(cases.named(), S.LOG, failing()), S.SERVICES, many)
        assert case.services_now == frozenset({Service.IMAP})

    @pytest.mark.parametrize(
        "output",
        [
            f"Thumbprint                                Services   Subject\n----------   --------   -------\n"
            f"{OURS}  .P.W...    CN=mail.contoso.com, O=Contoso...\n",
            f'"Thumbprint","Services"\n"{OURS}","IIS, POP"\n',
            f'[{{"Thumbprint": "{OURS}", "Services": 10, "Subject": "CN=mail.contoso.com"}}]',
            f'{{"Thumbprint": "{OURS}", "Services": "POP, IIS"}}',
            cases.listed(Thumbprint=OURS.lower(), Services="POP, IIS"),
        ],
        ids=["table", "csv", "json", "json words", "list"],
    )
    def test_are_read_in_every_form(self, output: str) -> None:
        case = given(given(cases.named(), S.LOG, failing()), S.SERVICES, output)
        assert case.services_now == frozenset({Service.IIS, Service.POP})
        assert case.now.services_unnamed_for == ""
        assert step(S.COMMAND).commands(case)[0].text.endswith(f"'{OURS}' -Services SMTP,IIS,POP")

    def test_in_the_articles_own_form_are_taken_and_marked(self) -> None:
        case = given(given(cases.named(), S.LOG, failing()), S.SERVICES, "Services\n--------\nIIS, POP\n")
        assert case.now.services_unnamed_for == OURS
        assert given(case, S.SERVICES, certificate_list()).now.services_unnamed_for == ""

    def test_of_which_none_is_named_are_not_guessed_among(self) -> None:
        case = given(cases.named(), S.LOG, failing())
        taken = take(case, S.SERVICES, "Services\n--------\nIIS, POP\nSMTP\n")
        assert not taken.accepted
        assert finding(taken.said, "no-thumbprint").text.startswith("This output holds 2 certificates")

    def test_of_others_alone_say_where_to_run_the_command(self) -> None:
        taken = take(given(cases.named(), S.LOG, failing()), S.SERVICES, certificate_list("SMTP", OTHER))
        assert not taken.accepted
        told = finding(taken.said, "other-certificate").text
        assert OURS in told
        assert "it shows 1 other, first" in told
        assert "on the server that sends the mail" in told

    def test_without_services_send_the_person_to_the_server_itself(self) -> None:
        output = cases.listed(Thumbprint=OURS, Subject="CN=mail.contoso.com", HasPrivateKey="True")
        taken = take(given(cases.named(), S.LOG, failing()), S.SERVICES, output)
        assert not taken.accepted
        assert "on the server itself" in finding(taken.said, "no-services").text

    def test_of_two_servers_in_one_output_are_told_apart(self) -> None:
        case = given(cases.named(), S.LOG, failing())
        taken = take(case, S.SERVICES, certificate_list("IIS") + certificate_list("POP"))
        assert taken.accepted
        assert "one server at a time" in finding(taken.said, "shown-twice").text
        assert "shown-twice" not in ids(take(case, S.SERVICES, certificate_list() * 2).said)


class TestThePrompt:
    def test_is_kept_with_the_last_question_of_a_paste(self) -> None:
        case = given(cases.ready(), S.PROMPT, cases.question(OTHER) + cases.question())
        assert case.now.prompt is not None
        assert case.now.prompt.current == cases.DEFAULT

    def test_takes_back_that_nothing_was_asked_but_no_other_answer(self) -> None:
        case = cases.knowing(cases.ready(), prompt_answer=PromptAnswer.NOT_ASKED)
        assert given(case, S.PROMPT, cases.question()).now.prompt_answer is None
        case = cases.knowing(cases.ready(), prompt_answer=PromptAnswer.YES)
        assert given(case, S.PROMPT, cases.question()).now.prompt_answer is PromptAnswer.YES


GERMAN = """Bestätigung
Vorhandenes SMTP-Standardzertifikat überschreiben?

Aktuelles Zertifikat: '{current}' (läuft ab am 18.03.2030 08:41:26)
Ersetzen durch Zertifikat: '{replacement}' (läuft ab am 03.05.2027 23:59:59)
[J] Ja  [A] Ja, alle  [N] Nein  [K] Nein, keine  [H] Anhalten  [?] Hilfe (Standard ist "J"):
"""


class TestTheQuestionInAnotherLanguage:
    def test_is_read_by_its_shape(self) -> None:
        taken = take(cases.ready(), S.PROMPT, GERMAN.format(current=OTHER, replacement=OURS))
        assert taken.accepted
        assert taken.case.now.prompt
        assert (taken.case.now.prompt.current, taken.case.now.prompt.replacement) == (OTHER, OURS)
        assert "another language than English" in taken.said[0].text
        assert taken.case.now.prompt_answer is None

    def test_is_taken_as_the_english_one_is_wherever_it_is_given(self) -> None:
        for at in (S.PROMPT, S.SERVICES):
            text = GERMAN.format(current=OURS, replacement=OTHER)
            taken = take(cases.ready(), at, text)
            assert taken.case.now.prompt
            assert (taken.case.now.prompt.current, taken.case.now.prompt.replacement) == (OURS, OTHER)
            assert "Answer N to it" in finding(taken.said, "question-by-shape").text

    @pytest.mark.parametrize(
        ("letter", "answer"), [("N", PromptAnswer.NO), ("J", PromptAnswer.YES), ("K", PromptAnswer.NO), ("", None)]
    )
    def test_shows_its_answer(self, letter: str, answer: PromptAnswer | None) -> None:
        text = GERMAN.format(current=OTHER, replacement=OURS).rstrip() + letter
        assert take(cases.ready(), S.PROMPT, text).case.now.prompt_answer is answer

    @pytest.mark.parametrize("change", [("[J]", "J"), (OURS, OTHER), (OURS, OURS[:39])], ids=["letters", "one", "cut"])
    def test_is_nothing_else(self, change: tuple[str, str]) -> None:
        text = GERMAN.format(current=OTHER, replacement=OURS).replace(*change)
        if change[0] == "[J]":
            text = text.replace("[", "").replace("]", "")
        taken = take(cases.ready(), S.PROMPT, text)
        assert not taken.accepted
        assert finding(taken.said, "not-recognised")


class TestASurvey:
    def test_given_at_another_step_is_taken_all_the_same(self) -> None:
        taken = take(Case(), S.SYMPTOM, SURVEYS["as printed"])
        assert (taken.accepted, taken.at) == (True, S.CONNECTOR)

    def test_tells_the_server_that_did_not_answer(self) -> None:
        (told,) = (each for each in take(Case(), S.CONNECTOR, SURVEYS["as printed"]).said if each.id == "no-answer")
        assert told.level is Level.WARN
        assert told.text.startswith("EDGE1 did not answer")

    def test_that_is_cut_is_kept_and_said(self) -> None:
        text = SURVEYS["as printed"][:300]
        taken = take(Case(), S.CONNECTOR, text)
        assert taken.case.answer(S.CONNECTOR).text == text
        assert ids(taken.said) & {"unread", "no-survey"}


@pytest.mark.parametrize(
    ("text", "answer"),
    [("N", PromptAnswer.NO), (": n", PromptAnswer.NO), ("nein", PromptAnswer.NO), (" Y ", PromptAnswer.YES)],
)
def test_the_prompt_takes_an_answer_without_its_question(text: str, answer: PromptAnswer) -> None:
    taken = take(cases.ready(), S.PROMPT, text)
    assert (taken.accepted, taken.case.now.prompt_answer) == (True, answer)


def test_a_wrong_y_and_its_way_back_are_read_from_one_window() -> None:
    default = cases.DEFAULT
    asked = cases.question().rstrip()
    window = f"{asked} Y\n\n{cases.question(OURS, default).rstrip()} Y\n"
    case = given(cases.ready(), S.PROMPT, window)
    assert (case.now.prompt_answer, case.now.undone) == (PromptAnswer.YES, True)
    assert case.now.prompt is not None
    assert case.now.prompt.current == default


@pytest.mark.parametrize("path", ["D:\\Exchange Logs\\SmtpSend", "C:\\Logs\\SEND1.log"])
def test_a_path_that_is_not_there_is_called_so(path: str) -> None:
    """One that is there was opened before; at the step that asks for the folders it is the folder of this server."""
    taken = take(Case(), S.LOG, path)
    assert not taken.accepted
    assert [each.id for each in taken.said] == ["no-such-path"]
    assert path in taken.said[0].text
    assert take(Case(), S.LOGGING, path).case.log_folders


def test_an_output_with_log_folders_is_taken_to_its_step_all_the_same() -> None:
    output = "Name                : EX01\nSendProtocolLogPath : D:\\Logs\\SmtpSend\n"
    assert take(Case(), S.LOG, output).at is S.LOGGING
