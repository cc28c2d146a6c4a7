"""A record as JSON for machines: versioned, times in UTC and in local time, text as it was read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, tzinfo
from typing import Any

from wizard.record import Block, Cell, Evidence, Pairs, Paragraph, Points, Record, Run, Section, Table, Word, local

SCHEMA = 1
"""The version of the shape: it changes when a reader of an earlier one would be misled."""


def as_json(record: Record, zone: tzinfo | None = None) -> str:
    """The record as JSON text in ASCII, ending in a line feed. `zone` is the one of the local times."""
    from wizard import __version__  # noqa: PLC0415 - what imports this is imported by it in part

    content = {
        "schema": SCHEMA,
        "program": f"exchange-cert-wizard {__version__}",
        "title": record.title,
        "headline": record.headline,
        "sample": record.sample,
        "made": _moment(record.made, zone),
        "sections": [_section(section, zone) for section in record.sections],
    }
    return json.dumps(content, indent=1, ensure_ascii=True) + "\n"


def _section(section: Section, zone: tzinfo | None) -> dict[str, Any]:
    return {"heading": section.heading, "blocks": [_block(block, zone) for block in section.blocks]}


def _block(block: Block, zone: tzinfo | None) -> dict[str, Any]:
    match block:
        case Paragraph(text):
            return {"kind": "paragraph", "text": text}
        case Points(points):
            return {"kind": "points", "points": list(points)}
        case Pairs(rows):
            pairs = [{"label": label, "value": _cell(value, zone)} for label, value in rows]
            return {"kind": "pairs", "pairs": pairs}
        case Table(columns, rows):
            cells = [[_cell(cell, zone) for cell in row] for row in rows]
            return {"kind": "table", "columns": list(columns), "rows": cells}
        case Evidence(lines):
            told = [{"source": line.source, "line": line.number, "text": line.text} for line in lines]
            return {"kind": "evidence", "lines": told}
        case Run():
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


def _cell(cell: Cell, zone: tzinfo | None) -> str | dict[str, str]:
    """A cell as text, or a moment as a table of two times."""
    if isinstance(cell, datetime):
        return _moment(cell, zone)
    return cell.text if isinstance(cell, Word) else cell


def _moment(at: datetime, zone: tzinfo | None) -> dict[str, str]:
    beside = local(at, zone)
    return {"utc": at.astimezone(UTC).isoformat(), "local": beside.isoformat() if beside else ""}
