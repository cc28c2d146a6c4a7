"""The names of a case: those its facts hold, and those that a pattern finds in any of its texts."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime

from wizard.fitness_rules import not_for_mail
from wizard.redaction_coded import decodings
from wizard.redaction_stand_ins import StandIns, norm

SERVER_FIELDS = frozenset({"server", "here", "log_of", "source_servers"})
HOST_KEYS = frozenset({"elsewhere", "surveyed", "surveyed_in_part"})
"""Fields that hold servers by their host names, as `wizard.case.host` makes them."""

_HOST_FIELDS = frozenset({"fqdn", "tls_domain", "smart_hosts", "next_hop", "remote_host", "domains", "names"})
_CONNECTOR_FIELDS = frozenset({"connector", "typed_name", "made_verbose", "connectors"})
_DEPTH = 2

Match = re.Match[str]

_KEY = r"(?:CN|OU|O|L|ST|S|C|E|EMAILADDRESS|DC|STREET|SERIALNUMBER|POSTALCODE|T|TITLE|SN|G|GN|GIVENNAME|I|INITIALS|UID)"
_DN = re.compile(
    rf"(?<![\w.])(?P<key>{_KEY})\s*=\s*(?:\"\"(?P<csv>[^\"\r\n]*)\"\"|\"(?P<quoted>(?:[^\"]|\"\")*)\"|"
    rf"(?P<plain>(?:\\[^\r\n]|[^,+;\"<>\r\n\\])*?))"
    rf"(?=\s*(?:[,+;\"<>\r\n]|$)|\s+{_KEY}\s*=|\s+[0-9A-Fa-f]{{16,}}\b)",
    re.IGNORECASE,
)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_FQDN = re.compile(rf"(?<![\w.@-])(?:\*\.)?(?:{_LABEL}\.)+[^\W\d_][\w-]{{0,61}}[^\W_](?![\w-]|\.\w)")
_MAIL = re.compile(rf"(?<![\w.+-])[\w.+=-]+@(?:{_LABEL}\.)+[^\W\d_][\w-]*[^\W_]")
_V4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)")
_V6 = re.compile(r"(?<![\w:.\]])[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(?:(?:\d{1,3}\.){3}\d{1,3})?(?![\w:])")
_GUID = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![0-9A-Fa-f])")
_HEX = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{17,}|(?!08[CDEF])[0-9A-Fa-f]{16})(?![0-9A-Za-z])", re.IGNORECASE)
"""Sixteen digits that begin like a session-id of these decades are one: it names nobody."""
_PAIRS = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{2}(?:[ :.-][0-9A-Fa-f]{2}){9,}(?![0-9A-Fa-f])")
_CUT = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{6,39}(?=\.\.\.|\u2026|\*|X{4})")
_HOME = re.compile(r"(?:[\\/]Users|[\\/]home|[\\/]Documents and Settings)[\\/]([^\\/:*?\"<>|\r\n]+)", re.IGNORECASE)
_UNC = re.compile(r"(?<![\\\w:])\\\\([^\\/\s\"'<>|?*;,]+)\\")
_ACCOUNT = re.compile(r"(?<![\w\\:.$-])([A-Z][A-Z0-9-]{1,14})\\([A-Za-z][\w.$-]*)(?![\w\\])")

_FILES = frozenset(
    re.findall(
        r"\w+",
        "bak bat cer clixml cmd config crt csv dll doc docx evtx exe gz htm html ini json log md msg p12 pdf pem pfx "
        "ps1 psd1 psm1 tmp toml txt xls xlsx xml zip",
    )
)
"""Endings of files that no domain of an Exchange organisation has."""

_TYPES = ("microsoft.exchange.", "microsoft.powershell.", "system.")


def texts(value: object, field: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value of dataclasses, tuples, sets and tables, each with the name of the field it is in."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        for key, kept in value.items():
            yield from texts(key, field)
            yield from texts(kept, field)
    elif isinstance(value, tuple | frozenset):
        for each in value if isinstance(value, tuple) else sorted(value, key=str):
            yield from texts(each, field)
    elif is_dataclass(value) and not isinstance(value, enum.Enum | datetime):
        named = type(value).__name__
        for each in fields(value):
            yield from texts(getattr(value, each.name), _field(named, each.name))


def _field(owner: str, name: str) -> str:
    """A field's name; of the fields called `name` and `identity` it matters whose they are."""
    return "connector" if (owner, name) == ("SendConnector", "name") else name


def find(value: object, stand_ins: StandIns) -> None:
    """Give out stand-ins for everything in a value that is a name: servers first, for other names hold theirs."""
    found = list(dict.fromkeys(texts(value)))
    for take in (_servers, _hosts, _connectors, _others):
        for field, text in found:
            take(field, text, stand_ins)
    for text in dict.fromkeys(text for _field_name, text in found):
        _search(text, stand_ins, _DEPTH)


def _servers(field: str, text: str, stand_ins: StandIns) -> None:
    if field in SERVER_FIELDS:
        stand_ins.server(text)
    elif field == "identity" and "\\" in text:
        stand_ins.server(text.rpartition("\\")[0])


def _hosts(field: str, text: str, stand_ins: StandIns) -> None:
    """The keys of tables by host; where a server's full name is known, so is its key."""
    if field in HOST_KEYS and text not in stand_ins.hosts:
        stand_ins.server(text)


def _connectors(field: str, text: str, stand_ins: StandIns) -> None:
    if field in _CONNECTOR_FIELDS:
        stand_ins.connector(text)


def _others(field: str, text: str, stand_ins: StandIns) -> None:
    if field in _HOST_FIELDS and norm(text) != "*":
        stand_ins.host(text)
    elif field == "serial":
        stand_ins.number(text, "serial number")


def _search(text: str, stand_ins: StandIns, depth: int) -> None:
    """Names by pattern in one text, and in what stands coded in it."""
    for pattern, take in _PATTERNS:
        for found in pattern.finditer(text):
            take(found, stand_ins)
    if depth:
        for inside in decodings(text):
            _search(inside, stand_ins, depth - 1)


def _number(found: Match, stand_ins: StandIns) -> None:
    digits = sum(c.isalnum() for c in found[0])
    stand_ins.number(found[0], "thumbprint" if digits == 40 else "serial or other number")


def _path(found: Match, stand_ins: StandIns) -> None:
    if found[1].strip().casefold() not in {"public", "default", "all users"}:
        stand_ins.user(found[1].strip())


def _share(found: Match, stand_ins: StandIns) -> None:
    if found[1] not in (".", "?"):
        stand_ins.server(found[1])


def _account(found: Match, stand_ins: StandIns) -> None:
    r"""DOMAIN\user; what stands behind a server's name is a queue of it."""
    if norm(found[1]) not in stand_ins.everywhere and found[1] not in {"HKLM", "HKCU", "NT", "BUILTIN"}:
        stand_ins.host(found[1])
        stand_ins.user(found[2])


def _value(found: Match, stand_ins: StandIns) -> None:
    value = next(part for part in (found["csv"], found["quoted"], found["plain"]) if part is not None)
    if not not_for_mail((value.strip(),)):
        stand_ins.value(found["key"], value)


def _full_name(found: Match, stand_ins: StandIns) -> None:
    if not _is_file(found[0]) and not _at_an_edge(found, stand_ins):
        stand_ins.domain(found[0])


def _is_file(name: str) -> bool:
    """Whether something with dots is a file's name or a type of .NET, not a host."""
    folded = name.casefold()
    return folded.rpartition(".")[2] in _FILES or folded.startswith(_TYPES)


def _at_an_edge(found: Match, stand_ins: StandIns) -> bool:
    """Whether a name is only the half of a known one, which a console has wrapped at the edge of the line."""
    half, text = norm(found[0]), found.string
    if half in stand_ins.everywhere or found[0] == text.strip():
        return False
    rest = text[found.end() : found.end() + 1]
    before = text[: found.start()].rpartition("\n")[2]
    ends = rest in ("", "\r", "\n") and any(known != half and known.startswith(half) for known in stand_ins.everywhere)
    begins = not before.strip() and any(known != half and known.endswith(half) for known in stand_ins.everywhere)
    return ends or begins


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[Match, StandIns], None]], ...] = (
    (_GUID, lambda found, stand_ins: stand_ins.number(found[0], "GUID")),
    (_HEX, _number),
    (_PAIRS, _number),
    (_CUT, lambda found, stand_ins: stand_ins.beginning(found[0])),
    (_UNC, _share),
    (_HOME, _path),
    (_ACCOUNT, _account),
    (_MAIL, lambda found, stand_ins: stand_ins.mail(found[0])),
    (_DN, _value),
    (_FQDN, _full_name),
    (_V4, lambda found, stand_ins: stand_ins.address(found[0])),
    (_V6, lambda found, stand_ins: stand_ins.address(found[0])),
)
