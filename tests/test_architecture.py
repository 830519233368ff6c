"""The table of packages in docs/architecture.md is what the packages say of themselves."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from aggregator import model

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "architecture.md"
ALIASES = {"CallMode", "Event", "FailureKind", "Mode", "Outcome", "Republish"}
MARKS = "<!-- packages -->\n", "<!-- /packages -->"


def described(path: Path) -> str:
    """The first line of a module's docstring, without its full stop."""
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return docstring.partition("\n")[0].rstrip(".").replace("|", r"\|")


def rows(name: str) -> list[str]:
    """The line of a package or module, and those of the packages in it."""
    folder = ROOT / "aggregator" / name
    if not folder.is_dir():
        return [f"| `{name}.py` | {described(folder.with_suffix('.py'))} |"]
    inner = sorted(path.name for path in folder.iterdir() if (path / "__init__.py").exists())
    return [f"| `{name}/` | {described(folder / '__init__.py')} |"] + [
        row for one in inner for row in rows(f"{name}/{one}")
    ]


def table() -> str:
    """All packages, from the lowest up, as import-linter has them in order."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = pyproject["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    names = [name for layer in reversed(layers) for name in re.findall(r"\w+", layer)]
    return "\n".join(
        ["| package | what it is |", "|---|---|", *(row for name in names for row in rows(name))]
    )


def test_the_table_of_packages_is_made_of_their_docstrings(request: pytest.FixtureRequest) -> None:
    begin, end = MARKS
    page = PAGE.read_text("utf-8")
    before, written, after = page.partition(begin)[0], *page.partition(begin)[2].partition(end)[::2]
    if request.config.getoption("--update-golden"):
        PAGE.write_text(f"{before}{begin}{table()}\n{end}{after}", "utf-8")
        return
    assert written.rstrip() == table(), "write it anew with `make golden`"


def test_every_path_that_the_page_names_is_there() -> None:
    named = re.findall(r"`([a-z_]+/[\w/.]*)`", PAGE.read_text("utf-8"))
    known = (ROOT, ROOT / "aggregator", ROOT / "tests", ROOT / "tests" / "outputs", ROOT / "tests" / "text")
    assert [path for path in named if not any((folder / path).exists() for folder in known)] == []


def test_every_noun_of_the_model_is_in_the_glossary() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    seams = {"Clock", "Fetch", "Refine", "Write", "Remove", "Exists", "Observe", "Counting", "Watching"}
    missing = [name for name in model.__all__ if not re.search(rf"`{name}`", glossary)]
    assert set(missing) - seams - ALIASES == set()
