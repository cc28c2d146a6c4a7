"""The filter and the plain way agree on hostile corpora; how long either takes is nobody's business here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.corpus import write_corpus
from tests.benchmarks.plain import plain_summary
from tests.benchmarks.summary import filtered, summary_of
from wizard.reading.log.filter import Limits
from wizard.reading.log.sessions import counted


@pytest.mark.quick(4)
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("share", [0.05, 0.5])
def test_the_filter_finds_what_the_plain_way_finds(tmp_path: Path, seed: int, share: float) -> None:
    write_corpus(tmp_path, 1_000_000, share, seed, file_bytes=150_000, batches=6)
    answer = plain_summary(tmp_path)
    usual = filtered(tmp_path)
    assert answer
    assert summary_of(counted(usual)) == answer
    assert usual.scanned_bytes > 900_000
    small = filtered(tmp_path, Limits(piece=5000, kept=60_000))
    assert summary_of(counted(small)) == answer
    assert sorted(small.occurrences or ()) == sorted(usual.occurrences or ())


def test_a_corpus_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    one, other = (write_corpus(tmp_path / name, 300_000, seed=7, batches=3) for name in ("a", "b"))
    assert [file.read_bytes() for file in one] == [file.read_bytes() for file in other]
    assert [file.name for file in one] == [file.name for file in other]
