"""No cmdlet raises, whatever it is given, and what only reads leaves the world as it is."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budget import examples
from tests.wizard.practice.organisation import DEFAULT, GUID, HOST, OFFICE, OWN, Ran, driven, run, world
from tests.wizard.practice.organisations import any_world
from wizard.practice.shell.session import CMDLETS, VIEWS, opened
from wizard.practice.shell.values import Call, Cmdlet, Flag, PSObject, Value
from wizard.practice.world import World

NAMES = [OWN, DEFAULT, OFFICE, GUID, HOST, "EX1", "EX2", "EX9", "EDGE1", f"EX2\\{OWN}", "EX1\\18", "EX1\\Submission"]
OTHERS = [
    "SMTP",
    "SMTP,IIS",
    "None",
    "Verbose",
    "Status -eq 'Retry'",
    "MSExchange*",
    "*",
    "",
    "\\",
    "25",
    "99999999",
    "A",
]
WORDS = st.sampled_from([*NAMES, *OTHERS])
VALUES: st.SearchStrategy[Value] = st.one_of(
    WORDS,
    st.text(max_size=12),
    st.booleans(),
    st.integers(-5, 70_000),
    st.none(),
    st.lists(WORDS, max_size=3).map(tuple),
    st.just(PSObject("Thing", {"Name": "EX1", "Thumbprint": OWN}, "EX1")),
    st.just(Flag("SMTP", 16)),
)
WORLDS = st.one_of(
    st.builds(world, st.sampled_from(["2010", "2013", "2016", "2019", "SE"]), st.booleans()),
    st.integers(0, 400).map(any_world),
)


@st.composite
def calls(draw: st.DrawFn) -> tuple[Cmdlet, dict[str, Value], tuple[Value, ...]]:
    cmdlet = draw(st.sampled_from(CMDLETS))
    parameters: dict[str, Value] = {}
    for parameter in cmdlet.parameters:
        if parameter.switch:
            parameters |= draw(st.sampled_from([{}, {}, {parameter.name: True}]))
        elif draw(st.booleans()):
            value = draw(VALUES)
            parameters[parameter.name] = value
    return cmdlet, parameters, tuple(draw(st.lists(VALUES, max_size=2)))


def done(of: World, call: tuple[Cmdlet, dict[str, Value], tuple[Value, ...]]) -> Ran:
    cmdlet, parameters, piped = call
    return driven(cmdlet, Call(of, parameters, piped, cmdlet.name), lambda _question: "Y")


@settings(max_examples=examples(300), deadline=None)
@given(WORLDS, calls())
def test_no_cmdlet_raises(of: World, call: tuple[Cmdlet, dict[str, Value], tuple[Value, ...]]) -> None:
    ran = done(of, call)
    if not call[0].changes and not call[0].name.endswith("PSSession"):
        assert ran.world == of


@settings(max_examples=examples(300), deadline=None)
@given(WORLDS, calls())
def test_what_if_changes_nothing(of: World, call: tuple[Cmdlet, dict[str, Value], tuple[Value, ...]]) -> None:
    cmdlet, parameters, piped = call
    if cmdlet.changes:
        assert done(of, (cmdlet, {**parameters, "WhatIf": True}, piped)).world == of


@settings(max_examples=examples(200), deadline=None)
@given(WORLDS, calls())
def test_the_same_call_does_the_same(of: World, call: tuple[Cmdlet, dict[str, Value], tuple[Value, ...]]) -> None:
    first, second = done(of, call), done(of, call)
    assert (first.world, first.values, first.error) == (second.world, second.values, second.error)


def test_every_name_and_view_stands_once_and_views_name_what_is_there() -> None:
    names = [name for each in CMDLETS for name in (each.name, *each.aliases)]
    assert len({name.casefold() for name in names}) == len(names)
    assert len({view.kind for view in VIEWS}) == len(VIEWS)
    assert all(each.synopsis for each in CMDLETS)


def test_every_column_of_a_view_is_a_property_of_what_is_shown() -> None:
    views = {view.kind: view for view in VIEWS}
    reading = [each for each in CMDLETS if each.name.startswith("Get-")]
    shown = [
        value for release in ("2010", "2016") for each in reading for value in run(world(release), each.name).objects
    ]
    assert {each.kind for each in shown} >= {"ExchangeCertificate", "SendConnector", "QueueInfo", "ExtensibleQueueInfo"}
    for each in shown:
        view = views[each.kind]
        named = [column.of or column.label for column in view.columns if isinstance(column.of, str)]
        assert {*named, *view.properties} <= each.properties.keys()


def test_what_practice_does_not_know_is_told_and_not_denied() -> None:
    said = opened(world(), 400).enter(f"Set-SendConnector '{OFFICE}' -MaxMessageSize 10MB").text
    assert "The practice shell knows these parameters of Set-SendConnector: Identity, " in said
    assert said.endswith("The real one may have more.")


def test_no_parameter_stands_twice() -> None:
    for cmdlet in CMDLETS:
        names = [parameter.name for parameter in cmdlet.parameters]
        assert len(set(names)) == len(names), cmdlet.name
