"""Every kind of line that the wizard composes runs in the practice shell, and its own readers read the answers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.budget import examples
from tests.wizard.practice import organisation
from wizard.facts import ExchangeVersion, LoggingLevel, Service, default_log_folder
from wizard.powershell import lines as commands
from wizard.powershell.command import Command
from wizard.powershell.lines import DefaultFolder, KnownFolder
from wizard.practice.shell.session import FAILED, opened
from wizard.reading.certificates import read_certificates
from wizard.reading.connectors import read_connectors
from wizard.reading.prompt import read_prompts
from wizard.reading.queues import read_queues
from wizard.reading.survey import read_survey
from wizard.reading.text import clean

OWN, OFFICE, GUID = organisation.OWN, organisation.OFFICE, organisation.GUID
FOLDER = DefaultFolder(default_log_folder(ExchangeVersion.E2019_SE))
LINES = [
    commands.read_queues(),
    commands.read_queues("EX2"),
    commands.read_connectors(),
    commands.read_connector(OFFICE),
    commands.read_connector("\u00dcber", GUID),
    commands.enable_logging(OFFICE),
    commands.restore_logging(OFFICE, GUID, LoggingLevel.NONE),
    commands.read_log_path(ExchangeVersion.E2019_SE),
    commands.read_log_path(ExchangeVersion.E2019_SE, frontend=True),
    commands.read_log(FOLDER),
    commands.read_log(FOLDER, old_shell=True),
    commands.read_log(KnownFolder(rf"C:\Program Files\Microsoft\Exchange Server\V15\{FOLDER.relative}")),
    commands.read_certificate(OWN),
    commands.read_certificate(OWN, "EX2"),
    commands.read_certificates(),
    commands.bind(OWN, frozenset({Service.IMAP, Service.POP, Service.IIS})),
    commands.bind_smallest(OWN, "EX2"),
    commands.verify(OWN),
    commands.retry_queue(),
    commands.undo_default(organisation.DEFAULT),
    commands.read_timeouts(),
    commands.raise_timeout("EX1"),
    commands.restore_timeout("EX2", "1.12:00:00"),
    commands.read_default("EX1"),
    commands.survey(),
    commands.survey(OFFICE, servers=("EX1", "EX2")),
]


@pytest.mark.parametrize("command", LINES, ids=lambda command: command.text[:60])
def test_runs_without_an_error(command: Command) -> None:
    shell = opened(organisation.world(), 120)
    printed = shell.enter(command.text)
    while printed.asking:
        printed = shell.enter("N")
    assert "FullyQualifiedErrorId" not in printed.text
    assert "practice shell" not in printed.text
    assert FAILED not in printed.text


@settings(max_examples=examples(25), deadline=None)
@given(width=st.integers(60, 200))
def test_what_is_read_is_the_same_at_every_width(width: int) -> None:
    shell = opened(organisation.world(), width)
    queues = read_queues(clean(shell.enter(commands.read_queues().text).text)).facts
    assert [queue.identity for queue in queues][:1] == ["EX1\\18"]
    (connector,) = read_connectors(clean(shell.enter(commands.read_connectors().text).text)).facts
    assert (connector.name, connector.guid) == (OFFICE, GUID)
    (certificate,) = read_certificates(clean(shell.enter(commands.read_certificate(OWN).text).text)).facts
    assert certificate.thumbprint == OWN
    assert certificate.services == frozenset({Service.IMAP, Service.POP, Service.IIS})


@settings(max_examples=examples(25), deadline=None)
@given(width=st.integers(60, 200))
def test_the_overwrite_question_is_read_at_every_width(width: int) -> None:
    shell = opened(organisation.world(), width)
    asked = shell.enter(commands.bind_smallest(OWN).text)
    (prompt,) = read_prompts(clean(f"{asked.text}\n{asked.prompt}")).facts
    assert (prompt.current, prompt.replacement) == (organisation.DEFAULT, OWN)


@settings(max_examples=examples(25), deadline=None)
@given(width=st.integers(60, 200))
def test_the_survey_is_read_whole_at_every_width(width: int) -> None:
    text = opened(organisation.world(), width).enter(commands.survey().text).text
    survey = read_survey(clean(text))
    assert survey.whole
    assert not survey.unread
    assert set(survey.servers) == {"EX1", "EX2"}
    (connector,) = survey.connectors
    assert connector.name == OFFICE


class TestExchange2010:
    """Its PowerShell is 2.0: the wizard's own lines for it run, and those for newer versions do not."""

    OLD = default_log_folder(ExchangeVersion.E2010)

    @pytest.mark.parametrize(
        "command",
        [
            commands.read_log_path(ExchangeVersion.E2010),
            commands.read_log(DefaultFolder(OLD), old_shell=True),
            commands.survey_list(),
            commands.read_certificates(),
        ],
        ids=lambda command: command.text[:60],
    )
    def test_runs_its_own_lines(self, command: Command) -> None:
        text = opened(organisation.world("2010"), 120).enter(command.text).text
        assert "FullyQualifiedErrorId" not in text

    @pytest.mark.parametrize(
        ("line", "error"),
        [
            (commands.survey().text, "The term 'ConvertTo-Json' is not recognized"),
            ("'x' | Set-Clipboard", "The term 'Set-Clipboard' is not recognized"),
            (commands.read_log(DefaultFolder(OLD)).text, "matches parameter name 'Tail'"),
        ],
    )
    def test_has_nothing_newer(self, line: str, error: str) -> None:
        text = opened(organisation.world("2010"), 120).enter(line).text
        assert error in text
        assert "practice shell" not in text

    @settings(max_examples=examples(15), deadline=None)
    @given(width=st.integers(60, 200))
    def test_the_survey_as_a_list_is_read_whole(self, width: int) -> None:
        survey = read_survey(clean(opened(organisation.world("2010"), width).enter(commands.survey_list().text).text))
        assert survey.whole
        assert not survey.unread
