"""A small organization with fixed values, and a way to run one cmdlet in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from wizard.facts import ExchangeVersion, Service
from wizard.practice.shell.session import CMDLETS
from wizard.practice.shell.values import (
    Call,
    Cmdlet,
    CmdletRefusal,
    Confirmation,
    Failed,
    PSObject,
    Said,
    Value,
    Warned,
)
from wizard.practice.world import (
    Connector,
    EdgeSubscription,
    HeldCertificate,
    MailQueue,
    Partner,
    Role,
    Server,
    World,
)

NOW = datetime(2026, 11, 22, 21, 40, tzinfo=UTC)
OWN = "A47C1E90B35D82F6017ACE4B9D2853F0E6718C2D"
DEFAULT = "5D0B92E7C1486AF3300D5CB7E92F8A16D4B3C705"
STALE = "1F6E3D5C7B8A90214365870FEDCBA9876543210A"
OFFICE = "Outbound to Office 365"
GUID = "3c5b9f60-7d21-4ae8-92c3-6f01d8e4b7a5"
HOST = "contoso-com.mail.protection.example"
ISSUER = 'CN=Tailspin Public CA 3, O="Tailspin Trust, Inc.", C=US'


def third_party(thumbprint: str = OWN, common_name: str = "mail.contoso.com") -> HeldCertificate:
    """A public CA's certificate for IIS, POP and IMAP with its key, but without SMTP."""
    return HeldCertificate(
        thumbprint=thumbprint,
        serial="03D4E5F60718293A4B5C6D7E8F901122",
        subject=f"CN={common_name}, O=Contoso Ltd, L=Bath, C=GB",
        issuer=ISSUER,
        domains=(common_name, "autodiscover.contoso.com"),
        not_before=NOW - timedelta(days=40),
        not_after=datetime(2027, 5, 3, 23, 59, 59, tzinfo=UTC),
        services=frozenset({Service.POP, Service.IMAP}),
    )


def self_signed(name: str, thumbprint: str = DEFAULT) -> HeldCertificate:
    """The certificate that Exchange made for a server, its default SMTP certificate."""
    return HeldCertificate(
        thumbprint=thumbprint,
        serial="4D2F0A7711C8B98E",
        subject=f"CN={name}",
        issuer=f"CN={name}",
        domains=(name, f"{name.lower()}.corp.contoso.com"),
        not_before=NOW - timedelta(days=900),
        not_after=datetime(2030, 3, 18, 8, 41, 26, tzinfo=UTC),
        services=frozenset({Service.SMTP}),
        key_readable=True,
        self_signed=True,
        root_ca_type="None",
    )


def server(name: str, role: Role = Role.MAILBOX, release: str = "2019") -> Server:
    """A server with its default certificate and the third-party one, the latter bound to the web site."""
    families = {"2010": ExchangeVersion.E2010, "2013": ExchangeVersion.E2013_2016, "2016": ExchangeVersion.E2013_2016}
    own, default = third_party(), self_signed(name)
    return Server(
        name=name,
        domain="corp.contoso.com",
        address="192.0.2.20",
        role=role,
        release=release,
        version=families.get(release, ExchangeVersion.E2019_SE),
        certificates=(own, default),
        default_smtp=default.thumbprint,
        iis_front_end="" if role is Role.EDGE else own.thumbprint,
        iis_back_end="" if role is Role.EDGE else default.thumbprint,
        require_ssl=False,
    )


def connector(*sources: str, name: str = OFFICE) -> Connector:
    return Connector(
        name=name,
        guid=GUID,
        sources=sources,
        partner=HOST,
        address_spaces=("smtp:contoso.mail.example;1",),
        smart_hosts=(HOST,),
        fqdn="mail.contoso.com",
        tls_auth_level="DomainValidation",
    )


def queue(of: str, number: int = 18, status: str = "Retry") -> MailQueue:
    return MailQueue(
        server=of,
        number=number,
        domain=HOST,
        connector=OFFICE,
        messages=214,
        status=status,
        last_error="451 4.4.395 Target host responded with error. -> 421 4.4.1 Connection timed out",
        last_try=NOW - timedelta(minutes=4),
        next_try=NOW + timedelta(minutes=6),
    )


def world(release: str = "2019", edge: bool = False) -> World:
    """EX1 and EX2, with an unsubscribed EDGE1 where it is asked for; the shell runs on EX1."""
    role = Role.HUB if release == "2010" else Role.MAILBOX
    servers = [server("EX1", role, release), server("EX2", role, release)]
    if edge:
        servers.append(server("EDGE1", Role.EDGE, release))
    partner = Partner(HOST, "198.51.100.25", third_party("77E6D5C4B3A2918070605040302010FFEEDDCCBB", HOST))
    return World(
        now=NOW,
        here="EX1",
        servers=tuple(servers),
        partners=(partner,),
        connectors=(connector(*(["EDGE1"] if edge else ["EX1", "EX2"])),),
        queues=(queue("EDGE1"),) if edge else (queue("EX1"), queue("EX2", 7)),
    )


def with_subscription(of: World) -> World:
    """The same with EDGE1 subscribed."""
    return replace(of, subscriptions=(EdgeSubscription("EDGE1", "Default-First-Site-Name", DEFAULT),))


@dataclass
class Ran:
    """What a cmdlet did."""

    world: World
    values: list[Value] = field(default_factory=list)
    questions: list[Confirmation] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    errors: list[Failed] = field(default_factory=list)

    @property
    def objects(self) -> list[PSObject]:
        return [each for each in self.values if isinstance(each, PSObject)]

    @property
    def error(self) -> str:
        return self.errors[0].text if self.errors else ""

    def kinds(self, before: World) -> list[str]:
        """The names of what happened since."""
        return [event.kind.name for event in self.world.events[len(before.events) :]]


def run(
    of: World, name: str, answers: Sequence[str] = (), piped: tuple[Value, ...] = (), /, **parameters: Value
) -> Ran:
    """Run one cmdlet, with its questions answered in turn; a question too many or too few fails the test."""
    cmdlet = next(each for each in CMDLETS if each.name == name)
    known = {parameter.name for parameter in cmdlet.parameters}
    known |= {"WhatIf", "Confirm"} if cmdlet.changes else set()
    assert parameters.keys() <= known, parameters.keys() - known
    left = list(answers)
    done = driven(cmdlet, Call(of, parameters, piped, name), lambda _question: left.pop(0))
    assert not left, f"{len(left)} answers were not asked for"
    return done


def driven(cmdlet: Cmdlet, call: Call, answering: Callable[[Confirmation], str]) -> Ran:
    """Run one cmdlet to its end, each question answered."""
    done = Ran(call.world)
    steps = cmdlet.run(call)
    answer: str | None = None
    while True:
        try:
            out = steps.send(answer)
        except StopIteration:
            return done
        except CmdletRefusal as refused:
            done.errors.append(refused.failed)
            return done
        answer = None
        if isinstance(out, Confirmation):
            done.questions.append(out)
            answer = answering(out)
        elif isinstance(out, Warned):
            done.warnings.append(out.text)
        elif isinstance(out, Said):
            done.said.append(out.text)
        elif isinstance(out, Failed):
            done.errors.append(out)
        elif isinstance(out, World):
            done.world = out
        else:
            done.values.append(out)
