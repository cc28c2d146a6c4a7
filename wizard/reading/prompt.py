"""The question Enable-ExchangeCertificate asks before it overwrites the default SMTP certificate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wizard.facts import CmdletError, CmdletErrorKind, Line, OverwritePrompt, Reading, Unread
from wizard.reading.records import Notes
from wizard.reading.text import QUOTE, Folded, Text, fold, loosely, read_thumbprint

_DIGITS = r"(?:[0-9A-Fa-f]\s?){39}[0-9A-Fa-f]"

_NAMED = rf"\s*{QUOTE}{{0,2}}\s*(?P<thumbprint>{_DIGITS}|[^\s'\"]{{1,80}}?)\s*{QUOTE}{{0,2}}\s*"

_CERTIFICATE_ERROR = loosely("The certificate with thumbprint")

_ANY_CERTIFICATE = re.compile(rf"(?i){loosely('certificate with thumbprint')}\s*{QUOTE}{{0,2}}\s*({_DIGITS})")

_LONE_THUMBPRINT = re.compile(rf"(?<![0-9A-Fa-f])({_DIGITS})(?![0-9A-Fa-f])")

_TERM = rf"{QUOTE}{{1,2}}(?P<term>[^'\"\u2018-\u201e]{{1,120}}){QUOTE}{{1,2}}"

_CMDLET = re.compile(r"[A-Za-z]+-[A-Za-z]+")

_KNOWN: tuple[tuple[CmdletErrorKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(rf"(?i){pattern}"))
    for kind, pattern in (
        (
            CmdletErrorKind.NOT_FOUND,
            rf"(?:{loosely('A special Rpc error occurs on server')}[^:]{{1,120}}:\s*)?{_CERTIFICATE_ERROR}{_NAMED}"
            rf"{loosely('was not found')}",
        ),
        (
            CmdletErrorKind.NOT_VALID,
            rf"(?:{_CERTIFICATE_ERROR}{_NAMED}{loosely('was found but')}\s*)?"
            rf"{loosely('is not valid for use with Exchange Server')}"
            rf"(?:\s*\(?\s*{loosely('reason:')}\s*(?P<reason>[\w\s]{{1,60}}))?\)?",
        ),
        (
            CmdletErrorKind.KEY_ACCESS,
            rf"{loosely('Insufficient rights to grant Network Service access')}|{loosely('Keyset does not exist')}",
        ),
        (CmdletErrorKind.RECEIVE_CONNECTOR_NAME, rf"{loosely('Unknown error')}\s*\(?\s*{loosely('0xe0434352')}"),
        (CmdletErrorKind.IN_USE_BY_CONNECTOR, loosely("tagged with following Send Connector")),
        (CmdletErrorKind.COMMAND_NOT_KNOWN, rf"{loosely('The term')}\s*{_TERM}\s*{loosely('is not recognized')}"),
        (
            CmdletErrorKind.COMMAND_NOT_KNOWN,
            rf"\(\s*(?P<term>[\w\s]{{1,80}}-[\w\s]{{1,80}}?):\s*{loosely('String) [], CommandNotFoundException')}",
        ),
    )
)

_NEWER = frozenset({"convertto-json", "set-clipboard", "get-transportservice", "get-frontendtransportservice"})
"""What a shell may lack that is Exchange's own: PowerShell 2.0 the first two, and Exchange 2010 the others."""

_ANY_ERROR = re.compile(r"(?i)\+\s*CategoryInfo\s*:|FullyQualifiedErrorId\s*:")


def read_cmdlet_errors(text: Text) -> Reading[CmdletError]:
    """The errors in a text, each once for each paragraph and certificate it speaks of.

    An error whose sentence is not known, in another language for example, is of the kind OTHER.
    """
    facts: list[CmdletError] = []
    for paragraph in _paragraphs(text.lines):
        folded = fold(paragraph)
        known = _merged(folded)
        if not known and (found := _ANY_ERROR.search(folded.text)):
            message = folded.text[: found.start()].strip(" +") or folded.text
            known = [CmdletError(CmdletErrorKind.OTHER, message, _near(folded.text, 0), folded.lines)]
        facts += known
    if facts:
        return Reading(tuple(facts))
    return Reading(unread=(Unread(text.source, 1, "there is no error of a cmdlet here"),))


def _paragraphs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Runs of lines without a blank one; PowerShell ends an error with its FullyQualifiedErrorId."""
    paragraph: list[Line] = []
    for line in lines:
        if line.text.strip():
            paragraph.append(line)
            continue
        if paragraph:
            yield paragraph
        paragraph = []
    if paragraph:
        yield paragraph


def _known(folded: Folded) -> Iterator[tuple[int, int, CmdletErrorKind, str | None]]:
    """Every known sentence: where it begins and ends, what it means, and the thumbprint it names."""
    for kind, pattern in _KNOWN:
        for found in pattern.finditer(folded.text):
            parts = {name: "".join(text.split()) for name, text in found.groupdict().items() if text}
            thumbprint = read_thumbprint(parts["thumbprint"]).thumbprint if "thumbprint" in parts else None
            start, meant = found.start(), kind
            if kind is CmdletErrorKind.COMMAND_NOT_KNOWN:
                # A damaged name, such as one with an en dash, says nothing about the shell it was typed into.
                meant = _not_known(parts["term"])
                # In other languages only this line is known, and the message stands above it.
                start = 0 if found[0].startswith("(") else start
            elif "thumbprint" not in parts:
                thumbprint = _near(folded.text, start)
            if parts.get("reason", "").casefold().startswith("privatekeymissing"):
                meant = CmdletErrorKind.PRIVATE_KEY_MISSING
            yield start, found.end(), meant, thumbprint


def _not_known(term: str) -> CmdletErrorKind:
    """What it means that a shell does not know this word."""
    if term.casefold() in _NEWER:
        return CmdletErrorKind.OLDER_SHELL
    return CmdletErrorKind.COMMAND_NOT_KNOWN if _CMDLET.fullmatch(term) else CmdletErrorKind.OTHER


def _near(text: str, at: int) -> str | None:
    """The thumbprint that the error speaks of: named as a certificate's, or the only one close to it."""
    close = text[max(at - 300, 0) : at + 600]
    named = _ANY_CERTIFICATE.findall(close) or list(dict.fromkeys(_LONE_THUMBPRINT.findall(close)))
    return read_thumbprint("".join(named[0].split())).thumbprint if len(set(named)) == 1 else None


def _merged(folded: Folded) -> list[CmdletError]:
    """The errors in their order; a message that PowerShell prints twice, or in two sentences, is one error."""
    spans: dict[tuple[CmdletErrorKind, str | None], tuple[int, int]] = {}
    for start, end, kind, thumbprint in sorted(_known(folded), key=lambda known: known[:2]):
        first, last = spans.get((kind, thumbprint), (start, end))
        spans[kind, thumbprint] = (min(first, start), max(last, end))
    errors: list[CmdletError] = []
    for (kind, thumbprint), span in spans.items():
        lines = folded.lines_of(*span)
        sentence = " ".join(" ".join(line.text.split()) for line in lines)
        errors.append(CmdletError(kind, sentence, thumbprint, lines))
    return errors


_THUMBPRINT = rf"\s*{QUOTE}{{0,2}}\s*(?P<thumbprint>(?:[0-9A-Fa-f]\s?){{40}}(?![0-9A-Fa-f])|[^'\"\s(]{{0,80}})"

_EXPIRES = rf"\s*{QUOTE}{{0,2}}(?:\s*\(\s*{loosely('expires')}\s*(?P<expires>[^()]{{1,60}})\)?)?"

_CERTIFICATE_LINE = re.compile(
    rf"(?i)(?:(?P<current>{loosely('Current certificate:')}|{loosely('existing default SMTP certificate,')})"
    rf"|{loosely('Replace it with certificate:')}|,\s*{loosely('with certificate')}(?=\s*{QUOTE}))"
    rf"{_THUMBPRINT}{_EXPIRES}"
)

_QUESTION = re.compile(
    rf"(?i){loosely('Overwrite')}\s*(?:{loosely('the')})?\s*{loosely('existing default SMTP certificate')}"
)


@dataclass(frozen=True, slots=True)
class _Named:
    """A certificate as the prompt names it."""

    current: bool
    thumbprint: str | None
    expires: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class PromptReading(Reading[OverwritePrompt]):
    """The questions of a text, and the letter behind the first that was copied after it was answered."""

    answered: str = ""


_ANSWERED = re.compile(r"\(default is \"Y\"\)\s*:\s*([YANL])\s*$", re.IGNORECASE | re.MULTILINE)


def read_prompts(text: Text) -> PromptReading:
    """Every overwrite prompt in a text, wrapped at any width, with one or both of its certificates.

    Exchange 2010 named both in the question itself; that wording is read too.
    """
    folded = fold(text.lines)
    notes = Notes()
    letter = _ANSWERED.search(text.whole)
    answered = letter[1].upper() if letter else ""
    named = [_named(folded, found, notes) for found in _CERTIFICATE_LINE.finditer(folded.text)]
    facts: list[OverwritePrompt] = []
    at = 0
    while at < len(named):
        first = named[at]
        second = named[at + 1] if at + 1 < len(named) else None
        if first.current and second and not second.current:
            facts.append(_prompt(first, second))
            at += 2
            continue
        facts.append(_prompt(first, None) if first.current else _prompt(None, first))
        at += 1
    if facts:
        return PromptReading(tuple(facts), unread=tuple(notes.unread), answered=answered)
    if question := _QUESTION.search(folded.text):
        lines = folded.lines_of(*question.span())
        notes.leave(lines, "the prompt is here, but not the two lines that name its certificates")
        facts = [OverwritePrompt(None, None, lines=lines)]
        return PromptReading(tuple(facts), unread=tuple(notes.unread), answered=answered)
    notes.leave(text.lines, "there is no question about the default SMTP certificate here")
    return PromptReading(unread=tuple(notes.unread))


def _named(folded: Folded, found: re.Match[str], notes: Notes) -> _Named:
    """One certificate of the prompt; a thumbprint that is not whole is noted and left out."""
    lines = folded.lines_of(*found.span())
    reading = read_thumbprint("".join(found["thumbprint"].split()))
    if reading.thumbprint is None:
        notes.leave(lines, reading.why)
    expires = (found["expires"] or "").strip()
    return _Named(found["current"] is not None, reading.thumbprint, expires, lines)


def _prompt(current: _Named | None, replacement: _Named | None) -> OverwritePrompt:
    lines = (current.lines if current else ()) + (replacement.lines if replacement else ())
    return OverwritePrompt(
        current=current.thumbprint if current else None,
        replacement=replacement.thumbprint if replacement else None,
        current_expires=current.expires if current else "",
        replacement_expires=replacement.expires if replacement else "",
        lines=tuple(dict.fromkeys(lines)),
    )


_QUOTED = re.compile(rf"{QUOTE}\s*(?P<thumbprint>(?:[0-9A-Fa-f]\s?){{40}})\s*{QUOTE}")

_LETTERS = re.compile(r"(?:\[\w\][^\[\]]+){3,}\[\?\]")


def question_by_shape(text: Text, ours: str) -> OverwritePrompt | None:
    """The prompt in another language: two quoted thumbprints, one of them `ours`, and letters to choose from below.

    Exchange names the current certificate first (KB 4051498); only with `ours` second is that known to hold here.
    """
    folded = fold(text.lines)
    found = list(_QUOTED.finditer(folded.text))
    shown = ["".join(each["thumbprint"].split()).upper() for each in found]
    if len(shown) != 2 or shown[0] == shown[1] or not ours or ours not in shown or not _LETTERS.search(folded.text):
        return None
    lines = dict.fromkeys(line for each in found for line in folded.lines_of(*each.span()))
    return OverwritePrompt(shown[0], shown[1], lines=tuple(lines))
