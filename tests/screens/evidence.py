"""What Exchange prints in a case of our own, with the article's connector: POP and IIS now, SMTP to be added."""

from __future__ import annotations

CONNECTOR = "Outbound to Office 365"
OURS = "5B90C2E74D1F8A36270BE94C61D8F35A0E72B4C9"
ANOTHER = "A17E03D96C4B82F5501D7E3A98C6B20F4D71E85B"
THEIRS = "77C2A0D15E3B9486F01D2C5A7E8B43906F1DA258"
DEFAULT = "E4016B8D27F39AC58E10D47B62C3F95A1B08D736"
BIND = f"Enable-ExchangeCertificate -Thumbprint '{OURS}' -Services SMTP,IIS,POP -Server 'MBX1'"
BIND_SMALLEST = f"Enable-ExchangeCertificate -Thumbprint '{OURS}' -Services SMTP -Server 'MBX1'"

QUEUES = r"""
Identity      : MBX1\8125
Status        : Retry
MessageCount  : 37
NextHopDomain : partner.example
LastError     : 451 4.4.0 Primary target IP address responded with: "421 4.4.1 Connection timed out." Attempted failover
                to alternate host, but that did not succeed.
"""

QUEUES_AFTER = r"""
Identity      : MBX1\8125
Status        : Active
MessageCount  : 3
NextHopDomain : partner.example
LastError     :
"""


def connectors(*names: str, level: str = "None", servers: str = "{MBX1}") -> str:
    """`Get-SendConnector | Format-List` for these connectors."""
    return "\n".join(
        f"""
Name                   : {name}
Guid                   : 0d5b7c1e-82a4-4f6b-9c3d-{number:012x}
Enabled                : True
ProtocolLoggingLevel   : {level}
SourceTransportServers : {servers}
Fqdn                   : mail.fabrikam.example
RequireTLS             : True
FrontendProxyEnabled   : False
SmartHosts             : {{partner.example}}
AddressSpaces          : {{smtp:*;1}}"""
        for number, name in enumerate(names, start=1)
    )


def log(
    *thumbprints: str,
    connector: str = CONNECTOR,
    error: str = "UnknownCredentials",
    hour: int = 9,
    subject: str = "CN=mail.fabrikam.example, O=Fabrikam",
) -> str:
    """One failed session for each thumbprint, in the article's layout of rows."""
    rows = ["#Software: Microsoft Exchange Server", "#Log-type: SMTP Send Protocol Log"]
    for number, thumbprint in enumerate(thumbprints):
        said = (
            ("attempting to connect", ""),
            ("Sending certificate", ""),
            ("Certificate subject", f'"{subject}"'),
            ("Certificate issuer name", '"CN=Fabrikam Issuing CA, O=Fabrikam"'),
            ("Certificate serial number", "00B1C2D3E4F5061728394A5B6C7D8E9F"),
            ("Certificate thumbprint", thumbprint),
            ("Certificate alternate names", "mail.fabrikam.example"),
            (f"TLS negotiation failed with error {error}" if error else SUCCESS, ""),
        )
        rows += [
            f"2026-11-20T{hour:02}:{number:02}:{second:02}.000Z,{connector},0AB1C2D3E4F5{hour:02}{number:02},{second},"
            f"192.0.2.20:50412,198.51.100.7:25,*,{value},{context}"
            for second, (context, value) in enumerate(said)
        ]
    return "\n".join(rows) + "\n"


SUCCESS = (
    "TLS protocol SP_PROT_TLS1_2_CLIENT negotiation succeeded using bulk encryption algorithm CALG_AES_256 with "
    "strength 256 bits"
)


def certificate(services: str = "POP, IIS", thumbprint: str = OURS) -> str:
    """`Get-ExchangeCertificate` with the wizard's properties."""
    return f"""
Thumbprint         : {thumbprint}
Services           : {services}
HasPrivateKey      : True
IsSelfSigned       : False
Status             : Valid
RootCAType         : ThirdParty
Issuer             : CN=Fabrikam Issuing CA, O=Fabrikam
Subject            : CN=mail.fabrikam.example, O=Fabrikam
CertificateDomains : {{mail.fabrikam.example}}
NotAfter           : 2027-08-01T00:00:00.0000000Z
"""


PROMPT = f"""
Confirm
Overwrite the existing default SMTP certificate?

Current certificate: '{DEFAULT}' (expires 1/9/2031 4:12:08 PM)
Replace it with certificate: '{OURS}' (expires 8/1/2027 12:00:00 AM)
[Y] Yes  [A] Yes to All  [N] No  [L] No to All  [?] Help (default is "Y"):
"""

RECEIVE_LOG = (
    "#Software: Microsoft Exchange Server\n#Log-type: SMTP Receive Protocol Log\n"
    r"2026-11-20T09:00:00.000Z,MBX1\Default MBX1,0AB1C2D3E4F50900,0,192.0.2.20:25,198.51.100.7:40100,+,,"
    "\n"
)
