"""Paths as people give them: copied from Explorer, dropped on a terminal."""

from __future__ import annotations

import re
import sys
from pathlib import Path, PurePath
from urllib.parse import unquote, urlsplit

LONGEST = 1_000
"""Characters above which a line is no path."""

QUOTES = "\"'\u201c\u201d\u2018\u2019"
_BEGINS = re.compile(r"(?i)file:/|[a-z]:[\\/]|\\\\[\w.\-]+\\|~?/|~\\")


def path_from(text: str) -> Path:
    """The path a person typed, pasted or dropped.

    Explorer's quotes and blanks around it are taken away, a `file://` URL is read, and outside Windows
    the backslashes that a terminal puts before blanks are left out.
    """
    bare = text.strip()
    quoted = len(bare) > 1 and bare[0] in QUOTES
    bare = bare.strip(QUOTES).strip()
    if bare[:6].casefold() == "file:/":
        bare = _of_url(bare)
    elif sys.platform != "win32" and not quoted and bare.startswith(("/", "~/")):
        bare = re.sub(r"\\(.)", r"\1", bare)
    path = Path(bare)
    try:
        return path.expanduser()
    except RuntimeError:
        # `~someone` with nobody of that name: then it is a plain name.
        return path


def _of_url(url: str) -> str:
    """The path in a `file://` URL; on Windows a host in it is a server."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    path = unquote(parts.path)
    if sys.platform != "win32":
        return path
    if parts.netloc and parts.netloc.casefold() != "localhost":
        return f"//{parts.netloc}{path}"
    return path[1:] if re.match(r"/[A-Za-z]:", path) else path


def in_lines(path: PurePath, width: int) -> str:
    """The path in lines of so many characters at most, broken behind separators; a longer name stays whole."""
    lines = [""]
    for piece in re.findall(r"[^\\/]*[\\/]|[^\\/]+", str(path)):
        if lines[-1] and len(lines[-1]) + len(piece) > width:
            lines.append("")
        lines[-1] += piece
    return "\n".join(lines)


def path_in(text: str) -> Path | None:
    """The path that a text of one line looks like, which need not be there; None where it is something else."""
    if len(text) > LONGEST:
        return None
    line = text.strip()
    if not line or "\n" in line or "\r" in line:
        return None
    return path_from(line) if _BEGINS.match(line.lstrip(QUOTES).lstrip()) else None
