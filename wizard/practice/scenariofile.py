"""Reads scenarios from TOML, key by key, so that each complaint names its line and the cure.

The shipped files are in `assets/scenarios/`; FORMAT.md there documents them.
"""

from __future__ import annotations

import difflib
import enum
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from wizard.assets import asset_table, assets
from wizard.facts import LoggingLevel, Service
from wizard.machine.files import read_whole, why
from wizard.machine.inert import hidden
from wizard.practice.draw import (
    MOST_PARTNERS,
    VERSIONS,
    CertificatePart,
    ConnectorPart,
    Issuer,
    KeyState,
    PartnerPart,
    QueuePart,
    ServerPart,
    WorldPart,
)
from wizard.practice.scenario import (
    EVENTS,
    TESTS,
    WORDS,
    Conclusion,
    Predicate,
    Scenario,
    ScenarioError,
    ScenarioRule,
    Sort,
)
from wizard.practice.world import EventKind, LogLayout, PartnerFault, Role

Choice = TypeVar("Choice", bound=enum.Enum)

Step = str | int
"""One step down a file: a key, or an index in an array of tables (0 first)."""

MOST_CHARACTERS = 2_000
"""The longest text in a file, in characters."""

MOST_LISTED = 60
"""The most strings in a list."""

MOST_TABLES = 30
"""The most tables of one type."""

_NAME = re.compile(r"[\w.-]{1,40}", re.ASCII)
_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*([\w-]+|"[^"]*"|'[^']*')\s*=""")
_DOTTED = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_QUOTES = ('"""', "'''")


@dataclass(slots=True)
class Problems:
    """The faults of one file, as sentences with their places."""

    name: str
    lines: Mapping[tuple[Step, ...], int] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)

    def add(self, path: tuple[Step, ...], sentence: str) -> None:
        """Add a fault: its place, and the cure."""
        known = next((self.lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in self.lines), None)
        place = f"{self.name}, line {known}" if known else self.name
        self.found.append(f"{place}{f', {named(path)}' if path else ''}: {sentence}")


def named(path: tuple[Step, ...]) -> str:
    """A place in words: `goals 2, say`."""
    words = ""
    for step in path:
        words += f" {step + 1}" if isinstance(step, int) else f"{', ' if words else ''}{step}"
    return words


_AT = re.compile(r"\(at line (\d+)")


def opened(text: str, name: str) -> tuple[TomlTable | None, Problems]:
    """The file as a table, None if it is no TOML; and the list for its faults."""
    problems = Problems(name, _places(text))
    try:
        return TomlTable(tomllib.loads(text), (), problems), problems
    except (ValueError, RecursionError) as error:
        # TOMLDecodeError is not enough: numbers of thousands of digits and deeply nested brackets raise others.
        deep = isinstance(error, RecursionError)
        reason = "it has brackets within brackets, deeper than anybody writes" if deep else error
        at = _AT.search(str(error))
        place = f"{name}, line {at[1]}" if at else name
        likely = " Likely a quotation mark is missing in this line." if "character '\\n'" in str(error) else ""
        problems.found.append(f"{place}: this is not TOML: {reason}.{likely}")
        return None, problems


OF_THE_SCENARIO = frozenset({"allowed", "free", "hints", "minutes", "solution", "story", "teaches", "title"})
"""Keys that only the scenario itself has, which TOML takes for a table's where they stand below its head."""


class TomlTable:
    """One table; it records the keys read, and `done` complains of all others."""

    def __init__(self, table: Mapping[str, Any], path: tuple[Step, ...], problems: Problems) -> None:
        self.path = path
        self._table = table
        self._problems = problems
        self._asked: set[str] = set()

    def wrong(self, sentence: str, *key: Step) -> None:
        """Complain of a key of this table, or of the table."""
        self._problems.add((*self.path, *key), sentence)

    def has(self, key: str) -> bool:
        """True if the key exists."""
        return key in self._table

    def held(self) -> tuple[str, ...]:
        """All keys, in the order of the file."""
        return tuple(self._table)

    def value(self, key: str) -> Any:
        """The value of any type, None without one."""
        self._asked.add(key)
        return self._table.get(key)

    def text(self, key: str, default: str | None = None, lines: bool = False) -> str:
        """A string without blanks at its ends, of one line unless `lines`; required without a default."""
        found = self.value(key)
        if isinstance(found, str) and (found.strip() or default is not None):
            return found.strip() if self.fit(key, found.strip(), lines) else default or ""
        if found is None and default is not None:
            return default
        self.wrong(f'write {key} = "..." with some text in it.', key)
        return default or ""

    def fit(self, key: str, text: str, lines: bool = False) -> bool:
        """True if a string is printable; complains of the first character that is not."""
        if len(text) > MOST_CHARACTERS:
            self.wrong(f"this is too long; write at most {MOST_CHARACTERS} characters.", key)
            return False
        for character in text:
            if hidden(character) or (character in "\n\t" and not lines):
                self.wrong(f"a character in it cannot be shown: U+{ord(character):04X}. Take it out.", key)
                return False
        return True

    def number(self, key: str, default: int, least: int = 0, most: int = 10_000) -> int:
        """A whole number."""
        found = self.value(key)
        if found is None:
            return default
        if isinstance(found, int) and not isinstance(found, bool) and least <= found <= most:
            return found
        self.wrong(f"write a whole number from {least} to {most}, such as {key} = {default}.", key)
        return default

    def flag(self, key: str, default: bool) -> bool:
        """True or false."""
        found = self.value(key)
        if found is None or isinstance(found, bool):
            return default if found is None else found
        self.wrong(f"write {key} = true or {key} = false.", key)
        return default

    def choice(self, key: str, default: Choice, words: Mapping[str, Choice] | None = None) -> Choice:
        """A member of an enum, by its value or by the given words."""
        known = words or {str(each.value): each for each in type(default)}
        found = self.value(key)
        if found is None:
            return default
        if isinstance(found, str) and found in known:
            return known[found]
        self.wrong(f"{_said(found)} is not known; write one of: {', '.join(known)}.", key)
        return default

    def words(self, key: str, default: tuple[str, ...] | None = None, lines: bool = False) -> tuple[str, ...]:
        """One string or a list of strings, each of one line unless `lines`; required without a default."""
        found = self.value(key)
        if found is None and default is not None:
            return default
        listed = [found] if isinstance(found, str) else found
        if isinstance(listed, list) and listed and all(isinstance(each, str) for each in listed):
            if len(listed) <= MOST_LISTED:
                return tuple(listed) if all(self.fit(key, each, lines) for each in listed) else default or ()
            self.wrong(f"these are too many; write at most {MOST_LISTED}.", key)
            return default or ()
        self.wrong(f'write {key} = "one" or {key} = ["one", "two"].', key)
        return default or ()

    def table(self, key: str) -> TomlTable:
        """The table under a key; empty without one."""
        found = self.value(key)
        if found is not None and not isinstance(found, dict):
            self.wrong(f"write a table here: [{key}].", key)
            found = None
        return TomlTable(found or {}, (*self.path, key), self._problems)

    def named_tables(self, key: str, most: int) -> tuple[tuple[str, TomlTable], ...]:
        """The tables under a key by their own keys: `[servers.EX1]`."""
        parent = self.table(key)
        if len(parent.held()) > most:
            self.wrong(f"these are too many; write at most {most}.", key)
            return ()
        for each in parent.held():
            if not _NAME.fullmatch(each):
                self.wrong("a key has letters, digits, _ and -, and at most 40 of them.", key, each)
        return tuple((each, parent.table(each)) for each in parent.held() if _NAME.fullmatch(each))

    def tables(self, key: str) -> tuple[TomlTable, ...]:
        """The tables of an array: `[[goals]]`."""
        found = self.value(key)
        if found is None:
            return ()
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            self.wrong(f"write tables here: [[{key}]].", key)
            return ()
        if len(found) > MOST_TABLES:
            self.wrong(f"these are too many; write at most {MOST_TABLES}.", key)
            return ()
        return tuple(TomlTable(each, (*self.path, key, number), self._problems) for number, each in enumerate(found))

    def done(self, known: Iterable[str] = ()) -> None:
        """Complain of every key that was not read."""
        possible = {*self._asked, *known}
        for key in self._table:
            if key not in self._asked and self.path and key in OF_THE_SCENARIO:
                self.wrong("this belongs to the scenario: write it above the first line in square brackets.", key)
            elif key not in self._asked:
                self.wrong(f"this key is not known here{_meant(key, possible)}.", key)


def nearest(word: str, known: Iterable[str]) -> str:
    """` Did you mean ...?` for a word similar to a known one; otherwise empty."""
    close = difflib.get_close_matches(word, list(known), 1)
    return f" Did you mean {close[0]}?" if close else ""


def _meant(key: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(key, list(known), 1)
    return f"; did you mean {close[0]}" if close else f"; known are {', '.join(sorted(known))}"


def _said(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _places(text: str) -> dict[tuple[Step, ...], int]:
    """The line number of each key and each table."""
    places: dict[tuple[Step, ...], int] = {}
    counts: dict[tuple[Step, ...], int] = {}
    path: tuple[Step, ...] = ()
    inside = ""
    for number, line in enumerate(text.split("\n"), 1):
        if inside:
            inside = "" if inside in line else inside
            continue
        if header := _HEADER.match(line):
            path = _whole(tuple(word.strip("\"'") for word in _DOTTED.findall(header[2])), counts)
            if header[1] == "[[":
                counts[path] = counts.get(path, -1) + 1
                path = (*path, counts[path])
            places.setdefault(path, number)
        elif key := _KEY.match(line):
            places.setdefault((*path, key[1].strip("\"'")), number)
        inside = next((quote for quote in _QUOTES if line.count(quote) % 2), "")
    return places


def _whole(words: tuple[str, ...], counts: Mapping[tuple[Step, ...], int]) -> tuple[Step, ...]:
    """A header's path with its index in every array on the way."""
    path: tuple[Step, ...] = ()
    for word in words[:-1]:
        path = (*path, word)
        if path in counts:
            path = (*path, counts[path])
    return (*path, *words[-1:])


FAULTS: Mapping[str, PartnerFault] = {fault.name.lower().replace("_", "-"): fault for fault in PartnerFault}
"""The faults of a partner, by their words in a scenario's file."""

LAYOUTS: Mapping[str, LogLayout] = {layout.name.lower().replace("_", "-"): layout for layout in LogLayout}
"""The layouts of a certificate in the protocol log, by their words in a scenario's file."""

ROLES: Mapping[str, Role] = {"Mailbox": Role.MAILBOX, "Hub Transport": Role.HUB, "Edge": Role.EDGE}
"""The roles, by their words in a scenario's file."""

STATUSES = (
    "DateInvalid",
    "Invalid",
    "PendingRequest",
    "RevocationCheckFailure",
    "Revoked",
    "Unknown",
    "Untrusted",
    "Valid",
)
"""The statuses of a certificate (PS/Get-ExchangeCertificate)."""

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL}){{0,3}}")
_CERTIFIED = re.compile(rf"@|\*|(?:\*\.)?{_LABEL}(?:\.{_LABEL}){{0,3}}")
_FOLDER = re.compile(r"[A-Za-z]:(?:\\[^\\/:*?\"<>|\s](?:[^\\/:*?\"<>|]{0,98}[^\\/:*?\"<>|\s.])?){1,10}")
_DAYS = 3_660
"""The most days between the start and a certificate's begin or end."""

_RESERVED = {"domain", *WORDS}


def read_world(table: TomlTable) -> tuple[WorldPart, Mapping[str, Sort]]:
    """The start world of a scenario's file, and the type of each key; complains of faults."""
    servers = tuple(_server(key, each) for key, each in table.named_tables("servers", 12))
    certificates = tuple(_certificate(key, each) for key, each in table.named_tables("certificates", 30))
    partners = tuple(_partner(key, each) for key, each in table.named_tables("partners", MOST_PARTNERS))
    connectors = tuple(_connector(key, each) for key, each in table.named_tables("connectors", 12))
    for key, found in (("servers", servers), ("partners", partners), ("connectors", connectors)):
        if not found:
            table.wrong(f"the world needs at least one: [{key}.name].", key)
    first = servers[0].key if servers else ""
    whole = WorldPart(
        here=table.text("here", first),
        servers=servers,
        certificates=certificates,
        partners=partners,
        connectors=connectors,
        queues=tuple(_queue(each) for each in table.tables("queues")),
        history=table.number("history", 45, most=1_440),
    )
    _joined(whole, table)
    sorts = {
        **{part.key: Sort.SERVER for part in servers},
        **{f"{part.key}.own": Sort.CERTIFICATE for part in servers},
        **{part.key: Sort.CERTIFICATE for part in certificates},
        **{part.key: Sort.CONNECTOR for part in connectors},
    }
    return whole, sorts


def _server(key: str, table: TomlTable) -> ServerPart:
    role = table.choice("role", Role.MAILBOX, ROLES)
    release = table.text("release", "2019")
    if release not in VERSIONS:
        table.wrong(f"{release} is not known; write one of: {', '.join(VERSIONS)}.", "release")
    if (role is Role.HUB) is not (release == "2010") and role is not Role.EDGE:
        table.wrong('Exchange 2010 sends by role = "Hub Transport", and only 2010 does.', "role")
    made = ServerPart(
        key,
        role,
        release,
        default=table.text("default", ""),
        iis_front_end=table.text("iis-front-end", ""),
        iis_back_end=table.text("iis-back-end", ""),
        layout=table.choice("layout", LogLayout.ROWS, LAYOUTS) if table.has("layout") else None,
        write_delay=table.number("write-delay", 1, most=1_440) if table.has("write-delay") else None,
        log_path=_like(table, "log-path", "", _FOLDER, "a folder such as D:\\Logs\\Send"),
        answers=table.flag("answers", True),
        require_ssl=table.flag("require-ssl", True),
        subscribed=table.text("subscribed", ""),
    )
    table.done()
    return made


def _certificate(key: str, table: TomlTable) -> CertificatePart:
    known = {service.value: service for service in Service}
    services = table.words("services", ())
    for word in services:
        if word not in known:
            table.wrong(f'"{word}" is no service; write some of: {", ".join(known)}.', "services")
    names = table.words("names", ("mail", "autodiscover"))
    for name in names:
        if not _CERTIFIED.fullmatch(name):
            table.wrong(f'"{name}" is no host name; write one in the mail domain, "*" or "@".', "names")
    made = CertificatePart(
        key,
        on=table.words("on"),
        names=names,
        like=table.text("like", ""),
        issuer=table.choice("issuer", Issuer.PUBLIC),
        services=frozenset(known[word] for word in services if word in known),
        private_key=table.choice("private-key", KeyState.UNREADABLE),
        bound_on=table.words("bound-on", ()),
        begins=table.number("begins", 40, least=-_DAYS, most=_DAYS),
        ends=table.number("ends", 325, least=-_DAYS, most=_DAYS),
        status=_status(table),
    )
    table.done()
    return made


def _like(table: TomlTable, key: str, default: str, shape: re.Pattern[str], wanted: str) -> str:
    """A text of a shape, otherwise empty."""
    found = table.text(key, default)
    if found and not shape.fullmatch(found):
        table.wrong(f"write {wanted}.", key)
        return default
    return found


def _status(table: TomlTable) -> str:
    """A word of Get-ExchangeCertificate, otherwise empty."""
    found = table.text("status", "")
    if found and found not in STATUSES:
        table.wrong(f"{found} is not known; write one of: {', '.join(STATUSES)}.", "status")
    return found


def _partner(key: str, table: TomlTable) -> PartnerPart:
    made = PartnerPart(key, table.choice("fault", PartnerFault.NONE, FAULTS))
    table.done()
    return made


def _connector(key: str, table: TomlTable) -> ConnectorPart:
    made = ConnectorPart(
        key,
        sources=table.words("sources"),
        partner=table.text("partner"),
        name=table.text("name", ""),
        logging=table.choice("logging", LoggingLevel.NONE),
        require_tls=table.flag("require-tls", True),
        tls_certificate=table.text("tls-certificate", ""),
        tls_name=table.text("tls-name", ""),
        fqdn=_like(table, "fqdn", "mail", _HOST, "a host name in the mail domain, such as mail"),
        front_end=table.flag("front-end-proxy", False),
        hybrid=table.flag("hybrid", False),
    )
    table.done()
    return made


def _queue(table: TomlTable) -> QueuePart:
    made = QueuePart(table.text("connector"), table.text("server"), table.number("messages", 5))
    table.done()
    return made


def _joined(whole: WorldPart, table: TomlTable) -> None:
    """Complain of keys that are used twice, are words of the format, or are unknown."""
    servers = [part.key for part in whole.servers]
    partners = [part.key for part in whole.partners]
    connectors = [part.key for part in whole.connectors]
    own = [f"{key}.own" for key in servers]
    seen: set[str] = set()
    parts = (("servers", servers), ("certificates", [part.key for part in whole.certificates]))
    for kind, keys in (*parts, ("partners", partners), ("connectors", connectors)):
        for key in keys:
            if key in _RESERVED or "." in key:
                table.wrong(f'"{key}" is a word of the format; take another key.', kind, key)
            if key in seen:
                table.wrong(f'the key "{key}" is used twice; each part needs one of its own.', kind, key)
            seen.add(key)
    known: list[str] = [*own]
    for certificate in whole.certificates:
        at = ("certificates", certificate.key)
        _among(table, certificate.on, servers, *at, "on")
        _among(table, certificate.bound_on, list(certificate.on), *at, "bound-on")
        # Only those above it, so that there is no circle.
        _among(table, (certificate.like,), known, *at, "like")
        known.append(certificate.key)
    for server in whole.servers:
        at = ("servers", server.key)
        held = [f"{server.key}.own", *(each.key for each in whole.certificates if server.key in each.on)]
        _among(table, (server.default,), held, *at, "default")
        _among(table, (server.iis_front_end,), held, *at, "iis-front-end")
        _among(table, (server.iis_back_end,), held, *at, "iis-back-end")
        _among(table, (server.subscribed,), servers, *at, "subscribed")
    for connector in whole.connectors:
        at = ("connectors", connector.key)
        _among(table, connector.sources, servers, *at, "sources")
        _among(table, (connector.partner,), partners, *at, "partner")
        _among(table, (connector.tls_certificate,), known, *at, "tls-certificate")
    for queue in whole.queues:
        _among(table, (queue.connector,), connectors, "queues")
        _among(table, (queue.server,), servers, "queues")
    _among(table, (whole.here,), servers, "here")


def _among(table: TomlTable, words: Iterable[str], known: list[str], *at: str) -> None:
    for word in words:
        if word and word not in known:
            have = f"Known here are: {', '.join(known)}." if known else "None is known here."
            table.wrong(f'"{word}" is not known.{nearest(word, known)} {have}', *at)


_IDENTITY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MOST_TAUGHT = 76
_MOST_LINES = 8

_SORT_OF: dict[type, Sort] = {Service: Sort.SERVICE, LoggingLevel: Sort.LEVEL, EventKind: Sort.EVENT}


def parsed(text: str, name: str) -> Scenario:
    """Parse a scenario; `name` is the file's, for complaints.

    Raises:
        ScenarioError: a line for each fault.
    """
    table, problems = opened(text, name)
    scenario = _scenario(table) if table else None
    if problems.found or scenario is None:
        raise ScenarioError("\n".join(problems.found))
    return scenario


def _scenario(table: TomlTable) -> Scenario:
    identity = table.text("id")
    if identity and not _IDENTITY.fullmatch(identity):
        table.wrong('write small letters and digits, joined by hyphens: id = "second-server".', "id")
    parts, sorts = read_world(table)
    free = table.flag("free", False)
    rules = _Rules(sorts)
    scenario = Scenario(
        identity=identity,
        title=table.text("title"),
        teaches=_teaches(table),
        minutes=table.number("minutes", 10, least=1, most=240),
        story=_story(table),
        goals=rules.read(table, "goals"),
        forbidden=(*rules.read(table, "forbidden"), *_usual(table, free)),
        hints=_hints(table, free),
        solution=_solution(table, free),
        parts=parts,
        lessons=rules.read(table, "lessons"),
        conclusions=_conclusions(table),
    )
    if not free and not scenario.goals:
        table.wrong("a scenario needs at least one goal: [[goals]].")
    table.done()
    return scenario


def _teaches(table: TomlTable) -> str:
    teaches = table.text("teaches")
    if len(teaches) > _MOST_TAUGHT or "{{" in teaches:
        table.wrong(f"write one line of at most {_MOST_TAUGHT} characters, without placeholders.", "teaches")
    return teaches


def _story(table: TomlTable) -> str:
    story = table.text("story", lines=True)
    if story.count("\n") >= _MOST_LINES:
        table.wrong(f"a story has at most {_MOST_LINES} lines.", "story")
    return story


def _hints(table: TomlTable, free: bool) -> tuple[str, str, str]:
    hints = table.words("hints", ("", "", "") if free else None, lines=True)
    if len(hints) != 3:
        table.wrong(f"write three hints, from gentle to plain, not {len(hints)}.", "hints")
        return "", "", ""
    return hints[0], hints[1], hints[2]


def _solution(table: TomlTable, free: bool) -> tuple[str, ...]:
    """Lines as typed; an empty one is an Enter."""
    lines = table.value("solution")
    if free and lines is None:
        return ()
    if not isinstance(lines, list) or not lines or not all(isinstance(line, str) for line in lines):
        table.wrong("write the lines that solve it as strings: solution = ['one line', 'N'].", "solution")
        return ()
    if len(lines) > MOST_LISTED:
        table.wrong(f"these are too many; write at most {MOST_LISTED}.", "solution")
        return ()
    if any("\n" in line for line in lines):
        table.wrong("each line of the solution is a string of its own; none has a line end in it.", "solution")
        return ()
    return tuple(line for line in lines if table.fit("solution", line))


def _usual(table: TomlTable, free: bool) -> tuple[ScenarioRule, ...]:
    """The damage forbidden in every scenario, except what this one allows."""
    usual = usual_damage()
    allowed = table.words("allowed", ())
    for word in allowed:
        if word not in usual:
            table.wrong(f'"{word}" is not known.{nearest(word, usual)} Known are: {", ".join(usual)}.', "allowed")
    return () if free else tuple(rule for name, rule in usual.items() if name not in allowed)


def usual_damage() -> Mapping[str, ScenarioRule]:
    """The damage forbidden in every scenario, by the word that allows it."""
    found = {}
    for name, entry in asset_table("coach.toml")["damage"].items():
        when = [Predicate("happened", tuple(entry["happened"]))] if "happened" in entry else []
        when += [Predicate(test, negated=True) for test in entry.get("lost", ())]
        repaired = Predicate(entry["repaired"]) if "repaired" in entry else None
        found[name] = ScenarioRule(entry["say"], tuple(when), repaired)
    return found


def _conclusions(table: TomlTable) -> tuple[Conclusion, ...]:
    found = []
    for each in table.tables("conclusions"):
        made = Conclusion(each.text("id"), each.text("say"), each.flag("right", False), each.text("because"))
        each.done()
        found.append(made)
    if found and sum(each.right for each in found) != 1:
        table.wrong("exactly one conclusion is the right one: write right = true in it.", "conclusions")
    if len({each.key for each in found}) != len(found):
        table.wrong("each conclusion needs an id of its own.", "conclusions")
    return tuple(found)


class _Rules:
    """Reads sentences with predicates, given the type of each key."""

    def __init__(self, sorts: Mapping[str, Sort]) -> None:
        self.sorts = sorts

    def read(self, table: TomlTable, key: str) -> tuple[ScenarioRule, ...]:
        return tuple(self._rule(each) for each in table.tables(key))

    def _rule(self, table: TomlTable) -> ScenarioRule:
        say = table.text("say")
        when = [*self._predicates(table, False)]
        if table.has("not"):
            when += self._predicates(table.table("not"), True)
        if not when:
            table.wrong(f"write when this holds; the predicates are: {', '.join(TESTS)}.")
        table.done(TESTS)
        return ScenarioRule(say, tuple(when))

    def _predicates(self, table: TomlTable, negated: bool) -> list[Predicate]:
        found = []
        for name in table.held():
            if name in TESTS:
                words = () if table.value(name) is True else table.words(name)
                self._sorted(table, name, words)
                found.append(Predicate(name, words, negated))
        if negated:
            table.done(TESTS)
        return found

    def _sorted(self, table: TomlTable, name: str, words: tuple[str, ...]) -> None:
        """Complain of words of the wrong type, and of missing ones."""
        test = TESTS[name]
        found = set()
        for word in words:
            sort = _SORT_OF[type(WORDS[word])] if word in WORDS else self.sorts.get(word)
            known = EVENTS if Sort.EVENT in test.takes else (*self.sorts, *WORDS)
            if sort is None:
                table.wrong(f'"{word}" is no key of the world.{nearest(word, known)}', name)
            elif sort not in test.takes:
                table.wrong(f'"{word}" is {sort.value}; {_takes(name)}.', name)
            found.add(sort)
        missing = [sort.value for sort in test.needs if sort not in found]
        if missing and None not in found:
            table.wrong(f"this needs {' and '.join(missing)} as well.", name)


def _takes(name: str) -> str:
    takes = TESTS[name].takes
    return f"{name} is asked of {', '.join(sort.value for sort in takes)}" if takes else f"write {name} = true"


LARGEST = 64 * 1024
"""The largest file read as a scenario, in bytes; none comes near it."""

_SANDBOX = "sandbox.toml"


@cache
def all_scenarios() -> tuple[Scenario, ...]:
    """The shipped scenarios, easiest first, by their file names.

    Raises:
        ScenarioError: one of them is damaged.
    """
    return tuple(read_scenario(path) for path in shipped())


def shipped() -> tuple[Path, ...]:
    """The files of the shipped scenarios."""
    return tuple(sorted(path for path in _folder().glob("*.toml") if path.name != _SANDBOX))


@cache
def sandbox() -> Scenario:
    """The sandbox: a scenario without goals and prohibitions.

    Raises:
        ScenarioError: its file is damaged.
    """
    return read_scenario(_folder() / _SANDBOX)


def find_scenario(name: str) -> Scenario:
    """The scenario with this identity, number in the list, or path.

    Raises:
        ScenarioError: there is none, or the file cannot be used.
    """
    for number, scenario in enumerate(all_scenarios(), 1):
        if name.casefold() in (scenario.identity, str(number)):
            return scenario
    if name.casefold().endswith(".toml"):
        return read_scenario(Path(name))
    meant = nearest(name, (scenario.identity for scenario in all_scenarios()))
    raise ScenarioError(f"There is no scenario {name!a}.{meant} `exchange-cert-wizard practice --list` lists them.")


def read_scenario(path: Path) -> Scenario:
    """Read the scenario in a file.

    Raises:
        ScenarioError: it cannot be read, or is not well-formed.
    """
    try:
        text = read_whole(path, LARGEST)
    except ValueError as error:
        raise ScenarioError(f"{path.name}: this is no scenario: {error}.") from None
    except OSError as error:
        raise ScenarioError(f"{path}: it cannot be read: {why(error)}") from None
    return parsed(text, path.name)


def _folder() -> Path:
    return assets() / "scenarios"
