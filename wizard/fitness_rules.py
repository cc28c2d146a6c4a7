"""What the checks of a certificate say, from `assets/checks.toml`: one place for level, sentence and source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from wizard.asset import asset_table
from wizard.facts import Line
from wizard.findings import Finding, Level


def said(check: str, lines: tuple[Line, ...] = (), form: str = "", **values: object) -> Finding:
    """The finding of one check.

    Args:
        check: its id.
        lines: where it was read.
        form: which of its sentences, for a check that has several.
        values: what stands in the sentence's placeholders. Text from the evidence goes in here only.
    """
    rule = _table()["check"][check]
    return _finding(check, rule, rule["says"][form] if form else rule["says"], lines, values)


def status_said(status: str, lines: tuple[Line, ...] = ()) -> Finding | None:
    """What a value of Status means; None where it is Valid, or not shown."""
    status = status.strip()
    if status.casefold() in ("", "valid"):
        return None
    rule = next((rule for pattern, rule in _patterns("status") if pattern.fullmatch(status)), None)
    return _finding("status", rule, rule["says"], lines, {"status": status}) if rule else None


def not_for_mail(common_names: tuple[str, ...]) -> str:
    """What a certificate of one of these common names is for, when it is Exchange's or Windows' own; else empty."""
    named = (rule["use"] for pattern, rule in _patterns("not-for-mail") if any(map(pattern.fullmatch, common_names)))
    return str(next(named, ""))


def _finding(
    check: str, rule: Mapping[str, str], says: str, lines: tuple[Line, ...], values: Mapping[str, object]
) -> Finding:
    return Finding(Level[rule["level"].upper()], says.format_map(values), check, rule["source"], lines)


def _table() -> dict[str, Any]:
    return asset_table("checks.toml")


@cache
def _patterns(kind: str) -> tuple[tuple[re.Pattern[str], Mapping[str, str]], ...]:
    """The rules of a list in the asset, each behind what it matches."""
    return tuple((re.compile(rule["match"], re.IGNORECASE | re.DOTALL), rule) for rule in _table()[kind])
