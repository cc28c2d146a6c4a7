"""The answer of the one line that asks everything."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wizard import readers
from wizard.case import Case, StepId, host
from wizard.facts import (
    Reading,
)
from wizard.findings import Finding, block, reading_remarks, warn
from wizard.reading.text import Text
from wizard.servers import here, several, surveying
from wizard.taking.certificates import with_certificates
from wizard.taking.connectors import with_connectors
from wizard.taking.taken import Taken
from wizard.words import words

if TYPE_CHECKING:
    from wizard.reading.survey import Survey, Unreachable


def take_survey(case: Case, step: StepId, text: Text) -> Taken:
    """Connectors, log folders and every server's certificates at once; at the proof only what that step proves."""
    survey = readers.read_survey(text)
    remarks = (
        *(_no_answer(each) for each in survey.unreachable),
        *reading_remarks(text.mended + survey.mended, survey.unread),
    )
    if not survey.connectors and not survey.certificates:
        nothing = block(
            "No part of this survey could be read whole. Run its line again and copy all of it.", id="no-survey"
        )
        return Taken(case, False, step, (nothing, *remarks))
    if step is StepId.RESTORE:
        taken = with_connectors(case, step, Reading(survey.connectors))
    elif step is StepId.VERIFY:
        taken = _verified_by_survey(case, step, survey)
    else:
        taken = with_connectors(case, StepId.CONNECTOR, Reading(survey.connectors))
        in_part = set() if survey.whole else {each.server for each in survey.certificates}
        known = replace(
            taken.case,
            log_folders=survey.log_folders or taken.case.log_folders,
            frontend_folders=survey.frontend_folders or taken.case.frontend_folders,
        )
        taken = replace(taken, case=surveying(known, survey.certificates, in_part), accepted=True)
    return replace(taken, at=step, said=(*taken.said, *remarks))


def _verified_by_survey(case: Case, step: StepId, survey: Survey) -> Taken:
    """What a survey proves of the server that the case is at, and of no other."""
    at = here(case)
    if several(case) and not at:
        ask = block(
            f"Say first which server you work on: at the step '{words(StepId.SERVERS).title}'.", id="which-server"
        )
        return Taken(case, False, step, (ask,))
    own = tuple(each for each in survey.certificates if host(each.server) == host(at or each.server))
    if not own:
        silent = block(f"This survey shows no certificate of {at}. Run the command of this step there.", id="no-server")
        return Taken(case, False, step, (silent,))
    return with_certificates(case, step, Reading(own))


def _no_answer(each: Unreachable) -> Finding:
    return warn(f"{each.server} did not answer everything: {each.error}", each.lines[:1], "no-answer")
