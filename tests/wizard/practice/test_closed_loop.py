"""Who follows the wizard to the letter loses nothing in any organisation; and mail leaves, or the fault is named.

Where the article applies: mail flows on every server, every service is still there, the default certificate is
untouched, logging is as before. Where it does not: nothing was changed, and the verdict names what is wrong.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from tests.wizard.practice.loop import MENDED_BY_BINDING, VERDICT, Outcome, followed, form, mistaken, tried, wrong
from tests.wizard.practice.organisations import NEEDS_A_NAME, Trouble, any_plan, any_world
from wizard.case.case import Case, StepId, Variant
from wizard.facts import LoggingLevel
from wizard.practice.draw import VERSIONS
from wizard.practice.obstacle import Obstacle, fault
from wizard.practice.world import PartnerFault

WORLDS = 4000
PORTIONS_OF_THE_CHOSEN = 60


ARTICLE = next(
    seed
    for seed in range(1, WORLDS, 2)
    if (plan := any_plan(seed)).trouble is Trouble.NOT_BOUND
    and plan.partner is PartnerFault.NONE
    and len(plan.senders) > 1
    and not (plan.healthy or plan.cached or plan.edge)
)
"""A world of the plain article with several servers, followed in the smallest form."""


def tried_in(seed: int) -> set[tuple[object, ...]]:
    """What a world is there for: what is wrong at each release that sends, at the partner, and beside both."""
    plan, variant = any_plan(seed), form(seed)
    tries: set[tuple[object, ...]] = {(plan.trouble, plan.partner, variant)}
    for release in plan.senders:
        tries |= {(plan.trouble, release, variant), (release, plan.partner, variant)}
    beside = (
        f"RequireTLS is {plan.require_tls}",
        "two addresses, one of them held" if plan.cached else "two addresses" if plan.second else "",
        f"Exchange's own connector: {plan.internal.value}",
        "several servers, one mistaken" if len(plan.senders) > 1 and mistaken(seed) else "",
        "UM's mode changed" if plan.um_changed else "",
    )
    # An Edge has no Unified Messaging, and a twin or a lost key is no other case for it.
    return tries | {(plan.trouble, each) for each in beside if each and (not each.startswith("UM") or not plan.edge)}


@cache
def chosen() -> tuple[int, ...]:
    """Of the worlds, few and small ones in which is tried whatever is tried in any of them."""
    tries = {seed: tried_in(seed) for seed in range(WORLDS)}
    small = {seed: 1 + len(any_plan(seed).releases) for seed in tries}
    left = set().union(*tries.values())
    found = []
    while left:
        best = max(tries, key=lambda seed: len(tries[seed] & left) / small[seed])
        left -= tries[best]
        found.append(best)
    return tuple(found)


@pytest.mark.quick(1)
@pytest.mark.parametrize("portion", range(PORTIONS_OF_THE_CHOSEN))
def test_in_the_organisations_that_differ(portion: int) -> None:
    """Each failure names the seed: `python -m tests.wizard.practice.loop SEED SEED+1` tries it alone."""
    seeds = chosen()[portion::PORTIONS_OF_THE_CHOSEN]
    assert {seed: sentences for seed in seeds if (sentences := tried(seed))} == {}


@cache
def led_well() -> Outcome:
    """The world of the article, followed in the smallest form; each test below makes its own copy worse."""
    return followed(ARTICLE, Variant.SMALLEST)


class TestWhatIsTried:
    """The worlds hold all that can be wrong, so that the property above speaks of something."""

    def test_is_every_trouble_at_every_release_and_every_partner_in_both_forms(self) -> None:
        seen = set().union(*map(tried_in, chosen()))
        there = {
            (trouble, release)
            for trouble in Trouble
            for release in VERSIONS
            # Exchange 2010 has no TlsCertificateName that could be wrong.
            if release != "2010" or trouble not in NEEDS_A_NAME
        }
        wanted: set[tuple[object, ...]] = {(*each, variant) for each in there for variant in Variant}
        wanted |= {
            (release, partner, variant) for release in VERSIONS for partner in PartnerFault for variant in Variant
        }
        wanted |= {
            (trouble, partner, variant)
            for trouble in Trouble
            for partner in PartnerFault
            for variant in Variant
            if trouble is not Trouble.SELF_SIGNED or partner is PartnerFault.UNTRUSTED
        }
        assert wanted - seen == set()
        assert 100 < len(chosen()) < 250

    def test_is_every_trouble_with_what_can_be_beside_it(self) -> None:
        seen = set().union(*map(tried_in, chosen()))
        beside = {each[1] for each in seen if len(each) == 2 and isinstance(each[1], str)}
        assert len(beside) == 9
        rare = {"UM's mode changed"}
        assert {(trouble, each) for trouble in Trouble for each in beside - rare} <= seen

    def test_is_every_fault_that_a_verdict_is_known_for(self) -> None:
        missing = VERDICT.keys() - {Obstacle.NO_CERTIFICATE}
        for world in map(any_world, chosen()):
            missing -= {
                fault(world, connector, server)
                for connector in world.connectors
                for server in world.servers
                if server.name in connector.sources
            }
            if not missing:
                return
        assert missing == set()

    def test_is_both_forms_to_their_end(self) -> None:
        """In a world of the article both forms lead through all steps, and mail leaves."""
        for variant in Variant:
            outcome = followed(ARTICLE, variant)
            assert {fault(outcome.before, outcome.connector, s) for s in outcome.sources} <= MENDED_BY_BINDING
            assert {outcome.fault_after(s.name) for s in outcome.sources} == {None}
            assert outcome.follower.stuck is None
            assert outcome.follower.case.answer(StepId.SESSION).finished


class TestWhatWouldBeSeen:
    """The checks see what they are there for: each in a world that was followed well, and then made worse."""

    def test_is_nothing_where_nothing_is_wrong(self) -> None:
        assert tuple(wrong(led_well())) == ()

    def test_is_a_wrong_answer_at_the_prompt(self) -> None:
        found = tuple(wrong(followed(ARTICLE, Variant.SMALLEST, answer="")))
        assert any("default certificate" in sentence for sentence in found)

    def test_is_logging_left_on(self) -> None:
        seed = next(seed for seed in range(100) if any_plan(seed).logging is LoggingLevel.NONE)
        outcome = followed(seed, Variant.SMALLEST)
        on = outcome.after.with_connector(replace(outcome.connector, logging=LoggingLevel.VERBOSE))
        assert any("is not as it was" in sentence for sentence in wrong(replace(outcome, after=on)))

    def test_is_a_service_lost_and_a_server_forgotten(self) -> None:
        outcome = led_well()
        server = outcome.sources[-1]
        bare = replace(server, certificates=tuple(replace(c, services=frozenset()) for c in server.certificates))
        found = tuple(wrong(replace(outcome, after=outcome.after.with_server(bare))))
        assert any(f"{server.name} lost" in sentence for sentence in found)
        assert any(f"{server.name} still has" in sentence for sentence in found)

    def test_is_a_web_site_of_another_certificate(self) -> None:
        outcome = led_well()
        server = outcome.after.server(outcome.sources[0].name)
        assert server
        other = replace(server, iis_front_end="0" * 40)
        found = wrong(replace(outcome, after=outcome.after.with_server(other)))
        assert any("web site" in sentence for sentence in found)

    def test_is_a_verdict_that_misses_the_fault(self) -> None:
        seed = next(seed for seed in range(100) if any_plan(seed).trouble is Trouble.NO_PRIVATE_KEY)
        outcome = followed(seed, Variant.SMALLEST)
        outcome.follower.case = Case()
        assert any("but named was" in sentence for sentence in wrong(outcome))
