"""The shape of the house: `python -m tests.house` prints each module with its lines and its importers.

Every import counts: at the top of a module, inside a function, and for the type checker alone. A face, the
`__init__` of a package, is no module of its own: what it imports is counted for the package.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("wizard", "screens")

SHARD = 100
"""Under so many lines a module with one importer is a chapter of that importer."""


@dataclass(frozen=True, slots=True)
class Module:
    """One file: its dotted name, its lines, and the modules of the house that it imports."""

    name: str
    lines: int
    imports: frozenset[str]
    is_face: bool


def house(root: Path = ROOT) -> dict[str, Module]:
    """All modules of the product by name."""
    files = {
        ".".join(path.relative_to(root).with_suffix("").parts): path
        for room in ROOMS
        for path in sorted((root / room).rglob("*.py"))
    }
    names = {name.removesuffix(".__init__"): path for name, path in files.items()}
    return {name: _module(name, path, names) for name, path in names.items()}


def _module(name: str, path: Path, names: Mapping[str, Path]) -> Module:
    text = path.read_text(encoding="utf-8")
    found = frozenset(_imports(ast.parse(text), names)) - {name}
    return Module(name, len(text.splitlines()), found, path.name == "__init__.py")


def doubled(root: Path = ROOT) -> dict[str, list[str]]:
    """Class names that stand more than once in the product, each with the files that define it."""
    files: dict[str, list[str]] = {}
    for path in (path for room in ROOMS for path in sorted((root / room).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                files.setdefault(node.name, []).append(path.relative_to(root).as_posix())
    return {name: found for name, found in files.items() if len(found) > 1}


def _imports(tree: ast.AST, names: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inside = f"{node.module}.{alias.name}"
                if inside in names:
                    yield inside
                elif node.module in names:
                    yield node.module


def importers(modules: Mapping[str, Module]) -> dict[str, frozenset[str]]:
    """For each module the modules that import it."""
    return {name: frozenset(other.name for other in modules.values() if name in other.imports) for name in modules}


def circle(modules: Mapping[str, Module]) -> frozenset[str]:
    """The modules that stand in a circle or behind one; none where all can be loaded one after another."""
    left = dict(modules)
    while free := [name for name, module in left.items() if not module.imports & left.keys()]:
        for name in free:
            del left[name]
    return frozenset(left)


def shards(modules: Mapping[str, Module]) -> list[str]:
    """The modules that are too small to stand alone beside their only importer; steps are one file each."""
    known = importers(modules)
    return [
        module.name
        for module in modules.values()
        if module.lines < SHARD
        and len(known[module.name]) == 1
        and not module.is_face
        and not module.name.startswith("wizard.steps.")
    ]


def rooms(modules: Iterable[Module]) -> list[Module]:
    """The modules without the faces of packages and the entry of `python -m`."""
    return [module for module in modules if not module.is_face and not module.name.endswith("__main__")]


def main() -> None:
    modules = house()
    known = importers(modules)
    for module in rooms(modules.values()):
        print(f"{module.lines:>5} {len(known[module.name]):>3}  {module.name}")
    counted = rooms(modules.values())
    print(f"{len(counted)} modules, {sum(module.lines for module in counted)} lines")
    print("in a circle:", ", ".join(sorted(circle(modules))) or "none")
    print("shards:", ", ".join(shards(modules)) or "none")


if __name__ == "__main__":
    main()
