"""The steps of the article and of the proof behind it, as one ordered list, and the flow over them.

A step is a value, not a screen: every front end renders the same list. Adding a step is adding an
entry to `STEPS`, its words to `assets/steps.toml`, and its findings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from wizard import afterwards, choices, reported, servers
from wizard.case import Case, StepId
from wizard.choices import LATER, Choice, warnings
from wizard.commands import Command
from wizard.composed import commands_of
from wizard.findings import Finding
from wizard.fitness import blocked
from wizard.proof import default_replaced, proven
from wizard.words import StepWords, words


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it says, what it hands out, what it takes, and when it is done.

    `findings`, `choices`, `missing` and `basis` are functions of the case alone. `missing` is empty
    when the step is done, else a sentence that says what is needed. `basis` is what the step's
    answer stands on: when it changes later, the step is to be checked again. A case that a step does not
    apply to goes past it. `leads` says to which step a choice leads in the case after it, None where it stays.
    """

    id: StepId
    findings: Callable[[Case], tuple[Finding, ...]]
    missing: Callable[[Case], str]
    basis: Callable[[Case], tuple[object, ...]] = lambda _case: ()
    choices: Callable[[Case], tuple[Choice, ...]] = lambda _case: ()
    choose: Callable[[Case, str], Case] = lambda case, _key: case
    question: str = ""
    takes_text: bool = True
    takes_path: bool = False
    asks_name: bool = False
    skip: str = ""
    applies: Callable[[Case], bool] = lambda _case: True
    leads: Callable[[Case, str], StepId | None] = lambda _case, _key: None

    @property
    def words(self) -> StepWords:
        """What the step says."""
        return words(self.id)

    def asks(self, offered: tuple[Choice, ...]) -> str:
        """The question above what is offered; what it is where the only choice is to go on at another server."""
        if offered and offered[0].key == LATER:
            return "No failure on this server." if self.id is StepId.LOG else "This server cannot be gone on with now."
        return self.question if offered else ""

    def commands(self, case: Case) -> tuple[Command, ...]:
        """The commands it hands out for this case, the one to run first at the front."""
        return commands_of(self.id, case)


def _missing_undo(case: Case) -> str:
    return "" if case.undone else "The default certificate is not put back yet. You may go on; the summary will say so."


def _missing_connector(case: Case) -> str:
    if case.connector:
        return ""
    return "Choose the connector first." if case.connectors else "The connector's name is needed to go on."


def _missing_log(case: Case) -> str:
    if case.logged:
        return ""
    if case.log is None:
        return "Rows of the log are needed to go on: they show which certificate is meant."
    if case.candidates:
        return "Choose our certificate first."
    if there := reported.failing_elsewhere(case):
        where = words(StepId.CONNECTOR).title
        return f"Not the article's fault here. On {', '.join(there)} it is: the step '{where}' is where to choose it."
    return "These rows show no certificate to bind yet."


def _missing_services(case: Case) -> str:
    return "" if case.services_now is not None else "The certificate's services are needed to go on."


def _missing_command(case: Case) -> str:
    if case.logged is None:
        return "Without the log's certificate there is no command: go back to the log."
    if case.services_now is None:
        return "Without the services there is no command yet: go back one step."
    return "There is a reason not to bind this certificate: read the line marked Stop." if blocked(case) else ""


def _missing_answer(case: Case) -> str:
    return "" if case.prompt_answer else "Say what you answered, so that the summary is true."


def _missing_servers(case: Case) -> str:
    if not servers.here(case):
        return "Say first which of the servers you have worked on."
    names = servers.still_open(case)
    return f"Still open: {', '.join(names)}." if names else ""


def _unproven(proof_id: str) -> Callable[[Case], str]:
    """What is missing at a step of the proof: its proof."""
    return lambda case: "" if proven(case, proof_id) else "Not proven yet. You may go on; the summary will say so."


def _always_done(_case: Case) -> str:
    return ""


def _services_basis(case: Case) -> tuple[object, ...]:
    return (case.thumbprint,)


def _command_basis(case: Case) -> tuple[object, ...]:
    return (case.thumbprint, case.services_now)


STEPS: tuple[Step, ...] = (
    Step(
        StepId.SYMPTOM,
        reported.symptom,
        lambda case: "" if case.queues else "Paste the queue's words, or skip this step.",
        skip="Skip: I have no queue output",
        takes_path=True,
    ),
    Step(
        StepId.CONNECTOR,
        reported.connector,
        _missing_connector,
        choices=choices.connector_choices,
        choose=choices.choose_connector,
        question="Which one does the stuck mail use?",
        takes_path=True,
        asks_name=True,
    ),
    Step(
        StepId.LOGGING,
        reported.logging,
        _always_done,
        basis=lambda case: (case.connector,),
        choices=choices.place_choices,
        choose=choices.choose_place,
        question="Which server sends the mail?",
        takes_path=True,
    ),
    Step(
        StepId.LOG,
        reported.log,
        _missing_log,
        basis=lambda case: (case.connector,),
        choices=lambda case: choices.certificate_choices(case) or choices.healthy_here(case),
        choose=choices.choose_certificate,
        question="Which of our certificates?",
        takes_path=True,
        leads=choices.to_the_list,
    ),
    Step(
        StepId.SERVICES,
        reported.services,
        _missing_services,
        basis=_services_basis,
        choices=choices.later,
        takes_path=True,
        leads=choices.to_the_list,
    ),
    Step(
        StepId.COMMAND,
        reported.command,
        _missing_command,
        basis=_command_basis,
        choices=choices.variant_choices,
        choose=choices.choose_variant,
        question="Which form?",
        takes_text=False,
        leads=choices.to_the_list,
    ),
    Step(
        StepId.PROMPT,
        afterwards.prompt,
        _missing_answer,
        basis=lambda case: (case.thumbprint, case.services_now, case.variant),
        choices=choices.prompt_choices,
        choose=choices.choose_answer,
        question="What did you answer?",
        takes_path=True,
    ),
    Step(
        StepId.UNDO,
        afterwards.undo,
        _missing_undo,
        basis=lambda case: (case.prompt.current if case.prompt else None,),
        choices=choices.undo_choices,
        choose=choices.choose_undone,
        question="Is it the default again?",
        skip="Not now",
        applies=default_replaced,
        takes_path=True,
    ),
    Step(
        StepId.VERIFY,
        afterwards.verify,
        _unproven("services"),
        basis=_command_basis,
        takes_path=True,
        skip="Not now",
    ),
    Step(
        StepId.RETRY,
        afterwards.retry,
        _unproven("queue"),
        basis=_command_basis,
        takes_path=True,
        skip="Not now",
    ),
    Step(
        StepId.SESSION,
        afterwards.session,
        _unproven("session"),
        basis=lambda case: (case.connector, case.thumbprint),
        takes_path=True,
        skip="Not now",
    ),
    Step(
        StepId.SERVERS,
        servers.findings,
        _missing_servers,
        basis=lambda case: (case.thumbprint, *((line.name, line.stand) for line in servers.lines(case))),
        choices=choices.server_choices,
        choose=choices.choose_server,
        question="Which server?",
        takes_text=False,
        skip="Leave them open",
        applies=servers.several,
        leads=choices.to_the_server,
    ),
    Step(
        StepId.RESTORE,
        afterwards.restore,
        _unproven("logging"),
        basis=lambda case: (case.connector, case.level_before),
        takes_path=True,
        skip="Not now",
    ),
)


def step(step_id: StepId) -> Step:
    """The step with this id."""
    return next(s for s in STEPS if s.id is step_id)


def settle(case: Case, step_id: StepId) -> Case:
    """The case with the step finished, on the facts it stands on now; at the command, past its warnings."""
    if step_id is StepId.COMMAND:
        case = replace(case, passed=case.passed | {check.id for check in warnings(case)})
    return case.settling(step_id, step(step_id).basis(case))


def steps_of(case: Case) -> tuple[Step, ...]:
    """The steps that apply to the case, in order."""
    return tuple(s for s in STEPS if s.applies(case))


def check_again(case: Case) -> tuple[StepId, ...]:
    """Finished steps whose ground has changed since: their answers are kept, and to be checked again."""
    return tuple(s.id for s in steps_of(case) if s.id in case.settled and case.settled[s.id] != s.basis(case))


def next_step(case: Case) -> StepId | None:
    """The first step that is not finished, or whose ground has changed; None when all are."""
    stale = check_again(case)
    for s in steps_of(case):
        if s.id in stale or (s.id not in case.settled and s.id not in case.skipped):
            return s.id
    return None


def after(step_id: StepId, case: Case) -> StepId | None:
    """The step that follows for this case, None after the last."""
    order = list(StepId)
    follows = (s.id for s in steps_of(case) if order.index(s.id) > order.index(step_id))
    return next(follows, None)


def before(step_id: StepId, case: Case) -> StepId | None:
    """The step before for this case, None before the first."""
    order = list(StepId)
    earlier = [s.id for s in steps_of(case) if order.index(s.id) < order.index(step_id)]
    return earlier[-1] if earlier else None


def position(step_id: StepId, case: Case) -> str:
    """Where the step stands among those of the case, and which server of several it is about."""
    at = server_at(step_id, case)
    return place_of(step_id, case) + (f" on {at}" if at else "")


def place_of(step_id: StepId, case: Case) -> str:
    """Where the step stands among those of the case."""
    order = [s.id for s in steps_of(case)]
    number = order.index(step_id) + 1 if step_id in order else len(order)
    return f"Step {number} of {len(order)}"


def server_at(step_id: StepId, case: Case) -> str:
    """Which server of several the step is about; empty where it is about all of them, or there is one."""
    return servers.here(case) if servers.several(case) and step_id in servers.ON_EACH else ""


def chapters() -> tuple[str, ...]:
    """The names of the chapters in order, each once."""
    return tuple(dict.fromkeys(s.words.chapter for s in STEPS))
