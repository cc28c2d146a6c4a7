"""What an error that a cmdlet printed instead of an answer means, and what to do about it."""

from __future__ import annotations

from wizard.facts import CmdletError, CmdletErrorKind
from wizard.findings import Finding, block

_SHOWN = 160
"""Characters of an unknown error that are repeated; the whole of it stands in the evidence."""

_MEANINGS = {
    CmdletErrorKind.NOT_FOUND: "Exchange did not find a certificate with this thumbprint on the server. Run it "
    "on the server that sends the mail; compare the thumbprint digit by digit with the log.",
    CmdletErrorKind.PRIVATE_KEY_MISSING: "The certificate has no private key on this server. That is KB 4495258: "
    "import it again with its key (a PFX file).",
    CmdletErrorKind.NOT_VALID: "Exchange found the certificate but does not accept it; the reason stands in the error.",
    CmdletErrorKind.KEY_ACCESS: "Exchange could not give the Transport service access to the private key. Import the "
    "certificate again with its key (a PFX file), then repeat the command.",
    CmdletErrorKind.RECEIVE_CONNECTOR_NAME: "Reported cause of this error: a Receive connector whose FQDN contains an "
    "underscore. Correct that FQDN, then repeat the command.",
    CmdletErrorKind.IN_USE_BY_CONNECTOR: "The certificate is in use by a Send connector; that is about removing it, "
    "and nothing in this article removes a certificate.",
    CmdletErrorKind.COMMAND_NOT_KNOWN: "This shell does not know Exchange's commands. Open the Exchange Management "
    "Shell on the server (not the plain PowerShell) and run the command there.",
    CmdletErrorKind.OLDER_SHELL: "This shell is older than the command, as Exchange 2010's is. Run the step's other "
    "command if it has one. Where Exchange 2010 sends the mail, choose it at the step 'Turn the protocol log on': the "
    "commands are written for its shell then. If it does not know Get-Queue either, it is the plain PowerShell: open "
    "the Exchange Management Shell.",
}


def error_finding(error: CmdletError) -> Finding:
    """What a cmdlet's error means and what to do; an error nobody knows is repeated as it stands."""
    says = _MEANINGS.get(error.kind)
    if says is None:
        text = " ".join(error.text.split())
        shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
        says = f"Exchange answered with an error the wizard does not know, so nothing was read: {shown}"
    return block(says, error.lines[:2], f"error-{error.kind.value}")
