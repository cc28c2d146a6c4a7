"""FORMAT.md tells instructors all there is, and its example is fit to be set."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wizard.assets import asset_text
from wizard.practice import scenariofile
from wizard.practice.checking import check
from wizard.practice.draw import VERSIONS, Issuer, KeyState
from wizard.practice.scenario import EVENTS, TESTS
from wizard.practice.scenariofile import FAULTS, LAYOUTS, ROLES, STATUSES, all_scenarios, usual_damage

FORMAT = asset_text("scenarios/FORMAT.md")
ASKED_FOR = re.compile(
    r'(?:table\.(?:text|number|flag|choice|words|value|tables|named_tables)\(|_like\(table,)\s*"([\w-]+)"'
)


def sources() -> str:
    return "".join(Path(str(module.__file__)).read_text(encoding="utf-8") for module in (scenariofile,))


@pytest.mark.parametrize(
    "word",
    [
        *TESTS,
        *EVENTS,
        *usual_damage(),
        *FAULTS,
        *LAYOUTS,
        *ROLES,
        *VERSIONS,
        *STATUSES,
        *(e.value for e in (*Issuer, *KeyState)),
    ],
)
def test_every_word_of_the_format_is_in_it(word: str) -> None:
    assert re.search(rf"[`\"]{re.escape(word)}[`\"]", FORMAT)


def test_every_key_that_is_read_is_in_it() -> None:
    keys = set(ASKED_FOR.findall(sources()))
    assert {"id", "on", "sources", "write-delay", "bound-on", "allowed", "log-path", "fqdn", "status"} <= keys
    assert [key for key in sorted(keys) if not re.search(rf"[`\[]{key}\b|^{key} = ", FORMAT, re.MULTILINE)] == []


def test_every_placeholder_there_is_is_in_it() -> None:
    kinds = {"EX1": "EX1", "public": "public", "partner": "partner", "out": "out", "EX1.own": "EX1.own"}
    names = all_scenarios()[0].names(1)
    told = set(re.findall(r"`\{\{([\w.-]+)\}\}`", FORMAT))
    ours = {
        name for name in names if name.rpartition(".")[0] in kinds or name in kinds or name in {"domain", "company"}
    }
    # A certificate's placeholders are the same for the one that a server made itself.
    assert {name for name in ours if not name.startswith("EX1.own")} == told - {"EX1.own.thumbprint"}


def test_the_example_is_fit_to_be_set(tmp_path: Path) -> None:
    whole, conclusions = re.findall(r"```toml\n(.*?)```", FORMAT, re.DOTALL)
    path = tmp_path / "own.toml"
    path.write_text(whole, encoding="utf-8")
    assert check(path, seeds=(1, 2)) == ()
    path.write_text(f"{whole}\n{conclusions}", encoding="utf-8")
    assert check(path, seeds=(1,)) == ()
