"""Every line the wizard composes runs in the practice shell, and what is printed is read back to what is there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.budget import examples
from tests.wizard.practice.following import Follower
from tests.wizard.practice.organisation import OFFICE, OWN, STALE, with_subscription, world
from tests.wizard.practice.organisations import Maker, Plan, any_world
from wizard.facts import CmdletErrorKind, ExchangeVersion, LoggingLevel, default_log_folder
from wizard.powershell import lines as commands
from wizard.powershell.command import Command
from wizard.powershell.lines import DefaultFolder, KnownFolder
from wizard.practice.mail import log_folder, pass_time
from wizard.practice.obstacle import flows
from wizard.practice.shell.session import PracticeShell, files, opened
from wizard.practice.world import Component, HeldCertificate, KeyFault, Role, Server, World
from wizard.reading.certificates import read_certificates
from wizard.reading.connectors import read_connectors, read_log_folders
from wizard.reading.errors import read_cmdlet_errors
from wizard.reading.log.sessions import read_log
from wizard.reading.prompt import read_prompts
from wizard.reading.queues import read_queues
from wizard.reading.survey import read_survey
from wizard.reading.text import clean

SEEDS = st.integers(0, 100_000)
GONE = 46_641
"""A world in which a certificate points to a key that nobody can open."""
WIDTHS = st.integers(60, 200)
few = settings(max_examples=examples(25), deadline=None)


def typed(console: PracticeShell, command: Command | str, answer: str = "N") -> str:
    """What a line printed, its question answered."""
    printed = console.enter(command if isinstance(command, str) else command.text)
    said = [printed.text]
    while printed.asking:
        said.append(printed.prompt)
        printed = console.enter(answer)
        said.append(printed.text)
    return "\n".join(said)


def valid(certificate: HeldCertificate) -> bool:
    """Whether Exchange lists a certificate: it leaves out one whose key is missing, or cannot be opened at all."""
    return certificate.has_private_key and certificate.key_fault is not KeyFault.GONE


def local(of: World) -> Server:
    found = of.server(of.here)
    assert found is not None
    return found


def every_line(of: World) -> list[Command]:
    """Each command that fits this world, with its own values."""
    server = local(of)
    thumbprint = server.certificates[0].thumbprint
    edge, old = server.role is Role.EDGE, server.release == "2010"
    others = [each.name for each in of.servers if each.role is not Role.EDGE and not edge]
    made = [
        commands.read_queues(),
        commands.read_connectors(),
        commands.read_log_path(server.version),
        commands.read_log(DefaultFolder(default_log_folder(server.version, edge)), old_shell=old),
        commands.read_log(KnownFolder(log_folder(server, Component.EDGE if edge else Component.HUB)), old_shell=old),
    ]
    made += [commands.survey_list(edge=edge)] if old else [commands.survey(edge=edge)]
    made += [] if edge or old else [commands.read_log_path(server.version, frontend=True)]
    for connector in of.connectors:
        made += [
            commands.read_connector(connector.name, connector.guid),
            commands.enable_logging(connector.name, connector.guid),
            commands.restore_logging(connector.name, connector.guid, LoggingLevel.NONE),
        ]
    for name in (None, *others):
        made += [
            commands.read_queues(name),
            commands.read_certificate(thumbprint, name),
            commands.read_certificates(name),
            commands.bind(thumbprint, frozenset(), name),
            commands.bind_smallest(thumbprint, name),
            commands.verify(thumbprint, name),
            commands.retry_queue(name),
            commands.undo_default(server.default_smtp, name),
        ]
    return made


def runs(text: str) -> bool:
    return "practice shell" not in text and "CategoryInfo" not in text


class TestEveryLine:
    @pytest.mark.parametrize("release", ["2010", "2013", "2016", "2019", "SE"])
    def test_runs_on_a_mailbox_or_hub_server(self, release: str) -> None:
        console = opened(pass_time(world(release), world().retry_every), 120)
        for command in every_line(console.world):
            text = typed(console, command)
            assert runs(text), (command.text, text)

    @pytest.mark.parametrize("release", ["2010", "2016", "2019"])
    def test_runs_on_an_edge(self, release: str) -> None:
        console = opened(replace(world(release, edge=True), here="EDGE1"), 120)
        for command in every_line(console.world):
            text = typed(console, command)
            assert runs(text), (command.text, text)

    def test_is_answered_by_the_question_where_the_wizard_expects_it(self) -> None:
        console = opened(world(), 80)
        printed = console.enter(commands.bind_smallest(OWN).text)
        assert printed.asking
        assert printed.prompt.endswith('(default is "Y"):') or 'default is "Y"' in printed.prompt


class TestReadBack:
    @few
    @example(GONE, 100)
    @given(SEEDS, WIDTHS)
    def test_certificates(self, seed: int, columns: int) -> None:
        of = any_world(seed)
        console = opened(of, columns)
        facts = read_certificates(clean(typed(console, commands.read_certificates()))).facts
        server = local(of)
        listed = [each for each in server.certificates if valid(each)]
        assert [each.thumbprint for each in facts] == [each.thumbprint for each in listed]
        for fact, held in zip(facts, listed, strict=True):
            assert fact.services == server.services(held)
            assert fact.has_private_key is held.has_private_key
            assert fact.self_signed is held.self_signed
            assert (fact.subject, fact.issuer) == (held.subject, held.issuer)
            assert fact.domains == held.domains[:4]
            assert fact.domains_cut is (len(held.domains) > 4)
            assert fact.not_after.startswith(held.not_after.strftime("%Y-%m-%dT%H:%M:%S"))

    @few
    @example(GONE, 100)
    @given(SEEDS, WIDTHS)
    def test_the_default_table(self, seed: int, columns: int) -> None:
        of = any_world(seed)
        facts = read_certificates(clean(typed(opened(of, columns), "Get-ExchangeCertificate"))).facts
        server = local(of)
        listed = [each for each in server.certificates if valid(each)]
        assert [each.thumbprint for each in facts] == [each.thumbprint for each in listed]
        assert [each.services for each in facts] == [server.services(each) for each in listed]

    @few
    @given(SEEDS, WIDTHS)
    def test_connectors(self, seed: int, columns: int) -> None:
        of = any_world(seed)
        facts = read_connectors(clean(typed(opened(of, columns), commands.read_connectors()))).facts
        assert {each.guid for each in facts} == {each.guid for each in of.connectors}
        for fact in facts:
            mine = of.connector(fact.guid)
            assert mine is not None
            assert fact.name_cut or fact.name == mine.name
            assert fact.logging_level is mine.logging
            assert fact.source_servers == mine.sources[:4]
            assert fact.fqdn == mine.fqdn
            assert fact.require_tls is mine.require_tls
            if local(of).release != "2010":
                assert fact.tls_certificate_name == mine.tls_certificate_name
                assert fact.frontend_proxy is mine.front_end_proxy

    @few
    @given(SEEDS, WIDTHS)
    def test_queues(self, seed: int, columns: int) -> None:
        of = any_world(seed)
        console = opened(of, columns)
        facts = read_queues(clean(typed(console, commands.read_queues()))).facts
        there = [each for each in console.world.queues if each.server == of.here]
        assert [each.identity for each in facts] == [*(each.identity for each in there), f"{of.here}\\Submission"]
        for fact, queue in zip(facts, there, strict=False):
            assert fact.message_count == queue.messages
            assert fact.status == queue.status
            assert fact.next_hop == queue.domain
            assert "".join(fact.as_written.split()) == "".join(queue.last_error.split())

    @few
    @given(SEEDS, WIDTHS)
    def test_log_folders(self, seed: int, columns: int) -> None:
        of = any_world(seed)
        facts = read_log_folders(clean(typed(opened(of, columns), commands.read_log_path(local(of).version)))).facts
        same = [
            s for s in of.servers if s.role is not Role.EDGE and (s.release == "2010") <= (local(of).release == "2010")
        ]
        assert {(fact.server, fact.path) for fact in facts if not fact.cut} <= {
            (each.name, log_folder(each, Component.HUB)) for each in same
        }
        assert len(facts) == len(same)

    @few
    @given(SEEDS, WIDTHS)
    def test_the_survey(self, seed: int, columns: int) -> None:
        of = any_world(seed)
        old = local(of).version is ExchangeVersion.E2010
        survey = read_survey(clean(typed(opened(of, columns), commands.survey_list() if old else commands.survey())))
        sources = {name for each in of.connectors for name in each.sources}
        assert survey.whole
        assert not survey.unread
        assert set(survey.servers) == sources
        for certificate in survey.certificates:
            server = of.server(certificate.server)
            assert server is not None
            held = server.certificate(certificate.thumbprint or "")
            assert held is not None
            assert certificate.services == server.services(held)
            assert certificate.domains == held.domains

    @few
    @given(SEEDS)
    def test_the_log(self, seed: int) -> None:
        of = any_world(seed)
        console = opened(of, 120)
        server = local(of)
        old = server.version is ExchangeVersion.E2010
        folder = log_folder(server, Component.HUB)
        printed = console.enter(commands.read_log(KnownFolder(folder), old_shell=old).text)
        there = [text for path, text in files(console.world).items() if path.startswith(folder)]
        lines = there[-1].splitlines()[-3000:] if there else []
        if not old:
            assert (printed.clipboard or "").splitlines() == lines
        # What `clip` takes has lost letters, and the wizard reads the same sessions in it.
        assert read_log(clean(printed.clipboard or "")).sessions == read_log(clean("\n".join(lines))).sessions

    @few
    @given(st.integers(40, 160), st.sampled_from(["2010", "2016", "SE"]))
    def test_the_question(self, columns: int, release: str) -> None:
        text = typed(opened(world(release), columns), commands.bind_smallest(OWN))
        asked = read_prompts(clean(text)).facts[0]
        assert (asked.current, asked.replacement) == (local(world()).default_smtp, OWN)

    @few
    @given(st.integers(40, 160))
    @example(55)
    def test_errors(self, columns: int) -> None:
        text = typed(opened(world(), columns), commands.verify(STALE))
        assert [(each.kind, each.thumbprint) for each in read_cmdlet_errors(clean(text)).facts] == [
            (CmdletErrorKind.NOT_FOUND, STALE)
        ]


class TestTheShell:
    @pytest.mark.parametrize("command", [commands.survey(), commands.read_log_path(ExchangeVersion.E2019_SE)])
    def test_of_2010_does_not_know_newer_commands_and_the_wizard_tells_why(self, command: Command) -> None:
        text = typed(opened(world("2010"), 120), command)
        assert {each.kind for each in read_cmdlet_errors(clean(text)).facts} == {CmdletErrorKind.OLDER_SHELL}

    def test_a_bare_enter_takes_the_default_certificate_away(self) -> None:
        console = opened(world(), 80)
        typed(console, commands.bind_smallest(OWN), answer="")
        assert local(console.world).default_smtp == OWN

    def test_a_second_pasted_line_is_swallowed_as_a_wrong_answer(self) -> None:
        console = opened(world(), 80)
        console.enter(commands.bind_smallest(OWN).text)
        printed = console.enter(commands.retry_queue().text)
        assert printed.asking
        assert not [each for each in console.world.events if each.kind.name == "QUEUE_RETRIED"]

    def test_objects_of_the_pipe_name_certificates_and_connectors(self) -> None:
        console = opened(world(), 120)
        typed(console, f"Get-ExchangeCertificate {OWN} | Enable-ExchangeCertificate -Services SMTP")
        assert local(console.world).default_smtp != OWN
        typed(console, "Get-SendConnector | Set-SendConnector -ProtocolLoggingLevel Verbose")
        assert console.world.connectors[0].logging is LoggingLevel.VERBOSE

    def test_parameters_may_be_abbreviated(self) -> None:
        console = opened(world(), 120)
        typed(console, f"Set-SendConnector '{OFFICE}' -proto v")
        assert console.world.connectors[0].logging is LoggingLevel.VERBOSE

    def test_goes_to_an_edge_and_back(self) -> None:
        console = opened(with_subscription(world(edge=True)), 120)
        typed(console, "Enter-PSSession EDGE1")
        assert console.world.here == "EDGE1"
        typed(console, "exit")
        assert console.world.here == "EX1"


class TestTheWholeArticle:
    @pytest.mark.quick(2)
    @pytest.mark.parametrize("release", ["2010", "2013", "2016", "2019", "SE"])
    @pytest.mark.parametrize("columns", [60, 120])
    def test_typed_line_by_line_ends_with_mail_that_flows(self, release: str, columns: int) -> None:
        of = Maker(7).organisation(Plan(releases=(release, release)))
        connector = of.connectors[0]
        follower = Follower(opened(of, columns), connector.name)
        case = follower.follow()
        after = follower.console.world
        assert follower.stuck is None
        assert not follower.refused
        assert case.certificate_after is not None
        assert all(flows(after, connector, server) for server in after.servers)
        assert [each.default_smtp for each in after.servers] == [each.default_smtp for each in of.servers]
        assert after.connectors == of.connectors
