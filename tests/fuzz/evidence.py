"""The evidence a fuzz run begins with: the project's own sample in every form, and logs of every kind of session."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from functools import cache
from html import escape
from itertools import pairwise
from random import Random

from tests.fuzz.damage import damaged
from tests.fuzz.finds import ROOT
from tests.screens import evidence
from tests.wizard.reading.test_filter import CONNECTORS, HEADER, HEALTHY, KINDS, rows
from wizard.reading.listing import read_listing
from wizard.reading.text import clean

SEPARATOR = b"\x1e"
"""Between the pieces of an input. The first byte of each piece chooses how it is given, the rest is evidence."""

LONGEST = 16_000
"""Inputs are not made longer than this, in bytes: damage is found in little as in much."""

_ERRORS = (
    "The certificate with thumbprint 9F2C41B7D05E8A6316C4F07B28D95EA1437FB60C was not found.\n"
    "    + CategoryInfo          : InvalidArgument: (:) [Enable-ExchangeCertificate], ArgumentException\n"
    "    + FullyQualifiedErrorId : [Server=EX01],Microsoft.Exchange.EnableExchangeCertificate\n",
    "The term 'Get-SendConnector' is not recognized as the name of a cmdlet.\n",
)


def pieces(content: bytes) -> list[tuple[int, bytes]]:
    """The pieces of an input: a number that chooses, and evidence."""
    return [(piece[0], piece[1:]) for piece in content.split(SEPARATOR) if piece]


@cache
def samples() -> tuple[bytes, ...]:
    """Whole pieces of evidence, each as a console, a file or a log has it."""
    return tuple(text.encode() for text in _texts())


def _texts() -> Iterator[str]:
    given = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "assets" / "sample").rglob("*.*"))]
    yield from given
    for text in given:
        yield from _in_other_forms(text)
    yield from (
        evidence.PROMPT,
        evidence.QUEUES,
        evidence.connectors("A", "Zürich, \u201call\u201d"),
        evidence.RECEIVE_LOG,
    )
    yield from (evidence.certificate("...W.S."), evidence.log(evidence.OURS, evidence.ANOTHER), *_ERRORS)
    sessions = [
        [*rows(HEALTHY, 100 + number), *rows(kind, number, CONNECTORS[number % len(CONNECTORS)])]
        for number, kind in enumerate(KINDS)
    ]
    # Alone, and several together: a log is looked at in another way behind its first 4 KB.
    for some in (*([each] for each in sessions), *(sessions[at : at + 3] for at in range(0, len(sessions), 3))):
        yield HEADER + "".join(f"{line}\r\n" for lines in some for line in lines)


def _in_other_forms(text: str) -> Iterator[str]:
    """A list's records as JSON, CSV, CLIXML and a table."""
    records = [{name: value.text for name, value in each.properties} for each in read_listing(clean(text)).records]
    if not records:
        return
    yield json.dumps(records, indent=2)
    names = list(records[0])
    table = io.StringIO()
    writer = csv.DictWriter(table, names, extrasaction="ignore", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(records)
    yield table.getvalue()
    objects = (
        f'<Obj RefId="{number}"><MS>'
        + "".join(f'<S N="{name}">{escape(value)}</S>' for name, value in record.items())
        + "</MS></Obj>\n"
        for number, record in enumerate(records)
    )
    yield f'<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">\n{"".join(objects)}</Objs>'
    shown = [[name, "-" * len(name), *(record.get(name, "") for record in records)] for name in names[:4]]
    widths = [max(map(len, column)) for column in shown]
    yield "\n".join(" ".join(map(str.ljust, row, widths)) for row in zip(*shown, strict=True))


def drawn(draw: Random) -> bytes:
    """An input of one to three pieces of damaged evidence, which may be one piece that was cut up."""
    count = draw.choice((1, 1, 1, 2, 3))
    found = [damaged(draw.choice(samples()), draw, samples()) for _ in range(count)]
    if draw.random() < 0.2:
        lines = found[0].splitlines(keepends=True)
        cuts = sorted(draw.randint(0, len(lines)) for _ in range(count))
        found = [b"".join(lines[start:stop]) for start, stop in pairwise([0, *cuts, len(lines)])]
    return SEPARATOR.join(bytes([draw.randrange(256)]) + each for each in found)[:LONGEST]


def damaged_again(content: bytes, draw: Random) -> bytes:
    """An input with one of its pieces damaged further."""
    parts = content.split(SEPARATOR)
    at = draw.randrange(len(parts))
    parts[at] = parts[at][:1] + damaged(parts[at][1:], draw, samples())
    return SEPARATOR.join(parts)
