"""The lines that diagnose writes, and why it writes none."""

from __future__ import annotations

from tests.wizard import cases
from tests.wizard.cases import OURS, answer_text, certificate_list, failing, question, queue_list
from wizard.case.case import Case
from wizard.diagnosis import Diagnosis, advised, commands_for, composed, diagnose
from wizard.steps.intake import GivenText


def diagnosed(*texts: str) -> Diagnosis:
    return diagnose([GivenText(text, f"evidence {n}") for n, text in enumerate(texts)], Case(opened=cases.NIGHT))


class TestDiagnoseWritesNoBindingLine:
    def refused(self, *texts: str) -> str:
        found = diagnosed(*texts)
        assert not composed(found)
        assert not any(command.answer_no for _step, command in commands_for(found))
        assert "with the command marked" not in answer_text(found)
        return advised(found)[0].next

    def test_where_two_outputs_contradict_each_other_in_any_order(self) -> None:
        before, after = certificate_list("IIS, POP"), certificate_list("IIS, POP, SMTP")
        assert "one server" in self.refused(failing(), before, after)
        self.refused(failing(), after, before)

    def test_where_the_output_shows_other_certificates_only(self) -> None:
        assert OURS in self.refused(failing(), certificate_list(thumbprint=cases.OTHER))

    def test_where_the_certificate_was_not_found(self) -> None:
        self.refused(
            failing(),
            f"A special Rpc error occurs on server EX01: The certificate with thumbprint {OURS} was not found.",
        )

    def test_where_smtp_is_bound_already(self) -> None:
        assert "newer rows" in self.refused(failing(), certificate_list("IIS, SMTP"))

    def test_where_a_check_stops_it_and_says_why(self) -> None:
        assert "Revoked" in self.refused(failing(), certificate_list(Status="Revoked"))


def test_services_without_a_thumbprint_are_marked_in_diagnose_as_well() -> None:
    found = diagnosed(failing(), "Services\n--------\nIMAP, IIS\n")
    assert "names no thumbprint" in answer_text(found)


def test_a_connector_no_command_may_carry_does_not_end_diagnose() -> None:
    assert diagnosed(failing(connector="Out\u200ebound")).verdict.id == "kb4051498"


def test_the_undo_of_diagnose_stands_apart_with_its_own_answer() -> None:
    text = answer_text(diagnosed(failing(), certificate_list(), question()))
    assert text.index("Answer N") < text.index("only after a Y by mistake: answer Y to this one")
    # Once the question was asked, SMTP is bound, whatever is answered.
    assert f"-Thumbprint '{cases.OURS}' -Services" not in text
    assert "the same line with -Services SMTP." in answer_text(diagnosed(failing(), certificate_list()))


def test_one_certificate_given_twice_is_no_list_of_all() -> None:
    connectors = cases.connector_list(TlsCertificateName="<I>CN=Other CA<S>CN=other.contoso.com")
    found = diagnosed(connectors, certificate_list(), certificate_list())
    assert "stale-tls-certificate-name" not in {verdict.id for verdict in found.verdicts}


def test_exchange_online_is_the_other_direction_whatever_stands_in_its_message() -> None:
    words = "450 4.4.317 Cannot connect to remote server [Message=SocketTimedout: Socket error code 10060]"
    assert diagnosed(queue_list(error=words)).verdict.id == "other-direction"


def test_of_very_many_verdicts_the_first_are_shown_and_the_others_counted() -> None:
    shown = answer_text(diagnosed(*(failing(connector=f"Connector {n}") for n in range(9))))
    assert shown.count("  Next: ") == 5
    assert "  And 4 more, in --json." in shown.splitlines()
    # One certificate is bound by one line.
    assert shown.count("Enable-ExchangeCertificate") == 1


def test_a_narrow_output_takes_nothing_from_a_wide_one_whatever_its_place() -> None:
    wide = cases.connector_list(servers="{EX01, EX02}")
    narrow = f"Name                 : {cases.CONNECTOR}\nProtocolLoggingLevel : None\n"
    for given_ in ((wide, narrow), (narrow, wide)):
        found = diagnosed(*given_)
        assert [each.source_servers for each in found.case.connectors] == [("EX01", "EX02")]


def test_what_is_over_is_not_to_be_read_again() -> None:
    bound = certificate_list("IIS, POP, SMTP")
    again = "the rows are not proven to be newer"
    assert again in answer_text(diagnosed(failing(), bound))
    over = answer_text(diagnosed(failing() + cases.working(), bound))
    assert "It is over" in over
    assert again not in over
