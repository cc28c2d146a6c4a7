"""The house holds: who may import whom, who writes PowerShell, and what never goes through markup."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
WIZARD = sorted((ROOT / "wizard").rglob("*.py"))
SCREENS = sorted((ROOT / "screens").rglob("*.py"))
INTERFACES = {"textual", "questionary", "prompt_toolkit", "rich"}
ALLOWED_AT_THE_TOP = {"wizard", "screens", "tests", "assets", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"}


def module_of(path: Path) -> str:
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def parsed(path: Path) -> ast.Module:
    """A module of the product, read once for all the rules."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything that stands in a module."""
    return tuple(ast.walk(parsed(path)))


def imports(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def strings(path: Path) -> Iterator[str]:
    """Every string of a module that is code, not a docstring."""
    docstrings = {
        id(node.body[0].value)
        for node in nodes(path)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in nodes(path):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def test_the_knowledge_imports_no_user_interface() -> None:
    found = {module_of(path): {name for name in imports(path) if is_an_interface(name)} for path in WIZARD}
    assert {module: names for module, names in found.items() if names} == {}


def is_an_interface(name: str) -> bool:
    return name.partition(".")[0] in INTERFACES | {"screens"}


def test_the_whole_knowledge_loads_without_any_user_interface() -> None:
    code = (
        "import sys, pkgutil, importlib, wizard\n"
        "for m in pkgutil.walk_packages(wizard.__path__, 'wizard.'): importlib.import_module(m.name)\n"
        f"print(sorted(set(sys.modules) & {INTERFACES | {'screens', 'pyperclip'}!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("words", ["--version", "--help"])
def test_version_and_help_answer_without_textual(words: str) -> None:
    code = (
        "import sys\nfrom screens.cli import main\n"
        f"try: main([{words!r}])\nexcept SystemExit: pass\n"
        f"sys.stderr.write(str(sorted(set(sys.modules) & {INTERFACES | {'pyperclip'}!r})))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr == "[]"
    assert "exchange-cert-wizard" in done.stdout


def test_nobody_imports_the_screens_but_the_screens() -> None:
    for path in WIZARD:
        assert not [name for name in imports(path) if name.partition(".")[0] == "screens"]


def test_there_is_no_circle() -> None:
    """A newcomer reads a module and then what it stands on, to the end. Imports inside functions and those for the
    type checker count: who needs a type knows the module. (It also keeps the thread behind the first screen and an
    import inside a method from waiting for each other.)"""
    known = {module_of(path): path for path in (*WIZARD, *SCREENS)}
    arrows = {name: {i for i in resolved(path) if i in known and i != name} for name, path in known.items()}
    done: set[str] = set()
    while arrows.keys() - done:
        free = {name for name in arrows.keys() - done if arrows[name] <= done}
        assert free, f"a circle among {sorted(arrows.keys() - done)}"
        done |= free


def resolved(path: Path) -> Iterator[str]:
    """The modules a module imports, wherever it does so; of a package the module that is asked for."""
    for node in nodes(path):
        yield from _modules(node)


def at_once(path: Path) -> Iterator[str]:
    """What a module imports as it is loaded itself: not in a function, and not for the type checker alone."""
    waiting: list[ast.AST] = [parsed(path)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        yield from _modules(node)
        waiting += ast.iter_child_nodes(node)


def _modules(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            inside = f"{node.module}.{alias.name}"
            yield inside if (ROOT / inside.replace(".", "/")).with_suffix(".py").exists() else node.module or ""


def test_the_face_of_a_package_is_empty() -> None:
    """One that imports its own modules is a circle that nobody sees."""
    faces = [path for path in WIZARD + SCREENS if path.name == "__init__.py"]
    assert {name for path in faces for name in resolved(path)} <= {"__future__"}


def test_line_by_line_knows_no_screen() -> None:
    """The front end without a screen, and what both share; inside a function what only the full screen calls may."""
    shared = ("copies", "end", "fault", "paths", "saves", "training", "words")
    for path in (*(ROOT / "screens" / f"{name}.py" for name in shared), *(ROOT / "screens" / "plain").rglob("*.py")):
        found = [name for name in at_once(path) if name.startswith(("textual", "rich", "screens.app"))]
        assert found == [], path


def test_screens_know_the_app_as_wizard() -> None:
    """One function casts; nobody but the entry points knows the app's own module; no stub waits for a subclass."""
    for path in SCREENS:
        name = module_of(path)
        text = path.read_text(encoding="utf-8")
        assert "cast(" not in text or name == "screens.app.base", path
        assert "screens.app.app" not in resolved(path) or name in {"screens.cli", "screens.commands"}, path
        assert "import_module(" not in text or name in {"screens.app.app", "screens.app.arrival"}, path
    assert [path for path in WIZARD + SCREENS if "raise NotImplementedError" in path.read_text(encoding="utf-8")] == []


def test_readers_know_nothing_of_cases_or_commands() -> None:
    allowed = {"wizard.facts", "wizard.reading"}
    for path in (ROOT / "wizard" / "reading").rglob("*.py"):
        for name in imports(path):
            if name.startswith("wizard"):
                assert any(name == a or name.startswith(f"{a}.") for a in allowed), f"{path.name} imports {name}"


def test_only_one_module_writes_a_powershell_line() -> None:
    """A line is a cmdlet with a parameter or a pipe behind it; naming a cmdlet in a sentence is none."""
    others = [path for path in WIZARD + SCREENS if path != ROOT / "wizard" / "powershell" / "lines.py"]
    assert [f"{path}: {text!r}" for path in others for text in powershell_lines(path)] == []


def powershell_lines(path: Path) -> Iterator[str]:
    """The strings of a module that hold one."""
    cmdlets = ("Get-", "Set-", "Enable-", "Retry-", "New-", "Remove-", "Restart-")
    for text in strings(path):
        for cmdlet in cmdlets:
            start = text.find(cmdlet)
            while start >= 0:
                rest = text[start:].split(maxsplit=2)[1:]
                following = rest[0] if rest else ""
                ours = following.startswith("-") and path.name == "fitness.py" and "X509CertificateName" in following
                event = "exchange" in path.parts and "make sure that the Microsoft Exchange Transport service" in text
                if not ours and not event and following.startswith(("-", "|", "'")):
                    yield text
                start = text.find(cmdlet, start + 1)


def test_no_text_goes_through_markup() -> None:
    """Every Static, Label, OptionList and notify says markup=False or is given Content; no markup is parsed."""
    assert [found for path in SCREENS for found in through_markup(path)] == []


def through_markup(path: Path) -> Iterator[str]:
    """The calls of a module that parse markup, or might."""
    for node in nodes(path):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        where = f"{path}:{node.lineno} {name}"
        if name in {"from_markup", "escape"}:
            yield where
        keywords = {k.arg: k.value for k in node.keywords}
        markup = keywords.get("markup")
        off = isinstance(markup, ast.Constant) and markup.value is False
        if name in {"Static", "Label", "notify", "OptionList", "SelectionList", "CasePanel"}:
            first = node.args[0] if node.args else None
            plain = first is None or isinstance(first, ast.Constant) or _is_content(first)
            if not (off or (plain and name != "OptionList")):
                yield f"{where} without markup=False"
        if name in {"Button", "Option"} and node.args:
            first = node.args[0]
            if not (isinstance(first, ast.Constant) or _is_content(first)):
                yield where


def _is_content(node: ast.expr) -> bool:
    """A call that makes Content, or a helper of ours that returns it."""
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    return called.startswith("Content") or called == "_choice_text"


def test_nothing_else_stands_at_the_top_level() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    top = {name.partition("/")[0] for name in tracked if name and not name.startswith(".")}
    assert top <= ALLOWED_AT_THE_TOP


POSIX_ONLY = {"fcntl", "termios", "pwd", "grp", "resource", "pty", "readline"}


def test_no_call_that_only_posix_has() -> None:
    """But for a branch that Windows never enters, which mypy checks for each platform."""
    found = {module_of(path): posix_only(path) for path in WIZARD + SCREENS}
    assert {module: names for module, names in found.items() if names} == {}


def posix_only(path: Path) -> set[str]:
    """The modules that only POSIX has, of those a module imports."""
    elsewhere = {
        id(node)
        for branch in nodes(path)
        if isinstance(branch, ast.If) and ast.unparse(branch.test) == "sys.platform == 'win32'"
        for statement in branch.orelse
        for node in ast.walk(statement)
    }
    names: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in elsewhere:
            names |= {node.module or ""} if isinstance(node, ast.ImportFrom) else {alias.name for alias in node.names}
    return {name.partition(".")[0] for name in names} & POSIX_ONLY
