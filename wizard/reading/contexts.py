"""The words Exchange writes in a protocol log's context field: what kind of row it is (LOG, KB).

Only the context field is ever asked. The data field can hold a partner's reply, and a partner can
write any of these phrases.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

ATTRIBUTES = {
    "certificate subject": 1,
    "certificate issuer name": 2,
    "certificate serial number": 3,
    "certificate thumbprint": 4,
    "certificate alternate names": 5,
}
"""The attribute rows of a certificate, and how many rows after its header row each stands."""

ABOUT_OURS = frozenset({"UnknownCredentials", "NoCredentials"})
"""The two errors about this server's own certificate, before anything of the other side is seen."""

ERRORS = ABOUT_OURS | {
    "SocketError",
    "InvalidToken",
    "UntrustedRoot",
    "CertExpired",
    "CertUnknown",
    "AlgorithmMismatch",
    "IllegalMessage",
    "ConnectionAborted",
}
"""The error names that are known. Any other name is shown as it stands."""

_HEADER = re.compile(r"(?i)(Sending|Received|Remote) certificate(?![\w-])\s*(.*)")
_FAILED = re.compile(r"(?i)TLS negotiation failed with error (\S+)")
_SUCCEEDED = re.compile(r"(?i)TLS protocol (SP_PROT_\w+_CLIENT) negotiation succeeded")
_UNCONNECTED = re.compile(r"(?i)Failed to connect\b")
_INFORMATION = re.compile(
    r"(?i)(?:Sending|Received|Remote) certificate(?![\w-])"
    r"|Certificate (?:subject|issuer name|serial number|thumbprint|alternate names)$"
    r"|TLS negotiation failed with error \S|TLS protocol SP_PROT_|Failed to connect\b"
    r"|attempting to connect$|Set Session Permissions$|Proxying inbound session "
)
_PLAIN = frozenset({"attempting to connect", "set session permissions"})
_MOST_SEAMS = 3
_remembered = lru_cache(maxsize=1024)
"""A log repeats a few dozen contexts millions of times: asking each once is a third of the reading's time."""


@_remembered
def header(context: str) -> tuple[str, str] | None:
    """Of a certificate's header row: `sending`, `received` or `remote`, and the words after it; else None."""
    found = _HEADER.match(context)
    return (found[1].casefold(), found[2]) if found else None


@_remembered
def attribute(context: str) -> str | None:
    """Of an attribute row: which attribute, a key of `ATTRIBUTES`; else None."""
    words = " ".join(context.casefold().split())
    return words if words in ATTRIBUTES else None


@_remembered
def failed(context: str) -> str | None:
    """Of a failure row: the error's name as it stands; else None."""
    found = _FAILED.match(context)
    return found[1].rstrip(".,;") or found[1] if found else None


@_remembered
def succeeded(context: str) -> str | None:
    """Of a send side's success row: the protocol, such as `SP_PROT_TLS1_2_CLIENT`; else None."""
    found = _SUCCEEDED.match(context)
    return found[1] if found else None


@_remembered
def unconnected(context: str) -> bool:
    """Whether the row says that the connection itself failed, so that no handshake began."""
    return _UNCONNECTED.match(context) is not None


@_remembered
def about_tls(context: str) -> bool:
    """Whether an information row with this context shows a certificate or how a handshake ended."""
    return bool(attribute(context) or header(context) or failed(context) or succeeded(context))


def is_information(context: str) -> bool:
    """Whether only an information row (event `*`) has this context."""
    return _INFORMATION.match(context) is not None


def is_whole(context: str, data: str) -> bool:
    """Whether an information row with this context can lack nothing at its end."""
    words = " ".join(context.casefold().split())
    if found := header(words):
        return words.endswith(" alternate names") if found[1] or data else True
    if error := failed(context):
        return error in ERRORS
    return words in ATTRIBUTES or words in _PLAIN or succeeded(context) is not None


def joined_context(context: str, seam: str) -> str:
    """A wrapped context with or without a blank at each `seam`, whichever makes words Exchange writes."""
    seams = context.count(seam)
    if not seams:
        return context
    pieces = [piece.strip() for piece in context.split(seam)]
    joiners = product(("", " "), repeat=seams) if seams <= _MOST_SEAMS else ([""] * seams, [" "] * seams)
    ways = ["".join(map("".join, zip(pieces, [*way, ""], strict=True))) for way in joiners]
    for test in (lambda way: is_whole(way, ""), lambda way: is_whole(way, "data"), is_information):
        if found := next(filter(test, ways), None):
            return found
    return ways[-1]
