"""Renders a document as plain text, HTML, JSON and Markdown.

The HTML page needs nothing else: no script, image or font. It reads on a telephone and on a wide screen, in the
reader's light or dark scheme, and prints on A4. Every text is escaped; characters a browser would act on become an
empty square.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from html import escape
from typing import Any

from wizard.facts import Line
from wizard.findings import LONGEST_SHOWN
from wizard.machine.inert import shown
from wizard.record.blocks import (
    SAMPLE,
    Block,
    Cell,
    CommandRun,
    Document,
    EvidenceLines,
    Pairs,
    Paragraph,
    Points,
    Section,
    Table,
    Word,
    local,
    moment,
    runs,
)

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1b1b; --faint: #595959; --paper: #ffffff; --line: #c9c9c9;
  --field: #f3f3f1; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e6; --faint: #a9a9a6; --paper: #161718; --line: #45474a;
  --field: #222426; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 62rem; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 "Segoe UI", system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; }
h2 { font-size: 1.125rem; margin: 2.25rem 0 .5rem; padding-top: .5rem; border-top: 1px solid var(--line); }
p, ul, dl, ol { margin: .5rem 0; }
ul, ol { padding-left: 1.25rem; }
.headline { font-weight: 600; }
.faint { color: var(--faint); font-size: .875rem; }
dl { display: grid; grid-template-columns: minmax(8rem, 14rem) 1fr; gap: .25rem 1rem; }
dt { color: var(--faint); }
dd { margin: 0; }
code, pre { font: .875rem/1.45 Consolas, "Cascadia Mono", "DejaVu Sans Mono", monospace; }
pre { margin: .375rem 0; padding: .5rem .75rem; background: var(--field); border-left: 3px solid var(--line);
  white-space: pre-wrap; }
.run { margin: 1rem 0; break-inside: avoid; }
.run p { margin: .25rem 0; }
table { width: 100%; border-collapse: collapse; margin: .75rem 0; }
th, td { min-width: 5rem; text-align: left; vertical-align: top; padding: .375rem .75rem .375rem 0;
  border-bottom: 1px solid var(--line); }
th { color: var(--faint); font-weight: 400; overflow-wrap: normal; }
tr { break-inside: avoid; }
.place { margin: .75rem 0 .25rem; }
.evidence { margin: 0; padding: .5rem .75rem .5rem 3.5rem; background: var(--field);
  border-left: 3px solid var(--line); }
.evidence li { white-space: pre-wrap; }
.evidence li::marker { color: var(--faint); font-size: .75rem; }
@media (max-width: 40rem) {
  .evidence { padding-left: 2.25rem; }
  dl { display: block; } dt { margin-top: .5rem; }
  thead { display: none; }
  table, tbody, tr, td { display: block; width: 100%; }
  tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  td { border: 0; padding: .0625rem 0; }
  td::before { content: attr(data-column) " "; color: var(--faint); font-size: .875rem; }
}
@page { size: A4; margin: 18mm 16mm; }
@media print {
  :root { color-scheme: light; --ink: #000000; --faint: #444444; --paper: #ffffff; --line: #999999; --field: #f3f3f1; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2 { break-after: avoid; }
  pre, .evidence { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
""".strip()


def text(document: Document, width: int | None = None) -> str:
    """The document in plain lines, without a line feed at the end; each command whole, on a line of its own.

    Sentences wrap at `width` columns, None leaves them on one line.
    """
    lines = [*_wrapped(document.title, width)]
    lines += [*([""] if lines else []), *_wrapped(document.headline, width)]
    for section in document.sections:
        # What has no heading goes on with the headline.
        lines += ["", *_wrapped(f"{section.heading}:", width)] if section.heading else []
        named = ""
        for block in section.blocks:
            name = (block.heading or block.command.purpose) if isinstance(block, CommandRun) else ""
            # Of several commands with one name it stands above the first.
            lines += _wrapped(name, width, "  # ") if name != named else []
            lines += _text_block(block, width)
            named = name
    return "\n".join(lines).lstrip("\n")


_INDENT, _HANGING = "  ", "    "

_LEAST_SHOWN = 40

_THUMBPRINT = re.compile(r"(?i)\b[0-9a-f]{40}\b")


def _wrapped(sentence: str, width: int | None, first: str = "", rest: str | None = None) -> list[str]:
    """A sentence on lines of at most `width` columns; words stay whole. `first` and `rest` stand before its lines."""
    line = " ".join(sentence.split())
    if not line:
        return []
    rest = first if rest is None else rest
    if width is None:
        return [f"{first}{line}"]
    return textwrap.wrap(
        line, width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )


def _text_block(block: Block, width: int | None) -> Iterator[str]:
    """A block's lines; a command's own name is drawn by the section."""
    match block:
        case Paragraph(sentence):
            yield from _wrapped(sentence, width, _INDENT)
        case Points(points):
            yield from (line for point in points for line in _wrapped(point, width, _INDENT, _HANGING))
        case Pairs(rows):
            yield from _text_pairs(rows, width)
        case Table(_columns, rows):
            told = (", ".join(filter(None, map(_text_cell, row))) for row in rows)
            yield from (line for row in told for line in _wrapped(row, width, _INDENT, _HANGING))
        case EvidenceLines(lines):
            yield from (_in_short(line, width) for line in lines)
        case CommandRun(command):
            yield f"{_INDENT}{command.text}"


def _text_pairs(rows: tuple[tuple[str, Cell], ...], width: int | None) -> Iterator[str]:
    wide = max((len(label) for label, _value in rows), default=0)
    for label, value in rows:
        yield from _wrapped(_text_cell(value), width, f"{_INDENT}{label:<{wide}}  ", " " * (wide + 4))


def _text_cell(cell: Cell) -> str:
    return f"{cell:%Y-%m-%d %H:%M} UTC" if isinstance(cell, datetime) else cell.text if isinstance(cell, Word) else cell


def _in_short(line: Line, width: int | None) -> str:
    """A line to look at, not to copy: its beginning, and its end or thumbprint, for a log's row ends in what failed."""
    if not line.text:
        return f"{_INDENT}{line.source}"
    place = f"{_INDENT}{line.place}"
    most = LONGEST_SHOWN if width is None else max(width - len(place) - 2, _LEAST_SHOWN)
    told = " ".join(line.text.split())
    if len(told) > most:
        begins = most // 4
        thumbprint = _THUMBPRINT.search(told, begins)
        ends = thumbprint.end() if thumbprint and begins + 45 <= most else len(told)
        told = f"{told[:begins]} ... {told[ends + begins + 5 - most : ends]}"
    return f"{place}: {told}"


def page(record: Document, zone: tzinfo | None = None) -> str:
    """The record as a whole HTML page. `zone` is that of the local times, None for this machine's."""
    return "\n".join(_page(record, zone)) + "\n"


def _page(record: Document, zone: tzinfo | None) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{_text(record.title)}</title>"
    yield f"<style>\n{_STYLE}\n</style>"
    yield "</head>"
    yield "<body>"
    yield "<header>"
    yield f"<h1>{_text(record.title)}</h1>"
    yield f'<p class="headline">{_text(record.headline)}</p>'
    if record.sample:
        yield f"<p>{_text(SAMPLE)}</p>"
    yield f'<p class="faint">Written {_time(record.made, zone)}.</p>'
    yield "</header>"
    yield "<main>"
    for section in record.sections:
        yield from _html_section(section, zone)
    yield "</main>"
    yield "</body>"
    yield "</html>"


def _html_section(section: Section, zone: tzinfo | None) -> Iterator[str]:
    yield "<section>"
    yield f"<h2>{_text(section.heading)}</h2>"
    for block in section.blocks:
        yield from _html_block(block, zone)
    yield "</section>"


def _html_block(block: Block, zone: tzinfo | None) -> Iterator[str]:
    match block:
        case Paragraph(text):
            yield f"<p>{_text(text)}</p>"
        case Points(points):
            yield f"<ul>{''.join(f'<li>{_text(point)}</li>' for point in points)}</ul>"
        case Pairs(rows):
            told = (f"<dt>{_text(label)}</dt><dd>{_html_cell(value, zone)}</dd>" for label, value in rows)
            yield f"<dl>{''.join(told)}</dl>"
        case Table():
            yield from _html_table(block, zone)
        case EvidenceLines(lines):
            for place, run in runs(lines):
                yield f'<p class="faint place">From {_text(place)}</p>'
                items = "".join(f'<li value="{line.number}"><code>{_text(line.text)}</code></li>' for line in run)
                yield f'<ol class="evidence">{items}</ol>'
        case CommandRun():
            yield from _html_run(block, zone)


def _html_run(run: CommandRun, zone: tzinfo | None) -> Iterator[str]:
    where = f" (on {_text(run.server)})" if run.server else ""
    yield '<div class="run">'
    yield f"<p>{_text(run.command.purpose)}{where}</p>"
    yield f"<pre><code>{_text(run.command.text)}</code></pre>"
    after = [_text(run.effect), f"The way back: {_text(run.undo)}" if run.undo else ""]
    if run.copied:
        after.append(f"Copied {', '.join(_time(at, zone) for at in run.copied)}.")
    told = " ".join(text for text in after if text)
    if told:
        yield f'<p class="faint">{told}</p>'
    yield "</div>"


def _html_table(table: Table, zone: tzinfo | None) -> Iterator[str]:
    yield "<table>"
    heads = "".join(f'<th scope="col">{_text(column)}</th>' for column in table.columns)
    yield f"<thead><tr>{heads}</tr></thead>"
    yield "<tbody>"
    for row in table.rows:
        cells = zip(table.columns, row, strict=True)
        yield f"<tr>{''.join(_table_cell(column, cell, zone) for column, cell in cells)}</tr>"
    yield "</tbody>"
    yield "</table>"


def _table_cell(column: str, cell: Cell, zone: tzinfo | None) -> str:
    return f'<td data-column="{_text(column)}">{_html_cell(cell, zone)}</td>'


def _html_cell(cell: Cell, zone: tzinfo | None) -> str:
    if isinstance(cell, datetime):
        return _time(cell, zone)
    return _text(cell) if isinstance(cell, str) else f"<code>{_text(cell.text)}</code>"


def _time(at: datetime, zone: tzinfo | None) -> str:
    return f'<time datetime="{at.astimezone(UTC).isoformat()}">{_text(moment(at, zone))}</time>'


def _text(text: str) -> str:
    """Text of any origin, inert and escaped, for elements and quoted attributes."""
    return escape(shown(text), quote=True)


SCHEMA = 1
"""The version of the shape; it changes when a reader of an earlier one would be misled."""


def as_json(record: Document, zone: tzinfo | None = None) -> str:
    """The record as JSON text in ASCII, ending in a line feed. `zone` is that of the local times."""
    from wizard import __version__  # noqa: PLC0415 - what imports this is imported by it in part

    content = {
        "schema": SCHEMA,
        "program": f"exchange-cert-wizard {__version__}",
        "title": record.title,
        "headline": record.headline,
        "sample": record.sample,
        "made": _moment(record.made, zone),
        "sections": [_json_section(section, zone) for section in record.sections],
    }
    return json.dumps(content, indent=1, ensure_ascii=True) + "\n"


def _json_section(section: Section, zone: tzinfo | None) -> dict[str, Any]:
    return {"heading": section.heading, "blocks": [_json_block(block, zone) for block in section.blocks]}


def _json_block(block: Block, zone: tzinfo | None) -> dict[str, Any]:
    match block:
        case Paragraph(text):
            return {"kind": "paragraph", "text": text}
        case Points(points):
            return {"kind": "points", "points": list(points)}
        case Pairs(rows):
            pairs = [{"label": label, "value": _json_cell(value, zone)} for label, value in rows]
            return {"kind": "pairs", "pairs": pairs}
        case Table(columns, rows):
            cells = [[_json_cell(cell, zone) for cell in row] for row in rows]
            return {"kind": "table", "columns": list(columns), "rows": cells}
        case EvidenceLines(lines):
            told = [{"source": line.source, "line": line.number, "text": line.text} for line in lines]
            return {"kind": "evidence", "lines": told}
        case CommandRun():
            return {
                "kind": "command",
                "id": block.command.id.value,
                "text": block.command.text,
                "purpose": block.command.purpose,
                "server": block.server,
                "changes": block.command.changes,
                "effect": block.effect,
                "undo": block.undo,
                "copied": [_moment(at, zone) for at in block.copied],
            }


def _json_cell(cell: Cell, zone: tzinfo | None) -> str | dict[str, str]:
    """A cell as text, or a moment as a table of two times."""
    if isinstance(cell, datetime):
        return _moment(cell, zone)
    return cell.text if isinstance(cell, Word) else cell


def _moment(at: datetime, zone: tzinfo | None) -> dict[str, str]:
    beside = local(at, zone)
    return {"utc": at.astimezone(UTC).isoformat(), "local": beside.isoformat() if beside else ""}


_ACTED_ON = re.compile(r"[\\`*\[\]<>&~|]|(?<![^\W_])_|_(?![^\W_])")

_AT_THE_START = re.compile(r"^(?:([#+=:-])|(\d{1,9})([.)]))")

_TICKS = re.compile(r"`+")

_LINKED = re.compile(r"(?i)\b(https?|ftp)(?=://)|\b(www)(?=\.)")


def markdown(record: Document, zone: tzinfo | None = None) -> str:
    """The record as Markdown, ending in a line feed. `zone` is that of the local times, None for this machine's."""
    parts = [f"# {_sentence(record.title)}"]
    if headline := _sentence(record.headline):
        parts.append(f"**{headline}**")
    if record.sample:
        parts.append(_sentence(SAMPLE))
    parts.append(f"Written {moment(record.made, zone)}.")
    for section in record.sections:
        parts.append(f"## {_sentence(section.heading)}")
        parts += [text for block in section.blocks if (text := _markdown_block(block, zone))]
    return "\n\n".join(parts) + "\n"


def _markdown_block(block: Block, zone: tzinfo | None) -> str:
    match block:
        case Paragraph(text):
            return _sentence(text)
        case Points(points):
            return "\n".join(f"- {_sentence(point)}" for point in points)
        case Pairs(rows):
            return "\n".join(f"- {_sentence(label)}: {_markdown_cell(value, zone)}" for label, value in rows)
        case Table():
            return "\n".join(_markdown_table(block, zone))
        case EvidenceLines(lines):
            return "\n\n".join(f"From {_sentence(place)}:\n\n{_lines(run)}" for place, run in runs(lines))
        case CommandRun():
            return _markdown_run(block, zone)


def _lines(run: tuple[Line, ...]) -> str:
    return fenced("\n".join(line.text for line in run))


def _markdown_run(run: CommandRun, zone: tzinfo | None) -> str:
    """A command in a fence, with notes around it."""
    where = f" (on {_sentence(run.server)})" if run.server else ""
    after = [run.effect, f"The way back: {run.undo}" if run.undo else ""]
    if run.copied:
        after.append(f"Copied {', '.join(moment(at, zone) for at in run.copied)}.")
    told = " ".join(_sentence(text) for text in after if text)
    return f"{_sentence(run.command.purpose)}{where}\n\n{fenced(run.command.text)}" + (f"\n\n{told}" if told else "")


def _markdown_table(table: Table, zone: tzinfo | None) -> Iterator[str]:
    yield _row(_sentence(column) for column in table.columns)
    yield _row("---" for _column in table.columns)
    for row in table.rows:
        yield _row(_markdown_cell(cell, zone, in_table=True) for cell in row)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _markdown_cell(cell: Cell, zone: tzinfo | None, in_table: bool = False) -> str:
    if isinstance(cell, datetime):
        return moment(cell, zone)
    if isinstance(cell, str):
        return _sentence(cell)
    return _table_code(cell) if in_table else _code(cell.text)


def _table_code(word: Word) -> str:
    r"""A value in a table: a code span there must escape pipes, but `\|` has more than one reading."""
    return _sentence(word.text) if r"\|" in word.text else _code(word.text).replace("|", r"\|")


def _sentence(text: str) -> str:
    """Text of any origin on one line, harmless in Markdown."""
    line = " ".join(shown(text).split())
    line = _ACTED_ON.sub(lambda found: "&#124;" if found[0] == "|" else f"\\{found[0]}", line)
    line = _LINKED.sub(lambda found: f"{found[0]}&#8203;", line)
    return _AT_THE_START.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", line)


def _code(text: str) -> str:
    """A value as a code span on one line; its fence is longer than any run of backticks in it."""
    line = re.sub(r"[\t\r\n]+", " ", shown(text).strip())
    if not line:
        return ""
    ticks = "`" * (max((len(run) for run in _TICKS.findall(line)), default=0) + 1)
    pad = " " if line[0] == "`" or line[-1] == "`" else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def fenced(text: str) -> str:
    """Text in a fence that nothing in it can close."""
    ticks = "`" * max(3, max((len(run) for run in _TICKS.findall(text)), default=0) + 1)
    return f"{ticks}\n{shown(text)}\n{ticks}"
