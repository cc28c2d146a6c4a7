"""The files that a cmdlet is given: by path, by pattern, or as objects of the pipe."""

from __future__ import annotations

from collections.abc import Iterator

from wizard.practice.general.paths import Disk, is_pattern, tidy
from wizard.practice.language.builtin import Invocation
from wizard.practice.language.faults import Fault
from wizard.practice.language.location import HERE
from wizard.practice.language.texts import items_of, text_of
from wizard.practice.protocol_log import log_folder, services
from wizard.practice.shares import seen_as
from wizard.practice.values import PSObject
from wizard.practice.world import World


def disk_of(call: Invocation) -> Disk:
    """The disks as the shell sees them now."""
    return Disk(call.host.files(), tuple(_log_folders(call.host.world)), call.host.world.now)


def _log_folders(world: World) -> Iterator[str]:
    """The folders of the send logs, which are there before the first log is."""
    yield HERE
    for server in world.servers:
        for each in services(server):
            yield from seen_as(world, server, log_folder(server, each))


def paths_given(call: Invocation) -> tuple[bool, list[str]]:
    """Whether the paths are literal, and the paths: named ones, or those of the pipe."""
    literal = call.given("LiteralPath")
    if literal is not None:
        return True, [text_of(each) for each in items_of(literal)]
    named = call.given("Path")
    if named is not None:
        return False, [text_of(each) for each in items_of(named)]
    return bool(call.piped), [
        text_of(each.get("FullName") or each.text) if isinstance(each, PSObject) else text_of(each)
        for each in call.piped or ()
    ]


def target_files(call: Invocation) -> Iterator[tuple[str, str]]:
    """Each file that is meant, with its text; what is not there is reported."""
    disk = disk_of(call)
    literal, paths = paths_given(call)
    for path in paths:
        whole_path = tidy(call.host.whole_path(path))
        found = disk.matching(whole_path) if is_pattern(path) and not literal else [disk.file(whole_path)]
        if disk.folder(whole_path) is not None and found == [None]:
            call.failed(
                call.fault(
                    f"Access to the path '{whole_path}' is denied.",
                    "GetContentReaderUnauthorizedAccessError",
                    "PermissionDenied",
                )
            )
            continue
        for each in found:
            if each is None:
                call.failed(missing(call, path))
            else:
                yield each, disk.files[each]


def missing(call: Invocation, path: str) -> Fault:
    """PowerShell's error for a path that is not there."""
    whole_path = call.host.whole_path(path)
    return Fault(
        f"Cannot find path '{whole_path}' because it does not exist.",
        "ObjectNotFound",
        f"PathNotFound,Microsoft.PowerShell.Commands.{call.invoked.replace('-', '')}Command",
        "ItemNotFoundException",
        f"{whole_path}:String",
        call.invoked,
    )
