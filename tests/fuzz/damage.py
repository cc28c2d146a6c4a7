"""What happens to evidence on its way: cut, joined, shuffled, wrapped, quoted, in another encoding, or hostile."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

MARKUP = "[bold red]x[/] [link=https://evil.example]y[/link] [@click=app.quit]z[/] [/]"
PHRASES = (
    "TLS negotiation failed with error ",
    "UnknownCredentials",
    "TLS protocol SP_PROT_TLS1_2_CLIENT negotiation succeeded using ",
    "Failed to connect. Winsock error code: 10061",
    "Sending certificate",
    "Received certificate",
    "Certificate thumbprint",
    "#Log-type: SMTP Receive Protocol Log",
    "#Log-type: SMTP Send Protocol Log",
    ",*,",
    ",-,,Local",
    ",,,",
    "Thumbprint : ",
    "Services   : IMAP, POP, IIS, SMTP",
    "Services : ...W..",
    "HasPrivateKey : False",
    "ProtocolLoggingLevel : Verbose",
    "SourceTransportServers : {EX01, EX02}",
    "LastError : 421 4.4.1 Connection timed out",
    "Name : ",
    "Identity : EX01\\1",
    "Overwrite the existing default SMTP certificate?",
    "Current certificate: '",
    "SendProtocolLogPath : D:\\Logs",
    "The certificate with thumbprint was not found.",
    "Get-SendConnector | Format-List",
    "[PS] C:\\>",
)
HOSTILE = (
    *(
        '"',
        '""',
        "'",
        "\u201c",
        "\u2019",
        "`",
        "$(x)",
        ";",
        "\t",
        "\r",
        "\n",
        "\n\n",
        "\0",
        "\x1b",
        "\x1b[2J",
        "\x1b]0;x\x07",
    ),
    *(
        "\x07",
        "\x08",
        "\x85",
        "\x9b5m",
        "\ufeff",
        "\u200e",
        "\u202e",
        "\u2028",
        "\u2060",
        "\u00a0",
        "\u00ad",
        "\ufffd",
        "\U0001f4e7",
    ),
    *(
        "\\ud800",
        "_xD800_",
        "_x000A_",
        "_x001B_",
        "&#10;",
        "&lt;",
        "<Objs>",
        "</MS>",
        "{",
        "}",
        "[",
        "]",
        "{" * 300,
        "[" * 3000,
    ),
    *(
        "...",
        "\u2026",
        "xxxxxxxx",
        "****",
        "-" * 40,
        "=",
        " : ",
        " " * 300,
        MARKUP,
        "9" * 5000,
        "-1",
        "\u0663\u0664",
        "\u00b2",
    ),
)
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp437", "shift_jis", "utf-7")
IN_FRONT = ("> ", "| ", "1. ", "    ", "\t", "PS C:\\> ", "a.log:7:", "\u200e", '"', "#", "-")

Damage = Callable[[str, Random], str]


def place(text: str, draw: Random) -> int:
    """Any place in a text, its ends included."""
    return draw.randint(0, len(text))


def cut(text: str, draw: Random) -> str:
    """Only a part of the text, or the text without a part."""
    start, stop = sorted((place(text, draw), place(text, draw)))
    return draw.choice((text[start:], text[:stop], text[start:stop], text[:start] + text[stop:]))


def torn(text: str, draw: Random) -> str:
    """A line torn off anywhere, as a service that stopped in the middle of a row leaves it, or without its begin."""
    lines = text.split("\n")
    row = draw.randrange(len(lines))
    at = place(lines[row], draw)
    lines[row] = draw.choice((lines[row][:at], lines[row][at:]))
    return "\n".join(lines)


def reordered(text: str, draw: Random) -> str:
    """Lines shuffled, swapped, left out, repeated or run together."""
    lines = text.splitlines(keepends=True) or [""]
    start = draw.randrange(len(lines))
    stop = draw.randint(start, min(start + 12, len(lines)))
    some = lines[start:stop]
    how = draw.randrange(6)
    if how == 0:
        draw.shuffle(lines)
    elif how == 1:
        draw.shuffle(some)
        lines[start:stop] = some
    elif how == 2:
        del lines[start:stop]
    elif how == 3:
        lines[stop:stop] = some * draw.randint(1, 3)
    elif how == 4:
        lines[start:stop] = [line.rstrip("\r\n") for line in some]
    else:
        lines = [line for line in lines if draw.random() < 0.8]
    return "".join(lines)


def wrapped(text: str, draw: Random) -> str:
    """Lines as a window of some width breaks them, all or only one."""
    width = draw.choice((20, 40, 60, 79, 80, 120))
    indent = draw.choice(("", "", " ", "    ", "> "))
    lines = text.split("\n")
    only = draw.choice((None, draw.randrange(len(lines))))
    return "\n".join(
        f"\n{indent}".join(line[at : at + width] for at in range(0, len(line), width)) if only in {None, n} else line
        for n, line in enumerate(lines)
    )


def written(text: str, draw: Random) -> str:
    """Phrases of the domain, or what no one expects, in any place."""
    for _ in range(draw.randint(1, 4)):
        at = place(text, draw)
        text = text[:at] + draw.choice(draw.choice((PHRASES, HOSTILE))) + text[at + draw.choice((0, 0, 1, 10)) :]
    return text


def fields(text: str, draw: Random) -> str:
    """A field of a line left out, repeated, emptied, moved, or with something hostile in it."""
    lines = text.split("\n")
    row = draw.randrange(len(lines))
    parts = lines[row].split(delimiter := draw.choice((",", ",", " : ", ";", "  ")))
    at, other = draw.randrange(len(parts)), draw.randrange(len(parts))
    replacement: list[str] = draw.choice(
        ([], [parts[at]] * 2, [""], [parts[other]], [draw.choice(HOSTILE)], ['"' + parts[at] + '"'])
    )
    parts[at : at + 1] = replacement
    lines[row] = delimiter.join(parts)
    return "\n".join(lines)


def quoted(text: str, draw: Random) -> str:
    """Quotation marks lost, curled, doubled or added."""
    how = draw.randrange(4)
    if how == 0:
        return text.replace('"', draw.choice(("", "\u201c", '""', "'")), draw.choice((-1, 1)))
    if how == 1:
        return "\n".join(f'"{line}"' for line in text.split("\n"))
    for _ in range(how):
        at = place(text, draw)
        text = f'{text[:at]}"{text[at:]}'
    return text


def in_front(text: str, draw: Random) -> str:
    """Something in front of every line, or of some."""
    mark, share = draw.choice(IN_FRONT), draw.choice((1.0, 0.5, 0.1))
    return "\n".join(mark + line if draw.random() < share else line for line in text.split("\n"))


def numbers(text: str, draw: Random) -> str:
    """A number that is another one."""
    found = list(re.finditer(r"[0-9]+", text))
    if not found:
        return text
    number = draw.choice(found)
    other = draw.choice(
        ("0", "1", "-1", "00", "4294967296", "9" * 30, "9" * 5000, "\u0663", str(int(number[0][:9]) + 1), "")
    )
    return text[: number.start()] + other + text[number.end() :]


def cased(text: str, draw: Random) -> str:
    """Some of the text in the other case."""
    start, stop = sorted((place(text, draw), place(text, draw)))
    return text[:start] + text[start:stop].swapcase() + text[stop:]


def line_ends(text: str, draw: Random) -> str:
    """Other line ends."""
    return text.replace("\r", "").replace("\n", draw.choice(("\r\n", "\r", "\n\r", "\n\n", "\x0b", "\u2028", " ")))


def flipped(content: bytes, draw: Random) -> bytes:
    """Bits flipped."""
    damaged = bytearray(content)
    for _ in range(draw.randint(1, 6) if damaged else 0):
        damaged[draw.randrange(len(damaged))] ^= 1 << draw.randrange(8)
    return bytes(damaged)


def in_bytes(content: bytes, draw: Random) -> bytes:
    """Bytes cut off at the end, zeros put behind it, or a byte of any value in any place."""
    at = draw.randint(0, len(content))
    return draw.choice(
        (
            content[:at],
            content + bytes(draw.randint(1, 300)),
            content[:at] + draw.randbytes(draw.randint(1, 4)) + content[at:],
        )
    )


DAMAGES: tuple[Damage, ...] = (
    *(cut, torn, torn, reordered, wrapped, written, written, fields, fields),
    *(quoted, in_front, numbers, cased, line_ends),
)


def damaged(content: bytes, draw: Random, others: tuple[bytes, ...] = ()) -> bytes:
    """The content after up to four things happened to it; `others` are what it may be joined with."""
    if others and draw.random() < 0.15:
        content = draw.choice((b"\n", b"", b"\n\n")).join(draw.sample((content, draw.choice(others)), 2))
    text = content.decode("utf-8", "replace")
    for _ in range(draw.choice((0, 1, 1, 1, 2, 2, 3, 4))):
        text = draw.choice(DAMAGES)(text, draw)
    encoding = draw.choice(ENCODINGS) if draw.random() < 0.12 else "utf-8"
    content = text.encode(encoding, "replace")
    for damage in (flipped, in_bytes):
        if draw.random() < 0.12:
            content = damage(content, draw)
    return content
