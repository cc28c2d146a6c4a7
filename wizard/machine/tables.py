"""Values of dataclasses as the tables of a JSON file and back, every type checked: a file may be anybody's.

cattrs takes 60 ms to import, which only a file on disk should cost: it is imported when the first one is read.
"""

from __future__ import annotations

from collections import abc
from collections.abc import Callable
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cattrs import Converter


def converter(omit_if_default: bool = False, forbid_extra_keys: bool = False) -> Converter:
    """A converter that takes nothing for another type, and times only with their offset; sets are sorted."""
    from cattrs.gen import mapping_structure_factory  # noqa: PLC0415 - see the module
    from cattrs.preconf.json import make_converter  # noqa: PLC0415 - see the module

    # The same value gives the same text.
    made = make_converter(
        forbid_extra_keys=forbid_extra_keys,
        omit_if_default=omit_if_default,
        unstruct_collection_overrides={frozenset: sorted},
    )
    frozen = mapping_structure_factory
    made.register_structure_hook_factory(
        lambda kind: getattr(kind, "__origin__", None) is abc.Mapping,
        lambda kind: lambda table, _kind: MappingProxyType(frozen(kind, made)(table, kind)),
    )
    for primitive in (str, int, bool):
        made.register_structure_hook(primitive, _exactly)
    made.register_structure_hook(datetime, _aware)
    made.register_unstructure_hook(datetime, datetime.isoformat)
    return made


def structured(made: Converter, table: object, kind: type, where: str, fault: Callable[[str], Exception]) -> Any:
    """Build a value of this kind; `where` is the table's place in the file, for the complaint.

    Raises:
        Exception: what `fault` makes of a sentence about the first wrong place.
    """
    from cattrs import transform_error  # noqa: PLC0415 - see the module

    try:
        return made.structure(table, kind)
    except RecursionError:
        raise fault(f"{where} is nested too deep") from None
    except Exception as error:  # noqa: BLE001 - whatever a foreign file makes of it, it is the file's fault
        raise fault(shown_place(transform_error(error, path=where)[0])) from None


def shown_place(said: str) -> str:
    """The converter's complaint, short and printable."""
    return ascii(said)[1:-1][:200]


def _exactly(value: object, kind: type) -> object:
    """A text, number or truth value of exactly this type; nothing is converted."""
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
