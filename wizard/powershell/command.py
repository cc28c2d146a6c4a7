"""One PowerShell line: its parts, and the limits for every line of this program.

A line is pasted into a console, where each line feed is an Enter and the next pasted character may answer a question.
So a command is one line of printable ASCII with nothing at its ends, it never answers the overwrite question itself
(`-Force`), and it knows the fact each part came from. Whether it changes the server is read from the line, not
declared: see `changing`.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from wizard.assets import asset_table
from wizard.powershell.literal import literal

_ONE_PRINTABLE_LINE = re.compile(r"[ -~]+")

_QUOTED = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"")

# In double quotes PowerShell runs $(...), and a value there is the number of an enum if the shell lacks Exchange's
# types, so only an environment variable may stand there.
_ONLY_SHOWS = re.compile(r"\"(?:[^\"$`]|\$\(\$env:\w+\))*\"")

# PowerShell takes any unambiguous beginning of a parameter's name, in any case.
_FORCE = re.compile(r"(?i)(?<!\w)-fo(?:r(?:ce?)?)?\b")

_SERVICES_VALUE = re.compile(r"(?i)-services\s+(\S+)")

_NEVER_SERVICES = frozenset({"none", "federation"})

_GUID = re.compile(r"(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_TOKEN = re.compile(
    r"(?P<blank> +)|(?P<text>'')|(?P<variable>\$(?:env:)?\w+)|(?P<type>\[char\]|\[string\](?=\$))"
    r"|(?P<call>\.ToString)(?=\()|(?P<member>\.\w+)(?!\w|\()|(?P<parameter>-[A-Za-z]+)|(?P<number>0x[0-9A-F]+|\d+)"
    r"|(?P<word>[A-Za-z]\w*(?:-[A-Za-z]\w*)?)|(?P<open>[&@]?\{|@?\()|(?P<close>[)}])|(?P<end>[|;])"
    r"|(?P<assign>\+?=)|(?P<operator>[,+*])"
)

_AN_ARGUMENT_FOLLOWS = frozenset({"text", "variable", "type", "member", "parameter", "number", "word", "operator"})

_KEYWORDS = frozenset({"foreach", "if", "else", "try", "catch"})

_RUN_WHAT_FOLLOWS = frozenset({"ForEach-Object", "Where-Object"})

_READING = frozenset(
    {"Select-Object", "Sort-Object", "Format-List", "ConvertTo-Json", "Set-Clipboard", "clip", *_RUN_WHAT_FOLLOWS}
)


class CommandId(enum.Enum):
    """The id of a command in saved cases and JSON."""

    ENABLE_LOGGING = "enable-logging"
    READ_LOG_PATH = "read-log-path"
    READ_LOG = "read-log"
    READ_CONNECTORS = "read-connectors"
    READ_QUEUES = "read-queues"
    READ_CERTIFICATE = "read-certificate"
    READ_CERTIFICATES = "read-certificates"
    READ_DEFAULT = "read-default"
    BIND = "bind"
    BIND_SMALLEST = "bind-smallest"
    VERIFY = "verify"
    RETRY_QUEUE = "retry-queue"
    RESTORE_LOGGING = "restore-logging"
    UNDO_DEFAULT = "undo-default"
    SURVEY = "survey"
    READ_TIMEOUTS = "read-timeouts"
    RAISE_TIMEOUT = "raise-timeout"
    RESTORE_TIMEOUT = "restore-timeout"


BUYS_TIME = frozenset({CommandId.READ_TIMEOUTS, CommandId.RAISE_TIMEOUT, CommandId.RESTORE_TIMEOUT})
"""Commands about when waiting mail goes back to its senders, which are no part of the way to the proof."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a command. `origin` names the step or fact it comes from; empty for fixed text."""

    text: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """One PowerShell line for a person to run. `changes` says that it changes the server.

    `purpose` is one plain sentence. `server` is the server the line names with `-Server`, None when
    it acts on the server it is run on, or on several.

    Raises:
        ValueError: the line is unsafe to paste, or does what no line of this program may do.
    """

    id: CommandId
    parts: tuple[Part, ...]
    purpose: str
    changes: bool
    server: str | None = None

    def __post_init__(self) -> None:
        line = self.text
        if not _ONE_PRINTABLE_LINE.fullmatch(line):
            raise ValueError(f"a command is one line of printable ASCII, not {line!r}")
        if line != line.strip():
            raise ValueError(f"a command has no blank at its ends: {line!r}")
        code = _QUOTED.sub("''", line)
        if _FORCE.search(code):
            raise ValueError(f"a command never answers the overwrite question by itself: {line!r}")
        for named in _SERVICES_VALUE.findall(code):
            if _NEVER_SERVICES.intersection(named.lower().split(",")):
                raise ValueError(f"None and Federation are never given to -Services: {line!r}")
        if self.changes != bool(changing(line)):
            raise ValueError(
                f"only a command that runs nothing but reading cmdlets leaves the server as it is: {line!r}"
            )

    @property
    def answer_no(self) -> bool:
        """True if Exchange may ask to overwrite the default SMTP certificate, where N is the answer (KB step 5)."""
        return self.id in {CommandId.BIND, CommandId.BIND_SMALLEST}

    @property
    def text(self) -> str:
        """The line, without a line feed."""
        return "".join(part.text for part in self.parts)


def joined(*pieces: str | Part) -> tuple[Part, ...]:
    """Pieces as parts; a bare text is fixed text without origin. Adjacent fixed texts become one part."""
    parts: list[Part] = []
    for piece in pieces:
        part = piece if isinstance(piece, Part) else Part(piece)
        if parts and not part.origin and not parts[-1].origin:
            part = Part(parts.pop().text + part.text)
        parts.append(part)
    return tuple(parts)


def identity(connector_name: str, guid: str, origin: str) -> Part:
    """A connector for `-Identity`: its name, or its GUID when the name is not printable ASCII and the GUID is whole.

    Raises:
        UnsafeNameError: the name cannot be written and `guid` is not a whole GUID.
    """
    plain = connector_name != "" and connector_name.isascii() and connector_name.isprintable()
    return Part(literal(guid if not plain and _GUID.fullmatch(guid) else connector_name), origin)


def origins(command: Command) -> tuple[tuple[str, str], ...]:
    """Each part of a command that comes from a fact, with its name in a list, and its origin."""
    rows: list[tuple[str, str]] = []
    before = ""
    for part in command.parts:
        if part.origin:
            # A thumbprint is long and visible above: its parameter names it.
            parameter = before.rpartition(" -")[2].strip()
            named = f"-{parameter}" if part.text.startswith("'") and parameter else part.text.strip(" ,")
            rows.append((named, part.origin))
        before = part.text
    return tuple(rows)


def changing(line: str) -> tuple[str, ...]:
    """The commands of a line that may change something, in order; empty for a line that only reads.

    Every word in a command's position counts, in pipes, blocks and subexpressions too: it is a `Get-` cmdlet, one that
    only picks, sorts, formats or copies to the clipboard, a keyword, or it is returned. Anything that could run
    something without such a word is forbidden in any line: a call operator except on a literal block, a static member,
    a method but ToString, a member's name given to ForEach-Object, an alias such as `%`, redirection, anything in
    double quotes but an environment variable, and setting a property or an environment variable.

    Raises:
        ValueError: the line has something that is not allowed in any.
    """
    for quoted in _QUOTED.findall(line):
        if quoted.startswith('"') and not _ONLY_SHOWS.fullmatch(quoted):
            raise ValueError(f"double quotes hold nothing but text and environment variables: {quoted}")
    tokens = list(_tokens(_QUOTED.sub("''", line)))
    found: list[str] = []
    blocks: list[str] = []
    for at, (kind, text) in enumerate(tokens):
        before = tokens[at - 1] if at else ("end", "")
        after = tokens[at + 1] if at + 1 < len(tokens) else ("end", "")
        if kind == "open":
            blocks.append(text)
        elif kind == "close" and blocks:
            blocks.pop()
        elif kind == "assign" and not _may_be_set(before, blocks):
            raise ValueError(f"nothing but a plain variable is set: {before[1]}{text}")
        elif kind == "word" and before[0] not in _AN_ARGUMENT_FOLLOWS and not _is_key(after, blocks):
            if not _runs_a_block(text, before, after):
                raise ValueError(f"{text} is given a block, never a name: {after[1]!r}")
            if not text.startswith("Get-") and text not in _READING | _KEYWORDS:
                found.append(text)
    return tuple(found)


def _tokens(code: str) -> Iterator[tuple[str, str]]:
    """The tokens of a line with emptied quotes, each with its kind, without blanks.

    Raises:
        ValueError: the line has something that no line of this program has.
    """
    at = 0
    while at < len(code):
        found = _TOKEN.match(code, at)
        if found is None:
            raise ValueError(f"no line of this program has {code[at : at + 20]!r}")
        at = found.end()
        if found.lastgroup and found.lastgroup != "blank":
            yield found.lastgroup, found[0]


def _may_be_set(before: tuple[str, str], blocks: list[str]) -> bool:
    """True if an equals sign follows a plain variable, or a key of a hash literal."""
    kind, text = before
    return (kind == "variable" and ":" not in text) or (kind == "word" and blocks[-1:] == ["@{"])


def _runs_a_block(word: str, before: tuple[str, str], after: tuple[str, str]) -> bool:
    """True if a word that runs a block is followed by one, not by a name to call; true of every other word.

    `foreach` behind a pipe is another name of ForEach-Object, not the keyword.
    """
    if word == "foreach":
        return before[1] != "|" and after == ("open", "(")
    if word in _KEYWORDS:
        return after in {("open", "("), ("open", "{")}
    return word not in _RUN_WHAT_FOLLOWS or after == ("open", "{")


def _is_key(after: tuple[str, str], blocks: list[str]) -> bool:
    """True if a word is a key of a hash literal: an equals sign follows."""
    return after[0] == "assign" and blocks[-1:] == ["@{"]


KINDS = {CommandId.UNDO_DEFAULT: "Undo, answer Y to it: ", CommandId.SURVEY: "Everything in one paste: "}
"""Prefixes of the word Command, for those that are no step of the article."""


class Effect(enum.Enum):
    """A command's effect on the servers; the value is displayed."""

    READS = "only reads"
    CHANGES = "changes the server"
    LASTING = "cannot be taken back"


@dataclass(frozen=True, slots=True)
class About:
    """A command's effect, the way back (empty if it only reads), and its source."""

    effect: Effect
    undo: str
    source: str


def about(command: Command) -> About:
    """The notes on a command for before it is copied (`assets/commands.toml`)."""
    return about_id(command.id)


def about_id(command_id: CommandId) -> About:
    """The notes on the commands of one kind."""
    known = asset_table("commands.toml")[command_id.value]
    return About(Effect[known["effect"].upper()], known.get("undo", ""), known["source"])
