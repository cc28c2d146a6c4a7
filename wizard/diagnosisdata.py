"""A diagnosis as data for machines: the same words and commands as on screen."""

from __future__ import annotations

from typing import Any

from wizard.case import Case
from wizard.diagnosed import advised, all_checks, commands_for, elsewhere
from wizard.diagnosis import Diagnosis, Verdict
from wizard.facts import (
    Certificate,
    FailureGroup,
    Line,
    LoggedCertificate,
    Mended,
    OverwritePrompt,
    Queue,
    SendConnector,
    Unread,
    spelled,
)
from wizard.findings import Finding, Level

SCHEMA = 1
"""The version of the JSON: it changes when a reader of an earlier one would be misled."""

_LEVELS = {Level.BLOCK: "block", Level.WARN: "warn", Level.INFO: "info"}


def as_data(diagnosis: Diagnosis) -> dict[str, Any]:
    """The diagnosis as JSON values. Times are the log's own (UTC), thumbprints upper-case, services as spelled."""
    case = diagnosis.case
    verdicts = advised(diagnosis)
    return {
        "schema": SCHEMA,
        "verdict": _verdict(verdicts[0]),
        "verdicts": [_verdict(verdict) for verdict in verdicts],
        "handshakes": [_handshake(group) for group in case.failed],
        "queues": [_queue(queue) for queue in case.queues],
        "connectors": [_connector(connector) for connector in case.connectors],
        "certificates": [_certificate(each) for each in _all_certificates(case)],
        "prompt": _prompt(case.prompt),
        "checks": [_check(check) for check in all_checks(diagnosis)],
        "commands": [
            {"id": command.id.value, "step": step.value, "server": command.server, "text": command.text}
            for step, command in commands_for(diagnosis)
        ],
        "mended": [_mended(each) for each in diagnosis.mended],
        "unread": [_unread(each) for each in diagnosis.unread],
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.id,
        "title": verdict.title,
        "next": verdict.next,
        "source": verdict.source or None,
        "connector": verdict.connector or None,
        "thumbprint": verdict.thumbprint or None,
        "because": [_because(line) for line in verdict.because],
    }


def _all_certificates(case: Case) -> tuple[Certificate, ...]:
    """The certificates of every server, each once."""
    shown = (each for _server, there in elsewhere(case) for each in there.certificates)
    return tuple(dict.fromkeys((*case.certificates, *shown)))


def _because(line: Line) -> dict[str, Any]:
    return {"text": line.text, "file": line.source, "line": line.number}


def _handshake(group: FailureGroup) -> dict[str, Any]:
    return {
        "connector": group.connector,
        "error": group.error,
        "sessions": group.sessions,
        "first": group.first,
        "last": group.last,
        "remote": group.remote,
        "layout": group.certificate.layout.value if group.certificate else None,
        "certificate": _logged(group.certificate),
    }


def _logged(certificate: LoggedCertificate | None) -> dict[str, Any] | None:
    if certificate is None:
        return None
    return {
        "thumbprint": certificate.thumbprint,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "serial": certificate.serial,
        "not_before": certificate.not_before,
        "not_after": certificate.not_after,
        "names": list(certificate.names),
    }


def _queue(queue: Queue) -> dict[str, Any]:
    return {
        "identity": queue.identity,
        "status": queue.status,
        "message_count": queue.message_count,
        "next_hop": queue.next_hop,
        "last_error": queue.last_error,
        "remote_host": queue.remote_host,
        "remote_address": queue.remote_address,
    }


def _connector(connector: SendConnector) -> dict[str, Any]:
    level = connector.logging_level
    return {
        "name": connector.name,
        "name_cut": connector.name_cut,
        "guid": connector.guid or None,
        "enabled": connector.enabled,
        "logging_level": level.value if level else None,
        "source_servers": list(connector.source_servers),
        "tls_certificate_name": connector.tls_certificate_name or None,
        "fqdn": connector.fqdn or None,
        "require_tls": connector.require_tls,
        "frontend_proxy": connector.frontend_proxy,
        "smart_hosts": list(connector.smart_hosts),
        "address_spaces": list(connector.address_spaces),
    }


def _certificate(certificate: Certificate) -> dict[str, Any]:
    services = certificate.services
    return {
        "thumbprint": certificate.thumbprint,
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "services": None if services is None else [s for s in spelled(services).split(", ") if s != "None"],
        "unknown_services": list(certificate.unknown_services),
        "server": certificate.server or None,
        "has_private_key": certificate.has_private_key,
        "self_signed": certificate.self_signed,
        "status": certificate.status or None,
        "not_before": certificate.not_before or None,
        "not_after": certificate.not_after or None,
        "names": list(certificate.domains),
    }


def _prompt(prompt: OverwritePrompt | None) -> dict[str, Any] | None:
    return {"current": prompt.current, "replacement": prompt.replacement} if prompt else None


def _check(check: Finding) -> dict[str, Any]:
    return {"id": check.id, "level": _LEVELS[check.level], "text": check.text, "source": check.source or None}


def _mended(mended: Mended) -> dict[str, Any]:
    return {"file": mended.source, "line": mended.line, "what": mended.what}


def _unread(unread: Unread) -> dict[str, Any]:
    return {"file": unread.source, "line": max(unread.line, 1), "why": unread.why}
