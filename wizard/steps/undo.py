"""The step back after a wrong Y: the earlier default certificate becomes the default again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wizard.case.case import Case, Deed, PromptAnswer, StepId
from wizard.case.servers import named_server
from wizard.findings import Finding, good, info, warn
from wizard.powershell import lines as write
from wizard.powershell.command import Command
from wizard.reading.text import Kind, Text
from wizard.steps.parts import Choice, Step, Taken
from wizard.steps.prompt import NOT_YET, RAN, default_replaced, take_prompt, typed_answer


def answered_yes(case: Case) -> str:
    """The way back after a Y that stands in the evidence; empty without one."""
    if case.now.prompt and case.now.prompt.answer == "Y" and undo_command(case):
        return (
            f"The question was answered Y: the default SMTP certificate was replaced, and SMTP is bound. The way back "
            f"is the line below that names {case.now.prompt.current}: answer Y to that one. Then let Exchange try "
            "again, and read newer rows."
        )
    return ""


def undo(case: Case) -> tuple[Finding, ...]:
    """The effect of a wrong Y, the way back, and the consequences for an Edge Subscription."""
    current = case.now.prompt.current if case.now.prompt else None
    found: list[Finding] = []
    if case.now.undone:
        found.append(good("You answered Y: the earlier certificate is the default again.", id="undone"))
    elif current and case.now.prompt:
        found.append(
            warn(
                f"The default certificate was {current} before. The command makes it the default again, and your "
                "certificate keeps SMTP.",
                case.now.prompt.lines,
                "undo-known",
                "Enable-ExchangeCertificate",
            )
        )
    else:
        found.append(
            warn(
                "The wizard does not know which certificate was the default before. Paste the question that you "
                "answered with Y: it names it as 'Current certificate'. If it is no longer on your screen, run the "
                "command: the default was likely a self-signed certificate of its list, and a new self-signed one "
                "serves as well.",
                id="undo-unknown",
                source="Health Checker documentation",
            )
        )
    if case.edge:
        found.append(
            warn(
                "On an Edge with an Edge Subscription, EdgeSync is broken until the subscription is made again.",
                id="edge-subscription",
                source="KB 2989382",
            )
        )
    return tuple(found)


def undo_command(case: Case) -> Command | None:
    """The line that restores the previous default certificate; None while its thumbprint is unknown."""
    current = case.now.prompt.current if case.now.prompt else None
    if not current or current == case.now.thumbprint:
        return None
    return write.undo_default(current, named_server(case), origin="the question Exchange asked: Current certificate")


def _commands(case: Case) -> tuple[Command, ...]:
    if not default_replaced(case):
        return ()
    undo = undo_command(case)
    return (undo,) if undo else (write.read_certificates(named_server(case)),)


def undo_choices(case: Case) -> tuple[Choice, ...]:
    """The answers; none while there is no line that could have been run."""
    if undo_command(case) is None and not case.now.undone:
        return ()
    return (
        Choice(RAN, "Yes: I ran the command and answered Y", chosen=case.now.undone),
        Choice(NOT_YET, "Not yet", chosen=not case.now.undone and case.answer(StepId.UNDO).finished),
    )


def choose_undone(case: Case, key: str) -> Case:
    """Store whether the earlier default certificate was restored."""
    return case.put(replace(case.now, undone=key == RAN))


def _answer_alone(case: Case, text: Text, _kind: Kind) -> Taken | None:
    """Take the answer to the command's question, given without it."""
    answer = typed_answer(text)
    if answer is None or undo_command(case) is None:
        return None
    undone = answer is PromptAnswer.YES
    no = "You answered N, so nothing was put back. Run the command once more, and answer Y."
    said = () if undone else (info(no, text.lines[:1], "undo-refused"),)
    return Taken(case.put(replace(case.now, undone=undone)), True, StepId.UNDO, said)


def _missing(case: Case) -> str:
    return (
        ""
        if case.now.undone
        else "The default certificate is not put back yet. You may go on; the summary will say so."
    )


def _basis(case: Case) -> tuple[str, ...]:
    asked = case.now.prompt
    return ((asked.current or "") if asked else "",)


def _deeds(before: Case, after: Case) -> Iterator[tuple[Deed, str]]:
    if after.now.undone and not before.now.undone:
        yield Deed.UNDONE, ""


STEP = Step(
    StepId.UNDO,
    findings=undo,
    missing=_missing,
    commands=_commands,
    takes={Kind.PROMPT: lambda case, reading: take_prompt(case, StepId.UNDO, reading)},
    unknown=_answer_alone,
    basis=_basis,
    choices=undo_choices,
    choose=choose_undone,
    question="Is the earlier certificate the default again?",
    skip="Not now",
    applies=default_replaced,
    afterwards=True,
    sample="undo-prompt.txt",
    deeds=_deeds,
)
