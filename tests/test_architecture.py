"""The layers: dates <- models <- queries <- everything that answers a request or a command; charts stay pure."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "negotiations"

# Each layer, lowest first. A module may import its own layer and those below it.
LAYERS = {"dates": 0, "names": 0, "verbatim": 0, "charts": 0, "models": 1, "queries": 2, "files": 2, "intake": 2}
TOP = 3


def layer_of(parts: tuple[str, ...]) -> int:
    return LAYERS.get(parts[0].removesuffix(".py"), TOP)


def imported(path: Path) -> set[tuple[str, ...]]:
    """What a module imports from negotiations, as paths below it."""
    package = ("negotiations", *path.relative_to(ROOT).parts[:-1])
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {tuple(alias.name.split(".")) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = (*base, *(node.module or "").split(".")) if node.module else base
            found |= {(*module, alias.name) for alias in node.names}
    return {parts[1:] for parts in found if parts[:1] == ("negotiations",) and len(parts) > 1}


MODULES = sorted(path for path in ROOT.rglob("*.py") if "migrations" not in path.parts)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_imports_upward(path):
    own = layer_of(path.relative_to(ROOT).parts)
    upward = {".".join(parts) for parts in imported(path) if layer_of(parts) > own}
    assert not upward


@pytest.mark.parametrize("path", sorted((ROOT / "charts").glob("*.py")), ids=lambda path: path.name)
def test_charts_know_nothing_of_the_database(path):
    source = path.read_text()
    assert "django.db" not in source
    assert not {parts for parts in imported(path) if parts[0] == "models"}


def test_the_rule_has_modules_to_look_at():
    assert len(MODULES) > 20


def test_an_upward_import_would_be_found():
    assert ("models", "actors", "Party") in imported(ROOT / "models" / "talks.py")
    assert layer_of(("views", "timeline")) > layer_of(("models", "talks.py"))
