"""The words that are Exchange's and this program's own: a name that is one of them is told apart by its place only."""

from __future__ import annotations

import re
from functools import cache

from wizard.asset import asset_table
from wizard.facts import Service

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
"""Labels of host names that say nothing of who owns them; they stay within a full name."""


def ambiguous(name: str) -> bool:
    """Whether a name cannot be told from other text where it stands free.

    It has one or two letters, no letter at all, or is made of Exchange's and this program's own words.
    """
    text = name.strip()
    words = [word.casefold() for word in _WORD.findall(text)]
    letters = any(c.isalpha() for c in text)
    own = all(word in _words() or (not word.isalpha() and len(word) < 3) for word in words)
    return len(text) <= 2 or not letters or own


def is_generic(label: str) -> bool:
    """Whether a label of a host name says nothing of its owner."""
    return label.casefold() in _GENERIC


@cache
def _words() -> frozenset[str]:
    """The words, in lower case; of the rules in the assets those that are matched."""
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
