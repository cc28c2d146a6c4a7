"""The steps of the article and of the proof behind it, as one ordered list, and the flow over them.

A step is a value, not a screen: every front end renders the same list. Adding a step is adding an
entry to `STEPS`, its words to `assets/steps.toml`, and its findings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from wizard import afterwards, reported, servers
from wizard.case import Case, PromptAnswer, StepId, Variant
from wizard.commands import Command
from wizard.composed import bind_commands, commands_of, services_named, undo_command
from wizard.facts import spelled
from wizard.findings import Finding, Level, counted
from wizard.fitness import blocked, checks
from wizard.powershell import is_safe
from wizard.proof import default_replaced, healthy, proven
from wizard.words import StepWords, words


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose. `key` names it; `detail` is what sets it apart from the others."""

    key: str
    text: str
    detail: str = ""
    chosen: bool = False


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

    def asks(self, case: Case) -> str:
        """The question above the choices; what it is where the only choice is to go on at another server."""
        offered = self.choices(case)
        if offered and offered[0].key == LATER:
            return "No failure on this server." if self.id is StepId.LOG else "This server cannot be gone on with now."
        return self.question if offered else ""

    def commands(self, case: Case) -> tuple[Command, ...]:
        """The commands it hands out for this case, the one to run first at the front."""
        return commands_of(self.id, case)


def _choose_connector(case: Case, key: str) -> Case:
    return servers.for_connector(case, key)


def _connector_choices(case: Case) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            connector.name,
            connector.name,
            ", ".join(
                part
                for part in (
                    f"to {' '.join(connector.address_spaces)}" if connector.address_spaces else "",
                    f"via {' '.join(connector.smart_hosts)}" if connector.smart_hosts else "",
                    "disabled" if connector.enabled is False else "",
                )
                if part
            ),
            chosen=connector.name == case.connector,
        )
        for connector in case.usable_connectors
    )


def _place_choices(case: Case) -> tuple[Choice, ...]:
    return tuple(Choice(key, text, chosen=case.place == place) for key, text, place in reported.PLACES)


def _choose_place(case: Case, key: str) -> Case:
    place = next(place for name, _text, place in reported.PLACES if name == key)
    return servers.as_edge(replace(case, place=place), place.edge)


def _certificate_choices(case: Case) -> tuple[Choice, ...]:
    """Our certificates among the failures, unless there is but one and it is chosen already."""
    found = case.candidates
    only = case.only_candidate
    if only and only.thumbprint == case.thumbprint:
        return ()
    choices = []
    for certificate in found:
        groups = [
            group
            for group in case.failures_meant
            if group.certificate and group.certificate.thumbprint == certificate.thumbprint
        ]
        sessions = sum(group.sessions for group in groups)
        last = max((group.last for group in groups), default="")
        detail = f"{counted(sessions, 'failed session')}, last {last[:16].replace('T', ' ')} UTC; {certificate.subject}"
        if not groups:
            detail = f"sent, but these rows end before the outcome; {certificate.subject}"
        elif case.connector and not case.own_failures:
            detail = f"{', '.join(dict.fromkeys(group.connector for group in groups))}: {detail}"
        key = certificate.thumbprint or ""
        choices.append(Choice(key, key, detail, chosen=key == case.thumbprint))
    return tuple(choices)


def _healthy_here(case: Case) -> tuple[Choice, ...]:
    """Where one of several servers sends without a failure, the one that fails is another."""
    if not (servers.several(case) and healthy(case)):
        return ()
    return (Choice(LATER, "Nothing fails here: go on with another server of the connector"),)


def _choose_certificate(case: Case, key: str) -> Case:
    return case if key == LATER else servers.with_survey(replace(case, thumbprint=key))


LATER = "later"
"""The key of the choice that leaves a server open which cannot be gone on with now."""


def warnings(case: Case) -> tuple[Finding, ...]:
    """What warns of the binding, and may be gone on past."""
    return tuple(check for check in checks(case) if check.level is Level.WARN)


def _later(case: Case) -> tuple[Choice, ...]:
    """Where one of several servers lacks the certificate or must not bind it, the others need not wait."""
    stuck = case.not_there or blocked(case)
    return (Choice(LATER, "Leave this server open, and go on with another"),) if servers.several(case) and stuck else ()


def _to_the_list(_case: Case, key: str) -> StepId | None:
    return StepId.SERVERS if key == LATER else None


def _variant_choices(case: Case) -> tuple[Choice, ...]:
    if len(bind_commands(case)) < 2:
        return _later(case)
    named = spelled(services_named(case), ",")
    return (
        Choice(
            Variant.MERGED.value,
            f"As the article has it: {named} (shows the result)",
            chosen=case.variant is Variant.MERGED,
        ),
        Choice(
            Variant.SMALLEST.value,
            "The smallest: SMTP alone (touches nothing that is there)",
            chosen=case.variant is Variant.SMALLEST,
        ),
    )


def _choose_variant(case: Case, key: str) -> Case:
    return case if key == LATER else replace(case, variant=Variant(key))


def _prompt_choices(case: Case) -> tuple[Choice, ...]:
    return tuple(
        Choice(answer.value, text, chosen=case.prompt_answer is answer)
        for answer, text in (
            (PromptAnswer.NO, "I answered N"),
            (PromptAnswer.NOT_ASKED, "It did not ask, and printed no error"),
            (PromptAnswer.YES, "I answered Y, or pressed Enter"),
        )
    )


def _choose_answer(case: Case, key: str) -> Case:
    return replace(case, prompt_answer=PromptAnswer(key), undone=False)


RAN, NOT_YET = "ran", "not yet"


def _undo_choices(case: Case) -> tuple[Choice, ...]:
    """Nothing to say while no line is known that could have been run."""
    if undo_command(case) is None and not case.undone:
        return ()
    return (
        Choice(RAN, "I ran it, and answered Y to its question", chosen=case.undone),
        Choice(NOT_YET, "Not yet", chosen=not case.undone and StepId.UNDO in case.settled),
    )


def _choose_undone(case: Case, key: str) -> Case:
    return replace(case, undone=key == RAN)


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


_NAMED = "its commands name it with -Server; its log lies on it"
_ON_IT = "run its commands on the Edge itself"

AT, EDGE, HERE = "at ", "edge ", "here "
"""What the keys of the choices of servers begin with; a server's name follows."""


def _server_choices(case: Case) -> tuple[Choice, ...]:
    """While nothing tells where the case is, that is asked; then, where to go on. A finished server is not offered."""
    if not servers.here(case):
        return tuple(Choice(HERE + name, f"{name}: the one I have worked on until now") for name in case.servers)
    choices: list[Choice] = []
    # What is done comes last: somebody may have to come back to it.
    for line in sorted(servers.lines(case), key=lambda line: line.stand is servers.Stand.DONE):
        if not is_safe(line.name, "server name"):
            continue
        there = servers.at_server(case, line.name)
        done = line.stand is servers.Stand.DONE
        edge = servers.begun(case, line.name) and there.edge
        go = "look at it again" if done else "go on there"
        choices.append(Choice(AT + line.name, f"{line.name}: {go}", _ON_IT if edge else "" if done else _NAMED))
        if not (done or edge or there.prompt_answer):
            choices.append(
                Choice(EDGE + line.name, f"{line.name}, if it is an Edge Transport server: go on there", _ON_IT)
            )
    return tuple(choices)


def _choose_server(case: Case, key: str) -> Case:
    if key.startswith(EDGE):
        return servers.at_server(case, key.removeprefix(EDGE), edge=True)
    if key.startswith(AT):
        return servers.at_server(case, key.removeprefix(AT))
    return servers.saying_here(case, key.removeprefix(HERE))


def _to_the_server(case: Case, key: str) -> StepId | None:
    """A server's steps begin with its certificate, or with its log while no log has shown one."""
    if key.startswith(HERE):
        return None
    return StepId.SERVICES if case.thumbprint else StepId.LOG


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
        choices=_connector_choices,
        choose=_choose_connector,
        question="Which one does the stuck mail use?",
        takes_path=True,
        asks_name=True,
    ),
    Step(
        StepId.LOGGING,
        reported.logging,
        _always_done,
        basis=lambda case: (case.connector,),
        choices=_place_choices,
        choose=_choose_place,
        question="Which server sends the mail?",
        takes_path=True,
    ),
    Step(
        StepId.LOG,
        reported.log,
        _missing_log,
        basis=lambda case: (case.connector,),
        choices=lambda case: _certificate_choices(case) or _healthy_here(case),
        choose=_choose_certificate,
        question="Which of our certificates?",
        takes_path=True,
        leads=_to_the_list,
    ),
    Step(
        StepId.SERVICES,
        reported.services,
        _missing_services,
        basis=_services_basis,
        choices=_later,
        takes_path=True,
        leads=_to_the_list,
    ),
    Step(
        StepId.COMMAND,
        reported.command,
        _missing_command,
        basis=_command_basis,
        choices=_variant_choices,
        choose=_choose_variant,
        question="Which form?",
        takes_text=False,
        leads=_to_the_list,
    ),
    Step(
        StepId.PROMPT,
        afterwards.prompt,
        _missing_answer,
        basis=lambda case: (case.thumbprint, case.services_now, case.variant),
        choices=_prompt_choices,
        choose=_choose_answer,
        question="What did you answer?",
        takes_path=True,
    ),
    Step(
        StepId.UNDO,
        afterwards.undo,
        _missing_undo,
        basis=lambda case: (case.prompt.current if case.prompt else None,),
        choices=_undo_choices,
        choose=_choose_undone,
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
        choices=_server_choices,
        choose=_choose_server,
        question="Which server?",
        takes_text=False,
        skip="Leave them open",
        applies=servers.several,
        leads=_to_the_server,
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
