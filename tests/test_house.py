"""The house keeps its shape: no circle, no shard, and few enough rooms to be known by heart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house import Module, circle, doubled, house, rooms, shards


@pytest.fixture(scope="module")
def modules() -> dict[str, Module]:
    """Those of this checkout; read only by the worker that runs the tests of this file."""
    return house()


def test_no_circle_of_imports(modules: dict[str, Module]) -> None:
    assert circle(modules) == frozenset()


def test_no_shard_beside_its_only_importer(modules: dict[str, Module]) -> None:
    assert shards(modules) == []


def test_few_enough_rooms_to_be_known(modules: dict[str, Module]) -> None:
    assert len(rooms(modules.values())) <= 130


def test_no_class_name_twice() -> None:
    assert doubled() == {}


def test_a_class_name_that_stands_twice_is_found(tmp_path: Path) -> None:
    for name, text in {
        "a": "class Proof: ...",
        "b": "class Pane:\n    class Proof: ...",
        "c": "class Proofs: ...",
    }.items():
        (tmp_path / "wizard").mkdir(exist_ok=True)
        (tmp_path / "wizard" / f"{name}.py").write_text(text)
    assert doubled(tmp_path) == {"Proof": ["wizard/a.py", "wizard/b.py"]}


BOTH = {"wizard.a", "wizard.b"}


@pytest.mark.parametrize(
    ("files", "in_circle", "small"),
    [
        ({"a": "from wizard import b", "b": ""}, set(), {"wizard.b"}),
        ({"a": "from wizard import b", "b": "", "c": "from wizard.b import x"}, set(), set()),
        ({"a": "from wizard import b", "b": "\n" * 100}, set(), set()),
        (
            {"a": "from wizard import b", "b": "def f():\n    from wizard import a"},
            {"wizard.a", "wizard.b"},
            {"wizard.a", "wizard.b"},
        ),
        (
            {"a": "import wizard.b", "b": "if TYPE_CHECKING:\n    from wizard.a import x"},
            {"wizard.a", "wizard.b"},
            {"wizard.a", "wizard.b"},
        ),
    ],
    ids=["a shard", "two importers", "long enough", "a circle through a function", "a circle through a type"],
)
def test_the_shape_is_read_right(tmp_path: Path, files: dict[str, str], in_circle: set[str], small: set[str]) -> None:
    (tmp_path / "wizard").mkdir()
    (tmp_path / "screens").mkdir()
    (tmp_path / "wizard" / "__init__.py").write_text("")
    for name, text in files.items():
        (tmp_path / "wizard" / f"{name}.py").write_text(text)
    shape = house(tmp_path)
    assert circle(shape) == in_circle
    assert set(shards(shape)) == small
