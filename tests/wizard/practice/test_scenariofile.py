"""A scenario's file: what is well formed is read, and what is not is said with its line, its key and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wizard.practice.scenes import ASKING, TEXT
from wizard.practice.scenario import ScenarioError
from wizard.practice.scenariofile import LARGEST, find_scenario, parsed, read_scenario, usual_damage


def refused(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        parsed(text, "small.toml")
    return str(caught.value).split("\n")


def line_of(text: str, start: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if line.startswith(start))


def test_a_well_formed_file_is_a_scenario_and_the_usual_damage_is_forbidden_in_it() -> None:
    scenario = parsed(TEXT, "small.toml")
    assert (scenario.identity, scenario.minutes, len(scenario.goals)) == ("small", 5, 3)
    assert scenario.story == "Mail to {{partner.domain}} waits on {{EX1}}, says {{company}}."
    assert [rule.say for rule in scenario.forbidden] == [rule.say for rule in usual_damage().values()]


def test_what_a_scenario_allows_is_not_forbidden_in_it() -> None:
    scenario = parsed(f'allowed = ["default-replaced"]\n{TEXT}', "small.toml")
    left = {rule.say for rule in usual_damage().values()} - {rule.say for rule in scenario.forbidden}
    assert left == {usual_damage()["default-replaced"].say}


def test_an_unknown_key_is_named_with_its_line_and_the_one_that_is_meant() -> None:
    text = TEXT.replace("mail-flows", "mailflows")
    line = line_of(text, "mailflows")
    assert (
        f"small.toml, line {line}, goals 1, mailflows: this key is not known here; did you mean mail-flows."
        in refused(text)
    )


def test_a_word_that_names_nothing_is_named_with_the_nearest_one() -> None:
    text = TEXT.replace('mail-left = "out"', 'mail-left = "oot"')
    assert refused(text) == [
        f'small.toml, line {line_of(text, "mail-left")}, goals 2, mail-left: "oot" is no key of the world. '
        "Did you mean out?"
    ]


def test_a_word_of_the_wrong_sort_is_refused_with_what_the_predicate_is_asked_of() -> None:
    said = refused(TEXT.replace('mail-left = "out"', 'mail-left = "public"'))
    assert said[0].endswith('"public" is a certificate; mail-left is asked of a connector, a server.')


def test_what_a_predicate_cannot_do_without_is_asked_for() -> None:
    said = refused(TEXT.replace('mail-left = "out"', 'bound = "public"'))
    assert said[0].endswith("goals 2, bound: this needs a service as well.")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('title = "A small one"', "", 'title: write title = "..." with some text in it.'),
        ("minutes = 5", "minutes = 0", "minutes: write a whole number from 1"),
        ("minutes = 5", 'minutes = "five"', "minutes: write a whole number from 1"),
        ('id = "small"', 'id = "Small one"', "id: write small letters and digits"),
        ('hints = ["gentle", ', "hints = [", "hints: write three hints, from gentle to plain, not 2."),
        (
            'sources = ["EX1"]',
            'sources = ["EX2"]',
            'sources: "EX2" is not known. Did you mean EX1? Known here are: EX1.',
        ),
        ("[servers.EX1]", '[servers.EX1]\nrelease = "2003"', "release: 2003 is not known; write one of: 2010"),
        ("[servers.EX1]", '[servers.EX1]\nrole = "Egde"', 'role: "Egde" is not known; write one of: Mailbox'),
        ("[servers.EX1]", '[servers.EX2]\ndefault = "public"\n[servers.EX1]', 'default: "public" is not known.'),
        ("[partners.partner]", '[partners.partner]\nfault = "lost"', 'fault: "lost" is not known; write one of: none'),
        ('services = ["IIS"]', 'services = ["HTTP"]', 'services: "HTTP" is no service'),
        ("[certificates.public]", '[certificates.public]\nlike = "later"', 'like: "later" is not known.'),
        ('id = "small"', 'id = "small"\nallowed = ["forcd"]', 'allowed: "forcd" is not known. Did you mean forced?'),
        ("[partners.partner]", "[partners.SMTP]\n[partners.partner]", '"SMTP" is a word of the format'),
        ("[partners.partner]", "[partners.EX1]\n[partners.partner]", 'the key "EX1" is used twice'),
        ('mail-left = "out"', "", "write when this holds; the predicates are: mail-flows"),
        ('solution = ["bind', 'solution = ["one\\ntwo", "bind', "each line of the solution is a string of its own"),
        ("[[goals]]", "[[goal]]", "this key is not known here; did you mean goals."),
        ("minutes = 5", "minutes = 99999", "minutes: write a whole number from 1 to 240"),
        ("minutes = 5", "minutes = 5\nhistory = 99999999999", "history: write a whole number from 0 to 1440"),
        ("[servers.EX1]", "[servers.EX1]\nwrite-delay = 99999999999999", "write-delay: write a whole number from 0 to"),
        (
            'services = ["IIS"]',
            'services = ["IIS"]\nbegins = 99999999',
            "begins: write a whole number from -3660 to 3660",
        ),
        ('services = ["IIS"]', f'services = ["IIS"]\nnames = ["{"a" * 5000}"]', "names: this is too long"),
        ('services = ["IIS"]', 'services = ["IIS"]\nnames = ["a b"]', 'names: "a b" is no host name'),
        ('services = ["IIS"]', 'services = ["IIS"]\nnames = ["mail"]\nstatus = "Fine"', "status: Fine is not known"),
        ('partner = "partner"', 'partner = "partner"\nfqdn = "a b"', "fqdn: write a host name"),
        ("[servers.EX1]", "[servers.EX1]\nlog-path = '..\\x'", "log-path: write a folder such as"),
        ("[servers.EX1]", '[servers."E X"]\n[servers.EX1]', "a key has letters, digits, _ and -"),
        ('title = "A small one"', 'title = "\\u001b[31mred"', "title: a character in it cannot be shown: U+001B"),
        ('say = "N was the answer."', 'say = "N \\u202ewas"', "say: a character in it cannot be shown: U+202E"),
        ('title = "A small one"', 'title = "two\\nlines"', "title: a character in it cannot be shown: U+000A"),
        ('["gentle", ', '["gentle\\u2066", ', "hints: a character in it cannot be shown: U+2066"),
        ('solution = ["bind', 'solution = ["\\u0007bind', "solution: a character in it cannot be shown: U+0007"),
        ('partner = "partner"', 'partner = "partner"\nname = "\\u0000"', "name: a character in it cannot be shown"),
        ('teaches = "What', f'teaches = "{"x" * 80}', "teaches: write one line of at most 76 characters"),
        ('story = """\n', 'story = """\n' + "x\n" * 9, "story: a story has at most 8 lines."),
        ('solution = ["bind', "solution = [" + '"Get-Queue", ' * 100 + '"bind', "solution: these are too many"),
        ("[partners.partner]", "".join(f"[partners.p{n}]\n" for n in range(99)) + "[partners.partner]", "at most 6"),
        ("[[goals]]", '[[goals]]\nsay = "x"\nmail-flows = "out"\n' * 99 + "[[goals]]", "goals: these are too many"),
        ("minutes = 5", f"minutes = {'9' * 5000}", "this is not TOML"),
        ("minutes = 5", f"minutes = {'[' * 5000}{']' * 5000}", "this is not TOML: it has brackets within brackets"),
        ("minutes = 5", f"minutes = {'{a=' * 3000}1{'}' * 3000}", "this is not TOML: it has brackets within brackets"),
    ],
)
def test_each_mistake_is_said_with_the_remedy(old: str, new: str, sentence: str) -> None:
    assert old in TEXT
    assert any(sentence in said for said in refused(TEXT.replace(old, new))), refused(TEXT.replace(old, new))


def test_exactly_one_conclusion_is_right() -> None:
    assert any(
        "exactly one conclusion is the right one" in said for said in refused(ASKING.replace("right = true\n", ""))
    )


def test_everything_wrong_is_said_at_once() -> None:
    assert len(refused(TEXT.replace("minutes = 5", "minutes = 0").replace("mail-left", "mailleft"))) >= 2


def test_what_is_no_toml_is_said_with_the_line() -> None:
    (said,) = refused(TEXT.replace('title = "A small one"', "title = A small one"))
    assert said.startswith("small.toml, line 2: this is not TOML: ")


def test_a_missing_quotation_mark_is_said_to_be_one() -> None:
    (said,) = refused(TEXT.replace('title = "A small one"', 'title = "A small one'))
    assert said.startswith("small.toml, line 2: ")
    assert said.endswith("Likely a quotation mark is missing in this line.")


def test_a_key_of_the_scenario_below_a_table_is_said_to_belong_above() -> None:
    text = TEXT.replace("[partners.partner]", "[partners.partner]\nminutes = 5")
    line = next(number for number, each in enumerate(text.split("\n"), 1) if each == "[partners.partner]") + 1
    assert any(f"line {line}, partners, partner, minutes: this belongs to the" in said for said in refused(text))


@given(st.integers(0, len(TEXT) - 1), st.sampled_from(['"', "[", "]", "\n", "=", "x", "\x00", "{{", "''"]))
def test_a_damaged_file_is_read_or_refused_in_sentences_and_never_a_crash(at: int, put: str) -> None:
    for said in sentences(TEXT[:at] + put + TEXT[at + 1 :]):
        assert said.startswith("small.toml")


def sentences(text: str) -> list[str]:
    """What is said of a text; nothing where it is a scenario."""
    try:
        parsed(text, "small.toml")
    except ScenarioError as error:
        return str(error).split("\n")
    return []


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(tmp_path: Path) -> None:
    for name, content, reason in (
        ("utf16.toml", TEXT.encode("utf-16"), "not UTF-8"),
        ("huge.toml", b"#" * (LARGEST + 1), "66 KB"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ScenarioError, match=reason):
            read_scenario(tmp_path / name)
    with pytest.raises(ScenarioError, match="no such file"):
        read_scenario(tmp_path / "none.toml")


def test_a_scenario_is_found_by_its_name_its_number_or_its_file(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(TEXT, encoding="utf-8")
    assert find_scenario("Plain") == find_scenario("1")
    assert find_scenario(str(tmp_path / "own.toml")).identity == "small"
    with pytest.raises(ScenarioError, match="Did you mean plain"):
        find_scenario("plian")
