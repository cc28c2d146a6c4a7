"""Reads certificates and the state of their keys from certutil's listing of the computer's store.

`-store`, `-verifystore` and `-repairstore` print the same blocks. Other languages have other words for most of a
block, but `(sha1)` before the thumbprint; the lines about the key are read in English alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wizard.facts import KeyTest, Line, Reading, StoredCertificate, Unread
from wizard.reading.text import Text, read_thumbprint

_BEGINS = re.compile(r"\s*={5,}\s*\S.{0,40}?\s\d{1,5}\s*={5,}\s*$")

_ENDS = re.compile(r"(?i)\s*CertUtil:")

_STORE = re.compile(r"\s*[A-Za-z]{2,20}(?:\s+[\"\u201c]\S.{0,60}[\"\u201d])?\s*$")

_HASH = re.compile(r"(?i)\(\s*sha-?1\s*\)\s*:\s*(?P<thumbprint>(?:[0-9a-f]{2}\s?){19}[0-9a-f]{2})\s*$")

_PROVIDER = re.compile(r"(?i)^\s+(?:Provider|Anbieter|Fournisseur|Proveedor)\s*=\s*(?P<provider>\S.*?)\s*$")

_OF_THE_KEY: tuple[tuple[KeyTest, re.Pattern[str]], ...] = (
    (KeyTest.NOT_OPENED, re.compile(r"(?i)\bmissing stored keyset\b")),
    (KeyTest.FAILED, re.compile(r"(?i)\b(?:encryption|signature) test failed\b|does not match (?:the )?stored keyset")),
    (KeyTest.NONE, re.compile(r"(?i)\bno key provider information\b")),
    (KeyTest.PASSED, re.compile(r"(?i)\bencryption test passed\b")),
    (KeyTest.SIGNS, re.compile(r"(?i)\bsignature test passed\b")),
)
"""The words about the key in a block, the gravest first: newer builds print both tests."""

_MOST_LINES = 400

_CLOSE = 24
"""Lines between two that only certutil prints, at most: a block has some ten before its hash."""


def store_spans(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """The first and last lines of certutil's blocks, with the store's name above and the last word below."""
    at = 0
    while at < len(lines):
        if not _BEGINS.match(lines[at].text) or not _is_a_block(lines, at):
            at += 1
            continue
        first = at - 1 if at and _STORE.match(lines[at - 1].text) else at
        last = at
        while (following := _next_of_it(lines, last)) is not None:
            last = following
        yield first, last
        at = last + 1


def _is_a_block(lines: Sequence[Line], begin: int) -> bool:
    return any(_HASH.search(line.text) for line in _block(lines, begin))


def _block(lines: Sequence[Line], begin: int) -> Iterator[Line]:
    """The lines of one certificate, its head first."""
    for at, line in enumerate(lines[begin : begin + _MOST_LINES]):
        if at and (_BEGINS.match(line.text) or _ENDS.match(line.text)):
            return
        yield line


def _next_of_it(lines: Sequence[Line], at: int) -> int | None:
    """The next line that only certutil prints, close below this one; None below its last word."""
    if _ENDS.match(lines[at].text):
        return None
    close = range(at + 1, min(at + 1 + _CLOSE, len(lines)))
    return next((number for number in close if _is_certutils(lines[number].text)), None)


def _is_certutils(text: str) -> bool:
    marks = (_ENDS, _BEGINS, _HASH, _PROVIDER, *(said for _test, said in _OF_THE_KEY))
    return any(mark.search(text) for mark in marks)


def read_store(text: Text) -> Reading[StoredCertificate]:
    """The certificates that certutil shows, each with the state of its key."""
    facts: list[StoredCertificate] = []
    unread: list[Unread] = []
    for first, last in store_spans(text.lines):
        found = text.lines[first : last + 1]
        for begin in (at for at, line in enumerate(found) if _BEGINS.match(line.text)):
            block = tuple(_block(found, begin))
            if shown := _certificate(block):
                facts.append(shown)
            else:
                unread.append(Unread(block[0].source, block[0].number, "this certificate shows no whole thumbprint"))
    if not facts and not unread:
        at = text.lines[0].number if text.lines else 1
        unread.append(Unread(text.source, at, "there is no certificate of certutil here"))
    return Reading(tuple(facts), unread=tuple(unread))


def _certificate(block: Sequence[Line]) -> StoredCertificate | None:
    """One certificate; None where its thumbprint is not whole."""
    hashed = next(((line, found) for line in block if (found := _HASH.search(line.text))), None)
    if hashed is None:
        return None
    thumbprint = read_thumbprint("".join(hashed[1]["thumbprint"].split())).thumbprint
    if thumbprint is None:
        return None
    provider = next((found["provider"] for line in block if (found := _PROVIDER.match(line.text))), "")
    told = ((test, line) for test, said in _OF_THE_KEY for line in block if said.search(line.text))
    test, line = next(told, (KeyTest.UNKNOWN, hashed[0]))
    return StoredCertificate(thumbprint, test, provider, tuple(dict.fromkeys((hashed[0], line))))
