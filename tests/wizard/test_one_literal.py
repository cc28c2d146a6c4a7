"""Whatever a connector, a server or a folder is called: it is one literal in one statement, with its exact value."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budget import examples
from tests.wizard.powershell_rule import DOUBLE, SINGLE, NotOneLineError, Token, folded, tokens
from wizard.facts import LoggingLevel, Service
from wizard.powershell import lines as commands
from wizard.powershell.command import Command
from wizard.powershell.lines import KnownFolder
from wizard.powershell.literal import LONGEST, UnsafeNameError, literal

THUMBPRINT = "5C19E7A04B8D2F6031A9C7E5D4B80F2631E7A9C4"
PIECES = [
    *SINGLE,
    *DOUBLE,
    *"`$;|&<>(){}[]#@,=+-%*?\\/ ",
    "''",
    "$(",
    "--%",
    "-Force",
    "; Remove-SendConnector Lab #",
    "\u2013",
    "\u00a0",
    "\u3000",
    "\u00e9",
    "\u0416",
    "\u90f5",
    "\U0001f4e7",
    "a",
    "Z",
    "0",
]
"""What a name could break out of its quotes with, and what stands around it."""

ANY_NAME = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join) | st.text(min_size=1, max_size=40)

NAMING: dict[str, Callable[[str], Command]] = {
    "read_queues": commands.read_queues,
    "read_connector": commands.read_connector,
    "enable_logging": commands.enable_logging,
    "restore_logging": lambda name: commands.restore_logging(name, "", LoggingLevel.NONE),
    "read_log": lambda name: commands.read_log(KnownFolder(name)),
    "read_log_old": lambda name: commands.read_log(KnownFolder(name), old_shell=True),
    "read_certificate": lambda name: commands.read_certificate(THUMBPRINT, name),
    "read_certificates": commands.read_certificates,
    "bind": lambda name: commands.bind(THUMBPRINT, frozenset({Service.IIS, Service.POP}), name),
    "bind_smallest": lambda name: commands.bind_smallest(THUMBPRINT, name),
    "verify": lambda name: commands.verify(THUMBPRINT, name),
    "retry_queue": commands.retry_queue,
    "undo_default": lambda name: commands.undo_default(THUMBPRINT, name),
    "survey": commands.survey,
    "survey_list": commands.survey_list,
    "survey of servers": lambda name: commands.survey("Internet", servers=("EX1", name)),
    "survey_list of servers": lambda name: commands.survey_list("Internet", servers=("EX1", name)),
}


def names(seed: int, number: int) -> Iterator[str]:
    """Names drawn to break out: pieces with a meaning to PowerShell, and any characters of the basic plane."""
    draw = random.Random(seed)
    for _ in range(number):
        if draw.random() < 0.8:
            yield "".join(draw.choices(PIECES, k=draw.randint(1, 6)))
        else:
            yield "".join(chr(draw.randrange(0x20, 0xD800)) for _ in range(draw.randint(1, 6)))


@pytest.mark.parametrize(
    ("seed", "number"), [(0, 12_000), *(pytest.param(seed, 40_000, marks=pytest.mark.long) for seed in (1, 2))]
)
def test_thousands_of_names_are_one_literal_each_with_the_exact_value(seed: int, number: int) -> None:
    refused = 0
    for name in names(seed, number):
        try:
            line = f"Get-SendConnector -Identity {literal(name)} | Format-List Name"
        except UnsafeNameError:
            refused += 1
            continue
        expected = ["Get-SendConnector", "-Identity", name, "|", "Format-List", "Name"]
        assert [token.text for token in folded(line)] == expected, ascii(name)
    assert refused < number // 3


@pytest.mark.parametrize("write", NAMING.values(), ids=NAMING)
@settings(max_examples=examples(150), deadline=None)
@given(name=ANY_NAME)
def test_no_name_changes_what_a_command_does(write: Callable[[str], Command], name: str) -> None:
    """The line falls into the same tokens as with a harmless name: no second statement, pipe or parameter."""
    try:
        line = write(name).text
    except (UnsafeNameError, ValueError):
        # A path that ends in dots was cut by a table.
        assert name.endswith(("...", "\u2026")) or _is_refused(name)
        return
    # A folder's name with a wildcard in it asks for another parameter.
    plain = "A plain [name]" if set(name) & set("*?[]`") else "A plain name"
    named = [Token("string", name) if token == Token("string", plain) else token for token in folded(write(plain).text)]
    assert folded(line) == named


def _is_refused(name: str) -> bool:
    try:
        literal(name)
    except UnsafeNameError:
        return True
    return False


@pytest.mark.parametrize("write", NAMING.values(), ids=NAMING)
def test_a_command_is_one_statement(write: Callable[[str], Command]) -> None:
    depth = 0
    for token in tokens(write("A plain name").text):
        depth += (token.kind in {"{", "("}) - (token.kind in {"}", ")"})
        assert depth > 0 or token.kind not in {";", "newline", "comment"}
        assert token.kind not in {"<", ">"}
    assert depth == 0


class TestTheRule:
    """The reference itself: what it is there to catch, it catches."""

    @pytest.mark.parametrize("quote", SINGLE)
    def test_a_quote_that_is_not_doubled_breaks_out(self, quote: str) -> None:
        name = f"x{quote}; Remove-SendConnector Lab #"
        kinds = [token.kind for token in tokens(f"Get-SendConnector -Identity '{name}'")]
        assert ";" in kinds

    @pytest.mark.parametrize("quote", SINGLE)
    def test_doubled_it_stands_for_itself(self, quote: str) -> None:
        assert tokens(f"'a{quote}{quote}b'") == [Token("string", f"a{quote}b")]

    def test_an_open_string_is_not_a_line(self) -> None:
        with pytest.raises(NotOneLineError):
            tokens("'open")
        with pytest.raises(NotOneLineError):
            tokens('"open')

    def test_a_line_end_begins_a_second_statement(self) -> None:
        assert Token("newline", "\n") in tokens("Get-Queue\nGet-Queue")
        assert tokens("Get-Queue # ; Remove") == [Token("word", "Get-Queue"), Token("comment", "# ; Remove")]
        assert tokens('"a`"b""c"') == [Token("expandable", 'a"b"c')]

    def test_a_composed_text_is_one_value_and_a_sum_of_something_else_is_none(self) -> None:
        assert folded("('a' + [char]0xD83D + [char]0xDCE7)") == [Token("string", "a\U0001f4e7")]
        assert len(folded("('a' + $b)")) == 5
        assert len(folded("('a')")) == 3

    def test_the_longest_name_is_still_one_literal(self) -> None:
        assert folded(literal("\u2019" * LONGEST)) == [Token("string", "\u2019" * LONGEST)]
