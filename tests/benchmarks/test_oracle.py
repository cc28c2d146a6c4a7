"""The scan and the plain way agree on hostile corpora; how long either takes is nobody's business here."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.corpus import write_corpus
from tests.benchmarks.plain import plain_summary
from tests.benchmarks.summary import summary_of
from wizard.reading.blocks import Limits
from wizard.reading.scan import scan_path, summarise
from wizard.reading.sendlog import failures


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("share", [0.05, 0.5])
def test_the_scan_finds_what_the_plain_way_finds(tmp_path: Path, seed: int, share: float) -> None:
    write_corpus(tmp_path, 1_000_000, share, seed, file_bytes=150_000, batches=6)
    answer = plain_summary(tmp_path)
    summary = summarise(tmp_path)
    assert answer
    assert summary_of(summary.groups) == answer
    assert summary.reading.scanned_bytes > 900_000
    small = Limits(piece=5000, kept=60_000, steps=(1000, 7000))
    assert summary_of(summarise(tmp_path, limits=small).groups) == answer
    assert summary_of(failures(scan_path(tmp_path, limits=small))) == answer


def test_a_corpus_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    one, other = (write_corpus(tmp_path / name, 300_000, seed=7, batches=3) for name in ("a", "b"))
    assert [file.read_bytes() for file in one] == [file.read_bytes() for file in other]
    assert [file.name for file in one] == [file.name for file in other]
