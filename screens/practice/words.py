"""What the screens of practice say; keys stand by their ids, and both front ends take their words from here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from screens.practice.training import Training
from wizard.practice.scenario import Mode

ROOM_FOR_GOALS = 22
"""Rows of a window from which the goals stand each on a line of its own."""

COPIED = "Copied inside practice; your own clipboard is as it was. {shell.paste} pastes it."
COPIED_ANSWER = "Copied inside practice. {practice.switch} goes to the wizard, {step.paste} pastes it there."
COPIED_COMMAND = "Copied inside practice. Next: {practice.switch} to the shell, {shell.paste} pastes it."
EXIT = "{shell.back} leaves the shell and keeps the exercise, {shell.finish} ends it."
HOW_IT_GOES = (
    "Practice is a simulated Exchange organisation with a shell of its own. Nothing here reaches a real server, and a "
    "real case waits untouched.",
    "Each scenario tells a story and has goals. What counts is the state reached and the damage avoided, not the text "
    "typed; several ways lead there.",
    "Guided: with the wizard and a coach. On your own: the shell alone, hints and the coach when you ask. "
    "Exam: against the clock, no help. Sandbox: no goals, and nothing counts.",
    "Servers, names and thumbprints are other ones each time; {practice.names} takes those of last time. An exercise "
    "that is left with {shell.back} is the first row of the list and can be gone on with until the program ends.",
)
NOTHING_PRINTED = "Nothing was printed yet that could be copied."
NOTHING_COPIED = "Nothing was copied in practice yet: {step.copy} in the wizard copies its command."
NOTHING_COPIED_ALONE = "Nothing was copied in practice yet. Your terminal's own paste works here too."

TO_THE_WIZARD = "Next: {practice.switch} shows the wizard, which says what to run."
FROM_BESIDE = "Next: {practice.switch} to the wizard; {step.copy} there copies its command."
ELSEWHERE = "{shell.server} opens a shell on another server; {practice.switch} shows the wizard."
PASTE = "Next: {shell.paste} pastes what you copied, Enter runs it."
RUN = "Enter runs it. Esc clears the line; Up brings it back."
IN_THE_WIZARD = "Practice: {step.copy} copies the command, {practice.switch} goes to the shell."
CHECK_FIRST = "Practice: nothing is run yet. {step.next} goes on to the step where the line is copied and run."
CLIPPED = "It is on the clipboard. Next: {practice.switch} to the wizard, {step.paste} takes it."
FOUND_NOTHING = (
    "It found nothing, so the clipboard is empty. A log gets rows once logging is on and mail was tried since: "
    "{shell.wait} lets 15 minutes pass."
)
WAIT = "Next: {shell.wait} lets 15 minutes pass, so that Exchange tries again and the log is written."
WAIT_FOR_THE_LOG = "The mail has left. Next: {shell.wait} lets 15 minutes pass, so that the log is written."
NOT_LED = "No mail is stuck, so the wizard leads nowhere here. {shell.task} shows the task, {shell.hint} gives a hint."
KEYS_BESIDE = "The keys are the wizard's now. {practice.switch} comes here."
PASTE_BESIDE = "The keys are the wizard's. Next: {practice.switch} comes here, {shell.paste} pastes what you copied."
NOT_LED_BESIDE = (
    "No mail is stuck, so the wizard leads nowhere here. {practice.switch} comes here; {shell.hint} then gives a hint."
)
ANSWER_READY = "Next: {shell.answer} gives this answer to the wizard."
ASKED = "The shell asks. Read it, type your answer, press Enter."
CONTINUED = "Not finished: go on typing; Ctrl+C gives it up."
REACHED = "Every goal is met. {shell.finish} shows how it went."
CONCLUDE = "When you know what is wrong, {shell.finish} asks for it."
ALONE = "{shell.task} task, {shell.hint} hint, {shell.coach} coach, {shell.finish} when you are done."
EXAM = "{shell.task} shows the task, {shell.finish} hands in."
SANDBOX = "Try what you like: nothing here is real. {shell.finish} ends it."


def advice(training: Training, beside: bool, focused: bool = True) -> str:
    """What to do next, in a sentence. An exam gives none that helps.

    `beside` says that the wizard is in sight, `focused` that the keys are the shell's and not the wizard's.
    """
    mode = training.mode
    if beside and not focused:
        return PASTE_BESIDE if not training.pasted else KEYS_BESIDE if training.led else NOT_LED_BESIDE
    if training.asking:
        return ASKED
    if not training.at_prompt:
        return CONTINUED
    if mode is Mode.EXAM:
        return EXAM
    if mode is Mode.SANDBOX:
        return SANDBOX
    if mode is Mode.ALONE:
        return ALONE
    return _guided(training, beside)


def _guided(training: Training, beside: bool) -> str:
    """What the last key asks for, then what the round does: copy in the wizard, paste here, run, give it back."""
    if training.typed.strip():
        return RUN
    if training.reached and not training.exercise.conclusions:
        return REACHED
    if not training.pasted:
        return PASTE
    if training.found_nothing:
        return FOUND_NOTHING
    if not training.led:
        return CONCLUDE if training.reached else NOT_LED
    return _round(training, beside)


def _round(training: Training, beside: bool) -> str:
    """Where the round with the wizard stands."""
    if training.answer.strip() and not training.given:
        return ANSWER_READY
    if training.clipped and not training.given:
        return CLIPPED
    if training.reached:
        return CONCLUDE
    if training.to_wait:
        return WAIT_FOR_THE_LOG if training.mail_left else WAIT
    if len(training.servers) > 1 and training.begun:
        return ELSEWHERE
    return FROM_BESIDE if beside else TO_THE_WIZARD


def goals(training: Training, in_few: bool, named: Callable[[str], str]) -> str:
    """The goals, one a line or in few words; whether they are met only where that is shown as it happens."""
    met = training.goals
    if not met:
        return "Sandbox: no goals." if training.mode is Mode.SANDBOX else ""
    if in_few:
        count = training.goals_in_few if training.shows_met else f"{len(met)} goal{'s' if len(met) > 1 else ''}."
        return f"{count} {named('{shell.task}')} lists them."
    mark = {True: "[x]", False: "[ ]"} if training.shows_met else {True: " - ", False: " - "}
    return "\n".join(("Goals:", *(f"{mark[goal.met]} {goal.say}" for goal in met)))


WHAT_IS_WRONG = "What is wrong here? Choose your answer."
END_OPEN = "Not every goal is met yet. End it all the same?"
TIME_UP = "The time was up. What was reached until then counts."
UNFINISHED = "Not finished: {name}. An exercise is kept only until the program ends or another one begins."
HAND_IN = "Hand in now? The state of the servers counts, and the damage that was avoided."
NOTHING_TO_TAKE = (
    "Nothing was copied in practice yet. {practice.switch} goes to the shell; {shell.answer} there brings its answer."
)
CLIPBOARD_EMPTY = (
    "The clipboard is empty: the last command in the shell found nothing. A log gets rows once logging is on and "
    "time has passed: {practice.switch} goes to the shell, {shell.wait} there waits."
)


def asks_before_the_end(training: Training) -> bool:
    """Whether it is asked before an exercise ends: an open goal is, and an exam, which tells nothing of its goals."""
    if training.mode is Mode.SANDBOX:
        return False
    return training.mode is Mode.EXAM or not training.reached


def how_to(training: Training) -> tuple[str, ...]:
    """How the practice shell is used, in short paragraphs."""
    usual = (
        "Tab completes, Up and Down bring back earlier lines, PgUp and PgDn scroll, Ctrl+C gives a line up. "
        "{shell.wait} lets a quarter of an hour pass."
    )
    if training.guided:
        return (
            "How it goes: {practice.switch} shows the wizard. {step.copy} there copies its command; {practice.switch} "
            "comes back here, {shell.paste} pastes it and Enter runs it. {shell.answer} gives what was printed to the "
            "wizard, and {step.next} goes on there.",
            f"{usual} {{shell.hint}} gives a hint.",
        )
    return (usual,)


def time_left(left: timedelta) -> str:
    """The clock of an exam: minutes and seconds."""
    seconds = int(left.total_seconds())
    return f"{seconds // 60}:{seconds % 60:02} left"
