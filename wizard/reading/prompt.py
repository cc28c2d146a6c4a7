"""The question Enable-ExchangeCertificate asks before it overwrites the default SMTP certificate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from wizard.facts import CmdletNotice, Line, Notice, OverwritePrompt, Reading
from wizard.reading.records import Notes
from wizard.reading.text import QUOTE, Folded, Text, fold, is_command, loosely, read_thumbprint

_DIGITS = r"(?:[0-9A-Fa-f]\s?){39}[0-9A-Fa-f]"

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


def read_prompts(text: Text) -> Reading[OverwritePrompt]:
    """Every overwrite prompt in a text, wrapped at any width, with one or both of its certificates and the answer.

    Exchange 2010 named both in the question itself; that wording is read too. In other languages the prompt is
    known by its shape.
    """
    folded = fold(text.lines)
    notes = Notes()
    shapes = list(_shapes(folded))
    named = [_named(folded, found, notes) for found in _CERTIFICATE_LINE.finditer(folded.text)]
    asked_in_english = {line for each in named for line in each.lines}
    choices_of = {shape.current.lines[0]: shape.choices for shape in shapes}
    facts: list[OverwritePrompt] = []
    at = 0
    while at < len(named):
        first = named[at]
        second = named[at + 1] if at + 1 < len(named) else None
        if first.current and second and not second.current:
            facts.append(_answered(_prompt(first, second), choices_of.get(first.lines[0])))
            at += 2
            continue
        facts.append(_prompt(first, None) if first.current else _prompt(None, first))
        at += 1
    facts += [_by_shape(shape) for shape in shapes if not asked_in_english.intersection(shape.current.lines)]
    facts.sort(key=lambda prompt: prompt.lines[0].number)
    if facts:
        return Reading(tuple(facts), unread=tuple(notes.unread))
    if question := _QUESTION.search(folded.text):
        lines = folded.lines_of(*question.span())
        notes.leave(lines, "the prompt is here, but not the two lines that name its certificates")
        facts = [OverwritePrompt(None, None, lines=lines)]
        return Reading(tuple(facts), unread=tuple(notes.unread))
    notes.leave(text.lines, "there is no question about the default SMTP certificate here")
    return Reading(unread=tuple(notes.unread))


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


_MARK = "['\"`\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u00ab\u00bb\u2039\u203a\u300c\u300d]"

_CERTIFICATE_BY_SHAPE = re.compile(
    rf"{_MARK}{{1,2}}\s*(?P<thumbprint>{_DIGITS})\s*{_MARK}{{1,2}}\s*"
    r"[(\uff08](?P<expires>[^()\uff08\uff09]{0,80}\d[^()\uff08\uff09]{0,40})[)\uff09]"
)

_CHOICE = re.compile(r"\[\s?(\w|\?)\s?\]")

_CLOSES = re.compile(r"[^\[\]]{0,90}?[)\uff09]\s?[:\uff1a]")

_MOST_BETWEEN = 160
"""Characters between the two certificates of a question, at most."""

_MOST_BEFORE_CHOICES = 60

_MOST_OF_A_CHOICE = 48

_MOST_LETTERS = 6

_LANGUAGES = {"YANL": "en", "JANK": "de"}
"""The letters for Yes, Yes to All, No and No to All, in Exchange's order."""


@dataclass(frozen=True, slots=True)
class _Choices:
    """The possible answers to a question: the letters, their words, and the text behind them."""

    letters: tuple[str, ...]
    words: tuple[str, ...]
    written: str
    lines: tuple[Line, ...]

    @property
    def language(self) -> str:
        """The language whose answers are read; empty for another."""
        return _LANGUAGES.get("".join(self.letters[:4]), "")

    def is_one(self, written: str) -> bool:
        """True if the text is one of the choices."""
        return written.casefold() in {each.casefold() for each in (*self.letters, *self.words)}

    @property
    def no_letter(self) -> str:
        """The letter for No, the third choice in every language."""
        return self.letters[2]

    @property
    def answer(self) -> str:
        """`Y` or `N`, empty if not shown or in an unknown language."""
        written = self.written.casefold()
        if not written or not self.language:
            return ""
        for number, (letter, word) in enumerate(zip(self.letters, self.words, strict=True)):
            if written in {letter.casefold(), word.casefold()} and number < 4:
                return "YN"[number // 2]
        return ""


@dataclass(frozen=True, slots=True)
class _Shape:
    """A question that is known by its shape: two certificates in quotation marks with a date, and choices."""

    start: int
    current: _Named
    replacement: _Named
    choices: _Choices


def _shapes(folded: Folded) -> Iterator[_Shape]:
    """The overwrite questions of any language. Exchange names the current certificate first (KB 4051498).

    A warning names two certificates and has no choices; a question about Require SSL or UM has choices and
    names none; where both certificates are one, nothing would be overwritten.
    """
    found = list(_CERTIFICATE_BY_SHAPE.finditer(folded.text))
    at = 0
    while at + 1 < len(found):
        first, second = found[at], found[at + 1]
        shown = ["".join(each["thumbprint"].split()).upper() for each in (first, second)]
        choices = None
        if shown[0] != shown[1] and second.start() - first.end() <= _MOST_BETWEEN:
            choices = _choices(folded, second.end())
        if choices is None:
            at += 1
            continue
        named = [
            _Named(number == 0, shown[number], _date(each["expires"]), folded.lines_of(*each.span()))
            for number, each in enumerate((first, second))
        ]
        yield _Shape(first.start(), named[0], named[1], choices)
        at += 2


def _date(written: str) -> str:
    """The text in the brackets from its first digit on; before it stands the language's `expires`."""
    found = re.search(r"\d.*", written)
    return found[0].strip() if found else ""


def _choices(folded: Folded, after: int) -> _Choices | None:
    """The choices right behind a question, as a window or a transcript prints them; None without any."""
    in_window = _in_window(folded, after)
    if in_window is None:
        return _in_transcript(folded, after)
    # A line that was pasted as an answer is refused, and the question is asked again.
    choices, end = in_window
    while choices.written and not choices.is_one(choices.written):
        again = _in_window(folded, end, _MOST_OF_A_COMMAND)
        if again is None or again[0].letters != choices.letters:
            break
        choices, end = again
    return choices


_MOST_OF_A_COMMAND = 400


def _in_window(folded: Folded, after: int, most: int = _MOST_BEFORE_CHOICES) -> tuple[_Choices, int] | None:
    """The choices `[Y] Yes  [A] Yes to All …` close behind this place, and their end."""
    text = folded.text
    found: list[re.Match[str]] = []
    for each in _CHOICE.finditer(text, after, after + most + 12 * _MOST_OF_A_CHOICE):
        if not found and each.start() - after > most:
            return None
        if found and (each.start() - found[-1].end() > _MOST_OF_A_CHOICE or found[-1][1] == "?"):
            break
        found.append(each)
    if len(found) < 4 or found[-1][1] != "?" or len(found) > _MOST_LETTERS:
        return None
    letters = tuple(each[1].upper() for each in found[:-1])
    words = tuple(text[one.end() : other.start()].strip() for one, other in pairwise(found))
    end = found[-1].end()
    written = ""
    if closes := _CLOSES.match(text, end):
        end = closes.end()
        lines = folded.lines_of(closes.end() - 1, closes.end())
        written = _behind(lines[-1].text)
        if not written and (below := _line_below(folded, lines[-1])) and len(bare := below.text.strip()) == 1:
            written, lines = (bare, (below,)) if bare.upper() in letters else ("", lines)
        end_lines = lines
    else:
        end_lines = folded.lines_of(end - 1, end)
    shown = dict.fromkeys((*folded.lines_of(found[0].start(), end), *end_lines))
    return _Choices(letters, words, written, tuple(shown)), end


def _behind(text: str) -> str:
    """The text typed behind the bracket and the colon that end a question."""
    return re.split(r"[)\uff09]\s?[:\uff1a]", text)[-1].strip()


def _line_below(folded: Folded, line: Line) -> Line | None:
    """The line directly below another one, if it is not blank."""
    return next((each for each in folded.lines if each.number == line.number + 1), None)


_WITH_MARK = re.compile(r"(?<!&)&(\w)")


def _in_transcript(folded: Folded, after: int) -> _Choices | None:
    """The choices `&Yes  Yes to &All …` on the lines close behind this place, with the answer below them."""
    for line in folded.lines_of(after, min(after + _MOST_BEFORE_CHOICES, len(folded.text))):
        letters = tuple(each.upper() for each in _WITH_MARK.findall(line.text))
        if not 4 <= len(letters) <= _MOST_LETTERS:
            continue
        words = tuple(" ".join(word.replace("&", "").split()) for word in re.split(r"\s{2,}", line.text.strip()))
        if len(words) != len(letters):
            words = ("",) * len(letters)
        below = _line_below(folded, line)
        written = below.text.strip() if below else ""
        answered = written and (len(written) == 1 or written.casefold() in {word.casefold() for word in words})
        lines = (line, below) if below and answered else (line,)
        return _Choices(letters, words, written if answered else "", lines)
    return None


def question_spans(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """The first and last lines of overwrite questions with their answers: of any language, and parts in English."""
    by_shape = list(_spans_by_shape(lines))
    yield from by_shape
    for first, last in _spans_by_words(lines):
        if all(last < begin or first > end for begin, end in by_shape):
            yield first, last


_MOST_LINES_OF_A_HEAD = 4


def _spans_by_shape(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """The questions that are known by their shape."""
    place = {id(line): at for at, line in enumerate(lines)}
    before = -1
    for shape in _shapes(fold(lines)):
        first = place[id(shape.current.lines[0])]
        for at in range(first - 1, max(first - 1 - _MOST_LINES_OF_A_HEAD, before), -1):
            if is_command(lines[at].text) or ":" in lines[at].text:
                break
            if lines[at].text.strip():
                first = at
        before = place[id(shape.choices.lines[-1])]
        yield first, before


_LABEL = re.compile(r"\s*[A-Za-z_][\w.()'-]{0,60}\s+:(?:\s|$)")

_SAID = ("existing default SMTP certificate", "Replace it with certificate:", "Current certificate:")

_WORDS = re.compile(rf"(?i){loosely(_SAID[0])}|{loosely(_SAID[1])}|{loosely(_SAID[2])}\s*{QUOTE}\s*[0-9A-F]")

_END_OF_CHOICES = re.compile(r"\)\s*:|&\w")

MOST_OF_A_QUESTION = 14
"""Lines of a question, broken over a narrow window."""


def _spans_by_words(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """The questions that are known by their words."""
    folded = fold(lines)
    place = {line.number: at for at, line in enumerate(lines)}
    known = (found for rule in folded.with_words([(_WORDS, _SAID)]) for found in rule.finditer(folded.text))
    named = sorted({place[line.number] for found in known for line in folded.lines_of(*found.span())})
    spans: list[tuple[int, int]] = []
    for at in named:
        if spans and at - spans[-1][0] <= MOST_OF_A_QUESTION and not _choices_between(lines, spans[-1][1], at):
            spans[-1] = (spans[-1][0], at)
        else:
            spans.append((at, at))
    for first, last in spans:
        head = first
        while head and lines[head - 1].text.strip() and last - head < MOST_OF_A_QUESTION:
            head -= 1
        yield head, _end_of_question(lines, last)


def _choices_between(lines: Sequence[Line], after: int, before: int) -> bool:
    """True if choices stand between two lines, so that another question follows."""
    return any(_END_OF_CHOICES.search(line.text) and "[" in line.text for line in lines[after + 1 : before])


def _end_of_question(lines: Sequence[Line], last: int) -> int:
    """The last line of a question: its choices, or the answer on its own line in a transcript."""
    for at in range(last + 1, min(last + MOST_OF_A_QUESTION, len(lines))):
        text = lines[at].text
        if not text.strip():
            if not any("[?]" in line.text or "&" in line.text for line in lines[at + 1 : at + 3]):
                break
            continue
        if _LABEL.match(text) and "default" not in text:
            break
        last = at
        if text.count("&") > 1:
            following = lines[at + 1].text.strip() if at + 1 < len(lines) else ""
            return at + 1 if following and len(following.split()) < 4 and not _LABEL.match(following + " ") else at
        if re.search(r"\)\s*:", text):
            break
    return last


def _by_shape(shape: _Shape) -> OverwritePrompt:
    return _answered(_prompt(shape.current, shape.replacement), shape.choices)


def _answered(prompt: OverwritePrompt, choices: _Choices | None) -> OverwritePrompt:
    """The prompt with its choices. Windows names them in its own language, which need not be Exchange's."""
    if choices is None:
        return prompt
    return replace(prompt, answer=choices.answer, no_letter=choices.no_letter, language=choices.language)


_OF_SSL = re.compile(r"\bSSL\b")

_OF_UM = re.compile(r"\bUM(?:CallRouter)?\b|(?i:unified messaging)")

_PRECEDENCE = re.compile(rf"(?i){loosely('takes precedence')}")

_MOST_LINES_ABOVE = 8


def notice_spans(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """The first and last lines of cmdlets' other questions, and of warnings that another certificate comes first."""
    place = {id(line): at for at, line in enumerate(lines)}
    for notice in _notices(lines):
        yield place[id(notice.lines[0])], place[id(notice.lines[-1])]


def read_notices(text: Text) -> Reading[CmdletNotice]:
    """The questions and warnings of cmdlets other than the one about the default SMTP certificate."""
    facts = tuple(_notices(text.lines))
    if facts:
        return Reading(facts)
    notes = Notes()
    notes.leave(text.lines, "there is no question or warning of a cmdlet here")
    return Reading(unread=tuple(notes.unread))


def _notices(lines: Sequence[Line]) -> Iterator[CmdletNotice]:
    if not any("[?]" in line.text or "precedence" in line.text for line in lines):
        return
    overwriting = {at for first, last in question_spans(lines) for at in range(first, last + 1)}
    place = {id(line): at for at, line in enumerate(lines)}
    folded = fold(lines)
    after = 0
    for choice in _CHOICE.finditer(folded.text):
        shown = _in_window(folded, choice.start(), 0) if choice.start() >= after and choice[1] != "?" else None
        if shown is None:
            continue
        choices, after = shown
        first, last = place[id(choices.lines[0])], place[id(choices.lines[-1])]
        if overwriting.isdisjoint(range(first, last + 1)):
            head = _head_of(lines, first)
            question = " ".join(line.text for line in lines[head:first])
            if len(_DIGITS_RUN.findall(question)) > 1:
                # It names two certificates, if not whole: it may be the overwrite question itself.
                continue
            about = Notice.SSL if _OF_SSL.search(question) else Notice.UM if _OF_UM.search(question) else Notice.OTHER
            yield CmdletNotice(about, tuple(lines[head : last + 1]), open=not choices.written)
    for found in _PRECEDENCE.finditer(folded.text):
        said = folded.lines_of(*found.span())
        first, last = place[id(said[0])], place[id(said[-1])]
        head = _head_of(lines, first)
        end = next(
            (at for at in range(last, len(lines)) if at + 1 == len(lines) or not lines[at + 1].text.strip()), last
        )
        if _LONE.search("".join(line.text for line in lines[head : end + 1])):
            yield CmdletNotice(Notice.PRECEDENCE, tuple(lines[head : end + 1]))


_DIGITS_RUN = re.compile(r"(?<![0-9A-Fa-f])[0-9A-Fa-f]{16,}")

_LONE = re.compile(rf"(?<![0-9A-Fa-f]){_DIGITS}(?![0-9A-Fa-f])")


def _head_of(lines: Sequence[Line], at: int) -> int:
    """The first line of the paragraphs a question stands in: below a blank line, a command or a listing."""
    head = at
    for above in range(at - 1, max(at - 1 - _MOST_LINES_ABOVE, -1), -1):
        text = lines[above].text
        if is_command(text) or _LABEL.match(text):
            break
        if text.strip():
            head = above
        elif head < at:
            break
    return head
