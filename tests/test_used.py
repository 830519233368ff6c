"""Nothing is there for its tests alone."""

import ast
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOR_OTHERS = {
    "main": "the entry point that pyproject.toml names",
    "import_": "the command `sources import`, which click calls",
    "iter_items": "how tests and benchmarks read all that a store holds",
}
"""Public names that nothing in the package uses, and why each is there all the same."""


def modules() -> dict[Path, ast.Module]:
    return {path: ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "aggregator").rglob("*.py"))}


def used(tree: ast.Module) -> Counter[str]:
    """How often each name is used, spelt in whatever way."""
    found: Counter[str] = Counter()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            found[node.id] += 1
        elif isinstance(node, ast.Attribute):
            found[node.attr] += 1
        elif isinstance(node, ast.keyword) and node.arg:
            found[node.arg] += 1
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found[node.value] += 1  # by getattr; what stands in __all__ is no use and taken off again
    return found


def defined(tree: ast.Module) -> set[str]:
    """Public functions, classes and methods; a class of a library's may call what overrides its own."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            found.add(node.name)
            if not node.bases:
                found |= {
                    one.name for one in node.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
                }
    found |= {one.name for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
    return {name for name in found if not name.startswith("_")}


def test_every_public_name_is_used_by_the_program_itself() -> None:
    trees = modules()
    exported = Counter(
        one.value
        for tree in trees.values()
        for node in tree.body
        if isinstance(node, ast.Assign)
        and any(getattr(target, "id", "") == "__all__" for target in node.targets)
        for one in ast.walk(node.value)
        if isinstance(one, ast.Constant)
    )
    uses = sum((used(tree) for tree in trees.values()), Counter())
    unused = {
        name
        for tree in trees.values()
        for name in defined(tree)
        if uses[name] <= exported[name] and name not in FOR_OTHERS
    }
    templates = "".join(path.read_text("utf-8") for path in (ROOT / "aggregator").rglob("*.html"))
    assert sorted(name for name in unused if name not in templates) == []
