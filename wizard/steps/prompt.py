"""The step of the question about the default SMTP certificate: its content, the right answer, the given one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from wizard.case.case import Case, Deed, PromptAnswer, StepId
from wizard.facts import CmdletError, CmdletErrorKind, OverwritePrompt, Reading, Service
from wizard.findings import Finding, block, good, info, warn
from wizard.fitness import defaults, notices
from wizard.powershell.command import Command, CommandId
from wizard.reading.text import Kind, Text
from wizard.steps.command import bind_commands, command_basis
from wizard.steps.parts import Choice, Proof, Standing, Step, Taken, remarks
from wizard.steps.services import services_proof
from wizard.timeline import bound_before


def default_already(case: Case) -> bool:
    """True if the question names the case's own certificate as the default: then nothing could be replaced."""
    return bool(case.now.prompt and case.now.prompt.current and case.now.prompt.current == case.now.thumbprint)


def default_replaced(case: Case) -> bool:
    """True if the answer Y replaced the server's default certificate."""
    return case.now.prompt_answer is PromptAnswer.YES and not default_already(case)


def default_proof(case: Case) -> Proof:
    """The proof that the server's default certificate is unchanged, as far as reported."""
    claim = "The default SMTP certificate is unchanged"
    if case.now.prompt_answer is PromptAnswer.NO:
        return Proof("default", claim, Standing.SAID, "you answered N")
    if case.now.prompt_answer is PromptAnswer.NOT_ASKED:
        return Proof("default", claim, Standing.SAID, "Exchange did not ask")
    if case.now.prompt_answer is PromptAnswer.YES and default_already(case):
        return Proof("default", claim, Standing.SAID, "you answered Y, but it was your certificate already")
    if case.now.prompt_answer is PromptAnswer.YES and case.now.undone:
        again = "The earlier default SMTP certificate is the default again"
        return Proof("default", again, Standing.SAID, "you answered Y, then made it the default again")
    if case.now.prompt_answer is PromptAnswer.YES:
        return Proof("default", claim, Standing.FAILED, "no, you answered Y, which replaced it")
    return Proof("default", claim, Standing.OPEN, "the answer to the question was not told")


def prompt(case: Case) -> tuple[Finding, ...]:
    """The content of the overwrite question, the right answer, and the effect of the given one."""
    found: list[Finding] = []
    asked = case.now.prompt
    if asked is not None and not default_replaced(case):
        found.extend(_question(case, asked))
        if default_already(case):
            found.append(info("Your certificate is the server's default certificate already.", asked.lines))
        elif asked.current:
            expires = f" (expires {asked.current_expires})" if asked.current_expires else ""
            found.append(
                info(f"The default certificate now: {asked.current}{expires}. Kept here for an undo.", asked.lines)
            )
        else:
            found.append(warn("The thumbprint of the current default is not whole in this paste.", asked.lines))
    found.extend(notices(case))
    found.extend(
        info(
            f"{each.thumbprint} is the default SMTP certificate{f' of {each.server}' if each.server else ''}: where "
            "Exchange asks to overwrite it, answer N.",
            each.lines[:2],
            "default-known",
            "Get-TransportService",
        )
        for each in defaults(case)
        if each.thumbprint != case.now.thumbprint and each.how != "question"
    )
    if not any(finding.id == "other-replacement" for finding in found):
        found.extend(_answer(case))
    return tuple(found)


OF_THE_QUESTION = frozenset({"question-open", "other-replacement", "default-known"})
"""The findings that say what the question is about and what to answer."""


def _question(case: Case, asked: OverwritePrompt) -> Iterator[Finding]:
    """The effect of the question, and its answer while it has none."""
    no = asked.no_letter or "with the letter that means No"
    mine = case.now.thumbprint
    if not asked.replacement:
        yield info(f"Answer {no}, then Enter.", asked.lines)
    elif default_already(case):
        yield info(
            f"The question would make {asked.replacement} the default in place of your certificate, which is the way "
            "back after a wrong Y: answer Y only if you mean that.",
            asked.lines,
        )
    elif mine and asked.replacement != mine:
        yield block(
            f"The question is about {asked.replacement}, not about the certificate of this case. "
            f"Answer {no}, and check which command was pasted.",
            asked.lines,
            "other-replacement",
        )
    elif not (case.now.prompt_answer or asked.answer):
        yours = "your certificate" if mine else asked.replacement
        yield info(
            f"Answer {no}, then Enter: Enter alone means Yes, and would replace the default SMTP certificate "
            f"{asked.current or '(not shown whole)'} by {yours}.",
            asked.lines,
            "question-open",
            "KB step 5",
        )


def _answer(case: Case) -> list[Finding]:
    if case.now.prompt_answer is PromptAnswer.NO:
        return [
            good(
                "You answered N: the default certificate stays, and SMTP should be enabled. The next step checks that.",
                source="KB step 5",
            )
        ]
    if case.now.prompt_answer is PromptAnswer.NOT_ASKED and _was_asked(case):
        said = "You said that it did not ask, but its question stands here. Say which answer it got."
        return [warn(said, case.now.prompt.lines if case.now.prompt else (), "asked-after-all")]
    if case.now.prompt_answer is PromptAnswer.NOT_ASKED:
        return [
            info(
                "It did not ask. If no error was printed either, SMTP is enabled; the next step proves it.",
                source="Enable-ExchangeCertificate",
            )
        ]
    if case.now.prompt_answer is PromptAnswer.YES:
        return [_yes() if default_replaced(case) else info("It was the default already: nothing was replaced.")]
    return []


def _yes() -> Finding:
    """The effect of a Y; the way back has its own step."""
    return warn(
        "The default certificate was replaced. Mail may flow, but servers use that one among themselves. The next "
        "step is the way back.",
        id="answered-yes",
        source="KB 2989382",
    )


def _commands(case: Case) -> tuple[Command, ...]:
    return bind_commands(case)[:1]


def prompt_choices(case: Case) -> tuple[Choice, ...]:
    """The possible answers to the overwrite question; where it stands there, it was asked."""
    return tuple(
        Choice(answer.value, text, chosen=case.now.prompt_answer is answer)
        for answer, text in (
            (PromptAnswer.NO, "I answered N"),
            (PromptAnswer.NOT_ASKED, "It did not ask, and printed no error"),
            (PromptAnswer.YES, "I answered Y, or pressed Enter"),
        )
        if not (answer is PromptAnswer.NOT_ASKED and _was_asked(case))
    )


def _was_asked(case: Case) -> bool:
    """True if the question about this certificate was shown."""
    asked = case.now.prompt
    return asked is not None and asked.replacement in (None, case.now.thumbprint)


def choose_answer(case: Case, key: str) -> Case:
    """Store the answer; an undo belongs to the answer before and is dropped."""
    return case.put(replace(case.now, prompt_answer=PromptAnswer(key), undone=False))


RAN, NOT_YET = "ran", "not yet"


def _put(case: Case, prompts: tuple[OverwritePrompt, ...]) -> Case:
    """Store the last of these questions."""
    return case.put(replace(case.now, prompt=prompts[-1]))


def take_prompt(case: Case, step: StepId, reading: Reading[OverwritePrompt]) -> Taken:
    """Store the question, and the answer if the text has it."""
    if not reading.facts:
        nothing = block(
            "The question could not be read. Paste it from 'Confirm' to the end. The answer is N all the same.",
            id="no-prompt",
        )
        return Taken(case, False, step, (nothing, *remarks(reading)))
    asked = reading.facts[-1]
    first = reading.facts[-2] if len(reading.facts) > 1 else None
    if first and first.answer == "Y" and first.replacement == asked.current == case.now.thumbprint:
        # One window with the wrong Y and the way back.
        case = take_prompt(case, step, replace(reading, facts=reading.facts[:-1])).case
    if back := _of_the_way_back(case, step, asked):
        return replace(back, said=(*back.said, *remarks(reading)))
    # A question that was shown was asked, which overrides an earlier "it did not ask".
    answer = None if case.now.prompt_answer is PromptAnswer.NOT_ASKED else case.now.prompt_answer
    if asked.answer:
        answer = PromptAnswer.YES if asked.answer == "Y" else PromptAnswer.NO
    if kept := _kept_for_the_undo(case, asked):
        return Taken(case, True, step, (kept, *remarks(reading)))
    case = _put(case, reading.facts)
    said = (*_in_its_language(asked), *remarks(reading))
    return Taken(case.put(replace(case.now, prompt_answer=answer)), True, step, said)


def _in_its_language(asked: OverwritePrompt) -> tuple[Finding, ...]:
    """What to type for No if the question is not in English."""
    if asked.language == "en":
        return ()
    letter = asked.no_letter or "the letter that means No"
    said = (
        f"The question is in another language than English. Answer {letter} to it, for No: Enter alone means Yes. Its "
        "first certificate is the default one now."
    )
    return (info(said, asked.lines, "question-by-shape"),)


def _of_the_way_back(case: Case, step: StepId, asked: OverwritePrompt) -> Taken | None:
    """The result of the question that the way back asks, with its answer; None for any other question."""
    before = case.now.prompt.current if case.now.prompt else None
    mine = case.now.thumbprint
    known = bool(before) and before != mine and asked.replacement == before
    named = not before and step is StepId.UNDO and asked.current == mine and asked.replacement not in (None, mine)
    if not (known or named):
        return None
    if asked.answer == "Y":
        return Taken(case.put(replace(case.now, undone=True)), True, step)
    said = (
        "You answered N to this question, so the earlier certificate is not the default again. Run the command once "
        "more, and answer Y."
        if asked.answer
        else "This is the question of the way back, and it is still open. Type Y in the shell, then Enter: the earlier "
        "certificate is the default again after that."
    )
    return Taken(case, True, step, (info(said, asked.lines, "undo-question"),))


def _kept_for_the_undo(case: Case, asked: OverwritePrompt) -> Finding | None:
    """Explain why a further question does not replace the first, whose default certificate an undo needs."""
    before = case.now.prompt.current if case.now.prompt else None
    if not before or before == case.now.thumbprint:
        return None
    if asked.current != before and (asked.current == case.now.thumbprint or case.now.prompt_answer is PromptAnswer.YES):
        return info(
            f"Another question. The default certificate of the first one ({before}) is kept for the undo. Answer N.",
            asked.lines,
            "first-question-kept",
        )
    return None


_TYPED = re.compile(r"(?:\[\?\].*\)\s*)?:?\s*(?:(?P<yes>y|j|yes|ja|a)|(?P<no>n|no|nein|l|k))\s*", re.IGNORECASE)
"""An answer to the question without it, such as `N` or `: Y`, in English and German."""


def typed_answer(text: Text) -> PromptAnswer | None:
    """The answer of a text that holds nothing else."""
    found = _TYPED.fullmatch(" ".join(line.text.strip() for line in text.lines).strip())
    if found is None:
        return None
    return PromptAnswer.YES if found["yes"] else PromptAnswer.NO


def _answer_alone(case: Case, text: Text, _kind: Kind) -> Taken | None:
    """Take an answer that is given without its question."""
    answer = typed_answer(text)
    return Taken(choose_answer(case, answer.value), True, StepId.PROMPT) if answer else None


def _missing(case: Case) -> str:
    if case.now.prompt_answer:
        return ""
    if case.now.prompt:
        return "Type N in the shell and press Enter, if the question is still open. Then say what you answered."
    return "Run the command first. If it asks, paste its question; then say what you answered."


def _is_asked(case: Case) -> bool:
    """True if a line is run here that can ask; without one (SMTP was there before) nothing is answered."""
    if case.now.prompt or case.now.prompt_answer:
        return True
    return Service.SMTP not in (case.services_now or ()) and not bound_before(case, case.now.thumbprint)


def _basis(case: Case) -> tuple[str, ...]:
    return (*command_basis(case), f"form: {case.now.variant.value}")


def _keeps(case: Case) -> bool:
    asked = case.now.prompt and case.now.prompt_answer and not default_replaced(case)
    return bool(asked) and services_proof(case).standing is Standing.PROVEN


def _smallest_instead(case: Case, errors: tuple[CmdletError, ...]) -> tuple[Finding, ...]:
    """Suggests the SMTP-only command when the merged one failed with an unknown error."""
    forms = bind_commands(case)
    if len(forms) < 2 or forms[0].id is not CommandId.BIND:
        return ()
    if all(error.kind not in (CmdletErrorKind.OTHER, CmdletErrorKind.SERVICE) for error in errors):
        return ()
    said = (
        "If the error is about a service that the line names beside SMTP: go back one step, choose the smallest form, "
        "and run that. It adds SMTP alone, and the other services stay as they are."
    )
    return (info(said, id="smallest-instead", source="Enable-ExchangeCertificate"),)


def _deeds(before: Case, after: Case) -> Iterator[tuple[Deed, str]]:
    if after.now.prompt_answer and after.now.prompt_answer is not before.now.prompt_answer:
        yield Deed.ANSWERED, after.now.prompt_answer.value


STEP = Step(
    StepId.PROMPT,
    findings=prompt,
    applies=_is_asked,
    missing=_missing,
    commands=_commands,
    takes={Kind.PROMPT: lambda case, reading: take_prompt(case, StepId.PROMPT, reading)},
    unknown=_answer_alone,
    puts={Kind.PROMPT: _put},
    on_error=_smallest_instead,
    keeps=_keeps,
    basis=_basis,
    choices=prompt_choices,
    choose=choose_answer,
    question="What did you answer?",
    afterwards=True,
    own_word=True,
    sample="prompt.txt",
    deeds=_deeds,
)
