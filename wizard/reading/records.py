"""Records: the property names and values PowerShell prints of one object."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from wizard.facts import Line, Mended, Unread
from wizard.reading.text import ELLIPSES

PROPERTY_NAMES = frozenset(
    {
        "thumbprint",
        "services",
        "subject",
        "issuer",
        "notafter",
        "notbefore",
        "hasprivatekey",
        "isselfsigned",
        "rootcatype",
        "serialnumber",
        "certificatedomains",
        "identity",
        "name",
        "guid",
        "enabled",
        "addressspaces",
        "protocollogginglevel",
        "sourcetransportservers",
        "tlscertificatename",
        "smarthosts",
        "fqdn",
        "requiretls",
        "frontendproxyenabled",
        "sendprotocollogpath",
        "deliverytype",
        "status",
        "messagecount",
        "velocity",
        "risklevel",
        "outboundippool",
        "nexthopdomain",
        "lasterror",
        "internaltransportcertificatethumbprint",
    }
)
"""Header names of Exchange's output that identify a table or CSV without underlines or quotes."""

_SEPARATOR = re.compile(r",\s*")

_TYPE_NAME = re.compile(r"(?:System|Microsoft|Deserialized)\.[\w.]+(?:`\d+)?(?:\[.*\])?")

SERVICE_LETTERS = "IPUWSFC"
"""The letters of the default table, each in its own place: IMAP, POP, UM, IIS, SMTP, Federation, UMCallRouter."""

SIX_OR_SEVEN = re.compile(r"[A-Z.]{6,7}")
"""One place for each letter; Exchange 2010 has six."""

_CUT_SERVICES = re.compile(r"(?:\u2026|\.{3}(?!\.)).*|.*(?:\u2026|(?<!\.)\.{3})")

_YES = frozenset({"true", "$true", "1"})

_NO = frozenset({"false", "$false", "0"})


@dataclass(frozen=True, slots=True)
class Value:
    """A property's value as printed.

    `text` is the value with its wrapped lines joined. `sure` is False if a trailing blank may have been lost at a wrap
    or columns could not be separated; `spaced` is then the other joining, with a blank at each such wrap. `cut` says
    that PowerShell cut the value. `items` are the entries of a list (`{a, b}`, a JSON array), without one that was cut.
    """

    text: str
    lines: tuple[Line, ...] = ()
    cut: bool = False
    sure: bool = True
    spaced: str = ""
    items: tuple[str, ...] = ()

    @property
    def flag(self) -> bool | None:
        """True or False, written in any case, with or without a dollar sign, or as 1 or 0."""
        word = self.text.casefold()
        return True if word in _YES else False if word in _NO else None

    @property
    def entries(self) -> tuple[str, ...]:
        """The items of a list; any other value is its own single entry, an empty one has none."""
        return self.items if self.items or not self.text or self.text.startswith("{") else (self.text,)


@dataclass(frozen=True, slots=True)
class Record(Mapping[str, Value]):
    """The properties of one object, looked up without case; a repeated name keeps its first value."""

    properties: tuple[tuple[str, Value], ...]
    lines: tuple[Line, ...] = ()
    _by_name: Mapping[str, Value] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name: dict[str, Value] = {}
        for name, value in self.properties:
            by_name.setdefault(name.casefold(), value)
        object.__setattr__(self, "_by_name", by_name)

    def __getitem__(self, name: str) -> Value:
        return self._by_name[name.casefold()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def text(self, name: str) -> str:
        """The value's text, empty if the property is missing."""
        value = self.get(name)
        return value.text if value else ""

    def whole(self, name: str) -> str:
        """The value's text, empty if the property is missing or its value is cut."""
        value = self.get(name)
        return value.text if value and not value.cut else ""

    def cut(self, name: str) -> bool:
        """True if the property exists and its value is cut."""
        value = self.get(name)
        return bool(value and value.cut)

    def flag(self, name: str) -> bool | None:
        """The value as True or False; None if it is missing or neither."""
        value = self.get(name)
        return value.flag if value else None

    def has_any(self, names: Iterable[str]) -> bool:
        """True if at least one of the properties exists, even empty."""
        return any(name.casefold() in self._by_name for name in names)


@dataclass(slots=True)
class Notes:
    """A reader's repairs, and the parts it left unread."""

    mended: list[Mended] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)

    def leave(self, lines: Sequence[Line], why: str) -> None:
        """Note unread text at the first of the lines."""
        source, number = (lines[0].source, lines[0].number) if lines else ("paste", 1)
        self.unread.append(Unread(source, number, why))


def in_places(text: str) -> bool:
    """True if a Services value is letters in their own places: `IP.WS..`, but not `...IIS`, the end of a list."""
    written = text.replace(*ELLIPSES)
    return bool(SIX_OR_SEVEN.fullmatch(written)) and all(
        letter in (".", place) for letter, place in zip(written, SERVICE_LETTERS, strict=False)
    )


def is_cut_services(text: str) -> bool:
    """True if a Services value may be cut at either end; its dots can also be places without a service."""
    return not in_places(text) and bool(_CUT_SERVICES.fullmatch(text))


def printed(name: str, value: Value, *, column: bool = False) -> Value:
    """A value from Format-List or Format-Table, with its cut and its list entries.

    `column` is for a table: there PowerShell cuts a right-aligned value at its head.
    """
    text = value.text.strip()
    if name.casefold() == "services" and SIX_OR_SEVEN.fullmatch(text.replace(*ELLIPSES)):
        return replace(value, text=text, spaced=text, sure=True, cut=is_cut_services(text))
    spaced = text if value.sure else value.spaced.strip()
    if _TYPE_NAME.fullmatch(text):
        return replace(value, text="", spaced="")
    items, list_cut = list_items(text)
    cut = value.cut or list_cut or text.endswith(ELLIPSES) or (column and text.startswith(ELLIPSES))
    return replace(value, text=text, spaced=spaced, cut=cut, items=items)


def list_items(text: str) -> tuple[tuple[str, ...], bool]:
    """The entries of `{a, b}` and whether it was cut: after four entries, or inside one by a table."""
    if not text.startswith("{"):
        return (), False
    whole = text.endswith("}")
    inner = text[1:-1] if whole else text[1:]
    entries = [entry for entry in _SEPARATOR.split(inner.strip()) if entry]
    cut = not whole
    if entries and entries[-1].endswith(ELLIPSES):
        cut = True
        # Inside whole braces the ellipsis follows a whole entry; without them it replaces the rest of one.
        entries[-1] = entries[-1].removesuffix(ELLIPSES[0]).removesuffix(ELLIPSES[1])
    if not whole and entries:
        entries.pop()
    return tuple(entry for entry in entries if entry), cut


def given(text: str, lines: tuple[Line, ...], items: tuple[str, ...] = ()) -> Value:
    """A value from CSV, JSON or CLIXML, which cut nothing; a mere type name is no value."""
    shown = "" if _TYPE_NAME.fullmatch(text) else text
    return Value(shown, lines, spaced=shown, items=tuple(item for item in items if item))
