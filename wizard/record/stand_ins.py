"""Stand-ins for the names of a redacted case: one for each name, wherever it occurs.

A stand-in keeps the form of its name, so commands stay well-formed and checks give the same result: a thumbprint has
its 40 digits, a wildcard its star, an address is one of documentation, a country has two letters. No stand-in is a text
of the case.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from wizard.assets import asset_table
from wizard.case.case import host
from wizard.facts import Service
from wizard.powershell.literal import is_safe

_WORD = re.compile(r"[^\W_]+")

_EXCHANGE = """
AddressSpaces CertificateDomains CloudServicesMailEnabled DomainName Enabled Fqdn FrontendProxyEnabled Guid
HasPrivateKey Identity IgnoreSTARTTLS IsSelfSigned Issuer LastError MessageCount Name NextHopDomain NotAfter NotBefore
ProtocolLoggingLevel RequireTLS RootCAType SendProtocolLogPath SerialNumber Server Services SmartHosts
SourceTransportServers Status Subject Thumbprint TlsAuthLevel TlsCertificateName TlsDomain
True False None Verbose Valid Invalid Revoked Untrusted ThirdParty Registry Unknown Enterprise
Active Connecting Ready Retry Suspended Submission Unreachable Poison Shadow Delivery
DomainValidation CertificateValidation EncryptionOnly
Get Set Enable ExchangeCertificate SendConnector Queue TransportService FrontendTransportService TransportServer
ChildItem Content Clipboard Select Object Sort Format List Table Filter Path LiteralPath Encoding UTF8 Tail Last
CreationTime Property Where ForEach Convert To Json clip env ExchangeInstallPath TransportRoles Logs Hub Edge FrontEnd
ProtocolLog SmtpSend SmtpReceive SEND log txt
Microsoft Exchange Transport SMTP TLS SSL ESMTP MAIL FROM RCPT EHLO HELO QUIT DATA STARTTLS Sender Recipient OK
Sending Received Remote certificate subject issuer serial number thumbprint alternate names name negotiation failed
succeeded with error protocol using bulk encryption algorithm strength bits MAC hash key exchange and the of to
attempting connect Local Permissions Session Routing Headers SendRoutingHeaders
LED MSG FQDN IP LRT Target host responded address Connection timed out Primary
Confirm Overwrite existing default Current Replace it expires Yes No All Help is
CN OU ST DC STREET domain server connector user host country example value
merged smallest paste a an at by for from in on or
"""

_GENERIC = frozenset(
    re.findall(
        r"\S+",
        "* mail smtp mx autodiscover owa webmail www relay gateway edge remote hybrid outlook imap pop ftp vpn",
    )
) | {f"{word}{number}" for word in ("mail", "smtp", "mx") for number in range(1, 10)}
"""Host name labels that do not reveal the owner; they stay within a full name."""


def ambiguous(name: str) -> bool:
    """True if a name alone cannot be distinguished from other text.

    It has one or two letters, no letter at all, or consists of Exchange's and this program's own words.
    """
    text = name.strip()
    words = [word.casefold() for word in _WORD.findall(text)]
    letters = any(c.isalpha() for c in text)
    own = all(word in _words() or (not word.isalpha() and len(word) < 3) for word in words)
    return len(text) <= 2 or not letters or own


def is_generic(label: str) -> bool:
    """True if a host name's label does not reveal its owner."""
    return label.casefold() in _GENERIC


@cache
def _words() -> frozenset[str]:
    """The words in lower case; of the rules in the assets those that are matched."""
    checks = asset_table("checks.toml")
    texts = [
        _EXCHANGE,
        *(service.value for service in Service),
        *checks["check"],
        *(rule["match"] for rule in checks["status"]),
        *(rule["match"] for rule in asset_table("queue_errors.toml")["error"]),
        *(rule["match"] for rule in asset_table("queue_errors.toml")["wrapper"]),
        *asset_table("handshake_errors.toml"),
    ]
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(re.sub(r"\\[a-zA-Z]", " ", text)))


HEX_DIGITS_AT_LEAST = 10
"""Shorter serial numbers are replaced in their own fields only: as digits they may be anything."""

_SUFFIXES = (
    "mail.protection.outlook.com",
    "protection.outlook.com",
    "mail.onmicrosoft.com",
    "onmicrosoft.com",
    "outlook.com",
    "office365.com",
    "office.com",
    "microsoft.com",
    "windows.net",
)
"""Microsoft's public names, which stay; the part before them is a customer's."""

_SECOND_LEVEL = frozenset({"ac", "co", "com", "edu", "gob", "gov", "gouv", "ltd", "mil", "ne", "net", "or", "org"})

_SHORTEST_LABEL = 4


@dataclass(frozen=True, slots=True)
class Replacement:
    """A replacement: its kind in a word for a person, the name, and its stand-in."""

    kind: str
    original: str
    stand_in: str


def norm(text: str) -> str:
    """Normalise a term for looking up: without case, with single blanks."""
    return " ".join(text.split()).lower()


class StandIns:
    """The stand-ins of one case, given out in the order the names are found."""

    def __init__(self, corpus: str) -> None:
        """`corpus` is all text of the case: no stand-in may occur in it."""
        folded = corpus.casefold()
        digits = re.sub(r"[^0-9a-f]", "", folded)
        self._taken = {
            *re.findall(r"(?:connector|domain|host|name|number|server|user)-\d+", folded),
            *re.findall(r"\d{1,3}(?:\.\d{1,3}){3}", folded),
            *re.findall(r"2001:db8::[0-9a-f]+", folded),
            *re.findall(r"(?=(a[0-9a-f]{3})\1)", digits),
            *re.findall(r"(?=(a[0-9a-f]{7})\1)", digits),
        }
        self._counts: dict[str, int] = {}
        self._labels: dict[str, str] = {}
        self._domains: dict[str, str] = {}
        self._addresses: dict[str, str] = {}
        self.shown: dict[str, Replacement] = {}
        self.everywhere: dict[str, str] = {}
        self.as_names: dict[str, str] = {}
        self.in_subjects: dict[str, str] = {}
        self.numbers: dict[str, str] = {}
        self.hosts: dict[str, str] = {}
        self.spelled: dict[int, set[str]] = {}

    def server(self, name: str) -> None:
        """A server, by its short name, its full one or its address."""
        name = name.strip().rstrip(".")
        if not name or self._known(name):
            return
        if _address(name):
            self.address(name)
        elif "." in name:
            self._short_server(name.partition(".")[0])
            self.domain(name)
        else:
            self._short_server(name)
        self.hosts.setdefault(host(name), host(self.of(name)))

    def connector(self, name: str) -> None:
        """A connector's name."""
        self._plain("connector", name, "Send connector")

    def user(self, name: str) -> None:
        """A user's name in a path or before an @."""
        self._plain("user", name, "user name")

    def host(self, name: str) -> None:
        """A host of any kind: an address, a full name, or one label such as a smart host's."""
        bare = name.strip().strip("[]").rstrip(".")
        if _address(bare):
            self.address(bare)
        elif "." in bare:
            self.domain(bare)
        elif not is_generic(bare) and not ambiguous(bare):
            self._plain("host", bare, "host")

    def value(self, key: str, raw: str) -> None:
        """A value in a certificate's subject or issuer, under a key such as CN."""
        value = " ".join(raw.replace('""', '"').strip().strip('"').split())
        plain = re.sub(r"\\(.)", r"\1", value)
        if not value or self._known(value):
            return
        if "@" in plain:
            self.mail(plain)
        elif "." in plain and " " not in plain:
            self.domain(plain) if re.search(r"[^\W\d_]", plain.rpartition(".")[2]) else self.host(plain)
        if self._known(value):
            return
        if key.upper() == "C" and len(value) == 2:
            stand_in = self._free("country", _country)
        else:
            stand_in = self._named("name", value)
        self._keep("name in a certificate", value, stand_in, self.in_subjects if ambiguous(value) else None)
        if plain != value:
            self.everywhere.setdefault(norm(plain), stand_in)

    def mail(self, address: str) -> None:
        """An e-mail address."""
        local, _, domain = address.rpartition("@")
        if not local or self._known(address):
            return
        self.domain(domain)
        kept = self._free("user", lambda number: f"user-{number}")
        self._keep("e-mail address", address, f"{kept}@{self.of(domain)}")

    def domain(self, name: str) -> None:
        """A domain or a full host name; a star for its first label stays."""
        name = name.strip().rstrip(".")
        if not name or "." not in name or self._known(name):
            return
        spelled = {name, _to_ascii(name), _to_unicode(name)}
        stand_in = self._domain(_to_ascii(name).lower())
        if stand_in == name.lower():
            return
        self._keep("domain or host", name, stand_in)
        for each in spelled - {name}:
            self.everywhere.setdefault(norm(each), stand_in)

    def address(self, text: str) -> None:
        """An IPv4 or IPv6 address, in any of its spellings."""
        parsed = _address(text)
        if parsed is None or parsed.is_loopback or parsed.is_unspecified or self._known(text):
            return
        key = str(parsed)
        if key not in self._addresses:
            make = _address_4 if parsed.version == 4 else _address_6
            self._addresses[key] = self._free(f"address-{parsed.version}", make)
        self._keep("address", text, self._addresses[key], self.everywhere)

    def number(self, text: str, kind: str) -> None:
        """A thumbprint, a serial number or a GUID: hex digits, however separated."""
        digits = re.sub(r"[^0-9A-Fa-f]", "", text).lower()
        if len(digits) < HEX_DIGITS_AT_LEAST:
            if text.strip():
                self._keep(kind, text, self._named("number", text), self.as_names)
            return
        if digits not in self.numbers:
            unit = self._free("digits", _unit)
            stand_in = (unit * len(digits))[: len(digits)]
            self.numbers[digits] = stand_in
            self.shown[digits] = Replacement(kind, text, set_like(text, stand_in))

    def beginning(self, digits: str) -> None:
        """The beginning of a truncated number: of a known one if it matches."""
        digits = digits.lower()
        whole = next((known for known in self.numbers if known.startswith(digits)), "")
        if whole:
            self.numbers.setdefault(digits, self.numbers[whole][: len(digits)])
        else:
            self.number(digits, "number that was cut")

    def of(self, name: str) -> str:
        """The stand-in for a whole name; without one the name itself."""
        key = norm(name)
        return self.everywhere.get(key) or self.as_names.get(key) or name

    def terms(self, table: dict[str, str]) -> set[str]:
        """All search terms of a table, in the spellings that share no lower case."""
        return table.keys() | self.spelled.get(id(table), set())

    def _known(self, name: str) -> bool:
        key = norm(name)
        return key in self.everywhere or key in self.as_names

    def _keep(self, kind: str, original: str, stand_in: str, where: dict[str, str] | None = None) -> None:
        key = norm(original)
        if where is None:
            where = self.as_names if ambiguous(original) else self.everywhere
        if key and key not in where:
            for spelled in _spellings(original):
                where.setdefault(norm(spelled), stand_in)
                self.spelled.setdefault(id(where), set()).add(" ".join(spelled.split()))
            self.shown.setdefault(key, Replacement(kind, original, stand_in))

    def _plain(self, word: str, name: str, kind: str) -> None:
        if name.strip() and not self._known(name):
            self._keep(kind, name, self._named(word, name))

    def _short_server(self, name: str) -> None:
        self._plain("server", name, "server")
        self._labels.setdefault(_to_ascii(name).lower(), self.of(name))

    def _named(self, word: str, name: str) -> str:
        """The next stand-in of a word, as unsafe or non-ASCII for commands as the name is."""
        kept = self._free(word, lambda number: f"{word}-{number}")
        if not is_safe(name):
            return f"{kept}\ufffd"
        return kept if name.isascii() else f"{kept}-\u00e9"

    def _free(self, word: str, make: Callable[[int], str]) -> str:
        """The next stand-in of a kind that the case does not contain."""
        while True:
            self._counts[word] = self._counts.get(word, 0) + 1
            made = make(self._counts[word])
            if made not in self._taken:
                return made

    def _domain(self, name: str) -> str:
        """The stand-in for a full name in lower-case ASCII: its domain by a domain, each label by a label."""
        suffix = next((each for each in _SUFFIXES if name == each or name.endswith(f".{each}")), "")
        if suffix:
            left, right = name[: -len(suffix)].rstrip("."), suffix
        else:
            labels = name.split(".")
            size = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
            left, right = ".".join(labels[:-size]), self._registered(".".join(labels[-size:]))
        if not left:
            return right
        return ".".join([*(self._label(label) for label in left.split(".")), right])

    def _registered(self, domain: str) -> str:
        if domain not in self._domains:
            made = self._free("domain", lambda number: f"domain-{number}")
            self._domains[domain] = f"{made}.example"
            # The organisation's name occurs in other names too: contoso, and contoso-com for its mail host.
            label = domain.partition(".")[0]
            hyphened = domain.replace(".", "-")
            self._labels.setdefault(hyphened, f"{made}-example")
            self.everywhere.setdefault(hyphened, f"{made}-example")
            if len(label) >= _SHORTEST_LABEL and not is_generic(label) and not ambiguous(label):
                self._labels.setdefault(label, made)
                self._keep("part of a domain", label, made)
                self.everywhere.setdefault(norm(_to_unicode(label)), made)
        return self._domains[domain]

    def _label(self, label: str) -> str:
        if label in self._labels:
            return self._labels[label]
        if not label or is_generic(label):
            return label
        self._labels[label] = self._free("host", lambda number: f"host-{number}")
        return self._labels[label]


def _spellings(name: str) -> set[str]:
    """A name in each case and Unicode form; an ASCII name has one spelling."""
    if name.isascii():
        return {name}
    cased = (name, name.lower(), name.upper(), name.casefold())
    return {unicodedata.normalize(form, each) for each in cased for form in ("NFC", "NFD")} | {name}


def set_like(text: str, digits: str) -> str:
    """Replace the hex digits of a text, keeping separators and case."""
    lower = any(c in "abcdef" for c in text) and not any(c in "ABCDEF" for c in text)
    following = iter(digits.lower() if lower else digits.upper())
    return "".join(next(following) if c in "0123456789abcdefABCDEF" else c for c in text)


def _unit(number: int) -> str:
    """Hex digits that repeat visibly when made up: A001A001A001."""
    return f"a{number:03x}" if number < 0x1000 else f"a{number:07x}"


def _country(number: int) -> str:
    """A two-letter code that ISO 3166 leaves to its users."""
    codes = ["ZZ", "AA", *(f"Q{c}" for c in "MNOPQRSTUVWXYZ"), *(f"X{c}" for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")]
    return codes[(number - 1) % len(codes)]


def _address_4(number: int) -> str:
    """An address of documentation; after 762 of them one of those for benchmarks."""
    for net in ("192.0.2", "198.51.100", "203.0.113"):
        if number <= 254:
            return f"{net}.{number}"
        number -= 254
    return str(ipaddress.IPv4Address("198.18.0.0") + number % 131_072)


def _address_6(number: int) -> str:
    return f"2001:db8::{number:x}"


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _to_ascii(name: str) -> str:
    """A domain in the ASCII form of IDNA; labels without one stay."""
    return ".".join(_label_to(label, "encode") for label in name.split("."))


def _to_unicode(name: str) -> str:
    return ".".join(_label_to(label, "decode") for label in name.split("."))


def _label_to(label: str, way: str) -> str:
    try:
        return label.encode("idna").decode() if way == "encode" else label.encode("ascii").decode("idna")
    except (UnicodeError, ValueError):
        return label
