"""A folder that is too large to be read row by row is judged as a small one with the same rows is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.wizard.reading.test_filter import (
    BYE,
    CONNECT,
    FAILING,
    HEADER,
    HEALTHY,
    MAIL,
    SHORT,
    SUCCEEDED,
    Event,
    failed,
    in_rows,
    rows,
    write,
)
from wizard.case.case import Case
from wizard.diagnosis import diagnose, diagnosis_data
from wizard.reading.log import read as reading
from wizard.steps.intake import GivenText

CONNECTOR = "Outbound to Internet"
STARS: Event = ("<", f"220 {'*' * 60}", "")
X_STARTTLS: Event = ("<", "250 mx.example.net Hello SIZE 37748736 XXXXXXXA 8BITMIME", "")
CLEAR: list[Event] = [*CONNECT[:-1], *MAIL, *BYE]
ANONYMOUS: list[Event] = [*CONNECT[:-1], (">", "X-ANONYMOUSTLS", ""), *in_rows(), *failed(), *BYE]
REFUSED: list[Event] = [*CONNECT, *in_rows(), *SUCCEEDED, *SHORT, MAIL[0], ("<", "550 5.7.68 refused", ""), *BYE]
NO_CERTIFICATE: list[Event] = [*CONNECT, ("<", "220 2.0.0 ready", ""), *failed("IllegalMessage"), *BYE]
NOT_REQUIRED = (
    f"Name                  : {CONNECTOR}\nSourceTransportServers : {{EX01}}\nRequireTLS            : False\n"
    "TlsCertificateName    :\n"
)
LISTED = (
    "Thumbprint    : 3F2A9C01D4E5B6A7988776655443322110FFEEDD\nServices      : IIS\nHasPrivateKey : True\n"
    "Status        : Valid\nIssuer        : CN=Fabrikam CA\nSubject       : CN=mail.contoso.com\n"
)

FOLDERS: dict[str, list[list[Event]]] = {
    "the article": [HEALTHY, FAILING, FAILING],
    "mail that left in clear": [FAILING, CLEAR, FAILING, CLEAR],
    "mail that left in clear before": [CLEAR, FAILING],
    "a banner of stars": [[*CONNECT[:3], STARS, (">", "EHLO mail.contoso.com", ""), *BYE]] * 2,
    "STARTTLS overwritten": [[*CONNECT[:4], X_STARTTLS, *BYE]],
    "between our servers": [ANONYMOUS, HEALTHY],
    "a refusal after TLS": [REFUSED],
    "no certificate of ours": [NO_CERTIFICATE],
    "mended since": [FAILING, HEALTHY],
    "nothing but good": [HEALTHY, HEALTHY],
}


def judged(path: Path) -> dict[str, Any]:
    """The diagnosis as data, without how much was read."""
    sources: list[Path | GivenText] = [path, GivenText(NOT_REQUIRED, "connector"), GivenText(LISTED, "certificate")]
    return diagnosis_data(diagnose(sources, Case()))


@pytest.mark.parametrize("version", ["15.0.0.0", "14.3.0.0"])
@pytest.mark.parametrize("name", FOLDERS)
def test_is_judged_as_a_small_one(name: str, version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [row for number, events in enumerate(FOLDERS[name]) for row in rows(events, number + 1, hour=8 + number)]
    write(tmp_path / "logs" / "SEND20261122-1.LOG", lines, HEADER.replace("15.0.0.0", version))
    small = judged(tmp_path / "logs")
    monkeypatch.setattr(reading, "WHOLE_BYTES", 0)
    large = judged(tmp_path / "logs")
    assert large == small
