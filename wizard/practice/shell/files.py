r"""Files, folders and the drive `Cert:`: Get-ChildItem, Get-Content, Select-String, Set-Location and file writing.

A folder exists by its files, and case does not matter. Written files exist only in the practice session. Source: the
reference pages of the cmdlets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from wizard.practice.mail import log_folder, seen_as, services
from wizard.practice.shell.objects import INPUT
from wizard.practice.shell.operators import date_styled, regular
from wizard.practice.shell.run import Builtin, Invocation, place, whole_path
from wizard.practice.shell.show import text_lines
from wizard.practice.shell.values import (
    HERE,
    Column,
    Fault,
    NotKnownError,
    Parameter,
    PSObject,
    Value,
    View,
    columns,
    is_pattern,
    like,
    listed,
    switches,
    text_of,
    whole,
    wildcard,
    wildcard_in,
)
from wizard.practice.world import HeldCertificate, World

_NOTHING_OF_WINDOWS = "The practice disks hold nothing of Windows itself, only the send logs in their folders."
_STORE = r"Cert:\LocalMachine\My"

# Paths

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?=(?:\.\d+)?Z)")
_NO_FOLDER = re.compile(r"\\*[^\\:]*")
"""Nothing, or the name of a server alone."""


def _tidy(path: str) -> str:
    r"""A path with single backslashes and none at its end, but for `C:\` and the two of a share."""
    path = path.replace("/", "\\").strip()
    start = "\\\\" if path.startswith("\\\\") else ""
    path = start + re.sub(r"\\+", r"\\", path[len(start) :].lstrip("\\") if start else path)
    path = re.sub(r"\\\.(?=\\|$)", "", path)
    return path if re.fullmatch(r"[A-Za-z]:\\", path) else path.rstrip("\\")


def _name_of(path: str) -> str:
    return path.rpartition("\\")[2]


def _folder_of(path: str) -> str:
    return path.rpartition("\\")[0]


@dataclass(frozen=True, slots=True)
class Disk:
    """All files by their whole paths, and the empty folders."""

    files: Mapping[str, str]
    empty: Iterable[str] = ()
    now: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    _folders: dict[str, str] = field(default_factory=dict)

    def folders(self) -> Mapping[str, str]:
        """Every folder, by its path in lower case."""
        if not self._folders:
            for start in (*(_folder_of(file) for file in self.files), *map(_tidy, self.empty)):
                path = start
                while not _NO_FOLDER.fullmatch(path) and path.casefold() not in self._folders:
                    self._folders[path.casefold()] = path
                    path = _folder_of(path)
        return self._folders

    def file(self, path: str) -> str | None:
        """The path of a file in its own spelling; None if there is none."""
        wanted = _tidy(path).casefold()
        return next((each for each in self.files if each.casefold() == wanted), None)

    def folder(self, path: str) -> str | None:
        """The path of a folder in its own spelling; None if there is none."""
        found = self.folders().get(_tidy(path).casefold().rstrip("\\"))
        return f"{found}\\" if found and found.endswith(":") else found

    def matching(self, path: str) -> list[str]:
        """The files that match a path with wildcards, in Windows' order."""
        pattern, depth = wildcard(_tidy(path)), _tidy(path).count("\\")
        return sorted((p for p in self.files if p.count("\\") == depth and pattern.fullmatch(p)), key=str.casefold)

    def inside(self, folder: str, deep: bool = False) -> list[str]:
        """The content of a folder, or everything below it as well."""
        start = folder.casefold().rstrip("\\") + "\\"
        every = [each for each in (*self.folders().values(), *self.files) if each.casefold().startswith(start)]
        if not deep:
            every = [each for each in every if "\\" not in each[len(start) :]]
        return sorted(dict.fromkeys(every), key=lambda each: (each in self.files, each.casefold()))

    def entry(self, path: str) -> PSObject:
        """A file or a folder for Get-ChildItem."""
        text = self.files.get(path)
        created, changed = _times(text or "", self.now)
        name, folder = _name_of(path), _folder_of(path)
        stem, dot, extension = name.rpartition(".")
        properties: dict[str, Value] = {
            "Mode": "d-----" if text is None else "-a----",
            "Name": name,
            "Length": None if text is None else len(text.encode("utf-8", "replace")),
            "FullName": path,
            "DirectoryName": f"{folder}\\" if folder.endswith(":") else folder,
            "BaseName": stem if dot else name,
            "Extension": dot + extension if dot else "",
            "CreationTime": created,
            "LastWriteTime": changed,
            "PSIsContainer": text is None,
        }
        return PSObject("FileSystemInfo", properties, path)


def _times(text: str, now: datetime) -> tuple[datetime, datetime]:
    """The begin of a log, by its head, and the time of its last row; of any other file, now."""
    begun, rows = _MOMENT.findall(text[:600]), _MOMENT.findall(text[-4000:])
    try:
        created, changed = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (begun[0], rows[-1]))
    except (IndexError, ValueError):
        return now, now
    return created, changed


def _disk(call: Invocation) -> Disk:
    """The disks as seen by the shell."""
    return _disk_of(call.host.files(), call.host.world)


def _disk_of(files: Mapping[str, str], world: World) -> Disk:
    return Disk(files, tuple(_log_folders(world)), world.now)


_UNFINISHED = re.compile(r"(?P<mark>['\"])(?P<quoted>[^'\"]*)$|(?P<bare>[^\s|;{(,='\"]*)$")


def paths_for(line: str, files: Mapping[str, str], world: World, folder: str) -> tuple[str, ...]:
    """The lines that go on with the path at the end of one; a path with blanks gets quotation marks.

    `folder` is the shell's own, from which a path without a drive begins.
    """
    opened = line.count("'") % 2 or line.count('"') % 2
    found = _UNFINISHED.search(line)
    if found is None or (found["mark"] and not opened):
        return ()
    written = (found["quoted"] if found["mark"] else found["bare"]).replace("/", "\\")
    start, _, begun = written.rpartition("\\")
    try:
        whole_folder = _tidy(whole_path(f"{start}\\" if start or written.startswith("\\") else ".", folder))
    except NotKnownError:
        return ()
    disk = _disk_of(files, world)
    names = [_name_of(each) for each in disk.inside(whole_folder)]
    fitting = [name for name in names if name.casefold().startswith(begun.casefold())]
    before = f"{start}\\" if start or written.startswith("\\") else ""
    head = line[: found.start()]
    return tuple(f"{head}{_quoted(before + name, found['mark'] or '')}" for name in fitting)


def _quoted(path: str, mark: str) -> str:
    """The path in quotation marks, left open for going on, where it has blanks or they were typed."""
    return f"{mark or chr(39)}{path}" if mark or " " in path else path


def _log_folders(world: World) -> Iterator[str]:
    """The folders of the send logs, which exist before the first log."""
    yield HERE
    for server in world.servers:
        for each in services(server):
            yield from seen_as(world, server, log_folder(server, each))


@dataclass(frozen=True, slots=True)
class _Target:
    """A path given to a cmdlet: as written, whole, and whether it has wildcards."""

    written: str
    whole: str
    wild: bool


def _targets(call: Invocation) -> list[_Target]:
    """The paths given to a cmdlet by name or by the pipe."""
    literal, named = call.given("LiteralPath"), call.given("Path")
    given = literal if literal is not None else named
    objects = listed(given) if given is not None else call.piped or ()
    paths = [text_of(each.get("FullName") or each.text if isinstance(each, PSObject) else each) for each in objects]
    found = [(path, _tidy(call.host.whole_path(path))) for path in paths]
    wild = literal is None and (named is not None or call.piped is None)
    return [_Target(path, full, wild and is_pattern(path)) for path, full in found]


def _missing(call: Invocation, target: _Target) -> Fault:
    """PowerShell's error for a missing path."""
    return Fault(
        f"Cannot find path '{call.host.whole_path(target.written)}' because it does not exist.",
        "ObjectNotFound",
        f"PathNotFound,Microsoft.PowerShell.Commands.{call.invoked.replace('-', '')}Command",
        "ItemNotFoundException",
        f"{call.host.whole_path(target.written)}:String",
        call.invoked,
    )


def _nowhere(disk: Disk, target: _Target) -> _Target | None:
    """The folder of a pattern if it is not there; None otherwise."""
    folder = _folder_of(target.whole)
    if not target.wild or not folder or is_pattern(folder) or disk.folder(folder) is not None:
        return None
    return _Target(folder, folder, wild=False)


# Looking


def _child_items(call: Invocation) -> Iterator[Value]:
    disk, here = _disk(call), call.host.whole_path(".")
    for target in _targets(call) or [_Target(here, _tidy(here), wild=False)]:
        if target.whole.casefold().startswith("cert:"):
            yield from _certificates(call, target)
            continue
        found = _listed(call, disk, target)
        nowhere = _nowhere(disk, target) if not found else None
        if found is None or nowhere is not None:
            call.failed(_missing(call, nowhere or target))
        elif not found and target.whole.casefold().startswith("c:\\windows"):
            call.host.say(_NOTHING_OF_WINDOWS, words=True)
        for each in found or ():
            if _wanted(call, disk, each):
                yield _name_of(each) if call.given("Name") else disk.entry(each)


def _listed(call: Invocation, disk: Disk, target: _Target) -> list[str] | None:
    """A folder's content, a file itself, or a pattern's matches; None without any."""
    deep, of_item = bool(call.given("Recurse")), call.invoked == "Get-Item"
    if target.wild:
        folder = disk.folder(_folder_of(target.whole))
        inside = disk.inside(folder, deep) if folder else []
        return [each for each in inside if like(_name_of(each), _name_of(target.whole))] or disk.matching(target.whole)
    if (folder := disk.folder(target.whole)) is not None:
        return [folder] if of_item else disk.inside(folder, deep)
    file = disk.file(target.whole)
    return [file] if file is not None else None


def _wanted(call: Invocation, disk: Disk, path: str) -> bool:
    """True if the filters let a file or folder through."""
    is_file, name = path in disk.files, _name_of(path)
    if (call.given("File") and not is_file) or (call.given("Directory") and is_file):
        return False
    if call.given("Filter") is not None and not like(name, call.text("Filter")):
        return False
    included = tuple(text_of(each) for each in listed(call.given("Include")))
    return not included or wildcard_in(name, included)


def _certificates(call: Invocation, target: _Target) -> Iterator[Value]:
    """The local server's certificates from the drive `Cert:`, those without a private key too."""
    server = call.host.world.server(call.host.world.here)
    path, thumbprint = target.whole, ""
    if _folder_of(path).casefold() == _STORE.casefold():
        path, thumbprint = _STORE, _name_of(target.whole)
    if path.casefold() != _STORE.casefold() or server is None:
        raise NotKnownError(f"The practice shell knows no other place on the drive Cert: than {_STORE}.")
    found = [each for each in server.certificates if like(each.thumbprint, thumbprint or "*")]
    if not found and not is_pattern(thumbprint):
        call.failed(_missing(call, target))
    yield from map(_certificate, found)


def _certificate(held: HeldCertificate) -> PSObject:
    properties: dict[str, Value] = {
        "Subject": held.subject,
        "Issuer": held.issuer,
        "Thumbprint": held.thumbprint,
        "FriendlyName": "",
        "NotBefore": held.not_before,
        "NotAfter": held.not_after,
        "HasPrivateKey": held.has_private_key,
        "SerialNumber": held.serial,
        "DnsNameList": held.domains,
        "PSParentPath": r"Microsoft.PowerShell.Security\Certificate::LocalMachine\My",
    }
    return PSObject("X509Certificate2", properties, f"[Subject]\n  {held.subject}")


def _files(call: Invocation) -> Iterator[tuple[str, str]]:
    """Each requested file with its text; missing ones are reported."""
    disk = _disk(call)
    for target in _targets(call):
        if (nowhere := _nowhere(disk, target)) is not None:
            call.failed(_missing(call, nowhere))
            continue
        found = disk.matching(target.whole) if target.wild else [disk.file(target.whole)]
        if disk.folder(target.whole) is not None and found == [None]:
            said = f"Access to the path '{target.whole}' is denied."
            call.failed(call.fault(said, "GetContentReaderUnauthorizedAccessError", "PermissionDenied"))
            continue
        for each in found:
            if each is None:
                call.failed(_missing(call, target))
            else:
                yield each, disk.files[each]


def _rows(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").split("\n")
    return lines if lines[-1] else lines[:-1]


def _content(call: Invocation) -> Iterator[Value]:
    for _, text in _files(call):
        if call.given("Raw"):
            yield text
            continue
        lines, tail, head = _rows(text), call.given("Tail"), call.given("TotalCount")
        if tail is not None:
            lines = lines[-whole(tail) :] if whole(tail) > 0 else []
        yield from lines if head is None else lines[: max(whole(head), 0)]


def _test_path(call: Invocation) -> Iterator[Value]:
    disk = _disk(call)
    for target in _targets(call):
        found = disk.matching(target.whole) if target.wild else disk.file(target.whole) or disk.folder(target.whole)
        yield bool(found)


# Searching

_PIPED = "InputStream"


def _select_string(call: Invocation) -> Iterator[Value]:
    patterns = [text_of(each) for each in listed(call.given("Pattern"))]
    simple = bool(call.given("SimpleMatch"))
    finders = [(each, regular(re.escape(each) if simple else each).search) for each in patterns]
    for path, lines in _sources(call):
        for at, line in enumerate(lines):
            if (by := next((pattern for pattern, finds in finders if finds(line)), None)) is not None:
                yield _match(call, path, lines, at, by)


def _sources(call: Invocation) -> Iterator[tuple[str, list[str]]]:
    """The searched texts: files, each with its lines, or each text of the pipe."""
    piped = call.piped or ()
    if call.piped is None or any(isinstance(each, PSObject) and each.get("FullName") for each in piped):
        yield from ((path, _rows(text)) for path, text in _files(call))
    elif texts := [line for each in piped for line in text_of(each).split("\r\n")]:
        yield _PIPED, texts


def _match(call: Invocation, path: str, lines: list[str], at: int, pattern: str) -> PSObject:
    """A match; as text it is its line behind the path, with the lines of -Context around it."""
    counts = [min(max(whole(each), 0), 1000) for each in listed(call.given("Context"))] or [0]
    around = range(max(at - counts[0], 0), min(at + counts[-1] + 1, len(lines)))
    shown = [lines[each] if path == _PIPED else f"{path}:{each + 1}:{lines[each]}" for each in around]
    if any(counts):
        shown = [f"{'> ' if each == at else '  '}{line}" for each, line in zip(around, shown, strict=True)]
    properties: dict[str, Value] = {
        "IgnoreCase": True,
        "LineNumber": at + 1,
        "Line": lines[at],
        "Filename": _name_of(path),
        "Path": path,
        "Pattern": pattern,
    }
    return PSObject("MatchInfo", properties, "\n".join(shown))


# Writing and going


def _out_file(call: Invocation) -> Iterator[Value]:
    width = max(whole(call.given("Width") or call.host.width), 2)
    text = text_lines(call.items(), call.host.views, width)
    call.host.write(call.text("FilePath"), text, bool(call.given("Append")))
    yield from ()


def _location(call: Invocation) -> Iterator[Value]:
    yield place(call.host.folder)


def _set_location(call: Invocation) -> Iterator[Value]:
    for target in _targets(call):
        _go(call, target)
    yield from ()


def _go(call: Invocation, target: _Target) -> None:
    """Change to a folder."""
    if target.whole.casefold().startswith("cert:"):
        raise NotKnownError(f"The practice shell does not go to the drive Cert: list it by Get-ChildItem {_STORE}.")
    folder = _disk(call).folder(target.whole)
    if folder is None:
        call.failed(_missing(call, target))
    else:
        call.host.folder = folder


def _to(folder: str) -> Callable[[Invocation], Iterator[Value]]:
    """A function of PowerShell's own, for typing without a blank: `cd..`."""

    def go(call: Invocation) -> Iterator[Value]:
        _go(call, _Target(folder, _tidy(call.host.whole_path(folder)), wild=False))
        yield from ()

    return go


def _clock(entry: PSObject) -> Value:
    changed = entry.get("LastWriteTime")
    if not isinstance(changed, datetime):
        return ""
    return date_styled(changed, "d").rjust(10) + date_styled(changed, "t").rjust(11)


_LITERAL = Parameter("LiteralPath", lists=True, aliases=("PSPath", "FullName"))
_PATHS = (Parameter("Path", position=0, lists=True, piped=True, piped_by_name=True), _LITERAL)
_FILTERS = (Parameter("Filter", position=1), Parameter("Include", lists=True))

BUILTINS = (
    Builtin(
        "Get-ChildItem",
        _child_items,
        (*_PATHS, *_FILTERS, *switches("Recurse", "File", "Directory", "Name", "Force")),
        "Gets the items in a folder.",
        ("dir", "gci", "ls"),
        newer_parameters=frozenset({"File", "Directory"}),
    ),
    Builtin("Get-Item", _child_items, (*_PATHS, *switches("Force")), "Gets a file or folder.", ("gi",)),
    Builtin(
        "Get-Content",
        _content,
        (
            *_PATHS,
            Parameter("Encoding"),
            Parameter("ReadCount"),
            Parameter("Tail", aliases=("Last",)),
            Parameter("TotalCount", aliases=("First", "Head")),
            *switches("Raw", "Force"),
        ),
        "Gets the content of a file.",
        ("gc", "cat", "type"),
        newer_parameters=frozenset({"Tail", "Raw"}),
    ),
    Builtin(
        "Select-String",
        _select_string,
        (
            Parameter("Pattern", position=0, lists=True, required=True),
            Parameter("Path", position=1, lists=True, piped_by_name=True),
            _LITERAL,
            INPUT,
            Parameter("Context", lists=True),
            Parameter("Encoding"),
            *switches("SimpleMatch", "AllMatches"),
        ),
        "Finds text in strings and files.",
        ("sls",),
    ),
    Builtin("Test-Path", _test_path, _PATHS, "Determines whether a path exists."),
    Builtin(
        "Out-File",
        _out_file,
        (
            Parameter("FilePath", position=0, required=True, aliases=("LiteralPath", "Path")),
            Parameter("Encoding", position=1),
            INPUT,
            Parameter("Width"),
            *switches("Append", "Force"),
        ),
        "Sends output to a file.",
    ),
    Builtin("Get-Location", _location, (), "Gets the current folder.", ("pwd", "gl")),
    Builtin(
        "Set-Location",
        _set_location,
        _PATHS,
        "Sets the current folder.",
        ("cd", "sl", "chdir"),
    ),
    Builtin("cd..", _to(".."), (), "Goes to the folder above."),
    Builtin("cd\\", _to("\\"), (), "Goes to the root of the drive."),
)

VIEWS = (
    View(
        "FileSystemInfo",
        (
            Column("Mode", width=6),
            Column("LastWriteTime", _clock, 26, right=True),
            Column("Length", width=14, right=True),
            Column("Name"),
        ),
        group="DirectoryName",
        group_label="    Directory",
    ),
    View("PathInfo", columns("Path")),
    View(
        "X509Certificate2",
        (Column("Thumbprint", width=41), Column("Subject")),
        ("Subject", "Issuer", "Thumbprint", "FriendlyName", "NotBefore", "NotAfter"),
        group="PSParentPath",
        group_label="   PSParentPath",
    ),
)
