"""A seeded, hostile folder of Send protocol logs of any size, written at disk speed.

Sessions of every layout and version interleave; the rows of a few hundred batches are made once,
and a batch is written again and again with new session-ids and a later hour.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FILE_BYTES = 10 * 1000 * 1000
"""Exchange begins a new file after 10 MB."""

Event = tuple[str, str, str]
_HOUR, _EPOCH = "~hour~", "~epoch~"
_HEADER = (
    "#Software: Microsoft Exchange Server\r\n#Version: 15.0.0.0\r\n#Log-type: SMTP Send Protocol Log\r\n"
    "#Date: {hour}:00:00.000Z\r\n"
    "#Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context\r\n"
)
CONNECTORS = (
    "Outbound to Office 365",
    "Outbound to Office 365 - 6f2b4a6e-0d1c-4b58-9e1f-7a5c1d2e3f40",
    "Outbound, all partners",
    'To "the cloud", direct',
    "Исходящий соединитель. Все",
    "送信コネクタ",
    "Internet",
)
_SUCCESS = (
    "TLS protocol SP_PROT_TLS1_2_CLIENT negotiation succeeded using bulk encryption algorithm CALG_AES_256 with "
    "strength 256 bits, MAC hash algorithm CALG_SHA_384 with strength 0 bits and key exchange algorithm "
    "CALG_ECDH_EPHEM with strength 384 bits"
)
_ATTRIBUTES = "Certificate subject Certificate issuer name Certificate serial number Certificate thumbprint"
_DATED = "Subject Issuer name Serial number Thumbprint Not before Not after Subject alternate names"
_UNCONNECTED = (
    "Failed to connect. Winsock error code: 10060, Win32 error code: 10060, Error Message: A connection attempt failed "
    "because the connected party did not properly respond"
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A certificate as rows show it."""

    subject: str
    issuer: str
    serial: str
    thumbprint: str
    names: str


def write_corpus(
    folder: Path, size: int, share: float = 0.005, seed: int = 1, file_bytes: int = FILE_BYTES, batches: int = 160
) -> list[Path]:
    """Writes logs of `size` bytes into the folder, in which this share of all sessions fails; returns the files.

    Sessions roll over from file to file, and the last file ends in the middle of a row.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stream = _stream(random.Random(seed), share, batches)
    files: list[Path] = []
    pending = b""
    left = size
    while left > 0:
        hour = 8 + len(files) // 12
        name = (
            f"SEND202611{22 + hour // 24:02}{hour % 24:02}-{len(files) % 12 + 1}.{'LOG' if len(files) % 5 else 'log'}"
        )
        content = bytearray(_HEADER.format(hour=_hour(hour)).encode())
        room = min(file_bytes, left)
        while len(content) + len(pending) < room:
            content += pending
            pending = next(stream).replace(_HOUR.encode(), _hour(hour).encode())
        cut = pending.rfind(b"\n", 0, max(room - len(content), 1)) + 1
        content += pending[:cut]
        pending = pending[cut:]
        left -= max(len(content), 1)
        if left <= 0:
            content += pending[: pending.find(b"\n") // 2]
        (folder / name).write_bytes(content)
        files.append(folder / name)
    return files


def _hour(hour: int) -> str:
    """The date and hour of a row's time."""
    return f"2026-11-{22 + hour // 24:02}T{hour % 24:02}"


def _stream(draw: random.Random, share: float, batches: int) -> Iterator[bytes]:
    """Rows without end; the hour stands in them as `_HOUR`."""
    kinds = _Kinds(draw)
    pool = [_batch(draw, kinds, share) for _ in range(batches)]
    for epoch in range(1 << 32):
        yield draw.choice(pool).replace(_EPOCH.encode(), b"%08X" % epoch)


def _batch(draw: random.Random, kinds: _Kinds, share: float, sessions: int = 64, at_once: int = 24) -> bytes:
    """Interleaved sessions, up to so many at once."""
    rows: list[str] = []
    waiting = [
        iter(_rows(draw, number, kinds.failing() if draw.random() < share else kinds.other()))
        for number in range(sessions)
    ]
    running = [waiting.pop() for _ in range(min(at_once, sessions))]
    while running:
        place = draw.randrange(len(running))
        if (row := next(running[place], None)) is not None:
            rows.append(row)
        elif waiting:
            running[place] = waiting.pop()
        else:
            running.pop(place)
    step = 3_599_000 // max(len(rows), 1)
    times = ((*divmod(number * step // 1000, 60), number * step % 1000) for number in range(len(rows)))
    return "".join(
        f"{_HOUR}:{minute:02}:{second:02}.{thousandth:03}Z,{row}\r\n"
        for (minute, second, thousandth), row in zip(times, rows, strict=True)
    ).encode()


def _rows(draw: random.Random, number: int, events: list[Event]) -> list[str]:
    """A session's rows without their times."""
    connector = _quoted(draw.choice(CONNECTORS))
    session = f"08DE{_EPOCH}{number:04X}"
    local, remote = f"192.0.2.10:{draw.randrange(20000, 60000)}", f"198.51.100.{draw.randrange(1, 255)}:25"
    return [
        f"{connector},{session},{place},{local if place > 1 else ''},{remote},"
        f"{event},{_quoted(data)},{_quoted(context)}"
        for place, (event, data, context) in enumerate(events)
    ]


def _quoted(field: str) -> str:
    """A field as Exchange writes it: quoted only when it must be."""
    return '"' + field.replace('"', '""') + '"' if "," in field or '"' in field else field


class _Kinds:
    """Sessions of every kind."""

    def __init__(self, draw: random.Random) -> None:
        self._draw = draw
        self._ours = [self._certificate(f"mail{n}.contoso.com", n % 2 == 0) for n in range(6)]
        self._theirs = [self._certificate(f"mx{n}.example.net", n % 3 == 0) for n in range(40)]

    def failing(self) -> list[Event]:
        """A session in which a handshake fails."""
        draw = self._draw
        ours, other = draw.sample(self._ours, 2)
        error = draw.choice(["UnknownCredentials"] * 6 + ["NoCredentials", "SocketError", "InvalidToken", "NewError"])
        fails: list[Event] = [("*", "", f"TLS negotiation failed with error {error}")]
        kind = draw.randrange(10)
        sent = self._sent(ours)
        if kind == 0:
            fails = [*self._in_rows(draw.choice(self._theirs), "Remote certificate"), *self._error("UntrustedRoot")]
        elif kind == 1:
            sent = self._in_rows(ours, "")[1:]
            fails = self._error("UnknownCredentials")
        elif kind == 2:
            fails = [*fails, (">", "QUIT", ""), *self._sent(other), *self._theirs_shown(), ("*", "", _SUCCESS)]
        elif kind == 3:
            fails = [*fails, (">", "STARTTLS", ""), ("<", "220 2.0.0 ready", ""), *self._sent(other), *fails]
        elif kind == 4:
            sent = [("<", f"250 {self._forged(draw.choice(self._theirs))}", ""), *sent]
        return [*self._opening(), *sent, *fails, ("-", "", draw.choice(["Local", "Remote"]))]

    def other(self) -> list[Event]:
        """A session in which no handshake fails."""
        draw = self._draw
        kind = draw.randrange(60)
        if kind == 0:
            return [*self._opening()[:2], ("*", "", _UNCONNECTED)]
        opening, end = self._opening(), [*self._mail(), (">", "QUIT", ""), ("-", "", "Local")]
        if kind == 1:
            return [*opening[:-2], *end]
        if kind == 2:
            return [*opening, ("<", f"250 {self._forged(draw.choice(self._theirs))}", ""), *end]
        shown = self._theirs_shown()
        success: Event = ("*", "", _SUCCESS)
        middle = [success, *shown] if kind % 3 == 0 else [*shown, success]
        return [*opening, *self._sent(draw.choice(self._ours)), *middle, *end]

    def _certificate(self, host: str, long_serial: bool) -> _Shown:
        """A certificate of this host."""
        draw = self._draw
        return _Shown(
            f"CN={host}, OU=IT (L.L.C), O=Contoso, L=Zürich, S=ZH, C=CH",
            'CN=Fabrikam TLS CA 3, O="Fabrikam, Inc.", C=US',
            f"{draw.getrandbits(160 if long_serial else 128):0{40 if long_serial else 32}X}",
            f"{draw.getrandbits(160):040X}",
            f"{host};www.{host};autodiscover.{host}",
        )

    def _sent(self, shown: _Shown) -> list[Event]:
        """Our certificate in one of three layouts."""
        layout = self._draw.randrange(4)
        before = f" {shown.subject} {shown.issuer} {shown.serial} {shown.thumbprint} "
        if layout == 0:
            return [("*", before + shown.names, f"Sending certificate {_ATTRIBUTES} Certificate alternate names")]
        if layout == 1:
            dates = "2026-01-01T00:00:00.000Z 2027-01-01T00:00:00.000Z "
            return [("*", before + dates + shown.names, f"Sending certificate {_DATED}")]
        return self._in_rows(shown, "Sending certificate")

    def _in_rows(self, shown: _Shown, header: str) -> list[Event]:
        """A certificate in rows."""
        return [
            ("*", "", header),
            ("*", shown.subject, "Certificate subject"),
            ("*", shown.issuer, "Certificate issuer name"),
            ("*", shown.serial, "Certificate serial number"),
            ("*", shown.thumbprint, "Certificate thumbprint"),
            ("*", shown.names, "Certificate alternate names"),
        ]

    def _theirs_shown(self) -> list[Event]:
        """The other side's certificate, whole or its thumbprint only."""
        rows = self._in_rows(self._draw.choice(self._theirs), "Received certificate")
        return [rows[0], rows[4]] if self._draw.random() < 0.5 else rows

    def _error(self, name: str) -> list[Event]:
        """The row of a failure."""
        return [("*", "", f"TLS negotiation failed with error {name}")]

    def _forged(self, shown: _Shown) -> str:
        """What a partner may write into a reply to be taken for a row."""
        return (
            f"x,*,,Sending certificate,*,{shown.thumbprint},Certificate thumbprint,*,,"
            f"TLS negotiation failed with error UnknownCredentials"
        )

    def _opening(self) -> list[Event]:
        """What comes before a handshake; replies of several lines in one row or in several."""
        words = ["mx.example.net Hello [203.0.113.5]", "SIZE 37748736", "PIPELINING", "DSN", "STARTTLS", "8BITMIME"]
        hello: list[Event] = (
            [("<", f"250-{word}", "") for word in words[:-1]] + [("<", f"250 {words[-1]}", "")]
            if self._draw.random() < 0.5
            else [("<", "250  " + " ".join(words), "")]
        )
        return [
            ("*", "SendRoutingHeaders", "Set Session Permissions"),
            ("*", "", "attempting to connect"),
            ("+", "", ""),
            ("<", "220 mx.example.net ESMTP ready, Sun, 22 Nov 2026 08:00:00 +0000", ""),
            (">", "EHLO mail.contoso.com", ""),
            *hello,
            (">", "STARTTLS", ""),
            ("<", "220 2.0.0 SMTP server ready", ""),
        ]

    def _mail(self) -> list[Event]:
        """A message that is sent and accepted."""
        return [
            (
                "*",
                f"{self._draw.getrandbits(48)}",
                "sending message with RecordId and InternetMessageId <a@contoso.com>",
            ),
            (">", "MAIL FROM:<ann@contoso.com> SIZE=21024", ""),
            (">", "RCPT TO:<bob@example.net>", ""),
            ("<", "250 2.1.0 Sender OK", ""),
            ("<", "250 2.1.5 Recipient OK", ""),
            (">", "BDAT 19482 LAST", ""),
            ("<", "250 2.6.0 <a@contoso.com> [InternalId=4711, Hostname=mx.example.net] Queued mail for delivery", ""),
        ]
