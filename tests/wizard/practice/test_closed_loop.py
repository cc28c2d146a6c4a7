"""Who follows the wizard to the letter, in any organisation, loses nothing; and mail leaves, or the true fault is named.

Where the article applies: mail flows on every server, every service is still there, the default certificate is
untouched, logging is as before. Where it does not: nothing was changed, and the verdict names what is wrong.
"""

from __future__ import annotations

import pytest

from tests.wizard.practice.loop import HARM, MENDED_BY_BINDING, VERDICT, followed, tried, wrong
from wizard.case import StepId, Variant
from wizard.practice.mailflow import Obstacle, fault
from wizard.practice.making import any_world

WORLDS = 2000
PORTION = 50


@pytest.mark.parametrize("begin", range(0, WORLDS, PORTION))
def test_in_any_organisation(begin: int) -> None:
    """Each failure names the seed: `python -m tests.wizard.practice.loop SEED SEED+1` tries it alone."""
    found = {seed: sentences for seed in range(begin, begin + PORTION) if (sentences := tried(seed))}
    assert found == {}


class TestWhatIsTried:
    """The worlds hold all that can be wrong, so that the property above speaks of something."""

    def test_is_every_fault_that_a_verdict_is_known_for(self) -> None:
        met = {
            fault(world, connector, server)
            for world in map(any_world, range(300))
            for connector in world.connectors
            for server in world.servers
            if server.name in connector.sources
        }
        assert met >= VERDICT.keys() - {Obstacle.NO_CERTIFICATE}

    def test_is_both_forms_to_their_end(self) -> None:
        """In a world of the article both forms lead through all steps, and mail leaves."""
        for variant in Variant:
            outcome = followed(1, variant)
            assert {fault(outcome.before, outcome.connector, s) for s in outcome.sources} <= MENDED_BY_BINDING
            assert {outcome.fault_after(s.name) for s in outcome.sources} == {None}
            assert outcome.follower.stuck is None
            assert StepId.SESSION in outcome.follower.case.settled


class TestWhatWouldBeSeen:
    """The checks see the mistakes that they are there for."""

    def test_is_a_wrong_answer_at_the_prompt(self) -> None:
        outcome = followed(1, Variant.SMALLEST, answer="")
        assert any("default" in sentence for sentence in wrong(outcome))

    def test_is_a_certificate_of_the_other_side(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A wizard that took the last thumbprint of the log would bind nothing, and end with the fault as it was."""
        monkeypatch.setattr("wizard.reading.sendlog.candidates", lambda _groups: ())
        outcome = followed(1, Variant.SMALLEST)
        assert any("still has" in sentence for sentence in wrong(outcome))

    def test_is_logging_left_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("tests.wizard.practice.following.Follower.restore", lambda _self: None)
        outcome = followed(1, Variant.SMALLEST)
        assert any("is not as it was" in sentence for sentence in wrong(outcome)) or not HARM
