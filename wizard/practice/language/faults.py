"""What goes wrong with a line: it is not whole yet, it cannot be parsed, or running it failed."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.practice.values import PSObject, Value


class IncompleteError(Exception):
    """The line ends inside a string, a bracket, or after a pipe: PowerShell asks for more with `>> `."""


class ParseError(Exception):
    """The text is no PowerShell. `at` counts characters from 0, `length` is how many of them are to blame."""

    def __init__(self, message: str, identifier: str, at: int, length: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.identifier = identifier
        self.at = at
        self.length = max(length, 1)


class NotKnownError(Exception):
    """PowerShell knows it and the practice shell does not: the message is one plain sentence."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An error record. `invoked` is the command that failed, empty for an expression.

    `remote` is set for Exchange's own cmdlets, which run on the server: their errors have no position in the line.
    """

    message: str
    category: str = "NotSpecified"
    identifier: str = ""
    exception: str = ""
    target: str = ""
    invoked: str = ""
    remote: bool = False
    place: tuple[int, int] | None = None

    def as_object(self) -> PSObject:
        """The error as `$_` in a catch block and as `$Error[0]`."""
        exception = PSObject(
            "Exception", {"Message": self.message}, f"{self.exception or 'System.Exception'}: {self.message}"
        )
        properties: dict[str, Value] = {
            "Exception": exception,
            "TargetObject": self.target or None,
            "CategoryInfo": self.category_line,
            "FullyQualifiedErrorId": self.identifier,
        }
        return PSObject("ErrorRecord", properties, self.message)

    @property
    def category_line(self) -> str:
        """`ObjectNotFound: (Get-Foo:String) [], CommandNotFoundException`."""
        ending = f", {self.exception}" if self.exception else ""
        return f"{self.category}: ({self.target or ':'}) [{self.invoked}]{ending}"


class Raised(Exception):
    """An error that ends the pipeline: what `try` catches, and what else is printed.

    `ends_line` is set by `throw` and `-ErrorAction Stop`: what follows on the line does not run either.
    """

    def __init__(self, fault: Fault, ends_line: bool = False) -> None:
        super().__init__(fault.message)
        self.fault = fault
        self.ends_line = ends_line


class ExitError(Exception):
    """`exit` was entered."""


class LoopEnd(Exception):
    """`break` and `continue` on their way to the loop; `return` to the block."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def exception_of(identifier: str) -> str:
    """The exception's name where an identifier has one, else nothing."""
    name = identifier.rpartition(",")[0] or identifier
    return name if name.endswith("Exception") else ""


def unknown_command(name: str, place: tuple[int, int]) -> Fault:
    """PowerShell's error for a name that is no command."""
    return Fault(
        f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or operable program. "
        "Check the spelling of the name, or if a path was included, verify that the path is correct and try again.",
        "ObjectNotFound",
        "CommandNotFoundException",
        "CommandNotFoundException",
        f"{name}:String",
        "",
        place=place,
    )
