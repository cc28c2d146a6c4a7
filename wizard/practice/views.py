"""How a kind of object is shown when nobody says how: the table of its columns, or the list of its properties."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wizard.practice.values import PSObject, Value


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a default table. `label` stands above it.

    `of` is the property's name, or a function where the table shows something of its own, as the letters of
    Services. `width` is in cells, None for as wide as the values and the console allow. `right` puts
    values and label to the right, as PowerShell does with numbers and enums in a table of its own making.
    """

    label: str
    of: str | Callable[[PSObject], Value]
    width: int | None = None
    right: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """How objects of one kind are shown.

    With `columns` the default is that table, else a list of `properties`, else PowerShell's own choice: a table up
    to four properties, a list beyond. `properties` are also what Format-List shows when it is given no names;
    empty for all of them. `group` names a property whose value stands above the table of the objects that share
    it, behind `group_label`.
    """

    kind: str
    columns: tuple[Column, ...] = ()
    properties: tuple[str, ...] = ()
    group: str = ""
    group_label: str = ""
