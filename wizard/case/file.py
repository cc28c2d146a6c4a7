"""A case as JSON and back: one file is one case, with a schema version, checked field by field on the way in.

What is kept: answers, facts, the lines that prove them, the journal. A pasted log is not kept, only
what was read from it, unless it is asked for; of thousands of handshakes, the first and the last of
each kind. A file from somebody else is evidence: it is parsed and never trusted, and nothing in it runs.
"""

from __future__ import annotations

import enum
import functools
import json
from collections import abc
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from wizard import __version__
from wizard.case.case import LOG_STEPS, Case, ServerState, StepId, host
from wizard.case.servers import at_server
from wizard.facts import FailureGroup, Handshake, LogReading
from wizard.reading.log.sessions import failures
from wizard.reading.recognise import recognise
from wizard.reading.text import Kind, clean
from wizard.steps.flow import STEPS, check_again, step
from wizard.steps.undo import undo_command

if TYPE_CHECKING:
    from cattrs import Converter

MOST_LOGS = 8_000_000
"""Characters of all that was given, logs too, that a case keeps at most: it is written after every answer."""

_NEVER = datetime.fromtimestamp(0, UTC)


class CaseFileError(Exception):
    """A file that is no case this program can read; the message says in a sentence what is wrong with it, and where."""


class NewerCaseError(CaseFileError):
    """A case of a newer version of this program."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A case as it is kept: with its id, the name a person gave it, and when it was saved (aware, UTC).

    `keep_logs` is what the person said of the logs pasted in this case; None leaves it to the settings.
    """

    id: str
    case: Case
    name: str = ""
    saved: datetime = _NEVER
    archived: bool = False
    keep_logs: bool | None = None


class Logs(enum.Enum):
    """What becomes of the logs that were pasted in a case; the value says it to the person."""

    KEPT = "Pasted logs stay in this case, and go with it."
    LEFT_OUT = "Pasted logs are left out of this case."
    TOO_LARGE = "The pasted logs are too large to stay in this case (8 MB)."


def logs_of(saved: Saved, usual: bool) -> Logs:
    """What becomes of a case's pasted logs; `usual` is what the settings say."""
    if not (usual if saved.keep_logs is None else saved.keep_logs):
        return Logs.LEFT_OUT
    everywhere = [saved.case.typed, *(state.typed for state in saved.case.elsewhere.values())]
    given = sum(len(text) for typed in everywhere for text in typed.values())
    return Logs.KEPT if given <= MOST_LOGS else Logs.TOO_LARGE


SCHEMA = 1
"""The version of the file's shape. A file of a newer one is refused; one of an older one is brought forward."""

MOST_HANDSHAKES = 200
"""Handshakes of a log that are kept one by one; of more, the first and last of each kind and the newest successes."""

MOST_TYPED = 1_000_000
"""Characters of a text given at a step that are kept; of a larger one, only what was read from it."""

_HEAD = 4_000
"""Characters at the beginning of a text that tell whether it is a log."""

_Part = TypeVar("_Part", Case, ServerState)

_NEWEST = 20

_STALE = ("changed since",)


def written(saved: Saved, keep_logs: bool = False) -> str:
    """A case as JSON text that a person can read, ending in a line feed.

    `keep_logs` says whether pasted logs stay in it, where nothing was said of this case.
    """
    case = saved.case if logs_of(saved, keep_logs) is Logs.KEPT else slimmed(saved.case)
    content = {
        "schema": SCHEMA,
        "program": f"exchange-cert-wizard {__version__}",
        "id": saved.id,
        "name": saved.name,
        "saved": saved.saved.isoformat(),
        "archived": saved.archived,
        **({} if saved.keep_logs is None else {"keep_logs": saved.keep_logs}),
        "case": _of_case(case),
    }
    return json.dumps(content, indent=1, ensure_ascii=True) + "\n"


A_RECORD = (
    "This is the record of a case, to be read and not gone on with. "
    "Ask for the case itself: exchange-cert-wizard export CASE writes it."
)


def parsed(text: str) -> Saved:
    """A case read from JSON text.

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
    for version in range(schema, SCHEMA):
        table = _FORWARD[version](table)
    envelope = {key: table.get(key) for key in ("id", "name", "archived")}
    if not (isinstance(envelope["id"], str) and isinstance(envelope["name"], str)):
        raise CaseFileError("The case has no id or no name that is a text.")
    return Saved(
        envelope["id"],
        _to_case(table.get("case")),
        envelope["name"],
        _structured(table.get("saved"), datetime, "saved"),
        envelope["archived"] is True,
        kept if isinstance(kept := table.get("keep_logs"), bool) else None,
    )


def slimmed(case: Case) -> Case:
    """The case without the raw text of its logs, and with few of very many handshakes."""
    elsewhere = {name: _slim(state) for name, state in case.elsewhere.items()}
    return replace(_slim(case), elsewhere=MappingProxyType(elsewhere))


def without_paths(case: Case) -> Case:
    """The case without the files and folders that were opened: on another computer they are others, or none."""
    none: Mapping[StepId, str] = MappingProxyType({})
    elsewhere = {name: replace(state, opened_paths=none) for name, state in case.elsewhere.items()}
    return replace(case, opened_paths=none, elsewhere=MappingProxyType(elsewhere))


def _slim(part: _Part) -> _Part:
    """What belongs to one server, without what a log weighs."""
    return replace(
        part,
        typed=_without_logs(part.typed),
        log=_few(part.log, part.failed),
        failed=_first_and_last(part.failed),
        log_after=_few(part.log_after, ()),
    )


def shown_short(value: object) -> str:
    """A value of a foreign file for a sentence: short, and with nothing a terminal acts on."""
    text = str(value)
    return ascii(text if len(text) <= 60 else f"{text[:60]}...").strip("'\"")


def _without_logs(typed: Mapping[StepId, str]) -> Mapping[StepId, str]:
    """What was given, without logs, at whichever step they were pasted, and without what is too large to be kept."""
    return MappingProxyType(
        {
            step: text
            for step, text in typed.items()
            if step not in LOG_STEPS and len(text) <= MOST_TYPED and not _is_log(text[:_HEAD])
        }
    )


@functools.lru_cache(maxsize=64)
def _is_log(head: str) -> bool:
    return recognise(clean(head)) in (Kind.SEND_LOG, Kind.RECEIVE_LOG)


def _few(log: LogReading | None, groups: tuple[FailureGroup, ...]) -> LogReading | None:
    """A log whose many handshakes are cut down as a scan has them: first and last of each kind, newest successes."""
    if log is None or len(log.handshakes) <= MOST_HANDSHAKES:
        return None if log is None else replace(log, occurrences=None)
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


# The case and the table that stands for it


def _of_case(case: Case) -> dict[str, Any]:
    table: dict[str, Any] = _converter().unstructure(case)
    table["settled"] = _freshness(case)
    for name, state in table.get("elsewhere", {}).items():
        state["settled"] = _freshness(_at(case, name))
    return table


def _to_case(table: object) -> Case:
    if not isinstance(table, dict):
        raise CaseFileError("The case's content is not a table.")
    fresh = _taken_out(table)
    elsewhere = table.get("elsewhere", {})
    if not isinstance(elsewhere, dict) or not all(isinstance(state, dict) for state in elsewhere.values()):
        raise CaseFileError("case.elsewhere is not a table of servers.")
    fresh_there = {name: _taken_out(state) for name, state in elsewhere.items()}
    case: Case = _structured(table, Case, "case")
    states = {
        name: replace(state, settled=_bases(_at(case, name), fresh_there[name]))
        for name, state in case.elsewhere.items()
    }
    case = replace(case, elsewhere=MappingProxyType(states))
    case = replace(case, settled=_bases(case, fresh))
    _refuse_what_no_command_can_hold(case)
    return case


def _refuse_what_no_command_can_hold(case: Case) -> None:
    """A name or thumbprint that this program would never have taken must not end it when its command is written.

    Raises:
        CaseFileError: there is one.
    """
    try:
        for at in (case, *(_at(case, name) for name in case.elsewhere)):
            for each in STEPS:
                each.commands(at)
            undo_command(at)
    except ValueError as error:
        said = shown_place(str(error)).rstrip(".")
        raise CaseFileError(f"A part of the case is not what it should be: {said}.") from None


def _at(case: Case, name: str) -> Case:
    """The case at the server of this host name."""
    return at_server(case, next((server for server in case.servers if host(server) == name), name))


def _freshness(case: Case) -> dict[str, bool]:
    """For each step that was finished: whether it still stands on what it stood on then."""
    stale = check_again(case)
    return {step_id.value: step_id not in stale for step_id in case.settled}


def _bases(case: Case, fresh: Mapping[StepId, bool]) -> Mapping[StepId, tuple[object, ...]]:
    """What each finished step stands on: what is there now, or something that no longer is."""
    return MappingProxyType({at: step(at).basis(case) if is_fresh else _STALE for at, is_fresh in fresh.items()})


def _taken_out(table: dict[str, Any]) -> Mapping[StepId, bool]:
    """The finished steps of a table, taken out of it.

    Raises:
        CaseFileError: they are not steps with yes or no.
    """
    settled = table.pop("settled", {})
    known = {step_id.value: step_id for step_id in StepId}
    if not isinstance(settled, dict) or any(k not in known or not isinstance(v, bool) for k, v in settled.items()):
        raise CaseFileError("settled is not a table of steps with true or false.")
    return {known[name]: fresh for name, fresh in settled.items()}


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
    """A value of this kind.

    Raises:
        CaseFileError: the table is not one; the message names the place.
    """
    from cattrs import transform_error  # noqa: PLC0415 - 60 ms, which only a case on disk should cost

    try:
        return _converter().structure(table, kind)
    except RecursionError:
        raise CaseFileError(f"{where} is nested too deep.") from None
    except Exception as error:  # noqa: BLE001 - whatever a foreign file makes of it, it is the file's fault
        said = transform_error(error, path=where)
        raise CaseFileError(f"A part of the case is not what it should be: {shown_place(said[0])}.") from None


def shown_place(said: str) -> str:
    """What the converter says of a fault, short and printable."""
    return ascii(said)[1:-1][:200]


def _forward_1(table: dict[str, Any]) -> dict[str, Any]:
    """Nothing yet: the place where a file of schema 1 is brought to schema 2."""
    return table


_FORWARD = {1: _forward_1}
"""For each schema version: what brings a table of it to the next one."""


@functools.cache
def _converter() -> Converter:
    """Values to what JSON can hold, and back with every type checked."""
    from cattrs.gen import (  # noqa: PLC0415 - see _structured
        make_dict_structure_fn,
        make_dict_unstructure_fn,
        mapping_structure_factory,
        override,
    )
    from cattrs.preconf.json import make_converter  # noqa: PLC0415 - see _structured

    # Sets in one order, so that the same case is the same text.
    converter = make_converter(
        forbid_extra_keys=True, omit_if_default=True, unstruct_collection_overrides={frozenset: sorted}
    )
    frozen = mapping_structure_factory
    converter.register_structure_hook_factory(
        lambda kind: getattr(kind, "__origin__", None) is abc.Mapping,
        lambda kind: lambda table, _kind: MappingProxyType(frozen(kind, converter)(table, kind)),
    )
    for primitive in (str, int, bool):
        converter.register_structure_hook(primitive, _exactly)
    converter.register_structure_hook(datetime, _aware)
    converter.register_unstructure_hook(datetime, datetime.isoformat)

    def omitting(kind: type, **options: Any) -> dict[str, Any]:
        """Options that leave out what is written in another way, or not kept at all."""
        names = {"settled", "occurrences"} & {each.name for each in fields(kind)}
        return {**options, **{name: override(omit=True) for name in names}}

    for kind in (LogReading, ServerState, Case):
        converter.register_unstructure_hook(
            kind, make_dict_unstructure_fn(kind, converter, **omitting(kind, _cattrs_omit_if_default=True))
        )
        converter.register_structure_hook(
            kind, make_dict_structure_fn(kind, converter, **omitting(kind, _cattrs_forbid_extra_keys=True))
        )
    return converter


def _exactly(value: object, kind: type) -> object:
    """A text, number or truth value that is exactly one; nothing is made into another."""
    if type(value) is not kind:
        raise TypeError(f"expected {kind.__name__}, not {type(value).__name__}")
    return value


def _aware(value: object, _kind: type) -> datetime:
    """A time with its offset, in UTC."""
    if not isinstance(value, str):
        raise TypeError("expected a time as text")
    time = datetime.fromisoformat(value)
    if time.tzinfo is None:
        raise ValueError("a time without its offset from UTC")
    return time.astimezone(UTC)
