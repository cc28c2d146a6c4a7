"""Errors of cmdlets in plain words."""

from __future__ import annotations

import re

import pytest

from tests.wizard import cases
from tests.wizard.cases import OURS, finding, said
from wizard.assets import words
from wizard.case.case import Case, StepId, Variant
from wizard.facts import CmdletError, CmdletErrorKind, Line
from wizard.findings import Level, error_finding
from wizard.steps.intake import take

LINES = tuple(Line(f"line {n}", n) for n in (1, 2, 3))


@pytest.mark.parametrize("kind", [kind for kind in CmdletErrorKind if kind is not CmdletErrorKind.OTHER])
def test_a_known_error_stops_with_a_sentence_and_its_first_lines(kind: CmdletErrorKind) -> None:
    told = error_finding(CmdletError(kind, "what was printed", lines=LINES))
    assert told.level is Level.BLOCK
    assert told.id == f"error-{kind.value}"
    assert told.lines == LINES[:2]
    assert re.fullmatch(r"[A-Z].*\.", told.text)
    assert "what was printed" not in told.text


@pytest.mark.parametrize(
    ("printed", "shown"),
    [("Etwas\n  ging   schief.", "Etwas ging schief."), ("x" * 500, "x" * 160 + "...")],
)
def test_an_unknown_error_is_repeated_on_one_line(printed: str, shown: str) -> None:
    assert error_finding(CmdletError(CmdletErrorKind.OTHER, printed)).text.endswith(f"so nothing was read: {shown}")


def test_an_unknown_error_of_the_articles_form_leads_to_the_smallest() -> None:
    printed = "A special Rpc error occurs on server EX01: The certificate can't be enabled for UM.\n    + CategoryInfo"
    case = cases.ready("UM, IIS")
    told = take(case, StepId.PROMPT, f"{printed}          : NotSpecified: (:) [Enable-ExchangeCertificate]").said
    assert "choose the smallest form" in finding(told, "smallest-instead").text
    smallest = cases.knowing(case, variant=Variant.SMALLEST)
    assert "smallest-instead" not in {each.id for each in take(smallest, StepId.PROMPT, printed).said}


class TestErrorsGivenAsEvidence:
    @pytest.mark.parametrize(
        ("printed", "kind", "advice"),
        [
            (f"The certificate with thumbprint {OURS} was not found.", CmdletErrorKind.NOT_FOUND, "digit by digit"),
            (
                f"The certificate with thumbprint {OURS} was found but is not valid for use with Exchange Server "
                "(reason: PrivateKeyMissing).",
                CmdletErrorKind.PRIVATE_KEY_MISSING,
                "KB 4495258",
            ),
            (
                "The certificate is not valid for use with Exchange Server (reason: DateInvalid).",
                CmdletErrorKind.NOT_VALID,
                "the reason stands in the error",
            ),
            ("Insufficient rights to grant Network Service access.", CmdletErrorKind.KEY_ACCESS, "private key"),
            ("Unknown error (0xe0434352)", CmdletErrorKind.RECEIVE_CONNECTOR_NAME, "underscore"),
            ("It is tagged with following Send Connectors: X", CmdletErrorKind.IN_USE_BY_CONNECTOR, "removing it"),
            (
                "The term 'Get-ExchangeCertificate' is not recognized as the name of a cmdlet.",
                CmdletErrorKind.COMMAND_NOT_KNOWN,
                "Exchange Management Shell",
            ),
            (
                "The term 'ConvertTo-Json' is not recognized as the name of a cmdlet.",
                CmdletErrorKind.OLDER_SHELL,
                "older than the command",
            ),
            (
                "The term 'Get-TransportService' is not recognized as the name of a cmdlet.",
                CmdletErrorKind.OLDER_SHELL,
                "choose it at the step 'Turn the protocol log on'",
            ),
            ("The moon is full.\n    + CategoryInfo : NotSpecified", CmdletErrorKind.OTHER, "The moon is full."),
        ],
    )
    @pytest.mark.parametrize("step_id", [StepId.SERVICES, StepId.PROMPT, StepId.VERIFY])
    def test_are_explained_wherever_they_are_given(
        self, step_id: StepId, printed: str, kind: CmdletErrorKind, advice: str
    ) -> None:
        taken = take(cases.ready(), step_id, printed + "\n")
        assert not taken.accepted
        assert advice in finding(taken.said, f"error-{kind.value}").text
        assert [error.kind for error in taken.case.now.errors] == [kind]

    def test_of_any_length_are_told_in_a_few_lines(self) -> None:
        taken = take(Case(), StepId.PROMPT, "word " * 2000 + "\n    + CategoryInfo : NotSpecified\n")
        assert len(said(taken)) < 400


def test_the_step_that_asks_for_the_version_is_called_by_its_title() -> None:
    error = CmdletError(CmdletErrorKind.OLDER_SHELL, "")
    assert f"'{words(StepId.LOGGING).title}'" in error_finding(error).text
