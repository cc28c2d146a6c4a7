"""Select-String: lines of files, or of texts of the pipe, by pattern (PS/X of PowerShell itself)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from wizard.practice.cmdlet import Parameter
from wizard.practice.general.paths import name_of
from wizard.practice.general.targets import target_files
from wizard.practice.language.builtin import Builtin, Invocation
from wizard.practice.language.regular import regular
from wizard.practice.language.texts import items_of, text_of, whole
from wizard.practice.values import PSObject, Value

_PIPED = "InputStream"


def _select_string(call: Invocation) -> Iterator[Value]:
    patterns = [text_of(each) for each in items_of(call.given("Pattern"))]
    finders = [_finder(call, pattern) for pattern in patterns]
    found = list(_found(call, finders, patterns))
    if call.given("Quiet"):
        yield bool(found)
    else:
        yield from found


def _finder(call: Invocation, pattern: str) -> Callable[[str], bool]:
    cased = bool(call.given("CaseSensitive"))
    if call.given("SimpleMatch"):
        simple = re.compile(re.escape(pattern), 0 if cased else re.IGNORECASE)
        return lambda line: simple.search(line) is not None
    expression = regular(pattern, cased)
    return lambda line: expression.search(line) is not None


def _found(call: Invocation, finders: list[Callable[[str], bool]], patterns: list[str]) -> Iterator[PSObject]:
    for path, lines in _sources(call):
        for at, line in enumerate(lines):
            by = next((pattern for finds, pattern in zip(finders, patterns, strict=True) if finds(line)), None)
            if (by is None) == bool(call.given("NotMatch")):
                yield _match(call, path, lines, at, by or "")
                if call.given("List"):
                    break


def _sources(call: Invocation) -> Iterator[tuple[str, list[str]]]:
    """What is searched: files, each with its lines, or each text of the pipe."""
    piped = call.piped or ()
    if call.piped is None or any(isinstance(each, PSObject) and each.get("FullName") for each in piped):
        for path, text in target_files(call):
            lines = text.replace("\r\n", "\n").split("\n")
            yield path, lines[:-1] if not lines[-1] else lines
        return
    texts = [line for each in piped for line in text_of(each).split("\r\n")]
    if texts:
        yield _PIPED, texts


def _match(call: Invocation, path: str, lines: list[str], at: int, pattern: str) -> PSObject:
    before, after = _context(call)
    shown = [
        _line(path, lines, each, each == at, bool(before or after))
        for each in range(max(at - before, 0), min(at + after + 1, len(lines)))
    ]
    properties: dict[str, Value] = {
        "IgnoreCase": not call.given("CaseSensitive"),
        "LineNumber": at + 1,
        "Line": lines[at],
        "Filename": name_of(path),
        "Path": path,
        "Pattern": pattern,
    }
    return PSObject("MatchInfo", properties, "\n".join(shown))


def _context(call: Invocation) -> tuple[int, int]:
    """How many lines before and after a match are shown with it."""
    given = call.given("Context")
    if given is None:
        return 0, 0
    counts = [min(max(whole(each), 0), 1000) for each in items_of(given)] or [0]
    return counts[0], counts[-1]


def _line(path: str, lines: list[str], at: int, is_match: bool, marked: bool) -> str:
    mark = ("> " if is_match else "  ") if marked else ""
    return f"{mark}{lines[at]}" if path == _PIPED else f"{mark}{path}:{at + 1}:{lines[at]}"


BUILTINS = (
    Builtin(
        "Select-String",
        _select_string,
        (
            Parameter("Pattern", position=0, lists=True, required=True),
            Parameter("Path", position=1, lists=True, piped_by_name=True),
            Parameter("LiteralPath", lists=True, aliases=("PSPath", "FullName")),
            Parameter("InputObject", piped=True),
            Parameter("Context", lists=True),
            Parameter("Encoding"),
            *(
                Parameter(name, switch=True)
                for name in ("SimpleMatch", "CaseSensitive", "Quiet", "List", "NotMatch", "AllMatches")
            ),
        ),
        "Finds text in strings and files.",
        ("sls",),
    ),
)
