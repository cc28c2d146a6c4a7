"""Windows paths over a set of whole file paths: folders are what files stand in, case does not matter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from wizard.practice.language.comparing import wildcard
from wizard.practice.values import PSObject, Value

_STARTED = re.compile(r"#Date: (\S+)")
_ROW = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z")
_IN_NAME = re.compile(r"\D(\d{4})(\d\d)(\d\d)(\d\d)?-")

_NO_FOLDER = re.compile(r"\\*[^\\:]*")
"""Nothing, or the name of a server alone."""


def is_pattern(path: str) -> bool:
    """Whether a path has wildcards."""
    return any(mark in path for mark in "*?[")


def tidy(path: str) -> str:
    r"""A path with single backslashes and none at its end, but for `C:\` and the two of a share."""
    path = path.replace("/", "\\").strip()
    start = "\\\\" if path.startswith("\\\\") else ""
    path = start + re.sub(r"\\+", r"\\", path[len(start) :].lstrip("\\") if start else path)
    path = re.sub(r"\\\.(?=\\|$)", "", path)
    return path if re.fullmatch(r"[A-Za-z]:\\", path) else path.rstrip("\\")


def name_of(path: str) -> str:
    """The last part of a path."""
    return path.rpartition("\\")[2]


def folder_of(path: str) -> str:
    """What a path stands in."""
    return path.rpartition("\\")[0]


@dataclass(frozen=True, slots=True)
class Disk:
    """All files by their whole paths, and folders that are there without a file in them."""

    files: Mapping[str, str]
    empty: Iterable[str] = ()
    now: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    _folders: dict[str, str] = field(default_factory=dict)

    def folders(self) -> Mapping[str, str]:
        """Every folder, by its path in lower case."""
        if not self._folders:
            for start in (*(folder_of(file) for file in self.files), *map(tidy, self.empty)):
                path = start
                while not _NO_FOLDER.fullmatch(path) and path.casefold() not in self._folders:
                    self._folders[path.casefold()] = path
                    path = folder_of(path)
        return self._folders

    def file(self, path: str) -> str | None:
        """The whole path of a file as it is spelled, None where there is none."""
        wanted = tidy(path).casefold()
        return next((each for each in self.files if each.casefold() == wanted), None)

    def folder(self, path: str) -> str | None:
        """A folder as it is spelled, None where there is none."""
        found = self.folders().get(tidy(path).casefold().rstrip("\\"))
        return f"{found}\\" if found and found.endswith(":") else found

    def folders_like(self, path: str) -> list[str]:
        """The folders that a path with wildcards means."""
        pattern, depth = wildcard(tidy(path)), tidy(path).count("\\")
        return [each for each in self.folders().values() if each.count("\\") == depth and pattern.fullmatch(each)]

    def matching(self, path: str) -> list[str]:
        """The files that a path with wildcards means, in the order in which Windows lists them."""
        pattern = wildcard(tidy(path))
        depth = tidy(path).count("\\")
        found = [each for each in self.files if each.count("\\") == depth and pattern.fullmatch(each)]
        return sorted(found, key=str.casefold)

    def inside(self, folder: str, deep: bool = False) -> list[str]:
        """What stands in a folder, folders and files, or everything below it as well."""
        start = folder.casefold().rstrip("\\") + "\\"
        every = [each for each in (*self.folders().values(), *self.files) if each.casefold().startswith(start)]
        if not deep:
            every = [each for each in every if "\\" not in each[len(start) :]]
        return sorted(dict.fromkeys(every), key=lambda each: (each in self.files, each.casefold()))

    def entry(self, path: str) -> PSObject:
        """A file or a folder as Get-ChildItem gives it."""
        text = self.files.get(path)
        created, changed = (self.now, self.now) if text is None else _times(path, text, self.now)
        name = name_of(path)
        stem, dot, extension = name.rpartition(".")
        properties: dict[str, Value] = {
            "Mode": "d-----" if text is None else "-a----",
            "Name": name,
            "Length": None if text is None else len(text.encode("utf-8", "replace")),
            "FullName": path,
            "DirectoryName": f"{folder}\\" if (folder := folder_of(path)).endswith(":") else folder,
            "BaseName": stem if dot else name,
            "Extension": dot + extension if dot else "",
            "CreationTime": created,
            "LastWriteTime": changed,
            "PSIsContainer": text is None,
        }
        return PSObject("FileSystemInfo", properties, path)


def _times(path: str, text: str, now: datetime) -> tuple[datetime, datetime]:
    """When a log was begun, by its head or its name, and when its last row was written."""
    started = _STARTED.search(text[:600])
    created = _moment(started[1]) if started else None
    if created is None and (named := _IN_NAME.search(name_of(path))):
        created = _moment(f"{named[1]}-{named[2]}-{named[3]}T{named[4] or '00'}:00:00Z")
    rows = _ROW.findall(text[-4000:])
    changed = _moment(f"{rows[-1]}Z") if rows else None
    return created or now, changed or created or now


def _moment(written: str) -> datetime | None:
    found = _ROW.match(written)
    if found is None:
        return None
    try:
        return datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    except ValueError:
        return None
