"""Sentences that the guided case and the diagnosis share: what they say of the same fact is the same."""

from __future__ import annotations

from collections.abc import Iterable

NO_SERVICES = (
    "The certificate is there, but the output has no Services (a remote shell can leave them out). "
    "Run the command in the Exchange Management Shell on the server itself."
)
"""Health Checker documentation."""

NO_CERTIFICATE = (
    "The failed session shows no certificate of ours. Paste the rows before the failure too, the whole session "
    "(the same session id, third field), or open the file or folder."
)


def others_rows(connectors: Iterable[str], meant: str) -> str:
    """A log that holds other connectors' sessions only."""
    return f"These rows belong to {', '.join(connectors)}, not to {meant}."


def others_failures(connectors: Iterable[str], meant: str) -> str:
    """A log in which other connectors fail, and not the one that is meant."""
    names = ", ".join(dict.fromkeys(connectors))
    return (
        f"None of the failures belongs to {meant}. They belong to: {names}. If that is the connector "
        "you mean, choose it instead; if not, read newer rows once mail was tried again."
    )


def article_elsewhere(connectors: Iterable[str], where: str = "") -> str:
    """The article's fault on other connectors than the one that is meant; `where` tells where to choose."""
    names = ", ".join(dict.fromkeys(connectors))
    return (
        f"The fault of this article is in these rows too, but on another connector: {names}. If that is the one whose "
        f"mail is stuck, choose it instead{where}."
    )
