"""What the practice shell says beside an error, where real PowerShell might have known what it does not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

from wizard.practice.cmdlet import Cmdlet
from wizard.practice.language.builtin import Builtin
from wizard.practice.language.faults import Fault
from wizard.practice.language.location import HERE

_CMDLET = re.compile(r"[A-Za-z]{2,20}-[A-Za-z0-9]{2,60}")
_PROGRAMS = frozenset(
    (
        "certutil",
        "cmd",
        "iisreset",
        "ipconfig",
        "net",
        "netstat",
        "notepad",
        "nslookup",
        "openssl",
        "ping",
        "sc",
        "telnet",
        "tracert",
        "whoami",
    )
)


def hint(fault: Fault, commands: Mapping[str, Cmdlet | Builtin]) -> str:
    """A sentence for an error that may be the practice shell's own want; empty where PowerShell would say the same."""
    if fault.exception == "CommandNotFoundException":
        return _of_command(fault.target.rpartition(":")[0], commands)
    if fault.identifier.startswith("PathNotFound,"):
        return f"On the practice disks there are the folders of the send logs and {HERE}, no others."
    if fault.identifier.startswith("NamedParameterNotFound,"):
        name = re.search(r"'([^']*)'", fault.message)
        return _of_parameter(commands.get(fault.invoked.casefold()), name[1] if name else "")
    return ""


def _of_command(name: str, commands: Mapping[str, Cmdlet | Builtin]) -> str:
    """Nothing for a slip of the fingers: that is no command anywhere."""
    known = _CMDLET.fullmatch(name) or name.casefold().removesuffix(".exe") in _PROGRAMS
    if not known or get_close_matches(name.casefold(), commands, n=1, cutoff=0.85):
        return ""
    return f"The practice shell does not know {name}; on a real server it may exist."


def _of_parameter(command: Cmdlet | Builtin | None, name: str) -> str:
    """Nothing for a parameter that only newer versions have: then the error is PowerShell's own."""
    if command is None or any(name and each.name.casefold().startswith(name.casefold()) for each in command.parameters):
        return ""
    names = ", ".join(each.name for each in command.parameters) or "none"
    return f"The practice shell knows these parameters of {command.name}: {names}. The real one may have more."
