"""The steps of the article and of the proof behind it, as one ordered list, and the flow over them.

A step is a value, not a screen: every front end renders the same list. Adding a step is adding an
entry to `STEPS`, its words to `assets/steps.toml`, and its findings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from wizard.assets import StepWords, words
from wizard.case.case import Case, StepId
from wizard.case.servers import here, several
from wizard.facts import spelled
from wizard.findings import Finding
from wizard.fitness import blocked
from wizard.powershell.command import Command
from wizard.steps.command import bind_commands, choose_variant, command, variant_choices, warnings
from wizard.steps.connector import _connector, choose_connector, connector, connector_choices
from wizard.steps.log import _log, certificate_choices, choose_certificate, failing_elsewhere, healthy_here, log
from wizard.steps.logging import _logging, choose_place, logging, place_choices
from wizard.steps.parts import LATER, Choice, later, to_the_list
from wizard.steps.prompt import _prompt, choose_answer, default_replaced, prompt, prompt_choices
from wizard.steps.proof import proven
from wizard.steps.restore import _restore, restore
from wizard.steps.retry import _retry, retry
from wizard.steps.servers import choose_server, findings, lines, server_choices, still_open, to_the_server
from wizard.steps.services import _services, services
from wizard.steps.session import session
from wizard.steps.symptom import _symptom, symptom
from wizard.steps.undo import _undo, choose_undone, undo, undo_choices
from wizard.steps.verify import _verify, verify


def commands_of(step: StepId, case: Case) -> tuple[Command, ...]:
    """The commands of a step for this case, the one to run first at the front; none while facts are missing."""
    return _COMPOSERS[step](case)


_COMPOSERS: dict[StepId, Callable[[Case], tuple[Command, ...]]] = {
    StepId.SYMPTOM: _symptom,
    StepId.CONNECTOR: _connector,
    StepId.LOGGING: _logging,
    StepId.LOG: _log,
    StepId.SERVICES: _services,
    StepId.COMMAND: bind_commands,
    StepId.PROMPT: _prompt,
    StepId.UNDO: _undo,
    StepId.VERIFY: _verify,
    StepId.RETRY: _retry,
    StepId.SESSION: _log,
    StepId.SERVERS: lambda _case: (),
    StepId.RESTORE: _restore,
}


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
    basis: Callable[[Case], tuple[str, ...]] = lambda _case: ()
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
    return (
        ""
        if case.now.undone
        else "The default certificate is not put back yet. You may go on; the summary will say so."
    )


def _missing_connector(case: Case) -> str:
    if case.connector:
        return ""
    return "Choose the connector first." if case.connectors else "The connector's name is needed to go on."


def _missing_log(case: Case) -> str:
    if case.logged:
        return ""
    if case.now.log is None:
        return "Rows of the log are needed to go on: they show which certificate is meant."
    if case.candidates:
        return "Choose our certificate first."
    if there := failing_elsewhere(case):
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
    return "" if case.now.prompt_answer else "Say what you answered, so that the summary is true."


def _missing_servers(case: Case) -> str:
    if not here(case):
        return "Say first which of the servers you have worked on."
    names = still_open(case)
    return f"Still open: {', '.join(names)}." if names else ""


def _unproven(proof_id: str) -> Callable[[Case], str]:
    """What is missing at a step of the proof: its proof."""
    return lambda case: "" if proven(case, proof_id) else "Not proven yet. You may go on; the summary will say so."


def _always_done(_case: Case) -> str:
    return ""


# What steps stand on: a name or thumbprint by itself, anything else behind a word that says what it is.


def _services_basis(case: Case) -> tuple[str, ...]:
    return (case.now.thumbprint,)


def _command_basis(case: Case) -> tuple[str, ...]:
    now = case.services_now
    return (case.now.thumbprint, f"services: {'?' if now is None else spelled(now)}")


def _undo_basis(case: Case) -> tuple[str, ...]:
    asked = case.now.prompt
    return ((asked.current or "") if asked else "",)


def _servers_basis(case: Case) -> tuple[str, ...]:
    stands = (part for line in lines(case) for part in (line.name, f"stand: {line.stand.value}"))
    return (case.now.thumbprint, *stands)


def _restore_basis(case: Case) -> tuple[str, ...]:
    level = case.level_before
    return (case.connector, f"level: {level.value if level else '?'}")


STEPS: tuple[Step, ...] = (
    Step(
        StepId.SYMPTOM,
        symptom,
        lambda case: "" if case.queues else "Paste the queue's words, or skip this step.",
        skip="Skip: I have no queue output",
        takes_path=True,
    ),
    Step(
        StepId.CONNECTOR,
        connector,
        _missing_connector,
        choices=connector_choices,
        choose=choose_connector,
        question="Which one does the stuck mail use?",
        takes_path=True,
        asks_name=True,
    ),
    Step(
        StepId.LOGGING,
        logging,
        _always_done,
        basis=lambda case: (case.connector,),
        choices=place_choices,
        choose=choose_place,
        question="Which server sends the mail?",
        takes_path=True,
    ),
    Step(
        StepId.LOG,
        log,
        _missing_log,
        basis=lambda case: (case.connector,),
        choices=lambda case: certificate_choices(case) or healthy_here(case),
        choose=choose_certificate,
        question="Which of our certificates?",
        takes_path=True,
        leads=to_the_list,
    ),
    Step(
        StepId.SERVICES,
        services,
        _missing_services,
        basis=_services_basis,
        choices=later,
        takes_path=True,
        leads=to_the_list,
    ),
    Step(
        StepId.COMMAND,
        command,
        _missing_command,
        basis=_command_basis,
        choices=variant_choices,
        choose=choose_variant,
        question="Which form?",
        takes_text=False,
        leads=to_the_list,
    ),
    Step(
        StepId.PROMPT,
        prompt,
        _missing_answer,
        basis=lambda case: (*_command_basis(case), f"form: {case.now.variant.value}"),
        choices=prompt_choices,
        choose=choose_answer,
        question="What did you answer?",
        takes_path=True,
    ),
    Step(
        StepId.UNDO,
        undo,
        _missing_undo,
        basis=_undo_basis,
        choices=undo_choices,
        choose=choose_undone,
        question="Is it the default again?",
        skip="Not now",
        applies=default_replaced,
        takes_path=True,
    ),
    Step(
        StepId.VERIFY,
        verify,
        _unproven("services"),
        basis=_command_basis,
        takes_path=True,
        skip="Not now",
    ),
    Step(
        StepId.RETRY,
        retry,
        _unproven("queue"),
        basis=_command_basis,
        takes_path=True,
        skip="Not now",
    ),
    Step(
        StepId.SESSION,
        session,
        _unproven("session"),
        basis=lambda case: (case.connector, case.now.thumbprint),
        takes_path=True,
        skip="Not now",
    ),
    Step(
        StepId.SERVERS,
        findings,
        _missing_servers,
        basis=_servers_basis,
        choices=server_choices,
        choose=choose_server,
        question="Which server?",
        takes_text=False,
        skip="Leave them open",
        applies=several,
        leads=to_the_server,
    ),
    Step(
        StepId.RESTORE,
        restore,
        _unproven("logging"),
        basis=_restore_basis,
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
        passed = case.now.passed | {check.id for check in warnings(case)}
        case = case.put(replace(case.now, passed=passed))
    return case.settling(step_id, step(step_id).basis(case))


def steps_of(case: Case) -> tuple[Step, ...]:
    """The steps that apply to the case, in order."""
    return tuple(s for s in STEPS if s.applies(case))


def check_again(case: Case) -> tuple[StepId, ...]:
    """Finished steps whose ground has changed since: their answers are kept, and to be checked again."""
    return tuple(s.id for s in steps_of(case) if case.answer(s.id).stood_on not in (None, s.basis(case)))


def next_step(case: Case) -> StepId | None:
    """The first step that is not finished, or whose ground has changed; None when all are."""
    stale = check_again(case)
    for s in steps_of(case):
        answer = case.answer(s.id)
        if s.id in stale or (answer.stood_on is None and not answer.skipped):
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
    return here(case) if several(case) and step_id.on_each else ""


def chapters() -> tuple[str, ...]:
    """The names of the chapters in order, each once."""
    return tuple(dict.fromkeys(s.words.chapter for s in STEPS))
