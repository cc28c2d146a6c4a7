"""Where Exchange keeps its send protocol logs unless it was told otherwise."""

from __future__ import annotations

import enum


class ExchangeVersion(enum.Enum):
    """The versions that differ in cmdlets or folders; the value is how they are named to a person."""

    E2010 = "2010"
    E2013_2016 = "2013 or 2016"
    E2019_SE = "2019 or SE"


def default_log_folder(version: ExchangeVersion, edge: bool = False, frontend: bool = False) -> str:
    r"""The default folder of the send protocol log, relative to `%ExchangeInstallPath%`.

    `frontend` asks for the Front End Transport service's log, which connectors with
    FrontendProxyEnabled write to. Exchange 2010 has one folder for both roles, and an Edge
    Transport server has no Front End: there it makes no difference.

    Source: "Protocol logging in Exchange Server", and the default of SendProtocolLogPath in the
    reference pages of Set-TransportService and Set-FrontendTransportService.
    """
    if version is ExchangeVersion.E2010:
        return r"TransportRoles\Logs\ProtocolLog\SmtpSend"
    service = "Edge" if edge else "FrontEnd" if frontend else "Hub"
    return rf"TransportRoles\Logs\{service}\ProtocolLog\SmtpSend"
