"""A case: what it keeps, and what it derives from its facts."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.wizard import cases
from tests.wizard.cases import CONNECTOR, OTHER, OURS, certificate_list, connector_list, failing, given
from wizard.case.case import UNANSWERED, Answer, Case, Place, StepId
from wizard.facts import ExchangeVersion, LoggingLevel, Service, logged_as, same_name


class TestACase:
    def test_is_never_changed_only_replaced(self) -> None:
        case = Case()
        with pytest.raises(dataclasses.FrozenInstanceError):
            case.connector = "X"  # type: ignore[misc]
        with pytest.raises(TypeError):
            case.answers[StepId.SYMPTOM] = UNANSWERED  # type: ignore[index]

    def test_keeps_the_text_of_each_step_by_itself(self) -> None:
        case = Case().typing(StepId.LOG, "rows").typing(StepId.SERVICES, "output").opening(StepId.LOG, r"D:\Logs")
        assert case.answer(StepId.LOG) == Answer("rows", r"D:\Logs")
        assert case.answer(StepId.SERVICES) == Answer("output")

    def test_is_opened_at_a_time_with_a_zone(self) -> None:
        assert Case().opened.tzinfo is not None

    def test_remembers_what_was_skipped_and_told(self) -> None:
        case = Case().skipping(StepId.SYMPTOM).told()
        assert [step for _server, step, answer in case.every_answer() if answer.skipped] == [StepId.SYMPTOM]
        assert case.told_to_answer_no


class TestTheConnector:
    def test_is_found_without_regard_to_case_as_exchange_does(self) -> None:
        case = replace(cases.with_connector(), connector=CONNECTOR.upper())
        assert case.send_connector is not None
        assert case.level_before is LoggingLevel.NONE
        assert same_name("Outbound", "OUTBOUND")
        assert not same_name("Outbound", "Outbound ")

    @pytest.mark.parametrize(
        ("written", "connector", "one"),
        [
            ("Outbound", "outbound", True),
            ("Sortie vers l?internet", "Sortie vers l\u2019internet", True),
            ("?????????", "Исходящая", True),
            ("Mail ??", "Mail \U0001f4e7", True),
            ("Outbound?", "Outbound!", False),
            ("Sortie vers l?intranet", "Sortie vers l\u2019internet", False),
            ("????", "Исходящая", False),
        ],
    )
    def test_a_log_that_went_through_clip_has_lost_letters_of_it(self, written: str, connector: str, one: bool) -> None:
        assert logged_as(written, connector) is one

    def test_of_which_only_the_name_is_known_has_no_level_and_no_servers(self) -> None:
        case = cases.named()
        assert (case.send_connector, case.level_before, case.servers, case.frontend) == (None, None, (), False)

    @pytest.mark.parametrize(
        ("name", "guid", "usable"),
        [
            ("O'Brien \u2013 out", "", True),
            ("bell\a", cases.GUID, True),
            ("bell\a", "", False),
            ("x" * 300, cases.GUID, False),
            ("", cases.GUID, False),
        ],
    )
    def test_can_be_chosen_when_a_command_can_address_it(self, name: str, guid: str, usable: bool) -> None:
        known = cases.with_connector().connectors[0]
        case = Case(connectors=(replace(known, name=name, guid=guid),))
        assert bool(case.usable_connectors) is usable

    def test_cannot_be_chosen_when_its_name_is_cut(self) -> None:
        known = cases.with_connector().connectors[0]
        assert Case(connectors=(replace(known, name="Outbound to...", name_cut=True),)).usable_connectors == ()

    def test_sends_from_an_edge_only_when_the_person_says_so(self) -> None:
        assert not Case().edge
        assert cases.knowing(Case(), place=Place(ExchangeVersion.E2010, edge=True)).edge


class TestTheCandidates:
    def test_are_our_certificates_that_failed_with_the_articles_error(self) -> None:
        log = failing() + failing("NoCredentials", OTHER, number=2)
        case = given(cases.named(), StepId.LOG, log)
        assert [c.thumbprint for c in case.candidates] == [OURS]

    def test_are_the_connectors_own_where_it_has_failures(self) -> None:
        log = failing() + failing(thumbprint=OTHER, connector="Internet", number=2)
        assert [c.thumbprint for c in given(cases.named(), StepId.LOG, log).candidates] == [OURS]
        assert [c.thumbprint for c in given(cases.named("internet"), StepId.LOG, log).candidates] == [OTHER]

    def test_are_never_another_connectors_where_this_one_has_another_fault(self) -> None:
        """Binding the other's certificate would not send this one's mail."""
        log = failing("NoCredentials") + failing(thumbprint=OTHER, connector="Internet", number=2)
        assert [c.thumbprint for c in given(cases.named(), StepId.LOG, log).candidates] == [OURS]
        case = given(cases.named(), StepId.LOG, log.replace("NoCredentials", "SocketError"))
        assert case.candidates == ()
        assert case.now.thumbprint == ""

    def test_are_those_of_nocredentials_only_while_none_failed_as_the_article_has_it(self) -> None:
        log = failing("NoCredentials") + failing(thumbprint=OTHER, number=2)
        assert [c.thumbprint for c in given(cases.named(), StepId.LOG, log).candidates] == [OTHER]

    def test_are_all_there_are_while_the_name_fits_none_but_none_is_taken_unasked(self) -> None:
        case = given(cases.named("Outbound to Ofice 365"), StepId.LOG, failing())
        assert [c.thumbprint for c in case.candidates] == [OURS]
        assert case.only_candidate is None
        assert case.now.thumbprint == ""

    def test_are_all_there_are_while_no_connector_is_chosen(self) -> None:
        case = given(Case(), StepId.LOG, failing())
        assert case.now.thumbprint == OURS

    def test_come_with_the_chosen_connectors_failures_first(self) -> None:
        log = failing(connector="Internet", number=2) + failing()
        assert [g.connector for g in given(cases.named(), StepId.LOG, log).failures] == [CONNECTOR, "Internet"]


class TestTheServices:
    def test_belong_to_the_chosen_certificate_alone(self) -> None:
        text = certificate_list("IIS") + certificate_list("POP, SMTP", OTHER)
        case = given(given(cases.named(), StepId.LOG, failing()), StepId.SERVICES, text)
        assert case.services_now == frozenset({Service.IIS})
        assert cases.knowing(case, thumbprint=OTHER).services_now == frozenset({Service.POP, Service.SMTP})
        assert cases.knowing(case, thumbprint="").services_now is None

    def test_wanted_are_smtp_and_all_there_are(self) -> None:
        assert cases.ready("POP, Federation").services_wanted == (Service.SMTP, Service.POP, Service.FEDERATION)
        assert cases.ready("None").services_wanted == (Service.SMTP,)

    def test_after_the_change_are_another_reading(self) -> None:
        case = given(cases.ready(), StepId.VERIFY, certificate_list("POP, IIS, SMTP"))
        assert case.services_now == frozenset({Service.IIS, Service.POP})
        assert case.certificate_after is not None
        assert case.certificate_after.services == frozenset({Service.IIS, Service.POP, Service.SMTP})


class TestTheLevelBefore:
    def test_is_what_the_first_output_shows(self) -> None:
        assert cases.with_connector(level="Verbose").level_before is LoggingLevel.VERBOSE
        assert cases.with_connector(level="None").level_before is LoggingLevel.NONE

    def test_stays_none_when_a_later_output_shows_what_this_case_has_done(self) -> None:
        case = given(cases.with_connector(level="None"), StepId.CONNECTOR, connector_list(level="Verbose"))
        assert case.level_before is LoggingLevel.NONE

    def test_stays_unknown_when_only_the_name_was_given_before_logging_was_turned_on(self) -> None:
        case = cases.settled(cases.named(), StepId.CONNECTOR, StepId.LOGGING)
        assert given(case, StepId.LOGGING, connector_list(level="Verbose")).level_before is None

    def test_is_taken_from_an_output_that_follows_the_typed_name_at_once(self) -> None:
        case = given(cases.named(), StepId.CONNECTOR, connector_list(level="Verbose"))
        assert case.level_before is LoggingLevel.VERBOSE

    def test_of_another_connector_is_its_own(self) -> None:
        case = cases.settled(cases.with_connector(), StepId.CONNECTOR, StepId.LOGGING)
        both = connector_list(level="Verbose") + connector_list("Internet", "Verbose")
        assert replace(given(case, StepId.CONNECTOR, both), connector="Internet").level_before is LoggingLevel.VERBOSE

    def test_is_compared_with_the_level_read_at_the_end(self) -> None:
        assert given(cases.ready(), StepId.RESTORE, connector_list(level="Verbose")).level_after is LoggingLevel.VERBOSE
        assert given(cases.ready(), StepId.RESTORE, connector_list("Internet")).level_after is None


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda step_id: pickle.loads(pickle.dumps(step_id))])
def test_a_copy_of_a_step_is_the_step_itself(again: Callable[[StepId], StepId]) -> None:
    assert again(StepId.LOG) is StepId.LOG is StepId.of("log")


def test_a_name_of_no_step_is_refused() -> None:
    with pytest.raises(ValueError, match="'log2' is no step"):
        StepId.of("log2")
