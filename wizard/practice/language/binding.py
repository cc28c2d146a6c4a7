"""Arguments to parameters (about_Parameters, about_Parameter_Binding): beginnings of names, positions, the pipe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from wizard.practice.cmdlet import Parameter
from wizard.practice.language.comparing import same_text
from wizard.practice.language.faults import Fault, Raised
from wizard.practice.language.members import own_property
from wizard.practice.language.texts import items_of, text_of, truth_of
from wizard.practice.language.tree import ScriptBlock
from wizard.practice.values import PSObject, Value

COMMON = (
    Parameter("Verbose", switch=True),
    Parameter("Debug", switch=True),
    Parameter("ErrorAction", values=("SilentlyContinue", "Stop", "Continue", "Inquire", "Ignore"), aliases=("ea",)),
    Parameter("WarningAction", values=("SilentlyContinue", "Stop", "Continue", "Inquire", "Ignore"), aliases=("wa",)),
    Parameter("InformationAction", aliases=("infa",)),
    Parameter("ErrorVariable", aliases=("ev",)),
    Parameter("WarningVariable", aliases=("wv",)),
    Parameter("InformationVariable", aliases=("iv",)),
    Parameter("OutVariable", aliases=("ov",)),
    Parameter("OutBuffer", aliases=("ob",)),
    Parameter("PipelineVariable", aliases=("pv",)),
)
"""The parameters that every cmdlet has (about_CommonParameters)."""

CHANGING = (Parameter("WhatIf", switch=True, aliases=("wi",)), Parameter("Confirm", switch=True, aliases=("cf",)))
"""The parameters of every cmdlet that changes something."""


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument with its value worked out. `name` is empty for one without a name.

    `given` is False for a name with no value behind its colon. `written` is how a number stood on the line.
    """

    name: str = ""
    value: Value = None
    given: bool = True
    written: str = ""


@dataclass(slots=True)
class Bound:
    """The parameters by their full names, and those of `COMMON` apart."""

    parameters: dict[str, Value] = field(default_factory=dict)
    common: dict[str, Value] = field(default_factory=dict)


class Binder:
    """Binds the arguments of one call. `remote` says that the cmdlet is Exchange's own: numbers become text."""

    def __init__(self, invoked: str, parameters: Sequence[Parameter], remote: bool) -> None:
        self._invoked = invoked
        self._parameters = tuple(parameters)
        self._remote = remote
        self._bound = Bound()

    def bind(self, arguments: Sequence[Argument]) -> Bound:
        """What each parameter is given.

        Raises:
            Raised: as PowerShell's own binder says.
        """
        waiting = list(arguments)
        loose: list[Argument] = []
        while waiting:
            argument = waiting.pop(0)
            if not argument.name:
                loose.append(argument)
                continue
            parameter = self._named(argument.name)
            if argument.given:
                self._take(parameter, argument)
            elif parameter.switch:
                self._take(parameter, Argument(value=True))
            elif waiting and not waiting[0].name:
                self._take(parameter, waiting.pop(0))
            else:
                raise self.fault(
                    f"Missing an argument for parameter '{parameter.name}'. Specify a parameter of type "
                    "'System.String' and try again.",
                    "MissingArgument",
                )
        self._positions(loose)
        return self._bound

    def missing(self, piped: bool) -> tuple[Parameter, ...]:
        """The required parameters that nothing was given for; with a pipe, those that it cannot give either."""
        return tuple(
            each
            for each in self._parameters
            if each.required
            and each.name not in self._bound.parameters
            and not (piped and (each.piped or each.piped_by_name))
        )

    def supply(self, parameter: Parameter, value: Value) -> None:
        """A required parameter that was asked for."""
        self._take(parameter, Argument(value=value))

    def from_pipe(self, item: Value) -> Mapping[str, Value]:
        """All parameters for one object of the pipe.

        Raises:
            Raised: no parameter takes it.
        """
        parameters = dict(self._bound.parameters)
        took = False
        for each in self._parameters:
            if each.piped_by_name and each.name not in parameters and isinstance(item, PSObject):
                found = own_property(item, each.name.casefold())
                if found is not None and found[0] is not None:
                    parameters[each.name] = self._converted(each, Argument(value=found[0]))
                    took = True
        by_value = next((each for each in self._parameters if each.piped and each.name not in parameters), None)
        if by_value is not None and item is not None:
            parameters[by_value.name] = self._converted(by_value, Argument(value=item))
            took = True
        if not took:
            raise self.fault(
                "The input object cannot be bound to any parameters for the command either because the command does "
                "not take pipeline input or the input and its properties do not match any of the parameters that take "
                "pipeline input.",
                "InputObjectNotBound",
                target=text_of(item)[:60],
            )
        return parameters

    def fault(self, message: str, identifier: str, target: str = "") -> Raised:
        """An error of the binder."""
        return Raised(
            Fault(
                message,
                "InvalidArgument",
                f"{identifier},{self._invoked}",
                "ParameterBindingException",
                target,
                self._invoked,
                self._remote,
            )
        )

    def _named(self, name: str) -> Parameter:
        every = (*self._parameters, *COMMON)
        wanted = name.casefold()
        exact = [p for p in every if wanted in (p.name.casefold(), *(alias.casefold() for alias in p.aliases))]
        begun = exact or [p for p in every if p.name.casefold().startswith(wanted)]
        if not begun:
            raise self.fault(
                f"A parameter cannot be found that matches parameter name '{name}'.", "NamedParameterNotFound"
            )
        if len(begun) > 1 and not exact:
            matches = " ".join(f"-{each.name}" for each in begun)
            raise self.fault(
                f"Parameter cannot be processed because the parameter name '{name}' is ambiguous. Possible matches "
                f"include: {matches}.",
                "AmbiguousParameter",
            )
        return begun[0]

    def _positions(self, loose: list[Argument]) -> None:
        free = sorted(
            (p for p in self._parameters if p.position is not None and p.name not in self._bound.parameters),
            key=lambda p: p.position or 0,
        )
        for at, argument in enumerate(loose):
            if free and free[0].rest and loose[at + 1 :]:
                every = tuple(item for each in loose[at:] for item in items_of(each.value))
                self._take(free[0], Argument(value=every))
                return
            if not free:
                raise self.fault(
                    f"A positional parameter cannot be found that accepts argument "
                    f"'{argument.written or text_of(argument.value)}'.",
                    "PositionalParameterNotFound",
                )
            self._take(free.pop(0), argument)

    def _take(self, parameter: Parameter, argument: Argument) -> None:
        into = self._bound.common if parameter in COMMON else self._bound.parameters
        if parameter.name in into:
            raise self.fault(
                f"Cannot bind parameter because parameter '{parameter.name}' is specified more than once. To provide "
                "multiple values to parameters that can accept multiple values, use the array syntax. For example, "
                '"-parameter value1,value2,value3".',
                "ParameterAlreadyBound",
            )
        into[parameter.name] = self._converted(parameter, argument)

    def _converted(self, parameter: Parameter, argument: Argument) -> Value:
        if parameter.switch:
            return truth_of(argument.value)
        value = self._as_text(argument.value, argument.written) if self._remote else argument.value
        if parameter.required and (value is None or value == ""):
            what = "null" if value is None else "an empty string"
            raise self.fault(
                f"Cannot bind argument to parameter '{parameter.name}' because it is {what}.",
                "ParameterArgumentValidationErrorEmptyStringNotAllowed"
                if value == ""
                else "ParameterArgumentValidationErrorNullNotAllowed",
            )
        if parameter.lists:
            return self._listed(parameter, value)
        if isinstance(value, tuple) and self._remote:
            if len(value) == 1:
                value = value[0]
            else:
                raise self.fault(
                    f"Cannot convert 'System.Object[]' to the type 'System.String' required by parameter "
                    f"'{parameter.name}'. Specified method is not supported.",
                    "CannotConvertArgument",
                )
        return self._one_of(parameter, value) if parameter.values else value

    def _as_text(self, value: Value, written: str) -> Value:
        """An object as its text; a number as it was written where that says more than its value."""
        if isinstance(value, tuple):
            return tuple(self._as_text(item, "") for item in value)
        if isinstance(value, ScriptBlock) or (isinstance(value, PSObject) and value.text):
            return value.text
        if written and isinstance(value, int | float) and str(value) != written:
            return written
        return value

    def _listed(self, parameter: Parameter, value: Value) -> Value:
        if value is None:
            return None
        if not parameter.values:
            return items_of(value)
        named = [part.strip() for item in items_of(value) for part in text_of(item).split(",")]
        return tuple(self._one_of(parameter, part) for part in named)

    def _one_of(self, parameter: Parameter, value: Value) -> Value:
        """The value in the casing of its declaration; an unambiguous beginning will do, as for every enum."""
        if isinstance(value, int) and parameter in COMMON and 0 <= value < len(parameter.values):
            # -ErrorAction 0 is SilentlyContinue: the words stand in the order of their numbers.
            return parameter.values[value]
        written = text_of(value).strip()
        exact = [each for each in parameter.values if same_text(each, written)]
        begun = exact or [
            each for each in parameter.values if written and each.casefold().startswith(written.casefold())
        ]
        if len(begun) != 1:
            raise self.fault(
                f"Cannot process argument transformation on parameter '{parameter.name}'. Cannot convert value "
                f'"{written}" to the type of the parameter. Error: "Unable to match the identifier name {written} to a '
                "valid enumerator name. Specify one of the following enumerator names and try again: "
                f'{", ".join(parameter.values)}"',
                "ParameterArgumentTransformationError",
            )
        return begun[0]
