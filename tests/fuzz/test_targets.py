"""The targets of the fuzz run hold on a few inputs; the run itself is started by hand."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz.targets import TARGETS

SEEDS = range(20)


@pytest.mark.parametrize("name", [name for name, target in TARGETS.items() if target.quick])
def test_a_few_inputs(name: str) -> None:
    target = TARGETS[name]
    for seed in SEEDS:
        content = target.drawn(Random(seed))
        target.check(content)
        if target.damaged:
            target.check(target.damaged(content, Random(seed)))
