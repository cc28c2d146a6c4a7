"""A case as JSON and back: one case for each file, with a schema version, every field checked when read.

The file keeps answers, facts, the lines that prove them, and the journal. Of a pasted log it keeps only the facts,
unless asked for more; of thousands of handshakes, the first and the last of each kind. A file from somebody else is
evidence: it is parsed and never trusted, and nothing in it runs.
"""

from __future__ import annotations

import enum
import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from wizard import __version__
from wizard.case.case import Answer, Answers, Case, SourceServer, StepId, host
from wizard.case.servers import everywhere
from wizard.facts import Asked, FailureGroup, Handshake, Line, LogReading
from wizard.machine import tables
from wizard.machine.tables import shown_place, structured
from wizard.reading.passwords import without_passwords
from wizard.reading.text import Kind, Refused, clean

if TYPE_CHECKING:
    from cattrs import Converter

MOST_LOGS = 8_000_000
"""The most characters of pasted text, logs included, that a case keeps: it is written after every answer."""

_NEVER = datetime.fromtimestamp(0, UTC)


class CaseFileError(Exception):
    """The file is no case for this program; the message says in a sentence what is wrong, and where."""


class NewerCaseError(CaseFileError):
    """The case was written by a newer version of this program."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A case with its id, its given name, and its time of saving (aware, UTC).

    `keep_logs` is the person's choice for the logs pasted in this case; None leaves it to the settings. `ended` says
    that the program was ended early while it was open.
    """

    id: str
    case: Case
    name: str = ""
    saved: datetime = _NEVER
    archived: bool = False
    keep_logs: bool | None = None
    ended: bool = False


class Logs(enum.Enum):
    """The treatment of pasted logs; the value says it to the person."""

    KEPT = "Pasted logs stay in this case, and go with it."
    LEFT_OUT = "Pasted logs are left out of this case."
    TOO_LARGE = "The pasted logs are too large to stay in this case (8 MB)."


def logs_of(saved: Saved, usual: bool) -> Logs:
    """The treatment of a case's pasted logs; `usual` is the setting."""
    if not (usual if saved.keep_logs is None else saved.keep_logs):
        return Logs.LEFT_OUT
    given = sum(len(answer.text) for _server, _step, answer in saved.case.every_answer())
    return Logs.KEPT if given <= MOST_LOGS else Logs.TOO_LARGE


SCHEMA = 2
"""The version of the file's shape. Newer ones are refused, older ones converted."""

MOST_HANDSHAKES = 200
"""Handshakes of a log kept one by one; of more, the first and last of each kind and the newest successes."""

MOST_TYPED = 1_000_000
"""The longest text of a step that is kept, in characters; of a longer one only the facts are."""

_HEAD = 4_000
"""The characters at the beginning of a text that show whether it is a log."""

_NEWEST = 20


def written(saved: Saved, keep_logs: bool = False) -> str:
    """A case as readable JSON, ending in a line feed.

    `keep_logs` is the setting for pasted logs, for a case without its own choice.
    """
    case = without_unread(saved.case) if logs_of(saved, keep_logs) is Logs.KEPT else slimmed(saved.case)
    content = {
        "schema": SCHEMA,
        "program": f"exchange-cert-wizard {__version__}",
        "id": saved.id,
        "name": saved.name,
        "saved": saved.saved.isoformat(),
        "archived": saved.archived,
        **({} if saved.keep_logs is None else {"keep_logs": saved.keep_logs}),
        **({"ended": True} if saved.ended else {}),
        "case": _converter().unstructure(case),
    }
    return json.dumps(content, indent=1, ensure_ascii=True) + "\n"


A_RECORD = (
    "This is the record of a case, to be read and not gone on with. "
    "Ask for the case itself: exchange-cert-wizard export CASE writes it."
)


def parsed(text: str) -> Saved:
    """Parse a case.

    Raises:
        NewerCaseError: it was written by a newer version.
        CaseFileError: it is no case, or a part of it is not what it should be; the message names the part.
    """
    table = _table(text)
    if "sections" in table and "case" not in table:
        raise CaseFileError(A_RECORD)
    schema = table.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise CaseFileError("This is JSON, but no case of this program: it names no schema version.")
    if schema > SCHEMA:
        raise NewerCaseError(
            f"This case was saved by a newer version ({shown_short(table.get('program'))}, schema {schema}); this one "
            f"reads up to schema {SCHEMA}. Update the program, then open it."
        )
    envelope = {key: table.get(key) for key in ("id", "name", "archived")}
    if not (isinstance(envelope["id"], str) and isinstance(envelope["name"], str)):
        raise CaseFileError("The case has no id or no name that is a text.")
    for version in range(schema, SCHEMA):
        table = _FORWARD[version](table)
    case = _to_case(table.get("case"))
    if schema == 1:
        case = _as_it_stands(case)
    return Saved(
        envelope["id"],
        case,
        envelope["name"],
        _structured(table.get("saved"), datetime, "saved"),
        envelope["archived"] is True,
        kept if isinstance(kept := table.get("keep_logs"), bool) else None,
        table.get("ended") is True,
    )


def slimmed(case: Case) -> Case:
    """Remove the raw text of logs, all but a few of very many handshakes, and unread lines."""
    case = _with_answers(without_unread(case), _without_log)
    return replace(case, on=MappingProxyType({name: _slim(server) for name, server in case.on.items()}))


def without_unread(case: Case) -> Case:
    """Remove unread lines and passwords: they are shown, and never kept.

    One or two lines of plain words stay. The lines of commands above outputs go too: their facts are kept.
    """
    kept: Case = _without_commands(_with_answers(case, _read))
    return kept


def _with_answers(case: Case, change: Callable[[StepId, Answer], Answer]) -> Case:
    """The case with every answer changed, those of no server and those of each."""

    def changed(answers: Answers) -> Answers:
        return MappingProxyType({at: change(at, answer) for at, answer in answers.items()})

    on = {name: replace(server, answers=changed(server.answers)) for name, server in case.on.items()}
    return replace(case, answers=changed(case.answers), on=MappingProxyType(on))


def _read(_at: StepId, answer: Answer) -> Answer:
    return replace(answer, text=kept_text(answer.text), waiting=without_passwords(answer.waiting))


_FEW_LINES = 3


@functools.lru_cache(maxsize=64)
def kept_text(text: str) -> str:
    """A given text with each unread line blanked, and without passwords."""
    if not text.strip() or len(text) > MOST_TYPED:
        return without_passwords(text)
    from wizard.reading.pieces import read_lines  # noqa: PLC0415 - the first screen reads nothing

    text = without_passwords(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    try:
        numbers = read_lines(clean(text))
    except Refused:
        return ""
    if numbers is None:
        return text
    if not numbers:
        return text if sum(bool(line.strip()) for line in lines) <= _FEW_LINES else ""
    kept = [(numbers[number] or line) if number in numbers else "" for number, line in enumerate(lines, start=1)]
    return text if kept == lines else "\n".join(kept)


def _without_commands(value: Any) -> Any:
    """Remove the lines of commands above outputs; a value without any is returned unchanged."""
    if isinstance(value, Asked):
        return replace(value, lines=()) if value.lines else value
    if isinstance(value, tuple):
        if not value or isinstance(value[0], str | Line | Handshake):
            return value
        changed = [_without_commands(each) for each in value]
        return value if all(a is b for a, b in zip(changed, value, strict=True)) else tuple(changed)
    if isinstance(value, Mapping):
        return MappingProxyType({key: _without_commands(kept) for key, kept in value.items()})
    if not is_dataclass(value) or isinstance(value, type | enum.Enum | LogReading | FailureGroup | Answer):
        return value
    changed_fields = {}
    for each in fields(value):
        before = getattr(value, each.name)
        if (after := _without_commands(before)) is not before:
            changed_fields[each.name] = after
    return replace(value, **changed_fields) if changed_fields else value


def without_waiting(case: Case) -> Case:
    """The case without the texts that wait to be read, for others: nobody knows yet what they are."""
    return _with_answers(case, lambda _at, answer: replace(answer, waiting=""))


def without_paths(case: Case) -> Case:
    """Remove the paths opened: on another computer they are others, or missing."""
    return _with_answers(case, lambda _at, answer: replace(answer, path=""))


def _slim(server: SourceServer) -> SourceServer:
    """Remove the log's bulk from a server's facts."""
    return replace(
        server,
        log=_few(server.log, server.failed),
        failed=_first_and_last(server.failed),
        log_after=_few(server.log_after, ()),
    )


def shown_short(value: object) -> str:
    """A value of a foreign file for a sentence: short, and harmless to a terminal."""
    text = str(value)
    return ascii(text if len(text) <= 60 else f"{text[:60]}...").strip("'\"")


def _without_log(at: StepId, answer: Answer) -> Answer:
    """The answer without its text, if that is a log, at any step, or too long."""
    return answer if _is_kept(at, answer.text) else replace(answer, text="")


def _is_kept(at: StepId, text: str) -> bool:
    from wizard.steps.flow import step  # noqa: PLC0415 - the first screen saves no case

    return not text or (not step(at).takes_log and len(text) <= MOST_TYPED and not _is_log(text[:_HEAD]))


@functools.lru_cache(maxsize=64)
def _is_log(head: str) -> bool:
    from wizard.reading.recognise import recognise  # noqa: PLC0415 - the first screen reads nothing

    return recognise(clean(head)) in (Kind.SEND_LOG, Kind.RECEIVE_LOG)


def _few(log: LogReading | None, groups: tuple[FailureGroup, ...]) -> LogReading | None:
    """Reduce a log's many handshakes like a scan does: first and last of each kind, newest successes."""
    if log is None or len(log.handshakes) <= MOST_HANDSHAKES:
        return None if log is None else replace(log, occurrences=None)
    from wizard.reading.log.sessions import failures  # noqa: PLC0415 - the first screen reads nothing

    groups = groups or failures(log)
    kept = {id(handshake) for group in _first_and_last(groups) for handshake in group.handshakes}
    kept |= {id(h) for h in [h for h in log.handshakes if h.error is None][-_NEWEST:]}
    few: tuple[Handshake, ...] = tuple(h for h in log.handshakes if id(h) in kept)
    return replace(log, handshakes=few, counted=_first_and_last(groups), occurrences=None)


def _first_and_last(groups: tuple[FailureGroup, ...]) -> tuple[FailureGroup, ...]:
    return tuple(
        replace(group, handshakes=(group.handshakes[0], group.handshakes[-1])) if len(group.handshakes) > 2 else group
        for group in groups
    )


def _to_case(table: object) -> Case:
    if not isinstance(table, dict):
        raise CaseFileError(_NO_TABLE)
    case: Case = _structured(table, Case, "case")
    _refuse_what_no_command_can_hold(case)
    return case


def _refuse_what_no_command_can_hold(case: Case) -> None:
    """Refuse names and thumbprints that this program never accepts, before a command with them fails.

    Raises:
        CaseFileError: there is one.
    """
    from wizard.steps.flow import STEPS  # noqa: PLC0415 - the first screen shows no step
    from wizard.steps.undo import undo_command  # noqa: PLC0415

    try:
        for _host, at in everywhere(case):
            for each in STEPS:
                each.commands(at)
            undo_command(at)
    except ValueError as error:
        said = shown_place(str(error)).rstrip(".")
        raise CaseFileError(f"A part of the case is not what it should be: {said}.") from None


def _table(text: str) -> dict[str, Any]:
    try:
        table = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise CaseFileError(f"This is no case: it is not JSON{where}.") from None
    if not isinstance(table, dict):
        raise CaseFileError("This is JSON, but no case of this program.")
    return table


def _structured(table: object, kind: type, where: str) -> Any:
    """Build a value of this kind.

    Raises:
        CaseFileError: the table is invalid; the message names the place.
    """
    return structured(_converter(), table, kind, where, _not_what_it_should_be)


def _not_what_it_should_be(said: str) -> CaseFileError:
    return CaseFileError(f"A part of the case is not what it should be: {said}.")


_NO_TABLE = "The case's content is not a table."

_STANDS = "\0as it stands"
"""Stands for the basis of an unchanged step in schema 1, which stored only that; `_as_it_stands` replaces it."""

_CHANGED = "changed since"

_OF_A_SERVER = frozenset(each.name for each in fields(SourceServer)) - {"answers"}


def _forward_1(table: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 kept the current server in the case itself, and each step's answer in five tables."""
    case = table.get("case")
    if not isinstance(case, dict):
        raise CaseFileError(_NO_TABLE)
    case = dict(case)
    elsewhere = case.pop("elsewhere", {})
    if not isinstance(elsewhere, dict) or not all(isinstance(state, dict) for state in elsewhere.values()):
        raise CaseFileError("case.elsewhere is not a table of servers.")
    shared, own = _answers_1(case)
    case.pop("queues_after_read", None)
    now = {name: case.pop(name) for name in sorted(_OF_A_SERVER & case.keys())}
    on = {}
    here = case.get("here", "")
    if now or own or here:
        on[host(here) if isinstance(here, str) else ""] = {"answers": own, **now}
    for name, state in elsewhere.items():
        there = dict(state)
        # The finished steps of no server were listed there too: they are in the case itself.
        _shared, own = _answers_1(there)
        there.pop("queues_after_read", None)
        on.setdefault(name, {"answers": own, **there})
    return {**table, "schema": 2, "case": {**case, "answers": shared, "on": on}}


def _answers_1(part: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Remove the five tables from a part and join them: the answers of no server, and those of this one."""
    from wizard.steps.flow import ORDER  # noqa: PLC0415 - the first screen reads no case

    answers: dict[StepId, dict[str, Any]] = {}
    for name, key in (("typed", "text"), ("opened_paths", "path")):
        for step_id, value in _by_step(part.pop(name, {}), name).items():
            answers.setdefault(step_id, {})[key] = value
    settled = part.pop("settled", {})
    known = {step_id.value for step_id in ORDER}
    if not isinstance(settled, dict) or any(k not in known or not isinstance(v, bool) for k, v in settled.items()):
        raise CaseFileError("settled is not a table of steps with true or false.")
    for step_id, fresh in _by_step(settled, "settled").items():
        answers.setdefault(step_id, {})["stood_on"] = [_STANDS if fresh else _CHANGED]
    for name in ("skipped", "seen"):
        steps = part.pop(name, [])
        for step_id in _structured(steps, frozenset[StepId], f"case.{name}"):
            answers.setdefault(step_id, {})[name] = True
    shared = {step_id.value: answer for step_id, answer in answers.items() if not step_id.on_each}
    return shared, {step_id.value: answer for step_id, answer in answers.items() if step_id.on_each}


def _by_step(table: object, name: str) -> dict[StepId, Any]:
    """A table of schema 1 by its steps.

    Raises:
        CaseFileError: it is none.
    """
    by_step: dict[StepId, Any] = _structured(table, dict[StepId, Any], f"case.{name}")
    return by_step


def _as_it_stands(case: Case) -> Case:
    """Replace `_STANDS` by the present basis of each finished step."""
    at = dict(everywhere(case))
    on = {
        name: replace(server, answers=_standing(at.get(name, case), server.answers)) for name, server in case.on.items()
    }
    return replace(case, answers=_standing(case, case.answers), on=MappingProxyType(on))


def _standing(case: Case, answers: Answers) -> Answers:
    from wizard.steps.flow import step  # noqa: PLC0415 - the first screen shows no step

    def stands(at: StepId, answer: Answer) -> Answer:
        return replace(answer, stood_on=step(at).basis(case)) if answer.stood_on == (_STANDS,) else answer

    return MappingProxyType({at: stands(at, answer) for at, answer in answers.items()})


_FORWARD = {1: _forward_1}
"""Converts a table of each schema version to the next."""


@functools.cache
def _converter() -> Converter:
    from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override  # noqa: PLC0415 - see tables

    converter = tables.converter(omit_if_default=True, forbid_extra_keys=True)
    converter.register_structure_hook(StepId, lambda value, _kind: _step_named(value))
    converter.register_unstructure_hook(StepId, lambda step_id: step_id.value)
    unkept = override(omit=True)
    converter.register_unstructure_hook(
        LogReading,
        make_dict_unstructure_fn(LogReading, converter, _cattrs_omit_if_default=True, occurrences=unkept),
    )
    converter.register_structure_hook(
        LogReading,
        make_dict_structure_fn(LogReading, converter, _cattrs_forbid_extra_keys=True, occurrences=unkept),
    )
    return converter


def _step_named(value: object) -> StepId:
    """The step of this name; an unknown one is a ValueError."""
    return StepId.of(str(value))
