"""The record of a change: what it tells, and that no text of any origin breaks one of its renderings."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.budget import examples
from tests.wizard import cases
from wizard.assets import sample_case
from wizard.case.case import Case, Deed, JournalEntry, PromptAnswer, StepId
from wizard.case.servers import at_server, saying_here
from wizard.facts import Line
from wizard.machine.inert import PLACEHOLDER, shown
from wizard.powershell.command import Command, CommandId, Part
from wizard.record.blocks import (
    CommandRun,
    Document,
    EvidenceLines,
    Pairs,
    Paragraph,
    Points,
    Section,
    Table,
    Word,
    moment,
)
from wizard.record.record import record_of
from wizard.record.render import SCHEMA, as_json, markdown, page
from wizard.record.summary import commands_written
from wizard.steps.flow import settle, step

S = StepId
NOW = datetime(2026, 11, 22, 3, 30, 7, tzinfo=UTC)
ZONE = timezone(timedelta(hours=1))


def three_servers() -> Case:
    """A connector that sends from three servers: one done, one answered with Y and undone, one not begun."""
    case = cases.with_connector(servers="{EX01, EX02, EX03}")
    case = cases.given(case, S.SYMPTOM, cases.queue_list())
    case = saying_here(cases.ready(case=case), "EX01")
    case = settle(case, S.COMMAND)
    case = case.noting(JournalEntry(NOW - timedelta(minutes=50), Deed.OPENED))
    case = case.noting(
        JournalEntry(NOW - timedelta(minutes=40), Deed.READ, S.LOG, "EX01", r"D:\Logs\SEND20261122-1.log")
    )
    case = case.noting(JournalEntry(NOW - timedelta(minutes=31), Deed.PASSED, S.COMMAND, "EX01", "iis-named-again"))
    line = step(S.COMMAND).commands(case)[0].text
    case = case.noting(JournalEntry(NOW - timedelta(minutes=30), Deed.COPIED, S.COMMAND, "EX01", line))
    case = cases.answered(case=case)
    case = case.noting(JournalEntry(NOW - timedelta(minutes=28), Deed.ANSWERED, S.PROMPT, "EX01", "N"))
    case = cases.given(case, S.VERIFY, cases.certificate_list("POP, IIS, SMTP"))
    case = cases.given(case, S.RETRY, cases.queue_list("Active", ""))
    case = cases.settled(cases.given(case, S.SESSION, cases.working()))
    case = at_server(case, "EX02")
    case = cases.given(case, S.SERVICES, cases.certificate_list("IIS"))
    line = step(S.COMMAND).commands(case)[0].text
    case = case.noting(JournalEntry(NOW - timedelta(minutes=20), Deed.COPIED, S.COMMAND, "EX02", line))
    case = cases.given(case, S.PROMPT, cases.question(cases.OTHER))
    case = cases.knowing(case, prompt_answer=PromptAnswer.YES, undone=True)
    case = case.noting(JournalEntry(NOW - timedelta(minutes=18), Deed.ANSWERED, S.PROMPT, "EX02", "Y"))
    return cases.given(case, S.RESTORE, cases.connector_list(servers="{EX01, EX02, EX03}"))


def section(record: Document, heading: str) -> str:
    """The Markdown of one section."""
    found = [each for each in record.sections if each.heading == heading]
    assert len(found) == 1, [each.heading for each in record.sections]
    return markdown(replace(record, sections=tuple(found)), ZONE)


class TestWhatItTells:
    def test_everything_about_a_change_in_its_order(self) -> None:
        record = record_of(three_servers(), NOW)
        assert [each.heading for each in record.sections] == [
            "In short",
            "Symptom",
            "Cause",
            "Our certificate",
            "Warnings",
            "Commands for the connector and the queues",
            "Commands on EX01",
            "Commands on EX02",
            "The overwrite question",
            "Proof on EX01",
            "Proof on EX02",
            "Logging",
            "What stays open",
            "What was done, and when",
        ]

    def test_the_cause_with_the_row_that_proves_it_and_its_place(self) -> None:
        told = section(record_of(three_servers(), NOW), "Cause")
        assert "This is KB 4051498: the Transport service cannot use the key of our certificate." in told
        assert "From log paste of EX01, lines 3 to 9:\n\n```\n2026-11-22T02:14:07.000Z,Outbound to Office 365," in told
        assert "TLS negotiation failed with error UnknownCredentials\n```" in told

    def test_each_servers_commands_with_the_times_they_were_copied(self) -> None:
        record = record_of(three_servers(), NOW)
        first, second = section(record, "Commands on EX01"), section(record, "Commands on EX02")
        assert f"'{cases.OURS}' -Services SMTP,IIS,POP -Server 'EX01'\n" in first
        assert "Copied 2026-11-22 03:00:07 UTC (2026-11-22 04:00 +01:00)." in first
        assert f"'{cases.OURS}' -Services SMTP,IIS -Server 'EX02'\n" in second
        assert "Copied 2026-11-22 03:10:07 UTC (2026-11-22 04:10 +01:00)." in second
        assert "03:00:07" not in second

    def test_every_command_the_report_has(self) -> None:
        case = cases.settled(cases.proven_case())
        told = markdown(record_of(case, NOW))
        assert all(f"```\n{command.text}\n```" in told for _title, command in commands_written(case))

    def test_a_command_that_was_copied_before_an_answer_changed(self) -> None:
        case = cases.ready().noting(
            JournalEntry(NOW, Deed.COPIED, S.COMMAND, "", "Enable-ExchangeCertificate of before")
        )
        assert "`Enable-ExchangeCertificate of before`" in section(
            record_of(case, NOW), "Other commands that were copied"
        )

    def test_the_question_of_each_server_its_answer_and_the_way_back(self) -> None:
        told = section(record_of(three_servers(), NOW), "The overwrite question")
        assert f"| EX01 | `{cases.DEFAULT}` | N | 2026-11-22 03:02:07 UTC" in told
        assert (
            f"| EX02 | `{cases.OTHER}` | Y, and the earlier one was made the default again | 2026-11-22 03:12:07"
            in told
        )
        assert f"Enable-ExchangeCertificate -Thumbprint '{cases.OTHER}' -Services SMTP -Server 'EX02'" in told

    def test_how_far_each_thing_is_proven(self) -> None:
        record = record_of(three_servers(), NOW)
        assert "| SMTP is bound, no service was lost | proven | services are SMTP, IIS, POP |" in section(
            record, "Proof on EX01"
        )
        there = section(record, "Proof on EX02")
        assert "| SMTP is bound, no service was lost | open | the services were not read again |" in there
        again = "| The earlier default SMTP certificate is the default again | said by the administrator | answered Y, "
        assert f"{again}then made it the default again |" in there

    def test_which_warnings_were_passed_knowingly_and_when(self) -> None:
        told = section(record_of(three_servers(), NOW), "Warnings")
        assert re.search(r"\| EX01 \| Warning \| Naming IIS again .* \| 2026-11-22 02:59:07 UTC", told)
        assert re.search(r"\| EX02 \| Warning \| Naming IIS again .* \| no \|", told)

    def test_what_stays_open_and_what_to_run_for_it(self) -> None:
        told = section(record_of(three_servers(), NOW), "What stays open")
        assert "- EX02: SMTP is bound, no service was lost: open, the services were not read again." in told
        assert "- EX03: not begun." in told
        assert "-Services SMTP -Server 'EX03'" in told
        assert "What stays open\n\nNothing.\n" in markdown(record_of(cases.settled(cases.proven_case()), NOW))

    def test_what_was_done_in_the_order_of_time(self) -> None:
        told = section(record_of(three_servers(), NOW), "What was done, and when")
        times = re.findall(r"^\| (2026-11-22 [\d:]+) UTC", told, re.MULTILINE)
        assert len(times) == 7
        assert times == sorted(times)
        assert r"`D:\Logs\SEND20261122-1.log`" in told

    def test_logging_put_back(self) -> None:
        assert "Logging is back to what it was: proven: the level is None" in section(
            record_of(three_servers(), NOW), "Logging"
        )

    def test_nothing_in_the_second_person(self) -> None:
        record = record_of(cases.settled(cases.proven_case()), NOW)
        assert record.headline == "Done: all five points are proven or said by the administrator."
        assert not re.search(r"\byou(r)?\b", section(record, "Proof"))

    @pytest.mark.parametrize("case", [Case(opened=NOW), sample_case(), cases.named("Internet")])
    def test_a_case_that_has_hardly_begun(self, case: Case) -> None:
        record = record_of(case, NOW)
        assert record.headline == "No binding command was written yet."
        assert ("SAMPLE" in markdown(record)) == ("SAMPLE" in page(record)) == case.sample


class TestTimes:
    def test_are_in_utc_with_the_local_time_beside_them(self) -> None:
        berlin = ZoneInfo("Europe/Berlin") if _has_zones() else ZONE
        assert moment(NOW, berlin) == "2026-11-22 03:30:07 UTC (2026-11-22 04:30 +01:00)"
        assert moment(NOW, timezone(timedelta(hours=-9, minutes=-30))).endswith("(2026-11-21 18:00 -09:30)")

    def test_are_said_once_where_local_time_is_utc(self) -> None:
        assert moment(NOW, UTC) == "2026-11-22 03:30:07 UTC"

    @pytest.mark.parametrize("at", [datetime.max, datetime.min])
    @pytest.mark.parametrize("hours", [-14, 14])
    def test_of_the_calendars_ends_are_told_in_utc(self, at: datetime, hours: int) -> None:
        assert "UTC" in moment(at.replace(tzinfo=UTC), timezone(timedelta(hours=hours)))


def _has_zones() -> bool:
    try:
        ZoneInfo("Europe/Berlin")
    except KeyError:
        return False
    return True


# Texts of any origin in every place of a record

HOSTILE = (
    "a|b\\|c\\",
    "`one` ``two`` ```three```",
    "# heading\n## another",
    "1. one\n- two\n+ three\n> four\n=====\n-----",
    "<script>alert(1)</script><!-- --> <img src=x onerror=y>",
    "[text](https://evil.example) ![image](https://evil.example/x.png) <https://evil.example> www.evil.example",
    "**bold** _one_ __two__ ~~gone~~ &amp; &#x3c; \"quoted\" 'single'",
    "\x1b[2Jred\x07\r\nnext\u2028line \u202eevil \u2066 \ud83d \x00",
    "```\nfence\n```\n~~~",
    "  leading\tblanks  ",
    "]]> {{ }} <style>*{display:none}</style></pre></main>",
    "",
)
ANY_TEXT = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=40), st.text("|`\\#<>&*_[]()!-+=~\n\t \"'a1.", max_size=25)
)


def command(text: str) -> Command:
    printable = "".join(c for c in text if " " <= c <= "~").replace("'", "").strip()
    return Command(CommandId.READ_QUEUES, (Part(f"Get-Queue '{printable}'"),), text, changes=False)


@st.composite
def records(draw: st.DrawFn) -> Document:
    """A record of every kind of block, with any text in every place."""
    text = ANY_TEXT
    blocks = (
        Paragraph(draw(text)),
        Points((draw(text), draw(text))),
        Pairs(((draw(text), Word(draw(text))), (draw(text), draw(text)))),
        Table((draw(text), draw(text), draw(text)), ((draw(text), Word(draw(text)), NOW),)),
        EvidenceLines((Line(draw(text), 3, draw(text)),)),
        CommandRun(command(draw(text)), draw(text), (NOW,), draw(text), draw(text)),
    )
    return Document(draw(text), draw(text), NOW, (Section(draw(text), blocks), Section("last", (Paragraph("end"),))))


class Page(HTMLParser):
    """A page as a browser takes it apart: its tags must be closed in order, its text is kept."""

    VOID = frozenset({"meta"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def taken_apart(text: str) -> Page:
    parsed = Page()
    parsed.feed(text)
    parsed.close()
    assert parsed.open == []
    return parsed


ALLOWED_TAGS = set(
    re.findall(
        r"\w+",
        "html head meta title style body header main section h1 h2 p ul ol li dl dt dd table thead tbody tr th td "
        "div pre code time",
    )
)


class TestThePage:
    @settings(max_examples=examples(150), deadline=None)
    @given(record=records())
    def test_holds_any_text_as_text(self, record: Document) -> None:
        text = page(record, ZONE)
        assert shown(text) == text
        parsed = taken_apart(text)
        assert {tag for tag, _attrs in parsed.tags} <= ALLOWED_TAGS
        names = {name for _tag, attrs in parsed.tags for name in attrs}
        assert names <= {
            "lang",
            "charset",
            "http-equiv",
            "content",
            "name",
            "class",
            "scope",
            "data-column",
            "datetime",
            "value",
        }
        assert "".join(parsed.text).count(record.headline.strip() and shown(record.headline)) >= 1

    def test_needs_nothing_from_anywhere(self) -> None:
        text = page(record_of(three_servers(), NOW), ZONE)
        assert not re.search(
            r"(?i)<(script|link|img|iframe|object|embed|base|form)|@import|url\(|https?:|javascript:", text
        )
        metas = [attrs for tag, attrs in taken_apart(text).tags if tag == "meta"]
        assert {"charset": "utf-8"} in metas
        policy = {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"}
        assert policy in metas
        assert text.index("charset") < text.index("Content-Security-Policy") < text.index("<style>") < 1024

    def test_has_every_command_whole(self) -> None:
        case = cases.settled(cases.proven_case())
        told = "".join(taken_apart(page(record_of(case, NOW))).text)
        assert all(command.text in told for _title, command in commands_written(case))

    def test_is_for_light_and_dark_narrow_and_paper(self) -> None:
        text = page(record_of(Case(opened=NOW), NOW))
        for condition in ("prefers-color-scheme: dark", "max-width: 40rem", "@media print", "size: A4"):
            assert condition in text


class TestTheMarkdown:
    @settings(max_examples=examples(200), deadline=None)
    @given(record=records())
    def test_is_broken_by_no_text(self, record: Document) -> None:
        text = markdown(record, ZONE)
        assert shown(text) == text
        tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
        kinds = [token.type for token in tokens]
        assert kinds.count("heading_open") == 3
        assert kinds.count("table_open") == 1
        assert kinds.count("th_open") == kinds.count("td_open") == 3
        fences = [token.content for token in tokens if token.type == "fence"]
        assert fences == [f"{_evidence(record)}\n", f"{_command(record)}\n"]
        assert not {"html_block", "hr", "blockquote_open", "ordered_list_open", "code_block"} & set(kinds)
        inline = [child.type for token in tokens for child in token.children or ()]
        assert not {"link_open", "image", "html_inline", "em_open", "s_open", "hardbreak"} & set(inline)
        assert inline.count("strong_open") <= 1

    @pytest.mark.parametrize("text", [text for text in HOSTILE if text.strip()])
    def test_shows_a_text_as_it_was(self, text: str) -> None:
        record = Document("title", "state", NOW, (Section("one", (Paragraph(text), Pairs((("value", Word(text)),)))),))
        tokens = MarkdownIt("commonmark").parse(markdown(record, UTC))
        said = ["".join(child.content for child in token.children or ()) for token in tokens if token.type == "inline"]
        line = " ".join(shown(text).split())
        assert line in [each.replace("\u200b", "") for each in said]
        assert any(" ".join(each.split()) == f"value: {line}" for each in said)


def _evidence(record: Document) -> str:
    return shown(next(block.lines[0].text for block in record.sections[0].blocks if isinstance(block, EvidenceLines)))


def _command(record: Document) -> str:
    return next(block.command.text for block in record.sections[0].blocks if isinstance(block, CommandRun))


class TestTheJson:
    @settings(max_examples=examples(50), deadline=None)
    @given(record=records())
    def test_has_every_text_as_it_was_read(self, record: Document) -> None:
        text = as_json(record, ZONE)
        assert text.isascii()
        content = json.loads(text)
        assert content["schema"] == SCHEMA
        assert content["headline"] == record.headline
        kinds = [block["kind"] for block in content["sections"][0]["blocks"]]
        assert kinds == ["paragraph", "points", "pairs", "table", "evidence", "command"]
        assert content["sections"][0]["blocks"][0]["text"] == next(
            block.text for block in record.sections[0].blocks if isinstance(block, Paragraph)
        )

    def test_has_both_times(self) -> None:
        content = json.loads(as_json(Document("title", "state", NOW, ()), ZONE))
        assert content["made"] == {"utc": "2026-11-22T03:30:07+00:00", "local": "2026-11-22T04:30:07+01:00"}


def test_what_a_terminal_would_act_on_is_an_empty_square_in_every_rendering_for_people() -> None:
    record = Document("t", "\x1b]0;x\x07 \u202e", NOW, ())
    for text in (markdown(record), page(record)):
        assert f"{PLACEHOLDER}]0;x{PLACEHOLDER} {PLACEHOLDER}" in text.replace("\\]", "]")
