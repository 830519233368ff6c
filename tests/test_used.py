"""Nothing is there for its tests alone."""

import ast
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOR_OTHERS = {
    "main": "the entry point that pyproject.toml names",
    "import_": "the command `sources import`, which click calls",
    "iter_items": "how tests and benchmarks read all that a store holds",
}
"""Public names that nothing in the package uses, and why each is there all the same."""

SEAMS = {
    "clock": "what time it is",
    "resolver": "the name service",
    "tls": "certificates of servers on loopback",
    "stream": "a terminal",
    "limits": "bounds of answers",
    "most": "a bound",
    "workers": "a bound",
    "memory": "a bound",
    "deadline": "a bound of time",
    "patience": "a bound of time",
    "drain": "a bound of time",
    "idle": "a bound of time",
    "again": "a bound of time",
    "limit": "a bound",
    "function": "what a child process does",
    "page": "printing without a store",
    "older": "printing without a store",
}
"""Parameters that tests alone pass: the world outside and bounds, which a test makes small; no behavior."""


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


Call = tuple[list[ast.expr], list[ast.keyword]]
PASSED_ON = ("partial", "in_thread", "_in_thread", "to_thread", "run_in_executor", "submit", "_reported")
"""Calls whose first arguments are a function and what it is given."""
OF_LIBRARIES = ("write_eof", "handle_error", "__call__")  # called by aiohttp, or by a name of their own


def name_of(node: ast.expr) -> str:
    return getattr(node, "id", "") or getattr(node, "attr", "")


def calls(trees: Iterable[ast.Module]) -> dict[str, list[Call]]:
    """What each function is called with, by its name."""
    found: dict[str, list[Call]] = defaultdict(list)
    nodes = [node for tree in trees for node in ast.walk(tree)]
    imported = (one for node in nodes if isinstance(node, ast.ImportFrom) for one in node.names)
    original = {one.asname: one.name for one in imported if one.asname}
    for node in (one for one in nodes if isinstance(one, ast.Call)):
        name = name_of(node.func)
        found[original.get(name, name)].append((node.args, node.keywords))
        if name_of(node.func) in PASSED_ON:
            for at, argument in enumerate(node.args):
                found[name_of(argument)].append((node.args[at + 1 :], node.keywords))
    return found


def optional(
    owner: ast.AST, function: ast.FunctionDef | ast.AsyncFunctionDef
) -> Iterator[tuple[str, int | None]]:
    """The parameters that have a default, each with its place among the arguments of a call."""
    bound = isinstance(owner, ast.ClassDef) and not any(
        name_of(one) == "staticmethod" for one in function.decorator_list
    )
    given = [*function.args.posonlyargs, *function.args.args]
    for at, one in list(enumerate(given))[len(given) - len(function.args.defaults) :]:
        yield one.arg, at - bound
    for one, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True):
        if default is not None:
            yield one.arg, None


def is_given(call: Call, parameter: str, at: int | None) -> bool:
    arguments, keywords = call
    return (
        any(one.arg in (parameter, None) for one in keywords)
        or any(isinstance(one, ast.Starred) for one in arguments)
        or (at is not None and len(arguments) > at)
    )


def test_every_optional_parameter_is_given_by_the_program_itself() -> None:
    """A hook whose only caller is a test proves nothing about the program."""
    trees = modules()
    called = calls(trees.values())
    never = [
        f"{path.name}: {function.name}({parameter})"
        for path, tree in trees.items()
        for owner in ast.walk(tree)
        for function in ast.iter_child_nodes(owner)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and function.name not in OF_LIBRARIES
        for parameter, at in optional(owner, function)
        if parameter not in SEAMS
        and function.name not in FOR_OTHERS
        and not any(
            is_given(call, parameter, at)
            for call in called[
                owner.name
                if function.name == "__init__" and isinstance(owner, ast.ClassDef)
                else function.name
            ]
        )
    ]
    assert never == []


TWICE = {
    "Polling": "config/schema.py says how the file writes what the model means",
    "Source": "the same",
    "Topic": "the same",
    "Site": "the same",
    "Hub": "the same",
    "Withdrawal": "config/desk.py says how the file writes what the model means",
    "Hold": "the same",
    "Pin": "the same",
    "TlsAnswerError": "what the parser raises is handed on in the terms of aiohttp",
}
"""Names of classes in two modules, and why they mean the same."""


def test_no_class_has_the_name_of_another() -> None:
    named = Counter(
        node.name
        for tree in modules().values()
        for node in tree.body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert {name for name, number in named.items() if number > 1} == set(TWICE)
