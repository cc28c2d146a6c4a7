"""The change card: one page for an approval, before the change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.wizard import cases
from tests.wizard.test_record import three_servers
from wizard.case.case import Case, Place, PromptAnswer, StepId, Variant
from wizard.case.servers import at_server, saying_here
from wizard.facts import ExchangeVersion
from wizard.record.card import card_of
from wizard.record.render import markdown
from wizard.steps.command import bind_commands
from wizard.steps.flow import settle

S = StepId
NOW = datetime(2026, 11, 22, 3, 30, 7, tzinfo=UTC)
ZONE = timezone(timedelta(hours=1))
BIND = f"Enable-ExchangeCertificate -Thumbprint '{cases.OURS}' -Services SMTP"


def change_card(case: Case, now: datetime, zone: timezone | None = None) -> str:
    return markdown(card_of(case, now), zone)


def headings(card: str) -> list[str]:
    return [line.removeprefix("## ") for line in card.splitlines() if line.startswith("## ")]


class TestTheCard:
    def test_says_all_that_an_approval_asks(self) -> None:
        assert headings(change_card(cases.ready(), NOW, ZONE)) == [
            "What will be run",
            "Why",
            "Answer at the prompt",
            "What it cannot undo",
            "How to go back",
            "How success will be seen",
            "Warnings",
        ]

    def test_has_the_command_whole_in_the_chosen_form(self) -> None:
        assert f"\n{BIND},IIS,POP -Server 'EX01'\n" in change_card(cases.ready(), NOW)
        assert f"\n{BIND} -Server 'EX01'\n" in change_card(cases.knowing(cases.ready(), variant=Variant.SMALLEST), NOW)

    def test_says_why_with_the_rows_and_their_place(self) -> None:
        card = change_card(cases.ready(), NOW)
        assert "This is KB 4051498: the Transport service cannot use the key of our certificate." in card
        assert "From log paste, line 9:\n\n```\n2026-11-22T02:14:07.000Z," in card
        assert "TLS negotiation failed with error UnknownCredentials\n```" in card

    def test_says_what_is_answered_and_that_enter_means_yes(self) -> None:
        assert "The answer is N. Enter alone means Yes." in change_card(cases.ready(), NOW)

    def test_says_how_to_go_back_with_the_line_where_the_default_is_known(self) -> None:
        assert "There is nothing to take back after the answer N." in change_card(cases.ready(), NOW)
        asked = cases.given(cases.ready(), S.PROMPT, cases.question())
        assert f"'{cases.DEFAULT}' -Services SMTP -Server 'EX01'\n" in change_card(asked, NOW)

    def test_says_which_warnings_are_known_and_which_were_gone_on_past(self) -> None:
        case = cases.ready()
        assert "- Warning: Naming IIS again" in change_card(case, NOW)
        assert "gone on past" not in change_card(case, NOW)
        assert "Known, and gone on past." in change_card(settle(case, S.COMMAND), NOW)
        assert "None known." in change_card(cases.ready("None"), NOW)

    def test_fits_one_page(self) -> None:
        assert len(change_card(cases.ready(), NOW, ZONE).splitlines()) <= 66

    def test_tells_when_it_was_made(self) -> None:
        assert "Written 2026-11-22 03:30:07 UTC (2026-11-22 04:30 +01:00)." in change_card(cases.ready(), NOW, ZONE)


class TestSeveralServers:
    def test_each_has_its_line_once(self) -> None:
        case = saying_here(cases.ready(case=cases.with_connector(servers="{EX01, EX02, EX03}")), "EX01")
        card = change_card(case, NOW)
        assert card.startswith("# Change: bind a certificate to SMTP (KB 4051498)\n\n**One line is run on each of 3 ")
        assert card.count(f"\n{BIND},IIS,POP -Server 'EX01'\n") == 1
        assert card.count(f"\n{BIND} -Server 'EX02'\n") == card.count(f"\n{BIND} -Server 'EX03'\n") == 1

    def test_one_that_was_looked_at_has_its_own_services_in_it(self) -> None:
        case = saying_here(cases.ready(case=cases.with_connector(servers="{EX01, EX02}")), "EX01")
        case = at_server(case, "EX02")
        case = cases.given(case, S.SERVICES, cases.certificate_list("IIS"))
        card = change_card(at_server(case, "EX01"), NOW)
        assert f"\n{BIND},IIS -Server 'EX02'\n" in card

    def test_one_that_is_done_is_not_run_again(self) -> None:
        card = change_card(three_servers(), NOW)
        to_run, _, rest = card.partition("## What was run already")
        assert f"{BIND},IIS,POP" not in to_run
        assert f"{BIND},IIS -Server 'EX02'" not in to_run
        assert f"{BIND} -Server 'EX03'" in to_run
        assert f"{BIND},IIS,POP -Server 'EX01'\n" in rest
        assert f"{BIND},IIS -Server 'EX02'\n" in rest
        assert "One line is still to be run on EX03; on EX01 and EX02 it was run already." in card

    def test_what_it_says_of_a_server_it_says_of_all(self) -> None:
        """Every server with a warning has its line on the card, and each with a known default its way back."""
        card = change_card(three_servers(), NOW)
        assert "Warning: EX01: Naming IIS again" in card
        assert card.count(f"'{cases.OTHER}' -Services SMTP -Server 'EX02'") == 1
        assert "Services it has now on EX01: `SMTP, IIS, POP`" in card
        assert "Services it had before on EX02: `IIS`" in card

    def test_the_way_back_of_a_server_that_was_left_is_on_it(self) -> None:
        case = saying_here(cases.ready(case=cases.with_connector(servers="{EX01, EX02}")), "EX01")
        case = cases.given(case, S.PROMPT, cases.question())
        back = f"'{cases.DEFAULT}' -Services SMTP -Server 'EX01'\n"

        def told(**answer: object) -> str:
            return change_card(at_server(cases.knowing(case, **answer), "EX02"), NOW)

        assert back in told(prompt_answer=PromptAnswer.YES)
        assert back not in told(prompt_answer=PromptAnswer.NO)
        undone = told(prompt_answer=PromptAnswer.YES, undone=True)
        assert undone.index("What was run already") < undone.index(back) < undone.index("How to go back")
        assert undone.count(back) == 1

    def test_one_that_must_not_bind_it_has_the_reason_beside_the_lines_of_the_others(self) -> None:
        case = saying_here(cases.ready(case=cases.with_connector(servers="{EX01, EX02}")), "EX01")
        case = at_server(case, "EX02")
        case = cases.given(case, S.SERVICES, cases.certificate_list("IIS", HasPrivateKey="False"))
        card = change_card(case, NOW)
        assert f"\n{BIND},IIS,POP -Server 'EX01'\n" in card
        assert "EX02: no binding command may be written yet. The certificate has no private key" in card

    def test_an_edge_is_never_named_from_afar(self) -> None:
        case = cases.ready(case=cases.with_connector(servers="{EDGE01, EDGE02}"))
        case = saying_here(cases.knowing(case, place=Place(ExchangeVersion.E2019_SE, edge=True)), "EDGE01")
        card = change_card(case, NOW)
        assert "-Server" not in card
        assert "On each other Edge Transport server the same line is run on that server itself." in card


class TestAfterwards:
    def finished(self) -> Case:
        case = cases.given(cases.answered(), S.VERIFY, cases.certificate_list("POP, IIS, SMTP"))
        return cases.given(case, S.RETRY, cases.queue_list("Active", ""))

    def test_nothing_is_asked_for_again(self) -> None:
        card = change_card(self.finished(), NOW)
        assert "**The line was run: no other is left to be run.**" in card
        assert "will be" not in card
        assert "Answer at the prompt" not in headings(card)
        assert f"\n{BIND},IIS,POP -Server 'EX01'\n" in card
        assert "What was answered: N." in card

    def test_services_are_those_it_has_now(self) -> None:
        assert "Services it has now: `SMTP, IIS, POP`" in change_card(self.finished(), NOW)
        assert "Services it had before: `IIS, POP`" in change_card(cases.answered(), NOW)

    def test_what_is_proven_and_what_is_not(self) -> None:
        card = change_card(self.finished(), NOW)
        assert "- SMTP is bound, no service was lost: proven, " in card
        assert "open, " in card


class TestWithoutACommand:
    @pytest.mark.parametrize(
        ("case", "why"),
        [
            (Case(opened=NOW), "Without the log's certificate there is no command"),
            (
                cases.given(cases.with_connector(), S.LOG, cases.failing()),
                "Without the services there is no command yet",
            ),
            (cases.ready(HasPrivateKey="False"), "The certificate has no private key on this server"),
        ],
        ids=["empty", "log only", "no key"],
    )
    def test_it_says_that_none_may_be_written_and_why(self, case: Case, why: str) -> None:
        card = change_card(case, NOW)
        assert not bind_commands(case)
        assert "**No command may be run yet.**" in card
        assert f"No binding command may be written yet. {why}" in card
        assert "Enable-ExchangeCertificate -Thumbprint" not in card
        assert "How to go back" not in card
