"""Logging is put back: what is not over at the step itself."""

from __future__ import annotations

from tests.wizard import cases
from tests.wizard.cases import given, ids
from tests.wizard.step_rows import OTHER_GUID, WRONG, wrong_first
from wizard.case.case import StepId
from wizard.case.file import Saved, parsed, written
from wizard.facts import LoggingLevel
from wizard.record.summary import summary
from wizard.steps.flow import proven, see, step


class TestLeavingInTheMiddle:
    """The program ends with a printout; what was shown may have been run, so it must be in it."""

    def test_the_commands_of_the_step_in_front_are_printed(self) -> None:
        case = see(cases.with_connector().seeing(StepId.CONNECTOR), StepId.LOGGING)
        assert "-ProtocolLoggingLevel Verbose" in summary(case)

    def test_the_line_that_puts_logging_back_is_printed_as_soon_as_it_was_handed_out(self) -> None:
        assert "-ProtocolLoggingLevel None" in summary(see(cases.with_connector(), StepId.LOGGING))
        assert "-ProtocolLoggingLevel None" not in summary(see(cases.with_connector(), StepId.CONNECTOR))

    def test_a_level_that_was_verbose_before_is_not_touched(self) -> None:
        case = given(cases.named(), StepId.CONNECTOR, cases.connector_list(level="Verbose"))
        assert "-ProtocolLoggingLevel None" not in summary(see(case, StepId.LOGGING))


class TestTheWrongConnectorFirst:
    """Logging was turned on for one connector, then another was chosen: both are put back."""

    def test_it_is_in_the_summary_until_it_was_shown_to_be_back(self) -> None:
        case = given(wrong_first(), StepId.RESTORE, cases.connector_list())
        assert f"that of {WRONG} was not put back" in summary(case)
        assert f"Set-SendConnector -Identity '{WRONG}' -ProtocolLoggingLevel None" in summary(case)
        assert not proven(case, "logging")
        verbose = given(case, StepId.RESTORE, cases.connector_list(WRONG, "Verbose"))
        assert not proven(verbose, "logging")
        back = given(verbose, StepId.RESTORE, cases.connector_list(WRONG))
        assert proven(back, "logging")
        assert step(StepId.RESTORE).findings(back)[0].id == "restored"
        assert "left-verbose" not in ids(step(StepId.RESTORE).findings(back))

    def test_a_later_output_does_not_say_that_it_was_verbose_before(self) -> None:
        both = cases.connector_list(WRONG, "Verbose", Guid=OTHER_GUID) + cases.connector_list()
        case = given(wrong_first(), StepId.CONNECTOR, both)
        assert [each.logging_level for each in case.connectors] == [LoggingLevel.NONE] * 2

    def test_is_kept_in_the_file_and_has_a_stand_in(self) -> None:
        case = wrong_first()
        assert parsed(written(Saved("1", case))).case.made_verbose == (WRONG,)
        assert WRONG not in cases.redacted(case)[0].made_verbose


def test_another_source_server_is_not_forgotten_over_what_is_proven_on_this_one() -> None:
    case = given(cases.proven_case(), StepId.CONNECTOR, cases.connector_list(servers="{EX01, EX02}"))
    assert "Done on this server" in summary(case)
    assert "Needed on each of EX01, EX02" in summary(case)
