"""Removes the residue of web pages, chats, editors, tables and searches around the rows of a protocol log.

A line loses text only in front of or behind a row or header of a log, so the partner's words inside a row stay.
"""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Iterator
from dataclasses import replace

from wizard.facts import Line, Mended
from wizard.reading.text import INVISIBLE, Text

TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,7})?Z"

EVENTS = frozenset("+-<>*")

STARTS = re.compile(rf"{TIME},")

STARTS_INSIDE = re.compile(
    rf'{TIME},(?:"[^"]{{0,256}}(?:""[^"]{{0,256}}){{0,8}}"|[^,"]{{0,256}}),[0-9A-Fa-f]{{16}},[0-9]{{1,9}},'
)

HEADER = re.compile(
    r"(?i)#\s*(?:Software|Version|Log-type|Date|Fields)\s*:"
    r"|Software: Microsoft Exchange|Version: [0-9]+\.[0-9.]+\s*$"
    r"|Log-type: SMTP|Fields: date-time,|Date: [0-9]{4}-[0-9-]{5}T"
)

_MARKS = "".join(INVISIBLE) + "\u00ad\u00a0"

_TAG = (
    r"</?(?:br|p|div|span|li|ul|ol|td|th|tr|table|tbody|pre|code|samp|tt|blockquote|b|strong|em|i|u|s|font|a|h[1-6])"
    r"(?=[\s/>])[^<>]{0,200}>"
)

_NAMED_MARK = r"&(?:amp;)?(?:gt|lt|nbsp|quot|ensp|emsp|thinsp|zwnj|bull|middot|#0?39|#62|#160|#8203|#x200b|#xa0);"

_IN_FRONT = re.compile(
    rf"(?i)(?:[\s>|•·▪◦●*+`_~=\"'“”„«»›‐-―-]|[{_MARKS}]|{_NAMED_MARK}|{_TAG}"
    rf"|\(?[0-9]{{1,6}}[.):](?!\S{{0,2}}T)|\[[0-9]{{1,9}}\]:?"
    rf"|(?:Line|L|Zeile|Ligne|L[ií]nea|Riga|Regel|Row|Строка)\s{{0,3}}[0-9]{{1,9}}\s?[:.)-]|Line\s{{0,40}}:"
    rf"|[0-9]{{1,9}}[:-](?={TIME}|#))++"
)

_FILE_IN_FRONT = re.compile(
    r"(?i)[\s>|*`]{0,40}[^,\"<>|*?\n]{1,260}?\.(?:log|txt|csv)"
    r"(?:[:-](?:[0-9]{1,9}[:-](?![0-9]{2}-))?|\([0-9]{1,9}\)\s?:?)\s{0,8}"
)

_MOST_WORDS_IN_FRONT = 160

_LABEL_OF_A_SEARCH = re.compile(r"(?:IgnoreCase|LineNumber|Filename|Path|Pattern|Context|Matches)\s{0,40}:(?:\s|$)")

_LINE_OF_A_LIST = re.compile(r"\s*Line\s{0,40}:\s")

_STICKY = frozenset("*`|;\\_~>" + _MARKS)

_STICKY_SIGNS = "*`|\\_~ \t" + _MARKS

_LAST_TAG = re.compile(rf"(?i)(?:{_TAG}|&(?:amp;)?(?:nbsp|#160|#8203|#x200b|#xa0|zwnj);)\Z")

_LONGEST_TAG = 220

_RULE = re.compile(r"[-=_*~|:+\s`]+|(?:```|~~~)\s*\w{0,20}")

_NO_LETTERS = re.compile(r"[^a-z]+")

_ENTITY = re.compile(r"&(?:#[0-9]{1,6}|#[xX][0-9A-Fa-f]{1,5}|[A-Za-z]{2,8});")

_ESCAPED = re.compile(r",&(?:amp;)?[gl]t;,|,&(?:amp;)?quot;")

_BACKSLASHED = re.compile(r",\\[-+*<>],")

_BACKSLASH = re.compile(r"\\([-+*<>_.#\[\]()!`~|])")

_CELLS = re.compile(rf"[\s>|\"]{{0,40}}{TIME}\"?[ \u00a0]{{0,8}}(?P<mark>[\t;|])")

_SESSION = re.compile(r"[0-9A-Fa-f]{16}")

_FIELDS = 9


def in_front(text: str) -> tuple[str, str]:
    """The text before a row or header on this line, and its description; empty without any."""
    found = _IN_FRONT.match(text)
    if found and _begins(text, found.end()):
        return found[0], _said(found[0])
    if _begins(text, 0):
        return "", ""
    if found := _FILE_IN_FRONT.match(text):
        marks = _IN_FRONT.match(text, found.end())
        end = marks.end() if marks else found.end()
        if _begins(text, end):
            return text[:end], "removed the file name that a search put in front of the row"
    return "", ""


def names_a_file(text: str) -> bool:
    """True if a search put a file name, or the label of its list, before a row on this line."""
    if is_line_of_a_list(text):
        return True
    found = _FILE_IN_FRONT.match(text)
    return found is not None and STARTS.match(text, found.end()) is not None


def begins_a_row(text: str) -> bool:
    """True if a row of a log, whole or broken, begins on this line after any prefix."""
    if text[:1].isdigit() and STARTS.match(text):
        return True
    prefix, _ = in_front(text)
    return STARTS.match(text, len(prefix)) is not None or bool(words_in_front(text) or delimited(text))


def words_in_front(text: str) -> str:
    """The words before a row inside this line, such as its sender in a chat; empty without any."""
    found = STARTS_INSIDE.search(text[: _MOST_WORDS_IN_FRONT + 640])
    return text[: found.start()] if found and 0 < found.start() <= _MOST_WORDS_IN_FRONT else ""


def _begins(text: str, at: int) -> bool:
    return bool(STARTS.match(text, at) or HEADER.match(text, at))


def _said(prefix: str) -> str:
    """Describe a prefix of marks."""
    if re.search("<|&", prefix):
        return "removed a web page's marks in front of the row"
    if _LINE_OF_A_LIST.match(prefix):
        return "took the row out of a search's list"
    if ">" in prefix or "|" in prefix:
        return "removed quote marks in front of the row"
    if any(character.isdigit() for character in prefix):
        return "removed the list number in front of the row"
    return "removed the list mark in front of the row" if prefix.strip() else "removed the indentation"


def sticks(text: str) -> bool:
    """True if the line ends with something no row ends with."""
    return text[-1:] in _STICKY and bool(behind(text)[1])


def behind(text: str) -> tuple[str, str]:
    """The text without the residue at its end, and a description of that; empty without any."""
    end = len(text)
    taken = False
    while end:
        kept = text[max(end - _LONGEST_TAG, 0) : end]
        without = kept.rstrip(_STICKY_SIGNS)
        begins = without.rfind("<" if without.endswith(">") else "&")
        if begins >= 0 and _LAST_TAG.match(without, begins):
            without = without[:begins]
        elif without.endswith(";"):
            without = without.rstrip(";")
        elif not kept[len(without) :].strip():
            break
        end -= len(kept) - len(without)
        taken = True
    return (text[:end].rstrip(), "removed marks that stuck to the end of the row") if taken else (text, "")


def is_rule(text: str) -> bool:
    """True if a line has only signs: a fence, a table's rule, a separator between results, a tag alone."""
    bare = text.strip()
    if not bare or _RULE.fullmatch(bare):
        return bool(bare)
    rest = behind(bare)[0]
    return not rest or _IN_FRONT.fullmatch(rest) is not None


def names_the_fields(text: str) -> bool:
    """True for the head of a table of rows: the names of a protocol log's fields."""
    return "datetimeconnectoridsessionid" in _NO_LETTERS.sub("", text[:200].casefold())


def labels_a_search(text: str) -> bool:
    """True for a label of Select-String's Format-List other than the row's."""
    return _LABEL_OF_A_SEARCH.match(text) is not None


def is_line_of_a_list(prefix: str) -> bool:
    """True if the prefix of a row is the label `Line :` of Select-String's Format-List."""
    return _LINE_OF_A_LIST.match(prefix) is not None


def is_escaped(text: str) -> bool:
    """True if a web page wrote the row's event or quotation marks as entities."""
    return "&" in text and _ESCAPED.search(text) is not None


def unescaped(text: str) -> str:
    """Replace entities by their characters."""
    once = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    return _ENTITY.sub(lambda found: html.unescape(found[0]), once) if "&amp;" in text else once


def without_backslashes(text: str) -> str:
    """Remove Markdown's backslashes if the row's event has one."""
    return _BACKSLASH.sub(r"\1", text) if "\\" in text and _BACKSLASHED.search(text) else text


def unquoted(text: str) -> str:
    """A row without quotation marks around the whole, as in a spreadsheet's cell or a string of JSON."""
    inner = behind(text.rstrip(" \t,;|"))[0].rstrip(" \t,;|")
    if inner[-1:] not in {'"', "”", "“", "'"}:
        return text
    inner = inner[:-1]
    return inner.replace('\\"', '"') if '\\"' in inner else inner.replace('""', '"')


def delimited(text: str) -> str:
    """The row whose nine fields are separated by tabs, semicolons or pipes; empty if it is none."""
    found = _CELLS.match(text)
    if not found:
        return ""
    mark = found["mark"]
    try:
        cells = next(csv.reader((text.strip().strip("|") if mark == "|" else text.lstrip(" >"),), delimiter=mark), [])
    except csv.Error:
        return ""
    cells = [cell.strip() for cell in cells]
    while len(cells) > _FIELDS and not cells[-1]:
        cells.pop()
    if len(cells) == _FIELDS - 1:
        cells.append("")
    if len(cells) > _FIELDS:
        cells[7:-1] = [mark.join(cells[7:-1])]
    if len(cells) != _FIELDS or not _SESSION.fullmatch(cells[2]) or not cells[3].isdecimal():
        return ""
    cells[6] = unescaped(cells[6]).removeprefix("\\")
    if cells[6] not in EVENTS:
        return ""
    return ",".join('"' + cell.replace('"', '""') + '"' if set(cell) & set('",') else cell for cell in cells)


_LABELLED = re.compile(r"\s*[A-Za-z_][\w.()'-]{0,60}\s*:(?:\s|$)")

_TAG_OF_A_PAGE = (
    r"(?:</?(?:br|p|div|span|li|ul|ol|td|th|tr|table|tbody|pre|code|samp|blockquote|strong|em|font|a|h[1-6])"
    r"(?=[\s/>])[^<>]{0,200}>|</[isub]>)"
)
"""Not `<I>` and `<S>`, which stand in a TlsCertificateName."""

_LEADING_TAG = re.compile(rf"(?i)(\s*)((?:{_TAG_OF_A_PAGE})+)")

_TRAILING_TAG = re.compile(rf"(?i){_TAG_OF_A_PAGE}\Z")

_OBJECTS = re.compile(r"<Objs?\s")

_PAGE = re.compile(r"&(?:amp;)?(?:nbsp|[gl]t|quot|#0?39|#160|#xa0);")

_BOLD_LABEL = re.compile(r"(\s*)(\*\*|__)([A-Za-z_][\w.]{0,60})(\s*:?)\s*\2(\s*:?)")

_FRAMES = (("**", "**"), ("__", "__"), ("`", "`"), ("|", "|"))

_FRONTS = (
    re.compile(r"\s{0,8}[-*•·+–]\s+"),
    re.compile(r"\s{0,8}\(?[0-9]{1,4}[.):]\s+"),
    re.compile(r"\s{0,8}&gt;\s?"),
)

_TAILS = (";", ",", "\\", "|")

_CELL = re.compile(r"\s*\|(.*)\|\s*$")

_RULE_OF_CELLS = re.compile(r"\s*\|(?:\s*:?-{2,}:?\s*\|)+\s*$")

_FEWEST = 2
"""A mark on all labels, and on at least this many, belongs to none of them."""


def unstuck(text: Text) -> Text:
    """Remove a page's, chat's or editor's residue from the lines of listings; noted in `mended`."""
    lines = [line.text for line in text.lines]
    if any(_OBJECTS.search(line) for line in lines):
        return text
    escaped = any(_PAGE.search(line) for line in lines if "&" in line)
    told: dict[int, str] = {}
    shown = list(lines)
    for at, line in enumerate(lines):
        if escaped and "&" in line:
            shown[at] = unescaped(line)
            told.setdefault(at, "read a web page's entities as the characters they stand for")
        if (bare := _without_tags(shown[at])) != shown[at]:
            shown[at] = bare
            told.setdefault(at, "removed a web page's marks around the line")
    for at, (before, after) in enumerate(zip(list(shown), _unframed(shown), strict=True)):
        if before != after:
            shown[at] = after
            told.setdefault(at, "removed marks around the line")
    kept = [
        line if line.text == new else Line(new, line.number, line.source)
        for line, new in zip(text.lines, shown, strict=True)
    ]
    kept = list(_without_cells(kept, told))
    if not told:
        return text
    mended = [Mended(text.source, text.lines[at].number, what) for at, what in sorted(told.items())]
    runs = [each for each, before in zip(mended, [None, *mended], strict=False) if not _goes_on(each, before)]
    return replace(text, lines=tuple(kept), mended=(*text.mended, *runs))


def _goes_on(mended: Mended, before: Mended | None) -> bool:
    """True if the line above was repaired in the same way, so that one entry covers both."""
    return before is not None and before.what == mended.what and before.line == mended.line - 1


def _without_tags(line: str) -> str:
    """The line without tags and invisible marks at its ends; its indentation stays."""
    bare = line.rstrip(_MARKS + " ") if line[-1:] in _MARKS and line[-1:] != "\u00a0" else line
    while bare.rstrip().endswith(">"):
        stripped = bare.rstrip()
        found = _TRAILING_TAG.match(stripped, stripped.rfind("<")) if "<" in stripped else None
        if not found:
            break
        bare = stripped[: found.start()]
    leading = _LEADING_TAG.match(bare) if "<" in bare[:_LONGEST_TAG] else None
    return bare if leading is None else leading[1] + bare[leading.end() :]


def _unframed(lines: list[str]) -> list[str]:
    """The lines without pairs of signs around labels and values, and without signs all labels share."""
    shown = [_without_pair(line) for line in lines]
    for front in _FRONTS:
        found = [front.match(line) for line in shown]
        labels = [bool(each and _LABELLED.match(line[each.end() :])) for each, line in zip(found, shown, strict=True)]
        others = any(_LABELLED.match(line) for line in shown)
        if sum(labels) >= _FEWEST and not others:
            shown = [line[each.end() :] if each else line for each, line in zip(found, shown, strict=True)]
    for tail in _TAILS:
        labelled = [line.rstrip() for line in shown if _LABELLED.match(line) and not line.rstrip().endswith(":")]
        if len(labelled) >= _FEWEST and all(line.endswith(tail) for line in labelled):
            shown = [line.rstrip()[: -len(tail)] if line.rstrip().endswith(tail) else line for line in shown]
    return shown


def _without_pair(line: str) -> str:
    """The line without the pair of signs around it or its label; unchanged without a label."""
    stripped = line.strip()
    for begin, end in _FRAMES:
        if len(stripped) > 4 and stripped.startswith(begin) and stripped.endswith(end):
            inner = stripped[len(begin) : -len(end)]
            if _LABELLED.match(inner.strip()):
                return inner.strip() if begin == "|" else inner
    if (bold := _BOLD_LABEL.match(line)) and (bold[4].strip() or bold[5].strip()):
        return f"{bold[1]}{bold[3]} : {line[bold.end() :].lstrip()}"
    return line


def _without_cells(lines: list[Line], told: dict[int, str]) -> Iterator[Line]:
    """Convert Markdown tables to rows of CSV, whose first row names the columns."""
    rows: set[int] = set()
    last = -1
    for at, line in enumerate(lines):
        if at > max(last, 0) and _RULE_OF_CELLS.match(line.text) and _CELL.match(lines[at - 1].text):
            last = at
            while last + 1 < len(lines) and _CELL.match(lines[last + 1].text):
                last += 1
            if "," not in lines[at - 1].text and not begins_a_row(lines[min(at + 1, last)].text):
                rows.update(range(at - 1, last + 1))
    for at, line in enumerate(lines):
        if at not in rows:
            yield line
            continue
        told.setdefault(at, "read the cells of a table")
        if not _RULE_OF_CELLS.match(line.text):
            found = _CELL.match(line.text)
            cells = [cell.strip().strip("`*").strip() for cell in re.split(r"(?<!\\)\|", found[1] if found else "")]
            yield Line(",".join('"' + cell.replace('"', '""') + '"' for cell in cells), line.number, line.source)
