"""The common parameters (about_CommonParameters): what becomes of a call's errors, warnings and output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from wizard.practice.language.faults import Fault, Raised
from wizard.practice.language.texts import as_value, text_of
from wizard.practice.values import Value


class Console(Protocol):
    """What the common parameters need of a run."""

    variables: dict[str, Value]

    def say(self, text: str, words: bool = False) -> None:
        """Print a text at once."""

    def report(self, fault: Fault) -> None:
        """Print an error and go on."""


class Common:
    """What the common parameters of one call ask for."""

    def __init__(self, run: Console, common: Mapping[str, Value]) -> None:
        self._run = run
        self._common = common
        self._faults: list[Value] = []
        # The answer to all further questions of this call, empty for none.
        self.to_all = ""

    def failed(self, fault: Fault) -> None:
        """An error, as -ErrorAction takes it.

        Raises:
            Raised: the action is Stop.
        """
        action = text_of(self._common.get("ErrorAction") or self._run.variables.get("erroractionpreference"))
        self._faults.append(fault.as_object())
        if action.casefold() == "stop":
            raise Raised(fault, ends_line=True)
        if action.casefold() not in ("silentlycontinue", "ignore"):
            self._run.report(fault)
        self._keep_variable("ErrorVariable", self._faults)

    def warned(self, text: str) -> None:
        """A warning, as -WarningAction takes it."""
        action = text_of(self._common.get("WarningAction") or self._run.variables.get("warningpreference"))
        if action.casefold() not in ("silentlycontinue", "ignore"):
            self._run.say(f"WARNING: {text}", words=True)

    def keep(self, values: list[Value]) -> list[Value]:
        """The values, kept in -OutVariable as well."""
        self._keep_variable("OutVariable", values)
        return values

    def _keep_variable(self, parameter: str, values: list[Value]) -> None:
        name = text_of(self._common.get(parameter)).lstrip("+").casefold()
        if name:
            self._run.variables[name] = as_value(values)
