"""Failed handshakes in little memory come out as they went in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wizard import cases
from wizard.facts import Occurrence, Occurrences
from wizard.reading.log.sessions import occurrences, read_log
from wizard.reading.text import clean

words = st.text(max_size=20)
each = st.builds(
    Occurrence,
    time=st.from_regex(r"\A2026-11-2[0-9]T02:1[0-9]:07(\.[0-9]{1,7})?Z\Z"),
    connector=words,
    error=words,
    thumbprint=words,
    remote=words,
    source=words,
    session=st.from_regex(r"\A[0-9A-F]{16}\Z"),
)


@given(st.lists(each, max_size=30))
def test_what_goes_in_comes_out(found: list[Occurrence]) -> None:
    kept = Occurrences()
    kept.extend(found)
    assert list(kept) == found
    assert len(kept) == len(found)
    assert kept[1:-1] == found[1:-1]
    if found:
        assert (kept[-1], kept[-len(found)]) == (found[-1], found[0])


def test_there_is_nothing_behind_the_end() -> None:
    kept = Occurrences()
    kept.add("Outbound", "UnknownCredentials", "", "", "a.log", "1" * 16, "2026-11-22T02:14:07Z")
    for number in (1, -2):
        with pytest.raises(IndexError):
            kept[number]


def test_of_a_log_that_was_read_whole_they_are_its_failed_handshakes() -> None:
    log = read_log(clean(cases.failing() + cases.working() + cases.failing("InvalidToken", number=2)))
    assert [(one.error, one.thumbprint, one.session, one.source) for one in occurrences(log)] == [
        ("UnknownCredentials", cases.OURS, "08DE2A4C71B90001", "paste"),
        ("InvalidToken", cases.OURS, "08DE2A4C71B90002", "paste"),
    ]


def test_a_hundred_thousand_take_a_few_megabytes() -> None:
    kept = Occurrences()
    for number in range(100_000):
        kept.add(
            "Outbound", "SocketError", cases.OURS, "192.0.2.9:25", "a.log", f"{number:016X}", "2026-11-22T02:14:07Z"
        )
    held = kept._fields.itemsize * len(kept._fields) + kept._sessions.itemsize * len(kept._sessions) + len(kept._times)
    assert held < 6_000_000
    assert kept[99_999].session == f"{99_999:016X}"


@given(st.lists(each, max_size=30))
def test_those_of_one_kind_are_all_that_share_it(found: list[Occurrence]) -> None:
    kept = Occurrences()
    kept.extend(found)
    for kind in {one[1:4] for one in found} | {("none", "none", "none")}:
        assert list(kept.only(*kind)) == [one for one in found if one[1:4] == kind]
