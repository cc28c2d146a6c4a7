"""Parameters that Exchange has and practice has not (PS/X): a learner is told so, not that there are none."""

from __future__ import annotations

from dataclasses import replace

from wizard.practice.cmdlet import Call, Cmdlet, Parameter
from wizard.practice.cmdlets.asked import Refused, Steps, given, refusing

_WITHOUT_EFFECT = frozenset({"DomainController"})
"""Taken and not used: the practice organization has one directory."""

_SWITCHES = frozenset({"BinaryEncoded", "IncludeAcceptedDomains", "IncludeAutoDiscover", "FullCompareMode", "Status"})
_PAGES = ("BookmarkIndex", "BookmarkObject", "IncludeBookmark", "ReturnPageInfo", "SearchForward", "SortOrder")
_OF_CLIENT_PROTOCOLS = (
    "DomainController",
    "AuthenticatedConnectionTimeout",
    "Banner",
    "ExternalConnectionSettings",
    "InternalConnectionSettings",
    "LoginType",
    "MaxConnections",
    "ProtocolLogEnabled",
    "SSLBindings",
    "UnencryptedOrTLSBindings",
)
_PARAMETERS: dict[str, tuple[str, ...]] = {
    "Get-ExchangeCertificate": ("DomainController", "Instance"),
    "Enable-ExchangeCertificate": ("DomainController",),
    "Remove-ExchangeCertificate": ("DomainController",),
    "New-ExchangeCertificate": (
        "BinaryEncoded",
        "DomainController",
        "IncludeAcceptedDomains",
        "IncludeAutoDiscover",
        "Instance",
        "RequestFile",
        "SubjectKeyIdentifier",
    ),
    "Import-ExchangeCertificate": ("DomainController", "Instance"),
    "Get-SendConnector": ("DomainController",),
    "Set-SendConnector": (
        "AuthenticationCredential",
        "Comment",
        "ConnectionInactivityTimeOut",
        "DNSRoutingEnabled",
        "DomainController",
        "DomainSecureEnabled",
        "ErrorPolicies",
        "ForceHELO",
        "IsScopedConnector",
        "MaxMessageSize",
        "Port",
        "SmartHostAuthMechanism",
        "SmtpMaxMessagesPerConnection",
        "SourceIPAddress",
        "UseExternalDNSServersEnabled",
    ),
    "Get-Queue": ("Exclude", "Include", "ResultSize", *_PAGES),
    "Retry-Queue": ("Resubmit",),
    "Get-Message": ("Identity", "ResultSize", *_PAGES),
    "Get-TransportService": ("DomainController",),
    "Get-TransportServer": ("DomainController",),
    "Get-FrontendTransportService": ("DomainController",),
    "Get-ExchangeServer": ("Domain", "DomainController", "Status"),
    "Get-PopSettings": ("DomainController",),
    "Get-ImapSettings": ("DomainController",),
    "Set-PopSettings": _OF_CLIENT_PROTOCOLS,
    "Set-ImapSettings": _OF_CLIENT_PROTOCOLS,
    "Get-EdgeSubscription": ("DomainController",),
    "New-EdgeSubscription": (
        "AccountExpiryDuration",
        "CreateInboundSendConnector",
        "CreateInternetSendConnector",
        "DomainController",
        "FileData",
        "Site",
    ),
    "Start-EdgeSynchronization": ("ForceUpdateCookie",),
    "Test-EdgeSynchronization": (
        "DomainController",
        "FullCompareMode",
        "MaxReportSize",
        "MonitoringContext",
        "VerifyRecipient",
    ),
    "Get-Service": ("DisplayName", "Exclude", "Include", "InputObject"),
    "Restart-Service": ("DisplayName", "Exclude", "Include", "InputObject"),
    "Enter-PSSession": ("Authentication", "ConfigurationName", "Credential", "Session"),
}


def with_unpractised(cmdlet: Cmdlet) -> Cmdlet:
    """The cmdlet with the parameters that are only known by name; it is refused where one of them is given."""
    names = _PARAMETERS.get(cmdlet.name, ())
    if not names:
        return cmdlet
    refused = tuple(name for name in names if name not in _WITHOUT_EFFECT)

    @refusing
    def run(call: Call) -> Steps:
        for name in refused:
            if given(call, name):
                raise Refused(
                    f"The practice shell does not know what -{name} of {cmdlet.name} does. Leave it out here.",
                    "NotImplemented",
                )
        yield from cmdlet.run(call)

    more = tuple(Parameter(name, switch=name in _SWITCHES) for name in names)
    return replace(cmdlet, parameters=(*cmdlet.parameters, *more), run=run)
